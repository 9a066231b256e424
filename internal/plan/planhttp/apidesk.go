package planhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
)

func (h *Handler) deskReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "plan.ListStatements", Method: get,
		Path: "/documents/{id}/statements", Title: "文件的条目"}, h.apiStatements)
	add(a, api.Operation{UseCase: "plan.Statements", Method: get,
		Path: "/documents/{id}/statements/all", Title: "文件的全部条目"},
		func(ctx context.Context, in *ByID) (*kit.Body[[]plan.Statement], error) {
			out, err := h.plan.Statements(ctx, api.By(ctx), in.ID)
			return kit.BodyOf(kit.List(out), err)
		})
	add(a, api.Operation{UseCase: "plan.GetStatement", Method: get, Path: "/statements/{id}",
		Title: "条目"}, func(ctx context.Context, in *struct {
		ByID
		IfNone
	}) (*kit.Record[plan.Statement], error) {
		s, err := h.plan.GetStatement(ctx, api.By(ctx), in.ID)
		if err == nil {
			err = in.unchanged(s.Version)
		}
		return kit.RecordOf(s, s.Version, err)
	})
	add(a, api.Operation{UseCase: "plan.DraftTarget", Method: get, Path: "/statements/{id}/target",
		Title: "条目拟成的目标"}, func(ctx context.Context, in *ByID) (*kit.Body[plan.NewTarget], error) {
		return kit.BodyOf(h.plan.DraftTarget(ctx, api.By(ctx), in.ID))
	})
	add(a, api.Operation{UseCase: "plan.DraftTask", Method: get, Path: "/statements/{id}/task",
		Title: "条目拟成的任务"}, func(ctx context.Context, in *ByID) (*kit.Body[plan.NewTask], error) {
		return kit.BodyOf(h.plan.DraftTask(ctx, api.By(ctx), in.ID))
	})
}

func (h *Handler) apiStatements(ctx context.Context, in *struct {
	ByID
	Kind  string `query:"kind" doc:"fact, target or task"`
	State string `query:"state" doc:"pending, accepted, corrected or rejected"`
	Doubt bool   `query:"doubt" doc:"only those the arithmetic doubts"`
	api.Paging
}) (*kit.Body[api.Page[plan.Statement]], error) {
	w := wrong{h: h}
	w.choice("kind", in.Kind, plan.StatementKinds())
	w.choice("state", in.State, plan.StatementStates())
	if err := w.err(); err != nil {
		return nil, err
	}
	page, err := h.plan.ListStatements(ctx, api.By(ctx), in.ID,
		plan.StatementFilter{Kind: in.Kind, State: in.State, Doubt: in.Doubt}, in.Req())
	return kit.BodyOf(api.PageOf(page), err)
}

func (h *Handler) deskWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "plan.DecideStatement", Method: post,
		Path: "/statements/{id}/decision", Title: "采纳或不采纳条目"}, h.apiDecide)
	add(a, api.Operation{UseCase: "plan.CorrectStatement", Method: http.MethodPut,
		Path: "/statements/{id}", Title: "更正条目"}, h.apiCorrect)
	add(a, api.Operation{UseCase: "plan.UndoStatement", Method: post, Path: "/statements/{id}/undo",
		Title: "撤销对条目的决定"}, h.apiUndo)
	add(a, api.Operation{UseCase: "plan.LinkIndicator", Method: post,
		Path: "/statements/{id}/indicator", Title: "条目关联指标"}, h.apiLink)
	add(a, api.Operation{UseCase: "plan.SetTarget", Method: post, Path: "/statements/{id}/target",
		Title: "由条目下达目标，并关联指标", Status: http.StatusCreated}, h.apiSetTarget)
	add(a, api.Operation{UseCase: "plan.AddStatement", Method: post,
		Path: "/documents/{id}/statements", Title: "新增条目", Status: http.StatusCreated},
		h.apiAddStatement)
	add(a, api.Operation{UseCase: "plan.RemoveStatement", Method: http.MethodDelete,
		Path: "/statements/{id}", Title: "删除新增的条目", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			ByID
			api.Match
		}) (*kit.None, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return &kit.None{}, h.plan.RemoveStatement(ctx, api.By(ctx), in.ID, version)
		})
	add(a, api.Operation{UseCase: "plan.AcceptClear", Method: post,
		Path: "/documents/{id}/accept-clear", Title: "采纳全部无疑问的条目"},
		func(ctx context.Context, in *ByID) (*kit.Body[planCount], error) {
			n, err := h.plan.AcceptClear(ctx, api.By(ctx), in.ID)
			return kit.BodyOf(planCount{n}, err)
		})
}

// planCount is how many there are.
type planCount struct {
	Count int64 `json:"count"`
}

func (h *Handler) apiDecide(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body plan.Decision
}) (*kit.Record[plan.Statement], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
	s, err := h.plan.DecideStatement(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(s, s.Version, err)
}

func (h *Handler) apiCorrect(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body plan.Correction
}) (*kit.Record[plan.Statement], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
	s, err := h.plan.CorrectStatement(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(s, s.Version, err)
}

func (h *Handler) apiUndo(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
}) (*kit.Record[plan.Statement], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	s, err := h.plan.UndoStatement(ctx, api.By(ctx),
		plan.Undo{ID: in.ID, Version: version, Key: in.Key})
	return kit.RecordOf(s, s.Version, err)
}

func (h *Handler) apiLink(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body plan.Linking
}) (*kit.Record[plan.Statement], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.Statement, in.Body.Version, in.Body.Key = in.ID, version, in.Key
	s, err := h.plan.LinkIndicator(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(s, s.Version, err)
}

func (h *Handler) apiSetTarget(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body plan.StatementTarget
}) (*kit.Record[plan.Target], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.Statement, in.Body.Version, in.Body.Key = in.ID, version, in.Key
	x, err := h.plan.SetTarget(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(x, x.Version, err)
}

// AddStatementIn is a new statement: the place of its words, or the words.
type AddStatementIn struct {
	plan.NewStatement
	// Quote are words that are in the text once, instead of Start and End.
	Quote string `json:"quote,omitempty"`
}

func (h *Handler) apiAddStatement(ctx context.Context, in *struct {
	ByID
	api.Once
	Body AddStatementIn
}) (*kit.Record[plan.Statement], error) {
	n := in.Body.NewStatement
	n.Document, n.Key = in.ID, in.Key
	if in.Body.Quote != "" {
		d, err := h.plan.GetDocument(ctx, api.By(ctx), in.ID)
		if err == nil {
			n.Start, n.End, err = plan.FindQuote(d.Text, in.Body.Quote)
		}
		if err != nil {
			return nil, err
		}
	}
	s, err := h.plan.AddStatement(ctx, api.By(ctx), n)
	return kit.RecordOf(s, s.Version, err)
}
