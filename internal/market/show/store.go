package show

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const showCols = `s.id, s.code, s.kind, s.title, s.text, s.place, s.region, s.contact, s.org,
	s.org_now, s.org_name, s.starts_us, s.ends_us, s.signup_until_us, s.capacity, s.talk_from_us,
	s.talk_minutes, s.talk_rounds, s.talk_tables, s.report, s.report_days, s.state, s.created_us,
	s.created_by, s.updated_us, s.version,
	(SELECT COUNT(*) FROM show_signup AS c WHERE c.show = s.id AND c.state = 'confirmed'),
	(SELECT COUNT(*) FROM show_signup AS c WHERE c.show = s.id AND c.state = 'waiting'),
	(SELECT COUNT(*) FROM show_slot AS t WHERE t.show = s.id)`

func scanShow(r db.Row) (Show, error) {
	var s Show
	err := r.Scan(&s.ID, &s.Code, &s.Kind, &s.Title, &s.Text, &s.Place, &s.Region, &s.Contact, &s.Org,
		&s.OrgNow, &s.OrgName, &s.StartsUs, &s.EndsUs, &s.SignupUntilUs, &s.Capacity, &s.TalkFromUs,
		&s.TalkMinutes, &s.TalkRounds, &s.TalkTables, &s.Report, &s.ReportDays, &s.State, &s.CreatedUs,
		&s.CreatedBy, &s.UpdatedUs, &s.Version, &s.Taken, &s.Waiting, &s.slots)
	return s, err
}

var (
	qShow = db.Stmt(`SELECT ` + showCols + ` FROM show_event AS s WHERE s.id = $1`)
	qMove = db.Stmt(`UPDATE show_event SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qAdd = db.Stmt(`INSERT INTO show_event (id, code, kind, title, text, place, region, contact, org,
			org_now, org_name, starts_us, ends_us, signup_until_us, capacity, talk_from_us, talk_minutes,
			talk_rounds, talk_tables, report, report_days, state, created_us, created_by, updated_us,
			version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, '',
			$20, $21, $22, $23, $22, 1)`)
	qSet = db.Stmt(`UPDATE show_event SET kind = $3, title = $4, text = $5, place = $6, region = $7,
			contact = $8, org = $9, org_now = $10, org_name = $11, starts_us = $12, ends_us = $13,
			signup_until_us = $14, capacity = $15, talk_from_us = $16, talk_minutes = $17,
			talk_rounds = $18, talk_tables = $19, report_days = $20, updated_us = $21,
			version = version + 1
		WHERE id = $1 AND version = $2`)
	qReport = db.Stmt(`UPDATE show_event SET report = $3, updated_us = $4, version = version + 1
		WHERE id = $1 AND version = $2`)
	qTouch = db.Stmt(`UPDATE show_event SET updated_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)

	qSlots = db.Stmt(`SELECT ` + slotCols + ` FROM show_slot AS t WHERE t.show = $1
		ORDER BY t.starts_us, t.id`)
	qSlot    = db.Stmt(`SELECT ` + slotCols + ` FROM show_slot AS t WHERE t.id = $1`)
	qSlotAdd = db.Stmt(`INSERT INTO show_slot (id, show, starts_us, ends_us, title, speaker, org,
			org_name, post, post_title, file, file_name, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', 1)`)
	qSlotSet = db.Stmt(`UPDATE show_slot SET starts_us = $2, ends_us = $3, title = $4, speaker = $5,
			org = $6, org_name = $7, post = $8, post_title = $9, version = version + 1 WHERE id = $1`)
	qSlotDrop = db.Stmt(`DELETE FROM show_slot WHERE id = $1`)
	qSlotFile = db.Stmt(`UPDATE show_slot SET file = $2, file_name = $3, version = version + 1
		WHERE id = $1`)

	qCount = db.Stmt(`INSERT INTO show_counter (scope, last) VALUES ($1, 1)
		ON CONFLICT (scope) DO UPDATE SET last = show_counter.last + 1 RETURNING last`)
)

var list = db.Select(showCols, `show_event AS s`,
	db.Order{Name: "starts", Desc: true,
		Cols: []db.Col{db.IntCol("s.starts_us"), db.TextCol("s.id")}},
	db.Order{Name: "soonest", Cols: []db.Col{db.IntCol("s.starts_us"), db.TextCol("s.id")}},
)

// Orders returns the names of the orders people may choose.
func Orders() []string { return list.OrderNames() }

func byID(ctx context.Context, q db.Q, showID string) (Show, error) {
	return db.Get(ctx, q, qShow, scanShow, showID)
}

// next returns the next number of a scope. Taking one of a scope makes others of it wait, so that
// seats are given out one after the other.
func next(ctx context.Context, tx *unit.Tx, scope string) (int64, error) {
	return db.Get(ctx, tx, qCount, db.One[int64], scope)
}
