package api

import (
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// param is a field of an input that is read from the address or the headers.
type param struct {
	index    []int
	name, in string // in: path, query, header, cookie
	text     string // what stands for a parameter that was not given
	required bool
	repeated bool // a list by repetition, not by commas
	schema   *huma.Schema
}

// places are where a parameter can stand; each is the name of a tag.
var places = []string{"path", "query", "header", "cookie"}

// paramsOf lists the parameters of an input, those of its embedded structs too.
func paramsOf(t reflect.Type, types huma.Registry) (found []param) {
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() {
			continue
		}
		for _, in := range places {
			tag := f.Tag.Get(in)
			if tag == "" {
				continue
			}
			name, how, _ := strings.Cut(tag, ",")
			p := param{index: f.Index, name: name, in: in, text: f.Tag.Get("default"), repeated: how == "explode",
				required: in == "path" || f.Tag.Get("required") == "true", schema: huma.SchemaFromField(types, f, "")}
			switch f.Type.Kind() {
			case reflect.String, reflect.Int, reflect.Int64, reflect.Bool:
			case reflect.Slice:
				if f.Type.Elem().Kind() != reflect.String {
					panic("api: a parameter cannot be " + f.Type.String())
				}
			default:
				panic("api: a parameter cannot be " + f.Type.String())
			}
			found = append(found, p)
			break
		}
	}
	return found
}

// unknown lists the query parameters that the operation does not have: a misspelt filter must not show everything.
func (d *door) unknown(c huma.Context) (wrong []error) {
	address := c.URL()
	if address.RawQuery == "" {
		return nil
	}
	for name := range address.Query() {
		if !slices.ContainsFunc(d.params, func(p param) bool { return p.in == "query" && p.name == name }) {
			wrong = append(wrong, &huma.ErrorDetail{Location: "query." + name, Message: "unknown query parameter"})
		}
	}
	return wrong
}

// readParams fills the fields of an input.
func (d *door) readParams(c huma.Context, in reflect.Value) []error {
	path, res := huma.NewPathBuffer(nil, 0), &huma.ValidateResult{}
	for _, p := range d.params {
		text := p.given(c)
		if text == "" {
			text = p.text
		}
		path.Reset()
		path.Push(p.in)
		path.Push(p.name)
		if text == "" {
			if p.required {
				res.Add(path, "", "required "+p.in+" parameter is missing")
			}
			continue
		}
		value, err := p.set(c, in.FieldByIndex(p.index), text)
		if err != nil {
			res.Add(path, text, err.Error())
			continue
		}
		huma.Validate(d.api.huma.OpenAPI().Components.Schemas, p.schema, path, huma.ModeWriteToServer, value, res)
	}
	return res.Errors
}

// given returns the text of a parameter in a request, empty without.
func (p param) given(c huma.Context) string {
	switch p.in {
	case "path":
		return c.Param(p.name)
	case "query":
		return c.Query(p.name)
	case "header":
		return c.Header(p.name)
	}
	if cookie, err := huma.ReadCookie(c, p.name); err == nil {
		return cookie.Value
	}
	return ""
}

var (
	errInteger = errors.New("invalid integer")
	errBoolean = errors.New("invalid boolean")
)

// set puts a text into the field of a parameter and returns its value for the schema.
func (p param) set(c huma.Context, field reflect.Value, text string) (any, error) {
	switch field.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, errBoolean
		}
		field.SetBool(b)
		return b, nil
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errInteger
		}
		field.SetInt(n)
		return n, nil
	case reflect.Slice:
		list := strings.Split(text, ",")
		if address := c.URL(); p.repeated {
			if list = address.Query()[p.name]; len(list) == 0 {
				list = []string{text}
			}
		}
		field.Set(reflect.ValueOf(list).Convert(field.Type()))
		return list, nil
	}
	field.SetString(text)
	return text, nil
}

// readBody fills Body or RawBody. status is that of the refusal when the body could not be read at all.
func (d *door) readBody(c huma.Context, in reflect.Value) (status int, wrong []error) {
	if d.form != nil {
		form, err := c.GetMultipartForm()
		if err != nil {
			return 0, []error{&huma.ErrorDetail{Location: "body", Message: "cannot read multipart form: " + err.Error()}}
		}
		in.FieldByIndex(d.form).Set(reflect.ValueOf(*form))
		return 0, nil
	}
	if d.body == nil {
		return 0, nil
	}
	raw, err := io.ReadAll(c.BodyReader())
	var long *http.MaxBytesError
	var late net.Error
	switch {
	case errors.As(err, &long):
		return http.StatusRequestEntityTooLarge, nil
	case errors.As(err, &late) && late.Timeout():
		return http.StatusRequestTimeout, nil
	case err != nil:
		return http.StatusBadRequest, nil
	case len(raw) == 0 && d.op.RequestBody.Required:
		return http.StatusBadRequest, nil
	case len(raw) == 0:
		return 0, nil
	}
	// A form would pass the whole API, see checkType, but not an operation that takes JSON only.
	if kind, _, _ := mime.ParseMediaType(c.Header("Content-Type")); kind == "multipart/form-data" {
		return http.StatusUnsupportedMediaType, nil
	}
	if err := strictJSON.Unmarshal(raw, in.FieldByIndex(d.body).Addr().Interface()); err != nil {
		return 0, []error{&huma.ErrorDetail{Location: "body", Message: err.Error()}}
	}
	return 0, nil
}
