package composite

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/test/score"
)

// shared is where the data of others lies that tests compare with; they are left out without it.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("YUNTU_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	path := filepath.Join(dir, "data", "coinr-asem", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("no data to compare with")
	}
	return path
}

func readCSV(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open(shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	if s == "NA" || s == "" {
		return Missing
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// table reads columns of a CSV file whose units are in uCode.
func table(t testing.TB, name string, codes []string) *Table {
	t.Helper()
	rows := readCSV(t, name)
	head, unit := rows[0], slices.Index(rows[0], "uCode")
	out := &Table{Codes: codes, Values: make([][]float64, len(codes))}
	for _, r := range rows[1:] {
		out.Units = append(out.Units, r[unit])
		for c, code := range codes {
			out.Values[c] = append(out.Values[c], number(t, r[slices.Index(head, code)]))
		}
	}
	return out
}

// asem is the published example: its indicators in a tree, the values, and what stands beside them.
func asem(t testing.TB) (raw *Table, tree *Tree, den *Table, groups map[string]string) {
	t.Helper()
	rows := readCSV(t, "ASEM_iMeta.csv")
	at := func(name string) int { return slices.Index(rows[0], name) }
	var nodes []Node
	var codes, dens []string
	for _, r := range rows[1:] {
		switch r[at("Type")] {
		case "Denominator":
			dens = append(dens, r[at("iCode")])
		case "Indicator", "Aggregate":
			level, _ := strconv.Atoi(r[at("Level")])
			dir, _ := strconv.Atoi(r[at("Direction")])
			n := Node{Code: r[at("iCode")], Name: r[at("iName")], Level: level, Direction: dir,
				Weight: number(t, r[at("Weight")])}
			if p := r[at("Parent")]; p != "NA" {
				n.Parent = p
			}
			if d := r[at("Denominator")]; d != "NA" {
				n.Denominator = d
			}
			if v := number(t, r[at("Target")]); !missing(v) {
				n.Target = &v
			}
			nodes = append(nodes, n)
			if level == 1 {
				codes = append(codes, n.Code)
			}
		}
	}
	tree, err := NewTree(nodes)
	if err != nil {
		t.Fatal(err)
	}
	groups = map[string]string{}
	data := readCSV(t, "ASEM_iData.csv")
	for _, r := range data[1:] {
		groups[r[slices.Index(data[0], "uCode")]] = r[slices.Index(data[0], "EurAsia_group")]
	}
	return table(t, "ASEM_iData.csv", codes), tree, table(t, "ASEM_iData.csv", dens), groups
}

func (t *Table) groupsOf(by map[string]string) []string {
	out := make([]string, len(t.Units))
	for i, u := range t.Units {
		out[i] = by[u]
	}
	return out
}

// same compares a table with the oracle's, unit by unit.
func same(t *testing.T, step string, got *Table) {
	t.Helper()
	want := table(t, "oracle/dset_"+step+".csv", got.Codes)
	if len(want.Units) != len(got.Units) {
		t.Errorf("%s: %d units, want %d", step, len(got.Units), len(want.Units))
	}
	worst := 0.0
	for c, code := range want.Codes {
		for i, u := range want.Units {
			row := got.Unit(u)
			if row < 0 {
				t.Fatalf("%s: no unit %s", step, u)
			}
			g, w := got.Values[c][row], want.Values[c][i]
			if missing(g) != missing(w) {
				t.Errorf("%s: %s of %s: got %v, want %v", step, code, u, g, w)
				continue
			}
			if d := math.Abs(g - w); d > worst {
				worst = d
			}
		}
	}
	score.Record(t, score.Result{Name: "composite-" + strings.ToLower(step), Subject: "Composite indicators",
		What:  "largest difference from the published example, step " + step,
		Value: worst, Wanted: 1e-9, AtMost: true, Command: "go test ./engine/composite -run COINr"})
	if worst > 1e-9 {
		t.Errorf("%s: differs by up to %g", step, worst)
	}
	t.Logf("%s: largest difference %g", step, worst)
}

func TestStepsAgreeWithCOINr(t *testing.T) {
	raw, tree, den, groups := asem(t)
	same(t, "Raw", raw)
	x, err := Denominate(raw, tree, den)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "Denominated", x)
	x, _, err = Impute(x, ImputeGroupMean, x.groupsOf(groups))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "Imputed", x)
	x, _, err = Screen(x, Screening{MinPresent: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "Screened", x)
	x, done, err := Treat(x, UsualTreatment())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "Treated", x)
	rows := readCSV(t, "oracle/treatment_details.csv")
	for i, r := range rows[1:] {
		d := done[slices.IndexFunc(done, func(d Treated) bool { return d.Code == r[0] })]
		for name, pair := range map[string][2]float64{
			"skew": {d.SkewBefore, number(t, r[2])}, "kurt": {d.KurtBefore, number(t, r[3])},
		} {
			if !(math.Abs(pair[0]-pair[1]) <= 1e-9) {
				t.Errorf("%s: %s %v, want %v", r[0], name, pair[0], pair[1])
			}
		}
		if r[4] != "NA" && strconv.Itoa(len(d.Points)) != r[4] {
			t.Errorf("row %d: %s: %d points, want %s", i, r[0], len(d.Points), r[4])
		}
		if s := number(t, r[6]); !missing(s) && math.Abs(d.SkewAfter-s) > 1e-9 {
			t.Errorf("%s: skew %v after, want %v", r[0], d.SkewAfter, s)
		}
	}
}
