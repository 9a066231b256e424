package sheet

import "regexp"

// Words that people write in cells. They are data to be recognised, never shown, so they have no
// translation; i18n keys live in the code and in en.go.

// yesWords and noWords are folded values of a Bool column.
var (
	yesWords = []string{"是", "true", "yes", "y", "1", "√", "✓", "✔", "对", "有"}
	noWords  = []string{"否", "false", "no", "n", "0", "×", "x", "✗", "✘", "错", "无"}
)

// unitFen is the number of fen in one unit that may stand behind an amount.
var unitFen = map[string]int64{
	"元": 100, "千元": 100_000, "万元": 1_000_000, "万": 1_000_000,
	"亿元": 10_000_000_000, "亿": 10_000_000_000,
}

// datePattern takes 2026-11-22, 2026/11/22, 2026.11.22 and 2026年11月22日; a time of day may follow.
var datePattern = regexp.MustCompile(
	`^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$`)

// amountPattern splits an amount into number and unit.
var amountPattern = regexp.MustCompile(`^[¥]?([+-]?\d{1,15}(?:\.\d{1,10})?)(千元|万元|亿元|元|万|亿)?$`)
