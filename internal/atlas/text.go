package atlas

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Text writes a query as Parse reads it. With names, places are called by their names.
func (q Query) Text(names Names) string {
	var parts []string
	titles := func(values []string, list []Choice) []string {
		var out []string
		for _, v := range values {
			for _, c := range list {
				if c.Value == v {
					out = append(out, quote(c.Title))
				}
			}
		}
		return out
	}
	add := func(key string, values []string) {
		if len(values) > 0 {
			parts = append(parts, keyName(key)+":"+strings.Join(values, ","))
		}
	}
	add(paramKind, titles(q.Kinds, Kinds()))
	add(paramRegion, placeWords(q.Regions, names))
	add(keyOutside, placeWords(q.Outside, names))
	add(paramField, titles(q.Fields, Fields()))
	add(paramSix, titles(q.Six, SixNews()))
	add(paramGap, titles(q.Gaps, Gaps()))
	for _, d := range []struct {
		key string
		day clock.Date
	}{{paramFrom, q.From}, {paramTo, q.To}, {paramSince, q.Since}, {paramAsOf, q.AsOf}, {paramAsOfTo, q.AsOfTo}} {
		if d.day != "" {
			parts = append(parts, keyName(d.key)+":"+string(d.day))
		}
	}
	if !q.Box.empty() {
		add(paramBox, []string{q.Box.String()})
	}
	for _, group := range q.AnyOf {
		words := make([]string, len(group))
		for i, w := range group {
			words[i] = quoteIn(w, needsQuotes+parensOpen+parensClose)
		}
		parts = append(parts, keyName(keyWord)+":("+strings.Join(words, "|")+")")
	}
	for _, w := range q.Words {
		parts = append(parts, quote(w))
	}
	return strings.Join(parts, " ")
}

// keyName is the name under which a field is written.
func keyName(key string) string {
	for _, k := range keyWords {
		if k.key == key {
			return k.words[0]
		}
	}
	return key
}

// placeWords names places where the name leads back to the same code.
func placeWords(codes []region.Code, names Names) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
		if names == nil {
			continue
		}
		name := names.Name(c)
		if back, ok := names.Find(name); ok && back == c && !strings.ContainsAny(name, needsQuotes+quotes) {
			out[i] = name
		}
	}
	return out
}

func quote(word string) string { return quoteIn(word, needsQuotes) }

func quoteIn(word, signs string) string {
	if strings.ContainsAny(word, signs) {
		return `"` + word + `"`
	}
	return word
}

// Address writes a query as parameters of an address: one value of a field as its parameter, the rest
// as text. FromAddress reads it back.
func (q Query) Address(names Names) url.Values {
	v, rest := url.Values{}, q
	one := func(param string, list *[]string) {
		if len(*list) == 1 {
			v.Set(param, (*list)[0])
			*list = nil
		}
	}
	one(paramKind, &rest.Kinds)
	one(paramField, &rest.Fields)
	one(paramSix, &rest.Six)
	if len(rest.Regions) == 1 {
		v.Set(paramRegion, string(rest.Regions[0]))
		rest.Regions = nil
	}
	for param, day := range map[string]*clock.Date{paramFrom: &rest.From, paramTo: &rest.To,
		paramSince: &rest.Since, paramAsOf: &rest.AsOf, paramAsOfTo: &rest.AsOfTo} {
		if *day != "" {
			v.Set(param, string(*day))
			*day = ""
		}
	}
	if text := rest.Text(names); text != "" {
		v.Set(paramText, text)
	}
	return v
}

// Part is one condition of a query in words, with the query that leaves it out.
type Part struct {
	Text    string
	Without Query
}

// Parts are the conditions of a query in the language of ctx, for chips that can be taken off.
func (q Query) Parts(ctx context.Context, names Names) []Part {
	var out []Part
	add := func(name string, values []string, drop func(*Query)) {
		if len(values) == 0 {
			return
		}
		rest := q
		drop(&rest)
		out = append(out, Part{i18n.T(ctx, name) + i18n.T(ctx, "：") + strings.Join(values, i18n.T(ctx, "、")), rest})
	}
	titles := func(values []string, list []Choice) []string {
		var out []string
		for _, c := range list {
			for _, v := range values {
				if c.Value == v {
					out = append(out, i18n.T(ctx, c.Title))
				}
			}
		}
		return out
	}
	places := func(codes []region.Code) []string {
		out := make([]string, len(codes))
		for i, c := range codes {
			out[i] = string(c)
			if names != nil {
				out[i] = names.Name(c)
			}
		}
		return out
	}
	add("类型", titles(q.Kinds, Kinds()), func(x *Query) { x.Kinds = nil })
	add("地区", places(q.Regions), func(x *Query) { x.Regions = nil })
	add("地区外", places(q.Outside), func(x *Query) { x.Outside = nil })
	add("领域", titles(q.Fields, Fields()), func(x *Query) { x.Fields = nil })
	add("六新", titles(q.Six, SixNews()), func(x *Query) { x.Six = nil })
	add("缺", titles(q.Gaps, Gaps()), func(x *Query) { x.Gaps = nil })
	day := func(name string, d clock.Date, drop func(*Query)) {
		if d != "" {
			add(name, []string{string(d)}, drop)
		}
	}
	day("出现自", q.From, func(x *Query) { x.From = "" })
	day("出现至", q.To, func(x *Query) { x.To = "" })
	day("变更自", q.Since, func(x *Query) { x.Since = "" })
	day("确认自", q.AsOf, func(x *Query) { x.AsOf = "" })
	day("确认至", q.AsOfTo, func(x *Query) { x.AsOfTo = "" })
	if !q.Box.empty() {
		add("范围", []string{q.Box.String()}, func(x *Query) { x.Box = Box{} })
	}
	for i, group := range q.AnyOf {
		add("含任一词", group, func(x *Query) { x.AnyOf = slices.Delete(slices.Clone(q.AnyOf), i, i+1) })
	}
	add("含词", q.Words, func(x *Query) { x.Words = nil })
	return out
}
