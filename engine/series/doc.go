// Package series computes with statistical series (统计序列): a number for each year, half, quarter or
// month, as departments report them. It compares (同比, 环比, 年均增长), measures progress towards a
// target (完成率, 时序进度, 缺口), looks ahead to the end of the year with an interval, and points out
// what an honest series rarely does.
//
// Ratios are exact (*big.Rat); where a root is not, the digits are stated. A missing value stays
// missing and says why. The package is pure: no clock, no files, no chance.
package series
