package app

import (
	"context"
	"sync"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/homehttp"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// Showcase (示范站点) makes a site say on every page that it shows demonstration data: how far the
// data is, and when it is made anew. The zero value is a site of its own data, and says nothing.
type Showcase struct {
	mu          sync.Mutex
	on          bool
	reset       string // 03:00, "" for never
	done, total int    // of the records that are still coming in
}

// Open makes the site a showcase. Its data is made anew each day at reset, "" for never.
func (s *Showcase) Open(reset string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on, s.reset = true, reset
}

// Fill says how many of all records are there. A total of 0 means that all are.
func (s *Showcase) Fill(done, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.total = done, total
}

// On says whether the site is a showcase.
func (s *Showcase) On() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.on
}

// mark adds to a site what the showcase says.
func (s *Showcase) mark(v *ui.Site, l i18n.Lang) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.on {
		return
	}
	v.Mark = i18n.Text(l, "示范站点：除注明公开来源的以外，单位、人员、供需、合同和任务均为虚构的示范数据")
	if s.reset != "" {
		v.Mark += i18n.Text(l, "；每天 %s 重置，届时登录和修改都会清除", s.reset)
	}
	v.Links = append(v.Links, ui.Link{Text: i18n.Text(l, "使用导览"), Href: homehttp.PathTour})
	if s.total > 0 {
		v.Filling = i18n.Text(l, "示范数据正在装入：%s%%（%s / %s 条），页面上的数字还会增加",
			i18n.Int(int64(s.done*100/s.total)), i18n.Int(int64(s.done)), i18n.Int(int64(s.total)))
	}
}

// tour is where somebody is in the first-run tour, nil when the site shows none.
func (a *App) tour(ctx context.Context, by authz.Actor) *ui.Tour {
	if !a.Showcase.On() {
		return nil
	}
	t, err := a.Identity.GetTour(ctx, by)
	if err != nil || t.Closed {
		return nil // a page is worth more than its tour
	}
	return homehttp.TourOf(ctx, by.EffectiveRole(), t.Step)
}
