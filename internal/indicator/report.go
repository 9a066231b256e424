package indicator

import (
	"cmp"
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// MaxCells bounds the values that are reported at once by a form.
const MaxCells = 200

// NewObservation is a value on its way in.
type NewObservation struct {
	Cell
	ObservationData
	Statement string `json:"statement,omitempty"` // the statement of a document that says so
	Version   int64  `json:"version,omitempty"`   // of the revision under way that was seen, 0 for none
}

// Reporting is the input of Report.
type Reporting struct {
	Cells  []NewObservation `json:"cells"`
	Submit bool             `json:"submit,omitempty"` // hand them in; otherwise they are kept as they are
	Key    string           `json:"-"`

	source string
}

// reporting is one value with all that was found out about it.
type reporting struct {
	in       NewObservation
	old      Observation // the revision under way, without id when there is none
	def      Definition
	duty     Duty
	quote    string
	document string
	dueUs    int64
}

// Report keeps values of cells and hands them in when that is asked for: all of them or none. Faults
// stand at cells.N.field. A cell whose value was approved is corrected instead, see Correct.
func (s *Service) Report(ctx context.Context, by authz.Actor, in Reporting) ([]Observation, error) {
	if !ObservationPolicy.Could(by, ActObservationReport) {
		return nil, ObservationPolicy.May(by, ActObservationReport, Observation{State: Approved})
	}
	switch {
	case len(in.Cells) == 0:
		return nil, fault.Fields(fault.At("cells", "没有要保存的数值"))
	case in.source == "" && len(in.Cells) > MaxCells:
		return nil, fault.Fields(fault.At("cells", "一次最多 %d 个数值", MaxCells))
	}
	in.source = cmp.Or(in.source, FromForm)
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.Report", in.Key, in,
		func(tx *unit.Tx) ([]Observation, error) {
			var f faults
			var list []reporting
			for i := range in.Cells {
				x, err := s.prepare(ctx, tx, in.Cells[i])
				if err := f.under(fmt.Sprintf("cells.%d.", i), "value", err); err != nil {
					return nil, err
				}
				list = append(list, x)
			}
			if err := f.err(); err != nil {
				return nil, err
			}
			return s.keepAll(ctx, tx, in, list)
		})
	return out, err
}

func (s *Service) keepAll(
	ctx context.Context, tx *unit.Tx, in Reporting, list []reporting,
) ([]Observation, error) {
	var out []Observation
	var f faults
	for i, x := range list {
		o, err := s.keep(ctx, tx, x, in.source)
		if err == nil && in.Submit {
			o, err = s.fire(ctx, tx, o.ID, o.Version, StepSubmit, process.Input{})
		}
		if err := f.under(fmt.Sprintf("cells.%d.", i), "value", err); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, f.err()
}

// prepare checks one value within the write that stores it.
func (s *Service) prepare(ctx context.Context, tx *unit.Tx, in NewObservation) (reporting, error) {
	x := reporting{in: in}
	x.in.ObservationData.normalise()
	if err := s.checkCell(x.in.Cell); err != nil {
		return x, err
	}
	var err error
	if x.def, err = s.definitionFor(ctx, tx, x.in.Cell); err != nil {
		return x, err
	}
	if x.duty, err = s.mayReport(ctx, tx, x.in.Cell); err != nil {
		return x, err
	}
	x.dueUs = s.dueOf(x.def, x.in.Period)
	if x.old, err = underWay(ctx, tx, x.in.Cell); err != nil {
		return x, err
	}
	switch {
	case x.old.State == Submitted:
		return x, fault.New(fault.Conflict, "已提交审核，要改请先撤回")
	case x.old.State == Approved:
		return x, fault.New(fault.Conflict, "已经审核，要改请填写更正和理由")
	case x.old.Version != in.Version: // both are 0 when nobody has begun
		return x, errStale()
	}
	if locked, err := isLocked(ctx, tx, x.in.Cell); err != nil || locked {
		return x, cmp.Or(err, notLocked(Observation{locked: true}))
	}
	prev, err := s.valueBefore(ctx, tx, x.def, x.in.Cell)
	if err != nil {
		return x, err
	}
	if err := s.fromStatement(ctx, tx, &x); err != nil {
		return x, err
	}
	f := checkObservation(x.def, x.in.Cell, &x.in.ObservationData, prev, s.today())
	return x, f.err()
}

// checkCell checks where a value is to stand, before anything is looked up.
func (s *Service) checkCell(c Cell) error {
	var f faults
	if c.Indicator == "" {
		f.add("indicator", "请选择一项")
	}
	f.place("region", c.Region)
	if !c.Period.Valid() {
		f.add("period", "期别应写作 2026、2026H1、2026Q3 或 2026-09")
	} else if clock.Date(c.Period.FirstDay()) > s.today() {
		f.add("period", "这一期还没有开始")
	}
	return f.err()
}

// definitionFor is the definition by which the value of a cell is counted, of those people report.
func (s *Service) definitionFor(ctx context.Context, q db.Q, c Cell) (Definition, error) {
	d, err := s.DefinitionAt(ctx, q, c.Indicator, clock.Date(c.Period.LastDay()))
	switch {
	case fault.Is(err, fault.NotFound):
		return d, fault.Fields(fault.At("period", "这一期没有生效的口径，请先建立"))
	case err != nil:
		return d, err
	case d.Kind == Measured || d.Kind == Computed:
		return d, fault.Fields(fault.At("indicator", "这项指标由系统计算，不填报"))
	case d.PeriodKind() != c.Period.Kind():
		return d, fault.Fields(fault.At("period", "这项指标按%s填报", frequencyKey(d.Frequency)))
	}
	return d, nil
}

// mayReport says who reports a cell and refuses everybody else. An officer may report what nobody has
// been asked for.
func (s *Service) mayReport(ctx context.Context, tx *unit.Tx, c Cell) (Duty, error) {
	d, found, err := dutyOf(ctx, tx, c)
	if err != nil {
		return d, err
	}
	by := tx.By()
	if !found {
		d.Reporter, d.ReporterNow = by.Org, by.Org
		if o, err := s.opt.Party.GetOrganisation(ctx, by, by.Org); err == nil {
			d.ReporterName = o.Name
		}
		if by.EffectiveRole() != authz.Officer {
			d.ReporterNow = "" // nobody's: only those who may report everything may
		}
	}
	if ObservationPolicy.May(by, ActObservationReport, Observation{reporterNow: d.ReporterNow,
		reporterAt: d.ReporterAt}) != nil {
		return d, fault.Fields(fault.At("region", "本单位没有这一项的填报责任"))
	}
	return d, nil
}

// underWay is the latest revision of a cell that counts or is on its way, without id for none.
func underWay(ctx context.Context, q db.Q, c Cell) (Observation, error) {
	all, err := revisionsOf(ctx, q, c)
	for _, o := range all {
		if o.State != Withdrawn {
			return o, err
		}
	}
	return Observation{}, err
}

// revisionsOf are all revisions of a cell, the latest first.
func revisionsOf(ctx context.Context, q db.Q, c Cell) ([]Observation, error) {
	return db.All(ctx, q, qObservationCell, scanObservation, c.Indicator, string(c.Region), c.Org,
		string(c.Period))
}

var qValueAt = db.Stmt(`SELECT ` + valueColumns + ` FROM indicator_observation AS o
	WHERE o.indicator = $1 AND o.region = $2 AND o.about = $3 AND o.period = $4 AND o.state = 'approved'`)

// valueBefore is the approved value of the period before, unless the series breaks between.
func (s *Service) valueBefore(ctx context.Context, q db.Q, d Definition, c Cell) (before, error) {
	p := c.Period.Prev()
	v, found, err := db.Find(ctx, q, qValueAt, scanValue, c.Indicator, string(c.Region), c.Org, string(p))
	if err != nil || !found || v.Definition != d.ID && d.Breaks {
		return before{}, err
	}
	return before{v.Value.Rat(), Shown(v.Value, v.Qualifier), p.Year() == c.Period.Year()}, nil
}

// keep stores a value: the revision under way, or a new one.
func (s *Service) keep(
	ctx context.Context, tx *unit.Tx, x reporting, source string,
) (Observation, error) {
	d := x.in.ObservationData
	switch {
	case x.in.Statement != "":
		source = FromDocument
	case x.def.Kind == External && source == FromForm:
		source = FromExternal
	}
	if x.old.ID != "" && x.old.ObservationData == d && x.old.Statement == x.in.Statement {
		return x.old, nil // nothing changed
	}
	if x.old.ID != "" {
		err := db.ExecOne(ctx, tx.Tx, qObservationSet, x.old.ID, x.old.Version, string(d.Value), d.Qualifier,
			d.Unit, string(d.AsOf), d.Origin, d.Note, d.JumpNote, source, x.in.Statement, x.document, x.quote,
			x.def.ID, x.dueUs, x.old.Reason, tx.NowUs(), tx.By().Account)
		if err != nil {
			return Observation{}, err
		}
		tx.Audit(audit.Entry{Kind: kindObservation, Object: x.old.ID, What: "update",
			Detail: map[string]any{"old": x.old.ObservationData, "new": d}})
		return observationByID(ctx, tx, x.old.ID)
	}
	return s.add(ctx, tx, x, source, 1, "", "")
}

// add stores a new revision of a cell; first is its number unless withdrawn ones have taken it.
func (s *Service) add(
	ctx context.Context, tx *unit.Tx, x reporting, source string, first int64, corrects, reason string,
) (Observation, error) {
	d, c := x.in.ObservationData, x.in.Cell
	all, err := revisionsOf(ctx, tx, c)
	if err != nil {
		return Observation{}, err
	}
	revision := first
	if len(all) > 0 {
		revision = max(first, all[0].Revision+1)
	}
	newID := id.New()
	about := ""
	if c.Org != "" {
		if about, err = s.about(ctx, tx, tx.By(), c); err != nil {
			return Observation{}, err
		}
	}
	err = db.ExecOne(ctx, tx.Tx, qObservationAdd, newID, c.Indicator, x.def.ID, string(c.Region), c.Org, about,
		string(c.Period), c.Period.FirstDay(), c.Period.LastDay(), string(d.Value), d.Qualifier, d.Unit,
		string(d.AsOf), source, x.in.Statement, x.document, x.quote, d.Origin, d.Note, d.JumpNote,
		x.duty.Reporter, x.duty.ReporterNow, x.duty.ReporterName, x.duty.ReporterAt, x.dueUs, revision, corrects, reason,
		tx.NowUs(), tx.By().Account)
	if db.Violates(err, "indicator_observation", "indicator", "region", "about", "period") {
		return Observation{}, errStale()
	}
	if err != nil {
		return Observation{}, err
	}
	if err := s.observations.Start(ctx, tx, newID); err != nil {
		return Observation{}, err
	}
	tx.Audit(audit.Entry{Kind: kindObservation, Object: newID, What: "create", Reason: reason,
		Detail: map[string]any{"cell": c, "data": d, "revision": revision, "corrects": corrects}})
	return observationByID(ctx, tx, newID)
}

// Correction is the input of Correct.
type Correction struct {
	ID string `json:"-"` // of the approved value
	ObservationData
	Reason  string `json:"reason"`
	Submit  bool   `json:"submit,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// Correct begins a new revision of an approved value (更正). The old one counts until the new one is
// approved, and stays to be read.
func (s *Service) Correct(ctx context.Context, by authz.Actor, in Correction) (Observation, error) {
	in.ObservationData.normalise()
	in.Reason = lines(in.Reason)
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.Correct", in.Key, in,
		func(tx *unit.Tx) (Observation, error) {
			old, err := s.readObservation(ctx, tx, by, in.ID)
			if err != nil {
				return old, err
			}
			if err := ObservationPolicy.May(by, ActObservationReport, old); err != nil {
				return old, err
			}
			switch now, err := underWay(ctx, tx, old.Cell); {
			case err != nil:
				return old, err
			case old.State != Approved || old.Version != in.Version:
				return old, errStale()
			case now.ID != old.ID:
				return old, fault.New(fault.Conflict, "这一期已有更正在办理")
			}
			if err := notLocked(old); err != nil {
				return old, err
			}
			return s.correct(ctx, tx, old, in)
		})
	return out, err
}

func (s *Service) correct(
	ctx context.Context, tx *unit.Tx, old Observation, in Correction,
) (Observation, error) {
	x := reporting{in: NewObservation{Cell: old.Cell, ObservationData: in.ObservationData}}
	var err error
	if x.def, err = s.definitionFor(ctx, tx, old.Cell); err != nil {
		return old, err
	}
	x.dueUs = old.DueUs
	x.duty = Duty{OrgName: old.OrgName, ReporterName: old.ReporterName, ReporterNow: old.reporterNow,
		ReporterAt: old.reporterAt}
	x.duty.Reporter = old.Reporter
	prev, err := s.valueBefore(ctx, tx, x.def, old.Cell)
	if err != nil {
		return old, err
	}
	f := checkObservation(x.def, old.Cell, &x.in.ObservationData, prev, s.today())
	f.prose("reason", in.Reason, true)
	if err := f.err(); err != nil {
		return old, err
	}
	o, err := s.add(ctx, tx, x, FromForm, old.Revision+1, old.ID, in.Reason)
	if err == nil && in.Submit {
		o, err = s.fire(ctx, tx, o.ID, o.Version, StepSubmit, process.Input{})
	}
	return o, err
}

// Step is the input of FireObservation.
type Step struct {
	ID      string `json:"id"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireObservation takes a step with a value.
func (s *Service) FireObservation(ctx context.Context, by authz.Actor, in Step) (Observation, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.FireObservation", in.Key, in,
		func(tx *unit.Tx) (Observation, error) {
			if _, err := s.readObservation(ctx, tx, by, in.ID); err != nil {
				return Observation{}, err
			}
			return s.fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
		})
	return out, err
}

// fire takes a step. The value that a correction takes the place of steps aside first.
func (s *Service) fire(
	ctx context.Context, tx *unit.Tx, observationID string, version int64, step string, in process.Input,
) (Observation, error) {
	if step == StepSupersede {
		return Observation{}, fault.New(fault.Conflict, "更正值审核通过时，原值自动转为“已更正”")
	}
	if step == StepApprove {
		o, err := observationByID(ctx, tx, observationID)
		if err != nil {
			return o, err
		}
		if err := s.stepAside(ctx, tx, o); err != nil {
			return o, err
		}
	}
	o, err := s.observations.Fire(ctx, tx, observationID, version, step, in)
	if err != nil {
		return o, err
	}
	tx.Emit(outbox.Event{Kind: EventMoved, Object: o.ID, Data: step})
	if step == StepApprove {
		tx.Emit(outbox.Event{Kind: EventValue, Object: o.ID, Data: ValueEvent{Indicator: o.Indicator,
			Region: o.Region, Org: o.Org, Period: string(o.Period)}})
	}
	return observationByID(ctx, tx, o.ID)
}

// stepAside makes room for the approval of a correction.
func (s *Service) stepAside(ctx context.Context, tx *unit.Tx, o Observation) error {
	if o.Corrects == "" || o.State != Submitted {
		return nil
	}
	if err := ObservationPolicy.May(tx.By(), ActObservationApprove, o); err != nil {
		return err
	}
	old, err := observationByID(ctx, tx, o.Corrects)
	if err != nil || old.State != Approved {
		return err
	}
	_, err = s.observations.Fire(ctx, tx, old.ID, old.Version, StepSupersede,
		process.Input{Reason: o.Reason})
	return err
}

// MaxSteps bounds the values decided at once.
const MaxSteps = 100

// Steps is the input of FireObservations: one step with many values.
type Steps struct {
	Values []Step `json:"values"` // id and version of each
	Step   string `json:"step"`
	Reason string `json:"reason,omitempty"`
	Key    string `json:"-"`
}

// FireObservations takes the same step with many values, all or none.
func (s *Service) FireObservations(
	ctx context.Context, by authz.Actor, in Steps,
) ([]Observation, error) {
	switch {
	case len(in.Values) == 0:
		return nil, fault.Fields(fault.At("values", "请先选择要办理的数值"))
	case len(in.Values) > MaxSteps:
		return nil, fault.Fields(fault.At("values", "一次最多 %d 个数值", MaxSteps))
	}
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.FireObservations", in.Key, in,
		func(tx *unit.Tx) ([]Observation, error) {
			var out []Observation
			for _, v := range in.Values {
				if _, err := s.readObservation(ctx, tx, by, v.ID); err != nil {
					return nil, err
				}
				o, err := s.fire(ctx, tx, v.ID, v.Version, in.Step, process.Input{Reason: in.Reason})
				if err != nil {
					return nil, err
				}
				out = append(out, o)
			}
			return out, nil
		})
	return out, err
}

// readObservation reads a value that the actor may read; to all others it does not exist.
func (s *Service) readObservation(
	ctx context.Context, q db.Q, by authz.Actor, observationID string,
) (Observation, error) {
	o, err := observationByID(ctx, q, observationID)
	if err != nil {
		return Observation{}, err
	}
	return o, ObservationPolicy.May(by, ActObservationRead, o)
}

// periodOf is the period of a definition that a day lies in.
func periodOf(d Definition, day clock.Date) series.Period {
	if !day.Valid() {
		return ""
	}
	at := day.Start().In(clock.Shanghai)
	return series.PeriodOf(d.PeriodKind(), at.Year(), int(at.Month()))
}
