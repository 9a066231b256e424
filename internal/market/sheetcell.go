package market

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

// The cells of a table of posts that hold several things, as they are written and read again. What people
// wrote by older forms of them is read, too.

// choiceOf returns the value that a text means: its title in either language, in any width or case; "" for none.
func choiceOf(choices []Choice, text string) string {
	folded := strings.ToLower(width.Fold.String(tidy(text)))
	for _, c := range choices {
		for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
			if folded == strings.ToLower(width.Fold.String(i18n.Text(l, c.Title))) {
				return c.Value
			}
		}
	}
	return ""
}

// listCell writes several short words into a cell, with a mark between them, or each on a line of its own where
// a mark is part of one.
func listCell(list []string) string {
	if slices.ContainsFunc(list, func(s string) bool { return strings.ContainsAny(s, cellMarks) }) {
		return strings.Join(list, "\n")
	}
	return strings.Join(list, cellMark)
}

// splitCell splits a cell that names several things: at the ends of its lines where it has several, else at
// the marks.
func splitCell(cell string) []string {
	marks := cellMarks
	if strings.Contains(lines(cell), "\n") {
		marks = "\n"
	}
	var out []string
	for _, s := range strings.FieldsFunc(lines(cell), func(r rune) bool { return strings.ContainsRune(marks, r) }) {
		if s = tidy(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// cellLines splits a cell that holds several lines.
func cellLines(cell string) []string {
	return cellParts(cell, "\n；;")
}

func cellParts(cell, marks string) []string {
	var out []string
	for _, line := range strings.FieldsFunc(lines(cell), func(r rune) bool { return strings.ContainsRune(marks, r) }) {
		if line = tidy(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// written is how a thing stands in a cell, in a language.
type written[T any] func(x T, l i18n.Lang) string

// writeLines writes things into a cell, a line each.
func writeLines[T any](list []T, l i18n.Lang, say written[T]) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = say(x, l)
	}
	return strings.Join(out, "\n")
}

// readLines reads a cell that writeLines wrote or that people did. A line that says what one of was says, in
// either language, is that one, with all that a line does not show; of another, unless it has the marks of a
// right, each part between semicolons is read. It returns what cannot be read, too.
func readLines[T any](cell string, was []T, say written[T], read func(string) (T, bool)) (out []T, wrong []string) {
	used := make([]bool, len(was))
	same := func(line string) int {
		for i, x := range was {
			if !used[i] && (line == tidy(say(x, i18n.ZH)) || line == tidy(say(x, i18n.EN))) {
				return i
			}
		}
		return -1
	}
	for _, line := range cellParts(cell, "\n") {
		if i := same(line); i >= 0 {
			out, used[i] = append(out, was[i]), true
			continue
		}
		parts := []string{line}
		if !strings.ContainsAny(line, rightMarks) {
			parts = cellLines(line)
		}
		for _, part := range parts {
			x, ok := read(part)
			if !ok {
				wrong = append(wrong, part)
				continue
			}
			out = append(out, x)
		}
	}
	return out, wrong
}

var signOf = map[string]string{"≥": ">=", "≤": "<=", "≈": "~", ":": "=", "：": "="}

// parseParameter reads 漏检率≤0.5% and 延伸率=12~16%.
func parseParameter(s string) (Parameter, bool) {
	m := parameterForm.FindStringSubmatch(width.Fold.String(s))
	if m == nil {
		return Parameter{}, false
	}
	p := Parameter{Name: tidy(m[1]), Op: m[2], Value: m[3], Top: m[4], Unit: tidy(m[5])}
	if op, ok := signOf[p.Op]; ok {
		p.Op = op
	}
	if p.Top != "" {
		p.Op = "range"
	}
	return p, true
}

// Text writes an indicator as people write it and parseParameter reads it.
func (p Parameter) Text() string {
	switch p.Op {
	case "range":
		return p.Name + "=" + p.Value + "~" + p.Top + p.Unit
	case ">=":
		return p.Name + "≥" + p.Value + p.Unit
	case "<=":
		return p.Name + "≤" + p.Value + p.Unit
	case "~":
		return p.Name + "≈" + p.Value + p.Unit
	default:
		return p.Name + p.Op + p.Value + p.Unit
	}
}

func parameterCell(p Parameter, _ i18n.Lang) string { return p.Text() }

// rightMarks part the fields of a right: kind, number, title, state and holder.
const rightMarks = "|｜"

func rightCell(r Right, l i18n.Lang) string {
	return strings.Join([]string{i18n.Text(l, TitleOf(RightKinds(), r.Kind)), r.Number, r.Title,
		i18n.Text(l, TitleOf(RightStates(), r.State)), r.Holder}, "|")
}

// parseRight reads what rightCell wrote, or a number of intellectual property with the title behind it.
func parseRight(s string) (Right, bool) {
	if parts := splitKeeping(s, rightMarks); len(parts) >= 5 {
		last := len(parts) - 1
		r := Right{Kind: choiceOf(RightKinds(), parts[0]), Number: tidy(parts[1]),
			Title: tidy(strings.Join(parts[2:last-1], "|")), State: choiceOf(RightStates(), parts[last-1]),
			Holder: tidy(parts[last])}
		return r, r.Kind != "" && r.State != ""
	}
	s = width.Fold.String(s)
	m := rightText.FindStringSubmatchIndex(s)
	if m == nil {
		return Right{}, false
	}
	r, _ := readRight(func(n int) string {
		if m[2*n] < 0 {
			return ""
		}
		return s[m[2*n]:m[2*n+1]]
	})
	r.Title = tidy(s[:m[0]] + " " + s[m[1]:])
	return r, true
}

// splitKeeping splits a text at marks and keeps what is empty between two.
func splitKeeping(s, marks string) []string {
	return strings.Split(strings.Map(func(r rune) rune {
		if strings.ContainsRune(marks, r) {
			return '\x00'
		}
		return r
	}, s), "\x00")
}

func proofCell(p Proof, _ i18n.Lang) string { return "TRL " + strconv.Itoa(p.Level) + ": " + p.Text }

// readProofs reads the proofs of a cell. The file of a proof is in no table: one whose level has a proof
// already, and no other of that cell takes it, keeps that one's.
func readProofs(cell string, was []Proof) (out []Proof, wrong []string) {
	if cell = lines(cell); cell == lines(writeLines(was, i18n.ZH, proofCell)) {
		return was, nil
	}
	for line := range strings.SplitSeq(cell, "\n") {
		m := proofStart.FindStringSubmatch(line)
		switch {
		case m != nil:
			level, _ := strconv.Atoi(m[1]) // two digits
			out = append(out, Proof{Level: level, Text: line[len(m[0]):]})
		case len(out) > 0:
			out[len(out)-1].Text += "\n" + line
		case tidy(line) != "":
			wrong = append(wrong, line)
		}
	}
	free := slices.Clone(was)
	for i := range out {
		out[i].Text = lines(out[i].Text)
		at := slices.IndexFunc(free, func(p Proof) bool { return p.Level == out[i].Level })
		if same := slices.IndexFunc(free, func(p Proof) bool {
			return p.Level == out[i].Level && p.Text == out[i].Text
		}); same >= 0 {
			at = same
		}
		if at >= 0 {
			out[i].File = free[at].File
			free = slices.Delete(free, at, at+1)
		}
	}
	return out, wrong
}
