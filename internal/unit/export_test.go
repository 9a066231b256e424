package unit

import (
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
)

// SettleGroup settles for several writes at once, as if they had just been committed early.
func SettleGroup(d *db.DB, marks []audit.Mark) []error {
	s := settler{db: d}
	var group []*waiter
	for _, m := range marks {
		group = append(group, &waiter{mark: m, done: make(chan struct{})})
	}
	s.settle(group)
	var errs []error
	for _, w := range group {
		<-w.done
		errs = append(errs, w.err)
	}
	return errs
}
