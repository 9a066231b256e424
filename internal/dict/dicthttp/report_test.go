package dicthttp_test

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/dict/dicthttp"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

// marked returns what a table that came back says about each row, by its code.
func marked(t *testing.T, body string) map[string]string {
	t.Helper()
	spec := sheet.Spec{Name: "dict-items", Title: "字典", Columns: []sheet.Column{
		{Key: "problem", Title: "问题（重新导入时忽略本列）"}, {Key: "code", Title: "代码"}}}
	table, err := sheet.Read(t.Context(), "marked.xlsx", strings.NewReader(body), spec)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for r, err := range table.Rows(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		out[r.Text("code")] = r.Text("problem")
	}
	return out
}

// report sends a table to the operation.
func report(h *webtest.House, as authz.Actor, list, name, table string) webtest.Answer {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("list", list)
	if table != "" {
		w, _ := m.CreateFormFile("file", name)
		_, _ = w.Write([]byte(table))
	}
	_ = m.Close()
	r := httptest.NewRequest("POST", "/api/v1/dict/report", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return h.Do(as, r)
}

// A table with mistakes comes back with a column that says them, from the page and from the API;
// corrected, with that column still in it, it can be sent again.
func TestReportOfAnEdition(t *testing.T) {
	h := house(t)
	path := dicthttp.Path + "/import"
	const table = "代码,上级代码,名称,类别\nA,,综改区,\nA1,B,中北园,\nA2,A,,\nA,,又一个,\n"
	fields := []string{"list", "parks", "edition", "2026", "title", "园区", "source", "文", "from",
		"2026-01-01", "do", "mark"}
	page := send(h, admin, path, table, fields...)
	call := report(h, admin, "parks", "园区.csv", table)
	for what, a := range map[string]webtest.Answer{"page": page, "API": call} {
		if a.Code != 200 || !strings.Contains(a.Header.Get("Content-Disposition"), ".xlsx") {
			t.Fatalf("%s: %d %v %.500s", what, a.Code, a.Header, a.Body)
		}
	}
	if page := marked(t, page.Body); page["A2"] == "" || !strings.Contains(page["A2"], "名称") {
		t.Errorf("the page marks %q", page)
	}
	// What cannot be read is said first; the rest once every cell can be read.
	got := marked(t, report(h, admin, "parks", "园区.csv", strings.Replace(table, "A2,A,,", "A2,A,乙,", 1)).Body)
	for code, want := range map[string]string{"A1": "上级代码 B 不在本表中", "A2": "", "A": "与第 2 行重复"} {
		if !strings.Contains(got[code], want) || want == "" && got[code] != "" {
			t.Errorf("row %s is marked %q, want %q", code, got[code], want)
		}
	}
	again := "问题（重新导入时忽略本列）,代码,上级代码,名称,类别\n错了,A,,综改区,\n,A1,A,中北园,\n"
	if a := report(h, admin, "parks", "园区.csv", again); a.Code != 204 || a.Body != "" {
		t.Errorf("nothing wrong: %d %.300s", a.Code, a.Body)
	}
	if a := send(h, admin, path, again, fields...); a.Code != 200 || !strings.Contains(a.Body, "检查通过") {
		t.Errorf("nothing wrong on the page: %d", a.Code)
	}
	if h.Get(officer, dicthttp.Path+"/parks").Code != 404 {
		t.Error("a report has stored something")
	}
}

func TestReportRefuses(t *testing.T) {
	h := house(t)
	for name, c := range map[string]struct {
		as    authz.Actor
		table string
		code  int
		has   string
	}{
		"who may not":   {officer, parks, 403, ""},
		"a visitor":     {authz.Actor{}, parks, 401, ""},
		"no file":       {admin, "", 422, "请选择要导入的文件"},
		"no table":      {admin, "<html>", 422, ""},
		"no rows":       {admin, "代码,上级代码,名称,类别\n", 422, ""},
		"a lost column": {admin, "代码\nA\n", 422, "名称"},
	} {
		a := report(h, c.as, "parks", "x.csv", c.table)
		if a.Code != c.code || !strings.Contains(a.Body, c.has) {
			t.Errorf("%s: %d, want %d with %q: %.400s", name, a.Code, c.code, c.has, a.Body)
		}
	}
}
