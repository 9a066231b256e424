// Package clock is the only place that reads the time. Times are stored as microseconds since 1970
// in UTC and shown in China's time zone; days are civil dates in that zone.
package clock

import (
	"sync"
	"time"
)

// Shanghai is China's civil time. The country has had one offset and no summer time since 1991; a
// fixed zone needs no time zone database on the machine.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Clock tells the time in UTC.
type Clock interface {
	Now() time.Time
}

type system struct{}

func (system) Now() time.Time { return time.Now().UTC() }

// System returns the machine's clock.
func System() Clock { return system{} }

// Fake is a clock for tests that moves only when told to. It is safe for concurrent use.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake returns a clock that stands at t.
func NewFake(t time.Time) *Fake { return &Fake{now: t.UTC()} }

// Now returns the time the clock stands at.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock by d.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

// Set puts the clock at t.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t.UTC()
}

// Us returns t as microseconds since 1970-01-01 UTC.
func Us(t time.Time) int64 { return t.UnixMicro() }

// Time returns the time of us microseconds since 1970-01-01, in UTC.
func Time(us int64) time.Time { return time.UnixMicro(us).UTC() }

// Date is a civil date in China, written 2006-01-02. The zero value "" is no date.
type Date string

// DateOf returns the day on which t falls in China.
func DateOf(t time.Time) Date { return Date(t.In(Shanghai).Format(time.DateOnly)) }

// Valid reports whether d is a real day written in full.
func (d Date) Valid() bool {
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && t.Year() >= 1 && t.Format(time.DateOnly) == string(d)
}

// Start returns the first instant of d in China. d must be valid.
func (d Date) Start() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Shanghai)
	if err != nil {
		return time.Time{}
	}
	return t
}

// AddDays returns the day n days after d.
func (d Date) AddDays(n int) Date { return DateOf(d.Start().AddDate(0, 0, n)) }
