package processtest

import (
	"encoding/json"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
)

// qWritten counts what the trail holds.
var qWritten = db.Stmt(`SELECT COUNT(*) FROM audit_entry`)

// Again takes a step by a use case of a room and sends it again. With its key it gets the answer of
// the first time and the trail stays as it is; with another key the step is refused, because it is
// taken. fire sends the same request with the key it is given. Again returns the first answer.
func Again[T any](t testing.TB, q db.Q, fire func(key string) (T, error)) T {
	t.Helper()
	key := id.New()
	first, err := fire(key)
	if err != nil {
		t.Fatalf("the step: %v", err)
	}
	written := count(t, q)
	second, err := fire(key)
	if err != nil {
		t.Fatalf("the step again with its key: %v", err)
	}
	if a, b := text(t, first), text(t, second); a != b {
		t.Errorf("the step again with its key: %s, at first %s", b, a)
	}
	if _, err := fire(id.New()); !fault.Is(err, fault.Conflict) {
		t.Errorf("the step again with another key: %v", err)
	}
	if now := count(t, q); now != written {
		t.Errorf("%d entries in the trail for what was sent again", now-written)
	}
	return first
}

func count(t testing.TB, q db.Q) int64 {
	t.Helper()
	n, err := db.Get(t.Context(), q, qWritten, db.One[int64])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
