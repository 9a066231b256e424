package markethttp

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// PostQuery is a filter of the list of posts as an address says it. Both doors read it.
type PostQuery struct {
	Q      string `query:"q" doc:"words of the title, or a code"`
	Kind   string `query:"kind" doc:"need or achievement"`
	Field  string `query:"field" doc:"technical field, 01 to 11"`
	Region string `query:"region" doc:"GB/T 2260 code, with everything inside"`
	Type   string `query:"type" doc:"sort of need or of achievement"`
	TRL    string `query:"trl" doc:"readiness from and to, 4-6; one end may be left out"`
	Price  string `query:"price" doc:"price or budget from and to in 10,000 yuan, 50-200; one end may be left out"`
	Mode   string `query:"mode" doc:"way to work together"`
	SixNew string `query:"sixNew" doc:"class of new things of Shanxi"`
	Org    string `query:"org" doc:"id of the organisation it belongs to"`
	State  string `query:"state" doc:"state of the post; live = in the market now, all = any"`
	Fresh  string `query:"fresh" doc:"1 = confirmed and not yet due again, due = to be confirmed again"`
	Sort   string `query:"sort" enum:"published,newest,code,price,deadline,fresh"`
}

// defaultSort is the order of the list when the address names none.
const defaultSort = "published"

// The values of the filter of states that are no state.
const (
	stateLive = "live"
	stateAll  = "all"
)

// ReadQuery reads a filter by the names that the address of the list has.
func ReadQuery(get func(string) string) PostQuery { return readQuery(get) }

func readQuery(get func(string) string) PostQuery {
	return PostQuery{Q: strings.TrimSpace(get("q")), Kind: get("kind"), Field: get("field"),
		Region: get("region"), Type: get("type"), TRL: get("trl"), Price: get("price"),
		Mode: get("mode"), SixNew: get("sixNew"), Org: get("org"), State: get("state"),
		Fresh: get("fresh"), Sort: get("sort")}
}

// pair is a part of the filter.
type pair struct{ name, value string }

// pairs are all parts by their names in the address, in their order.
func (q PostQuery) pairs() [13]pair {
	return [...]pair{{"q", q.Q}, {"kind", q.Kind}, {"field", q.Field}, {"region", q.Region}, {"type", q.Type},
		{"trl", q.TRL}, {"price", q.Price}, {"mode", q.Mode}, {"sixNew", q.SixNew}, {"org", q.Org},
		{"state", q.State}, {"fresh", q.Fresh}, {"sort", q.Sort}}
}

func (q PostQuery) value(name string) string {
	for _, p := range q.pairs() {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// encode writes the query so that the same filter always has the same address.
func (q PostQuery) encode() string {
	var b strings.Builder
	for _, p := range q.pairs() {
		if p.value != "" {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(p.name + "=" + url.QueryEscape(p.value))
		}
	}
	return b.String()
}

// href is the address of the list that the query asks for.
func (q PostQuery) href() string {
	if text := q.encode(); text != "" {
		return pathMarket + "?" + text
	}
	return pathMarket
}

// Each calls back with the names and values of the filter that are set, but for the words and the order.
func (q PostQuery) Each(call func(name, value string)) {
	for _, p := range q.pairs() {
		if p.value != "" && p.name != "q" && p.name != "sort" {
			call(p.name, p.value)
		}
	}
}

// Words names what the filter asks for beside words, in the language of ctx. An organisation is not named.
func (q PostQuery) Words(ctx context.Context, place func(region.Code) string) []string {
	var out []string
	for _, c := range q.chosen(ctx, place) {
		if c.name != "q" && c.text != "" {
			out = append(out, c.text)
		}
	}
	return out
}

// chosen is a part of a filter with how it is called.
type chosen struct{ name, text string }

// chosen names the parts of the filter, "" for those that are not set. Whose posts they are is not named.
func (q PostQuery) chosen(ctx context.Context, place func(region.Code) string) []chosen {
	quoted, state, where := "", "", ""
	if q.Q != "" {
		quoted = i18n.T(ctx, "“%s”", q.Q)
	}
	if q.Region != "" {
		where = place(region.Code(q.Region))
	}
	switch q.State {
	case "", stateLive:
	case stateAll:
		state = i18n.T(ctx, "所有状态")
	default:
		state = titled(ctx, states(""), q.State)
	}
	return []chosen{
		{"q", quoted}, {"kind", titled(ctx, market.Kinds(), q.Kind)},
		{"field", titled(ctx, market.Fields(), q.Field)}, {"region", where},
		{"type", titled(ctx, typeChoices(""), q.Type)}, {"trl", bandTitle(ctx, trlBands, q.TRL)},
		{"price", bandTitle(ctx, priceBands, q.Price)},
		{"mode", titled(ctx, market.ModeChoices(), q.Mode)},
		{"sixNew", titled(ctx, market.SixNews(), q.SixNew)}, {"org", ""}, {"state", state},
		{"fresh", titled(ctx, freshChoices, q.Fresh)},
	}
}

// without is the address of the list without some of the filter.
func (q PostQuery) without(names ...string) string {
	return readQuery(func(name string) string {
		if slices.Contains(names, name) {
			return ""
		}
		return q.value(name)
	}).href()
}

func (q PostQuery) filtered() bool {
	q.Sort = ""
	return q != PostQuery{}
}

// bands are stretches of numbers that people choose by name.
type band struct {
	value, title string // title is a key of package i18n
}

var trlBands = []band{{"1-3", "概念验证（1—3 级）"}, {"4-6", "中试（4—6 级）"}, {"7-", "产业化（7 级以上）"}}

var priceBands = []band{{"-50", "50 万元以内"}, {"50-200", "50—200 万元"},
	{"200-1000", "200—1000 万元"}, {"1000-", "1000 万元以上"}}

// bandOptions offers the bands, and the one that an address made up.
func bandOptions(ctx context.Context, list []band, chosen string) []ui.Option {
	out := []ui.Option{{Text: i18n.T(ctx, "全部")}}
	known := chosen == ""
	for _, b := range list {
		known = known || b.value == chosen
		out = append(out, ui.Option{Value: b.value, Text: i18n.T(ctx, b.title)})
	}
	if !known {
		out = append(out, ui.Option{Value: chosen, Text: chosen})
	}
	return out
}

// bandTitle names a band, the numbers themselves when it has no name.
func bandTitle(ctx context.Context, list []band, value string) string {
	for _, b := range list {
		if b.value == value {
			return i18n.T(ctx, b.title)
		}
	}
	return value
}

// freshChoices filter by how fresh a post is.
var freshChoices = []market.Choice{{Value: "1", Title: "近期确认过"}, {Value: "due", Title: "待重新确认"}}

// typeChoices are the sorts of needs and of achievements.
func typeChoices(kind string) []market.Choice {
	switch market.Kind(kind) {
	case market.Need:
		return market.NeedKinds()
	case market.Achievement:
		return market.ResultKinds()
	}
	return slices.Concat(market.NeedKinds(), market.ResultKinds())
}

// stateChoices are what the filter of states offers. Visitors choose among what can be seen.
func stateChoices(kind string, all bool) []market.Choice {
	out := []market.Choice{{Value: stateLive, Title: "在市场上"}}
	for _, s := range states(market.Kind(kind)) {
		if all || slices.Contains(publicStates, s.Value) {
			out = append(out, s)
		}
	}
	return out
}

// maxQuery bounds a keyword, in characters.
const maxQuery = 100

// wrong collects what an address asks for that there is not.
type wrong struct{ list []fault.Field }

func (w *wrong) bad(field, key string, args ...any) {
	w.list = append(w.list, fault.At(field, key, args...))
}

func (w *wrong) choice(field, v string, list []market.Choice) {
	if v != "" && market.TitleOf(list, v) == "" {
		w.bad(field, "没有“%s”这个选项", short(v))
	}
}

// span reads from and to, 0 where an end is left out.
func (w *wrong) span(field, v string) (from, to int64) {
	if v == "" {
		return 0, 0
	}
	a, b, ok := strings.Cut(v, "-")
	read := func(s string) int64 {
		if s == "" {
			return 0
		}
		n, err := strconv.ParseInt(s, 10, 32)
		ok = ok && err == nil && n >= 0
		return n
	}
	from, to = read(a), read(b)
	if !ok || to != 0 && to < from {
		w.bad(field, "范围应写作 4-6，可以只写一端")
		return 0, 0
	}
	return from, to
}

// filter checks the query and returns what it asks the room for.
func (h *Handler) filter(q PostQuery) (market.PostFilter, error) {
	return q.Filter(func(c region.Code) bool { return h.deps.Dict.Has(dict.Regions, string(c), "") })
}

// Filter checks the query and returns what it asks the room for; known says which places there are.
func (q PostQuery) Filter(known func(region.Code) bool) (market.PostFilter, error) {
	var w wrong
	if !utf8.ValidString(q.Q) || utf8.RuneCountInString(q.Q) > maxQuery {
		w.bad("q", "关键词最多 %d 个字", maxQuery)
	}
	w.choice("kind", q.Kind, market.Kinds())
	w.choice("field", q.Field, market.Fields())
	w.choice("type", q.Type, typeChoices(""))
	w.choice("mode", q.Mode, market.ModeChoices())
	w.choice("sixNew", q.SixNew, market.SixNews())
	w.choice("fresh", q.Fresh, freshChoices)
	if q.State != stateAll {
		w.choice("state", q.State, stateChoices("", true))
	}
	if q.Region != "" && !known(region.Code(q.Region)) {
		w.bad("region", "行政区划代码 %s 不在现行代码表中", short(q.Region))
	}
	f := market.PostFilter{Query: q.Q, Kind: market.Kind(q.Kind), Field: q.Field, Sort: q.Type, Mode: q.Mode,
		Region: region.Code(q.Region), SixNew: q.SixNew, Org: q.Org, State: q.State,
		Fresh: q.Fresh == "1", Due: q.Fresh == "due"}
	switch q.State {
	case "", stateLive:
		f.State, f.Live = "", true
	case stateAll:
		f.State = ""
	}
	from, to := w.span("trl", q.TRL)
	f.TRLFrom, f.TRLTo = int(from), int(to)
	from, to = w.span("price", q.Price)
	f.PriceLoFen, f.PriceHiFen = money.Fen(from)*wanFen, money.Fen(to)*wanFen
	return f, fault.Fields(w.list...)
}

// wanFen is 1 万元.
const wanFen = 1_000_000

// listFields reads the query of the list that a post was opened from.
func listFields(r *http.Request) (PostQuery, bool) {
	v, err := url.ParseQuery(listOf(r))
	return readQuery(v.Get), err == nil && len(v) > 0
}
