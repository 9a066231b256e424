package auction

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

// A bidder that was merged bids on as the one it became part of, under its number.
func TestFollowerAndMeasures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		feed := outbox.NewDispatcher(d, x.clock, outbox.Options{}, x.Follower())
		it := x.announced(English)
		by := x.bidder(it, "甲公司")
		heir, err := x.party.CreateOrganisation(ctx, officerActor, party.NewOrg{OrgData: party.OrgData{
			Name: "甲集团", Kind: "enterprise", Region: "140100", Standing: "active"}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.party.MergeOrganisations(ctx, officerActor, party.Merge{Keep: heir.ID, Drop: by.Org,
			KeepVersion: heir.Version, DropVersion: 1, Reason: "吸收合并"})
		if err != nil {
			t.Fatal(err)
		}
		if err := feed.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		x.start(it)
		now := authz.Actor{Account: "acc-h", Login: "h", Org: heir.ID, Role: authz.Enterprise, Via: authz.ViaSession}
		if _, err := x.Bid(ctx, now, NewBid{Auction: it.ID, Fen: 100 * wan}); err != nil {
			t.Errorf("the heir bids: %v", err)
		}
		var file bytes.Buffer
		e := occasion.Export{Format: sheet.CSV}
		n, err := x.WriteAuctions(ctx, authz.Actor{Role: authz.Public}, Filter{}, "", e, &file)
		if text := file.String(); err != nil || n != 1 || !strings.Contains(text, it.Code) ||
			strings.Contains(text, "120") {
			t.Errorf("a visitor takes %d rows, %v: %s", n, err, text)
		}
		file.Reset()
		n, err = x.WriteAuctions(ctx, officerActor, Filter{Mode: English}, "", e, &file)
		if text := file.String(); err != nil || n != 1 || !strings.Contains(text, it.Code) ||
			!strings.Contains(text, "竞价中") || strings.Contains(text, "120") { // the reserve price
			t.Errorf("%d rows, %v: %s", n, err, text)
		}
		reg, err := measure.NewRegistry(d, x.clock, x.Measures()...)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int64{"auction.announced": 1}
		for _, m := range reg.List() {
			f, err := reg.Figure(ctx, officerActor, m.Name, map[string]string{"pricing": English})
			if err != nil || f.Value != want[m.Name] {
				t.Errorf("%s is %d, %v; want %d", m.Name, f.Value, err, want[m.Name])
			}
			rows, err := reg.Rows(ctx, officerActor, m.Name, nil, db.PageReq{})
			if err != nil || int64(len(rows.Items)) != want[m.Name] {
				t.Errorf("%s has %d rows, %v", m.Name, len(rows.Items), err)
			}
		}
	})
}
