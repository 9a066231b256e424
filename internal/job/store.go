package job

import (
	"strings"

	"github.com/yuntu-city/yuntu/internal/db"
)

const columns = `id, kind, args, state, unique_key, attempt, max_attempts, run_at_us, lease_owner,
	lease_until_us, progress, progress_text, result, error_class, error, error_detail,
	owner_account, created_us, started_us, finished_us, version`

func scan(r db.Row) (Job, error) {
	var j Job
	var args, text, result, failure string
	err := r.Scan(&j.ID, &j.Kind, &args, &j.State, &j.UniqueKey, &j.Attempt, &j.MaxAttempts,
		&j.RunAtUs, &j.LeaseOwner, &j.LeaseUntilUs, &j.Progress, &text, &result, &j.ErrorClass, &failure,
		&j.ErrorDetail, &j.Owner, &j.CreatedUs, &j.StartedUs, &j.FinishedUs, &j.Version)
	if err != nil {
		return Job{}, err
	}
	j.Args = []byte(args)
	if result != "" {
		j.Result = []byte(result)
	}
	if j.ProgressText, err = DecodeText(text); err != nil {
		return Job{}, err
	}
	j.Error, err = DecodeText(failure)
	return j, err
}

// due selects what may be claimed: $1 is now, $2 the list of kinds that this runner knows, as
// ",a,b,". During an upgrade an older process leaves new kinds alone.
const due = `FROM job WHERE state IN ('available', 'retryable') AND run_at_us <= $1
	AND replace($2, ',' || kind || ',', '') <> $2`

var (
	qAdd = db.Stmt(`INSERT INTO job (id, kind, args, state, unique_key, attempt, max_attempts,
		run_at_us, lease_owner, lease_until_us, progress, progress_text, result, error_class, error,
		error_detail, owner_account, created_us, started_us, finished_us, version)
		VALUES ($1, $2, $3, 'available', $4, 0, $5, $6, '', 0, 0, '', '', '', '', '', $7, $8, 0, 0, 1)
		ON CONFLICT (unique_key)
			WHERE unique_key <> '' AND state IN ('available', 'running', 'retryable') DO NOTHING`)
	qByKey = db.Stmt(`SELECT id FROM job WHERE unique_key = $1
		AND unique_key <> '' AND state IN ('available', 'running', 'retryable')`)
	qByID = db.Stmt(`SELECT ` + columns + ` FROM job WHERE id = $1`)

	// qDue is asked outside of a transaction, so that an idle runner takes no lock.
	qDue = db.Stmt(`SELECT 1 WHERE EXISTS (SELECT 1 ` + due + `)`)
	// Two runners must not wait for each other's candidate on PostgreSQL.
	qClaim = db.StmtFor(db.SQL{
		SQLite: `UPDATE job SET state = 'running', attempt = attempt + 1, lease_owner = $3,
			lease_until_us = $4, started_us = $1, progress = 0, progress_text = '', version = version + 1
		WHERE id = (SELECT id ` + due + ` ORDER BY run_at_us, id LIMIT 1)
		RETURNING ` + columns,
		Postgres: `UPDATE job SET state = 'running', attempt = attempt + 1, lease_owner = $3,
			lease_until_us = $4, started_us = $1, progress = 0, progress_text = '', version = version + 1
		WHERE id = (SELECT id ` + due + ` ORDER BY run_at_us, id LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING ` + columns,
	})
	qHeld  = db.Stmt(`SELECT id, attempt FROM job WHERE lease_owner = $1 AND state = 'running'`)
	qRenew = db.Stmt(`UPDATE job SET lease_until_us = $4, version = version + 1
		WHERE id = $1 AND attempt = $2 AND lease_owner = $3 AND state = 'running'`)
	qHold = db.Stmt(`UPDATE job SET version = version + 1
		WHERE id = $1 AND attempt = $2 AND lease_owner = $3 AND state = 'running'`)
	qProgress = db.Stmt(`UPDATE job SET progress = $4, progress_text = $5, version = version + 1
		WHERE id = $1 AND attempt = $2 AND lease_owner = $3 AND state = 'running'`)
	qEnd = db.Stmt(`UPDATE job SET state = $4, attempt = $5, run_at_us = $6, progress = $7,
			progress_text = $8, result = $9, error_class = $10, error = $11, error_detail = $12,
			finished_us = $13, lease_owner = '', lease_until_us = 0, version = version + 1
		WHERE id = $1 AND attempt = $2 AND lease_owner = $3 AND state = 'running'`)
	qAbandoned = db.Stmt(`UPDATE job SET
			state = CASE WHEN attempt < max_attempts THEN 'retryable' ELSE 'discarded' END,
			finished_us = CASE WHEN attempt < max_attempts THEN 0 ELSE CAST($1 AS BIGINT) END,
			run_at_us = CAST($1 AS BIGINT), error_class = 'abandoned', error = $2, error_detail = $3,
			lease_owner = '', lease_until_us = 0, version = version + 1
		WHERE state = 'running' AND lease_until_us < CAST($1 AS BIGINT)`)
	qAnyAbandoned = db.Stmt(`SELECT 1 FROM job WHERE state = 'running' AND lease_until_us < $1
		LIMIT 1`)

	qCancel = db.Stmt(`UPDATE job SET state = 'cancelled', finished_us = $2, lease_owner = '',
			lease_until_us = 0, version = version + 1
		WHERE id = $1 AND state IN ('available', 'running', 'retryable')`)
	qPrune = db.Stmt(`DELETE FROM job WHERE id IN (SELECT id FROM job
		WHERE finished_us > 0 AND finished_us <
			CASE WHEN state = 'done' THEN CAST($1 AS BIGINT) ELSE CAST($2 AS BIGINT) END
		ORDER BY finished_us LIMIT $3)`)

	qFirstSlot = db.Stmt(`INSERT INTO job_schedule (name, slot_us, version) VALUES ($1, $2, 1)
		ON CONFLICT (name) DO NOTHING`)
	qNextSlot = db.Stmt(`UPDATE job_schedule SET slot_us = $2, version = version + 1
		WHERE name = $1 AND slot_us < $2`)
)

// jobs is the list for pages. Ids grow with time, so they also sort by age.
var jobs = db.Select(columns, `job`,
	db.Order{Name: "newest", Desc: true, Cols: []db.Col{db.TextCol("id")}},
	db.Order{Name: "due", Cols: []db.Col{db.IntCol("run_at_us"), db.TextCol("id")}},
)

// clean makes an error text storable on both databases and bounds it.
func clean(s string) string {
	if len(s) > maxDetail {
		s = s[:maxDetail]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}
