package partyhttp

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/kit"
)

// tag groups the operations of the registry in the description.
const tag = "party"

// ByID asks for one record.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// IfNone is embedded where an unchanged record need not be sent again.
type IfNone struct {
	IfNoneMatch string `header:"If-None-Match" doc:"the ETag that the caller has"`
}

// unchanged answers 304 when the caller has this version.
func (n IfNone) unchanged(version int64) error {
	for tag := range strings.SplitSeq(n.IfNoneMatch, ",") {
		tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
		if tag != "" && `"`+strings.TrimSuffix(tag, "-gz")+`"` == api.ETag(version) {
			return huma.Status304NotModified()
		}
	}
	return nil
}

// Operations adds the operations of the registry.
func (h *Handler) Operations(a *api.API) {
	h.orgReads(a)
	h.orgWrites(a)
	h.personReads(a)
	h.personWrites(a)
	h.importOperations(a)
}

// count is how many rows a list has.
type count struct {
	Count int64 `json:"count"`
}

func countOf(n int64, err error) (*kit.Body[count], error) { return kit.BodyOf(count{n}, err) }

// add adds an operation of this room.
func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = tag
	api.Add(a, op, handle)
}
