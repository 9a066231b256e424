package ui

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write generated and golden files instead of comparing")

func TestStylesheetIsCurrent(t *testing.T) {
	want, err := BuildStylesheet()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("static/app.css", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("static/app.css is stale; run: go test ./internal/ui -run Stylesheet -update")
	}
}

func TestDarkThemeIsWrittenOnce(t *testing.T) {
	css := tokenCSS()
	chosen := between(css, ":root[data-theme=dark]{", "}\n")
	system := between(css, ":root[data-theme=auto]{", "}}")
	if chosen == "" || chosen != system {
		t.Errorf("dark by choice and dark by system differ:\n%s\n%s", chosen, system)
	}
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	inner, _, _ := strings.Cut(rest, to)
	return inner
}
