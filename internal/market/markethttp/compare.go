package markethttp

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxCompared is how many posts stand side by side.
const maxCompared = 4

// compareHref is the address that compares posts.
func compareHref(ids []string, set ...string) string {
	v := url.Values{"id": ids}
	for i := 0; i+1 < len(set); i += 2 {
		v.Set(set[i], set[i+1])
	}
	return pathCompare + "?" + v.Encode()
}

// postCompare leads from the check boxes of the list to the comparison.
func (h *Handler) postCompare(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	return h.web.Redirect(w, r, compareHref(r.PostForm["id"]), "")
}

// compared are the posts that an address names, without those the actor may not know of.
func (h *Handler) compared(r *http.Request) (list []market.Post, missing int, err error) {
	var seen []string
	for _, postID := range r.URL.Query()["id"] {
		if slices.Contains(seen, postID) || len(seen) == maxCompared {
			continue
		}
		seen = append(seen, postID)
		p, err := market.Post{}, error(fault.New(fault.NotFound, "没有找到这条记录"))
		if id.Valid(postID) {
			p, err = h.market.GetPost(r.Context(), web.Actor(r), postID)
		}
		switch {
		case fault.Is(err, fault.NotFound):
			missing++
		case err != nil:
			return nil, 0, err
		default:
			list = append(list, p)
		}
	}
	return list, missing, nil
}

// getCompare shows posts side by side; on a phone each property lists the posts below each other.
func (h *Handler) getCompare(w http.ResponseWriter, r *http.Request) error {
	list, missing, err := h.compared(r)
	if err != nil {
		return err
	}
	p := h.web.Page(r, "比较")
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: say(r, "最多 %d 项并排比较，指标按名称对齐。", maxCompared)}
	parts := []templ.Component{ui.PageHead(head)}
	if n := len(r.URL.Query()["id"]); n > maxCompared {
		parts = append(parts, ui.Banner(ui.Warn, say(r, "选了 %d 项，只比较前 %d 项。", n, maxCompared)))
	}
	if missing > 0 {
		parts = append(parts, ui.Banner(ui.Idle, say(r, "有 %d 项没有找到，可能已下架或不对您公开。", missing)))
	}
	if len(list) < 2 {
		parts = append(parts, h.compareMore(r, list))
		return h.web.Render(w, r, web.View{Page: p, Body: templ.Join(parts...)})
	}
	parts = append(parts, h.compareBar(r, list),
		ui.With(compareBox(), ui.DataTable(h.compareTable(r, list))))
	return h.web.Render(w, r, web.View{Page: p, Body: templ.Join(parts...)})
}

// compareMore says how to choose posts when there are not yet two.
func (h *Handler) compareMore(r *http.Request, list []market.Post) templ.Component {
	q := PostQuery{}
	hint := say(r, "在列表中点“选择并比较”，勾选两到四项。")
	var first templ.Component = templ.NopComponent
	if len(list) == 1 {
		q.Kind, q.Field = string(list[0].Kind), list[0].Field
		hint = say(r, "再选一项：在同领域的列表中勾选，或打开另一条点“比较”。")
		first = ui.PlainList([]ui.Link{{Text: list[0].Title, Href: postPath(list[0].ID, "")}})
	}
	href := q.href()
	if q.encode() == "" {
		href += "?" + pickParam + "=1"
	} else {
		href += "&" + pickParam + "=1"
	}
	return templ.Join(first, ui.With(ui.Empty(say(r, "还没有可比较的"), hint),
		ui.Button(ui.Action{Text: say(r, "去列表选择"), Href: href})))
}

// compareBar switches between all properties and those that differ.
func (h *Handler) compareBar(r *http.Request, list []market.Post) templ.Component {
	ids := postIDs(list)
	differ := r.FormValue("only") == "diff"
	return ui.ResultHead(ui.ResultBar{Count: say(r, "比较 %d 项", len(list)), Views: []ui.Link{
		{Text: say(r, "全部内容"), Href: compareHref(ids), Current: !differ},
		{Text: say(r, "只看不同"), Href: compareHref(ids, "only", "diff"), Current: differ}}})
}

func postIDs(list []market.Post) []string {
	var ids []string
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}

// line is one property with its value in each post.
type line struct {
	title string
	cells []ui.Cell
}

func (l line) empty() bool {
	return !slices.ContainsFunc(l.cells, func(c ui.Cell) bool { return c.Text != "" })
}

func (l line) differs() bool {
	return slices.ContainsFunc(l.cells, func(c ui.Cell) bool { return c.Text != l.cells[0].Text })
}

// letters name the posts of a comparison, so that their titles stand there once.
const letters = "ABCD"

func (h *Handler) compareTable(r *http.Request, list []market.Post) ui.Table {
	tab := ui.Table{Caption: say(r, "比较"), Cols: []ui.Column{{Label: say(r, "比较项")}}}
	ids := postIDs(list)
	head := line{title: say(r, "名称")}
	for i, p := range list {
		tab.Cols = append(tab.Cols, ui.Column{Label: letters[i : i+1]})
		c := ui.Cell{Text: p.Title, Href: postPath(p.ID, ""), Kind: kindMark(r.Context(), p.Kind)}
		if len(list) > 2 {
			rest := slices.Delete(slices.Clone(ids), i, i+1)
			c.Body = takeOut(compareHref(rest), p.Title)
		}
		head.cells = append(head.cells, c)
	}
	only := r.FormValue("only") == "diff"
	for i, l := range append([]line{head}, h.compareLines(r, list)...) {
		if i > 0 && (l.empty() || only && !l.differs()) {
			continue
		}
		row := ui.Row{Cells: []ui.Cell{{Text: l.title}}}
		for _, c := range l.cells {
			if c.Text == "" {
				c.Text = ui.OrDash("")
			}
			row.Cells = append(row.Cells, c)
		}
		tab.Rows = append(tab.Rows, row)
	}
	return tab
}

// compareLines are the properties of posts that can be compared, the parameters one by one.
func (h *Handler) compareLines(r *http.Request, list []market.Post) []line {
	ctx := r.Context()
	rows := []struct {
		title string
		of    func(market.Post) string
	}{
		{"单位", func(p market.Post) string { return p.OrgName }},
		{"价格或预算", func(p market.Post) string { return priceText(ctx, p.PostData) }},
		{"合作方式", func(p market.Post) string { return modesText(ctx, p.Modes) }},
		{"成熟度", func(p market.Post) string { return trlText(ctx, p.TRL) }},
		{"领域", func(p market.Post) string { return titled(ctx, market.Fields(), p.Field) }},
		{"区县", func(p market.Post) string { return h.placeName(p.Region) }},
		{"知识产权", func(p market.Post) string { return rightsText(ctx, p.Rights) }},
		{"定价方式", func(p market.Post) string { return titled(ctx, market.Pricings(), p.Pricing) }},
		{"状态", func(p market.Post) string { return stateMark(ctx, p.State).Text }},
		{"时效", func(p market.Post) string { m, _ := freshMark(ctx, p, h.now()); return m.Text }},
		{"所在产业链", func(p market.Post) string { return p.Chain }},
		{"关键词", func(p market.Post) string { return join(p.Keywords, i18n.T(ctx, "、")) }},
		{"配套服务", func(p market.Post) string { return p.Service }},
		{"介绍", func(p market.Post) string { return beginning(p.Text, maxDescription) }},
	}
	var out []line
	for i, x := range rows {
		l := line{title: i18n.T(ctx, x.title)}
		for _, p := range list {
			text := x.of(p)
			if p.Limited && (x.title == "价格或预算" || x.title == "单位") {
				text = i18n.Withheld(lang(r))
			}
			l.cells = append(l.cells, ui.Cell{Text: text})
		}
		out = append(out, l)
		if i == 3 {
			out = append(out, parameterLines(r, list)...)
		}
	}
	return out
}

// parameterLines puts the parameters of one name in one line, in the order they first appear.
func parameterLines(r *http.Request, list []market.Post) []line {
	var names []string
	for _, p := range list {
		for _, x := range p.Parameters {
			if !slices.Contains(names, x.Name) {
				names = append(names, x.Name)
			}
		}
	}
	var out []line
	for _, name := range names {
		l := line{title: say(r, "指标：%s", name), cells: make([]ui.Cell, len(list))}
		for i, p := range list {
			for _, x := range p.Parameters {
				if x.Name == name {
					l.cells[i].Text = ui.Words(l.cells[i].Text, parameterText(r.Context(), x))
				}
			}
		}
		out = append(out, l)
	}
	return out
}

func join(list []string, between string) string {
	out := ""
	for i, s := range list {
		if i > 0 {
			out += between
		}
		out += s
	}
	return out
}

// nobody is the public: what is sent without asking who reads shows what everybody may see.
var nobody authz.Actor
