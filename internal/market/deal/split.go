package deal

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Limits of a split.
const (
	allBp     = 10_000 // 100 %
	MaxRateBp = 3_000  // the commission, of the price of the contract
	MaxParts  = 10
	maxSplits = 50
)

// Part is a share of a commission.
type Part struct {
	Name string `json:"name"` // who gets it
	Bp   int64  `json:"bp"`   // hundredths of a percent
}

// Split is one version of what the commission (佣金) is and who gets how much of it. It holds once both
// sides and the broker confirmed it; a newer version takes its place.
type Split struct {
	ID        string `json:"id"`
	Deal      string `json:"-"`
	N         int64  `json:"n"`
	RateBp    int64  `json:"rateBp"` // of the price of the contract
	Note      string `json:"note,omitempty"`
	Parts     []Part `json:"parts"`
	DemandUs  int64  `json:"demandUs,omitempty"`
	DemandBy  string `json:"demandBy,omitempty"`
	SupplyUs  int64  `json:"supplyUs,omitempty"`
	SupplyBy  string `json:"supplyBy,omitempty"`
	BrokerUs  int64  `json:"brokerUs,omitempty"`
	BrokerBy  string `json:"brokerBy,omitempty"`
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"createdBy"` // log-in
	Version   int64  `json:"version"`
}

// Agreed says whether everybody confirmed it.
func (x Split) Agreed() bool { return x.DemandUs > 0 && x.SupplyUs > 0 && x.BrokerUs > 0 }

// Confirmed says whether a side confirmed it.
func (x Split) Confirmed(side string) bool {
	return map[string]int64{Demand: x.DemandUs, Supply: x.SupplyUs, Agent: x.BrokerUs}[side] > 0
}

// CommissionFen is the commission on a price, to the fen.
func (x Split) CommissionFen(price money.Fen) money.Fen {
	return money.Fen(int64(price)/allBp*x.RateBp + int64(price)%allBp*x.RateBp/allBp)
}

const splitColumns = `id, deal, n, rate_bp, note, parts, demand_us, demand_by, supply_us, supply_by,
	broker_us, broker_by, created_us, created_by, version`

var (
	qSplitAdd = db.Stmt(`INSERT INTO deal_split (` + splitColumns + `) VALUES ($1, $2, $3, $4, $5,
		$6, $7, $8, $9, $10, $11, $12, $13, $14, 1)`)
	qSplits = db.Stmt(`SELECT ` + splitColumns + ` FROM deal_split WHERE deal = $1
		ORDER BY n DESC LIMIT 50`)
	// qSplitReopen takes the confirmation of a broker back who is no longer the one.
	qSplitReopen = db.Stmt(`UPDATE deal_split SET broker_us = 0, broker_by = '',
		version = version + 1 WHERE deal = $1 AND broker_us > 0`)
	qSplitDemand = db.Stmt(`UPDATE deal_split SET demand_us = $3, demand_by = $4,
		version = version + 1 WHERE id = $1 AND version = $2 AND demand_us = 0`)
	qSplitSupply = db.Stmt(`UPDATE deal_split SET supply_us = $3, supply_by = $4,
		version = version + 1 WHERE id = $1 AND version = $2 AND supply_us = 0`)
	qSplitBroker = db.Stmt(`UPDATE deal_split SET broker_us = $3, broker_by = $4,
		version = version + 1 WHERE id = $1 AND version = $2 AND broker_us = 0`)
)

func scanSplit(r db.Row) (Split, error) {
	var x Split
	var parts string
	err := r.Scan(&x.ID, &x.Deal, &x.N, &x.RateBp, &x.Note, &parts, &x.DemandUs, &x.DemandBy,
		&x.SupplyUs, &x.SupplyBy, &x.BrokerUs, &x.BrokerBy, &x.CreatedUs, &x.CreatedBy, &x.Version)
	if err != nil {
		return x, err
	}
	return x, decode(parts, &x.Parts)
}

func splitsOf(ctx context.Context, q db.Q, dealID string) ([]Split, error) {
	return db.All(ctx, q, qSplits, scanSplit, dealID)
}

// NewSplit is the input of ProposeSplit.
type NewSplit struct {
	Deal   string `json:"-"`
	RateBp int64  `json:"rateBp"`
	Note   string `json:"note,omitempty"`
	Parts  []Part `json:"parts"`
	Key    string `json:"-"`
}

func (in *NewSplit) check(f *faults, consented bool) {
	if in.RateBp <= 0 || in.RateBp > MaxRateBp {
		f.add("rateBp", "佣金比例应大于 0，不超过 %d%%", MaxRateBp/100)
	}
	f.prose("note", in.Note, MaxNext, false)
	f.quiet("note", in.Note, consented)
	if len(in.Parts) == 0 || len(in.Parts) > MaxParts {
		f.add("parts", "分成应有 1 到 %d 项", MaxParts)
		return
	}
	var sum int64
	for i, p := range in.Parts {
		at := "parts." + strconv.Itoa(i) + "."
		f.line(at+"name", p.Name, MaxLine, true)
		f.quiet(at+"name", p.Name, consented)
		if p.Bp <= 0 || p.Bp > allBp {
			f.add(at+"bp", "分成应大于 0，不超过百分之百")
			return
		}
		sum += p.Bp
	}
	if sum != allBp {
		f.add("parts", "各项分成之和应为 100%%，现为 %s%%", PercentText(sum))
	}
}

// PercentText writes hundredths of a percent as people do: 3550 is 35.5.
func PercentText(bp int64) string {
	text := fmt.Sprintf("%d.%02d", bp/100, bp%100)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// maySplit reads an introduction about whose commission the actor has a say.
func (s *Service) maySplit(ctx context.Context, by authz.Actor, dealID string) (Deal, error) {
	d, err := s.readDeal(ctx, s.unit.DB(), by, dealID)
	if err != nil {
		return d, err
	}
	if err := DealPolicy.May(by, ActDealSplit, d); err != nil {
		return d, err
	}
	if !d.Open() {
		return d, fault.New(fault.Conflict, "对接已结束，不能再约定或确认佣金")
	}
	if d.Broker == "" {
		return d, fault.New(fault.Conflict, "没有技术经理人经办，不用约定佣金")
	}
	return d, nil
}

// ProposeSplit writes a version of the agreement on the commission and confirms it for whoever
// proposes. Versions before count no more.
func (s *Service) ProposeSplit(ctx context.Context, by authz.Actor, in NewSplit) (Split, error) {
	in.Note = lines(in.Note)
	for i := range in.Parts {
		in.Parts[i].Name = tidy(in.Parts[i].Name)
	}
	d, err := s.maySplit(ctx, by, in.Deal)
	if err != nil {
		return Split{}, err
	}
	var f faults
	in.check(&f, d.consented())
	if len(f) > 0 {
		return Split{}, f.err()
	}
	const useCase = "deal.ProposeSplit"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Split, error) {
		list, err := splitsOf(ctx, tx, d.ID)
		if err != nil {
			return Split{}, err
		}
		x := Split{ID: id.New(), Deal: d.ID, N: 1, RateBp: in.RateBp, Note: in.Note, Parts: in.Parts,
			CreatedUs: tx.NowUs(), CreatedBy: by.Login, Version: 1}
		if len(list) > 0 {
			x.N = list[0].N + 1
		}
		if x.N > maxSplits {
			return x, fault.New(fault.Conflict, "佣金约定最多 %d 版", maxSplits)
		}
		x.confirm(d.SideOf(by), tx.NowUs(), by.Login)
		err = db.ExecOne(ctx, tx.Tx, qSplitAdd, x.ID, x.Deal, x.N, x.RateBp, x.Note, encode(x.Parts),
			x.DemandUs, x.DemandBy, x.SupplyUs, x.SupplyBy, x.BrokerUs, x.BrokerBy, x.CreatedUs,
			x.CreatedBy)
		if err != nil {
			return x, err
		}
		return x, s.noteSplit(ctx, tx, d, x, "propose_split")
	})
	return out.seenBy(d.SideOf(by)), err
}

func (x *Split) confirm(side string, us int64, login string) {
	switch side {
	case Demand:
		x.DemandUs, x.DemandBy = us, login
	case Supply:
		x.SupplyUs, x.SupplyBy = us, login
	case Agent:
		x.BrokerUs, x.BrokerBy = us, login
	}
}

func (s *Service) noteSplit(
	ctx context.Context, tx *unit.Tx, d Deal, x Split, what string,
) error {
	tx.Audit(audit.Entry{Kind: kindDeal, Object: d.ID, What: what, Detail: x})
	e := newEntry(tx, d, EntrySplit, what)
	e.Data.Version = x.N
	return e.save(ctx, tx.Tx)
}

// reopenSplit takes back what a broker confirmed who is no longer the one, and says so in the timeline.
// It returns the version that has to be confirmed again, 0 for none.
func (s *Service) reopenSplit(ctx context.Context, tx *unit.Tx, d Deal) (int64, error) {
	list, err := splitsOf(ctx, tx, d.ID)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	if _, err := db.Exec(ctx, tx.Tx, qSplitReopen, d.ID); err != nil || list[0].BrokerUs == 0 {
		return 0, err
	}
	return list[0].N, s.noteSplit(ctx, tx, d, list[0], "reopen_split")
}

// SplitConfirmation is the input of ConfirmSplit.
type SplitConfirmation struct {
	Deal string `json:"-"`
	N    int64  `json:"n"` // the version that was read
	Key  string `json:"-"`
}

// ConfirmSplit confirms the newest version of the agreement on the commission for the actor's side.
// It is a Conflict when there is a newer one than was read.
func (s *Service) ConfirmSplit(
	ctx context.Context, by authz.Actor, in SplitConfirmation,
) (Split, error) {
	d, err := s.maySplit(ctx, by, in.Deal)
	if err != nil {
		return Split{}, err
	}
	const useCase = "deal.ConfirmSplit"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Split, error) {
		list, err := splitsOf(ctx, tx, d.ID)
		if err != nil {
			return Split{}, err
		}
		if len(list) == 0 || list[0].N != in.N {
			return Split{}, errNoSuchSplit
		}
		x, side := list[0], d.SideOf(by)
		if x.Confirmed(side) {
			return x, fault.New(fault.Conflict, "本方已确认这一版佣金约定")
		}
		stmt := map[string]*db.Statement{Demand: qSplitDemand, Supply: qSplitSupply,
			Agent: qSplitBroker}[side]
		if stmt == nil {
			return x, errAbsent()
		}
		if err := db.ExecOne(ctx, tx.Tx, stmt, x.ID, x.Version, tx.NowUs(), by.Login); err != nil {
			return x, err
		}
		x.confirm(side, tx.NowUs(), by.Login)
		x.Version++
		return x, s.noteSplit(ctx, tx, d, x, "confirm_split")
	})
	return out.seenBy(d.SideOf(by)), err
}
