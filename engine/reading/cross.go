package reading

import (
	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Named is a document's result with the name people know it by.
type Named struct {
	Name string
	Result
}

// Conflict is one indicator of one subject and period with two values in two documents.
type Conflict struct {
	Indicator, Subject, From, To string
	A, B                         Place
}

// Place is a statement of a document.
type Place struct {
	Document  int // index in the arguments of CrossCheck
	Statement int // index in its Statements
}

// Text is the conflict in words, in English if english, else in Chinese.
func (c Conflict) Text(docs []Named, english bool) string {
	a, b := docs[c.A.Document], docs[c.B.Document]
	x, y := a.Statements[c.A.Statement], b.Statements[c.B.Statement]
	return ruleText("check.across", []string{c.Indicator, a.Name, x.Value + x.Unit, b.Name,
		y.Value + y.Unit}, english)
}

// CrossCheck finds facts that documents state differently: the same indicator, subject, measure and
// period, exact in both, with different values. Each conflict is named once, against the first
// document that states the fact. Targets are compared too, with targets.
func CrossCheck(docs ...Named) []Conflict {
	type key struct{ kind, subject, indicator, measure, from, to string }
	first := map[key]Place{}
	var out []Conflict
	for d, doc := range docs {
		for i, s := range doc.Statements {
			if s.Kind == Task || s.Measure == Date || s.Op != string(hanzi.Exactly) || s.To == "" {
				continue
			}
			if s.From == "" && s.To == doc.Document.Date.String() {
				continue // as of each document's own day
			}
			k := key{s.Kind, s.Subject, s.Indicator, s.Measure, s.From, s.To}
			p, ok := first[k]
			if !ok {
				first[k] = Place{d, i}
				continue
			}
			if p.Document == d {
				continue
			}
			if o := docs[p.Document].Statements[p.Statement]; !sameAmount(o, s) {
				out = append(out, Conflict{s.Indicator, s.Subject, s.From, s.To, p, Place{d, i}})
			}
		}
	}
	return out
}

// sameAmount says that two statements have one value, whatever the unit. Values that do not convert
// into each other are not compared.
func sameAmount(a, b Statement) bool {
	x, okX := parseDecimal(a.Value)
	y, okY := parseDecimal(b.Value)
	if !okX || !okY {
		return true
	}
	if a.Unit == b.Unit {
		return x.Equal(y)
	}
	v, ok := hanzi.Convert(x, a.Unit, b.Unit)
	return !ok || v.Equal(y)
}

// parseDecimal reads a value that decimal wrote.
func parseDecimal(s string) (hanzi.Decimal, bool) {
	n := int64(0)
	exp, point, neg := 0, false, false
	for i, c := range s {
		switch {
		case c == '-' && i == 0:
			neg = true
		case c == '.' && !point:
			point = true
		case c >= '0' && c <= '9' && n < 1e17:
			n = n*10 + int64(c-'0')
			if point {
				exp--
			}
		default:
			return hanzi.Decimal{}, false
		}
	}
	if neg {
		n = -n
	}
	return hanzi.Scaled(n, exp), s != ""
}
