package monitor

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Finding (疑点) is something that somebody should ask about. It proves nothing.
type Finding struct {
	Code    string          `json:"code"` // one of FindingCodes
	Periods []series.Period `json:"periods"`
	Text    string          `json:"text"` // in Chinese
	English string          `json:"english"`
}

// FindingLocked says that a locked period would say something else if it were computed today.
const FindingLocked = "locked"

// FindingCodes are the kinds of findings.
func FindingCodes() []plan.Choice {
	return []plan.Choice{{Value: "late", Title: "迟来的更正"}, {Value: "jump", Title: "考核前突变"},
		{Value: "gap", Title: "差时缺报"}, {Value: FindingLocked, Title: "锁定后重算不同"}}
}

// FindingRow is a finding with the series it is about.
type FindingRow struct {
	Cell
	Name    string `json:"name"` // of the indicator
	OrgName string `json:"orgName,omitempty"`
	Finding
}

// suspicious looks through what was reported of a series. It sees all rows and all targets: what it finds does not
// depend on who asks.
func suspicious(rule Rule, v IndicatorView, points []Point, reports []indicator.Revision) []Finding {
	var kind series.Kind
	at := map[series.Period]*series.Reported{}
	for _, r := range reports {
		kind = max(kind, r.Period.Kind())
		if at[r.Period] == nil {
			at[r.Period] = &series.Reported{Period: r.Period}
		}
		at[r.Period].Reports = append(at[r.Period].Reports, series.Report{
			Day: string(clock.DateOf(clock.Time(r.ApprovedUs))), Value: r.Value.Rat()})
	}
	out := []Finding{}
	for _, f := range series.Suspicious(consecutive(at, kind), rule.Watch.of(v)) {
		out = append(out, Finding{f.Code, f.Periods, f.Text(false), f.Text(true)})
	}
	return append(out, recounts(points)...)
}

// recounts are the locked periods that would say something else today.
func recounts(points []Point) []Finding {
	var out []Finding
	for _, p := range points {
		if p.Evidence.Recount != nil {
			out = append(out, Finding{FindingLocked, []series.Period{p.Period}, p.recounted(i18n.ZH),
				p.recounted(i18n.EN)})
		}
	}
	return out
}

// recounted says in words what a locked period says and what would be computed of it today.
func (p Point) recounted(lang i18n.Lang) string {
	c, was := p.Evidence.Recount, p.Value.Amount(p.Unit)
	if c.Value == "" {
		return i18n.Text(lang, "%s已锁定，保留锁定时的 %s；按现在的数据和口径算不出数值", string(p.Period), was)
	}
	return i18n.Text(lang, "%s已锁定，保留锁定时的 %s；按现在的数据和口径重新计算为 %s", string(p.Period), was,
		c.Value.Amount(c.Unit))
}

// consecutive are the periods of a kind from the first reported to the last, those without a report too.
func consecutive(at map[series.Period]*series.Reported, kind series.Kind) []series.Reported {
	var first, last series.Period
	for p := range at {
		if p.Kind() != kind {
			continue
		}
		if first == "" || p.SortKey() < first.SortKey() {
			first = p
		}
		if last == "" || p.SortKey() > last.SortKey() {
			last = p
		}
	}
	var out []series.Reported
	for p := first; p.Valid() && p.SortKey() <= last.SortKey(); p = p.Next() {
		if r := at[p]; r != nil {
			out = append(out, *r)
			continue
		}
		out = append(out, series.Reported{Period: p})
	}
	return out
}

// findings are those of the series that a page shows: all of them for who may see suspicions, else only what the
// points themselves say.
func (s *Service) findings(
	ctx context.Context, q db.Q, by authz.Actor, v IndicatorView, points []Point,
) ([]Finding, error) {
	if !FindingPolicy.Could(by, ActFindingRead) {
		return append([]Finding{}, recounts(points)...), nil
	}
	rule, err := ruleAt(ctx, q, s.today())
	if err != nil {
		return nil, err
	}
	all, err := s.opt.Indicator.Revisions(ctx, q, v.Cell.Indicator, v.Cell.Region)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r indicator.Revision) bool { return r.Org != v.Cell.Org })
	lights, err := allLights(ctx, q, v.Cell.Indicator)
	if err != nil {
		return nil, err
	}
	v.Lights = lights[v.Cell]
	return suspicious(rule, v, points, all), nil
}

// allLights are the lights of the targets of an indicator by the series they look at, those that end last first,
// whoever asks.
func allLights(ctx context.Context, q db.Q, indicatorID string) (map[Cell][]LightRow, error) {
	out := map[Cell][]LightRow{}
	w := db.Where{}.And(`l.indicator = $1`, indicatorID)
	err := db.Stream(ctx, q, lightList, w, lightList.Order("to"), 0, scanLight, func(l LightRow) error {
		out[l.Series()] = append(out[l.Series()], l)
		return nil
	})
	for _, list := range out {
		slices.Reverse(list)
	}
	return out, err
}

var (
	qFindingsClear = db.Stmt(`DELETE FROM monitor_finding WHERE indicator = $1`)
	qFindingAdd    = db.Stmt(`INSERT INTO monitor_finding (indicator, region, about, code, last_day, n, name,
			about_name, periods, zh, en)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
)

const findingColumns = `f.indicator, f.region, f.about, f.code, f.name, f.about_name, f.periods, f.zh, f.en`

var qFindings = db.Stmt(`SELECT ` + findingColumns + ` FROM monitor_finding AS f ORDER BY f.indicator, f.n`)

// same reports whether two findings say the same of the same series.
func (x FindingRow) same(o FindingRow) bool {
	return x.Cell == o.Cell && x.Name == o.Name && x.OrgName == o.OrgName && x.Code == o.Code && x.Text == o.Text &&
		x.English == o.English && slices.Equal(x.Periods, o.Periods)
}

var findingList = db.Select(findingColumns, `monitor_finding AS f`,
	db.Order{Name: "latest", Desc: true, Cols: []db.Col{db.TextCol("f.last_day"), db.TextCol("f.indicator"),
		db.TextCol("f.region"), db.TextCol("f.about"), db.TextCol("f.code"), db.IntCol("f.n")}})

func scanFinding(r db.Row) (FindingRow, error) {
	var x FindingRow
	var periods string
	err := r.Scan(&x.Indicator, &x.Region, &x.Org, &x.Code, &x.Name, &x.OrgName, &periods, &x.Text, &x.English)
	for _, p := range strings.Fields(periods) {
		x.Periods = append(x.Periods, series.Period(p))
	}
	return x, err
}

// Work of looking for findings.
const (
	jobFindings     = "monitor.findings"
	findingsEvery   = time.Hour
	findingsAfter   = 10 * time.Minute // of a change: many come together
	findingsTimeout = 30 * time.Minute
)

// findingsSpec is the work of looking; it waits once however often it is asked for.
var findingsSpec = job.Spec{Kind: jobFindings, UniqueKey: jobFindings}

// findingsJob looks through all series.
func (s *Service) findingsJob(ctx context.Context, r *job.Run) error {
	n, err := s.findAll(ctx)
	if err != nil {
		return err
	}
	return r.Result(map[string]int{"findings": n})
}

// findAll makes the findings of all indicators anew, one indicator in one write, and returns how many there are.
func (s *Service) findAll(ctx context.Context) (int, error) {
	q := s.unit.DB()
	rule, err := ruleAt(ctx, q, s.today())
	if err != nil {
		return 0, err
	}
	defs, err := s.opt.Indicator.AllDefinitions(ctx, q)
	if err != nil {
		return 0, err
	}
	n := 0
	stored, err := db.All(ctx, q, qFindings, scanFinding)
	if err != nil {
		return 0, err
	}
	had := map[string][]FindingRow{}
	for _, x := range stored {
		had[x.Indicator] = append(had[x.Indicator], x)
	}
	for i, d := range defs {
		if i > 0 && defs[i-1].Indicator == d.Indicator {
			continue
		}
		rows, err := s.findingsOf(ctx, q, rule, d)
		if err != nil {
			return n, err
		}
		n += len(rows)
		if slices.EqualFunc(rows, had[d.Indicator], FindingRow.same) {
			continue // nothing to write, and nothing for the record
		}
		if err := s.keepFindings(ctx, d.Indicator, rows); err != nil {
			return n, err
		}
	}
	return n, nil
}

// findingsOf looks through all series of an indicator.
func (s *Service) findingsOf(
	ctx context.Context, q db.Q, rule Rule, d indicator.Definition,
) ([]FindingRow, error) {
	reports := map[Cell][]indicator.Revision{}
	all, err := s.opt.Indicator.AllRevisions(ctx, q, d.Indicator)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		c := Cell{d.Indicator, r.Region, r.Org}
		reports[c] = append(reports[c], r)
	}
	points, err := pointsWhere(ctx, q, db.Where{}.And("p.indicator = $1", d.Indicator), 0)
	if err != nil {
		return nil, err
	}
	lights, err := allLights(ctx, q, d.Indicator)
	if err != nil {
		return nil, err
	}
	var out []FindingRow
	for len(points) > 0 { // by cell
		n := slices.IndexFunc(points, func(p Point) bool { return p.Cell != points[0].Cell })
		if n < 0 {
			n = len(points)
		}
		own := points[:n]
		points = points[n:]
		c := own[0].Cell
		v := IndicatorView{Indicator: plan.Indicator{ID: d.Indicator}, Cell: c, Day: s.today()}
		v.Indicator.Direction = d.Direction
		for _, p := range own {
			v.Series = append(v.Series, SeriesPoint{Point: p})
		}
		v.Lights = lights[c]
		for _, f := range suspicious(rule, v, own, reports[c]) {
			out = append(out, FindingRow{c, d.Name, own[n-1].OrgName, f})
		}
	}
	return out, nil
}

// keepFindings stores the findings of an indicator in place of those there were.
func (s *Service) keepFindings(ctx context.Context, indicatorID string, list []FindingRow) error {
	return s.unit.Write(ctx, system, "monitor.findings", func(tx *unit.Tx) error {
		if _, err := db.Exec(ctx, tx.Tx, qFindingsClear, indicatorID); err != nil {
			return err
		}
		rows := make([][]any, len(list))
		for i, f := range list {
			var codes []string
			for _, p := range f.Periods {
				codes = append(codes, string(p))
			}
			last := f.Periods[len(f.Periods)-1].LastDay()
			rows[i] = []any{f.Indicator, string(f.Region), f.Org, f.Code, last, int64(i), f.Name, f.OrgName,
				strings.Join(codes, " "), f.Text, f.English}
		}
		if _, err := db.InsertMany(ctx, tx.Tx, qFindingAdd, rows); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindFinding, Object: indicatorID, What: "find",
			Detail: map[string]int{"findings": len(list)}})
		return nil
	})
}

// FindingFilter narrows the list of findings. Zero fields do not narrow.
type FindingFilter struct {
	Code      string      `json:"code,omitempty"`
	Indicator string      `json:"indicator,omitempty"`
	Region    region.Code `json:"region,omitempty"` // and everything inside it
}

func (f FindingFilter) where() db.Where {
	w := db.Where{}
	if f.Code != "" {
		w = w.And("f.code = $1", f.Code)
	}
	if f.Indicator != "" {
		w = w.And("f.indicator = $1", f.Indicator)
	}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Nothing()
		}
		w = w.And("f.region >= $1 AND f.region < $2", from, before)
	}
	return w
}

// ListFindings returns a page of the findings, those of the latest periods first.
func (s *Service) ListFindings(
	ctx context.Context, by authz.Actor, f FindingFilter, p db.PageReq,
) (db.Page[FindingRow], error) {
	if err := FindingPolicy.May(by, ActFindingRead, FindingRow{}); err != nil {
		return db.Page[FindingRow]{}, err
	}
	w := FindingPolicy.Scope(by, ActFindingRead).AndAll(f.where())
	return db.List(ctx, s.unit.DB(), findingList, w, findingList.Order(""), p, scanFinding)
}

// CountFindings returns how many findings of each kind there are, whatever kind f asks for.
func (s *Service) CountFindings(
	ctx context.Context, by authz.Actor, f FindingFilter,
) (map[string]int64, error) {
	if err := FindingPolicy.May(by, ActFindingRead, FindingRow{}); err != nil {
		return nil, err
	}
	f.Code = ""
	w := FindingPolicy.Scope(by, ActFindingRead).AndAll(f.where())
	return findingList.CountBy(ctx, s.unit.DB(), "f.code", w)
}
