package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Download is an answer to be kept as a file. It sends its headers with the first byte, so that
// what fails before that is still answered as a fault.
type Download struct {
	w        http.ResponseWriter
	name     string
	mimeType string
	begun    bool
}

// NewDownload starts a file. The name has its ending and may be Chinese; browsers that cannot read
// that use "export" instead.
func NewDownload(w http.ResponseWriter, name, mimeType string) *Download {
	return &Download{w: w, name: name, mimeType: mimeType}
}

// Write sends a part of the file.
func (d *Download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		head := d.w.Header()
		head.Set("Content-Type", d.mimeType)
		head.Set("Cache-Control", "no-store")
		head.Set("Content-Disposition", disposition(d.name))
	}
	return d.w.Write(b)
}

func disposition(name string) string {
	plain := strings.IndexFunc(name, func(r rune) bool {
		return r < ' ' || r > '~' || r == '"' || r == '\\'
	}) < 0
	if plain {
		return `attachment; filename="` + name + `"`
	}
	ending := ""
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		ending = name[i:]
	}
	return fmt.Sprintf(`attachment; filename="export%s"; filename*=UTF-8''%s`, percent(ending),
		percent(name))
}

// percent writes a text as RFC 8187 wants it.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// End answers with a fault what failed before the first byte. Afterwards there is no way to say it
// but to break the connection: half a file must not look like a whole one.
func (d *Download) End(err error) error {
	if err != nil && d.begun {
		panic(http.ErrAbortHandler)
	}
	return err
}
