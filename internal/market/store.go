package market

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const postColumns = `p.id, p.kind, p.code, p.title, p.text, p.org, p.org_now, p.org_name, p.region,
	p.field, p.chain, p.six_new, p.sort, p.price_lo_fen, p.price_hi_fen, p.trl, p.deadline,
	p.visibility, p.broker, p.detail, p.state, p.published_us, p.confirmed_us, p.fresh_us, p.source,
	p.created_us, p.created_by, p.updated_us, p.version`

var (
	qPost    = db.Stmt(`SELECT ` + postColumns + ` FROM market_post AS p WHERE p.id = $1`)
	qPostAdd = db.Stmt(`INSERT INTO market_post (id, kind, code, title, text, org, org_now, org_name,
			region, field, chain, six_new, sort, price_lo_fen, price_hi_fen, trl, deadline, visibility,
			broker, detail, state, published_us, confirmed_us, fresh_us, source, created_us,
			created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
			$20, $21, $22, $23, $24, $25, $26, $27, $28, 1)`)
	qPostSet = db.Stmt(`UPDATE market_post SET title = $3, text = $4, org = $5, org_now = $6,
			org_name = $7, region = $8, field = $9, chain = $10, six_new = $11, sort = $12,
			price_lo_fen = $13, price_hi_fen = $14, trl = $15, deadline = $16, visibility = $17,
			broker = $18, detail = $19, updated_us = $20, version = version + 1
		WHERE id = $1 AND version = $2`)
	qPostMove = db.Stmt(`UPDATE market_post SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qPostLive = db.Stmt(`UPDATE market_post SET confirmed_us = $3, fresh_us = $4,
			published_us = CASE WHEN published_us = 0 THEN $3 ELSE published_us END,
			version = version + 1
		WHERE id = $1 AND version = $2`)

	qNamedOf   = db.Stmt(`SELECT n.org_now FROM market_named AS n WHERE n.post = $1 ORDER BY n.org`)
	qNamedDrop = db.Stmt(`DELETE FROM market_named WHERE post = $1`)
	qNamedAdd  = db.Stmt(`INSERT INTO market_named (post, org, org_now) VALUES ($1, $2, $3)`)
	qReadersOf = db.Stmt(`SELECT r.org_now FROM market_reader AS r WHERE r.post = $1 ORDER BY r.org`)
	qReaderAdd = db.Stmt(`INSERT INTO market_reader (post, org, org_now, given_us)
		VALUES ($1, $2, $3, $4) ON CONFLICT (post, org) DO NOTHING`)

	qCount = db.Stmt(`INSERT INTO market_counter (scope, last) VALUES ($1, $2)
		ON CONFLICT (scope) DO UPDATE SET last = market_counter.last + $2 RETURNING last`)
)

// sealedContact is the contact of a post as it is stored: name in plain, phone and mail sealed.
type sealedContact struct{ Name, Phone, Mail string }

// detail is what is stored of a post as JSON.
type detail struct {
	Keywords   []string    `json:"keywords,omitempty"`
	Modes      []string    `json:"modes,omitempty"`
	Service    string      `json:"service,omitempty"`
	Parameters []Parameter `json:"parameters,omitempty"`
	Named      []string    `json:"named,omitempty"`
	Contact    string      `json:"contact,omitempty"`
	Phone      string      `json:"phone,omitempty"` // sealed
	Mail       string      `json:"mail,omitempty"`  // sealed
	NeedData
	AchievementData
}

// sort is the column of what sort of its kind a post is.
func (d PostData) sort() string {
	if d.Kind == Need {
		return d.NeedKind
	}
	return d.ResultKind
}

func scanPost(r db.Row) (Post, error) {
	var p Post
	var sort, text string
	err := r.Scan(&p.ID, &p.Kind, &p.Code, &p.Title, &p.Text, &p.Org, &p.OrgNow, &p.OrgName, &p.Region,
		&p.Field, &p.Chain, &p.SixNew, &sort, &p.PriceLoFen, &p.PriceHiFen, &p.TRL, &p.Deadline,
		&p.Visibility, &p.Broker, &text, &p.State, &p.PublishedUs, &p.ConfirmedUs, &p.FreshUntil,
		&p.Source, &p.CreatedUs, &p.CreatedBy, &p.UpdatedUs, &p.Version)
	if err != nil {
		return p, err
	}
	var d detail
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return p, fmt.Errorf("detail of post %s: %w", p.ID, err)
	}
	p.Keywords, p.Modes, p.Service, p.Parameters, p.Named = d.Keywords, d.Modes, d.Service, d.Parameters,
		d.Named
	p.NeedData, p.AchievementData = d.NeedData, d.AchievementData
	p.kept = sealedContact{d.Contact, d.Phone, d.Mail}
	return p, nil
}

// detail returns the JSON of a post.
func (p Post) detail() (string, error) {
	b, err := json.Marshal(detail{p.Keywords, p.Modes, p.Service, p.Parameters, p.Named, p.kept.Name,
		p.kept.Phone, p.kept.Mail, p.NeedData, p.AchievementData})
	return string(b), err
}

// PostByID loads a post, whoever asks: rooms that call it ask a policy themselves. Its contact is
// blank, see Contact. No such post is NotFound.
func PostByID(ctx context.Context, q db.Q, id string) (Post, error) {
	p, err := db.Get(ctx, q, qPost, scanPost, id)
	if err != nil {
		return p, err
	}
	if p.Visibility == Named {
		p.namedNow, err = db.All(ctx, q, qNamedOf, db.One[string], id)
	}
	if err == nil && p.Visibility == Request {
		p.readers, err = db.All(ctx, q, qReadersOf, db.One[string], id)
	}
	return p, err
}

// Organisations beside several posts at once.
var (
	namedList = db.Select(`n.post, n.org_now`, `market_named AS n`,
		db.Order{Name: "post", Cols: []db.Col{db.TextCol("n.post"), db.TextCol("n.org")}})
	readerList = db.Select(`n.post, n.org_now`, `market_reader AS n`,
		db.Order{Name: "post", Cols: []db.Col{db.TextCol("n.post"), db.TextCol("n.org")}})
)

// fillReaders fills in, for a page of posts, those of the organisations that may read one which is
// the given one.
func fillReaders(ctx context.Context, q db.Q, list []Post, org string) error {
	at := map[string]*Post{}
	var ids []any
	for i := range list {
		if list[i].Visibility != Open {
			ids, at[list[i].ID] = append(ids, list[i].ID), &list[i]
		}
	}
	if len(ids) == 0 || org == "" {
		return nil
	}
	for _, kind := range []struct {
		list *db.Selection
		to   func(*Post) *[]string
	}{
		{namedList, func(p *Post) *[]string { return &p.namedNow }},
		{readerList, func(p *Post) *[]string { return &p.readers }},
	} {
		w := db.Where{}.In("n.post", ids...).And("n.org_now = $1", org)
		err := db.Stream(ctx, q, kind.list, w, kind.list.Order(""), len(ids)*MaxNamed,
			func(r db.Row) ([2]string, error) {
				var x [2]string
				return x, r.Scan(&x[0], &x[1])
			},
			func(x [2]string) error {
				to := kind.to(at[x[0]])
				*to = append(*to, x[1])
				return nil
			})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p Post) addArgs() ([]any, error) {
	text, err := p.detail()
	return []any{p.ID, string(p.Kind), p.Code, p.Title, p.Text, p.Org, p.OrgNow, p.OrgName,
		string(p.Region), p.Field, p.Chain, p.SixNew, p.sort(), int64(p.PriceLoFen),
		int64(p.PriceHiFen), int64(p.TRL), string(p.Deadline), string(p.Visibility), p.Broker, text,
		p.State, p.PublishedUs, p.ConfirmedUs, p.FreshUntil, p.Source, p.CreatedUs, p.CreatedBy,
		p.UpdatedUs}, err
}

// insertPosts stores new posts, in few round trips.
func insertPosts(ctx context.Context, tx *unit.Tx, list []Post) error {
	var posts, named, grams [][]any
	for _, p := range list {
		args, err := p.addArgs()
		if err != nil {
			return err
		}
		posts = append(posts, args)
		named = append(named, p.namedRows()...)
		grams = append(grams, p.gramRows()...)
	}
	// In the order of their index: each page of it is touched once.
	slices.SortFunc(grams, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	for _, step := range []struct {
		stmt *db.Statement
		rows [][]any
	}{{qPostAdd, posts}, {qNamedAdd, named}, {qGramAdd, grams}} {
		if _, err := db.InsertMany(ctx, tx.Tx, step.stmt, step.rows); err != nil {
			return err
		}
	}
	return nil
}

func (p Post) namedRows() [][]any {
	if p.Visibility != Named {
		return nil
	}
	var rows [][]any
	for i, org := range p.Named {
		rows = append(rows, []any{p.ID, org, p.namedNow[i]})
	}
	return rows
}

// replacePost stores the data of a post that has the given version.
func replacePost(ctx context.Context, tx *unit.Tx, p Post) error {
	text, err := p.detail()
	if err != nil {
		return err
	}
	err = db.ExecOne(ctx, tx.Tx, qPostSet, p.ID, p.Version, p.Title, p.Text, p.Org, p.OrgNow, p.OrgName,
		string(p.Region), p.Field, p.Chain, p.SixNew, p.sort(), int64(p.PriceLoFen),
		int64(p.PriceHiFen), int64(p.TRL), string(p.Deadline), string(p.Visibility), p.Broker, text,
		tx.NowUs())
	if err != nil {
		return err
	}
	for _, drop := range []*db.Statement{qNamedDrop, qGramDrop} {
		if _, err := db.Exec(ctx, tx.Tx, drop, p.ID); err != nil {
			return err
		}
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qNamedAdd, p.namedRows()); err != nil {
		return err
	}
	_, err = db.InsertMany(ctx, tx.Tx, qGramAdd, p.gramRows())
	return err
}

// takeNumbers gives out the next n numbers of a kind in a year and returns the first.
func takeNumbers(ctx context.Context, tx *unit.Tx, k Kind, year, n int) (int64, error) {
	last, err := db.Get(ctx, tx, qCount, db.One[int64], fmt.Sprintf("%s:%d", k, year), int64(n))
	return last - int64(n) + 1, err
}

// code is the number of a post: XQ-2026-00012 for a need, CG-2026-00034 for an achievement.
func code(k Kind, year int, n int64) string {
	letters := "CG"
	if k == Need {
		letters = "XQ"
	}
	return fmt.Sprintf("%s-%d-%05d", letters, year, n)
}

func yearOf(us int64) int { return clock.Time(us).In(clock.Shanghai).Year() }
