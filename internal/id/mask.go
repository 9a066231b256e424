package id

import (
	"slices"
	"strings"
	"unicode"
)

// Masks for personal data, for everybody who has no need of the full value. They keep what a person
// needs to recognise their own entry, and hide all of a value too short to hide a part.

// MaskResident keeps the first 3 and last 4 characters of an identity number: 110***********002X.
func MaskResident(s string) string { return maskMiddle(s, 3, 4) }

// MaskPhone keeps the first 3 and last 4 digits of a phone number: 138****0000.
func MaskPhone(s string) string { return maskMiddle(s, 3, 4) }

// MaskBank keeps the last 4 digits of a bank account.
func MaskBank(s string) string { return maskMiddle(s, 0, 4) }

// MaskName keeps the first character of a name, and does not tell how many follow: 王*.
func MaskName(s string) string {
	for _, r := range strings.TrimSpace(s) {
		return string(r) + "*"
	}
	return ""
}

// maskMiddle keeps head characters at the start and tail at the end; the rest become stars, one
// each. A value that would lose fewer than 2 characters becomes all stars.
func maskMiddle(s string, head, tail int) string {
	runes := []rune(strings.TrimSpace(s))
	if len(runes) < head+tail+2 {
		return strings.Repeat("*", len(runes))
	}
	for i := head; i < len(runes)-tail; i++ {
		runes[i] = '*'
	}
	return string(runes)
}

// hiddenAddress stands for the part of an address below the district.
const hiddenAddress = "****"

// maxPlaceName bounds the characters of a place's name, suffix included; the longest in use
// (双江拉祜族佤族布朗族傣族自治县) has 15.
const maxPlaceName = 15

// MaskAddress keeps an address down to its district (区、县、旗, or a city of county level) and
// hides street and number: 山西省太原市小店区****. It works on the words alone; where it cannot
// tell a district it keeps less, down to nothing.
func MaskAddress(s string) string {
	rest := []rune(strings.Join(strings.Fields(s), ""))
	if len(rest) == 0 {
		return ""
	}
	var kept []rune
	for _, level := range placeLevels {
		n := placeEnd(rest, level)
		kept, rest = append(kept, rest[:n]...), rest[n:]
	}
	return string(kept) + hiddenAddress
}

// placeEnd returns the length of the place name at the start of an address when it is one of the
// level, or 0. The first suffix of any level ends the name, so that 小店区某某市场 is no city.
func placeEnd(address []rune, level placeWords) int {
	for i, r := range address {
		if i >= maxPlaceName || !unicode.Is(unicode.Han, r) {
			return 0
		}
		name := string(address[:i+1])
		switch {
		case i == 0 || !endsPlace(name):
			continue
		case !endsWithAny(name, level.suffixes) || endsWithAny(name, estates) || hasStreet(address[:i]):
			return 0
		default:
			return i + 1
		}
	}
	return 0
}

// endsPlace reports whether name ends in a suffix of any level.
func endsPlace(name string) bool {
	for _, level := range placeLevels {
		if endsWithAny(name, level.suffixes) {
			return true
		}
	}
	return false
}

func endsWithAny(name string, suffixes []string) bool {
	return slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(name, s) })
}

// hasStreet reports whether a name without its suffix contains a word of streets inside. At its
// ends such a character belongs to the name: 路南区, 乡宁县, 鼓楼区, 景德镇市.
func hasStreet(name []rune) bool {
	for i := 1; i < len(name)-1; i++ {
		if strings.ContainsRune(streetRunes, name[i]) {
			return true
		}
	}
	return false
}
