package party

import (
	"context"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// maskedFor hides what the actor has no need to see of the contacts. Who keeps the record, and may
// change it, has them before their eyes anyway; others who may see them ask for each by
// RevealContact, on record.
func (o Org) maskedFor(by authz.Actor) Org {
	if keeps(by, o) {
		return o
	}
	masked := make([]Contact, len(o.Contacts))
	for i, c := range o.Contacts {
		masked[i] = Contact{
			Name: id.MaskName(c.Name), Duty: c.Duty, Phone: id.MaskPhone(c.Phone), Email: maskEmail(c.Email),
		}
	}
	o.Contacts = masked
	return o
}

// MayRevealContacts says whether the actor sees contacts masked and may have them in full.
func MayRevealContacts(by authz.Actor, o Org) bool {
	return OrgPolicy.MaySee(by, ActOrgContact, o) && !keeps(by, o)
}

// keeps says whether the actor looks after the record, with its contacts.
func keeps(by authz.Actor, o Org) bool {
	return OrgPolicy.MaySee(by, ActOrgContact, o) && OrgPolicy.MaySee(by, ActOrgUpdate, o)
}

// ContactField names a value of a contact of an organisation.
type ContactField struct {
	Org     string `json:"-"`
	Contact int    `json:"contact"` // place in the list, from 0
	Field   string `json:"field"`   // name, phone or email
	// Version is that of the record whose list was seen: in another, somebody else may have the
	// place.
	Version int64 `json:"version"`
}

// RevealContact returns the name, phone or mail of a contact in full, and records who saw it.
func (s *Service) RevealContact(
	ctx context.Context, by authz.Actor, in ContactField,
) (string, error) {
	var value string
	err := s.unit.Write(ctx, by, "party.RevealContact", func(tx *unit.Tx) error {
		o, err := orgByID(ctx, tx, in.Org)
		if err != nil {
			return err
		}
		if err := seen(by, o); err != nil {
			return err
		}
		if err := OrgPolicy.May(by, ActOrgContact, o); err != nil {
			return err
		}
		if o.Version != in.Version {
			return errStale()
		}
		if o, err = s.whole(ctx, tx, o); err != nil {
			return err
		}
		if in.Contact < 0 || in.Contact >= len(o.Contacts) {
			return fault.Fields(fault.At("contact", "没有这位联系人"))
		}
		c := o.Contacts[in.Contact]
		switch in.Field {
		case "name":
			value = c.Name
		case "phone":
			value = c.Phone
		case "email":
			value = c.Email
		default:
			return fault.Fields(fault.At("field", "没有“%s”这个字段", in.Field))
		}
		field := "contacts." + strconv.Itoa(in.Contact) + "." + in.Field
		tx.Audit(audit.Entry{Kind: "party.org", Object: o.ID, What: "reveal",
			Detail: []FieldChange{{Field: field}}})
		return nil
	})
	if err != nil {
		return "", err
	}
	return value, nil
}
