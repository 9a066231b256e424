package show

import "github.com/yuntu-city/yuntu/internal/clock"

// reportRules say how many working days an organiser has to report after an event, by the day of its
// end, the newest first. [design] No rule is published; an organiser may set another number.
var reportRules = []struct {
	from clock.Date
	days int64
}{{"2000-01-01", 10}}

// reportDays is the rule for an event that ends at this time.
func reportDays(endsUs int64) int64 {
	day := clock.DateOf(clock.Time(max(endsUs, 0)))
	for _, r := range reportRules {
		if day >= r.from {
			return r.days
		}
	}
	return reportRules[len(reportRules)-1].days
}
