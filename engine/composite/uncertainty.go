package composite

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
)

// Uncertainty says which choices of a build are varied, to see what depends on them.
type Uncertainty struct {
	Runs    int      `json:"runs"` // variants; of Sensitivity: base points
	Seed    uint64   `json:"seed"`
	Factors []Factor `json:"factors"`
}

// Factor is one choice with its alternatives. Exactly one of the lists, or Spread, is set.
type Factor struct {
	Name      string            `json:"name"`
	Impute    []Imputation      `json:"impute,omitempty"`
	Treat     []Treatment       `json:"treat,omitempty"`
	Normalise [][]Normalisation `json:"normalise,omitempty"`
	Aggregate [][]Aggregation   `json:"aggregate,omitempty"`
	// LeaveOut leaves out one of these nodes, or none for "".
	LeaveOut []string `json:"leaveOut,omitempty"`
	// Spread varies the weights of a level evenly by up to this part of themselves: 0.25 is ±25 %.
	Spread float64 `json:"spread,omitempty"`
	Level  int     `json:"level,omitempty"` // of Spread
}

// Limits of an analysis.
const (
	MaxRuns    = 20_000
	MaxFactors = 12
)

func (f Factor) choices() int {
	return max(len(f.Impute), len(f.Treat), len(f.Normalise), len(f.Aggregate), len(f.LeaveOut))
}

func (u Uncertainty) check() error {
	if u.Runs < 2 || u.Runs > MaxRuns {
		return fmt.Errorf("%d runs, 2 to %d are possible", u.Runs, MaxRuns)
	}
	if len(u.Factors) == 0 || len(u.Factors) > MaxFactors {
		return fmt.Errorf("%d factors, 1 to %d are possible", len(u.Factors), MaxFactors)
	}
	for _, f := range u.Factors {
		kinds := 0
		for _, is := range []bool{len(f.Impute) > 0, len(f.Treat) > 0, len(f.Normalise) > 0,
			len(f.Aggregate) > 0, len(f.LeaveOut) > 0, f.Spread != 0} {
			if is {
				kinds++
			}
		}
		if kinds != 1 || f.Spread < 0 || f.Spread > 1 || f.Spread > 0 && f.Level < 1 {
			return fmt.Errorf("factor %q must vary exactly one thing", f.Name)
		}
	}
	return nil
}

// vary returns the spec in which each factor has taken the alternative that a number from 0 to 1
// stands for.
func (u Uncertainty) vary(s Spec, at []float64) Spec {
	s.Steps, s.Nodes = slices.Clone(s.Steps), slices.Clone(s.Nodes)
	for i, f := range u.Factors {
		if f.Spread > 0 {
			f.spread(s.Nodes, at[i])
			continue
		}
		n := min(int(at[i]*float64(f.choices())), f.choices()-1)
		if len(f.LeaveOut) > 0 {
			for k := range s.Nodes {
				if s.Nodes[k].Code == f.LeaveOut[n] {
					s.Nodes[k].Weight = 0
				}
			}
			continue
		}
		for k, st := range s.Steps {
			switch kind := st.Kind(); {
			case kind == StepImpute && len(f.Impute) > 0:
				s.Steps[k] = Step{Impute: f.Impute[n]}
			case kind == StepTreat && len(f.Treat) > 0:
				s.Steps[k] = Step{Treat: &f.Treat[n]}
			case kind == StepNormalise && len(f.Normalise) > 0:
				s.Steps[k] = Step{Normalise: f.Normalise[n]}
			case kind == StepAggregate && len(f.Aggregate) > 0:
				s.Steps[k] = Step{Aggregate: f.Aggregate[n]}
			}
		}
	}
	return s
}

// spread moves each weight of a level on its own: one number stands for all of the moves.
func (f Factor) spread(nodes []Node, at float64) {
	r := random{state: math.Float64bits(at)}
	for k := range nodes {
		if nodes[k].Level == f.Level {
			nodes[k].Weight *= 1 + f.Spread*(2*r.next()-1)
		}
	}
}

// Interval says where a unit's rank and score lie over the variants.
type Interval struct {
	Unit    string  `json:"unit"`
	Nominal float64 `json:"nominal"` // rank of the build itself
	Mean    float64 `json:"mean"`
	Median  float64 `json:"median"`
	Low     float64 `json:"low"`   // 5 % of the ranks are better
	High    float64 `json:"high"`  // 5 % are worse
	First   float64 `json:"first"` // share of the variants in which it is first
}

// Vary runs variants of a build and says how far the ranks depend on the choices. ok is called with
// the number of variants done and stops the work with its error. The result does not depend on how
// many processors there are.
func Vary(spec Spec, data Data, u Uncertainty, ok func(done int) error) ([]Interval, error) {
	if err := u.check(); err != nil {
		return nil, err
	}
	base, err := Run(spec, data)
	if err != nil {
		return nil, err
	}
	points := make([][]float64, u.Runs)
	r := random{state: u.Seed}
	for i := range points {
		points[i] = r.point(len(u.Factors))
	}
	runs, err := u.all(spec, data, points, ok)
	if err != nil {
		return nil, err
	}
	out := make([]Interval, len(base.Scores.Units))
	for i, unit := range base.Scores.Units {
		var list []float64
		first := 0
		for _, run := range runs {
			if v, there := run[unit]; there && !missing(v) {
				list = append(list, v)
				if v == 1 {
					first++
				}
			}
		}
		slices.Sort(list)
		out[i] = Interval{Unit: unit, Nominal: base.Ranks[i], Mean: mean(list),
			Median: quantile(list, 0.5), Low: quantile(list, 0.05), High: quantile(list, 0.95),
			First: share(first, len(list))}
	}
	return out, nil
}

// all runs the variants and returns the ranks of each.
func (u Uncertainty) all(
	spec Spec, data Data, points [][]float64, ok func(int) error,
) ([]map[string]float64, error) {
	out, errs := make([]map[string]float64, len(points)), make([]error, len(points))
	var mu sync.Mutex
	var next, done int
	var stop error
	kept := &beginnings{of: map[string]*beginning{}}
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		if stop != nil || next == len(points) {
			return -1
		}
		next++
		return next - 1
	}
	finished := func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		if ok != nil && stop == nil {
			stop = ok(done)
		}
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(points)) {
		wg.Go(func() {
			for i := take(); i >= 0; i = take() {
				b, err := kept.run(u, spec, data, points[i])
				if errs[i] = err; err == nil {
					out[i] = make(map[string]float64, len(b.Ranks))
					for k, unit := range b.Scores.Units {
						out[i][unit] = b.Ranks[k]
					}
				}
				finished()
			}
		})
	}
	wg.Wait()
	if stop != nil {
		return nil, stop
	}
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("a variant cannot be built: %w", err)
		}
	}
	return out, nil
}

// beginnings keeps what variants have in common: those with the same choices up to the normalisation
// have the same values there, whatever their weights.
type beginnings struct {
	mu sync.Mutex
	of map[string]*beginning
}

type beginning struct {
	once  sync.Once
	build *Build
	left  *Table
	at    int
	err   error
}

// run builds one variant.
func (k *beginnings) run(u Uncertainty, spec Spec, data Data, point []float64) (*Build, error) {
	varied := u.vary(spec, point)
	key := u.picks(point)
	k.mu.Lock()
	from := k.of[key]
	if from == nil {
		from = &beginning{}
		k.of[key] = from
	}
	k.mu.Unlock()
	from.once.Do(func() { from.build, from.left, from.at, from.err = begin(varied, data) })
	if from.err != nil {
		return nil, from.err
	}
	tree, err := NewTree(varied.Nodes)
	if err != nil {
		return nil, err
	}
	b := *from.build
	b.Spec, b.Tree, b.Weights = varied, tree, nil
	b.Stages, b.Screened = slices.Clip(b.Stages), slices.Clip(b.Screened)
	b.Filled, b.Treated = slices.Clip(b.Filled), slices.Clip(b.Treated)
	return b.finish(from.left, from.at, data)
}

// picks names the alternatives of a point that steps before the weights take.
func (u Uncertainty) picks(point []float64) string {
	var key []byte
	for i, f := range u.Factors {
		if len(f.Impute)+len(f.Treat)+len(f.Normalise) > 0 {
			key = append(key, byte(min(int(point[i]*float64(f.choices())), f.choices()-1)))
		}
	}
	return string(key)
}

// Influence says how much of the change of ranks is one factor's doing.
type Influence struct {
	Factor string  `json:"factor"`
	First  float64 `json:"first"` // alone (first-order index of Sobol)
	Total  float64 `json:"total"` // with all that it does together with others
}

// Sensitivity splits the variance of the mean shift of ranks against the build itself between the
// factors, by the estimators of Saltelli (2010) and Jansen (1999). It runs u.Runs·(factors + 2) variants.
func Sensitivity(spec Spec, data Data, u Uncertainty, ok func(done int) error) ([]Influence, error) {
	if err := u.check(); err != nil {
		return nil, err
	}
	k := len(u.Factors)
	if u.Runs*(k+2) > MaxRuns {
		return nil, fmt.Errorf("%d variants, at most %d are possible", u.Runs*(k+2), MaxRuns)
	}
	base, err := Run(spec, data)
	if err != nil {
		return nil, err
	}
	r := random{state: u.Seed}
	var points [][]float64
	for range 2 * u.Runs {
		points = append(points, r.point(k))
	}
	a, b := points[:u.Runs:u.Runs], points[u.Runs:2*u.Runs]
	for f := range k {
		for i := range u.Runs {
			p := slices.Clone(a[i])
			p[f] = b[i][f]
			points = append(points, p)
		}
	}
	runs, err := u.all(spec, data, points, ok)
	if err != nil {
		return nil, err
	}
	y := make([]float64, len(runs))
	for i, run := range runs {
		y[i] = shift(base, run)
	}
	ya, yb := y[:u.Runs], y[u.Runs:2*u.Runs]
	all := variance(y[:2*u.Runs])
	out := make([]Influence, k)
	for f := range k {
		yab := y[(2+f)*u.Runs : (3+f)*u.Runs]
		var first, total float64
		for i := range u.Runs {
			first += yb[i] * (yab[i] - ya[i])
			total += (ya[i] - yab[i]) * (ya[i] - yab[i])
		}
		out[f].Factor = u.Factors[f].Name
		if all > 0 {
			out[f].First = first / float64(u.Runs) / all
			out[f].Total = total / float64(u.Runs) / 2 / all
		}
	}
	return out, nil
}

// shift is the mean of how many places units moved.
func shift(base *Build, ranks map[string]float64) float64 {
	var moved float64
	n := 0
	for i, unit := range base.Scores.Units {
		v, there := ranks[unit]
		if there && !missing(v) && !missing(base.Ranks[i]) {
			moved += math.Abs(v - base.Ranks[i])
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return moved / float64(n)
}

// random makes the same numbers from the same seed everywhere (SplitMix64).
type random struct{ state uint64 }

// next returns a number from 0 to below 1.
func (r *random) next() float64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}

func (r *random) point(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = r.next()
	}
	return out
}
