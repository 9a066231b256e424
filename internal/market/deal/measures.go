package deal

import (
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// Measures whose rows have a class of reason for which they ended.
const (
	endedDeals  = "deal.ended"
	outcomeDays = "deal.outcome_days"
)

// Measures are the numbers of this room. What somebody counts is what they may read.
func (s *Service) Measures() []measure.Measure {
	month := asked()
	signed := timeDims("签订月份", "签订日期", func(from, before clock.Date) db.Where {
		return db.Where{}.And("d.signed_on >= $1 AND d.signed_on < $2", string(from), string(before))
	})
	registered := timeDims("登记月份", "登记日期", func(from, before clock.Date) db.Where {
		return db.Where{}.And("d.registered_on >= $1 AND d.registered_on < $2", string(from),
			string(before))
	})
	count := func(name, title, definition string, w db.Where, dims []measure.Dim) measure.Measure {
		return s.measure(name, title, "项", definition, w, dims, countDeals, func(Deal) int64 { return 1 })
	}
	return []measure.Measure{
		count("deal.introduced", "对接数", "提出的供需对接数，不论结果", db.Where{}, month),
		count("deal.agreed", "双方同意的对接数", "双方都已同意的对接数，不论后来的结果",
			db.Where{}.And("d.demand_consent_us > 0 AND d.supply_consent_us > 0"), month),
		count("deal.negotiating", "洽谈中的对接数", "双方已同意、正在洽谈、有意向或草拟合同的对接数",
			db.Where{}.And("d.state IN ('talking', 'intention', 'drafting')"), month),
		count("deal.signed", "签约数", "已签合同的对接数，含已登记的，不含已解除的和有异议待处理的",
			db.Where{}.And("d.state IN ('signed', 'registered', 'kept')"), signed),
		count("deal.registered", "登记合同数", "合同已登记的对接数",
			db.Where{}.And("d.state = 'registered'"), registered),
		count(endedDeals, "未成的对接数", "谢绝或终止、写明一类原因的对接数",
			db.Where{}.And("d.class <> ''"), month),
		s.measure("deal.contracts", "对接促成的合同成交额", "分", "对接签订的合同成交额之和，不含已解除的和有异议待处理的",
			db.Where{}.And("d.state IN ('signed', 'registered', 'kept')"), signed, sumDeals,
			func(d Deal) int64 { return int64(d.ContractFen) }),
		s.measure("deal.answer_days", "首次答复用时中位数", "天", "从提出对接到被请方首次答复的天数的中位数",
			db.Where{}.And("d.answer_us > 0"), month,
			func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
				us, err := medianAnswer(ctx, q, w)
				return Days(us), err
			}, func(d Deal) int64 { return Days(d.AnswerUs - d.CreatedUs) }),
		s.measure(outcomeDays, "有结果的用时中位数", "天",
			"从提出对接到有结果（合同登记、签约未登记、谢绝或终止）的天数的中位数",
			db.Where{}.And("d.end_us > 0"), month,
			func(ctx context.Context, q db.Q, w db.Where) (int64, error) {
				us, err := median(ctx, q, endList, w)
				return Days(us), err
			}, func(d Deal) int64 { return Days(d.EndUs - d.CreatedUs) }),
	}
}

func countDeals(ctx context.Context, q db.Q, w db.Where) (int64, error) {
	return dealList.Count(ctx, q, w, 0)
}

func sumDeals(ctx context.Context, q db.Q, w db.Where) (int64, error) {
	var sum int64
	err := db.Stream(ctx, q, dealList, w, dealList.Order("code"), 0, scanDeal, func(d Deal) error {
		sum += int64(d.ContractFen)
		return nil
	})
	return sum, err
}

// valuesOf are the values of a closed list.
func valuesOf(list []Choice) []measure.Value {
	out := make([]measure.Value, len(list))
	for i, c := range list {
		out[i] = measure.Value(c)
	}
	return out
}

// measure makes a measure over introductions.
func (s *Service) measure(
	name, title, unit, definition string, of db.Where, times []measure.Dim,
	figure func(context.Context, db.Q, db.Where) (int64, error), value func(Deal) int64,
) measure.Measure {
	equals := func(name, title string, where func(v string) db.Where) measure.Dim {
		return measure.Dim{Name: name, Title: title, Where: where}
	}
	class := equals("class", "未成原因", func(v string) db.Where { return db.Where{}.And("d.class = $1", v) })
	if name == endedDeals || name == outcomeDays { // all others have none
		class.Values = valuesOf(Classes())
	}
	source := equals("source", "来源", func(v string) db.Where { return db.Where{}.And("d.source = $1", v) })
	source.Values = valuesOf(Sources())
	stage := equals("stage", "对接阶段", func(v string) db.Where { return db.Where{}.And("d.state = $1", v) })
	for _, st := range DealProcess.Def().States {
		stage.Values = append(stage.Values, measure.Value{Value: st.Name, Title: st.Title})
	}
	return measure.Measure{
		Name: name, Title: title, Unit: unit, Version: 1, Since: "2026-01-01",
		Definition: definition,
		Dims: slices.Concat(times, []measure.Dim{
			equals("region", "所在地区", func(v string) db.Where { return inRegion(db.Where{}, v) }),
			equals("field", "技术领域", func(v string) db.Where { return db.Where{}.And("d.field = $1", v) }),
			class, source, stage,
			equals("broker", "技术经理人", func(v string) db.Where {
				return db.Where{}.And("d.broker = $1", v)
			}),
			equals("post", "对接事项", func(v string) db.Where {
				return db.Where{}.And("d.demand_post = $1 OR d.supply_post = $1", v)
			}),
		}),
		Scope:  func(by authz.Actor) db.Where { return DealPolicy.Scope(by, ActDealRead).AndAll(of) },
		Figure: figure,
		Rows: func(
			ctx context.Context, q db.Q, w db.Where, p db.PageReq,
		) (db.Page[measure.Row], error) {
			page, err := db.List(ctx, q, dealList, w, dealList.Order("code"), p, scanDeal)
			out := db.Page[measure.Row]{Next: page.Next, Prev: page.Prev}
			for _, d := range page.Items {
				out.Items = append(out.Items, measure.Row{ID: d.ID, Title: d.Code + " " + d.Title,
					Href: "/deals/" + d.ID, Value: value(d)})
			}
			return out, err
		},
	}
}

// monthOf reads "2026-11" as the days from its first until before the first of the next month.
func monthOf(v string) (from, before clock.Date, ok bool) {
	from = clock.Date(v + "-01")
	if strings.Count(v, "-") != 1 || !from.Valid() {
		return "", "", false
	}
	next := from.AddDays(31)
	return from, next[:8] + "01", true
}

// asked narrows by the time of the request.
func asked() []measure.Dim {
	return timeDims("提出月份", "提出日期", func(from, before clock.Date) db.Where {
		return db.Where{}.And("d.created_us >= $1 AND d.created_us < $2", clock.Us(from.Start()),
			clock.Us(before.Start()))
	})
}

// timeDims narrow by the month of a day, and by a stretch of days.
func timeDims(month, day string, where func(from, before clock.Date) db.Where) []measure.Dim {
	return []measure.Dim{{Name: "month", Title: month, Where: func(v string) db.Where {
		from, before, ok := monthOf(v)
		if !ok {
			return db.Nothing()
		}
		return where(from, before)
	}}, measure.Days(day, where)}
}
