// Package db is the only package that speaks to a database driver.
//
// It runs one SQL text on SQLite and on PostgreSQL. Statements are package variables made by Stmt;
// they register themselves, and one test prepares every one of them on both migrated databases.
// Filters and orders of lists are put together from constant fragments only: the parameter type
// fragment is unexported, so the compiler refuses a string that came from input.
//
// Reads use a pool (q may be a *DB); changes need a *Tx, and rooms get one from unit.Write. Driver
// errors become faults here and nowhere else.
package db
