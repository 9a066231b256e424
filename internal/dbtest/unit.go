package dbtest

import (
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Start is where the clocks of tests stand: a working Friday morning in China.
var Start = time.Date(2026, 11, 20, 9, 30, 0, 0, clock.Shanghai)

// Unit returns a way to write to d whose clock stands at Start.
func Unit(t testing.TB, d *db.DB) *unit.Unit {
	t.Helper()
	return UnitAt(t, d, clock.NewFake(Start))
}

// UnitAt returns a way to write to d with the given clock.
func UnitAt(t testing.TB, d *db.DB, c clock.Clock) *unit.Unit {
	t.Helper()
	return unit.New(d, c, unit.Options{})
}
