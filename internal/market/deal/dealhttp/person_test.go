package dealhttp

import (
	"context"
	"testing"
)

// A person is named by name; a log-in stands only for one that nobody knows.
func TestPerson(t *testing.T) {
	t.Parallel()
	h := &Handler{deps: Deps{NameOf: func(_ context.Context, login string) string {
		return map[string]string{"qiye": "郭志强"}[login]
	}}}
	for login, want := range map[string]string{"qiye": "郭志强", "gone": "gone", "": ""} {
		if got := h.person(t.Context(), login); got != want {
			t.Errorf("%q is named %q; want %q", login, got, want)
		}
	}
}
