package market

import (
	"regexp"
	"strconv"
	"sync"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// secretPatterns are secretMarks, compiled once.
var secretPatterns = sync.OnceValue(func() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(secretMarks))
	for i, m := range secretMarks {
		out[i] = regexp.MustCompile(m.pattern)
	}
	return out
})

// secretIn refuses a text that carries a mark of state secrets or of inner use, and says where: such a
// text must not be in this system at all.
func secretIn(f *faults, field, text string) {
	if text == "" {
		return
	}
	flat := string(hanzi.Fold(text).Runes)
	if !hasAny(flat, secretSigns) {
		return // most of the thousands of texts of an import
	}
	for i, p := range secretPatterns() {
		if m := p.FindStringSubmatch(flat); m != nil {
			f.add(field, "文中有%s“%s”：本系统不得存储、处理涉密或内部信息，请核实后删去",
				i18n.Key(secretMarks[i].what), firstRunes(tidy(m[1]), maxKeyword))
			return
		}
	}
}

// Public returns, at its field, why a text may not stand where everybody reads it: for the other rooms of
// the market. It carries a mark of secrecy, or a phone or mail although the form has a field for them, whose
// title contacts is; "" = it has none.
func Public(field, text, contacts string) []fault.Field {
	var f faults
	secretIn(&f, field, text)
	if len(f) > 0 || contacts == "" {
		return f
	}
	flat := string(hanzi.Fold(text).Runes)
	found := mailText.FindString(flat)
	if m := phoneText.FindStringSubmatch(flat); m != nil {
		found = m[1]
	}
	if found != "" {
		f.add(field, "请不要在这里写电话或邮箱（%s），联系方式填在“%s”栏", found, i18n.Key(contacts))
	}
	return f
}

// reachable refuses a phone or mail in a text that others read: contacts have fields of their own and
// are handed out after consent.
func reachable(f *faults, field, text string) {
	flat := string(hanzi.Fold(text).Runes)
	if m := phoneText.FindStringSubmatch(flat); m != nil {
		f.add(field, "请不要在这里写电话（%s），联系方式填在联系人栏，双方同意后才会提供", m[1])
	} else if m := mailText.FindString(flat); m != "" {
		f.add(field, "请不要在这里写邮箱（%s），联系方式填在联系人栏，双方同意后才会提供", m)
	}
}

// SecretMark says at a field that a text carries a mark of secrecy, as a post is refused for it; nil for
// none. Rooms that keep texts about posts ask it.
func SecretMark(field, text string) []fault.Field {
	var f faults
	secretIn(&f, field, text)
	return f
}

// ContactIn says at a field that a text has a phone or mail; nil for none. Rooms whose texts are read
// before both sides consent to exchange contacts ask it.
func ContactIn(field, text string) []fault.Field {
	var f faults
	reachable(&f, field, text)
	return f
}

// classified refuses texts that may not be here, at their fields.
func classified(f *faults, d PostData) {
	check := func(field, text string) {
		if !f.has(field) {
			secretIn(f, field, text)
		}
		if !f.has(field) {
			reachable(f, field, text)
		}
	}
	for _, x := range []struct{ field, text string }{
		{"title", d.Title}, {"text", d.Text}, {"service", d.Service}, {"current", d.Current},
		{"chain", d.Chain}, {"values.science", d.Values.Science},
		{"values.technology", d.Values.Technology}, {"values.economy", d.Values.Economy},
		{"values.society", d.Values.Society}, {"values.culture", d.Values.Culture},
	} {
		check(x.field, x.text)
	}
	for i, k := range d.Keywords {
		check("keywords."+strconv.Itoa(i), k)
	}
	for i, p := range d.Proofs {
		check("proofs."+strconv.Itoa(i)+".text", p.Text)
	}
	for i, r := range d.Rights {
		check("rights."+strconv.Itoa(i)+".title", r.Title)
		check("rights."+strconv.Itoa(i)+".holder", r.Holder)
	}
	for i, p := range d.Parameters {
		check("parameters."+strconv.Itoa(i)+".name", p.Name)
		check("parameters."+strconv.Itoa(i)+".unit", p.Unit)
	}
}
