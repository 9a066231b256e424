// Package party is the registry of organisations and people (主体库): every other room points to
// its records and keeps none of its own.
//
// Invariants. A credit code (统一社会信用代码) belongs to one living organisation. A merged
// organisation stays as it was; reading it leads to the one it was merged into, and a split undoes
// the merge exactly. Each field knows its source and the day it is of. Identity numbers and phones
// are shown in part unless the reader may see them, and then it is recorded.
//
// Events: party.org.created.v1, party.org.updated.v1, party.org.moved.v1 (state), party.org.merged.v1,
// party.org.split.v1, party.person.created.v1, party.person.updated.v1, party.imported.v1.
// It consumes none.
package party
