package unit

import (
	"context"
	"fmt"
	"sync"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
)

// distrust is how many writes ask the database for the head after another process was seen to
// write, before this one trusts its memory again. A guess that fails costs a second run of fn.
const distrust = 100

// head remembers the end of the audit chain as this process last left it.
type head struct {
	mu     sync.Mutex
	known  bool
	seq    int64  // the last record this process committed …
	hash   string // … and its hash
	others int    // > 0: other processes write too
}

// place takes the next n places of the chain. It returns the number before them and that record's
// hash.
//
// Where this process is alone, it knows both, and on PostgreSQL the head is moved and locked in the
// same message that commits, so nobody waits for more than one round trip. Otherwise the head is
// locked first and the hash read if need be.
func (h *head) place(ctx context.Context, tx *db.Tx, n int) (int64, string, error) {
	if err := tx.Serial(); err != nil {
		return 0, "", err
	}
	if seq, hash, ok := h.guess(tx); ok {
		audit.Move(tx, seq, n)
		return seq, hash, nil
	}
	last, err := audit.Take(ctx, tx, n)
	if err != nil {
		return 0, "", fmt.Errorf("take audit head: %w", err)
	}
	before := last - int64(n)
	if hash, ok := h.found(before); ok {
		return before, hash, nil
	}
	hash, err := audit.HashAt(ctx, tx, before)
	if err != nil {
		return 0, "", fmt.Errorf("read end of audit chain: %w", err)
	}
	return before, hash, nil
}

// guess returns the end of the chain when it is likely to be where this process left it. On SQLite
// the transaction has the database for itself and loses nothing by asking.
func (h *head) guess(tx *db.Tx) (int64, string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ok := tx.Dialect() == db.Postgres && tx.Attempt() == 1 && h.known && h.others == 0
	return h.seq, h.hash, ok
}

// found is told where the head really stood and returns the hash there if this process knows it.
func (h *head) found(seq int64) (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case !h.known:
		return "", false
	case h.seq != seq:
		h.others = distrust
		return "", false
	}
	h.others = max(0, h.others-1)
	return h.hash, true
}

// remember notes a committed record.
func (h *head) remember(r audit.Record) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.known || r.Seq > h.seq {
		h.known, h.seq, h.hash = true, r.Seq, r.Hash
	}
}
