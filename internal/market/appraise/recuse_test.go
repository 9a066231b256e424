package appraise

import (
	"fmt"
	"testing"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Who works for the owner of the achievement, or did, takes no seat; who works elsewhere does.
func TestFormerEmployers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, owner := newRoom(t, d)
		ctx, registry := t.Context(), s.opt.Party
		other, err := registry.CreateOrganisation(ctx, official, party.NewOrg{OrgData: party.OrgData{
			Name: "大同理工学院", Kind: "university", Region: "140200", Standing: "active"}})
		if err != nil {
			t.Fatal(err)
		}
		v, err := s.CreateReview(ctx, official, NewReview{ReviewData: ReviewData{Title: "导热膜", Org: owner,
			Kind: "applied"}})
		if err != nil {
			t.Fatal(err)
		}
		for n, tc := range []struct {
			org   string
			to    clock.Date
			takes bool
		}{{owner, "", false}, {owner, "2015-06-30", false}, {other.ID, "", true}, {other.ID, "2015-06-30", true}} {
			p, err := registry.CreatePerson(ctx, official, party.NewPerson{PersonData: party.PersonData{
				Name: fmt.Sprint("专家", n)}})
			if err == nil {
				_, err = registry.AddMembership(ctx, official, party.NewMembership{Person: p.ID, Org: tc.org,
					From: "2010-09-01", To: tc.to, Version: p.Version})
			}
			if err != nil {
				t.Fatal(err)
			}
			x, err := s.AddExpert(ctx, official, NewExpert{Review: v.ID, Name: "专家", Version: v.Version + int64(n)})
			if err != nil {
				t.Fatal(err)
			}
			by := expert(n)
			by.Person = p.ID
			_, err = s.Join(ctx, by, x.Code)
			if !tc.takes {
				wantKind(t, err, fault.Forbidden)
			} else if err != nil {
				t.Errorf("%+v: %v", tc, err)
			}
		}
	})
}
