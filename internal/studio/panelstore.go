package studio

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
)

const panelCols = `p.id, p.scheme, p.title, p.note, p.questions, p.edition, p.created_us, p.created_by,
	p.updated_us, p.version, (SELECT COUNT(*) FROM studio_seat AS c WHERE c.panel = p.id),
	(SELECT COUNT(*) FROM studio_seat AS h WHERE h.panel = p.id AND h.handed_us > 0)`

func scanPanel(r db.Row) (Panel, error) {
	var p Panel
	var questions string
	err := r.Scan(&p.ID, &p.Scheme, &p.Title, &p.Note, &questions, &p.Edition, &p.CreatedUs, &p.CreatedBy,
		&p.UpdatedUs, &p.Version, &p.Seats, &p.Handed)
	if err != nil {
		return p, err
	}
	return p, decode(questions, &p.Questions)
}

const seatCols = `id, account, name, pairs, source, handed_us, version`

func scanSeat(r db.Row) (Seat, error) {
	var x Seat
	var pairs string
	err := r.Scan(&x.ID, &x.Account, &x.Name, &pairs, &x.Source, &x.HandedUs, &x.Version)
	if err != nil || pairs == "" {
		return x, err
	}
	return x, decode(pairs, &x.Pairs)
}

func scanPanelResult(r db.Row) (PanelResult, error) {
	var x PanelResult
	var voices, result string
	err := r.Scan(&x.N, &x.Pool, &voices, &result, &x.Note, &x.AtUs, &x.Login)
	if err != nil {
		return x, err
	}
	if err := decode(voices, &x.Voices); err != nil {
		return x, err
	}
	return x, decode(result, &x.Groups)
}

var (
	qPanel    = db.Stmt(`SELECT ` + panelCols + ` FROM studio_panel AS p WHERE p.id = $1`)
	qPanelAdd = db.Stmt(`INSERT INTO studio_panel (id, scheme, title, note, questions, edition, created_us,
			created_by, updated_us, version) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $6, 1)`)
	qPanelTouch = db.Stmt(`UPDATE studio_panel SET edition = $3, updated_us = $4, version = version + 1
		WHERE id = $1 AND version = $2`)

	qSeats   = db.Stmt(`SELECT ` + seatCols + ` FROM studio_seat WHERE panel = $1 ORDER BY created_us, id`)
	qSeatAdd = db.Stmt(`INSERT INTO studio_seat (id, panel, account, name, pairs, source, handed_us, created_us,
			version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)`)
	qSeatSet = db.Stmt(`UPDATE studio_seat SET pairs = $3, source = $4, handed_us = $5, version = version + 1
		WHERE id = $1 AND version = $2`)

	qPanelResultAdd = db.Stmt(`INSERT INTO studio_panel_edition (panel, n, pool, voices, result, note, at_us,
			account, login) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	qPanelResult = db.Stmt(`SELECT n, pool, voices, result, note, at_us, login FROM studio_panel_edition
		WHERE panel = $1 AND n = $2`)
	qPanelResults = db.Stmt(`SELECT n, pool, voices, result, note, at_us, login FROM studio_panel_edition
		WHERE panel = $1 ORDER BY n DESC LIMIT 50`)
)

var panels = db.Select(panelCols, `studio_panel AS p`, db.Order{Name: "created", Desc: true,
	Cols: []db.Col{db.IntCol("p.created_us"), db.TextCol("p.id")}})

// panelByID loads a panel with who is invited.
func panelByID(ctx context.Context, q db.Q, panelID string) (Panel, []Seat, error) {
	p, err := db.Get(ctx, q, qPanel, scanPanel, panelID)
	if err != nil {
		return p, nil, err
	}
	seats, err := db.All(ctx, q, qSeats, scanSeat, panelID)
	for _, x := range seats {
		if x.Account != "" {
			p.invited = append(p.invited, x.Account)
		}
	}
	return p, seats, err
}
