package assess

import (
	"context"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Count scores all units of a round. While it is being scored the figures are taken anew; once the
// results are shown the figures stay as they were found, and only what was typed in since counts.
func (s *Service) Count(ctx context.Context, by authz.Actor, roundID string, version int64) (Round, error) {
	x, err := s.readRound(ctx, s.unit.DB(), by, roundID)
	if err != nil {
		return Round{}, err
	}
	if err := RoundPolicy.May(by, ActRoundRun, x); err != nil {
		return Round{}, err
	}
	found, err := s.collect(ctx, by, x)
	if err != nil {
		return Round{}, err
	}
	var out Round
	err = s.unit.Write(ctx, by, "assess.Count", func(tx *unit.Tx) error {
		x, err := s.running(ctx, tx, roundID, version, Scoring, Shown, Deciding)
		if err != nil {
			return err
		}
		for entryID, facts := range found {
			if err := db.ExecOne(ctx, tx.Tx, qEntryFound, entryID, encode(facts), tx.NowUs()); err != nil {
				return err
			}
		}
		list, subjects, err := s.subjects(ctx, tx, x)
		if err != nil {
			return err
		}
		for i, r := range Calculate(x.Params, subjects) {
			err := db.ExecOne(ctx, tx.Tx, qEntryResult, list[i].ID, encode(r), r.Rank, r.Grade)
			if err != nil {
				return err
			}
		}
		tx.Audit(audit.Entry{Kind: kindRound, Object: x.ID, What: "count",
			Detail: map[string]any{"units": len(list), "figures": len(found)}})
		tx.Emit(outbox.Event{Kind: EventCounted, Object: x.ID})
		if err := db.ExecOne(ctx, tx.Tx, qRoundCounted, x.ID, version, max(tx.NowUs(), x.MarkedUs)); err != nil {
			return err
		}
		out, err = roundByID(ctx, tx, x.ID)
		return err
	})
	return out, err
}

// collect asks for the figures of all units while a round is being scored.
func (s *Service) collect(ctx context.Context, by authz.Actor, x Round) (map[string]map[string][]Fact, error) {
	if x.State != Scoring || s.opt.Figures == nil {
		return nil, nil
	}
	list, err := db.All(ctx, s.unit.DB(), qEntries, scanEntry, x.ID)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string][]Fact{}
	for _, e := range list {
		if out[e.ID], err = s.opt.Figures.Figures(ctx, by, e.OrgNow, int(x.Year)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// subjects are the units of a round with everything their scores are made from.
func (s *Service) subjects(ctx context.Context, q db.Q, x Round) ([]Entry, []Subject, error) {
	list, err := db.All(ctx, q, qEntries, scanEntry, x.ID)
	if err != nil {
		return nil, nil, err
	}
	out := make([]Subject, len(list))
	for i, e := range list {
		out[i] = Subject{Group: e.Group, Facts: e.Facts, Marks: map[string]Mark{}}
		marks, err := db.All(ctx, q, qMarks, scanMark, e.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, m := range marks {
			out[i].Marks[m.Key] = m
		}
	}
	return list, out, nil
}

// differs counts again and names the units whose stored result is another one.
func (s *Service) differs(ctx context.Context, q db.Q, x Round) ([]string, error) {
	if x.ComputedUs == 0 || x.MarkedUs > x.ComputedUs {
		return nil, nil
	}
	list, subjects, err := s.subjects(ctx, q, x)
	if err != nil {
		return nil, err
	}
	var out []string
	for i, r := range Calculate(x.Params, subjects) {
		stored, err := json.Marshal(list[i].Result)
		if err != nil {
			return nil, err
		}
		if string(stored) != encode(r) {
			out = append(out, list[i].OrgName)
		}
	}
	return out, nil
}
