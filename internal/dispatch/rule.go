package dispatch

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindRule is the kind of object of rules of supervision.
const kindRule = "dispatch.rule"

// Rule is the rule of supervision (督办规则) from a day on: data, not code, because each city has its
// own.
type Rule struct {
	ID string `json:"id"`
	RuleData
	Active    bool  `json:"active"` // an example is kept but never used
	CreatedUs int64 `json:"createdUs"`
	Version   int64 `json:"version"`
}

// RuleData is what people write about a rule.
type RuleData struct {
	Name      string     `json:"name"`
	Source    string     `json:"source"` // who said so
	Mark      string     `json:"mark"`   // one of plan.Marks: how sure it is
	ValidFrom clock.Date `json:"validFrom"`
	ValidTo   clock.Date `json:"validTo,omitempty"` // the first day it no longer holds
	RuleParams
}

// RuleParams are the numbers of a rule.
type RuleParams struct {
	Triggers      []Trigger `json:"triggers"`      // when a letter is proposed
	ReplyDays     int64     `json:"replyDays"`     // working days to answer a letter
	ReplyUntil    int64     `json:"replyUntil"`    // minute of the last day at which that ends
	AnswerDays    int64     `json:"answerDays"`    // working days to look at a reply
	MinutesDays   int64     `json:"minutesDays"`   // working days to issue the minutes
	LetterPrefix  string    `json:"letterPrefix"`  // 并督函, before the year and the number
	MinutesPrefix string    `json:"minutesPrefix"` // 并调纪
}

// Trigger proposes a letter once a light was at least this bad for so many cycles of reporting in a
// row, the present one included.
type Trigger struct {
	Colour plan.Colour `json:"colour"` // red or yellow
	Cycles int64       `json:"cycles"`
	Then   string      `json:"then,omitempty"` // what follows, in words: 发督办函
}

// Limits of a rule.
const (
	maxTriggers = 6
	maxCycles   = 24
	maxRuleDays = 60
	maxPrefix   = 10
	dayMinutes  = 24 * 60
)

func (d *RuleData) check() error {
	var f faults
	f.line("name", d.Name, MaxLine, true)
	f.line("source", d.Source, MaxLine, true)
	f.choice("mark", d.Mark, plan.Marks())
	if !d.ValidFrom.Valid() {
		f.add("validFrom", "日期应为真实的日期，如 2026-11-22")
	}
	if len(d.Triggers) == 0 || len(d.Triggers) > maxTriggers {
		f.add("triggers", "应有 1 至 %d 档", maxTriggers)
	}
	for _, t := range d.Triggers {
		if t.Colour != plan.Red && t.Colour != plan.Yellow {
			f.add("triggers", "档位只能是红灯或黄灯")
		}
		f.number("triggers", t.Cycles, 1, maxCycles)
		f.line("triggers", t.Then, MaxLine, false)
	}
	f.number("replyDays", d.ReplyDays, 1, maxRuleDays)
	f.number("replyUntil", d.ReplyUntil, 1, dayMinutes)
	f.number("answerDays", d.AnswerDays, 1, maxRuleDays)
	f.number("minutesDays", d.MinutesDays, 1, maxRuleDays)
	f.line("letterPrefix", d.LetterPrefix, maxPrefix, true)
	f.line("minutesPrefix", d.MinutesPrefix, maxPrefix, true)
	return f.err()
}

// run counts the cycles in a row, from the latest on, in which a light was at least as bad as a
// colour.
func run(cycles []plan.Cycle, worst plan.Colour) int64 {
	var n int64
	for _, c := range cycles {
		if c.Colour != plan.Red && c.Colour != worst {
			break
		}
		n++
	}
	return n
}

// meets returns the first trigger that the cycles of a task meet, and how many there were.
func (p RuleParams) meets(cycles []plan.Cycle) (Trigger, int64, bool) {
	for _, t := range p.Triggers {
		if n := run(cycles, t.Colour); n >= t.Cycles && n > 0 {
			return t, n, true
		}
	}
	return Trigger{}, 0, false
}

// replyBy is the moment by which a letter that is signed at now is to be answered: the first day does
// not count.
func replyBy(cal process.Calendar, now time.Time, days, minute int64) int64 {
	day := workingDay(cal, clock.DateOf(now), days)
	return clock.Us(day.Start().Add(time.Duration(minute) * time.Minute))
}

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

const ruleColumns = `r.id, r.name, r.source, r.mark, r.valid_from, r.valid_to, r.active, r.params,
	r.created_us, r.version`

var (
	qRuleAt = db.Stmt(`SELECT ` + ruleColumns + ` FROM dispatch_rule AS r
		WHERE r.active AND r.valid_from <= $1 AND (r.valid_to = '' OR r.valid_to > $1)
		ORDER BY r.valid_from DESC LIMIT 1`)
	qRule    = db.Stmt(`SELECT ` + ruleColumns + ` FROM dispatch_rule AS r WHERE r.id = $1`)
	qRuleAdd = db.Stmt(`INSERT INTO dispatch_rule (id, name, source, mark, valid_from, valid_to,
			active, params, created_us, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) ON CONFLICT DO NOTHING`)
	qRuleEnd = db.Stmt(`UPDATE dispatch_rule SET valid_to = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
)

var ruleList = db.Select(ruleColumns, `dispatch_rule AS r`,
	db.Order{Name: "from", Desc: true,
		Cols: []db.Col{db.TextCol("r.valid_from"), db.TextCol("r.id")}})

func scanRule(r db.Row) (Rule, error) {
	var x Rule
	var params string
	err := r.Scan(&x.ID, &x.Name, &x.Source, &x.Mark, &x.ValidFrom, &x.ValidTo, &x.Active, &params,
		&x.CreatedUs, &x.Version)
	if err != nil {
		return x, err
	}
	return x, decode(params, &x.RuleParams)
}

// ruleAt returns the rule in force on a day.
func ruleAt(ctx context.Context, q db.Q, day clock.Date) (Rule, error) {
	r, found, err := db.Find(ctx, q, qRuleAt, scanRule, string(day))
	if err == nil && !found {
		err = fault.New(fault.Unavailable, "%s 没有生效的督办规则", string(day))
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
		err = s.unit.Write(ctx, house, "dispatch.Load", func(tx *unit.Tx) error {
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
		string(r.ValidTo), r.Active, encode(r.RuleParams), tx.NowUs(), tx.By().Account)
	return err
}

// NewRule is the input of AddRule.
type NewRule struct {
	RuleData
	Key string `json:"-"`
}

// AddRule sets the rule of supervision from a day on. The rule before it ends there; letters keep the
// limits they were made with, so the day must be tomorrow or later.
func (s *Service) AddRule(ctx context.Context, by authz.Actor, in NewRule) (Rule, error) {
	for _, text := range []*string{&in.Name, &in.Source, &in.LetterPrefix, &in.MinutesPrefix} {
		*text = tidy(*text)
	}
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
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.AddRule", in.Key, in,
		func(tx *unit.Tx) (Rule, error) {
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
