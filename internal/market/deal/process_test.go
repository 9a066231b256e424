package deal

import (
	"context"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var soon = clock.Us(dbtest.Start.AddDate(0, 1, 0))

// rawDeal stores introductions that stand where a test wants them.
type rawDeal struct{ conflict bool }

func (r rawDeal) create(ctx context.Context, tx *unit.Tx, state string) (string, error) {
	tx.Audit(audit.Entry{Kind: "test", What: "create"})
	b := Broker{ID: "b", Account: "acc-broker", State: BrokerActive, Version: 1}
	if err := insertBroker(ctx, tx, b); err != nil {
		return "", err
	}
	if r.conflict {
		c := Conflict{ID: "c", Org: "org-supply", Source: "declared"}
		if err := addConflict(ctx, tx, b, c, "org-supply"); err != nil {
			return "", err
		}
	}
	d := Deal{ID: "v", Code: "DJ", State: state, Version: 1, Broker: "b", AskedBy: Demand,
		Region: "140105", DueUs: soon, ChaseUs: soon,
		Demand: Side{Org: "org-demand", Now: "org-demand", Role: authz.Enterprise},
		Supply: Side{Org: "org-supply", Now: "org-supply", Role: authz.University}}
	switch state {
	case HalfNDA:
		d.Demand.NDAUs = 1
	case Half:
		d.Demand.ConsentUs = 1
	case AwaitingNDA, Requested:
	default:
		d.Demand.ConsentUs, d.Supply.ConsentUs = 1, 1
	}
	return "v", insertDeal(ctx, tx, d)
}

// careful is what a careful person hands in with a step.
func careful(step string, _ Deal) process.Input {
	x := StepData{due: soon, chase: soon, today: "2026-11-20", classes: []string{"price"}}
	switch step {
	case StepPropose, StepOffer:
		x.NDA = "双方对交流内容保密三年。"
	case StepConsent, StepAgree:
		x.Contact = Contact{Name: "李明", Phone: "0351-0000000"}
	case StepRecord:
		x.Day, x.Text = "2026-11-20", "到现场看了样机"
	case StepIntend:
		x.AmountFen, x.Mode = 100_00, "licence"
	case StepSign:
		x.AmountFen, x.Mode, x.Day = 100_00, "licence", "2026-11-20"
	case StepRegister:
		x.Number, x.Day = "2026140100000012", "2026-11-20"
	case StepRefuse, StepBreak, StepDissolve:
		x.Class, x.Next = "price", "明年再议"
	}
	return process.Input{Reason: "因故", Data: x}
}

// TestDealProcess tries every state × step × role of an introduction.
func TestDealProcess(t *testing.T) {
	acts := func(account, org string, role authz.Role) authz.Actor {
		return authz.Actor{Account: account, Org: org, Role: role, Via: authz.ViaSession}
	}
	processtest.Exhaust(t, DealProcess, processtest.Setup[Deal]{
		Actors: []processtest.Actor{
			{Name: "demand", By: acts("acc-d", "org-demand", authz.Enterprise)},
			{Name: "supply", By: acts("acc-s", "org-supply", authz.University)},
			{Name: "its broker", By: acts("acc-broker", "", authz.Broker)},
			{Name: "officer", By: acts("acc-o", "", authz.Officer)},
			{Name: "other firm", By: acts("acc-x", "org-x", authz.Enterprise)},
			{Name: "other broker", By: acts("acc-y", "", authz.Broker)},
			{Name: "its district", By: authz.Actor{Account: "d", Role: authz.District,
				Region: "140105", Via: authz.ViaSession}},
		},
		Cases: []processtest.Case{{Name: "with a broker", Create: rawDeal{}.create},
			{Name: "with a conflict of interest", Create: rawDeal{conflict: true}.create}},
		Input: careful,
	})
}

// TestBrokerProcess tries every state × step × role of a broker's record.
func TestBrokerProcess(t *testing.T) {
	create := func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
		tx.Audit(audit.Entry{Kind: "test", What: "create"})
		return "b", insertBroker(ctx, tx, Broker{ID: "b", Account: "acc-b", State: state, Version: 1})
	}
	processtest.Exhaust(t, BrokerProcess, processtest.Setup[Broker]{
		Actors: []processtest.Actor{{Name: "self", By: authz.Actor{Account: "acc-b",
			Role: authz.Broker, Via: authz.ViaSession}}},
		Cases: []processtest.Case{{Name: "broker", Create: create}},
		Input: func(string, Broker) process.Input { return process.Input{Reason: "因故"} },
	})
}
