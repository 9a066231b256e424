// Package api is the door for programs: JSON over HTTP, described by OpenAPI.
//
// An operation calls the same use case as a page and carries its name, so that a test can prove
// that every page has its operation. Bodies are decoded strictly (an unknown field is refused) and
// validated by the room, so both doors say the same about the same mistake. Errors are RFC 9457
// problems whose errors[] name the fields.
package api
