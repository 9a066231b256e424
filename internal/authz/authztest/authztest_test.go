package authztest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// recorder stands in for a test, so that the harness can be seen to fail.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper()             {}
func (r *recorder) Logf(string, ...any) {}
func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }

// failures runs a check and returns what it complained about.
func failures(t *testing.T, check func(testing.TB)) string {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		check(r)
	}()
	<-done
	return strings.Join(r.said, "\n")
}

func expect(t *testing.T, want string, check func(testing.TB)) {
	t.Helper()
	got := failures(t, check)
	if want == "" && got != "" || !strings.Contains(got, want) {
		t.Errorf("complains %q, want %q", got, want)
	}
}

// file is an object whose list is answered from memory: mark says which condition Where built.
type file struct{ id, owner string }

var files = []file{{"1", "a"}, {"2", "b"}, {"3", ""}}

func policyOf(holds func(authz.Actor, file) bool) *authz.Policy[file] {
	return authz.NewPolicy("lab.file", authz.Rules[file]{
		Title: "文件", Verbs: []authz.Verb{{Action: "lab.file.read", Title: "查看"}},
		Ties: []authz.Tie[file]{{
			Name: authz.Owner, Title: "本人", Holds: holds,
			Where: func(by authz.Actor) db.Where {
				if by.Account == "" {
					return db.Nothing()
				}
				return db.Where{}
			},
		}},
		Grants: []authz.Grant{
			{Role: authz.Officer, Action: "lab.file.read", Relation: authz.Owner},
		},
	})
}

// proof claims that SQL lists every file to those who have an account.
func proof(holds func(authz.Actor, file) bool, actors ...authz.Actor) func(testing.TB) {
	return func(t testing.TB) {
		ScopeEqualsMay(t, Proof[file]{
			Policy: policyOf(holds), Objects: files, ID: func(f file) string { return f.id },
			Actors: actors,
			List: func(w db.Where) (map[string]int64, error) {
				if w.IsEverything() {
					return map[string]int64{"1": 1, "2": 1, "3": 1}, nil
				}
				return map[string]int64{}, nil
			},
		})
	}
}

func TestScopeEqualsMayFails(t *testing.T) {
	known := func(by authz.Actor, _ file) bool { return by.Account != "" }
	a, nobody := authz.Actor{Account: "a", Role: authz.Officer}, authz.Actor{Role: authz.Officer}
	expect(t, "", proof(known, a, nobody, authz.Actor{}))
	expect(t, "may allows  map[1:1]", proof(
		func(by authz.Actor, f file) bool { return by.Account == f.owner }, a))
	expect(t, "scope lists map[]", proof(
		func(authz.Actor, file) bool { return true }, a, nobody))
	expect(t, "the rows prove nothing", proof(known, nobody, authz.Actor{}))
	expect(t, "the rows prove nothing", proof(known))
	expect(t, "list in scope: broken", func(t testing.TB) {
		ScopeEqualsMay(t, Proof[file]{Policy: policyOf(known), Objects: files,
			ID: func(f file) string { return f.id }, Actors: []authz.Actor{a},
			List: func(db.Where) (map[string]int64, error) { return nil, errors.New("broken") }})
	})
	expect(t, "scope lists map[1:2", func(t testing.TB) { // a join that doubles rows
		ScopeEqualsMay(t, Proof[file]{Policy: policyOf(known), Objects: files,
			ID: func(f file) string { return f.id }, Actors: []authz.Actor{a},
			List: func(db.Where) (map[string]int64, error) {
				return map[string]int64{"1": 2, "2": 1, "3": 1}, nil
			}})
	})
}

func TestActorsCoverRolesAndTokens(t *testing.T) {
	roles, tokens := map[authz.Role]int{}, 0
	actors := Actors(rand.New(rand.NewPCG(1, 2)).IntN, 8,
		Pool{Orgs: []string{"o"}, Actions: []authz.Action{"lab.file.read"}})
	for _, by := range actors {
		roles[by.Role]++
		if by.Via == authz.ViaToken {
			tokens++
		}
	}
	if len(roles) != 14 || roles[""] != 8 || tokens != 28 {
		t.Errorf("roles %v, %d tokens", roles, tokens)
	}
}

func TestProbesFail(t *testing.T) {
	forbidden, invalid := fault.New(fault.Forbidden, "不"), fault.New(fault.Invalid, "错")
	gone := func(string) error { return fault.New(fault.NotFound, "没有") }

	expect(t, "", func(t testing.TB) { Refused(t, "x", forbidden) })
	expect(t, "want a refusal", func(t testing.TB) { Refused(t, "x", nil) })
	expect(t, "want a refusal", func(t testing.TB) { Refused(t, "x", errors.New("crash")) })

	expect(t, "", func(t testing.TB) { HiddenLooksAbsent(t, gone, "a", "b") })
	expect(t, "want NotFound for both", func(t testing.TB) {
		HiddenLooksAbsent(t, func(id string) error {
			if id == "a" {
				return forbidden
			}
			return gone(id)
		}, "a", "b")
	})
	expect(t, "absent", func(t testing.TB) {
		HiddenLooksAbsent(t, func(id string) error {
			return fault.New(fault.NotFound, "没有 %s", id)
		}, "a", "b")
	})

	find := func(n int, err error) func(testing.TB) {
		return func(t testing.TB) {
			FilterFindsNothing(t, func(string) (int, error) { return n, err })
		}
	}
	expect(t, "", find(0, nil))
	expect(t, "", find(0, invalid))
	expect(t, "finds 3 rows", find(3, nil))
	expect(t, "breaks the query", find(0, errors.New("syntax error")))
}

func TestRefusesExtraFields(t *testing.T) {
	strict := func(body string) error {
		var in struct{ Name string }
		dec := json.NewDecoder(strings.NewReader(body))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in); err != nil {
			return fault.New(fault.Invalid, "错").Wrap(err)
		}
		return nil
	}
	lax := func(body string) error { return json.Unmarshal([]byte(body), &struct{}{}) }
	probe := func(send func(string) error, body string, fields ...string) func(testing.TB) {
		return func(t testing.TB) { RefusesExtraFields(t, send, body, fields...) }
	}
	expect(t, "", probe(strict, `{"name":"x"}`, "role", "version"))
	expect(t, `extra field "role"`, probe(lax, `{"name":"x"}`, "role"))
	expect(t, "the body alone is refused", probe(strict, `{"nam":"x"}`, "role"))
	expect(t, "is a field of the body", probe(strict, `{"name":"x"}`, "name"))
}

func TestEndsWith(t *testing.T) {
	forbidden := fault.New(fault.Forbidden, "不")
	alive := true
	use := func() error {
		if alive {
			return nil
		}
		return forbidden
	}
	end := func() error { alive = false; return nil }
	expect(t, "", func(t testing.TB) { EndsWith(t, "role", use, end) })
	expect(t, "does not work before", func(t testing.TB) { EndsWith(t, "role", use, end) })
	expect(t, "after its end", func(t testing.TB) {
		EndsWith(t, "role", func() error { return nil }, end)
	})
	expect(t, "end: 不", func(t testing.TB) {
		EndsWith(t, "role", func() error { return nil }, func() error { return errors.New("不") })
	})
}

func TestOrderIsPicked(t *testing.T) {
	s := db.Select("id", "lab", db.Order{Name: "id", Cols: []db.Col{db.TextCol("id")}},
		db.Order{Name: "%", Cols: []db.Col{db.TextCol("secret")}})
	expect(t, `order "%" picks`, func(t testing.TB) { OrderIsPicked(t, s) })
}

func TestDeclared(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tables := []authz.Table{policyOf(func(authz.Actor, file) bool { return true })}
	check := func(t testing.TB) { Declared(t, dir, tables) }

	expect(t, "looks in the wrong place", check)
	write("a.go", "package a\nconst ActRead authz.Action = \"lab.file.read\"\n")
	write("a_test.go", "package a\nconst actBad authz.Action = \"lab.file.bad\"\n")
	expect(t, "", check)
	write("b.go", "package a\nconst ActRead authz.Action = \"lab.file.raed\"\n")
	expect(t, `b.go:2:30: no policy declares the action "lab.file.raed"`, check)
	write("b.go", "package a\nfunc f() { p.May(by, \"lab.file.x\", o) }\n")
	expect(t, `"lab.file.x"`, check)
	write("b.go", "package a\nvar x = authz.Action(\"lab.file.y\")\n")
	expect(t, `"lab.file.y"`, check)
	write("b.go", "package a\nfunc f() { p.Scope(by, ActRead); i18n.Text(l, \"x\") }\n")
	expect(t, "", check)
}
