// Package market is the room of the technology market (技术市场): what firms need and what
// universities, institutes and firms have achieved, as posts that a bureau has looked at.
//
// A post is a need (技术需求) or an achievement (科技成果). Both share one table, so that lists,
// search and matching treat them alike; each kind has its own life cycle. The rooms below this folder
// stand on it: matching finds what fits, deal leads two parties to an outcome, show and auction hold
// the occasions, appraise says what an achievement may be worth.
//
// Invariants. Nothing is shown to the public that the bureau has not let through. Contacts of a post
// are never in a list, a search or a match: only package deal hands them out, after both consent.
// What nobody confirms fades from the market, and the public counters count what lives. A post
// whose level is named is known to nobody but its owner, the named and the bureau.
//
// Sources of the rules: docs of the field for readiness levels (GB/T 22900—2022), kinds of results,
// the five values (国办发〔2021〕26号), pricing and its publication of at least 15 days (促进科技成果转化法, 2015,
// 国发〔2016〕16号), 职务科技成果赋权 (国科发区〔2020〕128号). How long a post stays fresh is nowhere
// published: it is dated data, see rule_data.go.
package market
