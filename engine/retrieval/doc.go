// Package retrieval finds the texts that speak of the same thing as another text, in Chinese,
// English or both, and says why.
//
// An Analyzer makes terms of a text. A Builder collects the terms of documents into an Index of
// immutable segments, which finds the best documents for a Query: candidates by impacts of one
// byte with bounds (MaxScore), then the exact score of each. A Space learns vectors from the words
// that documents share, and finds by them what no common word does. Explain says in words what
// made a match and what speaks against it.
//
// The package is pure: no clock, no files, no network, no mutable global state. Snapshots are
// written to and read from what the caller opens.
package retrieval
