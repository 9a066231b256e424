package id

import (
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/region"
)

// USCC is a unified social credit code (统一社会信用代码, GB 32100—2015) of 18 characters in capital
// letters. The zero value "" is no code; every other value was made by ParseUSCC or MakeUSCC.
type USCC string

const (
	usccLength = 18
	// usccAlphabet gives each character its value, 0 to 30. I, O, S, V and Z are not in it.
	usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
)

// ParseUSCC reads a code as people write it: full-width or lower-case letters, spaces and hyphens
// between groups are allowed. The error is a fault.Invalid that says which rule of GB 32100 fails:
// length, alphabet, the digits of the registering region, or the check character.
func ParseUSCC(s string) (USCC, error) {
	code := normalize(s)
	if n := utf8.RuneCountInString(code); n != usccLength {
		return "", fault.New(fault.Invalid,
			"统一社会信用代码应为 18 位，不含 I、O、S、V、Z；现为 %d 位", n)
	}
	if err := checkUSCCBody(code); err != nil {
		return "", err
	}
	if code[usccLength-1] != usccCheck(code[:usccLength-1]) {
		return "", fault.New(fault.Invalid,
			"统一社会信用代码的校验位不符，请逐位核对是否有输错的字符")
	}
	return USCC(code), nil
}

// MakeUSCC completes the first 17 characters with their check character. It exists for invented
// organisations in demo data and tests.
func MakeUSCC(body string) (USCC, error) {
	body = normalize(body)
	if n := utf8.RuneCountInString(body); n != usccLength-1 {
		return "", fault.New(fault.Invalid, "统一社会信用代码的本体应为 17 位，现为 %d 位", n)
	}
	if err := checkUSCCBody(body); err != nil {
		return "", err
	}
	return USCC(body + string(usccCheck(body))), nil
}

// checkUSCCBody checks the alphabet and that characters 3 to 8 are digits.
func checkUSCCBody(code string) error {
	place := 0
	for _, r := range code {
		place++
		if r >= utf8.RuneSelf || !strings.ContainsRune(usccAlphabet, r) {
			return fault.New(fault.Invalid,
				"统一社会信用代码第 %d 位“%c”不可用：只含数字和除 I、O、S、V、Z 以外的字母", place, r)
		}
		if place >= 3 && place <= 8 && (r < '0' || r > '9') {
			return fault.New(fault.Invalid,
				"统一社会信用代码第 %d 位应为数字：第 3 至 8 位是登记机关的行政区划代码", place)
		}
	}
	return nil
}

// usccCheck returns the check character of 17 characters of the alphabet: weights are powers of 3
// modulo 31, and the weighted sum with the check value is a multiple of 31.
func usccCheck(body string) byte {
	sum, weight := 0, 1
	for i := range len(body) {
		sum += strings.IndexByte(usccAlphabet, body[i]) * weight
		weight = weight * 3 % 31
	}
	return usccAlphabet[(31-sum%31)%31]
}

// Grouped returns the code in groups of 4-4-4-4-2, as pages show it.
func (c USCC) Grouped() string {
	if len(c) != usccLength {
		return string(c)
	}
	return string(c[0:4] + " " + c[4:8] + " " + c[8:12] + " " + c[12:16] + " " + c[16:18])
}

// Region returns the division code of the authority that registered the organisation, which need
// not be where it works. It is "" for the central authorities (100000) and for no code.
func (c USCC) Region() region.Code {
	if len(c) != usccLength {
		return ""
	}
	code, err := region.Parse(string(c[2:8]))
	if err != nil {
		return ""
	}
	return code
}

// maxNumberInput bounds the bytes that are normalized; no number is near it.
const maxNumberInput = 256

// normalize turns full-width characters into ASCII, letters into capitals, and drops spaces and
// hyphens, for the numbers of this package.
func normalize(s string) string {
	if len(s) > maxNumberInput {
		s = strings.ToValidUTF8(s[:maxNumberInput], "")
	}
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r = r - '！' + '!'
		}
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case strings.ContainsRune(" \t\u00a0\u3000-\u2013\u2014", r):
			return -1
		default:
			return r
		}
	}, s)
}
