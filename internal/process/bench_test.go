package process_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// BenchmarkFire moves one voucher to and fro: by hand with only the audit entry (the baseline), by
// a process without clocks, and by one that stops and starts two clocks.
func BenchmarkFire(b *testing.B) {
	for _, d := range []*db.DB{dbtest.SQLite(b), dbtest.Postgres(b)} {
		u := dbtest.Unit(b, d)
		onOff := process.MustNew(switchDef())
		vouchers := process.MustNew(voucherDef())
		err := u.Write(b.Context(), machine, "prepare", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "prepare"})
			if _, err := db.Exec(b.Context(), tx.Tx, qVoucherTable); err != nil {
				return err
			}
			for id, state := range map[string]string{"hand": "on", "plain": "on", "clocks": "submitted"} {
				err := db.ExecOne(b.Context(), tx.Tx, qVoucherAdd, id, "org-a", "140105", "", state, 1,
					clock.Us(dbtest.Start))
				if err != nil {
					return err
				}
			}
			if err := onOff.Start(b.Context(), tx, "plain"); err != nil {
				return err
			}
			return vouchers.Adopt(b.Context(), tx, "clocks", "benchmark")
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(d.Dialect().String()+"/by hand", func(b *testing.B) {
			toAndFro(b, d, u, "hand", func(tx *unit.Tx, v voucher) error {
				to := map[string]string{"on": "off", "off": "on"}[v.state]
				tx.Audit(audit.Entry{Kind: "voucher", Object: v.id, What: "move"})
				return db.ExecOne(b.Context(), tx.Tx, qVoucherMove, to, tx.NowUs(), v.id, v.state,
					v.version)
			})
		})
		b.Run(d.Dialect().String()+"/process", func(b *testing.B) {
			toAndFro(b, d, u, "plain", func(tx *unit.Tx, v voucher) error {
				step := map[string]string{"on": "disable", "off": "enable"}[v.state]
				_, err := onOff.Fire(b.Context(), tx, v.id, v.version, step, process.Input{})
				return err
			})
		})
		b.Run(d.Dialect().String()+"/process with clocks", func(b *testing.B) {
			toAndFro(b, d, u, "clocks", func(tx *unit.Tx, v voucher) error {
				step := map[string]string{"submitted": "ask", "supplement": "supply"}[v.state]
				in := process.Input{Reason: "r", Files: []string{"f"}}
				_, err := vouchers.Fire(b.Context(), tx, v.id, v.version, step, in)
				return err
			})
		})
	}
}

func toAndFro(
	b *testing.B, d *db.DB, u *unit.Unit, id string, move func(*unit.Tx, voucher) error,
) {
	for b.Loop() {
		v, err := loadVoucher(b.Context(), d, id)
		if err != nil {
			b.Fatal(err)
		}
		by := officer
		if v.state == "supplement" {
			by = applicant
		}
		err = u.Write(b.Context(), by, "bench", func(tx *unit.Tx) error { return move(tx, v) })
		if err != nil {
			b.Fatal(err)
		}
	}
}
