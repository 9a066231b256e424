package audit_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var clerk = authz.Actor{Account: "a1", Login: "zhang.wei", Role: authz.Officer, Via: authz.ViaSession,
	Request: "r1"}

// hostile texts: what JSON escapes, what looks like JSON, what is wide, what breaks lines.
var hostile = []string{
	"", "首次登记", `"},{"seq":9`, "a\nb\r\n", "<script>&amp;", "\u2028\u2029\ufffd", "🙂\t\x01\x7f", `\u4e2d\\`,
	strings.Repeat("云", 60), "1:a2:bc",
}

// grow adds to the chain: writes of one and of several entries, hashed by SHA-256 and by SM3.
func grow(t *testing.T, d *db.DB, writes int) {
	t.Helper()
	units := []*unit.Unit{
		unit.New(d, clock.System(), unit.Options{}),
		unit.New(d, clock.System(), unit.Options{Algo: audit.SM3}),
	}
	for i := range writes {
		by := clerk
		by.Login = hostile[i%len(hostile)]
		err := units[i/2%2].Write(t.Context(), by, "lab.write", func(tx *unit.Tx) error {
			for k := range 1 + i%3 {
				text := hostile[(i+k)%len(hostile)]
				tx.Audit(audit.Entry{Kind: "lab", Object: fmt.Sprint(i), What: "write", Reason: text,
					Detail: map[string]any{"text": text, "n": i}})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func export(t *testing.T, d *db.DB, after int64) string {
	t.Helper()
	var b bytes.Buffer
	n, err := audit.Export(t.Context(), d, &b, after)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(b.String(), "\n"); int64(lines) != n+1 {
		t.Fatalf("%d entries in %d lines", n, lines)
	}
	return b.String()
}

// What was written is whole, in the database and in every export from any place on.
func TestChainIsWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		if p, err := audit.VerifyDB(t.Context(), d); err != nil || p != (audit.Proof{}) {
			t.Errorf("empty chain: %+v, %v", p, err)
		}
		if p, err := audit.VerifyFile(strings.NewReader(export(t, d, 0))); err != nil || p.Count != 0 {
			t.Errorf("export of an empty chain: %+v, %v", p, err)
		}
		grow(t, d, 24)
		whole, err := audit.VerifyDB(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if whole.Count != 48 || whole.Last != 48 || whole.After != 0 {
			t.Errorf("proof %+v", whole)
		}
		head, err := audit.Head(t.Context(), d)
		if err != nil || head.Hash != whole.Hash || head.Seq != whole.Last {
			t.Errorf("head %+v, %v; proof %+v", head, err, whole)
		}
		for after := int64(-1); after <= 50; after++ {
			p, err := audit.VerifyFile(strings.NewReader(export(t, d, after)))
			start := min(max(after, 0), 48)
			want := audit.Proof{After: start, Last: 48, Hash: whole.Hash, Count: 48 - start}
			if err != nil || p != want {
				t.Errorf("after %d: %+v, %v, want %+v", after, p, err, want)
			}
		}
	})
}

// More entries than one batch of an export holds.
func TestLongExport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		u := unit.New(d, clock.System(), unit.Options{})
		err := u.Write(t.Context(), clerk, "lab.write", func(tx *unit.Tx) error {
			for range 1001 {
				tx.Audit(audit.Entry{Kind: "lab", What: "write"})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := audit.VerifyFile(strings.NewReader(export(t, d, 0)))
		if err != nil || p.Count != 1001 {
			t.Errorf("%+v, %v", p, err)
		}
		if p, err := audit.VerifyDB(t.Context(), d); err != nil || p.Count != 1001 {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

// One changed byte anywhere is found, and the entry it belongs to is named as the first bad one.
func TestFlippedByte(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	grow(t, d, 6)
	file := []byte(export(t, d, 0))
	line, headerEnd := 1, bytes.IndexByte(file, '\n')
	flips := 0
	for i := range file {
		for _, mask := range []byte{0x01, 0x20, 0x80} {
			if line > 1 && i%7 != 0 && file[i] != '\n' && i < len(file)-300 {
				continue // every byte of the header and the end, every seventh of the long rest
			}
			flips++
			file[i] ^= mask
			_, err := audit.VerifyFile(bytes.NewReader(file))
			file[i] ^= mask
			var bad *audit.Broken
			switch {
			case err == nil:
				t.Fatalf("byte %d of line %d flipped by %#x: not found", i, line, mask)
			case i > headerEnd && (!errors.As(err, &bad) || bad.Seq != int64(line-1) || bad.Line != line):
				t.Fatalf("byte %d of line %d flipped by %#x: %v", i, line, mask, err)
			}
		}
		if file[i] == '\n' {
			line++
		}
	}
	if flips < 2000 {
		t.Errorf("only %d flips of %d bytes", flips, len(file))
	}
}

// A file that was cut, whereever, is found.
func TestTruncatedFile(t *testing.T) {
	d := dbtest.SQLite(t)
	grow(t, d, 4)
	file := export(t, d, 0)
	for n := 0; n < len(file); n += 1 + n%5 {
		if _, err := audit.VerifyFile(strings.NewReader(file[:n])); err == nil {
			t.Fatalf("cut after %d of %d bytes: not found", n, len(file))
		}
	}
	for _, n := range []int{len(file) - 1, strings.LastIndexByte(file[:len(file)-1], '\n') + 1} {
		if _, err := audit.VerifyFile(strings.NewReader(file[:n])); err == nil {
			t.Errorf("cut after %d of %d bytes: not found", n, len(file))
		}
	}
}

// Whatever people do to the lines of a file is found at the first line that is not as it was.
func TestEditedFile(t *testing.T) {
	d := dbtest.SQLite(t)
	grow(t, d, 12)
	whole := strings.SplitAfter(strings.TrimSuffix(export(t, d, 0), "\n"), "\n")
	whole[len(whole)-1] += "\n"
	other := dbtest.SQLite(t)
	grow(t, other, 12)
	foreign := strings.SplitAfter(export(t, other, 0), "\n")
	edit := func(line int, f func(string) string) func([]string) []string {
		return func(l []string) []string { l[line-1] = f(l[line-1]); return l }
	}
	replace := func(line int, old, new string) func([]string) []string {
		return edit(line, func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("line %d has no %s: %s", line, old, s)
			}
			return strings.Replace(s, old, new, 1)
		})
	}
	for _, tc := range []struct {
		name string
		bad  int64 // the entry to be named; 0: the header is refused
		line int
		edit func([]string) []string
	}{
		{"two lines exchanged", 4, 5, func(l []string) []string { l[4], l[5] = l[5], l[4]; return l }},
		{"a line twice", 5, 6, func(l []string) []string { return splice(l, 5, 0, l[4]) }},
		{"a line left out", 4, 5, func(l []string) []string { return splice(l, 4, 1) }},
		{"the first line left out", 1, 2, func(l []string) []string { return splice(l, 1, 1) }},
		{"the last line left out", int64(len(whole) - 1), len(whole), func(l []string) []string {
			return l[:len(l)-1]
		}},
		{"a line of another chain", 4, 5, func(l []string) []string { l[4] = foreign[4]; return l }},
		{"a line put in", 4, 5, func(l []string) []string { return splice(l, 4, 0, foreign[4]) }},
		{"a line added", int64(len(whole)), len(whole) + 1, func(l []string) []string {
			return append(l, foreign[4])
		}},
		{"an empty line", 4, 5, func(l []string) []string { return splice(l, 4, 0, "\n") }},
		{"an empty line at the end", int64(len(whole)), len(whole) + 1, func(l []string) []string {
			return append(l, "\n")
		}},
		{"another key", 4, 5, replace(5, `"kind"`, `"kinds"`)},
		{"a key in capitals", 4, 5, replace(5, `"kind"`, `"Kind"`)},
		{"a key twice", 4, 5, replace(5, `"kind":"lab"`, `"kind":"x","kind":"lab"`)},
		{"a key more", 4, 5, replace(5, `"kind"`, `"note":"x","kind"`)},
		{"keys exchanged", 4, 5, replace(5, `"kind":"lab","object":"2"`, `"object":"2","kind":"lab"`)},
		{"a space", 4, 5, replace(5, `"kind":`, `"kind": `)},
		{"a space at the end", 4, 5, replace(5, "\n", " \n")},
		{"a space at the start", 4, 5, edit(5, func(s string) string { return " " + s })},
		{"a carriage return", 4, 5, replace(5, "\n", "\r\n")},
		{"another escape", 4, 5, replace(5, `"lab"`, `"l\u0061b"`)},
		{"another number", 4, 5, replace(5, `"seq":4`, `"seq":4.0`)},
		{"text behind the line", 4, 5, replace(5, "}\n", "}{}\n")},
		{"a bracket less", 4, 5, replace(5, "}\n", "\n")},
		{"another hash function", 4, 5, replace(5, `"algo":"sm3"`, `"algo":"sha256"`)},
		{"no hash function", 4, 5, replace(5, `"algo":"sm3"`, `"algo":""`)},
		{"hash in capitals", 4, 5, edit(5, func(s string) string {
			i := strings.Index(s, `"hash":"`) + 8
			return s[:i] + strings.ToUpper(s[i:i+64]) + s[i+64:]
		})},
		{"header: other format", 0, 0, replace(1, "yuntu-audit-1", "yuntu-audit-2")},
		{"header: starts later", 0, 0, replace(1, `"after":0`, `"after":1`)},
		{"header: starts before all", 0, 0, replace(1, `"after":0`, `"after":-1`)},
		{"header: ends before it starts", 0, 0, replace(1, `"last":24`, `"last":-2`)},
		{"header: ends earlier", 13, 14, replace(1, `"last":24`, `"last":12`)},
		{"header: ends later", 25, 26, replace(1, `"last":24`, `"last":25`)},
		{"header: prev", 0, 0, replace(1, `"prev":""`, `"prev":"00"`)},
		{"header: hash", 24, 25, edit(1, func(s string) string {
			i := strings.Index(s, `"hash":"`) + 8
			return s[:i] + strings.Repeat("0", 64) + s[i+64:]
		})},
		{"header: a space", 0, 0, replace(1, `"after":`, `"after": `)},
		{"header: left out", 0, 0, func(l []string) []string { return l[1:] }},
		{"nothing", 0, 0, func([]string) []string { return nil }},
		{"a line without end", 4, 5, edit(5, func(string) string { return strings.Repeat("x", 2<<20) })},
	} {
		file := strings.Join(tc.edit(append([]string(nil), whole...)), "")
		_, err := audit.VerifyFile(strings.NewReader(file))
		var bad *audit.Broken
		switch found := errors.As(err, &bad); {
		case err == nil:
			t.Errorf("%s: not found", tc.name)
		case tc.bad > 0 && (!found || bad.Seq != tc.bad || bad.Line != tc.line):
			t.Errorf("%s: %v, want entry %d in line %d", tc.name, err, tc.bad, tc.line)
		}
	}
	if _, err := audit.VerifyFile(strings.NewReader(strings.Join(whole, ""))); err != nil {
		t.Errorf("untouched: %v", err)
	}
}

// splice replaces n lines from i on.
func splice(l []string, i, n int, with ...string) []string {
	out := append([]string(nil), l[:i]...)
	return append(append(out, with...), l[i+n:]...)
}

var tampers = []struct {
	name string
	bad  int64
	stmt *db.Statement
}{
	{"seq", 5, db.Stmt(`UPDATE audit_entry SET seq = 1000 WHERE seq = 5`)},
	{"at_us", 5, db.Stmt(`UPDATE audit_entry SET at_us = at_us + 1 WHERE seq = 5`)},
	{"account", 5, db.Stmt(`UPDATE audit_entry SET account = 'a2' WHERE seq = 5`)},
	{"login", 5, db.Stmt(`UPDATE audit_entry SET login = 'li.si' WHERE seq = 5`)},
	{"role", 5, db.Stmt(`UPDATE audit_entry SET role = 'leader' WHERE seq = 5`)},
	{"via", 5, db.Stmt(`UPDATE audit_entry SET via = 'cli' WHERE seq = 5`)},
	{"request", 5, db.Stmt(`UPDATE audit_entry SET request = '' WHERE seq = 5`)},
	{"use_case", 5, db.Stmt(`UPDATE audit_entry SET use_case = 'lab.read' WHERE seq = 5`)},
	{"kind", 5, db.Stmt(`UPDATE audit_entry SET kind = 'law' WHERE seq = 5`)},
	{"object", 5, db.Stmt(`UPDATE audit_entry SET object = object || '0' WHERE seq = 5`)},
	{"what", 5, db.Stmt(`UPDATE audit_entry SET what = 'read' WHERE seq = 5`)},
	{"reason", 5, db.Stmt(`UPDATE audit_entry SET reason = reason || ' ' WHERE seq = 5`)},
	{"detail", 5, db.Stmt(`UPDATE audit_entry SET detail = '' WHERE seq = 5`)},
	{"algo", 5, db.Stmt(`UPDATE audit_entry SET algo = 'md5' WHERE seq = 5`)},
	{"hash", 5, db.Stmt(`UPDATE audit_entry SET hash = '' WHERE seq = 5`)},
	{"reason moved into detail", 5, db.Stmt(`UPDATE audit_entry SET detail = reason || detail, reason = ''
		WHERE seq = 5`)},
	{"the first removed", 1, db.Stmt(`DELETE FROM audit_entry WHERE seq = 1`)},
	{"one removed", 5, db.Stmt(`DELETE FROM audit_entry WHERE seq = 5`)},
	{"the last removed", 24, db.Stmt(`DELETE FROM audit_entry WHERE seq = 24`)},
	{"all removed", 1, db.Stmt(`DELETE FROM audit_entry`)},
	{"head lowered", 23, db.Stmt(`UPDATE audit_head SET seq = 23`)},
	{"head lowered with its hash", 24, db.Stmt(`UPDATE audit_head SET seq = 23,
		hash = (SELECT hash FROM audit_entry WHERE seq = 23)`)},
	{"head raised", 25, db.Stmt(`UPDATE audit_head SET seq = 25`)},
	{"head emptied", 1, db.Stmt(`UPDATE audit_head SET seq = 0, hash = ''`)},
	{"one invented behind the head", 99, db.Stmt(`INSERT INTO audit_entry (seq, at_us, account, login, role,
			via, request, use_case, kind, object, what, reason, detail, algo, hash)
		SELECT 99, at_us, account, login, role, via, request, use_case, kind, object, what, reason, detail,
			algo, hash FROM audit_entry WHERE seq = 24`)},
}

// A row changed behind the program's back is found, in the database and in an export made later.
func TestTamperedDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		grow(t, d, 12)
		errUndo := errors.New("undo")
		for _, tc := range tampers {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				if n, err := db.Exec(t.Context(), tx, tc.stmt); err != nil || n == 0 {
					t.Fatalf("%s: changed %d, %v", tc.name, n, err)
				}
				_, err := audit.VerifyDB(t.Context(), tx)
				var bad *audit.Broken
				if !errors.As(err, &bad) || bad.Seq != tc.bad || bad.Line != 0 {
					t.Errorf("%s: %v, want entry %d", tc.name, err, tc.bad)
				}
				checkExport(t, tx, tc.name)
				return errUndo
			})
			if err != errUndo {
				t.Fatal(err)
			}
		}
		if p, err := audit.VerifyDB(t.Context(), d); err != nil || p.Count != 24 {
			t.Errorf("untouched: %+v, %v", p, err)
		}
	})
}

// checkExport wants the export to fail or its verification to, unless the head itself was moved to
// a place that looks right: only the rest of the table gives that away.
func checkExport(t *testing.T, q db.Q, name string) {
	t.Helper()
	var b bytes.Buffer
	_, err := audit.Export(t.Context(), q, &b, 0)
	if err == nil {
		_, err = audit.VerifyFile(&b)
	}
	hidden := name == "head lowered with its hash" || name == "head emptied" ||
		name == "one invented behind the head"
	if (err == nil) != hidden {
		t.Errorf("export after %s: %v", name, err)
	}
}

// Verifying while others write finds nothing wrong.
func TestVerifyUnderWrites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 20 {
				grow(t, d, 3)
			}
		}()
		for open := true; open; {
			select {
			case <-done:
				open = false // once more, over everything
			default:
			}
			if _, err := audit.VerifyDB(t.Context(), d); err != nil {
				t.Error(err)
			}
			if _, err := audit.VerifyFile(strings.NewReader(export(t, d, 0))); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		grow(t, d, 10)
		u := unit.New(d, clock.System(), unit.Options{})
		by := authz.Actor{Account: "a2", Via: authz.ViaCLI}
		err := u.Write(t.Context(), by, "law.make", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "law", Object: "o", What: "make"})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		seqs := func(f audit.Filter, order string) []int64 {
			t.Helper()
			p, err := audit.List(t.Context(), d, f, order, db.PageReq{Limit: 3})
			if err != nil {
				t.Fatal(err)
			}
			var out []int64
			for _, r := range p.Items {
				out = append(out, r.Seq)
			}
			return out
		}
		all, err := audit.List(t.Context(), d, audit.Filter{}, "oldest", db.PageReq{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		last := int64(len(all.Items))
		made := all.Items[last-1]
		if made.Role != "public" || made.Via != "cli" || made.UseCase != "law.make" || made.Detail != "" {
			t.Errorf("record %+v", made)
		}
		for _, tc := range []struct {
			filter audit.Filter
			order  string
			want   []int64
		}{
			{audit.Filter{}, "", []int64{last, last - 1, last - 2}},
			{audit.Filter{}, "oldest", []int64{1, 2, 3}},
			{audit.Filter{Account: "a2"}, "", []int64{last}},
			{audit.Filter{Kind: "law"}, "", []int64{last}},
			{audit.Filter{Kind: "lab", Object: "1"}, "oldest", []int64{2, 3}},
			{audit.Filter{UseCase: "law.make"}, "", []int64{last}},
			{audit.Filter{What: "make"}, "", []int64{last}},
			{audit.Filter{FromUs: all.Items[1].AtUs, ToUs: all.Items[1].AtUs}, "", nil},
			{audit.Filter{ToUs: all.Items[0].AtUs + 1}, "oldest", []int64{1}},
			{audit.Filter{Account: "nobody"}, "", nil},
		} {
			if diff := cmp.Diff(tc.want, seqs(tc.filter, tc.order)); diff != "" {
				t.Errorf("%+v: %s", tc.filter, diff)
			}
		}
	})
}
