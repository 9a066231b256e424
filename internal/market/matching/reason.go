package matching

import (
	"fmt"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Reason is one thing that speaks for a match or against it.
type Reason struct {
	Kind string `json:"kind"` // words, synonyms, meaning, parameter, field …
	For  bool   `json:"for"`
	Zh   string `json:"zh"`
	En   string `json:"en"`
	// Points is what it adds to the score or takes from it, in hundredths; words and meaning are the
	// score itself and have none.
	Points float64 `json:"points,omitempty"`
}

// In returns the reason in a language.
func (r Reason) In(l i18n.Lang) string {
	if l == i18n.EN {
		return r.En
	}
	return r.Zh
}

// words turns the engine's reasons into ours.
func words(list []retrieval.Reason) []Reason {
	var out []Reason
	for _, r := range list {
		out = append(out, Reason{Kind: string(r.Kind), For: r.For, Zh: r.Zh, En: r.En})
	}
	return out
}

// say makes a reason of a text in both languages.
func say(kind string, good bool, points float64, key string, args ...any) Reason {
	return Reason{Kind: kind, For: good, Points: points, Zh: i18n.Text(i18n.ZH, key, args...),
		En: i18n.Text(i18n.EN, key, args...)}
}

// bare is a reason without words, for the score alone.
func bare(kind string, good bool, points float64) Reason {
	return Reason{Kind: kind, For: good, Points: points}
}

// Sentence puts reasons into one sentence.
func Sentence(l i18n.Lang, reasons []Reason) string {
	list := make([]retrieval.Reason, len(reasons))
	for i, r := range reasons {
		list[i] = retrieval.Reason{For: r.For, Zh: r.Zh, En: r.En}
	}
	zh, en := retrieval.Sentence(list)
	if l == i18n.EN {
		return en
	}
	return zh
}

// percent is a score as people read it: 0 to 100.
func percent(score float64) string { return fmt.Sprintf("%.0f", 100*max(0, min(1, score))) }
