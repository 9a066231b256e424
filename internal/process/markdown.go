package process

import (
	"fmt"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

func (p *machine) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s · %s\n\n", i18n.Text(i18n.ZH, p.def.Title), i18n.Text(i18n.EN, p.def.Title))
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		w := page{Builder: &b, def: p.def, lang: l}
		w.head()
		w.diagram()
		w.steps()
		w.clocks()
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// Pages returns the files of docs/processes by name: a page for each process, and the list of them.
func Pages(ps []Described) map[string]string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s · %s\n", i18n.Text(i18n.ZH, "流程"), i18n.Text(i18n.EN, "流程"))
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		b.WriteString("\n" + i18n.Text(l, "本页由流程定义生成，请勿手改。") + "\n")
	}
	files := map[string]string{}
	for i, p := range ps {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "- [%s · %s](%s.md)\n", i18n.Text(i18n.ZH, p.Title()),
			i18n.Text(i18n.EN, p.Title()), p.Name())
		files[p.Name()+".md"] = p.Markdown()
	}
	files["README.md"] = b.String()
	return files
}

// page writes one language.
type page struct {
	*strings.Builder
	def  def
	lang i18n.Lang
}

func (w page) text(key string, args ...any) string { return i18n.Text(w.lang, key, args...) }

func (w page) head() {
	title := "中文"
	if w.lang == i18n.EN {
		title = "English"
	}
	fmt.Fprintf(w, "## %s\n\n%s", title, w.text("本页由流程定义生成，请勿手改。"))
	if w.def.Source != "" {
		w.WriteString(w.text("依据：%s", i18n.Key(w.def.Source)))
	}
	w.WriteString("\n\n")
}

func (w page) diagram() {
	w.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, s := range w.def.States {
		fmt.Fprintf(w, "    state \"%s\" as %s\n", label(w.text(s.Title)), node(s.Name))
	}
	for _, s := range w.def.States {
		if s.Initial {
			fmt.Fprintf(w, "    [*] --> %s\n", node(s.Name))
		}
	}
	for _, s := range w.def.Steps {
		for _, from := range s.From {
			fmt.Fprintf(w, "    %s --> %s: %s\n", node(from), node(s.target(from)),
				label(w.text(s.Title)))
		}
	}
	for _, s := range w.def.States {
		if s.Final {
			fmt.Fprintf(w, "    %s --> [*]\n", node(s.Name))
		}
	}
	w.WriteString("```\n\n")
}

func (w page) steps() {
	w.row(w.text("步骤"), w.text("从"), w.text("到"), w.text("谁可以"), w.text("须提交"),
		w.text("条件"))
	w.WriteString("|---|---|---|---|---|---|\n")
	for _, s := range w.def.Steps {
		to := w.text("不变")
		if s.To != Stay {
			to = w.states([]string{s.To})
		}
		w.row(w.text(s.Title)+" `"+s.Name+"`", w.states(s.From), to, w.who(s), w.needs(s.Needs),
			w.rule(s))
	}
	w.WriteString("\n")
}

func (w page) clocks() {
	if len(w.def.Clocks) == 0 {
		return
	}
	w.row(w.text("时限"), w.text("期限"), w.text("计时"), w.text("暂停计时"), w.text("逾期兜底责任人"))
	w.WriteString("|---|---|---|---|---|\n")
	for _, c := range w.def.Clocks {
		limit := c.Limit.Text(w.lang)
		if c.Varies != nil && c.Limit.Unit != Instant {
			limit = w.text("因事项而异，通常 %s", limit)
		}
		w.row(w.text(c.Title)+" `"+c.Name+"`", limit, w.states(c.In), w.states(c.Paused),
			w.owner(c.LastResort))
	}
	w.WriteString("\n")
}

func (w page) row(cells ...string) {
	for i, c := range cells {
		if c == "" {
			c = "—"
		}
		cells[i] = strings.NewReplacer("|", `\|`, "\n", " ").Replace(c)
	}
	w.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

func (w page) join(parts []string) string {
	if w.lang == i18n.EN {
		return strings.Join(parts, ", ")
	}
	return strings.Join(parts, "、")
}

func (w page) states(names []string) string {
	var titles []string
	for _, s := range w.def.States {
		if slices.Contains(names, s.Name) {
			titles = append(titles, w.text(s.Title))
		}
	}
	return w.join(titles)
}

func (w page) who(s step) string {
	var titles []string
	for _, r := range w.def.Policy.RolesFor(s.May) {
		titles = append(titles, w.text(r.Title()))
	}
	return w.join(titles) + " `" + string(s.May) + "`"
}

func (w page) needs(n Needs) string {
	var parts []string
	if n&Reason != 0 {
		parts = append(parts, w.text("理由"))
	}
	if n&Files != 0 {
		parts = append(parts, w.text("材料"))
	}
	return w.join(parts)
}

func (w page) rule(s step) string {
	var parts []string
	if s.Rule != "" {
		parts = append(parts, w.text(s.Rule))
	}
	if s.Extends != nil {
		i := slices.IndexFunc(w.def.Clocks, func(c timer) bool {
			return c.Name == s.Extends.Clock
		})
		parts = append(parts, w.text("延长「%s」%s", i18n.Key(w.def.Clocks[i].Title),
			s.Extends.By.Text(w.lang)))
	}
	return w.join(parts)
}

func (w page) owner(o Owner) string {
	if o.Role.Valid() {
		return w.text(o.Role.Title())
	}
	return o.Account
}

// node keeps state names apart from the words of the diagram language, such as end.
func node(state string) string { return "s_" + state }

// label takes out what would end a label in the diagram.
func label(s string) string {
	return strings.NewReplacer(`"`, "'", ";", ",", "\n", " ", "#", "").Replace(s)
}
