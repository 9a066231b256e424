package appraise

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const sheetCols = `s.id, s.code, s.title, s.post, s.org, s.org_now, s.org_name, s.purpose, s.day,
	s.limits, s.edition, s.state, s.created_us, s.created_by, s.updated_us, s.version`

func scanSheet(r db.Row) (Sheet, error) {
	var s Sheet
	err := r.Scan(&s.ID, &s.Code, &s.Title, &s.Post, &s.Org, &s.OrgNow, &s.OrgName, &s.Purpose, &s.Day,
		&s.Limits, &s.Edition, &s.State, &s.CreatedUs, &s.CreatedBy, &s.UpdatedUs, &s.Version)
	return s, err
}

const reviewCols = `v.id, v.code, v.title, v.post, v.org, v.org_now, v.org_name, v.kind, v.weights,
	v.trimmed, v.basis, v.conclusion, v.limits, v.state, v.created_us, v.created_by, v.updated_us,
	v.version`

func scanReview(r db.Row) (Review, error) {
	var v Review
	var weights string
	err := r.Scan(&v.ID, &v.Code, &v.Title, &v.Post, &v.Org, &v.OrgNow, &v.OrgName, &v.Kind, &weights,
		&v.Trimmed, &v.Basis, &v.Conclusion, &v.Limits, &v.State, &v.CreatedUs, &v.CreatedBy,
		&v.UpdatedUs, &v.Version)
	if err != nil {
		return v, err
	}
	return v, occasion.Decode(weights, &v.Weights)
}

func scanExpert(r db.Row) (Expert, error) {
	var e Expert
	var scores string
	err := r.Scan(&e.ID, &e.Number, &e.Name, &e.Unit, &e.account, &scores, &e.Comment, &e.ScoredUs,
		&e.Version)
	e.Joined = e.account != ""
	if err != nil {
		return e, err
	}
	e.Scored = scores != ""
	return e, occasion.Decode(scores, &e.Scores)
}

func scanEdition(r db.Row) (Edition, error) {
	var e Edition
	var inputs string
	err := r.Scan(&e.N, &inputs, &e.Note, &e.AtUs, &e.Login)
	if err != nil {
		return e, err
	}
	return e, occasion.Decode(inputs, &e.Inputs)
}

var (
	qSheet     = db.Stmt(`SELECT ` + sheetCols + ` FROM appraise_sheet AS s WHERE s.id = $1`)
	qSheetMove = db.Stmt(`UPDATE appraise_sheet SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qSheetAdd = db.Stmt(`INSERT INTO appraise_sheet (id, code, title, post, org, org_now, org_name, purpose,
			day, limits, edition, state, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 'draft', $11, $12, $11, 1)`)
	qSheetSet = db.Stmt(`UPDATE appraise_sheet SET title = $3, purpose = $4, day = $5, limits = $6,
		updated_us = $7, version = version + 1 WHERE id = $1 AND version = $2`)
	qSheetEdition = db.Stmt(`UPDATE appraise_sheet SET edition = $3, updated_us = $4,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qEditionAdd = db.Stmt(`INSERT INTO appraise_edition (sheet, n, inputs, note, at_us, account, login)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qEditions = db.Stmt(`SELECT n, inputs, note, at_us, login FROM appraise_edition WHERE sheet = $1
		ORDER BY n DESC LIMIT 200`)

	qReview     = db.Stmt(`SELECT ` + reviewCols + ` FROM appraise_review AS v WHERE v.id = $1`)
	qReviewMove = db.Stmt(`UPDATE appraise_review SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qReviewAdd = db.Stmt(`INSERT INTO appraise_review (id, code, title, post, org, org_now, org_name, kind,
			weights, trimmed, basis, conclusion, limits, state, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', 'draft', $12, $13, $12, 1)`)
	qReviewTouch = db.Stmt(`UPDATE appraise_review SET updated_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qReviewReport = db.Stmt(`UPDATE appraise_review SET conclusion = $2, limits = $3, updated_us = $4
		WHERE id = $1`)
	qExperts = db.Stmt(`SELECT id, number, name, unit, account, scores, comment, scored_us, version
		FROM appraise_expert WHERE review = $1 ORDER BY number`)
	qExpertAdd = db.Stmt(`INSERT INTO appraise_expert (id, review, number, name, unit, code_hash, account,
			scores, comment, scored_us, version) VALUES ($1, $2, $3, $4, $5, $6, '', '', '', 0, 1)`)
	qExpertDrop = db.Stmt(`DELETE FROM appraise_expert WHERE id = $1`)
	qExpertCode = db.Stmt(`SELECT review FROM appraise_expert WHERE code_hash = $1 AND code_hash <> ''`)
	qExpertJoin = db.Stmt(`UPDATE appraise_expert SET account = $2, code_hash = '', version = version + 1
		WHERE code_hash = $1 AND account = ''`)
	qExpertScore = db.Stmt(`UPDATE appraise_expert SET scores = $2, comment = $3, scored_us = $4,
		version = version + 1 WHERE id = $1`)

	qCount = db.Stmt(`INSERT INTO appraise_counter (scope, last) VALUES ($1, 1)
		ON CONFLICT (scope) DO UPDATE SET last = appraise_counter.last + 1 RETURNING last`)
)

var (
	sheets = db.Select(sheetCols, `appraise_sheet AS s`, db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("s.created_us"), db.TextCol("s.id")}})
	reviews = db.Select(reviewCols, `appraise_review AS v`, db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("v.created_us"), db.TextCol("v.id")}})
)

func sheetByID(ctx context.Context, q db.Q, sheetID string) (Sheet, error) {
	return db.Get(ctx, q, qSheet, scanSheet, sheetID)
}

// reviewByID loads an evaluation with its panel.
func reviewByID(ctx context.Context, q db.Q, reviewID string) (Review, error) {
	v, err := db.Get(ctx, q, qReview, scanReview, reviewID)
	if err != nil {
		return v, err
	}
	if v.Experts, err = db.All(ctx, q, qExperts, scanExpert, reviewID); err != nil {
		return v, err
	}
	for _, e := range v.Experts {
		if e.account != "" {
			v.accounts = append(v.accounts, e.account)
		}
		if e.Scores != nil {
			v.Scored++
		}
	}
	return v, nil
}

func next(ctx context.Context, tx *unit.Tx, scope string) (int64, error) {
	return db.Get(ctx, tx, qCount, db.One[int64], scope)
}
