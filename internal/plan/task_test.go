package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
)

func evidence(name string) []plan.FileInput {
	return []plan.FileInput{{Name: name, Content: strings.NewReader("验收意见：通过。")}}
}

// TestTaskLife goes the whole way of a task, with a return on it.
func TestTaskLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		bureau := staff(x.bureau(t))
		task := x.createTask(t, x.sampleTask(t))
		if task.Code != "2026-001" || task.State != plan.TaskDraft || task.Light.Colour != plan.Grey {
			t.Errorf("drafted as %s %s %s", task.Code, task.State, task.Light.Colour)
		}
		task = x.fire(t, officer, task, "establish", plan.TaskStep{})
		task = x.fire(t, bureau, task, "sign", plan.TaskStep{})
		task = x.fire(t, bureau, task, "start", plan.TaskStep{})
		task, err := x.ReportTask(ctx, bureau, plan.NewReport{Task: task.ID, ProgressBp: 6000,
			Situation: "主体完工", Problem: "缺资金", NextStep: "装修", Version: task.Version,
			Evidence: evidence("照片.txt")})
		if err != nil || task.ProgressBp != 6000 || task.Light.Colour != plan.Green {
			t.Fatalf("reported %d, %s (%v)", task.ProgressBp, task.Light.Colour, err)
		}
		apply := plan.TaskStep{Step: plan.Step{ID: task.ID, Step: "apply", Version: task.Version}}
		_, err = x.FireTask(ctx, bureau, apply)
		wantFields(t, err, "reason", "files")
		apply.Reason, apply.Files = "已完成", []string{id.New()}
		_, err = x.FireTask(ctx, bureau, apply)
		wantFields(t, err, "files") // a file of nobody
		task = x.fire(t, bureau, task, "apply", plan.TaskStep{Step: plan.Step{Reason: "已完成"},
			New: evidence("验收.txt")})
		task = x.fire(t, officer, task, "return", plan.TaskStep{Step: plan.Step{Reason: "材料不全"}})
		task = x.fire(t, bureau, task, "continue", plan.TaskStep{})
		task = x.fire(t, bureau, task, "apply", plan.TaskStep{Step: plan.Step{Reason: "已补齐"},
			New: evidence("补充.txt")})
		task = x.fire(t, officer, task, "accept", plan.TaskStep{})
		task = x.fire(t, officer, task, "pass", plan.TaskStep{})
		if task.ProgressBp != 10_000 || task.DoneUs == 0 || task.Light.Colour != plan.Blue {
			t.Errorf("done at %d %%, light %s", task.ProgressBp/100, task.Light.Colour)
		}
		detail, err := x.GetTask(ctx, bureau, task.ID)
		if err != nil {
			t.Fatal(err)
		}
		var steps []string
		for _, e := range detail.History {
			steps = append(steps, e.Name)
		}
		want := []string{"pass", "accept", "apply", "continue", "return", "apply", "start", "sign",
			"establish", ""}
		if diff := cmp.Diff(want, steps); diff != "" {
			t.Errorf("history (-want +got):\n%s", diff)
		}
		if len(detail.Reports) != 1 || detail.Reports[0].OrgName != "太原市科学技术局" ||
			len(detail.Files) != 3 || len(detail.Running) != 0 {
			t.Errorf("%d reports, %d files, %d clocks", len(detail.Reports), len(detail.Files),
				len(detail.Running))
		}
		_, err = x.ReportTask(ctx, bureau, plan.NewReport{Task: task.ID, Situation: "x",
			Version: task.Version})
		wantKind(t, err, fault.Conflict)
	})
}

// TestFirstReport starts a signed task by the first report of its lead unit.
func TestFirstReport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		in := x.sampleTask(t)
		helper := x.org(t, "太原市财政局", "government", "140100")
		in.Duty = []string{helper}
		task := x.createTask(t, in)
		report := plan.NewReport{Task: task.ID, ProgressBp: 500, Situation: "已进场",
			Version: task.Version}
		_, err := x.ReportTask(ctx, staff(in.Lead), report)
		wantKind(t, err, fault.Conflict) // a draft
		task = x.fire(t, officer, task, "establish", plan.TaskStep{})
		task = x.fire(t, staff(in.Lead), task, "sign", plan.TaskStep{})
		report.Version = task.Version
		_, err = x.ReportTask(ctx, staff(helper), report)
		wantKind(t, err, fault.Forbidden)
		task, err = x.ReportTask(ctx, staff(in.Lead), report)
		if err != nil || task.State != plan.TaskActive || task.ProgressBp != 500 {
			t.Fatalf("%s at %d (%v)", task.State, task.ProgressBp, err)
		}
		report.Version, report.ProgressBp = task.Version, 1000
		if _, err = x.ReportTask(ctx, staff(helper), report); err != nil {
			t.Error(err)
		}
		report.ProgressBp, report.Situation = 10_001, ""
		_, err = x.ReportTask(ctx, staff(in.Lead), report)
		wantFields(t, err, "progressBp", "situation")
	})
}

// TestAppliedByOfficer tries that who applied in the place of a unit does not verify it.
func TestAppliedByOfficer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		task := x.createTask(t, x.sampleTask(t))
		for _, step := range []string{"establish", "sign", "start"} {
			task = x.fire(t, officer, task, step, plan.TaskStep{})
		}
		task = x.fire(t, officer, task, "apply", plan.TaskStep{Step: plan.Step{Reason: "代为申请"},
			New: evidence("a.txt")})
		accept := plan.TaskStep{Step: plan.Step{ID: task.ID, Step: "accept", Version: task.Version}}
		_, err := x.FireTask(t.Context(), officer, accept)
		wantKind(t, err, fault.Forbidden)
		if _, err := x.FireTask(t.Context(), second, accept); err != nil {
			t.Error(err)
		}
	})
}

// running returns the deadline and the owner of a clock that runs, and whether it does.
func (x *lab) running(t *testing.T, taskID, name string) (process.Run, bool) {
	t.Helper()
	detail, err := x.GetTask(t.Context(), officer, taskID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range detail.Running {
		if r.Clock == name {
			return r, true
		}
	}
	return process.Run{}, false
}

// TestClocks follows the limits of a task: two working days to sign for it, its own deadline, and
// what extension, amendment and suspension do to them.
func TestClocks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		bureau := staff(x.bureau(t))
		in := x.sampleTask(t)
		in.Supervisor = "acc-second"
		in.DueUs = clock.Us(at("2026-12-11 18:00"))
		task := x.createTask(t, in)
		task = x.fire(t, officer, task, "establish", plan.TaskStep{}) // Friday, 20 November
		sign, ok := x.running(t, task.ID, "sign")
		if want := plan.EndOfDay("2026-11-24"); !ok || sign.DueUs != want {
			t.Errorf("sign by %s", clock.Time(sign.DueUs).In(clock.Shanghai))
		}
		want := process.Owner{Role: authz.Department, Org: bureau.Org}
		if diff := cmp.Diff(want, sign.Owner); diff != "" {
			t.Errorf("who signs (-want +got):\n%s", diff)
		}
		x.clock.Set(at("2026-11-25 00:01"))
		n, err := process.Sweep(ctx, x.unit, reader, []process.Described{plan.TaskProcess})
		if err != nil || n != 1 {
			t.Fatalf("%d clocks were handed up (%v)", n, err)
		}
		sign, _ = x.running(t, task.ID, "sign")
		if diff := cmp.Diff(process.Owner{Account: "acc-second"}, sign.Owner); diff != "" {
			t.Errorf("who answers for the late one (-want +got):\n%s", diff)
		}
		detail, err := x.GetTask(ctx, officer, task.ID)
		if err != nil {
			t.Fatal(err)
		}
		task = detail.Task
		task = x.fire(t, bureau, task, "sign", plan.TaskStep{})
		task = x.fire(t, bureau, task, "start", plan.TaskStep{})
		finish, ok := x.running(t, task.ID, "finish")
		if !ok || finish.DueUs != in.DueUs || !finish.Exact {
			t.Errorf("finish by %s", clock.Time(finish.DueUs).In(clock.Shanghai))
		}
		x.moveDeadline(t, bureau, task)
	})
}

// reader is who sweeps.
var reader = authz.Actor{Login: "system", Via: authz.ViaJob}

func (x *lab) moveDeadline(t *testing.T, bureau authz.Actor, task plan.Task) {
	t.Helper()
	ctx := t.Context()
	ask := plan.TaskStep{Step: plan.Step{ID: task.ID, Step: plan.StepAskExtension, Reason: "天气",
		Version: task.Version}, DueUs: task.DueUs}
	_, err := x.FireTask(ctx, bureau, ask)
	wantFields(t, err, "dueUs") // not later
	task = x.fire(t, bureau, task, plan.StepAskExtension, plan.TaskStep{
		Step: plan.Step{Reason: "天气"}, DueUs: clock.Us(at("2026-12-20 12:00"))})
	if _, ok := x.running(t, task.ID, "answer"); !ok {
		t.Error("nobody has to answer the application")
	}
	task = x.fire(t, officer, task, "refuse_extension", plan.TaskStep{Step: plan.Step{Reason: "不"}})
	if task.DueUs != clock.Us(at("2026-12-11 18:00")) || task.AskedDueUs != 0 {
		t.Errorf("refused, it is due %d and asks for %d", task.DueUs, task.AskedDueUs)
	}
	task = x.fire(t, bureau, task, plan.StepAskExtension, plan.TaskStep{
		Step: plan.Step{Reason: "天气"}, DueUs: clock.Us(at("2026-12-20 12:00"))})
	task = x.fire(t, officer, task, "grant_extension", plan.TaskStep{})
	finish, _ := x.running(t, task.ID, "finish")
	if want := clock.Us(at("2026-12-20 12:00")); task.DueUs != want || finish.DueUs != want {
		t.Errorf("granted, it is due %d and its clock %d, want %d", task.DueUs, finish.DueUs, want)
	}
	in := plan.TaskUpdate{ID: task.ID, TaskData: task.TaskData, Reason: "会议决定",
		Version: task.Version}
	in.DueUs = clock.Us(at("2026-12-15 18:00"))
	task, err = x.UpdateTask(ctx, officer, in)
	if err != nil {
		t.Fatal(err)
	}
	if finish, _ = x.running(t, task.ID, "finish"); finish.DueUs != in.DueUs {
		t.Errorf("amended, its clock is due %d, want %d", finish.DueUs, in.DueUs)
	}
	task = x.fire(t, officer, task, "suspend", plan.TaskStep{Step: plan.Step{Reason: "停工"}})
	x.clock.Set(at("2026-12-16 09:00"))
	if n, err := process.Sweep(ctx, x.unit, reader, []process.Described{plan.TaskProcess}); err != nil ||
		n != 0 {
		t.Errorf("%d clocks of a suspended task were handed up (%v)", n, err)
	}
	task = x.fire(t, officer, task, "resume_active", plan.TaskStep{})
	if task.State != plan.TaskActive {
		t.Errorf("resumed as %s", task.State)
	}
	if n, err := process.Sweep(ctx, x.unit, reader, []process.Described{plan.TaskProcess}); err != nil ||
		n != 1 {
		t.Errorf("%d clocks were handed up, want the deadline that has passed (%v)", n, err)
	}
}

// TestAmend tries what may change when.
func TestAmend(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		other := x.org(t, "太原市发展和改革委员会", "government", "140100")
		task := x.createTask(t, x.sampleTask(t))
		in := plan.TaskUpdate{ID: task.ID, TaskData: task.TaskData, Version: task.Version}
		in.Title = "建设晋创谷"
		task, err := x.UpdateTask(ctx, officer, in) // a draft needs no reason
		if err != nil || task.Title != "建设晋创谷" {
			t.Fatal(err)
		}
		task = x.fire(t, officer, task, "establish", plan.TaskStep{})
		in.Version, in.TaskData = task.Version, task.TaskData
		in.Duty = []string{other}
		_, err = x.UpdateTask(ctx, officer, in)
		wantFields(t, err, "reason")
		in.Reason = "增加责任单位"
		task, err = x.UpdateTask(ctx, officer, in)
		if err != nil || len(task.Of(plan.Duty)) != 1 || task.State != plan.TaskEstablished {
			t.Fatalf("%+v (%v)", task.Owners, err)
		}
		task = x.fire(t, staff(task.Lead), task, "sign", plan.TaskStep{})
		in.Version, in.TaskData = task.Version, task.TaskData
		in.Lead, in.Duty = other, nil
		task, err = x.UpdateTask(ctx, officer, in) // another lead unit signs anew
		if err != nil || task.State != plan.TaskEstablished || task.Lead != other {
			t.Fatalf("%s, led by %s (%v)", task.State, task.Lead, err)
		}
		_, err = x.GetTask(ctx, staff(x.bureau(t)), task.ID)
		wantKind(t, err, fault.NotFound) // it has no part in it any more
		if _, err := x.GetTask(ctx, staff(other), task.ID); err != nil {
			t.Error(err)
		}
		in.Version = 1
		_, err = x.UpdateTask(ctx, officer, in)
		wantKind(t, err, fault.Conflict)
		in.Reason = strings.Repeat("字", 2001)
		_, err = x.UpdateTask(ctx, officer, in)
		wantFields(t, err, "reason")
	})
}

// TestTaskInput sends what is wrong and expects words at the fields.
func TestTaskInput(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		good := x.sampleTask(t)
		stone := func(day clock.Date, weight int64) plan.Milestone {
			return plan.Milestone{Name: "节点", Day: day, WeightBp: weight}
		}
		for name, c := range map[string]struct {
			change func(*plan.NewTask)
			fields []string
		}{
			"nothing":      {func(n *plan.NewTask) { *n = plan.NewTask{} }, []string{"title", "region"}},
			"no ledger":    {func(n *plan.NewTask) { n.Ledger = "x" }, []string{"ledger"}},
			"no unit":      {func(n *plan.NewTask) { n.Lead = "x" }, []string{"lead"}},
			"a unit twice": {func(n *plan.NewTask) { n.Assist = []string{n.Lead} }, []string{"assist"}},
			"weights of 99": {func(n *plan.NewTask) {
				n.Milestones = []plan.Milestone{stone("2026-11-30", 5000), stone("2026-12-30", 4900)}
			}, []string{"milestones"}},
			"a weight of nought": {func(n *plan.NewTask) {
				n.Milestones = []plan.Milestone{stone("2026-11-30", 0), stone("2026-12-30", 10_000)}
			}, []string{"milestones.0.weightBp"}},
			"a milestone too late": {func(n *plan.NewTask) {
				n.Milestones = []plan.Milestone{stone("2027-01-01", 10_000)}
			}, []string{"milestones.0.day"}},
			"a deadline before the start": {func(n *plan.NewTask) { n.DueUs = day("2026-10-31") },
				[]string{"dueUs"}},
			"no such parent": {func(n *plan.NewTask) { n.Parent = "x" }, []string{"parent"}},
			"no such target": {func(n *plan.NewTask) { n.Targets = []string{"x"} }, []string{"targets"}},
			"no such source": {func(n *plan.NewTask) { n.Statements = []string{"x"} },
				[]string{"statements"}},
			"cadence": {func(n *plan.NewTask) { n.Cadence = "daily" }, []string{"cadence"}},
		} {
			t.Run(name, func(t *testing.T) {
				bad := good
				c.change(&bad)
				_, err := x.CreateTask(ctx, officer, bad)
				wantFields(t, err, c.fields...)
			})
		}
		page, err := x.ListTasks(ctx, officer, plan.TaskFilter{}, "", db.PageReq{})
		if err != nil || len(page.Items) != 0 {
			t.Errorf("%d tasks were made (%v)", len(page.Items), err)
		}
		first := x.createTask(t, good)
		if first.Code != "2026-001" {
			t.Errorf("refused tasks took numbers: %s", first.Code)
		}
	})
}

// TestLargestTask stores a task at all its limits, and changes it: the trail must hold both.
func TestLargestTask(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		in := x.sampleTask(t)
		in.Title, in.Content = strings.Repeat("题", 200), strings.Repeat("文", 2000)
		in.Leader, in.Person, in.Contact = strings.Repeat("甲", 200), strings.Repeat("乙", 200),
			strings.Repeat("丙", 200)
		for i := range 30 {
			weight := int64(333)
			if i == 0 {
				weight = 10_000 - 29*333
			}
			in.Milestones = append(in.Milestones, plan.Milestone{Name: strings.Repeat("节", 60),
				Deliverable: strings.Repeat("果", 100), Day: "2026-12-01", WeightBp: weight})
		}
		task := x.createTask(t, in)
		change := plan.TaskUpdate{ID: task.ID, TaskData: task.TaskData, Version: task.Version}
		change.Content = strings.Repeat("改", 2000)
		if _, err := x.UpdateTask(ctx, officer, change); err != nil {
			t.Error(err)
		}
	})
}

// TestLevels breaks a task down as far as it goes.
func TestLevels(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		in := x.sampleTask(t)
		whole := x.createTask(t, in)
		in.Ledger, in.Parent, in.Title = "", whole.ID, "一期"
		part := x.createTask(t, in)
		in.Parent, in.Title = part.ID, "一期设计"
		leaf := x.createTask(t, in)
		in.Title = "一期施工"
		if next := x.createTask(t, in); next.Code != "2026-001.1.2" {
			t.Errorf("the second leaf is %s", next.Code)
		}
		if part.Code != "2026-001.1" || leaf.Code != "2026-001.1.1" || leaf.Level != 3 ||
			leaf.Ledger != whole.Ledger {
			t.Errorf("%s, %s at level %d", part.Code, leaf.Code, leaf.Level)
		}
		in.Parent = leaf.ID
		_, err := x.CreateTask(ctx, officer, in)
		wantFields(t, err, "parent")
		for _, step := range []string{"establish", "sign", "start"} {
			part = x.fire(t, officer, part, step, plan.TaskStep{})
		}
		apply := plan.TaskStep{Step: plan.Step{ID: part.ID, Step: "apply", Reason: "完成",
			Version: part.Version}, New: evidence("a.txt")}
		_, err = x.FireTask(ctx, officer, apply)
		wantKind(t, err, fault.Conflict) // its parts are open
		detail, err := x.GetTask(ctx, officer, part.ID)
		if err != nil || len(detail.Parts) != 2 || detail.Whole == nil || detail.Whole.ID != whole.ID {
			t.Errorf("%d parts of %v (%v)", len(detail.Parts), detail.Whole, err)
		}
	})
}

// TestListTasks filters, counts and pages, as different people.
func TestListTasks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		other := x.org(t, "太原市工业和信息化局", "government", "140100")
		var all []plan.Task
		for i, title := range []string{"技术市场建设", "轨道交通二号线", "老旧小区改造", "技术经纪人培养"} {
			in := x.sampleTask(t)
			in.Title = title
			if i%2 == 1 {
				in.Lead, in.Assist = other, []string{x.bureau(t)}
			}
			if i == 0 { // an office of a district takes part in a task of the city
				in.Assist = append(in.Assist, x.org(t, "杏花岭区科学技术局", "government", "140107"))
			}
			if i == 3 { // a firm of the district is no office of it
				in.Assist = append(in.Assist, x.org(t, "杏花岭机械厂", "enterprise", "140107"))
			}
			if i == 2 {
				in.Region, in.DueUs = "140105", clock.Us(at("2026-11-25 18:00"))
			}
			task := x.createTask(t, in)
			if i < 3 {
				task = x.fire(t, officer, task, "establish", plan.TaskStep{})
			}
			all = append(all, task)
		}
		x.clock.Set(at("2026-12-01 10:00"))
		if n, err := x.Relight(ctx, reader); err != nil || n != 3 {
			t.Errorf("%d lights were computed (%v)", n, err)
		}
		district := authz.Actor{Account: "d", Role: authz.District, Region: "140105",
			Via: authz.ViaSession}
		for name, c := range map[string]struct {
			by   authz.Actor
			f    plan.TaskFilter
			want string // positions
		}{
			"officer":  {officer, plan.TaskFilter{}, "0123"},
			"visitor":  {visitor, plan.TaskFilter{}, ""},
			"district": {district, plan.TaskFilter{}, "2"},
			"its offices": {authz.Actor{Account: "e", Role: authz.District, Region: "140107",
				Via: authz.ViaSession}, plan.TaskFilter{}, "0"},
			"bureau":           {staff(x.bureau(t)), plan.TaskFilter{}, "0123"},
			"other unit":       {staff(other), plan.TaskFilter{}, "13"},
			"words":            {officer, plan.TaskFilter{Query: "技术"}, "03"},
			"code":             {officer, plan.TaskFilter{Query: "2026-002"}, "1"},
			"a single letter":  {officer, plan.TaskFilter{Query: "号"}, "1"},
			"only marks":       {officer, plan.TaskFilter{Query: "%"}, ""},
			"unit":             {officer, plan.TaskFilter{Org: other}, "13"},
			"unit as helper":   {officer, plan.TaskFilter{Org: x.bureau(t), Part: plan.Assist}, "13"},
			"state":            {officer, plan.TaskFilter{State: plan.TaskDraft}, "3"},
			"overdue":          {officer, plan.TaskFilter{Overdue: true}, "2"},
			"red":              {officer, plan.TaskFilter{Light: "red"}, "012"},
			"due until":        {officer, plan.TaskFilter{To: "2026-11-30"}, "2"},
			"due from":         {officer, plan.TaskFilter{From: "2026-12-01"}, "013"},
			"not a day":        {officer, plan.TaskFilter{To: "soon"}, ""},
			"place":            {officer, plan.TaskFilter{Region: "140105"}, "2"},
			"ledger of others": {officer, plan.TaskFilter{Ledger: "x"}, ""},
		} {
			page, err := x.ListTasks(ctx, c.by, c.f, "code", db.PageReq{})
			got := ""
			for _, task := range page.Items {
				for i := range all {
					if all[i].ID == task.ID {
						got += string(rune('0' + i))
					}
				}
			}
			counts, cerr := x.CountTasks(ctx, c.by, c.f)
			if got != c.want || err != nil || cerr != nil || counts.All != int64(len(c.want)) {
				t.Errorf("%s: lists %q and counts %d, want %q (%v, %v)", name, got, counts.All, c.want,
					err, cerr)
			}
		}
		mine, err := x.MyTasks(ctx, staff(other), plan.TaskFilter{}, "due", db.PageReq{Limit: 1})
		if err != nil || len(mine.Items) != 1 || mine.Next == "" {
			t.Errorf("my first page has %d (%v)", len(mine.Items), err)
		}
		board, err := x.Board(ctx, officer, plan.TaskFilter{})
		if err != nil || len(board) != 2 || board[0].Count != 1 || board[1].Count != 3 ||
			len(board[1].Tasks) != 3 || board[1].Tasks[0].ID != all[2].ID {
			t.Errorf("board %+v (%v)", board, err)
		}
	})
}

// TestInstruct lets leaders write on tasks and nobody else.
func TestInstruct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		task := x.createTask(t, x.sampleTask(t))
		in := plan.NewInstruction{Task: task.ID, Text: " 抓紧办理。\r\n月底前报。"}
		for _, by := range []authz.Actor{officer, staff(x.bureau(t)), visitor} {
			if _, err := x.Instruct(ctx, by, in); !fault.Is(err, fault.Forbidden) &&
				!fault.Is(err, fault.NotFound) {
				t.Errorf("%s instructed: %v", by.Role, err)
			}
		}
		if _, err := x.Instruct(ctx, leader, in); err != nil {
			t.Fatal(err)
		}
		_, err := x.Instruct(ctx, leader, plan.NewInstruction{Task: task.ID})
		wantFields(t, err, "text")
		detail, err := x.GetTask(ctx, staff(x.bureau(t)), task.ID)
		if err != nil || len(detail.Instructions) != 1 ||
			detail.Instructions[0].Text != "抓紧办理。\n月底前报。" {
			t.Errorf("instructions %+v (%v)", detail.Instructions, err)
		}
	})
}

// TestSimilarTasks finds tasks called nearly the same.
func TestSimilarTasks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		in := x.sampleTask(t)
		in.Title = "推进轨道交通二号线建设"
		task := x.createTask(t, in)
		in.Title = "开展老旧小区改造"
		x.createTask(t, in)
		list, err := x.SimilarTasks(ctx, officer, "加快轨道交通二号线建设")
		if err != nil || len(list) != 1 || list[0].Task.ID != task.ID || list[0].Percent < 70 {
			t.Errorf("similar %+v (%v)", list, err)
		}
		if list, err := x.SimilarTasks(ctx, visitor, in.Title); err != nil || len(list) != 0 {
			t.Errorf("a visitor sees %d (%v)", len(list), err)
		}
	})
}
