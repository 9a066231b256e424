package markethttp_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
)

func TestEditorialDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.want(h.owner(), "/market/review", 403)
		h.want(officer, "/market/review", 200, "没有待审核的。")
		data := h.achievement()
		data.Title, data.Rights = "没有证明的成果", nil
		first := h.posted(h.rival(), data, market.Review)
		h.clock.Advance(time.Minute)
		second := h.posted(h.owner(), h.need(), market.Review)
		h.want(officer, "/market/review", 200, "没有证明的成果", "写了成熟度，没有证明材料", "王老师", "审核通过并发布",
			second.Title)
		form := values("id", first.ID, "state", "review", "do", market.StepReturn, "version",
			strconv.FormatInt(first.Version, 10), "key", "k1")
		a := h.Post(officer, "/market/review", form)
		if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "请写明理由") {
			t.Fatalf("without a reason: %d", a.Code)
		}
		form.Set("reason", "请附上检测报告")
		h.sent(officer, "/market/review", form)
		h.want(officer, "/market/review", 200, "!没有证明的成果", second.Title)
		h.want(h.rival(), "/market/posts/"+first.ID+"/log", 200, "请附上检测报告")
		h.sent(officer, "/market/review", values("id", second.ID, "do", market.StepPublish, "version",
			strconv.FormatInt(second.Version, 10)))
		if p := h.now(second.ID); p.State != market.Published {
			t.Errorf("decided: %s", p.State)
		}
		if a := h.Post(h.rival(), "/market/review", form); a.Code != http.StatusForbidden {
			t.Errorf("an owner decides: %d", a.Code)
		}
	})
}

func TestMine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.want(officer, "/market/mine", 200, "您的角色没有绑定单位")
		a := h.posted(h.owner(), h.need(), market.Published)
		b := h.posted(h.owner(), h.need(), market.Published)
		h.posted(h.rival(), h.achievement(), market.Published)
		h.clock.Advance(100 * 24 * time.Hour)
		h.want(h.owner(), "/market/mine", 200, "到期待确认", a.ID, b.ID, "!深紫外")
		h.sent(h.owner(), "/market/mine", values("do", "confirm", "group", "due", "id", a.ID))
		if p := h.now(a.ID); p.ConfirmedUs <= a.ConfirmedUs {
			t.Error("the post was not confirmed")
		}
		if p := h.now(b.ID); p.ConfirmedUs != b.ConfirmedUs {
			t.Error("another post was confirmed, too")
		}
		h.sent(h.owner(), "/market/mine", values("do", "all", "group", "due"))
		if p := h.now(b.ID); p.ConfirmedUs <= b.ConfirmedUs {
			t.Error("not all were confirmed")
		}
		before := h.now(b.ID)
		h.sent(h.rival(), "/market/mine", values("do", "confirm", "id", b.ID))
		if after := h.now(b.ID); after.Version != before.Version {
			t.Error("a stranger confirmed a post")
		}
	})
}

func TestSteps(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.posted(h.owner(), h.need(), market.Draft)
	path := "/market/posts/" + p.ID + "/step"
	h.want(h.owner(), path+"?do=submit", 200, "提交审核", "之后的状态", "审核中")
	h.want(h.owner(), path+"?do=publish", 409)
	h.sent(h.owner(), path, values("do", "submit", "version", strconv.FormatInt(p.Version, 10)))
	if now := h.now(p.ID); now.State != market.Review {
		t.Errorf("%s", now.State)
	}
	now := h.now(p.ID)
	a := h.Post(h.owner(), path, values("do", "withdraw", "version", strconv.FormatInt(now.Version, 10)))
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "请写明理由") {
		t.Errorf("withdrawn without a reason: %d", a.Code)
	}
}

func TestAPI(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	in := map[string]any{"kind": "need", "title": "铝合金件变形", "needKind": "research", "field": "03",
		"text": "薄壁件在 0.8 毫米处变形，成品率只有七成，希望提高到九成以上。", "region": "140105",
		"visibility": "open", "submit": true}
	a := h.Call(h.owner(), "POST", "/market/posts", in, "Idempotency-Key", "k")
	again := h.Call(h.owner(), "POST", "/market/posts", in, "Idempotency-Key", "k")
	if a.Code != http.StatusCreated || a.Body != again.Body {
		t.Fatalf("%d %.300s\n%.300s", a.Code, a.Body, again.Body)
	}
	list := h.Call(officer, "GET", "/market/posts?state=review", nil)
	h.shows(list, "list", "铝合金件变形")
	id := a.Body[strings.Index(a.Body, `"id":"`)+6:][:26]
	tag := a.Header.Get("ETag")
	h.shows(h.Call(officer, "GET", "/market/posts/"+id+"/steps", nil), "steps", `"step":"publish"`)
	if a := h.Call(officer, "POST", "/market/posts/"+id+"/steps", map[string]any{"step": "publish"},
		"If-Match", tag); a.Code != http.StatusOK {
		t.Fatalf("publish: %d %.300s", a.Code, a.Body)
	}
	h.shows(h.Call(visitor, "GET", "/market/posts/"+id, nil), "record", "铝合金件变形", "!contactPhone")
	h.shows(h.Call(visitor, "GET", "/market/posts/count?kind=need", nil), "count", `"all":1`)
	h.shows(h.Call(h.owner(), "GET", "/market/posts/"+id+"/history", nil), "history", `"publish"`)
	if a := h.Call(visitor, "GET", "/market/posts/"+id+"/history", nil); a.Code != http.StatusUnauthorized {
		t.Errorf("a visitor reads the history: %d", a.Code)
	}
	if a := h.Call(h.owner(), "PUT", "/market/posts/"+id, in, "If-Match", tag); a.Code < 400 {
		t.Errorf("stale change: %d", a.Code)
	}
}

func TestFigures(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.posted(h.owner(), h.need(), market.Published)
	p := h.posted(h.rival(), h.achievement(), market.Published)
	h.posted(h.owner(), h.need(), market.Draft)
	h.want(visitor, "/market/figures", 200, "在架供需数", "dim=field%3A04", "先进制造")
	h.want(visitor, "/market/figures?dim=field:04", 200, "dim=field%3A04&amp;dim=kind%3Aachievement", "口径")
	if page := h.want(visitor, "/market/figures", 200); strings.Contains(page.Body, "外地或区县未知") {
		t.Error("a rest is shown where every post is in a district")
	}
	away := h.need()
	away.Region = "140403"
	h.posted(h.owner(), away, market.Published)
	h.clock.Advance(2 * time.Minute)
	figures := h.want(visitor, "/market/figures", 200, "外地或区县未知")
	// The rest opens its rows, and no others.
	link := regexp.MustCompile(`href="(/market/figures/rows\?dim=region%3A%21[^"]+)"`).FindStringSubmatch(figures.Body)
	if link == nil {
		t.Fatal("the rest leads nowhere")
	}
	rows := h.want(visitor, strings.ReplaceAll(link[1], "&amp;", "&"), 200, away.Title, "外地或区县未知")
	if strings.Contains(rows.Body, p.Title) {
		t.Error("the rows of the rest have one of a district")
	}
	h.want(visitor, "/market/figures/rows?dim=region:!140105", 200, "小店区以外", away.Title)
	h.want(visitor, "/market/figures/rows?dim=field:04", 200, p.Title, "!铝合金")
	h.want(visitor, "/market/figures?measure=market.nothing", 404)
	h.want(visitor, "/market/figures?dim=moon:1", 422)
}

func TestRulesOfFreshness(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.want(visitor, "/market/rules", 303)
	h.want(h.owner(), "/market/rules", 200, "现行", "!增加这条规则")
	form := values("name", "本市规则", "source", "并科发〔2026〕9号", "mark", "local", "validFrom", "2099-01-01",
		"needDays", "60", "achievementDays", "x", "remindDays", "15、3", "graceDays", "10", "noticeDays", "18",
		"reason", "加强公示", "key", "r1")
	a := h.Post(officer, "/market/rules", form)
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `href="#f-achievementDays"`) {
		t.Fatalf("%d", a.Code)
	}
	form.Set("achievementDays", "120")
	for i, v := range []string{"science", "technology", "economy", "society", "culture"} {
		form.Set("weights.applied."+v, []string{"20", "40", "20", "15", "6"}[i])
	}
	form.Set("matchLine", "33")
	a = h.Post(officer, "/market/rules", form)
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "五项权重合计应为 100，现为 101") ||
		!strings.Contains(a.Body, `href="#f-weights-applied-science"`) {
		t.Fatalf("weights: %d", a.Code)
	}
	form.Set("weights.applied.culture", "5")
	form.Set("synonyms", "氢能重卡，氢燃料重卡\n只有一个词")
	a = h.Post(officer, "/market/rules", form)
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "第 2 行不是一组同义词") {
		t.Fatalf("synonyms: %d", a.Code)
	}
	form.Set("synonyms", "氢能重卡、氢燃料重卡")
	h.sent(officer, "/market/rules", form)
	rule, err := h.market.FreshRuleAt(t.Context(), officer, "2099-01-02")
	if err != nil || rule.SynonymText() != "氢能重卡，氢燃料重卡" {
		t.Errorf("synonyms %q, %v", rule.SynonymText(), err)
	}
	h.want(officer, "/market/rules", 200, "本市规则", "并科发〔2026〕9号", "15、3", "加强公示", "18 天", "33 分", "50 %")
}
