package indicator

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/formula"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

func (d *DefinitionData) normalise() {
	d.Text, d.Formula = lines(d.Text), lines(d.Formula)
	d.Unit, d.BreakNote, d.Source = tidy(d.Unit), tidy(d.BreakNote), tidy(d.Source)
	d.Measure, d.DueTime = tidy(d.Measure), tidy(d.DueTime)
	d.Factor = Ratio(tidy(string(d.Factor)))
	d.Floor, d.Ceiling, d.Jump = plainDecimal(d.Floor), plainDecimal(d.Ceiling), plainDecimal(d.Jump)
	for k, v := range d.Dims {
		if v == "" {
			delete(d.Dims, k)
		}
	}
	if d.Kind != Measured {
		d.Measure, d.Dims, d.Factor = "", nil, ""
	}
	if d.Kind != Computed {
		d.Formula = ""
	}
}

func (s *Service) checkDefinition(d DefinitionData, f *faults) {
	f.choice("kind", d.Kind, Kinds())
	f.prose("text", d.Text, false)
	f.line("unit", d.Unit, maxUnit, true)
	f.between("places", d.Places, 0, maxPlaces)
	f.choice("frequency", d.Frequency, Frequencies())
	if d.Cumulative && d.Frequency == "year" {
		f.add("cumulative", "年度指标没有自年初累计")
	}
	f.between("dueDays", d.DueDays, 0, maxDueDays)
	if _, ok := minuteOf(d.DueTime); d.DueTime != "" && !ok {
		f.add("dueTime", "时刻应写作 17:30")
	}
	f.number("floor", d.Floor, false)
	f.number("ceiling", d.Ceiling, false)
	f.number("jump", d.Jump, false)
	if d.Floor.Valid() && d.Ceiling.Valid() && d.Floor.Rat().Cmp(d.Ceiling.Rat()) > 0 {
		f.add("ceiling", "上限不能小于下限")
	}
	if d.Jump.Valid() && d.Jump.Rat().Sign() <= 0 {
		f.add("jump", "应大于 0")
	}
	f.day("from", d.From, true)
	f.line("breakNote", d.BreakNote, maxText, d.Breaks)
	f.line("source", d.Source, 2*maxText, false)
	switch d.Kind {
	case Measured:
		s.checkMeasure(d, f)
	case Computed:
		f.prose("formula", d.Formula, true)
		if n := utf8.RuneCountInString(d.Formula); n > maxFormula {
			f.add("formula", "最多 %d 个字，现有 %d 个", maxFormula, n)
		} else if _, bad := formula.Parse(d.Formula); bad != nil && d.Formula != "" {
			f.add("formula", "公式有误：%s", bad)
		}
	}
}

func (s *Service) checkMeasure(d DefinitionData, f *faults) {
	if d.Factor.Rat() == nil {
		f.add("factor", "应为正数或分数，如 0.01 或 1/10000000000")
	}
	if len(d.Dims) > maxDims {
		f.add("dims", "最多 %d 项", maxDims)
	}
	if d.Measure == "" {
		f.add("measure", "请选择一项")
		return
	}
	if s.opt.Measures == nil {
		return
	}
	for _, m := range s.opt.Measures() {
		if m.Name != d.Measure {
			continue
		}
		for name := range d.Dims {
			if !slices.ContainsFunc(m.Dims, func(x measure.Dim) bool { return x.Name == name }) {
				f.add("dims", "这个度量不能按“%s”细分", name)
			}
		}
		return
	}
	f.add("measure", "没有这个度量")
}

// unitOf returns an organisation of the registry as it lives now; a wrong one is a fault at the field.
func (s *Service) unitOf(
	ctx context.Context, by authz.Actor, field, orgID string, f *faults,
) (party.Org, error) {
	if orgID == "" {
		return party.Org{}, nil
	}
	o, err := s.opt.Party.GetOrganisation(ctx, by, orgID)
	if fault.Is(err, fault.NotFound) {
		f.add(field, "主体库中没有这个单位")
		return o, nil
	}
	return o, err
}

// NewDefinition is the input of CreateDefinition.
type NewDefinition struct {
	Indicator string `json:"indicator"`
	DefinitionData
	Key string `json:"-"`
}

// CreateDefinition gives an indicator its first definition, or the next one: the one in force ends the
// day before it begins.
func (s *Service) CreateDefinition(
	ctx context.Context, by authz.Actor, in NewDefinition,
) (Definition, error) {
	in.normalise()
	if err := DefinitionPolicy.May(by, ActDefinitionWrite, Definition{}); err != nil {
		return Definition{}, err
	}
	var f faults
	s.checkDefinition(in.DefinitionData, &f)
	if err := s.checkFormula(ctx, s.unit.DB(), in.Indicator, in.DefinitionData, &f); err != nil {
		return Definition{}, err
	}
	o, err := s.unitOf(ctx, by, "org", in.Org, &f)
	if err != nil {
		return Definition{}, err
	}
	if err := f.err(); err != nil {
		return Definition{}, err
	}
	d := Definition{ID: id.New(), Indicator: in.Indicator, DefinitionData: in.DefinitionData,
		OrgName: o.Name, CreatedBy: by.Account, orgNow: o.ID}
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.CreateDefinition", in.Key, in,
		func(tx *unit.Tx) (Definition, error) { return s.addDefinition(ctx, tx, d) })
	return out, err
}

// addDefinition stores a definition behind those there are.
func (s *Service) addDefinition(ctx context.Context, tx *unit.Tx, d Definition) (Definition, error) {
	x, err := s.opt.Plan.IndicatorIn(ctx, tx, d.Indicator)
	if fault.Is(err, fault.NotFound) {
		return Definition{}, fault.Fields(fault.At("indicator", "没有这个指标"))
	}
	if err != nil {
		return Definition{}, err
	}
	if !plan.SameUnit(d.Unit, x.Unit) {
		return Definition{}, fault.Fields(fault.At("unit", "指标“%s”的单位是“%s”，这里的单位不能换算", x.Name,
			x.Unit))
	}
	all, err := s.Definitions(ctx, tx, d.Indicator)
	if err != nil {
		return Definition{}, err
	}
	if n := len(all); n > 0 {
		last := all[n-1]
		if d.From <= last.From || last.To != "" && d.From < last.To {
			return Definition{}, fault.Fields(fault.At("from", "应晚于上一版的生效日期 %s",
				string(max(last.From, last.To))))
		}
		switch locked, err := s.lockedFrom(ctx, tx, d.Indicator, d.From, ""); {
		case err != nil:
			return Definition{}, err
		case locked != "":
			return Definition{}, fault.Fields(fault.At("from", "到 %s 为止的期别已经锁定，新版应在其后生效",
				string(locked)))
		}
		if last.To == "" {
			err := db.ExecOne(ctx, tx.Tx, qDefinitionClose, last.ID, last.Version, string(d.From), tx.NowUs())
			if err != nil {
				return Definition{}, err
			}
		}
		d.N = last.N
	}
	d.N++
	err = db.ExecOne(ctx, tx.Tx, qDefinitionAdd, d.ID, d.Indicator, d.N, d.Kind, d.Text, d.Unit, d.Places,
		d.Frequency, d.Cumulative, d.Formula, d.Measure, encode(d.Dims), string(d.Factor), d.Org, d.orgNow,
		d.OrgName, d.DueDays, d.DueTime, string(d.Floor), string(d.Ceiling), string(d.Jump), string(d.From),
		d.Breaks, d.BreakNote, d.Source, d.Document, tx.NowUs(), d.CreatedBy)
	if err != nil {
		return Definition{}, err
	}
	tx.Audit(audit.Entry{Kind: kindDefinition, Object: d.ID, What: "create",
		Detail: map[string]any{"indicator": d.Indicator, "n": d.N, "data": d.DefinitionData}})
	tx.Emit(outbox.Event{Kind: EventDefinition, Object: d.Indicator, Data: d.ID})
	return db.Get(ctx, tx, qDefinition, scanDefinition, d.ID)
}

// DefinitionUpdate is the input of UpdateDefinition. The first day stays.
type DefinitionUpdate struct {
	ID string `json:"-"`
	DefinitionData
	Version int64 `json:"version"`
}

// UpdateDefinition corrects a definition that no value rests on yet. Otherwise the past would change
// its meaning: a new version says what is counted from now on.
func (s *Service) UpdateDefinition(
	ctx context.Context, by authz.Actor, in DefinitionUpdate,
) (Definition, error) {
	in.normalise()
	if err := DefinitionPolicy.May(by, ActDefinitionWrite, Definition{}); err != nil {
		return Definition{}, err
	}
	old, err := db.Get(ctx, s.unit.DB(), qDefinition, scanDefinition, in.ID)
	if err != nil {
		return Definition{}, err
	}
	in.From = old.From
	var f faults
	s.checkDefinition(in.DefinitionData, &f)
	if err := s.checkFormula(ctx, s.unit.DB(), old.Indicator, in.DefinitionData, &f); err != nil {
		return Definition{}, err
	}
	o, err := s.unitOf(ctx, by, "org", in.Org, &f)
	if err != nil {
		return Definition{}, err
	}
	if err := f.err(); err != nil {
		return Definition{}, err
	}
	var out Definition
	err = s.unit.Write(ctx, by, "indicator.UpdateDefinition", func(tx *unit.Tx) error {
		if err := s.mayStillChange(ctx, tx, old, in); err != nil {
			return err
		}
		err := db.ExecOne(ctx, tx.Tx, qDefinitionSet, in.ID, in.Version, in.Kind, in.Text, in.Unit,
			in.Places, in.Frequency, in.Cumulative, in.Formula, in.Measure, encode(in.Dims),
			string(in.Factor), in.Org, o.ID, o.Name, in.DueDays, in.DueTime, string(in.Floor),
			string(in.Ceiling), string(in.Jump), in.Breaks, in.BreakNote, in.Source, in.Document,
			tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindDefinition, Object: in.ID, What: "update",
			Detail: map[string]any{"old": old.DefinitionData, "new": in.DefinitionData}})
		tx.Emit(outbox.Event{Kind: EventDefinition, Object: old.Indicator, Data: in.ID})
		out, err = db.Get(ctx, tx, qDefinition, scanDefinition, in.ID)
		return err
	})
	return out, err
}

// mayStillChange refuses to change what values rest on, and a definition that is closed.
func (s *Service) mayStillChange(
	ctx context.Context, tx *unit.Tx, old Definition, in DefinitionUpdate,
) error {
	switch {
	case old.Version != in.Version:
		return errStale()
	case old.To != "":
		return fault.New(fault.Conflict, "这一版口径已经结束，不能再改")
	}
	if err := s.untouched(ctx, tx, old); err != nil {
		return err
	}
	x, err := s.opt.Plan.IndicatorIn(ctx, tx, old.Indicator)
	if err == nil && !plan.SameUnit(in.Unit, x.Unit) {
		err = fault.Fields(fault.At("unit", "指标“%s”的单位是“%s”，这里的单位不能换算", x.Name, x.Unit))
	}
	return err
}

// DefinitionEnd is the input of CloseDefinition.
type DefinitionEnd struct {
	ID      string     `json:"-"`
	To      clock.Date `json:"to"` // the first day it no longer holds
	Version int64      `json:"version"`
}

// CloseDefinition ends the definition in force without a new one: the indicator has no values from
// that day on.
func (s *Service) CloseDefinition(
	ctx context.Context, by authz.Actor, in DefinitionEnd,
) (Definition, error) {
	var out Definition
	err := s.unit.Write(ctx, by, "indicator.CloseDefinition", func(tx *unit.Tx) error {
		d, err := db.Get(ctx, tx, qDefinition, scanDefinition, in.ID)
		if err != nil {
			return err
		}
		if err := DefinitionPolicy.May(by, ActDefinitionWrite, d); err != nil {
			return err
		}
		var f faults
		f.day("to", in.To, true)
		if in.To != "" && in.To <= d.From {
			f.add("to", "结束日期不能早于开始日期")
		}
		if err := f.err(); err != nil {
			return err
		}
		if d.To != "" || d.Version != in.Version {
			return errStale()
		}
		if err := s.nothingFrom(ctx, tx, d, in.To); err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qDefinitionClose, d.ID, d.Version, string(in.To), tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindDefinition, Object: d.ID, What: "close",
			Detail: map[string]any{"to": in.To}})
		tx.Emit(outbox.Event{Kind: EventDefinition, Object: d.Indicator, Data: d.ID})
		out, err = db.Get(ctx, tx, qDefinition, scanDefinition, d.ID)
		return err
	})
	return out, err
}

// nothingFrom refuses to end a definition before a period that has a value by it.
func (s *Service) nothingFrom(ctx context.Context, q db.Q, d Definition, day clock.Date) error {
	typed, err := reported(ctx, q, d)
	if err != nil {
		return err
	}
	made, err := s.shown(ctx, q, d)
	if err != nil {
		return err
	}
	last := typed.Last
	if made.Last.LastDay() > last.LastDay() {
		last = made.Last
	}
	if last != "" && clock.Date(last.LastDay()) >= day {
		return fault.Fields(fault.At("to", "%s 已有按这一版口径的数值，停用日期应晚于 %s", string(last), last.LastDay()))
	}
	return nil
}

// DefinitionReopening is the input of ReopenDefinition.
type DefinitionReopening struct {
	ID      string `json:"-"`
	Reason  string `json:"reason"`
	Version int64  `json:"version"`
}

// ReopenDefinition takes back the end of a definition, as long as no later version began.
func (s *Service) ReopenDefinition(
	ctx context.Context, by authz.Actor, in DefinitionReopening,
) (Definition, error) {
	var out Definition
	in.Reason = lines(in.Reason)
	err := s.unit.Write(ctx, by, "indicator.ReopenDefinition", func(tx *unit.Tx) error {
		d, err := db.Get(ctx, tx, qDefinition, scanDefinition, in.ID)
		if err != nil {
			return err
		}
		if err := DefinitionPolicy.May(by, ActDefinitionWrite, d); err != nil {
			return err
		}
		var f faults
		f.prose("reason", in.Reason, true)
		if err := f.err(); err != nil {
			return err
		}
		all, err := s.Definitions(ctx, tx, d.Indicator)
		switch {
		case err != nil:
			return err
		case d.To == "" || d.Version != in.Version:
			return errStale()
		case all[len(all)-1].ID != d.ID:
			return fault.New(fault.Conflict, "后面已有新版口径，不能撤回停用")
		}
		if err := db.ExecOne(ctx, tx.Tx, qDefinitionReopen, d.ID, d.Version, tx.NowUs()); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindDefinition, Object: d.ID, What: "reopen", Reason: in.Reason,
			Detail: map[string]any{"to": d.To}})
		tx.Emit(outbox.Event{Kind: EventDefinition, Object: d.Indicator, Data: d.ID})
		out, err = db.Get(ctx, tx, qDefinition, scanDefinition, d.ID)
		return err
	})
	return out, err
}

// DefinitionUse is a definition with how many values rest on it.
type DefinitionUse struct {
	Definition
	Values int64 `json:"values"`         // that people report
	Made   int64 `json:"made,omitempty"` // that it computed or measured
}

// IndicatorDefinitions is everything the page of an indicator's definitions shows.
type IndicatorDefinitions struct {
	Indicator   plan.Indicator  `json:"indicator"`
	Definitions []DefinitionUse `json:"definitions"` // the latest first
	Sets        []Set           `json:"sets"`        // it belongs to
}

// DefinitionsOf returns the definitions of an indicator, the latest first, with their use.
func (s *Service) DefinitionsOf(
	ctx context.Context, by authz.Actor, indicatorID string,
) (IndicatorDefinitions, error) {
	if err := DefinitionPolicy.May(by, ActDefinitionRead, Definition{}); err != nil {
		return IndicatorDefinitions{}, err
	}
	var out IndicatorDefinitions
	var err error
	q := s.unit.DB()
	if out.Indicator, err = s.opt.Plan.GetIndicator(ctx, by, indicatorID); err != nil {
		return out, err
	}
	all, err := s.Definitions(ctx, q, indicatorID)
	if err != nil {
		return out, err
	}
	slices.Reverse(all)
	for _, d := range all {
		typed, err := reported(ctx, q, d)
		if err != nil {
			return out, err
		}
		made, err := s.shown(ctx, q, d)
		if err != nil {
			return out, err
		}
		out.Definitions = append(out.Definitions, DefinitionUse{d, typed.Values, made.Values})
	}
	out.Sets, err = s.setList(ctx, q, qSetsOf, indicatorID)
	return out, err
}

// DefinitionFilter narrows the list of definitions in force.
type DefinitionFilter struct {
	Kind      string `json:"kind,omitempty"`
	Frequency string `json:"frequency,omitempty"`
	Set       string `json:"set,omitempty"`
}

// InForce returns the definitions in force on a day, "" for today, by the names of their indicators.
func (s *Service) InForce(
	ctx context.Context, by authz.Actor, f DefinitionFilter, day clock.Date,
) ([]Definition, error) {
	if err := DefinitionPolicy.May(by, ActDefinitionRead, Definition{}); err != nil {
		return nil, err
	}
	day = cmp.Or(day, s.today())
	var in map[string]bool
	if f.Set != "" {
		items, err := s.SetItems(ctx, s.unit.DB(), f.Set)
		if err != nil {
			return nil, err
		}
		in = map[string]bool{}
		for _, x := range items {
			in[x.Indicator] = true
		}
	}
	all, err := s.AllDefinitions(ctx, s.unit.DB())
	all = slices.DeleteFunc(all, func(d Definition) bool {
		return !d.Holds(day) || f.Kind != "" && d.Kind != f.Kind ||
			f.Frequency != "" && d.Frequency != f.Frequency || in != nil && !in[d.Indicator]
	})
	slices.SortFunc(all, func(a, b Definition) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Indicator, b.Indicator))
	})
	return all, err
}

// encode writes a value as JSON for a column, "" for none.
func encode(v map[string]string) string {
	if len(v) == 0 {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "" // a map of texts always has its JSON
	}
	return string(b)
}
