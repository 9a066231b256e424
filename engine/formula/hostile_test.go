package formula

import (
	"strings"
	"testing"
	"time"
)

// The worst texts that pass the limits are computed in a moment.
func TestHostile(t *testing.T) {
	for _, src := range []string{
		strings.Repeat("1+", 700) + "1",
		strings.Repeat("年均增长(", 38) + "企业" + strings.Repeat(", 1)", 38),
		strings.Repeat("同比(", 13) + "企业" + strings.Repeat(")", 13),
		"累计(累计(累计(企业 ^ 20)))",
		"滚动合计(滚动合计(乙 / 企业 ^ 7, 80), 80)",
		"年均增长((9999999999 ^ 20) ^ 5 * 乙, 50)",
		"年均增长(乙 / (9999999999 ^ 20) ^ 5, 49)",
		"四舍五入(1 / 3 ^ 20 / 7 ^ 20 / 11 ^ 20 / 13 ^ 20, 12)",
		strings.Repeat("(3^20)^20*", 300) + "1",
		strings.Repeat("非 ", 39) + "真",
		strings.Repeat("最大(", 39) + "乙" + strings.Repeat(", 乙)", 39),
	} {
		start := time.Now()
		e, err := Parse(src)
		if err == nil {
			e.Names()
			e.Eval(fullCity{city()}, "2024-12")
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%.40s… took %s", src, took)
		}
	}
}
