package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Limits of a password, in characters. One of longPassword characters may be plain words; a
// shorter one needs three sorts of characters (复杂度要求, GB/T 22239 身份鉴别).
const (
	MinPassword  = 10
	MaxPassword  = 128
	longPassword = 16
	minSorts     = 3
	keepHashes   = 5 // passwords that may not come again, the present one among them
)

// wrongPassword says why a text may not become the password of the account with this login name:
// at most one fault, at the given field.
func wrongPassword(field, password, login string) []fault.Field {
	plain := norm.NFC.String(password)
	n := utf8.RuneCountInString(plain)
	switch {
	case !utf8.ValidString(plain) || strings.ContainsFunc(plain, unicode.IsControl):
		return []fault.Field{fault.At(field, "密码不能含有换行或控制字符")}
	case n < MinPassword:
		return []fault.Field{fault.At(field, "密码至少 %d 个字符", MinPassword)}
	case n > MaxPassword:
		return []fault.Field{fault.At(field, "密码最多 %d 个字符", MaxPassword)}
	case login != "" && strings.Contains(strings.ToLower(plain), login):
		return []fault.Field{fault.At(field, "密码不能包含登录名")}
	case guessable(plain):
		return []fault.Field{fault.At(field, "这个密码太常见或太有规律，容易被猜中")}
	case n < longPassword && sorts(plain) < minSorts:
		return []fault.Field{fault.At(field,
			"不足 %d 个字符的密码须含大写字母、小写字母、数字、其他字符中的三类", longPassword)}
	default:
		return nil
	}
}

// sorts counts the sorts of characters: capitals, small letters, digits, others.
func sorts(s string) int {
	var upper, lower, digit, other int
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return upper + lower + digit + other
}

// guessable says whether a password is one of those that guessing tries first.
func guessable(password string) bool {
	s := strings.ToLower(password)
	return repeats(s) || walks(s) || commonOnly(s)
}

// repeats finds a short piece said over and over: 1212121212, abcabcabcabc.
func repeats(s string) bool {
	runes := []rune(s)
	for size := 1; size <= 4; size++ {
		same := true
		for i := size; i < len(runes) && same; i++ {
			same = runes[i] == runes[i-size]
		}
		if same {
			return true
		}
	}
	return false
}

// walks finds passwords whose characters mostly lie side by side on the keyboard or in the
// alphabet, in either direction, or are the same.
func walks(s string) bool {
	runes := []rune(s)
	steps, close := 0, 0
	for i := 1; i < len(runes); i++ {
		steps++
		if neighbours(runes[i-1], runes[i]) {
			close++
		}
	}
	return steps > 0 && close*10 >= steps*8
}

func neighbours(a, b rune) bool {
	if a == b {
		return true
	}
	for _, row := range keyRows {
		if strings.Contains(row, string(a)+string(b)) || strings.Contains(row, string(b)+string(a)) {
			return true
		}
	}
	return false
}

// plainLetters undoes the usual disguises of letters.
var plainLetters = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t",
	"8", "b", "@", "a", "$", "s", "!", "i")

// commonOnly finds passwords of common words with digits and signs around and between them.
func commonOnly(s string) bool {
	core := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	words := strings.FieldsFunc(core, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '@' && r != '$'
	})
	for _, w := range words {
		letters := strings.TrimFunc(w, unicode.IsDigit)
		if letters != "" && !commonWords[w] && !commonWords[letters] &&
			!commonWords[plainLetters.Replace(w)] && !commonWords[plainLetters.Replace(letters)] {
			return false
		}
	}
	return true // digits and signs alone are common as well
}
