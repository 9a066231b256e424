package studiohttp

import (
	"bytes"
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/studio"
)

// panelReads are the operations that show panels of experts.
func (h *Handler) panelReads(a *api.API) {
	const get, path = http.MethodGet, "/studio/panels"
	add(a, api.Operation{UseCase: "studio.ListPanels", Method: get, Path: path, Title: "专家组列表"},
		func(ctx context.Context, in *struct {
			Scheme string `query:"scheme" maxLength:"64"`
			api.Paging
		}) (*kit.Body[api.Page[studio.Panel]], error) {
			by := api.By(ctx)
			if !studio.PanelPolicy.Could(by, studio.ActPanelRead) {
				return nil, kit.ErrRole()
			}
			page, err := h.studio.ListPanels(ctx, by, in.Scheme, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "studio.GetPanel", Method: get, Path: path + "/{id}", Title: "专家组"},
		func(ctx context.Context, in *struct {
			kit.ByID
			Pool string `query:"pool" doc:"judgements or priorities" maxLength:"20"`
		}) (*kit.Record[studio.PanelDetail], error) {
			d, err := h.studio.GetPanel(ctx, api.By(ctx), in.ID, composite.Pooling(in.Pool))
			return kit.RecordOf(d, d.Version, err)
		})
}

// JudgementTable is the table of judgements as text.
type JudgementTable struct {
	Table string `json:"table" doc:"CSV with the columns of the sheet of judgements" maxLength:"2000000"`
}

// panelWrites are the operations that change panels of experts.
func (h *Handler) panelWrites(a *api.API) {
	const post, path = http.MethodPost, "/studio/panels"
	add(a, api.Operation{UseCase: "studio.CreatePanel", Method: post, Path: path, Title: "新建专家组",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body studio.NewPanel
	}) (*kit.Record[studio.Panel], error) {
		in.Body.Key = in.Key
		p, err := h.studio.CreatePanel(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(p, p.Version, err)
	})
	add(a, api.Operation{UseCase: "studio.InviteExperts", Method: post, Path: path + "/{id}/experts", Title: "邀请专家"},
		func(ctx context.Context, in *struct {
			Versioned
			Body studio.Invitation
		}) (*kit.Record[studio.Panel], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			in.Body.Panel, in.Body.Version = in.ID, version
			p, err := h.studio.InviteExperts(ctx, api.By(ctx), in.Body)
			return kit.RecordOf(p, p.Version, err)
		})
	add(a, api.Operation{UseCase: "studio.Judge", Method: post, Path: path + "/{id}/judgements", Title: "交回判断"},
		func(ctx context.Context, in *struct {
			kit.ByID
			Body studio.Judging
		}) (*kit.Body[studio.PanelDetail], error) {
			in.Body.Panel = in.ID
			return kit.BodyOf(h.studio.Judge(ctx, api.By(ctx), in.Body))
		})
	add(a, api.Operation{UseCase: "studio.SavePanelResult", Method: post, Path: path + "/{id}/results",
		Title: "保存专家组的结果", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		Versioned
		Body studio.NewPanelResult
	}) (*kit.Record[studio.Panel], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.Panel, in.Body.Version = in.ID, version
		p, err := h.studio.SavePanelResult(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(p, p.Version, err)
	})
	add(a, api.Operation{UseCase: "studio.WeighVoice", Method: post, Path: path + "/{id}/weights", Title: "登记票重"},
		func(ctx context.Context, in *struct {
			Versioned
			Body studio.Weighing
		}) (*kit.Record[studio.Panel], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			in.Body.Panel, in.Body.Version = in.ID, version
			p, err := h.studio.WeighVoice(ctx, api.By(ctx), in.Body)
			return kit.RecordOf(p, p.Version, err)
		})
	h.panelTables(a)
}

// panelTables are the operations that take judgements in and out as a table.
func (h *Handler) panelTables(a *api.API) {
	const path = "/studio/panels/{id}/table"
	add(a, api.Operation{UseCase: "studio.WriteJudgements", Method: http.MethodGet, Path: path, Title: "专家判断表"},
		func(ctx context.Context, in *kit.ByID) (*kit.Body[JudgementTable], error) {
			var out bytes.Buffer
			_, err := h.studio.WriteJudgements(ctx, api.By(ctx), in.ID, sheet.CSV, &out)
			return kit.BodyOf(JudgementTable{out.String()}, err)
		})
	add(a, api.Operation{UseCase: "studio.ImportJudgements", Method: http.MethodPost, Path: path, Title: "导入专家判断表"},
		func(ctx context.Context, in *struct {
			Versioned
			Body JudgementTable
		}) (*kit.Record[studio.Panel], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			p, err := h.studio.ImportJudgements(ctx, api.By(ctx), studio.JudgementImport{Panel: in.ID, Version: version,
				Name: "judgements.csv", File: bytes.NewReader([]byte(in.Body.Table))})
			return kit.RecordOf(p, p.Version, err)
		})
}
