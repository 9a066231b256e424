package monitor

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const ruleColumns = `r.id, r.name, r.source, r.mark, r.valid_from, r.valid_to, r.active, r.params,
	r.created_us, r.version`

var (
	qRuleAt = db.Stmt(`SELECT ` + ruleColumns + ` FROM monitor_rule AS r
		WHERE r.active AND r.valid_from <= $1 AND (r.valid_to = '' OR r.valid_to > $1)
		ORDER BY r.valid_from DESC LIMIT 1`)
	qRule    = db.Stmt(`SELECT ` + ruleColumns + ` FROM monitor_rule AS r WHERE r.id = $1`)
	qRuleAdd = db.Stmt(`INSERT INTO monitor_rule (id, name, source, mark, valid_from, valid_to, active,
			params, created_us, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) ON CONFLICT DO NOTHING`)
	qRuleEnd = db.Stmt(`UPDATE monitor_rule SET valid_to = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
)

var ruleList = db.Select(ruleColumns, `monitor_rule AS r`,
	db.Order{Name: "from", Desc: true, Cols: []db.Col{db.TextCol("r.valid_from"), db.TextCol("r.id")}},
)

func scanRule(r db.Row) (Rule, error) {
	var x Rule
	var params string
	err := r.Scan(&x.ID, &x.Name, &x.Source, &x.Mark, &x.ValidFrom, &x.ValidTo, &x.Active, &params,
		&x.CreatedUs, &x.Version)
	if err != nil {
		return x, err
	}
	return x, decode(params, &x.Params)
}

// ruleAt returns the rule in force on a day.
func ruleAt(ctx context.Context, q db.Q, day clock.Date) (Rule, error) {
	r, found, err := db.Find(ctx, q, qRuleAt, scanRule, string(day))
	if err == nil && !found {
		err = fault.New(fault.Unavailable, "%s 没有生效的亮灯规则", string(day))
	}
	return r, err
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
		err = s.unit.Write(ctx, system, "monitor.Load", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: kindRule, Object: r.ID, What: "load", Detail: r.RuleData})
			return addRule(ctx, tx, r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func addRule(ctx context.Context, tx *unit.Tx, r Rule) error {
	_, err := db.Exec(ctx, tx.Tx, qRuleAdd, r.ID, r.Name, r.Source, r.Mark, string(r.ValidFrom),
		string(r.ValidTo), r.Active, encode(r.Params), tx.NowUs(), tx.By().Account)
	return err
}

// NewRule is the input of AddRule.
type NewRule struct {
	RuleData
	Key string `json:"-"`
}

// AddRule sets the rule of the lights of indicators from a day on. The rule before it ends there; days
// that have passed keep the rule they had, so the day must be tomorrow or later.
func (s *Service) AddRule(ctx context.Context, by authz.Actor, in NewRule) (Rule, error) {
	in.Name, in.Source, in.Ledger = tidy(in.Name), tidy(in.Source), tidy(in.Ledger)
	r := Rule{ID: id.New(), RuleData: in.RuleData, Active: true}
	if err := RulePolicy.May(by, ActRuleWrite, r); err != nil {
		return Rule{}, err
	}
	if err := r.check(); err != nil {
		return Rule{}, err
	}
	if r.ValidFrom <= s.today() {
		return Rule{}, fault.Fields(fault.At("validFrom", "应从明天或以后起生效"))
	}
	const useCase = "monitor.AddRule"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Rule, error) {
		before, found, err := db.Find(ctx, tx, qRuleAt, scanRule, string(r.ValidFrom))
		if err != nil {
			return Rule{}, err
		}
		if found && before.ValidFrom == r.ValidFrom {
			return Rule{}, fault.Fields(fault.At("validFrom", "这一天起已有规则“%s”", before.Name))
		}
		if found {
			err := db.ExecOne(ctx, tx.Tx, qRuleEnd, before.ID, before.Version, string(r.ValidFrom))
			if err != nil {
				return Rule{}, err
			}
			r.ValidTo = before.ValidTo
		}
		tx.Audit(audit.Entry{Kind: kindRule, Object: r.ID, What: "create", Detail: r.RuleData})
		if err := addRule(ctx, tx, r); err != nil {
			return Rule{}, err
		}
		return db.Get(ctx, tx, qRule, scanRule, r.ID)
	})
	return out, err
}

// ListRules returns all rules, the latest first.
func (s *Service) ListRules(ctx context.Context, by authz.Actor) ([]Rule, error) {
	page, err := db.List(ctx, s.unit.DB(), ruleList, RulePolicy.Scope(by, ActRuleRead),
		ruleList.Order(""), db.PageReq{Limit: db.MaxLimit}, scanRule)
	return page.Items, err
}

// RuleAt returns the rule in force on a day, "" for today.
func (s *Service) RuleAt(ctx context.Context, by authz.Actor, day clock.Date) (Rule, error) {
	if day == "" {
		day = s.today()
	}
	r, err := ruleAt(ctx, s.unit.DB(), day)
	if err != nil {
		return Rule{}, err
	}
	return r, RulePolicy.May(by, ActRuleRead, r)
}
