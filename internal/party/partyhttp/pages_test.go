package partyhttp_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/party/partyhttp"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

var orgLink = regexp.MustCompile(`<th scope="row"><a href="/orgs/([^"?]+)[^"]*">`)

// linked returns the ids of the records that a list links to.
func linked(page string) []string {
	var out []string
	for _, m := range orgLink.FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return out
}

var nextLink = regexp.MustCompile(`<a rel="next" href="([^"]+)"`)

func next(page string) string {
	m := nextLink.FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1], "&amp;", "&")
}

// The export of a list has its rows, all of them, in its order, and says who made it.
func TestExportEqualsList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.stock(t)
		for _, query := range []string{"?", "?q=%E5%A4%AA%E5%8E%9F&sort=region&",
			"?region=140100&kind=enterprise&", "?sort=updated&state=verified&"} {
			var want []string
			for path := "/orgs" + query; path != ""; {
				a := w.get("officer", path)
				if a.Code != 200 {
					t.Fatalf("%s: %d", path, a.Code)
				}
				want = append(want, linked(a.text)...)
				path = next(a.text)
			}
			file := w.get("officer", "/orgs"+query+"format=csv")
			r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.text, "\uFEFF")))
			r.FieldsPerRecord = -1
			rows, err := r.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, row := range rows[1 : len(rows)-1] {
				got = append(got, row[len(row)-1])
			}
			if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
				t.Errorf("%s:\n%s", query, diff)
			}
			mark := rows[len(rows)-1][0]
			for _, part := range []string{"王明", "wangming", "局经办", "2026-11-20",
				strconv.Itoa(len(got))} {
				if !strings.Contains(mark, part) {
					t.Errorf("watermark lacks %s: %s", part, mark)
				}
			}
		}
		a := w.get("officer", "/orgs?format=xlsx")
		if !strings.HasPrefix(a.text, "PK") ||
			!strings.Contains(a.Header().Get("Content-Disposition"), "filename*=UTF-8''") {
			t.Errorf("xlsx: %v", a.Header())
		}
		for who, want := range map[string]int{"": 403, "expert": 403, "sysadmin": 403, "leader": 200} {
			if a := w.get(who, "/orgs?format=csv"); a.Code != want {
				t.Errorf("%s exports: %d", who, a.Code)
			}
		}
		if a := w.get("officer", "/orgs?format=exe"); a.Code != 422 {
			t.Errorf("format: %d", a.Code)
		}
	})
}

// The export of the list can be imported again: no field stands in it twice, and no cell is refused.
func TestExportComesBack(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.stock(t)
	for _, format := range []string{"xlsx", "csv"} {
		a := w.get("officer", "/orgs?format="+format)
		table, err := sheet.Read(t.Context(), "export."+format, strings.NewReader(a.text), party.OrgSheet())
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		codes := 0
		for r, err := range table.Rows(t.Context(), nil) {
			if err != nil || len(r.Problems) > 0 {
				t.Fatalf("%s: row %d: %v %v", format, r.Number, r.Problems, err)
			}
			if strings.HasPrefix(r.Text("industry"), "C") {
				codes++
			}
		}
		if table.Len() != 28 || codes == 0 {
			t.Errorf("%s: %d rows, %d with the code of their industry", format, table.Len(), codes)
		}
	}
}

// Going forward and back through a list shows each record once.
func TestPagingIsWhole(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.stock(t)
	seen := map[string]int{}
	for path := "/orgs?sort=updated"; path != ""; {
		a := w.get("", path)
		for _, x := range linked(a.text) {
			seen[x]++
		}
		path = next(a.text)
	}
	if len(seen) != 28 {
		t.Errorf("%d records, want 28", len(seen))
	}
	for x, n := range seen {
		if n != 1 {
			t.Errorf("%s is shown %d times", x, n)
		}
	}
}

// htmx gets the results alone; everybody else the whole page with them in it.
func TestPartial(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.stock(t)
	for _, path := range []string{"/orgs?region=140105", "/people", "/orgs?q=zzz"} {
		whole, part := w.get("officer", path), w.get("officer", path, partial)
		if !strings.Contains(whole.text, "<html") || strings.Contains(part.text, "<html") ||
			!strings.HasPrefix(part.text, `<section id="results"`) {
			t.Errorf("%s: %.80s", path, part.text)
		}
		if !strings.Contains(whole.text, part.text) {
			t.Errorf("%s: the part does not stand in the page", path)
		}
	}
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// Registering by form: a near duplicate is a question, the draft goes away, a second click on the
// button does nothing new.
func TestRegister(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.org("officer", nil)
		in := form("name", "太原市云帆新材料股份有限公司", "kind", "enterprise", "region", "",
			"region_q", "小店区", "standing", "active", "capitalFen", "1,200", "key", "k1",
			"contacts.4.name", "王小明", "contacts.4.phone", "13800001234")
		saved := w.post("officer", "/orgs/new/draft", in, header("X-Autosave", "1"))
		if saved.Code != 204 || saved.Header().Get("X-Saved-At") != "09:30:00" {
			t.Errorf("draft: %d %v", saved.Code, saved.Header())
		}
		if a := w.get("officer", "/orgs/new"); !strings.Contains(a.text, "太原市云帆新材料股份有限公司") ||
			!strings.Contains(a.text, "已自动保存 09:30:00") {
			t.Error("the draft is not shown")
		}
		if a := w.get("district", "/orgs/new"); strings.Contains(a.text, "云帆") {
			t.Error("somebody else sees the draft")
		}
		asked := w.post("officer", "/orgs/new", in)
		if asked.Code != 422 || !strings.Contains(asked.text, `name="confirm"`) {
			t.Fatalf("near duplicate: %d", asked.Code)
		}
		in.Set("confirm", "1")
		done := w.post("officer", "/orgs/new", in)
		again := w.post("officer", "/orgs/new", in)
		at := done.Header().Get("Location")
		if done.Code != 303 || again.Code != 303 || again.Header().Get("Location") != at {
			t.Fatalf("%d %s, again %d %s\n%.2000s", done.Code, at, again.Code,
				again.Header().Get("Location"), done.text)
		}
		page := w.get("officer", at)
		for _, want := range []string{"太原市云帆新材料股份有限公司", "1200 万元", "小店区"} {
			if !strings.Contains(strings.ReplaceAll(page.text, ",", ""), want) {
				t.Errorf("the record lacks %s", want)
			}
		}
		if a := w.get("officer", "/orgs/new"); strings.Contains(a.text, "云帆") {
			t.Error("the draft is still there")
		}
	})
}

// Rows and picks can be added and removed without scripts; nothing is saved meanwhile.
func TestFormWithoutScripts(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	base := func(pairs ...string) url.Values {
		return form(append([]string{"name", "甲公司", "region", "140105", "addresses.2.line", "甲街",
			"addresses.5.line", "乙街"}, pairs...)...)
	}
	for name, c := range map[string]struct {
		in       url.Values
		has, not string
	}{
		"add":    {base("add", "contacts"), `name="contacts.0.name"`, ""},
		"remove": {base("remove", "addresses.2"), "乙街", "甲街"},
		"drop":   {base("drop_region", "140105"), "甲公司", `name="region" value="140105"`},
		"bogus":  {base("remove", "addresses.77"), "甲街", ""},
	} {
		a := w.post("officer", "/orgs/new", c.in)
		if a.Code != 200 || !strings.Contains(a.text, c.has) ||
			c.not != "" && strings.Contains(a.text, c.not) {
			t.Errorf("%s: %d, has %v", name, a.Code, strings.Contains(a.text, c.has))
		}
	}
	a := w.post("officer", "/orgs/new", base("region_q", "城关区", "kind", "other",
		"standing", "active"))
	if a.Code != 422 || !strings.Contains(a.text, "不止一个") {
		t.Errorf("ambiguous region: %d", a.Code)
	}
	if n := w.get("officer", "/orgs"); !strings.Contains(n.text, "共 0 家") {
		t.Error("something was saved")
	}
}

// Somebody else was faster: both versions are shown, nothing is lost, and one's own can be saved.
func TestStale(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.org("officer", nil)
	edit := func(version, name, site string) answer {
		return w.post("officer", "/orgs/"+o.ID+"/edit", form("version", version, "name", name,
			"kind", "enterprise", "region", "140105", "standing", "active", "website", site))
	}
	if a := edit("1", "太原云帆科技有限公司", ""); a.Code != 303 {
		t.Fatalf("first: %d", a.Code)
	}
	late := edit("1", "太原云帆材料有限公司", "https://example.cn")
	if late.Code != 409 {
		t.Fatalf("late: %d", late.Code)
	}
	for _, want := range []string{"<del>太原云帆科技有限公司</del>", "<ins>太原云帆材料有限公司</ins>",
		`name="version" value="2"`, `name="website" value="https://example.cn"`} {
		if !strings.Contains(late.text, want) {
			t.Errorf("the comparison lacks %s", want)
		}
	}
	if a := edit("2", "太原云帆材料有限公司", "https://example.cn"); a.Code != 303 {
		t.Errorf("over it: %d", a.Code)
	}
}

// A merged record leads to the one that lives, and a split brings it back.
func TestMergeAndSplit(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	keep := w.org("officer", full(t))
	drop := w.org("officer", func(o *party.OrgData) { o.USCC = makeUSCC(t, 2) })
	in := form("drop", drop.ID, "keepVersion", "1", "dropVersion", "1", "from_name", "drop",
		"from_uscc", "keep", "reason", "同一企业")
	asked := w.post("officer", "/orgs/"+keep.ID+"/merge", in)
	if asked.Code != 422 || !strings.Contains(asked.text, "f-twoCodes") {
		t.Fatalf("two codes: %d", asked.Code)
	}
	if !regexp.MustCompile(`name="from_name" value="drop" checked`).MatchString(asked.text) {
		t.Error("the choice was lost")
	}
	in.Set("twoCodes", "1")
	if a := w.post("officer", "/orgs/"+keep.ID+"/merge", in); a.Code != 303 {
		t.Fatalf("merge: %d %s", a.Code, a.text)
	}
	old := w.get("officer", "/orgs/"+drop.ID)
	if old.Code != 301 || old.Header().Get("Location") != "/orgs/"+keep.ID+"?was="+drop.ID {
		t.Errorf("old id: %d %s", old.Code, old.Header().Get("Location"))
	}
	page := w.get("officer", old.Header().Get("Location"))
	if !strings.Contains(page.text, "旧编号") || !strings.Contains(page.text, drop.Name) {
		t.Error("the page does not say that an old id was opened")
	}
	list := w.get("officer", "/orgs/"+keep.ID+"/merges")
	ask := w.get("officer", "/orgs/"+keep.ID+"/split?dropped="+drop.ID)
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(ask.text)
	if !strings.Contains(list.text, "split?dropped="+drop.ID) || version == nil {
		t.Fatalf("no way to split: %d", ask.Code)
	}
	split := w.post("officer", "/orgs/"+keep.ID+"/split", form("dropped", drop.ID, "version",
		version[1], "reason", "并错了"))
	if split.Code != 303 || w.get("officer", "/orgs/"+drop.ID).Code != 200 {
		t.Errorf("split: %d %s", split.Code, split.text)
	}
	if a := w.get("officer", "/orgs/"+keep.ID); !strings.Contains(a.text, keep.Name) {
		t.Error("the kept record did not get its name back")
	}
}

// Who edits a record while it becomes part of another one keeps what was typed, compares it with the record
// that lives, and never writes over that unasked, whatever the versions happen to be.
func TestMergedWhileEditing(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	keep, drop := w.org("officer", full(t)), w.org("officer", nil)
	for _, site := range []string{"https://a.example.cn", "https://b.example.cn"} { // up to version 3
		o, err := w.party.GetOrganisation(t.Context(), actors["officer"], drop.ID)
		if err != nil {
			t.Fatal(err)
		}
		if a := w.post("officer", "/orgs/"+drop.ID+"/edit", form("version", fmt.Sprint(o.Version), "name", o.Name,
			"kind", "enterprise", "region", "140105", "standing", "active", "website", site)); a.Code != 303 {
			t.Fatalf("edit: %d %s", a.Code, a.text)
		}
	}
	if a := w.post("officer", "/orgs/"+keep.ID+"/merge", form("drop", drop.ID, "keepVersion", "1",
		"dropVersion", "3", "from_name", "keep", "from_website", "keep", "reason", "同一企业")); a.Code != 303 {
		t.Fatalf("merge: %d %s", a.Code, a.text)
	}
	now, err := w.party.GetOrganisation(t.Context(), actors["officer"], keep.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string][]string{"right": nil, "wrong": {"website", "no address"},
		"other kind": {"edited", "1"}} {
		v := form("version", fmt.Sprint(now.Version), "name", "太原改了名称有限公司", "kind", "enterprise",
			"region", "140105", "standing", "active")
		for i := 0; i < len(in); i += 2 {
			v.Set(in[i], in[i+1])
		}
		a := w.post("officer", "/orgs/"+drop.ID+"/edit", v)
		for _, want := range []string{"已并入“" + now.Name + "”", "<ins>太原改了名称有限公司</ins>",
			`action="/orgs/` + keep.ID + `/edit"`, fmt.Sprintf(`name="version" value="%d"`, now.Version)} {
			if a.Code != 409 || !strings.Contains(a.text, want) {
				t.Errorf("%s: %d without %s", name, a.Code, want)
			}
		}
	}
	if o, err := w.party.GetOrganisation(t.Context(), actors["officer"], keep.ID); err != nil || o.Name != now.Name {
		t.Errorf("now it is %q, %v", o.Name, err)
	}
}

// What was typed about a record before it became part of another one is shown to its author beside the record
// that lives; taken over or thrown away it is gone, and the author's draft about that record is not.
func TestDraftOfMerged(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	keep, drop := w.org("officer", full(t)), w.org("officer", nil)
	draft := func(orgID, name string) {
		t.Helper()
		if a := w.post("officer", "/orgs/"+orgID+"/draft", form("version", "1", "name", name, "kind", "enterprise",
			"region", "140105", "standing", "active")); a.Code != 204 {
			t.Fatalf("draft: %d %s", a.Code, a.text)
		}
	}
	draft(drop.ID, "太原草稿有限公司")
	draft(keep.ID, "太原另一草稿有限公司")
	if a := w.post("officer", "/orgs/"+keep.ID+"/merge", form("drop", drop.ID, "keepVersion", "1",
		"dropVersion", "1", "from_name", "keep", "reason", "同一企业")); a.Code != 303 {
		t.Fatalf("merge: %d %s", a.Code, a.text)
	}
	now, err := w.party.GetOrganisation(t.Context(), actors["officer"], keep.ID)
	if err != nil {
		t.Fatal(err)
	}
	edit := "/orgs/" + drop.ID + "/edit"
	a := w.get("officer", edit)
	for _, want := range []string{"已并入“" + now.Name + "”", "<ins>太原草稿有限公司</ins>", "丢弃草稿",
		`action="/orgs/` + keep.ID + `/edit"`, `name="was" value="` + drop.ID + `"`} {
		if a.Code != 200 || !strings.Contains(a.text, want) {
			t.Errorf("%d without %s", a.Code, want)
		}
	}
	if a := w.get("leader", edit); strings.Contains(a.text, "太原草稿") {
		t.Error("another reads it")
	}
	if a := w.post("officer", "/orgs/"+keep.ID+"/edit", form("version", fmt.Sprint(now.Version), "was", drop.ID,
		"name", "太原草稿有限公司", "kind", "enterprise", "region", "140105", "standing", "active")); a.Code != 303 {
		t.Fatalf("take over: %d %s", a.Code, a.text)
	}
	if a := w.get("officer", edit); a.Code != 301 {
		t.Errorf("taken over, and still there: %d", a.Code)
	}
	if a := w.get("officer", "/orgs/"+keep.ID+"/edit"); !strings.Contains(a.text, "太原另一草稿有限公司") {
		t.Error("the draft about the record is gone")
	}
	draft(drop.ID, "太原第三稿有限公司")
	if a := w.post("officer", "/orgs/"+drop.ID+"/discard", nil); a.Code != 303 {
		t.Errorf("discard: %d", a.Code)
	}
	if a := w.get("officer", edit); a.Code != 301 {
		t.Errorf("thrown away, and still there: %d", a.Code)
	}
}

// Steps say why they are not possible, and need their reason.
func TestSteps(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.org("officer", nil)
	step := "/orgs/" + o.ID + "/step"
	if a := w.post("officer", step, form("do", "return", "version", "1")); a.Code != 422 ||
		!strings.Contains(a.text, "请写明理由") {
		t.Errorf("without a reason: %d", a.Code)
	}
	if a := w.post("expert", step, form("do", "return", "version", "1", "reason", "x")); a.Code != 403 {
		t.Errorf("expert: %d", a.Code)
	}
	if a := w.post("officer", step, form("do", "return", "version", "9", "reason", "x")); a.Code != 409 {
		t.Errorf("stale: %d", a.Code)
	}
	if a := w.post("officer", step, form("do", "return", "version", "1", "reason", "缺地址")); a.Code != 303 {
		t.Errorf("return: %d", a.Code)
	}
	line := w.get("officer", "/orgs/"+o.ID+"/timeline")
	if !strings.Contains(line.text, "缺地址") {
		t.Error("the timeline lacks the reason")
	}
	if a := w.get("", "/orgs/"+o.ID); a.Code != 404 {
		t.Errorf("a returned record is public: %d", a.Code)
	}
	if a := w.get("officer", step+"?do=nothing"); a.Code != 409 {
		t.Errorf("unknown step: %d", a.Code)
	}
}

// Numbers of people are shown in part; showing them is a post and leaves a trace.
func TestReveal(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	p := w.person("", nil)
	page := w.get("officer", "/people/"+p.ID)
	if strings.Contains(page.text, "13800001234") || !strings.Contains(page.text, "138****1234") {
		t.Error("the phone is not masked")
	}
	for _, edit := range [][]func(*http.Request){nil, {partial}} {
		a := w.post("officer", "/people/"+p.ID+"/reveal?field=phone", nil, edit...)
		if a.Code != 200 || !strings.Contains(a.text, "13800001234") {
			t.Errorf("reveal: %d", a.Code)
		}
	}
	if a := w.post("leader", "/people/"+p.ID+"/reveal?field=phone", nil); a.Code != 403 {
		t.Errorf("leader: %d", a.Code)
	}
	line := w.get("officer", "/people/"+p.ID+"/timeline")
	if n := strings.Count(line.text, "查看完整信息"); n != 2 {
		t.Errorf("the timeline has %d entries, want 2", n)
	}
}

// A file is checked, run and reported; what is wrong is said by row and column.
func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		good := "名称,类型,所在地区\r\n太原甲新材料有限公司,企业,140105\r\n太原乙装备有限公司,企业,140106\r\n"
		up := w.upload("officer", "/orgs/import", map[string]string{"mode": "skip"}, "a.csv", good)
		at := up.Header().Get("Location")
		if up.Code != 303 || at == "" {
			t.Fatalf("upload: %d %s", up.Code, up.text)
		}
		page := w.await(t, at, "导入 2 行")
		version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(page)
		if version == nil {
			t.Fatal("no version in the page")
		}
		if a := w.post("officer", at, form("do", "run", "version", version[1])); a.Code != 303 {
			t.Fatalf("run: %d %s", a.Code, a.text)
		}
		w.await(t, at, "新增 2")
		if a := w.get("officer", "/orgs"); !strings.Contains(a.text, "共 2 家") {
			t.Error("the rows are not in the list")
		}
		for _, who := range []string{"district", "leader"} {
			if a := w.get(who, at); a.Code != 404 && a.Code != 403 {
				t.Errorf("%s sees the import: %d", who, a.Code)
			}
		}
		bad := "名称,类型,所在地区\r\n,企业,999999\r\n太原丙有限公司,城堡,140105\r\n"
		up = w.upload("officer", "/orgs/import", nil, "b.csv", bad)
		page = w.await(t, up.Header().Get("Location"), "需要修改")
		for _, want := range []string{"城堡", "必填", "999999", ">2 <", ">3 <"} {
			if !strings.Contains(page, want) {
				t.Errorf("the findings lack %s", want)
			}
		}
		if a := w.get("officer", up.Header().Get("Location")+"?report=xlsx"); !strings.HasPrefix(a.text, "PK") {
			t.Errorf("report: %d", a.Code)
		}
		none := w.upload("officer", "/orgs/import", nil, "", "")
		if none.Code != 422 || !strings.Contains(none.text, "请选择文件") {
			t.Errorf("no file: %d", none.Code)
		}
		if a := w.get("officer", "/people/import?template=xlsx"); !strings.HasPrefix(a.text, "PK") {
			t.Errorf("template: %d", a.Code)
		}
		api := w.upload("officer", "/api/v1/imports", map[string]string{"kind": "org"}, "a.csv", good)
		if api.Code != 201 {
			t.Errorf("API: %d %s", api.Code, api.text)
		}
		if a := w.upload("expert", "/orgs/import", nil, "a.csv", good); a.Code != 403 {
			t.Errorf("expert: %d", a.Code)
		}
	})
}

// await asks for a page until it says something.
func (w *world) await(t *testing.T, path, text string) string {
	t.Helper()
	var a answer
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if a = w.get("officer", path); a.Code == 200 && strings.Contains(a.text, text) {
			return a.text
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s never says %s: %d\n%s", path, text, a.Code, a.text)
	return ""
}

// Saved views stand above their list.
func TestSavedViews(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.views.list = []partyhttp.View{{Name: "小店区企业", Query: "kind=enterprise&region=140105"}}
	a := w.get("officer", "/orgs?region=140105&kind=enterprise")
	if !strings.Contains(a.text, `href="/orgs?kind=enterprise&amp;region=140105" aria-current="page"`) {
		t.Error("the view that is shown is not marked")
	}
}

var componentAsText = regexp.MustCompile(`@[A-Za-z]\w*\(`)

// Every page is light, prints no component by its name, and speaks English when asked to: what is
// Chinese in it then is data.
func TestEveryPage(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.org("officer", func(o *party.OrgData) { full(t)(o); o.Name, o.NameEn = "Jinneng", "" })
	w.org("officer", func(o *party.OrgData) { o.Name = "Jinneng Ltd" })
	p := w.person(o.ID, func(p *party.NewPerson) {
		p.Name, p.Title, p.Duty, p.Fields = "Li", "Prof", "Head", []string{"carbon"}
	})
	other := ""
	for _, x := range linked(w.get("officer", "/orgs").text) {
		if x != o.ID {
			other = x
		}
	}
	data := "王明中文太原科创服务平台赵国强主营碳化硅衬底与外延片建有省级企业技术中心学府街王小明总工程师" +
		w.names(dict.Regions) + w.names(dict.Industries)
	for name, path := range pages(o, other, p) {
		a := w.get("officer", path, english)
		if m := componentAsText.FindString(a.text); m != "" {
			t.Errorf("%s prints %s", name, m)
		}
		for _, run := range chinese(a.text) {
			if !strings.Contains(data, run) {
				t.Errorf("%s has no English for %s", name, run)
			}
		}
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(w.get("officer", path).text))
		_ = z.Close()
		if b.Len() > 20<<10 { // the rest of the 60 KB is for style, script and icon
			t.Errorf("%s weighs %d bytes", name, b.Len())
		}
	}
}

func (w *world) names(list dict.ListID) string {
	var b strings.Builder
	req := db.PageReq{Limit: db.MaxLimit}
	for {
		page, err := w.dict.Items(actors["officer"], dict.Query{List: list}, req)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, it := range page.Items {
			b.WriteString(it.Name)
			if list == dict.Regions {
				path := ""
				for _, x := range w.dict.Path(list, it.Code, "") {
					path += x.Name
				}
				b.WriteString("\n" + path)
			}
			b.WriteString("\n")
		}
		if page.Next == "" {
			return b.String()
		}
		req.After = page.Next
	}
}

var inTag = regexp.MustCompile(`<[^>]*>`)

// chinese returns the runs of Chinese characters that a reader sees or hears.
func chinese(page string) []string {
	_, body, _ := strings.Cut(page, "<body")
	_, body, _ = strings.Cut(body, ">") // the texts of the script stand in the tag
	for _, a := range []string{"aria-label", "placeholder", "title", "alt"} {
		body = regexp.MustCompile(` `+a+`="([^"]*)"`).ReplaceAllString(body, ">$1<")
	}
	text := inTag.ReplaceAllString(body, "\n")
	var out []string
	for _, run := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.Is(unicode.Han, r)
	}) {
		if !slices.Contains(out, run) {
			out = append(out, run)
		}
	}
	return out
}
