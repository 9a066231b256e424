package markethttp_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

// upload sends a table with the fields of its form.
func (h *house) upload(as authz.Actor, path, content string, pairs ...string) webtest.Answer {
	h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := m.WriteField(pairs[i], pairs[i+1]); err != nil {
			h.t.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("file", "needs.csv")
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return h.Do(as, r)
}

// A table is checked first and imported from the page of its check; with a problem nothing is stored.
func TestImport(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.want(h.owner(), "/market/import", 200, "下载需求模板", "上传并检查")
	h.want(h.owner(), "/market/import?template=csv&kind=need", 200, "需求类型", "技术指标")
	head := "名称,描述,技术领域,需求类型,技术指标\n"
	good := head + "薄壁件变形控制,薄壁件在零点八毫米处变形，成品率只有七成，希望提高。,先进制造,技术攻关,成品率≥90%\n"
	a := h.upload(h.owner(), "/market/import", head+"短的,太短,先进制造,登月,成品率很高\n", "kind", "need",
		"do", "check", "key", "k")
	h.shows(a, "faulty", "需要修改", "“成品率很高”不是指标", "!导入 1 项")
	a = h.upload(h.owner(), "/market/import", good, "kind", "need", "do", "check", "key", "k")
	h.shows(a, "checked", "可以导入", "导入 1 项")
	_, rest, _ := strings.Cut(a.Body, `name="data" value="`)
	data, _, _ := strings.Cut(rest, `"`)
	a = h.upload(h.owner(), "/market/import", "", "kind", "need", "do", "store", "key", "k", "name",
		"needs.csv", "data", data)
	if a.Code != http.StatusSeeOther {
		t.Fatalf("stored: %d %.500s", a.Code, mainOf(a.Body))
	}
	c, err := h.market.CountPosts(t.Context(), h.owner(), market.PostFilter{State: market.Draft})
	if err != nil || c.All != 1 {
		t.Errorf("%d drafts, %v", c.All, err)
	}
}

// What the list sends as a file is checked as unchanged; a changed cell is named before it changes anything, on the
// page and by the API.
func TestImportOfAnExport(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.posted(h.owner(), h.need(), market.Published)
	table := h.want(h.owner(), "/market?format=csv&kind=need", 200, p.Code).Body
	a := h.upload(h.owner(), "/market/import", table, "kind", "need", "do", "check", "key", "k")
	h.shows(a, "unchanged", "共 1 行：新增 0，修改 0，不变 1", "没有要新增或修改的供需")
	table = strings.Replace(table, "成品率≥90%", "成品率≥95%", 1)
	a = h.upload(h.owner(), "/market/import", table, "kind", "need", "do", "check", "key", "k")
	h.shows(a, "changed", "修改 1", "修改后重新审核", "技术指标", p.Code, "导入 1 项", "其中 1 项已发布")
	a = h.upload(h.owner(), "/api/v1/market/import", table, "kind", "need", "dryRun", "1")
	h.shows(a, "by the API", `"changes":1`, `"reviews":1`, `"same":0`, `"columns":["技术指标"]`, `"done":false`)
	a = h.upload(h.owner(), "/api/v1/market/import", table, "kind", "need")
	h.shows(a, "stored", `"done":true`)
	if now := h.now(p.ID); now.Parameters[0].Value != "95" || now.State != market.Review {
		t.Errorf("%+v", now)
	}
}

// A large table goes to a job; its page says how far it is, and is nobody else's.
func TestImportInTheBackground(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	good := "名称,描述,技术领域,需求类型\n薄壁件变形控制,薄壁件在零点八毫米处变形，成品率只有七成，希望提高。,先进制造,技术攻关\n"
	a := h.upload(h.owner(), "/market/import", good, "kind", "need", "do", "job", "key", "k")
	if a.Code != http.StatusSeeOther {
		t.Fatalf("%d %.500s", a.Code, mainOf(a.Body))
	}
	h.want(h.owner(), a.Header.Get("Location"), 200, "正在导入", "取消导入", "needs.csv")
	h.want(officer, a.Header.Get("Location"), 404)
	a = h.upload(h.owner(), "/market/import", "", "kind", "", "do", "job", "key", "k2")
	h.shows(a, "without a kind", "请选择一项")
}

// Much the same post is asked about once, and handed in when somebody insists.
func TestAlike(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.posted(h.owner(), h.need(), market.Published)
	a := h.Post(h.owner(), "/market/needs/new", needForm())
	if a.Code != http.StatusUnprocessableEntity {
		t.Fatalf("%d", a.Code)
	}
	h.shows(a, "asked", "仍要提交", `value="anyway"`, "/market/posts/"+p.ID, "本单位")
	h.sent(h.owner(), "/market/needs/new", needForm("do", "anyway"))
	h.want(officer, "/market/review", 200, "可能重复", p.Title)
}
