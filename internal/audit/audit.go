// Package audit keeps the tamper-evident record of every change.
//
// Entries are numbered without a gap in the order of commits. Each carries a hash over its own
// content and the hash before it, so changing, removing or inserting one breaks the chain from
// there on, and anybody with an export can prove it offline.
package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"strconv"

	"github.com/emmansun/gmsm/sm3"
)

// Entry is what a use case says about its change.
type Entry struct {
	Kind   string // kind of object: "party.org"
	Object string // its id
	What   string // what was done: "create", "merge"
	Reason string // why, where the rule asks for it
	Detail any    // the input or the change, without secrets; becomes JSON
}

// Record is an entry as stored: with who, when, through which door, and its place in the chain.
type Record struct {
	Seq     int64  `json:"seq"`
	AtUs    int64  `json:"atUs"`
	Account string `json:"account"`
	Login   string `json:"login"`
	Role    string `json:"role"`
	Via     string `json:"via"`
	Request string `json:"request"`
	UseCase string `json:"useCase"`
	Kind    string `json:"kind"`
	Object  string `json:"object"`
	What    string `json:"what"`
	Reason  string `json:"reason"`
	Detail  string `json:"detail"` // JSON text, kept letter for letter
	Algo    Algo   `json:"algo"`
	Hash    string `json:"hash"` // hex
}

// Algo names a hash function. A chain may change it midway; each record says its own.
type Algo string

// The hash functions: SHA-256 by default, SM3 (GB/T 32905—2016) where a system must use Chinese
// commercial cryptography.
const (
	SHA256 Algo = "sha256"
	SM3    Algo = "sm3"
)

// Valid reports whether a is known.
func (a Algo) Valid() bool { return a == SHA256 || a == SM3 }

func (a Algo) new() (hash.Hash, error) {
	switch a {
	case SHA256:
		return sha256.New(), nil
	case SM3:
		return sm3.New(), nil
	default:
		return nil, fmt.Errorf("unknown hash function %q", a)
	}
}

// canonical writes every field but the hash as "length:bytes", in a fixed order and behind a
// version mark, so that two different records can never give the same text.
func (r Record) canonical(prev string) []byte {
	b := make([]byte, 0, 512+len(r.Detail))
	b = appendFields(b, "yuntu-audit-1", prev, strconv.FormatInt(r.Seq, 10))
	return r.appendTail(b)
}

// appendTail adds the fields that do not depend on the place in the chain.
func (r Record) appendTail(b []byte) []byte {
	return appendFields(b, strconv.FormatInt(r.AtUs, 10),
		r.Account, r.Login, r.Role, r.Via, r.Request, r.UseCase,
		r.Kind, r.Object, r.What, r.Reason, r.Detail, string(r.Algo))
}

func appendFields(b []byte, fields ...string) []byte {
	for _, f := range fields {
		b = strconv.AppendInt(b, int64(len(f)), 10)
		b = append(b, ':')
		b = append(b, f...)
	}
	return b
}

// Sum returns the hash of r when the record before it has the hash prev ("" before the first).
func (r Record) Sum(prev string) (string, error) {
	h, err := r.Algo.new()
	if err != nil {
		return "", err
	}
	h.Write(r.canonical(prev))
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Limits of an entry, in bytes. A larger detail is a defect: a list of thousands of rows belongs in
// a file whose hash the entry names.
const (
	maxDetail = 64 << 10 // JSON
	maxText   = 8 << 10  // every other field
)

// EncodeDetail turns the detail of an entry into the text that is stored.
func EncodeDetail(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode audit detail: %w", err)
	}
	return string(b), nil
}

// Check says whether r is within the limits, so that an export can always be read back.
func (r Record) Check() error {
	if len(r.Detail) > maxDetail {
		return fmt.Errorf("audit detail of %d bytes is over the limit of %d", len(r.Detail), maxDetail)
	}
	for _, f := range []string{
		r.Account, r.Login, r.Role, r.Via, r.Request, r.UseCase, r.Kind, r.Object, r.What, r.Reason,
	} {
		if len(f) > maxText {
			return fmt.Errorf("audit field of %d bytes is over the limit of %d", len(f), maxText)
		}
	}
	return nil
}
