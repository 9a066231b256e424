package deal

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// brokerFor reads a broker with whom the actor may do something.
func (s *Service) brokerFor(
	ctx context.Context, by authz.Actor, brokerID string, act authz.Action,
) (Broker, error) {
	b, err := brokerByID(ctx, s.unit.DB(), brokerID)
	if err != nil {
		return Broker{}, err
	}
	if err := BrokerPolicy.May(by, ActBrokerRead, b); err != nil {
		return Broker{}, err
	}
	return b, BrokerPolicy.May(by, act, b)
}

// NewBroker is the input of CreateBroker. Somebody in the role of a broker registers the own account;
// an officer names the account, or none.
type NewBroker struct {
	BrokerData
	Account string `json:"account,omitempty"`
	Key     string `json:"-"`
}

// CreateBroker registers a broker, for the bureau to verify.
func (s *Service) CreateBroker(ctx context.Context, by authz.Actor, in NewBroker) (Broker, error) {
	in.normalise()
	b := Broker{ID: id.New(), BrokerData: in.BrokerData, Account: in.Account, State: BrokerPending,
		CreatedBy: by.Account, Version: 1}
	if by.EffectiveRole() == authz.Broker {
		b.Account = by.Account
		if by.Person != "" {
			b.Person = by.Person
		}
	}
	if err := BrokerPolicy.May(by, ActBrokerCreate, b); err != nil {
		return Broker{}, err
	}
	at, err := s.completeBroker(ctx, &b)
	if err != nil {
		return Broker{}, err
	}
	const useCase = "deal.CreateBroker"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		return b.ID, s.addBroker(ctx, tx, b, at)
	})
	if err != nil {
		return Broker{}, err
	}
	return brokerByID(ctx, s.unit.DB(), out)
}

func (s *Service) addBroker(
	ctx context.Context, tx *unit.Tx, b Broker, at []workplace,
) error {
	if b.Account != "" {
		_, found, err := db.Find(ctx, tx, qBrokerOfAccount, scanBroker, b.Account)
		if err != nil {
			return err
		}
		if found {
			return fault.New(fault.Conflict, "这个账号已登记为技术经理人")
		}
	}
	rule, err := ruleAt(ctx, tx, s.today())
	if err != nil {
		return err
	}
	b.CreatedUs, b.UpdatedUs, b.Credit = tx.NowUs(), tx.NowUs(), rule.Credit.Base
	if err := insertBroker(ctx, tx, b); err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "create", Detail: b.BrokerData})
	if err := s.brokers.Start(ctx, tx, b.ID); err != nil {
		return err
	}
	tx.Emit(outbox.Event{Kind: EventBrokerUpdated, Object: b.ID})
	return s.compute(ctx, tx, b, at)
}

func insertBroker(ctx context.Context, tx *unit.Tx, b Broker) error {
	if err := db.ExecOne(ctx, tx.Tx, qBrokerAdd, b.row()...); err != nil {
		return err
	}
	return storeBrokerParts(ctx, tx, b)
}

func storeBrokerParts(ctx context.Context, tx *unit.Tx, b Broker) error {
	if _, err := db.Exec(ctx, tx.Tx, qBrokerFieldDrop, b.ID); err != nil {
		return err
	}
	var rows [][]any
	for _, f := range slices.Compact(slices.Sorted(slices.Values(b.Fields))) {
		rows = append(rows, []any{b.ID, f})
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qBrokerFieldAdd, rows); err != nil {
		return err
	}
	return setGrams(ctx, tx, gramBroker, b.ID, b.Name, b.OrgName)
}

// completeBroker checks the data of a broker and looks up where the broker works.
func (s *Service) completeBroker(ctx context.Context, b *Broker) ([]workplace, error) {
	rule, err := ruleAt(ctx, s.unit.DB(), s.today())
	if err != nil {
		return nil, err
	}
	var f faults
	b.check(&f, inForce(Grades(), rule.Grades))
	b.OrgNow, b.OrgName = "", ""
	if b.Org != "" {
		side, err := s.sideOf(ctx, b.Org)
		if fault.Is(err, fault.NotFound) {
			f.add("org", "主体库中没有这个单位")
		} else if err != nil {
			return nil, err
		}
		b.OrgNow, b.OrgName = side.Now, side.Name
	}
	if b.Person != "" {
		_, err := s.opt.Party.GetPerson(ctx, house, b.Person)
		if fault.Is(err, fault.NotFound) {
			f.add("person", "人才库中没有这个人")
		} else if err != nil {
			return nil, err
		}
	}
	if len(f) > 0 {
		return nil, f.err()
	}
	return s.workplacesOf(ctx, *b)
}

// BrokerUpdate is the input of UpdateBroker.
type BrokerUpdate struct {
	ID string `json:"-"`
	BrokerData
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// UpdateBroker replaces the data of a broker. A broker who changes the own grade or certificate has
// to ask the bureau: those stay as they were verified.
func (s *Service) UpdateBroker(
	ctx context.Context, by authz.Actor, in BrokerUpdate,
) (Broker, error) {
	in.normalise()
	old, err := s.brokerFor(ctx, by, in.ID, ActBrokerUpdate)
	if err != nil {
		return Broker{}, err
	}
	next := old
	next.BrokerData, next.Version = in.BrokerData, in.Version
	if BrokerPolicy.May(by, ActBrokerVerify, old) != nil {
		next.Person = old.Person
		if old.State != BrokerPending && old.proof() != next.proof() {
			return Broker{}, fault.Fields(fault.At("certificate", "等级和证书已核验，变更请联系科技局"))
		}
	}
	at, err := s.completeBroker(ctx, &next)
	if err != nil {
		return Broker{}, err
	}
	const useCase = "deal.UpdateBroker"
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		err := db.ExecOne(ctx, tx.Tx, qBrokerSet, next.ID, next.Version, next.Person, next.Name,
			next.Org, next.OrgNow, next.OrgName, string(next.Region), next.Grade, next.Certificate,
			next.Issuer, string(next.ValidFrom), string(next.ValidTo), next.Summary, next.Phone,
			tx.NowUs())
		if err != nil {
			return "", err
		}
		if err := storeBrokerParts(ctx, tx, next); err != nil {
			return "", err
		}
		tx.Audit(audit.Entry{Kind: kindBroker, Object: next.ID, What: "update",
			Detail: map[string]any{"old": old.BrokerData, "new": next.BrokerData}})
		tx.Emit(outbox.Event{Kind: EventBrokerUpdated, Object: next.ID})
		if err := s.compute(ctx, tx, next, at); err != nil {
			return "", err
		}
		return next.ID, s.recredit(ctx, tx, next.ID)
	})
	if err != nil {
		return Broker{}, err
	}
	return brokerByID(ctx, s.unit.DB(), in.ID)
}

// proof is what the bureau verifies.
func (b Broker) proof() [5]string {
	return [5]string{b.Grade, b.Certificate, b.Issuer, string(b.ValidFrom), string(b.ValidTo)}
}

// BrokerStep is the input of FireBroker.
type BrokerStep struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Version int64  `json:"version"`
	Reason  string `json:"reason,omitempty"`
	Key     string `json:"-"`
}

// FireBroker takes a step with a broker's record.
func (s *Service) FireBroker(ctx context.Context, by authz.Actor, in BrokerStep) (Broker, error) {
	if _, err := s.brokerFor(ctx, by, in.ID, ActBrokerRead); err != nil {
		return Broker{}, err
	}
	const useCase = "deal.FireBroker"
	_, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		b, err := s.brokers.Fire(ctx, tx, in.ID, in.Version, in.Step,
			process.Input{Reason: in.Reason})
		if err == nil {
			tx.Emit(outbox.Event{Kind: EventBrokerMoved, Object: b.ID,
				Data: Moved{Step: in.Step, State: b.State}})
		}
		return in.ID, err
	})
	if err != nil {
		return Broker{}, err
	}
	return brokerByID(ctx, s.unit.DB(), in.ID)
}

// BrokerDetail is a broker with everything the page shows to one reader.
type BrokerDetail struct {
	Broker
	Own       bool             `json:"own"` // it is the reader's record
	Offers    []process.Offer  `json:"-"`
	Tally     map[string]int64 `json:"tally"`               // introductions by state
	SumFen    int64            `json:"sumFen"`              // price of the contracts signed
	Posts     []PostRef        `json:"posts"`               // the portfolio, as the reader may see it
	Conflicts []Conflict       `json:"conflicts,omitempty"` // for the broker and the bureau
	Cases     []Case           `json:"cases"`               // past ones, the latest first

	// Certificates are those that were confirmed; for the broker and the bureau all of them.
	Certificates []Certificate `json:"certificates"`
}

// GetBroker returns a broker as the actor may see it.
func (s *Service) GetBroker(
	ctx context.Context, by authz.Actor, brokerID string,
) (BrokerDetail, error) {
	b, err := s.brokerFor(ctx, by, brokerID, ActBrokerRead)
	if err != nil {
		return BrokerDetail{}, err
	}
	q := s.unit.DB()
	x := BrokerDetail{Broker: b, Own: by.Account != "" && by.Account == b.Account}
	if x.Offers, err = s.brokers.Available(ctx, q, by, b); err != nil {
		return x, err
	}
	w := db.Where{}.And("d.broker = $1 AND d.broker <> ''", b.ID)
	if x.Tally, err = dealList.CountBy(ctx, q, "d.state", w); err != nil {
		return x, err
	}
	if x.SumFen, err = db.Get(ctx, q, qBrokerSum, db.One[int64], b.ID); err != nil {
		return x, err
	}
	if x.Posts, err = s.portfolio(ctx, by, b.ID); err != nil {
		return x, err
	}
	if x.Cases, err = db.All(ctx, q, qCases, scanCase, b.ID); err != nil {
		return x, err
	}
	if x.Certificates, err = shownCertificates(ctx, q, by, b); err != nil {
		return x, err
	}
	if BrokerPolicy.MaySee(by, ActBrokerInside, b) {
		x.Conflicts, err = db.All(ctx, q, qConflicts, scanConflict, b.ID)
	}
	return x, err
}

var (
	qBrokerSum = db.Stmt(`SELECT CAST(COALESCE(SUM(contract_fen), 0) AS BIGINT) FROM deal
		WHERE broker = $1 AND broker <> '' AND signed_on <> '' AND state IN ('signed', 'registered', 'kept')`)
	qPortfolio = db.Stmt(`SELECT post FROM deal_broker_post WHERE broker = $1
		ORDER BY added_us DESC, post LIMIT 500`)
	qPortfolioAdd = db.Stmt(`INSERT INTO deal_broker_post (broker, post, added_us)
		VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	qPortfolioDrop = db.Stmt(`DELETE FROM deal_broker_post WHERE broker = $1 AND post = $2`)
)

// shownPosts is how many posts of a portfolio a record shows.
const shownPosts = 50

func (s *Service) portfolio(
	ctx context.Context, by authz.Actor, brokerID string,
) ([]PostRef, error) {
	ids, err := db.All(ctx, s.unit.DB(), qPortfolio, db.One[string], brokerID)
	if err != nil {
		return nil, err
	}
	var out []PostRef
	for _, postID := range ids {
		p, err := s.opt.Market.GetPost(ctx, by, postID)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if out = append(out, refOf(p)); len(out) == shownPosts {
			break
		}
	}
	return out, nil
}

// PortfolioChange is the input of SetPortfolio.
type PortfolioChange struct {
	Broker string `json:"-"`
	Post   string `json:"post"`
	Drop   bool   `json:"drop,omitempty"`
	Key    string `json:"-"`
}

// SetPortfolio takes a post into the portfolio of a broker, or out of it.
func (s *Service) SetPortfolio(ctx context.Context, by authz.Actor, in PortfolioChange) error {
	b, err := s.brokerFor(ctx, by, in.Broker, ActBrokerUpdate)
	if err != nil {
		return err
	}
	if !in.Drop {
		var f faults
		if _, err := s.postFor(ctx, by, "post", in.Post, &f); err != nil || len(f) > 0 {
			if err != nil {
				return err
			}
			return f.err()
		}
	}
	return s.unit.Write(ctx, by, "deal.SetPortfolio", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "portfolio", Detail: in})
		if in.Drop {
			_, err := db.Exec(ctx, tx.Tx, qPortfolioDrop, b.ID, in.Post)
			return err
		}
		_, err := db.Exec(ctx, tx.Tx, qPortfolioAdd, b.ID, in.Post, tx.NowUs())
		return err
	})
}

// MyBroker returns the record of the account, and false when there is none.
func (s *Service) MyBroker(ctx context.Context, by authz.Actor) (Broker, bool, error) {
	if by.Account == "" {
		return Broker{}, false, nil
	}
	return db.Find(ctx, s.unit.DB(), qBrokerOfAccount, scanBroker, by.Account)
}

// BrokerStateTitle returns the title of a state of brokers, a key of package i18n.
func BrokerStateTitle(state string) string {
	for _, s := range BrokerProcess.Def().States {
		if s.Name == state {
			return s.Title
		}
	}
	return state
}
