package id

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"统一社会信用代码应为 18 位，不含 I、O、S、V、Z；现为 %d 位": "A unified social credit code has 18 " +
		"characters without I, O, S, V and Z; this one has %d",
	"统一社会信用代码的本体应为 17 位，现为 %d 位": "The body of a unified social credit code has 17 " +
		"characters; this one has %d",
	"统一社会信用代码的校验位不符，请逐位核对是否有输错的字符": "The check character of the unified social " +
		"credit code does not match; please compare every character",
	"统一社会信用代码第 %d 位“%c”不可用：只含数字和除 I、O、S、V、Z 以外的字母": "Character %d of the unified " +
		"social credit code, “%c”, is not allowed: digits and letters other than I, O, S, V, Z",
	"统一社会信用代码第 %d 位应为数字：第 3 至 8 位是登记机关的行政区划代码": "Character %d of the unified social " +
		"credit code must be a digit: 3 to 8 are the division code of the registrar",
	"身份证号码应为 18 位，现为 %d 位":      "An identity number has 18 characters; this one has %d",
	"身份证号码的前 17 位应为数字，末位为数字或 X": "An identity number is 17 digits and a digit or X",
	"身份证号码的前两位不是有效的地区代码":        "The identity number does not start with a region in use",
	"身份证号码第 7 至 14 位不是有效的出生日期":  "Characters 7 to 14 of the identity number are no birth date",
	"身份证号码的校验位不符，请逐位核对是否有输错的数字": "The check character of the identity number " +
		"does not match; please compare every digit",
})
