package db

import (
	"context"
	"database/sql"
	"sync"
)

// maxPrepared bounds the texts kept prepared on a SQLite pool. List queries are put together from
// constant fragments, so their number is finite, but nobody promises that it is small.
const maxPrepared = 400

// prepared keeps compiled statements of a SQLite pool. PostgreSQL needs none: pgx keeps its own
// cache on each connection.
type prepared struct {
	pool  *sql.DB
	mu    sync.Mutex
	stmts map[string]*sql.Stmt
}

func newPrepared(pool *sql.DB) *prepared {
	return &prepared{pool: pool, stmts: map[string]*sql.Stmt{}}
}

// get returns the compiled text, or nil when the cache is full: then the caller runs the text
// itself.
func (p *prepared) get(ctx context.Context, text string) (*sql.Stmt, error) {
	p.mu.Lock()
	st, ok := p.stmts[text]
	full := len(p.stmts) >= maxPrepared
	p.mu.Unlock()
	if ok || full {
		return st, nil
	}
	st, err := p.pool.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return p.put(text, st), nil
}

func (p *prepared) put(text string, st *sql.Stmt) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	if old, ok := p.stmts[text]; ok {
		st.Close()
		return old
	}
	p.stmts[text] = st
	return st
}

func (p *prepared) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, st := range p.stmts {
		st.Close()
	}
	p.stmts = map[string]*sql.Stmt{}
}
