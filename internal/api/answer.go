package api

import (
	"log/slog"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yuntu-city/yuntu/internal/web"
)

// header is a text field of an answer that is sent as a header.
type header struct {
	index []int
	name  string
	field reflect.StructField
}

// headersOf lists the headers of an answer.
func headersOf(t reflect.Type) (found []header) {
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() || f.Name == fieldBody || f.Name == fieldStatus {
			continue
		}
		name := f.Tag.Get("header")
		if name == "" || f.Type.Kind() != reflect.String {
			panic("api: " + t.String() + "." + f.Name + " is neither a header of text nor Body nor Status")
		}
		found = append(found, header{f.Index, name, f})
	}
	return found
}

// write sends what a use case returned; out is a pointer to the answer, or nil.
func (d *door) write(c huma.Context, out any) {
	status := d.op.DefaultStatus
	if out == nil {
		c.SetStatus(status)
		return
	}
	v := reflect.ValueOf(out).Elem()
	for _, h := range d.headers {
		if text := v.FieldByIndex(h.index).String(); text != "" {
			c.SetHeader(h.name, text)
		}
	}
	if d.status != nil {
		status = int(v.FieldByIndex(d.status).Int())
	}
	if d.answer == nil {
		c.SetStatus(status)
		return
	}
	switch body := v.FieldByIndex(d.answer).Interface().(type) {
	case func(huma.Context):
		body(c)
	case []byte:
		c.SetStatus(status)
		_, _ = c.BodyWriter().Write(body) // the caller may have gone
	default:
		d.send(c, status, body)
	}
}

// send writes a body as JSON.
func (d *door) send(c huma.Context, status int, body any) {
	kind := "application/json"
	if own, is := body.(huma.ContentTypeFilter); is {
		kind = own.ContentType(kind)
	}
	c.SetHeader("Content-Type", kind)
	c.SetStatus(status)
	if status == http.StatusNoContent || status == http.StatusNotModified {
		return
	}
	if err := strictJSON.Marshal(c.BodyWriter(), body); err != nil && c.Context().Err() == nil {
		d.api.log.LogAttrs(c.Context(), slog.LevelError, "answer not written", slog.String("operation", d.op.OperationID),
			slog.String("request", web.RequestID(c.Context())), slog.String("error", err.Error()))
	}
}
