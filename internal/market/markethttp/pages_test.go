package markethttp_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
)

func body(text string) func() (templ.Component, error) {
	return func() (templ.Component, error) {
		return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, "<p>"+text+"</p>")
			return err
		}), nil
	}
}

func TestListOfTheMarket(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.want(visitor, "/market", 200, "市场里还没有成果和需求", "共 0 项")
	h.posted(h.owner(), h.need(), market.Published)
	h.posted(h.rival(), h.achievement(), market.Published)
	h.posted(h.owner(), h.need(), market.Review)
	h.want(visitor, "/market", 200, "共 2 项", "铝合金薄壁件压铸变形控制", "深紫外消杀模组工艺包",
		"50～200 万元", "2,618 万元", "产业化 · 8 级", "!13800001234",
		`rel="alternate" type="application/atom+xml"`, `href="/market/feed.xml"`)
	for path, texts := range map[string][]string{
		"/market?kind=need":               {"共 1 项", "铝合金", "!深紫外"},
		"/market?q=%E6%B7%B1%E7%B4%AB":    {"共 1 项", "深紫外"},
		"/market?field=03&trl=4-6":        {"共 1 项", "铝合金"},
		"/market?price=-50":               {"共 1 项", "铝合金"},
		"/market?mode=licence":            {"共 1 项", "深紫外"},
		"/market?mode=service":            {"没有符合条件的成果或需求"},
		"/market?state=talking":           {"没有符合条件的成果或需求"},
		"/market?region=140105&sort=code": {"共 2 项"},
		"/market?pick=1":                  {"比较所选", `type="checkbox"`},
	} {
		h.want(visitor, path, 200, texts...)
	}
	h.want(visitor, "/market?kind=castle&trl=x&price=9-1&region=999999", 422, "没有“castle”这个选项",
		"范围应写作 4-6，可以只写一端", "行政区划代码 999999 不在现行代码表中")
	h.want(visitor, "/market?format=csv&kind=need", 200, "铝合金薄壁件压铸变形控制", "!13800001234", "!李工")
	h.want(visitor, "/api/v1/market/posts/export?format=csv&kind=need", 200, "铝合金薄壁件压铸变形控制", "!13800001234")
	h.want(officer, "/market?format=xlsx", 422)
	file := h.want(officer, "/market?format=csv&kind=achievement", 200, "深紫外消杀模组工艺包", "!13800001234")
	if kind := file.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") {
		t.Errorf("the export is %s", kind)
	}
}

// linkedIn reads the linked data of a page.
func linkedIn(t *testing.T, page string) map[string]any {
	t.Helper()
	_, rest, _ := strings.Cut(page, `application/ld+json">`)
	data, _, _ := strings.Cut(rest, "</script>")
	var out map[string]any
	if err := json.Unmarshal([]byte(data), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Programs read nothing of an invented post: the mark that people see says nothing to them.
func TestInventedPostHasNoLinkedData(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	d := h.achievement()
	ids, err := h.market.AdoptPosts(context.Background(), officer, []market.Adopted{{PostData: d,
		State: market.Published, Source: market.FromDemo}}, "示范数据")
	if err != nil {
		t.Fatal(err)
	}
	h.want(visitor, "/market/posts/"+ids[0], 200, "示范数据", "!ld+json")
}

func TestRecord(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.posted(h.rival(), h.achievement(), market.Published)
	path := "/market/posts/" + p.ID
	page := h.want(visitor, path, 200, "2,618 万元", "产业化 · 8 / 9 级", "发明专利 1 件", "许可、转让", p.Code,
		`type="application/ld+json"`, "!13900005678", "!退回修改")
	linked := linkedIn(t, page.Body)
	offer, _ := linked["offers"].(map[string]any)
	if linked["@type"] != "Product" || linked["url"] != "https://market.example.cn"+path ||
		offer["price"] != "26180000.00" || offer["offeredBy"] == nil {
		t.Errorf("linked data: %v", linked)
	}
	q := h.posted(h.owner(), h.need(), market.Published)
	linked = linkedIn(t, h.want(visitor, "/market/posts/"+q.ID, 200).Body)
	what, _ := linked["itemOffered"].(map[string]any)
	if linked["@type"] != "Demand" || what["name"] != q.Title || linked["@reverse"] == nil {
		t.Errorf("linked data of a need: %v", linked)
	}
	data := h.need()
	data.Visibility = market.Request
	q = h.posted(h.owner(), data, market.Published)
	linked = linkedIn(t, h.want(visitor, "/market/posts/"+q.ID, 200).Body)
	if linked["@reverse"] != nil || linked["description"] != nil || linked["priceSpecification"] != nil {
		t.Errorf("linked data of a need shown by request: %v", linked)
	}
	h.want(visitor, path, 200, "!登记建议")
	for _, by := range []authz.Actor{h.rival(), officer} { // who looks after it is told what it wants, and by which rule
		h.want(by, path, 200, "登记建议", "成熟度 8 级请附证明", "GB/T 22900—2022", "2022-10-12", "请补充", "规则“")
	}
	h.want(h.rival(), path+"/edit", 200, "登记建议", "请补充")
	h.want(h.rival(), "/api/v1/market/posts/"+p.ID+"/advice", 200, `"level":8`, `"given":false`, `"ruleFrom":"`,
		`"standardFrom":"2022-10-12"`)
	h.want(h.owner(), "/api/v1/market/posts/"+p.ID+"/advice", 403)
	h.want(visitor, path+"/rights", 200, "ZL202310123456.7", "已授权")
	h.want(visitor, path+"/log", 200, "发布", "!wangming")
	h.want(h.rival(), path+"/log", 200, "审核通过并发布", "wangming", "本单位与科技局可见")
	h.want(visitor, path+"/similar", 200, "没有同领域的")
	h.want(visitor, path+"/print", 200, "深紫外", "!13900005678")
	h.want(h.rival(), path, 200, "13900005678")
	h.want(visitor, path+"/nothing", 404)
	h.want(visitor, "/market/posts/0", 404)
	h.want(visitor, path+"/edit", 303)
	draft := h.posted(h.owner(), h.need(), market.Draft)
	h.want(visitor, "/market/posts/"+draft.ID, 404)
	h.want(h.owner(), "/market/posts/"+draft.ID, 200, "这是草稿", "提交审核", "!ld+json")
	beside := h.want(visitor, path+"?list=sort%3Dpublished", 200, "返回列表")
	h.shows(beside, path, "rights?list=sort%3Dpublished")
}

func TestLimitedAndNamedPosts(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	d := h.need()
	d.Visibility = market.Request
	p := h.posted(h.owner(), d, market.Published)
	path := "/market/posts/" + p.ID
	h.want(visitor, path, 200, "依申请公开", "不公开", "!七成", "!云帆", "!50～200")
	h.want(visitor, path+"/print", 200, "!七成", "!云帆")
	h.want(visitor, "/market", 200, "铝合金", "不公开", "!云帆", "!50～200")
	h.want(visitor, "/market/feed.xml", 200, "铝合金", "!七成", "!云帆")
	h.want(visitor, "/market/compare?id="+p.ID, 200, "!云帆")
	d.Visibility, d.Named = market.Named, []string{h.other.ID}
	d.Title = "只给晋阳理工看的需求"
	secret := h.posted(h.owner(), d, market.Published)
	h.want(visitor, "/market/posts/"+secret.ID, 404)
	h.want(visitor, "/market", 200, "!只给晋阳理工看的需求")
	h.want(h.owner(), "/market/feed.xml", 200, "!只给晋阳理工看的需求")
	h.want(h.rival(), "/market/posts/"+secret.ID, 200, "这一条定向公开", "!ld+json")
}

func TestExtrasOfSiblingRooms(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t), shop{})
	p := h.posted(h.owner(), h.need(), market.Published)
	path := "/market/posts/" + p.ID
	h.want(visitor, path, 200, `href="/meet/`+p.ID+`"`, "7 times", "Talks", "Matches")
	h.want(visitor, path+"/talks", 200, "who talks")
	h.want(visitor, path+"/similar", 200, "what fits", "!没有同领域的")
}

func TestComparison(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	a := h.posted(h.owner(), h.need(), market.Published)
	d := h.need()
	d.Title, d.Parameters[0].Value = "铝合金铸件变形检测", "95"
	b := h.posted(h.owner(), d, market.Published)
	at := h.sent(visitor, "/market/compare", values("id", a.ID, "id", b.ID))
	h.want(visitor, at, 200, "指标：成品率", "≥90 %", "≥95 %", "先进制造", a.Title, b.Title)
	h.want(visitor, at+"&only=diff", 200, "指标：成品率", "!先进制造")
	h.want(visitor, "/market/compare?id="+a.ID+"&id=0", 200, "有 1 项没有找到", "再选一项")
	h.want(visitor, "/market/compare", 200, "还没有可比较的")
}

func TestFeed(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.posted(h.rival(), h.achievement(), market.Published)
	a := h.want(visitor, "/market/feed.xml", 200)
	var feed struct {
		Entry []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(a.Body), &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entry) != 1 || feed.Entry[0].ID != "https://market.example.cn/market/posts/"+p.ID ||
		!strings.Contains(feed.Entry[0].Title, p.Title) {
		t.Errorf("the feed is %+v", feed)
	}
	if kind := a.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/atom+xml") {
		t.Errorf("the feed is %s", kind)
	}
	h.want(visitor, "/market/feed.xml?kind=need", 200, "!深紫外")
}

func TestEveryPageIsEnglish(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.posted(h.rival(), h.achievement(), market.Published)
	q := h.posted(h.owner(), h.need(), market.Review)
	data := []string{p.Title, q.Title, p.Text, q.Text, h.firm.Name, h.other.Name, "王老师", "李工", "成品率",
		"一种深紫外模组封装方法", "默认规则",
		"奖励比例依促进科技成果转化法（2015）第四十五条及国发〔2016〕16号，公示依该法，公告依拍卖法第四十五条；其余为设计",
		"技术领域", "小店区", "太原市", "山西省", "国办发〔2021〕26号",
		"迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市"}
	for _, path := range []string{"/market", "/market/posts/" + p.ID, "/market/posts/" + p.ID + "/rights",
		"/market/posts/" + p.ID + "/log", "/market/review", "/market/mine", "/market/figures", "/market/rules",
		"/market/figures/rows", "/market/needs/new", "/market/achievements/new", "/market/compare?id=" + p.ID + "&id=" + q.ID,
		"/market/posts/" + q.ID + "/edit", "/market/posts/" + q.ID + "/step?do=return"} {
		h.English(t, officer, path, data...)
	}
}

// Every use case that a page calls has its operation.
func TestEveryUseCaseHasAnOperation(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	have := map[string]bool{"measure.Figure": true, "measure.Rows": true}
	for _, op := range h.API.Operations() {
		have[op.UseCase] = true
	}
	for _, rt := range h.door.Routes() {
		for _, u := range rt.UseCases {
			if !have[u] {
				t.Errorf("%s %s calls %s, which has no operation", rt.Method, rt.Path, u)
			}
		}
		if rt.Method == http.MethodGet && rt.Handle == nil {
			t.Errorf("%s has no handler", rt.Path)
		}
	}
}

// What words find is sorted by none of the columns, says whose dictionary was read, and can be kept.
func TestFoundByWords(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.posted(h.owner(), h.need(), market.Published)
	h.want(visitor, "/market", 200, "descending", "!CC-CEDICT")
	h.found = markethttp.Found{Posts: []markethttp.FoundPost{{ID: p.ID, Why: "both mention casting"}}, Total: 1,
		Page: 1, Pages: 1}
	h.want(visitor, "/market?q=casting&trl=4-6", 200, "both mention casting", "!descending", "CC-CEDICT",
		"CC BY-SA 4.0", `/matches/searches?q=casting&amp;trl=4-6`)
	h.want(visitor, "/market?trl=4-6", 200, `/matches/searches?trl=4-6`)
}

// What is like a post comes before what only has its field.
func TestSimilarPosts(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.posted(h.owner(), h.need(), market.Published)
	d := h.need()
	d.Title, d.Field = "镁合金压铸变形", "05"
	like := h.posted(h.owner(), d, market.Published)
	d = h.need()
	d.Title = "只是同一领域"
	h.posted(h.owner(), d, market.Published)
	path := "/market/posts/" + p.ID + "/similar"
	h.want(visitor, path, 200, "只是同一领域", "!镁合金压铸变形")
	h.near = []string{like.ID}
	h.want(visitor, path, 200, "镁合金压铸变形", "!只是同一领域")
}
