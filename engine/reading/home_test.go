package reading

import (
	"testing"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Whom 我市 means: the place that the first lines name, else the one the document was filed for.
func TestHome(t *testing.T) {
	const body = "\n\n2024年，我市技术合同成交额153.6亿元，其中与云州市签订的占一成。"
	for _, c := range []struct{ title, home, want string }{
		{"澜江市科技成果转化行动方案", "太原市", "澜江市"},
		{"科技成果转化行动方案", "太原市", "太原市"},
		{"太原市小店区科技工作总结", "小店区", "小店区"},
		{"太原市科技成果转化行动方案", "太原市", "太原市"},
		{"澜江市科技成果转化行动方案", "", "澜江市"},
	} {
		got := Read(c.title+body, Options{Date: hanzi.Date{Year: 2025, Month: 1, Day: 8}, Home: c.home})
		if got.Document.Place != c.want || got.Statements[0].Subject != c.want {
			t.Errorf("%s, filed for %q: place %q, subject %q, want %q", c.title, c.home,
				got.Document.Place, got.Statements[0].Subject, c.want)
		}
	}
}
