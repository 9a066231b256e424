package atlas

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
)

// Record is a node with everything its page on the map shows.
type Record struct {
	Node
	Marks   []Mark  `json:"marks"` // what people said of its class
	Rule    Rule    `json:"rule"`  // by which it is sorted otherwise
	Ties    []Tally `json:"ties"`  // by kind of edge
	MayMark bool    `json:"mayMark"`
	Open    int64   `json:"openCorrections"` // that the reader may read
}

// GetNode returns a node with who said what of it.
func (s *Service) GetNode(ctx context.Context, by authz.Actor, nodeID string) (Record, error) {
	n, err := s.node(ctx, by, nodeID)
	if err != nil {
		return Record{}, err
	}
	r := Record{Node: n, Marks: []Mark{}, Ties: []Tally{}}
	if r.Rule, err = ruleAt(ctx, s.unit.DB(), s.day()); err != nil {
		return r, err
	}
	r.Rule.RuleParams = RuleParams{}
	if !n.Limited {
		marks, err := marksOf(ctx, s.unit.DB(), []string{n.ID})
		if err != nil {
			return r, err
		}
		r.Marks = append(r.Marks, marks...)
		r.MayMark = MarkPolicy.May(by, ActMarkSet, n.Region) == nil
	}
	if n.Class == Org || n.Class == Person {
		if r.Ties, err = s.ties(ctx, by, n.ID); err != nil {
			return r, err
		}
	}
	r.Open, err = s.openCorrections(ctx, by, n.ID)
	return r, err
}
