// Package web is the door for browsers: it frames requests with limits, a session and a language,
// renders pages and faults, and serves the routes that the rooms declare.
//
// A room's page handler decodes its input, calls one use case of its room, and renders. It is a
// Handler, which may simply return an error: this package turns faults into pages, once.
package web
