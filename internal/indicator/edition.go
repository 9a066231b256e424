package indicator

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Edition (版) is one state of a set. A draft is edited; once it is put in force it is never changed and
// holds on the days in [From, To).
type Edition struct {
	ID             string     `json:"id"`
	Set            string     `json:"set"`
	N              int64      `json:"n"` // 1 for the first of the set
	State          string     `json:"state"`
	From           clock.Date `json:"from,omitempty"` // "" = since always, and of a draft nothing
	To             clock.Date `json:"to,omitempty"`   // "" = until the next one
	Note           string     `json:"note,omitempty"` // why it was made
	CreatedUs      int64      `json:"createdUs"`
	CreatedBy      string     `json:"-"`
	CreatedLogin   string     `json:"createdLogin,omitempty"`
	PublishedUs    int64      `json:"publishedUs,omitempty"`
	PublishedBy    string     `json:"-"`
	PublishedLogin string     `json:"publishedLogin,omitempty"`
	UpdatedUs      int64      `json:"updatedUs"`
	Version        int64      `json:"version"`

	content string
}

// Holds reports whether the edition is in force on a day.
func (e Edition) Holds(day clock.Date) bool {
	return e.State == EditionPublished && e.From <= day && (e.To == "" || day < e.To)
}

const editionColumns = `e.id, e.in_set, e.n, e.state, e.content, e.from_day, e.to_day, e.note, e.created_us,
	e.created_by, e.created_login, e.published_us, e.published_by, e.published_login, e.updated_us, e.version`

func scanEdition(r db.Row) (Edition, error) {
	var e Edition
	err := r.Scan(&e.ID, &e.Set, &e.N, &e.State, &e.content, &e.From, &e.To, &e.Note, &e.CreatedUs,
		&e.CreatedBy, &e.CreatedLogin, &e.PublishedUs, &e.PublishedBy, &e.PublishedLogin, &e.UpdatedUs,
		&e.Version)
	return e, err
}

// editions are all editions, the newest first.
var editions = db.Select(editionColumns, `indicator_set_edition AS e`, db.Order{Name: "newest", Desc: true,
	Cols: []db.Col{db.IntCol("e.created_us"), db.TextCol("e.id")}})

var (
	qEdition    = db.Stmt(`SELECT ` + editionColumns + ` FROM indicator_set_edition AS e WHERE e.id = $1`)
	qEditionsOf = db.Stmt(`SELECT ` + editionColumns + ` FROM indicator_set_edition AS e
		WHERE e.in_set = $1 ORDER BY e.n`)
	qEditionAdd = db.Stmt(`INSERT INTO indicator_set_edition (id, in_set, n, state, content, from_day, to_day,
			note, created_us, created_by, created_login, published_us, published_by, published_login,
			updated_us, version)
		VALUES ($1, $2, $3, 'draft', $4, '', '', $5, $6, $7, $8, 0, '', '', $6, 1)`)
	qEditionSet = db.Stmt(`UPDATE indicator_set_edition SET content = $3, note = $4, updated_us = $5,
			version = version + 1
		WHERE id = $1 AND version = $2 AND state = 'draft'`)
	qEditionMove = db.Stmt(`UPDATE indicator_set_edition SET state = $1, version = version + 1,
			updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	// Before it is moved: no two editions of a set in force have one first day, and the first may have none.
	qEditionBegin = db.Stmt(`UPDATE indicator_set_edition SET from_day = $3
		WHERE id = $1 AND version = $2 AND state = 'draft'`)
	qEditionPublished = db.Stmt(`UPDATE indicator_set_edition SET from_day = $3, published_us = $4,
			published_by = $5, published_login = $6
		WHERE id = $1 AND version = $2`)
	qEditionClose = db.Stmt(`UPDATE indicator_set_edition SET to_day = $3, content = $4,
			updated_us = $5, version = version + 1
		WHERE id = $1 AND version = $2 AND state = 'published' AND to_day = ''`)
)

func editionByID(ctx context.Context, q db.Q, editionID string) (Edition, error) {
	return db.Get(ctx, q, qEdition, scanEdition, editionID)
}

// editionFile is what an edition says, as a set file. Of an edition from before there were drafts it is read
// from its rows, until another one ends it and closeBefore writes down what it said.
func (s *Service) editionFile(ctx context.Context, q db.Q, e Edition) (SetFile, error) {
	if e.content == "" {
		return s.fileOf(ctx, q, e, "")
	}
	var out SetFile
	if err := json.Unmarshal([]byte(e.content), &out); err != nil {
		return out, fmt.Errorf("decode the edition of a set: %w", err)
	}
	out.normalise()
	return out, nil
}

// encodeFile writes a set file for its column.
func encodeFile(s SetFile) (string, error) {
	b, err := json.Marshal(s)
	if err == nil && len(b) > MaxSetFile {
		err = fault.Fields(fault.At("groups", "内容超过 %d MB", MaxSetFile>>20))
	}
	return string(b), err
}

// readEdition reads an edition that the actor may read; to all others it does not exist.
func (s *Service) readEdition(
	ctx context.Context, q db.Q, by authz.Actor, editionID string,
) (Edition, error) {
	e, err := editionByID(ctx, q, editionID)
	if err != nil {
		return Edition{}, err
	}
	return e, EditionPolicy.May(by, ActEditionRead, e)
}

// latestOf is the edition in force with the latest first day, perhaps one to come: the next one ends it.
func latestOf(list []Edition) (e Edition, found bool) {
	for _, x := range list {
		if x.State == EditionPublished && (!found || x.From > e.From) {
			e, found = x, true
		}
	}
	return e, found
}
