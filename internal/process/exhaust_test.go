package process_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

func TestVoucherMatrix(t *testing.T) {
	t.Parallel()
	processtest.Exhaust(t, process.MustNew(voucherDef()), voucherSetup())
}

func voucherSetup() processtest.Setup[voucher] {
	create := func(amountFen int64) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			return "v", db.ExecOne(ctx, tx.Tx, qVoucherAdd, "v", "org-a", "140105", "", state,
				amountFen, tx.NowUs())
		}
	}
	elsewhere := leader
	elsewhere.Region = "140400"
	return processtest.Setup[voucher]{
		Prepare: func(t *testing.T, u *unit.Unit) {
			err := u.Write(t.Context(), machine, "prepare", func(tx *unit.Tx) error {
				tx.Audit(audit.Entry{Kind: "test", What: "prepare"})
				_, err := db.Exec(t.Context(), tx.Tx, qVoucherTable)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		},
		Actors: []processtest.Actor{
			{Name: "applicant", By: applicant},
			{Name: "other-firm", By: stranger},
			{Name: "officer", By: officer},
			{Name: "leader", By: leader},
			{Name: "leader-of-changzhi", By: elsewhere},
			{Name: "token", By: authz.Actor{Account: "acc-li", Org: "org-a", Role: authz.Enterprise,
				Via: authz.ViaToken}},
		},
		Cases: []processtest.Case{
			{Name: "complete", Create: create(500)},
			{Name: "without an amount", Create: create(0)},
		},
		Input: func(string, voucher) process.Input {
			return process.Input{Reason: "因故", Files: []string{"f1"}, Data: assign{"acc-sun"}}
		},
	}
}

// asBroken marks a run of this test program whose tests are meant to fail.
const asBroken = "YUNTU_TEST_BROKEN"

var qMoveAnyVersion = db.Stmt(`UPDATE test_voucher SET state = $1, updated_us = $2,
	version = version + 1 WHERE id = $3 AND state = $4 AND $5 > -100`)

// broken are processes and setups that Exhaust must not let pass, with what it says of them.
var broken = map[string]struct {
	spoil func(*process.Def[voucher], *processtest.Setup[voucher])
	says  string
}{
	"Move ignores the version": {
		func(d *process.Def[voucher], _ *processtest.Setup[voucher]) { d.Store.Move = qMoveAnyVersion },
		"Move of"},
	"a step that nobody takes": {
		func(_ *process.Def[voucher], s *processtest.Setup[voucher]) { s.Cases = s.Cases[1:] },
		"step submit was never taken"},
	"somebody gained a right": {
		func(d *process.Def[voucher], _ *processtest.Setup[voucher]) {
			d.Steps[5].May = "voucher.handle"
		},
		"is not what happens"},
	"a guard that is not pure": {
		func(d *process.Def[voucher], _ *processtest.Setup[voucher]) {
			calls := 0
			d.Steps[0].Guard = func(voucher) error {
				if calls++; calls%2 == 0 {
					return errBroken
				}
				return nil
			}
		},
		"the effect failed"},
	"an input that lacks what steps need": {
		func(d *process.Def[voucher], s *processtest.Setup[voucher]) {
			input := s.Input
			s.Input = func(step string, v voucher) process.Input {
				in := input(step, v)
				in.Reason = ""
				return in
			}
		},
		"is offered ask: true, but firing it gives invalid"},
}

func TestBroken(t *testing.T) {
	if os.Getenv(asBroken) == "" {
		t.Skip("run by TestExhaustCatches")
	}
	d, s := voucherDef(), voucherSetup()
	broken[os.Getenv(asBroken)].spoil(&d, &s)
	processtest.Exhaust(t, process.MustNew(d), s)
}

// Exhaust fails for each way in which a process may be broken, and says why.
func TestExhaustCatches(t *testing.T) {
	t.Parallel()
	for name, b := range broken {
		cmd := exec.Command(os.Args[0], "-test.run=^TestBroken$/^sqlite$")
		cmd.Env = append(os.Environ(), asBroken+"="+name)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), b.says) {
			t.Errorf("%s: %v, want a failure with %q:\n%s", name, err, b.says, out)
		}
	}
}

var _ = i18n.English(map[string]string{
	"创新券": "Innovation voucher", "草稿": "Draft", "提交": "Submit",
})

// The page of a process: testdata/voucher.md, written anew by go test -update-matrix.
func TestMarkdown(t *testing.T) {
	got := process.MustNew(voucherDef()).Markdown()
	golden := filepath.Join("testdata", "voucher.md")
	if updating() {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
	pages := process.Pages([]process.Described{process.MustNew(voucherDef())})
	list := "\n\n- [创新券 · Innovation voucher](voucher.md)\n"
	if pages["voucher.md"] != got || !strings.HasSuffix(pages["README.md"], list) || len(pages) != 2 {
		t.Errorf("pages %q", pages)
	}
}

func updating() bool {
	f := flag.Lookup("update-matrix")
	return f != nil && f.Value.String() == "true"
}
