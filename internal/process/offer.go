package process

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Offer is one step as a person sees it: a button, on or off.
type Offer struct {
	Step    string
	Title   string // key of package i18n
	To      string
	Needs   Needs
	Allowed bool
	WhyNot  *fault.Error // set when not allowed; of kind Forbidden when the step is not theirs
	DueUs   int64        // by when it should be taken, 0 = no limit runs
}

// available is Available.
func (p *machine) available(
	ctx context.Context, q db.Q, by authz.Actor, x any,
) ([]Offer, error) {
	at := p.def.Store.At(x)
	runs, err := p.running(ctx, q, at.ID)
	if err != nil {
		return nil, err
	}
	var out []Offer
	for _, s := range p.def.Steps {
		if !slices.Contains(s.From, at.State) {
			continue
		}
		o := Offer{Step: s.Name, Title: s.Title, To: s.target(at.State), Needs: s.Needs,
			DueUs: p.due(runs, s.target(at.State))}
		err := p.def.Policy.May(by, s.May, x)
		if err == nil && s.Guard != nil {
			err = s.Guard(x)
		}
		why, isFault := fault.As(err)
		if err != nil && !isFault {
			return nil, err
		}
		o.Allowed, o.WhyNot = err == nil, why
		out = append(out, o)
	}
	return out, nil
}

func (p *machine) running(ctx context.Context, q db.Q, id string) ([]Run, error) {
	return db.All(ctx, q, qRunsOpen, scanRun, p.def.Name, id)
}

// due is the earliest deadline that a step to the given state would meet.
func (p *machine) due(runs []Run, to string) int64 {
	var earliest int64
	for _, r := range runs {
		c, known := p.clock(r.Clock)
		if !known || r.PausedUs != 0 || slices.Contains(c.In, to) {
			continue
		}
		if earliest == 0 || r.DueUs < earliest {
			earliest = r.DueUs
		}
	}
	return earliest
}
