package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindLedger is the kind of object of ledgers.
const kindLedger = "plan.ledger"

// Actions on ledgers.
const (
	ActLedgerRead  authz.Action = "plan.ledger.read"
	ActLedgerWrite authz.Action = "plan.ledger.write"
)

// LedgerPolicy lets everybody with tasks know the ledgers, and officers open and close them.
var LedgerPolicy = authz.NewPolicy(kindLedger, authz.Rules[Ledger]{
	Title: "台账",
	Verbs: []authz.Verb{
		{Action: ActLedgerRead, Title: "查看"},
		{Action: ActLedgerWrite, Title: "设立与关闭"},
	},
	Ties: []authz.Tie[Ledger]{authz.TieAny[Ledger]()},
	Grants: append(
		authz.Allow(authz.Any, []authz.Role{authz.Officer, authz.Leader, authz.ChainOffice,
			authz.Department, authz.District, authz.Enterprise, authz.University}, ActLedgerRead),
		authz.Allow(authz.Any, []authz.Role{authz.Officer}, ActLedgerWrite)...),
})

// Ledger (台账) is a list of tasks with its own numbers.
type Ledger struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	Region    region.Code `json:"region"`
	Closed    bool        `json:"closed,omitempty"` // takes no new tasks
	CreatedUs int64       `json:"createdUs"`
	Version   int64       `json:"version"`
}

const ledgerColumns = `g.id, g.name, g.region, g.closed, g.created_us, g.version`

var (
	qLedger    = db.Stmt(`SELECT ` + ledgerColumns + ` FROM plan_ledger AS g WHERE g.id = $1`)
	qLedgerAdd = db.Stmt(`INSERT INTO plan_ledger (id, name, region, closed, created_us, created_by,
		version) VALUES ($1, $2, $3, $4, $5, $6, 1)`)
	qLedgerSet = db.Stmt(`UPDATE plan_ledger SET name = $3, region = $4, closed = $5,
		version = version + 1 WHERE id = $1 AND version = $2`)
)

var ledgerList = db.Select(ledgerColumns, `plan_ledger AS g`,
	db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("g.created_us"), db.TextCol("g.id")}},
)

func scanLedger(r db.Row) (Ledger, error) {
	var g Ledger
	err := r.Scan(&g.ID, &g.Name, &g.Region, &g.Closed, &g.CreatedUs, &g.Version)
	return g, err
}

// LedgerData is what people write about a ledger.
type LedgerData struct {
	Name   string      `json:"name"`
	Region region.Code `json:"region"`
	Closed bool        `json:"closed,omitempty"`
}

// NewLedger is the input of CreateLedger.
type NewLedger struct {
	LedgerData
	Key string `json:"-"`
}

// LedgerUpdate is the input of UpdateLedger.
type LedgerUpdate struct {
	ID string `json:"-"`
	LedgerData
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

func (d *LedgerData) check() error {
	d.Name = tidy(d.Name)
	var f faults
	f.line("name", d.Name, 60, true)
	f.place("region", d.Region)
	return f.err()
}

// CreateLedger opens a ledger.
func (s *Service) CreateLedger(
	ctx context.Context, by authz.Actor, in NewLedger,
) (Ledger, error) {
	g := Ledger{ID: id.New()}
	if err := LedgerPolicy.May(by, ActLedgerWrite, g); err != nil {
		return Ledger{}, err
	}
	if err := in.check(); err != nil {
		return Ledger{}, err
	}
	const useCase = "plan.CreateLedger"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Ledger, error) {
			return openLedger(ctx, tx, g.ID, in.LedgerData)
		})
	return out, ledgerTaken(err)
}

func openLedger(ctx context.Context, tx *unit.Tx, ledgerID string, d LedgerData) (Ledger, error) {
	err := db.ExecOne(ctx, tx.Tx, qLedgerAdd, ledgerID, d.Name, string(d.Region), d.Closed, tx.NowUs(),
		tx.By().Account)
	if err != nil {
		return Ledger{}, err
	}
	tx.Audit(audit.Entry{Kind: kindLedger, Object: ledgerID, What: "create", Detail: d})
	return db.Get(ctx, tx, qLedger, scanLedger, ledgerID)
}

func ledgerTaken(err error) error {
	if db.Violates(err, "plan_ledger", "region", "name") {
		return fault.Fields(fault.At("name", "已有同名的台账"))
	}
	return err
}

// UpdateLedger renames, moves or closes a ledger.
func (s *Service) UpdateLedger(
	ctx context.Context, by authz.Actor, in LedgerUpdate,
) (Ledger, error) {
	if err := in.check(); err != nil {
		return Ledger{}, err
	}
	const useCase = "plan.UpdateLedger"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Ledger, error) {
			old, err := db.Get(ctx, tx, qLedger, scanLedger, in.ID)
			if err != nil {
				return Ledger{}, err
			}
			if err := LedgerPolicy.May(by, ActLedgerWrite, old); err != nil {
				return Ledger{}, err
			}
			err = db.ExecOne(ctx, tx.Tx, qLedgerSet, in.ID, in.Version, in.Name, string(in.Region),
				in.Closed)
			if err != nil {
				return Ledger{}, err
			}
			tx.Audit(audit.Entry{Kind: kindLedger, Object: in.ID, What: "update",
				Detail: map[string]any{"old": old, "new": in.LedgerData}})
			return db.Get(ctx, tx, qLedger, scanLedger, in.ID)
		})
	return out, ledgerTaken(err)
}

// ListLedgers returns the ledgers, the newest first.
func (s *Service) ListLedgers(ctx context.Context, by authz.Actor) ([]Ledger, error) {
	page, err := db.List(ctx, s.unit.DB(), ledgerList, LedgerPolicy.Scope(by, ActLedgerRead),
		ledgerList.Order(""), db.PageReq{Limit: db.MaxLimit}, scanLedger)
	return page.Items, err
}

// ledgerFor returns a ledger that takes new tasks.
func ledgerFor(ctx context.Context, q db.Q, ledgerID string) (Ledger, error) {
	g, found, err := db.Find(ctx, q, qLedger, scanLedger, ledgerID)
	switch {
	case err != nil:
		return g, err
	case !found:
		return g, fault.Fields(fault.At("ledger", "没有这本台账"))
	case g.Closed:
		return g, fault.Fields(fault.At("ledger", "这本台账已关闭，不能再立任务"))
	}
	return g, nil
}
