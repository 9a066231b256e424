package hanzi

import (
	"fmt"
	"testing"
)

func TestScanDuration(t *testing.T) {
	for _, c := range []struct {
		text, words string
		seconds     int64
		more        bool
	}{
		{"三年行动方案", "三年", 3 * 365 * 86400, false},
		{"一年半", "一年半", 547.5 * 86400, false},
		{"半个月", "半个月", 15 * 86400, false},
		{"两个半小时", "两个半小时", 9000, false},
		{"3.5小时", "3.5小时", 12600, false},
		{"15个工作日内", "15个工作日", 15 * 86400, false},
		{"8天20时", "8天20时", 8*86400 + 20*3600, false},
		{"1年零3个月", "1年零3个月", (365 + 90) * 86400, false},
		{"5分30秒", "5分30秒", 330, false},
		{"三刻钟", "三刻钟", 2700, false},
		{"一整天", "一整天", 86400, false},
		{"十余年", "十余年", 3650 * 86400, true},
		{"三年多", "三年多", 1095 * 86400, true},
		{"3个多月", "3个多月", 90 * 86400, true},
		{"两个季度", "两个季度", 180 * 86400, false},
		{"07年", "", 0, false},
		{"三月", "", 0, false},
		{"三季度", "", 0, false},
		{"三年级", "", 0, false},
		{"2024年", "", 0, false},
		{"三分之二", "", 0, false},
		{"10日元", "", 0, false},
	} {
		d, ok := ScanDuration([]rune(c.text), 0)
		if !ok {
			d = Duration{}
		}
		words := string([]rune(c.text)[d.Start:d.End])
		if words != c.words || d.Seconds() != c.seconds || d.More != c.more {
			t.Errorf("%s: %s %d %v", c.text, words, d.Seconds(), d.More)
		}
	}
}

func TestScanRecurrence(t *testing.T) {
	for _, c := range []struct{ text, words, want string }{
		{"每年征集", "每年", "1000×8 0/0 wd0 -1"},
		{"每季度调度", "每季度", "1000×7 0/0 wd0 -1"},
		{"每半年", "每半年", "500×8 0/0 wd0 -1"},
		{"每两周", "每两周", "2000×5 0/0 wd0 -1"},
		{"每月15日前", "每月15日", "1000×6 0/15 wd0 -1"},
		{"每年3月12日", "每年3月12日", "1000×8 3/12 wd0 -1"},
		{"每周一下午4点", "每周一下午4点", "1000×5 0/0 wd1 57600"},
		{"每个工作日", "每个工作日", "1000×4 0/0 wd0 -1"},
		{"逐月", "逐月", "1000×6 0/0 wd0 -1"},
		{"每家企业", "", ""},
		{"每个县", "", ""},
		{"每年级", "", ""},
	} {
		r := []rune(c.text)
		rec, ok := ScanRecurrence(r, 0)
		if !ok {
			if c.words != "" {
				t.Errorf("%s: nothing", c.text)
			}
			continue
		}
		p := rec.Every.Parts[0]
		got := fmt.Sprintf("%d×%d %d/%d wd%d %d", p.Milli, p.Unit, rec.Month, rec.Day, rec.Weekday,
			rec.Second)
		if words := string(r[:rec.End]); words != c.words || got != c.want {
			t.Errorf("%s: %s %s", c.text, words, got)
		}
	}
}
