package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	anna    = authz.Actor{Account: "anna", Org: "org1", Role: authz.Enterprise, Via: authz.ViaSession}
	boris   = authz.Actor{Account: "boris", Role: authz.Expert, Via: authz.ViaSession}
	licence = Kind{Name: "party.licence", Types: []Type{PDF, Text}, MaxBytes: 4096}
	org     = Object{"party.org", "o1"}
	other   = Object{"party.org", "o2"}
)

// bundle is a store on a database with a clock that can be moved.
type bundle struct {
	*Store
	u     *unit.Unit
	clock *clock.Fake
	at    string
}

func setup(t *testing.T, d *db.DB, o Options) bundle {
	t.Helper()
	c := clock.NewFake(time.Now()) // files carry the machine's time
	u := unit.New(d, c, unit.Options{})
	o.Dir = t.TempDir()
	s, err := Open(u, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return bundle{s, u, c, o.Dir}
}

func (b bundle) stage(t testing.TB, name, content string) *Staged {
	t.Helper()
	st, err := b.Stage(t.Context(), Upload{Kind: licence, Field: "file", Name: name,
		Content: strings.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func (b bundle) attach(ctx context.Context, by authz.Actor, st *Staged, to Object) (Ref, error) {
	var r Ref
	err := b.u.Write(ctx, by, "test.attach", func(tx *unit.Tx) error {
		var err error
		r, err = b.Attach(ctx, tx, st, to)
		return err
	})
	return r, err
}

func (b bundle) mustAttach(t testing.TB, by authz.Actor, name, content string, to Object) Ref {
	t.Helper()
	r, err := b.attach(t.Context(), by, b.stage(t, name, content), to)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b bundle) mustDetach(t testing.TB, r Ref) {
	t.Helper()
	err := b.u.Write(t.Context(), anna, "test.detach", func(tx *unit.Tx) error {
		return b.Detach(t.Context(), tx, r, "no longer needed")
	})
	if err != nil {
		t.Fatal(err)
	}
}

func allow(context.Context, authz.Actor, string) error { return nil }

func TestAttachAndRead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d, Options{})
		b.Guard("party.org", func(_ context.Context, by authz.Actor, objectID string) error {
			if by.Org == "org1" && objectID == "o1" {
				return nil
			}
			return fault.New(fault.Forbidden, "不允许此操作")
		})
		r := b.mustAttach(t, anna, "../../营业\u202e执照.exe", "照章经营\n", org)
		if r.Name != "_.._营业执照.exe.txt" || r.Type != Text || r.Owner != "org1" {
			t.Errorf("reference %+v", r)
		}
		got, content, err := b.Read(t.Context(), anna, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		text, err := io.ReadAll(content)
		if err != nil || string(text) != "照章经营\n" {
			t.Errorf("read %q, %v", text, err)
		}
		if diff := cmp.Diff(r, got); diff != "" {
			t.Errorf("stored reference (-want +got):\n%s", diff)
		}
		if _, _, err := b.Read(t.Context(), boris, r.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a stranger reads: %v", err)
		}
		if _, _, err := b.Read(t.Context(), anna, "../"+r.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("unknown id: %v", err)
		}
		refs, err := Refs(t.Context(), d, org)
		if diff := cmp.Diff([]Ref{r}, refs); diff != "" || err != nil {
			t.Errorf("Refs: %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestReadWithoutGuardIsDenied(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t), Options{})
	r := b.mustAttach(t, anna, "a.txt", "a", org)
	if _, _, err := b.Read(t.Context(), anna, r.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("Read = %v, want NotFound", err)
	}
}

func TestEqualContentIsStoredOnceAndNamesStayApart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d, Options{})
		r1 := b.mustAttach(t, anna, "秘密项目.txt", "same", org)
		r2 := b.mustAttach(t, boris, "x.txt", "same", other)
		if r1.Hash != r2.Hash || r2.Name != "x.txt" {
			t.Errorf("second reference %+v", r2)
		}
		if got := files(t, b.at); len(got) != 1 {
			t.Errorf("files %v, want one", got)
		}
		u, err := b.Usage(t.Context())
		if diff := cmp.Diff(Usage{1, 4}, u); diff != "" || err != nil {
			t.Errorf("Usage: %v\n%s", err, diff)
		}
	})
}

func TestStageRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t), Options{Scanner: Command{Path: "/bin/sh",
		Args: []string{"-c", "if grep -q " + virus + "; then exit 1; fi"}}})
	broken := setup(t, dbtest.SQLite(t), Options{Scanner: Command{Path: "/nonexistent"}})
	tests := []struct {
		name    string
		store   bundle
		content string
		kind    fault.Kind
		key     string
	}{
		{"too big", b, strings.Repeat("x", 4097), fault.Invalid, "文件太大，最多 %s"},
		{"type not wanted here", b, docx(t), fault.Invalid, "这里不接受 %s 文件，可以上传：%s"},
		{"unknown", b, "\x00\x01", fault.Invalid, "无法识别这种文件"},
		{"characters lost", b, "名称,地区\n太原\ufffd工,太原市\n", fault.Invalid,
			"第 %d 行有无法识别的字符，请以 UTF-8 或 GB18030 编码重新保存"},
		{"characters broken", b, "name\n" + strings.Repeat("\xe9\xff", 3) + "\n", fault.Invalid,
			"第 %d 行有无法识别的字符，请以 UTF-8 或 GB18030 编码重新保存"},
		{"infected", b, virus, fault.Invalid, "文件未通过病毒检查，不能上传"},
		{"scanner down", broken, "harmless", fault.Unavailable,
			"病毒检查暂时不可用，文件未保存，请稍后再试"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.store.Stage(t.Context(), Upload{Kind: licence, Field: "file", Name: "a.pdf",
				Content: strings.NewReader(tt.content)})
			e, ok := fault.As(err)
			if !ok || e.Kind != tt.kind {
				t.Fatalf("Stage = %v", err)
			}
			key := e.Key
			if tt.kind == fault.Invalid {
				if len(e.Fields) != 1 || e.Fields[0].Name != "file" {
					t.Fatalf("fields %+v, want one at file", e.Fields)
				}
				key = e.Fields[0].Key
			}
			if key != tt.key {
				t.Errorf("message %q, want %q", key, tt.key)
			}
			if left := files(t, tt.store.at); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d, Options{OwnerBytes: 10, TotalBytes: 14})
		r := b.mustAttach(t, anna, "a", "1234567", org)
		st := b.stage(t, "b", "abcd")
		if _, err := b.attach(t.Context(), anna, st, org); !fault.Is(err, fault.Invalid) {
			t.Errorf("over the owner's limit: %v", err)
		}
		if _, err := b.attach(t.Context(), boris, st, other); err != nil {
			t.Errorf("another owner: %v", err)
		}
		u, err := b.Owned(t.Context(), "org1")
		if diff := cmp.Diff(Usage{1, 7}, u); diff != "" || err != nil {
			t.Errorf("Owned: %v\n%s", err, diff)
		}
		b.mustDetach(t, r)
		b.mustAttach(t, anna, "c", "0123456789", org) // the space is free again
		_, err = b.Stage(t.Context(), Upload{Kind: licence, Content: strings.NewReader("x")})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("over the total: %v", err)
		}
	})
}

func TestNumberOfFilesIsBounded(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t), Options{})
	st := b.stage(t, "a", "x")
	err := b.u.Write(t.Context(), anna, "test.attach", func(tx *unit.Tx) error {
		for i := range MaxRefs {
			if _, err := b.Attach(t.Context(), tx, st, org); err != nil {
				return fmt.Errorf("file %d: %w", i+1, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.attach(t.Context(), anna, st, org); !fault.Is(err, fault.Invalid) {
		t.Errorf("one more: %v", err)
	}
}

var errStop = errors.New("stop")

// A rolled-back write leaves at most a file without a row; a retry of the same write succeeds.
func TestRollbackLeavesOnlyAnOrphan(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d, Options{})
		st := b.stage(t, "a", "once more")
		err := b.u.Write(t.Context(), anna, "test.attach", func(tx *unit.Tx) error {
			_, err := b.Attach(t.Context(), tx, st, org)
			return errors.Join(err, errStop)
		})
		if !errors.Is(err, errStop) {
			t.Fatal(err)
		}
		u, err := b.Usage(t.Context())
		if err != nil || u.Files != 0 {
			t.Fatalf("after rollback: %+v, %v", u, err)
		}
		if _, err := b.attach(t.Context(), anna, st, org); err != nil {
			t.Errorf("second try: %v", err)
		}
		if report, err := b.Verify(t.Context(), nil); err != nil || report.Bad != 0 {
			t.Errorf("Verify = %+v, %v", report, err)
		}
	})
}

func TestDetachIsCompareAndSet(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t), Options{})
	r := b.mustAttach(t, anna, "a", "x", org)
	b.mustDetach(t, r)
	err := b.u.Write(t.Context(), anna, "test.detach", func(tx *unit.Tx) error {
		return b.Detach(t.Context(), tx, r, "again")
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("second Detach = %v, want Conflict", err)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d, Options{})
		kept := b.mustAttach(t, anna, "kept", "kept", org)
		b.mustDetach(t, b.mustAttach(t, anna, "gone", "gone!", org))
		b.mustDetach(t, b.mustAttach(t, anna, "shared", "kept", other)) // still referred to by kept
		b.orphan(t, "crash before commit")
		b.stage(t, "temp", "crash before attach")
		foreign := filepath.Join(b.at, "blobs", "README")
		if err := os.WriteFile(foreign, []byte("not ours"), 0o600); err != nil {
			t.Fatal(err)
		}

		if got, err := b.Sweep(t.Context(), false); err != nil || got != (Swept{}) {
			t.Fatalf("everything is young, yet Sweep = %+v, %v", got, err)
		}
		b.clock.Advance(tempLife + time.Hour)
		want := Swept{Files: 2, Bytes: int64(len("gone!") + len("crash before commit"))}
		if got, err := b.Sweep(t.Context(), true); err != nil || got != want {
			t.Errorf("dry run = %+v, %v, want %+v", got, err, want)
		}
		if n := len(files(t, b.at)); n != 5 {
			t.Errorf("dry run left %d files, want 5", n)
		}
		want.Temps = 1
		if got, err := b.Sweep(t.Context(), false); err != nil || got != want {
			t.Errorf("Sweep = %+v, %v, want %+v", got, err, want)
		}
		p, _ := Path(kept.Hash)
		if diff := cmp.Diff([]string{p, "blobs/README"}, files(t, b.at)); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
		if got, err := b.Sweep(t.Context(), false); err != nil || got != (Swept{}) {
			t.Errorf("second Sweep = %+v, %v", got, err)
		}
	})
}

// orphan leaves a published file without a row, as a crash between both would.
func (b bundle) orphan(t testing.TB, content string) {
	t.Helper()
	if err := b.dir.publish(b.stage(t, "orphan", content).temp); err != nil {
		t.Fatal(err)
	}
}

// Uploads and removals of the same few contents race with sweeps that have no grace. Whatever the
// order, every committed reference has its file.
func TestSweepNeverTakesAFileThatIsAttached(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d, Options{})
		b.clock.Advance(365 * 24 * time.Hour) // all files look old at once
		var writers, sweeper sync.WaitGroup
		stop := make(chan struct{})
		sweeper.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				// Half-written files are left to the uploads here: with no grace they would go too.
				if err := b.sweepContents(context.Background()); err != nil {
					t.Error("sweep:", err)
					return
				}
			}
		})
		for w := range 3 {
			writers.Go(func() {
				for i := range 15 {
					if err := b.comeAndGo(w, i); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		writers.Wait()
		close(stop)
		sweeper.Wait()
		report, err := b.Verify(t.Context(), nil)
		if err != nil || report.Bad != 0 || report.Files == 0 {
			t.Errorf("Verify = %+v, %v", report, err)
		}
	})
}

// The narrow case of the race above, on purpose: the sweep looks at a file while the write that
// attaches it is not committed yet.
func TestSweepWaitsForAnOpenAttach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d, Options{})
		b.orphan(t, "same content")
		st := b.stage(t, "f", "same content")
		var sweeping sync.WaitGroup
		err := b.u.Write(t.Context(), anna, "test.attach", func(tx *unit.Tx) error {
			_, err := b.Attach(t.Context(), tx, st, org)
			sweeping.Go(func() {
				if gone, err := b.sweepFile(t.Context(), st.Hash, false); gone || err != nil {
					t.Errorf("sweepFile = %t, %v", gone, err)
				}
			})
			time.Sleep(100 * time.Millisecond) // time enough for a sweep that does not wait
			return err
		})
		sweeping.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if report, err := b.Verify(t.Context(), nil); err != nil || report.Bad != 0 {
			t.Errorf("Verify = %+v, %v", report, err)
		}
	})
}

// comeAndGo attaches one of three contents, leaves it, takes it away again, or crashes in between.
func (b bundle) comeAndGo(w, i int) error {
	ctx := context.Background()
	st, err := b.Stage(ctx, Upload{Kind: licence, Name: "f",
		Content: strings.NewReader(fmt.Sprint("content ", i%3))})
	if err != nil {
		return err
	}
	if i%5 == 4 {
		return b.dir.publish(st.temp)
	}
	r, err := b.attach(ctx, anna, st, Object{"t", fmt.Sprint(w)})
	if err != nil || i%2 == 1 {
		return err
	}
	return b.u.Write(ctx, anna, "test.detach", func(tx *unit.Tx) error {
		return b.Detach(ctx, tx, r, "")
	})
}

// sweepContents is Sweep without the half-written files and with no row young enough to stay.
func (b bundle) sweepContents(ctx context.Context) error {
	far := b.clock.Now().Add(1000 * time.Hour)
	if _, err := b.dropUnused(ctx, far, false); err != nil {
		return err
	}
	return b.dir.each(ctx, func(f file) error {
		_, err := b.sweepFile(ctx, f.hash, false)
		return err
	})
}

func TestVerifyNamesEachDamage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := setup(t, d, Options{})
		whole := b.mustAttach(t, anna, "a", "whole", org)
		missing := b.mustAttach(t, anna, "b", "missing", org)
		flipped := b.mustAttach(t, anna, "c", "flipped", org)
		change := func(r Ref, f func(string) error) {
			p, err := Path(r.Hash)
			if err == nil {
				err = f(filepath.Join(b.at, p))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		change(missing, os.Remove)
		change(flipped, func(p string) error { return os.WriteFile(p, []byte("fl1pped"), 0o600) })
		var calls []int64
		note := func(done, total int64) { calls = append(calls, done, total) }
		got, err := b.Verify(t.Context(), note)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{missing.Hash: "missing", flipped.Hash: "damaged"}
		found := map[string]string{}
		for _, x := range got.Damages {
			found[x.Hash] = x.Why
		}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("damages (-want +got):\n%s", diff)
		}
		if got.Files != 3 || got.Bad != 2 || got.Bytes != 5+7+7 {
			t.Errorf("report %+v", got)
		}
		if diff := cmp.Diff([]int64{1, 3, 2, 3, 3, 3}, calls); diff != "" {
			t.Errorf("progress (-want +got):\n%s", diff)
		}
		b.Guard("party.org", allow)
		_, content, err := b.Read(t.Context(), anna, flipped.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		if _, err := io.ReadAll(content); !errors.Is(err, errDamaged) {
			t.Errorf("reading the damaged file: %v", err)
		}
		b.mustAttach(t, anna, "again", "whole", other)
		if whole.Hash == flipped.Hash {
			t.Error("two contents with one hash")
		}
	})
}
