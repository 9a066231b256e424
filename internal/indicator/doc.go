// Package indicator is the room of indicators: how each is counted (口径), the sets they belong to
// (指标体系), and the values that people report of them (填报).
//
// What an indicator is called, and which way it is better, stays in package plan: this room keeps
// what makes its numbers comparable. A definition holds for a half-open stretch of days; definitions
// of an indicator never overlap, and one that values rest on is never changed, only closed by the
// next. A definition that counts differently says that it breaks the series.
//
// A value (观测值) belongs to an indicator, a region, a unit or the region as a whole, and a period
// of the definition's frequency. It is an exact decimal with the qualifier of its source, a day it
// was taken on, and where it comes from: a form, a table, a document with the words, or somebody's
// publication. It counts once an officer approved it. An approved value is corrected by a new
// revision with a reason, which goes through approval again; the old one stays to be read. Periods
// can be locked. What others rank is stored and never computed (外部排名).
//
// What a unit must report by when follows from who reports for which region, the frequency and the
// deadline of the definition: nothing of it is stored, so rates of reporting cannot be wrong about
// what was asked.
//
// Events: see events.go. Consumed: none.
package indicator
