package dispatchhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/kit"
)

// MeetingView is a meeting with everything its page shows.
type MeetingView struct {
	dispatch.MeetingDetail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

// add adds an operation of this room.
func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = "dispatch"
	api.Add(a, op, handle)
}

// Operations adds the operations of the room.
func (h *Handler) Operations(a *api.API) {
	h.seriesOps(a)
	h.meetingReads(a)
	h.meetingPapers(a)
	h.meetingWrites(a)
	h.itemOps(a)
	h.decisionOps(a)
	h.letterReads(a)
	h.letterWrites(a)
	h.ruleOps(a)
}

const (
	get  = http.MethodGet
	post = http.MethodPost
	put  = http.MethodPut
)

func (h *Handler) seriesOps(a *api.API) {
	add(a, api.Operation{UseCase: "dispatch.ListSeries", Method: get, Path: "/dispatch/series",
		Title: "会议系列列表"}, func(ctx context.Context, in *struct{ api.Paging }) (
		*kit.Body[api.Page[dispatch.Series]], error) {
		page, err := h.dispatch.ListSeries(ctx, api.By(ctx), in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "dispatch.GetSeries", Method: get, Path: "/dispatch/series/{id}",
		Title: "会议系列"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[dispatch.Series], error) {
		s, err := h.dispatch.GetSeries(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(s, s.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.CreateSeries", Method: post, Path: "/dispatch/series",
		Title: "设立会议系列", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body dispatch.NewSeries
	}) (*kit.Record[dispatch.Series], error) {
		in.Body.Key = in.Key
		s, err := h.dispatch.CreateSeries(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(s, s.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.UpdateSeries", Method: put, Path: "/dispatch/series/{id}",
		Title: "修改会议系列"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		api.Once
		Body dispatch.SeriesUpdate
	}) (*kit.Record[dispatch.Series], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		s, err := h.dispatch.UpdateSeries(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(s, s.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.DraftMeeting", Method: get, Path: "/dispatch/series/{id}/draft",
		Title: "下次会议的草稿"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[dispatch.NewMeeting], error) {
		return kit.BodyOf(h.dispatch.DraftMeeting(ctx, api.By(ctx), in.ID))
	})
}

func (h *Handler) meetingReads(a *api.API) {
	add(a, api.Operation{UseCase: "dispatch.ListMeetings", Method: get, Path: "/dispatch/meetings",
		Title: "调度会列表"}, func(ctx context.Context, in *struct {
		MeetingQuery
		api.Paging
	}) (*kit.Body[api.Page[dispatch.Meeting]], error) {
		page, err := h.dispatch.ListMeetings(ctx, api.By(ctx), in.filter(), in.Sort, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "dispatch.CountMeetings", Method: get, Path: "/dispatch/meetings/count",
		Title: "调度会数量"}, func(ctx context.Context, in *MeetingQuery) (*kit.Body[map[string]int64], error) {
		return kit.BodyOf(h.dispatch.CountMeetings(ctx, api.By(ctx), in.filter()))
	})
	add(a, api.Operation{UseCase: "dispatch.GetMeeting", Method: get, Path: "/dispatch/meetings/{id}",
		Title: "调度会"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[MeetingView], error) {
		d, err := h.dispatch.GetMeeting(ctx, api.By(ctx), in.ID)
		d.Items, d.Decisions = kit.List(d.Items), kit.List(d.Decisions)
		return kit.RecordOf(MeetingView{d, kit.Offers(ctx, d.Offers), kit.Events(d.History)}, d.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.FollowUps", Method: get, Path: "/dispatch/meetings/{id}/before",
		Title: "前次决议落实情况"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[[]dispatch.FollowUp], error) {
		list, err := h.dispatch.FollowUps(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(list), err)
	})
	add(a, api.Operation{UseCase: "dispatch.Outcomes", Method: get, Path: "/dispatch/meetings/{id}/outcomes",
		Title: "本次决议落实情况"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[[]dispatch.FollowUp], error) {
		list, err := h.dispatch.Outcomes(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(list), err)
	})
}

func (h *Handler) meetingPapers(a *api.API) {
	file := func(send func(http.ResponseWriter, *http.Request, dispatch.MeetingDetail) error) func(
		context.Context, *kit.ByID) (*kit.Stream, error) {
		return func(context.Context, *kit.ByID) (*kit.Stream, error) {
			return kit.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
				d, err := h.of(r)
				if err != nil {
					return err
				}
				return send(w, r, d)
			}), nil
		}
	}
	add(a, api.Operation{UseCase: "dispatch.PackPaper", Method: get, Path: "/dispatch/meetings/{id}/pack",
		Title: "会议材料（Word）"}, file(h.sendPack))
	add(a, api.Operation{UseCase: "dispatch.MinutesPaper", Method: get, Path: "/dispatch/meetings/{id}/minutes",
		Title: "会议纪要（Word）"}, file(h.sendMinutes))
	add(a, api.Operation{UseCase: "dispatch.WriteAgenda", Method: get, Path: "/dispatch/meetings/{id}/agenda",
		Title: "导出议程（Excel）"}, file(h.sendAgenda))
}

func (h *Handler) meetingWrites(a *api.API) {
	add(a, api.Operation{UseCase: "dispatch.CreateMeeting", Method: post, Path: "/dispatch/meetings",
		Title: "筹备调度会", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body dispatch.NewMeeting
	}) (*kit.Record[dispatch.Meeting], error) {
		in.Body.Key = in.Key
		m, err := h.dispatch.CreateMeeting(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(m, m.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.UpdateMeeting", Method: put, Path: "/dispatch/meetings/{id}",
		Title: "修改调度会"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		api.Once
		Body dispatch.MeetingUpdate
	}) (*kit.Record[dispatch.Meeting], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		m, err := h.dispatch.UpdateMeeting(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(m, m.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.FireMeeting", Method: post, Path: "/dispatch/meetings/{id}/steps",
		Title: "办理调度会的步骤"}, func(ctx context.Context, in *kit.StepReq) (*kit.Record[dispatch.Meeting], error) {
		version, err := in.Read()
		if err != nil {
			return nil, err
		}
		m, err := h.dispatch.FireMeeting(ctx, api.By(ctx), dispatch.Step{ID: in.ID, Step: in.Body.Step,
			Reason: in.Body.Reason, Version: version, Key: in.Key})
		return kit.RecordOf(m, m.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.WriteMinutes", Method: put, Path: "/dispatch/meetings/{id}/minutes",
		Title: "拟写纪要"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		api.Once
		Body dispatch.Minutes
	}) (*kit.Record[dispatch.Meeting], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		m, err := h.dispatch.WriteMinutes(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(m, m.Version, err)
	})
}

// ItemReq names an item of a meeting that was seen at a version.
type ItemReq struct {
	kit.ByID
	Item string `path:"item" maxLength:"64"`
	api.Match
}

func (in ItemReq) ref() (dispatch.ItemRef, error) {
	version, err := in.Version()
	return dispatch.ItemRef{Meeting: in.ID, ID: in.Item, Version: version}, err
}

func (h *Handler) itemOps(a *api.API) {
	const items = "/dispatch/meetings/{id}/items"
	add(a, api.Operation{UseCase: "dispatch.ProposeAgenda", Method: post, Path: "/dispatch/meetings/{id}/propose",
		Title: "更新系统提出的议题"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
	}) (*kit.Body[dispatch.Proposed], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		return kit.BodyOf(h.dispatch.ProposeAgenda(ctx, api.By(ctx), in.ID, version))
	})
	add(a, api.Operation{UseCase: "dispatch.AddItem", Method: post, Path: items, Title: "添加议题",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		api.Once
		Body dispatch.NewItem
	}) (*kit.Body[dispatch.Item], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.Meeting, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		return kit.BodyOf(h.dispatch.AddItem(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "dispatch.UpdateItem", Method: put, Path: items + "/{item}",
		Title: "修改议题"}, func(ctx context.Context, in *struct {
		ItemReq
		Body dispatch.ItemUpdate
	}) (*kit.Body[dispatch.Item], error) {
		ref, err := in.ref()
		if err != nil {
			return nil, err
		}
		in.Body.ItemRef = ref
		return kit.BodyOf(h.dispatch.UpdateItem(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "dispatch.DropItem", Method: post, Path: items + "/{item}/drop",
		Title: "移出或重新列入议题"}, func(ctx context.Context, in *struct {
		ItemReq
		Body dispatch.ItemDrop
	}) (*kit.Body[dispatch.Item], error) {
		ref, err := in.ref()
		if err != nil {
			return nil, err
		}
		in.Body.ItemRef = ref
		return kit.BodyOf(h.dispatch.DropItem(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "dispatch.MoveItem", Method: post, Path: items + "/{item}/move",
		Title: "调整议题次序"}, func(ctx context.Context, in *struct {
		ItemReq
		Body dispatch.ItemMove
	}) (*kit.Body[dispatch.Item], error) {
		ref, err := in.ref()
		if err != nil {
			return nil, err
		}
		in.Body.ItemRef = ref
		return kit.BodyOf(h.dispatch.MoveItem(ctx, api.By(ctx), in.Body))
	})
}

func (h *Handler) decisionOps(a *api.API) {
	const one = "/dispatch/decisions/{id}"
	add(a, api.Operation{UseCase: "dispatch.ListDecisions", Method: get, Path: "/dispatch/decisions",
		Title: "决议落实列表"}, func(ctx context.Context, in *struct {
		DecisionQuery
		api.Paging
	}) (*kit.Body[api.Page[dispatch.FollowUp]], error) {
		page, err := h.dispatch.ListDecisions(ctx, api.By(ctx), in.filter(), in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "dispatch.CountDecisions", Method: get, Path: "/dispatch/decisions/count",
		Title: "决议数量"}, func(ctx context.Context, in *DecisionQuery) (*kit.Body[map[string]int64], error) {
		return kit.BodyOf(h.dispatch.CountDecisions(ctx, api.By(ctx), in.filter()))
	})
	add(a, api.Operation{UseCase: "dispatch.WriteDecisions", Method: get, Path: "/dispatch/decisions/export",
		Title: "导出决议"}, func(_ context.Context, in *struct {
		DecisionQuery
		Format string `query:"format" doc:"xlsx or csv"`
	}) (*kit.Stream, error) {
		return kit.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.exportDecisions(w, r, in.DecisionQuery, in.Format)
		}), nil
	})
	add(a, api.Operation{UseCase: "dispatch.AddDecision", Method: post, Path: "/dispatch/meetings/{id}/decisions",
		Title: "记录决议", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		api.Once
		Body dispatch.NewDecision
	}) (*kit.Record[dispatch.Decision], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.Meeting, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		d, err := h.dispatch.AddDecision(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(d, d.Version, err)
	})
	add(a, api.Operation{UseCase: "dispatch.RemoveDecision", Method: http.MethodDelete, Path: one,
		Title: "删除决议", Status: http.StatusNoContent}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
	}) (*kit.None, error) {
		version, err := in.Version()
		if err == nil {
			err = h.dispatch.RemoveDecision(ctx, api.By(ctx), dispatch.DecisionRef{ID: in.ID, Version: version})
		}
		return &kit.None{}, err
	})
	add(a, api.Operation{UseCase: "dispatch.SettleDecision", Method: post, Path: one + "/settle",
		Title: "标记决议办结"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		Body dispatch.Settlement
	}) (*kit.Record[dispatch.Decision], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		d, err := h.dispatch.SettleDecision(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(d, d.Version, err)
	})
}
