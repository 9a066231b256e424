package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Prefix is where the API lives.
const Prefix = "/api/v1"

// Version of the API's description. Raise it with every change of the golden file.
const Version = "1.13.0"

// API is the collection of operations.
type API struct {
	huma huma.API
	mux  *http.ServeMux
	log  *slog.Logger
	ops  []Operation
	// maximum holds the bytes of a body by the pattern of its operation.
	maximum map[string]int64
}

// Operation describes one operation.
type Operation struct {
	UseCase string // "party.CreateOrganisation": also the operation's id
	Method  string
	Path    string      // below Prefix
	Title   string      // Chinese, a key of package i18n; the description shows both languages
	Tag     string      // group in the description
	Status  int         // of success; 200 when 0
	Public  bool        // works without a token: the answer then shows what the public may see
	Maximum int64       // bytes of the body, 1 MiB when 0
	Form    []FormField // of an input with a RawBody
}

// New returns an API without operations.
func New(log *slog.Logger) *API {
	a := &API{mux: http.NewServeMux(), log: log, maximum: map[string]int64{}}
	cfg := huma.DefaultConfig("Yuntu", Version)
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "/api/openapi", "", ""
	cfg.CreateHooks = nil // no $schema field in answers
	cfg.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON}
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", namer())
	cfg.Info.Description = "Every operation does what a page of the site does, by the same rules."
	cfg.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "API token (yt_…) of an account"},
	}
	a.huma = humago.New(a.mux, cfg)
	return a
}

// Handler serves the API: mount it at "/api/".
func (a *API) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := checkType(r); err != nil {
			WriteProblem(w, r, http.StatusUnsupportedMediaType, err)
			return
		}
		_, pattern := a.mux.Handler(r)
		if pattern == "" {
			a.noRoute(w, r)
			return
		}
		a.bounded(w, r, pattern)
		w.Header().Set("Cache-Control", "no-store")
		a.mux.ServeHTTP(w, r)
	})
}

var errType = errors.New("body is neither JSON nor a form with files")

// checkType refuses the body types that a form of a foreign page could send.
func checkType(r *http.Request) error {
	if r.ContentLength == 0 || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && (kind == "application/json" || kind == "multipart/form-data") {
		return nil
	}
	return errType
}

// noRoute answers an address or method that no operation has.
func (a *API) noRoute(w http.ResponseWriter, r *http.Request) {
	status := http.StatusNotFound
	for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := a.mux.Handler(other); pattern != "" {
			status = http.StatusMethodNotAllowed
			w.Header().Add("Allow", m)
		}
	}
	WriteProblem(w, r, status, nil)
}

// Operations returns what was added, for tests and documents.
func (a *API) Operations() []Operation { return a.ops }

// OpenAPI returns the description as JSON, the same bytes for the same operations.
func (a *API) OpenAPI() ([]byte, error) {
	raw, err := a.huma.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return nil, err
	}
	return append(b.Bytes(), '\n'), nil
}

// Add adds an operation. In carries path, query, headers and Body; Out carries headers and Body. The handler
// decodes nothing: it calls one use case.
func Add[In, Out any](a *API, op Operation, handle func(context.Context, *In) (*Out, error)) {
	a.add(op, reflect.TypeFor[In](), reflect.TypeFor[Out](), func(ctx context.Context, in any) (any, error) {
		out, err := handle(ctx, in.(*In))
		if out == nil { // not the same as an interface that holds nil
			return nil, err
		}
		return out, err
	})
}

func (a *API) add(op Operation, in, out reflect.Type, call func(context.Context, any) (any, error)) {
	a.ops = append(a.ops, op)
	if name := unread(in, false); name != "" {
		panic("api: " + op.UseCase + ": nobody can give " + name + ", its struct is embedded by an unexported name")
	}
	if _, has := in.FieldByName(fieldForm); has != (len(op.Form) > 0) {
		panic("api: " + op.UseCase + ": an input has a RawBody, and its operation the fields of the Form, or neither")
	}
	d := &door{api: a, in: in, call: call, public: op.Public, fields: op.Form}
	d.op = huma.Operation{
		OperationID:   op.UseCase,
		Method:        op.Method,
		Path:          Prefix + op.Path,
		Summary:       i18n.Text(i18n.EN, op.Title),
		Description:   op.Title,
		Tags:          []string{op.Tag},
		DefaultStatus: op.Status,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
			http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}
	if !op.Public {
		d.op.Security = []map[string][]string{{"token": {}}}
	}
	a.maximum[op.Method+" "+d.op.Path] = op.Maximum
	types := a.huma.OpenAPI().Components.Schemas
	d.take(types)
	d.give(out, types)
	if own, is := reflect.New(in).Interface().(described); is {
		own.describe(&d.op, types)
	}
	a.huma.OpenAPI().AddOperation(&d.op)
	a.huma.Adapter().Handle(&d.op, d.serve)
}

// unread names a parameter of an input that package huma does not see: it passes by embedded structs with
// an unexported name, and an operation that wants such a parameter can never succeed.
func unread(t reflect.Type, hidden bool) string {
	if t.Kind() != reflect.Struct {
		return ""
	}
	for i := range t.NumField() {
		f := t.Field(i)
		for _, in := range []string{"path", "query", "header"} {
			if name := f.Tag.Get(in); name != "" && hidden {
				return name
			}
		}
		if f.Anonymous {
			if name := unread(f.Type, hidden || !f.IsExported()); name != "" {
				return name
			}
		}
	}
	return ""
}

// strictJSON refuses unknown fields: what a caller may not set must not be set in passing.
var strictJSON = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		if !utf8.Valid(data) { // the decoder would put U+FFFD in place of what it cannot read
			return decodeError{"body", notUTF8}
		}
		if halfCharacter(data) { // and here
			return decodeError{"body", "有不完整的字符：\\ud800 至 \\udfff 须成对出现"}
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(v); err != nil {
			return fieldError(err)
		}
		if d.More() {
			return decodeError{"body", "正文之后还有多余的内容"}
		}
		return nil
	},
}

// notUTF8 is said of text in another encoding, such as GBK: taken as it is, it would be stored as rubbish.
const notUTF8 = "应为 UTF-8 编码"

// halfCharacter says whether JSON has half of a surrogate pair without the other half: no character.
func halfCharacter(data []byte) bool {
	for {
		i := bytes.IndexByte(data, '\\')
		if i < 0 || i+1 >= len(data) {
			return false
		}
		r := escaped(data[i:])
		switch {
		case r < 0:
			data = data[i+2:]
			continue
		case utf16.IsSurrogate(r):
			if utf16.DecodeRune(r, escaped(data[i+escapeBytes:])) == utf8.RuneError {
				return true
			}
			i += escapeBytes
		}
		data = data[i+escapeBytes:]
	}
}

const escapeBytes = len(`\u0000`)

// escaped returns the UTF-16 unit that data begins with as an escape of JSON, -1 without one.
func escaped(data []byte) rune {
	if len(data) < escapeBytes || data[0] != '\\' || data[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(data[2:escapeBytes]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

// decodeError says which field of a body could not be decoded. The framework keeps the text of the
// error only, so the two parts travel in it.
type decodeError struct{ field, key string }

const between = "\x00"

func (e decodeError) Error() string { return e.field + between + e.key }

// fieldPath is where a field stands in the body. The decoder names embedded structs too, which are nowhere
// in it: their names begin with a capital letter, those of fields do not.
func fieldPath(path string) string {
	parts := slices.DeleteFunc(strings.Split(path, "."), func(s string) bool {
		return s != "" && s[0] >= 'A' && s[0] <= 'Z'
	})
	return strings.Join(parts, ".")
}

// fieldError names the field that could not be decoded.
func fieldError(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return decodeError{fieldPath(kind.Field), "类型不对"}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return decodeError{strings.Trim(name, `"`), "没有这个字段"}
	}
	return decodeError{"body", "不是有效的 JSON"}
}
