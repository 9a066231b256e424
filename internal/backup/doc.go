// Package backup writes a whole installation into one file, proves that the file can be restored,
// and restores it.
//
// The file is a tar archive compressed with Zstandard: manifest.json, the rows of every table as
// JSON lines, and the uploaded files by their hash. It says nothing of the database product, so
// that a backup of SQLite restores into PostgreSQL and the other way round. The rows are of one
// moment, while the site goes on. A backup counts as good only after it was restored into a
// scratch database, every table counted, every file hashed and the audit chain recomputed.
package backup
