package ui_test

import (
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/ui"
)

func TestCellsOfTime(t *testing.T) {
	at := time.Date(2026, 11, 20, 1, 30, 0, 0, time.UTC)
	c := ui.TimeCell(t.Context(), clock.Us(at))
	if c.Text != "2026-11-20 09:30" || c.Time != "2026-11-20T09:30:00+08:00" {
		t.Errorf("%+v", c)
	}
	if c := ui.TimeCell(t.Context(), 0); c.Text != "—" || c.Time != "" {
		t.Errorf("no time is %+v", c)
	}
	if c := ui.AgoCell(t.Context(), clock.Us(at), at.Add(2*time.Hour)); c.Text != "2 小时前" ||
		c.Time != "2026-11-20T09:30:00+08:00" {
		t.Errorf("%+v", c)
	}
	if got := ui.Words("企业", "", "小店区"); got != "企业 · 小店区" {
		t.Error(got)
	}
}
