package homehttp

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const docsPath = "/api/docs"

// tagged are the operations of one part of the API.
type tagged struct {
	tag string
	ops []docOp
}

type docOp struct {
	id, method, path, title string
	words                   string // to search in: all of it, its title in both languages
	public                  bool
}

// gist names the first things that a part can do.
func (p tagged) gist() string {
	const few = 4
	var titles []string
	for _, o := range p.ops[:min(few, len(p.ops))] {
		titles = append(titles, o.title)
	}
	if len(p.ops) > few {
		titles = append(titles, "…")
	}
	return strings.Join(titles, " · ")
}

// has reports whether an operation has each of the words somewhere.
func (o docOp) has(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(o.words, w) })
}

// docsView is the page of the API: its parts, or the operations that were searched for.
type docsView struct {
	filters ui.Filters
	bar     ui.ResultBar
	table   ui.Table
}

// partsTable lists the parts of the API with what each can do.
func partsTable(r *http.Request, list []tagged) ui.Table {
	t := ui.Table{Caption: kit.Say(r, "开放接口的各个部分"), Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "部分")}, {Label: kit.Say(r, "能做什么")}, {Label: kit.Say(r, "接口数"), Num: true}}}
	for _, p := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.tag, Href: docsPath + "/" + p.tag, Mono: true},
			{Text: p.gist()}, {Text: i18n.Int(int64(len(p.ops)))}}})
	}
	return t
}

// operationsTable lists operations.
func operationsTable(r *http.Request, ops []docOp) ui.Table {
	t := ui.Table{Caption: kit.Say(r, "接口"), Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "接口")}, {Label: kit.Say(r, "请求")}, {Label: kit.Say(r, "权限")}}}
	for _, o := range ops {
		access := kit.Say(r, "需要令牌")
		if o.public {
			access = kit.Say(r, "公开")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: o.title},
			{Text: o.method + " " + o.path, Mono: true, Sub: o.id}, {Text: access}}})
	}
	return t
}

// parts are the operations by their tag, in the order of the addresses.
func (h *Handler) parts(r *http.Request) []tagged {
	l := i18n.From(r.Context())
	byTag := map[string][]docOp{}
	for _, op := range h.Deps.Operations() {
		o := docOp{id: op.UseCase, method: op.Method, path: api.Prefix + op.Path, title: i18n.Text(l, op.Title),
			public: op.Public}
		o.words = strings.ToLower(strings.Join([]string{o.id, o.method, o.path, op.Title,
			i18n.Text(i18n.EN, op.Title)}, " "))
		byTag[op.Tag] = append(byTag[op.Tag], o)
	}
	var parts []tagged
	for tag, ops := range byTag {
		slices.SortFunc(ops, func(a, b docOp) int {
			return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
		})
		parts = append(parts, tagged{tag, ops})
	}
	slices.SortFunc(parts, func(a, b tagged) int { return cmp.Compare(a.tag, b.tag) })
	return parts
}

// maxFound bounds how many operations a search shows.
const maxFound = 100

// apiDocs lists the parts of the API, or the operations in which words occur.
func (h *Handler) apiDocs(w http.ResponseWriter, r *http.Request) error {
	parts, asked := h.parts(r), kit.Search(r)
	words, all := strings.Fields(strings.ToLower(asked)), 0
	var found []docOp
	for _, p := range parts {
		all += len(p.ops)
		for _, o := range p.ops {
			if o.has(words) {
				found = append(found, o)
			}
		}
	}
	var v docsView
	switch n := i18n.Int(int64(len(found))); {
	case asked == "":
		v.bar.Count = kit.Say(r, "共 %s 个部分，%s 个接口", i18n.Int(int64(len(parts))), i18n.Int(int64(all)))
		v.table = partsTable(r, parts)
	case len(found) > maxFound:
		v.bar = ui.ResultBar{Count: kit.Say(r, "找到 %s 个接口，显示前 %s 个", n, i18n.Int(maxFound)), Clear: docsPath}
		v.table = operationsTable(r, found[:maxFound])
	default:
		v.bar = ui.ResultBar{Count: kit.Say(r, "找到 %s 个接口", n), Clear: docsPath}
		v.table = operationsTable(r, found)
	}
	v.filters = ui.Filters{Action: docsPath, Label: kit.Say(r, "查找接口"), Fields: []ui.Filter{{Kind: ui.FilterSearch,
		Name: "q", Label: kit.Say(r, "查找接口"), Value: asked, Placeholder: kit.Say(r, "例如：需求，或 market.ListPosts")}}}
	return h.web.Render(w, r, web.View{Page: h.web.Page(r, "开放接口"), Body: docsPage(v), Part: docsResults(v)})
}

// apiPart lists what one part of the API can do.
func (h *Handler) apiPart(w http.ResponseWriter, r *http.Request) error {
	for _, p := range h.parts(r) {
		if p.tag == r.PathValue("part") {
			page := h.web.Page(r, "开放接口")
			page.Crumbs = []ui.Link{{Text: kit.Say(r, "开放接口"), Href: docsPath}, {Text: p.tag}}
			return h.web.Render(w, r, web.View{Page: page, Body: partPage(p.tag, operationsTable(r, p.ops))})
		}
	}
	return fault.New(fault.NotFound, "没有这一部分接口")
}
