package atlas

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const kindRule = "atlas.rule"

// SixRule leads from words to a class of the six new. Where no word of an organisation speaks for a class, its
// industry does, or else its field. In what is written, industries or fields left out stay as they were.
type SixRule struct {
	Class      string   `json:"class"`
	Words      []string `json:"words"`
	Industries []string `json:"industries,omitempty"` // GB/T 4754, a code and all below
	Fields     []string `json:"fields,omitempty"`     // technical fields
}

// FieldRule leads from industries and words to a technical field.
type FieldRule struct {
	Field      string   `json:"field"`
	Industries []string `json:"industries,omitempty"` // GB/T 4754, a code and all below
	Words      []string `json:"words,omitempty"`
}

// RuleParams say how records are sorted. What stands first wins where two fit as well.
type RuleParams struct {
	Six []SixRule `json:"six"`
	// Kinds are the kinds of organisations that have a class of the six new. nil means those that ship with the
	// program; in what is written it keeps those of the rule before.
	Kinds  []string    `json:"kinds,omitzero"`
	Fields []FieldRule `json:"fields"`
	// Platforms are words in the names of innovation platforms (创新平台): an organisation that is no firm and
	// has one of them is of the kind platform. nil means the words that ship with the program; in what is
	// written it keeps those of the rule before.
	Platforms []string `json:"platforms,omitzero"`
}

// RuleData is what people write about a rule.
type RuleData struct {
	Name   string `json:"name"`
	Source string `json:"source"`
	RuleParams
}

// Rule says how records are sorted from a day on.
type Rule struct {
	ID string `json:"id"`
	RuleData
	Mark      string     `json:"mark"` // design, local
	ValidFrom clock.Date `json:"validFrom"`
	CreatedUs int64      `json:"createdUs"`
	Version   int64      `json:"version"`
}

// Bounds of a rule.
const (
	maxRuleWords = 200 // of one class
	maxRuleWord  = 20  // characters
)

// Marks of rules.
const (
	markDesign = "design"
	markLocal  = "local"
)

const ruleColumns = `r.id, r.name, r.source, r.mark, r.valid_from, r.params, r.created_us, r.version`

var (
	qRuleAt = db.Stmt(`SELECT ` + ruleColumns + ` FROM atlas_rule AS r WHERE r.valid_from <= $1
		ORDER BY r.valid_from DESC LIMIT 1`)
	qRule    = db.Stmt(`SELECT ` + ruleColumns + ` FROM atlas_rule AS r WHERE r.id = $1`)
	qRuleAdd = db.Stmt(`INSERT INTO atlas_rule (id, name, source, mark, valid_from, params, created_us,
		created_by, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)`)
	ruleList = db.Select(ruleColumns, `atlas_rule AS r`, db.Order{Name: "from", Desc: true,
		Cols: []db.Col{db.TextCol("r.valid_from"), db.TextCol("r.id")}})
)

func scanRule(r db.Row) (Rule, error) {
	var x Rule
	var params string
	err := r.Scan(&x.ID, &x.Name, &x.Source, &x.Mark, &x.ValidFrom, &params, &x.CreatedUs, &x.Version)
	if err != nil {
		return x, err
	}
	err = json.Unmarshal([]byte(params), &x.RuleParams)
	x.RuleParams = x.whole()
	return x, err
}

// shipped is the rule that holds where a city has none of its own.
func shipped() Rule {
	return Rule{ID: markDesign, Mark: markDesign, ValidFrom: "2021-01-01", Version: 1,
		RuleData: RuleData{Name: shippedName, Source: shippedSource,
			RuleParams: RuleParams{Six: shippedSix, Kinds: shippedKinds, Fields: shippedFields,
				Platforms: shippedPlatforms}}}
}

// ruleAt returns the rule in force on a day.
func ruleAt(ctx context.Context, q db.Q, day clock.Date) (Rule, error) {
	r, found, err := db.Find(ctx, q, qRuleAt, scanRule, string(day))
	if err == nil && !found {
		r = shipped()
	}
	return r, err
}

// sixOf is the class that most words speak for, "" for none.
func (p RuleParams) sixOf(text string) string {
	best, most := "", 0
	for _, r := range p.Six {
		if n := hits(text, r.Words); n > most {
			best, most = r.Class, n
		}
	}
	return best
}

// fieldOf is the field of an industry: the longest code that holds it. Without an industry, or one
// that no rule names, it is what most words speak for; "" for none.
func (p RuleParams) fieldOf(industry, text string) string {
	best, most := "", 0
	for _, r := range p.Fields {
		for _, code := range r.Industries {
			if industry != "" && strings.HasPrefix(industry, code) && len(code) > most {
				best, most = r.Field, len(code)
			}
		}
	}
	if best != "" {
		return best
	}
	for _, r := range p.Fields {
		if n := hits(text, r.Words); n > most {
			best, most = r.Field, n
		}
	}
	return best
}

// kindOf is the kind of an organisation on the map. A firm stays one, whatever it is called.
func (p RuleParams) kindOf(kind, name string) string {
	if kind != "enterprise" && kind != "government" && hits(fold(name), p.Platforms) > 0 {
		return KindPlatform
	}
	return kind
}

func hits(text string, words []string) int {
	n := 0
	for _, w := range words {
		if w = fold(w); w != "" && strings.Contains(text, w) {
			n++
		}
	}
	return n
}

// NewRule is the input of AddRule.
type NewRule struct {
	RuleData
	Key string `json:"-"`
}

// AddRule sets the rule from today on: what no person and no owner sorted is sorted anew, by a job.
func (s *Service) AddRule(ctx context.Context, by authz.Actor, in NewRule) (Rule, error) {
	if err := RulePolicy.May(by, ActRuleWrite, Rule{}); err != nil {
		return Rule{}, err
	}
	if err := in.check(s.places); err != nil {
		return Rule{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "atlas.AddRule", in.Key, in, func(tx *unit.Tx) (Rule, error) {
		day := clock.DateOf(clock.Time(tx.NowUs()))
		before, err := ruleAt(ctx, tx, day)
		if err != nil {
			return Rule{}, err
		}
		if before.ValidFrom == day {
			return Rule{}, fault.New(fault.Conflict, "今天已经换过一次规则，请明天再改")
		}
		if len(in.Fields) == 0 {
			in.Fields = before.Fields
		}
		if in.Platforms == nil {
			in.Platforms = before.Platforms
		}
		if in.Kinds == nil {
			in.Kinds = before.Kinds
		}
		in.Six = completed(in.Six, before.Six)
		if err := in.once(); err != nil { // with what it keeps of the rule before
			return Rule{}, err
		}
		params, err := json.Marshal(in.RuleParams)
		if err != nil {
			return Rule{}, err
		}
		ruleID := id.New()
		err = db.ExecOne(ctx, tx.Tx, qRuleAdd, ruleID, in.Name, in.Source, markLocal, string(day),
			string(params), tx.NowUs(), by.Account)
		if err != nil {
			return Rule{}, err
		}
		tx.Audit(audit.Entry{Kind: kindRule, Object: ruleID, What: "create", Detail: in.RuleData})
		tx.Emit(outbox.Event{Kind: EventRuleAdded, Object: ruleID})
		return db.Get(ctx, tx, qRule, scanRule, ruleID)
	})
	return out, err
}

// ListRules returns all rules, the latest first and the shipped one last.
func (s *Service) ListRules(ctx context.Context, by authz.Actor) ([]Rule, error) {
	page, err := db.List(ctx, s.unit.DB(), ruleList, RulePolicy.Scope(by, ActRuleRead), ruleList.Order(""),
		db.PageReq{Limit: db.MaxLimit}, scanRule)
	if err != nil {
		return nil, err
	}
	if err := RulePolicy.May(by, ActRuleRead, Rule{}); err != nil {
		return nil, err
	}
	out := append(page.Items, shipped())
	slices.SortStableFunc(out, func(a, b Rule) int { return cmp.Compare(b.ValidFrom, a.ValidFrom) })
	return out, nil
}
