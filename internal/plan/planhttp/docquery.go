package planhttp

import (
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// maxQuery bounds a keyword, in characters.
const maxQuery = 100

// wrong collects what an address asks for that there is not.
type wrong struct {
	h    *Handler
	list []fault.Field
}

func (w *wrong) bad(field, key string, args ...any) {
	w.list = append(w.list, fault.At(field, key, args...))
}

func (w *wrong) err() error { return fault.Fields(w.list...) }

func (w *wrong) text(field, v string) {
	if !utf8.ValidString(v) || utf8.RuneCountInString(v) > maxQuery {
		w.bad(field, "关键词最多 %d 个字", maxQuery)
	}
}

func (w *wrong) choice(field, v string, list []plan.Choice) {
	if v != "" && plan.TitleOf(list, v) == "" {
		w.bad(field, "没有“%s”这个选项", short(v))
	}
}

func (w *wrong) place(field, v string) {
	if v != "" && !w.h.deps.Dict.Has(dict.Regions, v, "") {
		w.bad(field, "行政区划代码 %s 不在现行代码表中", short(v))
	}
}

func (w *wrong) days(from, to string) {
	a, b := clock.Date(from), clock.Date(to)
	switch {
	case from != "" && !a.Valid():
		w.bad("from", "日期应写作 2026-11-20")
	case to != "" && !b.Valid():
		w.bad("to", "日期应写作 2026-11-20")
	case from != "" && to != "" && b < a:
		w.bad("to", "结束日期早于开始日期")
	}
}

// DocQuery is the filter of the list of documents as an address says it. Both doors read it.
type DocQuery struct {
	Q      string `query:"q" doc:"words of the title, or the official number"`
	Kind   string `query:"kind" doc:"sort of document"`
	Region string `query:"region" doc:"GB/T 2260 code, with everything inside"`
	Year   string `query:"year" doc:"year of the document, four digits"`
	State  string `query:"state" doc:"state of its review"`
	All    string `query:"all" doc:"1 = superseded editions, too"`
	Sort   string `query:"sort" enum:"created,day,updated"`
}

func readDocQuery(get func(string) string) DocQuery {
	return DocQuery{Q: strings.TrimSpace(get("q")), Kind: get("kind"), Region: get("region"),
		Year: get("year"), State: get("state"), All: get("all"), Sort: get("sort")}
}

func (q DocQuery) filtered() bool {
	q.Sort = ""
	return q != DocQuery{}
}

func (h *Handler) docFilter(q DocQuery) (plan.DocumentFilter, error) {
	w := wrong{h: h}
	w.text("q", q.Q)
	w.choice("kind", q.Kind, plan.DocumentKinds())
	w.choice("state", q.State, docStates())
	w.place("region", q.Region)
	f := plan.DocumentFilter{Query: q.Q, Kind: q.Kind, State: q.State,
		Region: region.Code(q.Region), Latest: q.All != "1" && q.State != plan.DocumentSuperseded}
	if q.Year != "" {
		f.From, f.To = clock.Date(q.Year+"-01-01"), clock.Date(q.Year+"-12-31")
		if !f.From.Valid() {
			w.bad("year", "年份应为四位数字，如 2026")
		}
	}
	return f, w.err()
}
