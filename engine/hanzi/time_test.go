package hanzi

import (
	"fmt"
	"strings"
	"testing"
)

// timeCases are times of a report of 8 January 2025: the text, and what ScanTime makes of
// it: words from…to role. Words are the whole text unless a | ends them; a lone - is none.
var timeCases = map[string]string{
	"numbered": `
2024年|，全市 2024-01-01…2024-12-31 in
2024年度| 2024-01-01…2024-12-31 in
２０２４年 2024-01-01…2024-12-31 in
2024年3月5日|起草 2024-03-05…2024-03-05 in
2024年3月5日（星期二） 2024-03-05…2024-03-05 in
2024-03-05 2024-03-05…2024-03-05 in
2024/3/5 2024-03-05…2024-03-05 in
2024.3.5 2024-03-05…2024-03-05 in
二〇二四年 2024-01-01…2024-12-31 in
二○二四年十二月三十一日 2024-12-31…2024-12-31 in
2024 年 10 月 2024-10-01…2024-10-31 in
2000年 2000-01-01…2000-12-31 in
1949年10月 1949-10-01…1949-10-31 in
2019年2月29日 … in missing
5000年|文明 -
2000余|家 -
2300亩 -
1,234 -
2024-13-05 -`,
	"month": `
3月底 2025-03-31…2025-03-31 in partial
10月份 2025-10-01…2025-10-31 in partial
12月中旬 2025-12-11…2025-12-20 in partial
10月下旬 2025-10-21…2025-10-31 in partial
2月下旬 2025-02-21…2025-02-28 in partial
5月中下旬 2025-05-11…2025-05-31 in partial
去年11月8日 2024-11-08…2024-11-08 in relative
月底 2025-01-31…2025-01-31 in partial
本月25日 2025-01-25…2025-01-25 in relative
本月底前 …2025-01-31 deadline relative
上月 2024-12-01…2024-12-31 in relative
去年同月 2024-01-01…2024-01-31 in relative
3日|，市政府召开会议 2025-01-03…2025-01-03 in partial
3号线 -
三月 2025-03-01…2025-03-31 in partial`,
	"part of a year": `
上半年 2025-01-01…2025-06-30 in partial
2024年下半年 2024-07-01…2024-12-31 in
前三季度 2025-01-01…2025-09-30 in partial
今年前三季度 2025-01-01…2025-09-30 in relative
2024年第四季度 2024-10-01…2024-12-31 in
一季度末 2025-03-31…2025-03-31 in partial
1—3季度 2025-01-01…2025-09-30 in partial
上季度 2024-10-01…2024-12-31 in relative
本季度末 2025-03-31…2025-03-31 in relative
2024年前10个月 2024-01-01…2024-10-31 in
前11个月 2025-01-01…2025-11-30 in partial
年底 2025-12-31…2025-12-31 in partial
2025年年底 2025-12-31…2025-12-31 in
年初 2025-01-01…2025-01-01 in partial
年内 2025-01-01…2025-12-31 in partial
全年 2025-01-01…2025-12-31 in partial`,
	"relative year": `
今年 2025-01-01…2025-12-31 in relative
本年度 2025-01-01…2025-12-31 in relative
去年 2024-01-01…2024-12-31 in relative
上年 2024-01-01…2024-12-31 in relative
上年同期 2024-01-01…2024-12-31 in relative same
前年 2023-01-01…2023-12-31 in relative
明年上半年 2026-01-01…2026-06-30 in relative
过去一年 2024-01-01…2024-12-31 in relative
同期 … in partial same`,
	"range": `
2024—2026年 2024-01-01…2026-12-31 in
2024-2026年 2024-01-01…2026-12-31 in
2024年至2026年 2024-01-01…2026-12-31 in
1—9月 2025-01-01…2025-09-30 in partial
1至9月份 2025-01-01…2025-09-30 in partial
2024年1—10月|，全市 2024-01-01…2024-10-31 in
5月1—3日 2025-05-01…2025-05-03 in partial
5月1日—3日 2025-05-01…2025-05-03 in partial
5月28日-6月3日 2025-05-28…2025-06-03 in partial
2023年11月—2024年2月 2023-11-01…2024-02-29 in
2023年11月至次年2月 2023-11-01…2024-02-29 in
2023年12月31日至1月3日 2023-12-31…2024-01-03 in
自2025年1月1日起至2026年12月31日止 2025-01-01…2026-12-31 in
2025年1月1日至2025年12月31日 2025-01-01…2025-12-31 in
2015年和2018年之间 2015-01-01…2018-12-31 in
2015年|和2018年 2015-01-01…2015-12-31 in`,
	"plan": `
“十四五”期间 2021-01-01…2025-12-31 in
十四五时期 2021-01-01…2025-12-31 in
“十四五”末 2025-12-31…2025-12-31 in
“十四五”规划收官之年 2025-01-01…2025-12-31 in
“十四五”前三年 2021-01-01…2023-12-31 in
“十四五”第二年 2022-01-01…2022-12-31 in
“十四五”的开局之年 2021-01-01…2021-12-31 in
“十三五”以来 2016-01-01…2025-01-08 since
“十五五”开局之年 2026-01-01…2026-12-31 in
“一五”时期 1953-01-01…1957-12-31 in
“十四五”规划和2035年 -
十五 -
一五 -`,
	"span": `
近两年来 2023-01-08…2025-01-08 in relative
近三年|累计 2022-01-08…2025-01-08 in relative
三年来 2022-01-08…2025-01-08 in relative
过去五年 2020-01-08…2025-01-08 in relative
未来五年 2025-01-09…2030-01-08 in relative
三年内 2025-01-08…2028-01-08 in relative
15日内 2025-01-08…2025-01-23 in relative
三天前 2025-01-05…2025-01-05 in relative
半年后 2025-07-08…2025-07-08 in relative
近年来 …2025-01-08 in relative
5年 -
三年级 -
三年行动 -
5000年前 -`,
	"role": `
截至目前 …2025-01-08 as of relative
目前 …2025-01-08 as of relative
截至10月底 …2025-10-31 as of partial
截止2023年底 …2023-12-31 as of
不晚于2025年6月底|建成 …2025-06-30 deadline
最迟3月1日 …2025-03-01 deadline partial
不早于2026年 2026-01-01… from
截至2024年11月12日24时 …2024-11-12 as of 86400
到2027年 …2027-12-31 deadline
到2025年底 …2025-12-31 deadline
到目前|长治已 …2025-01-08 as of relative
年底前 …2025-12-31 deadline partial
6月15日前|制定 …2025-06-15 deadline partial
2024年6月底前|完成 …2024-06-30 deadline
2030年前 …2030-12-31 deadline
今年以来 2025-01-01…2025-01-08 since relative
年初以来 2025-01-01…2025-01-08 since partial
党的十八大以来 2012-11-08…2025-01-08 since
改革开放以来 1978-12-18…2025-01-08 since
自2025年1月1日起|施行 2025-01-01… from
从2024年起 2024-01-01… from
2018年以后 2019-01-01… after
党的二十大精神 -
2024年|前沿 2024-01-01…2024-12-31 in
2024年|后续 2024-01-01…2024-12-31 in`,
	"neighbours": `
7、8月 2025-07-01…2025-08-31 in partial
7月|、9月 2025-07-01…2025-07-31 in partial
一、二季度 2025-01-01…2025-06-30 in partial
今明两年 2025-01-01…2026-12-31 in relative
未来三到五年 2025-01-09…2030-01-08 in relative
3—5年内 2025-01-08…2030-01-08 in relative
十余年来 2015-01-08…2025-01-08 in relative
改革开放40多年来 1978-12-18…2025-01-08 in
头两个月 2025-01-01…2025-02-28 in partial
季度末 2025-03-31…2025-03-31 in partial
一季度以来 2025-01-01…2025-01-08 since partial
2021—2025 -`,
	"decade": `
20世纪90年代 1990-01-01…1999-12-31 in
上世纪八十年代 1980-01-01…1989-12-31 in
到本世纪中叶 …2050-12-31 deadline`,
	"holiday": `
春节前 …2025-01-29 deadline partial lunar
国庆节 2025-10-01…2025-10-01 in partial
“五一”假期 2025-05-01…2025-05-01 in partial
2024年“十一”黄金周 2024-10-01…2024-10-01 in
母亲节 2025-05-11…2025-05-11 in partial
清明节 2025-04-04…2025-04-04 in partial
八一|路 -
2025年中秋节 2025-10-06…2025-10-06 in lunar
农历2025年六月初一 2025-06-25…2025-06-25 in lunar
2033年春节 2033-01-31…2033-01-31 in lunar`,
	"day and clock": `
明天下午三点半 2025-01-09…2025-01-09 in relative 55800
下周三 2025-01-15…2025-01-15 in relative
12月31日上午9:30 2025-12-31…2025-12-31 in partial 34200
晚上8点 2025-01-08…2025-01-08 in partial 72000
两小时后 2025-01-08…2025-01-08 in relative 7200
3点要求 -
360/60t -
2.08 -`,
}

func TestScanTime(t *testing.T) {
	ref := Date{2025, 1, 8}
	for class, rows := range timeCases {
		t.Run(class, func(t *testing.T) {
			for _, row := range strings.Split(strings.TrimSpace(rows), "\n") {
				checkTime(t, row, ref)
			}
		})
	}
}

func checkTime(t *testing.T, row string, ref Date) {
	t.Helper()
	k := strings.LastIndex(row, "…")
	if k < 0 {
		k = len(row)
	}
	k = strings.LastIndex(row[:k], " ")
	text, want := row[:k], row[k+1:]
	words, rest, cut := strings.Cut(text, "|")
	text = words + rest
	if !cut {
		words = text
	}
	got, ok := ScanTime([]rune(text), 0, ref)
	if !ok {
		if want != "-" {
			t.Errorf("%s: nothing", text)
		}
		return
	}
	if found := string([]rune(text)[got.Start:got.End]); found != words {
		t.Errorf("%s: read %s", text, found)
	}
	if s := describe(got); s != want {
		t.Errorf("%s: %s, want %s", text, s, want)
	}
}

func describe(t Time) string {
	roles := [...]string{"in", "as of", "deadline", "since", "from", "after"}
	s := fmt.Sprintf("%v…%v %s", t.From, t.To, roles[t.Role])
	for _, flag := range []struct {
		on   bool
		name string
	}{{t.Partial, "partial"}, {t.Relative, "relative"}, {t.Same, "same"},
		{!t.Lunar.IsZero(), "lunar"}, {t.Missing, "missing"}} {
		if flag.on {
			s += " " + flag.name
		}
	}
	if t.ToSecond >= 0 {
		s += fmt.Sprint(" ", t.ToSecond)
	}
	return s
}

// TestScanTimeLooksBack has times that the rune before them makes another thing.
func TestScanTimeLooksBack(t *testing.T) {
	for _, c := range []struct{ before, text, want string }{
		{"提", "前三个月通车", ""},
		{"增", "到2020年的8700家", ""},
		{"到", "2020年的8700家", "2020年"},
		{"太原的", "明天", ""},
		{"近", "3日", ""},
		{"（", "2021—2025）", "2021—2025"},
		{"为期", "3日", ""},
		{"1", "2月", ""},
		{"甚", "至今", ""},
		{"由", "2017年", "2017年"},
	} {
		r := []rune(c.before + c.text)
		i := len([]rune(c.before))
		got, _ := ScanTime(r, i, Date{2025, 1, 8})
		if words := string(r[i:max(i, got.End)]); words != c.want {
			t.Errorf("%s|%s: read %s", c.before, c.text, words)
		}
	}
}
