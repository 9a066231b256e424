package reading

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/test/score"
)

// gold is one marked item of a gold file.
type gold struct {
	Kind, Subject, Indicator, Measure, Unit, Op, From, To, Quote, Verb, Check string

	Alt        []string
	Value      *float64
	Start, End int
	Optional   bool
	Accept     struct {
		Measure, Op, Kind, Subject []string
		Value                      [][]any
		Period                     [][]*string
	}
}

// goldDoc is one line of documents.json.
type goldDoc struct{ Name, Text, Date, Place string }

// tally counts one document; all are sums, so documents add up.
type tally struct {
	hit, missed, alarm             int // required items found, not found; predictions too many
	kindOK, subjectOK, periodOK    int // of hit
	taskHit, taskMissed, taskAlarm int
}

func (t *tally) add(o tally) {
	t.hit, t.missed, t.alarm = t.hit+o.hit, t.missed+o.missed, t.alarm+o.alarm
	t.kindOK, t.subjectOK = t.kindOK+o.kindOK, t.subjectOK+o.subjectOK
	t.periodOK += o.periodOK
	t.taskHit, t.taskMissed = t.taskHit+o.taskHit, t.taskMissed+o.taskMissed
	t.taskAlarm += o.taskAlarm
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func f1(hit, missed, alarm int) float64 { return ratio(2*hit, 2*hit+missed+alarm) }

func (t tally) String() string {
	return fmt.Sprintf("P %.3f R %.3f F1 %.3f | kind %.3f subject %.3f period %.3f | "+
		"hit %d missed %d alarms %d | tasks F1 %.3f (%d/%d/%d)",
		ratio(t.hit, t.hit+t.alarm), ratio(t.hit, t.hit+t.missed), f1(t.hit, t.missed, t.alarm),
		ratio(t.kindOK, t.hit), ratio(t.subjectOK, t.hit), ratio(t.periodOK, t.hit),
		t.hit, t.missed, t.alarm,
		f1(t.taskHit, t.taskMissed, t.taskAlarm), t.taskHit, t.taskMissed, t.taskAlarm)
}

// counters are one unit for the score: 家, 户 and 个 count alike.
var counters = map[string]bool{
	"家": true, "户": true, "个": true, "项": true, "件": true, "名": true, "人": true,
	"位": true, "条": true, "所": true, "处": true, "场": true, "次": true, "座": true, "期": true,
	"": true,
}

// moneyScale brings scaled units to one.
var moneyScale = []struct {
	prefix string
	factor float64
}{{"万亿", 1e12}, {"亿", 1e8}, {"万", 1e4}, {"千", 1e3}, {"百", 1e2}}

// normal brings a value and unit to a comparable pair.
func normal(v float64, unit string) (float64, string) {
	switch unit {
	case "番":
		return math.Pow(2, v)*100 - 100, "%"
	case "倍":
		return v * 100, "%"
	case "成":
		return v * 10, "%"
	}
	if unit == "千瓦" || unit == "千米" || unit == "千瓦时" || unit == "千克" {
		return v, unit
	}
	for _, s := range moneyScale {
		if rest, ok := strings.CutPrefix(unit, s.prefix); ok {
			v, unit = v*s.factor, rest
			break
		}
	}
	if counters[unit] {
		unit = "个"
	}
	return v, unit
}

func near(a, b float64) bool {
	return math.Abs(a-b) <= 1e-6*math.Max(math.Abs(a), math.Abs(b))
}

// grams are the character bigrams of an indicator, spaces and quotation marks apart.
func grams(s string) map[string]int {
	r := []rune(strings.NewReplacer(" ", "", "“", "", "”", "", "\n", "").Replace(s))
	m := map[string]int{}
	if len(r) == 1 {
		m[string(r)]++
	}
	for i := 1; i < len(r); i++ {
		m[string(r[i-1:i+1])]++
	}
	return m
}

// dice is the Dice coefficient of the bigrams of two phrases.
func dice(a, b string) float64 {
	ga, gb := grams(a), grams(b)
	var na, nb, both int
	for g, n := range ga {
		na += n
		both += min(n, gb[g])
	}
	for _, n := range gb {
		nb += n
	}
	return ratio(2*both, na+nb)
}

func bestDice(indicator string, g gold) float64 {
	best := dice(indicator, g.Indicator)
	for _, a := range g.Alt {
		best = max(best, dice(indicator, a))
	}
	return best
}

func has(list []string, v string) bool {
	for _, l := range list {
		if l == v {
			return true
		}
	}
	return false
}

// sameValue says whether value, unit and operator agree.
func sameValue(s Statement, g gold) bool {
	if g.Value == nil {
		return s.Value == ""
	}
	v, err := strconv.ParseFloat(s.Value, 64)
	if err != nil || (s.Op != g.Op && !has(g.Accept.Op, s.Op)) {
		return false
	}
	v, unit := normal(v, s.Unit)
	w, wunit := normal(*g.Value, g.Unit)
	if near(v, w) && unit == wunit {
		return true
	}
	for _, a := range g.Accept.Value {
		n, _ := a[0].(float64)
		u, _ := a[1].(string)
		if w, wunit = normal(n, u); near(v, w) && unit == wunit {
			return true
		}
	}
	return false
}

func touches(s Statement, g gold) bool { return s.Start < g.End && g.Start < s.End }

// match returns how well a prediction fits a gold item, 0 for not at all.
func match(s Statement, g gold) float64 {
	if s.Measure != g.Measure && !has(g.Accept.Measure, s.Measure) {
		return 0
	}
	if !touches(s, g) || !sameValue(s, g) {
		return 0
	}
	d := bestDice(s.Indicator, g)
	if d < 0.5 {
		return 0
	}
	return d + 1/float64(1+abs(s.Start-g.Start)+abs(s.End-g.End))
}

func abs(n int) int { return max(n, -n) }

func samePeriod(s Statement, g gold) bool {
	if s.From == g.From && s.To == g.To {
		return true
	}
	for _, p := range g.Accept.Period {
		var from, to string
		if p[0] != nil {
			from = *p[0]
		}
		if p[1] != nil {
			to = *p[1]
		}
		if s.From == from && s.To == to {
			return true
		}
	}
	return false
}

// assign pairs predictions and gold one to one, best fit first, required items before
// optional ones. It returns for each gold item its prediction or −1.
func assign(preds []Statement, items []gold, fit func(Statement, gold) float64) []int {
	of := make([]int, len(items))
	for i := range of {
		of[i] = -1
	}
	used := make([]bool, len(preds))
	for _, optional := range []bool{false, true} {
		for {
			best, bi, bj := 0.0, -1, -1
			for i, g := range items {
				if of[i] >= 0 || g.Optional != optional {
					continue
				}
				for j, s := range preds {
					if f := fit(s, g); !used[j] && f > best {
						best, bi, bj = f, i, j
					}
				}
			}
			if bi < 0 {
				break
			}
			of[bi], used[bj] = bj, true
		}
	}
	return of
}

func loadGold(t *testing.T, path string) []gold {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var items []gold
	for line := range strings.Lines(string(data)) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var g gold
		if err := json.Unmarshal([]byte(line), &g); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		items = append(items, g)
	}
	return items
}

// scoreDoc reads one document and compares it with its gold.
func scoreDoc(t *testing.T, dir string, d goldDoc, loud bool) tally {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, d.Text))
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Date: parseDate(t, d.Date), Place: d.Place}
	var numbers, tasks []Statement
	for _, s := range Read(string(data), o).Statements {
		if s.Kind == Task {
			tasks = append(tasks, s)
		} else {
			numbers = append(numbers, s)
		}
	}
	var r tally
	scoreNumbers(t, &r, numbers, loadGold(t, filepath.Join(dir, d.Name+".jsonl")), loud)
	path := filepath.Join(dir, d.Name+".tasks.jsonl")
	if _, err := os.Stat(path); err == nil {
		scoreTasks(t, &r, tasks, loadGold(t, path), loud)
	}
	return r
}

func scoreNumbers(t *testing.T, r *tally, preds []Statement, items []gold, loud bool) {
	of := assign(preds, items, match)
	used := map[int]bool{}
	for i, j := range of {
		g := items[i]
		used[j] = true
		switch {
		case g.Optional:
		case j < 0:
			r.missed++
			if loud {
				t.Logf("MISS %s", showGold(g))
			}
		default:
			scorePair(t, r, preds[j], g, loud)
		}
	}
	for j, s := range preds {
		if !used[j] {
			if coversOptional(s, items) {
				continue
			}
			r.alarm++
			if loud {
				t.Logf("ALARM %s", show(s))
			}
		}
	}
}

// coversOptional says whether a statement reads the same number as an optional item, if
// with another indicator: what an annotator may leave out is no alarm either.
func coversOptional(s Statement, items []gold) bool {
	for _, g := range items {
		if g.Optional && touches(s, g) && sameValue(s, g) {
			return true
		}
	}
	return false
}

func scorePair(t *testing.T, r *tally, s Statement, g gold, loud bool) {
	r.hit++
	kind := s.Kind == g.Kind || has(g.Accept.Kind, s.Kind)
	subject := s.Subject == g.Subject || has(g.Accept.Subject, s.Subject)
	period := samePeriod(s, g)
	for _, b := range []struct {
		ok bool
		n  *int
	}{{kind, &r.kindOK}, {subject, &r.subjectOK}, {period, &r.periodOK}} {
		if b.ok {
			*b.n++
		}
	}
	if !loud {
		return
	}
	for _, b := range []struct {
		ok         bool
		name, a, b string
	}{
		{kind, "KIND", s.Kind, g.Kind}, {subject, "SUBJECT", s.Subject, g.Subject},
		{period, "PERIOD", s.From + ".." + s.To, g.From + ".." + g.To},
	} {
		if !b.ok {
			t.Logf("%s %s, want %s: %s", b.name, b.a, b.b, show(s))
		}
	}
}

// matchTask: a task fits when it touches the quote and names the object.
func matchTask(s Statement, g gold) float64 {
	if !touches(s, g) {
		return 0
	}
	d := max(bestDice(s.Indicator, g), dice(s.Verb+s.Indicator, g.Verb+g.Indicator))
	if d < 0.5 {
		return 0
	}
	return d
}

func scoreTasks(t *testing.T, r *tally, preds []Statement, items []gold, loud bool) {
	of := assign(preds, items, matchTask)
	used := map[int]bool{}
	for i, j := range of {
		used[j] = true
		switch {
		case items[i].Optional:
		case j < 0:
			r.taskMissed++
			if loud {
				t.Logf("TASK MISS %s", showGold(items[i]))
			}
		default:
			r.taskHit++
		}
	}
	for j, s := range preds {
		if used[j] || coversOptional(s, items) {
			continue
		}
		r.taskAlarm++
		if loud {
			t.Logf("TASK ALARM %s", show(s))
		}
	}
}

func show(s Statement) string {
	return fmt.Sprintf("%s|%s|%s|%s|%s%s%s|%s..%s|%s|%q@%d (%s)", s.Kind, s.Subject,
		s.Verb+" "+s.Indicator, s.Measure, s.Op, s.Value, s.Unit, s.From, s.To, s.Of,
		s.Quote, s.Start, s.Reason.Rule)
}

func showGold(g gold) string {
	v := ""
	if g.Value != nil {
		v = strconv.FormatFloat(*g.Value, 'f', -1, 64)
	}
	return fmt.Sprintf("%s|%s|%s|%s|%s%s%s|%s..%s|%q@%d", g.Kind, g.Subject,
		g.Verb+" "+g.Indicator, g.Measure, g.Op, v, g.Unit, g.From, g.To, g.Quote, g.Start)
}

func parseDate(t *testing.T, s string) hanzi.Date {
	t.Helper()
	var d hanzi.Date
	if _, err := fmt.Sscanf(s, "%d-%d-%d", &d.Year, &d.Month, &d.Day); err != nil {
		t.Fatal(err)
	}
	return d
}

// floors are what was reached; a change that falls below one is a loss.
var floors = map[string]float64{
	"000": 0.99, "001": 0.99, "003": 0.99, "dev-1": 0.99, "dev-2": 0.99, "dev-3": 0.99,
	"bulletin": 0.99, "chain": 0.98, "opinion": 0.99, "outline": 0.98, "press": 0.98,
	"priorities": 0.94, "summary": 0.98, "supervision": 0.94, "survey": 0.96, "work-report": 0.98,
	"action-plan": 0.96, "briefing": 0.9, "charging-plan": 0.92, "city-report": 0.97,
	"conference-page": 0.99, "county-report": 0.96, "inspection": 0.97, "labour-summary": 0.97,
	"news-page": 0.97, "newspaper": 0.97, "port-feature": 0.96, "quarter": 0.95,
	"mayor-meeting": 0.98, "health-press": 0.94, "district-report": 0.97, "park-news": 0.96,
	"transport-brief": 0.96, "inspection-tour": 0.94,
	"red-black-list": 0.96, "science-summary": 0.97, "symposium": 0.66, "zone-report": 0.98,
}

// goldFolder is the shared gold, which only stands beside the repository.
func goldFolder() string {
	if dir := os.Getenv("YUNTU_GOLD"); dir != "" {
		return dir
	}
	return "../../../shared/data/reading-gold"
}

// TestScore compares what is read with gold marked by hand: our own documents and the shared ones,
// for which YUNTU_GOLD names the folder. YUNTU_GOLD_ONLY, a list of names, chooses documents and
// prints every error with -v.
func TestScore(t *testing.T) {
	for _, dir := range []string{"testdata/gold", goldFolder()} {
		t.Run(filepath.Base(dir), func(t *testing.T) { scoreFolder(t, dir) })
	}
}

func scoreFolder(t *testing.T, dir string) {
	docs := goldDocs(t, dir)
	only := os.Getenv("YUNTU_GOLD_ONLY")
	var all tally
	for _, d := range docs {
		if only != "" && !has(strings.Split(only, ","), d.Name) {
			continue
		}
		r := scoreDoc(t, dir, d, only != "")
		t.Logf("%-11s %s", d.Name, r)
		if f := f1(r.hit, r.missed, r.alarm); f < floors[d.Name] {
			t.Errorf("%s: F1 %.3f is under the floor %.3f", d.Name, f, floors[d.Name])
		}
		all.add(r)
	}
	t.Logf("%-11s %s", "all", all)
	if only != "" {
		return
	}
	score.Record(t, score.Result{Name: "reading-" + filepath.Base(dir), Subject: "Reading documents", Wanted: 0.95,
		What:  fmt.Sprintf("F1 of %d documents, %s, seen", len(docs), filepath.Base(dir)),
		Value: f1(all.hit, all.missed, all.alarm), Command: "go test ./engine/reading -run 'Score|Unseen'"})
	for _, c := range []struct {
		name string
		n    int
	}{{"kind", all.kindOK}, {"subject", all.subjectOK}, {"period", all.periodOK}} {
		if f := ratio(c.n, all.hit); f < 0.9 {
			t.Errorf("%s is right in %.3f of the items, under 0.9", c.name, f)
		}
	}
}

// unseenFloors are what the reader must reach on documents that no rule was written for.
var unseenFloors = map[string]float64{"testdata/unseen": 0.88, "testdata/blind": 0.91}

// TestUnseen measures the reader on documents whose errors nobody has looked at; see the README
// beside them.
func TestUnseen(t *testing.T) {
	for dir, floor := range unseenFloors {
		var all tally
		for _, d := range goldDocs(t, dir) {
			r := scoreDoc(t, dir, d, false)
			t.Logf("%-11s %s", d.Name, r)
			all.add(r)
		}
		t.Logf("%-11s %s", "all", all)
		score.Record(t, score.Result{Name: "reading-" + filepath.Base(dir), Subject: "Reading documents", Wanted: floor,
			What: "F1 of the documents of " + filepath.Base(dir), Value: f1(all.hit, all.missed, all.alarm),
			Command: "go test ./engine/reading -run 'Score|Unseen'"})
		if f := f1(all.hit, all.missed, all.alarm); f < floor {
			t.Errorf("%s: F1 %.3f is under %.2f", dir, f, floor)
		}
	}
}

// goldDocs lists the documents of a folder of gold, and skips the test where there is none.
func goldDocs(t *testing.T, dir string) []goldDoc {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "documents.json"))
	if err != nil {
		t.Skipf("no gold: %v", err)
	}
	var docs []goldDoc
	if err := json.Unmarshal(data, &docs); err != nil {
		t.Fatal(err)
	}
	return docs
}

// TestChecks holds the arithmetic: nothing that the gold calls right is doubted, nothing that it
// doubts is called right, and most of what it doubts is doubted.
func TestChecks(t *testing.T) {
	for _, dir := range []string{"testdata/gold", goldFolder()} {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			doubts, found := 0, 0
			for _, d := range goldDocs(t, dir) {
				n, m := checkDoc(t, dir, d)
				doubts, found = doubts+n, found+m
			}
			t.Logf("%d of %d doubts found", found, doubts)
			if 2*found < doubts {
				t.Errorf("only %d of %d doubts found", found, doubts)
			}
		})
	}
}

// checkDoc compares the checks of a document and returns how many doubts it has and how many of
// them were found.
func checkDoc(t *testing.T, dir string, d goldDoc) (doubts, found int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, d.Text))
	if err != nil {
		t.Fatal(err)
	}
	var preds []Statement
	o := Options{Date: parseDate(t, d.Date), Place: d.Place}
	for _, s := range Read(string(text), o).Statements {
		if s.Kind != Task {
			preds = append(preds, s)
		}
	}
	items := loadGold(t, filepath.Join(dir, d.Name+".jsonl"))
	for i, j := range assign(preds, items, match) {
		want, got := items[i].Check, ""
		if j >= 0 {
			got = preds[j].Check.String()
		}
		wantDoubt, gotDoubt := strings.HasPrefix(want, "doubt"), strings.HasPrefix(got, "doubt")
		if wantDoubt {
			doubts++
		}
		switch {
		case wantDoubt && gotDoubt:
			found++
		case gotDoubt != wantDoubt && got != "":
			t.Errorf("%s %s: want %q, got %q", d.Name, items[i].Quote, want, got)
		}
		if want != "" || got != "" {
			t.Logf("%s %s: want %q, got %q", d.Name, items[i].Quote, want, got)
		}
	}
	return doubts, found
}
