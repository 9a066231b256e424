package sheet

import "regexp"

// Words that people write in cells. They are data to be recognised, never shown, so they have no
// translation; i18n keys live in the code and in en.go.

// yesWords and noWords are folded values of a Bool column.
var (
	yesWords = []string{"是", "true", "yes", "y", "1", "√", "✓", "✔", "对", "有"}
	noWords  = []string{"否", "false", "no", "n", "0", "×", "x", "✗", "✘", "错", "无"}
)

// titleMarks stand beside the titles of columns, folded.
var titleMarks = []string{"(必填)", "(选填)"}

// datePattern takes 2026-11-22, 2026/11/22, 2026.11.22 and 2026年11月22日; a time of day may follow.
var datePattern = regexp.MustCompile(
	`^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$`)
