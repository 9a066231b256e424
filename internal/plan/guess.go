package plan

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Guess is what a text says about itself. A field is empty where nothing was found.
type Guess struct {
	Title  string     `json:"title,omitempty"`
	Number string     `json:"number,omitempty"` // 文号
	Day    clock.Date `json:"day,omitempty"`    // 成文日期
}

// How far from both ends of a document its title and date are looked for, in lines with text.
const (
	guessHead = 12
	guessTail = 6
)

// GuessFrom reads title, number and date out of the first and last lines of a text. A line at the
// end that is nothing but a date (落款) counts before a date at the top. It is pure.
func GuessFrom(text string) Guess {
	var list []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = tidy(line); line != "" {
			list = append(list, line)
		}
	}
	head := list[:min(len(list), guessHead)]
	tail := list[max(len(list)-guessTail, len(head)):]
	g := Guess{Title: titleIn(head)}
	for _, line := range head {
		if g.Number == "" {
			g.Number = numberFound.FindString(line)
		}
	}
	d := DocumentData{Number: g.Number}
	d.Normalise()
	g.Number = d.Number
	for i := len(tail) - 1; i >= 0 && g.Day == ""; i-- {
		if day, whole := dayIn(tail[i]); whole {
			g.Day = day
		}
	}
	for _, line := range head {
		if g.Day == "" {
			g.Day, _ = dayIn(line)
		}
	}
	return g
}

// titleIn returns the first line that can be a title: no path of a web page and no sentence.
func titleIn(lines []string) string {
	for _, line := range lines {
		n := utf8.RuneCountInString(line)
		day, _ := dayIn(line)
		if n < 4 || n > 80 || strings.Contains(line, ">") || day != "" ||
			numberFound.FindString(line) == line {
			continue
		}
		return line
	}
	return ""
}

// dayIn returns the first day in a line, and whether the line is nothing else.
func dayIn(line string) (clock.Date, bool) {
	line = width.Narrow.String(line)
	if m := dayForm.FindStringSubmatch(line); m != nil {
		return dayOf(m[1], m[2], m[3]), len(m[0]) == len(line)
	}
	m := dayHanForm.FindStringSubmatch(line)
	if m == nil {
		return "", false
	}
	year := 0
	for _, r := range m[1] {
		year = 10*year + hanDigits[r]
	}
	return dayOf(strconv.Itoa(year), hanNumber(m[2]), hanNumber(m[3])), len(m[0]) == len(line)
}

// hanNumber reads a numeral from 一 to 三十一.
func hanNumber(s string) string {
	n := 0
	for _, r := range s {
		if r == hanTen {
			n = max(n, 1) * 10
		} else {
			n += hanDigits[r]
		}
	}
	return strconv.Itoa(n)
}

// dayOf returns a day, "" when there is no such day.
func dayOf(year, month, day string) clock.Date {
	m, _ := strconv.Atoi(month) // digits by the pattern
	n, _ := strconv.Atoi(day)
	d := clock.Date(fmt.Sprintf("%s-%02d-%02d", year, m, n))
	if !d.Valid() {
		return ""
	}
	return d
}

// GuessDocument returns what a text or file says about itself, for the fields that somebody who
// files it left empty. The file is read to its end.
func (s *Service) GuessDocument(
	ctx context.Context, by authz.Actor, in NewDocument,
) (Guess, error) {
	if !DocumentPolicy.Could(by, ActDocumentCreate) {
		return Guess{}, DocumentPolicy.May(by, ActDocumentCreate, Document{})
	}
	if in.File == nil {
		if n := utf8.RuneCountInString(in.Text); n > MaxTextChars {
			return Guess{}, fault.Fields(fault.At("text", "最多 %d 个字，现有 %d 个", MaxTextChars, n))
		}
		return GuessFrom(plainText(in.Text)), nil
	}
	content, err := s.open(*in.File)
	if err != nil {
		return Guess{}, err
	}
	in.File.Content = bytes.NewReader(content)
	text, err := s.textOf(ctx, in.File.Name, content)
	if err != nil {
		return Guess{}, err
	}
	return GuessFrom(text), nil
}
