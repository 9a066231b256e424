package retrieval

import "strings"

// stem returns the stem of an English word in lower-case letters, by the rules of the Porter2
// stemmer (M. F. Porter, 2001), so that connect, connected and connections are one term. Words
// with an apostrophe are not given to it. It may write on w.
func stem(w []byte) []byte {
	if len(w) <= 2 {
		return w
	}
	if to, ok := stemExceptions[string(w)]; ok {
		return append(w[:0], to...)
	}
	s := stemmer{w: w}
	s.markY()
	s.regions()
	s.step1a()
	if !stemFinal[string(s.w)] {
		s.step1b()
		s.step1c()
		s.step2()
		s.step3()
		s.step4()
		s.step5()
	}
	for i, c := range s.w {
		if c == 'Y' {
			s.w[i] = 'y'
		}
	}
	return s.w
}

// stemExceptions are words with a stem of their own; stemFinal are done after step 1a.
var (
	stemExceptions = map[string]string{
		"skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie",
		"idly": "idl", "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli",
		"singly": "singl", "sky": "sky", "news": "news", "howe": "howe", "atlas": "atlas",
		"cosmos": "cosmos", "bias": "bias", "andes": "andes",
	}
	stemFinal = map[string]bool{
		"inning": true, "outing": true, "canning": true, "herring": true, "earring": true,
		"proceed": true, "exceed": true, "succeed": true,
	}
)

// stemmer holds a word with the starts of its regions R1 and R2. A y that is a consonant is Y.
type stemmer struct {
	w      []byte
	r1, r2 int
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

func (s *stemmer) markY() {
	for i, c := range s.w {
		if c == 'y' && (i == 0 || vowel(s.w[i-1])) {
			s.w[i] = 'Y'
		}
	}
}

// regions finds R1 (behind the first consonant that follows a vowel) and R2 (the same within R1).
func (s *stemmer) regions() {
	s.r1 = s.after(0)
	for _, prefix := range [...]string{"gener", "commun", "arsen"} {
		if strings.HasPrefix(string(s.w), prefix) {
			s.r1 = len(prefix)
		}
	}
	s.r2 = s.after(s.r1)
}

func (s *stemmer) after(from int) int {
	for i := from + 1; i < len(s.w); i++ {
		if !vowel(s.w[i]) && vowel(s.w[i-1]) {
			return i + 1
		}
	}
	return len(s.w)
}

func (s *stemmer) ends(suffix string) bool {
	return len(s.w) >= len(suffix) && string(s.w[len(s.w)-len(suffix):]) == suffix
}

// in reports whether a suffix of n letters lies in the region from r on.
func (s *stemmer) in(r, n int) bool { return len(s.w)-n >= r }

func (s *stemmer) cut(n int) { s.w = s.w[:len(s.w)-n] }

func (s *stemmer) put(n int, to string) { s.w = append(s.w[:len(s.w)-n], to...) }

// vowelBefore reports whether a vowel stands before the last n letters.
func (s *stemmer) vowelBefore(n int) bool {
	for _, c := range s.w[:max(0, len(s.w)-n)] {
		if vowel(c) {
			return true
		}
	}
	return false
}

func (s *stemmer) step1a() {
	switch n := len(s.w); {
	case s.ends("sses"):
		s.cut(2)
	case s.ends("ied"), s.ends("ies"):
		if n > 4 {
			s.cut(2)
		} else {
			s.cut(1)
		}
	case s.ends("us"), s.ends("ss"):
	case s.ends("s"):
		if s.vowelBefore(2) {
			s.cut(1)
		}
	}
}

func (s *stemmer) step1b() {
	for _, suffix := range [...]string{"eedly", "eed"} {
		if s.ends(suffix) {
			if s.in(s.r1, len(suffix)) {
				s.put(len(suffix), "ee")
			}
			return
		}
	}
	for _, suffix := range [...]string{"ingly", "edly", "ing", "ed"} {
		if !s.ends(suffix) {
			continue
		}
		if s.vowelBefore(len(suffix)) {
			s.cut(len(suffix))
			s.repair()
		}
		return
	}
}

// repair puts right what cutting ed or ing left: hop for hopp, hope for hop(ing).
func (s *stemmer) repair() {
	n := len(s.w)
	switch {
	case s.ends("at"), s.ends("bl"), s.ends("iz"):
		s.w = append(s.w, 'e')
	case n >= 2 && s.w[n-1] == s.w[n-2] && strings.IndexByte("bdfgmnprt", s.w[n-1]) >= 0:
		s.cut(1)
	case s.r1 >= n && s.shortSyllable(n):
		s.w = append(s.w, 'e')
	}
}

// shortSyllable reports whether the first n letters end in a short syllable.
func (s *stemmer) shortSyllable(n int) bool {
	if n == 2 {
		return vowel(s.w[0]) && !vowel(s.w[1])
	}
	if n < 3 {
		return false
	}
	c := s.w[n-1]
	return !vowel(c) && c != 'w' && c != 'x' && c != 'Y' && vowel(s.w[n-2]) && !vowel(s.w[n-3])
}

func (s *stemmer) step1c() {
	n := len(s.w)
	if n > 2 && (s.w[n-1] == 'y' || s.w[n-1] == 'Y') && !vowel(s.w[n-2]) {
		s.w[n-1] = 'i'
	}
}

// suffixRule replaces a suffix.
type suffixRule struct{ suffix, to string }

// Rules of steps 2 to 4, longer suffixes before those that they end in.
var (
	step2Rules = [...]suffixRule{
		{"ational", "ate"}, {"fulness", "ful"}, {"iveness", "ive"}, {"ization", "ize"},
		{"ousness", "ous"}, {"biliti", "ble"}, {"lessli", "less"}, {"tional", "tion"},
		{"ation", "ate"}, {"alism", "al"}, {"aliti", "al"}, {"entli", "ent"}, {"fulli", "ful"},
		{"iviti", "ive"}, {"ousli", "ous"}, {"enci", "ence"}, {"anci", "ance"}, {"abli", "able"},
		{"izer", "ize"}, {"ator", "ate"}, {"alli", "al"}, {"bli", "ble"}, {"ogi", "og"}, {"li", ""},
	}
	step3Rules = [...]suffixRule{
		{"ational", "ate"}, {"tional", "tion"}, {"alize", "al"}, {"icate", "ic"}, {"iciti", "ic"},
		{"ative", ""}, {"ical", "ic"}, {"ness", ""}, {"ful", ""},
	}
	step4Suffixes = [...]string{
		"ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous",
		"ive", "ize", "ion", "al", "er", "ic",
	}
)

func (s *stemmer) step2() {
	for _, r := range step2Rules {
		if !s.ends(r.suffix) {
			continue
		}
		n := len(r.suffix)
		if !s.in(s.r1, n) {
			return
		}
		before := byte(0)
		if len(s.w) > n {
			before = s.w[len(s.w)-n-1]
		}
		if r.suffix == "ogi" && before != 'l' ||
			r.suffix == "li" && strings.IndexByte("cdeghkmnrt", before) < 0 {
			return
		}
		s.put(n, r.to)
		return
	}
}

func (s *stemmer) step3() {
	for _, r := range step3Rules {
		if !s.ends(r.suffix) {
			continue
		}
		n := len(r.suffix)
		if s.in(s.r1, n) && (r.suffix != "ative" || s.in(s.r2, n)) {
			s.put(n, r.to)
		}
		return
	}
}

func (s *stemmer) step4() {
	for _, suffix := range step4Suffixes {
		if !s.ends(suffix) {
			continue
		}
		n := len(suffix)
		if !s.in(s.r2, n) {
			return
		}
		if suffix == "ion" && (len(s.w) <= n || s.w[len(s.w)-n-1] != 's' && s.w[len(s.w)-n-1] != 't') {
			return
		}
		s.cut(n)
		return
	}
}

func (s *stemmer) step5() {
	n := len(s.w)
	switch {
	case s.ends("e"):
		if s.in(s.r2, 1) || s.in(s.r1, 1) && !s.shortSyllable(n-1) {
			s.cut(1)
		}
	case s.ends("l"):
		if s.in(s.r2, 1) && n > 1 && s.w[n-2] == 'l' {
			s.cut(1)
		}
	}
}
