package authztest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Hostile returns texts that break careless filters, orders and searches. None is a sensible
// value of anything.
func Hostile() []string {
	return []string{
		"' OR '1'='1", "\" OR \"\"=\"", "1) OR (1=1", "1 OR 1=1 --", "'; DROP TABLE account; --",
		"id; SELECT 1", "name DESC, (SELECT secret FROM account)", "CASE WHEN 1=1 THEN id END",
		"pg_sleep(10)", "$1", "?1", "%", "_", "%%%", "\\", "\\'", "/*", "*/ OR 1=1 /*",
		"\x00", "\xff\xfe", "１＝１", strings.Repeat("' OR ", 2000),
	}
}

// OrderIsPicked fails unless the selection answers every hostile order name with its default.
func OrderIsPicked(t testing.TB, s *db.Selection) {
	t.Helper()
	for _, h := range Hostile() {
		if got := s.Order(h); got.Name != s.OrderNames()[0] {
			t.Errorf("order %q picks %q instead of the default", h, got.Name)
		}
	}
}

// FilterFindsNothing fails when a hostile value finds rows or breaks the query: find must return
// no rows, or an Invalid fault that says so in words.
func FilterFindsNothing(t testing.TB, find func(value string) (int, error)) {
	t.Helper()
	for _, h := range Hostile() {
		n, err := find(h)
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("filter %.40q breaks the query: %v", h, err)
		}
		if n != 0 {
			t.Errorf("filter %.40q finds %d rows", h, n)
		}
	}
}

// Refused fails unless err is a refusal: Forbidden, or NotFound where existence is hidden.
func Refused(t testing.TB, what string, err error) {
	t.Helper()
	if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) {
		t.Errorf("%s: %v, want a refusal", what, err)
	}
}

// HiddenLooksAbsent fails unless the object with the hidden id and one that never was answer
// alike: both NotFound, with the same words in both languages.
func HiddenLooksAbsent(t testing.TB, get func(id string) error, hidden, absent string) {
	t.Helper()
	h, a := get(hidden), get(absent)
	if !fault.Is(h, fault.NotFound) || !fault.Is(a, fault.NotFound) {
		t.Errorf("hidden answers %v, absent %v: want NotFound for both", h, a)
	}
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		if i18n.Error(l, h) != i18n.Error(l, a) {
			t.Errorf("hidden says %q, absent %q", i18n.Error(l, h), i18n.Error(l, a))
		}
	}
}

// RefusesExtraFields fails unless the door takes the JSON object body and refuses it, as Invalid,
// with any one of the fields added: those a caller must not set, such as "role", "version" or
// "owner". send must give the caller's rights and a state in which body alone succeeds each time.
func RefusesExtraFields(
	t testing.TB, send func(body string) error, body string, fields ...string,
) {
	t.Helper()
	if err := send(body); err != nil {
		t.Fatalf("the body alone is refused: %v", err)
	}
	for _, field := range fields {
		var object map[string]any
		if err := json.Unmarshal([]byte(body), &object); err != nil {
			t.Fatalf("the body is no JSON object: %v", err)
		}
		if _, own := object[field]; own {
			t.Fatalf("%q is a field of the body", field)
		}
		object[field] = "1"
		more, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		if err := send(string(more)); !fault.Is(err, fault.Invalid) {
			t.Errorf("extra field %q: %v, want Invalid", field, err)
		}
	}
}

// EndsWith fails unless use works until end and is refused from then on. use goes through the door
// with a session or token made before end; logged in no more is a refusal too.
func EndsWith(t testing.TB, what string, use func() error, end func() error) {
	t.Helper()
	if err := use(); err != nil {
		t.Fatalf("%s: does not work before the end: %v", what, err)
	}
	if err := end(); err != nil {
		t.Fatalf("%s: end: %v", what, err)
	}
	Refused(t, what+" after its end", use())
}
