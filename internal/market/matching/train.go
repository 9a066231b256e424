package matching

import (
	"cmp"
	"context"
	"hash/fnv"
	"math"
	"slices"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
)

// From how many judged pairs, and from how many needs with a judged pair that fits and one that does
// not, weights are fitted. Fewer tell more about the pairs than about weights: halves of 113 needs
// already differ by 0.07 (docs/evaluation.md).
const (
	MinPairs = 200
	MinNeeds = 40
)

// maxJudged bounds the pairs that are read.
const maxJudged = 20_000

// An outcome says more than what somebody thought, and the best of several counts.
var qJudged = db.Stmt(`SELECT j.need, j.offer,
		MAX(CASE WHEN j.source = 'outcome' THEN 10 + j.grade ELSE j.grade END)
	FROM matching_judgement AS j GROUP BY j.need, j.offer ORDER BY j.need, j.offer LIMIT $1`)

// lesson is a judged pair with its signals.
type lesson struct {
	grade                      int
	share, cover, near, beside float64
}

func (l *lesson) score(w WeightSet) float64 {
	return w.Share*l.share + w.Cover*l.cover + w.Near*l.near + w.Beside*l.beside
}

// lessons returns the judged pairs of each need that has some which fit and some which do not.
func (s *Service) lessons(ctx context.Context) (map[string][]lesson, int, error) {
	type judged struct {
		need, offer string
		grade       int64
	}
	list, err := db.All(ctx, s.db, qJudged, func(r db.Row) (judged, error) {
		var j judged
		return j, r.Scan(&j.need, &j.offer, &j.grade)
	}, int64(maxJudged))
	if err != nil {
		return nil, 0, err
	}
	out := map[string][]lesson{}
	for _, j := range list {
		l, ok, err := s.lesson(ctx, j.need, j.offer)
		if err != nil {
			return nil, 0, err
		}
		if ok {
			l.grade = int(j.grade % 10)
			out[j.need] = append(out[j.need], l)
		}
	}
	pairs := 0
	for need, l := range out {
		if !tells(l) {
			delete(out, need)
			continue
		}
		pairs += len(l)
	}
	return out, pairs, nil
}

// tells says whether a list has something to tell apart.
func tells(list []lesson) bool {
	return slices.ContainsFunc(list, func(l lesson) bool { return l.grade > gradeNot }) &&
		slices.ContainsFunc(list, func(l lesson) bool { return l.grade == gradeNot })
}

func (s *Service) lesson(ctx context.Context, needID, offerID string) (lesson, bool, error) {
	need, err := market.PostByID(ctx, s.db, needID)
	if err == nil {
		var offer market.Post
		if offer, err = market.PostByID(ctx, s.db, offerID); err == nil {
			m, ok, err := s.pair(ctx, houseActor, &need, &offer)
			return lesson{share: m.Signals.Share, cover: m.Signals.Cover, near: m.Signals.Near,
				beside: total(m.Reasons)}, ok, err
		}
	}
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return lesson{}, false, err
}

// fit is a set of weights with how it did on needs that the fitting had not seen.
type fit struct {
	set           WeightSet
	before, after float64
}

// folds is how many parts the needs are cut into: each is judged by weights fitted to the others.
const folds = 4

// fitted fits weights to all lists, and compares the way they are made with the weights in use: each
// part of the needs is ranked by weights that the other parts made.
func fitted(lists map[string][]lesson, now WeightSet) fit {
	var parts [folds][][]lesson
	var all [][]lesson
	needs := make([]string, 0, len(lists))
	for need := range lists {
		needs = append(needs, need)
	}
	slices.Sort(needs)
	for _, need := range needs {
		h := fnv.New32a()
		_, _ = h.Write([]byte(need)) // never fails
		k := h.Sum32() % folds
		parts[k] = append(parts[k], lists[need])
		all = append(all, lists[need])
	}
	out := fit{set: climb(all, usualWeights())}
	for k := range parts {
		var others [][]lesson
		for i := range parts {
			if i != k {
				others = append(others, parts[i]...)
			}
		}
		made := climb(others, usualWeights())
		out.before += gain(parts[k], now) * float64(len(parts[k])) / float64(len(all))
		out.after += gain(parts[k], made) * float64(len(parts[k])) / float64(len(all))
	}
	return out
}

// Steps of the climb: each weight is tried at these multiples of what it is.
var climbSteps = []float64{0, 0.5, 0.8, 1.25, 2}

// Limits of weights: with one that was 0 nothing would ever lead back, and none may drown the words.
const (
	leastWeight = 0.02
	mostWeight  = 2
	maxRounds   = 20
)

// climb changes one weight at a time for the better until none helps (coordinate ascent). That of
// words stays 1: only proportions count.
func climb(lists [][]lesson, from WeightSet) WeightSet {
	best, top := from, gain(lists, from)
	for range maxRounds {
		better := false
		for i := range 3 {
			for _, step := range climbSteps {
				try := best
				w := []*float64{&try.Cover, &try.Near, &try.Beside}[i]
				*w = min(mostWeight, max(*w, leastWeight)*step)
				// A change has to be worth more than chance.
				if g := gain(lists, try); g > top+1e-4 {
					best, top, better = try, g, true
				}
			}
		}
		if !better {
			break
		}
	}
	return best
}

// gainDepth is how many of a list count.
const gainDepth = 10

// gain is the mean nDCG@10 of lists ranked by weights, with the gain 2^grade − 1.
func gain(lists [][]lesson, w WeightSet) float64 {
	if len(lists) == 0 {
		return 0
	}
	sum := 0.0
	for _, l := range lists {
		ranked, ideal := slices.Clone(l), slices.Clone(l)
		slices.SortStableFunc(ranked, func(a, b lesson) int { return cmp.Compare(b.score(w), a.score(w)) })
		slices.SortStableFunc(ideal, func(a, b lesson) int { return cmp.Compare(b.grade, a.grade) })
		if best := discounted(ideal); best > 0 {
			sum += discounted(ranked) / best
		}
	}
	return sum / float64(len(lists))
}

func discounted(list []lesson) float64 {
	sum := 0.0
	for i, l := range list[:min(len(list), gainDepth)] {
		sum += (math.Exp2(float64(l.grade)) - 1) / math.Log2(float64(i)+2)
	}
	return sum
}
