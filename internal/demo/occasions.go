package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/show"
)

// occasions holds roadshows, auctions and appraisals of invented achievements.
func (c *city) occasions(ctx context.Context) error {
	posts, err := c.wares(ctx)
	if err != nil {
		return err
	}
	if err := c.pastShow(ctx, posts); err != nil {
		return fmt.Errorf("past show: %w", err)
	}
	if err := c.nextShow(ctx, posts); err != nil {
		return fmt.Errorf("next show: %w", err)
	}
	if err := c.auctions(ctx, posts); err != nil {
		return err
	}
	return c.appraisals(ctx, posts)
}

// wares publishes the achievements that the occasions are about.
func (c *city) wares(ctx context.Context) ([]market.Post, error) {
	var out []market.Post
	owner := c.first("university")
	for _, w := range wares {
		p, err := c.Market.CreatePost(ctx, c.officer(), market.NewPost{Submit: true,
			PostData: market.PostData{Kind: market.Achievement, Title: w.title, Text: w.text,
				Org: owner.ID, Region: c.home.region, Field: w.field, PriceLoFen: w.price, PriceHiFen: w.price,
				TRL: w.trl, Visibility: market.Open, Modes: []string{"transfer", "licence"},
				AchievementData: market.AchievementData{ResultKind: "applied", Pricing: w.pricing,
					Standard: "general"}}})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.title, err)
		}
		p, err = c.Market.FirePost(ctx, c.officer(), market.PostStep{ID: p.ID, Step: market.StepPublish,
			Version: p.Version})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.title, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// moment is an hour of a day counted from today, in microseconds.
func (c *city) moment(days, hour, minute int) int64 {
	day := c.days(days).Start()
	return clock.Us(day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute))
}

// guests are the accounts that come to events.
func (c *city) guests() []authz.Actor {
	firm := c.actor("qiye", authz.Enterprise)
	firm.Org = c.first("enterprise").ID
	school := c.actor("gaoxiao", authz.University)
	school.Org = c.first("university").ID
	return []authz.Actor{firm, school, c.actor("jingjiren", authz.Broker),
		c.actor("zhuanjia", authz.Expert)}
}

// fire takes steps with an event.
func (c *city) fire(ctx context.Context, s show.Show, steps ...string) (show.Show, error) {
	var err error
	for _, step := range steps {
		s, err = c.Shows.FireShow(ctx, c.officer(), show.Step{ID: s.ID, Step: step, Version: s.Version})
		if err != nil {
			return s, fmt.Errorf("%s: %w", step, err)
		}
	}
	return s, nil
}

// stage makes an event with an agenda of pitches and opens it for sign-up.
func (c *city) stage(
	ctx context.Context, d show.Data, day int, posts []market.Post,
) (show.Show, []show.Slot, error) {
	s, err := c.Shows.CreateShow(ctx, c.officer(), show.NewShow{Data: d})
	if err != nil {
		return s, nil, err
	}
	slots := []show.SlotData{{Title: slotOpening}}
	for _, p := range posts {
		slots = append(slots, show.SlotData{Title: p.Title, Speaker: slotSpeaker, Org: p.Org, Post: p.ID})
	}
	slots = append(slots, show.SlotData{Title: slotTalks})
	var made []show.Slot
	for i, x := range slots {
		x.StartsUs, x.EndsUs = c.moment(day, 9, 30*i), c.moment(day, 9, 30*(i+1))
		slot, err := c.Shows.AddSlot(ctx, c.officer(), show.NewSlot{Show: s.ID, SlotData: x,
			Version: s.Version})
		if err != nil {
			return s, nil, err
		}
		made = append(made, slot)
		s.Version++
	}
	s, err = c.fire(ctx, s, "publish", "open")
	return s, made, err
}

// pastShow is over: people came, were interested, and one interest became a contract.
func (c *city) pastShow(ctx context.Context, posts []market.Post) error {
	const day = -9
	d := show.Data{Kind: "roadshow", Title: pastShow, Text: pastShowText, Place: c.own(pastShowPlace),
		Region: c.home.region, Contact: askAt, Org: c.office(bureauName).ID, StartsUs: c.moment(day, 9, 0),
		EndsUs: c.moment(1, 12, 0), SignupUntilUs: c.moment(1, 12, 0), Capacity: 60}
	s, slots, err := c.stage(ctx, d, day, posts[:2])
	if err != nil {
		return err
	}
	for i, by := range c.guests()[:3] {
		g, err := c.Shows.SignUp(ctx, by, show.NewSignup{Show: s.ID, Person: show.Person{Name: c.person()}})
		if err != nil {
			return err
		}
		if _, err := c.Shows.CheckInByHand(ctx, c.officer(), g.ID); err != nil {
			return err
		}
		_, err = c.Shows.MarkInterest(ctx, by, show.Mark{Show: s.ID, Slot: slots[1+i%2].ID, On: true})
		if err != nil {
			return err
		}
	}
	d.EndsUs, d.SignupUntilUs = c.moment(day, 12, 0), c.moment(day, 9, 0)
	if s, err = c.Shows.UpdateShow(ctx, c.officer(), show.Update{ID: s.ID, Data: d,
		Version: s.Version}); err != nil {
		return err
	}
	if s, err = c.fire(ctx, s, "close", "begin", "end"); err != nil {
		return err
	}
	found, err := c.Shows.Interests(ctx, c.officer(), s.ID)
	if err != nil {
		return err
	}
	for i, r := range []show.Result{{Outcome: "signed", Note: signedNote},
		{Outcome: "talking", Note: outcomeNote}} {
		r.ID, r.Version = found[i].ID, found[i].Version
		if _, err := c.Shows.SetOutcome(ctx, c.officer(), r); err != nil {
			return err
		}
	}
	s, err = c.Shows.WriteReport(ctx, c.officer(), show.SetReport{ID: s.ID, Text: pastReport,
		Version: s.Version})
	if err != nil {
		return err
	}
	_, err = c.fire(ctx, s, "report")
	return err
}

// nextShow takes names: two have agreed to talk, and a draft waits beside it.
func (c *city) nextShow(ctx context.Context, posts []market.Post) error {
	const day = 12
	d := show.Data{Kind: "matchday", Title: nextShow, Text: nextShowText, Place: nextShowPlace,
		Region: c.home.region, Contact: askAt, Org: c.office(bureauName).ID, StartsUs: c.moment(day, 9, 0),
		EndsUs: c.moment(day, 17, 0), SignupUntilUs: c.moment(day-1, 18, 0), Capacity: 3,
		TalkFromUs: c.moment(day, 14, 0), TalkMinutes: 20, TalkRounds: 6, TalkTables: 8}
	s, slots, err := c.stage(ctx, d, day, posts[1:])
	if err != nil {
		return err
	}
	var came []show.Signup
	guests := c.guests()
	for _, by := range guests {
		g, err := c.Shows.SignUp(ctx, by, show.NewSignup{Show: s.ID,
			Person: show.Person{Name: c.person(), Note: wantsToKnow}})
		if err != nil {
			return err
		}
		came = append(came, g)
	}
	_, err = c.Shows.MarkInterest(ctx, guests[0], show.Mark{Show: s.ID, Slot: slots[1].ID, On: true})
	if err != nil {
		return err
	}
	talk, err := c.Shows.AskTalk(ctx, guests[0], show.NewTalk{From: came[0].ID, To: came[1].ID, Round: 2,
		Topic: talkTopic})
	if err != nil {
		return err
	}
	_, err = c.Shows.AnswerTalk(ctx, guests[1], show.TalkAnswer{ID: talk.ID, Accept: true,
		Version: talk.Version})
	if err != nil {
		return err
	}
	_, err = c.Shows.AskTalk(ctx, guests[2], show.NewTalk{From: came[2].ID, To: came[0].ID, Round: 3})
	if err != nil {
		return err
	}
	d.Title, d.Capacity, d.TalkRounds = draftShow, 20, 0
	_, err = c.Shows.CreateShow(ctx, c.officer(), show.NewShow{Data: d})
	return err
}
