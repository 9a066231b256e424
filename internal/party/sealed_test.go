package party

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
)

var (
	qAtRest = db.Stmt(`SELECT phone || ' ' || phone_mark || ' ' || email FROM person WHERE id = $1`)
	qPlain  = db.Stmt(`UPDATE person SET phone = $2, phone_mark = '', email = $3 WHERE id = $1`)
	qMove   = db.Stmt(`UPDATE person SET email = phone WHERE id = $1`)
)

func atRest(t *testing.T, d *db.DB, personID string) string {
	t.Helper()
	text, err := db.Get(t.Context(), d, qAtRest, db.One[string], personID)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t *testing.T, d *db.DB, s *db.Statement, args ...any) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error { return db.ExecOne(t.Context(), tx, s, args...) })
	if err != nil {
		t.Fatal(err)
	}
}

// Phones and mail are nowhere readable in the database, and whole to who may see them; lists and
// exports show them in part.
func TestPhonesAreSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), testService(t, dbtest.Unit(t, d), Options{})
		data := PersonData{Name: "王小明", Phone: "+86 138-0000-1234", Email: "wang@example.cn"}
		p, err := s.CreatePerson(ctx, clerk, NewPerson{PersonData: data})
		if err != nil {
			t.Fatal(err)
		}
		if text := atRest(t, d, p.ID); strings.Contains(text, "1234") && strings.Contains(text, "138") ||
			strings.Contains(text, "wang") || strings.Count(text, sealMark) != 2 {
			t.Errorf("stored as %s", text)
		}
		page, err := s.ListPeople(ctx, clerk, PersonFilter{}, "name", db.PageReq{})
		if err != nil || len(page.Items) != 1 || page.Items[0].Email != "w***@example.cn" ||
			!strings.Contains(page.Items[0].Phone, "*") || !strings.HasSuffix(page.Items[0].Phone, "1234") {
			t.Errorf("listed as %+v, %v", page.Items, err)
		}
		up := PersonUpdate{ID: p.ID, PersonData: p.PersonData, Version: p.Version}
		up.Title = "教授"
		if p, err = s.UpdatePerson(ctx, clerk, up); err != nil {
			t.Fatal(err)
		}
		for field, want := range map[string]string{"phone": data.Phone, "email": data.Email} {
			if got, err := s.RevealPerson(ctx, clerk, p.ID, field); err != nil || got != want {
				t.Errorf("%s is %q, %v", field, got, err)
			}
		}
	})
}

// A phone finds its people however it is written, for those who may have it in full; to others it
// would confirm a guess.
func TestFindByPhone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), testService(t, dbtest.Unit(t, d), Options{})
		p, err := s.CreatePerson(ctx, clerk, NewPerson{PersonData: PersonData{Name: "王小明",
			Phone: "138 0000 1234", Public: true}})
		if err != nil {
			t.Fatal(err)
		}
		leader := authz.Actor{Account: "l", Role: authz.Leader, Via: authz.ViaSession}
		for _, c := range []struct {
			by    authz.Actor
			phone string
			want  int
		}{
			{clerk, "13800001234", 1}, {clerk, "+8613800001234", 1}, {clerk, "0086-138-0000-1234", 1},
			{clerk, "13800001235", 0}, {clerk, "", 0}, {clerk, "1234", 0},
			{leader, "13800001234", 0}, {authz.Actor{Role: authz.Public}, "13800001234", 0},
		} {
			got, err := s.SimilarPeople(ctx, c.by, SimilarPersonInput{Phone: c.phone})
			if err != nil || len(got) != c.want || c.want == 1 && got[0].Person.ID != p.ID {
				t.Errorf("%s finds with %q: %+v, %v", c.by.Role, c.phone, got, err)
			}
		}
	})
}

// An identity number finds only for those who may have it in full. To others, who see the expert, it would
// confirm a guess: of a number only a few hundred remain when birth, place and sex are known.
func TestFindByNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), testService(t, dbtest.Unit(t, d), Options{})
		p, err := s.CreatePerson(ctx, clerk, NewPerson{PersonData: PersonData{Name: "王小明",
			IDNumber: someNumber, Gender: "female", Public: true}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			by   authz.Actor
			want int
		}{
			{clerk, 1}, {authz.Actor{Account: "own", Person: p.ID, Role: authz.Expert, Via: authz.ViaSession}, 1},
			{authz.Actor{Account: "l", Role: authz.Leader, Via: authz.ViaSession}, 0},
			{authz.Actor{Account: "p", Role: authz.Public, Via: authz.ViaSession}, 0},
		} {
			got, err := s.SimilarPeople(ctx, c.by, SimilarPersonInput{IDNumber: someNumber})
			if err != nil || len(got) != c.want {
				t.Errorf("%s finds %+v, %v, want %d", c.by.Role, got, err, c.want)
			}
			// However they come to the record, they see the same of it.
			one, err := s.GetPerson(ctx, c.by, p.ID)
			if err != nil || (one.IDNumber == "") != (c.by.Role == authz.Public) {
				t.Errorf("%s sees %+v, %v", c.by.Role, one, err)
			}
			list, err := s.ListPeople(ctx, c.by, PersonFilter{}, "name", db.PageReq{})
			if err != nil || len(list.Items) != 1 || list.Items[0].Gender != one.Gender {
				t.Errorf("%s lists %+v, %v", c.by.Role, list.Items, err)
			}
			like, err := s.SimilarPeople(ctx, c.by, SimilarPersonInput{Name: "王小明"})
			if err != nil || len(like) != 1 || like[0].Person.IDNumber != one.IDNumber ||
				like[0].Person.Gender != one.Gender {
				t.Errorf("%s is shown %+v, %v", c.by.Role, like, err)
			}
		}
	})
}

// What was stored before phones were sealed is read all the same, and sealed by the job once.
func TestSealWhatIsPlain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), testService(t, dbtest.Unit(t, d), Options{})
		data := PersonData{Name: "王小明", Phone: "13800001234", Email: "wang@example.cn"}
		p, err := s.CreatePerson(ctx, clerk, NewPerson{PersonData: data})
		if err != nil {
			t.Fatal(err)
		}
		write(t, d, qPlain, p.ID, data.Phone, data.Email)
		if got, err := s.RevealPerson(ctx, clerk, p.ID, "phone"); got != data.Phone || err != nil {
			t.Errorf("a plain phone is %q, %v", got, err)
		}
		machine := authz.Actor{Login: "system", Via: authz.ViaJob}
		for _, want := range []int{1, 0} {
			if n, err := s.SealPeople(ctx, machine); n != want || err != nil {
				t.Fatalf("sealed %d, %v, want %d", n, err, want)
			}
		}
		if text := atRest(t, d, p.ID); strings.Count(text, sealMark) != 2 {
			t.Errorf("still stored as %s", text)
		}
		got, err := s.SimilarPeople(ctx, clerk, SimilarPersonInput{Phone: data.Phone})
		if err != nil || len(got) != 1 {
			t.Errorf("not found afterwards: %v, %v", got, err)
		}
		after, err := s.GetPerson(ctx, clerk, p.ID)
		if diff := cmp.Diff(p.PersonData, after.PersonData); diff != "" || err != nil ||
			after.Version != p.Version {
			t.Errorf("version %d became %d, %v\n%s", p.Version, after.Version, err, diff)
		}
	})
}

// Without the key, or with another, sealed values are not shown, are not lost by a change, and no
// new ones are taken; a value moved to another field does not open.
func TestOtherKeys(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx, u := t.Context(), dbtest.Unit(t, d)
	with := testService(t, u, Options{})
	data := PersonData{Name: "王小明", Phone: "13800001234", Email: "wang@example.cn"}
	p, err := with.CreatePerson(ctx, clerk, NewPerson{PersonData: data})
	if err != nil {
		t.Fatal(err)
	}
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	for name, key := range map[string][]byte{"none": nil, "another": make([]byte, KeyBytes)} {
		s, err := New(u, testCodes{}, times, Options{Key: key})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.GetPerson(ctx, clerk, p.ID)
		if err != nil || got.Phone != "" || got.Email != "" {
			t.Errorf("%s: shown as %+v, %v", name, got.PersonData, err)
		}
		if _, err := s.RevealPerson(ctx, clerk, p.ID, "phone"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: reveal: %v", name, err)
		}
		up := PersonUpdate{ID: p.ID, PersonData: PersonData{Name: "王" + name}, Version: got.Version}
		if _, err := s.UpdatePerson(ctx, clerk, up); err != nil {
			t.Fatal(err)
		}
		if n, err := s.SealPeople(ctx, authz.Actor{Login: "system", Via: authz.ViaJob}); n != 0 || err != nil {
			t.Errorf("%s: sealed %d, %v", name, n, err)
		}
	}
	if got, err := with.RevealPerson(ctx, clerk, p.ID, "phone"); got != data.Phone || err != nil {
		t.Errorf("afterwards the phone is %q, %v", got, err)
	}
	none, err := New(u, testCodes{}, times, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = none.CreatePerson(ctx, clerk, NewPerson{PersonData: data})
	if e, ok := fault.As(err); !ok || len(e.Fields) != 2 {
		t.Errorf("taken without a key: %v", err)
	}
	write(t, d, qMove, p.ID)
	if got, err := with.GetPerson(ctx, clerk, p.ID); err != nil || got.Email != "" {
		t.Errorf("a phone opens as mail: %q, %v", got.Email, err)
	}
}
