package market_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// The organisations that a post is for see themselves and not each other, in the record, in lists and in files;
// its owner and the bureau see all of them.
func TestNamedDoNotSeeEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, one, two := x.firm(t, "甲公司"), x.firm(t, "乙公司"), x.firm(t, "丙公司")
		in := x.need(t, owner)
		in.Visibility, in.Named = market.Named, []string{one.Org, two.Org}
		p := x.publish(t, owner, in)
		leader := authz.Actor{Account: "acc-l", Role: authz.Leader, Via: authz.ViaSession}
		all := []string{one.Org, two.Org}
		for _, c := range []struct {
			by   authz.Actor
			want []string
		}{{owner, all}, {officer, all}, {leader, all}, {one, []string{one.Org}}, {two, []string{two.Org}}} {
			got, err := x.GetPost(t.Context(), c.by, p.ID)
			if err != nil || !slices.Equal(got.Named, c.want) {
				t.Errorf("%s reads %v, want %v, %v", c.by.Account, got.Named, c.want, err)
			}
			page, err := x.ListPosts(t.Context(), c.by, market.PostFilter{}, "", db.PageReq{Limit: db.MaxLimit})
			if err != nil || len(page.Items) != 1 || !slices.Equal(page.Items[0].Named, c.want) {
				t.Errorf("%s lists %+v, %v", c.by.Account, page.Items, err)
			}
			data, err := json.Marshal(got)
			n := strings.Count(string(data), one.Org) + strings.Count(string(data), two.Org)
			if err != nil || len(c.want) == 1 && n != 1 {
				t.Errorf("%s: %s, %v", c.by.Account, data, err)
			}
			var b bytes.Buffer
			_, err = x.WritePosts(t.Context(), c.by, market.PostFilter{Kind: market.Need},
				market.Export{Format: sheet.CSV, By: "某"}, &b)
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range []struct{ org, name string }{{one.Org, "乙公司"}, {two.Org, "丙公司"}} {
				if !slices.Contains(c.want, other.org) && strings.Contains(b.String(), other.name) {
					t.Errorf("the file of %s names %s", c.by.Account, other.name)
				}
			}
		}
	})
}
