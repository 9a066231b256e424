package unit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
)

// settleTimeout bounds the wait for the disk.
const settleTimeout = 30 * time.Second

// settler waits for the disk on behalf of all writes that were committed early, many at a time: the
// lock of the audit head is free again as soon as a transaction is committed, and the slow disk is
// waited for once by everybody who came meanwhile. See docs/adr/0002-write-path.md.
type settler struct {
	db *db.DB

	mu      sync.Mutex
	queue   []*waiter
	running bool
}

// waiter is one write that was committed and must not be acknowledged yet.
type waiter struct {
	mark audit.Mark
	done chan struct{}
	err  error // set before done is closed
}

// wait returns nil when the record is found in the database and on the disk. Any error means that
// nobody knows.
func (s *settler) wait(mark audit.Mark) error {
	w := &waiter{mark: mark, done: make(chan struct{})}
	s.mu.Lock()
	s.queue = append(s.queue, w)
	if !s.running {
		s.running = true
		go s.run()
	}
	s.mu.Unlock()
	<-w.done
	return w.err
}

// Settled waits until all that is committed now is safe on the disk. Whoever keeps in memory what
// they have read calls it before they rely on that: see docs/adr/0002-write-path.md.
func (u *Unit) Settled(ctx context.Context) error {
	if !u.db.Settles() {
		return nil
	}
	head, err := audit.Head(ctx, u.db)
	if err != nil || head.Seq == 0 {
		return err
	}
	return u.settler.wait(head)
}

// run settles for whoever is in the queue, until nobody is.
func (s *settler) run() {
	for {
		s.mu.Lock()
		group := s.queue
		s.queue = nil
		s.running = len(group) > 0
		s.mu.Unlock()
		if len(group) == 0 {
			return
		}
		s.settle(group)
	}
}

// settle asks for the records of the group by number and compares the hashes: after a crash of the
// server the number may belong to another record.
func (s *settler) settle(group []*waiter) {
	ctx, cancel := context.WithTimeout(context.Background(), settleTimeout)
	defer cancel()
	first, last := group[0].mark.Seq, group[0].mark.Seq
	for _, w := range group {
		first, last = min(first, w.mark.Seq), max(last, w.mark.Seq)
	}
	there, err := audit.Settle(ctx, s.db, first, last)
	found := map[audit.Mark]bool{}
	for _, m := range there {
		found[m] = true
	}
	for _, w := range group {
		switch {
		case err != nil:
			w.err = db.Unsure(fmt.Errorf("wait for the disk: %w", err))
		case !found[w.mark]:
			w.err = db.Unsure(fmt.Errorf("audit entry %d was lost after its commit", w.mark.Seq))
		}
		close(w.done)
	}
}
