package assess

import (
	"context"
	"fmt"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// since is the first day of the measures of this room.
const since = clock.Date("2026-01-01")

// Measures are the numbers of this room. What somebody counts is what they may read: a unit counts its own
// result until all are published.
func (s *Service) Measures() []measure.Measure {
	return []measure.Measure{roundMeasure(), unitMeasure(),
		appealMeasure("assess.appeals", "考核申诉数", "被考核单位提出、没有撤回的申诉",
			db.Where{}.And("a.state <> 'withdrawn'")),
		appealMeasure("assess.appeals.open", "待答复的考核申诉数", "已提出而尚未答复的申诉",
			db.Where{}.And("a.state = 'filed'"))}
}

// dimYear counts one year of assessment.
func dimYear() measure.Dim {
	return measure.Dim{Name: "year", Title: "考核年度", Where: func(v string) db.Where {
		year, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return db.Nothing()
		}
		return db.Where{}.And("r.year = $1", year)
	}}
}

func dimState() measure.Dim {
	return measure.Dim{Name: "state", Title: "状态", Where: func(v string) db.Where {
		return db.Where{}.And("r.state = $1", v)
	}}
}

// inRegion counts what lies within a place.
func inRegion(where func(from, before string) db.Where) measure.Dim {
	return measure.Dim{Name: "region", Title: "所在地区", Where: func(v string) db.Where {
		from, before, ok := authz.RegionRange(v)
		if !ok {
			return db.Nothing()
		}
		return where(from, before)
	}}
}

func ofUnit() measure.Dim {
	return inRegion(func(from, before string) db.Where {
		return db.Where{}.And("e.region >= $1 AND e.region < $2", from, before)
	})
}

func dimGroup() measure.Dim {
	return measure.Dim{Name: "group", Title: "组别", Where: func(v string) db.Where {
		return db.Where{}.And("e.grouping = $1", v)
	}}
}

func roundMeasure() measure.Measure {
	return measure.Measure{Name: "assess.rounds", Title: "考核次数", Unit: "次", Version: 1, Since: since,
		Definition: "没有取消的年度考核",
		Dims: []measure.Dim{inRegion(func(from, before string) db.Where {
			return db.Where{}.And("r.region >= $1 AND r.region < $2", from, before)
		}), dimYear(), dimState()},
		Scope: func(by authz.Actor) db.Where {
			return RoundPolicy.Scope(by, ActRoundRead).And("r.state <> 'cancelled'")
		},
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) { return roundList.Count(ctx, q, w, 0) },
		Rows: func(ctx context.Context, q db.Q, w db.Where, p db.PageReq) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, roundList, w, roundList.Order(""), p, scanRound)
			return rowsOf(page, func(x Round) measure.Row {
				return measure.Row{ID: x.ID, Title: x.Code + " " + x.Title, Href: "/assessments/rounds/" + x.ID, Value: 1}
			}), err
		}}
}

func unitMeasure() measure.Measure {
	return measure.Measure{Name: "assess.units", Title: "被考核单位数", Unit: "家", Version: 1, Since: since,
		Definition: "各次考核中已评定等次的单位，可按等次细分",
		Dims: []measure.Dim{ofUnit(), dimYear(), dimState(), dimGroup(),
			{Name: "grade", Title: "等次", Where: func(v string) db.Where {
				return db.Where{}.And("e.grade = $1", v)
			}}},
		Scope:  func(by authz.Actor) db.Where { return EntryPolicy.Scope(by, ActEntryRead).And("e.grade <> ''") },
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) { return entryList.Count(ctx, q, w, 0) },
		Rows: func(ctx context.Context, q db.Q, w db.Where, p db.PageReq) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, entryList, w, entryList.Order(""), p, scanEntry)
			return rowsOf(page, func(e Entry) measure.Row {
				return measure.Row{ID: e.ID, Title: fmt.Sprintf("%s %s", e.OrgName, e.grade),
					Href: "/assessments/entries/" + e.ID, Value: 1}
			}), err
		}}
}

func appealMeasure(name, title, definition string, only db.Where) measure.Measure {
	return measure.Measure{Name: name, Title: title, Unit: "件", Version: 1, Since: since, Definition: definition,
		Dims: []measure.Dim{ofUnit(), dimYear(), dimGroup(), {Name: "answer", Title: "答复",
			Where: func(v string) db.Where { return db.Where{}.And("a.state = $1", v) }}},
		Scope: func(by authz.Actor) db.Where { return AppealPolicy.Scope(by, ActAppealRead).AndAll(only) },
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			return appealList.Count(ctx, q, w, 0)
		},
		Rows: func(ctx context.Context, q db.Q, w db.Where, p db.PageReq) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, appealList, w, appealList.Order(""), p, scanAppeal)
			return rowsOf(page, func(a Appeal) measure.Row {
				return measure.Row{ID: a.ID, Title: a.OrgName, Href: "/assessments/appeals/" + a.ID, Value: 1}
			}), err
		}}
}

// rowsOf are the rows of a page.
func rowsOf[T any](page db.Page[T], row func(T) measure.Row) db.Page[measure.Row] {
	out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
	for _, x := range page.Items {
		out.Items = append(out.Items, row(x))
	}
	return out
}
