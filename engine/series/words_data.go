package series

// methodTexts say how a forecast and its interval were made.
var methodTexts = map[Method][2]string{
	ByShape: {"按近年同期占全年比重的平均推算，区间取各年比重的最大与最小",
		"by the mean share of the year at this time in recent years; the interval takes the largest and the smallest"},
	ByLast: {"按上一完整年份同期占比推算，区间另一端为按月均衡推算",
		"by the share at this time in one full year; the other end of the interval is equal months"},
	ByMonths: {"没有可比的往年，按月均衡推算，区间为余下各月按今年最慢和最快的一段推算",
		"no year to compare with: by equal months; the interval lets the rest run as the slowest and the fastest stretch"},
	ByTrend: {"按历年数据的最小二乘直线外推，区间为由残差算出的 80% 预测区间",
		"by the line of least squares through the years; the interval is the 80 % prediction interval of its residuals"},
	ByLevel: {"按近三年各期数据的最小二乘直线外推，区间为由残差算出的 80% 预测区间",
		"by the line of least squares through three years' periods; the interval is the 80 % prediction interval " +
			"of its residuals"},
}

// lackTexts say why there is no forecast, or no interval.
var lackTexts = map[Lack][2]string{
	LackDone: {"全年数据已有，不再预计", "the value of the year is there"},
	LackYear: {"今年还没有满一期的数据", "no period of this year is over and known"},
	LackGap:  {"今年累计缺少数据", "the sum of this year is not known"},
	LackYears: {"历年可比数据不足三年，画不出趋势",
		"fewer than three comparable years: no line can be drawn"},
	LackPoints: {"近三年可比数据不足四期，画不出趋势",
		"fewer than four comparable periods in three years: no line can be drawn"},
	LackPace: {"没有可比的往年，今年也只有一期累计数，看不出快慢",
		"no year to compare with, and one sum of this year shows no spread"},
}

// findingTexts say what was found in a series. {0}, {1} … stand for its words.
var findingTexts = map[string][2]string{
	"late": {"首次报送{1}天后（{0}）由{2}改为{3}", "changed from {2} to {3} on {0}, {1} days after the first report"},
	"jump": {"{0}考核前报送，较上期变动{1}，是平常变动{2}的{3}倍",
		"reported before the assessment of {0}; its step of {1} is {3} times the usual {2}"},
	"gap": {"缺{0}期，都在未达{1}的数据之后；达标的{2}期之后无缺",
		"{0} periods are missing, all behind values short of {1}; none behind the {2} good ones"},
}
