package atlas

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
)

// JobRenew makes the map anew, record by record, while the rows there are go on being shown: after an upgrade
// that draws records otherwise, and after a change of the rule.
const JobRenew = "atlas.renew"

// mapForm is the version of how records are drawn: raise it with every change after which the same record would
// be drawn otherwise (TestFormNamesHowRecordsAreDrawn).
const mapForm = 1

// form names how the map is made: how records are drawn, and by what the shipped rule says. What a city says
// itself is no part of it: its events ask for the renewal.
var form = formOf(mapForm, shipped())

func formOf(version int, r Rule) string {
	params, err := json.Marshal(r.RuleParams)
	if err != nil {
		panic(err) // lists of words
	}
	sum := sha256.Sum256(params)
	const enough = 8
	return strconv.Itoa(version) + "-" + hex.EncodeToString(sum[:enough])
}

const (
	renewLimit  = 6 * time.Hour
	renewAtOnce = party.EachAtOnce
)

// The next records of a table by id, and the next nodes of a class: a record that is no more leaves the map.
const (
	nextOf  = `SELECT a.id FROM (SELECT id FROM `
	andNode = ` WHERE id > $1 ORDER BY id LIMIT $2) AS a
		UNION SELECT b.id FROM (SELECT n.id FROM atlas_node AS n WHERE n.id > $1 AND n.class = '`
	inOrder = `' ORDER BY n.id LIMIT $2) AS b ORDER BY 1 LIMIT $2`
	howMany = `SELECT COUNT(*) FROM `
)

// every are the classes of what the map draws.
var every = []struct {
	class        string
	after, count *db.Statement
}{
	{Org, db.Stmt(nextOf + `org` + andNode + Org + inOrder), db.Stmt(howMany + `org`)},
	{Post, db.Stmt(nextOf + `market_post` + andNode + Post + inOrder), db.Stmt(howMany + `market_post`)},
	{Deal, db.Stmt(nextOf + `deal` + andNode + Deal + inOrder), db.Stmt(howMany + `deal`)},
	{Person, db.Stmt(nextOf + `person` + andNode + Person + inOrder), db.Stmt(howMany + `person`)},
}

// RegisterJobs gives the runner the work of this room.
func (s *Service) RegisterJobs(r *job.Runner) { r.Handle(JobRenew, renewLimit, s.renew) }

// askRenewal asks for the job; one that waits or runs is enough.
func askRenewal(ctx context.Context, tx *db.Tx, nowUs int64) error {
	_, _, err := job.Add(ctx, tx, nowUs, job.Spec{Kind: JobRenew, UniqueKey: JobRenew})
	return err
}

// renew makes the map anew by the rule in force. Where that changes meanwhile it begins again: what was drawn
// before the change would keep the old classes.
func (s *Service) renew(ctx context.Context, run *job.Run) error {
	total := 0
	for _, x := range every {
		n, err := db.Get(ctx, s.unit.DB(), x.count, db.One[int64])
		if err != nil {
			return err
		}
		total += int(n)
	}
	for {
		rule, err := ruleAt(ctx, s.unit.DB(), s.day())
		if err != nil {
			return err
		}
		done := 0
		for _, x := range every {
			for after := ""; ; {
				n, last, err := s.renewSome(ctx, run, x.class, x.after, after)
				if err != nil {
					return err
				}
				if n == 0 {
					break
				}
				after, done = last, done+n
				run.Progress(done, max(total, done), "已更新 %d / %d 条", done, max(total, done))
			}
		}
		if same, err := s.endRenewal(ctx, run, rule); err != nil || same {
			return err
		}
	}
}

// renewSome draws the records after an id anew, and returns how many they were and the last of them. The
// consumer waits meanwhile: it would draw a change of one of them, and be overwritten by what was read before.
func (s *Service) renewSome(
	ctx context.Context, run *job.Run, class string, next *db.Statement, after string,
) (n int, last string, err error) {
	err = s.unit.DB().Write(ctx, func(tx *db.Tx) error {
		n, last = 0, after
		if err := s.hold(ctx, tx, run); err != nil {
			return err
		}
		ids, err := db.All(ctx, tx, next, db.One[string], after, int64(renewAtOnce))
		if err != nil || len(ids) == 0 {
			return err
		}
		list := make([]ref, len(ids))
		for i, one := range ids {
			list[i] = ref{class, one}
		}
		n, last = len(ids), ids[len(ids)-1]
		return projectNow(ctx, tx, list, s.nowUs())
	})
	return n, last, err
}

// hold keeps the consumer away, and the job this one's, until the transaction ends.
func (s *Service) hold(ctx context.Context, tx *db.Tx, run *job.Run) error {
	if _, err := outbox.Hold(ctx, tx, consumerName); err != nil {
		return err
	}
	return run.Hold(ctx, tx)
}

// endRenewal stores in which form the map is now, if it was made by the rule that is still in force.
func (s *Service) endRenewal(ctx context.Context, run *job.Run, by Rule) (bool, error) {
	same := false
	err := s.unit.DB().Write(ctx, func(tx *db.Tx) error {
		if err := s.hold(ctx, tx, run); err != nil {
			return err
		}
		now, err := ruleAt(ctx, tx, s.day())
		if same = err == nil && now.ID == by.ID; !same {
			return err
		}
		return outbox.Renewed(ctx, tx, consumerName, form)
	})
	return same, err
}
