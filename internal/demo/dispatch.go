package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// dispatches holds two meetings of a monthly series, announces a third, and sends two letters.
func (c *city) dispatches(ctx context.Context) error {
	area, err := c.bureau(ctx, c.places[0])
	if err != nil {
		return err
	}
	books, err := c.Plan.ListLedgers(ctx, c.officer())
	if err != nil {
		return err
	}
	s, err := c.Dispatch.CreateSeries(ctx, c.officer(), dispatch.NewSeries{SeriesData: dispatch.SeriesData{
		Name: seriesName, Cadence: "month", Ledger: books[0].ID, Region: c.home.region, Chair: leaderName,
		Host: c.office(bureauName).ID, Place: meetingPlace,
		Members: []string{c.office(bureauName).ID, c.office(officeOfDepartment).ID, area.ID}}})
	if err != nil {
		return err
	}
	if err := c.firstMeeting(ctx, s, area.ID); err != nil {
		return fmt.Errorf("first meeting: %w", err)
	}
	if err := c.secondMeeting(ctx, s); err != nil {
		return fmt.Errorf("second meeting: %w", err)
	}
	m, err := c.meeting(ctx, s, 9)
	if err != nil {
		return err
	}
	if _, err = c.take(ctx, m, c.officer(), dispatch.StepNotify); err != nil {
		return fmt.Errorf("next meeting: %w", err)
	}
	c.step()
	return c.letters(ctx, area.ID)
}

// meeting prepares a meeting on the morning of a day counted from today.
func (c *city) meeting(ctx context.Context, s dispatch.Series, day int) (dispatch.Meeting, error) {
	in, err := c.Dispatch.DraftMeeting(ctx, c.officer(), s.ID)
	if err != nil {
		return dispatch.Meeting{}, err
	}
	in.StartsUs, in.EndsUs, in.Note = c.moment(day, 9, 0), c.moment(day, 11, 0), meetingNote
	return c.Dispatch.CreateMeeting(ctx, c.officer(), in)
}

// take takes a step with a meeting.
func (c *city) take(
	ctx context.Context, m dispatch.Meeting, by authz.Actor, step string,
) (dispatch.Meeting, error) {
	m, err := c.Dispatch.FireMeeting(ctx, by, dispatch.Step{ID: m.ID, Step: step, Version: m.Version})
	if err != nil {
		return m, fmt.Errorf("%s: %w", step, err)
	}
	return m, nil
}

// held announces and holds a meeting.
func (c *city) held(
	ctx context.Context, s dispatch.Series, day int,
) (dispatch.MeetingDetail, error) {
	m, err := c.meeting(ctx, s, day)
	if err != nil {
		return dispatch.MeetingDetail{}, err
	}
	_, err = c.Dispatch.AddItem(ctx, c.officer(), dispatch.NewItem{Meeting: m.ID, Version: m.Version,
		ItemData: dispatch.ItemData{Title: itemByHand, Text: itemByHandWhy, Org: s.Host, Minutes: 20}})
	if err != nil {
		return dispatch.MeetingDetail{}, err
	}
	m.Version++
	for _, step := range []string{dispatch.StepNotify, dispatch.StepHold} {
		if m, err = c.take(ctx, m, c.officer(), step); err != nil {
			return dispatch.MeetingDetail{}, err
		}
	}
	return c.Dispatch.GetMeeting(ctx, c.officer(), m.ID)
}

// decide records decisions about the items of a meeting. Items without one get a general instruction,
// and the last one is left for the next meeting.
func (c *city) decide(
	ctx context.Context, d dispatch.MeetingDetail, list []dispatch.NewDecision,
) (dispatch.Meeting, error) {
	items := d.Kept()
	if end := len(items) - 1; end > 0 { // the only one is decided about
		_, err := c.Dispatch.DropItem(ctx, c.officer(), dispatch.ItemDrop{Reason: itemDropped,
			ItemRef: dispatch.ItemRef{Meeting: d.ID, ID: items[end].ID, Version: d.Version}})
		if err != nil {
			return d.Meeting, err
		}
		d.Version++
		items = items[:end]
	}
	decided := map[string]bool{}
	for _, in := range list {
		decided[in.Item] = true
	}
	for _, x := range items {
		if !decided[x.ID] {
			list = append(list, dispatch.NewDecision{DecisionData: dispatch.DecisionData{Item: x.ID,
				Kind: dispatch.KindInstruction, Text: decisionOther, Org: firstOf(x.Org, d.Host)}})
		}
	}
	for _, in := range list {
		in.Meeting, in.Version = d.ID, d.Version
		if _, err := c.Dispatch.AddDecision(ctx, c.officer(), in); err != nil {
			return d.Meeting, fmt.Errorf("%s: %w", in.Text, err)
		}
		d.Version++
	}
	return d.Meeting, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// issue writes the minutes and has them signed.
func (c *city) issue(ctx context.Context, m dispatch.Meeting, text string) error {
	m, err := c.Dispatch.WriteMinutes(ctx, c.officer(), dispatch.Minutes{ID: m.ID, Text: text,
		Attendance: attendance, Version: m.Version})
	if err != nil {
		return err
	}
	if m, err = c.take(ctx, m, c.officer(), dispatch.StepDraft); err != nil {
		return err
	}
	_, err = c.take(ctx, m, c.actor("juzhang", authz.Leader), dispatch.StepIssue)
	c.step()
	return err
}

func (c *city) firstMeeting(ctx context.Context, s dispatch.Series, area string) error {
	d, err := c.held(ctx, s, -33)
	if err != nil {
		return err
	}
	first := d.Kept()[0].ID
	due := func(days int) int64 { return c.moment(days, 18, 0) }
	m, err := c.decide(ctx, d, []dispatch.NewDecision{
		{Title: newTask, DecisionData: dispatch.DecisionData{Item: first, Kind: dispatch.KindTask,
			Text: newTaskText, Org: c.office(officeOfDepartment).ID, DueUs: due(20)}},
		{Title: areaTask, DecisionData: dispatch.DecisionData{Item: first, Kind: dispatch.KindTask,
			Text: areaTaskText, Org: area, DueUs: due(45)}},
		{DecisionData: dispatch.DecisionData{Item: first, Kind: dispatch.KindInstruction, Text: instruction,
			Org: s.Host, DueUs: due(-5)}},
		{DecisionData: dispatch.DecisionData{Item: first, Kind: dispatch.KindNote, Text: noteText}},
	})
	if err != nil {
		return err
	}
	return c.issue(ctx, m, firstMinutes)
}

func (c *city) secondMeeting(ctx context.Context, s dispatch.Series) error {
	d, err := c.held(ctx, s, -4)
	if err != nil {
		return err
	}
	before, err := c.Dispatch.FollowUps(ctx, c.officer(), d.ID)
	if err != nil {
		return err
	}
	for _, u := range before {
		if u.Text != instruction {
			continue
		}
		_, err := c.Dispatch.SettleDecision(ctx, c.officer(), dispatch.Settlement{Note: settledNote,
			DecisionRef: dispatch.DecisionRef{ID: u.ID, Version: u.Version}})
		if err != nil {
			return err
		}
	}
	var list []dispatch.NewDecision
	for _, x := range d.Kept() {
		if x.Title == undertakings[0].words {
			list = append(list, dispatch.NewDecision{DecisionData: dispatch.DecisionData{Item: x.ID,
				Kind: dispatch.KindDeadline, Text: postponed, DueUs: c.moment(150, 18, 0)}})
		}
	}
	m, err := c.decide(ctx, d, list)
	if err != nil {
		return err
	}
	return c.issue(ctx, m, secondMinutes)
}

// letters sends one letter that is answered, and drafts another for the leader to sign.
func (c *city) letters(ctx context.Context, area string) error {
	found, err := c.Dispatch.SuggestLetters(ctx, c.officer())
	if err != nil || len(found) == 0 {
		return err
	}
	if _, err := c.letter(ctx, found[0].Task, "", letterCity); err != nil {
		return err
	}
	page, err := c.Dispatch.ListDecisions(ctx, c.officer(), dispatch.DecisionFilter{Kind: dispatch.KindTask,
		Org: area}, db.PageReq{Limit: db.MaxLimit})
	if err != nil || len(page.Items) == 0 {
		return err
	}
	l, err := c.letter(ctx, *page.Items[0].Task, area, letterDistrict)
	if err != nil {
		return err
	}
	for _, x := range []struct {
		by   authz.Actor
		step dispatch.LetterStep
	}{{c.actor("juzhang", authz.Leader), dispatch.LetterStep{Step: dispatch.StepSign}},
		{c.officer(), dispatch.LetterStep{Step: dispatch.StepDeliver}},
		{c.district(), dispatch.LetterStep{Step: dispatch.StepReply, Reply: replyText,
			Files: []dispatch.FileInput{{Name: replyName, Content: strings.NewReader(replyFile)}}}}} {
		x.step.ID, x.step.Version = l.ID, l.Version
		if l, err = c.Dispatch.FireLetter(ctx, x.by, x.step); err != nil {
			return fmt.Errorf("%s: %w", x.step.Step, err)
		}
	}
	c.step()
	return nil
}

func (c *city) letter(
	ctx context.Context, t plan.Task, org, text string,
) (dispatch.Letter, error) {
	in, _, err := c.Dispatch.DraftLetter(ctx, c.officer(), t.ID)
	if err != nil {
		return dispatch.Letter{}, err
	}
	in.Text, in.Org = text, firstOf(org, in.Org)
	return c.Dispatch.CreateLetter(ctx, c.officer(), in)
}
