package party_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Who keeps a record sees its contacts; who may see them asks for each and is written down; the
// rest see them in part, in the record and in an export alike.
func TestWhoSeesContacts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), newService(t, d)
		o := create(t, s, officer, sample("小店甲厂"))
		full := o.Contacts
		masked := []party.Contact{{Name: "王*", Phone: "138****1234", Email: "w***@example.cn"}}
		own := authz.Actor{Account: "own", Role: authz.Enterprise, Org: o.ID, Via: authz.ViaSession}
		leader := authz.Actor{Account: "l", Role: authz.Leader, Via: authz.ViaSession}
		for _, c := range []struct {
			who     string
			by      authz.Actor
			sees    []party.Contact
			reveals bool
		}{
			{"officer", officer, full, true},
			{"own organisation", own, full, true},
			{"district", xiaodian, full, true},
			{"other district", yingze, masked, false},
			{"leader", leader, masked, true},
			{"visitor", visitor, masked, false},
		} {
			got, err := s.GetOrganisation(ctx, c.by, o.ID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.sees, got.Contacts); diff != "" {
				t.Errorf("%s sees the contacts:\n%s", c.who, diff)
			}
			for field, want := range map[string]string{"name": full[0].Name,
				"phone": full[0].Phone, "email": full[0].Email} {
				value, err := s.RevealContact(ctx, c.by, party.ContactField{Org: o.ID, Field: field,
					Version: o.Version})
				switch {
				case !c.reveals && (!fault.Is(err, fault.Forbidden) || value != ""):
					t.Errorf("%s reveals %s: %q, %v", c.who, field, value, err)
				case c.reveals && (err != nil || value != want):
					t.Errorf("%s reveals %s: %q, %v", c.who, field, value, err)
				}
			}
			if party.OrgPolicy.Could(c.by, party.ActOrgExport) {
				err := s.ExportOrganisations(ctx, c.by, party.OrgFilter{}, "name",
					func(x party.Org) error {
						if diff := cmp.Diff(c.sees, x.Contacts); diff != "" {
							t.Errorf("%s exports the contacts:\n%s", c.who, diff)
						}
						return nil
					})
				if err != nil {
					t.Errorf("%s exports: %v", c.who, err)
				}
			}
		}
	})
}

// Each look at a contact stands in the timeline, with the field and without the value; one that is
// refused changes nothing.
func TestARevealIsRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), newService(t, d)
		o := create(t, s, officer, sample("小店甲厂"))
		leader := authz.Actor{Account: "l", Login: "leader", Role: authz.Leader, Via: authz.ViaSession}
		for name, c := range map[string]struct {
			in   party.ContactField
			want fault.Kind
		}{
			"nobody there": {party.ContactField{Org: o.ID, Contact: 1, Field: "phone",
				Version: 1}, fault.Invalid},
			"before the first": {party.ContactField{Org: o.ID, Contact: -1, Field: "phone",
				Version: 1}, fault.Invalid},
			"no such field":   {party.ContactField{Org: o.ID, Field: "duty", Version: 1}, fault.Invalid},
			"another version": {party.ContactField{Org: o.ID, Field: "phone", Version: 2}, fault.Conflict},
			"no such record":  {party.ContactField{Org: "x", Field: "phone", Version: 1}, fault.NotFound},
		} {
			if v, err := s.RevealContact(ctx, leader, c.in); !fault.Is(err, c.want) || v != "" {
				t.Errorf("%s: %q, %v", name, v, err)
			}
		}
		if _, err := s.RevealContact(ctx, leader,
			party.ContactField{Org: o.ID, Field: "phone", Version: 1}); err != nil {
			t.Fatal(err)
		}
		page, err := s.Timeline(ctx, leader, o.ID, db.PageReq{})
		if err != nil || len(page.Items) != 2 {
			t.Fatalf("%d entries: %v", len(page.Items), err)
		}
		e := page.Items[0]
		want := []party.TimelineChange{{Field: "contacts.0.phone", Title: "联系人"}}
		if diff := cmp.Diff(want, e.Changes); diff != "" || e.What != "reveal" || e.Login != "leader" {
			t.Errorf("entry %+v\n%s", e, diff)
		}
	})
}
