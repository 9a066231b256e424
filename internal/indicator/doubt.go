package indicator

import (
	"context"
	"math/big"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Doubt (疑点) is something a person should look at before they believe a value. It refuses nothing.
type Doubt struct {
	Kind string `json:"kind"`
	Key  string `json:"text"` // a key of package i18n
	Args []any  `json:"args,omitempty"`
}

// Kinds of doubts.
const (
	DoubtJump    = "jump"    // it jumps or falls
	DoubtSum     = "sum"     // the parts do not add up to it
	DoubtLate    = "late"    // handed in after the deadline
	DoubtEarly   = "early"   // taken before the period was over
	DoubtRevised = "revised" // corrected again and again
	DoubtSelf    = "self"    // reported and approved by the same account
)

// manyRevisions is how many revisions of a cell are worth a look [design].
const manyRevisions = 3

// qPartsOf are the approved values of the places inside one, as regions, for a period.
var qPartsOf = db.Stmt(`SELECT ` + valueColumns + ` FROM indicator_observation AS o
	WHERE o.indicator = $1 AND o.region >= $2 AND o.region < $3 AND o.region <> $4 AND o.about = ''
		AND o.period = $5 AND o.state = 'approved' ORDER BY o.region`)

// doubts lists what is worth a look about a value. Sums rest on approved values only, so that nobody
// learns from them what others have not handed in yet.
func (s *Service) doubts(
	ctx context.Context, q db.Q, by authz.Actor, o Observation, d Definition,
) ([]Doubt, error) {
	var out []Doubt
	add := func(kind, key string, args ...any) { out = append(out, Doubt{kind, key, args}) }
	prev, err := s.valueBefore(ctx, q, d, o.Cell)
	if err != nil {
		return nil, err
	}
	if v := o.Value.Rat(); prev.value != nil && v != nil {
		switch {
		case d.Cumulative && prev.sameYear && v.Cmp(prev.value) < 0:
			add(DoubtJump, "累计值比上期 %s 还小", prev.shown)
		case jumps(d, prev.value, v):
			add(DoubtJump, "比上期 %s 变动超过 %s%%", prev.shown, string(d.Jump))
		}
	}
	if o.Late() {
		add(DoubtLate, "提交晚于时限")
	}
	if o.AsOf < clock.Date(o.Period.LastDay()) {
		add(DoubtEarly, "截至日 %s 早于期末，期未满", string(o.AsOf))
	}
	if o.Revision >= manyRevisions {
		add(DoubtRevised, "已是第 %d 版", o.Revision)
	}
	if o.ApprovedUs > 0 && o.submittedBy != "" && o.submittedBy == o.approvedBy {
		add(DoubtSelf, "填报与审核是同一账号")
	}
	sum, err := s.sumDoubt(ctx, q, o, d)
	if err == nil && sum != nil {
		out = append(out, *sum)
	}
	return out, err
}

// sumDoubt compares a value with the sum of its parts, or of the whole that it is a part of, where the
// parts of an indicator add up. It says nothing while parts are missing.
func (s *Service) sumDoubt(
	ctx context.Context, q db.Q, o Observation, d Definition,
) (*Doubt, error) {
	if !d.Additive || o.Org != "" {
		return nil, nil
	}
	whole := o.Region
	if o.Region.Level() == region.LevelCounty {
		whole = o.Region.City()
	}
	from, before, ok := authz.RegionRange(string(whole))
	if !ok || whole.Level() != region.LevelCity {
		return nil, nil
	}
	parts, err := db.All(ctx, q, qPartsOf, scanValue, o.Indicator, from, before, string(whole),
		string(o.Period))
	if err != nil {
		return nil, err
	}
	asked, err := db.All(ctx, q, qPartsAsked, db.One[string], o.Indicator, from, before, string(whole),
		o.Period.LastDay())
	if err != nil || len(parts) == 0 || len(asked) == 0 {
		return nil, err
	}
	have := map[string]*big.Rat{}
	for _, v := range parts {
		have[string(v.Region)] = v.Value.Rat()
	}
	total := o.Value.Rat()
	if o.Region != whole {
		have[string(o.Region)] = total
		v, found, err := db.Find(ctx, q, qValueAt, scanValue, o.Indicator, string(whole), "",
			string(o.Period))
		if err != nil || !found {
			return nil, err
		}
		total = v.Value.Rat()
	}
	for _, place := range asked {
		if have[place] == nil {
			return nil, nil
		}
	}
	sum := new(big.Rat)
	for _, v := range have {
		sum.Add(sum, v)
	}
	if total == nil || sum.Cmp(total) == 0 {
		return nil, nil
	}
	return &Doubt{DoubtSum, "各区县合计 %s 与全市 %s 不等", []any{exact(sum), exact(total)}}, nil
}

var qPartsAsked = db.Stmt(`SELECT DISTINCT y.region FROM indicator_duty AS y
	WHERE y.indicator = $1 AND y.region >= $2 AND y.region < $3 AND y.region <> $4 AND y.about = ''
		AND y.from_day <= $5 AND (y.to_day = '' OR y.to_day > $5)`)

// exact writes a number that has an end, as all sums of decimals do.
func exact(r *big.Rat) string {
	v, _ := plan.ParseDecimal(r.FloatString(8))
	return string(v)
}
