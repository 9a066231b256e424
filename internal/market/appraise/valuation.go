package appraise

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/money"
)

// Limits of the inputs.
const (
	MaxItems       = 40
	MaxYears       = 20
	MaxComparables = 20
)

// Named is a line with an amount in 万元.
type Named struct {
	Name   string `json:"name"`
	Amount Range  `json:"amount"`
}

// Cost is the cost method (成本法): what it would take to make it again.
//
//	value = Σ costs × (1 + profit %) × (1 − obsolescence %)
type Cost struct {
	Items        []Named `json:"items,omitempty"`
	Profit       Range   `json:"profit"`       // 合理利润率, %
	Obsolescence Range   `json:"obsolescence"` // 贬值率, %
}

// How an income method counts.
const (
	Relief = "relief" // 许可费节省法
	Excess = "excess" // 超额收益法
)

// Incomes are the income methods.
func Incomes() []market.Choice {
	return []market.Choice{{Value: Relief, Title: "许可费节省法"}, {Value: Excess, Title: "超额收益法"}}
}

// Income is the income method (收益法), by one of two ways:
//
//	relief: value = Σ revenue(t) × royalty % × (1 − tax %) ÷ (1 + discount %)^t
//	excess: value = Σ revenue(t) × (margin % − charge %) × (1 − tax %) ÷ (1 + discount %)^t
//
// The years count from the first after the day of the valuation, each at its end.
type Income struct {
	Way      string  `json:"way,omitempty"`
	Years    []Range `json:"years,omitempty"` // revenue of each year, 万元
	Royalty  Range   `json:"royalty"`         // 许可费率, %
	Margin   Range   `json:"margin"`          // 利润率, %
	Charge   Range   `json:"charge"`          // 贡献资产回报率 of revenue, %
	Tax      Range   `json:"tax"`             // 所得税率, %
	Discount Range   `json:"discount"`        // 折现率, %
}

// Comparable is a deal like this one (可比案例): its price in 万元 and by what it is adjusted, in % of
// the price: 90 for something a tenth better than ours.
type Comparable struct {
	Name   string `json:"name"`
	Price  string `json:"price"`
	Adjust string `json:"adjust"`
}

// Inputs are everything a valuation is made from. A method without its list is left out.
type Inputs struct {
	Cost   Cost         `json:"cost"`
	Income Income       `json:"income"`
	Market []Comparable `json:"market,omitempty"`
}

// Line is one step of a calculation, in 万元 or %, with up to four decimals.
type Line struct {
	Label string   `json:"label"` // key of package i18n
	Name  string   `json:"name,omitempty"`
	Unit  string   `json:"unit"` // wan or percent
	Cells []string `json:"cells"`
}

// Result is what one method comes to: a range, never one number.
type Result struct {
	Method  string    `json:"method"` // cost, relief, excess or market
	LowFen  money.Fen `json:"lowFen"`
	BaseFen money.Fen `json:"baseFen"`
	HighFen money.Fen `json:"highFen"`
	Lines   []Line    `json:"lines"`
}

// Methods are the methods of a valuation.
func Methods() []market.Choice {
	return append([]market.Choice{{Value: "cost", Title: "成本法"}, {Value: "market", Title: "市场法"}},
		Incomes()...)
}

// Value calculates each method that has inputs. It is a pure function; its faults name the inputs.
func Value(in Inputs) ([]Result, error) {
	var f occasion.Faults
	var out []Result
	if len(in.Cost.Items) > 0 {
		out = append(out, in.Cost.value(&f))
	}
	if len(in.Income.Years) > 0 {
		out = append(out, in.Income.value(&f))
	}
	if len(in.Market) > 0 {
		out = append(out, compare(in.Market, &f))
	}
	if len(f) > 0 {
		return nil, f.Err()
	}
	return out, nil
}

// cell writes a number with up to four decimals.
func cell(v *big.Rat) string {
	return strings.TrimRight(strings.TrimRight(v.FloatString(4), "0"), ".")
}

func line(label, name, unit string, t triple) Line {
	return Line{label, name, unit, []string{cell(t[low]), cell(t[base]), cell(t[high])}}
}

// result is what a method comes to; at is the field that says so when it is too much.
func result(method string, t triple, lines []Line, f *occasion.Faults, at string) Result {
	if t[high].Cmp(maxResult) > 0 {
		f.Add(at, "按此计算超过 1 万亿元，超出可计算的范围，请核对单位是否为万元")
		return Result{Method: method}
	}
	return Result{method, fen(t[low]), fen(t[base]), fen(t[high]), lines}
}

// firstOf is the field of the first input of a method, at which is said what is wrong with its result.
func firstOf(method string) string {
	switch method {
	case "cost":
		return "cost.0.amount"
	case "market":
		return "market.0.price"
	}
	return "years.0.amount"
}

// Spread says of methods that come to one number, at their first input, that a range is asked for.
func Spread(results []Result, f *occasion.Faults) {
	for _, x := range results {
		switch {
		case x.LowFen < x.HighFen:
		case x.Method == "market":
			f.Add(firstOf(x.Method), "估值应是区间，不是一个数：请列出两个以上修正后价格不同的可比案例")
		default:
			f.Add(firstOf(x.Method), "估值应是区间，不是一个数：请至少把一项写成由低到高的三个数，如 8 / 10 / 12")
		}
	}
}

func (c Cost) value(f *occasion.Faults) Result {
	if len(c.Items) > MaxItems {
		f.Add("cost.items", "最多 %d 项", MaxItems)
	}
	sum := each(func(int) *big.Rat { return new(big.Rat) })
	var lines []Line
	for i, x := range c.Items {
		f.Line(fmt.Sprintf("cost.%d.name", i), x.Name, occasion.MaxLine, true)
		t := x.Amount.check(f, fmt.Sprintf("cost.%d.amount", i), false)
		sum = each(func(j int) *big.Rat { return add(sum[j], t[j]) })
		lines = append(lines, line("成本项", x.Name, "wan", t))
	}
	profit := c.Profit.check(f, "cost.profit", true)
	old := c.Obsolescence.check(f, "cost.obsolescence", true).against()
	v := each(func(j int) *big.Rat {
		return mul(mul(sum[j], add(one, share(profit[j]))), sub(one, share(old[j])))
	})
	return result("cost", v, append(lines, line("重置成本合计", "", "wan", sum),
		line("合理利润率", "", "percent", profit), line("贬值率", "", "percent", old),
		line("评估值", "", "wan", v)), f, firstOf("cost"))
}

func (c Income) value(f *occasion.Faults) Result {
	if len(c.Years) > MaxYears {
		f.Add("income.years", "最多 %d 项", MaxYears)
	}
	f.Choice("income.way", c.Way, Incomes())
	tax := c.Tax.check(f, "income.tax", true).against()
	discount := c.Discount.check(f, "income.discount", true).against()
	var rate triple
	var lines []Line
	if c.Way == Excess {
		margin := c.Margin.check(f, "income.margin", true)
		charge := c.Charge.check(f, "income.charge", true).against()
		rate = each(func(j int) *big.Rat { return sub(margin[j], charge[j]) })
		if rate[low].Sign() < 0 {
			f.Add("income.charge", "贡献资产回报率不能高于利润率")
		}
		lines = append(lines, line("利润率", "", "percent", margin),
			line("贡献资产回报率", "", "percent", charge), line("超额收益率", "", "percent", rate))
	} else {
		rate = c.Royalty.check(f, "income.royalty", true)
		lines = append(lines, line("许可费率", "", "percent", rate))
	}
	lines = append(lines, line("所得税率", "", "percent", tax), line("折现率", "", "percent", discount))
	sum := each(func(int) *big.Rat { return new(big.Rat) })
	factor := each(func(int) *big.Rat { return new(big.Rat).Set(one) })
	for i, year := range c.Years {
		revenue := year.check(f, fmt.Sprintf("years.%d.amount", i), false)
		factor = each(func(j int) *big.Rat {
			return new(big.Rat).Quo(factor[j], add(one, share(discount[j])))
		})
		now := each(func(j int) *big.Rat {
			net := mul(mul(revenue[j], share(rate[j])), sub(one, share(tax[j])))
			return mul(net, factor[j])
		})
		sum = each(func(j int) *big.Rat { return add(sum[j], now[j]) })
		lines = append(lines, line("第 %s 年收入", fmt.Sprint(i+1), "wan", revenue),
			line("第 %s 年现值", fmt.Sprint(i+1), "wan", now))
	}
	way := c.Way
	if way == "" {
		way = Relief
	}
	return result(way, sum, append(lines, line("评估值", "", "wan", sum)), f, firstOf(way))
}

// compare takes the lowest, the median and the highest of the adjusted prices; of an even number the
// mean of the two in the middle.
func compare(list []Comparable, f *occasion.Faults) Result {
	if len(list) > MaxComparables {
		f.Add("market", "最多 %d 项", MaxComparables)
	}
	var prices []*big.Rat
	var lines []Line
	for i, x := range list {
		at := fmt.Sprintf("market.%d.", i)
		f.Line(at+"name", x.Name, occasion.MaxLine, true)
		price := ParseRange(x.Price).check(f, at+"price", false)[base]
		adjust, ok := decimal(x.Adjust)
		if !ok || adjust.Cmp(big.NewRat(1000, 1)) > 0 {
			f.Add(at+"adjust", "修正系数应为 0 到 1000 之间的百分数")
			adjust = hundred
		}
		v := mul(price, share(adjust))
		prices = append(prices, v)
		lines = append(lines, Line{"可比案例", x.Name, "wan",
			[]string{cell(price), cell(adjust) + "%", cell(v)}})
	}
	slices.SortFunc(prices, func(a, b *big.Rat) int { return a.Cmp(b) })
	n := len(prices)
	middle := mul(add(prices[(n-1)/2], prices[n/2]), big.NewRat(1, 2))
	v := triple{prices[0], middle, prices[n-1]}
	return result("market", v, append(lines, line("评估值", "", "wan", v)), f, firstOf("market"))
}
