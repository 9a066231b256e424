package job

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Text is a text for people that is stored in no language: a key of package i18n and its
// arguments. The zero Text is no text.
type Text struct {
	Key  string
	Args []any
}

// In returns the text in language l.
func (t Text) In(l i18n.Lang) string { return i18n.Text(l, t.Key, t.Args...) }

// stored is a Text as JSON. An argument that is itself a key to translate is marked as one.
type stored struct {
	Key  string `json:"key"`
	Args []any  `json:"args,omitempty"`
}

type storedKey struct {
	Key i18n.Key `json:"key"`
}

// storedFloat keeps 5.0 from coming back as the whole number 5, which "%.1f" would not print.
type storedFloat struct {
	Float float64 `json:"float"`
}

// storedBoth keeps what says itself in both languages.
type storedBoth struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Encode returns the text as it is stored; DecodeText reads it.
func (t Text) Encode() string {
	if t.Key == "" {
		return ""
	}
	s := stored{Key: t.Key}
	for _, a := range t.Args {
		switch v := a.(type) {
		case i18n.Key:
			s.Args = append(s.Args, storedKey{v})
		case float64:
			s.Args = append(s.Args, storedFloat{v})
		case i18n.Sentence:
			s.Args = append(s.Args, storedBoth{v.Text(false), v.Text(true)})
		case string, bool, int, int8, int16, int32, int64, uint8, uint16, uint32:
			s.Args = append(s.Args, v)
		default:
			s.Args = append(s.Args, fmt.Sprint(v))
		}
	}
	b, err := json.Marshal(s)
	if err != nil || len(b) > maxJSON {
		// Only a broken float or an endless text can do this; the bare key is still worth reading.
		b, _ = json.Marshal(stored{Key: t.Key})
	}
	return string(b)
}

// DecodeText reads what Encode made. It gives whole numbers back as int64, so that "%d" still fits.
func DecodeText(s string) (Text, error) {
	if s == "" {
		return Text{}, nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(s)))
	d.UseNumber()
	var x stored
	if err := d.Decode(&x); err != nil {
		return Text{}, fmt.Errorf("read stored text: %w", err)
	}
	for i, a := range x.Args {
		switch v := a.(type) {
		case json.Number:
			if n, err := v.Int64(); err == nil {
				x.Args[i] = n
			}
		case map[string]any:
			x.Args[i] = decodeArg(v)
		}
	}
	return Text(x), nil
}

// decodeArg reads an argument that is more than a text or a number.
func decodeArg(v map[string]any) any {
	if n, ok := v["float"].(json.Number); ok {
		f, _ := n.Float64()
		return f
	}
	if zh, ok := v["zh"].(string); ok {
		return i18n.Both{Zh: zh, En: fmt.Sprint(v["en"])}
	}
	return i18n.Key(fmt.Sprint(v["key"]))
}

// publicError is what the owner of a job may read about its failure.
func publicError(err error) Text {
	e, ok := fault.As(err)
	switch {
	case !ok || e.Kind == fault.Internal:
		return Text{Key: "系统内部错误，请稍后再试"}
	case len(e.Fields) == 1:
		return Text{e.Fields[0].Key, e.Fields[0].Args}
	default:
		return Text{e.Key, e.Args}
	}
}
