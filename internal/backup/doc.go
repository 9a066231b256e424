// Package backup writes a whole installation into one file, proves that the file can be restored,
// and restores it.
//
// The file is a tar archive compressed with Zstandard. It holds the rows of every table as JSON
// lines, the uploaded files by their hash, and at its end a manifest that says what must be there;
// without the manifest the file was cut short. It says nothing of the database product, so a backup
// of SQLite restores into PostgreSQL and the other way round. The rows are of one moment, while the
// site goes on.
//
// A backup gets its name only after it was restored into a scratch database, every table read back
// and hashed, every file hashed and the audit chain recomputed. Make does all of that.
//
// Not in the file are the settings and the keys that encrypt secrets in the rows: who steals a
// backup must not have them too. They are kept elsewhere; see docs/operate.md.
package backup
