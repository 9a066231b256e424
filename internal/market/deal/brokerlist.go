package deal

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// BrokerFilter narrows the directory. Zero fields do not narrow.
type BrokerFilter struct {
	Query  string      `json:"q,omitempty"` // of name and organisation
	Field  string      `json:"field,omitempty"`
	Grade  string      `json:"grade,omitempty"`
	State  string      `json:"state,omitempty"`
	Region region.Code `json:"region,omitempty"` // and all inside
	Org    string      `json:"org,omitempty"`
}

var brokerList = db.Select(brokerColumns, `deal_broker AS b`,
	db.Order{Name: "credit", Desc: true,
		Cols: []db.Col{db.IntCol("b.credit"), db.TextCol("b.id")}},
	db.Order{Name: "name", Cols: []db.Col{db.TextCol("b.name"), db.TextCol("b.id")}},
	db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("b.created_us"), db.TextCol("b.id")}},
)

// BrokerOrders returns the names of the orders people may choose.
func BrokerOrders() []string { return brokerList.OrderNames() }

func (f BrokerFilter) where() db.Where {
	w := db.Where{}
	if f.Query != "" {
		w = w.AndAll(matching(f.Query, func(from, before string) db.Where {
			return db.Where{}.And(`b.id IN (SELECT g.object FROM deal_gram AS g WHERE g.kind = 'broker'
				AND g.gram >= $1 AND g.gram < $2)`, from, before)
		}))
	}
	if f.Field != "" {
		w = w.And(`EXISTS (SELECT 1 FROM deal_broker_field AS x WHERE x.field = $1
			AND x.broker = b.id)`, f.Field)
	}
	if f.Grade != "" {
		w = w.And("b.grade = $1", f.Grade)
	}
	if f.State != "" {
		w = w.And("b.state = $1", f.State)
	}
	if f.Org != "" {
		w = w.And("b.org_now = $1", f.Org)
	}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Nothing()
		}
		w = w.And("b.region >= $1 AND b.region < $2", from, before)
	}
	return w
}

// ListBrokers returns a page of the directory as the actor may read it.
func (s *Service) ListBrokers(
	ctx context.Context, by authz.Actor, f BrokerFilter, order string, p db.PageReq,
) (db.Page[Broker], error) {
	q := s.unit.DB()
	w := BrokerPolicy.Scope(by, ActBrokerRead).AndAll(f.where())
	page, err := db.List(ctx, q, brokerList, w, brokerList.Order(order), p, scanBroker)
	if err != nil {
		return page, err
	}
	return page, fillFields(ctx, q, page.Items)
}

var fieldList = db.Select(`x.broker, x.field`, `deal_broker_field AS x`,
	db.Order{Name: "field", Cols: []db.Col{db.TextCol("x.broker"), db.TextCol("x.field")}})

func fillFields(ctx context.Context, q db.Q, list []Broker) error {
	if len(list) == 0 {
		return nil
	}
	ids, at := make([]any, len(list)), make(map[string]*Broker, len(list))
	for i := range list {
		ids[i], at[list[i].ID] = list[i].ID, &list[i]
	}
	return db.Stream(ctx, q, fieldList, db.Where{}.In("x.broker", ids...), fieldList.Order(""),
		len(ids)*maxFields, func(r db.Row) ([2]string, error) {
			var x [2]string
			err := r.Scan(&x[0], &x[1])
			return x, err
		}, func(x [2]string) error {
			at[x[0]].Fields = append(at[x[0]].Fields, x[1])
			return nil
		})
}

// CountBrokers counts the brokers of a list by state.
func (s *Service) CountBrokers(
	ctx context.Context, by authz.Actor, f BrokerFilter,
) (map[string]int64, error) {
	w := BrokerPolicy.Scope(by, ActBrokerRead).AndAll(f.where())
	return brokerList.CountBy(ctx, s.unit.DB(), "b.state", w)
}

// BrokersNamed returns the persons of the verified brokers of a name, for the market: the directory that names
// them is public.
func (s *Service) BrokersNamed(ctx context.Context, q db.Q, name string) ([]string, error) {
	return db.All(ctx, q, qBrokersNamed, db.One[string], name)
}
