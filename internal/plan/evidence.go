package plan

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Phrase is how documents name an indicator.
type Phrase struct {
	Text  string `json:"text"`
	Count int    `json:"count"` // statements that do
}

// IndicatorEvidence is what documents in force say about an indicator: the statements that are
// linked to it and stand, in documents that the actor may read.
type IndicatorEvidence struct {
	Facts   []Place  `json:"facts"`   // the latest period first
	Aims    []Place  `json:"aims"`    // targets as the documents state them
	Phrases []Phrase `json:"phrases"` // the most frequent first
}

// maxEvidence bounds the statements of one indicator that are shown.
const maxEvidence = 500

var qEvidence = db.Stmt(`SELECT ` + statementColumns + ` FROM plan_statement AS s
	JOIN plan_document AS d ON d.id = s.document
	WHERE s.definition = $1 AND s.definition <> '' AND s.state IN ('accepted', 'corrected')
		AND d.superseded_by = ''
	ORDER BY s.to_day DESC, s.from_day DESC, d.day DESC, s.id LIMIT $2`)

// IndicatorSaid returns what documents say about an indicator over time, each with its words.
func (s *Service) IndicatorSaid(
	ctx context.Context, by authz.Actor, indicatorID string,
) (IndicatorEvidence, error) {
	var out IndicatorEvidence
	if _, err := s.GetIndicator(ctx, by, indicatorID); err != nil {
		return out, err
	}
	q := s.unit.DB()
	list, err := db.All(ctx, q, qEvidence, scanStatement, indicatorID, int64(maxEvidence))
	if err != nil {
		return out, err
	}
	places, err := readable(ctx, q, &by, list)
	for _, p := range places {
		if p.Kind == Fact {
			out.Facts = append(out.Facts, p)
		} else {
			out.Aims = append(out.Aims, p)
		}
		at := slices.IndexFunc(out.Phrases, func(x Phrase) bool { return x.Text == p.Indicator })
		if at < 0 {
			out.Phrases = append(out.Phrases, Phrase{p.Indicator, 1})
		} else {
			out.Phrases[at].Count++
		}
	}
	slices.SortStableFunc(out.Phrases, func(a, b Phrase) int { return b.Count - a.Count })
	return out, err
}
