// Package region holds places: the codes of China's administrative divisions (GB/T 2260) and points
// on the map with the coordinate system they were measured in.
package region

import (
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Code is a division code of GB/T 2260: two digits each for province, city (prefecture) and county,
// "140105" for Taiyuan's Xiaodian district. Missing levels are 00: "140000" is Shanxi. The zero
// value "" is no place; it contains nothing and lies in nothing.
//
// A Code has the right shape; whether it is in force on a day is asked of package dict. Codes of
// counties that a province governs directly run through a made-up city 90 ("469000" for 469001).
type Code string

// codeDigits is the length of a code.
const codeDigits = 6

// Levels of a code.
const (
	LevelNone     = 0
	LevelProvince = 1 // 省、自治区、直辖市
	LevelCity     = 2 // 地级市、地区、自治州、盟
	LevelCounty   = 3 // 县、区、县级市、旗
)

// Parse reads a code as people write it: spaces around it and full-width digits are allowed. The
// error is a fault.Invalid that says which rule fails.
func Parse(s string) (Code, error) {
	digits := strings.Map(narrow, strings.TrimSpace(s))
	if len(digits) != codeDigits || strings.Trim(digits, "0123456789") != "" {
		return "", fault.New(fault.Invalid, "行政区划代码应为 6 位数字")
	}
	if digits[0] < '1' || digits[0] > '8' || digits[1] == '0' {
		return "", fault.New(fault.Invalid, "行政区划代码的前两位不是省级代码：%s", digits[:2])
	}
	if digits[2:4] == "00" && digits[4:] != "00" {
		return "", fault.New(fault.Invalid, "行政区划代码缺少第 3、4 位的市级代码：%s", digits)
	}
	return Code(digits), nil
}

// Check says what is wrong with a code that a record names: the key of a text and its arguments, "" when nothing is.
func (c Code) Check() (key string, args []any) {
	if c == "" {
		return "请选择所在地区", nil
	}
	parsed, err := Parse(string(c))
	if e, is := fault.As(err); is {
		return e.Key, e.Args
	}
	if parsed != c {
		return "行政区划代码应为 6 位数字", nil
	}
	return "", nil
}

// narrow turns full-width digits into ASCII ones.
func narrow(r rune) rune {
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	return r
}

// Level returns LevelProvince, LevelCity or LevelCounty, and LevelNone for no place.
func (c Code) Level() int {
	switch {
	case len(c) != codeDigits:
		return LevelNone
	case c[2:] == "0000":
		return LevelProvince
	case c[4:] == "00":
		return LevelCity
	default:
		return LevelCounty
	}
}

// Province returns the code of the province that c lies in, "" for no place.
func (c Code) Province() Code {
	if len(c) != codeDigits {
		return ""
	}
	return c[:2] + "0000"
}

// City returns the code of the city that c lies in, "" when c is a province or no place.
func (c Code) City() Code {
	if c.Level() < LevelCity {
		return ""
	}
	return c[:4] + "00"
}

// Parent returns the code one level up, "" for a province and for no place.
func (c Code) Parent() Code {
	switch c.Level() {
	case LevelCounty:
		return c.City()
	case LevelCity:
		return c.Province()
	default:
		return ""
	}
}

// Contains reports whether o is c or lies in c: 140000 contains 140100, which contains 140105. No
// place contains nothing, so that an actor without a region never sees every region.
func (c Code) Contains(o Code) bool {
	return c.Level() != LevelNone && o.Level() != LevelNone &&
		strings.HasPrefix(string(o), c.Prefix())
}

// Prefix returns the digits that all codes inside c begin with: "14", "1401", "140105". It is ""
// for no place: a caller that builds a filter from it must refuse that first.
func (c Code) Prefix() string {
	switch c.Level() {
	case LevelProvince:
		return string(c[:2])
	case LevelCity:
		return string(c[:4])
	case LevelCounty:
		return string(c)
	default:
		return ""
	}
}
