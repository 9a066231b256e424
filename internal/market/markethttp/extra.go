package markethttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// Extra lets a sibling room add to the record of a post what only it knows: the request for an
// introduction, the matches, a date at a roadshow.
type Extra interface {
	// OnPost returns what the caller of r may see and do beside the post p, which r may read. It is
	// asked on every page of the record, so it counts and links, and reads more in Tab.Body only.
	OnPost(r *http.Request, p market.Post) (Addition, error)
}

// Addition is what a room adds to the record of a post. Texts are in the language of the request.
type Addition struct {
	Actions []ui.Action     // buttons at the top, after those of the post; at most one Primary
	Facts   []ui.Fact       // in the box at the side, after those of the post
	Notice  templ.Component // between the head and the tabs, nil for none
	Tabs    []ExtraTab
}

// ExtraTab is a tab of the record. Its address is the post's with Name behind it.
type ExtraTab struct {
	Name  string // "matches"; a name the record has itself replaces that tab
	Title string // in the language of the request
	Count string // shown beside the title, "" for none
	Body  func() (templ.Component, error)
}

// extras asks every sibling room.
func (h *Handler) extras(r *http.Request, p market.Post) ([]Addition, error) {
	var out []Addition
	for _, x := range h.deps.Extras {
		a, err := x.OnPost(r, p)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
