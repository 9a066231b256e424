package db

import (
	"context"
	"fmt"
	"slices"
)

// Check compiles every statement of the program against the database, and every list in each of
// its orders and directions, and returns what the database or the portable subset refuses. It
// changes nothing.
func (d *DB) Check(ctx context.Context) []error {
	registry.Lock()
	statements := slices.Clone(registry.statements)
	selections := slices.Clone(registry.selections)
	registry.Unlock()
	var bad []error
	for _, s := range statements {
		if err := d.checkText(ctx, s.text(d.dialect), !s.dialects); err != nil {
			bad = append(bad, fmt.Errorf("%s: %w", s.place, err))
		}
	}
	for _, s := range selections {
		for _, text := range s.texts(d.dialect) {
			if err := d.checkText(ctx, text, true); err != nil {
				bad = append(bad, fmt.Errorf("%s: %w", s.place, err))
			}
		}
	}
	return bad
}

// DialectStatements returns the places of the statements whose text differs between the databases.
func DialectStatements() []string {
	registry.Lock()
	defer registry.Unlock()
	var places []string
	for _, s := range registry.statements {
		if s.dialects {
			places = append(places, s.place)
		}
	}
	return places
}

func (d *DB) checkText(ctx context.Context, text string, portable bool) error {
	if text == "" {
		return nil // never used on this database
	}
	if why := unportable(text); portable && d.dialect == Postgres && why != "" {
		return fmt.Errorf("%s\nin: %s", why, text)
	}
	conn, err := d.read.Conn(ctx)
	if err != nil {
		return translate(err, "check")
	}
	defer conn.Close()
	st, err := conn.PrepareContext(ctx, text)
	if err != nil {
		return fmt.Errorf("%w\nin: %s", err, text)
	}
	return st.Close()
}

// texts returns the SQL of a selection's first, next, previous and inclusive pages in every order.
func (s *Selection) texts(d Dialect) []string {
	var out []string
	for _, o := range s.orders {
		columns := s.columns
		c := cursor{Order: o.Name}
		for _, col := range o.Cols {
			columns += ", " + col.sql
			c.Texts = append(c.Texts, "0")
		}
		for _, backward := range []bool{false, true} {
			first, _ := s.render(d, columns, Where{}, &o, backward, 1)
			out = append(out, first)
			for _, c.With = range []bool{false, true} {
				p, err := o.beyond(c, backward)
				if err != nil {
					continue // "0" is a number
				}
				text, _ := s.render(d, columns, Where{}.with(p), &o, backward, 1)
				out = append(out, text)
			}
		}
	}
	count, _ := s.render(d, "COUNT(*)", Where{}, nil, false, 0)
	return append(out, count)
}
