package dispatchhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// LetterView is a letter with everything its page shows.
type LetterView struct {
	dispatch.LetterDetail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
	Files   []ReplyFileView `json:"files"`
}

// ReplyFileView is a file of a reply.
type ReplyFileView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// LetterDraft is a letter about a task for a person to complete, with why it would be sent.
type LetterDraft struct {
	Letter  dispatch.NewLetter `json:"letter"`
	Reasons []plan.Note        `json:"reasons"`
}

func (h *Handler) letterReads(a *api.API) {
	add(a, api.Operation{UseCase: "dispatch.ListLetters", Method: get, Path: "/letters", Title: "督办函列表"},
		func(ctx context.Context, in *struct {
			LetterQuery
			api.Paging
		}) (*kit.Body[api.Page[dispatch.Letter]], error) {
			page, err := h.dispatch.ListLetters(ctx, api.By(ctx), in.filter(), in.Sort, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "dispatch.CountLetters", Method: get, Path: "/letters/count",
		Title: "督办函数量"}, func(ctx context.Context, in *LetterQuery) (*kit.Body[dispatch.LetterCounts], error) {
		return kit.BodyOf(h.dispatch.CountLetters(ctx, api.By(ctx), in.filter()))
	})
	add(a, api.Operation{UseCase: "dispatch.WriteLetters", Method: get, Path: "/letters/export",
		Title: "导出督办函"}, func(_ context.Context, in *struct {
		LetterQuery
		Format string `query:"format" doc:"xlsx or csv"`
	}) (*kit.Stream, error) {
		return kit.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.exportLetters(w, r, in.LetterQuery, in.Format)
		}), nil
	})
	add(a, api.Operation{UseCase: "dispatch.SuggestLetters", Method: get, Path: "/letters/suggest",
		Title: "督办建议"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]dispatch.Suggestion], error) {
		list, err := h.dispatch.SuggestLetters(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "dispatch.DraftLetter", Method: get, Path: "/tasks/{id}/letter-draft",
		Title: "就任务拟督办函的草稿"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[LetterDraft], error) {
		l, reasons, err := h.dispatch.DraftLetter(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(LetterDraft{l, kit.List(reasons)}, err)
	})
	add(a, api.Operation{UseCase: "dispatch.GetLetter", Method: get, Path: "/letters/{id}", Title: "督办函"},
		func(ctx context.Context, in *kit.ByID) (*kit.Record[LetterView], error) {
			d, err := h.dispatch.GetLetter(ctx, api.By(ctx), in.ID)
			files := []ReplyFileView{}
			for _, f := range d.Files {
				files = append(files, ReplyFileView{f.ID, f.Name, f.Size})
			}
			return kit.RecordOf(LetterView{d, kit.Offers(ctx, d.Offers), kit.Events(d.History), files}, d.Version, err)
		})
	add(a, api.Operation{UseCase: "dispatch.LetterPaper", Method: get, Path: "/letters/{id}/paper",
		Title: "督办函（Word）"}, func(context.Context, *kit.ByID) (*kit.Stream, error) {
		return kit.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			d, err := h.letterOf(r)
			if err != nil {
				return err
			}
			doc, err := h.dispatch.LetterPaper(r.Context(), api.By(r.Context()), d.ID)
			if err != nil {
				return err
			}
			return sendWord(w, doc, ui.Words(d.Number, d.Title))
		}), nil
	})
	add(a, api.Operation{UseCase: "dispatch.OpenReply", Method: get, Path: "/letters/{id}/files/{file}",
		Title: "下载回复附件"}, func(context.Context, *struct {
		kit.ByID
		File string `path:"file" maxLength:"64"`
	}) (*kit.Stream, error) {
		return kit.StreamOf(h.getReplyFile), nil
	})
}

// LetterStepIn is the body of a step of a letter.
type LetterStepIn struct {
	Step   string `json:"step"`
	Reason string `json:"reason,omitempty"`
	Reply  string `json:"reply,omitempty" doc:"of the step reply: what was done about it"`
}

func (h *Handler) letterWrites(a *api.API) {
	add(a, api.Operation{UseCase: "dispatch.CreateLetter", Method: post, Path: "/letters", Title: "拟督办函",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body dispatch.NewLetter
	}) (*kit.Record[dispatch.Letter], error) {
		in.Body.Key = in.Key
		l, err := h.dispatch.CreateLetter(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(l, l.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.UpdateLetter", Method: put, Path: "/letters/{id}",
		Title: "修改督办函"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		api.Once
		Body dispatch.LetterUpdate
	}) (*kit.Record[dispatch.Letter], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		l, err := h.dispatch.UpdateLetter(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(l, l.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.FireLetter", Method: post, Path: "/letters/{id}/steps",
		Title: "办理督办函的步骤", Maximum: dispatch.ReplyFile.MaxBytes*process.MaxFiles + formMemory},
		func(ctx context.Context, in *struct {
			kit.ByID
			api.Match
			api.Once
			api.Upload[LetterStepIn]
		}) (*kit.Record[dispatch.Letter], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			data, heads, err := in.Read()
			if err == nil && data.Step == "" {
				err = fault.Fields(fault.At("step", "请选择一项"))
			}
			if err != nil {
				return nil, err
			}
			step := dispatch.LetterStep{ID: in.ID, Step: data.Step, Reason: data.Reason, Reply: data.Reply,
				Version: version, Key: in.Key}
			for _, head := range heads {
				f, err := head.Open()
				if err != nil {
					return nil, kit.BadForm(err)
				}
				defer f.Close()
				step.Files = append(step.Files, dispatch.FileInput{Name: head.Filename, Content: f})
			}
			l, err := h.dispatch.FireLetter(ctx, api.By(ctx), step)
			return kit.RecordOf(l, l.Version, err)
		})
}

func (h *Handler) ruleOps(a *api.API) {
	add(a, api.Operation{UseCase: "dispatch.ListRules", Method: get, Path: "/dispatch/rules",
		Title: "督办规则列表"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]dispatch.Rule], error) {
		list, err := h.dispatch.ListRules(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "dispatch.AddRule", Method: post, Path: "/dispatch/rules", Title: "增加督办规则",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body dispatch.NewRule
	}) (*kit.Record[dispatch.Rule], error) {
		in.Body.Key = in.Key
		x, err := h.dispatch.AddRule(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}
