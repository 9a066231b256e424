package indicator

import (
	"context"
	"errors"
	"io"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// ObservationImport is the input of ImportObservations.
type ObservationImport struct {
	Submit bool      // hand the values in
	DryRun bool      // say what would happen and change nothing
	Name   string    // of the file
	File   io.Reader // XLSX or CSV with the columns of ObservationSheet
	Key    string    // idempotency key
}

// ImportOutcome says what an import did or would do.
type ImportOutcome struct {
	Facts    sheet.Facts    `json:"-"`
	Rows     int            `json:"rows"`
	Adds     int            `json:"adds"`    // new values
	Changes  int            `json:"changes"` // values under way that change
	Skips    int            `json:"skips"`   // rows without a value
	Problems sheet.Problems `json:"-"`
	Done     bool           `json:"done"` // it was no dry run
}

// importing is one import under way.
type importing struct {
	s     *Service
	look  *lookup
	names map[string]plan.Indicator
	rows  []sheet.Row // of the cells, one each
	in    Reporting
	out   ImportOutcome
}

// errDry ends the write of a dry run, so that nothing of it stays.
var errDry = errors.New("dry run")

// ImportObservations takes values out of a table: all of them or, with one problem, none. Each row is
// checked as a form would be, so that a dry run finds what the import would. Rows without a value, as
// an exported desk has them, are skipped.
func (s *Service) ImportObservations(
	ctx context.Context, by authz.Actor, in ObservationImport,
) (ImportOutcome, error) {
	if !ObservationPolicy.Could(by, ActObservationReport) {
		return ImportOutcome{}, ObservationPolicy.May(by, ActObservationReport, Observation{State: Approved})
	}
	spec := ObservationSheet()
	table, err := sheet.Read(ctx, in.Name, in.File, spec)
	if err != nil {
		return ImportOutcome{}, err
	}
	x := &importing{s: s, look: s.lookup(by), names: map[string]plan.Indicator{},
		in: Reporting{Submit: in.Submit, Key: in.Key, source: FromImport}}
	x.out.Facts = table.Facts
	if err := x.read(ctx, table, spec); err != nil {
		return x.out, err
	}
	if err := x.store(ctx, by, spec, in.DryRun); err != nil {
		return x.out, err
	}
	if in.DryRun {
		return x.out, nil
	}
	return x.out, x.out.Problems.Err(ctx)
}

// read turns rows into cells.
func (x *importing) read(ctx context.Context, table *sheet.Table, spec sheet.Spec) error {
	twice := sheet.NewDuplicates(colIndicator, colRegion, colPeriod, colAbout)
	same := sheet.NewDuplicates(colIndicator, colRegion, colPeriod)
	for row, err := range table.Rows(ctx, nil) {
		if err != nil {
			return err
		}
		x.out.Rows++
		if row.Text(colValue) == "" && row.Text(colIndicator) != "" {
			x.out.Skips++
			continue
		}
		x.out.Problems.Add(row.Problems...)
		d := twice
		if row.Text(colAbout) == "" {
			d = same
		}
		if p, again := d.Check(row); again {
			x.out.Problems.Add(p)
		}
		c, f, err := x.cell(ctx, row)
		if err != nil {
			return err
		}
		x.out.Problems.Add(problemsOf(row, spec, colValue, f)...)
		x.rows, x.in.Cells = append(x.rows, row), append(x.in.Cells, c)
	}
	return nil
}

// cell reads one row.
func (x *importing) cell(ctx context.Context, row sheet.Row) (NewObservation, faults, error) {
	var f faults
	c := NewObservation{ObservationData: ObservationData{Value: plan.Decimal(row.Text(colValue)),
		Qualifier: valueOf(Qualifiers(), row.Choice(colQualifier)), Unit: row.Text(colUnit),
		AsOf: row.Date(colAsOf), Note: row.Text(colNote), JumpNote: row.Text(colJump),
		Origin: row.Text(colOrigin)}}
	if name := row.Text(colIndicator); name != "" {
		d, known := x.names[name]
		if !known {
			found, ok, err := x.s.opt.Plan.FindIndicator(ctx, x.s.unit.DB(), name)
			if err != nil {
				return c, f, err
			}
			if ok {
				d = found
			}
			x.names[name] = d
		}
		if d.ID == "" {
			f.add(colIndicator, "没有名为“%s”的指标", name)
		}
		c.Indicator = d.ID
	}
	if text := row.Text(colRegion); text != "" {
		place, key, args := x.look.places.Read(text)
		if key != "" {
			f.add(colRegion, key, args...)
		}
		c.Region = place
	}
	if name := row.Text(colAbout); name != "" {
		station, found, err := db.Find(ctx, x.s.unit.DB(), qStationNow, scanStation, name)
		if err != nil {
			return c, f, err
		}
		c.Org = station.ID
		if !found {
			o, found, err := x.look.unit(ctx, name)
			if err != nil {
				return c, f, err
			}
			if !found {
				f.add(colAbout, "没有“%s”这个单位或点位", name)
			}
			c.Org = o.ID
		}
	}
	if text := row.Text(colPeriod); text != "" {
		p, ok := series.ReadPeriod(text)
		if !ok {
			f.add(colPeriod, "期别应写作 2026、2026H1、2026Q3 或 2026-09")
		}
		c.Period = p
	}
	return c, f, nil
}

// store checks the cells by what is stored, and keeps them unless it is a dry run or something is
// wrong.
func (x *importing) store(ctx context.Context, by authz.Actor, spec sheet.Spec, dry bool) error {
	if len(x.in.Cells) == 0 {
		if x.out.Problems.Total == 0 && !dry {
			return fault.Fields(fault.At(sheet.FieldFile, "表格里没有要导入的数值"))
		}
		return nil
	}
	key := x.in.Key
	if dry {
		key = ""
	}
	type counts struct{ Adds, Changes int }
	var found sheet.Problems // of the last run: a write may be tried again
	n, _, err := unit.Once(ctx, x.s.unit, by, "indicator.ImportObservations", key, x.in.Cells,
		func(tx *unit.Tx) (counts, error) {
			list, n, wrong, err := x.prepare(ctx, tx, spec)
			if err != nil {
				return counts{}, err
			}
			found, x.out.Adds, x.out.Changes = wrong, n[0], n[1]
			if found.Total > 0 || x.out.Problems.Total > 0 || dry {
				return counts{}, errDry
			}
			_, err = x.s.keepAll(ctx, tx, x.in, list)
			return counts{n[0], n[1]}, err
		})
	switch {
	case errors.Is(err, errDry):
		x.out.Problems.Add(found.Kept...)
		x.out.Problems.Total += found.Total - len(found.Kept)
		return nil
	case err == nil:
		x.out.Adds, x.out.Changes, x.out.Done = n.Adds, n.Changes, true
	}
	return err
}

// prepare checks the cells whose rows are read right. Each kept cell makes the next period's know its
// value before only once it is approved, as by form.
func (x *importing) prepare(
	ctx context.Context, tx *unit.Tx, spec sheet.Spec,
) ([]reporting, [2]int, sheet.Problems, error) {
	var list []reporting
	var n [2]int
	var found sheet.Problems
	for i, c := range x.in.Cells {
		if x.out.Problems.InRow(x.rows[i].Number) {
			continue
		}
		now, err := underWay(ctx, tx, c.Cell)
		if err != nil {
			return nil, n, found, err
		}
		c.Version = now.Version // a table has seen no version: what is under way gives way to it
		r, err := x.s.prepare(ctx, tx, c)
		if err != nil {
			var f faults
			if err := f.under("", colValue, err); err != nil {
				return nil, n, found, err
			}
			found.Add(problemsOf(x.rows[i], spec, colValue, f)...)
			continue
		}
		if now.ID == "" {
			n[0]++
		} else {
			n[1]++
		}
		list = append(list, r)
	}
	return list, n, found, nil
}
