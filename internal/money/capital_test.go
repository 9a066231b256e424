package money

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCapital(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fen  Fen
		want string
	}{
		{261_800_000, "贰佰陆拾壹万捌仟元整"},
		// The examples of the rules themselves.
		{140_950, "壹仟肆佰零玖元伍角整"},
		{600_714, "陆仟零柒元壹角肆分"},
		{168_032, "壹仟陆佰捌拾元零叁角贰分"},
		{10_700_053, "壹拾万柒仟元零伍角叁分"},
		{1_640_902, "壹万陆仟肆佰零玖元零贰分"},
		{32_504, "叁佰贰拾伍元零肆分"},
		// Zeros everywhere.
		{0, "零元整"},
		{1, "壹分"},
		{10, "壹角整"},
		{11, "壹角壹分"},
		{100, "壹元整"},
		{101, "壹元零壹分"},
		{1_000, "壹拾元整"},
		{1_005, "壹拾元零伍分"},
		{1_050, "壹拾元零伍角整"},
		{100_100, "壹仟零壹元整"},
		{101_000, "壹仟零壹拾元整"},
		{1_000_000, "壹万元整"},
		{1_000_100, "壹万零壹元整"},
		{1_050_000, "壹万零伍佰元整"},
		{1_100_000, "壹万壹仟元整"},
		{10_000_000_000, "壹亿元整"},
		{10_000_000_100, "壹亿零壹元整"},
		{10_000_100_000, "壹亿零壹仟元整"},
		{10_001_000_000, "壹亿零壹万元整"},
		{100_000_500_000, "壹拾亿零伍仟元整"},
		{100_050_000_000, "壹拾亿零伍拾万元整"},
		{105_000_000_000, "壹拾亿伍仟万元整"},
		{1_000_000_000_000, "壹佰亿元整"},
		{123_456_789_012, "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元零壹角贰分"},
		{1_000_000_000_000_000, "壹拾万亿元整"},
		{-35_600_000, "负叁拾伍万陆仟元整"},
		{-1, "负壹分"},
		{math.MaxInt64, "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分"},
	} {
		if got := c.fen.Capital(); got != c.want {
			t.Errorf("Capital(%d) = %s, want %s", c.fen, got, c.want)
		}
	}
}

// readCapital reads capital numerals on its own principle: a digit waits for its place, a place or
// a unit multiplies what stands before it. It knows nothing of how they are written.
func readCapital(t *testing.T, s string) *big.Int {
	t.Helper()
	s, negative := strings.CutPrefix(s, "负")
	s = strings.TrimSuffix(s, "整")
	values := map[rune]int64{'零': 0, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7,
		'捌': 8, '玖': 9}
	places := map[rune]int64{'拾': 10, '佰': 100, '仟': 1000}
	fen, total, group, digit := new(big.Int), new(big.Int), int64(0), int64(0)
	for _, r := range s {
		v, isDigit := values[r]
		place, isPlace := places[r]
		switch {
		case isDigit:
			digit = v
		case isPlace:
			group, digit = group+digit*place, 0
		case r == '万':
			total.Add(total, big.NewInt((group+digit)*10_000))
			group, digit = 0, 0
		case r == '亿':
			total.Add(total, big.NewInt(group+digit))
			total.Mul(total, big.NewInt(100_000_000))
			group, digit = 0, 0
		case r == '元':
			total.Add(total, big.NewInt(group+digit))
			fen.Mul(total, big.NewInt(100))
			group, digit = 0, 0
		case r == '角':
			fen.Add(fen, big.NewInt(digit*10))
			digit = 0
		case r == '分':
			fen.Add(fen, big.NewInt(digit))
			digit = 0
		default:
			t.Fatalf("unknown numeral %q in %s", r, s)
		}
	}
	if negative {
		fen.Neg(fen)
	}
	return fen
}

func checkCapital(t *testing.T, f Fen) {
	t.Helper()
	s := f.Capital()
	if got := readCapital(t, s); got.Cmp(big.NewInt(int64(f))) != 0 {
		t.Fatalf("Capital(%d) = %s reads %v", f, s, got)
	}
	for _, bad := range []string{"零零", "零拾", "零佰", "零仟", "零万", "零亿", "零角", "零分", "零整"} {
		if strings.Contains(s, bad) {
			t.Fatalf("Capital(%d) = %s contains %s", f, s, bad)
		}
	}
	if strings.Contains(s, "零元") && s != "零元整" || strings.HasSuffix(s, "分整") {
		t.Fatalf("Capital(%d) = %s ends wrongly", f, s)
	}
	if last, _ := utf8.DecodeLastRuneInString(s); last != '整' && last != '分' {
		t.Fatalf("Capital(%d) = %s is not closed", f, s)
	}
}

// TestCapitalReadsBack walks every amount up to 1,000 元, and random ones with many zeros.
func TestCapitalReadsBack(t *testing.T) {
	t.Parallel()
	for f := Fen(0); f < 100_000; f++ {
		checkCapital(t, f)
	}
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 30_000 {
		var v Fen
		for range rnd.IntN(18) {
			v *= 10
			if rnd.IntN(2) == 0 {
				v += Fen(rnd.IntN(10))
			}
		}
		checkCapital(t, v)
		checkCapital(t, -v)
	}
}

func FuzzCapital(f *testing.F) {
	f.Add(int64(261_800_000))
	f.Add(int64(math.MinInt64))
	f.Fuzz(func(t *testing.T, v int64) { checkCapital(t, Fen(v)) })
}
