package authz

import (
	"fmt"
	"strings"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Table is a policy over any kind of object, seen as its rules only.
type Table interface {
	Object() string
	Actions() []Action
	title() string
	rows() []row
}

// row is one action of the matrix.
type row struct {
	verb    Verb
	holders []holder
	except  []string // titles of the relations that remove the action
}

// holder is a relation and the roles that have the action in it.
type holder struct {
	tie   string
	roles []Role
}

func (p *Policy[T]) title() string { return p.rules.Title }

// rows lists actions as declared, relations in the order of the ties, roles in menu order.
func (p *Policy[T]) rows() []row {
	var out []row
	for _, v := range p.rules.Verbs {
		a := p.acts[v.Action]
		r := row{verb: v}
		for _, t := range p.rules.Ties {
			h := holder{tie: t.Title}
			for _, role := range Roles() {
				for _, own := range a.granted[role] {
					if own.Name == t.Name {
						h.roles = append(h.roles, role)
					}
				}
			}
			if len(h.roles) > 0 {
				r.holders = append(r.holders, h)
			}
		}
		for _, t := range a.removed {
			r.except = append(r.except, t.Title)
		}
		out = append(out, r)
	}
	return out
}

// Markdown writes docs/permissions.md: who may do what to which objects in which relation, in
// Chinese and English. What it does not name is denied.
func Markdown(tables []Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", bothLanguages("权限表"))
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		b.WriteString(i18n.Text(l, "本页由权限规则生成，请勿手改。未列出的一律不允许。") + "\n\n")
	}
	for _, t := range tables {
		fmt.Fprintf(&b, "## %s (`%s`)\n\n", bothLanguages(t.title()), t.Object())
		for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
			fmt.Fprintf(&b, "| %s | %s ", i18n.Text(l, "操作"), i18n.Text(l, "谁可以"))
		}
		b.WriteString("| |\n|---|---|---|---|---|\n")
		for _, r := range t.rows() {
			for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
				fmt.Fprintf(&b, "| %s | %s ", i18n.Text(l, r.verb.Title), r.who(l))
			}
			fmt.Fprintf(&b, "| `%s` |\n", r.verb.Action)
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func bothLanguages(key string) string {
	return i18n.Text(i18n.ZH, key) + " · " + i18n.Text(i18n.EN, key)
}

// who names roles and relations: "局经办、局领导（全部）；企业（本单位）；「利益冲突」除外".
func (r row) who(l i18n.Lang) string {
	comma, semicolon, group := "、", "；", "%s（%s）"
	if l == i18n.EN {
		comma, semicolon, group = ", ", "; ", "%s (%s)"
	}
	var parts []string
	for _, h := range r.holders {
		var names []string
		for _, role := range h.roles {
			names = append(names, i18n.Text(l, role.Title()))
		}
		parts = append(parts,
			fmt.Sprintf(group, strings.Join(names, comma), i18n.Text(l, h.tie)))
	}
	for _, title := range r.except {
		parts = append(parts, i18n.Text(l, "「%s」除外", i18n.Key(title)))
	}
	return strings.Join(parts, semicolon)
}
