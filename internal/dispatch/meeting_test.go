package dispatch_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/doctext"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/measure/measuretest"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// origins are the origins of items with their titles, in order.
func origins(d dispatch.MeetingDetail) string {
	var out []string
	for _, x := range d.Items {
		out = append(out, x.Origin+":"+x.Title)
	}
	return strings.Join(out, " ")
}

// settle lets the room follow what happened elsewhere.
func (x *lab) settle() {
	x.t.Helper()
	if x.feed == nil {
		x.feed = outbox.NewDispatcher(x.db, x.clock, outbox.Options{}, x.Follower())
	}
	if err := x.feed.CatchUp(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
}

// TestLoop walks from a red light to the meeting after the next.
func TestLoop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		ctx := t.Context()
		red := x.task("推进技术交易平台升级", x.industry, "2026-01-01", "2026-12-31 18:00")
		if red.Light.Colour != plan.Red {
			t.Fatalf("light %s", red.Light.Colour)
		}
		x.task("未到时间的任务", x.industry, "2027-01-01", "2027-12-31 18:00")
		ask := x.task("申请延期的任务", x.office, "2026-11-01", "2026-12-20 18:00")
		ask, err := x.plan.FireTask(ctx, staff(x.office, authz.District), plan.TaskStep{Step: plan.Step{ID: ask.ID,
			Step: plan.StepAskExtension, Reason: "设备晚到", Version: ask.Version}, DueUs: at("2027-03-31 18:00")})
		if err != nil {
			t.Fatal(err)
		}
		s := x.series()
		m := x.meet(s, "2026-12-10 09:00", "2026-12-10 11:00")
		if m.Title != "科技创新重点工作调度会第1次会议" || m.Number != 1 || m.State != dispatch.Preparing {
			t.Errorf("meeting %q number %d %s", m.Title, m.Number, m.State)
		}
		if got := origins(x.detail(officer, m.ID)); got != "extension:申请延期的任务 red:推进技术交易平台升级" {
			t.Errorf("agenda %q", got)
		}
		m = x.hold(m)
		next := x.decideAll(m, ask, red)
		m = x.conclude(m)

		// The next meeting sees what became of each.
		second := x.meet(s, "2027-01-10 09:00", "2027-01-10 11:00")
		if second.Previous != m.ID {
			t.Error("the second meeting does not follow the first")
		}
		found, err := x.FollowUps(ctx, officer, second.ID)
		if err != nil || len(found) != 5 {
			t.Fatalf("%d decisions, %v", len(found), err)
		}
		for _, u := range found {
			if u.Done != (u.Kind == dispatch.KindNote) || (u.Task != nil) != (u.TaskID != "") {
				t.Errorf("%s: done %v, task %v", u.Text, u.Done, u.Task)
			}
		}
		if got := origins(x.detail(officer, second.ID)); !strings.Contains(got, "red:推进技术交易平台升级") ||
			!strings.Contains(got, "decision:"+next.Title) || !strings.Contains(got, "decision:按月报送") {
			t.Errorf("second agenda %q", got)
		}
		x.carriedOut(second, next, found)
	})
}

// hold announces and holds a meeting, and checks who sees it when.
func (x *lab) hold(m dispatch.Meeting) dispatch.Meeting {
	x.t.Helper()
	t, ctx := x.t, x.t.Context()
	member := staff(x.industry, authz.Department)
	_, err := x.GetMeeting(ctx, member, m.ID)
	wantKind(t, err, fault.NotFound)
	m = x.fire(m, officer, dispatch.StepNotify)
	x.detail(member, m.ID)
	x.detail(district, m.ID)
	_, err = x.GetMeeting(ctx, staff(x.bureau, authz.Department), m.ID)
	wantKind(t, err, fault.NotFound)
	_, err = x.GetMeeting(ctx, visitor, m.ID)
	wantKind(t, err, fault.NotFound)
	_, err = x.FireMeeting(ctx, member, dispatch.Step{ID: m.ID, Step: dispatch.StepHold, Version: m.Version})
	wantKind(t, err, fault.Forbidden)

	d := x.detail(officer, m.ID)
	ref := dispatch.ItemRef{Meeting: m.ID, ID: d.Items[1].ID, Version: d.Version}
	if _, err := x.MoveItem(ctx, officer, dispatch.ItemMove{ItemRef: ref, To: 1}); err != nil {
		t.Fatal(err)
	}
	_, err = x.MoveItem(ctx, officer, dispatch.ItemMove{ItemRef: ref, To: 1})
	wantKind(t, err, fault.Conflict) // the meeting is another one now
	d = x.detail(officer, m.ID)
	if !strings.HasPrefix(origins(d), "red:") {
		t.Errorf("moved: %s", origins(d))
	}
	more, err := x.AddItem(ctx, officer, dispatch.NewItem{Meeting: m.ID, Version: d.Version,
		ItemData: dispatch.ItemData{Title: "通报经费安排", Org: x.bureau, Minutes: 10}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.AddItem(ctx, officer, dispatch.NewItem{Meeting: m.ID, Version: d.Version + 1,
		ItemData: dispatch.ItemData{Org: "nobody", Minutes: 999}})
	wantFields(t, err, "title", "minutes", "org")
	drop := dispatch.ItemDrop{ItemRef: dispatch.ItemRef{Meeting: m.ID, ID: more.ID, Version: d.Version + 1}}
	_, err = x.DropItem(ctx, officer, drop)
	wantFields(t, err, "reason")
	drop.Reason = "材料未备齐"
	if _, err := x.DropItem(ctx, officer, drop); err != nil {
		t.Fatal(err)
	}
	if n := len(x.detail(member, m.ID).Items); n != 2 {
		t.Errorf("a member sees %d items", n)
	}
	d = x.detail(officer, m.ID)
	got, err := x.ProposeAgenda(ctx, officer, m.ID, d.Version)
	if err != nil || got.Added != 0 || len(x.detail(officer, m.ID).Items) != 3 {
		t.Errorf("proposed again: %d %v", got.Added, err)
	}
	x.later("2026-12-10 11:30")
	return x.fire(got.Meeting, officer, dispatch.StepHold)
}

// decideAll records a decision of each kind and returns the task that one of them made.
func (x *lab) decideAll(m dispatch.Meeting, ask, red plan.Task) plan.Task {
	x.t.Helper()
	t, ctx := x.t, x.t.Context()
	d := x.detail(officer, m.ID)
	about, late := d.Items[0].ID, d.Items[1].ID
	version := d.Version
	decide := func(in dispatch.NewDecision) dispatch.Decision {
		t.Helper()
		in.Meeting, in.Version = m.ID, version
		out, err := x.AddDecision(ctx, officer, in)
		if err != nil {
			t.Fatal(err)
		}
		version++
		return out
	}
	_, err := x.AddDecision(ctx, officer, dispatch.NewDecision{Meeting: m.ID, Version: version,
		DecisionData: dispatch.DecisionData{Item: about, Kind: dispatch.KindTask}})
	wantFields(t, err, "text", "dueUs", "org")
	_, err = x.AddDecision(ctx, officer, dispatch.NewDecision{Meeting: m.ID, Version: version,
		DecisionData: dispatch.DecisionData{Item: about, Kind: dispatch.KindTask, Text: "立项", Org: x.office,
			DueUs: at("2020-01-01 18:00")}})
	wantFields(t, err, "dueUs")
	before, err := x.plan.CountTasks(ctx, officer, plan.TaskFilter{})
	if err != nil || before.All != 3 {
		t.Fatalf("a refused decision left %d tasks, %v", before.All, err)
	}
	made := decide(dispatch.NewDecision{Title: "制定平台提速方案", DecisionData: dispatch.DecisionData{Item: about,
		Kind: dispatch.KindTask, Text: "由市工信局牵头制定平台提速方案。", Org: x.industry, DueUs: at("2027-01-31 18:00")}})
	task, err := x.plan.GetTask(ctx, officer, made.TaskID)
	if err != nil || task.State != plan.TaskEstablished || task.Title != "制定平台提速方案" ||
		task.Lead != x.industry || task.DueUs != at("2027-01-31 18:00") || task.Leader != "王副市长" {
		t.Fatalf("task %+v, %v", task.Task, err)
	}
	_, err = x.AddDecision(ctx, officer, dispatch.NewDecision{Meeting: m.ID, Version: version,
		DecisionData: dispatch.DecisionData{Item: late, Kind: dispatch.KindDeadline, Text: "同意延期",
			DueUs: at("2027-06-30 18:00")}})
	wantFields(t, err, "dueUs") // it asked for another one
	decide(dispatch.NewDecision{DecisionData: dispatch.DecisionData{Item: late, Kind: dispatch.KindDeadline,
		Text: "同意延期", DueUs: ask.AskedDueUs}})
	if ask, err := x.plan.GetTask(ctx, officer, ask.ID); err != nil || ask.DueUs != at("2027-03-31 18:00") ||
		ask.State != plan.TaskActive {
		t.Errorf("granted: %v %s %v", ask.DueUs, ask.State, err)
	}
	decide(dispatch.NewDecision{DecisionData: dispatch.DecisionData{Item: about, Kind: dispatch.KindInstruction,
		Text: "按月报送", Org: x.industry}})
	gone := decide(dispatch.NewDecision{DecisionData: dispatch.DecisionData{Item: late, Kind: dispatch.KindNote,
		Text: "写错的一条"}})
	if err := x.RemoveDecision(ctx, officer, dispatch.DecisionRef{ID: gone.ID, Version: gone.Version}); err != nil {
		t.Fatal(err)
	}
	version++
	wantKind(t, x.RemoveDecision(ctx, officer, dispatch.DecisionRef{ID: made.ID, Version: made.Version}),
		fault.Conflict)
	decide(dispatch.NewDecision{DecisionData: dispatch.DecisionData{Item: late, Kind: dispatch.KindNote,
		Text: "会议通报了进展"}})
	// A deadline of a task that asks for nothing is changed.
	moved := decide(dispatch.NewDecision{DecisionData: dispatch.DecisionData{Item: about,
		Kind: dispatch.KindDeadline, Text: "延至春节前", DueUs: at("2027-02-05 18:00")}})
	if got, err := x.plan.GetTask(ctx, officer, red.ID); err != nil || got.DueUs != at("2027-02-05 18:00") ||
		moved.Org != x.industry {
		t.Errorf("moved: %v %v %q", got.DueUs, err, moved.Org)
	}
	return task.Task
}

// conclude writes, signs and issues the minutes.
func (x *lab) conclude(m dispatch.Meeting) dispatch.Meeting {
	x.t.Helper()
	t, ctx := x.t, x.t.Context()
	member := staff(x.industry, authz.Department)
	d := x.detail(officer, m.ID)
	_, err := x.FireMeeting(ctx, officer, dispatch.Step{ID: m.ID, Step: dispatch.StepDraft, Version: d.Version})
	wantKind(t, err, fault.Conflict) // nothing was written
	m, err = x.WriteMinutes(ctx, officer, dispatch.Minutes{ID: m.ID, Version: d.Version,
		Text: "12月10日，王副市长主持召开调度会。", Attendance: "应到 2 家，实到 2 家。"})
	if err != nil {
		t.Fatal(err)
	}
	if y := x.detail(member, m.ID); y.Minutes != "" || len(y.Decisions) != 0 {
		t.Error("a member sees minutes that are not issued")
	}
	_, err = x.MinutesPaper(ctx, member, m.ID)
	wantKind(t, err, fault.NotFound)
	m = x.fire(m, officer, dispatch.StepDraft)
	_, err = x.FireMeeting(ctx, officer, dispatch.Step{ID: m.ID, Step: dispatch.StepIssue, Version: m.Version})
	wantKind(t, err, fault.Forbidden)
	m = x.fire(m, leader, dispatch.StepReturn)
	m = x.fire(x.fire(m, officer, dispatch.StepDraft), leader, dispatch.StepIssue)
	if m.MinutesNo != "并调纪〔2026〕1号" || m.Signer != "leader" {
		t.Errorf("minutes %q signed by %q", m.MinutesNo, m.Signer)
	}
	if y := x.detail(member, m.ID); y.Minutes == "" || len(y.Decisions) != 5 {
		t.Errorf("a member sees %d decisions", len(y.Decisions))
	}
	paper, err := x.MinutesPaper(ctx, member, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	readBack(t, paper, "并调纪〔2026〕1号", "科技创新重点工作调度会第1次会议纪要", "应到 2 家", "一、推进技术交易平台升级",
		"（一）由市工信局牵头制定平台提速方案。", "时限：2027-01-31 18:00", "二、申请延期的任务", "太原市科学技术局", "2026年12月10日")
	return m
}

// readBack writes a paper as a Word file and finds texts in it, in this order.
func readBack(t *testing.T, d docx.Document, texts ...string) {
	t.Helper()
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	got, err := doctext.Extract(t.Context(), "x.docx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	rest := got.Text
	for _, want := range texts {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Fatalf("%q is not in its place in\n%s", want, got.Text)
		}
		rest = after
	}
}

// carriedOut finishes what was decided and looks again.
func (x *lab) carriedOut(second dispatch.Meeting, task plan.Task, before []dispatch.FollowUp) {
	x.t.Helper()
	t, ctx := x.t, x.t.Context()
	paper, err := x.PackPaper(ctx, officer, second.ID)
	if err != nil {
		t.Fatal(err)
	}
	readBack(t, paper, "会议材料", "一、议程", "二、前次决议落实情况", "0%", "三、议题材料", "（一）", "列入原因")
	x.linked(paper)
	for _, u := range before {
		if u.Kind != dispatch.KindInstruction {
			continue
		}
		in := dispatch.Settlement{DecisionRef: dispatch.DecisionRef{ID: u.ID, Version: u.Version}}
		_, err := x.SettleDecision(ctx, officer, in)
		wantFields(t, err, "note")
		in.Note = "已按月报送"
		if _, err := x.SettleDecision(ctx, officer, in); err != nil {
			t.Fatal(err)
		}
	}
	r, err := measure.NewRegistry(x.db, x.clock, x.Measures()...)
	if err != nil {
		t.Fatal(err)
	}
	x.settle()
	if n := measuretest.Proves(t, r, officer, "dispatch.decisions", nil); n != 5 {
		t.Errorf("%d decisions", n)
	}
	open := measuretest.Proves(t, r, officer, "dispatch.decisions.open", nil)
	// Ending the task settles its decision.
	got, err := x.plan.GetTask(ctx, officer, task.ID)
	if err != nil {
		t.Fatal(err)
	}
	x.move(got.Task, officer, "terminate")
	x.settle()
	if n := measuretest.Proves(t, r, officer, "dispatch.decisions.open", nil); n != open-1 {
		t.Errorf("%d open decisions after %d", n, open)
	}
	// What follows can be made anew.
	if err := x.feed.Rebuild(ctx, "dispatch.follow"); err != nil {
		t.Fatal(err)
	}
	x.settle()
	if n := measuretest.Proves(t, r, officer, "dispatch.decisions.open", nil); n != open-1 {
		t.Errorf("%d open decisions when made anew", n)
	}
	list, err := x.ListDecisions(ctx, officer, dispatch.DecisionFilter{Task: task.ID}, db.PageReq{})
	if err != nil || len(list.Items) != 1 || !list.Items[0].Done {
		t.Errorf("the decision of the ended task: %+v %v", list.Items, err)
	}
	var b bytes.Buffer
	n, err := x.WriteDecisions(ctx, officer, dispatch.DecisionFilter{}, dispatch.Export{Format: sheet.CSV}, &b)
	if err != nil || n != 5 || !strings.Contains(b.String(), task.Code) {
		t.Errorf("%d rows, %v\n%s", n, err, b.String())
	}
	b.Reset()
	n, err = x.WriteAgenda(ctx, officer, second.ID, dispatch.Export{Format: sheet.XLSX}, &b)
	if err != nil || n == 0 {
		t.Errorf("%d rows of the agenda, %v", n, err)
	}
}

// linked fails unless every number of a pack that comes from records has a link: those in tables, and
// percentages.
func (x *lab) linked(d docx.Document) {
	x.t.Helper()
	for _, b := range d.Blocks {
		for _, r := range b.Runs {
			if strings.Contains(r.Text, "%") && r.Href == "" && !strings.Contains(r.Text, "：") {
				x.t.Errorf("%q has no link", r.Text)
			}
		}
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Rows {
			for _, r := range row {
				if strings.HasSuffix(r.Text, "%") && r.Href == "" {
					x.t.Errorf("%q has no link", r.Text)
				}
			}
		}
	}
}

// TestCancelAndChange: a meeting that changes or does not take place.
func TestCancelAndChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		ctx := t.Context()
		s := x.series()
		m := x.meet(s, "2026-12-10 09:00", "2026-12-10 11:00")
		_, err := x.FireMeeting(ctx, officer, dispatch.Step{ID: m.ID, Step: dispatch.StepNotify, Version: m.Version})
		wantKind(t, err, fault.Conflict) // no items
		if _, err := x.AddItem(ctx, officer, dispatch.NewItem{Meeting: m.ID, Version: m.Version,
			ItemData: dispatch.ItemData{Title: "年度工作", Minutes: 20}}); err != nil {
			t.Fatal(err)
		}
		in := dispatch.MeetingUpdate{ID: m.ID, Version: m.Version + 1, MeetingData: dispatch.MeetingData{
			Chair: "王副市长", StartsUs: at("2026-12-11 09:00"), EndsUs: at("2026-12-11 08:00"), Members: []string{x.office}}}
		_, err = x.UpdateMeeting(ctx, officer, in)
		wantFields(t, err, "place", "endsUs")
		in.Place, in.EndsUs = "二楼", at("2026-12-11 11:00")
		if m, err = x.UpdateMeeting(ctx, officer, in); err != nil || len(m.Units) != 1 || m.Title == "" {
			t.Fatalf("%+v %v", m.Units, err)
		}
		_, err = x.UpdateMeeting(ctx, officer, in)
		wantKind(t, err, fault.Conflict)
		m = x.fire(m, officer, dispatch.StepNotify, dispatch.StepCancel)
		x.detail(district, m.ID) // who was invited reads that it is off
		next := x.meet(s, "2026-12-20 09:00", "2026-12-20 11:00")
		if next.Previous != "" || next.Number != 2 {
			t.Errorf("the next one follows %q as number %d", next.Previous, next.Number)
		}
		if _, err := x.UpdateSeries(ctx, officer, dispatch.SeriesUpdate{ID: s.ID, Version: s.Version,
			SeriesData: func() dispatch.SeriesData { d := s.SeriesData; d.Closed = true; return d }()}); err != nil {
			t.Fatal(err)
		}
		_, err = x.CreateMeeting(ctx, officer, dispatch.NewMeeting{Series: s.ID, MeetingData: next.MeetingData})
		wantFields(t, err, "series")
		_, err = x.CreateSeries(ctx, officer, dispatch.NewSeries{SeriesData: s.SeriesData})
		wantFields(t, err, "name")
		_, err = x.ListSeries(ctx, district, db.PageReq{})
		if err != nil {
			t.Fatal(err)
		}
		counts, err := x.CountMeetings(ctx, district, dispatch.MeetingFilter{})
		if err != nil || len(counts) != 1 || counts[dispatch.Cancelled] != 1 {
			t.Errorf("a district counts %v, %v", counts, err)
		}
	})
}

// TestUnitsMove: a member that was renamed is still the member.
func TestUnitsMove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		ctx := t.Context()
		s := x.series()
		o, err := x.party.GetOrganisation(ctx, officer, x.office)
		if err != nil {
			t.Fatal(err)
		}
		o.Name = "小店区科学技术局"
		if _, err := x.party.UpdateOrganisation(ctx, officer, party.OrgUpdate{ID: o.ID, OrgData: o.OrgData,
			Version: o.Version}); err != nil {
			t.Fatal(err)
		}
		x.settle()
		got, err := x.GetSeries(ctx, officer, s.ID)
		if err != nil || got.Units[1].Name != "小店区科学技术局" {
			t.Errorf("%+v %v", got.Units, err)
		}
	})
}

// TestMinutesClock: minutes that are not issued in time are handed to the leaders.
func TestMinutesClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		ctx := t.Context()
		x.task("推进技术交易平台升级", x.industry, "2026-01-01", "2026-12-31 18:00")
		m := x.fire(x.meet(x.series(), "2026-12-10 09:00", "2026-12-10 11:00"), officer, dispatch.StepNotify)
		x.later("2026-12-10 11:30")
		x.fire(m, officer, dispatch.StepHold)
		if n, err := dispatch.MeetingProcess.Escalate(ctx, x.unit, officer); n != 0 || err != nil {
			t.Fatalf("escalated %d at once, %v", n, err)
		}
		x.later("2026-12-18 00:30") // five working days after a Thursday are over
		if n, err := dispatch.MeetingProcess.Escalate(ctx, x.unit, officer); n != 1 || err != nil {
			t.Fatalf("escalated %d, %v", n, err)
		}
		run := x.detail(officer, m.ID).Running[0]
		if run.Owner.Role != authz.Leader {
			t.Errorf("it is %v who answers", run.Owner)
		}
		if day := clock.DateOf(clock.Time(run.DueUs)); day != "2026-12-17" && day != "2026-12-18" {
			t.Errorf("due %s", day)
		}
	})
}
