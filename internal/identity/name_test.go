package identity_test

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// The name of a log-in is known as long as its account is, and nobody has that of another.
func TestNameOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		a := h.account("wang")
		for login, want := range map[string]string{"wang": a.Name, "nobody": "", "": ""} {
			if got, err := h.NameOf(t.Context(), d, login); got != want || err != nil {
				t.Errorf("%q: %q, %v, want %q", login, got, err, want)
			}
		}
	})
}
