package indicator

import (
	"time"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
)

// maxWalk bounds the days a deadline is looked for: a year of holidays lies within.
const maxWalk = 2 * maxDueDays

// dueOf is when the value of a period is due: so many working days after its last day, at the time of
// day of the definition. Days of a year whose calendar is not published yet count from Monday to
// Friday.
func (s *Service) dueOf(d Definition, p series.Period) int64 {
	day := clock.Date(p.LastDay())
	left := d.DueDays
	for range maxWalk {
		if left == 0 {
			break
		}
		day = day.AddDays(1)
		if s.works(day) {
			left--
		}
	}
	return clock.Us(day.Start().Add(time.Duration(d.closing()) * time.Minute))
}

func (s *Service) works(day clock.Date) bool {
	if working, err := s.times.Calendar.IsWorking(day); err == nil {
		return working
	}
	weekday := day.Start().Weekday()
	return weekday != time.Saturday && weekday != time.Sunday
}
