package dicthttp

import (
	"context"
	"mime/multipart"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxImportBody is the size of a whole edition or year as JSON, in bytes.
const maxImportBody = 16 << 20

type listsOut struct{ Body []dict.Edition }

type itemsIn struct {
	api.Paging
	List    string `path:"list" maxLength:"40"`
	Edition string `query:"edition" doc:"the one in force when empty"`
	Tree    bool   `query:"tree" doc:"one level: the children of parent, or the top"`
	Parent  string `query:"parent"`
	Under   string `query:"under" doc:"only this code and what lies below it"`
	Q       string `query:"q" doc:"code begins with it, or name contains it"`
}

type itemsOut struct{ Body api.Page[dict.Item] }

// itemIn is an item to import; what follows from others is not sent.
type itemIn struct {
	Code   string    `json:"code"`
	Parent string    `json:"parent,omitempty"`
	Name   string    `json:"name"`
	Kind   dict.Kind `json:"kind,omitempty"`
}

type importIn struct {
	Body struct {
		List    dict.ListID `json:"list"`
		Edition string      `json:"edition"`
		Title   string      `json:"title,omitempty"`
		Source  string      `json:"source"`
		From    clock.Date  `json:"from" doc:"first day in force"`
		Items   []itemIn    `json:"items" doc:"the whole edition, parents before children"`
		DryRun  bool        `json:"dryRun,omitempty" doc:"check the items only, store nothing"`
	}
}

type editionOut struct{ Body dict.Edition }

// yearBody is the arrangement of a year.
type yearBody struct {
	Year    int         `json:"year"`
	Version int64       `json:"version"`
	Days    []dayInBody `json:"days"`
}

type dayInBody struct {
	Day    clock.Date `json:"day"`
	Off    bool       `json:"off" doc:"false: a weekend day that is worked"`
	Name   string     `json:"name" doc:"of the holiday"`
	Source string     `json:"source" doc:"number of the document"`
}

type yearsOut struct{ Body []yearBody }

type yearIn struct {
	api.Match
	Year int `path:"year"`
	Body struct {
		Days   []dayInBody `json:"days"`
		DryRun bool        `json:"dryRun,omitempty" doc:"check only, store nothing"`
	}
}

type yearOut struct {
	ETag string `header:"ETag"`
	Body yearBody
}

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	op := func(name, method, path, title string, public bool, max int64) api.Operation {
		return api.Operation{UseCase: "dict." + name, Method: method, Path: path, Title: title,
			Tag: "dict", Public: public, Maximum: max}
	}
	api.Add(a, op("Lists", http.MethodGet, "/dict", "列出字典和版本", true, 0),
		func(ctx context.Context, _ *struct{}) (*listsOut, error) {
			all, err := h.dict.Lists(api.By(ctx))
			return &listsOut{all}, err
		})
	api.Add(a, op("Items", http.MethodGet, "/dict/{list}/items", "查询字典条目", true, 0), h.apiItems)
	api.Add(a, op("Import", http.MethodPost, "/dict", "导入字典新版本", false, maxImportBody), h.apiImport)
	report := op("Report", http.MethodPost, "/dict/report", "标出字典表格中的问题", false, sheet.MaxFileBytes+formMemory)
	report.Form = []api.FormField{{Name: fileField, File: true, Needed: true, Doc: "the table, .xlsx or .csv"},
		{Name: "list", Needed: true, Doc: "id of the list"}}
	api.Add(a, report, h.apiReport)
	api.Add(a, op("Years", http.MethodGet, "/calendar", "列出各年节假日安排", true, 0),
		func(ctx context.Context, _ *struct{}) (*yearsOut, error) {
			years, err := h.dict.Years(api.By(ctx))
			out := &yearsOut{[]yearBody{}}
			for _, y := range years {
				out.Body = append(out.Body, yearBodyOf(y))
			}
			return out, err
		})
	api.Add(a, op("ImportYear", http.MethodPut, "/calendar/{year}", "导入一年的节假日安排", false,
		maxImportBody), h.apiImportYear)
}

func (h *Handler) apiItems(ctx context.Context, in *itemsIn) (*itemsOut, error) {
	page, err := h.dict.Items(api.By(ctx), dict.Query{List: dict.ListID(in.List),
		Edition: in.Edition, Tree: in.Tree || in.Parent != "", Parent: in.Parent, Under: in.Under,
		Text: in.Q}, in.Req())
	return &itemsOut{api.PageOf(page)}, err
}

func (h *Handler) apiImport(ctx context.Context, in *importIn) (*editionOut, error) {
	b, by := in.Body, api.By(ctx)
	if err := dict.Policy.May(by, dict.ActWrite, b.List); err != nil {
		return nil, err
	}
	if err := checkList(b.List); err != nil {
		return nil, err
	}
	e := dict.NewEdition{List: b.List, Edition: b.Edition, Title: b.Title, Source: b.Source,
		From: b.From}
	for i, it := range b.Items {
		e.Rows = append(e.Rows, dict.ItemRow{Number: i + 1, Item: dict.Item{Code: it.Code,
			Parent: it.Parent, Name: it.Name, Kind: it.Kind}})
	}
	if b.DryRun {
		err := dict.CheckItems(ctx, e.List, e.Rows)
		return &editionOut{dict.Edition{List: e.List, Edition: e.Edition, Title: e.Title,
			Source: e.Source, From: e.From, Items: int64(len(e.Rows))}}, err
	}
	got, err := h.dict.Import(ctx, by, e)
	return &editionOut{got}, err
}

// apiReport takes a form with the table and the id of the list, and sends the table back marked, or
// nothing when nothing is wrong.
func (h *Handler) apiReport(_ context.Context, in *struct {
	RawBody multipart.Form
}) (*api.Stream, error) {
	return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
		defer func() { _ = in.RawBody.RemoveAll() }() // temporary files; the system clears them, too
		r.MultipartForm = &in.RawBody
		t, err := readTable(r, dict.ItemSheet)
		if err != nil {
			return err
		}
		list := ""
		if v := in.RawBody.Value["list"]; len(v) > 0 {
			list = v[0]
		}
		out := markedFile(w, r)
		n, err := h.dict.Report(r.Context(), web.Actor(r), dict.ListID(list), t, out)
		if err == nil && n == 0 {
			w.WriteHeader(http.StatusNoContent)
		}
		return out.End(err)
	}), nil
}

func yearBodyOf(y dict.YearInfo) yearBody {
	out := yearBody{Year: y.Year, Version: y.Version, Days: []dayInBody{}}
	for _, x := range y.Holidays {
		out.Days = append(out.Days, dayInBody(x))
	}
	return out
}

func (h *Handler) apiImportYear(ctx context.Context, in *yearIn) (*yearOut, error) {
	by := api.By(ctx)
	if err := dict.Policy.May(by, dict.ActWrite, ""); err != nil {
		return nil, err
	}
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	var rows []dict.HolidayRow
	for i, d := range in.Body.Days {
		rows = append(rows, dict.HolidayRow{Number: i + 1, Holiday: clock.Holiday(d)})
	}
	if in.Body.DryRun {
		days, err := dict.CheckYear(ctx, in.Year, rows)
		return &yearOut{api.ETag(version),
			yearBodyOf(dict.YearInfo{Year: in.Year, Version: version, Holidays: days})}, err
	}
	if err := h.dict.ImportYear(ctx, by, in.Year, version, rows); err != nil {
		return nil, err
	}
	years, err := h.dict.Years(by)
	for _, y := range years {
		if y.Year == in.Year {
			return &yearOut{api.ETag(y.Version), yearBodyOf(y)}, nil
		}
	}
	return nil, err
}
