package web

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Handler answers a request or returns why it cannot. After an error nothing may have been
// written.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Access says who may call a route at all. What they see there is decided by package authz.
type Access uint8

// The accesses. The zero value asks for a log-in.
const (
	Members  Access = iota // anybody logged in
	Everyone               // visitors too
)

// Route is one address of the site.
type Route struct {
	Method string // GET or POST: forms of browsers know no other
	Path   string // pattern of http.ServeMux without method
	// UseCases name the methods of room services that the handler calls ("party.GetOrganisation").
	// A test proves that each has its operation in the API. A page that calls none is empty here.
	UseCases []string
	Access   Access
	Upload   bool // takes files: the larger body limit
	Handle   Handler
}

// require answers for Members: a visitor is sent to the log-in by the caller of the handler.
func (rt Route) require(s Session) error {
	if rt.Access == Everyone || s.LoggedIn() {
		return nil
	}
	return errLogin
}

// errLogin sends a visitor to the log-in page, or answers 403 where there is no page to return to.
var errLogin = fault.New(fault.Forbidden, "请先登录")
