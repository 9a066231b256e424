package indicator

import (
	"fmt"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// oddWord follows a value that is a little more than the round number.
const oddWord = "余"

// oddWords are what texts write for it.
var oddWords = []string{"余", "多"}

// frequencyKey is what a frequency is called inside a sentence.
func frequencyKey(frequency string) i18n.Key {
	return map[string]i18n.Key{"year": "年", "half": "半年", "quarter": "季度", "month": "月"}[frequency]
}

// breakNote says in the definition why a series breaks.
func breakNote(file SetFile, e Edition) string {
	return fmt.Sprintf("《%s》第 %d 版修改口径", firstRunes(file.Name, maxText-20), e.N)
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}

// editionTitle is the title of a state of an edition.
func editionTitle(state string) i18n.Key {
	return i18n.Key(plan.TitleOf(stateChoices(EditionProcess.Def().States), state))
}

// Words of drafted tasks; they are stored, not translated.
const (
	taskIndicators = "对应指标："
	taskOwner      = "建议牵头（待落实单位）："
	taskAssist     = "建议配合（待落实单位）："
	taskLedgerEnd  = "·任务"
)
