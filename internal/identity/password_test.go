package identity_test

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/identity"
)

func TestPasswordRule(t *testing.T) {
	const (
		short  = "密码至少 %d 个字符"
		long   = "密码最多 %d 个字符"
		login  = "密码不能包含登录名"
		common = "这个密码太常见或太有规律，容易被猜中"
		sorts  = "不足 %d 个字符的密码须含大写字母、小写字母、数字、其他字符中的三类"
		broken = "密码不能含有换行或控制字符"
	)
	for password, want := range map[string]string{
		"":                           short,
		"Ab3-efgh9":                  short,
		"Ab3-efgh9k":                 "",
		strings.Repeat("Qz7-", 32):   common, // said over and over
		strings.Repeat("Qz7-mK", 21): "",
		strings.Repeat("Qz7-mK", 22): long,
		"Wangxm-2026-ok":             login,
		"my WANGXM secret 9":         login,
		"1234567890":                 common,
		"0987654321abc":              common,
		"qwertyuiop[]":               common,
		"1qaz2wsx3edc":               common,
		"aaaaaaaaaaaa":               common,
		"abcabcabcabc":               common,
		"Password2026!":              common,
		"P@ssw0rd!!!!!":              common,
		"Admin@123456":               common,
		"taiyuan-2026-01":            common,
		"!!welcome!!2026":            common,
		"2026-11-20-09-30":           common, // digits and signs alone
		"woaini5201314":              common,
		"woaini taiyuan keji 1":      common,
		"lantianbaiyun":              sorts,
		"lantian baiyun":             sorts,
		"lantian3baiyun":             sorts,
		"Lantian3baiyun":             "",
		"lan tian bai yun shan":      "", // long enough for plain words
		"Lan-Tian\n37 bai yun":       broken,
		"Lan-Tian\xff 37 bai":        broken,
		"蓝天白云高山流水37-a":               "",
		"蓝天白云高山流水长江黄河泰山衡山": "",
		"yuntu-demo-2026":                "",
		"correct horse battery staple":   "",
		"zaq1ZAQ!xsw2XSW@":               "",
		"\u00e9t\u00e9-Hiver-Printemps1": "",
	} {
		if got := identity.WrongPassword(password, "wangxm"); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func FuzzPasswordRule(f *testing.F) {
	f.Add("Ab3-efgh9k", "wang")
	f.Add("", "")
	f.Add("\xff\xfe1234567890", "a")
	f.Fuzz(func(t *testing.T, password, login string) {
		if identity.WrongPassword(password, login) == "" && len(password) < identity.MinPassword {
			t.Errorf("%q is too short and passed", password)
		}
	})
}
