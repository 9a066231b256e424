package pdftext

import "golang.org/x/text/unicode/norm"

// unradical returns the character that a radical stands for. Fonts often map the shape of 工 or 长
// to the code of a radical (⼯, ⻓), which looks the same and is found by no search. The Kangxi
// radicals have the character as their compatibility form; the simplified ones are listed.
func unradical(r rune) rune {
	if r < 0x2E80 || r > 0x2FD5 {
		return r
	}
	if c, ok := radicals[r]; ok {
		return c
	}
	for _, c := range norm.NFKC.String(string(r)) {
		return c
	}
	return r
}

var radicals = map[rune]rune{
	'⺟': '母', '⺠': '民', '⻁': '虎', '⻄': '西', '⻅': '见', '⻆': '角', '⻉': '贝', '⻋': '车', '⻓': '长',
	'⻔': '门', '⻘': '青', '⻙': '韦', '⻚': '页', '⻛': '风', '⻜': '飞', '⻝': '食', '⻢': '马', '⻣': '骨',
	'⻤': '鬼', '⻥': '鱼', '⻦': '鸟', '⻨': '麦', '⻩': '黄', '⻬': '齐', '⻮': '齿', '⻰': '龙', '⻳': '龟',
	'⼾': '户',
}
