package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yuntu-city/yuntu/internal/fault"
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
			if s := p.schema; s.Pattern != "" || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil || s.MinLength != nil ||
				s.MultipleOf != nil || s.MinItems != nil || s.MaxItems != nil || s.Items != nil && len(s.Items.Enum) > 0 {
				panic("api: nothing checks what the tags of parameter " + name + " ask for")
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
			wrong = append(wrong, fault.Fields(fault.At(name, "没有这个查询参数")))
		}
	}
	return wrong
}

// readParams fills the fields of an input.
func (d *door) readParams(c huma.Context, in reflect.Value) (wrong []error) {
	for _, p := range d.params {
		text := p.given(c)
		if text == "" {
			text = p.text
		}
		key, args := "", []any(nil)
		if text != "" {
			key, args = p.set(c, in.FieldByIndex(p.index), text)
		} else if p.required {
			key = "缺少这个参数"
		}
		if key != "" {
			wrong = append(wrong, fault.Fields(fault.At(p.name, key, args...)))
		}
	}
	return wrong
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

// set puts a text into the field of a parameter. key says what is wrong with it, if anything.
func (p param) set(c huma.Context, field reflect.Value, text string) (key string, args []any) {
	switch field.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return "应为 true 或 false", nil
		}
		field.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "应为整数", nil
		}
		field.SetInt(n)
		return p.within(n)
	case reflect.Slice:
		list := strings.Split(text, ",")
		if address := c.URL(); p.repeated {
			if list = address.Query()[p.name]; len(list) == 0 {
				list = []string{text}
			}
		}
		field.Set(reflect.ValueOf(list).Convert(field.Type()))
	default:
		field.SetString(text)
		return p.oneOf(text)
	}
	return "", nil
}

// within holds a number against the least and the greatest that its tags name.
func (p param) within(n int64) (key string, args []any) {
	if least := p.schema.Minimum; least != nil && float64(n) < *least {
		return "不能小于 %d", []any{int64(*least)}
	}
	if most := p.schema.Maximum; most != nil && float64(n) > *most {
		return "不能大于 %d", []any{int64(*most)}
	}
	return "", nil
}

// oneOf holds a text against the length and the values that its tags name.
func (p param) oneOf(text string) (key string, args []any) {
	if most := p.schema.MaxLength; most != nil && utf8.RuneCountInString(text) > *most {
		return "最多 %d 个字符", []any{*most}
	}
	if len(p.schema.Enum) > 0 && !slices.Contains(p.schema.Enum, any(text)) {
		return "应为以下之一：%s", []any{strings.Trim(fmt.Sprint(p.schema.Enum), "[]")}
	}
	return "", nil
}

// readBody fills Body or RawBody. status is that of the refusal when the body could not be read at all.
func (d *door) readBody(c huma.Context, in reflect.Value) (status int, wrong []error) {
	if d.form != nil {
		form, err := c.GetMultipartForm()
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			return http.StatusRequestEntityTooLarge, nil
		}
		if err != nil {
			return 0, []error{fault.Fields(fault.At("body", "上传不完整，请重试"))}
		}
		in.FieldByIndex(d.form).Set(reflect.ValueOf(*form))
		return 0, strangers(form, d.fields)
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
