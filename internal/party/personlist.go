package party

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
)

// PersonFilter narrows a list of people. Zero fields do not narrow; archived people are left out
// unless asked for.
type PersonFilter struct {
	Query    string `json:"q,omitempty"` // words of a name
	Field    string `json:"field,omitempty"`
	Org      string `json:"org,omitempty"` // works there now
	Title    string `json:"title,omitempty"`
	Degree   string `json:"degree,omitempty"`
	Public   bool   `json:"public,omitempty"` // only public experts
	Archived bool   `json:"archived,omitempty"`
}

var personList = db.Select(personColumns, personFrom,
	db.Order{Name: "name", Cols: []db.Col{db.TextCol("person.name_sort"), db.TextCol("person.id")}},
	db.Order{Name: "updated", Desc: true,
		Cols: []db.Col{db.IntCol("person.updated_us"), db.TextCol("person.id")}},
	db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("person.created_us"), db.TextCol("person.id")}},
)

// personCount has no joins: they add no rows and cost time.
var personCount = db.Select(`person.id`, `person`,
	db.Order{Name: "id", Cols: []db.Col{db.TextCol("person.id")}})

// personFieldList reads the fields of several people.
var personFieldList = db.Select(`f.person, f.field`, `person_field AS f`,
	db.Order{Name: "n", Cols: []db.Col{db.TextCol("f.person"), db.IntCol("f.n")}})

// PersonOrders returns the names of the orders people may choose.
func PersonOrders() []string { return personList.OrderNames() }

func (f PersonFilter) where(ctx context.Context, q db.Q) (db.Where, error) {
	w := db.Where{}
	if f.Archived {
		w = w.And("person.archived")
	} else {
		w = w.And("NOT person.archived")
	}
	if f.Field != "" {
		w = w.And(`person.id IN (SELECT f.person FROM person_field AS f WHERE f.field = $1)`, tidy(f.Field))
	}
	if f.Org != "" {
		w = w.And(`person.id IN (SELECT m.person FROM membership AS m
			WHERE m.org_now = $1 AND m.to_day = '')`, f.Org)
	}
	if f.Title != "" {
		w = w.And("person.title = $1", f.Title)
	}
	if f.Degree != "" {
		w = w.And("person.degree = $1", f.Degree)
	}
	if f.Public {
		w = w.And("person.public")
	}
	if strings.TrimSpace(f.Query) == "" {
		return w, nil
	}
	return matchingPeople(w, f.Query), nil
}

// matchingPeople keeps people whose names hold every pair of characters of the query. The database starts
// from the names that hold one, not from all people.
func matchingPeople(w db.Where, query string) db.Where {
	grams := Grams(firstRunes(query, maxQueryLen))
	if len(grams) == 0 {
		return w.AndAll(db.Nothing())
	}
	for _, g := range grams[:min(len(grams), maxGrams)] {
		from, before := GramRange(g)
		w = w.And(`person.id IN (SELECT g.person FROM person_gram AS g
			WHERE g.gram >= $1 AND g.gram < $2)`, from, before)
	}
	return w
}

// ListPeople returns a page of the people that the actor may read, masked.
func (s *Service) ListPeople(
	ctx context.Context, by authz.Actor, f PersonFilter, order string, p db.PageReq,
) (db.Page[Person], error) {
	w, err := f.where(ctx, s.unit.DB())
	if err != nil {
		return db.Page[Person]{}, err
	}
	w = w.AndAll(PersonPolicy.Scope(by, ActPersonRead))
	return s.peoplePage(ctx, by, w, personList.Order(order), p)
}

// peoplePage reads a page with the fields of its people. Lists never carry identity numbers.
func (s *Service) peoplePage(
	ctx context.Context, by authz.Actor, w db.Where, o db.Order, p db.PageReq,
) (db.Page[Person], error) {
	q := s.unit.DB()
	page, err := db.List(ctx, q, personList, w, o, p, scanPerson)
	if err != nil || len(page.Items) == 0 {
		return page, err
	}
	ids, at := make([]any, len(page.Items)), map[string]int{}
	for i, x := range page.Items {
		ids[i], at[x.ID] = x.ID, i
		s.vault.show(&x, fieldPhone)
		s.vault.show(&x, fieldEmail)
		page.Items[i] = x.shownTo(by)
	}
	err = db.Stream(ctx, q, personFieldList, db.Where{}.In("f.person", ids...),
		personFieldList.Order("n"), len(ids)*MaxFields, scanNamed, func(n named) error {
			x := &page.Items[at[n.org]]
			x.Fields = append(x.Fields, n.key)
			return nil
		})
	return page, err
}

// CountPeople returns how many people the list has.
func (s *Service) CountPeople(
	ctx context.Context, by authz.Actor, f PersonFilter,
) (int64, error) {
	w, err := f.where(ctx, s.unit.DB())
	if err != nil {
		return 0, err
	}
	return personCount.Count(ctx, s.unit.DB(), w.AndAll(PersonPolicy.Scope(by, ActPersonRead)), 0)
}

// ExportPeople calls each for every person of the list that the actor may export, masked, and
// records the export before the first row leaves.
func (s *Service) ExportPeople(
	ctx context.Context, by authz.Actor, f PersonFilter, order string, each func(Person) error,
) error {
	if !PersonPolicy.Could(by, ActPersonExport) {
		return PersonPolicy.May(by, ActPersonExport, Person{})
	}
	w, err := f.where(ctx, s.unit.DB())
	if err != nil {
		return err
	}
	w = w.AndAll(PersonPolicy.Scope(by, ActPersonRead)).
		AndAll(PersonPolicy.Scope(by, ActPersonExport))
	n, err := personCount.Count(ctx, s.unit.DB(), w, MaxExport)
	if err != nil {
		return err
	}
	if err := s.auditExport(ctx, by, "party.ExportPeople", kindPerson, f, n); err != nil {
		return err
	}
	req := db.PageReq{Limit: db.MaxLimit}
	for left := n; left > 0; {
		page, err := s.peoplePage(ctx, by, w, personList.Order(order), req)
		if err != nil {
			return err
		}
		for _, p := range page.Items[:min(int64(len(page.Items)), left)] {
			if err := each(p); err != nil {
				return err
			}
			left--
		}
		if page.Next == "" {
			return nil
		}
		req.After = page.Next
	}
	return nil
}

// SimilarPersonInput asks which people a name, identity number or organisation may stand for.
type SimilarPersonInput struct {
	Name     string `json:"name"`
	IDNumber string `json:"idNumber"` // finds people whose number the actor may have in full
	Phone    string `json:"phone"`    // finds people whose phone the actor may have in full
	Org      string `json:"org"`      // id
	Except   string `json:"except"`   // id of the record that is being edited
}

// SimilarPerson is a person that may be the one asked for.
type SimilarPerson struct {
	Person  Person   `json:"person"` // masked
	Score   int      `json:"score"`  // 100 = same identity number
	Reasons []string `json:"reasons"`
}

var qPersonSameName = db.Stmt(`SELECT p.id,
		CASE WHEN EXISTS (SELECT 1 FROM membership AS m WHERE m.person = p.id AND m.org_now = $2)
			THEN 'here' ELSE '' END
	FROM person AS p WHERE p.name_key = $1 LIMIT 50`)

// SimilarPeople returns people that the actor may read and that may be the one asked for: of the
// same identity number, or of the same name, surer when in the same organisation.
func (s *Service) SimilarPeople(
	ctx context.Context, by authz.Actor, in SimilarPersonInput,
) ([]SimilarPerson, error) {
	q, h := s.unit.DB(), hits{}
	if n, err := id.ParseResident(in.IDNumber, s.today()); err == nil && s.vault.open() {
		p, found, err := db.Find(ctx, q, qPersonByMark, scanPerson, s.vault.equal(string(n)))
		if err != nil {
			return nil, err
		}
		if found {
			if p, err = s.withMemberships(ctx, q, p); err != nil {
				return nil, err
			}
			if PersonPolicy.May(by, ActPersonReveal, p) == nil { // else it would confirm a guess
				h.add(p.ID, scoreCode, "身份证号码相同")
			}
		}
	}
	if mark := s.vault.equalPhone(in.Phone); mark != "" {
		list, err := db.All(ctx, q, qPersonByPhone, scanPerson, mark)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			if p, err = s.withMemberships(ctx, q, p); err != nil {
				return nil, err
			}
			if PersonPolicy.May(by, ActPersonReveal, p) == nil { // else it would confirm a guess
				h.add(p.ID, scorePhone, "电话相同")
			}
		}
	}
	if key := NameKey(in.Name); key != "" {
		list, err := db.All(ctx, q, qPersonSameName, scanNamed, key, in.Org)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			if n.key != "" {
				h.add(n.org, scoreKey, "同一单位的同名人员")
			} else {
				h.add(n.org, samePersonName, "姓名相同")
			}
		}
	}
	return s.presentPeople(ctx, by, h, in.Except)
}

// scorePhone is the score of the same phone: sometimes that of an office.
const scorePhone = 80

// samePersonName is the score of a name alone: many people share one.
const samePersonName = 50

func (s *Service) presentPeople(
	ctx context.Context, by authz.Actor, h hits, except string,
) ([]SimilarPerson, error) {
	ids := make([]string, 0, len(h))
	for personID := range h {
		ids = append(ids, personID)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(h[b].score, h[a].score), cmp.Compare(a, b))
	})
	var out []SimilarPerson
	for _, personID := range ids {
		if personID == except || len(out) == MaxSimilar {
			continue
		}
		p, err := s.personByID(ctx, s.unit.DB(), personID)
		if err != nil {
			return nil, err
		}
		if PersonPolicy.May(by, ActPersonRead, p) != nil {
			continue
		}
		out = append(out, SimilarPerson{p.shownTo(by), h[personID].score, h[personID].reasons})
	}
	return out, nil
}

// GramRange returns the half-open range of stored texts (IndexGrams) that a pair of characters, or a single
// one, stands for: a single character stands for all that begin with it.
func GramRange(g string) (from, before string) {
	if utf8.RuneCountInString(g) == 1 {
		return g, g + "\U0010FFFF"
	}
	return g, g + "\x01" // nothing stored lies between
}
