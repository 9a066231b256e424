package market

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The fields that are sealed, as the key of the registry binds them.
const (
	fieldPhone = "contactPhone"
	fieldMail  = "contactMail"
)

// Contact is whom to speak to about a post.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Mail  string `json:"mail,omitempty"`
}

// Contact returns the contact of a post, whoever asks: package deal calls it once both sides have
// consented, and records that it did. What cannot be opened is blank.
func (s *Service) Contact(ctx context.Context, q db.Q, postID string) (Contact, error) {
	p, err := PostByID(ctx, q, postID)
	if err != nil {
		return Contact{}, err
	}
	s.open(&p)
	return Contact{p.PostData.Contact, p.ContactPhone, p.ContactMail}, nil
}

// open fills in the contact of a post.
func (s *Service) open(p *Post) {
	p.Contact = p.kept.Name
	p.ContactPhone, _ = s.unseal(p.ID, fieldPhone, p.kept.Phone)
	p.ContactMail, _ = s.unseal(p.ID, fieldMail, p.kept.Mail)
}

func (s *Service) unseal(postID, field, text string) (string, bool) {
	if text == "" || s.opt.Party == nil {
		return "", text == ""
	}
	out, err := s.opt.Party.Unseal(text, postID, field)
	return out, err == nil
}

// seal takes the contact out of what was written of a post and into what is stored. What did not
// open, and was not written anew, stays as it was.
func (s *Service) seal(postID string, d *PostData, was sealedContact) (sealedContact, error) {
	out := sealedContact{Name: d.Contact}
	for _, x := range []struct {
		field, value, was string
		to                *string
	}{
		{fieldPhone, d.ContactPhone, was.Phone, &out.Phone},
		{fieldMail, d.ContactMail, was.Mail, &out.Mail},
	} {
		if _, opens := s.unseal(postID, x.field, x.was); x.value == "" && !opens {
			*x.to = x.was
			continue
		}
		if x.value == "" {
			continue
		}
		if s.opt.Party == nil {
			return out, errNoParty
		}
		var err error
		if *x.to, err = s.opt.Party.Seal(x.value, postID, x.field); err != nil {
			return out, err
		}
	}
	*d = d.withoutContact()
	return out, nil
}

// withoutContact is the data as it may be hashed, logged and handed on.
func (d PostData) withoutContact() PostData {
	d.Contact, d.ContactPhone, d.ContactMail = "", "", ""
	return d
}

// LetIn lets an organisation read all of a post of the level "request", because its owner consented.
// Package deal calls it inside its own write; once in, an organisation stays in.
func (s *Service) LetIn(ctx context.Context, tx *unit.Tx, postID, orgID string) error {
	o, err := s.orgOf(ctx, house, orgID)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx.Tx, qReaderAdd, postID, orgID, o.ID, tx.NowUs()); err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindPost, Object: postID, What: "let-in",
		Detail: map[string]string{"org": orgID}})
	return nil
}
