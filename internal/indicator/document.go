package indicator

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// StatementDraft is what a statement of a document says as a value, for a person to complete.
type StatementDraft struct {
	NewObservation
	Name      string         `json:"name"` // of the indicator
	Quote     string         `json:"quote"`
	Document  string         `json:"document"`
	Title     string         `json:"title"` // of the document
	Said      plan.Statement `json:"-"`
	Frequency string         `json:"frequency,omitempty"` // of the definition, "" when there is none
}

// DraftFromStatement returns a confirmed fact of a document that is linked to an indicator as the
// input of Report. Its period is that of the definition's frequency in which the statement's days end.
func (s *Service) DraftFromStatement(
	ctx context.Context, by authz.Actor, statementID string,
) (StatementDraft, error) {
	if !ObservationPolicy.Could(by, ActObservationReport) {
		return StatementDraft{}, ObservationPolicy.May(by, ActObservationReport, Observation{State: Approved})
	}
	st, doc, err := s.statement(ctx, by, statementID)
	if err != nil {
		return StatementDraft{}, err
	}
	out := StatementDraft{Quote: st.Quote, Document: doc.ID, Title: doc.Title, Said: st}
	out.Statement, out.Indicator, out.Region = st.ID, st.Definition, doc.Region
	out.Value, out.Unit, out.Qualifier = st.Value, st.Unit, qualifierOf(st)
	x, err := s.opt.Plan.GetIndicator(ctx, by, st.Definition)
	if err != nil {
		return out, err
	}
	out.Name = x.Name
	end := st.To
	if end == "" {
		end = doc.Day
	}
	all, err := s.Definitions(ctx, s.unit.DB(), st.Definition)
	if err != nil {
		return out, err
	}
	for _, d := range all {
		if d.Holds(end) || out.Frequency == "" {
			out.Period, out.Frequency = periodOf(d, end), d.Frequency
		}
	}
	out.AsOf = min(end, s.today())
	if end != clock.Date(out.Period.LastDay()) && doc.Day != "" && st.To == "" {
		out.AsOf = min(doc.Day, s.today())
	}
	now, err := underWay(ctx, s.unit.DB(), out.Cell)
	if now.State == Draft || now.State == Returned {
		out.Version = now.Version
	}
	return out, err
}

// statement returns a confirmed fact that is linked to an indicator, with its document.
func (s *Service) statement(
	ctx context.Context, by authz.Actor, statementID string,
) (plan.Statement, plan.Document, error) {
	st, err := s.opt.Plan.GetStatement(ctx, by, statementID)
	if err != nil {
		return st, plan.Document{}, err
	}
	d, err := s.opt.Plan.GetDocument(ctx, by, st.Document)
	switch {
	case err != nil:
	case st.Kind != plan.Fact:
		err = fault.New(fault.Conflict, "只有“事实”才能作为数值入库")
	case !st.Confirmed():
		err = fault.New(fault.Conflict, "这条内容还没有采纳，请先审读")
	case st.Definition == "":
		err = fault.New(fault.Conflict, "这条内容还没有对应指标，请先在审读页对应")
	case st.Value == "":
		err = fault.New(fault.Conflict, "这条内容没有数值")
	}
	return st, d.Document, err
}

// qualifierOf reads how exact a statement is: its operator, or 余 and 多 behind the number.
func qualifierOf(st plan.Statement) string {
	for _, word := range oddWords {
		if strings.Contains(st.Quote, string(st.Value)+word) {
			return Odd
		}
	}
	if plan.TitleOf(Qualifiers(), st.Op) != "" {
		return st.Op
	}
	return Exactly
}

// fromStatement takes over the words that a value rests on.
func (s *Service) fromStatement(ctx context.Context, tx *unit.Tx, x *reporting) error {
	if x.in.Statement == "" {
		return nil
	}
	st, doc, err := s.statement(ctx, tx.By(), x.in.Statement)
	if err != nil {
		return err
	}
	if st.Definition != x.in.Indicator {
		return fault.Fields(fault.At("indicator", "这条内容对应的是另一项指标"))
	}
	x.quote, x.document = st.Quote, doc.ID
	return nil
}
