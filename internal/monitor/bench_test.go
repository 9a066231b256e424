package monitor_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var benchPoints = flag.Int("points", 1_000_000, "data points below the overview that is measured")

var (
	qBenchPoint = db.Stmt(`INSERT INTO monitor_point (indicator, region, about, about_name, last_day, period,
			value, qualifier, unit, as_of, definition, era, cumulative, origin, source, evidence, revision,
			at_us)
		VALUES ($1, $2, '', '', $3, $4, $5, '=', '亿元', $3, $6, 0, FALSE, 'observation', 'form', $7, 1, 1)`)
	qBenchSet = db.Stmt(`INSERT INTO indicator_set (id, code, name, year, label, source, note, retired,
			created_us, created_by, updated_us, version)
		VALUES ($1, $1, $1, 2026, '', '', '', FALSE, 1, '', 1, 1)`)
	qBenchEdition = db.Stmt(`INSERT INTO indicator_set_edition (id, in_set, n, state, content, from_day, to_day,
			note, created_us, created_by, created_login, published_us, published_by, published_login,
			updated_us, version)
		VALUES ($1, $1, 1, 'published', '', '', '', '', 1, '', '', 1, '', '', 1, 1)`)
	qBenchGroup = db.Stmt(`INSERT INTO indicator_edition_group (edition, n, name, weight, mark, source)
		VALUES ($1, 1, $1, '', '', '')`)
	qBenchItem = db.Stmt(`INSERT INTO indicator_edition_item (edition, n, in_set, in_group, indicator, title,
			weight, direction, mark, note)
		VALUES ($1, $2, $1, 1, $3, $3, '', 'up', '', '')`)
)

const benchIndicators = 30

// heap fills a house: 30 indicators of months, for as many places as it takes.
func heap(b *testing.B, d *db.DB, points int) *lab {
	b.Helper()
	x := newLab(b, d)
	var ids, definitions []string
	for n := range benchIndicators {
		i := x.define(fmt.Sprintf("第%d项指标", n), "亿元", func(p *indicator.DefinitionData) {
			p.Frequency, p.Cumulative = "month", false
		})
		x.aim(i.ID, "亿元", "1000000")
		defs, err := x.indicators.Definitions(b.Context(), d, i.ID)
		x.must(err)
		ids, definitions = append(ids, i.ID), append(definitions, defs[0].ID)
	}
	x.settle() // the definitions are known before the points are there
	const months = 111
	places := max(points/benchIndicators/months, 1)
	for place := range places {
		code := fmt.Sprintf("%02d%02d%02d", 14+place/2000, 1+place/99%20, place%99)
		if place == 0 {
			code = string(city)
		}
		x.must(x.unit.Write(b.Context(), officer, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			var rows [][]any
			for n, indicatorID := range ids {
				p := series.NewPeriod(series.Month, 2017, 7)
				for m := range months {
					rows = append(rows, []any{indicatorID, code, p.LastDay(), string(p), fmt.Sprint(1000 + m*n),
						definitions[n], `{"observation":"00000000000000000000000000"}`})
					p = p.Next()
				}
			}
			_, err := db.InsertMany(b.Context(), tx.Tx, qBenchPoint, rows)
			return err
		}))
	}
	x.must(x.unit.Write(b.Context(), officer, "fill", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test", What: "fill"})
		if err := db.ExecOne(b.Context(), tx.Tx, qBenchSet, "bench"); err != nil {
			return err
		}
		if err := db.ExecOne(b.Context(), tx.Tx, qBenchEdition, "bench"); err != nil {
			return err
		}
		if err := db.ExecOne(b.Context(), tx.Tx, qBenchGroup, "bench"); err != nil {
			return err
		}
		for n, indicatorID := range ids {
			if err := db.ExecOne(b.Context(), tx.Tx, qBenchItem, "bench", int64(n+1), indicatorID); err != nil {
				return err
			}
		}
		return nil
	}))
	x.settle()
	return x
}

// BenchmarkOverview reads the overview of a city: 30 indicators, their last values with the year before
// and the last six, targets and lights, above as many data points as -points says. The 95th percentile
// should be 50 ms at most over 1,000,000.
func BenchmarkOverview(b *testing.B) {
	for _, d := range []*db.DB{dbtest.SQLite(b), dbtest.Postgres(b)} {
		x := heap(b, d, *benchPoints)
		b.Run(fmt.Sprint(d.Dialect()), func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				v, err := x.Overview(b.Context(), leader, monitor.OverviewReq{})
				if err != nil || v.Known != benchIndicators || v.Figures[0].Change == nil ||
					v.Figures[0].Light == nil {
					b.Fatalf("%d known, %v", v.Known, err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100])/1e6, "p95-ms")
			b.ReportMetric(float64(*benchPoints), "points")
		})
	}
}
