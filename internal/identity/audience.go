package identity

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Audience names accounts by what is known of people: fields that are set all have to hold.
type Audience struct {
	Account string
	Person  string
	Org     string     // holds a role for this organisation, as it was granted or as it lives on
	Role    authz.Role // holds this role
	Region  string     // for this place or one around it
}

// holding is a role that counts now, of an account under the name account.
const holding = `account_role AS r WHERE r.account = account.id AND r.revoked_us = 0
	AND r.from_us <= $1 AND (r.until_us = 0 OR r.until_us > $1)`

var audience = db.Select(`account.id`, `account`, db.Order{Name: "id",
	Cols: []db.Col{db.TextCol("account.id")}})

// AccountsOf returns ids of the active accounts of an audience, up to a limit. It asks for no
// permission: rooms tell people something by it.
func (s *Service) AccountsOf(ctx context.Context, q db.Q, a Audience, limit int) ([]string, error) {
	if a == (Audience{}) {
		return nil, nil
	}
	w := db.Where{}.And("account.status = 'active'")
	if a.Account != "" {
		w = w.And("account.id = $1", a.Account)
	}
	if a.Person != "" {
		w = w.And("account.person = $1", a.Person)
	}
	now := s.nowUs()
	switch {
	case a.Org != "" && a.Role != "":
		w = w.And(`EXISTS (SELECT 1 FROM `+holding+` AND (r.org_now = $2 OR r.org = $2)
			AND r.role = $3)`, now, a.Org, string(a.Role))
	case a.Org != "":
		w = w.And(`account.id IN (SELECT x.account FROM account_role AS x
			WHERE x.org_now = $2 OR x.org = $2) AND EXISTS (SELECT 1 FROM `+holding+`
				AND (r.org_now = $2 OR r.org = $2))`, now, a.Org)
	case a.Role != "" && a.Region != "":
		place := region.Code(a.Region)
		w = w.And(`EXISTS (SELECT 1 FROM `+holding+` AND r.role = $2 AND r.region IN ($3, $4, $5))`,
			now, string(a.Role), a.Region, string(place.City()), string(place.Province()))
	case a.Role != "":
		w = w.And(`EXISTS (SELECT 1 FROM `+holding+` AND r.role = $2)`, now, string(a.Role))
	}
	page, err := db.List(ctx, q, audience, w, audience.Order(""), db.PageReq{Limit: limit},
		db.One[string])
	return page.Items, err
}

// MailOf returns name and mail address of an active account, false when it has no address.
func (s *Service) MailOf(
	ctx context.Context, q db.Q, account string,
) (name, address string, ok bool, err error) {
	a, found, err := db.Find(ctx, q, qAccount, scanAccount, account)
	if err != nil || !found || a.Status != Active || a.Email == "" {
		return "", "", false, err
	}
	return a.Name, a.Email, true, nil
}

// ActorOf returns an account in a role it holds now, for work that is done on its behalf while it is
// away; false when it does not hold it any more.
func (s *Service) ActorOf(
	ctx context.Context, q db.Q, account string, role authz.Role, org string,
) (authz.Actor, bool, error) {
	a, found, err := db.Find(ctx, q, qAccount, scanAccount, account)
	if err != nil || !found || a.Status != Active {
		return authz.Actor{}, false, err
	}
	held, err := rolesNow(ctx, q, account, s.nowUs())
	if err != nil {
		return authz.Actor{}, false, err
	}
	for _, h := range held {
		if h.Role == role && (h.OrgNow == org || h.Org == org) {
			return actor(a, h, authz.ViaJob), true, nil
		}
	}
	return authz.Actor{}, false, nil
}

// NameOf returns the name of the person with a log-in, also of one who has left; "" for a log-in that nobody
// ever had.
func (s *Service) NameOf(ctx context.Context, q db.Q, login string) (string, error) {
	a, _, err := db.Find(ctx, q, qAccountByLogin, scanAccount, login)
	return a.Name, err
}

// AccountNamed finds the active account of a log-in and the name of its person, for rooms in which people
// are asked to take part.
func (s *Service) AccountNamed(
	ctx context.Context, q db.Q, login string,
) (account, name string, ok bool, err error) {
	a, found, err := db.Find(ctx, q, qAccountByLogin, scanAccount, login)
	if err != nil || !found || a.Status != Active {
		return "", "", false, err
	}
	return a.ID, a.Name, true, nil
}
