package clock

import (
	"testing"
	"time"
)

func TestDateIsCivilInChina(t *testing.T) {
	late := time.Date(2026, 11, 22, 16, 30, 0, 0, time.UTC) // 00:30 next day in China
	if got := DateOf(late); got != "2026-11-23" {
		t.Errorf("DateOf = %s", got)
	}
	if got := Date("2024-02-28").AddDays(2); got != "2024-03-01" {
		t.Errorf("AddDays over a leap day = %s", got)
	}
	if got := Time(Us(late)); !got.Equal(late) {
		t.Errorf("Us/Time do not undo each other: %s", got)
	}
}

func TestDateValid(t *testing.T) {
	for d, want := range map[Date]bool{
		"2026-02-28": true, "2026-02-29": false, "2026-2-8": false, "": false, "2026-13-01": false,
		"0000-01-01": false, "2026-01-01 ": false,
	} {
		if d.Valid() != want {
			t.Errorf("%q.Valid() = %v", d, !want)
		}
	}
}
