package db

// liteError is what the driver of SQLite returns: its text and the extended result code.
type liteError interface {
	error
	Code() int
}

// The result codes of SQLite that mean something here. The low byte of an extended code is the primary one.
// Source: sqlite.org, "Result and Error Codes"; a test compares them with those of the driver.
const (
	liteBusy      = 5
	liteLocked    = 6
	liteReadOnly  = 8
	liteInterrupt = 9
	liteIOErr     = 10
	liteFull      = 13
	liteCantOpen  = 14
	liteProtocol  = 15

	liteForeignKey = 19 | 3<<8
	litePrimaryKey = 19 | 6<<8
	liteUnique     = 19 | 8<<8
	liteRowID      = 19 | 10<<8
)
