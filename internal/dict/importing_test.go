package dict_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// rowsOf reads rows "code,parent,name,kind", numbered as in a file with a header.
func rowsOf(lines ...string) []dict.ItemRow {
	var out []dict.ItemRow
	for i, line := range lines {
		f := strings.Split(line, ",")
		out = append(out, dict.ItemRow{Number: i + 2,
			Item: dict.Item{Code: f[0], Parent: f[1], Name: f[2], Kind: dict.Kind(f[3])}})
	}
	return out
}

func edition(name string, from clock.Date, lines ...string) dict.NewEdition {
	return dict.NewEdition{List: dict.Regions, Edition: name, Source: "民政部公告", From: from,
		Rows: rowsOf(lines...)}
}

func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := loaded(t, d)
		ctx := t.Context()
		in := edition("2027", "2027-01-01", "140000,,山西省,", "140100,140000,太原市,",
			"140105,140100,新小店区,", "140999,140900,不存在,")
		if _, err := s.Import(ctx, admin, in); !fault.Is(err, fault.Invalid) {
			t.Fatalf("an orphan was imported: %v", err)
		}
		in.Rows = in.Rows[:3]
		e, err := s.Import(ctx, admin, in)
		if err != nil || e.Title != "行政区划代码" || e.Items != 3 {
			t.Fatalf("%+v, %v", e, err)
		}
		names := func(s *dict.Service) []string {
			var out []string
			for _, at := range []clock.Date{"2020-01-01", "2026-12-31", "2027-01-01", ""} {
				name, ok := s.Name(dict.Regions, "140105", at)
				out = append(out, fmt.Sprint(name, ok))
			}
			old, ok := s.Name(dict.Regions, "140106", "2027-06-01") // no longer there, still readable
			return append(out, fmt.Sprint(old, ok, s.Has(dict.Regions, "140106", "2027-06-01")))
		}
		want := []string{"小店区true", "小店区true", "新小店区true", "新小店区true", "迎泽区true false"}
		if diff := cmp.Diff(want, names(s)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(want, names(loaded(t, d))); diff != "" {
			t.Errorf("in another process: %s", diff)
		}
		if full := s.RegionName("140106", "2027-06-01"); full != "山西省太原市迎泽区" {
			t.Errorf("the full name of a code of the past is %s", full)
		}
		lists, err := s.Lists(admin)
		if err != nil || lists[0].Edition != "2027" || lists[1].Until != "2026-12-31" {
			t.Errorf("%+v, %v", lists, err)
		}
		for _, taken := range []dict.NewEdition{
			edition("2027", "2028-01-01", "140000,,山西省,"), // the name
			edition("2028", "2027-01-01", "140000,,山西省,"), // the day
			edition("2023", "2022-01-01", "140000,,山西省,"), // one that shipped
		} {
			if _, err := s.Import(ctx, admin, taken); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s from %s: %v", taken.Edition, taken.From, err)
			}
		}
		trail := texts(t, d, qTrail)
		imports := []string{"dict.edition gbt2260@2027 import"}
		if diff := cmp.Diff(imports, trail[len(loadTrail):]); diff != "" {
			t.Error(diff)
		}
		// Today the shipped edition is in force, although a later one is known.
		page, err := s.Items(admin, dict.Query{List: dict.Regions, Text: "小店"}, db.PageReq{})
		if err != nil || len(page.Items) != 1 || page.Items[0].Name != "小店区" {
			t.Errorf("%+v, %v", page, err)
		}
	})
}

// TestImportNewList: a list that nobody knew is imported with its title, in the order of its rows.
func TestImportNewList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := loaded(t, d)
		in := dict.NewEdition{List: "tech-field", Edition: "1", Title: "技术领域", Source: "市科技局",
			From: "2026-01-01", Rows: rowsOf("z,,新材料,", "z1,z,碳纤维,", "a,,装备,group")}
		if _, err := s.Import(t.Context(), admin, in); err != nil {
			t.Fatal(err)
		}
		items := everything(t, loaded(t, d), dict.Query{List: "tech-field"})
		if diff := cmp.Diff([]string{"z", "z1", "a"}, codesOf(items)); diff != "" {
			t.Error(diff)
		}
	})
}

func importsRefused(t *testing.T, s *dict.Service) {
	deep := []string{"d0,,零,"}
	for i := range 10 {
		deep = append(deep, fmt.Sprintf("d%d,d%d,层,", i+1, i))
	}
	other := func(lines ...string) dict.NewEdition {
		return dict.NewEdition{List: "other", Edition: "1", Title: "其他", Source: "x", From: "2026-01-01",
			Rows: rowsOf(lines...)}
	}
	with := func(change func(*dict.NewEdition)) dict.NewEdition {
		in := other("a,,甲,")
		change(&in)
		return in
	}
	for _, c := range []struct {
		name string
		in   dict.NewEdition
		want map[string]string
	}{
		{"no rows", other(), map[string]string{"file": "没有可导入的数据行"}},
		{"code twice", other("a,,甲,", "a,,乙,"), map[string]string{"第 3 行“代码”": "与第 %d 行重复"}},
		{"orphan", other("a,b,甲,"), map[string]string{"第 2 行“上级代码”": "上级代码 %s 不在本表中"}},
		{"own parent", other("a,a,甲,"), map[string]string{"第 2 行“上级代码”": "上级代码成环，或超过 %d 级"}},
		{"circle", other("a,b,甲,", "b,a,乙,"), map[string]string{
			"第 2 行“上级代码”": "上级代码成环，或超过 %d 级", "第 3 行“上级代码”": "上级代码成环，或超过 %d 级"}},
		{"too deep", other(deep...), map[string]string{"第 12 行“上级代码”": "上级代码成环，或超过 %d 级"}},
		{"code form", other("a b,,甲,", ",,乙,"), map[string]string{
			"第 2 行“代码”": "代码应由字母、数字、点和横线组成，最多 %d 位",
			"第 3 行“代码”": "代码应由字母、数字、点和横线组成，最多 %d 位"}},
		{"name", other("a,,,", "b,,"+strings.Repeat("长", 101)+",", "c,,一\n二,"), map[string]string{
			"第 2 行“名称”": "名称必填，最多 %d 个字，不能换行", "第 3 行“名称”": "名称必填，最多 %d 个字，不能换行",
			"第 4 行“名称”": "名称必填，最多 %d 个字，不能换行"}},
		{"kind", other("a,,甲,x"), map[string]string{"第 2 行“类别”": "没有“%s”这个类别"}},
		{"region form", edition("2", "2025-01-01", "1401,,太原,"), map[string]string{
			"第 2 行“代码”": "代码 %s 不符合该字典的编码规则"}},
		{"region parent", edition("2", "2025-01-01", "140000,,山西省,", "140100,140000,太原市,",
			"140105,140000,小店区,"), map[string]string{"第 4 行“上级代码”": "按编码规则，%s 的上级代码应为“%s”"}},
		{"industry form", with(func(in *dict.NewEdition) {
			in.List, in.Rows = dict.Industries, rowsOf("C,,制造业,", "3922,C,通信,")
		}), map[string]string{"第 3 行“代码”": "代码 %s 不符合该字典的编码规则"}},
		{"what it is", dict.NewEdition{List: "Bad List", Edition: "a b", From: "2026-02-30",
			Rows: rowsOf("a,,甲,")}, map[string]string{
			"list":    "字典代号应以小写字母开头，由小写字母、数字、点和横线组成，2 至 40 位",
			"edition": "版本号应由字母、数字、点和横线组成，最多 20 位",
			"from":    "日期应为真实的日期，如 2026-11-22", "title": "必填，最多 %d 个字", "source": "必填，最多 %d 个字"}},
	} {
		_, err := s.Import(t.Context(), admin, c.in)
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Invalid {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := map[string]string{}
		for _, x := range f.Fields {
			got[x.Name] = x.Key
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// onlySystemAdministratorsWrite tries every role.
func onlySystemAdministratorsWrite(t *testing.T, s *dict.Service) {
	for _, role := range append(authz.Roles(), "") {
		by := authz.Actor{Account: "x", Role: role, Via: authz.ViaSession}
		_, err := s.Import(t.Context(), by, dict.NewEdition{})
		yearErr := s.ImportYear(t.Context(), by, 2027, 0, nil)
		want := fault.Forbidden
		if role == authz.SysAdmin {
			want = fault.Invalid
		}
		if fault.KindOf(err) != want || fault.KindOf(yearErr) != want {
			t.Errorf("%s: %v, %v", role, err, yearErr)
		}
	}
}

// TestReadItems: a file goes from its bytes to rows, and a wrong one is refused.
func TestReadItems(t *testing.T) {
	ctx := context.Background()
	read := func(text string) ([]dict.ItemRow, error) {
		table, err := sheet.Read(ctx, "list.csv", strings.NewReader(text), dict.ItemSheet)
		if err != nil {
			t.Fatal(err)
		}
		return dict.ReadItems(ctx, table)
	}
	rows, err := read("代码,上级代码,名称,类别\n１４００００,,山西省,\n140100,140000,太原市,\n140171,140100,示范区,统计用代码\n" +
		"110100,110000,市辖区,汇总项\n")
	want := rowsOf("140000,,山西省,", "140100,140000,太原市,", "140171,140100,示范区,statistical",
		"110100,110000,市辖区,group")
	if diff := cmp.Diff(want, rows); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if _, err = read("代码,名称,类别\n,太原市,\n140100,,别的\n"); !fault.Is(err, fault.Invalid) {
		t.Errorf("wrong cells: %v", err)
	}
}
