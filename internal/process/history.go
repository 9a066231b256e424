package process

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Kind says what an entry of the history is.
type Kind string

// The kinds of entries.
const (
	KindStart   Kind = "start"   // the object was made
	KindAdopt   Kind = "adopt"   // the object was taken over from elsewhere
	KindStep    Kind = "step"    // Name is the step
	KindOverdue Kind = "overdue" // Name is the clock; Handed says from whom to whom it went
)

// Entry is one entry of the history of an object. It is never changed.
type Entry struct {
	Process       string
	Object        string
	Seq           int64 // 1, 2, 3 … without a gap
	Kind          Kind
	Name          string
	From, To      string // states
	ObjectVersion int64  // version of the object after it
	AtUs          int64
	Account       string
	Login         string
	Org           string
	Role          authz.Role
	Via           authz.Via
	Reason        string
	Files         []string
	InputHash     string // SHA-256 of the input, hex; it betrays an input that can be guessed
	Handed        *Handover
}

// Handover is how an overdue clock changed hands.
type Handover struct {
	DueUs int64 `json:"dueUs"`
	From  Owner `json:"from"`
	To    Owner `json:"to"`
}

// HistoryLimit is the most entries that History returns at once.
const HistoryLimit = 200

const entryColumns = `process, object_id, seq, kind, name, from_state, to_state, object_version,
	at_us, account, login, org, role, via, reason, files, input_hash, detail`

var (
	qHistoryAdd = db.Stmt(`INSERT INTO process_history (` + entryColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`)
	qHistory = db.Stmt(`SELECT ` + entryColumns + ` FROM process_history
		WHERE process = $1 AND object_id = $2 AND ($3 = 0 OR seq < $3)
		ORDER BY seq DESC LIMIT $4`)
)

// History returns the latest entries of an object, newest first, at most HistoryLimit. before
// continues with those before the entry of that number; 0 starts at the newest.
func History(
	ctx context.Context, q db.Q, process, object string, before int64,
) ([]Entry, error) {
	return db.All(ctx, q, qHistory, scanEntry, process, object, before, HistoryLimit)
}

func scanEntry(r db.Row) (Entry, error) {
	var e Entry
	var files, detail string
	err := r.Scan(&e.Process, &e.Object, &e.Seq, &e.Kind, &e.Name, &e.From, &e.To,
		&e.ObjectVersion, &e.AtUs, &e.Account, &e.Login, &e.Org, &e.Role, &e.Via, &e.Reason,
		&files, &e.InputHash, &detail)
	if err != nil {
		return e, err
	}
	if files != "" {
		if err := json.Unmarshal([]byte(files), &e.Files); err != nil {
			return e, fmt.Errorf("files of %s %s: %w", e.Process, e.Object, err)
		}
	}
	if detail != "" {
		if err := json.Unmarshal([]byte(detail), &e.Handed); err != nil {
			return e, fmt.Errorf("detail of %s %s: %w", e.Process, e.Object, err)
		}
	}
	return e, nil
}

// entry begins an entry with who acts and when.
func (p *machine) entry(tx *unit.Tx, k Kind, at Position, seq int64) Entry {
	by := tx.By()
	return Entry{Process: p.def.Name, Object: at.ID, Seq: seq, Kind: k, From: "",
		ObjectVersion: at.Version, AtUs: tx.NowUs(), Account: by.Account, Login: by.Login,
		Org: by.Org, Role: by.EffectiveRole(), Via: by.Via}
}

func (e Entry) save(ctx context.Context, tx *unit.Tx) error {
	args, err := e.args()
	if err != nil {
		return err
	}
	return db.ExecOne(ctx, tx.Tx, qHistoryAdd, args...)
}

func (e Entry) args() ([]any, error) {
	files, detail := "", ""
	if len(e.Files) > 0 {
		b, err := json.Marshal(e.Files)
		if err != nil {
			return nil, err
		}
		files = string(b)
	}
	if e.Handed != nil {
		b, err := json.Marshal(e.Handed)
		if err != nil {
			return nil, err
		}
		detail = string(b)
	}
	return []any{e.Process, e.Object, e.Seq, string(e.Kind), e.Name,
		e.From, e.To, e.ObjectVersion, e.AtUs, e.Account, e.Login, e.Org, string(e.Role),
		string(e.Via), e.Reason, files, e.InputHash, detail}, nil
}
