package i18n

import "fmt"

// DocumentNo writes the number of an official document, the same in every language:
// 并科发〔2026〕12号.
func DocumentNo(issuer string, year, number int) string {
	return fmt.Sprintf(documentNo, issuer, year, number)
}

// ShortID writes the number that people quote: kind, year, running number, as in JB-2026-017.
func ShortID(kind string, year, number int) string {
	return fmt.Sprintf("%s-%d-%03d", kind, year, number)
}

// topMaturity is the highest technology readiness level (技术成熟度等级, GB/T 22900).
const topMaturity = 9

// Maturity writes a technology readiness level with the name of its stage: 中试 · 6 / 9 级,
// Pilot · TRL 6/9.
func Maturity(l Lang, stage Key, level int) string {
	return Text(l, "%s · %d / %d 级", stage, level, topMaturity)
}
