package plan

import (
	"context"
	"math/big"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindRule is the kind of object of light rules.
const kindRule = "plan.rule"

// Actions on light rules.
const (
	ActRuleRead  authz.Action = "plan.rule.read"
	ActRuleWrite authz.Action = "plan.rule.write"
)

// RulePolicy lets everybody whose tasks are measured by a rule read it, and officers set it.
var RulePolicy = authz.NewPolicy(kindRule, authz.Rules[LightRule]{
	Title: "亮灯规则",
	Verbs: []authz.Verb{
		{Action: ActRuleRead, Title: "查看"},
		{Action: ActRuleWrite, Title: "制定"},
	},
	Ties: []authz.Tie[LightRule]{authz.TieAny[LightRule]()},
	Grants: append(
		authz.Allow(authz.Any, []authz.Role{authz.Officer, authz.Leader, authz.Department,
			authz.District, authz.ChainOffice, authz.Enterprise, authz.University}, ActRuleRead),
		authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActRuleWrite)...),
})

// LightRule is the rule of lights from a day on: data, not code, because each city has its own.
type LightRule struct {
	ID string `json:"id"`
	LightRuleData
	Active    bool  `json:"active"` // an example is kept but never used
	CreatedUs int64 `json:"createdUs"`
	Version   int64 `json:"version"`
}

// LightRuleData is what people write about a rule.
type LightRuleData struct {
	Name      string     `json:"name"`
	Source    string     `json:"source"` // who said so
	Mark      string     `json:"mark"`   // one of Marks: how sure it is
	ValidFrom clock.Date `json:"validFrom"`
	ValidTo   clock.Date `json:"validTo,omitempty"` // the first day it no longer holds
	LightParams
}

// LightParams are the numbers of a rule.
type LightParams struct {
	Bands        []Band `json:"bands"`        // what is in none of them is green
	YellowCycles int64  `json:"yellowCycles"` // cycles of reporting in yellow that make red; 0 = never
	SignDays     int64  `json:"signDays"`     // working days to sign for a task (签收)
	AnswerDays   int64  `json:"answerDays"`   // working days to answer an application (核验, 延期)
}

// Band is one stretch of one figure: red where the gap is above 30. The bounds that are given all
// hold; Least and Most include their number, Above and Below do not.
type Band struct {
	Colour Colour  `json:"colour"` // Red or Yellow
	Of     string  `json:"of"`     // one of Figures
	Above  Decimal `json:"above,omitempty"`
	Least  Decimal `json:"least,omitempty"`
	Below  Decimal `json:"below,omitempty"`
	Most   Decimal `json:"most,omitempty"`
	Then   string  `json:"then,omitempty"` // what follows from it, in words: 发督办函
}

// The figures that bands are of.
const (
	FigureGap        = "gap"        // percentage points by which progress is behind the plan
	FigureOverdue    = "overdue"    // days by which a milestone or the deadline is late
	FigureUnstarted  = "unstarted"  // months in which it should have been started, this one included
	FigureUnreported = "unreported" // whole months since its start or its last report
)

// Figures are the figures with their titles.
func Figures() []Choice {
	return []Choice{{FigureGap, "落后的百分点"}, {FigureOverdue, "逾期天数"},
		{FigureUnstarted, "应开未开的月数"}, {FigureUnreported, "未填报的月数"}}
}

// Marks say how sure a rule is.
func Marks() []Choice {
	return []Choice{{"verified", "见公开文件"}, {"design", "本系统设计"}, {"local", "本市规定"}}
}

// Limits of a rule.
const (
	maxBands        = 20
	maxYellowCycles = 12
	maxRuleDays     = 60
)

// holds says whether a figure is in the band.
func (b Band) holds(x *big.Rat) bool {
	for _, bound := range []struct {
		at Decimal
		ok func(sign int) bool
	}{
		{b.Above, func(sign int) bool { return sign > 0 }},
		{b.Least, func(sign int) bool { return sign >= 0 }},
		{b.Below, func(sign int) bool { return sign < 0 }},
		{b.Most, func(sign int) bool { return sign <= 0 }},
	} {
		if bound.at != "" && !bound.ok(x.Cmp(bound.at.Rat())) {
			return false
		}
	}
	return true
}

func (d *LightRuleData) check() error {
	var f faults
	f.line("name", d.Name, MaxLine, true)
	f.line("source", d.Source, MaxLine, true)
	f.choice("mark", d.Mark, Marks())
	f.period("validFrom", "validTo", d.ValidFrom, d.ValidTo, false)
	if d.ValidFrom == "" {
		f.add("validFrom", "请填写这一项")
	}
	if len(d.Bands) == 0 || len(d.Bands) > maxBands {
		f.add("bands", "应有 1 至 %d 档", maxBands)
	}
	for _, b := range d.Bands {
		b.check(&f)
	}
	f.within("yellowCycles", d.YellowCycles, 0, maxYellowCycles)
	f.within("signDays", d.SignDays, 1, maxRuleDays)
	f.within("answerDays", d.AnswerDays, 1, maxRuleDays)
	return f.err()
}

func (b Band) check(f *faults) {
	if b.Colour != Red && b.Colour != Yellow {
		f.add("bands", "档位只能是红灯或黄灯")
	}
	f.choice("bands", b.Of, Figures())
	f.line("bands", b.Then, MaxLine, false)
	bounds := 0
	for _, d := range []Decimal{b.Above, b.Least, b.Below, b.Most} {
		if d != "" {
			bounds++
			f.number("bands", d, true)
		}
	}
	if bounds == 0 {
		f.add("bands", "每档至少有一个界限")
	}
}

func (f *faults) within(field string, n, least, most int64) {
	if n < least || n > most {
		f.add(field, "应在 %d 与 %d 之间", least, most)
	}
}

const ruleColumns = `r.id, r.name, r.source, r.mark, r.valid_from, r.valid_to, r.active, r.params,
	r.created_us, r.version`

var (
	qRuleAt = db.Stmt(`SELECT ` + ruleColumns + ` FROM plan_light_rule AS r
		WHERE r.active AND r.valid_from <= $1 AND (r.valid_to = '' OR r.valid_to > $1)
		ORDER BY r.valid_from DESC LIMIT 1`)
	qRule    = db.Stmt(`SELECT ` + ruleColumns + ` FROM plan_light_rule AS r WHERE r.id = $1`)
	qRuleAdd = db.Stmt(`INSERT INTO plan_light_rule (id, name, source, mark, valid_from, valid_to,
			active, params, created_us, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) ON CONFLICT DO NOTHING`)
	qRuleEnd = db.Stmt(`UPDATE plan_light_rule SET valid_to = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
)

var ruleList = db.Select(ruleColumns, `plan_light_rule AS r`,
	db.Order{Name: "from", Desc: true,
		Cols: []db.Col{db.TextCol("r.valid_from"), db.TextCol("r.id")}},
)

func scanRule(r db.Row) (LightRule, error) {
	var x LightRule
	var params string
	err := r.Scan(&x.ID, &x.Name, &x.Source, &x.Mark, &x.ValidFrom, &x.ValidTo, &x.Active, &params,
		&x.CreatedUs, &x.Version)
	if err != nil {
		return x, err
	}
	return x, decode(params, &x.LightParams)
}

// ruleAt returns the rule in force on a day.
func ruleAt(ctx context.Context, q db.Q, day clock.Date) (LightRule, error) {
	r, found, err := db.Find(ctx, q, qRuleAt, scanRule, string(day))
	if err == nil && !found {
		err = fault.New(fault.Unavailable, "%s 没有生效的亮灯规则", string(day))
	}
	return r, err
}

// loadRules stores the shipped rules and the first ledger.
func (s *Service) loadRules(ctx context.Context) error {
	for _, r := range shippedRules {
		_, found, err := db.Find(ctx, s.unit.DB(), qRule, scanRule, r.ID)
		if err != nil {
			return err
		}
		if found {
			continue
		}
		system := authz.Actor{Login: "system", Via: authz.ViaSystem}
		err = s.unit.Write(ctx, system, "plan.Load", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: kindRule, Object: r.ID, What: "load", Detail: r.LightRuleData})
			return addRule(ctx, tx, r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func addRule(ctx context.Context, tx *unit.Tx, r LightRule) error {
	_, err := db.Exec(ctx, tx.Tx, qRuleAdd, r.ID, r.Name, r.Source, r.Mark, string(r.ValidFrom),
		string(r.ValidTo), r.Active, encode(r.LightParams), tx.NowUs(), tx.By().Account)
	return err
}

// NewLightRule is the input of AddLightRule.
type NewLightRule struct {
	LightRuleData
	Key string `json:"-"`
}

// AddLightRule sets the rule of lights from a day on. The rule before it ends there; days that have
// passed keep the rule they had, so the day must be tomorrow or later.
func (s *Service) AddLightRule(
	ctx context.Context, by authz.Actor, in NewLightRule,
) (LightRule, error) {
	r := LightRule{ID: id.New(), LightRuleData: in.LightRuleData, Active: true}
	if err := RulePolicy.May(by, ActRuleWrite, r); err != nil {
		return LightRule{}, err
	}
	if err := r.check(); err != nil {
		return LightRule{}, err
	}
	if r.ValidFrom <= s.today() {
		return LightRule{}, fault.Fields(fault.At("validFrom", "应从明天或以后起生效"))
	}
	const useCase = "plan.AddLightRule"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (LightRule, error) {
			before, found, err := db.Find(ctx, tx, qRuleAt, scanRule, string(r.ValidFrom))
			if err != nil {
				return LightRule{}, err
			}
			if found && before.ValidFrom == r.ValidFrom {
				return LightRule{}, fault.Fields(fault.At("validFrom", "这一天起已有规则“%s”",
					before.Name))
			}
			if found {
				err := db.ExecOne(ctx, tx.Tx, qRuleEnd, before.ID, before.Version, string(r.ValidFrom))
				if err != nil {
					return LightRule{}, err
				}
			}
			tx.Audit(audit.Entry{Kind: kindRule, Object: r.ID, What: "create", Detail: r.LightRuleData})
			if err := addRule(ctx, tx, r); err != nil {
				return LightRule{}, err
			}
			return db.Get(ctx, tx, qRule, scanRule, r.ID)
		})
	return out, err
}

// ListLightRules returns all rules, the latest first.
func (s *Service) ListLightRules(ctx context.Context, by authz.Actor) ([]LightRule, error) {
	w := RulePolicy.Scope(by, ActRuleRead)
	page, err := db.List(ctx, s.unit.DB(), ruleList, w, ruleList.Order(""),
		db.PageReq{Limit: db.MaxLimit}, scanRule)
	return slices.Clip(page.Items), err
}

// LightRuleAt returns the rule in force on a day, "" for today.
func (s *Service) LightRuleAt(
	ctx context.Context, by authz.Actor, day clock.Date,
) (LightRule, error) {
	if day == "" {
		day = s.today()
	}
	r, err := ruleAt(ctx, s.unit.DB(), day)
	if err != nil {
		return LightRule{}, err
	}
	return r, RulePolicy.May(by, ActRuleRead, r)
}
