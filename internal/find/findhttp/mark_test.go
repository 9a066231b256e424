package findhttp

import (
	"strings"
	"testing"
)

func TestMarked(t *testing.T) {
	for _, c := range []struct{ title, query, want string }{
		{"石墨烯导热膜", "石墨", "[石墨]烯导热膜"},
		{"导热石墨膜与石墨", "石墨 膜", "导热[石墨膜]与[石墨]"},
		{"SiC wafer", "sic", "[SiC] wafer"},
		{"没有", "石墨", "没有"},
		{"aaa", "aa", "[aaa]"},
		{"", "石墨", ""},
	} {
		var b strings.Builder
		for _, p := range marked(c.title, c.query) {
			if p.marked {
				b.WriteString("[" + p.text + "]")
			} else {
				b.WriteString(p.text)
			}
		}
		if b.String() != c.want {
			t.Errorf("%q for %q: %s, want %s", c.title, c.query, b.String(), c.want)
		}
	}
}

// Whatever is searched, the title comes out whole.
func FuzzMarked(f *testing.F) {
	f.Add("石墨烯", "石墨")
	f.Add("İstanbul \xff", "i")
	f.Fuzz(func(t *testing.T, title, query string) {
		var b strings.Builder
		for _, p := range marked(title, query) {
			b.WriteString(p.text)
		}
		if b.String() != title {
			t.Errorf("%q became %q", title, b.String())
		}
	})
}
