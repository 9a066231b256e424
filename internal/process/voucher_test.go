package process_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// voucher is a made-up 创新券 that uses everything a process can do.
type voucher struct {
	id, org, region, handler, state string
	amountFen                       int64
	version                         int64
}

var (
	qVoucherTable = db.Stmt(`CREATE TABLE test_voucher (id TEXT PRIMARY KEY, org TEXT NOT NULL,
		region TEXT NOT NULL, handler TEXT NOT NULL, state TEXT NOT NULL,
		amount_fen BIGINT NOT NULL, updated_us BIGINT NOT NULL, version BIGINT NOT NULL)`)
	qVoucherAdd = db.Stmt(`INSERT INTO test_voucher (id, org, region, handler, state, amount_fen,
		updated_us, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)`)
	qVoucher = db.Stmt(`SELECT id, org, region, handler, state, amount_fen, version
		FROM test_voucher WHERE id = $1`)
	qVoucherMove = db.Stmt(`UPDATE test_voucher SET state = $1, updated_us = $2,
		version = version + 1 WHERE id = $3 AND state = $4 AND version = $5`)
	qVoucherHandler = db.Stmt(`UPDATE test_voucher SET handler = $1, version = version + 1
		WHERE id = $2 AND version = $3`)
	qVoucherForce  = db.Stmt(`UPDATE test_voucher SET state = $1 WHERE id = $2`)
	qVoucherDelete = db.Stmt(`DELETE FROM test_voucher WHERE id = $1`)
)

func loadVoucher(ctx context.Context, q db.Q, id string) (voucher, error) {
	return db.Get(ctx, q, qVoucher, func(r db.Row) (voucher, error) {
		var v voucher
		err := r.Scan(&v.id, &v.org, &v.region, &v.handler, &v.state, &v.amountFen, &v.version)
		return v, err
	}, id)
}

func voucherAt(v voucher) process.Position {
	return process.Position{ID: v.id, State: v.state, Version: v.version}
}

// attachable stands in for the check of a module that its files exist.
func attachable(_ context.Context, _ *unit.Tx, _ voucher, ids []string) error {
	for _, id := range ids {
		if id == "missing" {
			return fault.Fields(fault.At("files", "文件不存在"))
		}
	}
	return nil
}

var voucherPolicy = authz.NewPolicy("voucher", authz.Rules[voucher]{
	Title: "创新券",
	Verbs: []authz.Verb{
		{Action: "voucher.apply", Title: "申请"},
		{Action: "voucher.handle", Title: "办理"},
		{Action: "voucher.decide", Title: "审批"},
	},
	Ties: []authz.Tie[voucher]{
		authz.TieSame(authz.SameOrg, "本单位",
			func(a authz.Actor) string { return a.Org }, func(v voucher) string { return v.org },
			func(k string) db.Where { return db.Where{}.And("org = $1", k) }),
		authz.TieRegion(func(v voucher) string { return v.region },
			func(from, before string) db.Where {
				return db.Where{}.And("region >= $1 AND region < $2", from, before)
			}),
	},
	Grants: []authz.Grant{
		{Role: authz.Enterprise, Action: "voucher.apply", Relation: authz.SameOrg},
		{Role: authz.Officer, Action: "voucher.handle", Relation: authz.RegionStaff},
		{Role: authz.Leader, Action: "voucher.handle", Relation: authz.RegionStaff},
		{Role: authz.Leader, Action: "voucher.decide", Relation: authz.RegionStaff},
	},
})

var errBroken = errors.New("the effect failed")

// assign is the input of the step assign.
type assign struct {
	Handler string `json:"handler"`
}

func voucherDef() process.Def[voucher] {
	return process.Def[voucher]{
		Name: "voucher", Title: "创新券", Source: "《创新券管理办法（试行）》", Policy: voucherPolicy,
		Store: process.Store[voucher]{Load: loadVoucher, At: voucherAt, Move: qVoucherMove,
			Files: attachable},
		States: []process.State{
			{Name: "draft", Title: "草稿", Initial: true},
			{Name: "submitted", Title: "办理中"},
			{Name: "supplement", Title: "待补正"},
			{Name: "approved", Title: "已通过"},
			{Name: "paid", Title: "已兑付", Final: true},
			{Name: "rejected", Title: "不予支持", Final: true},
			{Name: "withdrawn", Title: "已撤回", Final: true},
		},
		Steps:  voucherSteps(),
		Clocks: voucherClocks(),
	}
}

func voucherSteps() []process.Step[voucher] {
	return []process.Step[voucher]{
		{Name: "submit", Title: "提交", From: []string{"draft"}, To: "submitted",
			May: "voucher.apply", Rule: "已填写金额", Guard: func(v voucher) error {
				if v.amountFen == 0 {
					return fault.New(fault.Conflict, "请先填写金额")
				}
				return nil
			}},
		{Name: "assign", Title: "转办", From: []string{"submitted"}, To: process.Stay,
			May: "voucher.handle", Rule: "写明承办人", Check: func(_ voucher, in process.Input) error {
				if a, ok := in.Data.(assign); !ok || a.Handler == "" {
					return fault.Fields(fault.At("handler", "请选择承办人"))
				}
				return nil
			}, Do: func(ctx context.Context, tx *unit.Tx, v voucher, in process.Input) error {
				a := in.Data.(assign)
				if a.Handler == "broken" {
					return errBroken
				}
				return db.ExecOne(ctx, tx.Tx, qVoucherHandler, a.Handler, v.id, v.version)
			}},
		{Name: "ask", Title: "要求补正", From: []string{"submitted"}, To: "supplement",
			May: "voucher.handle", Needs: process.Reason},
		{Name: "supply", Title: "补正", From: []string{"supplement"}, To: "submitted",
			May: "voucher.apply", Needs: process.Files},
		{Name: "extend", Title: "延期", From: []string{"submitted"}, To: process.Stay,
			May: "voucher.decide", Needs: process.Reason,
			Extends: &process.Extension{Clock: "decide", By: process.WorkingDays(10)}},
		{Name: "approve", Title: "通过", From: []string{"submitted"}, To: "approved",
			May: "voucher.decide"},
		{Name: "reject", Title: "不予支持", From: []string{"submitted"}, To: "rejected",
			May: "voucher.decide", Needs: process.Reason},
		{Name: "pay", Title: "兑付", From: []string{"approved"}, To: "paid",
			May: "voucher.handle", Needs: process.Reason | process.Files},
		{Name: "withdraw", Title: "撤回", From: []string{"draft", "submitted", "supplement"},
			To: "withdrawn", May: "voucher.apply"},
	}
}

func voucherClocks() []process.Clock[voucher] {
	leader := func(v voucher) process.Owner {
		return process.Owner{Role: authz.Leader, Region: v.region}
	}
	return []process.Clock[voucher]{
		{Name: "decide", Title: "办理时限", In: []string{"submitted"}, Paused: []string{"supplement"},
			Limit: process.WorkingDays(5).ClosingAt(18, 0),
			Owner: func(v voucher) process.Owner {
				if v.handler != "" {
					return process.Owner{Account: v.handler, Role: authz.Officer}
				}
				return process.Owner{Role: authz.Officer, Region: v.region}
			},
			Escalate: leader, LastResort: process.Owner{Role: authz.Leader}},
		{Name: "supply", Title: "补正时限", In: []string{"supplement"}, Limit: process.CalendarDays(15),
			Owner: func(v voucher) process.Owner {
				return process.Owner{Role: authz.Enterprise, Org: v.org}
			},
			Escalate:   func(voucher) process.Owner { return process.Owner{} },
			LastResort: process.Owner{Role: authz.Officer}},
		{Name: "pay", Title: "兑付时限", In: []string{"approved"},
			Limit: process.WorkingTime(24 * time.Hour),
			Varies: func(v voucher) process.Limit {
				if v.amountFen > 10_000_000 {
					return process.WorkingTime(48 * time.Hour)
				}
				return process.WorkingTime(24 * time.Hour)
			},
			Owner: leader, Escalate: leader, LastResort: process.Owner{Role: authz.Leader}},
	}
}

// calendar2026 holds the one year as published: the holiday of 1 to 7 October, and Sunday 20
// September and Saturday 10 October worked instead.
var calendar2026 = new(clock.Calendar).With(2026, clock.Published().Holidays(2026))

var (
	applicant = authz.Actor{Account: "acc-li", Login: "li", Org: "org-a", Role: authz.Enterprise,
		Via: authz.ViaSession}
	stranger = authz.Actor{Account: "acc-xu", Login: "xu", Org: "org-b", Role: authz.Enterprise,
		Via: authz.ViaSession}
	officer = authz.Actor{Account: "acc-wang", Login: "wang", Region: "140105",
		Role: authz.Officer, Via: authz.ViaSession}
	leader = authz.Actor{Account: "acc-zhao", Login: "zhao", Region: "140100",
		Role: authz.Leader, Via: authz.ViaSession}
	machine = authz.Actor{Via: authz.ViaJob}
)

// city is a database with vouchers, a clock and the process bound to a calendar.
type city struct {
	*testing.T
	db    *db.DB
	unit  *unit.Unit
	clock *clock.Fake
	p     *process.Process[voucher]
}

func newCity(t *testing.T, d *db.DB) city {
	t.Helper()
	c := clock.NewFake(day(t, "2026-09-28 09:00"))
	p, err := process.MustNew(voucherDef()).With(process.Times{
		Calendar: calendar2026, Service: process.OfficeHours()})
	if err != nil {
		t.Fatal(err)
	}
	x := city{t, d, unit.New(d, c, unit.Options{}), c, p}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, qVoucherTable)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	x, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (c city) add(id string, amountFen int64) {
	c.Helper()
	err := c.unit.Write(c.Context(), applicant, "voucher.create", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "voucher", Object: id, What: "create"})
		err := db.ExecOne(c.Context(), tx.Tx, qVoucherAdd, id, "org-a", "140105", "", "draft",
			amountFen, tx.NowUs())
		if err != nil {
			return err
		}
		return c.p.Start(c.Context(), tx, id)
	})
	if err != nil {
		c.Fatal(err)
	}
}

// fire takes a step at the version the voucher has now.
func (c city) fire(by authz.Actor, id, step string, in process.Input) error {
	c.Helper()
	v, err := loadVoucher(c.Context(), c.db, id)
	if err != nil {
		c.Fatal(err)
	}
	return c.fireAt(by, id, v.version, step, in)
}

func (c city) fireAt(
	by authz.Actor, id string, version int64, step string, in process.Input,
) error {
	return c.unit.Write(c.Context(), by, "voucher."+step, func(tx *unit.Tx) error {
		_, err := c.p.Fire(c.Context(), tx, id, version, step, in)
		return err
	})
}

// must takes a step that has to succeed.
func (c city) must(by authz.Actor, id, step string, in process.Input) {
	c.Helper()
	if err := c.fire(by, id, step, in); err != nil {
		c.Fatalf("%s %s: %v", step, id, err)
	}
}

func (c city) set(when string) { c.clock.Set(day(c.T, when)) }

func (c city) history(id string) []process.Entry {
	c.Helper()
	h, err := process.History(c.Context(), c.db, "voucher", id, 0)
	if err != nil {
		c.Fatal(err)
	}
	return h
}

func (c city) running(id string) map[string]process.Run {
	c.Helper()
	runs, err := c.p.Running(c.Context(), c.db, id)
	if err != nil {
		c.Fatal(err)
	}
	out := map[string]process.Run{}
	for _, r := range runs {
		out[r.Clock] = r
	}
	return out
}

func shown(us int64) string {
	return clock.Time(us).In(clock.Shanghai).Format("2006-01-02 15:04:05")
}
