package atlas

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const kindView = "atlas.view"

// ViewData is what people write about a saved view.
type ViewData struct {
	Name string `json:"name"`
	// Cluster makes the view a sub-system (战略性新兴产业集群创新生态子系统): the name of the cluster.
	Cluster string `json:"cluster,omitempty"`
	Lead    string `json:"lead,omitempty"` // what it shows, in words
	Query   string `json:"query"`          // as Parse reads it
	Public  bool   `json:"public"`
}

// View is a saved view.
type View struct {
	ID string `json:"id"`
	ViewData
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
}

const viewColumns = `v.id, v.name, v.cluster, v.lead, v.query, v.public, v.created_us, v.created_by,
	v.updated_us, v.version`

var (
	qView = db.Stmt(`SELECT ` + viewColumns + ` FROM atlas_view AS v WHERE v.id = $1
		AND v.dropped_us = 0`)
	qViewAdd = db.Stmt(`INSERT INTO atlas_view (id, name, cluster, lead, query, public, dropped_us, created_us,
		created_by, updated_us, version) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $7, 1)`)
	qViewSet = db.Stmt(`UPDATE atlas_view SET name = $3, cluster = $4, lead = $5, query = $6, public = $7,
		updated_us = $8, version = version + 1 WHERE id = $1 AND version = $2 AND dropped_us = 0`)
	qViewDrop = db.Stmt(`UPDATE atlas_view SET dropped_us = $3, version = version + 1
		WHERE id = $1 AND version = $2 AND dropped_us = 0`)
	viewList = db.Select(viewColumns, `atlas_view AS v`,
		db.Order{Name: "name", Cols: []db.Col{db.TextCol("v.name"), db.TextCol("v.id")}})
)

func scanView(r db.Row) (View, error) {
	var v View
	err := r.Scan(&v.ID, &v.Name, &v.Cluster, &v.Lead, &v.Query, &v.Public, &v.CreatedUs, &v.CreatedBy,
		&v.UpdatedUs, &v.Version)
	return v, err
}

func viewByID(ctx context.Context, q db.Q, viewID string) (View, error) {
	return db.Get(ctx, q, qView, scanView, viewID)
}

// ViewInput is the input of CreateView and UpdateView.
type ViewInput struct {
	ID string `json:"-"`
	ViewData
	Version int64  `json:"version,omitempty"`
	Key     string `json:"-"`
}

// check brings a view into the form that is stored and says what is wrong with it.
func (s *Service) checkView(d *ViewData) error {
	d.Name, d.Cluster = occasion.Tidy(d.Name), occasion.Tidy(d.Cluster)
	d.Lead = occasion.Lines(d.Lead)
	var f occasion.Faults
	f.Line("name", d.Name, maxName, true)
	f.Line("cluster", d.Cluster, maxName, false)
	f.Prose("lead", d.Lead, maxProse, false)
	q, err := Parse(d.Query, s.places)
	if e, ok := fault.As(err); ok {
		for _, x := range e.Fields {
			f.Add("query", x.Key, x.Args...)
		}
	} else if err != nil {
		return err
	}
	if err := f.Err(); err != nil {
		return err
	}
	d.Query = q.Text(s.places)
	return nil
}

// CreateView saves a view.
func (s *Service) CreateView(ctx context.Context, by authz.Actor, in ViewInput) (View, error) {
	if !ViewPolicy.Could(by, ActViewWrite) { // before the policy, which hides what is not there yet
		return View{}, fault.New(fault.Forbidden, "您的角色不能保存视图")
	}
	v := View{ViewData: in.ViewData, CreatedBy: by.Account}
	if err := ViewPolicy.May(by, ActViewWrite, v); err != nil {
		return View{}, err
	}
	if err := s.mayPublish(by, in.Public); err != nil {
		return View{}, err
	}
	if err := s.checkView(&in.ViewData); err != nil {
		return View{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "atlas.CreateView", in.Key, in, func(tx *unit.Tx) (View, error) {
		viewID := id.New()
		err := db.ExecOne(ctx, tx.Tx, qViewAdd, viewID, in.Name, in.Cluster, in.Lead, in.Query, in.Public,
			tx.NowUs(), by.Account)
		if err != nil {
			return View{}, err
		}
		tx.Audit(audit.Entry{Kind: kindView, Object: viewID, What: "create", Detail: in.ViewData})
		return viewByID(ctx, tx, viewID)
	})
	return out, err
}

// mayPublish: what everybody finds under the city's name is published by the bureau.
func (s *Service) mayPublish(by authz.Actor, public bool) error {
	if public && by.EffectiveRole() != authz.Officer {
		return fault.Fields(fault.At("public", "公开视图由市局发布，请联系局经办"))
	}
	return nil
}

// GetView returns a view.
func (s *Service) GetView(ctx context.Context, by authz.Actor, viewID string) (View, error) {
	v, err := viewByID(ctx, s.unit.DB(), viewID)
	if err != nil {
		return View{}, err
	}
	return v, ViewPolicy.May(by, ActViewRead, v)
}

// UpdateView changes a view that has the given version.
func (s *Service) UpdateView(ctx context.Context, by authz.Actor, in ViewInput) (View, error) {
	old, err := s.GetView(ctx, by, in.ID)
	if err != nil {
		return View{}, err
	}
	if err := ViewPolicy.May(by, ActViewWrite, old); err != nil {
		return View{}, err
	}
	if err := s.mayPublish(by, in.Public); err != nil {
		return View{}, err
	}
	if err := s.checkView(&in.ViewData); err != nil {
		return View{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "atlas.UpdateView", in.Key, in, func(tx *unit.Tx) (View, error) {
		err := db.ExecOne(ctx, tx.Tx, qViewSet, old.ID, in.Version, in.Name, in.Cluster, in.Lead, in.Query,
			in.Public, tx.NowUs())
		if err != nil {
			return View{}, err
		}
		tx.Audit(audit.Entry{Kind: kindView, Object: old.ID, What: "update", Detail: in.ViewData})
		return viewByID(ctx, tx, old.ID)
	})
	return out, err
}

// DropView takes a view away. Addresses that were given away for it open no more.
func (s *Service) DropView(ctx context.Context, by authz.Actor, viewID string, version int64) error {
	old, err := s.GetView(ctx, by, viewID)
	if err != nil {
		return err
	}
	if err := ViewPolicy.May(by, ActViewWrite, old); err != nil {
		return err
	}
	return s.unit.Write(ctx, by, "atlas.DropView", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindView, Object: old.ID, What: "drop"})
		return db.ExecOne(ctx, tx.Tx, qViewDrop, old.ID, version, tx.NowUs())
	})
}

// ViewFilter narrows the list of views. Zero fields do not narrow.
type ViewFilter struct {
	Clusters bool   // only those of clusters
	Query    string // words of the name, the cluster, the description and the conditions
}

// ListViews returns a page of the views that the actor may read, by name.
func (s *Service) ListViews(
	ctx context.Context, by authz.Actor, f ViewFilter, p db.PageReq,
) (db.Page[View], error) {
	w := ViewPolicy.Scope(by, ActViewRead).And("v.dropped_us = 0")
	if f.Clusters {
		w = w.And("v.cluster <> ''")
	}
	w = w.Holds(f.Query, "v.name", "v.cluster", "v.lead", "v.query")
	return db.List(ctx, s.unit.DB(), viewList, w, viewList.Order(""), p, scanView)
}
