package market_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// secrets are words of the sample need that only those see who may read all of it.
var secrets = []string{"漏检", "机器视觉", "joint", "2027", "80000000", "产线", "甲厂", "赵工", "13835150001",
	"example.com", "research"}

// TestByRequest: whoever was not let in sees kind, title, field and place of a post that is shown by
// request, and can ask for nothing else.
func TestByRequest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, other := x.firm(t, "甲厂"), x.firm(t, "乙厂")
		in := x.need(t, owner)
		in.Visibility = market.Request
		p := x.publish(t, owner, in)
		for _, by := range []authz.Actor{other, visitor} {
			got, err := x.GetPost(t.Context(), by, p.ID)
			if err != nil || !got.Limited || got.Title != p.Title || got.Field != "03" || got.Region != "140105" {
				t.Fatalf("%+v, %v", got, err)
			}
			wantNone(t, says(t, got), secrets...)
			page, err := x.ListPosts(t.Context(), by, market.PostFilter{}, "", db.PageReq{})
			if err != nil || len(page.Items) != 1 {
				t.Fatal(page, err)
			}
			wantNone(t, says(t, page), secrets...)
			for _, f := range []market.PostFilter{
				{Org: owner.Org}, {PriceLoFen: 1}, {PriceHiFen: 1 << 50}, {TRLFrom: 1}, {TRLTo: 9},
				{Sort: "research"}, {Visibility: market.Request}, {Fresh: true}, {Query: "机器视觉"},
				{Query: "漏检率"}, {Query: "甲厂"},
			} {
				n, err := x.CountPosts(t.Context(), by, f)
				if ids := x.ids(t, by, f, ""); len(ids) != 0 || err != nil || n.All != 0 {
					t.Errorf("%+v finds %v, counts %d (%v)", f, ids, n.All, err)
				}
			}
			for _, order := range []string{"price", "deadline", "fresh"} {
				if ids := x.ids(t, by, market.PostFilter{}, order); len(ids) != 0 {
					t.Errorf("in order of %s: %v", order, ids)
				}
			}
			_, err = x.FirePost(t.Context(), by, market.PostStep{ID: p.ID, Step: market.StepClose,
				Version: p.Version, Reason: "x"})
			wantKind(t, err, fault.Forbidden)
		}
		if ids := x.ids(t, other, market.PostFilter{Query: "表面缺陷"}, ""); len(ids) != 1 {
			t.Error("its title is not found")
		}
		// One character: the first, one within and the last of the title, and none of it; modes are no text.
		for query, want := range map[string]int{"不": 1, "陷": 1, "测": 1, "硅": 0, "m": 0} {
			if ids := x.ids(t, other, market.PostFilter{Query: query}, ""); len(ids) != want {
				t.Errorf("%s is found in %d posts; want %d", query, len(ids), want)
			}
		}
		x.write(t, owner, func(ctx context.Context, tx *unit.Tx) error {
			return x.LetIn(ctx, tx, p.ID, other.Org)
		})
		got, err := x.GetPost(t.Context(), other, p.ID)
		if err != nil || got.Limited || got.PriceHiFen != in.PriceHiFen {
			t.Fatalf("after consent: %+v, %v", got, err)
		}
		wantNone(t, says(t, got), "赵工", "13835150001", "example.com")
		if ids := x.ids(t, other, market.PostFilter{Org: owner.Org}, "price"); len(ids) != 1 {
			t.Error("after consent it is not found by its owner")
		}
	})
}

// TestNamed: a post for named eyes only does not exist for all others.
func TestNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, friend, other := x.firm(t, "甲厂"), x.firm(t, "乙厂"), x.firm(t, "丙厂")
		in := x.need(t, owner)
		in.Visibility, in.Named = market.Named, []string{friend.Org}
		p := x.publish(t, owner, in)
		district := authz.Actor{Account: "d", Role: authz.District, Region: "140105", Via: authz.ViaSession}
		for _, by := range []authz.Actor{other, visitor, district,
			{Account: "b", Person: "per", Role: authz.Broker}, {Account: "e", Role: authz.Expert}} {
			authztest.HiddenLooksAbsent(t, func(id string) error {
				_, err := x.GetPost(t.Context(), by, id)
				return err
			}, p.ID, "none")
			authztest.HiddenLooksAbsent(t, func(id string) error {
				_, err := x.FirePost(t.Context(), by, market.PostStep{ID: id, Step: "x", Version: 1})
				return err
			}, p.ID, "none")
			authztest.HiddenLooksAbsent(t, func(id string) error {
				_, err := x.UpdatePost(t.Context(), by, market.PostUpdate{ID: id})
				return err
			}, p.ID, "none")
			for _, f := range []market.PostFilter{{}, {Query: p.Code}, {Query: "表面缺陷"}, {Org: owner.Org}} {
				n, err := x.CountPosts(t.Context(), by, f)
				if ids := x.ids(t, by, f, ""); len(ids) != 0 || n.All != 0 || err != nil {
					t.Errorf("%s finds %v, counts %d (%v)", by.Role, ids, n.All, err)
				}
			}
		}
		for _, by := range []authz.Actor{friend, owner, officer} {
			got, err := x.GetPost(t.Context(), by, p.ID)
			if err != nil || got.Limited || len(x.ids(t, by, market.PostFilter{}, "")) != 1 {
				t.Errorf("%s: %+v, %v", by.Role, got, err)
			}
		}
	})
}

// TestContact: only owner and bureau read the contact, and the database does not tell it.
func TestContact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner := x.firm(t, "甲厂")
		p := x.publish(t, owner, x.need(t, owner))
		for by, want := range map[*authz.Actor]string{&owner: "13835150001", &officer: "13835150001",
			{Role: authz.Leader}: "13835150001", &visitor: "", {Role: authz.ChainOffice}: "",
			{Role: authz.Enterprise, Org: "x"}: ""} {
			got, err := x.GetPost(t.Context(), *by, p.ID)
			if err != nil || got.ContactPhone != want {
				t.Errorf("%s reads %q (%v)", by.Role, got.ContactPhone, err)
			}
		}
		c, err := x.Contact(t.Context(), d, p.ID)
		if err != nil || c != (market.Contact{Name: "赵工", Phone: "13835150001", Mail: "zhao@example.com"}) {
			t.Errorf("%+v, %v", c, err)
		}
		tables, err := db.Tables(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			err := db.DumpTable(t.Context(), d, table, func(row []any) error {
				wantNone(t, says(t, row), "13835150001", "zhao@example")
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestUpdate: what the public reads goes back to the editors; the contact does not.
func TestUpdate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, other := x.firm(t, "甲厂"), x.firm(t, "乙厂")
		p := x.publish(t, owner, x.need(t, owner))
		change := func(by authz.Actor, f func(*market.PostData)) (market.Post, error) {
			now, err := x.GetPost(t.Context(), owner, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			in := market.PostUpdate{ID: p.ID, PostData: now.PostData, Version: now.Version}
			f(&in.PostData)
			return x.UpdatePost(t.Context(), by, in)
		}
		got, err := change(owner, func(d *market.PostData) { d.ContactPhone = "0351-7777777" })
		if err != nil || got.State != market.Published || got.ContactPhone != "0351-7777777" {
			t.Fatalf("a new phone: %+v, %v", got, err)
		}
		if got, err = change(officer, func(d *market.PostData) { d.Title += "装置" }); err != nil ||
			got.State != market.Published || len(x.ids(t, visitor, market.PostFilter{Query: "检测装置"}, "")) != 1 {
			t.Fatalf("the bureau mends the title: %+v, %v", got, err)
		}
		_, err = change(other, func(d *market.PostData) { d.Title = "x" })
		wantKind(t, err, fault.Forbidden)
		_, err = change(owner, func(d *market.PostData) { d.Org = other.Org })
		wantFields(t, err, "org")
		_, err = change(owner, func(d *market.PostData) { d.Kind = market.Achievement; d.NeedData = market.NeedData{}; d.Deadline = "" })
		wantFields(t, err, "kind")
		if got, err = change(owner, func(d *market.PostData) { d.PriceHiFen *= 2 }); err != nil ||
			got.State != market.Review {
			t.Fatalf("a new price: %+v, %v", got, err)
		}
		_, err = x.GetPost(t.Context(), visitor, p.ID)
		wantKind(t, err, fault.NotFound)
		got = x.fire(t, officer, got, market.StepPublish)
		if got.PublishedUs != p.PublishedUs {
			t.Error("published anew instead of again")
		}
		_, err = x.UpdatePost(t.Context(), owner, market.PostUpdate{ID: p.ID, PostData: p.PostData, Version: 1})
		wantKind(t, err, fault.Conflict)
		x.write(t, other, func(ctx context.Context, tx *unit.Tx) error {
			for range 2 { // the second talk changes nothing
				if _, err := x.Advance(ctx, tx, p.ID, market.StepTalk, process.Input{}); err != nil {
					return err
				}
			}
			return nil
		})
		_, err = change(owner, func(d *market.PostData) { d.Text += "另有要求。" })
		wantKind(t, err, fault.Conflict)
		_, err = x.FirePost(t.Context(), other, market.PostStep{ID: p.ID, Step: market.StepSign, Version: 9})
		wantKind(t, err, fault.Forbidden)
	})
}

// TestNotice: a price by agreement is public for 15 whole days before the achievement is.
func TestNotice(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	owner := x.firm(t, "甲所")
	in := x.achievement(t, owner)
	in.Pricing, in.Submit = "agreement", true
	p := x.create(t, owner, in)
	step := func(step string) error {
		_, err := x.FirePost(t.Context(), officer, market.PostStep{ID: p.ID, Step: step, Version: p.Version})
		return err
	}
	wantKind(t, step(market.StepPublish), fault.Conflict)
	p = x.fire(t, officer, p, market.StepNotice)
	if p.NoticeFrom == "" || p.NoticeTo != p.NoticeFrom.AddDays(15) {
		t.Fatalf("%+v", p)
	}
	x.clock.Set(p.NoticeTo.Start().Add(23 * time.Hour))
	wantKind(t, step(market.StepAnnounce), fault.Conflict)
	offers, err := x.Available(t.Context(), officer, p.ID)
	if err != nil || offers[len(offers)-1].Step == "" {
		t.Fatal(offers, err)
	}
	for _, o := range offers {
		if o.Step == market.StepAnnounce && (o.Allowed || !strings.Contains(o.WhyNot.Error(), string(p.NoticeTo))) {
			t.Errorf("%+v", o)
		}
	}
	x.clock.Advance(time.Hour)
	if p = x.fire(t, officer, p, market.StepAnnounce); p.State != market.Published {
		t.Fatalf("%+v", p)
	}
}

// TestInput: what is wrong is said at its field.
func TestInput(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	owner := x.firm(t, "甲厂")
	for name, c := range map[string]struct {
		change func(*market.NewPost)
		fields []string
	}{
		"no title":       {func(p *market.NewPost) { p.Title = " " }, []string{"title"}},
		"long title":     {func(p *market.NewPost) { p.Title = strings.Repeat("长", 81) }, []string{"title"}},
		"unknown field":  {func(p *market.NewPost) { p.Field = "12" }, []string{"field"}},
		"unknown mode":   {func(p *market.NewPost) { p.Modes = []string{"gift"} }, []string{"modes.0"}},
		"price":          {func(p *market.NewPost) { p.PriceLoFen = p.PriceHiFen + 1 }, []string{"priceHiFen"}},
		"negative price": {func(p *market.NewPost) { p.PriceLoFen = -1 }, []string{"priceLoFen"}},
		"readiness":      {func(p *market.NewPost) { p.TRL = 14 }, []string{"trl"}},
		"phone":          {func(p *market.NewPost) { p.ContactPhone = "打给我" }, []string{"contactPhone"}},
		"mail":           {func(p *market.NewPost) { p.ContactMail = "zhao@" }, []string{"contactMail"}},
		"not of a need":  {func(p *market.NewPost) { p.Pricing = "auction" }, []string{"pricing"}},
		"named nobody":   {func(p *market.NewPost) { p.Visibility = market.Named }, []string{"named"}},
		"named unknown": {func(p *market.NewPost) {
			p.Visibility, p.Named = market.Named, []string{"x"}
		}, []string{"named"}},
		"named but open": {func(p *market.NewPost) { p.Named = []string{owner.Org} }, []string{"named"}},
		"unknown owner":  {func(p *market.NewPost) { p.Org = "x" }, []string{"org"}},
		"unknown broker": {func(p *market.NewPost) { p.Broker = "x" }, []string{"broker"}},
		"a value in words": {func(p *market.NewPost) { p.Parameters[0].Value = "很小" },
			[]string{"parameters.0.value"}},
		"half a range": {func(p *market.NewPost) { p.Parameters[0].Op = "range" }, []string{"parameters.0.top"}},
		"backward range": {func(p *market.NewPost) {
			p.Parameters[0].Op, p.Parameters[0].Top = "range", "0.1"
		}, []string{"parameters.0.top"}},
		"too little to hand in": {func(p *market.NewPost) { p.Text, p.Submit = "短", true }, []string{"text"}},
		"unknown source":        {func(p *market.NewPost) { p.Source = "x" }, []string{"source"}},
	} {
		t.Run(name, func(t *testing.T) {
			in := x.need(t, owner)
			c.change(&in)
			_, err := x.CreatePost(t.Context(), owner, in)
			wantFields(t, err, c.fields...)
		})
	}
	in := x.need(t, x.firm(t, "乙厂"))
	_, err := x.CreatePost(t.Context(), owner, in)
	wantFields(t, err, "org")
	_, err = x.CreatePost(t.Context(), visitor, in)
	wantKind(t, err, fault.Forbidden)
}

// TestLongest: the longest post there may be is written, changed and trailed.
func TestLongest(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	owner := x.firm(t, "甲所")
	in := x.achievement(t, owner)
	in.Title, in.Text = strings.Repeat("长", market.MaxTitle), strings.Repeat("长", market.MaxText)
	in.Service = strings.Repeat("务", 2000)
	in.Values = market.Values{Science: in.Service, Technology: in.Service, Economy: in.Service,
		Society: in.Service, Culture: in.Service}
	for n := range market.MaxProofs {
		in.Proofs = append(in.Proofs, market.Proof{Level: n + 1, Text: in.Service})
	}
	for range market.MaxRights {
		in.Rights = append(in.Rights, market.Right{Kind: "secret", State: "granted", Title: in.Title,
			Number: strings.Repeat("号", market.MaxLine), Holder: strings.Repeat("有", market.MaxLine)})
	}
	for range market.MaxParameters {
		in.Parameters = append(in.Parameters, market.Parameter{Name: strings.Repeat("指", market.MaxLine),
			Op: "=", Value: "1", Unit: strings.Repeat("位", 20)})
	}
	p := x.create(t, owner, in)
	for _, f := range []*string{&p.Text, &p.Service, &p.Values.Science, &p.Values.Culture} {
		*f = strings.Repeat("改", len([]rune(*f)))
	}
	p.Proofs, p.Rights, p.Parameters = p.Proofs[1:], p.Rights[1:], p.Parameters[1:]
	got, err := x.UpdatePost(t.Context(), owner, market.PostUpdate{ID: p.ID, PostData: p.PostData,
		Version: p.Version})
	if err != nil || !strings.HasPrefix(got.Text, "改") {
		t.Fatal(err)
	}
	in.Text += "长"
	_, err = x.CreatePost(t.Context(), owner, in)
	wantFields(t, err, "text")
}

// A post is found by the code that its page shows, as people type it, by those who may read it.
func TestFindPost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		by := x.firm(t, "太原膜材料公司")
		p := x.publish(t, by, x.need(t, by))
		for _, name := range []string{p.ID, p.Code, " " + strings.ToLower(p.Code) + " "} {
			if got, err := x.FindPost(t.Context(), officer, name); err != nil || got.ID != p.ID {
				t.Errorf("%q: %s, %v", name, got.ID, err)
			}
		}
		if _, err := x.FindPost(t.Context(), officer, "CG-0000-0000"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a code of nothing: %v", err)
		}
	})
}

// TestUnpricedLast: what has no price or no deadline comes after what has one, from page to page and back.
func TestUnpricedLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner := x.firm(t, "甲厂")
		want := map[string][]string{}
		for _, p := range []struct {
			title, deadline string
			price           money.Fen
		}{{"甲面议", "", 0}, {"乙三十万", "2027-03-01", 30_000_000}, {"丙面议", "", 0}, {"丁十万", "2027-05-01", 10_000_000},
			{"戊二十万", "2027-04-01", 20_000_000}} {
			in := x.need(t, owner)
			in.Title, in.PriceLoFen, in.PriceHiFen, in.Deadline = p.title, p.price, p.price, clock.Date(p.deadline)
			x.publish(t, owner, in)
		}
		want["price"] = []string{"丁十万", "戊二十万", "乙三十万", "甲面议", "丙面议"}
		want["deadline"] = []string{"乙三十万", "戊二十万", "丁十万", "甲面议", "丙面议"}
		for order, titles := range want {
			var got []string
			req := db.PageReq{Limit: 2}
			var last db.Page[market.Post]
			for {
				page, err := x.ListPosts(t.Context(), owner, market.PostFilter{}, order, req)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range page.Items {
					got = append(got, p.Title)
				}
				if last = page; page.Next == "" {
					break
				}
				req.After = page.Next
			}
			if !slices.Equal(got, titles) {
				t.Errorf("by %s: %v", order, got)
			}
			back, err := x.ListPosts(t.Context(), owner, market.PostFilter{}, order,
				db.PageReq{Limit: 2, Before: last.Prev})
			if err != nil || len(back.Items) != 2 || back.Items[0].Title != titles[2] || back.Items[1].Title != titles[3] {
				t.Errorf("back by %s: %+v, %v", order, back.Items, err)
			}
		}
	})
}
