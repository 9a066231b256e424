package show

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// An event goes with its organiser when that is merged, and comes back when it is split; what is
// counted is the events that took place.
func TestFollowerAndMeasures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		feed := outbox.NewDispatcher(d, x.clock, outbox.Options{}, x.Follower())
		s := x.open()
		heir, err := x.opt.Party.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{
			Name: "山西技术转移集团", Kind: "institute", Region: "140100", Standing: "active"}})
		must(err)
		organiser := func() Show {
			t.Helper()
			must(feed.CatchUp(ctx))
			now, err := x.GetShow(ctx, officer, s.ID)
			must(err)
			return now.Show
		}
		merged, err := x.opt.Party.MergeOrganisations(ctx, officer, party.Merge{Keep: heir.ID, Drop: x.org,
			KeepVersion: heir.Version, DropVersion: 1, Reason: "机构整合"})
		must(err)
		if now := organiser(); now.OrgNow != merged.ID || now.OrgName != merged.Name || now.Org != x.org {
			t.Errorf("after the merge %+v", now)
		}
		by := authz.Actor{Account: "acc-h", Login: "heir", Org: heir.ID, Role: authz.Enterprise}
		if err := Policy.May(by, ActUpdate, organiser()); err != nil {
			t.Errorf("the heir: %v", err)
		}
		merges, err := x.opt.Party.OrganisationMerges(ctx, officer, heir.ID)
		must(err)
		_, err = x.opt.Party.SplitOrganisation(ctx, officer, party.Split{Dropped: x.org,
			Version: merges[0].DroppedVersion, Reason: "恢复"})
		must(err)
		if now := organiser(); now.OrgNow != x.org || now.OrgName == merged.Name {
			t.Errorf("after the split %+v", now)
		}
		x.join(s, "甲")
		var file bytes.Buffer
		n, err := x.WriteShows(ctx, officer, Filter{Kind: "roadshow"}, "", occasion.Export{Format: sheet.CSV}, &file)
		if text := file.String(); err != nil || n != 1 || !strings.Contains(text, s.Code) ||
			!strings.Contains(text, "报名中") {
			t.Errorf("%d rows, %v: %s", n, err, text)
		}
		reg, err := measure.NewRegistry(d, x.clock, x.Measures()...)
		must(err)
		for _, state := range []string{"open", "begin"} {
			want := int64(0)
			if state == "begin" {
				x.fire(organiser(), "begin")
				want = 1
			}
			for _, m := range reg.List() {
				f, err := reg.Figure(ctx, officer, m.Name, map[string]string{"region": "140100", "event": "roadshow"})
				must(err)
				rows, err := reg.Rows(ctx, officer, m.Name, nil, db.PageReq{})
				must(err)
				if f.Value != want || int64(len(rows.Items)) != want {
					t.Errorf("%s when %s: %d with %d rows, want %d", m.Name, state, f.Value, len(rows.Items), want)
				}
			}
		}
	})
}
