package app_test

import (
	"net/http/httptest"
	"testing"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

var (
	qForgetStep = db.Stmt(`DELETE FROM schema_migration
		WHERE number = (SELECT MAX(number) FROM schema_migration)`)
	qLaterStep = db.Stmt(`INSERT INTO schema_migration (number, name, checksum, applied_us)
		VALUES (9999, 'later', 'x', 0)`)
	qUnlearn = db.Stmt(`DELETE FROM schema_migration WHERE number = 9999`)
)

// ready asks the running house.
func ready(a *app.App) int {
	w := httptest.NewRecorder()
	a.Web.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
	return w.Code
}

// The house is ready with a database that answers and has the schema of this program, neither an
// older nor a newer one. It lives in any case.
func TestReadiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := apptest.OpenOn(t, d)
		change := func(s *db.Statement) {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error { return db.ExecOne(t.Context(), tx, s) })
			if err != nil {
				t.Fatal(err)
			}
		}
		check := func(what string, want int) {
			t.Helper()
			if got := ready(a); got != want {
				t.Errorf("%s: %d, want %d", what, got, want)
			}
		}
		check("as it should be", 200)
		change(qLaterStep)
		check("a newer schema", 503)
		change(qUnlearn)
		check("as it should be again", 200)
		change(qForgetStep)
		check("a step is missing", 503)
		if err := a.DB.Close(); err != nil {
			t.Fatal(err)
		}
		check("the database is gone", 503)
		w := httptest.NewRecorder()
		a.Web.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/livez", nil))
		if w.Code != 200 {
			t.Errorf("it does not live: %d", w.Code)
		}
	})
}
