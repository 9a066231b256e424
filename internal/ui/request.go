package ui

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// CSP is the content security policy of every page.
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'"

// PartialRequest reports whether the request wants only the part that changes. Every address
// also answers with its whole page. Answers that depend on it need "Vary: HX-Request-Type".
func PartialRequest(r *http.Request) bool {
	return r.Header.Get("HX-Request-Type") == "partial"
}

// Target is the id of the element an htmx request will fill ("drawer", "results"), "" if none.
func Target(r *http.Request) string {
	_, id, _ := strings.Cut(r.Header.Get("HX-Target"), "#")
	return id
}

// AutosaveRequest reports whether app.js posted a draft: answer 204 with X-Saved-At (the time to
// show, "14:32:05") and X-Version (the new row version), or an error status.
func AutosaveRequest(r *http.Request) bool { return r.Header.Get("X-Autosave") == "1" }

// ToastHeader is the value of HX-Trigger that shows text for some seconds. A header holds ASCII
// only, so everything else is escaped.
func ToastHeader(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil { // a string always marshals
		return ""
	}
	return `{"toast":` + asciiJSON(string(quoted)) + `}`
}

// asciiJSON replaces what is not ASCII by \u escapes, in UTF-16 as JSON wants it.
func asciiJSON(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x7f:
			b.WriteRune(r)
		case r >= 0x10000:
			r -= 0x10000
			b.WriteString(`\u` + strconv.FormatInt(int64(0xd800+r>>10), 16))
			b.WriteString(`\u` + strconv.FormatInt(int64(0xdc00+r&0x3ff), 16))
		default:
			hex := strconv.FormatInt(int64(r), 16)
			b.WriteString(`\u` + strings.Repeat("0", 4-len(hex)) + hex)
		}
	}
	return b.String()
}
