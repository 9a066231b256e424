package party

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The fields of a person that are encrypted at rest.
const (
	fieldIDNumber = "idNumber"
	fieldPhone    = "phone"
	fieldEmail    = "email"
)

// kept is what is stored of a person's sealed fields.
type kept struct{ idNumber, idMark, phone, phoneMark, email string }

// sealedField returns a field as people see it and as it is stored.
func sealedField(p *Person, field string) (shown, stored *string) {
	switch field {
	case fieldIDNumber:
		return &p.IDNumber, &p.kept.idNumber
	case fieldPhone:
		return &p.Phone, &p.kept.phone
	default:
		return &p.Email, &p.kept.email
	}
}

// show opens a field. One that does not open, with another key or none, stays but cannot be shown.
func (v vault) show(p *Person, field string) {
	shown, stored := sealedField(p, field)
	var err error
	if *shown, err = v.unseal(*stored, p.ID, field); err != nil {
		*shown, p.locked = "", append(p.locked, field)
	}
}

// keep seals the fields for storing. One that did not open, and was not written anew, stays as it
// was.
func (v vault) keep(p *Person) error {
	for _, field := range []string{fieldIDNumber, fieldPhone, fieldEmail} {
		shown, stored := sealedField(p, field)
		if *shown == "" && slices.Contains(p.locked, field) {
			continue
		}
		var err error
		if *stored, err = v.seal(*shown, p.ID, field); err != nil {
			return err
		}
		switch field {
		case fieldIDNumber:
			p.kept.idMark = v.equal(p.IDNumber)
		case fieldPhone:
			p.kept.phoneMark = v.equalPhone(p.Phone)
		}
	}
	return nil
}

// hashed is the data without what must not be hashed where it can be guessed, for the keys of
// repeated requests.
func (v vault) hashed(p PersonData) PersonData {
	p.IDNumber, p.Phone, p.Email = v.equal(p.IDNumber), v.equalPhone(p.Phone), v.hash(v.mark, p.Email)
	return p
}

var (
	qUnsealed = db.Stmt(`SELECT id, phone, email FROM person
		WHERE phone <> '' AND SUBSTR(phone, 1, 8) <> 'a256gcm:'
			OR email <> '' AND SUBSTR(email, 1, 8) <> 'a256gcm:' ORDER BY id LIMIT $1`)
	qSealNow = db.Stmt(`UPDATE person SET phone = $4, phone_mark = $5, email = $6
		WHERE id = $1 AND phone = $2 AND email = $3`)
)

// sealBatch is how many people one transaction seals.
const sealBatch = 500

// SealPeople encrypts phones and mail that were stored before they were encrypted, and returns how
// many people had some. The records stay the versions they are: what they say does not change. A
// job calls it; without a key it does nothing.
func (s *Service) SealPeople(ctx context.Context, by authz.Actor) (int, error) {
	total := 0
	for s.vault.open() {
		list, err := db.All(ctx, s.unit.DB(), qUnsealed, func(r db.Row) (Person, error) {
			var p Person
			err := r.Scan(&p.ID, &p.kept.phone, &p.kept.email)
			return p, err
		}, int64(sealBatch))
		if err != nil || len(list) == 0 {
			return total, err
		}
		err = s.unit.Write(ctx, by, "party.SealPeople", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: kindPerson, What: "seal",
				Detail: map[string]int{"people": len(list)}})
			for _, p := range list {
				was := p.kept
				s.vault.show(&p, fieldPhone)
				s.vault.show(&p, fieldEmail)
				if err := s.vault.keep(&p); err != nil {
					return err
				}
				if _, err := db.Exec(ctx, tx.Tx, qSealNow, p.ID, was.phone, was.email, p.kept.phone,
					p.kept.phoneMark, p.kept.email); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return total, err
		}
		total += len(list)
	}
	return total, nil
}
