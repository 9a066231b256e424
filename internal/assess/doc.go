// Package assess is the room of the yearly assessment (考核): units are scored by a published formula
// from the numbers of other rooms, see how each point came about, may appeal, and are ranked.
//
// A scheme (计分办法) is data with a source, a day from which it holds and a mark of how sure it is:
// weighted items with caps and tiers by rank, bonuses, deductions, vetoes, and grades with a limit of
// their share. A round (考核) takes a copy of the scheme when it is made; it cannot change once the
// rules are public. Figures come through the interface Figures and are kept as they were found, each
// with a link to its rows; what a person typed in instead stays with reason, author and time.
//
// Scoring is pure and exact: the same figures give the same scores, and the record proves it by
// counting again. Ties are ties of the exact score; a grade whose limit a tie would break is given to
// none of it.
//
// Until a round is published a unit sees its own detail only, from 公示 on. Appeals are taken for the
// working days that the scheme names, and the round cannot be decided before they have passed and
// every appeal was answered.
//
// The rules of the shipped scheme are design after common city rules; see scheme_data.go.
package assess
