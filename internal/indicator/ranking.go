package indicator

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// RankingData is what people write about a place in a ranking.
type RankingData struct {
	Name      string       `json:"name"`
	Publisher string       `json:"publisher,omitempty"` // "" when it is not known
	Year      int64        `json:"year"`                // of the edition
	DataYear  int64        `json:"dataYear,omitempty"`  // of the data, 0 when not said
	Region    region.Code  `json:"region"`
	Place     int64        `json:"place,omitempty"` // 0 when only a band is known
	Of        int64        `json:"of,omitempty"`    // how many are ranked, 0 when not said
	Band      string       `json:"band,omitempty"`  // as published, when there is no place
	Score     plan.Decimal `json:"score,omitempty"`
	Source    string       `json:"source"` // where it was read
	URL       string       `json:"url,omitempty"`
	Day       clock.Date   `json:"day,omitempty"` // published on
	Mark      string       `json:"mark"`          // Verified or Shaky
	Note      string       `json:"note,omitempty"`
}

// Ranking (外部排名) is a place that somebody else gave. It is stored and never computed.
type Ranking struct {
	ID string `json:"id"`
	RankingData
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
}
