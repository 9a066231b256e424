package api

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// Fields of inputs and answers that are not parameters.
const (
	fieldBody   = "Body"
	fieldForm   = "RawBody"
	fieldStatus = "Status"
)

// take learns what an operation reads and says it in the description.
func (d *door) take(types huma.Registry) {
	d.params = paramsOf(d.in, types)
	for _, p := range d.params {
		var repeated *bool
		if p.in == "query" {
			repeated = &p.repeated
		}
		d.op.Parameters = append(d.op.Parameters, &huma.Param{Name: p.name, In: p.in, Description: p.schema.Description,
			Explode: repeated, Required: p.required, Schema: p.schema})
	}
	if f, has := d.in.FieldByName(fieldBody); has {
		d.body = f.Index
		schema := huma.SchemaFromField(types, f, hint(d.in, fieldBody, d.op.OperationID+"Request"))
		schema.PrecomputeMessages()
		d.op.RequestBody = &huma.RequestBody{Required: f.Type.Kind() != reflect.Pointer,
			Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
	}
	if f, has := d.in.FieldByName(fieldForm); has {
		d.form = f.Index
		d.op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"multipart/form-data": {Schema: formSchema(d.fields)}}}
	}
}

// give learns what an operation answers and says it in the description.
func (d *door) give(out reflect.Type, types huma.Registry) {
	if f, has := out.FieldByName(fieldStatus); has {
		d.status = f.Index
	}
	success := &huma.Response{Headers: map[string]*huma.Param{}}
	if f, has := out.FieldByName(fieldBody); has {
		d.answer = f.Index
		if f.Type.Kind() != reflect.Func {
			schema := huma.SchemaFromField(types, f, hint(out, fieldBody, d.op.OperationID+"Response"))
			success.Content = map[string]*huma.MediaType{"application/json": {Schema: schema}}
		}
	}
	if d.op.DefaultStatus == 0 {
		d.op.DefaultStatus = http.StatusNoContent
		if d.answer != nil {
			d.op.DefaultStatus = http.StatusOK
		}
	}
	status := strconv.Itoa(d.op.DefaultStatus)
	success.Description = http.StatusText(d.op.DefaultStatus)
	d.headers = headersOf(out)
	for _, h := range d.headers {
		success.Headers[h.name] = &huma.Param{
			Schema: huma.SchemaFromField(types, h.field, hint(out, h.field.Name, d.op.OperationID+status+h.name))}
	}
	d.op.Responses = map[string]*huma.Response{status: success}
	problem := types.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, code := range append(d.op.Errors, http.StatusInternalServerError) {
		d.op.Responses[strconv.Itoa(code)] = &huma.Response{Description: http.StatusText(code),
			Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
	}
}

// hint names the schema of a field: after its struct, or after the operation when the struct has no name.
func hint(t reflect.Type, field, other string) string {
	if t.Name() != "" {
		return t.Name() + field
	}
	return other
}
