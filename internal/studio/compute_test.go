package studio

import (
	"bytes"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

func checked(t testing.TB, c Content) Content {
	t.Helper()
	var f faults
	c.check("示范", &f)
	if err := f.err(); err != nil {
		t.Fatal(err)
	}
	return c
}

// What the address of the page says is what was chosen.
func TestAddress(t *testing.T) {
	c := checked(t, sample(6, 3, 3))
	want := Usual(c)
	want.Norm, want.Scale, want.Means[1] = "minmax", "1-100", "geometric"
	want.Weigh = []string{weighOwn, weighAHP}
	want = want.Fit(c)
	want.Pairs[rootCode] = "3,1/5,9"
	want.Own["G0.1"] = 2.5
	want.Vary = []string{"leave", "means"}
	got := ReadChoices(want.Values(), Usual(c)).Fit(c)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(Usual(c), ReadChoices(url.Values{"unit": {"x"}}, Usual(c))); d != "" {
		t.Error(d)
	}
	var f faults
	bad := ReadChoices(url.Values{"set": {"1"}, "norm": {"x"}, "w1": {"own"}, "own.G0.1": {"-"}, "runs": {"9999"},
		"w2": {"ahp"}, "p." + rootCode + ".0": {"12"}}, Usual(c)).Fit(c)
	bad.check(c, &f)
	var at []string
	for _, e := range f {
		at = append(at, e.Name)
	}
	slices.Sort(at)
	if d := cmp.Diff([]string{"norm", "own.G0.1", "p." + rootCode + ".0", "runs"}, at); d != "" {
		t.Error(d)
	}
}

// Judgements 3, 5, 3 of three groups have the weights of the textbook and a ratio of 0.03.
func TestJudgements(t *testing.T) {
	c := checked(t, sample(6, 3, 3))
	x := Usual(c)
	x.Weigh[1] = weighAHP
	x = x.Fit(c)
	x.Pairs[rootCode] = "3,5,3"
	b, err := x.build(c)
	if err != nil {
		t.Fatal(err)
	}
	o := &Outcome{Choices: x, content: c, build: b}
	j, ok := o.JudgedOf(rootCode)
	if !ok || math.Abs(j.Weights[0]-0.637) > 1e-3 || math.Abs(j.Weights[2]-0.105) > 1e-3 ||
		math.Abs(j.Consistency-0.033) > 1e-3 {
		t.Errorf("%+v", j)
	}
	if w := b.Tree.EffectiveWeights()["G0"]; math.Abs(w-j.Weights[0]) > 1e-12 {
		t.Errorf("weight %v is used, %v judged", w, j.Weights[0])
	}
}

// The steps of a unit's numbers lead to its score.
func TestStepsAddUp(t *testing.T) {
	c := checked(t, sample(30, 4, 5))
	c.Values[3][0] = "9999" // to be drawn in
	b, err := Usual(c).build(c)
	if err != nil {
		t.Fatal(err)
	}
	o := &Outcome{Choices: Usual(c), content: c, build: b}
	o.fill()
	drawn, filled := 0, 0
	for _, row := range o.Rows {
		p, ok := o.Profile(row.Unit)
		if !ok || !p.Sum {
			t.Fatal(row.Unit)
		}
		var sum, groups float64
		for _, x := range p.Cells {
			sum += *x.Part
			if x.Drawn != (*x.Treated != *x.Present) {
				t.Errorf("%s %+v", row.Unit, x)
			}
			if x.Raw == "9999" && row.Unit == "U003" && x.Drawn && *x.Treated < 9999 {
				drawn++
			}
			if x.Filled {
				filled++
				if x.Raw != "" || x.Present == nil {
					t.Errorf("%+v", x)
				}
			}
		}
		for _, g := range p.Groups {
			if g.Level == 2 {
				groups += *g.Part
			}
		}
		if math.Abs(sum-*row.Score) > 1e-9 || math.Abs(groups-*row.Score) > 1e-9 {
			t.Errorf("%s: parts %v, groups %v, score %v", row.Unit, sum, groups, *row.Score)
		}
	}
	if drawn != 1 || int64(filled) != o.Filled {
		t.Errorf("%d drawn in, %d of %d filled", drawn, filled, o.Filled)
	}
}

// Whatever of the choices is made either gives ranks and intervals or a fault at a field.
func TestEveryChoice(t *testing.T) {
	c := checked(t, sample(15, 3, 4))
	try := func(change func(*Choices)) {
		t.Helper()
		x := Usual(c)
		change(&x)
		x = x.Fit(c)
		x.Runs, x.Vary = 12, nil
		for _, v := range Varies() {
			x.Vary = append(x.Vary, v.Value)
		}
		var f faults
		x.check(c, &f)
		err := f.err()
		o := &Outcome{Choices: x, content: c}
		if err == nil {
			if o.build, err = x.build(c); err == nil {
				o.fill()
				_, err = o.vary(t.Context())
			}
		}
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", x, err)
		}
		if err == nil && (len(o.Rows) == 0 || o.Rows[0].Rank != 1) {
			t.Errorf("%+v: %+v", x, o.Rows)
		}
	}
	for _, n := range Norms() {
		for _, m := range Means() {
			try(func(x *Choices) { x.Norm, x.Means = n.Value, []string{m.Value, m.Value} })
		}
	}
	for _, w := range Weighs() {
		for _, s := range Scales() {
			try(func(x *Choices) { x.Weigh, x.Scale = []string{w.Value, w.Value}, s.Value })
		}
	}
	for _, i := range Imputes() {
		for _, tr := range Treats() {
			try(func(x *Choices) { x.Impute, x.Treat = i.Value, tr.Value })
		}
	}
}

// A value that is needed for a rank is the least that does, and the answer says who is passed.
func TestWhatIf(t *testing.T) {
	r := newRoom(t, dbtest.SQLite(t))
	c := sample(12, 3, 4)
	x := r.scheme(t, r.dataset(t, c))
	o := must[*Outcome](t)(r.Compute(t.Context(), officer, x.ID, Ask{}))
	unit, code := o.Rows[4].Unit, "G2.0"
	if o.content.Values[o.content.unit(unit)][slices.Index(o.content.Codes, code)] == "" {
		t.Fatal("the sample has no value there")
	}
	a := must[WhatIfAnswer](t)(r.AskWhatIf(t.Context(), officer, x.ID, Ask{}, WhatIf{Unit: unit, Code: code, Rank: 3}))
	if !a.Found || a.Needed == nil || a.Then > 3 || a.Now != 5 || len(a.Passed) == 0 {
		t.Fatalf("%+v", a)
	}
	less := must[WhatIfAnswer](t)(r.AskWhatIf(t.Context(), officer, x.ID, Ask{}, WhatIf{Unit: unit, Code: code,
		Value: Plain(math.Round((*a.Needed-0.01)*1e6) / 1e6)}))
	if less.Then <= 3 {
		t.Errorf("%v is needed, but a little less does as well", *a.Needed)
	}
	_, err := r.AskWhatIf(t.Context(), officer, x.ID, Ask{}, WhatIf{Unit: unit, Code: code, Value: "x"})
	wantKind(t, err, fault.Invalid)
}

// What was exported is read again as it was, in both layouts and formats.
func TestFilesThereAndBack(t *testing.T) {
	c := checked(t, sample(9, 2, 3))
	for _, as := range []sheet.Format{sheet.XLSX, sheet.CSV} {
		for _, layout := range []string{Wide, Long} {
			var tree, data bytes.Buffer
			write := func(w *bytes.Buffer, s sheet.Spec, rows [][]any) {
				t.Helper()
				_, err := sheet.Write(t.Context(), w, as, s, func(yield func([]any, error) bool) {
					for _, r := range rows {
						if !yield(r, nil) {
							return
						}
					}
				}, sheet.Meta{Title: "x"})
				if err != nil {
					t.Fatal(err)
				}
			}
			write(&tree, TreeSheet(), TreeRows(c))
			write(&data, DataSheet(c, layout), DataRows(c, layout))
			got, err := ReadFiles(t.Context(), Upload{Title: "示范", Tree: &File{"a." + string(as), &tree},
				Data: &File{"b." + string(as), &data}, Layout: layout})
			if err != nil || !got.Fine() {
				t.Fatalf("%s %s: %v %+v %+v", as, layout, err, got.TreeProblems, got.DataProblems)
			}
			if d := cmp.Diff(c, got.Content); d != "" {
				t.Errorf("%s %s: %s", as, layout, d)
			}
		}
	}
}

// What is wrong in a table is said at its cell.
func TestFilesSayWhere(t *testing.T) {
	tree := "代码,名称,上级代码,权重,方向\nA,甲组,,2,\nA1,甲一,A,1,正向\nA2,甲二,X,一,逆向\n"
	data := "单位代码,单位名称,A1 甲一\nU1,一市,1.5\nU1,二市,abc\n"
	read := func(tree, data string) (Reading, error) {
		return ReadFiles(t.Context(), Upload{Title: "x", Tree: &File{"a.csv", strings.NewReader(tree)},
			Data: &File{"b.csv", strings.NewReader(data)}, Layout: Wide})
	}
	got, err := read(tree, data)
	if err != nil || got.TreeProblems.Total != 1 || got.TreeProblems.Kept[0].Column != colWeight {
		t.Errorf("%v %+v", err, got.TreeProblems)
	}
	got, err = read(strings.Replace(tree, "一,逆向", "1,逆向", 1), data)
	if err != nil || got.TreeProblems.Total != 1 || got.TreeProblems.Kept[0].Column != colParent {
		t.Errorf("%v %+v", err, got.TreeProblems)
	}
	tree = "代码,名称,上级代码\nA,甲组,\nA1,甲一,A\n"
	got, err = read(tree, data)
	if err != nil || got.DataProblems.Total != 2 || got.DataProblems.Kept[1].Column != valuePrefix+"A1" {
		t.Errorf("%v %+v", err, got.DataProblems)
	}
	_, err = read(tree, "单位代码,单位名称\nU1,一市\n")
	if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Name != FieldData {
		t.Errorf("a column that is not there: %v", err)
	}
}

func TestDecimal(t *testing.T) {
	for in, want := range map[string]string{"1,234.50": "1234.50", " -3 ": "-3", "": "", "NA": "", "未报": "",
		"1E-05": "0.00001", "2.5e3": "2500"} {
		if got, ok := Decimal(in); !ok || got != want {
			t.Errorf("%q is %q %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"abc", "1.2.3", "12%", "Inf", "1e999", "0x10", "--"} {
		if got, ok := Decimal(in); ok {
			t.Errorf("%q is taken as %q", in, got)
		}
	}
}

// FuzzDecimal: what is taken is a decimal that means the same when it is read again.
func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"1", "1e5", "-0.5", "NA", "1,2", "９"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Decimal(s)
		if !ok {
			return
		}
		if again, ok := Decimal(got); !ok || again != got {
			t.Errorf("%q is %q, and that is %q %v", s, got, again, ok)
		}
		if v := number(got); got != "" && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("%q is %v", got, v)
		}
	})
}

// BenchmarkPage is what the page recomputes for 300 units × 60 indicators: the index with its rows.
func BenchmarkPage(b *testing.B) {
	c := checked(b, sample(300, 6, 10))
	x := Usual(c)
	for b.Loop() {
		o := &Outcome{Choices: x, content: c}
		var err error
		if o.build, err = x.build(c); err != nil {
			b.Fatal(err)
		}
		o.fill()
	}
}

// BenchmarkSpans is 200 variants of the same.
func BenchmarkSpans(b *testing.B) {
	c := checked(b, sample(300, 6, 10))
	x := Usual(c)
	o := &Outcome{Choices: x, content: c}
	var err error
	if o.build, err = x.build(c); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := o.vary(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
