package reading

import (
	"math"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// measure decides what an amount measures, by its unit, the verb before it and the noun phrase.
func (rd *reader) measure(f *frame, s *found) {
	unit := f.q.Unit
	np := s.Indicator
	if f.link == 0 && f.npVerb&(cUp|cDown) != 0 && unit == "%" && endsIn(np, shareHeadList) == "" {
		f.link = f.npVerb & (cUp | cDown) // 减少申报材料40%
	}
	down := f.link&(cDown|cDiffDown) != 0
	ratio := isRatio(unit) && (unit != "" || f.q.Number.Fraction)
	switch {
	case f.link&cToward != 0:
		s.toward = true
		if f.time != nil {
			rd.c.clauseT = f.time
		}
		rd.levelOf(f, s, np)
	case f.from && f.link&(cUp|cDown) != 0 && ratio:
		s.base, s.Measure = true, Growth
		rd.why(s, "growth", f.verb)
	case f.from:
		s.base = true
		rd.c.fromTime = f.time
		rd.levelOf(f, s, np)
	case f.link&(cDiffUp|cDiffDown) != 0 && isCounter(unit) && startsWith(f.base, plannedWords...):
		s.Indicator, down = strings.TrimSuffix(np, f.verb)+f.verb+f.base, false // 慢于时间进度21项
		rd.levelOf(f, s, np)
	case f.link&(cDiffUp|cDiffDown) != 0 && (f.base != "" || f.baseTime != nil || f.yoy != "" ||
		isPoints(unit)):
		s.Measure, s.Of = Increase, f.base
		if ratio {
			s.Measure = Growth // 较同类产品低15%
		}
		rd.why(s, "difference", f.verb, f.base)
	case f.link&(cUp|cDown) != 0 && ratio, unit == "番":
		s.Measure = Growth
		rd.why(s, "growth", f.verb)
	case f.link&(cDiffUp|cDiffDown) != 0 && isCounter(unit) && f.base == "" && f.baseTime == nil:
		rd.levelOf(f, s, np)
		down = false
	case f.link&(cUp|cDown) != 0, isPoints(unit):
		s.Measure = Increase
		rd.why(s, "change", f.verb)
	case f.sum && f.link == 0 && f.np.empty() && isCounter(unit):
		rd.levelOf(f, s, np) // 新增商标5600件，累计4.8万件
	case f.link&cGain != 0 || f.npVerb&cGain != 0, strings.Contains(np, "新增") &&
		f.link&cToward == 0:
		s.Measure = Increase
		rd.c.gain = true
		rd.why(s, "gain", f.verb, f.npVerbW)
	case ratio && endsIn(np, rateHeadList) != "":
		down = down || falls[endsIn(np, rateHeadList)]
		s.Measure = Growth
		rd.why(s, "rate", endsIn(np, rateHeadList))
	case unit == "倍" && f.link == 0 && !f.of:
		s.Measure = Growth
		rd.why(s, "growth", "倍")
	default:
		rd.levelOf(f, s, np)
	}
	if s.Measure == Growth || s.Measure == Increase {
		rd.baseOf(f, s)
		if down {
			s.Value = "-"
		}
	}
}

// falls are rates of change that are of a fall: 降幅达40% is −40 %.
var falls = set(`降幅 跌幅 下降幅度 降低率`)

// levelOf marks a level, or a share where the noun phrase is one.
func (rd *reader) levelOf(f *frame, s *found, np string) {
	switch {
	case rd.c.share != "" && isRatio(f.q.Unit):
		s.Measure, s.Of = Share, rd.c.share
		rd.why(s, "share", f.verb)
	case endsIn(np, shareHeadList) != "" && isRatio(f.q.Unit):
		s.Measure = Share
		s.Of = wholeIn(np)
		rd.why(s, "share", endsIn(np, shareHeadList))
	case f.q.Number.Fraction || f.q.Unit == "成":
		s.Measure = Share
		rd.why(s, "share", f.q.Unit)
	default:
		s.Measure = Level
		rd.why(s, "level", f.verb)
	}
}

// wholeIn is the whole that a noun phrase names: 研发投入占GDP比重 → GDP.
func wholeIn(np string) string {
	_, rest, ok := strings.Cut(np, "占")
	if !ok {
		return ""
	}
	for _, h := range []string{"的比重", "的比例", "的份额", "比重", "比例", "份额"} {
		if r, ok := strings.CutSuffix(rest, h); ok {
			return r
		}
	}
	return ""
}

// baseOf names what a change is measured from.
func (rd *reader) baseOf(f *frame, s *found) {
	switch {
	case s.Of != "":
	case f.baseTime != nil:
		s.Of = rd.str(f.baseTime.Start, f.baseTime.End)
	case f.base != "":
		s.Of = f.base
	case f.yoy != "":
		s.Of = f.yoy
	case rd.c.fromTime != nil:
		f.baseTime = rd.c.fromTime
		s.Of = rd.str(f.baseTime.Start, f.baseTime.End)
	}
}

func isPoints(u string) bool { return strings.HasSuffix(u, "百分点") || u == "个点" }

func (rd *reader) why(s *found, rule string, w ...string) {
	s.Reason.Rule, s.Reason.Words = rule, rd.keepWords(w)
}

// emit completes a statement with value, subject, period and kind, and keeps it. A range is two.
func (rd *reader) emit(f *frame, s *found) {
	neg := s.Value == "-"
	s.Unit = f.q.Unit
	if bareScales[s.Unit] && (rd.c.hasAny && strings.HasSuffix(rd.c.last.q.Unit, "元") ||
		endsIn(s.Indicator, moneyList) != "") {
		s.Unit += "元" // 完成638亿元，突破六百亿关口
	}
	if p := rd.str(f.post.start, f.post.end); s.Measure == Increase && (p == "位次" || p == "名次") {
		s.Unit = "位" // 提升2个位次
	}
	s.Subject = rd.subjectNow(s)
	s.para, s.sentence, s.annual, s.within = rd.nPara, rd.nSent, f.annual, f.within
	s.part = s.part || f.partOf
	s.within, s.total = f.within, f.total
	rd.kindOf(f, s)
	rd.c.wholeYear = rd.c.wholeYear || f.wholeYear
	rd.period(f, s)
	low, high := f.q.Value, f.q.High
	if f.q.Number.Fraction {
		s.Unit = "%"
		low, high = percent(low), percent(high)
	}
	if f.q.Unit == "" && f.q.Number.Per == 100 {
		s.Unit = "%"
	}
	if end := f.q.End; f.q.Number.Fraction && end < len(rd.r) && (rd.r[end] == '强' ||
		rd.r[end] == '弱') {
		f.op = map[rune]hanzi.Op{'强': hanzi.AtLeast, '弱': hanzi.AtMost}[rd.r[end]]
	}
	if f.q.Range {
		rd.put(*s, low, neg, hanzi.AtLeast)
		rd.put(*s, high, neg, hanzi.AtMost)
	} else {
		rd.put(*s, low, neg, f.op)
	}
	if !endsWith(s.Indicator, "任务", "目标") || rd.c.full == "" {
		rd.c.full = s.Indicator
	}
	rd.c.last, rd.c.hasLast, rd.c.hasAny = *f, true, true
}

// bareScales are scales that a figure ends in instead of a unit.
var bareScales = set(`亿 万亿 万`)

// moneyList end the names of amounts of money.
var moneyList = newEndings(strings.Fields(`
产值 收入 投资 增加值 生产总值 营收 利润 税收 销售额 交易额 成交额 零售总额 余额 进出口总额 营业额`))

func percent(d hanzi.Decimal) hanzi.Decimal { return d.Mul(hanzi.Int(100)) }

func (rd *reader) put(s found, v hanzi.Decimal, neg bool, op hanzi.Op) {
	if neg {
		v = v.Neg()
	}
	s.value = v
	s.Value = decimal(v)
	s.Op = string(op)
	rd.keep(s)
}

// decimal writes a value with at most two decimals where it has no end.
func decimal(v hanzi.Decimal) string {
	if v.Finite() {
		return v.String()
	}
	return hanzi.Scaled(int64(math.Round(v.Float64()*100)), -2).String()
}

// keep adds a statement that names what it is about.
func (rd *reader) keep(s found) {
	s.Indicator = strings.TrimSpace(s.Indicator)
	if s.Indicator != "" && s.Start < s.End {
		rd.out = append(rd.out, s)
	}
}
