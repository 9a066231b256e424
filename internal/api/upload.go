package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// FieldFiles is the name of the files in a form.
const FieldFiles = "files"

// formMemory bounds what of a form is kept in memory; the rest waits in temporary files.
const formMemory = 1 << 20 // bytes

// Upload is embedded in the input of an operation that takes files beside its data, instead of a
// Body: JSON, or a form (multipart/form-data) that has the JSON's fields, as text, and files.
// Nothing is read before the handler asks for it, so a caller without a log-in uploads nothing.
type Upload[T any] struct{ call huma.Context }

// Resolve takes the request over; the framework calls it.
func (u *Upload[T]) Resolve(c huma.Context) []error {
	u.call = c
	return nil
}

// Read decodes the request. The files can be opened until the handler returns.
func (u *Upload[T]) Read() (data T, files []*multipart.FileHeader, err error) {
	r, _ := humago.Unwrap(u.call)
	raw := []byte(nil)
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		if err = r.ParseMultipartForm(formMemory); err == nil {
			files = r.MultipartForm.File[FieldFiles]
			form := firsts(r.MultipartForm.Value)
			for name, value := range form {
				if !utf8.ValidString(name + value) {
					return data, nil, fault.Fields(fault.At(strings.ToValidUTF8(name, "?"), notUTF8))
				}
			}
			raw, err = json.Marshal(form)
		}
	} else {
		raw, err = io.ReadAll(r.Body)
	}
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return data, nil, fault.New(fault.Invalid, "上传的内容超过 %d MB", long.Limit>>20)
	case err != nil:
		return data, nil, fault.New(fault.Invalid, "上传不完整，请重试").Wrap(err)
	}
	var wrong decodeError
	err = strictJSON.Unmarshal(raw, &data)
	if errors.As(err, &wrong) {
		err = fault.Fields(fault.At(wrong.field, wrong.key))
	}
	return data, files, err
}

// firsts returns the first value of each field.
func firsts(form map[string][]string) map[string]string {
	out := map[string]string{}
	for name, values := range form {
		if len(values) > 0 {
			out[name] = values[0]
		}
	}
	return out
}

// describe says in the description what the framework cannot know: there are two sorts of bodies.
func (u *Upload[T]) describe(o *huma.Operation, types huma.Registry) {
	text := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		FieldFiles: {Type: huma.TypeArray,
			Items: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	data := types.Schema(reflect.TypeFor[T](), true, "")
	whole := data
	if data.Ref != "" {
		whole = types.SchemaFromRef(data.Ref)
	}
	for name := range whole.Properties {
		text.Properties[name] = &huma.Schema{Type: huma.TypeString}
	}
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: data}, "multipart/form-data": {Schema: text}}}
}

// described is implemented by inputs that describe their own body.
type described interface {
	describe(*huma.Operation, huma.Registry)
}

// bounded lets through as much of a body as the operation takes. The framework bounds JSON by
// itself, forms it does not.
func (a *API) bounded(w http.ResponseWriter, r *http.Request, pattern string) {
	limit := int64(defaultBody)
	if n := a.maximum[pattern]; n > 0 {
		limit = n
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
}

// defaultBody bounds the body of an operation that says nothing of it.
const defaultBody = 1 << 20 // bytes
