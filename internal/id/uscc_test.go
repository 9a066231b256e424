package id

import (
	"math/rand/v2"
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
)

func wantKey(t *testing.T, what string, err error, key string) {
	t.Helper()
	f, _ := fault.As(err)
	wrong := key != "" && (f == nil || f.Kind != fault.Invalid || f.Key != key)
	if (key == "") != (err == nil) || wrong {
		t.Errorf("%s: error %v, want %q", what, err, key)
	}
}

func TestParseUSCC(t *testing.T) {
	t.Parallel()
	const (
		length   = "统一社会信用代码应为 18 位，不含 I、O、S、V、Z；现为 %d 位"
		alphabet = "统一社会信用代码第 %d 位“%c”不可用：只含数字和除 I、O、S、V、Z 以外的字母"
		digits   = "统一社会信用代码第 %d 位应为数字：第 3 至 8 位是登记机关的行政区划代码"
		check    = "统一社会信用代码的校验位不符，请逐位核对是否有输错的字符"
	)
	const good USCC = "91350100M000100Y43"
	for _, c := range []struct {
		in   string
		want USCC
		key  string
	}{
		{"91350100M000100Y43", good, ""},
		{" 91350100m000100y43 ", good, ""},
		{"9135 0100 M000 100Y 43", good, ""},
		{"9135-0100-M000-100Y-43", good, ""},
		{"９１３５０１００Ｍ０００１００Ｙ４３", good, ""},
		{"９１３５　０１００　ｍ０００１００ｙ４３", good, ""},
		{"", "", length},
		{"91350100M000100Y4", "", length},
		{"91350100M000100Y433", "", length},
		{"91350100M000100I43", "", alphabet},
		{"9135010OM000100Y43", "", alphabet}, // letter O for zero
		{"91350100M000100号43", "", alphabet},
		{"9135A100M000100Y43", "", digits},
		{"91350100M000100Y44", "", check},
		{"91350100M001000Y43", "", check}, // two characters swapped
	} {
		got, err := ParseUSCC(c.in)
		if got != c.want {
			t.Errorf("ParseUSCC(%q) = %q", c.in, got)
		}
		wantKey(t, c.in, err, c.key)
	}
	f, _ := fault.As(second(ParseUSCC("91350100M000100I43")))
	if want := "invalid: 统一社会信用代码第 16 位“I”不可用：只含数字和除 I、O、S、V、Z 以外的字母"; f.Error() != want {
		t.Errorf("message = %s", f)
	}
}

func second[T any](_ T, err error) error { return err }

func TestUSCCParts(t *testing.T) {
	t.Parallel()
	c := USCC("91350100M000100Y43")
	if c.Grouped() != "9135 0100 M000 100Y 43" || c.Region() != "350100" {
		t.Errorf("grouped %q, region %q", c.Grouped(), c.Region())
	}
	central, err := MakeUSCC("12100000400000000")
	if err != nil || central.Region() != "" {
		t.Errorf("a central authority is in no province: %q %v", central.Region(), err)
	}
	if USCC("").Grouped() != "" || USCC("").Region() != "" {
		t.Error("no code has no parts")
	}
}

// TestMakeUSCC: what is made is valid, and any one wrong character in it is noticed, as is any swap
// of two different neighbours.
func TestMakeUSCC(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(9, 10))
	for range 2000 {
		body := make([]byte, usccLength-1)
		for i := range body {
			body[i] = usccAlphabet[rnd.IntN(len(usccAlphabet))]
			if i >= 2 && i < 8 {
				body[i] = usccAlphabet[rnd.IntN(10)]
			}
		}
		made, err := MakeUSCC(string(body))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseUSCC(made.Grouped()); again != made || err != nil {
			t.Fatalf("%s: %s, %v", made, again, err)
		}
		wrong := []byte(made)
		at := rnd.IntN(usccLength)
		wrong[at] = usccAlphabet[rnd.IntN(len(usccAlphabet))]
		if _, err := ParseUSCC(string(wrong)); (err == nil) != (string(wrong) == string(made)) {
			t.Fatalf("%s with character %d wrong, %s: %v", made, at+1, wrong, err)
		}
		swapped := []byte(made)
		at = rnd.IntN(usccLength - 1)
		swapped[at], swapped[at+1] = swapped[at+1], swapped[at]
		if _, err := ParseUSCC(string(swapped)); (err == nil) != (string(swapped) == string(made)) {
			t.Fatalf("%s with %d and %d swapped: %v", made, at+1, at+2, err)
		}
	}
	_, err := MakeUSCC("9135")
	wantKey(t, "short body", err, "统一社会信用代码的本体应为 17 位，现为 %d 位")
}

// FuzzParseUSCC: what is accepted has the shape and reads back as itself.
func FuzzParseUSCC(f *testing.F) {
	f.Add("91350100M000100Y43")
	f.Add("９１３５　０１００　ｍ０００１００ｙ４３")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseUSCC(s)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if again, err := ParseUSCC(c.Grouped()); len(c) != usccLength || again != c || err != nil {
			t.Fatalf("%q = %q, again %q, %v", s, c, again, err)
		}
	})
}
