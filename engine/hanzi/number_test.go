package hanzi

import "testing"

func TestScanNumber(t *testing.T) {
	for _, c := range []struct{ in, text, value string }{
		{"12.5", "12.5", "12.5"},
		{"1,234家", "1,234", "1234"},
		{"１２", "12", "12"},
		{"三千二百", "三千二百", "3200"},
		{"两万五", "两万五", "25000"},
		{"一百二十亿", "一百二十亿", "12000000000"},
		{"8.7万人", "8.7万", "87000"},
		{"一万五千亿", "一万五千亿", "1500000000000"},
	} {
		r := Fold(c.in).Runes
		n, ok := ScanNumber(r, 0)
		if !ok || string(r[:n.End]) != c.text || n.Value.String() != c.value {
			t.Errorf("ScanNumber(%q) = %q %v %v, want %q %s",
				c.in, string(r[:n.End]), n.Value, ok, c.text, c.value)
		}
	}
}
