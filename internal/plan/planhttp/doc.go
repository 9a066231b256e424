// Package planhttp is the door of documents and the ledger (文件与台账): its pages and its API
// operations.
//
// Both doors decode into the same inputs of package plan and make one call of its service, so they
// say the same about the same mistake. Every page works without scripts; htmx replaces the results
// of a list and the review desk, and app.js presses its buttons by key.
package planhttp
