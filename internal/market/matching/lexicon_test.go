package matching_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/matching"
)

// nights runs the nightly job of a process that keeps its state in the folder of the lab.
type nights struct {
	*lab
	program string
}

// night learns once, and returns from how many posts, and the edition that holds then.
func (n *nights) night() (int, matching.Lexicon) {
	n.t.Helper()
	ctx := n.t.Context()
	n.s = matching.New(n.unit, matching.Options{Market: n.market, Dir: n.dir, Program: n.program})
	desk := job.NewDesk(n.unit)
	jobs := job.NewRunner(n.unit, desk, job.Options{})
	n.s.RegisterJobs(jobs)
	id, err := n.s.StartLearning(ctx, officer)
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := jobs.RunDue(ctx); err != nil {
		n.t.Fatal(err)
	}
	j, err := desk.Get(ctx, officer, id)
	if err != nil || j.State != job.Done {
		n.t.Fatalf("%+v, %v", j, err)
	}
	var result struct{ Learned int }
	if err := json.Unmarshal(j.Result, &result); err != nil {
		n.t.Fatal(err)
	}
	x, err := n.s.WordsOf(ctx, officer)
	if err != nil {
		n.t.Fatal(err)
	}
	return result.Learned, x
}

// A night learns from what is new, changed or gone since the last, and finds what it would find if it learned all
// anew; it does that where nothing fit is kept.
func TestNightLearnsWhatChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := &nights{newLab(t, d), "1"}
		posts := coined(480)
		n.put(posts...)
		learned := func(want int, why string) matching.Lexicon {
			t.Helper()
			got, x := n.night()
			if got != want {
				t.Errorf("%s: learned from %d posts, want %d", why, got, want)
			}
			return x
		}
		first := learned(480, "the first night")
		if !slices.ContainsFunc(first.Some, func(w string) bool { return strings.Contains(w, "氮化硼") }) {
			t.Errorf("learned %v", first.Some)
		}
		learned(0, "a night without a change")
		for i := range posts[:60] {
			switch i % 3 {
			case 0:
				posts[i].State = market.Withdrawn
			case 1:
				posts[i].Text += "另需镁铝合金压铸件。"
			case 2:
				posts[i].Visibility, posts[i].Text = market.Named, posts[i].Text+"密文"
			}
		}
		more := coined(500)[480:]
		n.put(append(slices.Clone(posts[:60]), more...)...)
		second := learned(80, "60 changed and 20 new ones")
		if kept := matching.LearnedFrom(n.s); len(kept) != 460 || slices.Contains(kept, posts[0].ID) {
			t.Errorf("%d texts are kept", len(kept))
		}
		state := filepath.Join(n.dir, matching.WordsFile)
		data, err := os.ReadFile(state)
		if err != nil {
			t.Fatal(err)
		}
		spoil := func(data []byte) {
			t.Helper()
			if err := os.WriteFile(state, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		same := func(want int, why string) {
			t.Helper()
			if x := learned(want, why); x.Number != second.Number || x.Posts != second.Posts {
				t.Errorf("%s: %+v, had %+v", why, x, second)
			}
		}
		if err := os.Remove(state); err != nil {
			t.Fatal(err)
		}
		same(460, "nothing is kept")
		bad := slices.Clone(data)
		bad[len(bad)/2] ^= 1
		spoil(bad)
		same(460, "a damaged file")
		spoil(data[:100])
		same(460, "half a file")
		n.program = "2"
		same(460, "another version of the program")
		matching.ForgeWords(t, n.s)
		posts[100].Text += "新的一句。"
		n.put(posts[100])
		if got, _ := n.night(); got != 460 {
			t.Errorf("a state that lies: learned from %d posts", got)
		}
	})
}
