package plan

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// maxParts bounds the parts of one target.
const maxParts = 200

var (
	qTarget = db.Stmt(`SELECT ` + targetColumns + ` FROM ` + targetFrom + ` WHERE t.id = $1`)
	qParts  = db.Stmt(`SELECT ` + targetColumns + ` FROM ` + targetFrom + ` WHERE t.parent = $1
		ORDER BY t.created_us, t.id`)
	qTargetAdd = db.Stmt(`INSERT INTO plan_target (id, indicator, parent, level, region, org, org_now,
			org_name, measure, op, value, unit, from_day, to_day, baseline, baseline_day, note, dropped,
			created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
			$20, $19, 1)`)
	qTargetSet = db.Stmt(`UPDATE plan_target SET indicator = $3, region = $4, org = $5, org_now = $6,
			org_name = $7, measure = $8, op = $9, value = $10, unit = $11, from_day = $12, to_day = $13,
			baseline = $14, baseline_day = $15, note = $16, dropped = $17, updated_us = $18,
			version = version + 1
		WHERE id = $1 AND version = $2`)
	qTargetsLike = db.Stmt(`SELECT ` + targetColumns + ` FROM ` + targetFrom + `
		WHERE t.indicator = $1 AND NOT t.dropped ORDER BY t.to_day DESC, t.id LIMIT 500`)
)

func targetByID(ctx context.Context, q db.Q, id string) (Target, error) {
	return db.Get(ctx, q, qTarget, scanTarget, id)
}

// readTarget reads a target that the actor may read; to all others it does not exist.
func (s *Service) readTarget(
	ctx context.Context, q db.Q, by authz.Actor, targetID string,
) (Target, error) {
	t, err := targetByID(ctx, q, targetID)
	if err != nil {
		return Target{}, err
	}
	return t, TargetPolicy.May(by, ActTargetRead, t)
}

// DraftTarget returns what a statement says as the input of CreateTarget, for a person to complete.
func (s *Service) DraftTarget(
	ctx context.Context, by authz.Actor, statementID string,
) (NewTarget, error) {
	st, err := s.GetStatement(ctx, by, statementID)
	if err != nil {
		return NewTarget{}, err
	}
	d, err := documentByID(ctx, s.unit.DB(), st.Document)
	if err != nil {
		return NewTarget{}, err
	}
	in := NewTarget{TargetData: TargetData{Indicator: st.Definition, Region: d.Region,
		Measure: st.Measure, Op: st.Op, Value: st.Value, Unit: st.Unit, From: st.From, To: st.To},
		Statements: []string{st.ID}}
	if in.From == "" {
		in.From = d.Day
	}
	return in, nil
}

// CreateTarget sets a target. Statements it comes from must be confirmed.
func (s *Service) CreateTarget(
	ctx context.Context, by authz.Actor, in NewTarget,
) (Target, error) {
	in.normalise()
	t := Target{ID: id.New(), TargetData: in.TargetData, Level: 1, CreatedBy: by.Account}
	if err := TargetPolicy.May(by, ActTargetWrite, t); err != nil {
		return Target{}, err
	}
	if err := s.completeTarget(ctx, by, &t); err != nil {
		return Target{}, err
	}
	const useCase = "plan.CreateTarget"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Target, error) {
			if err := s.addTarget(ctx, tx, t); err != nil {
				return Target{}, err
			}
			if _, err := s.addSources(ctx, tx, sourceTarget, t.ID, in.Statements); err != nil {
				return Target{}, err
			}
			return targetByID(ctx, tx, t.ID)
		})
	return out, err
}

// StatementTarget is the input of SetTarget: the target that a statement sets, and which indicator
// its phrase means: one that is defined, in Indicator, or a new one.
type StatementTarget struct {
	Statement string `json:"-"`
	TargetData
	New     *NewIndicator `json:"new,omitempty"`
	Alias   bool          `json:"alias,omitempty"` // remember the phrase as another name of it
	Version int64         `json:"version"`         // of the statement
	Key     string        `json:"-"`
}

// SetTarget makes a confirmed statement mean an indicator and sets the target it states, both or
// neither. Fields of a new indicator stand below "new".
func (s *Service) SetTarget(
	ctx context.Context, by authz.Actor, in StatementTarget,
) (Target, error) {
	in.normalise()
	t := Target{ID: id.New(), TargetData: in.TargetData, Level: 1, CreatedBy: by.Account}
	if err := TargetPolicy.May(by, ActTargetWrite, t); err != nil {
		return Target{}, err
	}
	if in.New != nil {
		t.Indicator = in.Statement // none yet: the other fields are checked before
	}
	var f faults
	if err := s.checkTarget(ctx, by, &t, &f); err != nil {
		return Target{}, err
	}
	if err := f.err(); err != nil {
		return Target{}, err
	}
	t.Indicator = in.Indicator
	const useCase = "plan.SetTarget"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Target, error) {
			if err := s.linkFor(ctx, tx, in, &t); err != nil {
				return Target{}, err
			}
			var f faults
			if err := measures(ctx, tx, t, &f); err != nil {
				return Target{}, err
			}
			if err := f.err(); err != nil {
				return Target{}, err
			}
			if err := s.addTarget(ctx, tx, t); err != nil {
				return Target{}, err
			}
			_, err := s.addSources(ctx, tx, sourceTarget, t.ID, []string{in.Statement})
			if err != nil {
				return Target{}, err
			}
			return targetByID(ctx, tx, t.ID)
		})
	return out, err
}

// linkFor links the statement of a target unless it means that indicator already, and gives the
// target its indicator.
func (s *Service) linkFor(ctx context.Context, tx *unit.Tx, in StatementTarget, t *Target) error {
	st, err := statementByID(ctx, tx, in.Statement)
	if err != nil {
		return err
	}
	if _, err := s.readDocument(ctx, tx, tx.By(), st.Document); err != nil {
		return err
	}
	if in.New == nil && !in.Alias && st.Definition == in.Indicator {
		return nil
	}
	st, err = s.decideIn(ctx, tx, "link", st.ID, in.Version, func(tx *unit.Tx, st *Statement) error {
		return s.link(ctx, tx, st, Linking{Indicator: in.Indicator, New: in.New, Alias: in.Alias})
	})
	t.Indicator = st.Definition
	return err
}

// completeTarget checks the data of a target and fills in what follows from it.
func (s *Service) completeTarget(ctx context.Context, by authz.Actor, t *Target) error {
	var f faults
	if err := s.checkTarget(ctx, by, t, &f); err != nil {
		return err
	}
	if err := measures(ctx, s.unit.DB(), *t, &f); err != nil {
		return err
	}
	return f.err()
}

// measures checks that a target is in a unit of its indicator.
func measures(ctx context.Context, q db.Q, t Target, f *faults) error {
	if t.Indicator == "" {
		return nil
	}
	x, err := indicatorByID(ctx, q, t.Indicator)
	switch {
	case fault.Is(err, fault.NotFound):
		f.add("indicator", "没有这个指标")
	case err != nil:
		return err
	case inUnit(hundred, t.Unit, x.Unit) == nil && adds(t.Measure) && t.Unit != "":
		f.add("unit", "指标“%s”的单位是“%s”，这里的单位不能换算", x.Name, x.Unit)
	}
	return nil
}

// checkTarget checks the data of a target but for its indicator, and names its unit.
func (s *Service) checkTarget(
	ctx context.Context, by authz.Actor, t *Target, f *faults,
) error {
	t.check(f)
	t.orgNow, t.OrgName = "", ""
	if t.Org != "" {
		o, err := s.unitOf(ctx, by, t.Org)
		if err != nil {
			return f.with("org", err)
		}
		t.Org, t.orgNow, t.OrgName = o.Org, o.Org, o.Name
	}
	return nil
}

func (s *Service) addTarget(ctx context.Context, tx *unit.Tx, t Target) error {
	err := db.ExecOne(ctx, tx.Tx, qTargetAdd, t.ID, t.Indicator, t.Parent, t.Level,
		string(t.Region), t.Org, t.orgNow, t.OrgName, t.Measure, t.Op, string(t.Value), t.Unit,
		string(t.From), string(t.To), string(t.Baseline), string(t.BaselineDay), t.Note, t.Dropped,
		tx.NowUs(), t.CreatedBy)
	if err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindTarget, Object: t.ID, What: "create",
		Detail: map[string]any{"parent": t.Parent, "data": t.TargetData}})
	tx.Emit(outbox.Event{Kind: EventTargetCreated, Object: t.ID})
	return nil
}

func (s *Service) setTarget(ctx context.Context, tx *unit.Tx, old, t Target, reason string) error {
	err := db.ExecOne(ctx, tx.Tx, qTargetSet, t.ID, old.Version, t.Indicator, string(t.Region),
		t.Org, t.orgNow, t.OrgName, t.Measure, t.Op, string(t.Value), t.Unit, string(t.From),
		string(t.To), string(t.Baseline), string(t.BaselineDay), t.Note, t.Dropped, tx.NowUs())
	if err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindTarget, Object: t.ID, What: "update", Reason: reason,
		Detail: map[string]any{"old": old.TargetData, "new": t.TargetData, "dropped": t.Dropped}})
	tx.Emit(outbox.Event{Kind: EventTargetUpdated, Object: t.ID})
	return nil
}

// asksOtherwise says whether what is asked for differs: a red light turns when its goal is lowered, so that has
// to be said why. A note is no part of it.
func (t Target) asksOtherwise(old Target) bool {
	t.Note = old.Note
	return t.TargetData != old.TargetData || t.Dropped != old.Dropped
}

// UpdateTarget replaces the data of a target, or drops it. Why stands in the trail.
func (s *Service) UpdateTarget(
	ctx context.Context, by authz.Actor, in TargetUpdate,
) (Target, error) {
	in.normalise()
	in.Reason = lines(in.Reason)
	old, err := s.readTarget(ctx, s.unit.DB(), by, in.ID)
	if err != nil {
		return Target{}, err
	}
	if err := TargetPolicy.May(by, ActTargetWrite, old); err != nil {
		return Target{}, err
	}
	next := old
	next.TargetData, next.Dropped = in.TargetData, in.Dropped
	if err := s.completeTarget(ctx, by, &next); err != nil {
		return Target{}, err
	}
	if err := checkReason(in.Reason, next.asksOtherwise(old)); err != nil {
		return Target{}, err
	}
	const useCase = "plan.UpdateTarget"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Target, error) {
			if old.Version != in.Version {
				return Target{}, errStale()
			}
			if err := s.setTarget(ctx, tx, old, next, in.Reason); err != nil {
				return Target{}, err
			}
			return targetByID(ctx, tx, in.ID)
		})
	return out, err
}

// TargetDetail is a target with everything its page shows.
type TargetDetail struct {
	Target
	Whole   *Target  `json:"whole,omitempty"` // the target it is a part of
	Parts   []Target `json:"parts,omitempty"`
	Sum     Sum      `json:"sum"`
	Sources []Source `json:"sources,omitempty"`
	Tasks   []Task   `json:"tasks,omitempty"` // those that serve it and that the actor may read
}

// GetTarget returns a target with its parts, their sum, its sources and tasks.
func (s *Service) GetTarget(
	ctx context.Context, by authz.Actor, targetID string,
) (TargetDetail, error) {
	q := s.unit.DB()
	t, err := s.readTarget(ctx, q, by, targetID)
	if err != nil {
		return TargetDetail{}, err
	}
	x := TargetDetail{Target: t}
	if t.Parent != "" {
		if whole, err := s.readTarget(ctx, q, by, t.Parent); err == nil {
			x.Whole = &whole
		}
	}
	if x.Parts, err = db.All(ctx, q, qParts, scanTarget, t.ID); err != nil {
		return x, err
	}
	x.Sum = SumOf(t, x.Parts)
	if x.Sources, err = s.sources(ctx, q, s.canOpen(ctx, by), sourceTarget, t.ID); err != nil {
		return x, err
	}
	page, err := s.ListTasks(ctx, by, TaskFilter{Target: t.ID}, "", db.PageReq{Limit: 100})
	x.Tasks = page.Items
	return x, err
}

// canOpen says which documents the actor may open.
func (s *Service) canOpen(ctx context.Context, by authz.Actor) func(string) bool {
	return func(documentID string) bool {
		return s.mayReadDocument(ctx, by, documentID) == nil
	}
}

// Part is one part of a target: what a unit or a place is to reach of it.
type Part struct {
	ID     string      `json:"id,omitempty"` // of a part that is there already
	Region region.Code `json:"region,omitempty"`
	Org    string      `json:"org,omitempty"`
	Op     string      `json:"op,omitempty"` // "" = as the whole
	Value  Decimal     `json:"value"`
	Unit   string      `json:"unit,omitempty"` // "" = as the whole
}

// Decomposition is the input of Decompose: all parts a target has from now on.
type Decomposition struct {
	Target  string `json:"-"`
	Parts   []Part `json:"parts"`
	Version int64  `json:"version"` // of the whole
	Key     string `json:"-"`
}

// Decompose breaks a target down to departments and districts (分解). Parts that are no longer
// named are dropped. The sum is checked and returned, not enforced: a person decides whether parts
// may exceed or fall short of the whole.
func (s *Service) Decompose(
	ctx context.Context, by authz.Actor, in Decomposition,
) (TargetDetail, error) {
	whole, err := s.readTarget(ctx, s.unit.DB(), by, in.Target)
	if err != nil {
		return TargetDetail{}, err
	}
	if err := TargetPolicy.May(by, ActTargetSplit, whole); err != nil {
		return TargetDetail{}, err
	}
	old, err := db.All(ctx, s.unit.DB(), qParts, scanTarget, whole.ID)
	if err != nil {
		return TargetDetail{}, err
	}
	next, err := s.partsOf(ctx, by, whole, old, in.Parts)
	if err != nil {
		return TargetDetail{}, err
	}
	const useCase = "plan.Decompose"
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (bool, error) {
		if whole.Version != in.Version {
			return false, errStale()
		}
		// The whole counts as changed, so that two people cannot break it down at once.
		if err := s.setTarget(ctx, tx, whole, whole, ""); err != nil {
			return false, err
		}
		return true, s.setParts(ctx, tx, old, next)
	})
	if err != nil {
		return TargetDetail{}, err
	}
	return s.GetTarget(ctx, by, whole.ID)
}

// partsOf checks the parts of a target and completes them from the whole.
func (s *Service) partsOf(
	ctx context.Context, by authz.Actor, whole Target, old []Target, parts []Part,
) ([]Target, error) {
	switch {
	case whole.Level >= maxLevels:
		return nil, fault.New(fault.Conflict, "目标最多分解 %d 级", maxLevels)
	case len(parts) > maxParts:
		return nil, fault.Fields(fault.At("parts", "最多分解为 %d 份", maxParts))
	}
	var f faults
	var out []Target
	for i, p := range parts {
		t := Target{ID: id.New(), TargetData: whole.TargetData, Parent: whole.ID,
			Level: whole.Level + 1, CreatedBy: by.Account}
		j := slices.IndexFunc(old, func(o Target) bool { return p.ID != "" && o.ID == p.ID })
		at := "parts." + strconv.Itoa(i) + "."
		switch {
		case j >= 0:
			t = old[j]
			t.Dropped = false
		case p.ID != "":
			f.add(at+"id", "没有这条记录")
		default:
			t.Baseline, t.BaselineDay, t.Note = "", "", ""
		}
		t.Org, t.Value = p.Org, p.Value
		t.Region = cmp.Or(p.Region, whole.Region)
		t.Op, t.Unit = cmp.Or(p.Op, whole.Op), cmp.Or(tidy(p.Unit), whole.Unit)
		t.normalise()
		before := len(f)
		if p.Org == "" && t.Region == whole.Region {
			f.add(at+"org", "请选择分解到的单位或地区")
		}
		if err := f.under(at, s.completeTarget(ctx, by, &t)); err != nil {
			return nil, err
		}
		if len(f) == before && slices.ContainsFunc(out, func(o Target) bool {
			return o.orgNow == t.orgNow && o.Region == t.Region
		}) {
			f.add(at+"org", "与前面的一份重复")
		}
		out = append(out, t)
	}
	return out, f.err()
}

// setParts stores the parts and drops those that are no longer named.
func (s *Service) setParts(ctx context.Context, tx *unit.Tx, old, next []Target) error {
	for _, t := range next {
		i := slices.IndexFunc(old, func(o Target) bool { return o.ID == t.ID })
		if i < 0 {
			if err := s.addTarget(ctx, tx, t); err != nil {
				return err
			}
			continue
		}
		if old[i] == t {
			continue
		}
		if err := s.setTarget(ctx, tx, old[i], t, ""); err != nil {
			return err
		}
	}
	for _, o := range old {
		if o.Dropped || slices.ContainsFunc(next, func(t Target) bool { return t.ID == o.ID }) {
			continue
		}
		t := o
		t.Dropped = true
		if err := s.setTarget(ctx, tx, o, t, ""); err != nil {
			return err
		}
	}
	return nil
}

// TargetFilter narrows a list of targets. Zero fields do not narrow.
type TargetFilter struct {
	Indicator string      `json:"indicator,omitempty"`
	Region    region.Code `json:"region,omitempty"` // and everything inside it
	Org       string      `json:"org,omitempty"`
	From      clock.Date  `json:"from,omitempty"` // its period ends at or after
	To        clock.Date  `json:"to,omitempty"`   // and at or before
	Document  string      `json:"document,omitempty"`
	Level     int         `json:"level,omitempty"`
	Query     string      `json:"q,omitempty"` // words of the indicator's name
	Dropped   bool        `json:"dropped,omitempty"`
}

var targetList = db.Select(targetColumns, targetFrom,
	db.Order{Name: "to", Cols: []db.Col{db.TextCol("t.to_day"), db.TextCol("t.id")}},
	db.Order{Name: "updated", Desc: true,
		Cols: []db.Col{db.IntCol("t.updated_us"), db.TextCol("t.id")}},
	db.Order{Name: "indicator",
		Cols: []db.Col{db.TextCol("i.name"), db.TextCol("t.to_day"), db.TextCol("t.id")}},
)

// TargetOrders returns the names of the orders people may choose.
func TargetOrders() []string { return targetList.OrderNames() }

func (f TargetFilter) where() db.Where {
	w := db.Where{}
	if f.Indicator != "" {
		w = w.And("t.indicator = $1", f.Indicator)
	}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Nothing()
		}
		w = w.And("t.region >= $1 AND t.region < $2", from, before)
	}
	if f.Org != "" {
		w = w.And("t.org_now = $1", f.Org)
	}
	if f.From != "" {
		w = w.And("t.to_day >= $1", string(f.From))
	}
	if f.To != "" {
		w = w.And("t.to_day <= $1", string(f.To))
	}
	if f.Document != "" {
		w = w.And(`EXISTS (SELECT 1 FROM plan_source AS s WHERE s.document = $1
			AND s.kind = 'target' AND s.object = t.id)`, f.Document)
	}
	if f.Level != 0 {
		w = w.And("t.level = $1", int64(f.Level))
	}
	w = matching(w, f.Query, func(w db.Where, gram string) db.Where {
		return w.And(`EXISTS (SELECT 1 FROM plan_gram AS g WHERE g.kind = 'indicator'
			AND g.gram = $1 AND g.object = t.indicator)`, gram)
	})
	if !f.Dropped {
		w = w.And("NOT t.dropped")
	}
	return w
}

// ListTargets returns a page of the targets that the actor may read.
func (s *Service) ListTargets(
	ctx context.Context, by authz.Actor, f TargetFilter, order string, p db.PageReq,
) (db.Page[Target], error) {
	w := TargetPolicy.Scope(by, ActTargetRead).AndAll(f.where())
	return db.List(ctx, s.unit.DB(), targetList, w, targetList.Order(order), p, scanTarget)
}

// CountTargets returns how many targets the actor may read.
func (s *Service) CountTargets(
	ctx context.Context, by authz.Actor, f TargetFilter,
) (int64, error) {
	w := TargetPolicy.Scope(by, ActTargetRead).AndAll(f.where())
	return targetList.Count(ctx, s.unit.DB(), w, 0)
}

// SimilarTarget is a target that may be the one about to be set.
type SimilarTarget struct {
	Target Target `json:"target"`
	Reason string `json:"reason"` // key of package i18n
	Same   bool   `json:"same"`   // indicator, period and subject are the same
}

const maxSimilar = 10

// SimilarTargets returns targets of the same indicator whose period overlaps, those of the same
// subject first.
func (s *Service) SimilarTargets(
	ctx context.Context, by authz.Actor, in TargetData,
) ([]SimilarTarget, error) {
	if in.Indicator == "" {
		return nil, nil
	}
	all, err := db.All(ctx, s.unit.DB(), qTargetsLike, scanTarget, in.Indicator)
	if err != nil {
		return nil, err
	}
	var out []SimilarTarget
	for _, t := range all {
		if TargetPolicy.May(by, ActTargetRead, t) != nil || t.To < in.From || in.To < t.From {
			continue
		}
		subject := t.Region == in.Region && t.orgNow == in.Org
		period := t.From == in.From && t.To == in.To
		x := SimilarTarget{Target: t, Reason: "指标相同，期间重叠", Same: subject && period}
		switch {
		case x.Same:
			x.Reason = "指标、期间和责任主体都相同"
		case subject:
			x.Reason = "指标和责任主体相同，期间重叠"
		case period:
			x.Reason = "指标和期间相同"
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b SimilarTarget) int {
		return cmp.Compare(rank(b, in), rank(a, in))
	})
	return out[:min(len(out), maxSimilar)], nil
}

func rank(x SimilarTarget, in TargetData) int {
	n := 0
	if x.Target.Region == in.Region && x.Target.orgNow == in.Org {
		n += 2
	}
	if x.Target.From == in.From && x.Target.To == in.To {
		n++
	}
	return n
}

// Text returns a target in one line of Chinese as offices write it: 技术合同成交额≥1,228 亿元.
func (t Target) Text() string {
	return t.Name + i18n.Sign(t.Op) + t.Value.Amount(t.Unit)
}

// Asks is all that decides whether the target is reached: two that are equal ask for the same, whatever their
// indicator is called by now. What stands before the first "|" is for people.
func (t Target) Asks() string {
	words := i18n.Sign(t.Op) + t.Value.Amount(t.Unit) + "，" + string(t.From) + "至" + string(t.To)
	return strings.Join([]string{words, string(t.Baseline), string(t.BaselineDay), t.Measure, string(t.Region),
		t.Indicator}, "|")
}
