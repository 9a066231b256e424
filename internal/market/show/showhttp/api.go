package showhttp

import (
	"context"
	"mime/multipart"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/market/show"
)

// ShowView is an event with everything its page shows.
type ShowView struct {
	show.Detail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

// add adds an operation of this room.
func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = "show"
	api.Add(a, op, handle)
}

// Operations adds the operations of the room.
func (h *Handler) Operations(a *api.API) {
	h.reads(a)
	h.writes(a)
	h.agendaWrites(a)
	h.importOps(a)
	h.signupOps(a)
	h.talkOps(a)
	h.interestOps(a)
}

func (h *Handler) reads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "show.ListShows", Method: get, Path: "/shows", Title: "活动列表",
		Public: true}, func(ctx context.Context, in *struct {
		Query
		api.Paging
	}) (*kit.Body[api.Page[show.Show]], error) {
		page, err := h.show.ListShows(ctx, api.By(ctx), in.filter(), in.Sort, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "show.CountShows", Method: get, Path: "/shows/count",
		Title: "活动数量", Public: true},
		func(ctx context.Context, in *Query) (*kit.Body[map[string]int64], error) {
			return kit.BodyOf(h.show.CountShows(ctx, api.By(ctx), in.filter()))
		})
	add(a, api.Operation{UseCase: "show.WriteShows", Method: get, Path: "/shows/export", Title: "导出活动",
		Public: true},
		func(_ context.Context, in *struct {
			Query
			Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
		}) (*api.Stream, error) {
			return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
				return h.export(w, r, in.Query, in.Format)
			}), nil
		})
	add(a, api.Operation{UseCase: "show.GetShow", Method: get, Path: "/shows/{id}", Title: "活动档案",
		Public: true}, func(ctx context.Context, in *kit.ByID) (*kit.Record[ShowView], error) {
		d, err := h.show.GetShow(ctx, api.By(ctx), in.ID)
		d.Slots, d.Mine = kit.List(d.Slots), kit.List(d.Mine)
		return kit.RecordOf(ShowView{d, kit.Offers(ctx, d.Offers), kit.Events(d.History)}, d.Version, err)
	})
	add(a, api.Operation{UseCase: "show.Calendar", Method: get, Path: "/shows/{id}/calendar",
		Title: "活动日历（iCalendar）", Public: true},
		func(_ context.Context, _ *kit.ByID) (*kit.Stream, error) {
			return kit.StreamOf(h.sendCalendar), nil
		})
	add(a, api.Operation{UseCase: "show.OpenPitch", Method: get, Path: "/shows/{id}/files/{file}",
		Title: "下载路演材料", Public: true}, func(_ context.Context, _ *struct {
		kit.ByID
		File string `path:"file" maxLength:"64"`
	}) (*kit.Stream, error) {
		return kit.StreamOf(h.getFile), nil
	})
}

func (h *Handler) writes(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "show.CreateShow", Method: post, Path: "/shows", Title: "筹备活动",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body show.NewShow
	}) (*kit.Record[show.Show], error) {
		in.Body.Key = in.Key
		s, err := h.show.CreateShow(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(s, s.Version, err)
	})
	add(a, api.Operation{UseCase: "show.UpdateShow", Method: http.MethodPut, Path: "/shows/{id}",
		Title: "修改活动"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		api.Once
		Body show.Update
	}) (*kit.Record[show.Show], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		s, err := h.show.UpdateShow(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(s, s.Version, err)
	})
	add(a, api.Operation{UseCase: "show.FireShow", Method: post, Path: "/shows/{id}/steps",
		Title: "办理活动的步骤"}, func(ctx context.Context, in *kit.StepReq) (*kit.Record[show.Show], error) {
		version, err := in.Read()
		if err != nil {
			return nil, err
		}
		s, err := h.show.FireShow(ctx, api.By(ctx), show.Step{ID: in.ID, Step: in.Body.Step,
			Reason: in.Body.Reason, Version: version, Key: in.Key})
		return kit.RecordOf(s, s.Version, err)
	})
	add(a, api.Operation{UseCase: "show.WriteReport", Method: http.MethodPut,
		Path: "/shows/{id}/report", Title: "填写活动总结"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		Body show.SetReport
	}) (*kit.Record[show.Show], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		s, err := h.show.WriteReport(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(s, s.Version, err)
	})
}

// SlotReq names a slot of an event that was seen at a version.
type SlotReq struct {
	kit.ByID
	Slot string `path:"slot" maxLength:"64"`
	api.Match
}

func (in SlotReq) ref() (show.SlotRef, error) {
	version, err := in.Version()
	return show.SlotRef{Show: in.ID, ID: in.Slot, Version: version}, err
}

func (h *Handler) agendaWrites(a *api.API) {
	add(a, api.Operation{UseCase: "show.AddSlot", Method: http.MethodPost, Path: "/shows/{id}/slots",
		Title: "添加议程环节", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		Body show.NewSlot
	}) (*kit.Body[show.Slot], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.Show, in.Body.Version = in.ID, version
		return kit.BodyOf(h.show.AddSlot(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "show.UpdateSlot", Method: http.MethodPut,
		Path: "/shows/{id}/slots/{slot}", Title: "修改议程环节"}, func(ctx context.Context, in *struct {
		SlotReq
		Body show.SlotUpdate
	}) (*kit.Body[show.Slot], error) {
		ref, err := in.ref()
		if err != nil {
			return nil, err
		}
		in.Body.Show, in.Body.ID, in.Body.Version = ref.Show, ref.ID, ref.Version
		return kit.BodyOf(h.show.UpdateSlot(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "show.RemoveSlot", Method: http.MethodDelete,
		Path: "/shows/{id}/slots/{slot}", Title: "删除议程环节", Status: http.StatusNoContent},
		func(ctx context.Context, in *SlotReq) (*kit.None, error) {
			ref, err := in.ref()
			if err == nil {
				err = h.show.RemoveSlot(ctx, api.By(ctx), ref)
			}
			return &kit.None{}, err
		})
	add(a, api.Operation{UseCase: "show.AttachPitch", Method: http.MethodPost,
		Path: "/shows/{id}/slots/{slot}/file", Title: "上传路演材料", Maximum: show.PitchFile.MaxBytes + formMemory,
		Form: []api.FormField{{Name: "file", File: true, Needed: true, Doc: "the slides"}}},
		h.apiPitch)
}

// apiPitch takes a form with the field "file".
func (h *Handler) apiPitch(ctx context.Context, in *struct {
	SlotReq
	RawBody multipart.Form
}) (*kit.Body[show.Slot], error) {
	defer func() { _ = in.RawBody.RemoveAll() }() // the system clears them, too
	ref, err := in.ref()
	if err != nil {
		return nil, err
	}
	heads := in.RawBody.File["file"]
	if len(heads) == 0 {
		var f occasion.Faults
		f.Add("file", "请选择文件")
		return nil, f.Err()
	}
	content, err := heads[0].Open()
	if err != nil {
		return nil, kit.BadForm(err)
	}
	defer content.Close()
	return kit.BodyOf(h.show.AttachPitch(ctx, api.By(ctx), ref,
		show.FileInput{Name: heads[0].Filename, Content: content}))
}
