package assess

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
)

var updateGolden = flag.Bool("update-golden", false, "write testdata/round.golden anew")

func params() Params { return shippedSchemes[0].Params }

func ratio(s string) Fact { return Fact{Name: "目标 " + s, Href: "/targets/x", Ratio: s} }

func subject(group, quality, service string, targets []Fact, more map[string][]Fact) Subject {
	s := Subject{Group: group, Facts: map[string][]Fact{Targets: targets}, Marks: map[string]Mark{}}
	for k, v := range more {
		s.Facts[k] = v
	}
	for key, v := range map[string]string{"quality": quality, "service": service} {
		if v != "" {
			s.Marks[key] = Mark{ID: "m", Key: key, Value: Decimal(v), Reason: "考核组评分", Login: "officer"}
		}
	}
	return s
}

func reds(n int) []Fact {
	out := []Fact{}
	for i := range n {
		out = append(out, Fact{Name: fmt.Sprint("任务", i), Href: fmt.Sprint("/tasks/", i)})
	}
	return out
}

// TestGolden scores a round and compares every part; counting again gives the same bytes.
func TestGolden(t *testing.T) {
	list := []Subject{
		subject("department", "92", "95", []Fact{ratio("19/20"), ratio("13/10")}, map[string][]Fact{
			Tasks: {ratio("1"), ratio("9/10")}}),
		subject("department", "88", "90", []Fact{ratio("1/3")}, map[string][]Fact{Red: reds(2), Yellow: reds(3),
			Overdue: reds(1)}),
		subject("department", "95", "95", []Fact{ratio("1")}, map[string][]Fact{Tasks: {ratio("11/10")}, Red: reds(9)}),
		subject("department", "", "", nil, nil),
		subject("district", "80", "", []Fact{ratio("-1/2"), {Name: "缺数", Href: "/targets/y"}}, nil),
	}
	list[2].Marks["pilot"] = Mark{Key: "pilot", Value: "3", Reason: "国家级试点"}
	list[2].Marks["award"] = Mark{Key: "award", Value: "3", Reason: "国家级表彰"}
	list[1].Marks["false_data"] = Mark{Key: "false_data", Value: "1", Reason: "统计督察认定"}
	got := Calculate(params(), list)
	b, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "round.golden")
	if *updateGolden {
		if err := os.WriteFile(file, append(b, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(want)) != string(b) {
		t.Errorf("the scores are not those of %s:\n%s", file, b)
	}
	again, err := json.MarshalIndent(Calculate(params(), list), "", " ")
	if err != nil || string(again) != string(b) {
		t.Errorf("counting again differs (%v)", err)
	}
}

// one unit alone: 35 % × 112.5 + 25 % × 95 + 30 % × 92 + 10 % × 100 = 100.725.
func TestTotal(t *testing.T) {
	got := Calculate(params(), []Subject{subject("department", "92", "95", []Fact{ratio("21/20"), ratio("13/10")},
		map[string][]Fact{Tasks: {ratio("1"), ratio("9/10")}})})[0]
	if got.Total != "4029/40" || got.Rank != 1 || got.Of != 1 {
		t.Errorf("total %s (%s), rank %d of %d", got.Total, TwoPlaces(got.Total), got.Rank, got.Of)
	}
	if got.Grade != "良好" { // 30 % of one unit is none
		t.Errorf("grade %s", got.Grade)
	}
}

// Items without figures give their weight to the others, or count nothing.
func TestMissing(t *testing.T) {
	s := []Subject{subject("department", "80", "", nil, nil)}
	p := params()
	if got := Calculate(p, s)[0]; got.Total != "80" {
		t.Errorf("spread: %s", got.Total)
	}
	p.Missing = Zero
	if got := Calculate(p, s)[0]; got.Total != "24" {
		t.Errorf("zero: %s", got.Total)
	}
	if got := Calculate(p, []Subject{subject("department", "", "", nil, nil)})[0]; got.Total != "" || got.Rank != 0 ||
		got.Grade != "" {
		t.Errorf("a unit without any figure has %q, rank %d, %q", got.Total, got.Rank, got.Grade)
	}
}

func TestDeductions(t *testing.T) {
	for _, c := range []struct {
		red, yellow, overdue int
		want                 string
	}{{0, 0, 0, "0"}, {1, 2, 0, "-2"}, {2, 3, 1, "-6"}, {6, 20, 20, "-20"}} {
		s := subject("department", "80", "", nil, map[string][]Fact{Red: reds(c.red), Yellow: reds(c.yellow),
			Overdue: reds(c.overdue)})
		sum := new(big.Rat)
		for _, l := range Calculate(params(), []Subject{s})[0].Lines {
			if l.Kind == KindDeduction {
				sum.Add(sum, exact(l.Points))
			}
		}
		if sum.RatString() != c.want {
			t.Errorf("%+v costs %s", c, sum.RatString())
		}
	}
	s := subject("department", "1", "", nil, map[string][]Fact{Red: reds(9)})
	if got := Calculate(params(), []Subject{s})[0]; got.Total != "0" {
		t.Errorf("a total below nothing: %s", got.Total)
	}
}

// ranked scores units by one item alone.
func ranked(grades []Grade, tiers []Decimal, values ...string) []Result {
	p := Params{Items: []Item{{Key: "a", Name: "甲", WeightBp: 10_000, Figure: Typed, CapBp: 10_000, Tiers: tiers}},
		Grades: grades, Missing: Zero}
	var list []Subject
	for _, v := range values {
		list = append(list, Subject{Group: "department", Marks: map[string]Mark{"a": {Key: "a", Value: Decimal(v)}}})
	}
	return Calculate(p, list)
}

// TestTies: equal scores share a rank, and a grade whose limit a tie would break is given to none of it.
func TestTies(t *testing.T) {
	grades := []Grade{{Name: "优秀", Least: "90", ShareBp: 3000}, {Name: "良好", Least: "80"}, {Name: "合格", Least: "0"}}
	text := func(list []Result) string {
		var out []string
		for _, r := range list {
			out = append(out, fmt.Sprint(r.Rank, r.Grade))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		values []string
		want   string
	}{
		// Ten units: three may be 优秀.
		{[]string{"99", "98", "97", "96", "85", "85", "70", "60", "50", "40"},
			"1优秀 2优秀 3优秀 4良好 5良好 5良好 7合格 8合格 9合格 10合格"},
		{[]string{"99", "98", "97", "97", "85", "85", "70", "60", "50", "40"},
			"1优秀 2优秀 3良好 3良好 5良好 5良好 7合格 8合格 9合格 10合格"},
		{[]string{"97", "97", "97", "97", "85", "85", "70", "60", "50", "40"},
			"1良好 1良好 1良好 1良好 5良好 5良好 7合格 8合格 9合格 10合格"},
		{[]string{"89.999999", "80", "80"}, "1良好 2良好 2良好"},
	} {
		if got := text(ranked(grades, nil, c.values...)); got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
	}
}

func TestTiers(t *testing.T) {
	tiers := []Decimal{"100", "90", "80"}
	for values, want := range map[string]string{
		"9 8 7 6 5 4": "100 100 90 90 80 80", "9 8 7": "100 90 80", "9 9 9": "100 100 100", "9 8 7 6": "100 100 90 80",
		"5": "100", "9 8 8 8": "100 100 100 100",
	} {
		var got []string
		for _, r := range ranked([]Grade{{Name: "x", Least: "0"}}, tiers, strings.Fields(values)...) {
			got = append(got, r.Total)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", values, s, want)
		}
	}
}

func TestSchemeCheck(t *testing.T) {
	for _, s := range shippedSchemes {
		d := s.SchemeData
		if err := d.check(); err != nil {
			t.Errorf("%s: %v", s.ID, err)
		}
	}
	for field, spoil := range map[string]func(*SchemeData){
		"items":            func(d *SchemeData) { d.Items[0].WeightBp++ },
		"items.1.key":      func(d *SchemeData) { d.Items[1].Key = "targets" },
		"items.0.figure":   func(d *SchemeData) { d.Items[0].Figure = "guess" },
		"deductions.0.max": func(d *SchemeData) { d.Deductions[0].Max = "-1" },
		"grades.1.least":   func(d *SchemeData) { d.Grades[1].Least = "95" },
		"grades.3.least":   func(d *SchemeData) { d.Grades[3].Least = "10" },
		"appealDays":       func(d *SchemeData) { d.AppealDays = 0 },
		"mark":             func(d *SchemeData) { d.Mark = "" },
		"validFrom":        func(d *SchemeData) { d.ValidFrom = "2026-02-30" },
	} {
		var d SchemeData
		if err := decode(encode(shippedSchemes[0].SchemeData), &d); err != nil {
			t.Fatal(err)
		}
		spoil(&d)
		e, ok := fault.As(d.check())
		if !ok || len(e.Fields) == 0 || e.Fields[0].Name != field {
			t.Errorf("%s: %v", field, e)
		}
	}
}
