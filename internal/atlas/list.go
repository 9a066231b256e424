package atlas

import (
	"context"
	"io"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NodeOrders are the orders people may choose.
func NodeOrders() []Choice {
	return []Choice{{Value: "newest", Title: "最新出现"}, {Value: orderUpdated, Title: "最近变更"},
		{Value: "title", Title: "名称"}, {Value: "region", Title: "地区"}}
}

// ListNodes returns a page of the nodes of a query as the actor may see them.
func (s *Service) ListNodes(
	ctx context.Context, by authz.Actor, q Query, order string, p db.PageReq,
) (db.Page[Node], error) {
	list, w := listScope(by, q, order == orderUpdated)
	page, err := db.List(ctx, s.unit.DB(), list, w, list.Order(order), p, scanNode)
	if err != nil {
		return page, err
	}
	page.Items, err = s.limited(ctx, by, page.Items)
	return page, err
}

// CountNodes returns how many nodes a query has, to the last one.
func (s *Service) CountNodes(ctx context.Context, by authz.Actor, q Query) (int64, error) {
	key, err := cubeKey(by, q, "", "")
	if err != nil {
		return 0, err
	}
	end, err := s.state(ctx)
	if err != nil {
		return 0, err
	}
	return s.totals.Get(ctx, key, end, s.nowUs(),
		func(ctx context.Context) (int64, error) { return s.countNodes(ctx, by, q) })
}

func (s *Service) countNodes(ctx context.Context, by authz.Actor, q Query) (int64, error) {
	var sum int64
	for _, x := range chosen(q) {
		n, err := x.nodes.Count(ctx, s.unit.DB(), x.scope(by, q, false), 0)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// NodeSheet describes an exported list.
func NodeSheet() sheet.Spec {
	return sheet.Spec{Name: "atlas", Title: "创新云图清单", Columns: []sheet.Column{
		{Key: "kind", Title: "类型", Width: 12}, {Key: "code", Title: "编号", Kind: sheet.Code, Width: 16},
		{Key: "title", Title: "名称", Width: 40}, {Key: "region", Title: "行政区划代码", Kind: sheet.Code},
		{Key: "place", Title: "所在地区", Width: 16}, {Key: "field", Title: "技术领域", Width: 18},
		{Key: "fieldBy", Title: "领域来源", Width: 12}, {Key: "six", Title: "六新", Width: 10},
		{Key: "sixBy", Title: "六新来源", Width: 12}, {Key: "state", Title: "状态", Width: 12},
		{Key: "since", Title: "出现日期", Kind: sheet.Date}, {Key: "asOf", Title: "数据截至", Kind: sheet.Date},
	}}
}

// Export says how a list leaves as a file.
type Export struct {
	Format sheet.Format
	By     string // name of the actor for people
	Order  string
}

// WriteNodes writes the nodes of a query that the actor may see, to the last one, and returns how many
// there were. The export is recorded.
func (s *Service) WriteNodes(
	ctx context.Context, by authz.Actor, q Query, e Export, w io.Writer,
) (int, error) {
	if err := NodePolicy.May(by, ActNodeExport, Node{}); err != nil {
		return 0, err
	}
	rows := func(yield func([]any, error) bool) {
		req := db.PageReq{Limit: db.MaxLimit}
		for {
			page, err := s.ListNodes(ctx, by, q, e.Order, req)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, n := range page.Items {
				if !yield(s.cells(ctx, n), nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			req.After = page.Next
		}
	}
	spec, name := NodeSheet(), e.By
	if name == "" {
		name = by.Login
	}
	n, err := sheet.Write(ctx, w, e.Format, spec, rows, sheet.Meta{Title: i18n.T(ctx, spec.Title), By: name,
		At: s.unit.Clock().Now(), Filter: q.Text(s.places)})
	if err != nil {
		return n, err
	}
	return n, s.unit.Write(ctx, by, "atlas.WriteNodes", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "atlas.node", What: "export", Detail: map[string]any{"query": q, "rows": n}})
		return nil
	})
}

// Titled returns the title of a value in the language of ctx, "" when it is none.
func Titled(ctx context.Context, list []Choice, value string) string {
	for _, c := range list {
		if c.Value == value {
			return i18n.T(ctx, c.Title)
		}
	}
	return ""
}

func (s *Service) cells(ctx context.Context, n Node) []any {
	place, state := "", ""
	if n.Region != "" {
		place = s.places.Name(n.Region)
	}
	if title := StateTitle(n); title != "" {
		state = i18n.T(ctx, title)
	}
	return []any{Titled(ctx, Kinds(), n.Kind), n.Code, n.Title, string(n.Region), place,
		Titled(ctx, Fields(), n.Field), Titled(ctx, Sayers(), n.FieldBy), Titled(ctx, SixNews(), n.Six),
		Titled(ctx, Sayers(), n.SixBy), state, string(clock.DateOf(clock.Time(n.SinceUs))),
		string(clock.DateOf(clock.Time(n.AsOfUs)))}
}
