package dealhttp

import (
	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/ui"
)

// What the templates show, in words.
type (
	boardColumn struct {
		mark  ui.State
		count string
		all   string // the list of the column, when it has more than is shown
		cards []boardCard
	}
	boardCard struct {
		title, href, code, who, due string
		late                        bool
		more                        string // whose turn it is, the amount, and when it last moved
		action                      string
		steps                       []ui.Option
	}
	partShown  struct{ name, share string }
	splitShown struct {
		title string
		mark  ui.State
		parts []partShown
		note  string
		marks []ui.State
	}
	barShown  struct{ name, n, share string }
	statShown struct{ name, value, unit, href string }
)

// current gives aria-current only where it is true.
func current(on bool) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}
