package dealhttp

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxQuery bounds a keyword, in characters.
const maxQuery = 100

// DealQuery is the filter of the list of introductions as an address says it. Both doors read it.
type DealQuery struct {
	Q       string `query:"q" doc:"words of the title or of a side, or a code"`
	State   string `query:"state" doc:"state"`
	Class   string `query:"class" doc:"class of reason for which it ended"`
	Field   string `query:"field" doc:"technical field"`
	Region  string `query:"region" doc:"GB/T 2260 code, with everything inside"`
	Post    string `query:"post" doc:"id of a post"`
	Org     string `query:"org" doc:"id of one of the two organisations"`
	Broker  string `query:"broker" doc:"id of the broker"`
	From    string `query:"from" doc:"asked for on this day or later"`
	To      string `query:"to" doc:"asked for on this day or before"`
	Open    string `query:"open" doc:"1 = goes on"`
	Late    string `query:"late" doc:"1 = a limit is over"`
	Soon    string `query:"soon" doc:"1 = a limit is over within three days"`
	Waiting string `query:"waiting" doc:"1 = waits for the caller"`
	Sort    string `query:"sort" enum:"updated,newest,due,code"`
}

func readDealQuery(get func(string) string) DealQuery {
	return DealQuery{Q: strings.TrimSpace(get("q")), State: get("state"), Class: get("class"),
		Field: get("field"), Region: get("region"), Post: get("post"), Org: get("org"),
		Broker: get("broker"), From: get("from"), To: get("to"), Open: get("open"),
		Late: get("late"), Soon: get("soon"), Waiting: get("waiting"), Sort: get("sort")}
}

func (q DealQuery) filtered() bool {
	q.Sort = ""
	return q != DealQuery{}
}

// wrong collects what an address asks for that there is not.
type wrong []fault.Field

func (w *wrong) bad(field, key string, args ...any) { *w = append(*w, fault.At(field, key, args...)) }

func (w *wrong) text(field, v string) {
	if !utf8.ValidString(v) || utf8.RuneCountInString(v) > maxQuery {
		w.bad(field, "关键词最多 %d 个字", maxQuery)
	}
}

func (w *wrong) choice(field, v string, list []deal.Choice) {
	if v != "" && deal.TitleOf(list, v) == "" {
		w.bad(field, "没有“%s”这个选项", short(v))
	}
}

func (w *wrong) day(field, v string) {
	if v != "" && !clock.Date(v).Valid() {
		w.bad(field, "日期应写作 2026-11-20")
	}
}

func (h *Handler) place(w *wrong, v string) {
	if v != "" && (h.deps.Dict == nil || !h.deps.Dict.Has(dict.Regions, v, "")) {
		w.bad("region", "行政区划代码 %s 不在现行代码表中", short(v))
	}
}

func dealStates() []deal.Choice {
	var out []deal.Choice
	for _, s := range deal.DealProcess.Def().States {
		out = append(out, deal.Choice{Value: s.Name, Title: s.Title})
	}
	return out
}

func (h *Handler) dealFilter(q DealQuery) (deal.DealFilter, error) {
	var w wrong
	w.text("q", q.Q)
	w.choice("state", q.State, dealStates())
	w.choice("class", q.Class, deal.Classes())
	w.choice("field", q.Field, deal.Fields())
	w.day("from", q.From)
	w.day("to", q.To)
	h.place(&w, q.Region)
	return deal.DealFilter{Query: q.Q, State: q.State, Class: q.Class, Field: q.Field,
		Region: region.Code(q.Region), Post: q.Post, Org: q.Org, Broker: q.Broker,
		From: clock.Date(q.From), To: clock.Date(q.To), Open: q.Open == "1", Late: q.Late == "1",
		Soon:    q.Soon == "1",
		Waiting: q.Waiting == "1"}, fault.Fields(w...)
}

// BrokerQuery is the filter of the directory of brokers as an address says it.
type BrokerQuery struct {
	Q      string `query:"q" doc:"words of name and organisation"`
	Field  string `query:"field" doc:"technical field"`
	Grade  string `query:"grade" doc:"grade"`
	State  string `query:"state" doc:"state of the record"`
	Region string `query:"region" doc:"GB/T 2260 code, with everything inside"`
	Sort   string `query:"sort" enum:"credit,name,newest"`
}

func readBrokerQuery(get func(string) string) BrokerQuery {
	return BrokerQuery{Q: strings.TrimSpace(get("q")), Field: get("field"), Grade: get("grade"),
		State: get("state"), Region: get("region"), Sort: get("sort")}
}

func (q BrokerQuery) filtered() bool {
	q.Sort = ""
	return q != BrokerQuery{}
}

func brokerStates() []deal.Choice {
	var out []deal.Choice
	for _, s := range deal.BrokerProcess.Def().States {
		out = append(out, deal.Choice{Value: s.Name, Title: s.Title})
	}
	return out
}

func (h *Handler) brokerFilter(q BrokerQuery) (deal.BrokerFilter, error) {
	var w wrong
	w.text("q", q.Q)
	w.choice("field", q.Field, deal.Fields())
	w.choice("grade", q.Grade, deal.Grades())
	w.choice("state", q.State, brokerStates())
	h.place(&w, q.Region)
	return deal.BrokerFilter{Query: q.Q, Field: q.Field, Grade: q.Grade, State: q.State,
		Region: region.Code(q.Region)}, fault.Fields(w...)
}

// short keeps messages readable when somebody sends a page of text.
func short(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if runes := []rune(s); len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return s
}

// chip is an active filter that leads to the list without it.
func chip(r *http.Request, name, text string) ui.Link {
	return ui.Link{Text: text, Href: web.ListAddress(r, url.Values{name: nil})}
}
