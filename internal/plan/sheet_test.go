package plan_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// The usual form of offices, with parts and two indicators in one cell.
const officeForm = `序号,任务,指标,目标值,牵头单位,责任单位,时限,进展
1,培育技术市场,"技术合同成交额
技术经纪人","≥228亿元
200人以上",太原市科学技术局,太原市工业和信息化局,2026-12-31,"35%：已出台办法"
1.1,建设交易平台,,,太原市工业和信息化局,,2026/10/31,
1.2,培训技术经纪人,,,太原市科学技术局,"太原市工业和信息化局、太原市财政局",2026-11-30,
2,改造老旧小区,老旧小区改造,不少于100个,太原市财政局,,2026年12月31日,0%
`

func (x *lab) offices(t testing.TB) {
	t.Helper()
	for _, name := range []string{"太原市科学技术局", "太原市工业和信息化局", "太原市财政局"} {
		x.org(t, name, "government", "140100")
	}
}

func (x *lab) importing(t *testing.T, text string, begun, dry bool) (plan.ImportOutcome, error) {
	t.Helper()
	return x.ImportTasks(t.Context(), officer, plan.TaskImport{Ledger: x.ledger(t).ID, Begun: begun,
		DryRun: dry, Name: "台账.csv", File: strings.NewReader(text)})
}

// row is what a test compares of a task.
type row struct {
	Code, Title, Lead, Duty, Due, State string
	Level, Progress                     int64
	Goals                               string
}

func (x *lab) rows(t *testing.T) []row {
	t.Helper()
	page, err := x.ListTasks(t.Context(), officer, plan.TaskFilter{}, "code", db.PageReq{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	for _, task := range page.Items {
		detail, err := x.GetTask(t.Context(), officer, task.ID)
		if err != nil {
			t.Fatal(err)
		}
		r := row{Code: task.Code, Title: task.Title, State: task.State, Level: task.Level,
			Progress: task.ProgressBp, Due: at1(task.DueUs)}
		for _, o := range task.Owners {
			if o.Part == plan.Lead {
				r.Lead = o.Name
			} else {
				r.Duty += o.Name + " "
			}
		}
		for _, g := range detail.Goals {
			r.Goals += g.Text() + " "
		}
		out = append(out, r)
	}
	return out
}

func at1(us int64) string { return string(plan.DueDay(us)) }

// TestImport brings in a ledger in the form of offices, twice.
func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		x.offices(t)
		dry, err := x.importing(t, officeForm, true, true)
		if err != nil || dry.Problems.Total != 0 || dry.Adds != 4 || dry.Done {
			t.Fatalf("dry run: %+v %v (%v)", dry, dry.Problems.Kept, err)
		}
		if diff := cmp.Diff([]string{"技术合同成交额", "技术经纪人", "老旧小区改造"}, dry.Indicators); diff != "" {
			t.Errorf("new indicators (-want +got):\n%s", diff)
		}
		if len(x.rows(t)) != 0 {
			t.Error("a dry run imported")
		}
		out, err := x.importing(t, officeForm, true, false)
		if err != nil || out.Adds != 4 || !out.Done {
			t.Fatalf("%+v (%v)", out, err)
		}
		want := []row{
			{"2026-001", "培育技术市场", "太原市科学技术局", "太原市工业和信息化局 ", "2026-12-31", "active", 1, 3500,
				"技术合同成交额≥228 亿元 技术经纪人≥200 人 "},
			{"2026-001.1", "建设交易平台", "太原市工业和信息化局", "", "2026-10-31", "active", 2, 0, ""},
			{"2026-001.2", "培训技术经纪人", "太原市科学技术局", "太原市工业和信息化局 太原市财政局 ", "2026-11-30",
				"active", 2, 0, ""},
			{"2026-002", "改造老旧小区", "太原市财政局", "", "2026-12-31", "active", 1, 0, "老旧小区改造≥100 个 "},
		}
		if diff := cmp.Diff(want, x.rows(t)); diff != "" {
			t.Errorf("ledger (-want +got):\n%s", diff)
		}
		again, err := x.importing(t, officeForm, true, false)
		if err != nil || again.Adds != 0 || again.Skips != 4 || len(x.rows(t)) != 4 {
			t.Errorf("the second time: %+v (%v)", again, err)
		}
		// A part that is new joins the whole that is there.
		more := strings.Replace(officeForm, "\n2,改造", "\n1.3,评估市场,,,太原市财政局,,2026-11-30,\n2,改造", 1)
		again, err = x.importing(t, more, true, false)
		if err != nil || again.Adds != 1 || again.Skips != 4 {
			t.Errorf("with a part more: %+v (%v)", again, err)
		}
		if r := x.rows(t); len(r) != 5 || r[3].Code != "2026-001.3" || r[3].Title != "评估市场" {
			t.Errorf("the new part is %+v", r)
		}
	})
}

// TestRoundTrip exports a ledger and imports it into an empty city: the same tasks come out.
func TestRoundTrip(t *testing.T) {
	for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
		t.Run(string(format), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				x := newLab(t, d)
				x.offices(t)
				if _, err := x.importing(t, officeForm, true, false); err != nil {
					t.Fatal(err)
				}
				var file bytes.Buffer
				n, err := x.WriteTasks(t.Context(), officer, plan.TaskFilter{},
					plan.Export{Format: format}, &file)
				if err != nil || n != 4 {
					t.Fatalf("%d rows (%v)", n, err)
				}
				y := newLab(t, dbtest.SQLite(t))
				y.offices(t)
				out, err := y.ImportTasks(t.Context(), officer, plan.TaskImport{Ledger: y.ledger(t).ID,
					Begun: true, Name: "x." + string(format), File: &file})
				if err != nil || out.Adds != 4 {
					t.Fatalf("%+v (%v)", out, err)
				}
				if diff := cmp.Diff(x.rows(t), y.rows(t)); diff != "" {
					t.Errorf("the ledger changed on the way (-out +in):\n%s", diff)
				}
			})
		})
	}
}

// TestImportProblems names what is wrong at its cell and imports nothing.
func TestImportProblems(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		x.offices(t)
		const head = "序号,任务,指标,目标值,牵头单位,责任单位,时限,进展\n"
		for name, c := range map[string]struct {
			text  string
			begun bool
			want  []string
		}{
			"unknown units": {"1,甲,,,太原市科学技术厅,某某局,2026-12-31,", false, []string{
				"第 2 行“牵头单位”：主体库中没有“太原市科学技术厅”，是否为“太原市科学技术局”",
				"第 2 行“责任单位”：主体库中没有“某某局”"}},
			"two lead units": {"1,甲,,,太原市财政局、太原市科学技术局,,2026-12-31,", false,
				[]string{"第 2 行“牵头单位”：牵头单位只能有一个，其余请填到责任单位"}},
			"no deadline": {"1,甲,,,太原市财政局,,年底,", false,
				[]string{"第 2 行“时限”：“年底”不是日期，请写成 2026-11-22"}},
			"no value": {"1,甲,营收,很多,太原市财政局,,2026-12-31,", false,
				[]string{"第 2 行“目标值”：“很多”不是目标值，请写作 ≥228亿元"}},
			"a value too many": {"1,甲,营收,\"1亿元\n2亿元\",太原市财政局,,2026-12-31,", false,
				[]string{"第 2 行“目标值”：有 1 个指标、2 个目标值，应逐行对应"}},
			"progress of a draft": {"1,甲,,,太原市财政局,,2026-12-31,20%", false,
				[]string{"第 2 行“进展”：有进展的任务，请选择按“办理中”导入"}},
			"progress of 120 %": {"1,甲,,,太原市财政局,,2026-12-31,120%", true,
				[]string{"第 2 行“进展”：进度应在 0 与 100 之间"}},
			"a part without its whole": {"3.1,甲,,,太原市财政局,,2026-12-31,", false,
				[]string{"第 2 行“序号”：前面没有序号为 3 的任务"}},
			"twice": {"1,甲,,,太原市财政局,,2026-12-31,\n2,甲,,,太原市财政局,,2026-12-31,", false,
				[]string{"第 3 行“任务”：与第 2 行重复"}},
			"no rows": {"", false, nil},
		} {
			t.Run(name, func(t *testing.T) {
				out, err := x.importing(t, head+c.text+"\n", c.begun, true)
				if c.want == nil {
					wantKind(t, err, fault.Invalid)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, p := range out.Problems.Kept {
					got = append(got, p.Text(i18n.ZH))
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("problems (-want +got):\n%s", diff)
				}
				_, err = x.importing(t, head+c.text+"\n", c.begun, false)
				wantKind(t, err, fault.Invalid)
			})
		}
		if n := len(x.rows(t)); n != 0 {
			t.Errorf("%d tasks were imported", n)
		}
		_, err := x.ImportTasks(t.Context(), leader, plan.TaskImport{Ledger: x.ledger(t).ID, Name: "x.csv",
			File: strings.NewReader(officeForm)})
		wantKind(t, err, fault.Forbidden)
	})
}

// TestExportScope writes only what the actor may export.
func TestExportScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		x.offices(t)
		if _, err := x.importing(t, officeForm, true, false); err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		n, err := x.WriteTasks(t.Context(), staff(x.orgs["太原市财政局"]), plan.TaskFilter{},
			plan.Export{Format: sheet.CSV}, &file)
		if err != nil || n != 2 || strings.Contains(file.String(), "培育技术市场") {
			t.Errorf("%d rows (%v):\n%s", n, err, file.String())
		}
		_, err = x.WriteTasks(t.Context(), visitor, plan.TaskFilter{}, plan.Export{}, &file)
		wantKind(t, err, fault.NotFound)
	})
}

// FuzzParseGoal holds that a value that was read is written so that it reads the same.
func FuzzParseGoal(f *testing.F) {
	for _, s := range []string{"≥228亿元", "200人以上", "不少于100个", "8.5%", "1,234家", "约3万人", "≤30", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, ok := plan.ReadGoal(s)
		if !ok {
			return
		}
		again, ok := plan.ReadGoal(text)
		if !ok || again != text {
			t.Errorf("%q reads %q, which reads %q", s, text, again)
		}
	})
}
