package market

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// maxTrail is how many bytes of one field the trail keeps. All fields of a post, before and after,
// stay within what an entry may hold; of a longer one it keeps the beginning and a hash.
const maxTrail = 600

// change is what a field said before and says now.
type change struct {
	Old json.RawMessage `json:"old,omitempty"`
	New json.RawMessage `json:"new,omitempty"`
}

// changes are the fields in which two versions of a post differ, for the trail. Contacts are in
// neither.
func changes(old, next PostData) map[string]change {
	was, is := fieldsOf(old), fieldsOf(next)
	out := map[string]change{}
	for name, v := range is {
		if !bytes.Equal(was[name], v) {
			out[name] = change{clip(was[name]), clip(v)}
		}
	}
	for name, v := range was {
		if _, still := is[name]; !still {
			out[name] = change{Old: clip(v)}
		}
	}
	return out
}

func fieldsOf(d PostData) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	b, err := json.Marshal(d.withoutContact())
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		panic(err) // plain data
	}
	return out
}

// clip keeps a short value and says of a long one how it begins and what its hash is.
func clip(v json.RawMessage) json.RawMessage {
	if len(v) <= maxTrail {
		return v
	}
	sum := sha256.Sum256(v)
	const begins = 60 // characters
	b, err := json.Marshal(map[string]any{"bytes": len(v), "sha256": hex.EncodeToString(sum[:]),
		"begins": firstRunes(string(v), begins)})
	if err != nil {
		panic(err) // plain data
	}
	return b
}
