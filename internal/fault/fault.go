// Package fault holds the errors that people may see.
//
// A fault has a kind, which decides the HTTP status and the exit code, and a public message, which
// is a key of package i18n (the Chinese source text) with its arguments. Every other error is
// internal: the doors show a request number and no detail.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure an error is.
type Kind uint8

// The kinds. The zero value is Internal, so an error that nobody classified hides its detail.
const (
	Internal    Kind = iota // a defect or a broken machine
	Invalid                 // the input is wrong; Fields says where
	NotFound                // there is no such thing, or its existence must not be known
	Forbidden               // the actor lacks the right
	Conflict                // the state does not allow it, or somebody else was faster
	Unavailable             // try again later
)

// String returns the stable English name used in logs, metrics and the API.
func (k Kind) String() string {
	switch k {
	case Invalid:
		return "invalid"
	case NotFound:
		return "not_found"
	case Forbidden:
		return "forbidden"
	case Conflict:
		return "conflict"
	case Unavailable:
		return "unavailable"
	default:
		return "internal"
	}
}

// Field is one wrong input: the name of the form or JSON field and the message for it.
type Field struct {
	Name string
	Key  string
	Args []any
}

// Error is an error with a public message.
type Error struct {
	Kind   Kind
	Key    string
	Args   []any
	Fields []Field

	err error
}

// New returns a fault. The key is a Chinese source text and may hold fmt verbs for args.
func New(k Kind, key string, args ...any) *Error {
	return &Error{Kind: k, Key: key, Args: clipped(args)}
}

// At names one wrong field.
func At(field, key string, args ...any) Field {
	return Field{Name: field, Key: key, Args: clipped(args)}
}

// maxEcho bounds what a message repeats of an input, in characters.
const maxEcho = 200

// Clip shortens words that somebody else wrote, so that a message stays one: a number of a million digits is
// not repeated to whoever typed it.
func Clip(s string) string {
	if len(s) <= maxEcho { // bytes: no rune is shorter
		return s
	}
	r := []rune(s)
	if len(r) <= maxEcho {
		return s
	}
	return string(r[:maxEcho]) + "…"
}

// clipped shortens the texts among the arguments of a message.
func clipped(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok && len(s) > maxEcho {
			args = append([]any(nil), args...) // the caller keeps its own
			args[i] = Clip(s)
		}
	}
	return args
}

// Fields returns an Invalid fault for the given fields, or nil when there are none.
func Fields(fs ...Field) error {
	if len(fs) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "有 %d 处需要修改", Args: []any{len(fs)}, Fields: fs}
}

// Wrap returns a copy of e that carries err as its cause. The cause is logged, never shown.
func (e *Error) Wrap(err error) *Error {
	c := *e
	c.err = err
	return &c
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.err }

// Error returns the message for logs: kind, Chinese text, fields and cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String() + ": " + Sprint(e.Key, e.Args))
	for _, f := range e.Fields {
		b.WriteString("; " + f.Name + ": " + Sprint(f.Key, f.Args))
	}
	if e.err != nil {
		b.WriteString(": " + e.err.Error())
	}
	return b.String()
}

// Sprint formats a key with its arguments. A key without arguments is returned as it stands, so
// that a percent sign in a plain message stays one.
func Sprint(key string, args []any) string {
	if len(args) == 0 {
		return key
	}
	return fmt.Sprintf(key, args...)
}

// As returns the first fault in err's chain.
func As(err error) (*Error, bool) {
	return errors.AsType[*Error](err)
}

// KindOf returns the kind of err, Internal for an error that is no fault.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a fault of kind k.
func Is(err error, k Kind) bool {
	e, ok := As(err)
	return ok && e.Kind == k
}
