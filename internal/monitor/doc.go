// Package monitor is the room in which numbers are watched (指标监测): what is known of each indicator
// for each place, unit and period; how far that is from its target; and what a number that is off its
// way sets going.
//
// A data point (数据点) is a projection: approved observations, measures of the program's own rows and
// formulas become points with their qualifier, as-of day, definition and evidence. It can be dropped and
// rebuilt, and a test does so. A figure that a measure gave is kept as a reading, because rows of the
// past may change.
//
// A target is measured by its unit's own series, or, where the unit only leads what the place has to reach,
// by the place's: whose.go states the rule, and every light says which series it was.
//
// The light (灯) of a target is computed by a pure function from the points, a dated rule and the day,
// and says its reasons in words. A red light opens one task in the ledger, with the unit that answers, a
// deadline and what is to be handed in. Nobody closes that task while the number is red, unless a leader
// decides so on record, with a reason.
//
// Values are exact decimals and fractions to the end; only what is shown is rounded. A missing value is
// missing and not zero. Values of two definitions of which one breaks the series are never compared.
//
// Sources of the rules: see rule_data.go.
package monitor
