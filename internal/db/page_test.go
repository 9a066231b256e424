package db_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// sortLabs sorts in memory as the order of that name does. Go compares strings by bytes, as both
// databases must.
func sortLabs(all []lab, order string) []lab {
	out := slices.Clone(all)
	slices.SortFunc(out, func(a, b lab) int {
		byName := strings.Compare(a.Name, b.Name)
		byID := strings.Compare(a.ID, b.ID)
		switch order {
		case "name":
			return first(byName, byID)
		case "-name":
			return -first(byName, byID)
		case "-n":
			return -first(int(a.N-b.N), byName, byID)
		default:
			return byID
		}
	})
	return out
}

func first(cs ...int) int {
	for _, c := range cs {
		if c != 0 {
			return c
		}
	}
	return 0
}

func page(t *testing.T, d *db.DB, order string, p db.PageReq, w db.Where) db.Page[lab] {
	t.Helper()
	got, err := db.List(t.Context(), d, labs, w, labs.Order(order), p, scanLab)
	if err != nil {
		t.Fatalf("%s %+v: %v", order, p, err)
	}
	return got
}

// Whatever the order, the size of the pages and the ties: walking forward from the first page, or
// backward from the last, or to and fro, shows every row once and in order.
func TestPagesMakeTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		for _, rows := range []int{0, 1, 2, 5, 37} {
			t.Run(fmt.Sprint(rows), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(uint64(rows), 3))
				all := refillLab(t, d, rng, rows)
				for _, order := range labs.OrderNames() {
					want := sortLabs(all, order)
					for _, limit := range []int{1, 2, 3, 5, 36, 37, 38, 500} {
						walkForward(t, d, order, limit, want)
						walkBackward(t, d, order, limit, want)
					}
				}
			})
		}
	})
}

var qLabClear = db.Stmt(`DELETE FROM lab`)

func refillLab(t *testing.T, d *db.DB, rng *rand.Rand, rows int) []lab {
	t.Helper()
	if rows == 0 {
		return makeLab(t, d, rng, 0)
	}
	var all []lab
	for i := range rows {
		all = append(all, randomLab(rng, i))
	}
	mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, qLabClear); err != nil {
			return err
		}
		var args [][]any
		for _, x := range all {
			args = append(args, []any{x.ID, x.Name, x.N, x.Flag})
		}
		_, err := db.InsertMany(ctx, tx, qLabAdd, args)
		return err
	})
	return all
}

func walkForward(t *testing.T, d *db.DB, order string, limit int, want []lab) {
	t.Helper()
	var got []lab
	var before db.Page[lab]
	req := db.PageReq{Limit: limit}
	for n := 0; ; n++ {
		p := page(t, d, order, req, db.Where{})
		got = append(got, p.Items...)
		if (p.Prev != "") != (n > 0) {
			t.Fatalf("%s by %d: page %d has cursor back %q", order, limit, n, p.Prev)
		}
		if n > 0 { // one page back and here again
			back := page(t, d, order, db.PageReq{Before: p.Prev, Limit: limit}, db.Where{})
			if diff := cmp.Diff(before.Items, back.Items); diff != "" {
				t.Fatalf("%s by %d: back from page %d:\n%s", order, limit, n, diff)
			}
			again := page(t, d, order, db.PageReq{After: back.Next, Limit: limit}, db.Where{})
			if diff := cmp.Diff(p.Items, again.Items); diff != "" {
				t.Fatalf("%s by %d: page %d again:\n%s", order, limit, n, diff)
			}
		}
		if p.Next == "" {
			break
		}
		if len(p.Items) != limit || n > len(want) {
			t.Fatalf("%s by %d: page %d has %d rows and a next one", order, limit, n, len(p.Items))
		}
		before, req = p, db.PageReq{After: p.Next, Limit: limit}
	}
	if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
		t.Fatalf("%s by %d:\n%s", order, limit, diff)
	}
}

func walkBackward(t *testing.T, d *db.DB, order string, limit int, want []lab) {
	t.Helper()
	var got []lab
	req := db.PageReq{Last: true, Limit: limit}
	for n := 0; ; n++ {
		p := page(t, d, order, req, db.Where{})
		got = append(slices.Clone(p.Items), got...)
		if (p.Next != "") != (n > 0) {
			t.Fatalf("%s by %d: page %d from the end has cursor on %q", order, limit, n, p.Next)
		}
		if p.Prev == "" {
			break
		}
		if len(p.Items) != limit || n > len(want) {
			t.Fatalf("%s by %d: page %d from the end has %d rows", order, limit, n, len(p.Items))
		}
		req = db.PageReq{Before: p.Prev, Limit: limit}
	}
	if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
		t.Fatalf("%s by %d backward:\n%s", order, limit, diff)
	}
}

// Rows that go away between two pages do not lead into a dead end.
func TestPageThatHasBecomeEmpty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d, rand.New(rand.NewPCG(5, 5)), 6)
		one := page(t, d, "id", db.PageReq{Limit: 3}, db.Where{})
		two := page(t, d, "id", db.PageReq{After: one.Next, Limit: 3}, db.Where{})
		deleteLabs(t, d, two.Items)
		gone := page(t, d, "id", db.PageReq{After: one.Next, Limit: 3}, db.Where{})
		if len(gone.Items) != 0 || gone.Next != "" || gone.Prev == "" {
			t.Fatalf("page after deletion: %+v", gone)
		}
		back := page(t, d, "id", db.PageReq{Before: gone.Prev, Limit: 3}, db.Where{})
		if diff := cmp.Diff(one.Items, back.Items); diff != "" {
			t.Errorf("back from it:\n%s", diff)
		}
		back = page(t, d, "id", db.PageReq{Before: two.Prev, Limit: 3}, db.Where{})
		deleteLabs(t, d, one.Items)
		gone = page(t, d, "id", db.PageReq{Before: two.Prev, Limit: 3}, db.Where{})
		if len(gone.Items) != 0 || gone.Prev != "" || gone.Next == "" {
			t.Fatalf("page of an empty list: %+v", gone)
		}
		on := page(t, d, "id", db.PageReq{After: gone.Next, Limit: 3}, db.Where{})
		if len(on.Items) != 0 || on.Prev == "" {
			t.Errorf("on from it: %+v", on)
		}
		if len(back.Items) != 3 {
			t.Errorf("before deletion: %+v", back)
		}
	})
}

func deleteLabs(t *testing.T, d *db.DB, rows []lab) {
	t.Helper()
	mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
		for _, x := range rows {
			if err := db.ExecOne(ctx, tx, qLabDel, x.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// A cursor of the longest text that an order column may hold is read back.
func TestCursorOfLongText(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d, rand.New(rand.NewPCG(5, 5)), 0)
		long := strings.Repeat("云<", 500)
		mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.InsertMany(ctx, tx, qLabAdd,
				[][]any{{"a", long, 1, true}, {"b", long, 1, true}})
			return err
		})
		p := page(t, d, "name", db.PageReq{Limit: 1}, db.Where{})
		p = page(t, d, "name", db.PageReq{After: p.Next, Limit: 1}, db.Where{})
		if len(p.Items) != 1 || p.Items[0].ID != "b" {
			t.Errorf("%d rows", len(p.Items))
		}
	})
}

func cursorOf(v any) string {
	b, _ := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Anything may stand in the address: a page position that was not made for this order is Invalid,
// an order nobody knows is the first.
func TestHostileAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d, rand.New(rand.NewPCG(5, 5)), 5)
		for _, name := range []string{
			"", "id; DROP TABLE lab", "-id", "NAME", "1", "id DESC", "\x00", strings.Repeat("x", 1e6),
		} {
			if o := labs.Order(name); o.Name != "id" {
				t.Errorf("order %.20q is %s", name, o.Name)
			}
		}
		type m map[string]any
		for _, at := range []string{
			"x", "====", "bnVsbA", cursorOf(m{}), cursorOf([]int{1}), cursorOf("a"), cursorOf(nil),
			cursorOf(m{"o": "id", "v": []string{"a"}}),
			cursorOf(m{"o": "-n", "v": []string{}}),
			cursorOf(m{"o": "-n", "v": []string{"1", "a"}}),
			cursorOf(m{"o": "-n", "v": []string{"1", "a", "b", "c"}}),
			cursorOf(m{"o": "-n", "v": []any{1, "a", "b"}}),
			cursorOf(m{"o": "-n", "v": []string{"one", "a", "b"}}),
			cursorOf(m{"o": "-n", "v": []string{"1 OR 1=1", "a", "b"}}),
			cursorOf(m{"o": "-n", "v": []string{"99999999999999999999", "a", "b"}}),
			cursorOf(m{"o": "-n", "v": []string{"1", "a\x00", "b"}}),
			cursorOf(m{"o": "-n", "v": []string{"1", "a", "b"}}) + "x",
			cursorOf(m{"o": "-n", "v": []string{"1", strings.Repeat("a", 10000), "b"}}),
			strings.Repeat("A", 10_000_000),
		} {
			for _, p := range []db.PageReq{{After: at}, {Before: at}} {
				_, err := db.List(t.Context(), d, labs, db.Where{}, labs.Order("-n"), p, scanLab)
				if !fault.Is(err, fault.Invalid) {
					t.Errorf("cursor %.60q: %v", at, err)
				}
			}
		}
		if got := allLabs(t, d); len(got) != 5 {
			t.Errorf("%d rows are left", len(got))
		}
	})
}

func TestPageLimits(t *testing.T) {
	d := dbtest.SQLite(t)
	rng := rand.New(rand.NewPCG(5, 5))
	makeLab(t, d, rng, 0)
	refillLab(t, d, rng, db.MaxLimit+10)
	for limit, want := range map[int]int{
		-1: db.DefaultLimit, 0: db.DefaultLimit, 1: 1, db.MaxLimit: db.MaxLimit, 1 << 40: db.MaxLimit,
	} {
		if got := len(page(t, d, "id", db.PageReq{Limit: limit}, db.Where{}).Items); got != want {
			t.Errorf("limit %d: %d rows, want %d", limit, got, want)
		}
	}
}

// FuzzCursor: whatever is in the cursor, a page or an Invalid comes back.
func FuzzCursor(f *testing.F) {
	f.Add(`{"o":"-n","v":["1","a","b"]}`, false)
	f.Add(`{"o":"-n","v":["-9223372036854775808","'","\u0000"],"w":true}`, true)
	f.Add(`{"o":"-n","v":["1","\ud800","\uffff"]}`, true)
	f.Add(`{"O":"-n","V":["1","",""]} `, false)
	d := dbtest.SQLite(f)
	ctx := f.Context()
	err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, qLab)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, backward bool) {
		p := db.PageReq{After: base64.RawURLEncoding.EncodeToString([]byte(text))}
		if backward {
			p = db.PageReq{Before: p.After}
		}
		_, err := db.List(t.Context(), d, labs, db.Where{}, labs.Order("-n"), p, scanLab)
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func TestStream(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		all := makeLab(t, d, rand.New(rand.NewPCG(5, 5)), 30)
		want := sortLabs(all, "-n")[:20]
		var got []lab
		err := db.Stream(t.Context(), d, labs, db.Where{}, labs.Order("-n"), 20, scanLab,
			func(x lab) error { got = append(got, x); return nil })
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		n := 0
		err = db.Stream(t.Context(), d, labs, db.Where{}, labs.Order("id"), 0, scanLab,
			func(lab) error { n++; return errStopHere })
		if err != errStopHere || n != 1 {
			t.Errorf("stopped with %v after %d rows", err, n)
		}
	})
}

var errStopHere = errors.New("stop here")
