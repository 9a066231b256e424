package deal

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
)

// PostRef names a post.
type PostRef struct {
	ID    string      `json:"id"`
	Code  string      `json:"code"`
	Kind  market.Kind `json:"kind"`
	Title string      `json:"title"`
	State string      `json:"state"`
}

func refOf(p market.Post) PostRef { return PostRef{p.ID, p.Code, p.Kind, p.Title, p.State} }

// Feedback is what the market said to a post (市场反馈): how many asked, how far they came and why
// others turned away. It names nobody who did not talk to the owner.
type Feedback struct {
	Post     PostRef          `json:"post"`
	Asked    int64            `json:"asked"`    // introductions
	Agreed   int64            `json:"agreed"`   // both consented
	Going    int64            `json:"going"`    // talks under way
	Signed   int64            `json:"signed"`   // contracts
	Ended    int64            `json:"ended"`    // without one
	Classes  map[string]int64 `json:"classes"`  // reasons, by class
	Reasons  []FeedbackReason `json:"reasons"`  // in words, newest first
	AnswerUs int64            `json:"answerUs"` // median time to the first answer, 0 = none yet
	Views    market.Views     `json:"views"`    // how often it was opened
}

// FeedbackReason is why one introduction came to nothing.
type FeedbackReason struct {
	Class string `json:"class"`
	Next  string `json:"next"`
	Deal  string `json:"deal"`
	Code  string `json:"code"`
	AtUs  int64  `json:"atUs"`
}

const feedbackReasons = 50

// PostFeedback returns what the market said to a post, for its owner, its broker and the bureau, with
// how often it was opened from a day to another; without days in the last 30.
func (s *Service) PostFeedback(
	ctx context.Context, by authz.Actor, postID string, from, to clock.Date,
) (Feedback, error) {
	p, err := s.opt.Market.GetPost(ctx, by, postID)
	if err != nil {
		return Feedback{}, err
	}
	whole, err := market.PostByID(ctx, s.unit.DB(), p.ID)
	if err != nil {
		return Feedback{}, err
	}
	if !s.mayHear(by, whole) {
		return Feedback{}, errAbsent()
	}
	return s.feedback(ctx, p, from, to)
}

// mayHear says whether somebody is told what the market says to a post.
func (s *Service) mayHear(by authz.Actor, p market.Post) bool {
	return market.PostPolicy.MaySee(by, market.ActPostUpdate, p) ||
		market.PostPolicy.MaySee(by, market.ActPostConfirm, p) ||
		by.EffectiveRole() == authz.Leader && market.PostPolicy.MaySee(by, market.ActPostWhole, p)
}

func (s *Service) feedback(ctx context.Context, p market.Post, from, to clock.Date) (Feedback, error) {
	q, w := s.unit.DB(), DealFilter{Post: p.ID}.where(authz.Actor{}, 0)
	x := Feedback{Post: refOf(p), Classes: map[string]int64{}, Reasons: []FeedbackReason{}}
	views, err := s.opt.Market.ViewsOf(ctx, p.ID, from, to)
	if err != nil {
		return x, err
	}
	x.Views = views
	states, err := dealList.CountBy(ctx, q, "d.state", w)
	if err != nil {
		return x, err
	}
	for state, n := range states {
		x.Asked += n
		switch {
		case slices.Contains(contracted, state):
			x.Signed += n
		case state == Disputed, slices.Contains(dealing, state):
			x.Going += n
		case state == Refused, state == Broken:
			x.Ended += n
		}
	}
	x.Agreed, err = dealList.Count(ctx, q,
		w.And("d.demand_consent_us > 0 AND d.supply_consent_us > 0"), 0)
	if err != nil {
		return x, err
	}
	if x.Classes, err = dealList.CountBy(ctx, q, "d.class", w.And("d.class <> ''")); err != nil {
		return x, err
	}
	page, err := db.List(ctx, q, dealList, w.And("d.class <> ''"), dealList.Order("updated"),
		db.PageReq{Limit: feedbackReasons}, scanDeal)
	if err != nil {
		return x, err
	}
	for _, d := range page.Items {
		x.Reasons = append(x.Reasons, FeedbackReason{d.Class, d.NextStep, d.ID, d.Code, d.UpdatedUs})
	}
	x.AnswerUs, err = medianAnswer(ctx, q, w)
	return x, err
}

// MyFeedback returns what the market said to the posts of the actor's organisation that somebody
// asked about, those with the latest news first, and after them those that were only opened. The days
// are those of the views; without any, the last 30.
func (s *Service) MyFeedback(
	ctx context.Context, by authz.Actor, from, to clock.Date,
) ([]Feedback, error) {
	from, to, err := s.opt.Market.ViewRange(from, to)
	if by.Org == "" || err != nil {
		return nil, err
	}
	asked, err := s.askedPosts(ctx, by)
	if err != nil {
		return nil, err
	}
	opened, _, err := s.opt.Market.MostViewed(ctx, by.Org, from, to)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var out []Feedback
	for _, postID := range append(asked, opened...) {
		if seen[postID] || len(out) == feedbackReasons {
			continue
		}
		seen[postID] = true
		p, err := s.opt.Market.GetPost(ctx, by, postID)
		if err != nil {
			continue // it was taken away meanwhile
		}
		x, err := s.feedback(ctx, p, from, to)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// askedPosts are the posts of the actor's organisation that introductions are about, those with the
// latest news first.
func (s *Service) askedPosts(ctx context.Context, by authz.Actor) ([]string, error) {
	f := DealFilter{Org: by.Org}
	page, err := s.ListDeals(ctx, by, f, "", db.PageReq{Limit: db.MaxLimit})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range page.Items {
		own := d.Demand
		if d.Supply.Now == by.Org {
			own = d.Supply
		}
		if own.Post != "" {
			out = append(out, own.Post)
		}
	}
	return out, nil
}

// dayUs is a day in microseconds.
const dayUs = int64(24 * 60 * 60 * 1_000_000)

// answerList is how long the first answers took, endList how long it took to an end.
var (
	answerList = db.Select(`d.answer_us - d.created_us`, dealFrom,
		db.Order{Name: "took", Cols: []db.Col{db.IntCol("d.answer_us - d.created_us"),
			db.TextCol("d.id")}})
	endList = db.Select(`d.end_us - d.created_us`, dealFrom,
		db.Order{Name: "took", Cols: []db.Col{db.IntCol("d.end_us - d.created_us"),
			db.TextCol("d.id")}})
)

// medianAnswer is the median time from the request to the first answer, 0 when nobody answered.
func medianAnswer(ctx context.Context, q db.Q, w db.Where) (int64, error) {
	return median(ctx, q, answerList, w.And("d.answer_us > 0"))
}

// median is the one in the middle of what a list has in its order, 0 for none.
func median(ctx context.Context, q db.Q, list *db.Selection, w db.Where) (int64, error) {
	var took []int64
	err := db.Stream(ctx, q, list, w, list.Order(""), 0,
		db.One[int64], func(us int64) error {
			took = append(took, us)
			return nil
		})
	n := len(took)
	switch {
	case err != nil || n == 0:
		return 0, err
	case n%2 == 1:
		return took[n/2], nil
	default:
		return (took[n/2-1] + took[n/2]) / 2, nil
	}
}

// Days are microseconds in whole days, half a day counting as one.
func Days(us int64) int64 { return (us + dayUs/2) / dayUs }
