package matching

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

var qOutcomesDrop = db.Stmt(`DELETE FROM matching_judgement WHERE source = 'outcome'`)

// Follower returns the consumer that keeps what came of introductions: both sides agreed to talk, they
// signed, or one of them said that the subject does not fit. What ended for another reason says
// nothing about the pair. Introductions that were taken over from elsewhere teach as those made here do.
func (s *Service) Follower() outbox.Consumer {
	return outbox.Consumer{
		Name: "matching.outcomes",
		Kinds: []string{deal.EventDealMoved, deal.EventDealSigned, deal.EventDealEnded,
			deal.EventDealAdopted},
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				if err := keepOutcome(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		},
		Reset: func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, qOutcomesDrop)
			return err
		},
	}
}

func keepOutcome(ctx context.Context, tx *db.Tx, e outbox.Stored) error {
	var demand, supply string
	grade := int64(-1)
	switch e.Kind {
	case deal.EventDealEnded:
		var x deal.Ended
		if json.Unmarshal(e.Data, &x) == nil && unfit(x.Class) {
			demand, supply, grade = x.Demand, x.Supply, gradeNot
		}
	case deal.EventDealAdopted:
		var x deal.Adoption
		if len(e.Data) > 0 && json.Unmarshal(e.Data, &x) == nil {
			demand, supply, grade = x.Demand, x.Supply, adoptedGrade(x)
		}
	default:
		var x deal.Moved
		if json.Unmarshal(e.Data, &x) != nil {
			return nil // of an older form
		}
		demand, supply = x.Demand, x.Supply
		switch {
		case e.Kind == deal.EventDealSigned:
			grade = gradeSigned
		case x.State == deal.Talking:
			grade = gradeTalked
		}
	}
	if grade < 0 || demand == "" || supply == "" {
		return nil
	}
	return judge(ctx, tx, demand, supply, fromOutcome, "", grade, e.AtUs)
}

// adoptedGrade is what an introduction says that was taken over where it stands, -1 for nothing: as if each
// step up to there had been taken here.
func adoptedGrade(x deal.Adoption) int64 {
	switch x.State {
	case deal.Talking, deal.Intention, deal.Drafting:
		return gradeTalked
	case deal.Signed, deal.Disputed, deal.Registered, deal.Kept:
		return gradeSigned
	case deal.Refused, deal.Broken:
		if unfit(x.Class) {
			return gradeNot
		}
		if x.State == deal.Broken {
			return gradeTalked
		}
	}
	return -1
}

// unfit says whether an introduction ended because the one does not do what the other needs.
func unfit(class string) bool { return class == "immature" || class == "parameters" }
