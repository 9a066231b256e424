package dealhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/process"
)

// DealID asks for one introduction or broker.
type DealID struct {
	ID string `path:"id" maxLength:"64"`
}

// dealStep is a step of a life cycle as the API shows it.
type dealStep struct {
	Step    string `json:"step"`
	Title   string `json:"title"`
	To      string `json:"to"`
	Allowed bool   `json:"allowed"`
	WhyNot  string `json:"whyNot,omitempty"`
	Reason  bool   `json:"reason" doc:"a reason must be given"`
	DueUs   int64  `json:"dueUs,omitempty" doc:"by when it should be taken, 0 = no limit runs"`
}

func stepsOf(ctx context.Context, offers []process.Offer) []dealStep {
	out := []dealStep{}
	for _, s := range offers {
		x := dealStep{Step: s.Step, Title: i18n.T(ctx, s.Title), To: s.To, Allowed: s.Allowed,
			Reason: s.Needs&process.Reason != 0, DueUs: s.DueUs}
		if s.WhyNot != nil {
			x.WhyNot = i18n.Fault(i18n.From(ctx), s.WhyNot)
		}
		out = append(out, x)
	}
	return out
}

// DealView is an introduction with everything its page shows.
type DealView struct {
	deal.DealDetail
	Steps []dealStep `json:"steps"`
}

// BrokerView is a broker with everything the page shows.
type BrokerView struct {
	deal.BrokerDetail
	Steps []dealStep `json:"steps"`
}

// Operations adds the operations of introductions and brokers.
func (h *Handler) Operations(a *api.API) {
	h.dealReads(a)
	h.dealWrites(a)
	h.splitWrites(a)
	h.brokerReads(a)
	h.brokerWrites(a)
	h.portfolioWrites(a)
}

// add adds an operation of this room.
func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = "deal"
	api.Add(a, op, handle)
}

// DayRange asks for the days in which a post was opened.
type DayRange struct {
	From string `query:"from" doc:"first day of the views, 2006-01-02; empty for 30 days before the last"`
	To   string `query:"to" doc:"last day of the views, empty for today"`
}

// dealListIn asks for a page of introductions.
type dealListIn struct {
	DealQuery
	api.Paging
}

func (h *Handler) dealReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "deal.ListDeals", Method: get, Path: "/deals", Title: "对接列表"},
		func(ctx context.Context, in *dealListIn) (*kit.Body[api.Page[deal.Deal]], error) {
			f, err := h.dealFilter(in.DealQuery)
			if err != nil {
				return nil, err
			}
			page, err := h.deal.ListDeals(ctx, api.By(ctx), f, in.Sort, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "deal.CountDeals", Method: get, Path: "/deals/count",
		Title: "对接数量"}, func(ctx context.Context, in *DealQuery) (*kit.Body[deal.DealCounts], error) {
		f, err := h.dealFilter(*in)
		if err != nil {
			return nil, err
		}
		return kit.BodyOf(h.deal.CountDeals(ctx, api.By(ctx), f))
	})
	add(a, api.Operation{UseCase: "deal.Board", Method: get, Path: "/deals/board", Title: "对接看板"},
		func(ctx context.Context, in *DealQuery) (*kit.Body[[]deal.Column], error) {
			f, err := h.dealFilter(*in)
			if err != nil {
				return nil, err
			}
			out, err := h.deal.Board(ctx, api.By(ctx), f)
			return kit.BodyOf(kit.List(out), err)
		})
	add(a, api.Operation{UseCase: "deal.WriteDeals", Method: get, Path: "/deals/export",
		Title: "导出对接"}, h.apiExport)
	add(a, api.Operation{UseCase: "deal.MyFeedback", Method: get, Path: "/deals/feedback",
		Title: "本单位的市场反馈"}, func(ctx context.Context, in *DayRange) (*kit.Body[[]deal.Feedback], error) {
		out, err := h.deal.MyFeedback(ctx, api.By(ctx), clock.Date(in.From), clock.Date(in.To))
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "deal.PostFeedback", Method: get, Path: "/deals/feedback/{id}",
		Title: "一条供需的市场反馈"}, func(ctx context.Context, in *struct {
		DealID
		DayRange
	}) (*kit.Body[deal.Feedback], error) {
		return kit.BodyOf(h.deal.PostFeedback(ctx, api.By(ctx), in.ID, clock.Date(in.From), clock.Date(in.To)))
	})
	add(a, api.Operation{UseCase: "deal.RewardOf", Method: http.MethodGet, Path: "/deals/reward/{id}",
		Title: "职务科技成果转化奖励测算"}, h.apiReward)
	add(a, api.Operation{UseCase: "deal.GetDeal", Method: get, Path: "/deals/{id}", Title: "对接详情"},
		func(ctx context.Context, in *DealID) (*kit.Record[DealView], error) {
			x, err := h.deal.GetDeal(ctx, api.By(ctx), in.ID)
			x.Timeline, x.Splits, x.Views = kit.List(x.Timeline), kit.List(x.Splits), kit.List(x.Views)
			return kit.RecordOf(DealView{x, stepsOf(ctx, x.Offers)}, x.Version, err)
		})
}

func (h *Handler) apiExport(_ context.Context, in *struct {
	DealQuery
	Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
}) (*api.Stream, error) {
	f, err := h.dealFilter(in.DealQuery)
	if err != nil {
		return nil, err
	}
	return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
		return h.exportDeals(w, r, in.DealQuery, f, in.Format)
	}), nil
}

func (h *Handler) dealWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "deal.CreateDeal", Method: post, Path: "/deals", Title: "提出对接",
		Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body deal.NewDeal
	}) (*kit.Record[deal.Deal], error) {
		in.Body.Key = in.Key
		d, err := h.deal.CreateDeal(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(d, d.Version, err)
	})
	add(a, api.Operation{UseCase: "deal.FireDeal", Method: post, Path: "/deals/{id}/steps",
		Title: "推进对接"}, h.apiFire)
	add(a, api.Operation{UseCase: "deal.AddNote", Method: post, Path: "/deals/{id}/notes",
		Title: "写备注", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		DealID
		api.Once
		Body deal.NewNote
	}) (*kit.Body[deal.Entry], error) {
		in.Body.Deal, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.deal.AddNote(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "deal.AddWork", Method: post, Path: "/deals/{id}/works",
		Title: "登记贡献", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		DealID
		api.Once
		Body deal.NewWork
	}) (*kit.Body[deal.Entry], error) {
		in.Body.Deal, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.deal.AddWork(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "deal.RevealContacts", Method: post, Path: "/deals/{id}/contacts",
		Title: "取得联系方式"}, func(ctx context.Context, in *DealID) (*kit.Body[[]deal.Handed], error) {
		out, err := h.deal.RevealContacts(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "deal.ChallengeNeed", Method: post, Path: "/market/posts/{id}/challenge",
		Title: "转为揭榜"}, func(ctx context.Context, in *struct {
		DealID
		api.Once
		Body deal.NewChallenge
	}) (*kit.Body[market.Post], error) {
		in.Body.Post, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.deal.ChallengeNeed(ctx, api.By(ctx), in.Body))
	})
}

func (h *Handler) apiFire(ctx context.Context, in *struct {
	DealID
	api.Match
	api.Once
	Body struct {
		Step   string `json:"step"`
		Reason string `json:"reason,omitempty"`
		deal.StepData
	}
}) (*kit.Record[deal.Deal], error) {
	version, err := in.Version()
	if err == nil && in.Body.Step == "" {
		err = fault.Fields(fault.At("step", "请选择一项"))
	}
	if err != nil {
		return nil, err
	}
	d, err := h.deal.FireDeal(ctx, api.By(ctx), deal.DealStep{ID: in.ID, Step: in.Body.Step,
		Version: version, Reason: in.Body.Reason, StepData: in.Body.StepData, Key: in.Key})
	return kit.RecordOf(d, d.Version, err)
}

func (h *Handler) splitWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "deal.ProposeSplit", Method: post, Path: "/deals/{id}/splits",
		Title: "提出佣金约定", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		DealID
		api.Once
		Body deal.NewSplit
	}) (*kit.Body[deal.Split], error) {
		in.Body.Deal, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.deal.ProposeSplit(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "deal.ConfirmSplit", Method: post,
		Path: "/deals/{id}/splits/confirm", Title: "确认佣金约定"}, func(ctx context.Context, in *struct {
		DealID
		api.Once
		Body deal.SplitConfirmation
	}) (*kit.Body[deal.Split], error) {
		in.Body.Deal, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.deal.ConfirmSplit(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "deal.Complain", Method: post, Path: "/deals/{id}/complaints",
		Title: "投诉技术经理人", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		DealID
		api.Once
		Body deal.NewComplaint
	}) (*kit.Body[deal.Complaint], error) {
		in.Body.Deal, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.deal.Complain(ctx, api.By(ctx), in.Body))
	})
}

func checkDay(day string) (clock.Date, error) {
	d := clock.Date(day)
	if d != "" && !d.Valid() {
		return "", fault.Fields(fault.At("day", "日期应写作 2026-11-20"))
	}
	return d, nil
}
