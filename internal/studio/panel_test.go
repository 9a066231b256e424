package studio

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// expert is an account that may be invited.
func expert(name string) authz.Actor {
	return authz.Actor{Account: "acc-" + name, Login: name, Role: authz.Expert, Via: authz.ViaSession}
}

// inviting lets the room know the accounts of experts.
func (r room) inviting() {
	r.opt.Accounts = func(_ context.Context, _ db.Q, login string) (Known, bool, error) {
		return Known{"acc-" + login, "专家" + login}, strings.HasPrefix(login, "e"), nil
	}
}

var near = cmpopts.EquateApprox(0, 1e-9)

// Experts judge in a form or by a table, each alone; the bureau sees how consistent each is, keeps what all
// come to as an edition, and a scheme takes its weights from that edition whatever is judged afterwards.
func TestPanel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, ctx := newRoom(t, d), t.Context()
		r.inviting()
		x := r.scheme(t, r.dataset(t, sample(12, 3, 1)))
		_, err := r.CreatePanel(ctx, officer, NewPanel{Scheme: x.ID, PanelData: PanelData{Title: ""},
			Logins: []string{"e1", "nobody", "e1"}})
		if e, _ := fault.As(err); e == nil || len(e.Fields) != 3 {
			t.Fatalf("%v", err)
		}
		_, err = r.CreatePanel(ctx, leader, NewPanel{Scheme: x.ID})
		wantKind(t, err, fault.NotFound)
		p := must[Panel](t)(r.CreatePanel(ctx, officer, NewPanel{Scheme: x.ID, PanelData: PanelData{Title: "权重论证"},
			Logins: []string{"e1", "e2"}}))
		if len(p.Questions) != 1 || p.Questions[0].Code != rootCode || p.Seats != 2 {
			t.Fatalf("%+v", p)
		}
		// The first says 1 : 2 : 4 without contradiction, the second goes in a circle.
		consistent, circle := map[string]string{rootCode: "1/2,1/4,1/2"}, map[string]string{rootCode: "2,1/2,2"}
		_, err = r.Judge(ctx, expert("e3"), Judging{Panel: p.ID, Pairs: consistent, Version: 1})
		wantKind(t, err, fault.NotFound)
		_, err = r.Judge(ctx, expert("e1"), Judging{Panel: p.ID, Pairs: map[string]string{rootCode: "2,10"}, Version: 1})
		if e, _ := fault.As(err); e == nil || len(e.Fields) != 2 {
			t.Fatalf("%v", err)
		}
		mine := must[PanelDetail](t)(r.Judge(ctx, expert("e1"), Judging{Panel: p.ID, Pairs: consistent, Version: 1}))
		if mine.Mine == nil || mine.Own[rootCode].Consistency > 1e-9 || len(mine.List) != 1 || mine.Groups != nil {
			t.Fatalf("%+v", mine)
		}
		must[PanelDetail](t)(r.Judge(ctx, expert("e2"), Judging{Panel: p.ID, Pairs: circle, Version: 1}))
		all := must[PanelDetail](t)(r.GetPanel(ctx, officer, p.ID, composite.PoolPriorities))
		j := all.Groups[rootCode]
		// √(1/7 · 1/3) : √(2/7 · 1/3) : √(4/7 · 1/3) = 1 : √2 : 2.
		if d := cmp.Diff([]float64{0.2265409196609864, 0.3203772410170407, 0.4530818393219728}, j.Weights, near); d != "" {
			t.Error(d)
		}
		if len(j.Voices[1].Worst) != 1 || j.Voices[0].Worst != nil || len(all.List) != 2 {
			t.Errorf("%+v", j)
		}
		other := must[PanelDetail](t)(r.GetPanel(ctx, expert("e2"), p.ID, ""))
		if len(other.List) != 1 || other.List[0].Name != "专家e2" || other.Handed != 0 {
			t.Errorf("an expert sees %+v", other.List)
		}
		if page, err := r.ListPanels(ctx, expert("e3"), "", db.PageReq{}); err != nil || len(page.Items) != 0 {
			t.Errorf("a stranger lists %d panels (%v)", len(page.Items), err)
		}
		p = must[Panel](t)(r.SavePanelResult(ctx, officer, NewPanelResult{Panel: p.ID, Pool: composite.PoolPriorities,
			Version: all.Version}))

		chosen, _, err := r.Chosen(ctx, officer, x.ID, Ask{})
		if err != nil {
			t.Fatal(err)
		}
		chosen.Weigh[1], chosen.Panel = weighPool, p.ID+".9"
		_, err = r.Compute(ctx, officer, x.ID, Ask{Choices: &chosen})
		wantKind(t, err, fault.Invalid)
		chosen.Panel = p.ID + ".1"
		o := must[*Outcome](t)(r.Compute(ctx, officer, x.ID, Ask{Choices: &chosen}))
		if w := o.build.Weights; cmp.Diff(w["G0"], j.Weights[0], near) != "" || cmp.Diff(w["G2"], j.Weights[2], near) != "" {
			t.Errorf("weights %v", w)
		}
		saved := must[Scheme](t)(r.SaveEdition(ctx, officer, NewEdition{ID: x.ID, Choices: chosen, Version: x.Version}))
		must[PanelDetail](t)(r.Judge(ctx, expert("e2"), Judging{Panel: p.ID, Pairs: consistent, Version: 2}))
		v, err := r.VerifyEdition(ctx, officer, saved.ID, 1)
		if err != nil || !v.Same {
			t.Errorf("the saved edition is not made again: %+v (%v)", v, err)
		}
		again := must[*Outcome](t)(r.Compute(ctx, officer, x.ID, Ask{}))
		if again.Changed || cmp.Diff(again.build.Weights["G0"], j.Weights[0], near) != "" {
			t.Errorf("the saved choices changed: %v", again.build.Weights)
		}
	})
}

// Judgements come and go as a table; a pair may stand either way round, a spreadsheet may have written a
// third as 0.333, and a table with a problem changes nothing.
func TestPanelTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, ctx := newRoom(t, d), t.Context()
		r.inviting()
		x := r.scheme(t, r.dataset(t, sample(12, 3, 1)))
		p := must[Panel](t)(r.CreatePanel(ctx, officer, NewPanel{Scheme: x.ID, PanelData: PanelData{Title: "权重论证"},
			Logins: []string{"e1"}}))
		take := func(rows string) error {
			now, err := r.ImportJudgements(ctx, officer, JudgementImport{Panel: p.ID, Name: "a.csv", Version: p.Version,
				File: strings.NewReader("专家,分组代码,左项代码,右项代码,判断值\n" + rows)})
			if err == nil {
				p = now
			}
			return err
		}
		err := take("甲,INDEX,G0,G1,12\n甲,INDEX,G0,X,1\n甲,INDEX,G1,G0,2\n甲,INDEX,G0,G1,2\n")
		if e, _ := fault.As(err); e == nil || len(e.Fields) != 3 {
			t.Fatalf("%v", err)
		}
		err = take("甲,INDEX,G0,G1,2\n")
		if e, _ := fault.As(err); e == nil || len(e.Fields) != 1 || e.Fields[0].Name != sheet.FieldFile {
			t.Fatalf("%v", err)
		}
		err = take("甲,INDEX,G1,G0,2\n甲,INDEX,G0,G2,0.25\n甲,INDEX,G1,G2,0.5\n专家e1,INDEX,G0,G1,1/2\n" +
			"专家e1,INDEX,G2,G0,4\n专家e1,INDEX,G2,G1,2\n")
		if err != nil {
			t.Fatal(err)
		}
		all := must[PanelDetail](t)(r.GetPanel(ctx, officer, p.ID, ""))
		if len(all.List) != 2 || all.Handed != 2 {
			t.Fatalf("%+v", all.List)
		}
		for _, s := range all.List {
			if s.Pairs[rootCode] != "1/2,1/4,1/2" || s.Source != FromFile {
				t.Errorf("%s: %v", s.Name, s.Pairs)
			}
		}
		if d := cmp.Diff([]float64{1. / 7, 2. / 7, 4. / 7}, all.Groups[rootCode].Weights, near); d != "" {
			t.Error(d)
		}
		var out bytes.Buffer
		if n, err := r.WriteJudgements(ctx, officer, p.ID, sheet.CSV, &out); err != nil || n != 6 ||
			!strings.Contains(out.String(), "专家e1,INDEX,G0,G2,1/4") {
			t.Errorf("%d rows (%v)\n%s", n, err, out.String())
		}
	})
}

// The voice of an expert counts what it was given from its day on; what was saved before keeps what counted.
func TestVoiceWeight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, ctx := newRoom(t, d), t.Context()
		r.inviting()
		x := r.scheme(t, r.dataset(t, sample(12, 3, 1)))
		p := must[Panel](t)(r.CreatePanel(ctx, officer, NewPanel{Scheme: x.ID, PanelData: PanelData{Title: "权重论证"},
			Logins: []string{"e1", "e2"}}))
		for i, pairs := range []string{"1/2,1/4,1/2", "1,1,1"} {
			must[PanelDetail](t)(r.Judge(ctx, expert([]string{"e1", "e2"}[i]), Judging{Panel: p.ID, Version: 1,
				Pairs: map[string]string{rootCode: pairs}}))
		}
		seats := must[PanelDetail](t)(r.GetPanel(ctx, officer, p.ID, "")).List
		weigh := func(in Weighing) error {
			in.Panel = p.ID
			now, err := r.WeighVoice(ctx, officer, in)
			if err == nil {
				p = now
			}
			return err
		}
		for _, bad := range []Weighing{{Expert: seats[0].ID, Weight: "0", From: "2026-01-01", Reason: "试"},
			{Expert: seats[0].ID, Weight: "2", From: "2026-02-30", Reason: "试"},
			{Expert: "x", Weight: "2", From: "2026-01-01", Reason: "试"},
			{Expert: seats[0].ID, Weight: "2", From: "2026-01-01"}} {
			bad.Version = p.Version
			if e, _ := fault.As(weigh(bad)); e == nil || len(e.Fields) != 1 {
				t.Errorf("%+v: %v", bad, e)
			}
		}
		_, err := r.WeighVoice(ctx, expert("e1"), Weighing{Panel: p.ID, Version: p.Version})
		wantKind(t, err, fault.Forbidden)

		// 1 : 2 : 4 against 1 : 1 : 1: as one 1 : √2 : 2, three to one 1 : 2^¾ : 4^¾.
		want := func(what string, ratio float64) PanelDetail {
			t.Helper()
			all := must[PanelDetail](t)(r.GetPanel(ctx, officer, p.ID, ""))
			w := all.Groups[rootCode].Weights
			if diff := cmp.Diff(ratio, w[1]/w[0], near); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
			return all
		}
		want("as one", math.Sqrt2)
		must[Panel](t)(r.SavePanelResult(ctx, officer, NewPanelResult{Panel: p.ID, Pool: composite.PoolJudgements,
			Version: p.Version}))
		p.Version++
		for _, in := range []Weighing{{Expert: seats[0].ID, Weight: "3", From: "2026-01-01", Reason: "主持单位"},
			{Expert: seats[1].ID, Weight: "7", From: "2999-01-01", Reason: "以后"}} {
			in.Version = p.Version
			if err := weigh(in); err != nil {
				t.Fatal(err)
			}
		}
		want("three to one, and one to come", math.Pow(2, 0.75))
		must[Panel](t)(r.SavePanelResult(ctx, officer, NewPanelResult{Panel: p.ID, Pool: composite.PoolJudgements,
			Version: p.Version}))
		all := want("the same", math.Pow(2, 0.75))
		first, last := all.Results[1], all.Results[0]
		if first.Voices[0].Weight != "" || last.Voices[0].Weight != "3" || last.Voices[0].WeightReason != "主持单位" ||
			last.Voices[1].Weight != "" || len(all.Weights) != 2 {
			t.Errorf("%+v", all.Results)
		}
		if mine := must[PanelDetail](t)(r.GetPanel(ctx, expert("e1"), p.ID, "")); len(mine.Weights) != 0 ||
			mine.List[0].Weight != "" {
			t.Errorf("an expert sees weights: %+v", mine)
		}
	})
}
