package atlas

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Names knows places by their names.
type Names interface {
	// Find returns the code of a place; false when there is none of that name, or several.
	Find(name string) (region.Code, bool)
	// Name is how a place is called among people at home.
	Name(region.Code) string
}

// The fields of the input, for faults.
const (
	paramText   = "q"
	paramKind   = "kind"
	paramRegion = "region"
	paramField  = "field"
	paramSix    = "six"
	paramGap    = "gap"
	paramFrom   = "from"
	paramTo     = "to"
	paramSince  = "since"
	paramAsOf   = "asof"
	paramAsOfTo = "asofto"
	paramBox    = "box"
	// These two are written in the text only.
	keyOutside = "outside"
	keyWord    = "word"
)

// Params are the parameters of an address that make up a query.
func Params() []string {
	return []string{paramText, paramKind, paramRegion, paramField, paramSix, paramGap, paramFrom, paramTo,
		paramSince, paramAsOf, paramAsOfTo, paramBox}
}

// term is a piece of a query: a field with its values, or words.
type term struct {
	at     int // of its first character, from 1
	key    string
	colon  bool
	parens bool // stand around the values
	values []string
}

// Parse reads a query from text: 类型:企业 地区:小店区,迎泽区 六新:新材料 自:2026-01-01 碳纤维. Words
// narrow one by one; of 词:(半导体|芯片) one will do, and a second 词: narrows again. Everything that is
// wrong is a fault of field q that says at which character and what would do.
func Parse(text string, names Names) (Query, error) {
	p := parser{names: names}
	if n := utf8.RuneCountInString(text); n > MaxText {
		return Query{}, fault.Fields(fault.At(paramText, "最多 %d 个字，现有 %d 个", MaxText, n))
	}
	for _, t := range p.terms(text) {
		p.term(t)
	}
	return p.done()
}

// FromAddress reads a query from the parameters of an address: q as text, and one parameter for each
// field, whose values are separated by commas or given several times.
func FromAddress(v url.Values, names Names) (Query, error) {
	p := parser{names: names}
	text := strings.Join(v[paramText], " ")
	if n := utf8.RuneCountInString(text); n > MaxText {
		return Query{}, fault.Fields(fault.At(paramText, "最多 %d 个字，现有 %d 个", MaxText, n))
	}
	for _, t := range p.terms(text) {
		p.term(t)
	}
	for _, param := range Params()[1:] {
		p.field = param
		for _, list := range v[param] {
			for _, value := range strings.FieldsFunc(list, isSeparator) {
				if value = strings.TrimSpace(value); value != "" {
					p.given = append(p.given, param)
					p.value(param, firstRunes(value, maxWord), 0)
				}
			}
		}
	}
	return p.done()
}

func isSeparator(r rune) bool { return strings.ContainsRune(separators, r) }

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}

// parser collects a query and what is wrong with it.
type parser struct {
	names Names
	field string   // of the input that is being read, "" = the text
	given []string // parameters of the address that had a value
	q     Query
	wrong []fault.Field
}

func (p *parser) done() (Query, error) {
	q := p.q.normal()
	p.order(q.From, q.To, paramFrom, paramTo)
	p.order(q.AsOf, q.AsOfTo, paramAsOf, paramAsOfTo)
	p.field = ""
	if len(q.Words) > maxWords {
		p.add("最多 %d 个词", maxWords)
	}
	if len(q.AnyOf) > maxGroups {
		p.add("最多 %d 组任一词", maxGroups)
	}
	p.at(paramRegion)
	if len(q.Regions) > maxValues || len(q.Outside) > maxValues {
		p.add("最多 %d 个地区", maxValues)
	}
	if len(p.wrong) > 0 {
		return Query{}, fault.Fields(p.wrong...)
	}
	return q, nil
}

// order proves that a span does not end before it begins.
func (p *parser) order(from, to clock.Date, fromParam, toParam string) {
	if len(p.wrong) == 0 && from != "" && to != "" && to < from {
		p.at(toParam, fromParam)
		p.add("止日早于起日")
	}
}

// at puts faults at the first of these parameters that the address has, or else at the text.
func (p *parser) at(params ...string) {
	p.field = ""
	for _, param := range params {
		if slices.Contains(p.given, param) {
			p.field = param
			return
		}
	}
}

// bad says what is wrong with a word, and where it stands when it came in the text.
func (p *parser) bad(at int, word string, key i18n.Key) {
	if at == 0 {
		p.add(string(key))
		return
	}
	p.add("第 %d 个字“%s”：%s", at, firstRunes(word, 12), key)
}

func (p *parser) add(key string, args ...any) {
	const most = 5 // more is no help
	field := p.field
	if field == "" {
		field = paramText
	}
	if len(p.wrong) < most {
		p.wrong = append(p.wrong, fault.At(field, key, args...))
	}
}

// terms cuts a text at blanks outside of quotes.
func (p *parser) terms(text string) []term {
	var out []term
	runes := []rune(strings.ToValidUTF8(text, "\uFFFD"))
	for i := 0; i < len(runes); {
		if unicode.IsSpace(runes[i]) || unicode.IsControl(runes[i]) {
			i++
			continue
		}
		t, next := p.next(runes, i)
		out = append(out, t)
		i = next
	}
	return out
}

// next reads the term that begins at i.
func (p *parser) next(runes []rune, i int) (term, int) {
	t := term{at: i + 1}
	var word []rune
	end := func() {
		if len(word) > 0 {
			t.values = append(t.values, string(word))
		}
		word = nil
	}
	for i < len(runes) && !unicode.IsSpace(runes[i]) && !unicode.IsControl(runes[i]) {
		r := runes[i]
		i++
		switch close, opens := closing[r]; {
		case opens:
			from := i
			for i < len(runes) && runes[i] != close {
				i++
			}
			word = append(word, runes[from:i]...)
			i++ // behind the quote, or the end of the text
		case t.colon && !t.parens && len(word)+len(t.values) == 0 && strings.ContainsRune(parensOpen, r):
			t.parens = true
		case t.parens && strings.ContainsRune(parensClose, r) && (i == len(runes) || unicode.IsSpace(runes[i])):
			// the end of them
		case !t.colon && len(t.values) == 0 && strings.ContainsRune(colons, r):
			t.key, t.colon, word = string(word), true, nil
		case t.colon && isSeparator(r):
			end()
		default:
			word = append(word, r)
		}
	}
	end()
	return t, min(i, len(runes))
}

func (p *parser) term(t term) {
	if !t.colon {
		for _, w := range t.values {
			p.word(w, t.at)
		}
		return
	}
	key := keyOf(t.key)
	if key == "" {
		p.bad(t.at, t.key, "没有这个筛选项，可用：词、类型、地区、地区外、领域、六新、缺、自、至、变更、确认自、确认至、范围")
		return
	}
	if len(t.values) == 0 {
		p.bad(t.at, t.key, "冒号后面要写内容")
		return
	}
	if len(t.values) > maxValues {
		p.add("第 %d 个字起：一个筛选项最多 %d 个值", t.at, maxValues)
		return
	}
	if key == keyWord {
		p.group(t)
		return
	}
	for _, v := range t.values {
		p.value(key, strings.TrimSpace(v), t.at)
	}
}

func keyOf(word string) string {
	word = fold(word)
	for _, k := range keyWords {
		for _, w := range k.words {
			if fold(w) == word {
				return k.key
			}
		}
	}
	return ""
}

// group adds words of which title or code must hold one.
func (p *parser) group(t term) {
	if len(t.values) > maxAny {
		p.add("第 %d 个字起：一组最多 %d 个词", t.at, maxAny)
		return
	}
	before := p.q.Words
	p.q.Words = nil
	for _, w := range t.values {
		p.word(w, t.at)
	}
	p.q.AnyOf, p.q.Words = append(p.q.AnyOf, p.q.Words), before
}

// word adds a word that title or code must hold.
func (p *parser) word(w string, at int) {
	w = strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(quotes, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, w))
	switch {
	case w == "" || fold(w) == "":
	case utf8.RuneCountInString(w) > maxWord:
		p.add("第 %d 个字起：一个词最多 %d 个字", at, maxWord)
	default:
		p.q.Words = append(p.q.Words, fold(w))
	}
}

// value adds a value of a field. at is 0 for one that did not come in the text.
func (p *parser) value(key, v string, at int) {
	switch key {
	case paramKind:
		p.kind(v, at)
	case paramRegion:
		p.region(&p.q.Regions, v, at)
	case keyOutside:
		p.region(&p.q.Outside, v, at)
	case paramField:
		p.choice(&p.q.Fields, v, at, Fields(), fieldWords, "没有这个技术领域")
	case paramSix:
		p.choice(&p.q.Six, v, at, SixNews(), nil, "六新为：新基建、新技术、新材料、新装备、新产品、新业态")
	case paramGap:
		p.choice(&p.q.Gaps, v, at, Gaps(), gapWords, "可写：缺:区县、缺:领域、缺:六新、缺:坐标、缺:地点、缺:公开内容")
	case paramFrom:
		p.day(&p.q.From, v, at)
	case paramTo:
		p.day(&p.q.To, v, at)
	case paramSince:
		p.day(&p.q.Since, v, at)
	case paramAsOf:
		p.day(&p.q.AsOf, v, at)
	case paramAsOfTo:
		p.day(&p.q.AsOfTo, v, at)
	case paramBox:
		p.box(v, at)
	}
}

func (p *parser) kind(v string, at int) {
	if one := find(Kinds(), v); one != "" {
		p.q.Kinds = append(p.q.Kinds, one)
		return
	}
	for name, kinds := range kindWords {
		if fold(name) == fold(v) {
			p.q.Kinds = append(p.q.Kinds, kinds...)
			return
		}
	}
	p.bad(at, v, "没有这种类型，可用：企业、高等学校、科研院所、服务机构、园区、平台、需求、成果、对接、人才等")
}

func (p *parser) choice(
	to *[]string, v string, at int, list []Choice, words map[string]string, key i18n.Key,
) {
	one := find(list, v)
	if one == "" {
		one = words[fold(v)]
	}
	if one == "" {
		p.bad(at, v, key)
		return
	}
	*to = append(*to, one)
}

// find returns the value of a list that a text means: the value itself or a title in either language.
func find(list []Choice, text string) string {
	text = fold(text)
	for _, c := range list {
		if text == fold(c.Value) || text == fold(c.Title) || text == fold(i18n.Text(i18n.EN, c.Title)) {
			return c.Value
		}
	}
	return ""
}

func (p *parser) region(to *[]region.Code, v string, at int) {
	if code, err := region.Parse(v); err == nil {
		*to = append(*to, code)
		return
	}
	if p.names != nil {
		if code, ok := p.names.Find(v); ok {
			*to = append(*to, code)
			return
		}
	}
	p.bad(at, v, "没有找到这个地区，或同名的不止一个；可写 6 位行政区划代码")
}

func (p *parser) day(to *clock.Date, v string, at int) {
	d := clock.Date(fold(v))
	if !d.Valid() {
		p.bad(at, v, "日期应写作 2026-11-20")
		return
	}
	if *to != "" && *to != d {
		p.bad(at, v, "这个日期写了两次")
		return
	}
	*to = d
}

func (p *parser) box(v string, at int) {
	b, ok := parseBox(v)
	switch {
	case !ok:
		p.bad(at, v, boxFault)
	case !p.q.Box.empty() && p.q.Box != b:
		p.bad(at, v, "范围写了两次")
	default:
		p.q.Box = b
	}
}
