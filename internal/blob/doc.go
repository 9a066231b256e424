// Package blob keeps the files that people hand in: contracts, licences, photographs, tables.
//
// A file is named by the SHA-256 of its content and lives at blobs/ab/cd/<hash> under the data
// directory, so the same content is stored once and a changed byte is found on reading. The table
// blob has a row for each content; blob_ref says which object of the city it belongs to, under
// which name, and thereby who may read it. The name a person gave lives in blob_ref, not in blob:
// two people who hand in the same content must not see each other's file names.
//
// Invariants, each held by a test:
//   - A committed row has its file: Attach publishes the file before the transaction commits. A
//     file without a row is possible after a crash, harmless, and removed by Sweep.
//   - No path ever comes from a person. Paths are made from hashes and ids of our own, and os.Root
//     confines them to the directory even if that were wrong.
//   - The type of a file is decided by its content, never by its name, and must be on the list of
//     the kind of attachment.
//   - Nothing is stored that the virus scanner did not pass; one that does not answer refuses.
//   - Files are opened for people only through Store.Read, which asks the owner of the object;
//     without a guard for the kind of object the answer is no.
package blob
