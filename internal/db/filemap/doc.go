// Package filemap lets all connections of SQLite that read one database look at its file through one
// mapping, which stays.
//
// SQLite maps the file anew for each connection, and again after every commit of another one: it must
// serve systems where a mapping goes stale. Where each first look at a mapped page is a fault that the
// system has to answer, a city that writes thirty times a second spends a fifth of its processors on
// that, and memory holds each page once for every connection (docs/adr/0021).
//
// On Linux a shared mapping shows the file as it is, always. What SQLite asks of one is kept: pages that
// are still in the log are never looked for in the file, and a page is only lent as far as the file
// reached when the reader's snapshot began. Elsewhere Name is empty and SQLite maps for itself.
package filemap

// Limit is how much of a file is mapped, in bytes, from its start. Pages behind it are read.
const Limit = 256 << 20
