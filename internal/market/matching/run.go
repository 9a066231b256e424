package matching

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Kinds of jobs.
const (
	JobRun   = "matching.run"
	jobWeek  = "matching.week"
	jobSaved = "matching.saved"
	jobIndex = "matching.index"
)

const (
	weekAt   = "06:30"
	savedAt  = "07:00"
	indexAt  = "04:30"
	runLimit = 6 * time.Hour
	// postsRun is how many posts are matched in one step of a run; what they brought and how far the
	// run is are stored together.
	postsRun = 50
	// topRun is how many matches of a post are kept.
	topRun = 10
	// leastRun is the lowest score that is kept: the lowest line that people may choose.
	leastRun = 0.15
)

// RegisterJobs gives the runner the work of this room.
func (s *Service) RegisterJobs(r *job.Runner) {
	r.Handle(JobRun, runLimit, s.runMatching)
	r.Handle(jobChallenge, time.Hour, s.matchChallenge)
	r.Handle(jobWeek, 0, func(ctx context.Context, _ *job.Run) error {
		if s.unit.Clock().Now().In(clock.Shanghai).Weekday() != time.Monday {
			return nil
		}
		return s.db.Write(ctx, func(tx *db.Tx) error {
			_, _, err := job.Add(ctx, tx, s.nowUs(), job.Spec{Kind: JobRun, UniqueKey: JobRun})
			return err
		})
	})
	r.Daily(jobWeek, weekAt, job.Spec{Kind: jobWeek})
	r.Handle(jobSaved, time.Hour, func(ctx context.Context, run *job.Run) error {
		n, err := s.LookForSaved(ctx)
		if err != nil {
			return err
		}
		return run.Result(map[string]int{"told": n})
	})
	r.Daily(jobSaved, savedAt, job.Spec{Kind: jobSaved})
	// Words and vectors learned from a market that has changed since are learned anew.
	r.Handle(jobIndex, time.Hour, func(ctx context.Context, run *job.Run) error {
		changed, err := s.learnWords(ctx, run)
		if err != nil {
			return err
		}
		if err := s.Rebuild(ctx); err != nil {
			return err
		}
		return run.Result(map[string]int{"learned": changed})
	})
	r.Daily(jobIndex, indexAt, job.Spec{Kind: jobIndex})
}

// Run is one run of the matching of all posts.
type Run struct {
	ID        string `json:"id"`
	SinceUs   int64  `json:"sinceUs"`
	StartedUs int64  `json:"startedUs"`
	EndedUs   int64  `json:"endedUs,omitempty"` // 0: it is not finished
	Last      string `json:"-"`
	Done      int64  `json:"done"`
	Total     int64  `json:"total"`
	Found     int64  `json:"found"`
	Told      int64  `json:"told"`
	Version   int64  `json:"version"`
}

const runCols = `id, since_us, started_us, ended_us, last, done, total, found, told, version`

func scanRun(r db.Row) (Run, error) {
	var x Run
	return x, r.Scan(&x.ID, &x.SinceUs, &x.StartedUs, &x.EndedUs, &x.Last, &x.Done, &x.Total, &x.Found,
		&x.Told, &x.Version)
}

var (
	qRunOpen = db.Stmt(`SELECT ` + runCols + ` FROM matching_run WHERE ended_us = 0
		ORDER BY started_us LIMIT 1`)
	qRunLast = db.Stmt(`SELECT started_us FROM matching_run WHERE ended_us > 0
		ORDER BY started_us DESC, id DESC LIMIT 1`)
	qRuns = db.Stmt(`SELECT ` + runCols + ` FROM matching_run ORDER BY started_us DESC, id DESC
		LIMIT $1`)
	qRunAdd = db.Stmt(`INSERT INTO matching_run (id, since_us, started_us, ended_us, last, done, total,
		found, told, version) VALUES ($1, $2, $3, 0, '', 0, $4, 0, 0, 1)`)
	qRunStep = db.Stmt(`UPDATE matching_run SET last = $2, done = done + $3, found = found + $4,
		version = version + 1 WHERE id = $1`)
	qRunEnd = db.Stmt(`UPDATE matching_run SET ended_us = $2, told = $3, version = version + 1
		WHERE id = $1`)
	qChanged = db.Stmt(`SELECT p.id FROM market_post AS p WHERE p.state IN ` + openStates + `
		AND (p.updated_us > $1 OR p.published_us > $1) AND p.id > $2 ORDER BY p.id LIMIT $3`)
	qChangedCount = db.Stmt(`SELECT COUNT(*) FROM market_post AS p
		WHERE p.state IN ` + openStates + ` AND (p.updated_us > $1 OR p.published_us > $1)`)
	qRowAdd = db.Stmt(`INSERT INTO matching_match (id, org, person, post, other, need, offer, score, run,
			made_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
		ON CONFLICT (post, other, org, person) DO NOTHING`)
	qRowScore = db.Stmt(`UPDATE matching_match SET score = $5, version = version + 1
		WHERE post = $1 AND other = $2 AND org = $3 AND person = $4 AND score <> $5`)
)

// Runs returns the latest runs, the newest first.
func (s *Service) Runs(ctx context.Context, by authz.Actor) ([]Run, error) {
	if err := DeskPolicy.May(by, ActDeskRead, struct{}{}); err != nil {
		return nil, err
	}
	const latest = 12
	return db.All(ctx, s.db, qRuns, scanRun, int64(latest))
}

// StartRun matches all that is new now instead of next Monday, and returns the job that does it. A
// run that was cancelled goes on where it stopped; one that is under way is the answer.
func (s *Service) StartRun(ctx context.Context, by authz.Actor) (string, error) {
	if err := DeskPolicy.May(by, ActDeskRun, struct{}{}); err != nil {
		return "", err
	}
	var jobID string
	err := s.unit.Write(ctx, by, "matching.StartRun", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "matching.run", What: "start"})
		var err error
		jobID, _, err = job.Enqueue(ctx, tx, job.Spec{Kind: JobRun, UniqueKey: JobRun})
		return err
	})
	return jobID, err
}

// runMatching matches the posts that changed since the run before against all that stand.
func (s *Service) runMatching(ctx context.Context, run *job.Run) error {
	if err := s.CatchUp(ctx); err != nil {
		return err
	}
	r, err := s.openRun(ctx, run)
	if err != nil {
		return err
	}
	var known *memo
	for {
		ids, err := db.All(ctx, s.db, qChanged, db.One[string], r.SinceUs, r.Last, int64(postsRun))
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		if known, err = s.runStep(ctx, run, &r, ids, known); err != nil {
			return err
		}
		run.Progress(int(r.Done), int(max(r.Total, r.Done)), "已匹配 %d / %d 条", r.Done, max(r.Total, r.Done))
	}
	told, err := s.letters(ctx, r)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Hold(ctx, tx); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, told); err != nil {
			return err
		}
		return db.ExecOne(ctx, tx, qRunEnd, r.ID, s.nowUs(), int64(len(told)))
	})
	if err != nil {
		return err
	}
	return run.Result(map[string]int64{"posts": r.Done, "found": r.Found, "told": int64(len(told))})
}

// openRun goes on with the run that is not finished, or begins another.
func (s *Service) openRun(ctx context.Context, run *job.Run) (Run, error) {
	r, open, err := db.Find(ctx, s.db, qRunOpen, scanRun)
	if err != nil || open {
		return r, err
	}
	r = Run{ID: id.New(), StartedUs: s.nowUs()}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Hold(ctx, tx); err != nil {
			return err
		}
		since, _, err := db.Find(ctx, tx, qRunLast, db.One[int64])
		if err != nil {
			return err
		}
		total, err := db.Get(ctx, tx, qChangedCount, db.One[int64], since)
		if err != nil {
			return err
		}
		r.SinceUs, r.Total = since, total
		return db.ExecOne(ctx, tx, qRunAdd, r.ID, r.SinceUs, r.StartedUs, r.Total)
	})
	return r, err
}

// runStep matches some posts and stores what is found with how far the run is. It takes what the step
// before knew, and returns what it knows.
func (s *Service) runStep(
	ctx context.Context, run *job.Run, r *Run, ids []string, known *memo,
) (*memo, error) {
	var found []Row
	for _, postID := range ids {
		known = known.upToDate(s.index())
		list, err := s.matchOne(ctx, known, postID)
		if err != nil {
			return nil, err
		}
		found = append(found, list...)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return known, s.storeStep(ctx, run, r, ids, found)
}

func (s *Service) storeStep(ctx context.Context, run *job.Run, r *Run, ids []string, found []Row) error {
	fresh := int64(0)
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		fresh = 0
		if err := run.Hold(ctx, tx); err != nil {
			return err
		}
		for _, m := range found {
			n, err := db.Exec(ctx, tx, qRowAdd, id.New(), m.Org, m.Person, m.Post, m.Other, m.Need, m.Offer,
				m.Score, r.ID, r.StartedUs)
			if err == nil && n == 0 {
				_, err = db.Exec(ctx, tx, qRowScore, m.Post, m.Other, m.Org, m.Person, m.Score)
			}
			if err != nil {
				return err
			}
			fresh += n
		}
		return db.ExecOne(ctx, tx, qRunStep, r.ID, ids[len(ids)-1], int64(len(ids)), fresh)
	})
	if err == nil {
		r.Last, r.Done, r.Found = ids[len(ids)-1], r.Done+int64(len(ids)), r.Found+fresh
	}
	return err
}

// reader is for whom a post is matched.
type reader struct {
	by          authz.Actor
	org, person string
}

// readersOf are those who look after a post: its organisation and its broker.
func readersOf(p *market.Post) []reader {
	out := []reader{readerFor(p.OrgNow, "")}
	if p.Broker != "" {
		out = append(out, readerFor("", p.Broker))
	}
	return out
}

// readerFor reads as an organisation does, or as a person who is a broker.
func readerFor(org, person string) reader {
	if person != "" {
		return reader{by: authz.Actor{Person: person, Role: authz.Broker, Via: authz.ViaJob}, person: person}
	}
	return reader{by: authz.Actor{Org: org, Role: authz.Enterprise, Via: authz.ViaJob}, org: org}
}

// matchOne finds what fits a post, for those who look after it and for those who look after what
// fits. Each gets what it may see itself, with the score of what it may see.
func (s *Service) matchOne(ctx context.Context, m *memo, postID string) ([]Row, error) {
	n, err := s.note(ctx, m, postID)
	if err != nil {
		return nil, err
	}
	own := n.all(m.x)
	var out []Row
	others := map[string]bool{}
	for _, r := range readersOf(own.post) {
		list, err := s.matchFor(ctx, m, r, own)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			out = append(out, r.row(postID, x.Match))
			others[x.Other] = true
		}
	}
	// Those who may see more of their own post than this one's owner can be found by it all the same.
	list, err := s.matches(ctx, m, houseActor, own, topRun)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		others[x.Other] = true
	}
	for other := range others {
		back, err := s.matchBack(ctx, m, other, postID)
		if err != nil {
			return nil, err
		}
		out = append(out, back...)
	}
	own.forget()
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(strings.Compare(a.Post, b.Post), strings.Compare(a.Other, b.Other),
			strings.Compare(a.Org, b.Org), strings.Compare(a.Person, b.Person))
	})
	return out, nil
}

// houseActor looks for candidates among all that was handed in. Nothing it finds is told to anybody
// who does not find it too.
var houseActor = authz.Actor{Login: "system", Role: authz.Officer, Via: authz.ViaSystem}

func (r reader) row(post string, m Match) Row {
	return Row{Org: r.org, Person: r.person, Post: post, Other: m.Other, Need: m.Need, Offer: m.Offer,
		Score: int64(m.Score * 1e6)}
}

// matchFor matches a post for one reader, who may read it.
func (s *Service) matchFor(ctx context.Context, m *memo, r reader, own *sight) ([]scored, error) {
	if market.PostPolicy.May(r.by, market.ActPostWhole, *own.post) != nil {
		return nil, nil
	}
	list, err := s.matches(ctx, m, r.by, own, topRun)
	return slices.DeleteFunc(list, func(x scored) bool { return x.Score < leastRun }), err
}

// matchBack scores a post for those who look after another that it was found by.
func (s *Service) matchBack(ctx context.Context, m *memo, ownID, postID string) ([]Row, error) {
	n, err := s.note(ctx, m, ownID)
	if err != nil {
		return nil, err
	}
	var out []Row
	for _, r := range readersOf(&n.post) {
		if market.PostPolicy.May(r.by, market.ActPostWhole, n.post) != nil {
			continue
		}
		need := n.all(m.x)
		offer, err := s.sight(ctx, m, r.by, postID)
		if err != nil {
			continue // it is not for their eyes
		}
		if n.post.Kind == market.Achievement {
			need, offer = offer, need
		}
		on, err := s.shelfFor(ctx, m.x, r.by, offer.post.ID)
		if err != nil {
			return nil, err
		}
		if on == nil {
			continue
		}
		if x, ok := s.scoreOn(on, need, offer); ok && x.Score >= leastRun {
			x.Other = postID
			out = append(out, r.row(ownID, x.Match))
		}
	}
	return out, nil
}
