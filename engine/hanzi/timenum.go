package hanzi

// timeScanner reads time expressions of one text. It holds no state but its inputs, so
// every method is a pure function of an offset.
type timeScanner struct {
	r []rune
	TimeContext
	longest bool // of 三到五年 five years are meant
}

// at is the rune at i, 0 beyond the end.
func (s *timeScanner) at(i int) rune {
	if i < 0 || i >= len(s.r) {
		return 0
	}
	return s.r[i]
}

// maxTimeBlanks bounds the blanks between two words of one time.
const maxTimeBlanks = 4

// skip is the offset behind a few blanks on the same line from i on.
func (s *timeScanner) skip(i int) int {
	for j := i; j <= i+maxTimeBlanks && j < len(s.r); j++ {
		if c := s.r[j]; !isSpace(c) || isLineBreak(c) {
			return j
		}
	}
	return i
}

// lit reads a word at i. The words of this package are of ASCII and of runes that take
// three bytes; decoding them here is what makes a list of words quick to try.
func (s *timeScanner) lit(i int, word string) (end int, ok bool) {
	for k := 0; k < len(word); {
		c := rune(word[k])
		if c < 0x80 {
			k++
		} else {
			c = c&0x0F<<12 | rune(word[k+1])&0x3F<<6 | rune(word[k+2])&0x3F
			k += 3
		}
		if i >= len(s.r) || s.r[i] != c {
			return i, false
		}
		i++
	}
	return i, true
}

// any reads the first of the words that stands at i; longer words come first.
func (s *timeScanner) any(i int, words ...string) (which, end int, ok bool) {
	for k, w := range words {
		if end, ok := s.lit(i, w); ok {
			return k, end, true
		}
	}
	return 0, i, false
}

// maxTimeDigits bounds the digits of a number inside a time expression.
const maxTimeDigits = 4

// digits reads a run of one to four ASCII or full-width digits. A longer run is no part
// of a time.
func (s *timeScanner) digits(i int) (value, end int, ok bool) {
	end = i
	for {
		d := digitValue(s.at(end))
		if d < 0 {
			break
		}
		if end-i == maxTimeDigits {
			return 0, i, false
		}
		value = value*10 + d
		end++
	}
	return value, end, end > i
}

func digitValue(c rune) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= '０' && c <= '９':
		return int(c - '０')
	}
	return -1
}

// number reads a small whole number in digits or in Chinese numerals.
func (s *timeScanner) number(i int) (value, end int, ok bool) {
	if v, end, ok := s.digits(i); ok {
		return v, end, true
	}
	return s.numeral(i)
}

// numeral reads Chinese numerals below ten thousand: 五, 十二, 廿三, 二十, 一百零五, 两千.
// Digits in a row without 十 and 百 are no numeral; they are years (see digitRow).
func (s *timeScanner) numeral(i int) (value, end int, ok bool) {
	end = i
	digit, last := -1, 10000
	for {
		c := s.at(end)
		if v := numeralValue(c); v >= 0 {
			if digit > 0 || v == 0 && end == i {
				break
			}
			digit = v
			end++
			continue
		}
		unit := numeralUnit(c)
		if unit == 0 || unit >= last || digit == 0 && unit != 10 {
			break
		}
		if digit <= 0 {
			if unit != 10 {
				break
			}
			digit = 1
		}
		value += digit * unit
		digit, last = -1, unit
		end++
	}
	if digit > 0 {
		value += digit
	}
	if digit == 0 {
		end--
	}
	return value, end, end > i
}

func numeralValue(c rune) int {
	switch c {
	case '〇', '零', '○', 'Ｏ':
		return 0
	case '一', '元', '壹':
		return 1
	case '二', '两', '兩', '贰':
		return 2
	case '三', '叁':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	}
	return -1
}

func numeralUnit(c rune) int {
	switch c {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	}
	return 0
}

// digitRow reads Chinese digits in a row: 二〇二四, 一九九八, 九八.
func (s *timeScanner) digitRow(i int) (value, end int, ok bool) {
	end = i
	for end-i < maxTimeDigits {
		d := numeralValue(s.at(end))
		if d < 0 || s.at(end) == '元' {
			break
		}
		value = value*10 + d
		end++
	}
	return value, end, end > i
}
