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

// row is what one role may do by one action: the titles of the relations that grant it and of
// those that take it away.
type row struct {
	role            Role
	verb            Verb
	within, removed []string
}

// rows lists roles in menu order, actions and relations in the order of the rules.
func (p *Untyped) rows() []row {
	var out []row
	for _, role := range Roles() {
		for _, v := range p.verbs {
			a := p.acts[v.Action]
			if len(a.granted[role]) == 0 {
				continue
			}
			r := row{role: role, verb: v}
			for _, t := range a.granted[role] {
				r.within = append(r.within, t.Title)
			}
			for _, t := range a.removed {
				r.removed = append(r.removed, t.Title)
			}
			out = append(out, r)
		}
	}
	return out
}

// Markdown writes docs/permissions.md: which role may do what to which objects, in Chinese and
// English, one line each, so that a changed right is one changed line. What it does not name is
// denied.
func Markdown(tables []Table) string {
	languages := []i18n.Lang{i18n.ZH, i18n.EN}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", bothLanguages("权限表"))
	for _, l := range languages {
		b.WriteString(i18n.Text(l, "本页由权限规则生成，请勿手改。未列出的一律不允许。") + "\n\n")
	}
	for _, t := range tables {
		fmt.Fprintf(&b, "## %s (`%s`)\n\n", bothLanguages(t.title()), t.Object())
		for _, l := range languages {
			fmt.Fprintf(&b, "| %s | %s | %s ",
				i18n.Text(l, "角色"), i18n.Text(l, "操作"), i18n.Text(l, "对象范围"))
		}
		b.WriteString("| |\n|" + strings.Repeat("---|", 3*len(languages)+1) + "\n")
		for _, r := range t.rows() {
			for _, l := range languages {
				fmt.Fprintf(&b, "| %s | %s | %s ", i18n.Text(l, r.role.Title()),
					i18n.Text(l, r.verb.Title), r.objects(l))
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

// objects names the relations: "本单位、本辖区，「利益冲突」除外".
func (r row) objects(l i18n.Lang) string {
	between, but := "、", "，"
	if l == i18n.EN {
		between, but = ", ", "; "
	}
	var within []string
	for _, title := range r.within {
		within = append(within, i18n.Text(l, title))
	}
	s := strings.Join(within, between)
	for _, title := range r.removed {
		s += but + i18n.Text(l, "「%s」除外", i18n.Key(title))
	}
	return s
}
