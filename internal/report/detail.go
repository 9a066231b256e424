package report

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Detail is a report with what belongs to it.
type Detail struct {
	Report
	Figures []Figure        `json:"figures"`
	Pieces  []Piece         `json:"pieces"` // the text, each number with the number of its figure
	Check   Check           `json:"check"`
	Clean   bool            `json:"clean"` // reading the text gives exactly its figures
	Stale   []Stale         `json:"stale"` // of a draft: figures whose source has moved on
	Whole   string          `json:"whole"` // the text with title and date, as it is read
	Offers  []process.Offer `json:"-"`
	History []process.Entry `json:"-"`
}

// Writes says whether the actor may change the words of the report now.
func (d Detail) Writes(by authz.Actor) bool {
	return d.State == StateDraft && Policy.MaySee(by, ActMake, d.Report)
}

// GetReport returns a report, its text read back.
func (s *Service) GetReport(ctx context.Context, by authz.Actor, reportID string) (Detail, error) {
	q := s.unit.DB()
	r, err := s.readReport(ctx, q, by, reportID)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Report: r, Whole: r.Whole(), Stale: []Stale{}}
	if d.Figures, err = figuresOf(ctx, q, r.ID); err != nil {
		return d, err
	}
	got := checkText(r, d.Figures)
	d.Check, d.Pieces, d.Clean = got.Check, got.pieces, got.Clean()
	if r.State == StateDraft {
		if d.Stale, err = s.stale(ctx, r, d.Figures); err != nil {
			return d, err
		}
	}
	r.figures = d.Figures
	if d.Offers, err = s.reports.Available(ctx, q, by, r); err != nil {
		return d, err
	}
	if Policy.Could(by, ActMake) || Policy.Could(by, ActReview) {
		d.History, err = process.History(ctx, q, s.reports.Name(), r.ID, 0)
	}
	d.Report = d.shownTo(by)
	return d, err
}

// ListFigures returns the figures of a report in the order of its text, without reading the text back.
func (s *Service) ListFigures(ctx context.Context, by authz.Actor, reportID string) ([]Figure, error) {
	q := s.unit.DB()
	if _, err := s.readReport(ctx, q, by, reportID); err != nil {
		return nil, err
	}
	return figuresOf(ctx, q, reportID)
}

// shownTo leaves out who did what, and what is not in the text, for readers outside of the bureau.
func (r Report) shownTo(by authz.Actor) Report {
	if !Policy.Could(by, ActMake) && !Policy.Could(by, ActReview) {
		r.Creator, r.ReviewedBy, r.PublishedBy, r.Document, r.Untold = "", "", "", "", []Untold{}
	}
	return r
}

// Filter narrows the list of reports.
type Filter struct {
	Query string `json:"q,omitempty"` // words of the title, or a code
	Form  string `json:"form,omitempty"`
	State string `json:"state,omitempty"`
}

func (f Filter) where(by authz.Actor) db.Where {
	w := Policy.Scope(by, ActRead)
	if f.Query != "" {
		w = w.Holds(f.Query, "r.code", "r.title")
	}
	if f.Form != "" {
		w = w.And("r.form = $1", f.Form)
	}
	if f.State != "" {
		w = w.And("r.state = $1", f.State)
	}
	return w
}

// ListReports returns a page of the reports that the actor may read, the newest first.
func (s *Service) ListReports(
	ctx context.Context, by authz.Actor, f Filter, p db.PageReq,
) (db.Page[Report], error) {
	page, err := db.List(ctx, s.unit.DB(), list, f.where(by), list.Order(""), p, scanReport)
	for i, r := range page.Items {
		page.Items[i] = r.shownTo(by)
	}
	return page, err
}

// ListSets returns the sets of indicators that a report may be made of.
func (s *Service) ListSets(ctx context.Context, by authz.Actor) ([]Choice, error) {
	if err := Policy.May(by, ActMake, Report{}); err != nil {
		return nil, err
	}
	return s.src.Sets(ctx)
}

// ListBeside returns the indicators that a report about a place may tell behind those of a set, "" = the usual one.
func (s *Service) ListBeside(
	ctx context.Context, by authz.Actor, place region.Code, set string,
) ([]Choice, error) {
	if err := Policy.May(by, ActMake, Report{}); err != nil {
		return nil, err
	}
	if place == "" && s.opt.Home != nil {
		place = s.opt.Home()
	}
	return s.src.Beside(ctx, place, set)
}

// ListCompared returns the indicators that a report about a place may compare by district.
func (s *Service) ListCompared(ctx context.Context, by authz.Actor, place region.Code) ([]Choice, error) {
	if err := Policy.May(by, ActMake, Report{}); err != nil {
		return nil, err
	}
	if place == "" && s.opt.Home != nil {
		place = s.opt.Home()
	}
	return s.src.Compared(ctx, place)
}

// Proof is a figure with what is behind it.
type Proof struct {
	Figure
	Report     string               `json:"report"` // id
	Title      string               `json:"title"`  // of the report
	Counted    string               `json:"counted,omitempty"`
	Definition string               `json:"definition,omitempty"`
	Way        string               `json:"way,omitempty"` // of a data point, one of Ways
	Opens      bool                 `json:"opens"`         // the actor may open the page of the source
	Listed     bool                 `json:"listed"`
	Rows       db.Page[measure.Row] `json:"rows"` // that the actor may read, as they are now
}

// GetFigure returns a figure of a report with what is behind it.
func (s *Service) GetFigure(
	ctx context.Context, by authz.Actor, reportID string, n int64, p db.PageReq,
) (Proof, error) {
	q := s.unit.DB()
	r, err := s.readReport(ctx, q, by, reportID)
	if err != nil {
		return Proof{}, err
	}
	figures, err := figuresOf(ctx, q, r.ID)
	if err != nil {
		return Proof{}, err
	}
	f, there := r.figure(figures, n)
	if !there {
		return Proof{}, errAbsent()
	}
	out := Proof{Figure: f, Report: r.ID, Title: r.Title}
	out.Opens = out.Source.Href != "" && s.src.Opens(by, out.Figure)
	counted, dims := out.Source.Measure, out.Source.Dims
	if out.Source.Kind == OfPoint {
		if out.Way, counted, dims, err = s.src.PointOf(ctx, out.Figure); err != nil {
			return Proof{}, err
		}
	}
	if counted != "" {
		out.Counted, out.Definition = s.src.Defined(counted)
		out.Listed = true
		out.Rows, err = s.src.Rows(ctx, by, counted, dims, p)
	}
	if out.Rows.Items == nil {
		out.Rows.Items = []measure.Row{}
	}
	return out, err
}

// figure is a figure of the text, or of the table of districts.
func (r Report) figure(figures []Figure, n int64) (Figure, bool) {
	for _, f := range figures {
		if f.N == n {
			return f, true
		}
	}
	for _, p := range r.Places {
		if p.N == n && p.Figure != nil {
			f := *p.Figure
			f.N = n
			return f, true
		}
	}
	return Figure{}, false
}

// FileReport files a published report as a document, so that its numbers are read and reviewed like those
// of any other. A report is filed once; asked again, it answers with the same document.
func (s *Service) FileReport(ctx context.Context, by authz.Actor, reportID string, version int64) (Report, error) {
	r, err := s.readReport(ctx, s.unit.DB(), by, reportID)
	if err != nil {
		return Report{}, err
	}
	if err := Policy.May(by, ActMake, r); err != nil {
		return Report{}, err
	}
	switch {
	case r.Document != "":
		return r, nil
	case r.State != StatePublished:
		return Report{}, fault.New(fault.Conflict, "发布后才能存入文件库")
	case r.Version != version:
		return Report{}, errStale()
	}
	document, err := s.opt.File(ctx, by, Filing{Title: r.Title, Form: r.Form, Region: r.Region, Day: r.Day,
		Source: "/reports/" + r.ID, Text: r.Whole(), Key: "report-" + r.ID})
	if err != nil {
		return Report{}, err
	}
	var out Report
	err = s.unit.Write(ctx, by, "report.FileReport", func(tx *unit.Tx) error {
		if err := db.ExecOne(ctx, tx.Tx, qFiled, r.ID, version, document, tx.NowUs()); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindReport, Object: r.ID, What: "file",
			Detail: map[string]any{"document": document}})
		tx.Emit(outbox.Event{Kind: EventFiled, Object: r.ID, Data: document})
		out, err = reportByID(ctx, tx, r.ID)
		return err
	})
	return out, err
}
