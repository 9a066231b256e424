// Package formula is the language in which indicators (指标) are defined over statistical series:
//
//	「技术合同成交额」 / 「地区生产总值」 * 100%
//	同比(累计(固定资产投资))
//	if(常住人口 > 0 万人, 发明专利 / 常住人口, missing)
//
// It is small, typed and total. Numbers are exact (*big.Rat) and carry a unit: 亿元 and 万元 convert,
// 亿元 and 人 do not add, and the error says where. The difference of two percentages is counted in
// percentage points (个百分点), which no percentage is. A missing value stays missing and says why;
// a division by zero is missing too. Conditions know three values: true, false, missing.
//
// There are no loops, no recursion and no state. The length of a text, the depth of its tree, the
// work that its functions over time ask for and the size of numbers are bounded before and while it
// runs, so that no text hangs the evaluator. The same text and the same values give the same result,
// with a trace of the values it was made of.
//
// An error is a code with its words and a place in runes; words_data.go holds the sentences.
package formula
