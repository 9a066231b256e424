package planhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// DocumentView is a document with everything its page shows.
type DocumentView struct {
	plan.DocumentDetail
	Steps   []planStep  `json:"steps"`
	History []planEvent `json:"history"`
	Files   []planFile  `json:"files"`
}

func filesOf(refs []blob.Ref) []planFile {
	out := []planFile{}
	for _, f := range refs {
		out = append(out, planFile{ID: f.ID, Name: f.Name, Type: string(f.Type), Size: f.Size,
			Hash: f.Hash})
	}
	return out
}

func (h *Handler) docReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "plan.ListDocuments", Method: get, Path: "/documents",
		Title: "文件列表"}, func(ctx context.Context, in *struct {
		DocQuery
		api.Paging
	}) (*kit.Body[api.Page[plan.Document]], error) {
		f, err := h.docFilter(in.DocQuery)
		if err != nil {
			return nil, err
		}
		page, err := h.plan.ListDocuments(ctx, api.By(ctx), f, in.Sort, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "plan.CountDocuments", Method: get, Path: "/documents/count",
		Title: "文件数量"}, func(ctx context.Context, in *DocQuery) (*kit.Body[map[string]int64], error) {
		f, err := h.docFilter(*in)
		if err != nil {
			return nil, err
		}
		return kit.BodyOf(h.plan.CountDocuments(ctx, api.By(ctx), f))
	})
	add(a, api.Operation{UseCase: "plan.GetDocument", Method: get, Path: "/documents/{id}",
		Title: "文件档案"}, func(ctx context.Context, in *struct {
		ByID
		IfNone
	}) (*kit.Record[DocumentView], error) {
		d, err := h.plan.GetDocument(ctx, api.By(ctx), in.ID)
		if err == nil {
			err = in.unchanged(d.Version)
		}
		return kit.RecordOf(DocumentView{d, stepsOf(ctx, d.Offers), eventsOf(d.History),
			filesOf(d.Files)}, d.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.OpenDocumentFile", Method: get,
		Path: "/documents/{id}/files/{file}", Title: "下载文件原件"}, h.apiDocFile)
	add(a, api.Operation{UseCase: "plan.DocumentUses", Method: get, Path: "/documents/{id}/uses",
		Title: "以文件为依据的目标和任务"},
		func(ctx context.Context, in *ByID) (*kit.Body[[]plan.Source], error) {
			out, err := h.plan.DocumentUses(ctx, api.By(ctx), in.ID)
			return kit.BodyOf(kit.List(out), err)
		})
}

func (h *Handler) apiDocFile(_ context.Context, _ *struct {
	ByID
	File string `path:"file" maxLength:"64"`
}) (*stream, error) {
	return streamOf(h.getDocFile), nil
}

func (h *Handler) docWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "plan.CreateDocument", Method: post, Path: "/documents",
		Title: "登记文件", Status: http.StatusCreated, Maximum: plan.MaxDocumentBytes + formMemory,
		Form: docFields()}, h.apiCreateDoc)
	add(a, api.Operation{UseCase: "plan.UpdateDocument", Method: http.MethodPut,
		Path: "/documents/{id}", Title: "修改文件信息"}, h.apiUpdateDoc)
	add(a, api.Operation{UseCase: "plan.FireDocument", Method: post, Path: "/documents/{id}/steps",
		Title: "办理文件的步骤"}, h.apiFireDoc)
	add(a, api.Operation{UseCase: "plan.ReadAgain", Method: post, Path: "/documents/{id}/read",
		Title: "重新解读文件"}, func(ctx context.Context, in *struct {
		ByID
		api.Match
	}) (*kit.Record[plan.Document], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		d, err := h.plan.ReadAgain(ctx, api.By(ctx), in.ID, version)
		return kit.RecordOf(d, d.Version, err)
	})
}

// docFields are those of a new document. What is left empty is taken from its text, where that says so.
func docFields() []api.FormField {
	var kinds []string
	for _, k := range plan.DocumentKinds() {
		kinds = append(kinds, k.Value)
	}
	return []api.FormField{
		{Name: "file", File: true, Doc: "the document; or give its text"},
		{Name: "text", Doc: "the text, when there is no file"},
		{Name: "title", Doc: "title"},
		{Name: "kind", OneOf: kinds, Doc: "what sort of document it is"},
		{Name: "number", Doc: "number that its issuer gave it"},
		{Name: "issuer", Doc: "office that issued it"},
		{Name: "day", Doc: "day it was signed, as 2026-11-20"},
		{Name: "source", Doc: "where it was found"},
		{Name: "region", Doc: "place it is about, code of GB/T 2260"},
		{Name: "region_q", Doc: "the same by name, instead of the code"},
		{Name: "replaces", Doc: "id of the edition that it replaces"},
	}
}

// apiCreateDoc takes the same form as the page.
func (h *Handler) apiCreateDoc(ctx context.Context, in *struct {
	api.Once
	FormIn
}) (*kit.Record[plan.Document], error) {
	file, free, err := in.file("file")
	defer free()
	if err != nil {
		return nil, err
	}
	f := h.readDocForm(api.By(ctx), in.values())
	f.key = in.Key
	d, _, err := h.createDocument(ctx, api.By(ctx), &f, file)
	return kit.RecordOf(d, d.Version, err)
}

func (h *Handler) apiUpdateDoc(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body plan.DocumentUpdate
}) (*kit.Record[plan.Document], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
	d, err := h.plan.UpdateDocument(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(d, d.Version, err)
}

// StepIn is the body of a step.
type StepIn struct {
	Step   string `json:"step"`
	Reason string `json:"reason,omitempty"`
}

func (h *Handler) apiFireDoc(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body StepIn
}) (*kit.Record[plan.Document], error) {
	version, err := in.Version()
	if err == nil && in.Body.Step == "" {
		err = fault.Fields(fault.At("step", "请选择一项"))
	}
	if err != nil {
		return nil, err
	}
	d, err := h.plan.FireDocument(ctx, api.By(ctx), plan.Step{ID: in.ID, Step: in.Body.Step,
		Reason: in.Body.Reason, Version: version, Key: in.Key})
	return kit.RecordOf(d, d.Version, err)
}
