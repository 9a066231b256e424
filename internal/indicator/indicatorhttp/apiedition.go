package indicatorhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
)

// EditionIn names an edition of a set by its number.
type EditionIn struct {
	kit.ByID
	N int64 `path:"n" minimum:"1" maximum:"100000"`
}

// EditionQuery asks for an edition of a set; 0 is the one in force.
type EditionQuery struct {
	Edition int64 `query:"edition" minimum:"0" maximum:"100000" default:"0"`
}

// FieldNote is what is wrong with a field, or what it should say.
type FieldNote struct {
	Field string `json:"field"` // groups.0.items.2.weight
	Text  string `json:"text"`
}

// EditionView is an edition with the check of a draft.
type EditionView struct {
	indicator.EditionDetail
	Problems []FieldNote     `json:"problems" doc:"what must be mended before a draft can be put in force"`
	Hints    []FieldNote     `json:"hints" doc:"what a draft should say and may lack"`
	Steps    []kit.OfferView `json:"steps"`
	Events   []kit.EventView `json:"events"`
}

func notes(ctx context.Context, list []fault.Field) []FieldNote {
	out := []FieldNote{}
	for _, f := range list {
		out = append(out, FieldNote{f.Name, i18n.FieldText(i18n.From(ctx), f)})
	}
	return out
}

func changes(list []indicator.Change) []indicator.Change {
	for i := range list {
		list[i].Fields = kit.List(list[i].Fields)
	}
	return kit.List(list)
}

// DraftIn is the note of a draft.
type DraftIn struct {
	Note string `json:"note,omitempty" maxLength:"300"`
}

// PublishIn is the day from which an edition holds.
type PublishIn struct {
	From clock.Date `json:"from"`
}

// ReasonIn is why something is done.
type ReasonIn struct {
	Reason string `json:"reason"`
}

const pathEditions = "/indicator-set-editions/{id}"

func (h *Handler) editionOps(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "indicator.CreateSet", Method: post, Path: "/indicator-sets", Title: "新建体系"},
		func(ctx context.Context, in *struct {
			api.Once
			Body indicator.NewSet
		}) (*kit.Record[indicator.Edition], error) {
			in.Body.Key = in.Key
			e, err := h.room.CreateSet(ctx, api.By(ctx), in.Body)
			return kit.RecordOf(e, e.Version, err)
		})
	add(a, api.Operation{UseCase: "indicator.ListEditions", Method: get, Path: "/indicator-sets/{id}/editions",
		Title: "各版"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[[]indicator.Edition], error) {
		out, err := h.room.ListEditions(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "indicator.DraftEdition", Method: post, Path: "/indicator-sets/{id}/editions",
		Title: "开始修订"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Once
		Body DraftIn
	}) (*kit.Record[indicator.Edition], error) {
		e, err := h.room.DraftEdition(ctx, api.By(ctx), indicator.NewDraft{Set: in.ID, Note: in.Body.Note, Key: in.Key})
		return kit.RecordOf(e, e.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.GetEdition", Method: get, Path: "/indicator-sets/{id}/editions/{n}",
		Title: "一版体系"}, h.apiEdition)
	add(a, api.Operation{UseCase: "indicator.CompareEditions", Method: get, Path: "/indicator-sets/{id}/compare",
		Title: "比较两版"}, func(ctx context.Context, in *struct {
		kit.ByID
		From int64 `query:"from" minimum:"1" maximum:"100000" required:"true"`
		To   int64 `query:"to" minimum:"1" maximum:"100000" required:"true"`
	}) (*kit.Body[indicator.Comparison], error) {
		c, err := h.room.CompareEditions(ctx, api.By(ctx), in.ID, in.From, in.To)
		c.Changes = changes(c.Changes)
		return kit.BodyOf(c, err)
	})
	h.draftOps(a)
}

func (h *Handler) draftOps(a *api.API) {
	add(a, api.Operation{UseCase: "indicator.UpdateDraft", Method: http.MethodPut, Path: pathEditions,
		Title: "修改草案"}, func(ctx context.Context, in *struct {
		Versioned
		Body indicator.DraftUpdate
	}) (*kit.Record[indicator.Edition], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		e, err := h.room.UpdateDraft(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(e, e.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.PublishEdition", Method: http.MethodPost, Path: pathEditions + "/publish",
		Title: "定版"}, func(ctx context.Context, in *struct {
		Versioned
		Body PublishIn
	}) (*kit.Record[indicator.Edition], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		e, err := h.room.PublishEdition(ctx, api.By(ctx), indicator.Publication{ID: in.ID, From: in.Body.From,
			Version: version})
		return kit.RecordOf(e, e.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.DiscardEdition", Method: http.MethodPost, Path: pathEditions + "/discard",
		Title: "作废草案"}, func(ctx context.Context, in *struct {
		Versioned
		Body ReasonIn
	}) (*kit.Record[indicator.Edition], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		e, err := h.room.DiscardEdition(ctx, api.By(ctx), indicator.Step{ID: in.ID, Reason: in.Body.Reason,
			Version: version})
		return kit.RecordOf(e, e.Version, err)
	})
}

func (h *Handler) apiEdition(ctx context.Context, in *EditionIn) (*kit.Record[EditionView], error) {
	d, err := h.room.GetEdition(ctx, api.By(ctx), indicator.EditionRef{Set: in.ID, N: in.N})
	d.Changes = changes(d.Changes)
	return kit.RecordOf(EditionView{d, notes(ctx, d.Faults), notes(ctx, d.Hints), kit.Offers(ctx, d.Offers),
		kit.Events(d.History)}, d.Version, err)
}
