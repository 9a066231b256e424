package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/processtest"
)

const sampleText = "今年，全市技术合同成交额力争达到228亿元，新增高新技术企业200家。\n" +
	"截至去年底，高新技术企业达到2150家，比2016年的321家增长26倍。\n" +
	"今年底前，推进轨道交通二号线建设，由市科技局牵头。"

// one returns the only statement of a kind and measure whose indicator is named.
func one(t *testing.T, list []plan.Statement, kind, measure, indicator string) plan.Statement {
	t.Helper()
	var out []plan.Statement
	for _, s := range list {
		if s.Kind == kind && s.Measure == measure && s.Indicator == indicator {
			out = append(out, s)
		}
	}
	if len(out) != 1 {
		t.Fatalf("%d statements of %s %s %s in %+v", len(out), kind, measure, indicator, list)
	}
	return out[0]
}

// TestReview goes from a text to a target and a task, and back where that is allowed.
func TestReview(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		doc := x.sampleDocument(t, sampleText)
		if doc.Number != "并科发〔2026〕12号" || doc.Reading != plan.ReadingDone || doc.Edition != 1 {
			t.Errorf("filed as %+v", doc)
		}
		list, err := x.Statements(ctx, officer, doc.ID)
		if err != nil || len(list) < 4 {
			t.Fatalf("%d statements (%v)", len(list), err)
		}
		for _, s := range list {
			if want := string([]rune(sampleText)[s.Start:s.End]); s.Quote != want {
				t.Errorf("quote %q is not the text's %q", s.Quote, want)
			}
		}
		_, err = x.FireDocument(ctx, officer, plan.Step{ID: doc.ID, Step: "finish", Version: 1})
		wantKind(t, err, fault.Conflict)

		n, err := x.AcceptClear(ctx, officer, doc.ID)
		if err != nil || n != int64(len(list)-1) {
			t.Fatalf("accepted %d of %d (%v), want all without a doubt", n, len(list), err)
		}
		doubt := one(t, list, plan.Fact, "growth", "高新技术企业")
		if !doubt.Doubtful() || doubt.Check != "doubt: "+doubt.CheckIn(i18n.ZH) ||
			doubt.ReasonIn(i18n.EN) == "" {
			t.Errorf("the doubt says %q, because %q", doubt.Check, doubt.ReasonIn(i18n.EN))
		}
		fixed := doubt.StatementData
		fixed.Value = "5.7"
		got, err := x.CorrectStatement(ctx, officer, plan.Correction{ID: doubt.ID,
			StatementData: fixed, Note: "按原文核对", Version: doubt.Version})
		if err != nil || got.State != plan.StatementCorrected || got.Value != "5.7" ||
			got.AsRead == nil || got.AsRead.Value != "26" {
			t.Fatalf("corrected to %+v (%v)", got, err)
		}
		_, err = x.UndoStatement(ctx, officer, plan.Undo{ID: doubt.ID, Version: doubt.Version})
		wantKind(t, err, fault.Conflict) // an old version
		got, err = x.UndoStatement(ctx, officer, plan.Undo{ID: doubt.ID, Version: got.Version})
		if err != nil || got.State != plan.StatementPending {
			t.Fatal(err)
		}
		if diff := cmp.Diff(doubt.StatementData, got.StatementData); diff != "" {
			t.Errorf("undone, it says (-read +now):\n%s", diff)
		}
		_, err = x.DecideStatement(ctx, officer, plan.Decision{ID: doubt.ID, Version: got.Version,
			Note: "口径不一"})
		if err != nil {
			t.Fatal(err)
		}
		x.makeTargetAndTask(t, doc, list, doubt.ID)
	})
}

// makeTargetAndTask goes on from confirmed statements.
func (x *lab) makeTargetAndTask(
	t *testing.T, doc plan.Document, list []plan.Statement, rejected string,
) {
	t.Helper()
	ctx := t.Context()
	rail := one(t, list, plan.TaskKind, "", "轨道交通二号线建设")
	amount, err := x.GetStatement(ctx, officer, one(t, list, plan.TargetKind, "level", "技术合同成交额").ID)
	if err != nil {
		t.Fatal(err)
	}
	linked, err := x.LinkIndicator(ctx, officer, plan.Linking{Statement: amount.ID,
		Version: amount.Version, New: &plan.NewIndicator{IndicatorData: plan.IndicatorData{
			Name: "技术合同成交额", Unit: "亿元", Direction: "up", Additive: true}}})
	if err != nil || linked.Definition == "" {
		t.Fatalf("linked to %q (%v)", linked.Definition, err)
	}
	in, err := x.DraftTarget(ctx, officer, amount.ID)
	if err != nil {
		t.Fatal(err)
	}
	target, err := x.CreateTarget(ctx, officer, in)
	if err != nil || target.Value != "228" || target.Op != "=" || target.Name != "技术合同成交额" {
		t.Fatalf("target %+v (%v)", target, err)
	}
	same, err := x.SimilarTargets(ctx, officer, in.TargetData)
	if err != nil || len(same) != 1 || !same[0].Same || same[0].Target.ID != target.ID {
		t.Errorf("similar targets %+v (%v)", same, err)
	}
	_, err = x.UndoStatement(ctx, officer, plan.Undo{ID: amount.ID, Version: linked.Version})
	wantKind(t, err, fault.Conflict) // a target stands on it
	_, err = x.DecideStatement(ctx, officer, plan.Decision{ID: amount.ID, Version: linked.Version})
	wantKind(t, err, fault.Conflict)

	draft, err := x.DraftTask(ctx, officer, rail.ID)
	if err != nil {
		t.Fatal(err)
	}
	if draft.Title != "推进轨道交通二号线建设" || draft.DueUs != day("2026-12-31") {
		t.Errorf("draft of a task %+v", draft)
	}
	draft.Ledger, draft.Lead, draft.Targets = x.ledger(t).ID, x.bureau(t), []string{target.ID}
	task := x.createTask(t, draft)
	detail, err := x.GetTask(ctx, officer, task.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := []plan.Source{{Kind: "task", Object: task.ID, Statement: rail.ID, Document: doc.ID,
		Title: doc.Title, Number: doc.Number, Start: rail.Start, End: rail.End,
		Quote: "推进轨道交通二号线建设", Readable: true}}
	if diff := cmp.Diff(want, detail.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	if len(detail.Goals) != 1 || detail.Goals[0].ID != target.ID {
		t.Errorf("goals %+v", detail.Goals)
	}
	// The doubtful statement was rejected, so nothing comes from it.
	draft.Title, draft.Statements = "另一项", []string{rejected}
	_, err = x.CreateTask(ctx, officer, draft)
	wantFields(t, err, "statements")
	d, err := x.GetDocument(ctx, officer, doc.ID)
	if err != nil {
		t.Fatal(err)
	}
	done := processtest.Again(t, x.db, func(key string) (plan.Document, error) {
		return x.FireDocument(ctx, officer, plan.Step{ID: doc.ID, Step: "finish", Version: d.Version, Key: key})
	})
	if done.State != plan.DocumentReviewed {
		t.Fatal(done.State)
	}
	_, err = x.LinkIndicator(ctx, officer, plan.Linking{Statement: amount.ID, Version: linked.Version})
	wantKind(t, err, fault.Conflict) // the review is finished
}

// TestAddByHand marks words of a text.
func TestAddByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		doc := x.sampleDocument(t, sampleText)
		in := plan.NewStatement{Document: doc.ID, Start: 3, End: 12, StatementData: plan.StatementData{
			Kind: plan.TargetKind, Indicator: "技术合同成交额", Measure: "level", Op: ">=", Value: "２２８.0",
			Unit: "亿元"}}
		s, err := x.AddStatement(ctx, officer, in)
		if err != nil || s.State != plan.StatementAccepted || s.Value != "228" ||
			s.Quote != string([]rune(sampleText)[3:12]) || s.Origin != plan.OriginHand {
			t.Fatalf("added %+v (%v)", s, err)
		}
		for name, c := range map[string]struct {
			change func(*plan.NewStatement)
			fields []string
		}{
			"outside":     {func(s *plan.NewStatement) { s.End = 10_000 }, []string{"start"}},
			"backwards":   {func(s *plan.NewStatement) { s.Start, s.End = 9, 9 }, []string{"start"}},
			"no number":   {func(s *plan.NewStatement) { s.Value = "" }, []string{"value"}},
			"no such op":  {func(s *plan.NewStatement) { s.Op = "!" }, []string{"op"}},
			"too precise": {func(s *plan.NewStatement) { s.Value = "1.123456789" }, []string{"value"}},
			"a period that ends before it begins": {func(s *plan.NewStatement) {
				s.From, s.To = "2026-12-31", "2026-01-01"
			}, []string{"to"}},
			"no phrase, no kind": {func(s *plan.NewStatement) { s.Indicator, s.Kind = "", "x" },
				[]string{"kind", "indicator"}},
		} {
			t.Run(name, func(t *testing.T) {
				bad := in
				c.change(&bad)
				_, err := x.AddStatement(ctx, officer, bad)
				wantFields(t, err, c.fields...)
			})
		}
		if err := x.RemoveStatement(ctx, officer, s.ID, s.Version); err != nil {
			t.Fatal(err)
		}
		list, err := x.Statements(ctx, officer, doc.ID)
		if err != nil || slices.ContainsFunc(list, func(o plan.Statement) bool { return o.ID == s.ID }) {
			t.Errorf("it is still there (%v)", err)
		}
		_, err = x.GetStatement(ctx, officer, s.ID)
		wantKind(t, err, fault.NotFound)
		err = x.RemoveStatement(ctx, officer, list[0].ID, list[0].Version)
		wantKind(t, err, fault.Conflict) // it was read
	})
}

// TestEditions files a new edition: the old one is superseded, its statements and what came from
// them stay.
func TestEditions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		first := x.sampleDocument(t, sampleText)
		in := plan.NewDocument{DocumentData: first.DocumentData, Text: sampleText + "修订。",
			Replaces: first.ID}
		next, err := x.CreateDocument(ctx, officer, in)
		if err != nil || next.Edition != 2 || next.Series != first.ID {
			t.Fatalf("filed as edition %d of %s (%v)", next.Edition, next.Series, err)
		}
		old, err := x.GetDocument(ctx, officer, first.ID)
		if err != nil || old.State != plan.DocumentSuperseded || old.SupersededBy != next.ID ||
			len(old.Editions) != 2 {
			t.Errorf("the old edition is %s by %q of %d (%v)", old.State, old.SupersededBy,
				len(old.Editions), err)
		}
		if list, err := x.Statements(ctx, officer, first.ID); err != nil || len(list) < 4 {
			t.Errorf("the old edition has %d statements (%v)", len(list), err)
		}
		_, err = x.CreateDocument(ctx, officer, in)
		wantFields(t, err, "replaces")
		page, err := x.ListDocuments(ctx, officer, plan.DocumentFilter{Latest: true}, "", db.PageReq{})
		if err != nil || len(page.Items) != 1 || page.Items[0].ID != next.ID {
			t.Errorf("the latest are %d (%v)", len(page.Items), err)
		}
	})
}

// TestDocumentInput sends what is wrong and expects words at the fields.
func TestDocumentInput(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		good := plan.NewDocument{DocumentData: plan.DocumentData{Title: "要点", Kind: "plan",
			Region: "140100", Day: "2026-03-01"}, Text: "正文"}
		for name, c := range map[string]struct {
			change func(*plan.NewDocument)
			fields []string
		}{
			"nothing": {func(d *plan.NewDocument) { *d = plan.NewDocument{} },
				[]string{"text", "title", "kind", "region", "day"}},
			"both":       {func(d *plan.NewDocument) { d.File = file("a.txt", "x") }, []string{"text"}},
			"long text":  {func(d *plan.NewDocument) { d.Text = strings.Repeat("字", 200_001) }, []string{"text"}},
			"number":     {func(d *plan.NewDocument) { d.Number = "并科发12号" }, []string{"number"}},
			"number 012": {func(d *plan.NewDocument) { d.Number = "并科发〔2026〕012号" }, []string{"number"}},
			"day":        {func(d *plan.NewDocument) { d.Day = "2026-02-30" }, []string{"day"}},
			"region":     {func(d *plan.NewDocument) { d.Region = "1401" }, []string{"region"}},
			"empty file": {func(d *plan.NewDocument) { d.Text, d.File = "", file("a.txt", "") }, []string{"file"}},
			"blank file": {func(d *plan.NewDocument) { d.Text, d.File = "", file("a.txt", " \n ") }, []string{"file"}},
			"large file": {func(d *plan.NewDocument) {
				d.Text, d.File = "", file("a.txt", strings.Repeat("字", 2<<20))
			}, []string{"file"}},
			"a program": {func(d *plan.NewDocument) { d.Text, d.File = "", file("a.txt", "MZ\x00\x01") },
				[]string{"file"}},
		} {
			t.Run(name, func(t *testing.T) {
				bad := good
				c.change(&bad)
				_, err := x.CreateDocument(ctx, officer, bad)
				wantFields(t, err, c.fields...)
			})
		}
		if page, err := x.ListDocuments(ctx, officer, plan.DocumentFilter{}, "", db.PageReq{}); err != nil ||
			len(page.Items) != 0 {
			t.Errorf("%d documents were filed (%v)", len(page.Items), err)
		}
		for _, by := range []authz.Actor{visitor, leader, staff("x")} {
			_, err := x.CreateDocument(ctx, by, good)
			if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s filed a document: %v", by.Role, err)
			}
		}
		doc, err := x.CreateDocument(ctx, officer, good)
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range []authz.Actor{visitor, staff("x")} {
			_, hidden := x.GetDocument(ctx, by, doc.ID)
			_, absent := x.GetDocument(ctx, by, id.New())
			if !fault.Is(hidden, fault.NotFound) || hidden.Error() != absent.Error() {
				t.Errorf("hidden answers %v, absent %v", hidden, absent)
			}
		}
	})
}

func file(name, content string) *plan.FileInput {
	return &plan.FileInput{Name: name, Content: strings.NewReader(content)}
}

// TestSuggest links phrases to indicators that are called alike.
func TestSuggest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		for _, name := range []string{"技术合同成交额", "高新技术企业数", "研发经费投入强度", "空气质量优良天数"} {
			_, err := x.CreateIndicator(ctx, officer, plan.NewIndicator{IndicatorData: plan.IndicatorData{
				Name: name, Unit: "个", Direction: "up", Additive: true}})
			if err != nil {
				t.Fatal(err)
			}
		}
		for phrase, want := range map[string]string{
			"全市技术合同成交额": "技术合同成交额", "技术合同成交金额": "技术合同成交额", "高新技术企业": "高新技术企业数",
			"研发投入强度": "研发经费投入强度", "轨道交通建设": "",
		} {
			list, err := x.SuggestIndicators(ctx, officer, phrase)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(list) > 0 {
				got = list[0].Indicator.Name
			}
			if got != want {
				t.Errorf("%s: suggests %q, want %q", phrase, got, want)
			}
		}
		_, err := x.CreateIndicator(ctx, officer, plan.NewIndicator{IndicatorData: plan.IndicatorData{
			Name: "全市 技术合同成交额", Unit: "亿元", Direction: "up"}})
		wantFields(t, err, "name")
		_, err = x.SuggestIndicators(ctx, visitor, "x")
		wantKind(t, err, fault.Forbidden)
	})
}

// TestDropIn files a notice by its file alone: what it says of itself fills in its record.
func TestDropIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		text := "太原市科学技术局\n关于印发2026年科技工作要点的通知\n并科发〔2026〕12号\n\n各有关单位：\n" +
			"今年，全市技术合同成交额力争达到228亿元。\n太原市科学技术局\n2026年3月1日\n"
		for name, content := range map[string]string{
			"要点.txt":  text,
			"要点.html": "<html><body><p>" + strings.ReplaceAll(text, "\n", "</p><p>") + "</p></body></html>",
		} {
			doc, err := x.CreateDocument(ctx, officer, plan.NewDocument{
				DocumentData: plan.DocumentData{Region: "140100"}, File: file(name, content)})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			want := plan.DocumentData{Title: doc.Title, Kind: doc.Kind, Number: "并科发〔2026〕12号",
				Issuer: "太原市科学技术局", Region: "140100", Day: "2026-03-01"}
			if name == "要点.html" { // a page without a date of its own: the signature is no article
				want.Day = doc.Day
			}
			if diff := cmp.Diff(want, doc.DocumentData); diff != "" || !strings.Contains(doc.Title, "要点") {
				t.Errorf("%s: filed as %q (-want +got):\n%s", name, doc.Title, diff)
			}
			got, err := x.GetDocument(ctx, officer, doc.ID)
			if err != nil || len(got.Files) != 1 || got.Files[0].Type != blob.Text ||
				got.Counts[plan.StatementPending] != 1 {
				t.Errorf("%s: kept %+v, statements %v (%v)", name, got.Files, got.Counts, err)
			}
			_, content, err := x.blobs.Read(ctx, visitor, doc.File)
			wantKind(t, err, fault.NotFound)
			if content != nil {
				t.Error("a visitor got the file")
			}
		}
	})
}
