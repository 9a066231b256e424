package showhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/show"
)

// Versioned names a record that was seen at a version.
type Versioned struct {
	kit.ByID
	api.Match
}

// PassView is a sign-up with its code for the door.
type PassView struct {
	show.Signup
	Code string `json:"code,omitempty" doc:"shown at the door as a QR code; empty once used"`
}

// CodeIn is the body of a check-in.
type CodeIn struct {
	Code string `json:"code"`
}

func (h *Handler) signupOps(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "show.SignUp", Method: post, Path: "/shows/{id}/signups", Title: "活动报名",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Once
		Body show.Person
	}) (*kit.Record[show.Signup], error) {
		g, err := h.show.SignUp(ctx, api.By(ctx), show.NewSignup{Show: in.ID, Person: in.Body, Key: in.Key})
		return kit.RecordOf(g, g.Version, err)
	})
	add(a, api.Operation{UseCase: "show.ListSignups", Method: get, Path: "/signups", Title: "报名列表"},
		func(ctx context.Context, in *struct {
			Show    string `query:"show"`
			State   string `query:"state"`
			Checked string `query:"checked" doc:"yes or no"`
			Sort    string `query:"sort" enum:"number,name"`
			api.Paging
		}) (*kit.Body[api.Page[show.Signup]], error) {
			by := api.By(ctx)
			if by.Account == "" {
				return nil, kit.ErrRole()
			}
			page, err := h.show.ListSignups(ctx, by, show.SignupFilter{Show: in.Show, State: in.State,
				Checked: in.Checked}, in.Sort, db.PageReq(in.Req()))
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "show.MyBookings", Method: get, Path: "/signups/mine",
		Title: "我的活动安排"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]show.Booking], error) {
		by := api.By(ctx)
		if by.Account == "" {
			return nil, kit.ErrRole()
		}
		out, err := h.show.MyBookings(ctx, by)
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "show.MyPass", Method: get, Path: "/signups/{id}/pass",
		Title: "我的签到码"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[PassView], error) {
		g, code, err := h.show.MyPass(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(PassView{g, code}, g.Version, err)
	})
	h.doorOps(a)
}

func (h *Handler) doorOps(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "show.RenewPass", Method: post, Path: "/signups/{id}/pass",
		Title: "更换签到码"}, func(ctx context.Context, in *Versioned) (*kit.Record[show.Signup], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		g, err := h.show.RenewPass(ctx, api.By(ctx), in.ID, version)
		return kit.RecordOf(g, g.Version, err)
	})
	add(a, api.Operation{UseCase: "show.CancelSignup", Method: http.MethodDelete, Path: "/signups/{id}",
		Title: "取消报名"}, func(ctx context.Context, in *Versioned) (*kit.Record[show.Signup], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		g, err := h.show.CancelSignup(ctx, api.By(ctx), in.ID, version)
		return kit.RecordOf(g, g.Version, err)
	})
	add(a, api.Operation{UseCase: "show.CheckInByHand", Method: post, Path: "/signups/{id}/checkin",
		Title: "现场签到"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[show.Signup], error) {
		return kit.BodyOf(h.show.CheckInByHand(ctx, api.By(ctx), in.ID))
	})
	add(a, api.Operation{UseCase: "show.PeekPass", Method: post, Path: "/checkin/peek",
		Title: "查看签到码"}, func(ctx context.Context, in *struct{ Body CodeIn }) (*kit.Body[show.Signup], error) {
		return kit.BodyOf(h.show.PeekPass(ctx, api.By(ctx), in.Body.Code))
	})
	add(a, api.Operation{UseCase: "show.CheckIn", Method: post, Path: "/checkin",
		Title: "扫码签到"}, func(ctx context.Context, in *struct{ Body CodeIn }) (*kit.Body[show.Signup], error) {
		return kit.BodyOf(h.show.CheckIn(ctx, api.By(ctx), in.Body.Code))
	})
}

func (h *Handler) talkOps(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "show.Participants", Method: get, Path: "/shows/{id}/participants",
		Title: "参会者名单"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[[]show.Other], error) {
		out, err := h.show.Participants(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "show.Talks", Method: get, Path: "/shows/{id}/talks",
		Title: "一对一洽谈列表"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[[]show.Talk], error) {
		out, err := h.show.Talks(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "show.AskTalk", Method: post, Path: "/talks", Title: "约谈",
		Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body show.NewTalk }) (*kit.Record[show.Talk], error) {
			k, err := h.show.AskTalk(ctx, api.By(ctx), in.Body)
			return kit.RecordOf(k, k.Version, err)
		})
	add(a, api.Operation{UseCase: "show.AnswerTalk", Method: post, Path: "/talks/{id}/answer",
		Title: "答复约谈"}, func(ctx context.Context, in *struct {
		Versioned
		Body show.TalkAnswer
	}) (*kit.Record[show.Talk], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		k, err := h.show.AnswerTalk(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(k, k.Version, err)
	})
	add(a, api.Operation{UseCase: "show.CancelTalk", Method: http.MethodDelete, Path: "/talks/{id}",
		Title: "取消约谈"}, func(ctx context.Context, in *Versioned) (*kit.Record[show.Talk], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		k, err := h.show.CancelTalk(ctx, api.By(ctx), in.ID, version)
		return kit.RecordOf(k, k.Version, err)
	})
}

// MarkIn is the body of a mark of interest.
type MarkIn struct {
	On bool `json:"on" doc:"false takes the mark back"`
}

func (h *Handler) interestOps(a *api.API) {
	add(a, api.Operation{UseCase: "show.MarkInterest", Method: http.MethodPut,
		Path: "/shows/{id}/slots/{slot}/interest", Title: "标记意向"}, func(ctx context.Context, in *struct {
		kit.ByID
		Slot string `path:"slot" maxLength:"64"`
		Body MarkIn
	}) (*kit.Body[show.Slot], error) {
		return kit.BodyOf(h.show.MarkInterest(ctx, api.By(ctx), show.Mark{Show: in.ID, Slot: in.Slot,
			On: in.Body.On}))
	})
	add(a, api.Operation{UseCase: "show.Interests", Method: http.MethodGet, Path: "/shows/{id}/interests",
		Title: "意向与去向"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[[]show.Interest], error) {
		by := api.By(ctx)
		if by.Account == "" {
			return nil, kit.ErrRole()
		}
		out, err := h.show.Interests(ctx, by, in.ID)
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "show.SetOutcome", Method: http.MethodPut, Path: "/interests/{id}",
		Title: "记录意向的去向"}, func(ctx context.Context, in *struct {
		Versioned
		Body show.Result
	}) (*kit.Body[show.Interest], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		return kit.BodyOf(h.show.SetOutcome(ctx, api.By(ctx), in.Body))
	})
}
