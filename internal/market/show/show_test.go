package show

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Slots of an agenda never overlap and never leave their event, whatever is asked for.
func TestAgenda(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		s, err := x.CreateShow(t.Context(), officer, x.sample())
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(3, 4))
		version, kept := s.Version, []Slot{}
		for i := range 40 {
			from := at(8, r.IntN(600))
			to := from + int64(r.IntN(90)-10)*60_000_000
			data := SlotData{StartsUs: from, EndsUs: to, Title: fmt.Sprint("环节", i)}
			_, clash := overlaps(kept, from, to, "")
			good := from < to && from >= s.StartsUs && to <= s.EndsUs && !clash
			got, err := x.AddSlot(t.Context(), officer, NewSlot{Show: s.ID, Version: version, SlotData: data})
			if (err == nil) != good {
				t.Fatalf("slot %v: %v, want good=%v", data, err, good)
			}
			if err == nil {
				kept = append(kept, got)
				version++
			} else {
				wantKind(t, err, fault.Invalid)
			}
		}
		if len(kept) < 3 {
			t.Fatalf("%d slots prove nothing", len(kept))
		}
		_, err = x.AddSlot(t.Context(), officer, NewSlot{Show: s.ID, Version: version - 1,
			SlotData: SlotData{StartsUs: at(16, 59), EndsUs: at(17, 0), Title: "x"}})
		wantKind(t, err, fault.Conflict)
		in := Update{ID: s.ID, Version: version, Data: x.sample().Data}
		in.StartsUs, in.SignupUntilUs = at(16, 58), at(16, 58)
		in.TalkRounds = 0
		_, err = x.UpdateShow(t.Context(), officer, in)
		wantKind(t, err, fault.Invalid)
	})
}

// Many people at once never get more seats than there are; who leaves makes room for who waits first.
func TestSeats(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		s := x.open()
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() { x.join(s, fmt.Sprint("p", i)) })
		}
		wg.Wait()
		page, err := x.ListSignups(t.Context(), officer, SignupFilter{Show: s.ID}, "", db.PageReq{})
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range page.Items {
			want := Waiting
			if i < 3 {
				want = Confirmed
			}
			if g.State != want || g.Number != int64(i+1) {
				t.Errorf("number %d is %s, want %s", g.Number, g.State, want)
			}
		}
		_, err = x.SignUp(t.Context(), guest("p1"), NewSignup{Show: s.ID, Person: Person{Name: "p1"}})
		wantKind(t, err, fault.Invalid)
		leaving, heir := page.Items[1], page.Items[3]
		_, err = x.CancelSignup(t.Context(), guest("nobody"), leaving.ID, leaving.Version)
		wantKind(t, err, fault.NotFound)
		if _, err := x.CancelSignup(t.Context(), guest(leaving.account), leaving.ID,
			leaving.Version); err != nil {
			t.Fatal(err)
		}
		if g, _ := db.Get(t.Context(), d, qSignup, scanSignup, heir.ID); g.State != Confirmed {
			t.Errorf("the first who waits is %s", g.State)
		}
		now, err := x.GetShow(t.Context(), officer, s.ID)
		if err != nil || now.Taken != 3 || now.Waiting != 4 {
			t.Errorf("%d seats taken, %d waiting, %v", now.Taken, now.Waiting, err)
		}
		x.clock.Advance(30 * 24 * 3600 * 1e9)
		_, err = x.SignUp(t.Context(), guest("late"), NewSignup{Show: s.ID, Person: Person{Name: "l"}})
		wantKind(t, err, fault.Conflict)
	})
}

// Random asking, answering and cancelling never gives anybody two talks, or a table two talks, in one
// round.
func TestTalksNeverCollide(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		s := x.open()
		var who []Signup
		for i := range 3 {
			who = append(who, x.join(s, fmt.Sprint("p", i)))
		}
		r := rand.New(rand.NewPCG(5, 6))
		accepted := 0
		for range 120 {
			me := who[r.IntN(len(who))]
			mine, err := x.talksOf(t.Context(), d, me.ID)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case len(mine) > 0 && r.IntN(3) == 0:
				k := mine[r.IntN(len(mine))]
				_, err = x.AnswerTalk(t.Context(), guest(me.account),
					TalkAnswer{ID: k.ID, Accept: true, Version: k.Version})
				if err == nil {
					accepted++
				}
			case len(mine) > 0 && r.IntN(3) == 0:
				k := mine[r.IntN(len(mine))]
				_, err = x.CancelTalk(t.Context(), guest(me.account), k.ID, k.Version)
			default:
				_, err = x.AskTalk(t.Context(), guest(me.account), NewTalk{From: me.ID,
					To: who[r.IntN(len(who))].ID, Round: int64(r.IntN(4))})
			}
			if e, ok := fault.As(err); err != nil && (!ok || e.Kind == fault.Internal) {
				t.Fatal(err)
			}
			x.noCollision(s)
		}
		if accepted < 5 {
			t.Errorf("%d accepted talks prove nothing", accepted)
		}
	})
}

func (x *lab) noCollision(s Show) {
	x.t.Helper()
	talks, err := x.Talks(x.t.Context(), officer, s.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, k := range talks {
		for _, key := range []string{fmt.Sprint(k.Round, k.Asker.ID), fmt.Sprint(k.Round, k.Asked.ID),
			fmt.Sprint(k.Round, " table ", k.Seat)} {
			if seen[key] || k.Seat < 1 || k.Seat > s.TalkTables {
				x.t.Fatalf("twice or wrong: %s in %+v", key, k)
			}
			seen[key] = true
		}
	}
}

// A code works once, for staff only, and not after another was made.
func TestCheckIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		s := x.open()
		g := x.join(s, "p")
		_, code, err := x.MyPass(ctx, guest("p"), g.ID)
		if err != nil || code == "" {
			t.Fatal(code, err)
		}
		if _, err := x.RenewPass(ctx, guest("p"), g.ID, g.Version); err != nil {
			t.Fatal(err)
		}
		_, err = x.CheckIn(ctx, officer, code)
		wantKind(t, err, fault.Invalid)
		_, fresh, _ := x.MyPass(ctx, guest("p"), g.ID)
		_, err = x.CheckIn(ctx, guest("p"), fresh)
		wantKind(t, err, fault.Forbidden)
		_, err = x.CheckIn(ctx, guest("q"), fresh)
		wantKind(t, err, fault.NotFound)
		_, err = x.CheckIn(ctx, officer, fresh[:len(fresh)-1]+"x")
		wantKind(t, err, fault.Invalid)
		for _, day := range []int64{at(6, 59), at(24, 0)} { // two hours before the beginning to the end of the day
			x.clock.Set(clock.Time(day))
			_, err = x.CheckIn(ctx, officer, fresh)
			wantKind(t, err, fault.Conflict)
			_, err = x.CheckInByHand(ctx, officer, g.ID)
			wantKind(t, err, fault.Conflict)
		}
		x.clock.Set(clock.Time(at(7, 0)))
		_, _, err = x.MyPass(ctx, officer, g.ID)
		wantKind(t, err, fault.NotFound)
		var wg sync.WaitGroup
		done := make(chan error, 4)
		for range cap(done) {
			wg.Go(func() { _, err := x.CheckIn(ctx, officer, fresh); done <- err })
		}
		wg.Wait()
		good := 0
		for range cap(done) {
			if err := <-done; err == nil {
				good++
			} else {
				wantKind(t, err, fault.Conflict)
			}
		}
		if good != 1 {
			t.Errorf("the code worked %d times", good)
		}
		_, err = x.CancelSignup(ctx, guest("p"), g.ID, g.Version+2)
		wantKind(t, err, fault.Conflict)
	})
}

var qTold = db.Stmt(`SELECT object FROM outbox WHERE kind = $1`)

// Interest is counted live, told to the deals when the event ends, and its outcome is shown.
func TestInterest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		s := x.open()
		g := x.join(s, "p")
		slots, err := x.GetShow(ctx, guest("p"), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		mark := Mark{Show: s.ID, Slot: slots.Slots[0].ID, On: true}
		_, err = x.MarkInterest(ctx, guest("stranger"), mark)
		wantKind(t, err, fault.Forbidden)
		for range 2 { // the second changes nothing
			got, err := x.MarkInterest(ctx, guest("p"), mark)
			if err != nil || got.Interested != 1 || !got.Marked {
				t.Fatalf("%+v %v", got, err)
			}
		}
		opening, err := x.AddSlot(ctx, officer, NewSlot{Show: s.ID, Version: slots.Version, SlotData: SlotData{
			StartsUs: at(9, 30), EndsUs: at(9, 40), Title: "自由交流"}})
		if err != nil {
			t.Fatal(err)
		}
		s.Version = slots.Version + 1
		_, err = x.MarkInterest(ctx, guest("p"), Mark{Show: s.ID, Slot: opening.ID, On: true})
		wantKind(t, err, fault.Conflict) // nothing is pitched in it
		s = x.fire(x.fire(s, "begin"), "end")
		told, err := db.All(ctx, d, qTold, db.One[string], EventInterest)
		if err != nil || len(told) != 1 {
			t.Fatalf("told %v, %v", told, err)
		}
		mine, err := x.Interests(ctx, guest("p"), s.ID)
		if err != nil || len(mine) != 1 || mine[0].ID != told[0] || mine[0].Signup != g.ID {
			t.Fatalf("%+v %v", mine, err)
		}
		_, err = x.SetOutcome(ctx, guest("p"), Result{ID: told[0], Outcome: "signed", Version: 1})
		wantKind(t, err, fault.Forbidden)
		_, err = x.SetOutcome(ctx, officer, Result{ID: told[0], Outcome: "married", Version: 1})
		wantKind(t, err, fault.Invalid)
		got, err := x.SetOutcome(ctx, officer, Result{ID: told[0], Outcome: "signed", Version: 1})
		if err != nil || got.Outcome != "signed" {
			t.Fatalf("%+v %v", got, err)
		}
		// What an introduction comes to is written down where its interest was shown.
		for _, tc := range []struct{ org, outcome, want string }{
			{"org-2", "refused", "signed"}, {"org-1", "talking", "talking"}, {"org-1", "talking", "talking"}} {
			err := x.unit.Write(ctx, officer, "test.outcome", func(tx *unit.Tx) error {
				tx.Audit(audit.Entry{Kind: "test"})
				if _, err := db.Exec(ctx, tx.Tx, qSignupOrg, g.ID); err != nil {
					return err
				}
				return x.RecordOutcome(ctx, tx, "post-1", tc.org, tc.outcome, "DJ-2026-00001")
			})
			mine, wrong := x.Interests(ctx, guest("p"), s.ID)
			if err != nil || wrong != nil || len(mine) != 1 || mine[0].Outcome != tc.want {
				t.Errorf("%+v: %+v, %v, %v", tc, mine, err, wrong)
			}
		}
	})
}

var qSignupOrg = db.Stmt(`UPDATE show_signup SET org = 'org-1' WHERE id = $1`)

// A calendar has lines of at most 75 bytes that break between characters, and escapes what it must.
func TestCalendar(t *testing.T) {
	x := newLab(t, dbtest.SQLite(t))
	in := x.sample()
	in.Text = strings.Repeat("材料；a,b;c\\d\n", 30)
	s, err := x.CreateShow(t.Context(), officer, in)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x.Calendar(t.Context(), officer, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > foldAt || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
	}
	whole := strings.ReplaceAll(text, "\r\n ", "")
	for _, want := range []string{"DTSTART:20261210T010000Z\r\n", "DTEND:20261210T090000Z\r\n",
		`材料；a\,b\;c\\d\n材料`, "SUMMARY:新材料专场路演\r\n"} {
		if !strings.Contains(whole, want) {
			t.Errorf("no %q in %s", want, whole)
		}
	}
	_, err = x.Calendar(t.Context(), authz.Actor{}, s.ID) // a draft
	wantKind(t, err, fault.NotFound)
}

// What is wrong with an event is said at its fields.
func TestValidate(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Data)
		field  string
	}{
		"kind":     {func(d *Data) { d.Kind = "party" }, "kind"},
		"order":    {func(d *Data) { d.EndsUs, d.TalkRounds = d.StartsUs, 0 }, "endsUs"},
		"length":   {func(d *Data) { d.EndsUs = d.StartsUs + 15*24*3600*1e6 }, "endsUs"},
		"capacity": {func(d *Data) { d.Capacity = 0 }, "capacity"},
		"talks":    {func(d *Data) { d.TalkRounds = 12 }, "talkFromUs"},
		"unread":   {func(d *Data) { d.SignupUntilUs = -1 }, "signupUntilUs"},
		"place":    {func(d *Data) { d.Place = "" }, "place"},
		"secret":   {func(d *Data) { d.Text = "议程\n机密★10年" }, "text"},
		"phone":    {func(d *Data) { d.Text = "报名请拨 13800138000" }, "text"},
		"marked":   {func(d *Data) { d.Contact = "绝密★长期" }, "contact"},
	} {
		d := (&lab{org: "o"}).sample().Data
		d.normalise(10)
		if err := d.Validate(); err != nil {
			t.Fatalf("the sample: %v", err)
		}
		tc.change(&d)
		e, ok := fault.As(d.Validate())
		if !ok || len(e.Fields) != 1 || e.Fields[0].Name != tc.field {
			t.Errorf("%s: %v", name, d.Validate())
		}
	}
}
