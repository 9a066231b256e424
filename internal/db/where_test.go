package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// cond is a condition in both worlds: as a db.Where and as a Go function.
type cond struct {
	where db.Where
	holds func(lab) bool
	text  string
}

func randomCond(rng *rand.Rand, depth int) cond {
	if depth == 0 {
		return randomLeaf(rng)
	}
	kids := make([]cond, rng.IntN(4))
	for i := range kids {
		kids[i] = randomCond(rng, depth-1)
	}
	switch rng.IntN(4) {
	case 0:
		return and(kids)
	case 1:
		return or(kids)
	case 2:
		k := randomCond(rng, depth-1)
		return cond{db.Not(k.where), func(x lab) bool { return !k.holds(x) }, "not " + k.text}
	default:
		return randomLeaf(rng)
	}
}

func and(kids []cond) cond {
	var w db.Where
	for _, k := range kids {
		w = w.AndAll(k.where)
	}
	return cond{w, func(x lab) bool {
		return !slices.ContainsFunc(kids, func(k cond) bool { return !k.holds(x) })
	}, "and" + texts(kids)}
}

func or(kids []cond) cond {
	var ws []db.Where
	for _, k := range kids {
		ws = append(ws, k.where)
	}
	return cond{db.Or(ws...), func(x lab) bool {
		return slices.ContainsFunc(kids, func(k cond) bool { return k.holds(x) })
	}, "or" + texts(kids)}
}

func texts(kids []cond) string {
	var parts []string
	for _, k := range kids {
		parts = append(parts, k.text)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func randomLeaf(rng *rand.Rand) cond {
	name, n := labNames[rng.IntN(len(labNames))], rng.Int64N(7)-3
	switch rng.IntN(9) {
	case 0:
		return cond{db.Where{}, func(lab) bool { return true }, "everything"}
	case 1:
		return cond{db.Nothing(), func(lab) bool { return false }, "nothing"}
	case 2:
		return cond{db.Where{}.And("name = $1", name), func(x lab) bool { return x.Name == name },
			fmt.Sprintf("name=%q", name)}
	case 3:
		return cond{db.Where{}.And("n >= $1", n), func(x lab) bool { return x.N >= n },
			fmt.Sprintf("n>=%d", n)}
	case 4: // the arguments are used in another order, and one of them twice
		return cond{db.Where{}.And("n = $2 OR name < $1 OR n = $2 + 2", name, n),
			func(x lab) bool { return x.N == n || x.Name < name || x.N == n+2 },
			fmt.Sprintf("n in(%d,%d) or name<%q", n, n+2, name)}
	case 8:
		return cond{db.Exists("lab AS o", db.Where{}.And("o.id = lab.id").And("o.n < $1", n)),
			func(x lab) bool { return x.N < n }, fmt.Sprintf("exists n<%d", n)}
	case 5:
		return cond{db.Where{}.And("flag"), func(x lab) bool { return x.Flag }, "flag"}
	case 6:
		var vals []any
		for range rng.IntN(6) {
			vals = append(vals, rng.Int64N(7)-3)
		}
		return cond{db.Where{}.In("n", vals...), func(x lab) bool { return slices.Contains(vals, any(x.N)) },
			fmt.Sprintf("n in %v", vals)}
	default:
		return cond{db.Where{}.And("flag = $1", false).And("name <> $1", name),
			func(x lab) bool { return !x.Flag && x.Name != name }, fmt.Sprintf("!flag, name<>%q", name)}
	}
}

// Conditions put together at random choose the rows that the same conditions in Go choose.
func TestWhereIsWhatItSays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		seed := rand.Uint64()
		rng := rand.New(rand.NewPCG(seed, 1))
		all := makeLab(t, d, rng, 60)
		for range 300 {
			c := randomCond(rng, rng.IntN(4))
			var want []lab
			for _, x := range all {
				if c.holds(x) {
					want = append(want, x)
				}
			}
			page, err := db.List(t.Context(), d, labs, c.where, labs.Order("id"),
				db.PageReq{Limit: db.MaxLimit}, scanLab)
			if err != nil {
				t.Fatalf("seed %d, %s: %v", seed, c.text, err)
			}
			if diff := cmp.Diff(want, page.Items); diff != "" {
				t.Fatalf("seed %d, %s:\n%s", seed, c.text, diff)
			}
			n, err := labs.Count(t.Context(), d, c.where, 0)
			if err != nil || n != int64(len(want)) {
				t.Fatalf("seed %d, %s: counted %d, %v", seed, c.text, n, err)
			}
			n, err = labs.Count(t.Context(), d, c.where, 5)
			if err != nil || n != int64(min(5, len(want))) {
				t.Fatalf("seed %d, %s: counted %d up to 5, %v", seed, c.text, n, err)
			}
		}
	})
}

// Words are looked for as they are: the marks of LIKE are letters like others.
func TestHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d, nil, 0)
		for n, x := range []struct{ text, query, columns string }{
			{"新材料路演", "材料", "a"}, {"新材料路演", "路演  新", "a"}, {"Graphene Day", "GRAPHENE", "a"},
			{"100%_x", "100%_X", "a"}, {`a\b`, `a\b`, "a"}, {"新材料路演", "lab", "both"}, {"任意", "", "a"},
			{"新材料路演", "路演 对接", ""}, {"100x", "100%", ""}, {"axb", "a_b", ""}, {"路演", "路\x00", ""}, {"路演", "\xff", ""}, {"路演", `\`, ""},
		} {
			w := db.Where{}.Holds(x.query, "lab.name")
			if x.columns == "both" {
				w = db.Where{}.Holds(x.query, "lab.name", "'lab'")
			}
			mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
				return db.ExecOne(ctx, tx, qLabAdd, fmt.Sprint("holds-", n), x.text, int64(n), true)
			})
			got, err := labs.Count(t.Context(), d, w.And("lab.n = $1", int64(n)), 0)
			if want := int64(min(1, len(x.columns))); err != nil || got != want {
				t.Errorf("%q in %q: %d, %v, want %d", x.query, x.text, got, err, want)
			}
		}
	})
}

// And returns a new condition; the one it started from can be used again.
func TestWhereIsAValue(t *testing.T) {
	base := db.Where{}.And("n > $1", 1)
	one := base.And("name = $1", "a")
	two := base.And("name = $1", "b")
	if base.IsEverything() || !(db.Where{}).IsEverything() || !db.Or(db.Where{}, base).IsEverything() {
		t.Error("IsEverything")
	}
	if fmt.Sprint(one) == fmt.Sprint(two) || strings.Contains(fmt.Sprint(base), "name") {
		t.Errorf("%v and %v grew from %v", one, two, base)
	}
}

func TestCountBy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		all := makeLab(t, d, rand.New(rand.NewPCG(1, 2)), 50)
		want := map[string]int64{}
		for _, x := range all {
			if x.N > 0 {
				want[x.Name]++
			}
		}
		got, err := labs.CountBy(t.Context(), d, "name", db.Where{}.And("n > $1", 0))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A part counts of each group the rows for which it holds too; its parameters do not get into those of
// the whole.
func TestCountParts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := makeLab(t, d, rand.New(rand.NewPCG(11, 12)), 60)
		type counts struct{ N, Flagged, Ours, None int64 }
		want := map[string]counts{}
		for _, x := range all {
			if x.N < -1 {
				continue
			}
			c := want[x.Name]
			c.N++
			if x.Flag {
				c.Flagged++
			}
			if x.N == 2 || x.ID < "0030" {
				c.Ours++
			}
			want[x.Name] = c
		}
		got := map[string]counts{}
		parts := []db.Where{db.Where{}.And("flag"), db.Where{}.And("n = $1 OR id < $2", 2, "0030"), db.Nothing()}
		err := labs.CountParts(t.Context(), d, db.Where{}.And("n >= $1", -1), parts,
			func(values []string, n int64, of []int64) {
				got[values[0]] = counts{n, of[0], of[1], of[2]}
			}, "name")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
