package deal

import (
	"context"
	"regexp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Contact is whom to turn to on one side.
type Contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
	Mail  string `json:"mail,omitempty"`
}

var (
	phoneForm = regexp.MustCompile(`^\+?[0-9][0-9 \-]{5,24}$`)
	mailForm  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

func (c Contact) check(f *faults) {
	f.line("contact.name", c.Name, MaxLine, true)
	f.secret("contact.name", c.Name)
	f.line("contact.phone", c.Phone, MaxLine, false)
	f.line("contact.mail", c.Mail, MaxLine, false)
	switch {
	case c.Phone == "" && c.Mail == "":
		f.add("contact.phone", "电话和邮箱至少填写一项")
	case c.Phone != "" && !phoneForm.MatchString(c.Phone):
		f.add("contact.phone", "电话应为 6 至 25 位数字，可带区号")
	case c.Mail != "" && !mailForm.MatchString(c.Mail):
		f.add("contact.mail", "邮箱应写作 name@example.com")
	}
}

func (c Contact) tidied() Contact { return Contact{tidy(c.Name), tidy(c.Phone), tidy(c.Mail)} }

var (
	qContactSet = db.Stmt(`INSERT INTO deal_contact (deal, side, name, phone, mail)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (deal, side) DO UPDATE
		SET name = excluded.name, phone = excluded.phone, mail = excluded.mail`)
	qContact = db.Stmt(`SELECT name, phone, mail FROM deal_contact WHERE deal = $1 AND side = $2`)
)

// keepContact stores the contact of a side, its number and address sealed.
func (s *Service) keepContact(
	ctx context.Context, tx *unit.Tx, dealID, side string, c Contact,
) error {
	phone, err := s.opt.Party.Seal(c.Phone, dealID+side, "phone")
	if err != nil {
		return err
	}
	mail, err := s.opt.Party.Seal(c.Mail, dealID+side, "mail")
	if err != nil {
		return err
	}
	return db.ExecOne(ctx, tx.Tx, qContactSet, dealID, side, c.Name, phone, mail)
}

// consented says whether contacts may be handed out.
func (d Deal) consented() bool { return d.Demand.ConsentUs > 0 && d.Supply.ConsentUs > 0 }

// Handed is a contact that was handed out.
type Handed struct {
	Side string `json:"side"`
	Org  string `json:"org"` // name
	Contact
}

// RevealContacts hands the contacts of an introduction out to a side, which gets that of the other,
// or to its broker, who gets both, once both sides have consented. Each time is kept in the
// timeline, where both sides see it, and in the trail; neither says what was handed out.
func (s *Service) RevealContacts(
	ctx context.Context, by authz.Actor, dealID string,
) ([]Handed, error) {
	d, err := s.readDeal(ctx, s.unit.DB(), by, dealID)
	if err != nil {
		return nil, err
	}
	if err := DealPolicy.May(by, ActDealContact, d); err != nil {
		return nil, err
	}
	var out []Handed
	err = s.unit.Write(ctx, by, "deal.RevealContacts", func(tx *unit.Tx) error {
		out = nil
		d, err := dealByID(ctx, tx, dealID)
		if err != nil {
			return err
		}
		if err := DealPolicy.May(by, ActDealContact, d); err != nil {
			return err
		}
		if !d.consented() {
			return fault.New(fault.Conflict, "双方都同意对接后才能取得联系方式")
		}
		for _, side := range []string{Demand, Supply} {
			if side == d.SideOf(by) {
				continue
			}
			h, err := s.handOut(ctx, tx, d, side)
			if err != nil {
				return err
			}
			out = append(out, h)
		}
		return nil
	})
	return out, err
}

func (s *Service) handOut(
	ctx context.Context, tx *unit.Tx, d Deal, side string,
) (Handed, error) {
	h := Handed{Side: side, Org: d.side(side).Name}
	c, found, err := db.Find(ctx, tx, qContact, func(r db.Row) (Contact, error) {
		var c Contact
		err := r.Scan(&c.Name, &c.Phone, &c.Mail)
		return c, err
	}, d.ID, side)
	switch {
	case err != nil:
		return h, err
	case found:
		if h.Contact, err = s.openContact(d.ID+side, c); err != nil {
			return h, err
		}
	case d.side(side).Post != "": // taken over from an older system
		kept, err := s.opt.Market.Contact(ctx, tx, d.side(side).Post)
		if err != nil {
			return h, err
		}
		h.Contact = Contact(kept)
	}
	e := newEntry(tx, d, EntryContact, "contact")
	e.Data.Of = side
	tx.Audit(audit.Entry{Kind: kindDeal, Object: d.ID, What: "contact",
		Detail: map[string]any{"side": side}})
	return h, e.save(ctx, tx.Tx)
}

// openContact opens what keepContact sealed.
func (s *Service) openContact(of string, c Contact) (Contact, error) {
	var err error
	if c.Phone, err = s.opt.Party.Unseal(c.Phone, of, "phone"); err != nil {
		return c, err
	}
	c.Mail, err = s.opt.Party.Unseal(c.Mail, of, "mail")
	return c, err
}
