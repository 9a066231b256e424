package market

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
)

// What other rooms read of many posts at once, whoever asks. Contacts are blank.

var (
	qPostsAfter = db.Stmt(`SELECT ` + postColumns + ` FROM market_post AS p
		WHERE p.id > $1 AND p.state <> 'draft' ORDER BY p.id LIMIT $2`)
	qHiddenAfter = db.Stmt(`SELECT ` + postColumns + ` FROM market_post AS p
		WHERE p.id > $1 AND (p.visibility <> 'open' OR p.state IN ('review', 'returned', 'noticed'))
			AND p.state <> 'draft' ORDER BY p.id LIMIT $2`)
	qNamedFrom = db.Stmt(`SELECT n.post, n.org_now FROM market_named AS n
		WHERE n.post >= $1 AND n.post <= $2 ORDER BY n.post, n.org`)
	qReadersFrom = db.Stmt(`SELECT r.post, r.org_now FROM market_reader AS r
		WHERE r.post >= $1 AND r.post <= $2 ORDER BY r.post, r.org`)
	qStanding = db.Stmt(`SELECT COUNT(*) FROM (SELECT p.id FROM market_post AS p
		WHERE p.state <> 'draft' LIMIT $1) AS counted`)
)

// PostsAfter returns the posts that were ever handed in, in the order of their ids, after one of
// them. It is for rooms that make an index of all.
func PostsAfter(ctx context.Context, q db.Q, after string, limit int) ([]Post, error) {
	return manyPosts(ctx, q, qPostsAfter, after, limit)
}

// HiddenAfter is PostsAfter for those of which not everybody may read all.
func HiddenAfter(ctx context.Context, q db.Q, after string, limit int) ([]Post, error) {
	return manyPosts(ctx, q, qHiddenAfter, after, limit)
}

// CountStanding counts the posts that were ever handed in, up to a limit.
func CountStanding(ctx context.Context, q db.Q, limit int) (int64, error) {
	return db.Get(ctx, q, qStanding, db.One[int64], int64(limit))
}

// PostsByID returns the posts that have these ids, in no order.
func PostsByID(ctx context.Context, q db.Q, ids []string) ([]Post, error) {
	var out []Post
	for _, id := range ids {
		p, found, err := db.Find(ctx, q, qPost, scanPost, id)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		list := []Post{p}
		if err := fillAll(ctx, q, list); err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func manyPosts(
	ctx context.Context, q db.Q, s *db.Statement, after string, limit int,
) ([]Post, error) {
	list, err := db.All(ctx, q, s, scanPost, after, int64(limit))
	if err != nil {
		return nil, err
	}
	return list, fillAll(ctx, q, list)
}

// fillAll fills in the organisations that may read posts, which are in the order of their ids.
func fillAll(ctx context.Context, q db.Q, list []Post) error {
	at := map[string]*Post{}
	for i := range list {
		if list[i].Visibility != Open {
			at[list[i].ID] = &list[i]
		}
	}
	if len(at) == 0 {
		return nil
	}
	first, last := list[0].ID, list[len(list)-1].ID
	for _, kind := range []struct {
		stmt *db.Statement
		to   func(*Post) *[]string
	}{
		{qNamedFrom, func(p *Post) *[]string { return &p.namedNow }},
		{qReadersFrom, func(p *Post) *[]string { return &p.readers }},
	} {
		err := db.Each(ctx, q, kind.stmt, func(r db.Row) error {
			var post, org string
			if err := r.Scan(&post, &org); err != nil {
				return err
			}
			if p := at[post]; p != nil {
				to := kind.to(p)
				*to = append(*to, org)
			}
			return nil
		}, first, last)
		if err != nil {
			return err
		}
	}
	return nil
}
