package formula

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/series"
)

// world is an Env of a test: units by name, values by name and period, and the ready tables.
type world struct {
	units  map[string]string
	values map[string]string
}

func (w world) Unit(name string) (Unit, bool) {
	text, ok := w.units[name]
	if !ok {
		return None, false
	}
	return mustUnit(text), true
}

func (w world) Value(name string, at series.Period) Value {
	u, _ := w.Unit(name)
	text, ok := w.values[name+" "+at.String()]
	if !ok {
		return Absent(u, Reason{})
	}
	if number, unit, ok := strings.Cut(text, " "); ok {
		return Number(rat(number), mustUnit(unit))
	}
	return Number(rat(text), u)
}

func (world) Table(name string, at series.Period) (Table, bool) {
	t, _, ok := ReadyTable(name, at)
	return t, ok
}

// city holds sums of money, people and shares in months, quarters and years.
func city() world {
	w := world{
		units: map[string]string{"成交额": "亿元", "地区生产总值": "亿元", "预算": "万元", "人口": "万人", "企业": "家",
			"优良率": "%", "R&D经费": "亿元", "研发人员": "人年", "净额": "亿元", "甲": "", "乙": ""},
		values: map[string]string{
			"成交额 2024": "228", "成交额 2023": "185", "成交额 2022": "170", "地区生产总值 2024": "5700",
			"预算 2024": "30000", "人口 2024": "540", "企业 2024": "2150", "企业 2020": "2137", "企业 2015": "380",
			"优良率 2024": "74.2", "优良率 2023": "71", "R&D经费 2024": "219 千万元", "研发人员 2024": "9000",
			"净额 2024": "3", "净额 2023": "-2", "甲 2024": "0", "乙 2024": "7", "甲 2020": "1", "甲 2022": "4",
			"成交额 2025-01": "10", "成交额 2025-02": "12.5", "成交额 2025-03": "20", "成交额 2024-03": "16",
			"成交额 2024-12": "25",
		},
	}
	return w
}

func TestEval(t *testing.T) {
	for _, c := range []struct{ src, at, want string }{
		{"1+2*3", "2024", "7"},
		{"(1+2)*3 - 4/2", "2024", "7"},
		{"-2^2", "2024", "-4"},
		{"2^-2", "2024", "0.25"},
		{"0.1+0.2 = 0.3", "2024", "是"},
		{"１＋２×３", "2024", "7"},
		{"成交额", "2024", "228亿元"},
		{"「成交额」 / 「地区生产总值」 * 100%", "2024", "4%"},
		{"占比(成交额, 地区生产总值)", "2024", "4%"},
		{"成交额 / 地区生产总值 * 100", "2024", "4"},
		{"成交额 + 预算", "2024", "231亿元"},
		{"预算 + 成交额", "2024", "2310000万元"},
		{"成交额 / 人口", "2024", "0.422222亿元/万人"},
		{"换算(成交额 / 人口, \"元/人\")", "2024", "4222.222222元/人"},
		{"成交额 / 人口 * 人口", "2024", "228亿元"},
		{"企业 / 人口", "2024", "3.981481家/万人"},
		{"「R&D经费」", "2024", "21.9亿元"},
		{"「R&D经费」 / 研发人员 > 0", "2024", "是"},
		{"优良率 - 同期(优良率)", "2024", "3.2个百分点"},
		{"优良率 + 1.5个百分点", "2024", "75.7%"},
		{"优良率 - 1.5个百分点", "2024", "72.7%"},
		{"1 - 优良率", "2024", "0.258"},
		{"优良率 * 成交额", "2024", "169.176亿元"},
		{"50% * 50%", "2024", "25%"},
		{"50% / 25%", "2024", "2"},
		{"50% ^ 2", "2024", "0.25"},
		{"同比(成交额)", "2024", "23.243243%"},
		{"yoy(优良率)", "2024", "3.2个百分点"},
		{"环比(成交额)", "2025-03", "60%"},
		{"同比(成交额)", "2025-03", "25%"},
		{"环比(成交额)", "2025-01", "-60%"},
		{"累计(成交额)", "2025-03", "42.5亿元"},
		{"ytd(成交额)", "2025-01", "10亿元"},
		{"滚动平均(成交额, 2)", "2025-02", "11.25亿元"},
		{"滚动合计(成交额, 3)", "2024", "583亿元"},
		{"lag(成交额, 2)", "2024", "170亿元"},
		{"年均增长(甲, 2)", "2022", "100%"},
		{"年均增长(企业, 5)", "2020", "41.255116%"},
		{"企业 / 前推(企业, 9) - 1", "2024", "4.657895"},
		{"if(成交额 > 200亿元 and 人口 > 500万人, 1, 2)", "2024", "1"},
		{"如果(成交额 > 200万元 且 非 (人口 > 5000万人), 最大(1, 3, 2), 2)", "2024", "3"},
		{"max(成交额, 预算, 0)", "2024", "228亿元"},
		{"最小(0, 净额)", "2023", "-2亿元"},
		{"mean(1, 2, 4)", "2024", "2.333333"},
		{"round(2.5, 0) + round(-2.5, 0) + revise(2.5, 0)", "2024", "2"},
		{"round(-1/3, 3)", "2024", "-0.333"},
		{"floor(-1.5)", "2024", "-2"},
		{"coalesce(前推(成交额, 9), 成交额)", "2024", "228亿元"},
		{"最大已有(前推(成交额, 9), 成交额)", "2024", "228亿元"},
		{"有值(成交额)", "1990", "否"},
		{"甲 > 0 or true", "1990", "是"},
		{"赋单位(乙, \"μg/m³\") / 35 ", "2024", "0.2μg/m³"},
		{"abs(净额)", "2023", "2亿元"},
		{"12 * 100‰", "2024", "1200‰"},
	} {
		e, err := Parse(c.src)
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		if _, _, err := e.Check(city(), series.Period(c.at)); err != nil {
			t.Errorf("%s: check: %v", c.src, err)
		}
		v, _ := e.Eval(city(), series.Period(c.at))
		if got := v.Text(6); got != c.want {
			t.Errorf("%s in %s = %s (%s), want %s", c.src, c.at, got, v.Why.Text(false), c.want)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, c := range []struct{ src, at, why string }{
		{"成交额 / 甲", "2024", "除数为零"},
		{"成交额 + 地区生产总值", "2023", "「地区生产总值」缺2023年的数据"},
		{"缺失 + 成交额", "2024", "公式写明缺失"},
		{"同比(甲)", "2025", "「甲」缺2025年的数据"},
		{"同比(净额)", "2024", "基数为负，无法计算增幅"},
		{"累计(成交额)", "2024-03", "「成交额」缺2024年1月的数据"},
		{"if(甲 > 乙, 1, 2)", "1990", "「甲」缺1990年的数据"},
		{"甲 > 乙 and true", "1990", "「甲」缺1990年的数据"},
		{"同期(成交额)", "1900", "超出可计算的年份"},
		{"插值(赋单位(9999, \"μg/m³\"), \"空气分指数·PM2.5\")", "2024", "9999μg/m³超出“空气分指数·PM2.5”的范围"},
		{"年均增长(净额 - 净额, 1)", "2024", "基数为零，无法计算增幅"},
		{"((9999999999 ^ 20) ^ 20) ^ 20", "2024", "数过大"},
		{"最大已有(甲, 乙)", "1990", "「甲」缺1990年的数据"},
	} {
		e, err := Parse(c.src)
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		v, _ := e.Eval(city(), series.Period(c.at))
		if !v.Missing || v.Why.Text(false) != c.why {
			t.Errorf("%s = %s, %q, want %q", c.src, v.Text(6), v.Why.Text(false), c.why)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", "第1字：公式没有写完"},
		{"成交额 + 人口", "第1字：单位不合：“亿元”与“万人”"},
		{"1 + (成交额 > 人口)", "第6字：单位不合：“亿元”与“万人”"},
		{"企业 + 人口", "第1字：单位不合：“家”与“万人”"},
		{"优良率 > 2个百分点", "第1字：单位不合：“%”与“个百分点”"},
		{"2个百分点 - 优良率", "第1字：单位不合：“个百分点”与“%”"},
		{"1 + 没有此名", "第5字：没有名为「没有此名」的指标"},
		{"(1 + 2", "第1字：“(”没有对应的“)”"},
		{"1 + * 2", "第5字：此处应为数、名称或函数，不能是“*”"},
		{"成交额 人口", "第5字：“人口”前缺少运算符"},
		{"求和(1)", "第1字：没有名为“求和”的函数"},
		{"if(1, 2, 3)", "第4字：此处应为条件，不能是数"},
		{"1 + (甲 > 1)", "第6字：此处应为数，不能是条件"},
		{"if(甲 > 1, 1, 甲 > 2)", "第1字：“如果”的两个结果应同为数或同为条件"},
		{"1 < 2 < 3", "第7字：比较不能连写，请用“且”连接"},
		{"2 ^ 1.5", "第5字：乘方的指数应为绝对值不超过20的整数"},
		{"lag(甲, 乙)", "第8字：函数“lag”的最后一个参数应为0到240的整数"},
		{"cagr(甲, 0)", "第9字：函数“cagr”的最后一个参数应为1到50的整数"},
		{"甲 @ 乙", "第3字：不认识的符号“@”"},
		{"「成交额", "第1字：「没有对应的」"},
		{"5亿里人", "第2字：不认识的单位“亿里人”"},
		{"换算(成交额, \"人\")", "第1字：“亿元”不能换算为“人”"},
		{"\"成交额\" + 1", "第1字：此处不能是文字“成交额”"},
		{"分级(1, 2)", "第7字：函数“分级”此处应为带引号的文字，写法：分级(甲, \"分级表\")"},
		{"分级(1, \"没有\")", "第7字：2024年没有有效的“没有”表"},
		{"插值(赋单位(1, \"mg/L\"), \"水质·氨氮\")", "第1字：“水质·氨氮”不是这个函数要的表"},
		{"分级(赋单位(1, \"μg/m³\"), \"空气分指数·SO2\")", "第1字：“空气分指数·SO2”不是这个函数要的表"},
		{"分级(1, \"空气限值2012·SO2\")", "第1字：“空气限值2012·SO2”不是这个函数要的表"},
		{"参数(\"水质·氨氮\")", "第1字：“水质·氨氮”不是参数"},
		{"累计(累计(累计(累计(甲 + 乙))))", "第1字：涉及的期数过多，最多20000个值"},
		{"占比(成交额, 人口)", "第1字：部分与全部的单位不同：“亿元/万人”"},
		{"成交额 ^ 13", "第1字：单位的次方过高"},
		{"1.2.3", "第4字：不认识的符号“.”"},
		{strings.Repeat("(", 60) + "1" + strings.Repeat(")", 60), "第41字：嵌套过深，最多40层"},
		{strings.Repeat("-", 60) + "1", "第41字：嵌套过深，最多40层"},
		{strings.Repeat("1+", 2500) + "1", "第4001字：公式过长，最多4000字"},
		{"\xff", "第1字：不是 UTF-8 文本"},
	} {
		e, err := Parse(c.src)
		if err == nil {
			_, _, err = e.Check(city(), "2024")
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%.40s: %v, want %s", c.src, err, c.want)
			continue
		}
		if english := err.Text(true); strings.ContainsAny(strings.TrimPrefix(english, "at character"), "，。") {
			t.Errorf("%.40s: English is %q", c.src, english)
		}
		if e != nil {
			if v, _ := e.Eval(city(), "2024"); !v.Missing || v.Why.Code != err.Code {
				t.Errorf("%.40s: a formula that fails its check is computed as %s", c.src, v.Text(3))
			}
		}
	}
}

func TestCheckAs(t *testing.T) {
	for _, c := range []struct{ src, unit, want string }{
		{"成交额 / 地区生产总值", "%", ""},
		{"成交额 / 地区生产总值 * 100%", "%", ""},
		{"成交额 / 地区生产总值 * 100", "%", "hundred"},
		{"100 * (成交额 / 地区生产总值)", "%", "hundred"},
		{"成交额 / 人口", "元/人", ""},
		{"成交额 / 人口", "元", "result.unit"},
		{"成交额 > 人口 * 1亿元/1万人", "元", "result.bool"},
		{"优良率 - 同期(优良率)", "%", "result.unit"},
		{"优良率 - 同期(优良率)", "个百分点", ""},
	} {
		e, err := Parse(c.src)
		if err != nil {
			t.Fatalf("%s: %v", c.src, err)
		}
		code := ""
		if err := e.CheckAs(city(), "2024", mustUnit(c.unit)); err != nil {
			code = err.Code
		}
		if code != c.want {
			t.Errorf("%s as %s: %q, want %q", c.src, c.unit, code, c.want)
		}
	}
}

func TestNamesAndTrace(t *testing.T) {
	e, err := Parse("同比(累计(成交额)) + 前推(上期(优良率), 3) / 优良率 - 「R&D经费」/成交额")
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(e.Names())
	want := "[{成交额 0 1 true 6 9} {优良率 4 0 false 20 23} {R&D经费 0 0 false 37 44}]"
	if got != want {
		t.Errorf("names are %s, want %s", got, want)
	}
	e, err = Parse("if(甲 > 0, 成交额, 上期(成交额)) * 乙 + 成交额 - 成交额")
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	_, trace := e.Eval(city(), "2024")
	for _, in := range trace {
		used = append(used, in.Name+" "+in.Period.String()+" "+in.Value.Text(2))
	}
	if got := strings.Join(used, "; "); got != "甲 2024 0; 成交额 2023 185亿元; 乙 2024 7; 成交额 2024 228亿元" {
		t.Errorf("trace is %s", got)
	}
}

// The units of a check are those of every result, whatever is missing.
func TestCheckedUnit(t *testing.T) {
	for _, src := range []string{"成交额 / 人口", "同比(优良率)", "最大(0, 成交额)", "if(甲 > 1, 缺失, 预算)", "成交额 * 优良率"} {
		e, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		u, _, err := e.Check(city(), "2024")
		for _, at := range []series.Period{"2024", "2023", "1950"} {
			if v, _ := e.Eval(city(), at); err != nil || v.Unit.String() != u.String() {
				t.Errorf("%s in %s has the unit %q, the check says %q (%v)", src, at, v.Unit, u, err)
			}
		}
	}
}

func readyWorld(inputs []ReadyInput, at string, values ...string) world {
	w := world{map[string]string{}, map[string]string{}}
	for i, in := range inputs {
		w.units[in.Name] = in.Unit
		if i < len(values) && values[i] != "" {
			w.values[in.Name+" "+at] = values[i]
		}
	}
	return w
}

func ready(t *testing.T, code string) (Ready, *Expr) {
	t.Helper()
	for _, r := range ReadyFormulas {
		if r.Code == code {
			e, err := Parse(r.Formula)
			if err != nil {
				t.Fatalf("%s: %v", code, err)
			}
			return r, e
		}
	}
	t.Fatalf("no ready formula %s", code)
	return Ready{}, nil
}

// off is how far a number is from a published one.
func off(x *big.Rat, published string) *big.Rat {
	d := new(big.Rat).Sub(x, rat(published))
	return d.Abs(d)
}

// TestAirIndex compares with published values; inputs are rounded, so ±0.02 (domain/08 §15.1).
func TestAirIndex(t *testing.T) {
	for _, c := range []struct {
		code, at, computed, published string
		in                            []string
	}{
		{"air-index-2012", "2025-11", "4.338", "4.34", []string{"12", "40", "81", "40", "1.2", "86"}},
		{"air-index-2012", "2023", "4.957", "4.95", []string{"11", "40", "78", "41", "1.5", "178"}},
		{"air-index-2012", "2023-08", "4.838", "4.82", []string{"11", "37", "75", "39", "1.4", "191"}},
		{"air-index-2012", "2022-07", "3.057", "3.06", []string{"9", "15", "39", "21", "0.7", "192"}},
		{"air-index-2026", "2026-05", "5.338", "5.34", []string{"11", "40", "78", "41", "1.5", "178"}},
	} {
		r, e := ready(t, c.code)
		v, trace := e.Eval(readyWorld(r.Inputs, c.at, c.in...), series.Period(c.at))
		if v.Missing {
			t.Errorf("%s: %s", c.at, v.Why.Text(false))
			continue
		}
		if off(v.Rat, c.published).Cmp(rat("0.02")) > 0 || v.Rat.FloatString(3) != c.computed {
			t.Errorf("%s %s = %s, computed %s, published %s", c.code, c.at, v.Rat.FloatString(4), c.computed,
				c.published)
		}
		if len(trace) != 12 {
			t.Errorf("%s: %d inputs in the trace, want 6 means and 6 limits", c.at, len(trace))
		}
	}
	// The loads of November 2025 as published.
	r, _ := ready(t, "air-index-2012")
	w := readyWorld(r.Inputs, "2025-11", "12", "40", "81", "40", "1.2", "86")
	for pollutant, want := range map[string]string{"SO2平均浓度": "4.6", "NO2平均浓度": "23.0", "PM10平均浓度": "26.7",
		"PM2.5平均浓度": "26.3", "CO第95百分位数": "6.9", "O3第90百分位数": "12.4"} {
		limit := "空气限值2012·" + strings.TrimRight(pollutant[:strings.IndexAny(pollutant, "平第")], " ")
		e, err := Parse("占比(「" + pollutant + "」 / 参数(\"" + limit + "\"), " + r.Formula + ")")
		if err != nil {
			t.Fatal(err)
		}
		if v, _ := e.Eval(w, "2025-11"); v.Missing || off(v.Rat, want).Cmp(rat("0.1")) > 0 {
			t.Errorf("load of %s is %s (%s), published %s", pollutant, v.Text(1), v.Why.Text(false), want)
		}
	}
}

func TestWaterClass(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want string
	}{
		{[]string{"6.2", "", "18", "", "0.62", "0.15", ""}, "Ⅲ类"}, // the example of domain/08 §15.2
		{[]string{"7.5", "2", "15", "3", "0.15", "0.02", "7"}, "Ⅰ类"},
		{[]string{"7.4", "2", "15", "3", "0.15", "0.02", "7"}, "Ⅱ类"},
		{[]string{"1.9", "", "", "", "", "", ""}, "劣Ⅴ类"},
		{[]string{"8", "", "", "", "", "", "9.1"}, "劣Ⅴ类"},
		{[]string{"", "", "41", "", "", "", ""}, "劣Ⅴ类"},
		{[]string{"", "", "15.01", "", "", "", ""}, "Ⅲ类"},
		{[]string{"", "", "", "", "", "", ""}, ""}, // a dry section is not assessed
	} {
		r, e := ready(t, "water-class")
		v, _ := e.Eval(readyWorld(r.Inputs, "2025-11", c.in...), "2025-11")
		grades, _, _ := ReadyTable("水质·氨氮", "2025-11")
		if got := grades.Label(v.Rat); got != c.want {
			t.Errorf("%v is %q (%s), want %q", c.in, got, v.Why.Text(false), c.want)
		}
	}
}

func TestAirAQI(t *testing.T) {
	r, e := ready(t, "air-aqi")
	v, _ := e.Eval(readyWorld(r.Inputs, "2025-11", "55", "50", "50", "40", "2", "100"), "2025-11")
	if got := v.Text(3); got != "75" {
		t.Errorf("AQI = %s (%s)", got, v.Why.Text(false))
	}
	if v, _ = e.Eval(readyWorld(r.Inputs, "2026-03", "55", "50", "50", "40", "2", "100"), "2026-03"); !v.Missing {
		t.Errorf("the corners of before March 2026 are used after it: %s", v.Text(3))
	}
}

// Every ready formula passes its own check with the units it declares.
func TestReadyFormulas(t *testing.T) {
	for _, r := range ReadyFormulas {
		e, err := Parse(r.Formula)
		if err != nil {
			t.Errorf("%s: %v", r.Code, err)
			continue
		}
		if err := e.CheckAs(readyWorld(r.Inputs, "2025-11"), "2025-11", mustUnit(r.Unit)); err != nil {
			t.Errorf("%s: %v", r.Code, err)
		}
		if len(e.Names()) != len(r.Inputs) {
			t.Errorf("%s names %d series, declares %d", r.Code, len(e.Names()), len(r.Inputs))
		}
	}
}

func FuzzFormula(f *testing.F) {
	for _, s := range []string{"「成交额」 / 「地区生产总值」 * 100%", "同比(累计(成交额))", "if(甲>0,甲,缺失)", "年均增长(企业, 5)",
		`换算(成交额 / 人口, "元/人")`, "1^-20^3", "插值(甲, \"空气分指数·PM2.5\")", `分级(甲, "水质·氨氮")`, `插值(甲, "水质·氨氮")`,
		"((((甲))))", "非 非 真", "-0^0", "0/0", `"0"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := Parse(src)
		if err != nil {
			if err.From < 0 || err.To < err.From || err.Text(true) == "" {
				t.Fatalf("%q: a wrong place: %+v", src, err)
			}
			return
		}
		u, isBool, err := e.Check(city(), "2024")
		v, trace := e.Eval(city(), "2024")
		again, _ := e.Eval(city(), "2024")
		if v.Text(6) != again.Text(6) {
			t.Fatalf("%q: %s, then %s", src, v.Text(6), again.Text(6))
		}
		if err == nil && (v.Unit.String() != u.String() || v.Bool != isBool) {
			t.Fatalf("%q: unit %q, the check says %q", src, v.Unit, u)
		}
		if err != nil && !v.Missing {
			t.Fatalf("%q: %v, but %s", src, err, v.Text(6))
		}
		if len(trace) > MaxCost {
			t.Fatalf("%q: %d inputs", src, len(trace))
		}
	})
}

func BenchmarkEval(b *testing.B) {
	e, err := Parse("if(同比(累计(成交额)) > 5%, 占比(成交额, 地区生产总值), 环比(成交额))")
	if err != nil {
		b.Fatal(err)
	}
	w := city()
	for b.Loop() {
		e.Eval(w, "2025-03")
	}
}

// fullCity has a value for every series and period.
type fullCity struct{ world }

func (w fullCity) Value(name string, at series.Period) Value {
	u, _ := w.Unit(name)
	return Number(big.NewRat(int64(at.SortKey())*1_000_003+int64(len(name)), 97), u)
}

// Every function says how it is written and what it gives, in both languages, and nothing else does.
func TestUsages(t *testing.T) {
	list := Usages()
	for _, u := range list {
		if !strings.HasPrefix(u.Written, u.Name+"(") || u.English == "" || u.Meaning(false) == "" ||
			u.Meaning(true) == "" || u.Meaning(false) == u.Meaning(true) {
			t.Errorf("%+v", u)
		}
	}
	if len(list) != len(meanings) {
		t.Errorf("%d functions, %d meanings", len(list), len(meanings))
	}
}
