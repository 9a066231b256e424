// Package markethttp is the door of the technology market (技术市场): the pages and API operations
// of needs and achievements.
//
// Everybody may read what is public, without a log-in. Sibling rooms (matching, deals, shows,
// auctions) add tabs, buttons and facts to the record of a post by an Extra that internal/app hands
// in; they need not touch the pages here.
package markethttp
