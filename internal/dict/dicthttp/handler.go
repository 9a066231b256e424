// Package dicthttp holds the pages and operations of the code lists and of the calendar of working
// days.
package dicthttp

import (
	"net/http"
	"slices"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Paths of the pages.
const (
	Path         = "/admin/dict"
	pathImport   = Path + "/import"
	pathCalendar = Path + "/calendar"
)

const pageSize = 50

// Handler answers for the lists and the calendar.
type Handler struct {
	dict  *dict.Service
	web   *web.Server
	clock clock.Clock
}

// New returns a handler.
func New(d *dict.Service, w *web.Server, c clock.Clock) *Handler { return &Handler{d, w, c} }

// Routes lists the pages. The words "import" and "calendar" cannot be the ids of lists: see
// reserved.
func (h *Handler) Routes() []web.Route {
	get := func(path string, handle web.Handler, uses ...string) web.Route {
		return web.Route{Method: http.MethodGet, Path: path, Handle: handle, UseCases: uses}
	}
	upload := func(path string, handle web.Handler, uses ...string) web.Route {
		return web.Route{Method: http.MethodPost, Path: path, Handle: handle, UseCases: uses,
			Upload: true}
	}
	return []web.Route{
		get(Path, h.lists, "dict.Lists"),
		get(Path+"/{list}", h.items, "dict.Lists", "dict.Items"),
		get(pathImport, h.askEdition, "dict.Lists"),
		upload(pathImport, h.importEdition, "dict.Import", "dict.Report"),
		get(pathImport+"/template", h.editionTemplate),
		get(pathCalendar, h.calendar, "dict.Years"),
		get(pathCalendar+"/import", h.askYear, "dict.Years"),
		upload(pathCalendar+"/import", h.importYear, "dict.ImportYear"),
		get(pathCalendar+"/template", h.yearTemplate),
	}
}

// reserved are words that stand in addresses where the id of a list stands.
var reserved = []dict.ListID{"import", "calendar"}

// checkList is the rule of both doors that a list can be reached by its address.
func checkList(list dict.ListID) error {
	if slices.Contains(reserved, list) {
		return fault.Fields(fault.At("list", "“%s”是保留字，请换一个字典代号", string(list)))
	}
	return nil
}

// mayWrite answers the pages of imports: who may only read is told so before filling in a form.
func mayWrite(r *http.Request) error {
	return dict.Policy.May(web.Actor(r), dict.ActWrite, "")
}

// sendTemplate sends an empty table to fill in.
func (h *Handler) sendTemplate(w http.ResponseWriter, r *http.Request, spec sheet.Spec) error {
	if err := mayWrite(r); err != nil {
		return err
	}
	out := web.NewDownload(w, spec.Name+".xlsx", sheet.XLSX.MediaType())
	return out.End(sheet.Template(r.Context(), out, sheet.XLSX, spec))
}

func (h *Handler) editionTemplate(w http.ResponseWriter, r *http.Request) error {
	return h.sendTemplate(w, r, dict.ItemSheet)
}

func (h *Handler) yearTemplate(w http.ResponseWriter, r *http.Request) error {
	return h.sendTemplate(w, r, dict.HolidaySheet)
}

// fileField is the field of the file in both forms, and of faults about it.
const fileField = sheet.FieldFile

// readTable reads the uploaded table. The facts say how it was read.
func readTable(r *http.Request, spec sheet.Spec) (*sheet.Table, error) {
	file, head, err := r.FormFile(fileField)
	if err != nil {
		if tooLarge(err) {
			return nil, err
		}
		return nil, fault.Fields(fault.At(fileField, "请选择要导入的文件"))
	}
	defer file.Close()
	return sheet.Read(r.Context(), head.Filename, file, spec)
}

// notices says how a table was read.
func notices(r *http.Request, t *sheet.Table) []string {
	l := i18n.From(r.Context())
	var out []string
	for _, n := range t.Facts.Notices {
		out = append(out, n.Text(l))
	}
	return out
}
