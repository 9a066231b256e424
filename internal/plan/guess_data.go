package plan

import "regexp"

// The forms in which a document says when it was made and what its 文号 is.
var (
	dayForm     = regexp.MustCompile(`((?:19|20)\d{2})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?`)
	dayHanForm  = regexp.MustCompile(`([一二][〇○零O0一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日`)
	numberFound = regexp.MustCompile(`[\p{Han}]{1,20}[〔\[［【(（](?:19|20)\d{2}[〕\]］】)）]\s?[1-9]\d{0,4}号`)
)

// hanDigits are the digits of years written in full.
var hanDigits = map[rune]int{'〇': 0, '○': 0, '零': 0, 'O': 0, '0': 0, '一': 1, '二': 2, '三': 3, '四': 4,
	'五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

const hanTen = '十'
