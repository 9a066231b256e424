// Package indicatorhttp is the door of indicators and reporting: pages and operations, and nothing
// else. Its pages work without JavaScript; the desk keeps what was typed as a draft.
package indicatorhttp
