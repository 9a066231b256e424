package report

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const columns = `r.id, r.code, r.title, r.day, r.ask, r.text, r.untold, r.places, r.public, r.state,
	r.reviewed_us, r.reviewed_by, r.published_us, r.published_by, r.document, r.created_us, r.created_by,
	r.creator, r.updated_us, r.version`

func scanReport(row db.Row) (Report, error) {
	var r Report
	var ask, untold, places string
	var public int64
	err := row.Scan(&r.ID, &r.Code, &r.Title, &r.Day, &ask, &r.Text, &untold, &places, &public, &r.State,
		&r.ReviewedUs, &r.ReviewedBy, &r.PublishedUs, &r.PublishedBy, &r.Document, &r.CreatedUs,
		&r.CreatedBy, &r.Creator, &r.UpdatedUs, &r.Version)
	if err != nil {
		return r, err
	}
	r.Public = public == 1
	if err := decode(ask, &r.Ask); err != nil {
		return r, err
	}
	if err := decode(untold, &r.Untold); err != nil {
		return r, err
	}
	return r, decode(places, &r.Places)
}

func scanFigure(row db.Row) (Figure, error) {
	var f Figure
	var data string
	if err := row.Scan(&data); err != nil {
		return f, err
	}
	return f, decode(data, &f)
}

var (
	qReport = db.Stmt(`SELECT ` + columns + ` FROM report_report AS r WHERE r.id = $1`)
	qMove   = db.Stmt(`UPDATE report_report SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qAdd = db.Stmt(`INSERT INTO report_report (id, code, form, title, region, day, ask, text, untold, places,
			public, state, reviewed_us, reviewed_by, published_us, published_by, document, created_us,
			created_by, creator, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', 0, '', 0, '', '', $12, $13, $14, $12, 1)`)
	qSet = db.Stmt(`UPDATE report_report SET title = $3, day = $4, text = $5, untold = $6, places = $7,
		public = $8, updated_us = $9, version = version + 1 WHERE id = $1 AND version = $2`)
	qReviewed = db.Stmt(`UPDATE report_report SET reviewed_us = $3, reviewed_by = $4,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qPublished = db.Stmt(`UPDATE report_report SET published_us = $3, published_by = $4,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qFiled = db.Stmt(`UPDATE report_report SET document = $3, updated_us = $4, version = version + 1
		WHERE id = $1 AND version = $2 AND document = ''`)

	qFigures    = db.Stmt(`SELECT data FROM report_figure WHERE report = $1 ORDER BY n`)
	qFigureAdd  = db.Stmt(`INSERT INTO report_figure (report, n, data) VALUES ($1, $2, $3)`)
	qFigureDrop = db.Stmt(`DELETE FROM report_figure WHERE report = $1`)

	qCount = db.Stmt(`INSERT INTO report_counter (scope, last) VALUES ($1, 1)
		ON CONFLICT (scope) DO UPDATE SET last = report_counter.last + 1 RETURNING last`)
)

var list = db.Select(columns, `report_report AS r`, db.Order{Name: "created", Desc: true,
	Cols: []db.Col{db.IntCol("r.created_us"), db.TextCol("r.id")}})

func reportByID(ctx context.Context, q db.Q, reportID string) (Report, error) {
	return db.Get(ctx, q, qReport, scanReport, reportID)
}

// reportWithFigures loads what guards look at.
func reportWithFigures(ctx context.Context, q db.Q, reportID string) (Report, error) {
	r, err := reportByID(ctx, q, reportID)
	if err != nil {
		return r, err
	}
	r.figures, err = figuresOf(ctx, q, reportID)
	return r, err
}

func figuresOf(ctx context.Context, q db.Q, reportID string) ([]Figure, error) {
	return db.All(ctx, q, qFigures, scanFigure, reportID)
}

// setFigures replaces the figures of a draft.
func setFigures(ctx context.Context, tx *unit.Tx, reportID string, figures []Figure) error {
	if _, err := db.Exec(ctx, tx.Tx, qFigureDrop, reportID); err != nil {
		return err
	}
	var rows [][]any
	for _, f := range figures {
		rows = append(rows, []any{reportID, f.N, encode(f)})
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := db.InsertMany(ctx, tx.Tx, qFigureAdd, rows)
	return err
}

// codeOf makes the short name of a new report: TB-2026-003, KJ-2026-003.
func codeOf(ctx context.Context, tx *unit.Tx, form string) (string, error) {
	kind := map[string]string{Bulletin: "TB", Press: "KJ"}[form]
	year := clock.Time(tx.NowUs()).In(clock.Shanghai).Year()
	n, err := db.Get(ctx, tx, qCount, db.One[int64], fmt.Sprintf("%s-%d", kind, year))
	return fmt.Sprintf("%s-%d-%03d", kind, year, n), err
}
