package dispatch_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/measure/measuretest"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// told counts what would be told.
type told struct{ list []notify.Notice }

func (x *told) TellAt(_ context.Context, _ *db.Tx, _ int64, n notify.Notice) error {
	x.list = append(x.list, n)
	return nil
}

func (x *lab) letter(t plan.Task) dispatch.Letter {
	x.t.Helper()
	in, _, err := x.DraftLetter(x.t.Context(), officer, t.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	in.Text = "请查明进度滞后的原因，提出整改措施。"
	l, err := x.CreateLetter(x.t.Context(), officer, in)
	if err != nil {
		x.t.Fatal(err)
	}
	return l
}

func (x *lab) step(l dispatch.Letter, by authz.Actor, in dispatch.LetterStep) dispatch.Letter {
	x.t.Helper()
	in.ID, in.Version = l.ID, l.Version
	out, err := x.FireLetter(x.t.Context(), by, in)
	if err != nil {
		x.t.Fatalf("%s: %v", in.Step, err)
	}
	return out
}

// TestLetter walks from a red light to an answer that is accepted.
func TestLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		ctx := t.Context()
		red := x.task("推进技术交易平台升级", x.office, "2026-01-01", "2026-12-31 18:00")
		x.task("刚开始的任务", x.industry, "2026-11-20", "2027-12-31 18:00")
		found, err := x.SuggestLetters(ctx, officer)
		if err != nil || len(found) != 1 || found[0].Task.ID != red.ID || found[0].Rule.ID != "default-2026" {
			t.Fatalf("suggested %+v %v", found, err)
		}
		_, err = x.SuggestLetters(ctx, district)
		wantKind(t, err, fault.Forbidden)
		_, err = x.CreateLetter(ctx, officer, dispatch.NewLetter{Task: "none", LetterData: dispatch.LetterData{
			ReplyDays: 99}})
		if !fault.Is(err, fault.Invalid) {
			t.Fatalf("a letter about nothing: %v", err)
		}
		l := x.letter(red)
		if l.Title != "关于“推进技术交易平台升级”的督办函" || l.Rule != "default-2026" || len(l.Reasons) < 3 || l.Number != "" {
			t.Errorf("%q %q %v", l.Title, l.Rule, l.Reasons)
		}
		if again, err := x.SuggestLetters(ctx, officer); err != nil || len(again) != 0 {
			t.Errorf("suggested twice: %v %v", again, err)
		}
		_, err = x.GetLetter(ctx, district, l.ID)
		wantKind(t, err, fault.NotFound)
		_, err = x.FireLetter(ctx, officer, dispatch.LetterStep{ID: l.ID, Step: dispatch.StepSign, Version: l.Version})
		wantKind(t, err, fault.Forbidden)
		sign := dispatch.LetterStep{ID: l.ID, Step: dispatch.StepSign, Version: l.Version}
		l = processtest.Again(t, d, func(key string) (dispatch.Letter, error) {
			sign.Key = key
			return x.FireLetter(ctx, leader, sign)
		})
		// Five working days after Friday 20 November, at six in the evening.
		if l.Number != "并督函〔2026〕1号" || l.DueUs != at("2026-11-27 18:00") {
			t.Errorf("%q due %v", l.Number, clock.Time(l.DueUs).In(clock.Shanghai))
		}
		_, err = x.UpdateLetter(ctx, officer, dispatch.LetterUpdate{ID: l.ID, LetterData: l.LetterData, Version: l.Version})
		wantKind(t, err, fault.Conflict)
		l = x.step(l, officer, dispatch.LetterStep{Step: dispatch.StepDeliver})
		x.answered(l)
	})
}

// answered replies to a letter that was delivered, twice.
func (x *lab) answered(l dispatch.Letter) {
	x.t.Helper()
	t, ctx := x.t, x.t.Context()
	unit := staff(x.office, authz.District)
	for _, by := range []authz.Actor{unit, district} {
		if _, err := x.GetLetter(ctx, by, l.ID); err != nil {
			t.Errorf("%s does not see its letter: %v", by.Login, err)
		}
	}
	for _, by := range []authz.Actor{staff(x.industry, authz.Department), visitor,
		{Account: "a", Region: "140106", Role: authz.District, Via: authz.ViaSession}} {
		_, err := x.GetLetter(ctx, by, l.ID)
		wantKind(t, err, fault.NotFound)
	}
	reply := dispatch.LetterStep{ID: l.ID, Step: dispatch.StepReply, Version: l.Version}
	_, err := x.FireLetter(ctx, unit, reply)
	wantFields(t, err, "reply")
	_, err = x.FireLetter(ctx, leader, reply)
	wantKind(t, err, fault.Forbidden)
	reply.Reply = "已调整施工计划，12 月底前完成。"
	reply.Files = []dispatch.FileInput{{Name: "整改报告.txt", Content: strings.NewReader("整改措施三条。")}}
	l = x.step(l, unit, reply)
	d, err := x.GetLetter(ctx, unit, l.ID)
	if err != nil || len(d.Files) != 1 || d.Reply == "" || d.Replier != "staff" {
		t.Fatalf("%+v %v", d.Files, err)
	}
	_, content, err := x.OpenReply(ctx, officer, l.ID, d.Files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	_ = content.Close()
	_, _, err = x.OpenReply(ctx, staff(x.industry, authz.Department), l.ID, d.Files[0].ID)
	wantKind(t, err, fault.NotFound)
	l = x.step(l, officer, dispatch.LetterStep{Step: dispatch.StepAgain, Reason: "没有时间表"})
	l = x.step(l, district, dispatch.LetterStep{Step: dispatch.StepReply, Reply: "附时间表。"})
	l = x.step(l, officer, dispatch.LetterStep{Step: dispatch.StepClose})
	if l.ClosedUs == 0 {
		t.Error("not closed")
	}
	paper, err := x.LetterPaper(ctx, unit, l.ID)
	if err != nil {
		t.Fatal(err)
	}
	readBack(t, paper, "并督函〔2026〕1号", "关于“推进技术交易平台升级”的督办函", "小店区科技局：", "请查明进度滞后的原因",
		"督办原因：", "任务：2026-001", "请于 2026-11-27 18:00 前书面回复办理情况。", "太原市科学技术局", "2026年11月20日")
	var b bytes.Buffer
	n, err := x.WriteLetters(ctx, district, dispatch.LetterFilter{}, dispatch.Export{Format: sheet.CSV}, &b)
	if err != nil || n != 1 || !strings.Contains(b.String(), "并督函〔2026〕1号") {
		t.Errorf("%d rows, %v", n, err)
	}
	r, err := measure.NewRegistry(x.db, x.clock, x.Measures()...)
	if err != nil {
		t.Fatal(err)
	}
	if n := measuretest.Proves(t, r, officer, "dispatch.letters", map[string]string{"org": x.office}); n != 1 {
		t.Errorf("%d letters", n)
	}
	if n := measuretest.Proves(t, r, visitor, "dispatch.letters", nil); n != 0 {
		t.Errorf("a visitor counts %d letters", n)
	}
}

// TestLateReply: a reply that is late is handed to the named supervisor, proposed for the next meeting,
// and told.
func TestLateReply(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		ctx := t.Context()
		l := x.letter(x.task("推进技术交易平台升级", x.office, "2026-01-01", "2026-12-31 18:00"))
		l = x.step(l, leader, dispatch.LetterStep{Step: dispatch.StepSign})
		l = x.step(l, officer, dispatch.LetterStep{Step: dispatch.StepDeliver})
		var soon told
		if n, err := x.Remind(ctx, &soon); n != 0 || err != nil {
			t.Errorf("reminded of %d a week before, %v", n, err)
		}
		x.later("2026-11-26 08:30")
		if n, err := x.Remind(ctx, &soon); n != 1 || err != nil || !strings.HasSuffix(soon.list[0].Once, l.ID+
			":"+"1795773600000000") {
			t.Errorf("reminded of %d on the day before, %v %+v", n, err, soon.list)
		}
		x.later("2026-11-27 18:01")
		if n, err := dispatch.LetterProcess.Escalate(ctx, x.unit, officer); n != 1 || err != nil {
			t.Fatalf("escalated %d, %v", n, err)
		}
		got, err := x.GetLetter(ctx, officer, l.ID)
		if err != nil || got.Running[0].Owner.Account != officer.Account {
			t.Errorf("it is %+v who answers, %v", got.Running[0].Owner, err)
		}
		m := x.meet(x.series(), "2026-12-10 09:00", "2026-12-10 11:00")
		if got := origins(x.detail(officer, m.ID)); !strings.Contains(got, "letter:"+l.Title) {
			t.Errorf("agenda %q", got)
		}
		late, err := x.CountLetters(ctx, officer, dispatch.LetterFilter{Open: true})
		if err != nil || late.Late != 1 {
			t.Errorf("%+v %v", late, err)
		}
		x.notices()
		x.step(got.Letter, officer, dispatch.LetterStep{Step: dispatch.StepWithdraw, Reason: "发错单位"})
	})
}

// notices asks the rules what they tell of all that happened, and that each goes to somebody.
func (x *lab) notices() {
	x.t.Helper()
	seen := map[string]bool{}
	var kinds []string
	for _, r := range dispatch.NoticeRules() {
		kinds = append(kinds, r.Events...)
	}
	feed := outbox.NewDispatcher(x.db, x.clock, outbox.Options{}, outbox.Consumer{Name: "test.notices",
		Kinds: kinds, Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				for _, r := range dispatch.NoticeRules() {
					for _, kind := range r.Events {
						if kind != e.Kind {
							continue
						}
						list, err := r.Notices(ctx, tx, e)
						if err != nil {
							return err
						}
						for _, n := range list {
							seen[n.Title.Key] = true
							if len(n.To) == 0 || n.Href == "" {
								x.t.Errorf("%q goes to nobody or leads nowhere", n.Title.Key)
							}
						}
					}
				}
			}
			return nil
		}})
	if err := feed.CatchUp(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
	for _, want := range []string{"督办函待签发", "督办函 %s 已签发，请送达", "收到督办函 %s，请于 %s 前回复",
		"督办函 %s 超过时限，请尽快处理"} {
		if !seen[want] {
			x.t.Errorf("nobody was told %q: %v", want, seen)
		}
	}
}

// TestRules: a rule counts cycles, and a new one takes over on its day.
func TestRules(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		ctx := t.Context()
		rules, err := x.ListRules(ctx, officer)
		if err != nil || len(rules) != 3 {
			t.Fatalf("%d rules, %v", len(rules), err)
		}
		in := dispatch.NewRule{RuleData: dispatch.RuleData{Name: "本市规则", Source: "市政府办", Mark: "local",
			ValidFrom: "2026-11-21", RuleParams: dispatch.RuleParams{
				Triggers:  []dispatch.Trigger{{Colour: plan.Red, Cycles: 3, Then: "发督办函"}},
				ReplyDays: 3, ReplyUntil: 720, AnswerDays: 2, MinutesDays: 2, LetterPrefix: "长督函", MinutesPrefix: "长调纪"}}}
		wrong := in
		wrong.ValidFrom, wrong.ReplyDays, wrong.Triggers = "2026-11-20", 0, nil
		_, err = x.AddRule(ctx, officer, wrong)
		wantFields(t, err, "triggers", "replyDays")
		wrong.ReplyDays, wrong.Triggers = 3, in.Triggers
		_, err = x.AddRule(ctx, officer, wrong)
		wantFields(t, err, "validFrom")
		_, err = x.AddRule(ctx, leader, in)
		wantKind(t, err, fault.Forbidden)
		if _, err := x.AddRule(ctx, officer, in); err != nil {
			t.Fatal(err)
		}
		_, err = x.AddRule(ctx, officer, in)
		wantFields(t, err, "validFrom")
		red := x.task("推进技术交易平台升级", x.office, "2026-01-01", "2026-12-31 18:00")
		for _, month := range []struct {
			day  string
			want int
		}{{"2026-11-23 09:00", 0}, {"2026-12-21 09:00", 0}, {"2027-01-21 09:00", 1}} {
			x.later(month.day)
			if _, err := x.plan.Relight(ctx, officer); err != nil {
				t.Fatal(err)
			}
			if found, err := x.SuggestLetters(ctx, officer); err != nil || len(found) != month.want {
				t.Errorf("%s: %d letters, %v", month.day, len(found), err)
			}
		}
		l := x.step(x.letter(red), leader, dispatch.LetterStep{Step: dispatch.StepSign})
		if l.Number != "长督函〔2027〕1号" || l.DueUs != at("2027-01-26 12:00") {
			t.Errorf("%q due %v", l.Number, clock.Time(l.DueUs).In(clock.Shanghai))
		}
	})
}
