package market_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

const needTable = `需求名称,需求描述,所属单位,技术领域,需求类型,合作方式,金额下限（万元）,金额上限（万元）,技术成熟度,技术指标,截止日期,联系人,联系电话
带钢表面缺陷在线检测,人工抽检漏检率高，希望找到机器视觉方案并在产线验证。,甲厂,先进制造,技术攻关,合作开发、许可,80,120,6,"漏检率≤0.5%
节拍=12~16s",2027-06-30,赵工,13835150001
余热回收改造方案,烟气余热没有利用，希望引进成熟的中低温发电技术。,,新能源与高效节能,成果引进,,,,,,,,
`

const badTable = `名称,描述,所属单位,技术领域,需求类型,合作方式,技术成熟度,技术指标,联系电话
没有这个单位,描述写得足够长，能让人看懂要解决什么问题。,丁厂,先进制造,技术攻关,,,,
合作方式写错,描述写得足够长，能让人看懂要解决什么问题。,甲厂,先进制造,技术攻关,赠送,,,
指标写错,描述写得足够长，能让人看懂要解决什么问题。,甲厂,先进制造,技术攻关,,,越快越好,
成熟度写错,描述写得足够长，能让人看懂要解决什么问题。,甲厂,先进制造,技术攻关,,40,,
描述太短,短,甲厂,先进制造,技术攻关,,,,
带密级,机密★10年 描述写得足够长，能让人看懂要解决什么问题。,甲厂,先进制造,技术攻关,,,,
正文有电话,请致电13835150001，我们要解决产线上的在线检测问题。,甲厂,先进制造,技术攻关,,,,
电话写错,描述写得足够长，能让人看懂要解决什么问题。,甲厂,先进制造,技术攻关,,,,打给我
领域写错,描述写得足够长，能让人看懂要解决什么问题。,甲厂,量子玄学,技术攻关,,,,
`

func (x *lab) importing(
	t *testing.T, by authz.Actor, text string, dry bool,
) (market.ImportOutcome, error) {
	t.Helper()
	return x.ImportPosts(t.Context(), by, market.PostImport{Kind: market.Need, Submit: true, DryRun: dry,
		Name: "需求.csv", File: strings.NewReader(text)})
}

// TestImport takes needs out of a table, twice; the second time they are there already.
func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner := x.firm(t, "甲厂")
		out, err := x.importing(t, owner, needTable, true)
		if err != nil || out.Adds != 2 || out.Done || out.Problems.Total != 0 {
			t.Fatalf("%+v, %v", out, err)
		}
		if out, err = x.importing(t, owner, needTable, false); err != nil || out.Adds != 2 || !out.Done {
			t.Fatalf("%+v, %v", out, err)
		}
		page, err := x.ListPosts(t.Context(), officer, market.PostFilter{}, "code", db.PageReq{})
		if err != nil || len(page.Items) != 2 {
			t.Fatal(page, err)
		}
		p, err := x.GetPost(t.Context(), owner, page.Items[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		want := market.PostData{Kind: market.Need, Title: "带钢表面缺陷在线检测",
			Text: "人工抽检漏检率高，希望找到机器视觉方案并在产线验证。", Org: owner.Org, Region: "140105", Field: "03",
			Modes: []string{"joint", "licence"}, PriceLoFen: 800_000_00, PriceHiFen: 1_200_000_00, TRL: 6,
			Parameters: []market.Parameter{{Name: "漏检率", Op: "<=", Value: "0.5", Unit: "%"},
				{Name: "节拍", Op: "range", Value: "12", Top: "16", Unit: "s"}},
			Deadline: "2027-06-30", Visibility: market.Open, Contact: "赵工", ContactPhone: "13835150001",
			NeedData: market.NeedData{NeedKind: "research"}}
		if diff := cmp.Diff(want, p.PostData); diff != "" || p.State != market.Review {
			t.Errorf("%s in %s", diff, p.State)
		}
		if out, err = x.importing(t, owner, needTable, false); err != nil || out.Adds != 0 || out.Skips != 2 {
			t.Fatalf("the second time: %+v, %v", out, err)
		}
		x.fire(t, officer, p, market.StepPublish)
	})
}

// TestImportProblems says at each cell what is wrong, and stores nothing.
func TestImportProblems(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	owner := x.firm(t, "甲厂")
	out, err := x.importing(t, owner, badTable, true)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, p := range out.Problems.Kept {
		got = append(got, p.Place(i18n.ZH))
	}
	want := []string{"第 2 行“所属单位”", "第 3 行“合作方式”", "第 4 行“技术指标”", "第 5 行“技术成熟度”", "第 6 行“描述”",
		"第 7 行“描述”", "第 8 行“描述”", "第 9 行“联系电话”", "第 10 行“技术领域”"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, err = x.importing(t, owner, badTable, false)
	wantKind(t, err, fault.Invalid)
	_, err = x.importing(t, x.firm(t, "乙厂"), needTable, false)
	wantKind(t, err, fault.Invalid) // the first row is of another firm
	_, err = x.importing(t, visitor, needTable, false)
	wantKind(t, err, fault.Forbidden)
	if n, err := x.CountPosts(t.Context(), officer, market.PostFilter{}); err != nil || n.All != 0 {
		t.Errorf("%+v, %v", n, err)
	}
}

// TestExport writes what the actor's list shows, without contacts, with a watermark; visitors take what
// everybody may read, and of what is shown by request they take no more than the list shows.
func TestExport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, other := x.firm(t, "甲厂"), x.firm(t, "乙厂")
		broker := authz.Actor{Account: "b", Login: "jjr", Person: "per", Role: authz.Broker, Via: authz.ViaSession}
		for _, level := range []market.Visibility{market.Open, market.Request, market.Named} {
			in := x.need(t, owner)
			in.Title, in.Visibility = in.Title+string(level), level
			if level == market.Named {
				in.Named = []string{other.Org}
			}
			in.Current = "现有" + string(level)
			x.publish(t, owner, in)
		}
		f := market.PostFilter{Kind: market.Need}
		for by, want := range map[*authz.Actor]int{&broker: 2, &owner: 3, &officer: 3, &other: 2, &visitor: 2} {
			var b bytes.Buffer
			n, err := x.WritePosts(t.Context(), *by, f, market.Export{Format: sheet.CSV, By: "王某"}, &b)
			if err != nil || n != want {
				t.Errorf("%s: %d, %v", by.Role, n, err)
			}
			wantNone(t, b.String(), "赵工", "13835150001", "zhao@example.com")
			if want == 2 {
				wantNone(t, b.String(), "named", "现有request")
			}
			if !strings.Contains(b.String(), "王某") || !strings.Contains(b.String(), "现有open") {
				t.Error("no watermark, or not what everybody may read")
			}
		}
		f.Visibility = market.Request // who may not read all of them must not ask for them either
		n, err := x.WritePosts(t.Context(), visitor, f, market.Export{Format: sheet.CSV}, &bytes.Buffer{})
		if err != nil || n != 0 {
			t.Errorf("%d, %v", n, err)
		}
	})
}
