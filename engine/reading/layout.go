package reading

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// role is what a line of a document is.
type role uint8

const (
	roleBody    role = iota
	roleHeading      // a heading, or a line of the title block
	roleChrome       // navigation, advertising, credits of a web or newspaper page
	roleOther        // of another document on the same page
)

// para is a line of the text with its role.
type para struct {
	hanzi.Span
	role role
}

// layout splits a text into paragraphs and tells them apart.
func layout(r []rune) []para {
	var paras []para
	for _, s := range hanzi.Paragraphs(r) {
		p := para{Span: s}
		line := r[s.Start:s.End]
		switch {
		case chrome(line):
			p.role = roleChrome
		case heading(line):
			p.role = roleHeading
		}
		paras = append(paras, p)
	}
	recommended(r, paras)
	others(r, paras)
	return paras
}

// maxHeading bounds the runes of a heading.
const maxHeading = 45

// heading says that a line is a heading: short and without a mark at its end.
func heading(line []rune) bool {
	if len(line) > maxHeading || strings.Count(string(line), "\t") > 1 {
		return false
	}
	switch line[len(line)-1] {
	case '：', ':':
		if len(line) <= 30 && contains(string(line), []string{"工作和成效", "主要工作", "工作安排", "工作回顾",
			"主要目标", "重点任务", "存在问题", "工作打算"}) {
			return true
		}
		return strings.HasPrefix(string(line), "——") || numbered(line) && len(line) < 30
	case ')', '）':
		if line[0] == '(' || line[0] == '（' && !numbered(line) {
			return false
		}
	case '。', '！', '？', '；', '!', '?', '，', ',':
		return strings.HasPrefix(string(line), "——") || numbered(line) && len(line) < 30 &&
			line[len(line)-1] != '。' && line[len(line)-1] != '；'
	}
	for _, c := range line {
		if c == '。' || c == '；' || (c == '，' || c == ',') && len(line) > 24 {
			return false
		}
	}
	return true
}

// numbered says that a line begins with the number of a section or an item.
func numbered(line []rune) bool {
	i := 0
	if line[0] == '（' || line[0] == '(' || line[0] == '第' {
		i = 1
	}
	n := i
	for n < len(line) && n < i+3 && (strings.ContainsRune("一二三四五六七八九十", line[n]) ||
		line[n] >= '0' && line[n] <= '9') {
		n++
	}
	if n == i || n >= len(line) {
		return false
	}
	return strings.ContainsRune("、.．)）章节条,，", line[n])
}

// chrome says that a line belongs to the page and not to the document.
func chrome(line []rune) bool {
	s := string(line)
	if startsWith(s, "[广告]", "【广告】", "(广告)", "（广告）", "[推广]", "【推广】") {
		return true
	}
	if c := line[len(line)-1]; (c == '。' || c == '；') && len(line) > 8 {
		return false // a sentence
	}
	if len(line) <= 24 || strings.HasPrefix(s, "发布时间") || strings.HasPrefix(s, "发布日期") {
		for _, w := range chromeWords {
			if strings.Contains(s, w) {
				return true
			}
		}
	}
	return strings.Count(s, " > ") >= 1 && len(line) < 60 || strings.Count(s, " | ") >= 3 ||
		strings.HasPrefix(s, "【资料图")
}

// chromeWords stand in short lines of a page that are not the document.
var chromeWords = strings.Fields(`
发布时间 发布日期 首页 广告 责任编辑 责编 编辑: 编辑： 上一篇 下一篇 相关阅读 相关新闻 推荐阅读 热门推荐 延伸阅读 点击查看 扫码 扫一扫 二维码 客户端下载 版权所有
网站地图 联系我们 免责声明 打印本页 关闭窗口 字号 分享到 分享: 分享： 浏览次数 阅读量 点击量 ICP 备案号 摄影 供图 资料图 图为 返回顶部 加载更多 猜你喜欢 大家都在看
热搜 登录 注册 收藏 评论 举报 来源: 来源： 阅读原文 更多精彩 关注我们`)

// recommended marks the headlines under a label such as 相关阅读 up to the next running text.
func recommended(r []rune, paras []para) {
	under := false
	for i := range paras {
		p := &paras[i]
		line := string(r[p.Start:p.End])
		if p.Len() <= 8 && startsWith(line, "相关", "推荐", "热门", "延伸阅读", "猜你喜欢", "大家都在看", "热点") {
			under = true
		} else if p.Len() > maxHeading || strings.ContainsRune(line, '。') {
			under = false
		}
		if under {
			p.role = roleChrome
		}
	}
}

// minArticle is the length in runes of the sentences that make an article: before so many, a credit
// is the byline under the title.
const minArticle = 120

// others marks the lines of a second article: those from a new dateline on, and behind the credit of
// the first author the sections whose words have little to do with those before it.
func others(r []rune, paras []para) {
	if at := dateline(r, paras); at >= 0 {
		for i := at; i < len(paras); i++ {
			paras[i].role = roleOther
		}
		paras = paras[:at]
	}
	end, body := -1, 0
	for i, p := range paras {
		if body >= minArticle && credit(r[p.Start:p.End]) {
			end = i
			break
		}
		body += sentences(p)
	}
	if end < 0 || end == len(paras)-1 {
		return
	}
	seen := map[[2]rune]int{}
	for _, p := range paras[:end] {
		grams2(r[p.Start:p.End], seen)
	}
	for i := end + 1; i < len(paras); {
		j := i + 1
		for j < len(paras) && paras[j].role != roleHeading {
			j++
		}
		other := !related(r, paras[i:j], seen)
		for ; i < j; i++ {
			if other {
				paras[i].role = roleOther
			}
		}
	}
}

// sentences returns the length of a line of running text, 0 of any other.
func sentences(p para) int {
	if p.role != roleBody {
		return 0
	}
	return p.End - p.Start
}

// datelines begin the first paragraph of a report.
var datelines = []string{"本报讯", "本报综合", "本台消息", "本网讯"}

// dateline returns the line at which a second report begins, with the headings above it; -1 when
// there is none. A page of short reports, which all begin so, is one document.
func dateline(r []rune, paras []para) int {
	body := 0
	for i, p := range paras {
		line := string(r[p.Start:min(p.End, p.Start+8)])
		begins := false
		for _, w := range datelines {
			begins = begins || strings.HasPrefix(line, w)
		}
		if begins && body >= minArticle && i > 0 && paras[i-1].role == roleHeading {
			for i > 0 && paras[i-1].role == roleHeading {
				i--
			}
			return i
		}
		body += sentences(p)
	}
	return -1
}

// credit says that a line names the author or photographer of an article.
func credit(line []rune) bool {
	s := string(line)
	if len(line) > 40 || strings.ContainsAny(s, "：:？?，,") {
		return false
	}
	for _, w := range []string{"本报记者", "记者", "通讯员", "本版摄影", "摄影"} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

func grams2(r []rune, into map[[2]rune]int) {
	for i := 1; i < len(r); i++ {
		if r[i] >= hanFirst && r[i] <= hanLast && r[i-1] >= hanFirst && r[i-1] <= hanLast {
			into[[2]rune{r[i-1], r[i]}]++
		}
	}
}

// relatedShare is the share of the pairs of characters of a section that an article before it must
// have used for the section to belong to it.
const relatedShare = 0.25

// minPairs are the pairs of characters below which a section is too short to tell.
const minPairs = 20

func related(r []rune, sec []para, seen map[[2]rune]int) bool {
	own := map[[2]rune]int{}
	for _, p := range sec {
		grams2(r[p.Start:p.End], own)
	}
	if len(own) < minPairs {
		return true
	}
	both := 0
	for g := range own {
		if seen[g] > 0 {
			both++
		}
	}
	return float64(both) >= relatedShare*float64(len(own))
}
