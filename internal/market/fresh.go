package market

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindRule is the kind of object of rules of freshness.
const kindRule = "market.rule"

// Actions on rules of freshness.
const (
	ActRuleRead  authz.Action = "market.rule.read"
	ActRuleWrite authz.Action = "market.rule.write"
)

// RulePolicy lets everybody whose posts a rule is about read it, and officers set it.
var RulePolicy = authz.NewPolicy(kindRule, authz.Rules[FreshRule]{
	Title: "时限规则",
	Verbs: []authz.Verb{
		{Action: ActRuleRead, Title: "查看"},
		{Action: ActRuleWrite, Title: "制定"},
	},
	Ties: []authz.Tie[FreshRule]{authz.TieAny[FreshRule]()},
	Grants: append(
		authz.Allow(authz.Any, dealers, ActRuleRead),
		authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActRuleWrite)...),
})

// FreshRule says how long posts stay fresh and which time limits the market has, from a day on: data,
// because each city has its own.
type FreshRule struct {
	ID string `json:"id"`
	FreshRuleData
	CreatedUs int64  `json:"createdUs"`
	Author    string `json:"author,omitempty"` // log-in of who set it, "" for the program
	Version   int64  `json:"version"`
}

// FreshRuleData is what people write about a rule.
type FreshRuleData struct {
	Name      string     `json:"name"`
	Source    string     `json:"source"` // who said so
	Mark      string     `json:"mark"`   // one of Marks: how sure it is
	ValidFrom clock.Date `json:"validFrom"`
	ValidTo   clock.Date `json:"validTo,omitempty"` // the first day it no longer holds
	Reason    string     `json:"reason,omitempty"`  // why it was made
	FreshParams
}

// FreshParams are the numbers of a rule.
type FreshParams struct {
	NeedDays        int   `json:"needDays"` // until a need has to be confirmed again
	AchievementDays int   `json:"achievementDays"`
	RemindDays      []int `json:"remindDays"` // days before that
	GraceDays       int   `json:"graceDays"`  // days after it until the post leaves the market
	Terms
	Weights Weights `json:"weights,omitempty" doc:"of the five values, by kind of achievement"`
	// Synonyms is a text as SynonymText says; nil keeps what the rule before it said.
	Synonyms *string `json:"synonyms,omitempty" doc:"words that mean the same, a group in each line"`
}

// Marks say how sure a rule is.
func Marks() []Choice {
	return []Choice{{"verified", "见公开文件"}, {"design", "本系统设计"}, {"local", "本市规定"}}
}

// Limits of a rule.
const (
	maxFreshDays = 730
	maxReminders = 5
	maxGraceDays = 90

	MaxReason = 500 // characters
)

const dayUs = int64(24 * time.Hour / time.Microsecond)

// until is when a post that is confirmed at a moment has to be confirmed again.
func (r FreshParams) until(k Kind, us int64) int64 {
	if k == Need {
		return us + int64(r.NeedDays)*dayUs
	}
	return us + int64(r.AchievementDays)*dayUs
}

func (d FreshRuleData) check() error {
	var f faults
	f.line("name", d.Name, MaxLine, true)
	f.line("source", d.Source, MaxLine, true)
	f.choice("mark", d.Mark, Marks(), true)
	if d.ValidFrom == "" {
		f.add("validFrom", "请填写这一项")
	}
	f.day("validFrom", d.ValidFrom)
	f.within("needDays", d.NeedDays, 1, maxFreshDays)
	f.within("achievementDays", d.AchievementDays, 1, maxFreshDays)
	f.within("graceDays", d.GraceDays, 0, maxGraceDays)
	f.prose("reason", d.Reason, MaxReason, true)
	d.Terms.check(&f)
	d.Weights.check(&f)
	d.checkSynonyms(&f)
	if len(d.RemindDays) > maxReminders {
		f.add("remindDays", "最多提醒 %d 次", maxReminders)
	}
	for i, n := range d.RemindDays[:min(len(d.RemindDays), maxReminders)] {
		f.within("remindDays."+strconv.Itoa(i), n, 0, min(d.NeedDays, d.AchievementDays))
	}
	return f.err()
}

func (f *faults) within(field string, n, least, most int) {
	if n < least || n > most {
		f.add(field, "应在 %d 与 %d 之间", least, most)
	}
}

const ruleColumns = `r.id, r.name, r.source, r.mark, r.valid_from, r.valid_to, r.params, r.created_us,
	r.author, r.reason, r.version`

var (
	qRuleAt = db.Stmt(`SELECT ` + ruleColumns + ` FROM market_rule AS r
		WHERE r.valid_from <= $1 AND (r.valid_to = '' OR r.valid_to > $1)
		ORDER BY r.valid_from DESC LIMIT 1`)
	qRule    = db.Stmt(`SELECT ` + ruleColumns + ` FROM market_rule AS r WHERE r.id = $1`)
	qRuleAdd = db.Stmt(`INSERT INTO market_rule (id, name, source, mark, valid_from, valid_to, params,
			created_us, created_by, author, reason, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) ON CONFLICT DO NOTHING`)
	qRuleEnd = db.Stmt(`UPDATE market_rule SET valid_to = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
)

var ruleList = db.Select(ruleColumns, `market_rule AS r`,
	db.Order{Name: "from", Desc: true, Cols: []db.Col{db.TextCol("r.valid_from"), db.TextCol("r.id")}})

func scanRule(r db.Row) (FreshRule, error) {
	var x FreshRule
	var params string
	err := r.Scan(&x.ID, &x.Name, &x.Source, &x.Mark, &x.ValidFrom, &x.ValidTo, &params, &x.CreatedUs,
		&x.Author, &x.Reason, &x.Version)
	if err != nil {
		return x, err
	}
	err = json.Unmarshal([]byte(params), &x.FreshParams)
	x.Terms, x.Weights = x.Terms.or(UsualTerms()), x.Weights.or(UsualWeights())
	return x, err
}

// ruleAt returns the rule in force on a day, the one that ships with the program where none is.
func ruleAt(ctx context.Context, q db.Q, day clock.Date) (FreshRule, error) {
	r, found, err := db.Find(ctx, q, qRuleAt, scanRule, string(day))
	if err == nil && !found {
		r = shippedRules[0]
	}
	return r, err
}

// freshUntil is when a post that is confirmed now has to be confirmed again.
func freshUntil(ctx context.Context, tx *unit.Tx, p Post) (int64, error) {
	r, err := ruleAt(ctx, tx, clock.DateOf(clock.Time(tx.NowUs())))
	return r.until(p.Kind, tx.NowUs()), err
}

// Load stores the rules that ship with the program and are not stored yet. The server calls it at
// start; a second call changes nothing.
func (s *Service) Load(ctx context.Context) error {
	for _, r := range shippedRules {
		_, found, err := db.Find(ctx, s.unit.DB(), qRule, scanRule, r.ID)
		if err != nil {
			return err
		}
		if found {
			continue
		}
		err = s.unit.Write(ctx, house, "market.Load", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: kindRule, Object: r.ID, What: "load", Detail: r.FreshRuleData})
			return addRule(ctx, tx, r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func addRule(ctx context.Context, tx *unit.Tx, r FreshRule) error {
	params, err := json.Marshal(r.FreshParams)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx.Tx, qRuleAdd, r.ID, r.Name, r.Source, r.Mark, string(r.ValidFrom),
		string(r.ValidTo), string(params), tx.NowUs(), tx.By().Account, author(tx), r.Reason)
	return err
}

// NewFreshRule is the input of AddFreshRule.
type NewFreshRule struct {
	FreshRuleData
	Key string `json:"-"`
}

// AddFreshRule sets the rule from a day on, tomorrow or later; the rule before it ends there. Posts
// keep the end of freshness they have until they are confirmed again.
func (s *Service) AddFreshRule(
	ctx context.Context, by authz.Actor, in NewFreshRule,
) (FreshRule, error) {
	slices.SortFunc(in.RemindDays, func(a, b int) int { return b - a })
	in.Name, in.Source, in.Reason = tidy(in.Name), tidy(in.Source), lines(in.Reason)
	in.Synonyms = tidySynonyms(in.Synonyms)
	if in.ValidFrom.Valid() {
		last, err := ruleAt(ctx, s.unit.DB(), in.ValidFrom)
		if err != nil {
			return FreshRule{}, err
		}
		in.Terms, in.Weights = in.Terms.or(last.Terms), in.Weights.or(last.Weights)
		if in.Synonyms == nil {
			in.Synonyms = last.Synonyms
		}
	}
	r := FreshRule{ID: id.New(), FreshRuleData: in.FreshRuleData}
	if err := RulePolicy.May(by, ActRuleWrite, r); err != nil {
		return FreshRule{}, err
	}
	if err := r.check(); err != nil {
		return FreshRule{}, err
	}
	if r.ValidFrom <= s.day() {
		return FreshRule{}, fault.Fields(fault.At("validFrom", "应从明天或以后起生效"))
	}
	const useCase = "market.AddFreshRule"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (FreshRule, error) {
			before, err := ruleAt(ctx, tx, r.ValidFrom)
			if err != nil {
				return FreshRule{}, err
			}
			if before.ValidFrom == r.ValidFrom || before.ValidTo != "" {
				return FreshRule{}, fault.Fields(fault.At("validFrom", "这一天起已有规则“%s”", before.Name))
			}
			err = db.ExecOne(ctx, tx.Tx, qRuleEnd, before.ID, before.Version, string(r.ValidFrom))
			if err != nil {
				return FreshRule{}, err
			}
			tx.Audit(audit.Entry{Kind: kindRule, Object: r.ID, What: "create", Detail: r.FreshRuleData})
			if err := addRule(ctx, tx, r); err != nil {
				return FreshRule{}, err
			}
			return db.Get(ctx, tx, qRule, scanRule, r.ID)
		})
	return out, err
}

// ListFreshRules returns all rules, the latest first.
func (s *Service) ListFreshRules(ctx context.Context, by authz.Actor) ([]FreshRule, error) {
	page, err := db.List(ctx, s.unit.DB(), ruleList, RulePolicy.Scope(by, ActRuleRead),
		ruleList.Order(""), db.PageReq{Limit: db.MaxLimit}, scanRule)
	return page.Items, err
}

// FreshRuleAt returns the rule in force on a day, "" for today.
func (s *Service) FreshRuleAt(
	ctx context.Context, by authz.Actor, day clock.Date,
) (FreshRule, error) {
	if err := RulePolicy.May(by, ActRuleRead, FreshRule{}); err != nil {
		return FreshRule{}, err
	}
	if day == "" {
		day = s.day()
	}
	return ruleAt(ctx, s.unit.DB(), day)
}

// author is the log-in of who sets a rule, "" for the program itself.
func author(tx *unit.Tx) string {
	if tx.By().Via == authz.ViaSystem {
		return ""
	}
	return tx.By().Login
}
