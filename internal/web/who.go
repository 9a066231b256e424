package web

import (
	"context"
	"net/http"
)

// Who returns the name of the person with a log-in, for people to read; the log-in itself where nobody has it
// any more. A visitor without an account learns no names. A page asks for each only once.
func Who(r *http.Request, login string) string { return WhoOf(r.Context(), login) }

// WhoOf is Who for handlers that have the context only.
func WhoOf(ctx context.Context, login string) string {
	q := of(ctx)
	if login == "" || q.who == nil || !q.session.LoggedIn() {
		return login
	}
	q.naming.Lock()
	defer q.naming.Unlock()
	name, known := q.names[login]
	if !known {
		if name = q.who(ctx, login); name == "" {
			name = login
		}
		if q.names == nil {
			q.names = map[string]string{}
		}
		q.names[login] = name
	}
	return name
}
