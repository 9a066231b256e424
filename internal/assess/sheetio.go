package assess

import (
	"context"
	"io"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The columns of the tables of this room.
const (
	colUnit   = "unit"
	colGroup  = "group"
	colPart   = "part"
	colValue  = "value"
	colReason = "reason"
	colRank   = "rank"
	colTotal  = "total"
	colGrade  = "grade"
	colWeight = "weight"
	colPoints = "points"
	colSource = "source"
)

// MaxImportRows is how many numbers one table may bring.
const MaxImportRows = 5000

// MarkSheet is the table in which offices fill in scores.
func MarkSheet() sheet.Spec {
	return sheet.Spec{Name: "marks", Title: "考核填报表", MaxRows: MaxImportRows, Columns: []sheet.Column{
		{Key: colUnit, Title: "被考核单位", Required: true, Width: 28},
		{Key: colPart, Title: "计分项", Required: true, Width: 24, Hint: "名称与计分办法一致"},
		{Key: colValue, Title: "分数", Width: 10, Hint: "留空不填报"},
		{Key: colReason, Title: "依据", Width: 40, Hint: "填了分数就要写依据"},
	}}
}

// ResultSheet is the table of results, one row for each part of each score.
func ResultSheet() sheet.Spec {
	return sheet.Spec{Name: "results", Title: "考核结果", Columns: []sheet.Column{
		{Key: colGroup, Title: "组别", Width: 12}, {Key: colRank, Title: "名次", Kind: sheet.Integer},
		{Key: colUnit, Title: "被考核单位", Width: 28}, {Key: colTotal, Title: "总分", Width: 10},
		{Key: colGrade, Title: "等次", Width: 10}, {Key: colPart, Title: "计分项", Width: 24},
		{Key: colWeight, Title: "权重", Width: 8}, {Key: colValue, Title: "完成值", Width: 10},
		{Key: colPoints, Title: "得分", Width: 10}, {Key: colSource, Title: "来源与依据", Width: 60},
	}}
}

// Export says how a table leaves.
type Export struct {
	Format sheet.Format
	By     string // name of the actor for people
}

// WriteMarkSheet writes the table to fill in: each unit with each part that is typed in, and what was
// typed in so far.
func (s *Service) WriteMarkSheet(
	ctx context.Context, by authz.Actor, roundID string, e Export, w io.Writer,
) (int, error) {
	x, err := s.readRound(ctx, s.unit.DB(), by, roundID)
	if err != nil {
		return 0, err
	}
	if err := RoundPolicy.May(by, ActRoundRun, x); err != nil {
		return 0, err
	}
	list, subjects, err := s.subjects(ctx, s.unit.DB(), x)
	if err != nil {
		return 0, err
	}
	rows := func(yield func([]any, error) bool) {
		for i, u := range list {
			for _, c := range x.Params.byHand() {
				m := subjects[i].Marks[c.Value]
				if !yield([]any{u.OrgName, c.Title, string(m.Value), m.Reason}, nil) {
					return
				}
			}
		}
	}
	return s.write(ctx, by, "assess.WriteMarkSheet", e, w, MarkSheet(), x, rows)
}

// byHand are the parts whose numbers people type in.
func (p Params) byHand() []Choice {
	var out []Choice
	for _, x := range p.Items {
		if x.Figure == Typed {
			out = append(out, Choice{x.Key, x.Name})
		}
	}
	for _, x := range p.Bonuses {
		out = append(out, Choice{x.Key, x.Name})
	}
	return out
}

// WriteResults writes the results that the actor may read, with every part and its source.
func (s *Service) WriteResults(
	ctx context.Context, by authz.Actor, roundID string, e Export, w io.Writer,
) (int, error) {
	x, err := s.readRound(ctx, s.unit.DB(), by, roundID)
	if err != nil {
		return 0, err
	}
	list, err := s.entries(ctx, s.unit.DB(), by, x.ID)
	if err != nil {
		return 0, err
	}
	rows := func(yield func([]any, error) bool) {
		for _, u := range list {
			if u.Result == nil {
				continue
			}
			for _, l := range u.Result.Lines {
				if !yield(resultCells(ctx, u, l), nil) {
					return
				}
			}
		}
	}
	return s.write(ctx, by, "assess.WriteResults", e, w, ResultSheet(), x, rows)
}

func resultCells(ctx context.Context, u Entry, l Line) []any {
	var rank any
	if u.Result.Rank > 0 {
		rank = u.Result.Rank
	}
	weight := ""
	if l.WeightBp > 0 {
		weight = plain(percentOf(l.WeightBp*100), 2) + "%"
	}
	return []any{i18n.T(ctx, TitleOf(Groups(), u.Group)), rank, u.OrgName, TwoPlaces(u.Result.Total),
		u.Result.Grade, l.Name, weight, Plain(l.Value), TwoPlaces(l.Points), l.source()}
}

// source says in one line where a number comes from.
func (l Line) source() string {
	if l.Mark != nil {
		return l.Mark.Reason + " (" + l.Mark.Login + ")"
	}
	out := ""
	for _, f := range l.Facts {
		if out != "" {
			out += "; "
		}
		out += f.Name
		if f.Note != "" {
			out += " " + f.Note
		}
	}
	return out
}

func (s *Service) write(
	ctx context.Context, by authz.Actor, useCase string, e Export, w io.Writer, spec sheet.Spec, x Round,
	rows func(func([]any, error) bool),
) (int, error) {
	name := e.By
	if name == "" {
		name = by.Login
	}
	n, err := sheet.Write(ctx, w, e.Format, spec, rows, sheet.Meta{Title: i18n.T(ctx, spec.Title), By: name,
		At: s.now(), Filter: x.Title})
	if err != nil {
		return n, err
	}
	return n, s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindRound, Object: x.ID, What: "export",
			Detail: map[string]any{"table": spec.Name, "rows": n}})
		return nil
	})
}

// MarkImport is the input of ImportMarks.
type MarkImport struct {
	Round   string
	Version int64
	Name    string // of the file
	File    io.Reader
}

// ImportMarks takes numbers out of a filled-in table. With one problem in it nothing is taken. A number
// that is there already with the same reason is left alone.
func (s *Service) ImportMarks(ctx context.Context, by authz.Actor, in MarkImport) (int, error) {
	x, err := s.readRound(ctx, s.unit.DB(), by, in.Round)
	if err != nil {
		return 0, err
	}
	if err := RoundPolicy.May(by, ActRoundRun, x); err != nil {
		return 0, err
	}
	table, err := sheet.Read(ctx, in.Name, in.File, MarkSheet())
	if err != nil {
		return 0, err
	}
	list, subjects, err := s.subjects(ctx, s.unit.DB(), x)
	if err != nil {
		return 0, err
	}
	news, problems, err := readMarks(ctx, table, x.Params, list, subjects)
	if err != nil {
		return 0, err
	}
	if err := problems.Err(ctx); err != nil {
		return 0, err
	}
	if len(news) == 0 {
		return 0, fault.Fields(fault.At(sheet.FieldFile, "没有要填报的数"))
	}
	_, err = s.marking(ctx, by, "assess.ImportMarks", x.ID, in.Version, []string{Scoring, Shown, Deciding},
		func(tx *unit.Tx, _ Round) error {
			for _, n := range news {
				if err := putMark(ctx, tx, n.entry, n.NewMark); err != nil {
					return err
				}
			}
			return nil
		})
	return len(news), err
}

// markOf is a number on its way in.
type markOf struct {
	NewMark
	entry Entry
}

// readMarks reads the rows of a filled-in table.
func readMarks(
	ctx context.Context, table *sheet.Table, p Params, list []Entry, subjects []Subject,
) ([]markOf, *sheet.Problems, error) {
	units, keys := map[string]int{}, map[string]string{}
	for i, e := range list {
		units[e.OrgName] = i
	}
	for _, c := range p.Keys() {
		keys[c.Title] = c.Value
	}
	var out []markOf
	problems := &sheet.Problems{}
	twice := sheet.NewDuplicates(colUnit, colPart)
	for r, err := range table.Rows(ctx, nil) {
		if err != nil {
			return nil, nil, err
		}
		problems.Add(r.Problems...)
		if p, is := twice.Check(r); is {
			problems.Add(p)
			continue
		}
		at, isUnit := units[tidy(r.Text(colUnit))]
		key, isPart := keys[tidy(r.Text(colPart))]
		switch {
		case !isUnit:
			problems.Add(r.Problem(colUnit, "这次考核没有这个单位"))
			continue
		case !isPart:
			problems.Add(r.Problem(colPart, "计分办法没有这一项"))
			continue
		case r.Text(colValue) == "":
			continue
		}
		m := markOf{NewMark{Entry: list[at].ID, Key: key, Value: Decimal(r.Text(colValue)),
			Reason: r.Text(colReason)}, list[at]}
		var f faults
		m.check(p, &f, "")
		for _, x := range f {
			problems.Add(r.Problem(x.Name, x.Key, x.Args...))
		}
		if old := subjects[at].Marks[key]; old.Value == m.Value && old.Reason == m.Reason {
			continue
		}
		out = append(out, m)
	}
	return out, problems, nil
}

// ListAppeals returns a page of the appeals that the actor may read, the newest first.
func (s *Service) ListAppeals(ctx context.Context, by authz.Actor, p db.PageReq) (db.Page[Appeal], error) {
	return db.List(ctx, s.unit.DB(), appealList, AppealPolicy.Scope(by, ActAppealRead), appealList.Order(""),
		p, scanAppeal)
}
