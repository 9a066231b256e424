package dispatch

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qRawMeeting = db.Stmt(`INSERT INTO dispatch_meeting (id, code, series, number, title, previous, ledger,
			region, chair, host, host_now, host_name, place, starts_us, ends_us, note, attendance, minutes,
			minutes_no, minutes_days, notified_us, held_us, issued_us, signer, state, created_us, created_by,
			updated_us, version)
		VALUES ($1, $1, 's', 1, 'x', '', '', '140100', 'x', '', '', '', 'x', 1, 2, '', '', $2, '', 5, $3, 0, 0,
			'', $4, 1, 'acc', 1, 1)`)
	qRawLetter = db.Stmt(`INSERT INTO dispatch_letter (id, number, title, text, reasons, rule, task, decision,
			region, org, org_now, org_name, org_role, org_region, supervisor, reply_days, reply_until,
			answer_days, due_us, signed_us, signer, delivered_us, reply, replied_us, replier, closed_us,
			state, created_us, created_by, updated_us, version)
		VALUES ($1, '', 'x', 'x', '[]', '', '', '', '140100', $2, $2, $2, $3, $4, 'acc', 5, 1080, 5, 9, 0, '',
			$5, '', 0, '', 0, $6, 1, 'acc', 1, 1)`)
)

func addSeries(ctx context.Context, tx *unit.Tx) error {
	return db.ExecOne(ctx, tx.Tx, qSeriesAdd, "s", "系列", "month", "", "140100", "x", "", "", "", "x", false,
		int64(1), "")
}

func member(org string, role authz.Role, place string) authz.Actor {
	return authz.Actor{Account: org + place, Org: org, Region: place, Role: role, Via: authz.ViaSession}
}

// TestMeetingProcess tries every state × step × role.
func TestMeetingProcess(t *testing.T) {
	create := func(minutes string, decided bool) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			if err := addSeries(ctx, tx); err != nil {
				return "", err
			}
			for _, r := range shippedRules {
				if err := addRule(ctx, tx, r); err != nil {
					return "", err
				}
			}
			err := insertItem(ctx, tx, Item{ID: "i", Meeting: "v", ItemData: ItemData{Title: "x"}})
			if err == nil && decided {
				err = db.ExecOne(ctx, tx.Tx, qDecisionAdd, "d", "v", "i", int64(1), KindNote, "x", "", "", "",
					int64(0), "", int64(1), "")
			}
			if err == nil {
				err = setMembers(ctx, tx, "v", []Unit{{Org: "org-1", Now: "org-1", Role: authz.Department}})
			}
			if err != nil {
				return "", err
			}
			return "v", db.ExecOne(ctx, tx.Tx, qRawMeeting, "v", minutes, int64(1), state)
		}
	}
	processtest.Exhaust(t, MeetingProcess, processtest.Setup[Meeting]{
		Actors: []processtest.Actor{
			{Name: "member", By: member("org-1", authz.Department, "")},
			{Name: "other", By: member("org-2", authz.Department, "")},
		},
		Cases: []processtest.Case{{Name: "complete", Create: create("纪要", true)},
			{Name: "unwritten", Create: create("", true)}, {Name: "undecided", Create: create("纪要", false)}},
		Input: func(string, Meeting) process.Input { return process.Input{Reason: "因故"} },
	})
}

// TestLetterProcess tries every state × step × role.
func TestLetterProcess(t *testing.T) {
	create := func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
		tx.Audit(audit.Entry{Kind: "test", What: "create"})
		for _, r := range shippedRules {
			if err := addRule(ctx, tx, r); err != nil {
				return "", err
			}
		}
		delivered := int64(0)
		if state != LetterDraft && state != LetterSigned {
			delivered = 1
		}
		return "v", db.ExecOne(ctx, tx.Tx, qRawLetter, "v", "org-1", "district", "140105", delivered, state)
	}
	processtest.Exhaust(t, LetterProcess, processtest.Setup[Letter]{
		Actors: []processtest.Actor{
			{Name: "addressee", By: member("org-1", authz.District, "")},
			{Name: "its district", By: member("", authz.District, "140105")},
			{Name: "other district", By: member("", authz.District, "140106")},
		},
		Cases: []processtest.Case{{Name: "letter", Create: create}},
		Input: func(step string, _ Letter) process.Input {
			in := process.Input{Reason: "因故"}
			switch step {
			case StepSign, StepAgain:
				in.Data = deadline{clock.Us(dbtest.Start) + 1_000_000}
			case StepReply:
				in.Data = answer{"已整改"}
			}
			return in
		},
	})
}

var (
	places   = []string{"140105", "140106", "140100", "140400"}
	testOrgs = []string{"org-1", "org-2", "org-3"}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// TestScopes proves that lists show what may be shown.
func TestScopes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(5, 6))
		var meetings []Meeting
		var letters []Letter
		roles := []authz.Role{authz.Department, authz.District, authz.Enterprise}
		err := dbtest.Unit(t, d).Write(ctx, house, "fill", func(tx *unit.Tx) error {
			meetings, letters = nil, nil
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			if err := addSeries(ctx, tx); err != nil {
				return err
			}
			for i := range 60 {
				meetingID, letterID := "m"+strconv.Itoa(i), "l"+strconv.Itoa(i)
				state := pick(r, MeetingProcess.Def().States).Name
				if err := db.ExecOne(ctx, tx.Tx, qRawMeeting, meetingID, "", int64(r.IntN(2)), state); err != nil {
					return err
				}
				var list []Unit
				for _, org := range testOrgs[:r.IntN(4)] {
					list = append(list, Unit{Org: org, Now: org, Role: pick(r, roles), Region: "140105"})
				}
				if err := setMembers(ctx, tx, meetingID, list); err != nil {
					return err
				}
				err := db.ExecOne(ctx, tx.Tx, qRawLetter, letterID, pick(r, testOrgs), string(pick(r, roles)),
					pick(r, places), int64(r.IntN(2)), pick(r, LetterProcess.Def().States).Name)
				if err != nil {
					return err
				}
				m, err := meetingByID(ctx, tx, meetingID)
				if err != nil {
					return err
				}
				l, err := letterByID(ctx, tx, letterID)
				if err != nil {
					return err
				}
				meetings, letters = append(meetings, m), append(letters, l)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		pool := authztest.Pool{Orgs: testOrgs, Accounts: []string{"acc", "acc-2"},
			Regions: append([]string{"140000"}, places...),
			Actions: append(MeetingPolicy.Actions(), LetterPolicy.Actions()...)}
		actors := authztest.Actors(r.IntN, 24, pool)
		authztest.ScopeEqualsMay(t, authztest.Proof[Meeting]{Policy: MeetingPolicy, Objects: meetings,
			ID: func(m Meeting) string { return m.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return meetingList.CountBy(ctx, d, "m.id", w) }})
		authztest.ScopeEqualsMay(t, authztest.Proof[Letter]{Policy: LetterPolicy, Objects: letters,
			ID: func(l Letter) string { return l.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return letterList.CountBy(ctx, d, "l.id", w) }})
		authztest.OrderIsPicked(t, meetingList)
		authztest.OrderIsPicked(t, letterList)
		authztest.OrderIsPicked(t, decisionList)
		authztest.OrderIsPicked(t, seriesList)
	})
}
