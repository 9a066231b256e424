package authz

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// note is a small object: owned by an account, rivalled by another.
type note struct{ owner, rival string }

func tieOwner() Tie[note] {
	return TieSame(Owner, "本人", func(by Actor) string { return by.Account },
		func(n note) string { return n.owner },
		func(key string) db.Where { return db.Where{}.And("owner = $1", key) })
}

func tieRival() Tie[note] {
	return TieSame("rival", "利益冲突", func(by Actor) string { return by.Account },
		func(n note) string { return n.rival },
		func(key string) db.Where { return db.Where{}.And("rival = $1", key) })
}

func noteRules() Rules[note] {
	return Rules[note]{
		Title: "便条",
		Verbs: []Verb{
			{Action: "lab.note.read", Title: "查看"},
			{Action: "lab.note.edit", Title: "修改"},
			{Action: "lab.note.sign", Title: "签发"},
			{Action: "lab.note.close", Title: "关闭"},
		},
		Ties: []Tie[note]{TieAny[note](), tieOwner(), tieRival()},
		Grants: []Grant{
			{Officer, "lab.note.read", Any}, {Enterprise, "lab.note.read", Owner},
			{Officer, "lab.note.edit", Owner}, {Officer, "lab.note.edit", "rival"},
			{Leader, "lab.note.sign", Any},
			{Officer, "lab.note.close", Any}, {Leader, "lab.note.close", Any},
			{Department, "lab.note.close", Any}, {District, "lab.note.close", Any},
		},
		Removals: []Removal{{Relation: "rival", Actions: []Action{"lab.note.sign"}}},
	}
}

// What May says, for the table below.
const (
	needsLeader   = "forbidden: 此操作需要「局领导」角色"
	needsTwo      = "forbidden: 此操作需要「企业」或「局经办」角色"
	needsOfMany   = "forbidden: 此操作需要「局经办」、「局领导」、「市直部门」等角色"
	onlyOwn       = "forbidden: 您的角色此操作仅限「本人」"
	onlyOwnOr     = "forbidden: 您的角色此操作仅限「本人」或「利益冲突」等"
	conflicted    = "forbidden: 因「利益冲突」须回避，不能进行此操作"
	noEditScope   = "forbidden: 此令牌的权限范围不包含「修改」"
	noReadScope   = "forbidden: 此令牌的权限范围不包含「查看」"
	unknownAction = "forbidden: 不允许此操作: " +
		"authz: action not declared by the policy: lab.note.raed"
	absent = "not_found: 没有找到这条记录"
)

const read, edit, sign, shut, typo Action = "lab.note.read", "lab.note.edit", "lab.note.sign",
	"lab.note.close", "lab.note.raed"

func TestMaySaysWhy(t *testing.T) {
	blindRules := noteRules()
	blindRules.Blind = true
	open, blind := NewPolicy("lab.note", noteRules()), NewPolicy("lab.note", blindRules)
	mine := note{owner: "me", rival: "them"}
	token := func(scopes ...Action) Actor {
		return Actor{Account: "me", Role: Officer, Via: ViaToken, Scopes: scopes}
	}
	firm := func(account string) Actor { return Actor{Account: account, Role: Enterprise} }
	for name, c := range map[string]struct {
		policy *Policy[note]
		by     Actor
		act    Action
		on     note
		want   string // "" for allowed, otherwise what the fault says
	}{
		"allowed":        {open, Actor{Role: Officer}, read, mine, ""},
		"nobody":         {open, Actor{}, sign, mine, needsLeader},
		"two roles":      {open, Actor{}, read, mine, needsTwo},
		"many roles":     {open, Actor{Role: SysAdmin}, shut, mine, needsOfMany},
		"unknown role":   {open, Actor{Role: "root"}, sign, mine, needsLeader},
		"not related":    {open, firm("x"), read, mine, onlyOwn},
		"no account":     {open, firm(""), read, note{}, onlyOwn},
		"two relations":  {open, Actor{Account: "x", Role: Officer}, edit, mine, onlyOwnOr},
		"conflict":       {open, Actor{Account: "them", Role: Leader}, sign, mine, conflicted},
		"unknown action": {open, Actor{Role: Officer}, typo, mine, unknownAction},
		"token in scope": {open, token(read), read, mine, ""},
		"token outside":  {open, token(read), edit, mine, noEditScope},
		"token bare":     {open, token(), read, mine, noReadScope},
		"token wider":    {open, token(sign), sign, mine, needsLeader},

		"blind allowed":     {blind, firm("me"), read, mine, ""},
		"blind hidden":      {blind, firm("x"), read, mine, absent},
		"blind hidden sign": {blind, firm("x"), sign, mine, absent},
		"blind unknown":     {blind, firm("x"), typo, mine, absent},
		"blind seen":        {blind, firm("me"), sign, mine, needsLeader},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if err := c.policy.May(c.by, c.act, c.on); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if c.policy.MaySee(c.by, c.act, c.on) != (c.want == "") {
				t.Error("MaySee differs from May")
			}
		})
	}
	if !errors.Is(open.May(Actor{}, "lab.note.raed", mine), ErrUnknownAction) {
		t.Error("an unknown action must be told apart from a missing right")
	}
	err := open.May(Actor{}, "lab.note.sign", mine)
	if got := i18n.Error(i18n.EN, err); got != `This action needs the role "Bureau leader".` {
		t.Errorf("in English: %s", got)
	}
}

func TestCouldAndRolesFor(t *testing.T) {
	p := NewPolicy("lab.note", noteRules())
	if !p.Could(Actor{Role: Officer}, "lab.note.edit") || p.Could(Actor{}, "lab.note.read") ||
		p.Could(Actor{Role: Officer}, "lab.note.raed") ||
		p.Could(Actor{Role: Officer, Via: ViaToken}, "lab.note.edit") {
		t.Error("Could looks at role, action and scopes")
	}
	want := []Role{Officer, Leader, Department, District}
	if diff := cmp.Diff(want, p.RolesFor("lab.note.close")); diff != "" {
		t.Error(diff)
	}
	if p.RolesFor("lab.note.raed") != nil {
		t.Error("nobody has an unknown action")
	}
}

func TestNewPolicyRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Rules[note])
		want   string
	}{
		"no title": {func(r *Rules[note]) { r.Title = "" }, "needs a name and a title"},
		"verb twice": {func(r *Rules[note]) { r.Verbs = append(r.Verbs, r.Verbs[0]) },
			"declared twice"},
		"verb of another": {func(r *Rules[note]) { r.Verbs[0].Action = "lab.paper.read" },
			`"lab.paper.read" is not lab.note and one word`},
		"verb of two words": {func(r *Rules[note]) { r.Verbs[0].Action = "lab.note.read.all" },
			"one word"},
		"verb without title": {func(r *Rules[note]) { r.Verbs[0].Title = "" }, "lacks a title"},
		"verb of odd work":   {func(r *Rules[note]) { r.Verbs[0].Work = 1 << 7 }, "unknown work"},
		"verb for nobody": {func(r *Rules[note]) {
			r.Verbs = append(r.Verbs, Verb{Action: "lab.note.burn", Title: "销毁"})
		}, "granted to nobody"},
		"tie without SQL": {func(r *Rules[note]) { r.Ties[1].Where = nil }, "lacks a part"},
		"tie twice": {func(r *Rules[note]) { r.Ties = append(r.Ties, TieAny[note]()) },
			"declared twice"},
		"tie unused": {func(r *Rules[note]) {
			unused := tieOwner()
			unused.Name = "witness"
			r.Ties = append(r.Ties, unused)
		}, "used by no rule"},
		"grant of unknown action": {func(r *Rules[note]) { r.Grants[0].Action = "lab.note.raed" },
			"lab.note.raed is granted"},
		"grant by unknown relation": {func(r *Rules[note]) { r.Grants[0].Relation = "friend" },
			`unknown relation "friend"`},
		"grant to unknown role": {func(r *Rules[note]) { r.Grants[0].Role = "root" },
			`unknown role "root"`},
		"grant to no role": {func(r *Rules[note]) { r.Grants[0].Role = "" }, `unknown role ""`},
		"grant twice": {func(r *Rules[note]) { r.Grants = append(r.Grants, r.Grants[0]) },
			"granted twice"},
		"business for an administrator": {func(r *Rules[note]) { r.Grants[0].Role = Auditor },
			"not the work of auditor"},
		"removal by unknown relation": {func(r *Rules[note]) { r.Removals[0].Relation = "friend" },
			"unknown relation"},
		"removal of nothing": {func(r *Rules[note]) { r.Removals[0].Actions = nil }, "no action"},
		"removal of unknown action": {func(r *Rules[note]) {
			r.Removals[0].Actions = []Action{"lab.note.raed"}
		}, "lab.note.raed is removed"},
		"removal twice": {func(r *Rules[note]) { r.Removals = append(r.Removals, r.Removals[0]) },
			"removed twice"},
		"blind without read": {func(r *Rules[note]) {
			r.Blind, r.Verbs[0].Action = true, "lab.note.see"
			r.Grants[0].Action, r.Grants[1].Action = "lab.note.see", "lab.note.see"
		}, "needs the action lab.note.read"},
	} {
		t.Run(name, func(t *testing.T) {
			r := noteRules()
			c.change(&r)
			_, err := compile("lab.note", r)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	defer func() {
		if recover() == nil {
			t.Error("NewPolicy must panic on wrong rules")
		}
	}()
	NewPolicy("", noteRules())
}

// TestPolicyKeepsItsRules: a caller that goes on changing its slices changes no policy.
func TestPolicyKeepsItsRules(t *testing.T) {
	r := noteRules()
	p := NewPolicy("lab.note", r)
	before := Markdown([]Table{p})
	for i := range r.Grants {
		r.Grants[i] = Grant{Public, "lab.note.sign", Any}
	}
	for i := range r.Verbs {
		r.Verbs[i].Action = "lab.note.sign"
	}
	if Markdown([]Table{p}) != before || p.May(Actor{}, "lab.note.sign", note{}) == nil {
		t.Error("the policy follows its maker's slices")
	}
	p.Actions()[0] = "lab.note.sign"
	if p.Actions()[0] != "lab.note.read" {
		t.Error("Actions gives away the policy's own slice")
	}
}

func TestMask(t *testing.T) {
	p := NewPolicy("lab.note", noteRules())
	const phone = "13800001234"
	hide := func(s string) string { return s[:3] + "****" + s[7:] }
	mine := note{owner: "me"}
	sees := Actor{Account: "me", Role: Enterprise}
	if got := p.Mask(sees, read, mine, phone, hide); got != phone {
		t.Errorf("who may see it gets %s", got)
	}
	for _, by := range []Actor{{}, {Account: "x", Role: Enterprise}, {Role: SysAdmin}} {
		if got := p.Mask(by, read, mine, phone, hide); got != "138****1234" {
			t.Errorf("%+v gets %s", by, got)
		}
	}
	if got := p.Mask(sees, typo, mine, phone, hide); got != "138****1234" {
		t.Errorf("an unknown action unmasks: %s", got)
	}
}
