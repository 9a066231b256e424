package retrieval

import (
	_ "embed"
	"strings"
	"sync"
)

// pinyinText has a line for each syllable without its tone: the syllable, a blank, the characters
// that are read so. They are those of the Table of General Standard Chinese Characters (通用规范
// 汉字表) with the readings of Unihan's kTGHZ2013, kHanyuPinlu and kMandarin. See NOTICE.
//
//go:embed pinyin.txt
var pinyinText string

// readings are the syllables of each character. It is built once and then only read.
var readings = sync.OnceValue(func() map[rune][]string {
	out := map[rune][]string{}
	for line := range strings.Lines(pinyinText) {
		syllable, chars, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, c := range chars {
			out[c] = append(out[c], syllable)
		}
	}
	return out
})

// Pinyin returns the syllables, without tones and with v for ü, that a character may be read as. The
// result must not be changed. A character of no general use has none.
func Pinyin(c rune) []string { return readings()[c] }
