package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// DocumentFilter narrows a list of documents. Zero fields do not narrow.
type DocumentFilter struct {
	Query  string      `json:"q,omitempty"` // words of the title or the 文号
	Kind   string      `json:"kind,omitempty"`
	State  string      `json:"state,omitempty"`
	Region region.Code `json:"region,omitempty"` // and everything inside it
	From   clock.Date  `json:"from,omitempty"`   // 成文日期
	To     clock.Date  `json:"to,omitempty"`
	Latest bool        `json:"latest,omitempty"` // only the latest edition of each
}

var documentList = db.Select(documentColumns, `plan_document AS d`,
	db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("d.created_us"), db.TextCol("d.id")}},
	db.Order{Name: "day", Desc: true, Cols: []db.Col{db.TextCol("d.day"), db.TextCol("d.id")}},
	db.Order{Name: "updated", Desc: true,
		Cols: []db.Col{db.IntCol("d.updated_us"), db.TextCol("d.id")}},
)

// DocumentOrders returns the names of the orders people may choose.
func DocumentOrders() []string { return documentList.OrderNames() }

func (f DocumentFilter) where() db.Where {
	w := matching(db.Where{}, f.Query, func(w db.Where, gram string) db.Where {
		return w.And(`EXISTS (SELECT 1 FROM plan_gram AS g WHERE g.kind = 'document'
			AND g.gram = $1 AND g.object = d.id)`, gram)
	})
	if f.Kind != "" {
		w = w.And("d.kind = $1", f.Kind)
	}
	if f.State != "" {
		w = w.And("d.state = $1", f.State)
	}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Nothing()
		}
		w = w.And("d.region >= $1 AND d.region < $2", from, before)
	}
	if f.From != "" {
		w = w.And("d.day >= $1", string(f.From))
	}
	if f.To != "" {
		w = w.And("d.day <= $1", string(f.To))
	}
	if f.Latest {
		w = w.And("d.superseded_by = ''")
	}
	return w
}

// ListDocuments returns a page of the documents that the actor may read.
func (s *Service) ListDocuments(
	ctx context.Context, by authz.Actor, f DocumentFilter, order string, p db.PageReq,
) (db.Page[Document], error) {
	w := DocumentPolicy.Scope(by, ActDocumentRead).AndAll(f.where())
	return db.List(ctx, s.unit.DB(), documentList, w, documentList.Order(order), p, scanDocument)
}

// CountDocuments returns how many documents in each state the actor may read.
func (s *Service) CountDocuments(
	ctx context.Context, by authz.Actor, f DocumentFilter,
) (map[string]int64, error) {
	w := DocumentPolicy.Scope(by, ActDocumentRead).AndAll(f.where())
	return documentList.CountBy(ctx, s.unit.DB(), "d.state", w)
}
