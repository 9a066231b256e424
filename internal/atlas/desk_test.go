package atlas

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// rawCorrection stores corrections that stand where a test wants them.
func rawCorrection(ctx context.Context, tx *unit.Tx, id, state, by, place string) error {
	tx.Audit(audit.Entry{Kind: "test", What: "create"})
	err := db.ExecOne(ctx, tx.Tx, qCorrectionAdd, id, id, "", "", "对象", place, "", "other", "不对", "", tx.NowUs(),
		by, by)
	if err == nil && state != Submitted {
		_, err = db.Exec(ctx, tx.Tx, qCorrectionMove, state, tx.NowUs(), id, Submitted, int64(1))
	}
	return err
}

func TestCorrectionProcess(t *testing.T) {
	acts := func(account string, role authz.Role, place string) authz.Actor {
		return authz.Actor{Account: account, Role: role, Region: place, Via: authz.ViaSession}
	}
	processtest.Exhaust(t, CorrectionProcess, processtest.Setup[Correction]{
		Actors: []processtest.Actor{{Name: "reporter", By: acts("acc-r", authz.Enterprise, "")},
			{Name: "officer", By: acts("acc-o", authz.Officer, "")},
			{Name: "its district", By: acts("acc-d", authz.District, "140105")},
			{Name: "other district", By: acts("acc-x", authz.District, "140106")}},
		Cases: []processtest.Case{{Name: "a correction", Create: func(
			ctx context.Context, tx *unit.Tx, state string) (string, error) {
			return "c", rawCorrection(ctx, tx, "c", state, "acc-r", "140105")
		}}},
		Input: func(string, Correction) process.Input { return process.Input{Reason: "已核实"} },
	})
}

// Lists show exactly the corrections, views and outlines that May allows.
func TestScopeEqualsMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(4, 2))
		var list []Correction
		var views []View
		err := dbtest.Unit(t, d).Write(ctx, official, "fill", func(tx *unit.Tx) error {
			for i := range 20 {
				id := fmt.Sprint("c", i)
				err := rawCorrection(ctx, tx, id, Submitted, pick(r, []string{"acc-1", "acc-2", ""}),
					pick(r, []string{"140105", "140106", ""}))
				if err != nil {
					return err
				}
				c, err := correctionByID(ctx, tx, id)
				if err != nil {
					return err
				}
				list = append(list, c)
				err = db.ExecOne(ctx, tx.Tx, qViewAdd, id, "n", "", "", "", r.IntN(2) == 0, tx.NowUs(),
					pick(r, []string{"acc-1", "acc-2"}))
				if err != nil {
					return err
				}
				v, err := viewByID(ctx, tx, id)
				if err != nil {
					return err
				}
				views = append(views, v)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		actors := authztest.Actors(r.IntN, 8, authztest.Pool{Accounts: []string{"acc-1", "acc-2", "x"},
			Regions: []string{"140105", "140100", "14010"}, Actions: CorrectionPolicy.Actions()})
		authztest.ScopeEqualsMay(t, authztest.Proof[Correction]{Policy: CorrectionPolicy, Objects: list,
			ID: func(c Correction) string { return c.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return corrections.CountBy(ctx, d, "c.id", w) }})
		authztest.ScopeEqualsMay(t, authztest.Proof[View]{Policy: ViewPolicy, Objects: views,
			ID: func(v View) string { return v.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return viewList.CountBy(ctx, d, "v.id", w) }})
		authztest.OrderIsPicked(t, allNodes)
	})
}

// A visitor follows a correction by its receipt, of which only a hash is kept; who has an account is told.
func TestReport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		ctx := t.Context()
		o := x.org("太原某某公司", "enterprise", "140105", official)
		x.follow()
		_, err := x.Report(ctx, visitor, NewCorrection{What: "colour", Page: "//evil"})
		if e, ok := fault.As(err); !ok || len(e.Fields) != 3 {
			t.Errorf("a wrong report: %v", err)
		}
		c, err := x.Report(ctx, visitor, NewCorrection{Node: o.ID, What: "name", Text: "应为太原某某股份公司"})
		x.ok(err)
		if c.Receipt == "" || c.Title != o.Name || c.Region != "140105" || !strings.HasPrefix(c.Code, "JC-2026-") {
			t.Errorf("%+v", c)
		}
		seen, err := x.OpenReceipt(ctx, c.Receipt)
		if err != nil || seen.ID != c.ID || len(seen.Running) != 1 || seen.Running[0].DueUs == 0 {
			t.Errorf("%+v, %v", seen, err)
		}
		for _, receipt := range []string{"", "x", c.ID, c.Receipt + "x"} {
			if _, err := x.OpenReceipt(ctx, receipt); !fault.Is(err, fault.NotFound) {
				t.Errorf("receipt %q: %v", receipt, err)
			}
		}
		if _, err := x.GetCorrection(ctx, visitor, c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a visitor without the receipt: %v", err)
		}
		_, err = x.FireCorrection(ctx, official, CorrectionStep{ID: c.ID, Step: StepCorrect, Reason: "x", Version: 1})
		if err == nil {
			t.Error("corrected before it was taken on")
		}
		firm := authz.Actor{Account: "acc-f", Login: "f", Role: authz.Enterprise, Via: authz.ViaSession}
		mine, err := x.Report(ctx, firm, NewCorrection{Region: "140105", What: "number", Text: "少一家"})
		x.ok(err)
		if mine.Receipt != "" || mine.Title == "" {
			t.Errorf("%+v", mine)
		}
		done := mine.Correction
		for _, step := range []string{StepAccept, StepCorrect} {
			in := CorrectionStep{ID: mine.ID, Step: step, Reason: "已更正，见主体库", Version: done.Version}
			done = processtest.Again(t, d, func(key string) (Correction, error) {
				in.Key = key
				return x.FireCorrection(ctx, official, in)
			})
		}
		if done.State != Corrected || done.Answer != "已更正，见主体库" || done.Handler != official.Account {
			t.Errorf("%+v", done)
		}
		x.told(mine.ID, "acc-f")
		// A citizen with an account is like others who have one.
		citizen := authz.Actor{Account: "acc-c", Login: "c", Role: authz.Public, Via: authz.ViaSession}
		own, err := x.Report(ctx, citizen, NewCorrection{Region: "140105", What: "number", Text: "少一家"})
		x.ok(err)
		if _, err := x.GetCorrection(ctx, citizen, own.ID); err != nil {
			t.Errorf("a citizen reads its own: %v", err)
		}
		if _, err := x.GetCorrection(ctx, citizen, mine.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a citizen reads another's: %v", err)
		}
		if list, err := x.ListCorrections(ctx, citizen, CorrectionFilter{}, db.PageReq{}); err != nil || len(list.Items) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		if list, err := x.ListCorrections(ctx, visitor, CorrectionFilter{}, db.PageReq{}); err != nil || len(list.Items) != 0 {
			t.Errorf("a visitor lists %+v, %v", list, err)
		}
		_, err = x.FireCorrection(ctx, citizen, CorrectionStep{ID: own.ID, Step: StepWithdraw, Version: own.Version})
		x.ok(err)
	})
}

// told proves that a step is told to an account, in words.
func (x *world) told(id, account string) {
	x.Helper()
	var list []notify.Notice
	err := x.db.Write(x.Context(), func(tx *db.Tx) error {
		var err error
		list, err = movedNotices(x.Context(), tx, outbox.Stored{Object: id, Data: []byte(`"correct"`)})
		return err
	})
	x.ok(err)
	if len(list) != 1 || len(list[0].To) != 1 || list[0].To[0].Account != account {
		x.Fatalf("%+v", list)
	}
	if text := i18n.Text(i18n.ZH, list[0].Title.Key, list[0].Title.Args...); !strings.Contains(text, "已更正") {
		x.Errorf("notice %q", text)
	}
}

// A token opens what it was made for, for visitors, until it is taken back; it is stored nowhere.
func TestShare(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		ctx := t.Context()
		v, err := x.CreateView(ctx, official, ViewInput{ViewData: ViewData{Name: "碳基", Cluster: "碳基新材料",
			Query: "六新:新材料 碳", Public: true}})
		x.ok(err)
		leader := authz.Actor{Account: "acc-l", Role: authz.Leader, Via: authz.ViaSession}
		if _, err := x.CreateView(ctx, leader, ViewInput{ViewData: ViewData{Name: "x", Public: true}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a leader publishes: %v", err)
		}
		own, err := x.CreateView(ctx, leader, ViewInput{ViewData: ViewData{Name: "我的"}})
		x.ok(err)
		for _, other := range []authz.Actor{visitor, official} {
			if _, err := x.GetView(ctx, other, own.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s reads an own view: %v", other.EffectiveRole(), err)
			}
		}
		firm := authz.Actor{Account: "acc-f", Role: authz.Enterprise, Via: authz.ViaSession}
		if _, err := x.CreateView(ctx, firm, ViewInput{ViewData: ViewData{Name: "x"}}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a firm saves a view: %v", err)
		}
		colleague := authz.Actor{Account: "acc-o2", Role: authz.Officer, Via: authz.ViaSession}
		in := ViewInput{ID: v.ID, ViewData: v.ViewData, Version: v.Version}
		if v, err = x.UpdateView(ctx, colleague, in); err != nil {
			t.Errorf("another officer changes what is public: %v", err)
		}
		for _, in := range []NewShare{{Kind: "x", Note: "n"}, {Kind: ShareEmbed}, {Kind: ShareEmbed, Note: "n", View: own.ID},
			{Kind: ShareEmbed, Note: "n", Hosts: []string{"https://a.cn/path"}},
			{Kind: ShareEmbed, Note: "n", Hosts: []string{"*"}}, {Kind: ShareEmbed, Note: "n", Hosts: []string{"https://a.cn; script-src *"}},
			{Kind: ShareEmbed, Note: "n", Hosts: []string{"'self'"}}} {
			if _, err := x.AddShare(ctx, official, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", in, err)
			}
		}
		s, err := x.AddShare(ctx, official, NewShare{Kind: ShareEmbed, View: v.ID, Note: "合作网站",
			Hosts: []string{"https://WWW.Example.cn/"}, Key: "k"})
		x.ok(err)
		again, err := x.AddShare(ctx, official, NewShare{Kind: ShareEmbed, View: v.ID, Note: "合作网站",
			Hosts: []string{"https://WWW.Example.cn/"}, Key: "k"})
		if err != nil || again.ID != s.ID || again.Token != "" {
			t.Errorf("the same again: %+v, %v", again, err)
		}
		o, by, err := x.OpenShare(ctx, ShareEmbed, s.Token)
		if err != nil || by.EffectiveRole() != authz.Public || o.Name != "碳基" || o.Hosts[0] != "https://www.example.cn" ||
			len(o.Query.Six) != 1 {
			t.Errorf("%+v as %+v, %v", o, by, err)
		}
		for _, c := range [][2]string{{ShareScreen, s.Token}, {ShareEmbed, ""}, {ShareEmbed, s.ID}, {ShareEmbed, hashOf(s.Token)}} {
			if _, _, err := x.OpenShare(ctx, c[0], c[1]); !fault.Is(err, fault.NotFound) {
				t.Errorf("%v opens: %v", c, err)
			}
		}
		authztest.EndsWith(t, "an address", func() error { _, _, err := x.OpenShare(ctx, ShareEmbed, s.Token); return err },
			func() error { return x.EndShare(ctx, official, s.ID, s.Version) })
		s, err = x.AddShare(ctx, official, NewShare{Kind: ShareScreen, View: v.ID, Note: "大厅"})
		x.ok(err)
		x.ok(x.DropView(ctx, official, v.ID, v.Version))
		if _, _, err := x.OpenShare(ctx, ShareScreen, s.Token); !fault.Is(err, fault.NotFound) {
			t.Errorf("a view that is gone: %v", err)
		}
	})
}

// box is a district as a square of its own.
func box(code, name string, x float64) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"adcode":"%s","name":"%s"},"geometry":{"type":"Polygon",
		"coordinates":[[[%[3]f,37.7],[%[4]f,37.7],[%[4]f,37.8],[%[3]f,37.8],[%[3]f,37.7]]]}}`, code, name, x, x+0.1)
}

func boxes(list ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(list, ",") + `]}`
}

// Outlines are checked against the list of codes and drawn with their approval number; newer ones take
// the place of older ones.
func TestBoundary(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		ctx := t.Context()
		data := BoundaryData{Name: "区县边界", Approval: "晋S(2023)005号", Source: "市自然资源局", Day: "2026-01-01"}
		for text, want := range map[string]string{
			boxes(box("140105", "迎泽区", 112.5)):                        "在代码表中是“小店区”",
			boxes(box("140199", "", 112.5)):                           "不在现行代码表中",
			boxes(box("140100", "", 112.5)):                           "不是县级行政区划代码",
			boxes(box("<script>", "", 112.5)):                         "不是县级行政区划代码",
			boxes(box("140105", "", 112.5), box("140403", "", 112.6)): "不止一个市",
			boxes(box("140105", "", 212.5)):                           "中国范围以外",
			`{"type":"FeatureCollection","features":[]}`:              "没有要素",
			"not json": "不是 GeoJSON",
		} {
			_, err := x.ImportBoundary(ctx, official, NewBoundary{BoundaryData: data, File: strings.NewReader(text)})
			e, ok := fault.As(err)
			if !ok || len(e.Fields) != 1 || e.Fields[0].Name != "file" ||
				!strings.Contains(i18n.Text(i18n.ZH, e.Fields[0].Key, e.Fields[0].Args...), want) {
				t.Errorf("%.80s: %v, want %s", text, err, want)
			}
		}
		bad := data
		bad.Approval, bad.Day = "无", "2030-01-01"
		_, err := x.ImportBoundary(ctx, official, NewBoundary{BoundaryData: bad})
		if e, ok := fault.As(err); !ok || len(e.Fields) != 3 {
			t.Errorf("%v", err)
		}
		_, err = x.ImportBoundary(ctx, visitor, NewBoundary{BoundaryData: data, File: strings.NewReader("")})
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("a visitor imports: %v", err)
		}
		x.draft(data)
		var squares []string
		for i, c := range x.Districts("140100") {
			squares = append(squares, box(string(c), "", 112+float64(i)/5))
		}
		good := boxes(squares...)
		first, err := x.ImportBoundary(ctx, official, NewBoundary{BoundaryData: data, File: strings.NewReader(good)})
		x.ok(err)
		var second Boundary
		for range 2 { // with one key there is one more
			second, err = x.ImportBoundary(ctx, official, NewBoundary{BoundaryData: data,
				File: strings.NewReader(good), Key: "k"})
			x.ok(err)
		}
		g, err := x.GroundOf(ctx, "140100")
		if err != nil || g.ID != second.ID || len(g.Shapes) != 10 || g.Approval != data.Approval || g.Shapes[0].Path == "" {
			t.Errorf("%+v, %v", g, err)
		}
		page, err := x.ListBoundaries(ctx, official, db.PageReq{})
		if err != nil || len(page.Items) != 3 || page.Items[1].Current || len(page.Items[1].Missing) != 0 {
			t.Errorf("%+v, %v", page, err)
		}
		_, err = x.UseBoundary(ctx, official, first.ID, true, first.Version)
		if !fault.Is(err, fault.Conflict) { // it was retired since
			t.Errorf("an old version: %v", err)
		}
		_, err = x.UseBoundary(ctx, official, first.ID, true, page.Items[1].Version)
		x.ok(err)
		if g, err = x.GroundOf(ctx, "140100"); err != nil || g.ID != first.ID {
			t.Errorf("%+v, %v", g, err)
		}
	})
}

// draft proves that outlines of some districts are kept and change no map, and say which are missing.
func (x *world) draft(data BoundaryData) {
	x.Helper()
	ctx := x.Context()
	b, err := x.ImportBoundary(ctx, official, NewBoundary{BoundaryData: data,
		File: strings.NewReader(boxes(box("140105", "小店区", 112.5)))})
	x.ok(err)
	if g, err := x.GroundOf(ctx, "140100"); err != nil || len(g.Shapes) != 0 || b.Current || len(b.Missing) != 9 {
		x.Errorf("one district: %+v drawn as %+v, %v", b, g, err)
	}
	_, err = x.UseBoundary(ctx, official, b.ID, true, b.Version)
	e, ok := fault.As(err)
	if !ok || len(e.Fields) != 1 {
		x.Fatalf("one district is used: %v", err)
	}
	text := i18n.Text(i18n.ZH, e.Fields[0].Key, e.Fields[0].Args...)
	if !strings.Contains(text, "还缺 9 个区县") || !strings.Contains(text, "迎泽区 140106") {
		x.Errorf("%s", text)
	}
	list, err := x.ListBoundaries(ctx, official, db.PageReq{})
	if err != nil || len(list.Items) != 1 || len(list.Items[0].Missing) != 9 {
		x.Errorf("%+v, %v", list, err)
	}
}

var (
	qBenchOrg = db.Stmt(`INSERT INTO org (id, name, name_en, name_key, name_sort, uscc, kind, region, industry,
			standing, founded, legal_person, capital_fen, website, summary, state, merged_into, state_before,
			created_us, created_by, updated_us, version, num)
		VALUES ($1, $2, '', $2, $2, '', $3, $4, $5, 'active', '', '', 0, '', '', 'verified', '', '', $6, '', $6, 1, $7)`)
)

// BenchmarkOverview is a city of 12,000 organisations and 7,500 posts, counted anew each time and listed,
// as a visitor sees it.
func BenchmarkOverview(b *testing.B) {
	d := dbtest.SQLite(b)
	x := newWorld(b, d)
	ctx, r := b.Context(), rand.New(rand.NewPCG(1, 1))
	for range 20 {
		x.org(fmt.Sprint("高校", len(x.orgs)), "university", "140105", official)
	}
	x.post(r, 7500)
	var rows [][]any
	var refs []ref
	for i := range 12_000 {
		id := fmt.Sprintf("org-%05d", i)
		refs = append(refs, ref{Org, id})
		rows = append(rows, []any{id, fmt.Sprintf("太原碳纤维材料%d有限公司", i), pick(r, orgKinds),
			string(pick(r, testPlaces)), pick(r, []string{"C30", "I65", "C34", ""}), int64(1_700_000_000_000_000 + i), int64(i + 1000)})
	}
	x.ok(d.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.InsertMany(ctx, tx, qBenchOrg, rows); err != nil {
			return err
		}
		for i := 0; i < len(refs); i += 500 {
			if err := projectNow(ctx, tx, refs[i:i+500], 1_790_000_000_000_000); err != nil {
				return err
			}
		}
		return nil
	}))
	x.follow()
	b.Run("overview", func(b *testing.B) {
		for b.Loop() {
			x.cubes = newCubes()
			if o, err := x.Overview(ctx, visitor, Query{}); err != nil || o.Total < 12_000 {
				b.Fatal(o.Total, err)
			}
		}
	})
	b.Run("kept", func(b *testing.B) {
		for b.Loop() {
			if _, err := x.Overview(ctx, visitor, Query{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			if _, err := x.ListNodes(ctx, visitor, Query{}, "", db.PageReq{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("words", func(b *testing.B) {
		for b.Loop() {
			q := Query{Words: []string{"碳纤维"}, Regions: nil, Six: []string{"material"}}
			if _, err := x.ListNodes(ctx, visitor, q, "title", db.PageReq{}); err != nil {
				b.Fatal(err)
			}
			if _, err := x.CountNodes(ctx, visitor, q); err != nil {
				b.Fatal(err)
			}
		}
	})
}
