package ui

import (
	"embed"
	"regexp"
	"strings"
)

//go:embed css/*.css
var cssSources embed.FS

// cssLayers are the hand-written layers in the order of the cascade, after the tokens.
var cssLayers = []string{"base", "parts", "pages", "atlas", "modes"}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssBlank   = regexp.MustCompile(`\n\s*\n+`)
)

// BuildStylesheet puts together static/app.css: the generated tokens and the hand-written layers,
// comments removed. The result is committed; TestStylesheetIsCurrent compares it, and
// "go test ./internal/ui -run Stylesheet -update" writes it.
func BuildStylesheet() (string, error) {
	var b strings.Builder
	b.WriteString("@layer tokens," + strings.Join(cssLayers, ",") + ";\n")
	b.WriteString("@layer tokens{\n" + tokenCSS() + "}\n")
	for _, name := range cssLayers {
		src, err := cssSources.ReadFile("css/" + name + ".css")
		if err != nil {
			return "", err
		}
		b.WriteString("@layer " + name + "{\n" + squeeze(string(src)) + "\n}\n")
	}
	return b.String(), nil
}

// squeeze removes comments, indentation and empty lines; compression does the rest.
func squeeze(src string) string {
	lines := strings.Split(cssBlank.ReplaceAllString(cssComment.ReplaceAllString(src, ""), "\n"),
		"\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
