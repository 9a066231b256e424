package studio

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const datasetCols = `d.id, d.code, d.title, d.standing, d.kind, d.source, d.data_year, d.report_year,
	d.note, d.edition, d.created_us, d.created_by, d.updated_us, d.version,
	(SELECT COUNT(*) FROM studio_scheme AS f WHERE f.dataset = d.id AND f.state IN ('final', 'archived'))`

func scanDataset(r db.Row) (Dataset, error) {
	var d Dataset
	err := r.Scan(&d.ID, &d.Code, &d.Title, &d.Standing, &d.Kind, &d.Source, &d.DataYear, &d.ReportYear,
		&d.Note, &d.Edition, &d.CreatedUs, &d.CreatedBy, &d.UpdatedUs, &d.Version, &d.Finished)
	return d, err
}

const editionCols = `n, hash, units, indicators, missing, origin, reason, at_us, login`

func scanEdition(r db.Row) (Edition, error) {
	var e Edition
	err := r.Scan(&e.N, &e.Hash, &e.Units, &e.Indicators, &e.Missing, &e.Origin, &e.Reason, &e.AtUs, &e.Login)
	return e, err
}

const schemeCols = `s.id, s.code, s.title, s.purpose, s.dataset, s.edition, s.state, s.created_us,
	s.created_by, s.updated_us, s.version`

func scanScheme(r db.Row) (Scheme, error) {
	var s Scheme
	err := r.Scan(&s.ID, &s.Code, &s.Title, &s.Purpose, &s.Dataset, &s.Edition, &s.State, &s.CreatedUs,
		&s.CreatedBy, &s.UpdatedUs, &s.Version)
	return s, err
}

func scanSaved(r db.Row) (Saved, error) {
	var s Saved
	var choices, spec, result string
	err := r.Scan(&s.N, &s.DataN, &choices, &spec, &result, &s.Note, &s.AtUs, &s.Login)
	if err != nil {
		return s, err
	}
	if err = decode(choices, &s.Choices); err != nil {
		return s, err
	}
	if err = decode(spec, &s.Spec); err != nil {
		return s, err
	}
	return s, decode(result, &s.Result)
}

func scanSavedHead(r db.Row) (SavedHead, error) {
	var s SavedHead
	err := r.Scan(&s.N, &s.DataN, &s.Note, &s.AtUs, &s.Login)
	return s, err
}

const studyCols = `id, scheme, n, points, variants, state, job, result, at_us, finished_us, login, version`

func scanStudy(r db.Row) (Study, error) {
	var s Study
	var result string
	err := r.Scan(&s.ID, &s.Scheme, &s.N, &s.Points, &s.Variants, &s.State, &s.Job, &result, &s.AtUs,
		&s.FinishedUs, &s.Login, &s.Version)
	if err != nil {
		return s, err
	}
	return s, decode(result, &s.Result)
}

var (
	qDataset    = db.Stmt(`SELECT ` + datasetCols + ` FROM studio_dataset AS d WHERE d.id = $1`)
	qDatasetAdd = db.Stmt(`INSERT INTO studio_dataset (id, code, title, standing, kind, source, data_year,
			report_year, note, edition, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $10, 1)`)
	qDatasetSet = db.Stmt(`UPDATE studio_dataset SET title = $3, standing = $4, kind = $5, source = $6,
		data_year = $7, report_year = $8, note = $9, updated_us = $10, version = version + 1
		WHERE id = $1 AND version = $2`)
	qDatasetEdition = db.Stmt(`UPDATE studio_dataset SET edition = $3, updated_us = $4,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qEditionAdd = db.Stmt(`INSERT INTO studio_dataset_edition (dataset, n, content, hash, units, indicators,
			missing, origin, reason, at_us, account, login)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qEditions = db.Stmt(`SELECT ` + editionCols + ` FROM studio_dataset_edition WHERE dataset = $1
		ORDER BY n DESC LIMIT 200`)
	qContent = db.Stmt(`SELECT content FROM studio_dataset_edition WHERE dataset = $1 AND n = $2`)

	qScheme     = db.Stmt(`SELECT ` + schemeCols + ` FROM studio_scheme AS s WHERE s.id = $1`)
	qSchemeMove = db.Stmt(`UPDATE studio_scheme SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qSchemeAdd = db.Stmt(`INSERT INTO studio_scheme (id, code, title, purpose, dataset, edition, state,
			created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, 0, 'draft', $6, $7, $6, 1)`)
	qSchemeSet = db.Stmt(`UPDATE studio_scheme SET title = $3, purpose = $4, updated_us = $5,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qSchemeEdition = db.Stmt(`UPDATE studio_scheme SET edition = $3, updated_us = $4,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qSavedAdd = db.Stmt(`INSERT INTO studio_scheme_edition (scheme, n, data_n, choices, spec, result, note,
			at_us, account, login) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qSaved = db.Stmt(`SELECT n, data_n, choices, spec, result, note, at_us, login FROM studio_scheme_edition
		WHERE scheme = $1 AND n = $2`)
	qSavedHeads = db.Stmt(`SELECT n, data_n, note, at_us, login FROM studio_scheme_edition
		WHERE scheme = $1 ORDER BY n DESC LIMIT 200`)

	qStudy   = db.Stmt(`SELECT ` + studyCols + ` FROM studio_study WHERE id = $1`)
	qStudies = db.Stmt(`SELECT ` + studyCols + ` FROM studio_study WHERE scheme = $1
		ORDER BY at_us DESC, id DESC LIMIT 20`)
	qStudyAdd = db.Stmt(`INSERT INTO studio_study (id, scheme, n, points, variants, state, job, result, at_us,
			finished_us, account, login, version) VALUES ($1, $2, $3, $4, $5, 'waiting', '', '', $6, 0, $7, $8, 1)`)
	qStudyJob = db.Stmt(`UPDATE studio_study SET job = $2 WHERE id = $1`)
	qStudyEnd = db.Stmt(`UPDATE studio_study SET state = $2, result = $3, finished_us = $4,
		version = version + 1 WHERE id = $1 AND state = 'waiting'`)

	qCount = db.Stmt(`INSERT INTO studio_counter (scope, last) VALUES ($1, 1)
		ON CONFLICT (scope) DO UPDATE SET last = studio_counter.last + 1 RETURNING last`)
)

var (
	datasets = db.Select(datasetCols, `studio_dataset AS d`, db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("d.created_us"), db.TextCol("d.id")}})
	schemes = db.Select(schemeCols, `studio_scheme AS s`, db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("s.created_us"), db.TextCol("s.id")}})
)

func datasetByID(ctx context.Context, q db.Q, datasetID string) (Dataset, error) {
	return db.Get(ctx, q, qDataset, scanDataset, datasetID)
}

func schemeByID(ctx context.Context, q db.Q, schemeID string) (Scheme, error) {
	return db.Get(ctx, q, qScheme, scanScheme, schemeID)
}

// next makes the short name of a new record: ZS-2026-003.
func next(ctx context.Context, tx *unit.Tx, kind string) (string, error) {
	year := clock.Time(tx.NowUs()).In(clock.Shanghai).Year()
	n, err := db.Get(ctx, tx, qCount, db.One[int64], fmt.Sprintf("%s-%d", kind, year))
	return fmt.Sprintf("%s-%d-%03d", kind, year, n), err
}
