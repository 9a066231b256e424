package partyhttp

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// personListIn asks for a page of people.
type personListIn struct {
	PersonQuery
	api.Paging
}

func (h *Handler) personReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "party.ListPeople", Method: get, Path: "/people",
		Title: "人员列表", Public: true},
		func(ctx context.Context, in *personListIn) (*kit.Body[api.Page[party.Person]], error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			page, err := h.party.ListPeople(ctx, api.By(ctx), f, in.Sort, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "party.CountPeople", Method: get, Path: "/people/count",
		Title: "人员数量", Public: true},
		func(ctx context.Context, in *PersonQuery) (*kit.Body[count], error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			return countOf(h.party.CountPeople(ctx, api.By(ctx), f))
		})
	add(a, api.Operation{UseCase: "party.ExportPeople", Method: get, Path: "/people/export",
		Title: "导出人员"}, h.apiExportPeople)
	add(a, api.Operation{UseCase: "party.GetPerson", Method: get, Path: "/people/{id}",
		Title: "人员档案", Public: true}, h.apiGetPerson)
	add(a, api.Operation{UseCase: "party.PersonBeside", Method: get, Path: "/people/{id}/beside",
		Title: "列表中的上一个和下一个人员", Public: true}, h.apiPersonBeside)
	add(a, api.Operation{UseCase: "party.PersonTimeline", Method: get,
		Path: "/people/{id}/timeline", Title: "人员档案的时间线"}, h.apiPersonTimeline)
	// An identity number must not stand in an address, which logs and histories keep.
	add(a, api.Operation{UseCase: "party.SimilarPeople", Method: http.MethodPost,
		Path: "/people/similar", Title: "相近的人员"},
		func(ctx context.Context, in *struct {
			Body party.SimilarPersonInput
		}) (*kit.Body[[]party.SimilarPerson], error) {
			out, err := h.party.SimilarPeople(ctx, api.By(ctx), in.Body)
			return kit.BodyOf(kit.List(out), err)
		})
}

func (h *Handler) apiExportPeople(_ context.Context, in *struct {
	PersonQuery
	FormatIn
}) (*api.Stream, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
		return h.exportPeople(w, r, in.PersonQuery, f, in.Format)
	}), nil
}

func (h *Handler) apiGetPerson(ctx context.Context, in *struct {
	ByID
	IfNone
}) (*kit.Record[party.Person], error) {
	p, err := h.party.GetPerson(ctx, api.By(ctx), in.ID)
	if err == nil {
		err = in.unchanged(p.Version)
	}
	return kit.RecordOf(p, p.Version, err)
}

func (h *Handler) apiPersonBeside(ctx context.Context, in *struct {
	ByID
	PersonQuery
}) (*kit.Body[party.Beside], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	return kit.BodyOf(h.party.PersonBeside(ctx, api.By(ctx), in.ID, f, in.Sort))
}

func (h *Handler) apiPersonTimeline(ctx context.Context, in *struct {
	ByID
	api.Paging
}) (*kit.Body[api.Page[party.TimelineEntry]], error) {
	page, err := h.party.PersonTimeline(ctx, api.By(ctx), in.ID, in.Req())
	return kit.BodyOf(api.PageOf(page), err)
}

func (h *Handler) personWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "party.CreatePerson", Method: post, Path: "/people",
		Title: "登记人员", Status: http.StatusCreated}, h.apiCreatePerson)
	add(a, api.Operation{UseCase: "party.UpdatePerson", Method: http.MethodPut,
		Path: "/people/{id}", Title: "修改人员"}, h.apiUpdatePerson)
	add(a, api.Operation{UseCase: "party.RevealPerson", Method: post,
		Path: "/people/{id}/reveal", Title: "查看完整信息（留痕）"}, h.apiReveal)
	add(a, api.Operation{UseCase: "party.ArchivePerson", Method: post,
		Path: "/people/{id}/archive", Title: "归档或恢复人员"}, h.apiArchive)
	add(a, api.Operation{UseCase: "party.AddMembership", Method: post,
		Path: "/people/{id}/memberships", Title: "添加一条任职"}, h.apiAddMembership)
	add(a, api.Operation{UseCase: "party.EndMembership", Method: post,
		Path: "/people/{id}/memberships/{membership}/end", Title: "结束这条任职"}, h.apiEndMembership)
}

func (h *Handler) apiCreatePerson(ctx context.Context, in *struct {
	api.Once
	Body party.NewPerson
}) (*kit.Record[party.Person], error) {
	in.Body.Key = in.Once.Key
	p, err := h.party.CreatePerson(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(p, p.Version, err)
}

func (h *Handler) apiUpdatePerson(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body party.PersonUpdate
}) (*kit.Record[party.Person], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Once.Key
	p, err := h.party.UpdatePerson(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(p, p.Version, err)
}

func (h *Handler) apiReveal(ctx context.Context, in *struct {
	ByID
	Body struct {
		Field string `json:"field" doc:"idNumber, phone or email"`
	}
}) (*kit.Body[map[string]string], error) {
	value, err := h.party.RevealPerson(ctx, api.By(ctx), in.ID, in.Body.Field)
	return kit.BodyOf(map[string]string{in.Body.Field: value}, err)
}

func (h *Handler) apiArchive(ctx context.Context, in *struct {
	ByID
	api.Match
	Body struct {
		Archived bool `json:"archived"`
	}
}) (*kit.Record[party.Person], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	p, err := h.party.ArchivePerson(ctx, api.By(ctx), in.ID, version, in.Body.Archived)
	return kit.RecordOf(p, p.Version, err)
}

func (h *Handler) apiAddMembership(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body party.NewMembership
}) (*kit.Record[party.Person], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.Person, in.Body.Version, in.Body.Key = in.ID, version, in.Once.Key
	p, err := h.party.AddMembership(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(p, p.Version, err)
}

func (h *Handler) apiEndMembership(ctx context.Context, in *struct {
	ByID
	api.Match
	Membership string `path:"membership" maxLength:"64"`
	Body       struct {
		To clock.Date `json:"to" doc:"the last day, 2006-01-02"`
	}
}) (*kit.Record[party.Person], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	p, err := h.party.EndMembership(ctx, api.By(ctx), party.MembershipEnd{Person: in.ID,
		ID: in.Membership, To: in.Body.To, Version: version})
	return kit.RecordOf(p, p.Version, err)
}

func (h *Handler) importOperations(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "party.StartImport", Method: post, Path: "/imports",
		Title: "上传并检查导入文件", Status: http.StatusCreated,
		Maximum: sheet.MaxFileBytes + formMemory, Form: []api.FormField{kit.TableField,
			{Name: "kind", Needed: true, OneOf: []string{party.ImportOrgs, party.ImportPeople}, Doc: "what the rows are"},
			{Name: "mode", OneOf: []string{party.ModeSkip, party.ModeUpdate},
				Doc: "what happens to a record that is there already; skip when empty"},
			{Name: "source", Doc: "where the data come from"}}}, h.apiStartImport)
	add(a, api.Operation{UseCase: "party.ListImports", Method: get, Path: "/imports",
		Title: "我的导入"},
		func(ctx context.Context, in *api.Paging) (*kit.Body[api.Page[party.Import]], error) {
			page, err := h.party.ListImports(ctx, api.By(ctx), in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "party.GetImport", Method: get, Path: "/imports/{id}",
		Title: "导入的进度和结果"},
		func(ctx context.Context, in *ByID) (*kit.Record[party.Import], error) {
			x, err := h.party.GetImport(ctx, api.By(ctx), in.ID)
			return kit.RecordOf(x, x.Version, err)
		})
	add(a, api.Operation{UseCase: "party.RunImport", Method: post, Path: "/imports/{id}/run",
		Title: "执行检查通过的导入"},
		func(ctx context.Context, in *struct {
			ByID
			api.Match
		}) (*kit.Record[party.Import], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			x, err := h.party.RunImport(ctx, api.By(ctx), in.ID, version)
			return kit.RecordOf(x, x.Version, err)
		})
	add(a, api.Operation{UseCase: "party.CancelImport", Method: post,
		Path: "/imports/{id}/cancel", Title: "取消导入"},
		func(ctx context.Context, in *ByID) (*kit.Record[party.Import], error) {
			x, err := h.party.CancelImport(ctx, api.By(ctx), in.ID)
			return kit.RecordOf(x, x.Version, err)
		})
	add(a, api.Operation{UseCase: "party.ImportReport", Method: get, Path: "/imports/{id}/report",
		Title: "标出问题的表格"}, h.apiImportReport)
	add(a, api.Operation{UseCase: "party.ImportTemplate", Method: get, Path: "/imports/template",
		Title: "导入模板"}, h.apiImportTemplate)
}

func (h *Handler) apiStartImport(ctx context.Context, in *struct {
	api.Once
	RawBody multipart.Form
}) (*kit.Record[party.Import], error) {
	value := func(name string) string {
		if v := in.RawBody.Value[name]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	file := party.ImportFile{Kind: value("kind"), Mode: value("mode"), Source: value("source"), Key: in.Key}
	var content io.ReadCloser
	if heads := in.RawBody.File[sheet.FieldFile]; len(heads) > 0 {
		f, err := heads[0].Open()
		if err != nil {
			return nil, badForm(err)
		}
		content, file.Name, file.Content = f, heads[0].Filename, f
	}
	x, err := h.party.StartImport(ctx, api.By(ctx), file)
	if content != nil {
		err = errors.Join(err, content.Close())
	}
	if e, ok := fault.As(err); ok { // a joined error hides nothing of the fault
		err = e
	}
	return kit.RecordOf(x, x.Version, err)
}

func (h *Handler) apiImportReport(ctx context.Context, in *ByID) (*api.Stream, error) {
	if _, err := h.party.GetImport(ctx, api.By(ctx), in.ID); err != nil {
		return nil, err
	}
	return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
		out := download(w, say(r, "导入问题清单"), sheet.XLSX)
		return out.End(h.party.ImportReport(r.Context(), api.By(r.Context()), in.ID, out))
	}), nil
}

func (h *Handler) apiImportTemplate(_ context.Context, in *struct {
	Kind string `query:"kind" doc:"org or person" default:"org"`
	FormatIn
}) (*api.Stream, error) {
	as, err := formatOf(in.Format)
	if err != nil {
		return nil, err
	}
	return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
		out := download(w, say(r, "模板"), as)
		return out.End(party.ImportTemplate(r.Context(), out, in.Kind, as))
	}), nil
}
