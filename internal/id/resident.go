package id

import (
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Resident is a citizen identity number (公民身份号码, GB 11643—1999) of 18 characters. The zero
// value "" is no number. It is sensitive personal data: show MaskResident, log every full view.
type Resident string

const (
	residentLength = 18
	// residentCheck maps the weighted sum modulo 11 to the check character.
	residentCheck = "10X98765432"
	// residentRegions are the first two digits in use: GB/T 2260 provinces, 83 for residents from
	// Taiwan with a mainland permit, 91 to 98 for permanent residents from abroad.
	residentRegions = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 " +
		"50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 92 93 94 95 96 97 98"
)

// residentWeights are the weights of the first 17 digits.
var residentWeights = [residentLength - 1]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// oldestBirth is the earliest birth date accepted; nobody living is older.
const oldestBirth clock.Date = "1890-01-01"

// ParseResident reads a number as people write it (full-width digits, a small x, spaces). today is
// the day no birth may lie after. The error is a fault.Invalid that says which rule fails.
func ParseResident(s string, today clock.Date) (Resident, error) {
	number := normalize(s)
	if n := utf8.RuneCountInString(number); n != residentLength {
		return "", fault.New(fault.Invalid, "身份证号码应为 18 位，现为 %d 位", n)
	}
	body := number[:len(number)-1]
	last := number[len(number)-1]
	if len(number) != residentLength || strings.Trim(body, "0123456789") != "" ||
		last != 'X' && (last < '0' || last > '9') {
		return "", fault.New(fault.Invalid, "身份证号码的前 17 位应为数字，末位为数字或 X")
	}
	if !strings.Contains(residentRegions, number[:2]) {
		return "", fault.New(fault.Invalid, "身份证号码的前两位不是有效的地区代码")
	}
	r := Resident(number)
	if birth := r.Birth(); !birth.Valid() || birth < oldestBirth || birth > today {
		return "", fault.New(fault.Invalid, "身份证号码第 7 至 14 位不是有效的出生日期")
	}
	sum := 0
	for i, w := range residentWeights {
		sum += int(body[i]-'0') * w
	}
	if residentCheck[sum%11] != last {
		return "", fault.New(fault.Invalid, "身份证号码的校验位不符，请逐位核对是否有输错的数字")
	}
	return r, nil
}

// Birth returns the date of birth that the number states.
func (r Resident) Birth() clock.Date {
	if len(r) != residentLength {
		return ""
	}
	return clock.Date(r[6:10] + "-" + r[10:12] + "-" + r[12:14])
}
