package db

import (
	"container/list"
	"context"
	"database/sql"
	"sync"
)

// maxPrepared bounds the texts kept compiled on a SQLite pool. List queries are put together from
// constant fragments, so their number is finite, but nobody promises that it is small.
const maxPrepared = 400

// prepared keeps the compiled statements of a SQLite pool, the most recently used ones. PostgreSQL
// needs none: pgx keeps its own on each connection.
type prepared struct {
	pool  *sql.DB
	mu    sync.Mutex
	stmts map[string]*list.Element // of compiled, by text
	order *list.List               // most recently used first
}

type compiled struct {
	text string
	stmt *sql.Stmt
}

func newPrepared(pool *sql.DB) *prepared {
	return &prepared{pool: pool, stmts: map[string]*list.Element{}, order: list.New()}
}

func (p *prepared) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	st, err := p.get(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil && p.gone(text, st) {
		return p.pool.QueryContext(ctx, text, args...) // it was dropped while we were about to use it
	}
	return rows, err
}

func (p *prepared) get(ctx context.Context, text string) (*sql.Stmt, error) {
	if st := p.find(text); st != nil {
		return st, nil
	}
	st, err := p.pool.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return p.put(text, st), nil
}

func (p *prepared) find(text string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.stmts[text]
	if !ok {
		return nil
	}
	p.order.MoveToFront(e)
	return e.Value.(compiled).stmt
}

func (p *prepared) gone(text string, st *sql.Stmt) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.stmts[text]
	return !ok || e.Value.(compiled).stmt != st
}

// put keeps st, or closes it when another goroutine was faster, and returns the one that is kept.
func (p *prepared) put(text string, st *sql.Stmt) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e, ok := p.stmts[text]; ok {
		st.Close()
		return e.Value.(compiled).stmt
	}
	p.stmts[text] = p.order.PushFront(compiled{text, st})
	if p.order.Len() > maxPrepared {
		old := p.order.Remove(p.order.Back()).(compiled)
		delete(p.stmts, old.text)
		old.stmt.Close() // rows being read from it stay usable
	}
	return st
}

func (p *prepared) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.stmts {
		e.Value.(compiled).stmt.Close()
	}
	p.stmts, p.order = map[string]*list.Element{}, list.New()
}
