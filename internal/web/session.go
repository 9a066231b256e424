package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Session is who a request comes from, as the identity room sees it now.
type Session struct {
	ID      string
	Actor   authz.Actor
	Name    string // of the person, for the header
	OrgName string // of the organisation acted for
	Others  []RoleChoice
	Unread  int
	// Pending is the address of a step that must be done before anything else (second factor,
	// change of a first password), "" for none.
	Pending string
}

// RoleChoice is another role the person may switch to.
type RoleChoice struct {
	Value string // what the role form sends
	Title string // Chinese key
	Org   string // name of the organisation or region the role is for
}

// LoggedIn reports whether somebody is logged in.
func (s Session) LoggedIn() bool { return s.Actor.Account != "" }

// Sessions finds out who a request comes from. An unknown or ended token is NotFound.
type Sessions interface {
	// Resume finds the session of a browser's cookie.
	Resume(ctx context.Context, token string) (Session, error)
	// Bearer finds the account of an API token.
	Bearer(ctx context.Context, token string) (Session, error)
}

const sessionCookie = "yuntu_session"

// SetSession gives the browser its session token. The cookie ends with the browser; the server
// ends the session earlier when it idles.
func (s *Server) SetSession(w http.ResponseWriter, token string) {
	http.SetCookie(w, s.cookie(sessionCookie, token, 0, true))
}

// ClearSession takes the token away.
func (s *Server) ClearSession(w http.ResponseWriter) {
	http.SetCookie(w, s.cookie(sessionCookie, "", -1, true))
}

// SetCookie gives the browser a value of a door's own for so many seconds; 0 keeps it until the
// browser closes, less takes it away. Scripts cannot read it.
func (s *Server) SetCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, s.cookie(name, value, maxAge, true))
}

func (s *Server) cookie(name, value string, maxAge int, secret bool) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: secret,
		Secure: s.secure, SameSite: http.SameSiteLaxMode,
	}
}

// Token returns the session token that the browser sent, "" for none.
func Token(r *http.Request) string {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// resume finds the session of a request. A token that no longer counts is taken away.
func (s *Server) resume(w http.ResponseWriter, r *http.Request) (Session, error) {
	visitor := Session{Actor: authz.Actor{
		Role: authz.Public, Via: authz.ViaSession, Request: RequestID(r.Context()),
	}}
	// The name of a scheme may be written in any case (RFC 9110, 11.1): a token taken for none would show a
	// program what visitors see, without a word.
	scheme, bearer, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if ok && strings.EqualFold(scheme, "Bearer") {
		return s.bearer(r, visitor, bearer)
	}
	token := Token(r)
	if token == "" || s.deps.Sessions == nil {
		return visitor, nil
	}
	got, err := s.deps.Sessions.Resume(r.Context(), token)
	if fault.Is(err, fault.NotFound) {
		s.ClearSession(w)
		return visitor, nil
	}
	if err != nil {
		return visitor, err
	}
	got.Actor.Request = RequestID(r.Context())
	return got, nil
}

// bearer finds the account of an API token. Tokens open the API only: a page asked for with one
// is a mistake of the caller, and a stale token is said so instead of being taken for a visitor.
func (s *Server) bearer(r *http.Request, visitor Session, token string) (Session, error) {
	if !strings.HasPrefix(r.URL.Path, apiPrefix) || s.deps.Sessions == nil {
		return visitor, fault.New(fault.Forbidden, "令牌只能用于接口")
	}
	got, err := s.deps.Sessions.Bearer(r.Context(), token)
	if fault.Is(err, fault.NotFound) {
		return visitor, errToken
	}
	if err != nil {
		return visitor, err
	}
	got.Actor.Request = RequestID(r.Context())
	return got, nil
}

// errToken is answered with 401 by the API.
var errToken = fault.New(fault.Forbidden, "令牌无效、已过期或已撤销")

// RequireLogin returns what a visitor is told who asks for something that members may do.
func RequireLogin(ctx context.Context) error {
	if of(ctx).session.LoggedIn() {
		return nil
	}
	return errLogin
}

// Unauthenticated reports whether err says that the caller has to prove who they are first.
func Unauthenticated(err error) bool {
	return errors.Is(err, errLogin) || errors.Is(err, errToken)
}

type requestKey struct{}

// request is what the frame knows about a request; handlers read it through the functions below.
type request struct {
	id      string
	session Session
	prefs   prefs
	address string // of the caller, behind trusted proxies
	started time.Time

	who    func(ctx context.Context, login string) string // may be nil
	naming sync.Mutex
	names  map[string]string // of those that Who was asked for
}

func of(ctx context.Context) *request {
	if q, ok := ctx.Value(requestKey{}).(*request); ok {
		return q
	}
	return &request{session: Session{Actor: authz.Actor{Role: authz.Public}}}
}

// RequestID returns the number that a person can quote and the log carries.
func RequestID(ctx context.Context) string { return of(ctx).id }

// SessionOf returns the session of a request; a visitor has one without an account.
func SessionOf(r *http.Request) Session { return of(r.Context()).session }

// Actor returns who acts.
func Actor(r *http.Request) authz.Actor { return ActorOf(r.Context()) }

// ActorOf returns who acts, for handlers that have the context only.
func ActorOf(ctx context.Context) authz.Actor { return of(ctx).session.Actor }

// Address returns the network address of the caller, without port.
func Address(r *http.Request) string { return of(r.Context()).address }
