package hanzi

// maxNumber bounds the runes of one number, so that no text makes a scan long.
const maxNumber = 80

// maxGap bounds the spaces between two parts of one number (三千 八百).
const maxGap = 2

// digit returns the value of a Chinese digit, and -1 for any other rune.
func digit(c rune) int {
	switch c {
	case '零', '〇', '○':
		return 0
	case '一', '壹', '弌':
		return 1
	case '二', '两', '兩', '贰', '貳', '俩', '倆':
		return 2
	case '三', '叁', '參', '仨':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆', '陸':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

// byPlace reports whether c is a digit that is also written by place, as in a year. 两 and the
// capital numerals are not.
func byPlace(c rune) bool {
	switch c {
	case '零', '〇', '○', '一', '二', '三', '四', '五', '六', '七', '八', '九':
		return true
	}
	return false
}

// power returns the power of ten of a scale word, and 0 for any other rune.
func power(c rune) int {
	switch c {
	case '十', '拾':
		return 1
	case '百', '佰':
		return 2
	case '千', '仟':
		return 3
	case '万', '萬':
		return 4
	case '亿', '億':
		return 8
	case '兆':
		return 12
	}
	return 0
}

func arabic(c rune) bool { return c >= '0' && c <= '9' }

func latin(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == 'μ' || c == 'Ω'
}

// startsNumber reports whether a number can begin with c. It rejects nearly all runes of a text in
// one step.
func startsNumber(c rune) bool {
	if c < 0x80 {
		return arabic(c) || c == '-' || c == '.'
	}
	switch c {
	case '第', '负', '負', '半', '几', '幾', '数', '數', '廿', '卅', '½', '¼', '¾', '−',
		'零', '〇', '○', '一', '壹', '弌', '二', '两', '兩', '贰', '貳', '俩', '倆', '三', '叁', '參',
		'仨', '四', '肆', '五', '伍', '六', '陆', '陸', '七', '柒', '八', '捌', '九', '玖',
		'十', '拾', '百', '佰', '千', '仟', '万', '萬', '亿', '億', '兆':
		return true
	}
	return false
}

// at returns the rune at i, and 0 outside the text.
func at(r []rune, i int) rune {
	if i < 0 || i >= len(r) {
		return 0
	}
	return r[i]
}

// skipGap returns the position behind at most maxGap spaces.
func skipGap(r []rune, i int) int {
	for n := 0; n < maxGap && at(r, i) == ' '; n++ {
		i++
	}
	return i
}

// hasAt reports whether the word stands at rune i.
func hasAt(r []rune, i int, word string) bool {
	for _, c := range word {
		if at(r, i) != c {
			return false
		}
		i++
	}
	return true
}

// endsWith reports whether the word stands right before rune i.
func endsWith(r []rune, i int, word string) bool {
	n := 0
	for range word {
		n++
	}
	return i >= n && hasAt(r, i-n, word)
}

// isOne reports whether c is one of the runes of set.
func isOne(c rune, set string) bool {
	for _, s := range set {
		if c == s {
			return true
		}
	}
	return false
}
