package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

//go:embed static/app.css static/app.js static/points.js static/seal.svg static/vendor/htmx.min.js
var assetFiles embed.FS

// asset is one file of the site as it is sent.
type asset struct {
	url  string // PathAssets + name with content hash
	mime string
	etag string
	body []byte
	gzip []byte
}

// loadAssets reads and compresses the embedded files once, at first use: about 150 KB.
var loadAssets = sync.OnceValue(func() map[string]asset {
	out := map[string]asset{}
	err := fs.WalkDir(assetFiles, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := assetFiles.ReadFile(p)
		if err != nil {
			return err
		}
		a, err := newAsset(path.Base(p), body)
		if err != nil {
			return err
		}
		out[path.Base(p)] = a
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("ui: embedded assets: %v", err))
	}
	return out
})

func newAsset(name string, body []byte) (asset, error) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:8])
	ext := path.Ext(name)
	a := asset{
		url:  PathAssets + strings.TrimSuffix(name, ext) + "." + hash + ext,
		mime: assetType(ext),
		etag: `"` + hash + `"`,
		body: body,
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return asset{}, fmt.Errorf("compress %s: %w", name, err)
	}
	if _, err := w.Write(body); err != nil {
		return asset{}, fmt.Errorf("compress %s: %w", name, err)
	}
	if err := w.Close(); err != nil {
		return asset{}, fmt.Errorf("compress %s: %w", name, err)
	}
	a.gzip = b.Bytes()
	return a, nil
}

// assetType does not ask the machine's own table of types, which differs from host to host.
func assetType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(ext)
}

// AssetURL returns the address of an embedded file by its plain name ("app.css"). A name that
// does not exist is a mistake in the program and panics.
func AssetURL(name string) string {
	a, ok := loadAssets()[name]
	if !ok {
		panic("ui: no asset " + name)
	}
	return a.url
}

// Assets serves the embedded files below PathAssets. The names carry the hash of the content, so
// answers may be kept for ever. A name with another hash is not found, never an older file.
func Assets() http.Handler {
	byURL := map[string]asset{}
	for _, a := range loadAssets() {
		byURL[a.url] = a
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.send(w, r)
	})
}

func (a asset) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.mime)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.gzip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	// A broken connection is the client's matter: nothing can be answered any more.
	_, _ = w.Write(body)
}

// acceptsGzip reads Accept-Encoding: gzip must be named and not refused with q=0.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q := strings.TrimPrefix(strings.TrimSpace(params), "q=")
			return strings.Trim(q, "0.") != "" || params == ""
		}
	}
	return false
}
