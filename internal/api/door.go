package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/yuntu-city/yuntu/internal/web"
)

// door is an operation that has forgotten its types: it reads the request into a value of type in, calls, and
// writes what came back. Package huma does the same in a generic function, which the compiler translates again
// for each of some five hundred operations; this is translated once.
type door struct {
	api     *API
	op      huma.Operation
	public  bool
	in      reflect.Type
	params  []param
	body    []int // the field Body of in, nil without
	form    []int // the field RawBody of in, nil without
	fields  []FormField
	headers []header
	status  []int // the field Status of the answer, nil without
	answer  []int // the field Body of the answer, nil without
	call    func(ctx context.Context, in any) (out any, err error)
}

// serve answers one request.
func (d *door) serve(c huma.Context) {
	r, _ := humago.Unwrap(c)
	defer web.DropUploads(r)
	if found := d.unknown(c); len(found) > 0 {
		d.refuse(c, http.StatusUnprocessableEntity, found...)
		return
	}
	in := reflect.New(d.in)
	wrong := d.readParams(c, in.Elem())
	status, more := d.readBody(c, in.Elem())
	wrong = append(wrong, more...)
	if r, is := in.Interface().(huma.Resolver); is && status == 0 {
		wrong = append(wrong, r.Resolve(c)...)
	}
	if status == 0 && len(wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	if status != 0 {
		d.refuse(c, status, wrong...)
		return
	}
	out, err := d.enter(c.Context(), in.Interface())
	if err != nil {
		d.fail(c, err)
		return
	}
	d.write(c, out)
}

// enter calls the use case for those who may.
func (d *door) enter(ctx context.Context, in any) (any, error) {
	if !d.public {
		if err := web.RequireLogin(ctx); err != nil {
			return nil, err
		}
	}
	return d.call(ctx, in)
}

// refuse answers a request that could not be read.
func (d *door) refuse(c huma.Context, status int, wrong ...error) {
	d.send(c, status, problemOf(c, status, "", wrong...))
}

// fail answers with the error of a use case.
func (d *door) fail(c huma.Context, err error) {
	done := d.api.problem(c.Context(), err)
	d.send(c, done.GetStatus(), done)
}
