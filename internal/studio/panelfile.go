package studio

import (
	"context"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const (
	colExpert = "expert"
	colLeft   = "left"
	colRight  = "right"
)

// JudgementSheet is the table of judgements: a row for each pair of each expert.
func JudgementSheet() sheet.Spec {
	return sheet.Spec{Name: "judgements", Title: "专家判断表", MaxRows: MaxSeats * maxQuestions * MaxPaired * 4,
		Columns: []sheet.Column{
			{Key: colExpert, Title: "专家", Required: true, Width: 14},
			{Key: colGroup, Title: "分组代码", Kind: sheet.Code, Required: true},
			{Key: colLeft, Title: "左项代码", Kind: sheet.Code, Required: true},
			{Key: colRight, Title: "右项代码", Kind: sheet.Code, Required: true},
			{Key: colValue, Title: "判断值", Required: true, Hint: "左项相对右项的重要程度：1 到 9，或 1/2 到 1/9"},
		}}
}

// WriteJudgements writes the judgements of a panel as the table that ImportJudgements reads: those that were
// handed in, and for the first expert who did not an empty row for each pair.
func (s *Service) WriteJudgements(
	ctx context.Context, by authz.Actor, panelID string, format sheet.Format, w io.Writer,
) (int, error) {
	p, seats, err := panelByID(ctx, s.unit.DB(), panelID)
	if err != nil {
		return 0, err
	}
	if err := PanelPolicy.May(by, ActPanelMake, p); err != nil {
		return 0, err
	}
	if len(seats) == 0 {
		seats = []Seat{{}}
	}
	rows := func(yield func([]any, error) bool) {
		for _, x := range seats {
			for _, q := range p.Questions {
				list, at := strings.Split(x.Pairs[q.Code], ","), 0
				for i := range q.Parts {
					for k := i + 1; k < len(q.Parts); k++ {
						value := ""
						if at < len(list) {
							value = list[at]
						}
						at++
						if !yield([]any{x.Name, q.Code, q.Parts[i].Code, q.Parts[k].Code, value}, nil) {
							return
						}
					}
				}
			}
		}
	}
	n, err := sheet.Write(ctx, w, format, JudgementSheet(), rows, sheet.Meta{Title: i18n.T(ctx, "专家判断表"),
		By: by.Login, At: s.unit.Clock().Now(), Filter: p.Title})
	if err != nil {
		return n, err
	}
	return n, s.unit.Write(ctx, by, "studio.WriteJudgements", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindPanel, Object: p.ID, What: "export", Detail: n})
		return nil
	})
}

// JudgementImport is the input of ImportJudgements.
type JudgementImport struct {
	Panel   string
	Name    string // of the file
	File    io.Reader
	Version int64
}

// ImportJudgements takes the judgements of experts out of a table. With one problem in it nothing is taken.
// A name that the panel has gets these judgements, another one a seat of its own.
func (s *Service) ImportJudgements(ctx context.Context, by authz.Actor, in JudgementImport) (Panel, error) {
	p, _, err := panelByID(ctx, s.unit.DB(), in.Panel)
	if err != nil {
		return Panel{}, err
	}
	if err := PanelPolicy.May(by, ActPanelMake, p); err != nil {
		return Panel{}, err
	}
	if in.File == nil {
		return Panel{}, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	}
	table, err := sheet.Read(ctx, in.Name, in.File, JudgementSheet())
	if err != nil {
		return Panel{}, err
	}
	voices, err := p.readJudgements(ctx, table)
	if err != nil {
		return Panel{}, err
	}
	return s.changingPanel(ctx, by, "studio.ImportJudgements", in.Panel, in.Version,
		func(tx *unit.Tx, p Panel, seats []Seat) (int64, error) {
			for _, v := range voices {
				i := slices.IndexFunc(seats, func(x Seat) bool { return x.Name == v.Name })
				var err error
				if i >= 0 {
					err = db.ExecOne(ctx, tx.Tx, qSeatSet, seats[i].ID, seats[i].Version, encode(v.Pairs), FromFile,
						tx.NowUs())
				} else {
					err = db.ExecOne(ctx, tx.Tx, qSeatAdd, id.New(), p.ID, "", v.Name, encode(v.Pairs), FromFile,
						tx.NowUs(), tx.NowUs())
				}
				if err != nil {
					return 0, err
				}
			}
			tx.Audit(audit.Entry{Kind: kindPanel, Object: p.ID, What: "import", Detail: voices})
			tx.Emit(outbox.Event{Kind: EventPanelJudged, Object: p.ID})
			return p.Edition, nil
		})
}

// readJudgements reads a table into one seat for each expert in it.
func (p Panel) readJudgements(ctx context.Context, table *sheet.Table) ([]Seat, error) {
	problems := &sheet.Problems{}
	given := map[string]map[string][]string{} // by expert and group
	var names []string
	for row, err := range table.Rows(ctx, nil) {
		if err != nil {
			return nil, err
		}
		problems.Add(row.Problems...)
		name := tidy(row.Text(colExpert))
		q, at, back, ok := p.pairOf(row.Text(colGroup), row.Text(colLeft), row.Text(colRight))
		value, fine := readJudgement(row.Text(colValue), back)
		switch {
		case len(row.Problems) > 0:
			continue
		case !ok:
			problems.Add(row.Problem(colLeft, "“%s”下没有“%s”与“%s”这一对", row.Text(colGroup), row.Text(colLeft),
				row.Text(colRight)))
			continue
		case !fine:
			problems.Add(row.Problem(colValue, "判断值应为 1 到 9 的整数或其倒数，如 3 或 1/3"))
			continue
		}
		if given[name] == nil {
			given[name], names = map[string][]string{}, append(names, name)
		}
		if given[name][q.Code] == nil {
			given[name][q.Code] = make([]string, q.count())
		}
		if given[name][q.Code][at] != "" {
			problems.Add(row.Problem(colLeft, "这一对已经判断过"))
		}
		given[name][q.Code][at] = value
	}
	if err := problems.Err(ctx); err != nil {
		return nil, err
	}
	return p.complete(names, given)
}

// complete makes seats of what was read; an expert who left out a pair is a fault.
func (p Panel) complete(names []string, given map[string]map[string][]string) ([]Seat, error) {
	var f faults
	var out []Seat
	for _, name := range names {
		x := Seat{Name: name, Pairs: map[string]string{}}
		f.line(sheet.FieldFile, name, MaxLine, true)
		for _, q := range p.Questions {
			list := given[name][q.Code]
			if list == nil || slices.Contains(list, "") {
				f.add(sheet.FieldFile, "专家“%s”没有判断完“%s”", name, q.Name)
				continue
			}
			x.Pairs[q.Code] = strings.Join(list, ",")
		}
		out = append(out, x)
	}
	if len(out) == 0 {
		f.add(sheet.FieldFile, "表中没有判断")
	}
	if len(out) > MaxSeats {
		f.add(sheet.FieldFile, "最多 %d 位专家", MaxSeats)
	}
	return out, f.err()
}

// pairOf finds a pair of a group: its place in the upper triangle, and whether it stands the other way.
func (p Panel) pairOf(group, left, right string) (q Question, at int, back, ok bool) {
	for _, q := range p.Questions {
		if q.Code != group {
			continue
		}
		at := 0
		for i := range q.Parts {
			for k := i + 1; k < len(q.Parts); k++ {
				a, b := q.Parts[i].Code, q.Parts[k].Code
				if a == left && b == right || a == right && b == left {
					return q, at, a == right, true
				}
				at++
			}
		}
	}
	return Question{}, 0, false, false
}

// readJudgement reads 3, 1/3 or, as spreadsheets make of it, 0.3333, and turns it round where asked.
func readJudgement(s string, back bool) (string, bool) {
	s = strings.TrimSpace(s)
	v, ok := judgement(s)
	if !ok {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || !(n > 0) {
			return "", false
		}
		whole := math.Round(1 / n)
		if whole < 1 || whole > 9 || math.Abs(n*whole-1) > 0.02 {
			return "", false
		}
		v = 1 / whole
	}
	if back {
		v = 1 / v
	}
	if v >= 1 {
		return strconv.Itoa(int(math.Round(v))), true
	}
	return "1/" + strconv.Itoa(int(math.Round(1/v))), true
}
