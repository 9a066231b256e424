package homehttp

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/web"
)

// tagged are the operations of one part of the API.
type tagged struct {
	tag string
	ops []docOp
}

type docOp struct {
	id, method, path, title string
	public                  bool
}

// apiDocs lists what programs can do.
func (h *Handler) apiDocs(w http.ResponseWriter, r *http.Request) error {
	l := i18n.From(r.Context())
	byTag := map[string][]docOp{}
	for _, op := range h.Deps.Operations() {
		byTag[op.Tag] = append(byTag[op.Tag], docOp{id: op.UseCase, method: op.Method,
			path: api.Prefix + op.Path, title: i18n.Text(l, op.Title), public: op.Public})
	}
	var parts []tagged
	for tag, ops := range byTag {
		slices.SortFunc(ops, func(a, b docOp) int {
			return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
		})
		parts = append(parts, tagged{tag, ops})
	}
	slices.SortFunc(parts, func(a, b tagged) int { return cmp.Compare(a.tag, b.tag) })
	return h.web.Render(w, r, web.View{Page: h.web.Page(r, "开放接口"), Body: docsPage(parts)})
}
