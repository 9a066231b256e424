package retrieval_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// A need's background is parted from what it wants, by headings.
func TestSplitNeed(t *testing.T) {
	for _, c := range []struct{ text, wanted, background string }{
		{"需要灌溉技术。", "需要灌溉技术。", ""},
		{"需求内容：灌溉。现有工作基础：厂房三栋。设备齐全。\n预期目标：节水。",
			"需求内容：灌溉。预期目标：节水。", "现有工作基础：厂房三栋。设备齐全。\n"},
		{"灌溉。\n三、企业简介\n成立于2011年。\n", "灌溉。\n", "三、企业简介\n成立于2011年。\n"},
		{"企业简介：成立于2011年。", "企业简介：成立于2011年。", ""}, // background alone is all there is
		{"", "", ""},
	} {
		wanted, background := retrieval.SplitNeed(c.text)
		if wanted != c.wanted || background != c.background {
			t.Errorf("%q: wants %q, background %q", c.text, wanted, background)
		}
	}
}
