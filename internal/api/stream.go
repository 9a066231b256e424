package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/yuntu-city/yuntu/internal/ui"
)

// Stream is an answer that writes itself: a file.
type Stream struct {
	Body func(huma.Context)
}

// StreamOf answers with what send writes, or with a problem when it fails before its first byte.
func StreamOf(send func(w http.ResponseWriter, r *http.Request) error) *Stream {
	return &Stream{func(c huma.Context) {
		r, w := humago.Unwrap(c)
		if err := send(w, r); err != nil {
			WriteProblem(w, r, ui.StatusOf(err), err)
		}
	}}
}
