package plan

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindIndicator is the kind of object of indicators.
const kindIndicator = "plan.indicator"

// Actions on indicators.
const (
	ActIndicatorRead  authz.Action = "plan.indicator.read"
	ActIndicatorWrite authz.Action = "plan.indicator.write"
)

// IndicatorPolicy lets the staff of the city read the indicators and officers define them.
var IndicatorPolicy = authz.NewPolicy(kindIndicator, authz.Rules[Indicator]{
	Title: "指标",
	Verbs: []authz.Verb{
		{Action: ActIndicatorRead, Title: "查看"},
		{Action: ActIndicatorWrite, Title: "定义"},
	},
	Ties: []authz.Tie[Indicator]{authz.TieAny[Indicator]()},
	Grants: append(
		authz.Allow(authz.Any, []authz.Role{authz.Officer, authz.Leader, authz.Department,
			authz.District, authz.ChainOffice}, ActIndicatorRead),
		authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActIndicatorWrite)...),
})

// Limits of an indicator.
const maxAliases = 30

// IndicatorData is what people write about an indicator.
type IndicatorData struct {
	Name       string   `json:"name"`
	Unit       string   `json:"unit"`
	Direction  string   `json:"direction"` // one of Directions
	Additive   bool     `json:"additive"`  // the parts of a whole add up to it: amounts and counts do
	Definition string   `json:"definition,omitempty"`
	Aliases    []string `json:"aliases,omitempty"` // other phrases that mean it
}

// Indicator (指标) is what phrases of documents are linked to.
type Indicator struct {
	ID string `json:"id"`
	IndicatorData
	Retired   bool   `json:"retired,omitempty"` // no longer offered
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
}

// NewIndicator is the input of CreateIndicator.
type NewIndicator struct {
	IndicatorData
	Key string `json:"-"`
}

// IndicatorUpdate is the input of UpdateIndicator.
type IndicatorUpdate struct {
	ID string `json:"-"`
	IndicatorData
	Retired bool   `json:"retired,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

func (d *IndicatorData) normalise() {
	d.Name, d.Unit, d.Definition = tidy(d.Name), tidy(d.Unit), lines(d.Definition)
	var kept []string
	for _, a := range d.Aliases {
		if a = tidy(a); a != "" && !slices.ContainsFunc(append(kept, d.Name), func(o string) bool {
			return phraseKey(o) == phraseKey(a)
		}) {
			kept = append(kept, a)
		}
	}
	d.Aliases = kept
}

func (d IndicatorData) check() error {
	var f faults
	f.line("name", d.Name, maxPhrase, true)
	f.line("unit", d.Unit, maxUnit, true)
	f.choice("direction", d.Direction, Directions())
	f.prose("definition", d.Definition, MaxProse, false)
	if len(d.Aliases) > maxAliases {
		f.add("aliases", "最多 %d 个其他名称", maxAliases)
	}
	for _, a := range d.Aliases {
		f.line("aliases", a, maxPhrase, true)
	}
	return f.err()
}

const indicatorColumns = `i.id, i.name, i.unit, i.direction, i.additive, i.definition, i.retired,
	i.created_us, i.created_by, i.updated_us, i.version`

var (
	qIndicator    = db.Stmt(`SELECT ` + indicatorColumns + ` FROM plan_indicator AS i WHERE i.id = $1`)
	qIndicatorKey = db.Stmt(`SELECT ` + indicatorColumns + ` FROM plan_indicator AS i
		WHERE NOT i.retired AND (i.name_key = $1 OR i.id IN
			(SELECT a.indicator FROM plan_indicator_alias AS a WHERE a.name_key = $1))
		ORDER BY i.id LIMIT 10`)
	qIndicatorAdd = db.Stmt(`INSERT INTO plan_indicator (id, name, name_key, unit, direction, additive,
			definition, retired, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, 1)`)
	qIndicatorSet = db.Stmt(`UPDATE plan_indicator SET name = $3, name_key = $4, unit = $5,
			direction = $6, additive = $7, definition = $8, retired = $9, updated_us = $10,
			version = version + 1
		WHERE id = $1 AND version = $2`)
	qAliases   = db.Stmt(`SELECT name FROM plan_indicator_alias WHERE indicator = $1 ORDER BY name`)
	qAliasDrop = db.Stmt(`DELETE FROM plan_indicator_alias WHERE indicator = $1`)
	qAliasAdd  = db.Stmt(`INSERT INTO plan_indicator_alias (indicator, name, name_key)
		VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
)

var indicatorList = db.Select(indicatorColumns, `plan_indicator AS i`,
	db.Order{Name: "name", Cols: []db.Col{db.TextCol("i.name"), db.TextCol("i.id")}},
)

func scanIndicator(r db.Row) (Indicator, error) {
	var x Indicator
	err := r.Scan(&x.ID, &x.Name, &x.Unit, &x.Direction, &x.Additive, &x.Definition, &x.Retired,
		&x.CreatedUs, &x.CreatedBy, &x.UpdatedUs, &x.Version)
	return x, err
}

func indicatorByID(ctx context.Context, q db.Q, id string) (Indicator, error) {
	x, err := db.Get(ctx, q, qIndicator, scanIndicator, id)
	if err != nil {
		return x, err
	}
	x.Aliases, err = db.All(ctx, q, qAliases, db.One[string], id)
	return x, err
}

// CreateIndicator defines an indicator. One of the same name is Invalid at "name".
func (s *Service) CreateIndicator(
	ctx context.Context, by authz.Actor, in NewIndicator,
) (Indicator, error) {
	const useCase = "plan.CreateIndicator"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Indicator, error) { return s.createIndicator(ctx, tx, in) })
	return out, err
}

func (s *Service) createIndicator(
	ctx context.Context, tx *unit.Tx, in NewIndicator,
) (Indicator, error) {
	in.normalise()
	x := Indicator{ID: id.New(), IndicatorData: in.IndicatorData}
	if err := IndicatorPolicy.May(tx.By(), ActIndicatorWrite, x); err != nil {
		return Indicator{}, err
	}
	if err := in.check(); err != nil {
		return Indicator{}, err
	}
	if err := nameFree(ctx, tx, x); err != nil {
		return Indicator{}, err
	}
	err := db.ExecOne(ctx, tx.Tx, qIndicatorAdd, x.ID, x.Name, phraseKey(x.Name), x.Unit,
		x.Direction, x.Additive, x.Definition, false, tx.NowUs(), tx.By().Account)
	if err != nil {
		return Indicator{}, err
	}
	if err := setAliases(ctx, tx, x); err != nil {
		return Indicator{}, err
	}
	tx.Audit(audit.Entry{Kind: kindIndicator, Object: x.ID, What: "create", Detail: x.IndicatorData})
	tx.Emit(outbox.Event{Kind: EventIndicatorCreated, Object: x.ID})
	return indicatorByID(ctx, tx, x.ID)
}

// nameFree refuses a name that another indicator goes by.
func nameFree(ctx context.Context, q db.Q, x Indicator) error {
	same, err := db.All(ctx, q, qIndicatorKey, scanIndicator, phraseKey(x.Name))
	if err != nil {
		return err
	}
	for _, o := range same {
		if o.ID != x.ID {
			return fault.Fields(fault.At("name", "已有指标“%s”", o.Name))
		}
	}
	return nil
}

// setAliases stores the other names and makes the indicator be found by all of them.
func setAliases(ctx context.Context, tx *unit.Tx, x Indicator) error {
	if _, err := db.Exec(ctx, tx.Tx, qAliasDrop, x.ID); err != nil {
		return err
	}
	var rows [][]any
	names := []string{phraseKey(x.Name)}
	for _, a := range x.Aliases {
		rows = append(rows, []any{x.ID, a, phraseKey(a)})
		names = append(names, phraseKey(a))
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qAliasAdd, rows); err != nil {
		return err
	}
	return setGrams(ctx, tx, gramIndicator, x.ID, names...)
}

// addAlias remembers that a phrase means an indicator.
func addAlias(ctx context.Context, tx *unit.Tx, x Indicator, phrase string) error {
	if len(x.Aliases) >= maxAliases {
		return nil // the link itself stands; the phrase is only not remembered
	}
	x.Aliases = append(x.Aliases, phrase)
	x.normalise()
	tx.Audit(audit.Entry{Kind: kindIndicator, Object: x.ID, What: "alias",
		Detail: map[string]any{"alias": phrase}})
	return setAliases(ctx, tx, x)
}

// UpdateIndicator replaces the definition of an indicator, or retires it.
func (s *Service) UpdateIndicator(
	ctx context.Context, by authz.Actor, in IndicatorUpdate,
) (Indicator, error) {
	in.normalise()
	const useCase = "plan.UpdateIndicator"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Indicator, error) {
			old, err := indicatorByID(ctx, tx, in.ID)
			if err != nil {
				return Indicator{}, err
			}
			if err := IndicatorPolicy.May(by, ActIndicatorWrite, old); err != nil {
				return Indicator{}, err
			}
			if err := in.check(); err != nil {
				return Indicator{}, err
			}
			next := Indicator{ID: in.ID, IndicatorData: in.IndicatorData, Retired: in.Retired}
			if !in.Retired {
				if err := nameFree(ctx, tx, next); err != nil {
					return Indicator{}, err
				}
			}
			err = db.ExecOne(ctx, tx.Tx, qIndicatorSet, in.ID, in.Version, in.Name,
				phraseKey(in.Name), in.Unit, in.Direction, in.Additive, in.Definition, in.Retired,
				tx.NowUs())
			if err != nil {
				return Indicator{}, err
			}
			if err := setAliases(ctx, tx, next); err != nil {
				return Indicator{}, err
			}
			if phraseKey(old.Name) != phraseKey(in.Name) { // factsJob compares them anew
				if _, err := db.Exec(ctx, tx.Tx, qLinked, in.ID); err != nil {
					return Indicator{}, err
				}
			}
			tx.Audit(audit.Entry{Kind: kindIndicator, Object: in.ID, What: "update",
				Detail: map[string]any{"old": old.IndicatorData, "new": in.IndicatorData,
					"retired": in.Retired}})
			tx.Emit(outbox.Event{Kind: EventIndicatorUpdated, Object: in.ID})
			return indicatorByID(ctx, tx, in.ID)
		})
	return out, err
}

// GetIndicator returns one indicator.
func (s *Service) GetIndicator(
	ctx context.Context, by authz.Actor, indicatorID string,
) (Indicator, error) {
	x, err := indicatorByID(ctx, s.unit.DB(), indicatorID)
	if err != nil {
		return Indicator{}, err
	}
	return x, IndicatorPolicy.May(by, ActIndicatorRead, x)
}

// IndicatorFilter narrows the list of indicators.
type IndicatorFilter struct {
	Query   string `json:"q,omitempty"`
	Retired bool   `json:"retired,omitempty"` // those that are no longer offered, too
}

func (f IndicatorFilter) where() db.Where {
	w := matching(db.Where{}, f.Query, func(w db.Where, gram string) db.Where {
		return w.And(`EXISTS (SELECT 1 FROM plan_gram AS g WHERE g.kind = 'indicator'
			AND g.gram = $1 AND g.object = i.id)`, gram)
	})
	if !f.Retired {
		w = w.And("NOT i.retired")
	}
	return w
}

// ListIndicators returns a page of the indicators, by name, without their aliases.
func (s *Service) ListIndicators(
	ctx context.Context, by authz.Actor, f IndicatorFilter, p db.PageReq,
) (db.Page[Indicator], error) {
	w := IndicatorPolicy.Scope(by, ActIndicatorRead).AndAll(f.where())
	return db.List(ctx, s.unit.DB(), indicatorList, w, indicatorList.Order(""), p, scanIndicator)
}

// Suggestion is an indicator that a phrase may mean.
type Suggestion struct {
	Indicator Indicator `json:"indicator"`
	Percent   int       `json:"percent"` // likeness; 100 = the same name but for its spelling
	Name      string    `json:"name"`    // the one of its names that is alike
}

// Bounds of suggestions.
const (
	maxSuggestions = 8
	likeIndicator  = 0.4 // the least likeness that is shown
)

// SuggestIndicators returns the indicators whose names are like a phrase, the likeliest first.
func (s *Service) SuggestIndicators(
	ctx context.Context, by authz.Actor, phrase string,
) ([]Suggestion, error) {
	if err := IndicatorPolicy.May(by, ActIndicatorRead, Indicator{}); err != nil {
		return nil, err
	}
	q := s.unit.DB()
	phrase = firstRunes(tidy(phrase), maxPhrase)
	ids, err := candidates(ctx, q, gramIndicator, phrase, likeIndicator)
	if err != nil {
		return nil, err
	}
	var out []Suggestion
	for _, indicatorID := range ids {
		x, err := indicatorByID(ctx, q, indicatorID)
		if err != nil {
			return nil, err
		}
		if x.Retired {
			continue
		}
		best := Suggestion{Indicator: x}
		for _, name := range append([]string{x.Name}, x.Aliases...) {
			like := int(100 * party.Dice(pairs(phrase), pairs(name)))
			if phraseKey(name) == phraseKey(phrase) {
				like = 100
			}
			if like > best.Percent {
				best.Percent, best.Name = like, name
			}
		}
		if best.Percent >= 100*likeIndicator {
			out = append(out, best)
		}
	}
	slices.SortFunc(out, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Percent, a.Percent), cmp.Compare(a.Indicator.ID, b.Indicator.ID))
	})
	return out[:min(len(out), maxSuggestions)], nil
}
