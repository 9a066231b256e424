package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// ledger files two documents: one is confirmed and has become targets and tasks in every state of
// work, the other waits at the review desk.
func (c *city) ledger(ctx context.Context) error {
	doc, err := c.document(ctx, schemeText)
	if err != nil {
		return err
	}
	if _, err := c.Plan.AcceptClear(ctx, c.officer(), doc.ID); err != nil {
		return err
	}
	found, err := c.Plan.Statements(ctx, c.officer(), doc.ID)
	if err != nil {
		return err
	}
	for _, st := range found {
		if err := c.target(ctx, st); err != nil {
			return fmt.Errorf("%s: %w", st.Quote, err)
		}
	}
	book, err := c.Plan.CreateLedger(ctx, c.officer(),
		plan.NewLedger{LedgerData: plan.LedgerData{Name: ledgerName, Region: c.home.region}})
	if err != nil {
		return err
	}
	c.book = book.ID
	for _, d := range undertakings {
		if err := c.task(ctx, book.ID, d, found); err != nil {
			return fmt.Errorf("%s: %w", d.words, err)
		}
		c.step()
	}
	_, err = c.document(ctx, briefText)
	return err
}

func (c *city) document(ctx context.Context, text string) (plan.Document, error) {
	defer c.step()
	return c.Plan.CreateDocument(ctx, c.officer(), plan.NewDocument{
		DocumentData: plan.DocumentData{Region: c.home.region, Source: sourceDemo}, Text: c.own(text)})
}

// target sets what a confirmed statement asks for, with an indicator of its own.
func (c *city) target(ctx context.Context, st plan.Statement) error {
	if st.Kind != "target" || st.State != plan.StatementAccepted || st.Value == "" ||
		st.Measure != "level" {
		return nil
	}
	by := c.officer()
	known, err := c.Plan.SuggestIndicators(ctx, by, st.Indicator)
	if err != nil {
		return err
	}
	in := plan.Linking{Statement: st.ID, Version: st.Version}
	if len(known) > 0 && known[0].Indicator.Name == st.Indicator {
		in.Indicator = known[0].Indicator.ID
	} else {
		in.New = &plan.NewIndicator{IndicatorData: plan.IndicatorData{Name: st.Indicator,
			Unit: st.Unit, Direction: "up", Additive: !strings.HasPrefix(st.Indicator, perHead)}}
	}
	if _, err := c.Plan.LinkIndicator(ctx, by, in); err != nil {
		return err
	}
	next, err := c.Plan.DraftTarget(ctx, by, st.ID)
	if err != nil {
		return err
	}
	made, err := c.Plan.CreateTarget(ctx, by, next)
	if err != nil || st.Unit != "亿元" {
		return err
	}
	// Amounts are broken down to districts; one part short, so that the check has something to say.
	whole := made.Version
	var parts []plan.Part
	for _, x := range partsOf {
		parts = append(parts, plan.Part{Region: c.at(x.place), Value: plan.Decimal(c.figure(x.figure))})
	}
	_, err = c.Plan.Decompose(ctx, by, plan.Decomposition{Target: made.ID, Parts: parts,
		Version: whole})
	return err
}

// office returns the unit of the home whose name has the words, which are written for Taiyuan.
func (c *city) office(words string) party.Org {
	words = c.own(words)
	for _, o := range c.orgs {
		if strings.Contains(o.Name, words) {
			return o
		}
	}
	return party.Org{}
}

// days counts from today.
func (c *city) days(n int) clock.Date { return clock.DateOf(c.Clock.Now()).AddDays(n) }

// task makes a task of the plan and takes it as far as its duty says.
func (c *city) task(
	ctx context.Context, book string, d duty, found []plan.Statement,
) error {
	by := c.officer()
	in := plan.NewTask{Ledger: book}
	for _, st := range found {
		if st.Kind == "task" && st.State == plan.StatementAccepted &&
			strings.Contains(d.words, st.Indicator) {
			in.Statements = []string{st.ID}
			in.Content = st.Quote
		}
	}
	in.Title, in.Region = d.words, c.home.region
	in.Lead = c.office(d.lead).ID
	in.Leader, in.Person, in.Contact = leaderName, c.person(), c.person()
	in.Supervisor = c.accounts["jingban"]
	in.Start, in.DueUs = c.days(-200), plan.EndOfDay(c.days(120))
	in.Milestones = []plan.Milestone{
		{Name: nodeDesign, Day: c.days(-120), Deliverable: nodeDesignOut, WeightBp: 3000},
		{Name: nodeBuild, Day: c.days(30), WeightBp: 4000},
		{Name: nodeFinish, Day: c.days(115), WeightBp: 3000},
	}
	t, err := c.Plan.CreateTask(ctx, by, in)
	if err != nil {
		return err
	}
	return c.carry(ctx, t, d)
}

// carry takes a task from being drafted to the state of its duty.
func (c *city) carry(ctx context.Context, t plan.Task, d duty) error {
	steps := []string{"establish"}
	if d.state != plan.TaskEstablished {
		steps = append(steps, "sign", "start")
	}
	for _, step := range steps {
		if err := c.move(ctx, &t, c.officer(), step, ""); err != nil {
			return err
		}
	}
	if d.say == "" {
		return nil
	}
	reached := []int{0}
	if d.progress == 100 {
		reached = []int{0, 1, 2}
	}
	if d.progress < 30 {
		reached = nil
	}
	now, err := c.Plan.ReportTask(ctx, c.officer(), plan.NewReport{Task: t.ID,
		ProgressBp: d.progress * 100, Situation: c.own(d.say), Problem: d.problem, Reached: reached,
		Version: t.Version})
	if err != nil {
		return err
	}
	t = now
	switch d.state {
	case plan.TaskActive:
		if d.problem == "" || d.progress < 20 {
			return nil
		}
		_, err := c.Plan.Instruct(ctx, c.actor("juzhang", authz.Leader),
			plan.NewInstruction{Task: t.ID, Text: verdictText})
		return err
	case plan.TaskSuspended:
		return c.move(ctx, &t, c.officer(), "suspend", reasonPause)
	case plan.TaskApplied:
		return c.move(ctx, &t, c.officer(), "apply", reasonApply)
	case plan.TaskDone:
		if err := c.move(ctx, &t, c.officer(), "apply", reasonApply); err != nil {
			return err
		}
		chief := c.actor("demo", authz.Officer) // who applied does not decide
		if err := c.move(ctx, &t, chief, "accept", ""); err != nil {
			return err
		}
		return c.move(ctx, &t, chief, "pass", "")
	}
	return nil
}

func (c *city) move(
	ctx context.Context, t *plan.Task, by authz.Actor, step, reason string,
) error {
	in := plan.TaskStep{Step: plan.Step{ID: t.ID, Step: step, Reason: reason, Version: t.Version}}
	if step == "apply" {
		in.New = []plan.FileInput{{Name: evidenceName, Content: strings.NewReader(evidenceText)}}
	}
	now, err := c.Plan.FireTask(ctx, by, in)
	if err == nil {
		*t = now
	}
	return err
}

// together is a task of the city in a ledger of its own that an office of a district takes part in: the
// district sees it.
func (c *city) together(ctx context.Context, office string) error {
	book, err := c.Plan.CreateLedger(ctx, c.officer(),
		plan.NewLedger{LedgerData: plan.LedgerData{Name: ledgerTogether, Region: c.home.region}})
	if err != nil {
		return err
	}
	t, err := c.Plan.CreateTask(ctx, c.officer(), plan.NewTask{Ledger: book.ID, TaskData: plan.TaskData{
		Title: taskTogether, Region: c.home.region, Lead: c.office(officeOfTogether).ID, Assist: []string{office},
		Supervisor: c.accounts["jingban"], Start: c.days(-60), DueUs: plan.EndOfDay(c.days(90)), Cadence: "month"}})
	if err != nil {
		return err
	}
	return c.move(ctx, &t, c.officer(), "establish", "")
}

// moreTasks brings the ledger to 24 tasks, as many as the city of Changzhi has published that it set
// itself. What they are about is invented.
func (g *growth) moreTasks(ctx context.Context) error {
	for _, d := range undertakingsMore {
		if err := g.task(ctx, g.book, d, nil); err != nil {
			return fmt.Errorf("%s: %w", d.words, err)
		}
	}
	return nil
}
