package report

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/region"
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer, Via: authz.ViaSession}
	other   = authz.Actor{Account: "acc-other", Login: "other", Role: authz.Officer, Via: authz.ViaSession}
	leader  = authz.Actor{Account: "acc-leader", Login: "leader", Role: authz.Leader, Via: authz.ViaSession}
	visitor = authz.Actor{Role: authz.Public}
)

// house is a city with known numbers.
type house struct {
	counts    map[string]int64
	standings []Standing
	places    []Standing
	filed     map[string]Filing
}

func (h *house) PlaceName(code region.Code) string {
	return map[region.Code]string{"140100": "太原市", "140105": "小店区", "140106": "迎泽区", "140121": "清徐县"}[code]
}

func (h *house) Sets(context.Context) ([]Choice, error) {
	return []Choice{{"set-1", "示例体系"}}, nil
}

func (h *house) Standings(_ context.Context, _ region.Code, _, _ string, beside []string) ([]Standing, error) {
	out := slices.Clone(h.standings)
	for _, id := range beside {
		out = append(out, Standing{Indicator: id, Name: "创新券兑付金额", Unit: "万元", Place: "140100", Period: "2026Q3",
			Value: "940", Qualifier: "=", AsOf: "2026-09-30", Cumulative: true})
	}
	return out, nil
}

func (h *house) Beside(context.Context, region.Code, string) ([]Choice, error) {
	return []Choice{{"i9", "创新券兑付金额"}}, nil
}

func (h *house) Across(_ context.Context, _ region.Code, _, indicatorID, _ string) ([]Standing, error) {
	if indicatorID != "" && indicatorID != "i2" {
		return nil, nil
	}
	return h.places, nil
}

func (h *house) Count(_ context.Context, name string, dims map[string]string) (measure.Figure, error) {
	v := h.counts[name+dims["kind"]+dims["light"]]
	return measure.Figure{Measure: name, Value: v, Unit: map[bool]string{true: "分", false: "项"}[name == "deal.contracts"]}, nil
}

func (h *house) Lights(context.Context, region.Code, clock.Date) (map[string]int64, error) {
	return map[string]int64{"red": h.counts["red"], "yellow": 2, "green": 10, "blue": 5}, nil
}

func (h *house) Rows(_ context.Context, by authz.Actor, _ string, _ map[string]string, _ db.PageReq) (db.Page[measure.Row], error) {
	if by.Role == authz.Public {
		return db.Page[measure.Row]{}, nil
	}
	return db.Page[measure.Row]{Items: []measure.Row{{ID: "1", Title: "记录", Href: "/deals/1", Value: 1}}}, nil
}

func (h *house) Compared(context.Context, region.Code) ([]Choice, error) {
	return []Choice{{"i2", "高新技术企业数"}}, nil
}

func (h *house) PointOf(_ context.Context, f Figure) (string, string, map[string]string, error) {
	if f.Source.Indicator == "i2" {
		return WayCounted, "party.orgs", map[string]string{"region": string(f.Place)}, nil
	}
	return WayReported, "", nil, nil
}

func (h *house) Defined(string) (string, string) { return "签约数", "已签合同的对接数" }

func (h *house) Opens(by authz.Actor, _ Figure) bool { return by.Role != authz.Public }

func city() *house {
	day := func(s string) clock.Date { return clock.Date(s) }
	return &house{filed: map[string]Filing{},
		counts: map[string]int64{"market.liveneed": 1500, "market.liveachievement": 6000, "deal.signed": 88,
			"deal.contracts": 123_4567_8900, "plan.tasks": 24, "plan.tasksblue": 10, "plan.tasks.overdue": 3,
			"plan.tasksred": 2, "plan.tasksyellow": 0, "red": 3},
		standings: []Standing{
			{Indicator: "i1", Name: "技术合同成交额", Unit: "亿元", Place: "140100", Period: "2026-10", Value: "218.5",
				Qualifier: "=", AsOf: day("2026-10-31"), Cumulative: true, Change: "12.30", Goal: &Goal{Target: "t1",
					Measure: "level", Op: ">=", Value: "250", Unit: "亿元", To: day("2026-12-31"), Completion: "87.40"}},
			{Indicator: "i2", Name: "高新技术企业数", Unit: "家", Place: "140100", Period: "2026-10", Value: "4000",
				Qualifier: "+", AsOf: day("2026-10-31"), Change: "-5.2"},
			{Indicator: "i3", Name: "空气质量优良天数比率", Unit: "%", Place: "140100", Period: "2026Q3", Value: "72.5",
				Qualifier: "~", AsOf: day("2026-09-30"), Change: "-2.5", Points: true},
			{Indicator: "i4", Name: "每万名就业人员中R&D人员", Unit: "人年", Place: "140100", Period: "2025", Value: "52",
				Qualifier: "=", AsOf: day("2025-12-31")},
			{Indicator: "i5", Name: "万元GDP能耗", Unit: "吨标准煤/万元", Place: "140100", Period: "2025", Value: "0.52",
				Qualifier: "<=", AsOf: day("2025-12-31"), Goal: &Goal{Target: "t5", Measure: "level", Op: "<=",
					Value: "0.5", Unit: "吨标准煤/万元", To: day("2026-12-31"), Completion: "96.15"}},
			{Indicator: "i6", Name: "财政科技支出占公共财政支出比重", Unit: "%", Place: "140100", Period: "2025", Value: "3.2",
				Qualifier: ">=", AsOf: day("2025-12-31")},
			{Indicator: "i7", Name: "待报指标", Unit: "家", Place: "140100"},
		},
		places: []Standing{
			{Indicator: "i2", Name: "高新技术企业数", Unit: "家", Place: "140105", Period: "2026-10", Value: "1200",
				Qualifier: "=", AsOf: day("2026-10-31")},
			{Indicator: "i2", Name: "高新技术企业数", Unit: "家", Place: "140106", Period: "2026-10", Value: "345",
				Qualifier: "=", AsOf: day("2026-10-31")},
			{Indicator: "i2", Name: "高新技术企业数", Unit: "家", Place: "140121"},
		}}
}

type room struct {
	*Service
	house *house
	clock *clock.Fake
	t     testing.TB
}

func newRoom(t testing.TB, d *db.DB) room {
	t.Helper()
	now := clock.NewFake(clock.Date("2026-11-29").Start())
	h := city()
	s, err := New(dbtest.UnitAt(t, d, now), process.Times{Calendar: clock.Published(), Service: process.OfficeHours()},
		Options{Source: h, Home: func() region.Code { return "140100" }, Issuer: func() string { return "太原市科学技术局" },
			File: func(_ context.Context, _ authz.Actor, f Filing) (string, error) {
				h.filed[f.Key] = f
				return "doc-" + f.Key, nil
			}})
	if err != nil {
		t.Fatal(err)
	}
	return room{s, h, now, t}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("err = %v, want %v", err, kind)
	}
}

func everything(form string) NewReport {
	in := NewReport{Ask: Ask{Form: form, Region: "140100"}}
	for _, p := range Parts() {
		in.Parts = append(in.Parts, p.Value)
	}
	return in
}

// step takes a step with a report as it is.
func (r room) step(by authz.Actor, reportID, step, reason string) (Report, error) {
	d := must[Detail](r.t)(r.GetReport(r.t.Context(), officer, reportID))
	return r.FireReport(r.t.Context(), by, Step{ID: reportID, Step: step, Reason: reason, Version: d.Version})
}

// TestCompose wants every number of the house in the text, read back as it is.
func TestCompose(t *testing.T) {
	t.Parallel()
	r := newRoom(t, dbtest.SQLite(t))
	for form, want := range map[string]string{
		Bulletin: `一、指标进展情况
2026年1—10月，全市技术合同成交额218.5亿元，同比增长12.3%，完成率87.4%。到2026年底，全市技术合同成交额要达到250亿元以上。
截至2026年10月底，全市高新技术企业数4000余家，同比下降5.2%。
2026年三季度，全市空气质量优良天数比率约72.5%，同比下降2.5个百分点。
2025年，全市万元GDP能耗不超过0.52吨标准煤/万元，完成率96.15%。到2026年底，全市万元GDP能耗要控制在0.5吨标准煤/万元以内。
2025年，全市财政科技支出占公共财政支出比重3.2%以上。
二、分县区进展情况
截至2026年10月底，小店区高新技术企业数1200家，迎泽区高新技术企业数345家。
三、供需在架情况
截至2026年11月29日，全市在架需求1500项，在架成果6000项。
四、对接签约情况
2026年1月1日至11月29日，全市供需对接签约合同88项，供需对接合同成交额12345.6789万元。
五、督办推进情况
截至2026年11月29日，全市督办事项24项，蓝灯事项10项，逾期事项3项，红灯事项2项，黄灯事项0项。
六、指标亮灯情况
截至2026年11月29日，全市红灯指标3个，黄灯指标2个，绿灯指标10个，蓝灯指标5个。`,
		Press: `2026年1—10月，全市技术合同成交额218.5亿元，同比增长12.3%，完成率87.4%。到2026年底，全市技术合同成交额要达到250亿元以上。截至2026年10月底，全市高新技术企业数4000余家，同比下降5.2%。2026年三季度，全市空气质量优良天数比率约72.5%，同比下降2.5个百分点。2025年，全市万元GDP能耗不超过0.52吨标准煤/万元，完成率96.15%。到2026年底，全市万元GDP能耗要控制在0.5吨标准煤/万元以内。2025年，全市财政科技支出占公共财政支出比重3.2%以上。
截至2026年10月底，小店区高新技术企业数1200家，迎泽区高新技术企业数345家。
截至2026年11月29日，全市在架需求1500项，在架成果6000项。
2026年1月1日至11月29日，全市供需对接签约合同88项，供需对接合同成交额12345.6789万元。
截至2026年11月29日，全市督办事项24项，蓝灯事项10项，逾期事项3项，红灯事项2项，黄灯事项0项。
截至2026年11月29日，全市红灯指标3个，黄灯指标2个，绿灯指标10个，蓝灯指标5个。`,
	} {
		x := must[Report](t)(r.CreateReport(t.Context(), officer, everything(form)))
		d := must[Detail](t)(r.GetReport(t.Context(), officer, x.ID))
		if d.Text != want {
			t.Errorf("%s says\n%s\nwant\n%s", form, d.Text, want)
		}
		if !d.Clean || d.Check.Read != d.Check.Figures || d.Check.Figures != 27 || len(d.Figures) != 27 || len(d.Stale) != 0 {
			t.Errorf("%s reads back %+v, stale %v", form, d.Check, d.Stale)
		}
		if diff := cmp.Diff(d.Figures, must[[]Figure](t)(r.ListFigures(t.Context(), officer, x.ID))); diff != "" {
			t.Error(diff)
		}
		if _, err := r.ListFigures(t.Context(), visitor, x.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a visitor asks for the figures of a draft: %v", err)
		}
		linked := 0
		for _, p := range d.Pieces {
			if p.N > 0 {
				linked++
				if f := d.Figures[p.N-1]; p.Text != f.Written || f.AsOf == "" || f.Source.Kind == "" {
					t.Errorf("the number %q is linked to %+v", p.Text, f)
				}
			}
		}
		if linked != 27 {
			t.Errorf("%d numbers have a link", linked)
		}
		var untold []string
		for _, u := range d.Untold {
			untold = append(untold, u.What+"："+u.Why)
		}
		if got := strings.Join(untold, "；"); got != "每万名就业人员中R&D人员 52人年：没有一种写法能原样读回；待报指标：未报" {
			t.Errorf("untold: %s", got)
		}
		if len(d.Places) != 3 || d.Places[0].N == 0 || d.Places[2].Shown != "" {
			t.Errorf("districts: %+v", d.Places)
		}
	}
}

// TestWords changes the words of a draft: what is said stays linked, what is not agrees no more.
func TestWords(t *testing.T) {
	t.Parallel()
	r := newRoom(t, dbtest.SQLite(t))
	ctx := t.Context()
	x := must[Report](t)(r.CreateReport(ctx, officer, everything(Press)))
	save := func(text string) Detail {
		t.Helper()
		x = must[Report](t)(r.UpdateReport(ctx, officer, Update{ID: x.ID, Title: x.Title, Text: text, Version: x.Version}))
		return must[Detail](t)(r.GetReport(ctx, officer, x.ID))
	}
	d := save("2026年1—10月，全市技术合同成交额218.5亿元，同比增长13%，高新技术企业5家，各级各部门要继续努力。")
	kinds := []string{}
	for _, n := range d.Check.Notes {
		kinds = append(kinds, n.Kind+" "+n.Quote+" "+n.Wants)
	}
	if !slices.Equal(kinds, []string{"differs 同比增长13% 12.3%", "stray 高新技术企业5家 "}) || d.Clean || len(d.Figures) != 2 {
		t.Errorf("notes %q, figures %d", kinds, len(d.Figures))
	}
	_, err := r.step(other, x.ID, StepReview, "")
	wantKind(t, err, fault.Conflict)
	d = save("2026年1—10月，全市技术合同成交额218.5亿元，同比增长12.3%。各级各部门要继续努力。")
	if !d.Clean || d.Check.Figures != 2 {
		t.Errorf("mended: %+v", d.Check)
	}
	_, err = r.UpdateReport(ctx, officer, Update{ID: x.ID, Title: "x", Text: "y", Version: x.Version - 1})
	wantKind(t, err, fault.Conflict)
	_, err = r.UpdateReport(ctx, leader, Update{ID: x.ID, Title: "x", Text: "y", Version: x.Version})
	wantKind(t, err, fault.Forbidden)
}

// TestStale moves the sources on: a draft says so, takes the new numbers into its words, and refuses where
// they do not fit.
func TestStale(t *testing.T) {
	t.Parallel()
	r := newRoom(t, dbtest.SQLite(t))
	ctx := t.Context()
	x := must[Report](t)(r.CreateReport(ctx, officer, everything(Press)))
	text := strings.Replace(x.Text, "截至2026年11月29日，全市在架需求", "记者了解到，截至2026年11月29日，全市在架需求", 1)
	x = must[Report](t)(r.UpdateReport(ctx, officer, Update{ID: x.ID, Title: x.Title, Text: text, Version: x.Version}))
	r.house.counts["market.liveneed"] = 1502
	d := must[Detail](t)(r.GetReport(ctx, officer, x.ID))
	if len(d.Stale) != 1 || d.Stale[0].Was != "截至2026年11月29日1500项" || d.Stale[0].Now != "截至2026年11月29日1502项" {
		t.Errorf("stale %+v", d.Stale)
	}
	r.clock.Advance(24 * 3600 * 1e9)
	x = must[Report](t)(r.RefreshFigures(ctx, officer, x.ID, x.Version))
	d = must[Detail](t)(r.GetReport(ctx, officer, x.ID))
	if !strings.Contains(d.Text, "记者了解到，截至2026年11月30日，全市在架需求1502项") || len(d.Stale) != 0 || !d.Clean ||
		strings.Contains(d.Text, "29日") || d.Day != "2026-11-30" {
		t.Errorf("renewed: %s\n%+v %+v", d.Text, d.Check, d.Stale)
	}
	r.house.standings[0].Change = "-1.5"
	_, err := r.RefreshFigures(ctx, officer, x.ID, x.Version)
	wantKind(t, err, fault.Conflict)
	x = must[Report](t)(r.Recompose(ctx, officer, x.ID, x.Version))
	if !strings.Contains(x.Text, "同比下降1.5%") || strings.Contains(x.Text, "记者") {
		t.Errorf("composed anew: %s", x.Text)
	}
}

// TestLife takes a report through its states on both databases.
func TestLife(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		r := newRoom(t, d)
		ctx := t.Context()
		in := everything(Bulletin)
		in.Public = true
		x := must[Report](t)(r.CreateReport(ctx, officer, in))
		if x.Code != "TB-2026-001" || x.Title != "太原市科技创新工作情况通报" {
			t.Errorf("named %s %s", x.Code, x.Title)
		}
		_, err := r.GetReport(ctx, visitor, x.ID)
		wantKind(t, err, fault.NotFound)
		_, err = r.step(officer, x.ID, StepReview, "")
		wantKind(t, err, fault.Forbidden) // who wrote it does not review it
		must[Report](t)(r.step(other, x.ID, StepReview, ""))
		_, err = r.step(other, x.ID, StepReturn, "")
		wantKind(t, err, fault.Invalid)
		must[Report](t)(r.step(other, x.ID, StepReturn, "改两个字"))
		detail := must[Detail](t)(r.GetReport(r.t.Context(), officer, x.ID))
		processtest.Again(t, d, func(key string) (Report, error) {
			return r.FireReport(ctx, leader, Step{ID: x.ID, Step: StepReview, Version: detail.Version, Key: key})
		})
		_, err = r.step(officer, x.ID, StepPublish, "")
		wantKind(t, err, fault.Forbidden)
		x = must[Report](t)(r.step(leader, x.ID, StepPublish, ""))
		if x.ReviewedBy != "leader" || x.PublishedBy != "leader" || x.PublishedUs == 0 {
			t.Errorf("published %+v", x)
		}
		_, err = r.UpdateReport(ctx, officer, Update{ID: x.ID, Title: "x", Text: "y", Version: x.Version})
		wantKind(t, err, fault.Conflict)
		_, err = r.Recompose(ctx, officer, x.ID, x.Version)
		wantKind(t, err, fault.Conflict)
		seen := must[Detail](t)(r.GetReport(ctx, visitor, x.ID))
		if !seen.Clean || len(seen.History) != 0 || seen.Creator+seen.ReviewedBy != "" || len(seen.Untold) != 0 {
			t.Errorf("a visitor sees %+v", seen.Check)
		}
		p := must[Proof](t)(r.GetFigure(ctx, visitor, x.ID, 27, db.PageReq{}))
		q := must[Proof](t)(r.GetFigure(ctx, leader, x.ID, 17, db.PageReq{}))
		point := must[Proof](t)(r.GetFigure(ctx, leader, x.ID, 1, db.PageReq{}))
		if p.Opens || len(p.Rows.Items) != 0 || !point.Opens || len(q.Rows.Items) != 1 {
			t.Errorf("behind the figures: %+v %+v", p, q)
		}
		_, err = r.GetFigure(ctx, visitor, x.ID, 99, db.PageReq{})
		wantKind(t, err, fault.NotFound)
		x = must[Report](t)(r.FileReport(ctx, officer, x.ID, x.Version))
		again := must[Report](t)(r.FileReport(ctx, officer, x.ID, x.Version))
		f := r.house.filed["report-"+x.ID]
		if x.Document == "" || again.Document != x.Document || !strings.HasPrefix(f.Text, x.Title+"\n2026年11月29日\n\n一、") {
			t.Errorf("filed as %q: %s", x.Document, f.Text)
		}
		x = must[Report](t)(r.step(leader, x.ID, StepWithdraw, "口径有误"))
		_, err = r.GetReport(ctx, visitor, x.ID)
		wantKind(t, err, fault.NotFound)
	})
}

// TestAsk refuses what nothing can be made of.
func TestAsk(t *testing.T) {
	t.Parallel()
	r := newRoom(t, dbtest.SQLite(t))
	for name, in := range map[string]NewReport{
		"form":   {Ask: Ask{Form: "poem", Region: "140100", Parts: []string{PartTasks}}},
		"region": {Ask: Ask{Form: Press, Region: "999999", Parts: []string{PartTasks}}},
		"parts":  {Ask: Ask{Form: Press, Region: "140100"}},
		"across": {Ask: Ask{Form: Press, Region: "140100", Parts: []string{PartPlaces, PartTasks}, Across: "i9"}},
		"period": {Ask: Ask{Form: Press, Region: "140100", Parts: []string{PartTasks}, Period: "now"}},
	} {
		_, err := r.CreateReport(t.Context(), officer, in)
		e, ok := fault.As(err)
		if !ok || len(e.Fields) == 0 || e.Fields[0].Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := r.CreateReport(t.Context(), leader, everything(Press))
	wantKind(t, err, fault.Forbidden)
}

// TestScope: what may be opened is what is listed.
func TestScope(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		r := newRoom(t, d)
		for _, public := range []bool{true, false} {
			for range 2 {
				in := everything(Press)
				in.Public = public
				x := must[Report](t)(r.CreateReport(t.Context(), officer, in))
				must[Report](t)(r.step(other, x.ID, StepReview, ""))
			}
			page := must[db.Page[Report]](t)(r.ListReports(t.Context(), officer, Filter{State: StateReviewed}, db.PageReq{}))
			must[Report](t)(r.step(leader, page.Items[0].ID, StepPublish, ""))
		}
		for _, role := range authz.Roles() {
			by := authz.Actor{Account: "acc-" + string(role), Login: string(role), Role: role, Via: authz.ViaSession}
			want := map[authz.Role]int{authz.Officer: 4, authz.Leader: 4, authz.Department: 2, authz.District: 2,
				authz.ChainOffice: 2, authz.SysAdmin: 0, authz.SecAdmin: 0, authz.Auditor: 0}
			n, listed := want[role]
			if !listed {
				n = 1
			}
			page := must[db.Page[Report]](t)(r.ListReports(t.Context(), by, Filter{}, db.PageReq{}))
			if len(page.Items) != n {
				t.Errorf("%s sees %d reports, want %d", role, len(page.Items), n)
			}
		}
	})
}

// TestEveryNumberHasAPublicPage: numbers of the text and of the table of districts lead to a page of the
// report itself, which a visitor of a public report may open, with the rows that the visitor may read.
func TestEveryNumberHasAPublicPage(t *testing.T) {
	t.Parallel()
	r := newRoom(t, dbtest.SQLite(t))
	ctx := t.Context()
	r.house.places[1] = Standing{Indicator: "i2", Name: "每万名就业人员中R&D人员", Unit: "人年",
		Place: "140106", Period: "2025", Value: "52", Qualifier: "=", AsOf: "2025-12-31"}
	in := everything(Bulletin)
	in.Public, in.Across = true, "i2"
	x := must[Report](t)(r.CreateReport(ctx, officer, in))
	must[Report](t)(r.step(other, x.ID, StepReview, ""))
	must[Report](t)(r.step(leader, x.ID, StepPublish, ""))
	d := must[Detail](t)(r.GetReport(ctx, visitor, x.ID))
	silent := d.Places[1]
	if silent.N <= MaxFigures || silent.Shown == "" || d.Places[0].N == 0 || d.Places[0].N > MaxFigures {
		t.Fatalf("districts %+v", d.Places)
	}
	links := 0
	for _, b := range d.Blocks(ctx) {
		runs := b.Runs
		if b.Table != nil {
			for _, row := range b.Table.Rows {
				runs = append(runs, row...)
			}
		}
		for _, run := range runs {
			if run.Href == "" {
				continue
			}
			links++
			if !strings.HasPrefix(run.Href, "/reports/"+x.ID+"/figures/") {
				t.Errorf("%q leads to %s", run.Text, run.Href)
			}
		}
	}
	if links < 28 {
		t.Errorf("%d numbers lead anywhere", links)
	}
	for _, n := range []int64{silent.N, d.Places[0].N} {
		p := must[Proof](t)(r.GetFigure(ctx, visitor, x.ID, n, db.PageReq{}))
		if p.Opens || !p.Listed || len(p.Rows.Items) != 0 || p.Value == "" || p.AsOf == "" || p.Way != WayCounted {
			t.Errorf("a visitor sees %+v", p)
		}
		if p = must[Proof](t)(r.GetFigure(ctx, leader, x.ID, n, db.PageReq{})); !p.Opens || len(p.Rows.Items) != 1 {
			t.Errorf("a leader sees %+v", p)
		}
	}
}

// Indicators that are in no set are told behind it when somebody asks for them; one without a value is refused.
func TestBeside(t *testing.T) {
	t.Parallel()
	r := newRoom(t, dbtest.SQLite(t))
	in := NewReport{Ask: Ask{Form: Press, Region: "140100", Parts: []string{PartIndicators}, Beside: []string{"i9"}}}
	x := must[Report](t)(r.CreateReport(t.Context(), officer, in))
	if !strings.HasSuffix(x.Text, "2026年1—9月，全市创新券兑付金额940万元。") && !strings.HasSuffix(x.Text,
		"2026年前三季度，全市创新券兑付金额940万元。") {
		t.Error(x.Text)
	}
	d := must[Detail](t)(r.GetReport(t.Context(), officer, x.ID))
	if f := d.Figures[len(d.Figures)-1]; f.Source.Indicator != "i9" || f.Value != "940" {
		t.Errorf("%+v", f)
	}
	in.Beside = []string{"i9", "unknown"}
	_, err := r.CreateReport(t.Context(), officer, in)
	wantKind(t, err, fault.Invalid)
	in.Beside = make([]string, MaxBeside+1)
	_, err = r.CreateReport(t.Context(), officer, in)
	wantKind(t, err, fault.Invalid)
	if _, err := r.ListBeside(t.Context(), authz.Actor{Role: authz.Public}, "", ""); err == nil {
		t.Error("a visitor is told what indicators there are")
	}
}
