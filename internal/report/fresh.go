package report

import (
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Stale is a figure whose source says something else by now.
type Stale struct {
	N    int64  `json:"n"`
	Name string `json:"name"`
	Was  string `json:"was"`
	Now  string `json:"now"` // "" = the source has none any more
}

// stale compares the figures of a draft with their sources as they are.
func (s *Service) stale(ctx context.Context, r Report, figures []Figure) ([]Stale, error) {
	c, err := s.compose(ctx, r)
	if err != nil {
		return nil, err
	}
	out := []Stale{}
	for _, f := range figures {
		x, known := c.offers[f.Key]
		if known && sameNumber(x.Value, f.Value) && x.Unit == f.Unit && x.Op == f.Op && x.To == f.To {
			continue
		}
		y := Stale{N: f.N, Name: f.Name, Was: f.When + f.Shown()}
		if known {
			y.Now = x.When + x.Shown()
		}
		out = append(out, y)
	}
	return out, nil
}

// RefreshFigures puts the numbers of today into the words of a draft, and their dates. It is refused
// where the words would no longer fit: a rise that became a fall.
func (s *Service) RefreshFigures(ctx context.Context, by authz.Actor, reportID string, version int64) (Report, error) {
	r, err := s.readReport(ctx, s.unit.DB(), by, reportID)
	if err != nil {
		return Report{}, err
	}
	r.Day = s.today()
	c, err := s.compose(ctx, r)
	if err != nil {
		return Report{}, err
	}
	return s.writing(ctx, by, "report.RefreshFigures", reportID, version, "figures",
		func(old Report, figures []Figure) (Report, []Figure, error) {
			out := old
			out.Day = r.Day
			var fresh []Figure
			out.Text, fresh = renewed(old, figures, c.offers)
			for i, p := range out.Places {
				if at := slices.IndexFunc(fresh, func(f Figure) bool { return f.N == p.N }); at >= 0 {
					out.Places[i].Shown = fresh[at].Shown()
				}
				if p.Figure == nil {
					continue
				}
				if f, there := c.offers[p.Figure.Key]; there {
					out.Places[i].Shown, out.Places[i].Figure = f.Shown(), &f
				}
			}
			if !checkText(out, fresh).Clean() {
				return out, nil, fault.New(fault.Conflict, "数字变化后句子不再成立，请重新生成全文或先改文字")
			}
			return out, fresh, nil
		})
}

// renewed writes new numbers and times over the old ones.
func renewed(old Report, figures []Figure, offers map[string]Figure) (string, []Figure) {
	var fresh []Figure
	now := map[int64]Figure{}
	times := map[string]string{dayText(old.Day): ""}
	for _, f := range figures {
		x, known := offers[f.Key]
		if !known {
			x = f
		}
		x.N = f.N
		fresh = append(fresh, x)
		now[f.N] = x
		times[f.When] = x.When
	}
	var b strings.Builder
	for _, p := range checkText(old, figures).pieces {
		if x, is := now[p.N]; is && p.Mark == "" {
			p.Text = x.Written
		}
		b.WriteString(p.Text)
	}
	var words []string
	for was, is := range times {
		if was != "" && is != "" && was != is {
			words = append(words, was)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, was := range words {
		pairs = append(pairs, was, times[was])
	}
	return strings.NewReplacer(pairs...).Replace(b.String()), fresh
}

// Recompose writes a draft anew from its template and the figures of today; what people wrote is gone
// from the text and stays in the audit trail.
func (s *Service) Recompose(ctx context.Context, by authz.Actor, reportID string, version int64) (Report, error) {
	r, err := s.readReport(ctx, s.unit.DB(), by, reportID)
	if err != nil {
		return Report{}, err
	}
	r.Day = s.today()
	c, err := s.compose(ctx, r)
	if err != nil {
		return Report{}, err
	}
	if len(c.known) == 0 {
		return Report{}, fault.New(fault.Conflict, "所选内容还没有数字可写")
	}
	return s.writing(ctx, by, "report.Recompose", reportID, version, "composed",
		func(old Report, _ []Figure) (Report, []Figure, error) {
			old.Day, old.Text, old.Untold, old.Places = r.Day, c.body, c.untold, c.places
			return old, c.known, nil
		})
}
