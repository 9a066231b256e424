package indicator

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// The header of a set (name, year, label, source and note) is in its row. An edition that is put in force from
// a day to come leaves the row alone: from its first day on its content says the header, until somebody writes
// the row again.

func (s *Service) setByID(ctx context.Context, q db.Q, id string) (Set, error) {
	x, err := db.Get(ctx, q, qSet, scanSet, string(s.today()), id)
	if err != nil {
		return x, err
	}
	return x, s.head(ctx, q, &x)
}

// setList returns sets with the headers they have today, the latest year first.
func (s *Service) setList(ctx context.Context, q db.Q, stmt *db.Statement, args ...any) ([]Set, error) {
	list, err := db.All(ctx, q, stmt, scanSet, append([]any{string(s.today())}, args...)...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := s.head(ctx, q, &list[i]); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b Set) int {
		return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(a.Code, b.Code))
	})
	return list, nil
}

// head gives a set the header of the edition in force, when that began after the row was written.
func (s *Service) head(ctx context.Context, q db.Q, x *Set) error {
	if x.since <= clock.DateOf(time.UnixMicro(x.UpdatedUs)) {
		return nil
	}
	e, err := db.Get(ctx, q, qEditionOn, scanEdition, string(s.today()), x.ID)
	if err != nil {
		return err
	}
	file, err := s.editionFile(ctx, q, e)
	if err == nil {
		x.take(file)
	}
	return err
}

// take writes the header of a file into a set.
func (x *Set) take(file SetFile) {
	d := file.Data()
	d.Retired = x.Retired
	x.SetData = d
}
