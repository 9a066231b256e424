package party

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// importHouse is a registry with a store of files and a runner.
type importHouse struct {
	*Service
	t      testing.TB
	d      *db.DB
	runner *job.Runner
}

func newImportHouse(t testing.TB, d *db.DB) *importHouse {
	t.Helper()
	u := dbtest.Unit(t, d)
	files, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	s := testService(t, u, Options{Blobs: files})
	h := &importHouse{Service: s, t: t, d: d,
		runner: job.NewRunner(u, job.NewDesk(u), job.Options{})}
	s.RegisterJobs(h.runner)
	return h
}

func (h *importHouse) start(by authz.Actor, in ImportFile) Import {
	h.t.Helper()
	if in.Kind == "" {
		in.Kind = ImportOrgs
	}
	if in.Name == "" {
		in.Name = "名录.csv"
	}
	x, err := h.StartImport(context.Background(), by, in)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.due(by, x.ID)
}

// due does what the runner has to do and returns the import.
func (h *importHouse) due(by authz.Actor, importID string) Import {
	h.t.Helper()
	if _, err := h.runner.RunDue(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	x, err := h.GetImport(context.Background(), by, importID)
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

func (h *importHouse) run(by authz.Actor, x Import) Import {
	h.t.Helper()
	if _, err := h.RunImport(context.Background(), by, x.ID, x.Version); err != nil {
		h.t.Fatal(err)
	}
	return h.due(by, x.ID)
}

func (h *importHouse) orgs(f OrgFilter) []Org {
	h.t.Helper()
	page, err := h.ListOrganisations(context.Background(), clerk, f, "name", db.PageReq{Limit: 500})
	if err != nil {
		h.t.Fatal(err)
	}
	n, err := h.CountOrganisations(context.Background(), clerk, f)
	if err != nil || n != int64(len(page.Items)) {
		h.t.Errorf("count %d, list %d, %v", n, len(page.Items), err)
	}
	return page.Items
}

func csvOf(lines ...string) *strings.Reader { return strings.NewReader(strings.Join(lines, "\n")) }

func testUSCC(t testing.TB, n int) string {
	t.Helper()
	code, err := id.MakeUSCC(fmt.Sprintf("91140100MA%07d", n))
	if err != nil {
		t.Fatal(err)
	}
	return string(code)
}

func texts(list []ImportProblem) []string {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%d %s %s", p.Row, p.Column, p.Text(i18n.ZH)))
	}
	return out
}

func TestImportOrganisations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newImportHouse(t, d)
		code := testUSCC(t, 1)
		x := h.start(clerk, ImportFile{Source: "工商登记", Content: csvOf(
			"单位名称,信用代码,类型,区县,所属行业,注册资本（万元）,成立日期,联系人,联系电话",
			"太原甲精密有限公司,"+code+",企业,小店区,计算机整机制造,100,2020-03-01,王小明,13800001234",
			"太原乙大学,,高等学校,140106,C39,,,,",
			"大同丙院,,科研院所,山西省大同市新荣区,其他畜牧业,,,,")})
		if x.State != ImportReady || x.Adds != 3 || x.Rows != 3 {
			t.Fatalf("checked: %+v\n%v", x, texts(x.Found.Problems))
		}
		if n := len(h.orgs(OrgFilter{})); n != 0 {
			t.Fatalf("a check stored %d rows", n)
		}
		if x = h.run(clerk, x); x.State != ImportDone {
			t.Fatalf("run: %s %+v", x.State, x.Message)
		}
		got := h.orgs(OrgFilter{Query: "甲精密"})
		if len(got) != 1 || got[0].USCC != code || got[0].Region != "140105" ||
			got[0].Industry != "C3911" || got[0].CapitalFen != 1_000_000_00 || got[0].State != Verified {
			t.Fatalf("stored %+v", got)
		}
		sources, err := h.OrganisationSources(t.Context(), clerk, got[0].ID)
		if err != nil || len(sources) == 0 || sources[0].Source != "工商登记" {
			t.Errorf("sources %+v, %v", sources, err)
		}
		if ind := h.orgs(OrgFilter{Query: "丙院"})[0].Industry; ind != "A039" {
			t.Errorf("an industry that alone makes up another was read as %s", ind)
		}
		again := csvOf("名称,统一社会信用代码,类型,所在地区,联系人,联系电话",
			"太原甲精密股份有限公司,"+code+",企业,140105,王小明,13900005678",
			"太原乙大学,,高等学校,140106,,")
		x = h.start(clerk, ImportFile{Mode: ModeUpdate, Content: again})
		if x.Adds != 0 || x.Changes != 1 || x.Skips != 1 {
			t.Fatalf("again: %+v %v", x, texts(x.Found.Problems))
		}
		if x = h.run(clerk, x); x.State != ImportDone {
			t.Fatalf("update: %+v", x.Message)
		}
		o, err := h.GetOrganisation(t.Context(), clerk, got[0].ID)
		if err != nil || o.Name != "太原甲精密股份有限公司" || o.CapitalFen != 1_000_000_00 ||
			len(o.Contacts) != 1 || o.Contacts[0].Phone != "13900005678" {
			t.Errorf("updated to %+v, %v", o, err)
		}
	})
}

func TestImportSaysWhatIsWrong(t *testing.T) {
	h := newImportHouse(t, dbtest.SQLite(t))
	x := h.start(clerk, ImportFile{Content: csvOf(
		"名称,统一社会信用代码,类型,所在地区,行业,联系邮箱",
		",,企业,140105,,",
		"甲厂,91350100M000100Y44,企业,140105,,",
		"乙厂,"+testUSCC(t, 5)+",企业,城区,,",
		"丙厂,"+testUSCC(t, 5)+",企业,火星市,Z99,",
		"丁厂,,作坊,140105,没有的行业,x",
		"戊厂,,企业,140105,,",
		"戊厂,,企业,140105,,")})
	want := []string{
		"2 name 必填",
		"3 uscc 统一社会信用代码的校验位不符，请逐位核对是否有输错的字符",
		"4 region “城区”有 2 处：140302 140302、140402 140402，请写全称或填代码",
		"5 region 没有名为“火星市”的地区，请填 6 位代码或全称",
		"5 industry 没有名为“Z99”的行业，请填国民经济行业代码或名称",
		"5 uscc 与第 4 行重复",
		"6 kind “作坊”不在可选值中，可填：企业、高等学校、科研院所、医疗机构、服务机构、金融机构、政府部门、园区、其他",
		"6 industry 没有名为“没有的行业”的行业，请填国民经济行业代码或名称",
		"8 name 与第 7 行重复",
	}
	if diff := cmp.Diff(want, texts(x.Found.Problems)); x.State != ImportFaulty || diff != "" {
		t.Errorf("%s (-want +got):\n%s", x.State, diff)
	}
	if _, err := h.RunImport(t.Context(), clerk, x.ID, x.Version); !fault.Is(err, fault.Conflict) {
		t.Errorf("a faulty file was run: %v", err)
	}
	var report bytes.Buffer
	if err := h.ImportReport(t.Context(), clerk, x.ID, &report); err != nil {
		t.Fatal(err)
	}
	back, err := sheet.Read(t.Context(), "r.xlsx", &report, OrgSheet())
	if err != nil || back.Len() != 7 {
		t.Errorf("the report cannot be sent again: %v", err)
	}
	other := clerk
	other.Account = "other"
	if _, err := h.GetImport(t.Context(), other, x.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else reads the import: %v", err)
	}
	x = h.start(clerk, ImportFile{Content: csvOf("名称,类型", "甲厂,企业")})
	if x.State != ImportFaulty || !strings.Contains(texts(x.Found.Problems)[0], "所在地区") {
		t.Errorf("a file without a column: %s %v", x.State, texts(x.Found.Problems))
	}
}

func TestImportStaysInItsDistrict(t *testing.T) {
	h := newImportHouse(t, dbtest.SQLite(t))
	xd := authz.Actor{Account: "xd", Role: authz.District, Region: "140105", Via: authz.ViaSession}
	x := h.start(xd, ImportFile{Content: csvOf("名称,类型,所在地区", "甲厂,企业,小店区", "乙厂,企业,迎泽区")})
	want := []string{"3 region 您不能登记这个地区的组织"}
	if diff := cmp.Diff(want, texts(x.Found.Problems)); diff != "" {
		t.Error(diff)
	}
	firm := authz.Actor{Account: "f", Role: authz.Enterprise, Via: authz.ViaSession}
	_, err := h.StartImport(t.Context(), firm, ImportFile{Kind: ImportOrgs, Content: csvOf("x")})
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("a firm imports: %v", err)
	}
}

// TestImportRunsWhatWasChecked changes the data between check and run.
func TestImportRunsWhatWasChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, code := newImportHouse(t, d), testUSCC(t, 3)
		x := h.start(clerk, ImportFile{Content: csvOf("名称,统一社会信用代码,类型,所在地区",
			"甲厂,"+code+",企业,140105", "乙厂,,企业,140105")})
		_, err := h.CreateOrganisation(t.Context(), clerk, NewOrg{OrgData: OrgData{Name: "丙厂", USCC: code,
			Kind: "other", Region: "140105", Standing: "active"}})
		if err != nil {
			t.Fatal(err)
		}
		x = h.run(clerk, x)
		if x.State != ImportFailed || x.Message == nil || len(h.orgs(OrgFilter{})) != 1 {
			t.Errorf("%s %+v with %d records", x.State, x.Message, len(h.orgs(OrgFilter{})))
		}
	})
}

func bigFile(t testing.TB, rows int) *bytes.Buffer {
	t.Helper()
	var file bytes.Buffer
	var seq iter.Seq2[[]any, error] = func(yield func([]any, error) bool) {
		for n := range rows {
			row := make([]any, len(OrgSheet().Columns))
			copy(row, []any{fmt.Sprintf("太原市第%d精密机械制造有限公司", n), testUSCC(t, n), "企业", "140105",
				"C3911", "存续（在业）", "2020-01-01", "王小明", int64(n) * 1_0000_00})
			copy(row[11:], []any{"学府街 1 号", "李四", "13800001234", "li@example.cn", "精密零件"})
			if !yield(row, nil) {
				return
			}
		}
	}
	_, err := sheet.Write(context.Background(), &file, sheet.XLSX, OrgSheet(), seq, sheet.Meta{})
	if err != nil {
		t.Fatal(err)
	}
	return &file
}

// TestCancelLeavesNothing cancels while rows are being stored.
func TestCancelLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newImportHouse(t, d)
		x := h.start(clerk, ImportFile{Name: "a.xlsx", Content: bigFile(t, 1200)})
		if x.State != ImportReady {
			t.Fatal(texts(x.Found.Problems))
		}
		if _, err := h.RunImport(t.Context(), clerk, x.ID, x.Version); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() {
			_, err := h.runner.RunDue(context.Background())
			ended <- err
		}()
		for done := 0; done == 0; { // until the first rows are stored
			done, _ = h.imports.progress(x.ID)
			select {
			case err := <-ended:
				t.Fatalf("the import ended before it could be cancelled: %v", err)
			default:
			}
		}
		got, err := h.CancelImport(t.Context(), clerk, x.ID)
		if err != nil || got.State != ImportCancelled {
			t.Fatalf("%s, %v", got.State, err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if n := len(h.orgs(OrgFilter{})); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		if x = h.due(clerk, x.ID); x.State != ImportCancelled {
			t.Errorf("afterwards it is %s", x.State)
		}
	})
}

// TestKilledBetween stops a run right before its commit, as a crash would, and lets another
// attempt do it.
func TestKilledBetween(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newImportHouse(t, d)
		x := h.start(clerk, ImportFile{Name: "a.xlsx", Content: bigFile(t, 20)})
		x, err := h.RunImport(t.Context(), clerk, x.ID, x.Version)
		if err != nil {
			t.Fatal(err)
		}
		table, err := h.openTable(t.Context(), x)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := h.readOrgs(t.Context(), table, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		killed := errors.New("killed")
		err = h.unit.Write(t.Context(), clerk, "test", func(tx *unit.Tx) error {
			p, err := rows.match(t.Context(), tx, clerk, ModeSkip)
			if err != nil {
				return err
			}
			if err := p.apply(t.Context(), tx, func(int) {}); err != nil {
				return err
			}
			return killed
		})
		if !errors.Is(err, killed) || len(h.orgs(OrgFilter{})) != 0 {
			t.Fatalf("%v with %d rows", err, len(h.orgs(OrgFilter{})))
		}
		if x = h.due(clerk, x.ID); x.State != ImportDone || len(h.orgs(OrgFilter{})) != 20 {
			t.Errorf("%s with %d rows", x.State, len(h.orgs(OrgFilter{})))
		}
	})
}

func TestImportPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newImportHouse(t, d)
		org, err := h.CreateOrganisation(t.Context(), clerk, NewOrg{OrgData: OrgData{Name: "太原甲大学",
			Kind: "university", Region: "140105", Standing: "active", USCC: testUSCC(t, 9)}})
		if err != nil {
			t.Fatal(err)
		}
		file := func(phone string) *strings.Reader {
			return csvOf("姓名,身份证号,单位,职称,研究领域,学位,电话",
				"王小明,11010519491231002X,太原甲大学,教授,新材料；光学,博士,"+phone,
				"李四,,"+org.USCC+",,,,")
		}
		x := h.start(clerk, ImportFile{Kind: ImportPeople, Content: file("13800001234")})
		if x.State != ImportReady || x.Adds != 2 {
			t.Fatalf("%s %+v %v", x.State, x, texts(x.Found.Problems))
		}
		if x = h.run(clerk, x); x.State != ImportDone {
			t.Fatal(x.Message)
		}
		x = h.start(clerk, ImportFile{Kind: ImportPeople, Mode: ModeUpdate,
			Content: file("13900005678")})
		if x = h.run(clerk, x); x.Changes != 1 || x.Skips != 1 || x.State != ImportDone {
			t.Fatalf("%+v", x)
		}
		page, err := h.ListPeople(t.Context(), clerk, PersonFilter{Field: "光学", Org: org.ID}, "name",
			db.PageReq{})
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("%+v, %v", page, err)
		}
		p := page.Items[0]
		if p.Phone != "139****5678" || p.IDNumber != "" || p.OrgName != "太原甲大学" ||
			!slices.Equal(p.Fields, []string{"新材料", "光学"}) {
			t.Errorf("listed as %+v", p)
		}
		number, err := h.RevealPerson(t.Context(), clerk, p.ID, "idNumber")
		if err != nil || number != "11010519491231002X" {
			t.Errorf("%s, %v", number, err)
		}
		x = h.start(clerk, ImportFile{Kind: ImportPeople, Content: csvOf("姓名,单位", "赵五,没有的单位")})
		if diff := cmp.Diff([]string{"2 org 没有找到单位“没有的单位”，请先登记该单位"},
			texts(x.Found.Problems)); diff != "" {
			t.Error(diff)
		}
	})
}

// An export of people comes back: phones and mail that it shows in part stay what they are. Shown in part for
// somebody else, or for somebody new, they are refused.
func TestImportOfAnExport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newImportHouse(t, d)
		ctx, org := t.Context(), h.mustOrg(t, "太原甲大学", nil)
		in := NewPerson{Org: org.ID, PersonData: PersonData{Name: "王小明", Phone: "13800001234",
			Email: "wang@example.cn"}}
		p, err := h.CreatePerson(ctx, clerk, in)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if _, err := h.WritePeople(ctx, clerk, PersonFilter{}, "name", Export{Format: sheet.CSV}, &file); err != nil {
			t.Fatal(err)
		}
		came := strings.Replace(file.String(), "王小明,,,,,", "王小明,,,,教授,", 1)
		if came == file.String() {
			t.Fatalf("no cell to change in %s", came)
		}
		x := h.start(clerk, ImportFile{Kind: ImportPeople, Mode: ModeUpdate, Content: strings.NewReader(came)})
		if x = h.run(clerk, x); x.State != ImportDone || x.Changes != 1 {
			t.Fatalf("%s %+v %v", x.State, x, texts(x.Found.Problems))
		}
		for field, want := range map[string]string{"phone": in.Phone, "email": in.Email} {
			if got, err := h.RevealPerson(ctx, clerk, p.ID, field); got != want || err != nil {
				t.Errorf("%s became %q, %v", field, got, err)
			}
		}
		if got, err := h.GetPerson(ctx, clerk, p.ID); err != nil || got.Title != "教授" {
			t.Errorf("the title is %q, %v", got.Title, err)
		}
		x = h.start(clerk, ImportFile{Kind: ImportPeople, Mode: ModeUpdate, Content: csvOf("姓名,单位,电话,邮箱",
			"王小明,太原甲大学,139****1234,l***@example.cn", "李四,太原甲大学,138****1234,")})
		if diff := cmp.Diff([]string{"2 phone “139****1234”隐去了一部分，不能写入；请填写完整，或留空",
			"2 email “l***@example.cn”隐去了一部分，不能写入；请填写完整，或留空",
			"3 phone “138****1234”隐去了一部分，不能写入；请填写完整，或留空"}, texts(x.Found.Problems)); diff != "" {
			t.Error(diff)
		}
	})
}

// An import whose job an administrator stopped, or that the runner gave up, says so and waits no more.
func TestImportWithoutItsJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newImportHouse(t, d)
		desk := job.NewDesk(h.unit)
		admin := authz.Actor{Account: "sys", Role: authz.SysAdmin, Via: authz.ViaSession}
		x, err := h.StartImport(t.Context(), clerk, ImportFile{Kind: ImportOrgs, Name: "a.csv",
			Content: csvOf("名称,类型,所在地区", "太原甲厂,企业,140105")})
		if err != nil || x.State != ImportChecking {
			t.Fatalf("%s, %v", x.State, err)
		}
		if err := desk.Cancel(t.Context(), admin, x.Job, "维护"); err != nil {
			t.Fatal(err)
		}
		x = h.due(clerk, x.ID)
		if x.State != ImportFailed || x.Message == nil || !strings.Contains(x.Message.Text(i18n.EN), "stopped") {
			t.Errorf("%s %+v", x.State, x.Message)
		}
		page, err := h.ListImports(t.Context(), clerk, db.PageReq{})
		if err != nil || len(page.Items) != 1 || page.Items[0].State != ImportFailed {
			t.Errorf("listed as %+v, %v", page.Items, err)
		}
		x = h.start(clerk, ImportFile{Name: "a.csv", Content: csvOf("名称,类型,所在地区", "太原甲厂,企业,140105")})
		if x, err = h.RunImport(t.Context(), clerk, x.ID, x.Version); err != nil {
			t.Fatal(err)
		}
		if err := desk.Cancel(t.Context(), admin, x.Job, "维护"); err != nil {
			t.Fatal(err)
		}
		if x = h.due(clerk, x.ID); x.State != ImportFailed || len(h.orgs(OrgFilter{})) != 0 {
			t.Errorf("%s with %d rows", x.State, len(h.orgs(OrgFilter{})))
		}
	})
}
