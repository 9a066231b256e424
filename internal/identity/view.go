package identity

import (
	"context"
	"net/url"
	"regexp"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Bounds of saved views. The table holds the first one, too.
const (
	MaxViews     = 50 // of an account
	maxViewPage  = 100
	maxViewName  = 40   // characters
	maxViewQuery = 2000 // bytes
)

// View is a filter of a list that somebody gave a name: the list's address with its query.
type View struct {
	ID        string `json:"id"`
	Account   string `json:"-"`
	Page      string `json:"page"`  // "/orgs"
	Name      string `json:"name"`  // 本月新增
	Query     string `json:"query"` // "region=140100&order=created"
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
}

// Address returns where the view leads.
func (v View) Address() string {
	if v.Query == "" {
		return v.Page
	}
	return v.Page + "?" + v.Query
}

const viewCols = `saved_view.id, saved_view.account, saved_view.page, saved_view.name,
	saved_view.query, saved_view.updated_us, saved_view.version`

func scanView(r db.Row) (View, error) {
	var v View
	err := r.Scan(&v.ID, &v.Account, &v.Page, &v.Name, &v.Query, &v.UpdatedUs, &v.Version)
	return v, err
}

var (
	qViews = db.Stmt(`SELECT ` + viewCols + ` FROM saved_view
		WHERE account = $1 AND ($2 = '' OR page = $2) ORDER BY page, name`)
	qView    = db.Stmt(`SELECT ` + viewCols + ` FROM saved_view WHERE id = $1`)
	qViewSet = db.Stmt(`UPDATE saved_view SET query = $4, updated_us = $5, version = version + 1
		WHERE account = $1 AND page = $2 AND name = $3`)
	qViewSlots = db.Stmt(`SELECT slot FROM saved_view WHERE account = $1 ORDER BY slot`)
	qViewAdd   = db.Stmt(`INSERT INTO saved_view
		(account, slot, id, page, name, query, created_us, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1)`)
	qViewNamed = db.Stmt(`SELECT ` + viewCols + ` FROM saved_view
		WHERE account = $1 AND page = $2 AND name = $3`)
	qViewDrop = db.Stmt(`DELETE FROM saved_view WHERE id = $1`)
)

var viewPage = regexp.MustCompile(`^(/[a-z0-9][a-z0-9-]*)+$`)

// ViewInput is the input of SaveView.
type ViewInput struct {
	Page  string `json:"page"`
	Name  string `json:"name"`
	Query string `json:"query"`
}

func (in *ViewInput) check() error {
	in.Name, in.Query = tidy(in.Name), strings.TrimPrefix(in.Query, "?")
	var w wrong
	if len(in.Page) > maxViewPage || !viewPage.MatchString(in.Page) {
		w.add("page", "地址不正确")
	}
	w.text("name", in.Name, maxViewName, true)
	values, err := url.ParseQuery(in.Query)
	if err != nil || len(in.Query) > maxViewQuery {
		w.add("query", "条件不正确或过长")
	}
	// A view is a filter, not a place in the list.
	for _, k := range []string{"after", "before", "last", "lang"} {
		values.Del(k)
	}
	in.Query = values.Encode()
	return w.err()
}

// SaveView gives the filter of a list a name. A view of that name is replaced.
func (s *Service) SaveView(ctx context.Context, by authz.Actor, in ViewInput) (View, error) {
	if err := ViewPolicy.May(by, ActViewSave, View{Account: by.Account}); err != nil {
		return View{}, err
	}
	if err := in.check(); err != nil {
		return View{}, err
	}
	var out View
	save := func(tx *unit.Tx) error {
		if err := in.store(ctx, tx); err != nil {
			return err
		}
		var err error
		out, err = db.Get(ctx, tx, qViewNamed, scanView, by.Account, in.Page, in.Name)
		tx.Audit(audit.Entry{Kind: "identity.view", Object: out.ID, What: "save", Detail: in})
		return err
	}
	err := s.unit.Write(ctx, by, "identity.SaveView", save)
	if db.Violates(err, "saved_view", "account", "slot") ||
		db.Violates(err, "saved_view", "account", "page", "name") {
		err = s.unit.Write(ctx, by, "identity.SaveView", save) // a twin was faster
	}
	return out, err
}

func (in ViewInput) store(ctx context.Context, tx *unit.Tx) error {
	account := tx.By().Account
	n, err := db.Exec(ctx, tx.Tx, qViewSet, account, in.Page, in.Name, in.Query, tx.NowUs())
	if err != nil || n == 1 {
		return err
	}
	used, err := db.All(ctx, tx, qViewSlots, db.One[int64], account)
	if err != nil {
		return err
	}
	slot := int64(1)
	for _, u := range used {
		if u == slot {
			slot++
		}
	}
	if slot > MaxViews {
		return fault.New(fault.Conflict, "最多保存 %d 个视图，请先删除不用的", MaxViews)
	}
	return db.ExecOne(ctx, tx.Tx, qViewAdd, account, slot, id.New(), in.Page, in.Name, in.Query,
		tx.NowUs())
}

// ListViews returns the actor's views of a page, or of all pages when page is "".
func (s *Service) ListViews(ctx context.Context, by authz.Actor, page string) ([]View, error) {
	if err := ViewPolicy.May(by, ActViewRead, View{Account: by.Account}); err != nil {
		return nil, err
	}
	return db.All(ctx, s.db, qViews, scanView, by.Account, page)
}

// DeleteView removes one of the actor's views.
func (s *Service) DeleteView(ctx context.Context, by authz.Actor, viewID string) error {
	return s.unit.Write(ctx, by, "identity.DeleteView", func(tx *unit.Tx) error {
		v, err := db.Get(ctx, tx, qView, scanView, viewID)
		if err != nil {
			return err
		}
		if err := ViewPolicy.May(by, ActViewDelete, v); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "identity.view", Object: v.ID, What: "delete",
			Detail: ViewInput{v.Page, v.Name, v.Query}})
		return db.ExecOne(ctx, tx.Tx, qViewDrop, v.ID)
	})
}
