package deal

import (
	"cmp"
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindRule is the kind of object of rules.
const kindRule = "deal.rule"

// Actions on the rules of introductions and brokers.
const (
	ActRuleRead  authz.Action = "deal.rule.read"
	ActRuleWrite authz.Action = "deal.rule.write"
)

// RulePolicy lets everybody whom a rule is about read it, and officers set it.
var RulePolicy = authz.NewPolicy(kindRule, authz.Rules[Rule]{
	Title: "对接规则",
	Verbs: []authz.Verb{{Action: ActRuleRead, Title: "查看"}, {Action: ActRuleWrite, Title: "制定"}},
	Ties:  []authz.Tie[Rule]{authz.TieAny[Rule]()},
	Grants: append(authz.Allow(authz.Any, []authz.Role{authz.Public, authz.Enterprise, authz.University,
		authz.Expert, authz.Broker, authz.Officer, authz.Leader, authz.Department, authz.District,
		authz.ChainOffice}, ActRuleRead), authz.Allow(authz.Any, officers, ActRuleWrite)...),
})

// Rule is what holds for introductions and brokers from a day on: data, not code.
type Rule struct {
	ID string `json:"id"`
	RuleData
	CreatedUs int64  `json:"createdUs"`
	Author    string `json:"author,omitempty"` // log-in of who set it, "" for the program
	Version   int64  `json:"version"`
}

// RuleData is what a rule says, and who says so.
type RuleData struct {
	Name      string     `json:"name"`
	Source    string     `json:"source"`
	Mark      string     `json:"mark"` // verified, design or local
	ValidFrom clock.Date `json:"validFrom"`
	ValidTo   clock.Date `json:"validTo,omitempty"` // the first day it no longer holds
	Reason    string     `json:"reason,omitempty"`  // why it was made
	RuleBody
}

// RuleBody are the figures and lists of a rule.
type RuleBody struct {
	Days       map[string]int64 `json:"days"`                 // working days to move on, by state
	ChaseDays  int64            `json:"chaseDays"`            // further working days of the broker
	RemindDays int64            `json:"remindDays"`           // working days before the end of a limit
	VerifyDays int64            `json:"verifyDays,omitempty"` // working days to check a broker; 0 keeps it
	Classes    []string         `json:"classes"`              // of Classes, those in force
	Grades     []string         `json:"grades"`               // of Grades
	Credit     CreditRule       `json:"credit"`
}

// CreditRule says how the credit of a broker is computed: points for each row.
type CreditRule struct {
	Base       int64 `json:"base"`
	Signed     int64 `json:"signed"`     // an introduction that was signed
	Registered int64 `json:"registered"` // and registered
	Refused    int64 `json:"refused"`    // ended with a recorded reason
	Overdue    int64 `json:"overdue"`    // a limit of the broker's that went to the bureau
	Complaint  int64 `json:"complaint"`  // that was upheld
	Expired    int64 `json:"expired"`    // the certificate is no longer valid
	Least      int64 `json:"least"`
	Most       int64 `json:"most"`
}

const ruleColumns = `id, name, source, mark, valid_from, valid_to, body, created_us, author, reason,
	version`

var (
	qRuleAdd = db.Stmt(`INSERT INTO deal_rule (id, name, source, mark, valid_from, valid_to, body,
		created_us, author, reason, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
		ON CONFLICT DO NOTHING`)
	qRuleHas = db.Stmt(`SELECT COUNT(*) FROM deal_rule WHERE id = $1`)
	qRule    = db.Stmt(`SELECT ` + ruleColumns + ` FROM deal_rule WHERE id = $1`)
	qRuleEnd = db.Stmt(`UPDATE deal_rule SET valid_to = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qRuleAt = db.Stmt(`SELECT ` + ruleColumns + ` FROM deal_rule
		WHERE valid_from <= $1 AND (valid_to = '' OR valid_to > $1)
		ORDER BY valid_from DESC, id DESC LIMIT 1`)
	qRules = db.Stmt(`SELECT ` + ruleColumns + `
		FROM deal_rule ORDER BY valid_from DESC, id DESC LIMIT 100`)
)

func scanRule(r db.Row) (Rule, error) {
	var x Rule
	var body string
	err := r.Scan(&x.ID, &x.Name, &x.Source, &x.Mark, &x.ValidFrom, &x.ValidTo, &body, &x.CreatedUs,
		&x.Author, &x.Reason, &x.Version)
	if err != nil {
		return x, err
	}
	err = decode(body, &x.RuleBody)
	x.VerifyDays = cmp.Or(x.VerifyDays, usualVerifyDays)
	if x.Days != nil {
		x.Days[Disputed] = cmp.Or(x.Days[Disputed], usualObjectDays)
	}
	return x, err
}

// loadRules stores the rules that ship with the program and are not stored yet.
func (s *Service) loadRules(ctx context.Context) error {
	by := authz.Actor{Login: "system", Via: authz.ViaSystem}
	for _, r := range shippedRules {
		n, err := db.Get(ctx, s.unit.DB(), qRuleHas, db.One[int64], r.ID)
		if err != nil || n > 0 {
			if err != nil {
				return err
			}
			continue
		}
		err = s.unit.Write(ctx, by, "deal.Load", func(tx *unit.Tx) error {
			n, err := addRule(ctx, tx, r, "")
			if n > 0 {
				tx.Audit(audit.Entry{Kind: kindRule, Object: r.ID, What: "create", Detail: r.RuleData})
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ruleAt returns the rule in force on a day.
func ruleAt(ctx context.Context, q db.Q, day clock.Date) (Rule, error) {
	r, found, err := db.Find(ctx, q, qRuleAt, scanRule, string(day))
	if err == nil && !found {
		err = fault.New(fault.Unavailable, "没有当日适用的对接规则")
	}
	return r, err
}

// RuleAt returns the rule in force on a day; "" is today.
func (s *Service) RuleAt(ctx context.Context, by authz.Actor, day clock.Date) (Rule, error) {
	if err := RulePolicy.May(by, ActRuleRead, Rule{}); err != nil {
		return Rule{}, err
	}
	if day == "" {
		day = s.today()
	}
	if !day.Valid() {
		return Rule{}, fault.Fields(fault.At("day", "日期应为真实的日期，如 2026-11-22"))
	}
	return ruleAt(ctx, s.unit.DB(), day)
}

// ListRules returns all rules, the latest first.
func (s *Service) ListRules(ctx context.Context, by authz.Actor) ([]Rule, error) {
	if err := RulePolicy.May(by, ActRuleRead, Rule{}); err != nil {
		return nil, err
	}
	return db.All(ctx, s.unit.DB(), qRules, scanRule)
}

// usualDays is how long a state may last for which a rule says nothing.
const usualDays = 10

// limits returns until when an introduction that is in a state since now has to move on, and until
// when its broker is to have moved it: the ends of working days.
func (r Rule) limits(cal process.Calendar, state string, now time.Time) (due, chase int64) {
	n := r.Days[state]
	if n <= 0 {
		n = usualDays
	}
	day := workingDay(cal, clock.DateOf(now), n)
	return endOf(day), endOf(workingDay(cal, day, max(r.ChaseDays, 1)))
}

// endOf is the last microsecond of a day in China.
func endOf(d clock.Date) int64 { return clock.Us(d.AddDays(1).Start()) - 1 }

// workingDay is the n-th working day after a day. Days of a year without a published calendar count
// from Monday to Friday.
func workingDay(cal process.Calendar, d clock.Date, n int64) clock.Date {
	for n > 0 {
		d = d.AddDays(1)
		working, err := cal.IsWorking(d)
		if err != nil {
			w := d.Start().In(clock.Shanghai).Weekday()
			working = w != time.Saturday && w != time.Sunday
		}
		if working {
			n--
		}
	}
	return d
}
