package series

// methodTexts say how a forecast and its interval were made.
var methodTexts = map[Method][2]string{
	ByShape: {"按近年同期占全年比重的平均推算，区间取各年比重的最大与最小",
		"by the mean share of the year at this time in recent years; the interval takes the largest and the smallest"},
	ByLast: {"按上一完整年份同期占比推算，区间另一端为按月均衡推算",
		"by the share at this time in one full year; the other end of the interval is equal months"},
	ByMonths: {"无完整的往年数据，按月均衡推算，不给区间",
		"no full year before: by equal months, without an interval"},
	ByTrend: {"按历年数据的直线趋势外推，区间为历年偏离直线的最大值",
		"by a straight line through the years; the interval is their largest distance from it"},
}

// findingTexts say what was found in a series. {0}, {1} … stand for its words.
var findingTexts = map[string][2]string{
	"late": {"首次报送{1}天后（{0}）由{2}改为{3}", "changed from {2} to {3} on {0}, {1} days after the first report"},
	"jump": {"{0}考核前报送，较上期变动{1}，是平常变动{2}的{3}倍",
		"reported before the assessment of {0}; its step of {1} is {3} times the usual {2}"},
	"gap": {"缺{0}期，都在未达{1}的数据之后；达标的{2}期之后无缺",
		"{0} periods are missing, all behind values short of {1}; none behind the {2} good ones"},
}
