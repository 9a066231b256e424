package ui

import "strings"

// Token is one design token: a CSS custom property with its value in the light and the dark theme.
type Token struct {
	Name  string // without the leading --
	Light string
	Dark  string // "" when the value does not depend on the theme
}

// colours are mineral pigments (石青 azurite, 石绿 malachite, 朱砂 cinnabar, 赭石 ochre, 藤黄
// gamboge). TestContrast holds each pair that meets in the stylesheet to WCAG 2.2 AA.
var colours = []Token{
	{"bg", "#f5f4f0", "#121518"},
	{"surface", "#ffffff", "#1a1e22"},
	{"sunken", "#eeece6", "#0d1012"},
	{"line", "#dedad1", "#2e343a"},
	{"edge", "#84888d", "#7b828a"}, // borders of controls
	{"ink", "#1b1f23", "#eceae5"},
	{"ink-2", "#454c54", "#c0c4c8"},
	{"ink-3", "#5f6770", "#989fa6"},
	{"azure", "#17558f", "#7fb5e6"},
	{"azure-strong", "#0f3f6d", "#a8cff2"},
	{"azure-soft", "#e4eef7", "#1c3044"},
	{"on-azure", "#ffffff", "#0c1722"},
	{"ok", "#1c6b52", "#6fc2a6"},
	{"ok-soft", "#dff0e9", "#14322a"},
	{"warn", "#855000", "#e3a95b"},
	{"warn-soft", "#fbebd0", "#3a2a12"},
	{"bad", "#a82a22", "#f0897f"},
	{"bad-soft", "#fbe5e2", "#431f1c"},
	{"on-bad", "#ffffff", "#1d0b0a"},
	{"idle", "#565d65", "#a3a9af"},
	{"idle-soft", "#e9e8e4", "#2a2f34"},
	{"ring", "#e0a92e", "#e0a92e"}, // outer focus ring; the inner one is ink
	{"seal", "#a82a22", "#a82a22"},
	{"s0", "#244982", "#5b86f7"}, // categories
	{"s1", "#c07a0c", "#e6be04"},
	{"s2", "#21a689", "#90e7c4"},
	{"s3", "#9c0f10", "#c0694a"},
	{"s4", "#9571dc", "#d4c9fe"},
	{"s5", "#5e5756", "#8a838d"},
	{"q0", "#e9f0f6", "#1b2732"}, // sequence
	{"q1", "#c6daeb", "#20394f"},
	{"q2", "#9cc0de", "#27506f"},
	{"q3", "#6c9fca", "#33688f"},
	{"q4", "#3a78ae", "#5b9bcb"},
	{"q5", "#17558f", "#9accf2"},
	{"on-q-lo", "#0c1722", "#eceae5"}, // text on q0–q3
	{"on-q-hi", "#ffffff", "#0c1722"}, // text on q4–q5
}

// shadows belong to drawer, menu and toast only.
var shadows = []Token{
	{"shadow", "0 1px 2px rgb(27 31 35/.06),0 8px 24px rgb(27 31 35/.10)",
		"0 1px 2px rgb(0 0 0/.4),0 8px 24px rgb(0 0 0/.5)"},
	{"veil", "rgb(27 31 35/.35)", "rgb(0 0 0/.6)"},
}

// sizes are in rem, so that the large modes (关怀版) scale everything with the root font size.
var sizes = []Token{
	{Name: "1", Light: ".25rem"}, {Name: "2", Light: ".5rem"}, {Name: "3", Light: ".75rem"},
	{Name: "4", Light: "1rem"}, {Name: "5", Light: "1.5rem"}, {Name: "6", Light: "2rem"},
	{Name: "7", Light: "3rem"},
	{Name: "t-xs", Light: ".75rem"}, {Name: "t-sm", Light: ".875rem"}, {Name: "t", Light: "1rem"},
	{Name: "t-lg", Light: "1.125rem"}, {Name: "t-xl", Light: "1.375rem"},
	{Name: "t-2xl", Light: "1.75rem"}, {Name: "t-3xl", Light: "2.5rem"},
	{Name: "r", Light: "4px"}, {Name: "r-lg", Light: "8px"},
	{Name: "hit", Light: "2.5rem"}, // height of a control
	{Name: "hit-s", Light: "2rem"}, // height of a small control
	{Name: "measure", Light: "42em"},
	{Name: "page", Light: "84rem"},
	{Name: "form", Light: "36rem"},
}

// fonts name system fonts only: a CJK web font weighs 5–10 MB.
var fonts = []Token{
	{Name: "sans", Light: `system-ui,-apple-system,"PingFang SC","HarmonyOS Sans SC","MiSans",` +
		`"Microsoft YaHei UI","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",` +
		`sans-serif`},
	{Name: "serif", Light: `"Source Han Serif SC","Noto Serif CJK SC","Songti SC","STSong",` +
		`"SimSun",serif`},
	{Name: "print",
		Light: `"FangSong","STFangsong","FangSong_GB2312","Noto Serif CJK SC","SimSun",serif`},
	{Name: "mono", Light: `ui-monospace,"SF Mono",Consolas,"Noto Sans Mono CJK SC",monospace`},
}

// tokenCSS returns the token layer: the light theme, the dark one, the dark one again for people
// who follow their system, and the light colours for paper.
func tokenCSS() string {
	themed := append(append([]Token{}, colours...), shadows...)
	still := append(append([]Token{}, sizes...), fonts...)
	var b strings.Builder
	b.WriteString(":root{color-scheme:light;\n")
	writeTokens(&b, themed, light)
	writeTokens(&b, still, light)
	b.WriteString("}\n:root[data-theme=dark]{color-scheme:dark;\n")
	writeTokens(&b, themed, dark)
	b.WriteString("}\n@media (prefers-color-scheme:dark){")
	b.WriteString(":root[data-theme=auto]{color-scheme:dark;\n")
	writeTokens(&b, themed, dark)
	b.WriteString("}}\n@media print{:root[data-theme]{color-scheme:light;\n")
	writeTokens(&b, themed, light)
	b.WriteString("}}\n")
	return b.String()
}

func light(t Token) string { return t.Light }
func dark(t Token) string  { return t.Dark }

func writeTokens(b *strings.Builder, ts []Token, value func(Token) string) {
	for _, t := range ts {
		b.WriteString("--" + t.Name + ":" + value(t) + ";\n")
	}
}
