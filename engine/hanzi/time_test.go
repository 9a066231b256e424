package hanzi

import "testing"

func TestScanTime(t *testing.T) {
	ref := Date{2025, 1, 8}
	for _, c := range []struct{ text, words, from, to string }{
		{"2024年，", "2024年", "2024-01-01", "2024-12-31"},
		{"2024年3月5日起草", "2024年3月5日", "2024-03-05", "2024-03-05"},
		{"二〇二四年二月", "二〇二四年二月", "2024-02-01", "2024-02-29"},
		{"去年", "去年", "2024-01-01", "2024-12-31"},
	} {
		r := []rune(c.text)
		got, _ := ScanTime(r, 0, ref)
		words := string(r[got.Start:got.End])
		if words != c.words || got.From.String() != c.from || got.To.String() != c.to {
			t.Errorf("%s: %s %v…%v", c.text, words, got.From, got.To)
		}
	}
}
