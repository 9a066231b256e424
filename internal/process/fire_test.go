package process_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qCountHistory = db.Stmt(`SELECT COUNT(*) FROM process_history`)
	qCountClocks  = db.Stmt(`SELECT COUNT(*) FROM process_clock`)
	qAudits       = db.Stmt(`SELECT kind, what, reason, detail FROM audit_entry
		WHERE object = $1 ORDER BY seq`)
	qEvents = db.Stmt(`SELECT data FROM outbox WHERE kind = $1 ORDER BY seq, n`)
)

// A voucher from draft to paid: what the history, the audit trail and the row say.
func TestLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		c.add("v1", 500)
		c.must(applicant, "v1", "submit", process.Input{})
		c.must(officer, "v1", "ask", process.Input{Reason: "  缺合同\r\n请补  "})
		c.must(applicant, "v1", "supply", process.Input{Files: []string{"f1", "f2"}})
		c.must(leader, "v1", "approve", process.Input{})
		c.must(officer, "v1", "pay", process.Input{Reason: "已转账", Files: []string{"f3"}})

		type line struct {
			Seq                               int64
			Kind                              process.Kind
			Name, From, To, By, Reason, Files string
			Version                           int64
		}
		var got []line
		for _, e := range c.history("v1") {
			got = append(got, line{e.Seq, e.Kind, e.Name, e.From, e.To, e.Login, e.Reason,
				strings.Join(e.Files, ","), e.ObjectVersion})
			if len(e.InputHash) != 64 && e.Kind == process.KindStep {
				t.Errorf("entry %d has no input hash", e.Seq)
			}
		}
		want := []line{
			{6, "step", "pay", "approved", "paid", "wang", "已转账", "f3", 6},
			{5, "step", "approve", "submitted", "approved", "zhao", "", "", 5},
			{4, "step", "supply", "supplement", "submitted", "li", "", "f1,f2", 4},
			{3, "step", "ask", "submitted", "supplement", "wang", "缺合同\n请补", "", 3},
			{2, "step", "submit", "draft", "submitted", "li", "", "", 2},
			{1, "start", "", "", "draft", "li", "", "", 1},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if len(c.running("v1")) != 0 {
			t.Error("a paid voucher has a running clock")
		}
		older, err := process.History(t.Context(), d, "voucher", "v1", 3)
		if err != nil || len(older) != 2 || older[0].Seq != 2 {
			t.Errorf("history before 3: %v, %v", older, err)
		}
		audits, err := db.All(t.Context(), d, qAudits, func(r db.Row) (string, error) {
			var kind, what, reason, detail string
			err := r.Scan(&kind, &what, &reason, &detail)
			return kind + " " + what + " " + reason + " " + detail, err
		}, "v1")
		last := `voucher pay 已转账 {"process":"voucher","from":"approved","to":"paid","seq":6}`
		if err != nil || len(audits) != 6 || audits[5] != last {
			t.Errorf("audit trail %q, %v", audits, err)
		}
	})
}

var (
	longReason = strings.Repeat("字", process.MaxReason)
	manyFiles  = strings.Split(strings.Repeat("f", process.MaxFiles+1), "")
)

// refusals are steps that Fire must refuse, with the kind of the fault and part of its text.
var refusals = []struct {
	name     string
	by       authz.Actor
	id, step string
	in       process.Input
	kind     fault.Kind
	says     string
}{
	{"no such step", applicant, "draft", "fly", process.Input{}, fault.NotFound, "没有这个步骤"},
	{"no such object", applicant, "none", "submit", process.Input{}, fault.NotFound, "没有找到"},
	{"not theirs", stranger, "draft", "submit", process.Input{}, fault.Forbidden, "本单位"},
	{"not theirs wherever it stands", stranger, "open", "submit", process.Input{},
		fault.Forbidden, "本单位"},
	{"nobody", authz.Actor{}, "draft", "submit", process.Input{}, fault.Forbidden, "企业"},
	{"from another state", applicant, "open", "submit", process.Input{}, fault.Conflict,
		"当前状态是「办理中」，不能进行「提交」"},
	{"guard", applicant, "empty", "submit", process.Input{}, fault.Conflict, "请先填写金额"},
	{"no reason", officer, "open", "ask", process.Input{Reason: " \n"}, fault.Invalid,
		"reason: 请写明理由"},
	{"too long a reason", officer, "open", "ask", process.Input{Reason: longReason + "字"},
		fault.Invalid, "reason: 理由不能超过 2000 个字"},
	{"a reason that cannot be shown", officer, "open", "ask",
		process.Input{Reason: "a\x00b"}, fault.Invalid, "reason: 理由含有"},
	{"no files", applicant, "waiting", "supply", process.Input{}, fault.Invalid,
		"files: 请附上材料"},
	{"too many files", applicant, "waiting", "supply", process.Input{Files: manyFiles},
		fault.Invalid, "files: 最多可附 20 个文件"},
	{"the same file twice", applicant, "waiting", "supply",
		process.Input{Files: []string{"f", "f"}}, fault.Invalid, "files: 材料编号有误或重复"},
	{"a file that is not there", applicant, "waiting", "supply",
		process.Input{Files: []string{"missing"}}, fault.Invalid, "files: 文件不存在"},
	{"check", officer, "open", "assign", process.Input{}, fault.Invalid, "handler: 请选择承办人"},
	{"effect", officer, "open", "assign", process.Input{Data: assign{"broken"}},
		fault.Internal, "the effect failed"},
	{"input that cannot be recorded", officer, "open", "ask",
		process.Input{Reason: "r", Data: func() {}}, fault.Internal, "hash the input"},
}

// Every way in which Fire refuses, and that nothing is left of a refused step.
func TestRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		c.add("empty", 0)
		c.add("draft", 5)
		c.add("open", 5)
		c.must(applicant, "open", "submit", process.Input{})
		c.add("waiting", 5)
		c.must(applicant, "waiting", "submit", process.Input{})
		c.must(officer, "waiting", "ask", process.Input{Reason: "缺合同"})
		before := c.counts()
		for _, tc := range refusals {
			version := int64(1)
			if v, err := loadVoucher(t.Context(), d, tc.id); err == nil {
				version = v.version
			}
			err := c.fireAt(tc.by, tc.id, version, tc.step, tc.in)
			if fault.KindOf(err) != tc.kind || err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%s: %v, want %s with %q", tc.name, err, tc.kind, tc.says)
			}
		}
		if after := c.counts(); after != before {
			t.Errorf("refused steps left traces: %v, before %v", after, before)
		}
		if err := c.fire(officer, "open", "ask", process.Input{Reason: longReason}); err != nil {
			t.Errorf("the longest reason is refused: %v", err)
		}
	})
}

// counts fingerprints everything a step may leave.
func (c city) counts() string {
	c.Helper()
	history, err := db.Get(c.Context(), c.db, qCountHistory, db.One[int64])
	if err != nil {
		c.Fatal(err)
	}
	clocks, err := db.Get(c.Context(), c.db, qCountClocks, db.One[int64])
	if err != nil {
		c.Fatal(err)
	}
	open, err := loadVoucher(c.Context(), c.db, "open")
	return fmt.Sprint(history, clocks, open, err)
}

func TestStaleVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		c.add("v1", 5)
		c.must(applicant, "v1", "submit", process.Input{})
		c.must(officer, "v1", "assign", process.Input{Data: assign{"acc-sun"}})
		err := c.fireAt(leader, "v1", 2, "approve", process.Input{})
		if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "已被他人修改") {
			t.Errorf("a step on an old version: %v", err)
		}
		v, err := loadVoucher(t.Context(), d, "v1")
		if err != nil || v.handler != "acc-sun" || v.state != "submitted" || v.version != 4 {
			t.Errorf("an effect that wrote the object: %+v, %v", v, err)
		}
	})
}

// A state that was set by hand is found at the next step, and so is an object that never started.
func TestTamperedState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		c.add("v1", 5)
		err := c.unit.Write(t.Context(), machine, "force", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "voucher", Object: "v1", What: "force"})
			return db.ExecOne(t.Context(), tx.Tx, qVoucherForce, "approved", "v1")
		})
		if err != nil {
			t.Fatal(err)
		}
		err = c.fire(officer, "v1", "pay", process.Input{Reason: "r", Files: []string{"f"}})
		if err == nil || !strings.Contains(err.Error(), "set by hand") {
			t.Errorf("paying a voucher that was approved by hand: %v", err)
		}
	})
}

// Start takes initial states only; Adopt takes any known one, with a reason, and runs its clocks.
func TestStartAndAdopt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		enter := func(id, state string, begin func(tx *unit.Tx) error) error {
			return c.unit.Write(t.Context(), machine, "import", func(tx *unit.Tx) error {
				tx.Audit(audit.Entry{Kind: "voucher", Object: id, What: "import"})
				err := db.ExecOne(t.Context(), tx.Tx, qVoucherAdd, id, "org-a", "140105", "", state,
					5, tx.NowUs())
				return errors.Join(err, begin(tx))
			})
		}
		err := enter("a", "submitted", func(tx *unit.Tx) error {
			return c.p.Start(t.Context(), tx, "a")
		})
		if err == nil || !strings.Contains(err.Error(), "cannot begin in state") {
			t.Errorf("started in the middle: %v", err)
		}
		err = enter("b", "flying", func(tx *unit.Tx) error {
			return c.p.Adopt(t.Context(), tx, "b", "旧系统")
		})
		if err == nil || !strings.Contains(err.Error(), "cannot begin in state") {
			t.Errorf("adopted in an unknown state: %v", err)
		}
		err = enter("c", "submitted", func(tx *unit.Tx) error {
			return c.p.Adopt(t.Context(), tx, "c", "")
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("adopted without a reason: %v", err)
		}
		err = enter("d", "submitted", func(tx *unit.Tx) error {
			if err := c.p.Adopt(t.Context(), tx, "d", "自旧系统导入"); err != nil {
				return err
			}
			return c.p.Adopt(t.Context(), tx, "d", "自旧系统导入")
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("adopted twice: %v", err)
		}
		err = enter("e", "submitted", func(tx *unit.Tx) error {
			return c.p.Adopt(t.Context(), tx, "e", "自旧系统导入")
		})
		if err != nil {
			t.Fatal(err)
		}
		h := c.history("e")
		if len(h) != 1 || h[0].Kind != process.KindAdopt || h[0].Reason != "自旧系统导入" {
			t.Errorf("history of an adopted voucher: %+v", h)
		}
		if _, running := c.running("e")["decide"]; !running {
			t.Error("the clock of an adopted voucher does not run")
		}
		c.must(leader, "e", "approve", process.Input{})
	})
}

// Objects that start together have what they have when each starts by itself.
func TestStartMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		def := voucherDef()
		def.Clocks[0].In = append(slices.Clone(def.Clocks[0].In), "draft")
		var err error
		if c.p, err = process.MustNew(def).With(process.Times{Calendar: calendar2026,
			Service: process.OfficeHours()}); err != nil {
			t.Fatal(err)
		}
		c.add("one", 500)
		var many []voucher
		start := func(state string) error {
			return c.unit.Write(t.Context(), applicant, "import", func(tx *unit.Tx) error {
				tx.Audit(audit.Entry{Kind: "voucher", What: "import"})
				for i := range 40 {
					v := voucher{id: fmt.Sprint("many", i), org: "org-a", region: "140105", state: state,
						amountFen: 500, version: 1}
					err := db.ExecOne(t.Context(), tx.Tx, qVoucherAdd, v.id, v.org, v.region, "", v.state,
						v.amountFen, tx.NowUs())
					if err != nil {
						return err
					}
					many = append(many, v)
				}
				return c.p.StartMany(t.Context(), tx, many)
			})
		}
		if err := start("submitted"); err == nil {
			t.Error("started in the middle")
		}
		many = nil
		if err := start("draft"); err != nil {
			t.Fatal(err)
		}
		want, clocks := c.history("one"), c.running("one")
		if len(clocks) == 0 {
			t.Fatal("no clock runs: the test proves little")
		}
		for _, v := range many {
			want[0].Object = v.id
			if diff := cmp.Diff(want, c.history(v.id)); diff != "" {
				t.Fatalf("history of %s: %s", v.id, diff)
			}
			got := c.running(v.id)
			for name, r := range clocks {
				r.Object = v.id
				if got[name] != r {
					t.Fatalf("clock %s of %s: %+v, want %+v", name, v.id, got[name], r)
				}
			}
			if len(got) != len(clocks) {
				t.Fatalf("%s has %d clocks, want %d", v.id, len(got), len(clocks))
			}
		}
		c.must(applicant, "many7", "submit", process.Input{})
	})
}

func TestAvailable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		c.add("empty", 0)
		c.add("open", 5)
		c.must(applicant, "open", "submit", process.Input{})
		type offer struct {
			Step, To string
			Needs    process.Needs
			WhyNot   string
			Due      string
		}
		const due = "2026-10-10 18:00:00" // 29 and 30 September, 8, 9 and the worked 10 October
		for _, tc := range []struct {
			name string
			by   authz.Actor
			id   string
			want []offer
		}{
			{"guard says why", applicant, "empty", []offer{
				{Step: "submit", To: "submitted", WhyNot: "请先填写金额"}, {Step: "withdraw", To: "withdrawn"}}},
			{"a stranger learns nothing of the guard", stranger, "empty", []offer{
				{Step: "submit", To: "submitted", WhyNot: "您的角色此操作仅限「本单位」"},
				{Step: "withdraw", To: "withdrawn", WhyNot: "您的角色此操作仅限「本单位」"}}},
			{"an officer handles but does not decide", officer, "open", []offer{
				{Step: "assign", To: "submitted"},
				{Step: "ask", To: "supplement", Needs: process.Reason, Due: due},
				{Step: "extend", To: "submitted", Needs: process.Reason, WhyNot: "此操作需要「局领导」角色"},
				{Step: "approve", To: "approved", WhyNot: "此操作需要「局领导」角色", Due: due},
				{Step: "reject", To: "rejected", Needs: process.Reason, WhyNot: "此操作需要「局领导」角色",
					Due: due},
				{Step: "withdraw", To: "withdrawn", WhyNot: "此操作需要「企业」角色", Due: due}}},
		} {
			v, err := loadVoucher(t.Context(), d, tc.id)
			if err != nil {
				t.Fatal(err)
			}
			offers, err := c.p.Available(t.Context(), d, tc.by, v)
			if err != nil {
				t.Fatal(err)
			}
			var got []offer
			for _, o := range offers {
				g := offer{Step: o.Step, To: o.To, Needs: o.Needs}
				if o.WhyNot != nil {
					g.WhyNot = fault.Sprint(o.WhyNot.Key, o.WhyNot.Args)
				}
				if o.DueUs != 0 {
					g.Due = shown(o.DueUs)
				}
				if o.Allowed != (o.WhyNot == nil) {
					t.Errorf("%s: offer %s is allowed and has a reason why not", tc.name, o.Step)
				}
				got = append(got, g)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: %s", tc.name, diff)
			}
		}
	})
}

// Of many people who take a step with the same voucher at the same time, exactly one does.
func TestConcurrentFire(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		c.add("v1", 5)
		c.must(applicant, "v1", "submit", process.Input{})
		const people = 8
		errs := make([]error, people)
		var wg sync.WaitGroup
		for i := range people {
			wg.Go(func() {
				step := []string{"approve", "reject", "extend", "ask"}[i%4]
				errs[i] = c.fireAt(leader, "v1", 2, step, process.Input{Reason: "r"})
			})
		}
		wg.Wait()
		won := 0
		for i, err := range errs {
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Conflict) {
				t.Errorf("loser %d: %v", i, err)
			}
		}
		if won != 1 {
			t.Errorf("%d of %d won", won, people)
		}
		h := c.history("v1")
		v, err := loadVoucher(t.Context(), d, "v1")
		if err != nil || len(h) != 3 || h[0].To != v.state || v.version != 3 {
			t.Errorf("history %+v of %+v, %v", h, v, err)
		}
	})
}

// The hash in the history tells inputs apart and does not depend on when they came.
func TestInputHash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		hash := func(id string, data any) string {
			c.add(id, 5)
			c.must(applicant, id, "submit", process.Input{})
			c.must(officer, id, "assign", process.Input{Data: data})
			return c.history(id)[0].InputHash
		}
		a, b, other := hash("a", assign{"acc-sun"}), hash("b", assign{"acc-sun"}),
			hash("c", assign{"acc-qian"})
		if a != b || a == other {
			t.Errorf("hashes %s %s %s", a, b, other)
		}
	})
}

// A step may take the next one by itself, in its effect: both stand in the history, in order.
func TestStepThatFiresTheNext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		c := newCity(t, d)
		def := voucherDef()
		var p *process.Process[voucher]
		def.Steps[0].Do = func(ctx context.Context, tx *unit.Tx, v voucher, _ process.Input) error {
			_, err := p.Fire(ctx, tx, v.id, v.version, "withdraw", process.Input{})
			return err
		}
		p = process.MustNew(def)
		c.p = p
		c.add("v1", 5)
		c.must(applicant, "v1", "submit", process.Input{})
		var got []string
		for _, e := range c.history("v1") {
			got = append(got, e.Name+" "+e.From+" "+e.To)
		}
		want := []string{"withdraw submitted withdrawn", "submit draft submitted", "  draft"}
		if diff := cmp.Diff(want, got); diff != "" || len(c.running("v1")) != 0 {
			t.Errorf("clocks %v, history %s", c.running("v1"), diff)
		}
	})
}
