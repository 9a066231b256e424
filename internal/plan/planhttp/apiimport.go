package planhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// importOperations are those of imports that jobs do.
func (h *Handler) importOperations(a *api.API) {
	const get, post, path = http.MethodGet, http.MethodPost, "/ledger/imports"
	add(a, api.Operation{UseCase: "plan.StartImport", Method: post, Path: path,
		Title: "上传大台账，由后台检查", Status: http.StatusCreated,
		Maximum: sheet.MaxFileBytes + formMemory, Form: ledgerTable()}, h.apiStartImport)
	add(a, api.Operation{UseCase: "plan.ListImports", Method: get, Path: path, Title: "我的台账导入"},
		func(ctx context.Context, in *struct{ api.Paging }) (*kit.Body[api.Page[plan.Import]], error) {
			page, err := h.plan.ListImports(ctx, api.By(ctx), in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "plan.GetImport", Method: get, Path: path + "/{id}",
		Title: "台账导入的进度与结果"}, func(ctx context.Context, in *ByID) (*kit.Record[plan.Import], error) {
		x, err := h.plan.GetImport(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.RunImport", Method: post, Path: path + "/{id}/run",
		Title: "执行检查通过的台账导入"}, func(ctx context.Context, in *struct {
		ByID
		api.Match
	}) (*kit.Record[plan.Import], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		x, err := h.plan.RunImport(ctx, api.By(ctx), in.ID, version)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.CancelImport", Method: post, Path: path + "/{id}/cancel",
		Title: "取消台账导入"}, func(ctx context.Context, in *ByID) (*kit.Record[plan.Import], error) {
		x, err := h.plan.CancelImport(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(x, x.Version, err)
	})
}

// ledgerTable are the fields of a form with a table of tasks.
func ledgerTable() []api.FormField {
	return []api.FormField{kit.TableField, {Name: "ledger", Needed: true, Doc: "id of the ledger the tasks go into"},
		{Name: "begun", OneOf: []string{"1"}, Doc: "1 takes the tasks as under way already"}}
}

func (h *Handler) apiStartImport(ctx context.Context, in *struct {
	api.Once
	FormIn
}) (*kit.Record[plan.Import], error) {
	file, free, err := in.file(sheet.FieldFile)
	defer free()
	if err != nil {
		return nil, err
	}
	if file == nil {
		return nil, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	}
	v := in.values()
	x, err := h.plan.StartImport(ctx, api.By(ctx), plan.TaskImport{Ledger: v.Get("ledger"),
		Begun: v.Get("begun") == "1", Name: file.Name, File: file.Content, Key: in.Key})
	return kit.RecordOf(x, x.Version, err)
}
