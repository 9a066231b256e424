// Package i18n gives people-facing text in Chinese and English.
//
// The Chinese source text is the key, so code and templates read as the page does. Each package
// registers the English of its own texts in a file en.go; a text without English falls back to
// Chinese, and a test walks the whole source for texts that are missing or no longer used.
package i18n

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Lang is a language of the interface, as written in the lang attribute of a page.
type Lang string

// The languages. The zero value reads as Chinese.
const (
	ZH Lang = "zh-CN"
	EN Lang = "en"
)

// Parse returns the language for a user's choice ("zh", "zh-CN", "en", "en-GB" …), Chinese unless
// it is clearly English.
func Parse(s string) Lang {
	if len(s) >= 2 && (s[:2] == "en" || s[:2] == "EN") {
		return EN
	}
	return ZH
}

type ctxKey struct{}

// With returns a context in which T speaks l.
func With(ctx context.Context, l Lang) context.Context {
	return context.WithValue(ctx, ctxKey{}, l)
}

// From returns the language of ctx, Chinese when none was set.
func From(ctx context.Context) Lang {
	if l, ok := ctx.Value(ctxKey{}).(Lang); ok && l == EN {
		return EN
	}
	return ZH
}

// english is filled while packages initialise and only read afterwards.
var english = map[string]string{}

// English registers translations. Two packages may register the same text with the same English. A
// different one is a mistake that TestEveryTextHasEnglish names; a program that has it keeps the
// first and runs.
func English(m map[string]string) bool {
	for zh, en := range m {
		if _, ok := english[zh]; !ok {
			english[zh] = en
		}
	}
	return true
}

// Has reports whether zh has English text.
func Has(zh string) bool {
	_, ok := english[zh]
	return ok
}

// T returns the text in the language of ctx with args filled in.
func T(ctx context.Context, zh string, args ...any) string {
	return Text(From(ctx), zh, args...)
}

// Text returns the text in language l with args filled in. An argument of type Key is itself
// translated first, and one that is a Sentence says itself in the language.
func Text(l Lang, zh string, args ...any) string {
	s := zh
	if l == EN {
		if en, ok := english[zh]; ok {
			s = en
		}
	}
	if len(args) == 0 {
		return s
	}
	filled := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case Key:
			a = Text(l, string(v))
		case Sentence:
			a = v.Text(l == EN)
		}
		filled[i] = a
	}
	return fmt.Sprintf(s, filled...)
}

// Key is an argument that is itself a text to translate, such as a role or a column title.
type Key string

// Sentence is an argument that brings its own texts, such as what is wrong with a formula.
type Sentence interface {
	Text(english bool) string
}

// Both is a Sentence that was made in both languages, such as the reason of a match.
type Both struct{ Zh, En string }

// Text returns it in one of them.
func (b Both) Text(english bool) string {
	if english {
		return b.En
	}
	return b.Zh
}

// Fault returns the public message of e in language l.
func Fault(l Lang, e *fault.Error) string { return Text(l, e.Key, e.Args...) }

// FieldText returns the public message of one field in language l.
func FieldText(l Lang, f fault.Field) string { return Text(l, f.Key, f.Args...) }

// Error returns what a person may read about err: a fault's message, or a general sentence.
func Error(l Lang, err error) string {
	if e, ok := fault.As(err); ok {
		return Fault(l, e)
	}
	return Text(l, "系统内部错误，请稍后再试")
}

// All returns a copy of the registered translations, for the completeness test.
func All() map[string]string {
	out := make(map[string]string, len(english))
	for k, v := range english {
		out[k] = v
	}
	return out
}
