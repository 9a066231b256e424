package reading

import (
	"strconv"
	"strings"
)

// Reason says why a statement was found: the rule's name and the words it saw.
type Reason struct {
	Rule  string   // a key of the table of texts: level, growth, rank …
	Words []string // the words that fired it, in text order
}

// Text is the reason in words, in English if english, else in Chinese.
func (r Reason) Text(english bool) string { return ruleText(r.Rule, r.Words, english) }

// Check is the outcome of an arithmetic check. The zero Check says that nothing could be checked.
type Check struct {
	OK    bool     // the figures agree
	Rule  string   // a key of the table of texts, or "" without a check
	Words []string // its figures
}

// String is the check as the specification writes it: "ok: …", "doubt: …" or "".
func (c Check) String() string {
	if c.Rule == "" {
		return ""
	}
	if c.OK {
		return "ok: " + c.Text(false)
	}
	return "doubt: " + c.Text(false)
}

// Text is the check in words, in English if english, else in Chinese.
func (c Check) Text(english bool) string { return ruleText(c.Rule, c.Words, english) }

func ruleText(rule string, words []string, english bool) string {
	texts, ok := ruleTexts[rule]
	if !ok {
		return ""
	}
	text, all := texts[0], strings.Join(words, "、")
	if english {
		text, all = texts[1], strings.Join(words, ", ")
	}
	pairs := []string{"{*}", all}
	for i := range 8 {
		w := ""
		if i < len(words) {
			w = words[i]
		}
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", w)
	}
	return strings.TrimRight(strings.NewReplacer(pairs...).Replace(text), "：: ")
}

func itoa(n int) string { return strconv.Itoa(n) }
