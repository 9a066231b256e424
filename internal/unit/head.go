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
	mark   audit.Mark // of the last record this process committed; zero if none
	others int        // > 0: other processes write too
}

// place returns the end of the chain, from which this transaction may go on.
//
// Where this process is alone it knows the end, and the head is checked, moved and locked in the
// same message that commits: nobody waits for more than that. Otherwise the head is locked and read
// first.
func (h *head) place(ctx context.Context, tx *db.Tx) (audit.Mark, error) {
	if err := tx.Serial(); err != nil {
		return audit.Mark{}, err
	}
	if mark, ok := h.guess(); ok && tx.Attempt() == 1 {
		return mark, nil
	}
	mark, err := audit.Lock(ctx, tx)
	if err != nil {
		return audit.Mark{}, fmt.Errorf("lock audit head: %w", err)
	}
	h.found(mark)
	return mark, nil
}

// guess returns the end of the chain if it is likely to be where this process left it.
func (h *head) guess() (audit.Mark, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.mark, h.mark.Seq > 0 && h.others == 0
}

// found is told where the head really stands.
func (h *head) found(mark audit.Mark) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.mark == mark:
		h.others = max(0, h.others-1)
	case h.mark.Seq > 0:
		h.others = distrust
	}
}

// remember notes where a commit of this process left the head. Commits come here in their order.
func (h *head) remember(mark audit.Mark) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mark = mark
}
