package indicator

import "github.com/yuntu-city/yuntu/internal/clock"

// FirstDay is the data of the step that puts an edition in force, for the test of all steps.
func FirstDay(d clock.Date) any { return firstDay{From: d} }
