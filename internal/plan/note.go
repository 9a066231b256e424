package plan

import (
	"bytes"
	"encoding/json"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Note is a text for people that is stored in no language: a key of package i18n with its
// arguments. The zero Note is no text.
type Note struct {
	Key  string `json:"key,omitempty"`
	Args []any  `json:"args,omitempty"`
}

// In returns the text in language l.
func (n Note) In(l i18n.Lang) string {
	if n.Key == "" {
		return ""
	}
	return i18n.Text(l, n.Key, n.Args...)
}

// UnmarshalJSON gives whole numbers back as int64, so that "%d" still fits.
func (n *Note) UnmarshalJSON(b []byte) error {
	var plain struct {
		Key  string `json:"key"`
		Args []any  `json:"args"`
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&plain); err != nil {
		return err
	}
	for i, a := range plain.Args {
		if x, ok := a.(json.Number); ok {
			if whole, err := x.Int64(); err == nil {
				plain.Args[i] = whole
			}
		}
	}
	n.Key, n.Args = plain.Key, plain.Args
	return nil
}
