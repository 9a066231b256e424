package indicator

import (
	"context"
	"errors"
	"io"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// RankingImport is the input of ImportRankings.
type RankingImport struct {
	DryRun bool
	Name   string
	File   io.Reader
	Key    string
}

// ImportRankings takes rankings out of a table, all or none. What is registered already, by name, year
// and place, is left alone.
func (s *Service) ImportRankings(
	ctx context.Context, by authz.Actor, in RankingImport,
) (ImportOutcome, error) {
	if err := RankingPolicy.May(by, ActRankingWrite, Ranking{}); err != nil {
		return ImportOutcome{}, err
	}
	spec := RankingSheet()
	table, err := sheet.Read(ctx, in.Name, in.File, spec)
	if err != nil {
		return ImportOutcome{}, err
	}
	out := ImportOutcome{Facts: table.Facts}
	look := s.lookup(by)
	twice := sheet.NewDuplicates("name", "year", colRegion)
	var list []RankingData
	for row, err := range table.Rows(ctx, nil) {
		if err != nil {
			return out, err
		}
		out.Rows++
		out.Problems.Add(row.Problems...)
		if p, again := twice.Check(row); again {
			out.Problems.Add(p)
		}
		d, f := rankingOf(row, look)
		if !out.Problems.InRow(row.Number) {
			out.Problems.Add(problemsOf(row, spec, "name", f)...)
		}
		list = append(list, d)
	}
	if out.Problems.Total > 0 {
		if in.DryRun {
			return out, nil
		}
		return out, out.Problems.Err(ctx)
	}
	return s.storeRankings(ctx, by, in, list, out)
}

func rankingOf(row sheet.Row, look *lookup) (RankingData, faults) {
	var f faults
	d := RankingData{Name: row.Text("name"), Publisher: row.Text("publisher"), Year: row.Int("year"),
		DataYear: row.Int("dataYear"), Place: row.Int("place"), Of: row.Int("of"), Band: row.Text("band"),
		Score: plan.Decimal(row.Text("score")), Day: row.Date("day"), Source: row.Text("source"),
		URL: row.Text("url"), Mark: valueOf(RankingMarks(), row.Choice("mark")), Note: row.Text(colNote)}
	if text := row.Text(colRegion); text != "" {
		place, key, args := look.places.Read(text)
		if key != "" {
			f.add(colRegion, key, args...)
			return d, f
		}
		d.Region = place
	}
	d.normalise()
	d.check(&f)
	return d, f
}

func (s *Service) storeRankings(
	ctx context.Context, by authz.Actor, in RankingImport, list []RankingData, out ImportOutcome,
) (ImportOutcome, error) {
	key := in.Key
	if in.DryRun {
		key = ""
	}
	type counts struct{ Adds, Skips int }
	var seen counts
	n, _, err := unit.Once(ctx, s.unit, by, "indicator.ImportRankings", key, list,
		func(tx *unit.Tx) (counts, error) {
			var n counts
			for _, d := range list {
				_, found, err := db.Find(ctx, tx, qRankingOf, scanRanking, d.Name, d.Year, string(d.Region))
				switch {
				case err != nil:
					return n, err
				case found:
					n.Skips++
					continue
				}
				if _, err := s.addRanking(ctx, tx, d); err != nil {
					return n, err
				}
				n.Adds++
			}
			seen = n
			if in.DryRun {
				return n, errDry
			}
			return n, nil
		})
	if errors.Is(err, errDry) {
		n, err = seen, nil
	} else {
		out.Done = err == nil
	}
	out.Adds, out.Skips = n.Adds, n.Skips
	return out, err
}
