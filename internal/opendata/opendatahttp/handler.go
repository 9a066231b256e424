// Package opendatahttp is the door of open data: its page, its files and its operations.
package opendatahttp

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/opendata"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const pathOpen = "/open"

// Handler serves open data.
type Handler struct {
	web  *web.Server
	room *opendata.Service
}

// New returns the door of open data.
func New(s *opendata.Service, w *web.Server) *Handler { return &Handler{w, s} }

// Routes returns the pages of open data.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: pathOpen, Access: web.Everyone, Handle: h.getOpen,
			UseCases: []string{"opendata.ListSets"}},
		{Method: http.MethodGet, Path: pathOpen + "/{file}", Access: web.Everyone, Handle: h.getFile,
			UseCases: []string{"opendata.GetSet", "opendata.Write"}},
	}
}

// getOpen lists the data sets with their fields.
func (h *Handler) getOpen(w http.ResponseWriter, r *http.Request) error {
	list, err := h.room.ListSets(r.Context())
	if err != nil {
		return err
	}
	p := h.web.Page(r, "开放数据")
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title,
		Lead: kit.Say(r, "社会公众可以查看的内容，整理成数据集供下载；不含未公开的内容。")})}
	for _, k := range list {
		updated := "—"
		if k.UpdatedUs > 0 {
			updated = kit.Moment(r, k.UpdatedUs)
		}
		facts := []ui.Fact{{Term: kit.Say(r, "行数"), Text: i18n.Int(k.Count)},
			{Term: kit.Say(r, "最近更新"), Text: updated}, {Term: kit.Say(r, "使用许可"), Text: kit.Say(r, k.Licence)}}
		t := ui.Table{Caption: kit.Say(r, "各字段"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "字段")},
			{Label: kit.Say(r, "含义")}}}
		for _, c := range k.Columns {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Name}, {Text: kit.Say(r, c.Title)}}})
		}
		title := kit.Say(r, k.Title)
		parts = append(parts, dataSet(title, kit.Say(r, k.About), facts, files(k.Name, title), t.Caption, t))
	}
	return h.web.Render(w, r, web.View{Page: p, Body: templ.Join(parts...)})
}

// files are the links to the files of a data set.
func files(name, title string) templ.Component {
	var out []templ.Component
	for _, f := range []string{opendata.CSV, opendata.JSON} {
		text := strings.ToUpper(f)
		out = append(out, ui.Button(ui.Action{Text: text, Label: text + " " + title, Href: pathOpen + "/" + name + "." + f}))
	}
	return templ.Join(out...)
}

var media = map[string]string{opendata.CSV: "text/csv; charset=utf-8", opendata.JSON: "application/json"}

func (h *Handler) getFile(w http.ResponseWriter, r *http.Request) error {
	name, format, _ := strings.Cut(r.PathValue("file"), ".")
	return h.send(w, r, name, format)
}

// send streams a file, or says that the one the caller has is still right.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, name, format string) error {
	k, err := h.room.GetSet(r.Context(), name)
	if err != nil {
		return err
	}
	tag := `"` + k.Tag + "-" + format + `"`
	for _, had := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if had = strings.TrimPrefix(strings.TrimSpace(had), "W/"); had == tag {
			w.Header().Set("ETag", tag)
			w.Header().Set("Cache-Control", cacheControl)
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	out := &file{w: w, name: k.Name + "." + format, format: format, tag: tag}
	err = h.room.Write(r.Context(), name, format, out)
	if err != nil && out.begun {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return err
}

// cacheControl lets everybody keep a file as long as the room keeps what it knows of it.
const cacheControl = "public, max-age=300"

// file is an answer that may be kept. It sends its headers with the first byte, so that what fails before
// that is still answered as a fault.
type file struct {
	w                 http.ResponseWriter
	name, format, tag string
	begun             bool
}

func (f *file) Write(b []byte) (int, error) {
	if !f.begun {
		f.begun = true
		head := f.w.Header()
		head.Set("Content-Type", media[f.format])
		head.Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
		head.Set("Cache-Control", cacheControl)
		head.Set("ETag", f.tag)
	}
	return f.w.Write(b)
}

// Operations adds the operations of open data.
func (h *Handler) Operations(a *api.API) {
	op := func(useCase, path, title string) api.Operation {
		return api.Operation{UseCase: useCase, Method: http.MethodGet, Path: path, Title: title, Tag: "opendata",
			Public: true}
	}
	api.Add(a, op("opendata.ListSets", pathOpen, "开放数据集列表"),
		func(ctx context.Context, _ *struct{}) (*kit.Body[[]opendata.Known], error) {
			list, err := h.room.ListSets(ctx)
			return kit.BodyOf(kit.List(list), err)
		})
	type named struct {
		Name string `path:"name" maxLength:"40"`
	}
	api.Add(a, op("opendata.GetSet", pathOpen+"/{name}", "开放数据集"),
		func(ctx context.Context, in *named) (*kit.Body[opendata.Known], error) {
			return kit.BodyOf(h.room.GetSet(ctx, in.Name))
		})
	api.Add(a, op("opendata.Write", pathOpen+"/{name}/file", "下载开放数据集"),
		func(_ context.Context, in *struct {
			Name   string `path:"name" maxLength:"40"`
			Format string `query:"format" default:"csv" doc:"csv or json"`
		}) (*kit.Stream, error) {
			return kit.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
				return h.send(w, r, in.Name, in.Format)
			}), nil
		})
}
