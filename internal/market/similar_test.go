package market_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
)

// TestSimilar warns of a post that is written twice, by the same owner or another, and of nothing the
// writer may not know of.
func TestSimilar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, other, third := x.firm(t, "甲厂"), x.firm(t, "乙厂"), x.firm(t, "丙厂")
		in := x.need(t, owner)
		p := x.publish(t, owner, in)
		x.publish(t, owner, x.achievement(t, owner))
		hidden := in
		hidden.Visibility, hidden.Named = market.Named, []string{third.Org}
		x.publish(t, owner, hidden)
		byRequest := in
		byRequest.Title, byRequest.Visibility = "带钢表面检测的需求在线缺陷识别", market.Request
		x.publish(t, owner, byRequest)
		ask := market.SimilarTo{Kind: market.Need, Title: "不锈钢精密带钢表面缺陷的在线检测技术", Text: in.Text}
		for _, c := range []struct {
			by   string
			want int
			own  bool
		}{{"乙厂", 1, false}, {"甲厂", 3, true}, {"丙厂", 2, false}} {
			got, err := x.SimilarPosts(t.Context(), x.firm(t, c.by), ask)
			if err != nil || len(got) != c.want || got[0].Own != c.own {
				t.Errorf("%s: %+v, %v", c.by, got, err)
			}
		}
		for title, want := range map[string]int{"镁合金轮毂铸造": 0, "": 0, "带": 0, in.Title: 1} {
			got, err := x.SimilarPosts(t.Context(), other, market.SimilarTo{Kind: market.Need, Title: title})
			if err != nil || len(got) != want {
				t.Errorf("%q: %+v, %v", title, got, err)
			}
		}
		ask.Except = p.ID
		if got, err := x.SimilarPosts(t.Context(), other, ask); err != nil || len(got) != 0 {
			t.Errorf("the post itself: %+v, %v", got, err)
		}
	})
}
