// Package dispatchhttp holds the pages and operations of the room of dispatch meetings and letters of
// supervision. Packs, minutes and letters are one document each, shown on a page with links, for paper,
// and as a Word file.
package dispatchhttp
