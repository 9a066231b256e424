package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Extracted is a statement as it was read in a text, see Statement.
type Extracted struct {
	StatementData
	Check  string
	Reason string
	Start  int // in characters of the text
	End    int
}

// Reader reads a text as of the document's date about a place. It is pure: the same text gives the
// same statements.
type Reader func(
	ctx context.Context, text string, date clock.Date, place string,
) ([]Extracted, error)

// Texter takes the text out of a file: its name and its bytes. A fault.Invalid says in words what
// cannot be read.
type Texter func(ctx context.Context, name string, content []byte) (string, error)
