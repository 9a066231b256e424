package partyhttp

import (
	"net/url"
	"strings"
)

// orgPath is the address of an organisation's record; tail is "" or a tab or action.
func orgPath(orgID, tail string) string { return join("/orgs/", orgID, tail) }

// personPath is the address of a person's record.
func personPath(personID, tail string) string { return join("/people/", personID, tail) }

func join(base, recordID, tail string) string {
	p := base + url.PathEscape(recordID)
	if tail != "" {
		p += "/" + tail
	}
	return p
}

// address is a path with a query that keeps the order of names, so that the same filter always has
// the same address.
type address struct {
	path  string
	names []string
	value map[string]string
}

// newAddress takes over the values of the names that are set.
func newAddress(path string, names []string, get func(string) string) address {
	a := address{path: path, names: names, value: map[string]string{}}
	for _, n := range names {
		if v := get(n); v != "" {
			a.value[n] = v
		}
	}
	return a
}

// with returns the address with other values, given as name and value in turn; "" removes a name.
func (a address) with(pairs ...string) string {
	var b strings.Builder
	add := func(name, value string) {
		if value == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(value))
	}
	changed := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		changed[pairs[i]] = pairs[i+1]
	}
	for _, n := range a.names {
		v, is := changed[n]
		if !is {
			v = a.value[n]
		}
		delete(changed, n)
		add(n, v)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v, is := changed[pairs[i]]; is {
			add(pairs[i], v)
		}
	}
	if b.Len() == 0 {
		return a.path
	}
	return a.path + "?" + b.String()
}
