// Package outbox is the feed of what happened: events stored in the transaction that made them
// true, read in commit order by consumers that keep projections up to date.
package outbox

import (
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

// Append stores events under the number of the last audit entry, together with the commit. Only
// package unit calls it, at the end of a write, after the entries.
func Append(tx *db.Tx, atUs int64, events []Encoded) {
	for i, e := range events {
		tx.Last(qAdd, int64(i), atUs, e.kind, e.object, e.data)
	}
}
