package auctionhttp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
)

// The page of a listing with two takers leads to the auction in which they compete: its form is filled in,
// and both bid at once when it opens.
func TestContest(t *testing.T) {
	h := newHouse(t)
	a, b := firm(h.org("甲公司", "enterprise")), firm(h.org("乙公司", "enterprise"))
	record := h.open("listing", a, b)
	id := strings.TrimPrefix(record, "/auctions/")
	d, err := h.auction.GetAuction(t.Context(), officer, id)
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(3 * time.Hour)
	if n, err := h.auction.Tick(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	h.want(officer, record, 200, "转为竞价")
	h.want(officer, record+"/step?do=contest", 200, `value="100"`, "2 个受让方", "增价拍卖")
	h.want(a, record+"/step?do=contest", 403)
	if d, err = h.auction.GetAuction(t.Context(), officer, id); err != nil {
		t.Fatal(err)
	}
	x := h.Post(officer, record+"/contest", values("version", kit.Number(d.Version), "mode", "english"))
	if x.Code != 422 {
		t.Errorf("an empty form: %d", x.Code)
	}
	rule, err := h.auction.RuleAt(t.Context(), auction.English, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := auction.Following(d.Item, rule, h.clock.Now())
	at := h.sent(officer, record+"/contest", "version", kit.Number(d.Version), "mode", "english", "startFen", "100",
		"incrementFen", "1", "opensUs", occasion.MomentText(f.OpensUs), "endsUs", occasion.MomentText(f.EndsUs), "key", "contest")
	h.want(visitor, record, 200, "已转为竞价", at)
	h.want(visitor, at, 200, "公告中", record)
	h.want(b, at, 200, "2 号竞买人")
	for _, p := range []string{record, at, at + "/applicants"} {
		h.English(t, officer, p, "石墨烯导热膜", "太原理工学院", "甲公司", "乙公司", "张三")
	}
}
