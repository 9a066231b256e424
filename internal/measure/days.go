package measure

import (
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Names of the dimensions of time that several rooms have. A measure has DimDays when its rows happen
// on a day (a contract is signed), DimUntil when they are there from a day on (an organisation is
// registered).
const (
	DimDays  = "days"  // "2026-01-01..2026-09-30", both included
	DimUntil = "until" // "2026-09-30", included
	between  = ".."
)

// Stretch writes two days as a value of DimDays.
func Stretch(from, to clock.Date) string { return string(from) + between + string(to) }

// Days is the dimension of rows that happen on a day. where gets the first day and the first day
// behind the stretch.
func Days(title string, where func(from, before clock.Date) db.Where) Dim {
	return Dim{Name: DimDays, Title: title, Where: func(v string) db.Where {
		first, last, ok := strings.Cut(v, between)
		from, to := clock.Date(first), clock.Date(last)
		if !ok || !from.Valid() || !to.Valid() {
			return db.Nothing()
		}
		return where(from, to.AddDays(1))
	}}
}

// Until is the dimension of rows that are there from a day on. where gets the first day that no longer
// counts.
func Until(title string, where func(before clock.Date) db.Where) Dim {
	return Dim{Name: DimUntil, Title: title, Where: func(v string) db.Where {
		to := clock.Date(v)
		if !to.Valid() {
			return db.Nothing()
		}
		return where(to.AddDays(1))
	}}
}

// Has reports whether a measure can be narrowed by a dimension.
func (m Measure) Has(dim string) bool {
	for _, d := range m.Dims {
		if d.Name == dim {
			return true
		}
	}
	return false
}

// Find returns the measure of a name.
func (r *Registry) Find(name string) (Measure, error) { return r.find(name) }
