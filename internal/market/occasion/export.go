package occasion

import (
	"context"
	"io"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Export says how a list leaves as a file. The file names who took it, when, and by which filter.
type Export struct {
	Format sheet.Format
	By     string // name of the actor for people
	Filter string // the filter in words, "" = everything
}

// Table is how a room writes its list into a file.
type Table[T any] struct {
	Kind    string // of object, for the trail
	UseCase string
	Spec    sheet.Spec
	List    *db.Selection
	Scan    func(db.Row) (T, error)
	Cells   func(context.Context, T) []any
}

// Write writes the rows that pass, to the last one, and returns how many there were. The trail says who took
// a file along; it says nothing of visitors, who take what everybody may read.
func (t Table[T]) Write(
	ctx context.Context, u *unit.Unit, by authz.Actor, where db.Where, order string, e Export, w io.Writer,
) (int, error) {
	rows := func(yield func([]any, error) bool) {
		req := db.PageReq{Limit: db.MaxLimit}
		for {
			page, err := db.List(ctx, u.DB(), t.List, where, t.List.Order(order), req, t.Scan)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, x := range page.Items {
				if !yield(t.Cells(ctx, x), nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			req.After = page.Next
		}
	}
	name := e.By
	if name == "" {
		name = by.Login
	}
	n, err := sheet.Write(ctx, w, e.Format, t.Spec, rows, sheet.Meta{Title: i18n.T(ctx, t.Spec.Title), By: name,
		At: u.Clock().Now(), Filter: e.Filter})
	if err != nil || by.Account == "" {
		return n, err
	}
	return n, u.Write(ctx, by, t.UseCase, func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: t.Kind, What: "export", Detail: map[string]any{"filter": e.Filter, "rows": n}})
		return nil
	})
}
