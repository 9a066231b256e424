package deal

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Limits of a rule.
const (
	MaxReason     = 500 // characters
	maxRuleDays   = 250 // working days
	maxRemindDays = 30
	maxPoints     = 1000
)

// RuleStates are the states of an introduction whose length a rule sets, in the order of the process.
func RuleStates() []string {
	return []string{AwaitingNDA, HalfNDA, Requested, Half, Talking, Intention, Drafting, Signed, Disputed}
}

// RuleMarks say how sure a rule is.
func RuleMarks() []Choice {
	return []Choice{{"verified", "见公开文件"}, {"design", "本系统设计"}, {"local", "本市规定"}}
}

// CreditTerm is one number of a CreditRule, for forms and tables.
type CreditTerm struct {
	Name  string // in JSON and, after "credit.", in forms
	Title string // key of package i18n
	At    func(*CreditRule) *int64
}

// CreditTerms lists the numbers of a CreditRule in the order in which they are shown.
func CreditTerms() []CreditTerm {
	return []CreditTerm{
		{"base", "基础分", func(c *CreditRule) *int64 { return &c.Base }},
		{"signed", "促成签约", func(c *CreditRule) *int64 { return &c.Signed }},
		{"registered", "合同完成登记", func(c *CreditRule) *int64 { return &c.Registered }},
		{"refused", "未成但写明原因", func(c *CreditRule) *int64 { return &c.Refused }},
		{"overdue", "督促超期，由科技局接手", func(c *CreditRule) *int64 { return &c.Overdue }},
		{"complaint", "投诉属实", func(c *CreditRule) *int64 { return &c.Complaint }},
		{"expired", "证书已过期", func(c *CreditRule) *int64 { return &c.Expired }},
		{"least", "最低信用分", func(c *CreditRule) *int64 { return &c.Least }},
		{"most", "最高信用分", func(c *CreditRule) *int64 { return &c.Most }},
	}
}

func (f *faults) within(field string, n, least, most int64) {
	if n < least || n > most {
		f.add(field, "应在 %d 与 %d 之间", least, most)
	}
}

// subset checks a list of values of a closed list, of which there is at least one.
func (f *faults) subset(field string, list []string, choices []Choice) {
	if len(list) == 0 {
		f.add(field, "请至少选择一项")
	}
	for i, v := range list {
		if TitleOf(choices, v) == "" || slices.Contains(list[:i], v) {
			f.add(field, "没有“%s”这个选项", v)
		}
	}
}

func (d RuleData) check(f *faults) {
	f.line("name", d.Name, MaxLine, true)
	f.line("source", d.Source, MaxLine, true)
	f.choice("mark", d.Mark, RuleMarks())
	f.day("validFrom", d.ValidFrom, true)
	f.prose("reason", d.Reason, MaxReason, true)
	for _, state := range RuleStates() {
		f.within("days."+state, d.Days[state], 1, maxRuleDays)
	}
	for _, state := range slices.Sorted(maps.Keys(d.Days)) {
		if !slices.Contains(RuleStates(), state) {
			f.add("days."+state, "没有“%s”这个选项", state)
		}
	}
	f.within("chaseDays", d.ChaseDays, 1, maxRuleDays)
	f.within("verifyDays", d.VerifyDays, 1, maxRuleDays)
	f.within("remindDays", d.RemindDays, 1, maxRemindDays)
	f.subset("classes", d.Classes, Classes())
	f.subset("grades", d.Grades, Grades())
	for _, t := range CreditTerms() {
		f.within("credit."+t.Name, *t.At(&d.Credit), -maxPoints, maxPoints)
	}
	if d.Credit.Base < d.Credit.Least || d.Credit.Base > d.Credit.Most {
		f.add("credit.base", "基础分应在最低信用分与最高信用分之间")
	}
}

// NewRule is the input of AddRule.
type NewRule struct {
	RuleData
	Key string `json:"-"`
}

// AddRule sets the rule of introductions and brokers from a day on, tomorrow or later; the rule before
// it ends there. Introductions keep the limit of the state they are in.
func (s *Service) AddRule(ctx context.Context, by authz.Actor, in NewRule) (Rule, error) {
	in.Name, in.Source, in.Reason = tidy(in.Name), tidy(in.Source), lines(in.Reason)
	in.ValidTo = ""
	_, says := in.Days[Disputed]
	if (in.VerifyDays == 0 || !says) && in.ValidFrom.Valid() { // both came later
		before, err := ruleAt(ctx, s.unit.DB(), in.ValidFrom)
		if err != nil {
			return Rule{}, err
		}
		in.VerifyDays = cmp.Or(in.VerifyDays, before.VerifyDays)
		if !says && in.Days != nil {
			in.Days = maps.Clone(in.Days)
			in.Days[Disputed] = before.Days[Disputed]
		}
	}
	r := Rule{ID: id.New(), RuleData: in.RuleData}
	if err := RulePolicy.May(by, ActRuleWrite, r); err != nil {
		return Rule{}, err
	}
	var f faults
	r.check(&f)
	if err := f.err(); err != nil {
		return Rule{}, err
	}
	if r.ValidFrom <= s.today() {
		return Rule{}, fault.Fields(fault.At("validFrom", "应从明天或以后起生效"))
	}
	out, _, err := unit.Once(ctx, s.unit, by, "deal.AddRule", in.Key, in, func(tx *unit.Tx) (Rule, error) {
		before, found, err := db.Find(ctx, tx, qRuleAt, scanRule, string(r.ValidFrom))
		if err != nil {
			return Rule{}, err
		}
		r := r
		if found && (before.ValidFrom == r.ValidFrom || before.ValidTo != "") {
			return Rule{}, fault.Fields(fault.At("validFrom", "这一天起已有规则“%s”", before.Name))
		}
		if found {
			err := db.ExecOne(ctx, tx.Tx, qRuleEnd, before.ID, before.Version, string(r.ValidFrom))
			if err != nil {
				return Rule{}, err
			}
		}
		tx.Audit(audit.Entry{Kind: kindRule, Object: r.ID, What: "create", Detail: r.RuleData})
		if _, err := addRule(ctx, tx, r, by.Login); err != nil {
			return Rule{}, err
		}
		return db.Get(ctx, tx, qRule, scanRule, r.ID)
	})
	return out, err
}

func addRule(ctx context.Context, tx *unit.Tx, r Rule, author string) (int64, error) {
	return db.Exec(ctx, tx.Tx, qRuleAdd, r.ID, r.Name, r.Source, r.Mark, string(r.ValidFrom),
		string(r.ValidTo), encode(r.RuleBody), tx.NowUs(), author, r.Reason)
}
