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

func (p tagged) href() string { return docsPath + "/" + p.tag }

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
	words   string
	parts   []tagged
	found   []docOp
	filters ui.Filters
	bar     ui.ResultBar
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
	v := docsView{words: kit.Search(r), parts: h.parts(r)}
	words, all, found := strings.Fields(strings.ToLower(v.words)), 0, 0
	for _, p := range v.parts {
		all += len(p.ops)
		for _, o := range p.ops {
			if len(words) == 0 || !o.has(words) {
				continue
			}
			if found++; found <= maxFound {
				v.found = append(v.found, o)
			}
		}
	}
	field := ui.Filter{Kind: ui.FilterSearch, Name: "q", Label: kit.Say(r, "查找接口"), Value: v.words,
		Placeholder: kit.Say(r, "例如：需求，或 market.ListPosts")}
	v.filters = ui.Filters{Action: docsPath, Label: kit.Say(r, "查找接口"), Fields: []ui.Filter{field}}
	v.bar.Count = kit.Say(r, "共 %s 个部分，%s 个接口", i18n.Int(int64(len(v.parts))), i18n.Int(int64(all)))
	if v.words != "" {
		v.bar = ui.ResultBar{Count: kit.Say(r, "找到 %s 个接口", i18n.Int(int64(found))), Clear: docsPath}
	}
	if found > maxFound {
		v.bar.Count = kit.Say(r, "找到 %s 个接口，显示前 %s 个", i18n.Int(int64(found)), i18n.Int(maxFound))
	}
	return h.web.Render(w, r, web.View{Page: h.web.Page(r, "开放接口"), Body: docsPage(v), Part: docsResults(v)})
}

// apiPart lists what one part of the API can do.
func (h *Handler) apiPart(w http.ResponseWriter, r *http.Request) error {
	for _, p := range h.parts(r) {
		if p.tag == r.PathValue("part") {
			page := h.web.Page(r, "开放接口")
			page.Crumbs = []ui.Link{{Text: kit.Say(r, "开放接口"), Href: docsPath}, {Text: p.tag}}
			return h.web.Render(w, r, web.View{Page: page, Body: partPage(p)})
		}
	}
	return fault.New(fault.NotFound, "没有这一部分接口")
}
