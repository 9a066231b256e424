package market_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// full is an achievement in which everything is said that can be, with what is hard to write in a cell.
func (x *lab) full(t *testing.T, by authz.Actor, named ...string) market.NewPost {
	in := x.achievement(t, by)
	d := &in.PostData
	d.Text = "=面向轻量化部件的半固态成形工艺\n第二段：已完成中试；性能稳定。"
	d.Chain, d.SixNew, d.Service = "镁合金深加工", "material", "提供样件\n现场调试"
	d.Keywords, d.Modes = []string{"镁合金", "半固态、成形"}, []string{"licence", "transfer"}
	d.Parameters = []market.Parameter{{Name: "抗拉强度", Op: ">=", Value: "320.50", Unit: "MPa"},
		{Name: "比例 1:2 的收缩；率", Op: "range", Value: "0.1", Top: "0.20", Unit: "%"},
		{Name: "节拍", Op: "~", Value: "30", Unit: "s"}}
	d.Standard, d.TRL = "general", 7
	d.Proofs = []market.Proof{{Level: 6, Text: "中试报告\n6 级：附件二", File: "blob-1"}, {Level: 7, Text: "用户报告"}}
	d.Rights = []market.Right{
		{Kind: "utility", Number: "ZL201721099528.4", Title: "成形|装置", State: "granted", Holder: "甲厂"},
		{Kind: "secret", Title: "熔炼配方", State: "applied"}}
	d.Values = market.Values{Science: "揭示机理", Technology: "减重 30%", Economy: "年省五百万元\n两条产线", Society: "节能", Culture: "无"}
	d.Entitlement, d.PayLater, d.Ready = "use", true, true
	d.NoticeFrom, d.NoticeTo = "2026-10-01", "2026-10-20"
	d.Contact, d.ContactPhone = "赵工", "13835150001"
	if len(named) > 0 {
		d.Visibility, d.Named = market.Named, named
	}
	return in
}

// written is the table of a kind as somebody takes it, in a language and form.
func (x *lab) written(t *testing.T, ctx context.Context, by authz.Actor, k market.Kind, as sheet.Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := x.WritePosts(ctx, by, market.PostFilter{Kind: k}, market.Export{Format: as}, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (x *lab) read(t *testing.T, by authz.Actor, k market.Kind, table []byte, dry bool) market.ImportOutcome {
	t.Helper()
	out, err := x.ImportPosts(t.Context(), by, market.PostImport{Kind: k, Name: "x.csv", DryRun: dry,
		File: bytes.NewReader(table)})
	if err != nil && out.Problems.Total == 0 {
		t.Fatal(err)
	}
	return out
}

// all are the posts of the lab with their versions and contacts.
func (x *lab) all(t *testing.T) []market.Post {
	t.Helper()
	var out []market.Post
	list, err := market.PostsAfter(t.Context(), x.db, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		p, err := x.GetPost(t.Context(), officer, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

// What export writes, import reads again, and nothing changes: in both forms and languages, at every level of
// visibility, also of what was withdrawn or closed, and of drafts that are not complete.
func TestRoundTrip(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, other, twin := x.firm(t, "甲厂"), x.firm(t, "乙厂"), x.firm(t, "丙厂")
		broker := x.broker(t, "乔云飞")
		in := x.full(t, owner, other.Org, twin.Org)
		in.Broker = broker
		x.publish(t, owner, in)
		in = x.full(t, owner)
		in.Title, in.Visibility = "依申请的成果", market.Request
		x.publish(t, owner, in)
		in = x.full(t, owner)
		in.Title = "撤回的成果"
		x.fire(t, owner, x.publish(t, owner, in), market.StepWithdraw)
		in.Title = "关闭的成果"
		x.fire(t, owner, x.publish(t, owner, in), market.StepClose)
		x.create(t, owner, market.NewPost{PostData: market.PostData{Kind: market.Achievement, Title: "只有名称的草稿",
			Org: owner.Org, Region: "140105"}})
		before := x.all(t)
		for _, by := range []authz.Actor{owner, officer} {
			for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
				for _, as := range []sheet.Format{sheet.CSV, sheet.XLSX} {
					table := x.written(t, i18n.With(t.Context(), l), by, market.Achievement, as)
					want := 5
					if by.Account == officer.Account {
						want = 4 // the draft is its owner's alone
					}
					out := x.read(t, by, market.Achievement, table, false)
					if out.Same != want || out.Adds+out.Changes+out.Skips+out.Problems.Total != 0 {
						t.Errorf("%s in %s as %s: %+v, %v", by.Login, l, as, out, out.Problems.Kept)
					}
				}
			}
		}
		if diff := cmp.Diff(says(t, before), says(t, x.all(t))); diff != "" {
			t.Error(diff)
		}
	})
}

// cells changes cells of a table: of the row with this title, by the titles of columns.
func cells(t *testing.T, table []byte, title string, set map[string]string) []byte {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(table), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		if row[0] != title {
			continue
		}
		for column, v := range set {
			at := slices.Index(rows[0], column)
			if at < 0 {
				t.Fatalf("no column %s", column)
			}
			row[at] = v
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A cell that says something else changes the post that the row names, and nothing else of it; what may not be
// changed is said at its cell, and then nothing changes.
func TestImportChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner, other := x.firm(t, "甲厂"), x.firm(t, "乙厂")
		p := x.publish(t, owner, x.full(t, owner))
		gone := x.full(t, owner)
		gone.Title = "撤回的成果"
		x.fire(t, owner, x.publish(t, owner, gone), market.StepWithdraw)
		theirs := x.full(t, other)
		theirs.Title = "乙厂的成果"
		x.publish(t, other, theirs)
		table := x.written(t, t.Context(), owner, market.Achievement, sheet.CSV)

		for _, c := range []struct {
			name  string
			title string
			set   map[string]string
			by    authz.Actor
			want  string // place of the problem
		}{
			{"a level that is none", p.Title, map[string]string{"技术成熟度": "40"}, owner, "第 2 行“技术成熟度”"},
			{"a right that is none", p.Title, map[string]string{"知识产权": "某证书"}, owner, "第 2 行“知识产权”"},
			{"an organisation that is not there", p.Title, map[string]string{"公开级别": "定向公开", "定向公开的单位": "丁厂"},
				owner, "第 2 行“定向公开的单位”"},
			{"nobody named", p.Title, map[string]string{"公开级别": "定向公开"}, owner, "第 2 行“定向公开的单位”"},
			{"a broker who is none", p.Title, map[string]string{"技术经理人": "无此人"}, owner, "第 2 行“技术经理人”"},
			{"a phone in a text", p.Title, map[string]string{"社会价值": "请致电13835150001"}, owner, "第 2 行“社会价值”"},
			{"an older version", p.Title, map[string]string{"版本": "1", "产业链环节": "铝"}, owner, "第 2 行“版本”"},
			{"no version", p.Title, map[string]string{"版本": "", "产业链环节": "铝"}, owner, "第 2 行“版本”"},
			{"another owner", p.Title, map[string]string{"所属单位": "乙厂"}, owner, "第 2 行“所属单位”"},
			{"a withdrawn one", "撤回的成果", map[string]string{"产业链环节": "铝"}, owner, "第 3 行“产业链环节”"},
			{"a code that is none", p.Title, map[string]string{"编号": "CG-2020-00001"}, owner, "第 2 行“编号”"},
			{"somebody else's", p.Title, map[string]string{"产业链环节": "铝"}, other, "第 2 行“编号”"},
			{"twice the same", "撤回的成果", map[string]string{"编号": p.Code}, owner, "第 3 行“编号”"},
		} {
			before := fmt.Sprint(x.all(t))
			out := x.read(t, c.by, market.Achievement, cells(t, table, c.title, c.set), false)
			if out.Problems.Total == 0 || out.Problems.Kept[0].Place(i18n.ZH) != c.want || out.Done {
				t.Errorf("%s: %+v, %v", c.name, out, out.Problems.Kept)
			}
			if fmt.Sprint(x.all(t)) != before {
				t.Errorf("%s changes something", c.name)
			}
		}

		changed := cells(t, table, p.Title, map[string]string{"产业链环节": "铝合金", "金额上限（万元）": "500",
			"知识产权":   "实用新型|ZL201721099528.4|成形|装置|已授权|甲厂\n技术秘密||熔炼配方|申请中|\nCN108123456B 一种镁合金",
			"成熟度的证明": "TRL 6: 中试报告（修订）\nTRL 7: 用户报告", "联系电话": "13900000000"})
		out := x.read(t, owner, market.Achievement, changed, true)
		if out.Changes != 1 || out.Same != 2 || out.Reviews != 1 || len(out.Lines) != 1 || out.Done ||
			!slices.Equal(out.Lines[0].Columns, []string{"产业链环节", "金额上限（万元）", "成熟度的证明", "知识产权", "联系电话"}) {
			t.Fatalf("%+v, %v", out, out.Problems.Kept)
		}
		if out = x.read(t, owner, market.Achievement, changed, false); out.Changes != 1 || !out.Done {
			t.Fatalf("%+v, %v", out, out.Problems.Kept)
		}
		now, err := x.GetPost(t.Context(), owner, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := p.PostData
		want.Chain, want.PriceHiFen, want.Contact, want.ContactPhone = "铝合金", 5_000_000_00, "赵工", "13900000000"
		want.Rights = append(slices.Clone(want.Rights), market.Right{Kind: "invention", Number: "CN108123456B",
			Title: "一种镁合金", State: "granted"})
		want.Proofs = []market.Proof{{Level: 6, Text: "中试报告（修订）", File: "blob-1"}, {Level: 7, Text: "用户报告"}}
		if diff := cmp.Diff(want, now.PostData); diff != "" || now.State != market.Review {
			t.Errorf("%s in %s", diff, now.State)
		}
		// The table is of before now: sent again it changes nothing, because it would undo what is newer.
		if out = x.read(t, owner, market.Achievement, table, false); out.Problems.Total != 1 || out.Done {
			t.Errorf("%+v, %v", out, out.Problems.Kept)
		}
	})
}

// A table of changes needs no column but the code, the version and what changes; a row without a code that has
// the title of a post of its owner is left alone, also where that was withdrawn.
func TestImportFewColumns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		owner := x.firm(t, "甲厂")
		p := x.create(t, owner, x.full(t, owner))
		table := fmt.Sprintf("编号,版本,产业链环节\n%s,%d,铝合金\n", p.Code, p.Version)
		if out := x.read(t, owner, market.Achievement, []byte(table), false); out.Changes != 1 || out.Reviews != 0 {
			t.Fatalf("%+v, %v", out, out.Problems.Kept)
		}
		now, err := x.GetPost(t.Context(), owner, p.ID)
		want := p.PostData
		want.Chain = "铝合金"
		if diff := cmp.Diff(want, now.PostData); diff != "" || err != nil {
			t.Error(diff, err)
		}
		n := x.publish(t, owner, x.need(t, owner))
		x.fire(t, owner, n, market.StepWithdraw)
		table = "名称,描述,技术领域,需求类型\n" + n.Title + ",描述写得足够长，能让人看懂要解决什么问题。,先进制造,技术攻关\n" +
			"新的,描述写得足够长，能让人看懂要解决什么问题。,先进制造,技术攻关\n"
		out := x.read(t, owner, market.Need, []byte(table), false)
		if out.Adds != 1 || out.Skips != 1 || out.Lines[0].Code != n.Code || out.Lines[0].State != market.Withdrawn {
			t.Errorf("%+v, %v", out, out.Problems.Kept)
		}
		out = x.read(t, owner, market.Need, []byte(table+"另一条,描述写得足够长，能让人看懂要解决什么问题。,先进制造,技术攻关\n"+
			"另一条,描述写得足够长，能让人看懂要解决什么问题。,先进制造,技术攻关\n"), true)
		if out.Problems.Total != 1 || out.Problems.Kept[0].Row != 5 {
			t.Errorf("%+v, %v", out, out.Problems.Kept)
		}
	})
}

// broker registers a person whom the market knows as a broker, and returns the id.
func (x *lab) broker(t *testing.T, name string) string {
	t.Helper()
	p, err := x.party.CreatePerson(t.Context(), officer, party.NewPerson{PersonData: party.PersonData{Name: name}})
	if err != nil {
		t.Fatal(err)
	}
	x.BrokersNamed(func(_ context.Context, _ db.Q, asked string) ([]string, error) {
		if asked == name {
			return []string{p.ID}, nil
		}
		return nil, nil
	})
	return p.ID
}
