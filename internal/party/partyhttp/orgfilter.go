package partyhttp

import (
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

// OrgQuery is a filter of the list as an address says it. Both doors read it.
type OrgQuery struct {
	Q        string `query:"q" doc:"words of a name or credit code"`
	Kind     string `query:"kind" doc:"sort of organisation"`
	Region   string `query:"region" doc:"GB/T 2260 code, with everything inside"`
	Industry string `query:"industry" doc:"GB/T 4754 code, with everything below"`
	Standing string `query:"standing" doc:"registration state"`
	State    string `query:"state" doc:"state of the record"`
	From     string `query:"from" doc:"changed on this day or later, 2006-01-02"`
	To       string `query:"to" doc:"changed on this day or earlier"`
	Sort     string `query:"sort" enum:"name,updated,created,region"`
}

// filterNames are the names of the filter in the address, in their order.
var filterNames = []string{
	"q", "kind", "region", "industry", "standing", "state", "from", "to", "sort",
}

func readOrgQuery(get func(string) string) OrgQuery {
	return OrgQuery{
		Q: strings.TrimSpace(get("q")), Kind: get("kind"), Region: get("region"),
		Industry: get("industry"), Standing: get("standing"), State: get("state"),
		From: get("from"), To: get("to"), Sort: get("sort"),
	}
}

func (q OrgQuery) value(name string) string {
	return map[string]string{
		"q": q.Q, "kind": q.Kind, "region": q.Region, "industry": q.Industry,
		"standing": q.Standing, "state": q.State, "from": q.From, "to": q.To, "sort": q.Sort,
	}[name]
}

func (q OrgQuery) filtered() bool {
	q.Sort = ""
	return q != OrgQuery{}
}

const maxQuery = 100 // characters

// filter checks the query and returns what it asks the room for.
func (h *Handler) filter(q OrgQuery) (party.OrgFilter, error) {
	var wrong []fault.Field
	bad := func(field, key string, args ...any) {
		wrong = append(wrong, fault.At(field, key, args...))
	}
	if !utf8.ValidString(q.Q) || utf8.RuneCountInString(q.Q) > maxQuery {
		bad("q", "关键词最多 %d 个字", maxQuery)
	}
	for _, c := range []struct {
		field, value string
		list         []party.Choice
	}{{"kind", q.Kind, party.OrgKinds()}, {"standing", q.Standing, party.Standings()},
		{"state", q.State, states}} {
		if c.value != "" && !known(c.list, c.value) {
			bad(c.field, "没有“%s”这个选项", short(c.value))
		}
	}
	if q.Region != "" && !h.dict.Has(dict.Regions, q.Region, "") {
		bad("region", "行政区划代码 %s 不在现行代码表中", short(q.Region))
	}
	if q.Industry != "" && !h.dict.Has(dict.Industries, q.Industry, "") {
		bad("industry", "行业代码 %s 不在国民经济行业分类中", short(q.Industry))
	}
	f := party.OrgFilter{
		Query: q.Q, Kind: q.Kind, Region: region.Code(q.Region), Industry: q.Industry,
		Standing: q.Standing, State: q.State,
	}
	f.FromUs, f.ToUs = days(q.From, q.To, bad)
	return f, fault.Fields(wrong...)
}

// days turns two days into the moments between which something happened; 0 = no bound.
func days(from, to string, bad func(field, key string, args ...any)) (fromUs, toUs int64) {
	const form = "日期应写作 2026-11-20"
	a, b := clock.Date(from), clock.Date(to)
	if from != "" && !a.Valid() {
		bad("from", form)
		return 0, 0
	}
	if to != "" && !b.Valid() {
		bad("to", form)
		return 0, 0
	}
	if from != "" && to != "" && b < a {
		bad("to", "结束日期早于开始日期")
		return 0, 0
	}
	if from != "" {
		fromUs = clock.Us(a.Start())
	}
	if to != "" {
		toUs = clock.Us(b.AddDays(1).Start())
	}
	return fromUs, toUs
}

func known(list []party.Choice, value string) bool {
	for _, c := range list {
		if c.Value == value {
			return true
		}
	}
	return false
}

// short keeps messages readable when somebody sends a page of text.
func short(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if runes := []rune(s); len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return s
}
