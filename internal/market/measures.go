package market

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// counter is one of the public counters of the market. There is none of all posts: what nobody
// confirmed is not counted.
type counter struct {
	name, title, definition string
	where                   func() db.Where
	mark                    string // it counts posts that came to this mark, "" for others
}

func counters() []counter {
	marked := func(what string) func() db.Where {
		return func() db.Where {
			return db.Where{}.And(`p.id IN (SELECT m.post FROM market_mark AS m WHERE m.what = $1)`, what)
		}
	}
	return []counter{
		{"live", "在架供需数", "已发布或对接中、按期确认仍有效的需求和成果数", func() db.Where {
			return db.Where{}.And("p.state IN ('published', 'talking')")
		}, ""},
		{"introduced", "已引荐供需数", "至少开始过一次对接的需求和成果数", marked(markIntroduced), markIntroduced},
		{"negotiating", "对接中供需数", "正在对接的需求和成果数", func() db.Where {
			return db.Where{}.And("p.state = 'talking'")
		}, ""},
		{"signed", "已签约供需数", "已签约且未退回的需求和成果数", marked(markSigned), markSigned},
		{"registered", "合同已登记成果数", "技术合同已登记的成果数", marked(markRegistered), markRegistered},
	}
}

// Counters are the public figures of the market, of what the reader may know of.
type Counters struct {
	Live        int64 `json:"live"`
	Introduced  int64 `json:"introduced"`
	Negotiating int64 `json:"negotiating"`
	Signed      int64 `json:"signed"`
	Registered  int64 `json:"registered"`
}

// Counters counts the market as the actor may know of it.
func (s *Service) Counters(ctx context.Context, by authz.Actor) (Counters, error) {
	return s.counters.Get(ctx, by.Rights(), s.stored.Load(), s.nowUs(),
		func(ctx context.Context) (Counters, error) { return s.count(ctx, by) })
}

func (s *Service) count(ctx context.Context, by authz.Actor) (Counters, error) {
	var c Counters
	to := []*int64{&c.Live, &c.Introduced, &c.Negotiating, &c.Signed, &c.Registered}
	for i, x := range counters() {
		w := PostPolicy.Scope(by, ActPostRead).AndAll(x.where())
		var err error
		if *to[i], err = postList.Count(ctx, s.unit.DB(), w, 0); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Measures are the numbers of this room.
func (s *Service) Measures() []measure.Measure {
	var out []measure.Measure
	for _, c := range counters() {
		out = append(out, postMeasure(c))
	}
	return out
}

func postMeasure(c counter) measure.Measure {
	text := func(name, title string, where func(string) db.Where) measure.Dim {
		return measure.Dim{Name: name, Title: title, Where: where}
	}
	dims := []measure.Dim{}
	if c.mark != "" {
		dims = append(dims, measure.Days("日期", func(from, before clock.Date) db.Where {
			return db.Where{}.And(`EXISTS (SELECT 1 FROM market_mark AS m WHERE m.post = p.id
				AND m.what = $1 AND m.at_us >= $2 AND m.at_us < $3)`, c.mark, clock.Us(from.Start()),
				clock.Us(before.Start()))
		}))
	}
	return measure.Measure{
		Name: "market." + c.name, Title: c.title, Unit: "项", Version: 1, Since: "2026-01-01",
		Definition: c.definition,
		Dims: append(dims,
			text("kind", "类型", func(v string) db.Where { return db.Where{}.And("p.kind = $1", v) }),
			text("field", "技术领域", func(v string) db.Where { return db.Where{}.And("p.field = $1", v) }),
			text("region", "所在地区", func(v string) db.Where { return inside(db.Where{}, v) }),
			text("state", "状态", func(v string) db.Where { return db.Where{}.And("p.state = $1", v) }),
		),
		Scope: func(by authz.Actor) db.Where {
			return PostPolicy.Scope(by, ActPostRead).AndAll(c.where())
		},
		Figure: func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
			return postList.Count(ctx, q, w, 0)
		},
		Rows: func(
			ctx context.Context, q db.Q, w db.Where, p db.PageReq,
		) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, postList, w, postList.Order("code"), p, scanPost)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, x := range page.Items {
				out.Items = append(out.Items, measure.Row{ID: x.ID, Title: x.Code + " " + x.Title,
					Href: "/market/posts/" + x.ID, Value: 1})
			}
			return out, err
		},
	}
}
