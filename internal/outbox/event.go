// Package outbox is the feed of what happened: events stored in the transaction that made them
// true, read in commit order by consumers that keep projections up to date.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/db"
)

// Event is something that happened, as told by the room where it did. Kind carries a version
// ("party.org.created.v1"); Data is small and becomes JSON.
type Event struct {
	Kind   string
	Object string
	Data   any
}

// Stored is an event with its place in the feed. Seq is the number of the audit entry that closed
// its transaction, so the order of (Seq, N) is the order of commits. A reader may see an event a
// moment before the disk holds it; one that remembers its place outside of the database must commit
// something there first, or start anew when the database was restarted (docs/adr/0002-write-path.md).
type Stored struct {
	Seq    int64
	N      int64
	AtUs   int64
	Kind   string
	Object string
	Data   json.RawMessage
}

var qAdd = db.Stmt(`INSERT INTO outbox (seq, n, at_us, kind, object, data)
	SELECT seq, $1, $2, $3, $4, $5 FROM audit_head WHERE name = 'main'`)

var qAddMany = db.Stmt(`INSERT INTO outbox (seq, n, at_us, kind, object, data)
	VALUES ($1, $2, $3, $4, $5, $6)`)

// maxData bounds the JSON of one event, in bytes. A consumer that needs more reads the object.
const maxData = 64 << 10

// Encoded is an event whose data is JSON already.
type Encoded struct{ kind, object, data string }

// Encode turns events into what is stored.
func Encode(events []Event) ([]Encoded, error) {
	out := make([]Encoded, len(events))
	for i, e := range events {
		data, err := json.Marshal(e.Data)
		if err != nil {
			return nil, fmt.Errorf("encode event %s: %w", e.Kind, err)
		}
		if len(data) > maxData {
			return nil, fmt.Errorf("event %s of %d bytes is over the limit of %d", e.Kind, len(data),
				maxData)
		}
		out[i] = Encoded{e.Kind, e.Object, string(data)}
	}
	return out, nil
}

// fewEvents is how many travel with the COMMIT; more are stored many at a time before it.
const fewEvents = 16

// Append stores events under the number of the last audit entry, together with the commit. seq is
// that number, 0 while it is not known. Only package unit calls it, at the end of a write, after
// the entries.
func Append(ctx context.Context, tx *db.Tx, seq, atUs int64, events []Encoded) error {
	if seq == 0 || len(events) <= fewEvents {
		for i, e := range events {
			tx.Last(qAdd, int64(i), atUs, e.kind, e.object, e.data)
		}
		return nil
	}
	rows := make([][]any, len(events))
	for i, e := range events {
		rows[i] = []any{seq, int64(i), atUs, e.kind, e.object, e.data}
	}
	_, err := db.InsertMany(ctx, tx, qAddMany, rows)
	return err
}
