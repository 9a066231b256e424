package market

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/money"
)

// What makes a reader doubt.
const (
	doubtTitle  = "原文没有标题，由内容概括"
	doubtField  = "按用词推断"
	doubtNumber = "号码的校验位不符，请核对"
	doubtLevel  = "按用词推断的成熟度，请补充证明"
)

var (
	phoneText = regexp.MustCompile(`(?:^|[^0-9])((?:\+?86[- ]?)?1[3-9][0-9]{9}|` +
		`0[0-9]{2,3}[- ]?[0-9]{7,8}(?:-[0-9]{1,5})?)(?:$|[^0-9])`)
	mailText = regexp.MustCompile(`[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}`)
)

// readContact reads whom to speak to. Phones and mails leave the text.
func (x *reader) readContact() {
	if v, ok := x.short("contact"); ok {
		end := v.Start
		for end < v.End && (unicode.IsLetter(x.r[end]) || x.r[end] == '·') {
			end++
		}
		if end > v.Start && end-v.Start <= MaxLine {
			x.d.Contact = string(x.r[v.Start:end])
			x.from("contact", v.Start, end)
			x.cut = append(x.cut, x.lineOf(hanzi.Span{Start: v.Start, End: end}))
		}
	}
	for _, m := range phoneText.FindAllStringSubmatchIndex(x.flat, -1) {
		x.take("contactPhone", &x.d.ContactPhone, x.at[m[2]], x.at[m[3]])
	}
	for _, m := range mailText.FindAllStringIndex(x.flat, -1) {
		x.take("contactMail", &x.d.ContactMail, x.at[m[0]], x.at[m[1]])
	}
	if v, ok := x.short("org"); ok {
		x.cut = append(x.cut, x.lineOf(v))
	}
}

// take puts the first of several into a field and cuts all out of the text.
func (x *reader) take(field string, to *string, start, end int) {
	if *to == "" {
		*to = string(x.r[start:end])
		x.from(field, start, end)
	}
	x.cut = append(x.cut, x.lineOf(hanzi.Span{Start: start, End: end}))
}

// readField reads the technical field where a label names it, or weighs the words that speak for
// each.
func (x *reader) readField() {
	if v, ok := x.short("field"); ok {
		said := string(x.r[v.Start:v.End])
		for _, f := range Fields() {
			if strings.Contains(said, f.Title) || strings.Contains(f.Title, said) && v.Len() > 1 {
				x.d.Field = f.Value
				x.from("field", v.Start, v.End)
				return
			}
		}
	}
	best, second, field, at := 0, 0, "", [2]int{}
	for _, f := range Fields() {
		score, first := 0, [2]int{len(x.r), len(x.r)}
		for _, w := range fieldWords[f.Value] {
			n := min(3, strings.Count(x.flat, w))
			score += n * (utf8.RuneCountInString(w) - 1)
			if strings.Contains(x.d.Title, w) {
				score += 3 * utf8.RuneCountInString(w)
			}
			if start, end, ok := x.find(w, 0); ok && start < first[0] {
				first = [2]int{start, end}
			}
		}
		if score > best {
			best, second, field, at = score, best, f.Value, first
		} else {
			second = max(second, score)
		}
	}
	if best > second {
		x.d.Field = field
		x.from("field", at[0], at[1]).Doubt = doubtField
	}
}

// readChoices reads what single words decide.
func (x *reader) readChoices() {
	set := map[string]*string{"needKind": &x.d.NeedKind, "resultKind": &x.d.ResultKind,
		"pricing": &x.d.Pricing, "entitlement": &x.d.Entitlement}
	for _, c := range wordValues {
		to := set[c.field]
		if c.kind != "" && c.kind != x.d.Kind || to != nil && *to != "" || to == nil && x.d.PayLater {
			continue
		}
		if start, end, ok := x.said(c.words); ok {
			if to == nil {
				x.d.PayLater = true
			} else {
				*to = c.value
			}
			x.from(c.field, start, end)
		}
	}
}

// said returns where one of some words stands first without being denied.
func (x *reader) said(words []string) (int, int, bool) {
	for _, w := range words {
		for i := 0; ; {
			start, end, ok := x.find(w, i)
			if !ok {
				break
			}
			if before := string(x.r[max(0, start-1):start]); !slices.Contains(notWords, before) {
				return start, end, true
			}
			i = end
		}
	}
	return 0, 0, false
}

func (x *reader) readModes() {
	type hit struct {
		mode       string
		start, end int
	}
	var hits []hit
	for _, m := range modeWords {
		for _, w := range m.words {
			start, end, ok := x.said([]string{w})
			covered := slices.ContainsFunc(hits, func(h hit) bool { return start < h.end && h.start < end })
			fee := ok && end < len(x.r) && strings.ContainsRune(feeEnds, x.r[end]) || ok && x.inLabel(start)
			if ok && !covered && !fee {
				hits = append(hits, hit{m.mode, start, end})
				break
			}
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return a.start - b.start })
	for i, h := range hits {
		x.d.Modes = append(x.d.Modes, h.mode)
		x.from("modes."+strconv.Itoa(i), h.start, h.end)
	}
}

// readPrice reads the budget or price: the first amount that a label or the words beside it speak of.
func (x *reader) readPrice() {
	for i := 0; i < len(x.r); i++ {
		q, ok := hanzi.ScanQuantity(x.r, i)
		if !ok {
			continue
		}
		labelled := x.within(i, "price")
		lo, hi, ok := amount(q, labelled || x.isPrice(i, q.End))
		if ok && (labelled || x.isPrice(i, q.End)) {
			x.d.PriceLoFen, x.d.PriceHiFen = lo, hi
			x.from("priceLoFen", q.Start, q.End)
			x.from("priceHiFen", q.Start, q.End)
			return
		}
		i = max(i, q.End-1)
	}
	if start, end, ok := x.said(openPrice); ok {
		x.from("priceHiFen", start, end)
	}
}

// isPrice says whether the words around an amount speak of a price or budget, and none of another
// amount stands nearer.
func (x *reader) isPrice(i, end int) bool {
	from, _ := x.sentence(i)
	before := string(x.r[max(from, i-14):i])
	after := string(x.r[end:min(len(x.r), end+6)])
	last := func(words []string) int {
		n := -1
		for _, w := range words {
			n = max(n, strings.LastIndex(before, w))
		}
		return n
	}
	mine, other := last(priceWords[x.d.Kind]), last(otherWords)
	return mine > other || mine < 0 && other < 0 && hasAny(after, budgetWords)
}

// amount reads an amount in fen. Where a price is expected, 30-50万 without 元 is one.
func amount(q hanzi.Quantity, expected bool) (lo, hi money.Fen, ok bool) {
	unit, _, _ := strings.Cut(q.Unit, "/") // 万元/套
	if q.Dim != "CNY" && !strings.HasPrefix(q.Dim, "CNY/") {
		if !expected || q.Dim != "" || q.Name || q.Low.Cmp(hanzi.Int(10_000)) < 0 && unit == "" {
			return 0, 0, false
		}
		unit += "元"
	}
	fen := func(d hanzi.Decimal) (money.Fen, bool) {
		v, ok := hanzi.Convert(d, unit, "元")
		if !ok {
			return 0, false
		}
		n, ok := v.Mul(hanzi.Int(100)).Int64()
		return money.Fen(n), ok && n >= 0 && money.Fen(n) <= maxPriceFen
	}
	lo, a := fen(q.Low)
	hi, b := fen(q.High)
	if !a || !b || hi < lo || hi == 0 {
		return 0, 0, false
	}
	switch q.Op {
	case hanzi.AtMost, hanzi.Less:
		lo = 0
	}
	return lo, hi, true
}

// readDeadline reads by when a need is to be met: a day to come that a label or its sentence calls a
// limit.
func (x *reader) readDeadline() {
	ref, err := hanzi.ParseDate(string(x.today))
	if x.d.Kind != Need || err != nil {
		return
	}
	ctx := hanzi.TimeContext{Date: ref, Lean: hanzi.LeanFuture}
	for i := 0; i < len(x.r); i++ {
		t, ok := hanzi.ScanTimeIn(x.r, i, ctx)
		if !ok {
			continue
		}
		from, to := x.sentence(i)
		labelled := x.within(i, "deadline")
		limit := labelled || t.Role == hanzi.RoleDeadline && hasAny(string(x.r[from:to]), deadlineWords)
		if limit && !t.To.IsZero() && !t.To.Before(ref) && t.Precision != hanzi.PrecisionVague &&
			!x.within(i, "current") {
			x.d.Deadline = clock.Date(t.To.String())
			x.from("deadline", t.Start, t.End)
			return
		}
		i = max(i, t.End-1)
	}
}

// readLevel reads the readiness: a number that is called so, or the highest that the words of an
// achievement speak of.
func (x *reader) readLevel() {
	if m := levelText.FindStringSubmatchIndex(x.flat); m != nil {
		for g := 2; g < len(m); g += 2 {
			if m[g] >= 0 {
				x.d.TRL = int(x.flat[m[g]] - '0')
				x.from("trl", x.at[m[0]], x.at[m[1]])
				return
			}
		}
	}
	if x.d.Kind != Achievement {
		return
	}
	for _, l := range levelWords {
		for _, w := range l.words {
			for i := 0; ; {
				start, end, ok := x.find(w, i)
				if !ok {
					break
				}
				if !x.denied(start) {
					x.d.TRL = l.level
					x.from("trl", start, end).Doubt = doubtLevel
					return
				}
				i = end
			}
		}
	}
}

// readParameters reads the indicators with their values and units. What a need tells of how things stand
// is not wanted.
func (x *reader) readParameters() {
	ops := map[hanzi.Op]string{hanzi.Exactly: "=", hanzi.AtLeast: ">=", hanzi.AtMost: "<=",
		hanzi.More: ">", hanzi.Less: "<", hanzi.About: "~"}
	next := 0
	for _, p := range retrieval.Parameters(x.flat) {
		start, ok := x.surface(p.Surface, next)
		if !ok {
			continue
		}
		next = start + 1
		q, ok := hanzi.ScanQuantity(x.r, start)
		name := indicatorName(p.Name)
		if !ok || name == "" || p.Now && x.d.Kind == Need || strings.HasPrefix(q.Dim, "CNY") ||
			x.isTaken("rights", start) ||
			x.within(start, "current", "price", "contact", "contactPhone", "org") ||
			len(x.d.Parameters) >= maxDraftValues {
			continue
		}
		rest := string([]rune(p.Surface)[min(q.End-q.Start, utf8.RuneCountInString(p.Surface)):]) // ·cm² after mΩ
		v := Parameter{Name: name, Op: ops[q.Op], Value: q.Low.String(), Unit: q.Unit + rest}
		if q.Range {
			v.Op, v.Top = "range", q.High.String()
		}
		var f faults
		if v.check("", &f); len(f) > 0 {
			continue
		}
		x.d.Parameters = append(x.d.Parameters, v)
		begin := q.Start
		for word := []rune(name); begin > 0 && begin > q.Start-3*maxKeyword && !hasRunes(x.r, begin, word); {
			begin--
		}
		x.from("parameters."+strconv.Itoa(len(x.d.Parameters)-1), begin, q.End+utf8.RuneCountInString(rest))
	}
}

// indicatorName is what an indicator is called, without the words that only lead to it; "" where it
// names none.
func indicatorName(s string) string {
	s = strings.TrimLeft(s, "0123456789")
	for again := true; again; {
		again = false
		for _, w := range nameLeads {
			if rest, ok := strings.CutPrefix(s, w); ok && !strings.HasPrefix(s, useName) {
				s, again = rest, true
			}
		}
	}
	han := strings.ContainsFunc(s, func(c rune) bool { return unicode.Is(unicode.Han, c) })
	n := utf8.RuneCountInString(s)
	if n < 2 || hasAny(namedUses.Replace(s), idleNames) || !han && n > 3 && s != strings.ToUpper(s) {
		return ""
	}
	return s
}

// inLabel says whether a rune is in the word of a label.
func (x *reader) inLabel(i int) bool {
	return slices.ContainsFunc(x.marks, func(m label) bool { return m.start <= i && i < m.value })
}

// isTaken says whether a rune filled a field that begins so.
func (x *reader) isTaken(field string, i int) bool {
	return slices.ContainsFunc(x.taken, func(t taken) bool {
		return strings.HasPrefix(t.field, field) && t.start <= i && i < t.end
	})
}

// surface finds an amount as it is written, whatever the case of its letters.
func (x *reader) surface(s string, from int) (int, bool) {
	word := []rune(s)
	for i := from; i+len(word) <= len(x.r); i++ {
		same := true
		for k, c := range word {
			if unicode.ToLower(x.r[i+k]) != unicode.ToLower(c) {
				same = false
				break
			}
		}
		if same {
			return i, true
		}
	}
	return 0, false
}

// readKeywords takes the words of the title, and what a label names.
func (x *reader) readKeywords() {
	if v, ok := x.short("keywords"); ok {
		for _, w := range strings.FieldsFunc(string(x.r[v.Start:v.End]), func(c rune) bool {
			return strings.ContainsRune("、，,；; \t", c)
		}) {
			x.keyword(w, v.Start)
		}
		return
	}
	words := hanzi.DefaultSegmenter().Cut(nil, x.d.Title)
	slices.SortStableFunc(words, func(a, b string) int {
		return cmp.Compare(utf8.RuneCountInString(b), utf8.RuneCountInString(a))
	})
	for _, w := range words {
		idle := slices.Contains(idleWords, w) || unicode.IsDigit([]rune(w)[0]) || w == strings.ToLower(w) &&
			!strings.ContainsFunc(w, func(c rune) bool { return unicode.Is(unicode.Han, c) })
		if utf8.RuneCountInString(w) >= 2 && !idle {
			x.keyword(w, 0)
		}
	}
}

func (x *reader) keyword(w string, from int) {
	if len(x.d.Keywords) >= maxDraftWords || utf8.RuneCountInString(w) > maxKeyword ||
		slices.Contains(x.d.Keywords, w) {
		return
	}
	if start, end, ok := x.find(w, from); ok {
		x.d.Keywords = append(x.d.Keywords, w)
		x.from("keywords."+strconv.Itoa(len(x.d.Keywords)-1), start, end)
	}
}
