package doctext

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A page of a government site: meta data as the standard wants it, the article in one element.
const governmentPage = `<!DOCTYPE html><html><head><meta charset="utf-8">
<title>云州市科技创新工作推进会召开_云州市人民政府</title>
<meta name="ArticleTitle" content="云州市科技创新工作推进会召开">
<meta name="PubDate" content="2025-03-14 09:30"><meta name="ContentSource" content="云州日报">
<style>.a{}</style><script>var x="全市完成投资999亿元，增长99%。";</script></head><body>
<div class="header"><ul class="main-nav"><li><a href="/">首页</a></li><li><a href="/xw">新闻中心</a></li>
<li><a href="/zw">政务公开</a></li></ul></div>
<div class="crumbs">您的位置：<a href="/">首页</a> &gt; <a href="/xw">要闻</a></div>
<div class="content"><h1>云州市科技创新工作推进会召开</h1>
<div class="info">发布时间：2025-03-14 来源：云州日报 字体：<a>大</a> <a>中</a> <a>小</a></div>
<div id="zoom"><p>　　3月13日，全市科技创新工作推进会召开。会议通报，2024年全市技术合同成交额64.8亿元，
增长31.7%，其中三分之二在本地转化。</p>
<p style="text-align:center"><img src="a.jpg"></p><p style="text-align:center">会议现场。本报记者 张某某 摄</p>
<p>会议要求，<strong>2025年</strong>净增高新技术企业<span>150</span>家，
总数力争突破<a href="/gx">1100家</a>。</p>
<table><tr><th>区县</th><th>目标（家）</th></tr><tr><td>滨澜区</td><td><p>60</p></td></tr></table>
<p style="display:none">隐藏的文字，增长88%。</p>
<p>【责任编辑：李某】</p></div>
<div class="share">分享到：<a>微信</a></div></div>
<div class="recommend"><h3>推荐</h3><a href="1">全市招商引资签约项目94个，总投资566亿元，再创新高。</a></div>
<div class="ad-box">某某酒，全国销量领先，累计售出1亿瓶，值得信赖。</div>
<div class="footer">主办：云州市人民政府办公室 ICP备00000001号 网站标识码1234567890</div></body></html>`

func TestGovernmentPage(t *testing.T) {
	t.Parallel()
	got, err := Extract(t.Context(), "a.html", []byte(governmentPage))
	want := Document{Format: HTML, Encoding: "UTF-8", Title: "云州市科技创新工作推进会召开",
		Date: "2025-03-14", Source: "云州日报",
		Text: "3月13日，全市科技创新工作推进会召开。会议通报，2024年全市技术合同成交额64.8亿元，" +
			"增长31.7%，其中三分之二在本地转化。\n会议要求，2025年净增高新技术企业150家，" +
			"总数力争突破1100家。\n区县\t目标（家）\n滨澜区\t60\n"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

// What stands around an article is left out, however the page is built.
func TestArticles(t *testing.T) {
	t.Parallel()
	const one = "2024年，全市规模以上工业增加值增长8.3%，高于全国1.1个百分点，实现了预期目标。"
	const two = "2025年，力争净增高新技术企业150家以上，培育省级以上创新平台12个，取得更大突破。"
	links := "<ul>" + strings.Repeat("<li><a href=x>全市招商引资签约94个项目，投资566亿元</a></li>", 12) + "</ul>"
	for name, c := range map[string]struct{ page, want string }{
		"article": {"<article><p>" + one + "</p><p>" + two + "</p></article>" + links, one + "\n" + two + "\n"},
		"divisions instead of paragraphs": {"<div><div>" + one + "</div><div>" + two + "</div></div>" + links,
			one + "\n" + two + "\n"},
		"breaks instead of paragraphs": {"<td>" + one + "<br><br>" + two + "</td>", one + "\n" + two + "\n"},
		"two parts": {"<div id=a><div><p>" + one + "</p></div><div><p>" + two + "</p></div></div><div>" + links +
			"</div>", one + "\n" + two + "\n"},
		"table for layout": {"<table><tr><td>" + links + "</td><td><p>" + one + "</p><p>" + two + "</p><p>" +
			strings.Repeat(one, 9) + "</p></td></tr></table>",
			one + "\n" + two + "\n" + strings.Repeat(one, 9) + "\n"},
		"related news in the article": {"<div><p>" + one + "</p><p>" + two + "</p><p>相关阅读</p>" +
			"<p>全市招商引资签约94个项目，投资566亿元</p></div>", one + "\n" + two + "\n"},
		"links in the article": {"<div><p>" + one + "</p><p><a href=x>" + one + "</a></p><p><a>下载附件</a></p></div>",
			one + "\n" + one + "\n"},
		"credits": {"<div><p>（本报记者 王某某 摄）</p><p>" + one + "</p><p>编辑：王某</p><p>某某供图</p></div>",
			one + "\n"},
		"a class on everything": {"<div class='wrap hot'><p>" + one + "</p></div>", one + "\n"},
		"a class on the article": {"<div class='menu'>" + strings.ReplaceAll(links, "，", " ") +
			"</div><div class='tools TRS_Editor'><p>" + one + "</p><p>" + two + "</p></div>", one + "\n" + two + "\n"},
		"classes of a framework": {"<div class='position-relative overflow-hidden'><p>" + one + "</p></div>" +
			"<div class='hot'><p>某某酒，全国销量领先。</p></div>", one + "\n"},
		"a list that is the article": {"<ol><li>" + one + "</li><li>" + two + "</li></ol>", one + "\n" + two + "\n"},
		"blanks": {"<p>甲市&nbsp;&nbsp;<b>乙</b>\n  <i>丙</i> km\nof，丁。\u200b</p>",
			"甲市 乙丙 km of，丁。\n"},
	} {
		got, err := Extract(t.Context(), "a.html", []byte("<html><body>"+c.page+"</body></html>"))
		if diff := cmp.Diff(c.want, got.Text); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	const text = "<p>全市完成投资412亿元，占年度计划的73.5%，进度较快。</p>"
	for page, want := range map[string]Document{
		"<title>要闻 | 某网</title>" + text: {Title: "要闻"},
		"<h1>标题 一</h1><p>2024年12月3日 来源：某市发布 作者：某</p>" + text: {Title: "标题 一", Date: "2024-12-03",
			Source: "某市发布"},
		"<meta property=og:title content=甲><meta property='article:published_time' " +
			"content='2023-06-25T08:00:00Z'>" + text: {Title: "甲", Date: "2023-06-25"},
		"<p>2024-13-40</p>" + text: {},
	} {
		got, err := Extract(t.Context(), "a.html", []byte(page))
		if err != nil || got.Title != want.Title || got.Date != want.Date || got.Source != want.Source {
			t.Errorf("%.60s: %q %q %q, %v", page, got.Title, got.Date, got.Source, err)
		}
	}
}

// Pages built to be slow are read in time.
func TestSlowPages(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"nested tables": strings.Repeat("<table><tr><td><div>甲", 90),
		"nested cells":  strings.Repeat("<table><tr><td>甲</td><td>"+strings.Repeat("乙", 301), 90),
		"many links":    strings.Repeat("<a href=x>甲，", 200_000),
		"nested navs":   strings.Repeat("<div class=nav>甲乙丙丁，", 400) + strings.Repeat("戊", 100_000),
		"long class":    "<div class='" + strings.Repeat("nav-", 1<<20) + "'>甲，乙。",
		"formatting":    strings.Repeat("<b><i><p>甲", 20_000),
	} {
		start := time.Now()
		_, err := Extract(t.Context(), "a.html", []byte("<html>"+page))
		t.Logf("%s: %v, %v", name, time.Since(start), err)
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}
