package indicator

import "github.com/yuntu-city/yuntu/internal/i18n"

// oddWord follows a value that is a little more than the round number.
const oddWord = "余"

// oddWords are what texts write for it.
var oddWords = []string{"余", "多"}

// frequencyKey is what a frequency is called inside a sentence.
func frequencyKey(frequency string) i18n.Key {
	return map[string]i18n.Key{"year": "年", "half": "半年", "quarter": "季度", "month": "月"}[frequency]
}
