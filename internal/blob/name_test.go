package blob

import (
	"path"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("太原", 100)
	tests := []struct{ name, in, want string }{
		{"plain", "营业执照.pdf", "营业执照.pdf"},
		{"unix path", "../../etc/passwd", "_.._etc_passwd"},
		{"windows path", `C:\Users\a\b.docx`, "C__Users_a_b.docx"},
		{"direction override", "合同\u202efdp.exe", "合同fdp.exe"},
		{"isolates and marks", "a\u2066b\u2069\u200ec.png", "abc.png"},
		{"controls", "a\x00b\r\nc\x7f.txt", "ab c.txt"},
		{"zero width", "a\u200bb\ufeff.txt", "ab.txt"},
		{"line separator", "a\u2028b", "a b"},
		{"dots", "...", ""},
		{"hidden", ".bashrc", "bashrc"},
		{"trailing", "a.pdf. . ", "a.pdf"},
		{"device", "CON", "_CON"},
		{"device with extension", "nul.txt", "_nul.txt"},
		{"device longer", "console.txt", "console.txt"},
		{"broken utf-8", "a\xff\xfeb.pdf", "ab.pdf"},
		{"composed", "e\u0301.pdf", "\u00e9.pdf"},
		{"composed over a gap", "e\u0002\u0301.pdf", "\u00e9.pdf"},
		{"full width space", "a\u3000\u3000b", "a b"},
		{"invisible letter", "a\u3164.pdf", "a.pdf"},
		{"rare character", "\U00020BB7野\uE863.pdf", "\U00020BB7野\uE863.pdf"},
		{"too long", long + ".docx", strings.Repeat("太原", 32) + "太" + ".docx"},
		{"long extension", "a." + strings.Repeat("x", 300), "a." + strings.Repeat("x", 198)},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := CleanName(tt.in); got != tt.want {
				t.Errorf("CleanName(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestDisplayName(t *testing.T) {
	t.Parallel()
	hash := strings.Repeat("0123456789abcdef", 4)
	tests := []struct {
		in   string
		typ  Type
		want string
	}{
		{"report.pdf", PDF, "report.pdf"},
		{"report.exe", PDF, "report.exe.pdf"},
		{"照片.JPEG", JPEG, "照片.JPEG"},
		{"photo", PNG, "photo.png"},
		{"rows.csv", Text, "rows.csv"},
		{"page.html", Text, "page.html.txt"},
		{"", XLSX, "01234567.xlsx"},
		{"..", OFD, "01234567.ofd"},
		{strings.Repeat("长", 80), DOCX, strings.Repeat("长", 65) + ".docx"},
	}
	for _, tt := range tests {
		if got := displayName(tt.in, hash, tt.typ); got != tt.want {
			t.Errorf("displayName(%q, %s) = %q, want %q", tt.in, tt.typ, got, tt.want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"a.pdf", "../x", `..\x`, "\u202ea", "con.", "a\x00", ". .", "\xff",
		"_ .con", "con .a", strings.Repeat("é", 300)} {
		f.Add(s)
	}
	hash := strings.Repeat("0", 64)
	f.Fuzz(func(t *testing.T, in string) {
		for _, got := range []string{CleanName(in), displayName(in, hash, PDF)} {
			if got == "" {
				continue
			}
			if !utf8.ValidString(got) || len(got) > MaxNameBytes+1 {
				t.Fatalf("%q: %d bytes or broken", got, len(got))
			}
			if got == "." || got == ".." || filepath.Base(got) != got || path.Base(got) != got ||
				strings.ContainsAny(got, `/\:*?"<>|`) {
				t.Fatalf("%q is a path", got)
			}
			for _, r := range got {
				if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Bidi_Control) {
					t.Fatalf("%q holds %U", got, r)
				}
			}
			if again := CleanName(got); again != got {
				t.Fatalf("not stable: %q then %q", got, again)
			}
		}
	})
}
