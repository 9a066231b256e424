package dicthttp_test

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/dict/dicthttp"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

var (
	admin   = authz.Actor{Account: "admin", Role: authz.SysAdmin}
	officer = authz.Actor{Account: "officer", Role: authz.Officer}
)

func house(t *testing.T) *webtest.House {
	t.Helper()
	s := dict.New(dbtest.Unit(t, dbtest.SQLite(t)))
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return webtest.New(t, clock.System(), func(w *web.Server) []webtest.Door {
		return []webtest.Door{dicthttp.New(s, w, clock.NewFake(dbtest.Start))}
	})
}

// send uploads a table with the fields of a form, given as name and value in turn.
func send(h *webtest.House, as authz.Actor, path, table string, fields ...string) webtest.Answer {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = m.WriteField(fields[i], fields[i+1])
	}
	if table != "" {
		f, _ := m.CreateFormFile("file", "table.csv")
		_, _ = f.Write([]byte(table))
	}
	_ = m.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return h.Do(as, r)
}

func TestWhoSeesWhat(t *testing.T) {
	h := house(t)
	reads := []string{"", "/gbt2260", "/gbt4754?parent=C", "/calendar"}
	writes := []string{"/import", "/calendar/import", "/import/template", "/calendar/template"}
	for _, role := range authz.Roles() {
		read, write := 200, 403
		switch role {
		case authz.SysAdmin:
			write = 200
		case authz.SecAdmin, authz.Auditor:
			read = 403
		}
		as := authz.Actor{Account: "x", Role: role}
		for _, path := range reads {
			if got := h.Get(as, dicthttp.Path+path).Code; got != read {
				t.Errorf("%s reads %q: %d, want %d", role, path, got, read)
			}
		}
		for _, path := range writes {
			if got := h.Get(as, dicthttp.Path+path).Code; got != write {
				t.Errorf("%s opens %q: %d, want %d", role, path, got, write)
			}
		}
	}
	if got := h.Get(authz.Actor{}, dicthttp.Path).Code; got != 303 {
		t.Errorf("a visitor gets %d, not the log-in", got)
	}
}

func TestItems(t *testing.T) {
	h := house(t)
	for _, c := range []struct {
		path        string
		code        int
		has, hasNot string
	}{
		{"/gbt2260", 200, "山西省", "太原市"},
		{"/gbt2260?parent=140000", 200, "太原市", "小店区"},
		{"/gbt2260?parent=140100", 200, "小店区", "大同市"},
		{"/gbt2260?q=小店", 200, "140105", "大同市"},
		{"/gbt2260?q=小店&parent=110000", 200, "没有符合条件的条目", "140105"},
		{"/gbt2260?q=没有这样的地方", 200, "没有符合条件的条目", ""},
		{"/gbt2260?edition=2023", 200, "山西省", ""},
		{"/gbt2260?edition=1999", 404, "", "山西省"},
		{"/gbt2260?parent=999999", 404, "", ""},
		{"/gbt2260?q=" + strings.Repeat("长", 51), 422, "", ""},
		{"/gbt2260?after=nonsense", 422, "", ""},
		{"/nothing", 404, "", ""},
	} {
		a := h.Get(officer, dicthttp.Path+c.path)
		if a.Code != c.code || !strings.Contains(a.Body, c.has) ||
			c.hasNot != "" && strings.Contains(a.Body, c.hasNot) {
			t.Errorf("%s: %d, want %d with %q without %q", c.path, a.Code, c.code, c.has, c.hasNot)
		}
	}
}

const parks = "代码,上级代码,名称,类别\nA,,综改区,\nA1,A,中北园,\n"

func TestImportEdition(t *testing.T) {
	h := house(t)
	path := dicthttp.Path + "/import"
	good := []string{"list", "parks", "edition", "2026", "title", "园区", "source", "并科发〔2026〕1号",
		"from", "2026-01-01"}
	with := func(name, value string, more ...string) []string {
		out := append([]string{}, good...)
		for i := 0; i < len(out); i += 2 {
			if out[i] == name {
				out[i+1] = value
			}
		}
		return append(out, more...)
	}
	for _, c := range []struct {
		what, table string
		fields      []string
		code        int
		has         string
	}{
		{"no file", "", good, 422, "请选择要导入的文件"},
		{"no table", "<html>", good, 422, `value="并科发〔2026〕1号"`},
		{"column is missing", "代码\nA\n", good, 422, "名称"},
		{"parent is missing", "代码,上级代码,名称,类别\nA1,B,中北园,\n", good, 422, "上级代码 B 不在本表中"},
		{"twice", parks + "A,,又一个,\n", good, 422, "与第 2 行重复"},
		{"no edition", parks, with("edition", "", "do", "store"), 422, "版本号应由"},
		{"no day", parks, with("from", "2026-02-30", "do", "store"), 422, "真实的日期"},
		{"reserved", parks, with("list", "import", "do", "store"), 422, "保留字"},
		{"dry run", parks, good, 200, "检查通过：共 2 条"},
		{"stored", parks, with("", "", "do", "store"), 303, ""},
		{"again", parks, with("", "", "do", "store"), 409, "该字典已有版本 2026"},
	} {
		a := send(h, admin, path, c.table, c.fields...)
		if a.Code != c.code || !strings.Contains(a.Body, c.has) {
			t.Errorf("%s: %d, want %d with %q\n%.2000s", c.what, a.Code, c.code, c.has, a.Body)
		}
		if c.what == "dry run" && h.Get(officer, dicthttp.Path+"/parks").Code != 404 {
			t.Error("a dry run has stored something")
		}
	}
	if a := h.Get(officer, dicthttp.Path+"/parks?parent=A"); !strings.Contains(a.Body, "中北园") {
		t.Errorf("the imported list: %d", a.Code)
	}
	if a := send(h, officer, path, parks, with("edition", "2027", "do", "store")...); a.Code != 403 {
		t.Errorf("an officer imports: %d", a.Code)
	}
}

// year2028 is an arrangement with the days that the law fixes.
func year2028(more string) string {
	s := "日期,类别,节日,发文字号\n"
	for _, d := range []string{"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"} {
		s += "2028-" + d + ",放假,法定节日,国办发明电〔2027〕1号\n"
	}
	return s + more
}

func TestImportYear(t *testing.T) {
	h := house(t)
	path := dicthttp.Path + "/calendar/import"
	for _, c := range []struct {
		what, table, year, do, seen string
		code                        int
		has                         string
	}{
		{"no year", year2028(""), "", "store", "", 422, "四位数的年份"},
		{"year too early", year2028(""), "1999", "store", "", 422, "年份应在"},
		{"days of another year", year2028(""), "2029", "check", "", 422, "不属于 2029 年的安排"},
		{"fixed day is missing", "日期,类别,节日,发文字号\n2028-01-01,放假,元旦,国办\n", "2028", "check", "",
			422, "缺少法定节假日"},
		{"work on a weekday", year2028("2028-03-01,上班,调休,国办\n"), "2028", "check", "", 422,
			"不是周末"},
		{"dry run", year2028(""), "2028", "check", "", 200, "检查通过：共 6 条"},
		{"stored", year2028(""), "2028", "store", "", 303, ""},
		{"unseen", year2028(""), "2028", "store", "", 409, ""},
		{"seen", year2028("2028-03-04,上班,调休,国办\n"), "2028", "store", "2028:1", 303, ""},
	} {
		a := send(h, admin, path, c.table, "year", c.year, "do", c.do, "seen", c.seen)
		if a.Code != c.code || !strings.Contains(a.Body, c.has) {
			t.Errorf("%s: %d, want %d with %q", c.what, a.Code, c.code, c.has)
		}
	}
	if a := h.Get(officer, dicthttp.Path+"/calendar?year=2028"); !strings.Contains(a.Body, "2028-03-04") {
		t.Errorf("the imported year: %d", a.Code)
	}
	if a := h.Get(officer, dicthttp.Path+"/calendar?year=2029"); a.Code != 404 {
		t.Errorf("a year that nobody imported: %d", a.Code)
	}
}

// October 2026 as the calendar prints it: days off, and the weekend days that are worked.
func TestCalendarPage(t *testing.T) {
	h := house(t)
	body := h.Get(officer, dicthttp.Path+"/calendar?year=2026").Body
	if n := strings.Count(body, `class="month"`); n != 12 {
		t.Errorf("%d months", n)
	}
	if !strings.Contains(body, "休") || !strings.Contains(body, "班") {
		t.Error("no day is marked")
	}
	// The clock stands in November 2026: 2027 ships with the program or is asked for.
	known := strings.Contains(body, "year=2027")
	if warns := strings.Contains(body, "还没有 2027 年的安排"); warns == known {
		t.Errorf("2027 is known: %t, the page warns: %t", known, warns)
	}
}

func TestAPI(t *testing.T) {
	h := house(t)
	visitor := authz.Actor{}
	for path, c := range map[string]struct {
		code int
		has  string
	}{
		"/dict":                              {200, `"list":"gbt2260"`},
		"/dict/gbt2260/items?parent=140000":  {200, "太原市"},
		"/dict/gbt2260/items?q=小店&limit=1":   {200, "小店"},
		"/dict/gbt2260/items?edition=none":   {404, ""},
		"/dict/none/items":                   {404, ""},
		"/calendar":                          {200, `"year":2026`},
		"/dict/gbt2260/items?nonsense=1":     {422, "nonsense"},
		"/dict/gbt2260/items?under=14010500": {404, ""},
	} {
		if a := h.Call(visitor, "GET", path, nil); a.Code != c.code || !strings.Contains(a.Body, c.has) {
			t.Errorf("%s: %d %.200s", path, a.Code, a.Body)
		}
	}
	edition := map[string]any{"list": "parks", "edition": "2026", "title": "园区", "source": "公告",
		"from": "2026-01-01", "items": []map[string]string{{"code": "A", "name": "综改区"}}}
	if a := h.Call(officer, "POST", "/dict", edition); a.Code != 403 {
		t.Errorf("an officer imports: %d", a.Code)
	}
	if a := h.Call(admin, "POST", "/dict", edition); a.Code != 200 {
		t.Errorf("import: %d %.300s", a.Code, a.Body)
	}
	var days []map[string]any
	for _, d := range []string{"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"} {
		days = append(days, map[string]any{"day": "2028-" + d, "off": true, "name": "节", "source": "国办"})
	}
	for _, c := range []struct {
		match string
		code  int
	}{{"", 422}, {`"0"`, 200}, {`"0"`, 409}, {`"1"`, 200}} {
		a := h.Call(admin, "PUT", "/calendar/2028", map[string]any{"days": days}, "If-Match", c.match)
		if a.Code != c.code {
			t.Errorf("If-Match %s: %d, want %d: %.300s", c.match, a.Code, c.code, a.Body)
		}
	}
}

// Both doors say the same about the same mistake.
func TestPageAndAPISayTheSame(t *testing.T) {
	h := house(t)
	a := h.Call(admin, "POST", "/dict", map[string]any{"list": "Parks", "edition": "§", "from": "x",
		"items": []map[string]string{{"code": "A", "name": "甲"}}})
	p := a.Problem(t)
	if a.Code != 422 || len(p.Errors) < 4 {
		t.Fatalf("%d %+v", a.Code, p)
	}
	page := send(h, admin, dicthttp.Path+"/import", "代码,名称\nA,甲\n", "list", "Parks", "edition", "§",
		"from", "x", "do", "store").Body
	for _, e := range p.Errors {
		if !strings.Contains(page, e.Detail) {
			t.Errorf("the page does not say %q", e.Detail)
		}
	}
}

func TestEnglish(t *testing.T) {
	h := house(t)
	h.English(t, admin, dicthttp.Path, "国家统计局", "年统计用区划代码", "（截止")
	h.English(t, admin, dicthttp.Path+"/import")
	h.English(t, admin, dicthttp.Path+"/calendar/import")
	h.English(t, admin, dicthttp.Path+"/gbt4754?q=xyz")
}

func TestTemplates(t *testing.T) {
	h := house(t)
	for _, path := range []string{"/import/template", "/calendar/template"} {
		a := h.Get(admin, dicthttp.Path+path)
		if a.Code != 200 || !strings.HasPrefix(a.Body, "PK") {
			t.Errorf("%s: %d, %d bytes", path, a.Code, len(a.Body))
		}
	}
}
