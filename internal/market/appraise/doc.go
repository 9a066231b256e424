// Package appraise is the room in which an achievement is weighed: valuation sheets (估值工作表), which
// say what it may be worth in money, and evaluations of its five values (五元价值评价).
//
// A valuation shows every input and gives ranges, one for each method, from low, base and high inputs.
// It never gives a single number and never blends the methods: the parties agree on a price, a
// spreadsheet does not. Arithmetic is exact; amounts are rounded once, at the end.
//
// An evaluation classifies first and then weighs: the weights of a kind are dated data and 100
// together. At least five experts, an odd number, score each by themselves; until all scores are in,
// nobody sees any but their own, the bureau included. Who works or worked for the owner does not
// score. The report says for what it must not be used, and never says 国内领先 or 国际先进: a number is no
// such statement.
//
// Sources of the rules: 国办发〔2021〕26号 for the five values; weights are design, see rule_data.go.
package appraise
