//go:build !lint

package db

// The driver "sqlite". It is C made into Go, a million lines that a linter would read for minutes to say
// nothing of our code: the tag lint leaves it out, and nothing else here names it.
import _ "modernc.org/sqlite"
