package auctionhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/auction"
)

// AuctionView is an auction with everything its page shows.
type AuctionView struct {
	auction.Detail
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

// Proof says whether the log of an auction comes to what is stored.
type Proof struct {
	Proved bool `json:"proved"`
}

func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = "auction"
	api.Add(a, op, handle)
}

// Operations adds the operations of the room.
func (h *Handler) Operations(a *api.API) {
	h.reads(a)
	h.writes(a)
	h.applicantOps(a)
}

func (h *Handler) reads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "auction.ListAuctions", Method: get, Path: "/auctions",
		Title: "挂牌与拍卖列表", Public: true}, func(ctx context.Context, in *struct {
		Query
		api.Paging
	}) (*kit.Body[api.Page[auction.Item]], error) {
		page, err := h.auction.ListAuctions(ctx, api.By(ctx), in.filter(), in.Sort, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "auction.CountAuctions", Method: get, Path: "/auctions/count",
		Title: "挂牌与拍卖数量", Public: true},
		func(ctx context.Context, in *Query) (*kit.Body[map[string]int64], error) {
			return kit.BodyOf(h.auction.CountAuctions(ctx, api.By(ctx), in.filter()))
		})
	add(a, api.Operation{UseCase: "auction.WriteAuctions", Method: get, Path: "/auctions/export",
		Title: "导出挂牌与拍卖", Public: true}, func(_ context.Context, in *struct {
		Query
		Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
	}) (*api.Stream, error) {
		return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
			return h.export(w, r, in.Query, in.Format)
		}), nil
	})
	add(a, api.Operation{UseCase: "auction.GetAuction", Method: get, Path: "/auctions/{id}",
		Title: "挂牌或拍卖档案", Public: true},
		func(ctx context.Context, in *kit.ByID) (*kit.Record[AuctionView], error) {
			d, err := h.auction.GetAuction(ctx, api.By(ctx), in.ID)
			return kit.RecordOf(AuctionView{d, kit.Offers(ctx, d.Offers), kit.Events(d.History)},
				d.Version, err)
		})
	add(a, api.Operation{UseCase: "auction.Log", Method: get, Path: "/auctions/{id}/log",
		Title: "交易过程记录", Public: true},
		func(ctx context.Context, in *kit.ByID) (*kit.Body[[]auction.Entry], error) {
			out, err := h.auction.Log(ctx, api.By(ctx), in.ID)
			return kit.BodyOf(kit.List(out), err)
		})
	add(a, api.Operation{UseCase: "auction.Prove", Method: get, Path: "/auctions/{id}/proof",
		Title: "复核过程记录", Public: true},
		func(ctx context.Context, in *kit.ByID) (*kit.Body[Proof], error) {
			ok, err := h.auction.Prove(ctx, api.By(ctx), in.ID)
			return kit.BodyOf(Proof{ok}, err)
		})
	add(a, api.Operation{UseCase: "auction.Reserve", Method: get, Path: "/auctions/{id}/draft",
		Title: "公告前的交易资料"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[auction.Data], error) {
		return kit.BodyOf(h.auction.Reserve(ctx, api.By(ctx), in.ID))
	})
}

func (h *Handler) writes(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "auction.CreateAuction", Method: post, Path: "/auctions",
		Title: "发起交易", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body auction.NewItem
	}) (*kit.Record[auction.Item], error) {
		in.Body.Key = in.Key
		x, err := h.auction.CreateAuction(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "auction.UpdateAuction", Method: http.MethodPut, Path: "/auctions/{id}",
		Title: "修改挂牌或拍卖"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		api.Once
		Body auction.Update
	}) (*kit.Record[auction.Item], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		x, err := h.auction.UpdateAuction(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "auction.FireAuction", Method: post, Path: "/auctions/{id}/steps",
		Title: "办理挂牌或拍卖的步骤"},
		func(ctx context.Context, in *kit.StepReq) (*kit.Record[auction.Item], error) {
			version, err := in.Read()
			if err != nil {
				return nil, err
			}
			x, err := h.auction.FireAuction(ctx, api.By(ctx), auction.Step{ID: in.ID, Step: in.Body.Step,
				Reason: in.Body.Reason, Version: version, Key: in.Key})
			return kit.RecordOf(x, x.Version, err)
		})
	add(a, api.Operation{UseCase: "auction.Contest", Method: post, Path: "/auctions/{id}/contest",
		Title: "将挂牌转为竞价", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Match
		api.Once
		Body auction.Contest
	}) (*kit.Record[auction.Item], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Key
		x, err := h.auction.Contest(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "auction.Bid", Method: post, Path: "/auctions/{id}/bids",
		Title: "出价", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Once
		Body auction.NewBid
	}) (*kit.Body[auction.MyBid], error) {
		in.Body.Auction, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.auction.Bid(ctx, api.By(ctx), in.Body))
	})
}

// Versioned names a record that was seen at a version.
type Versioned struct {
	kit.ByID
	api.Match
}

func (h *Handler) applicantOps(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "auction.Apply", Method: post, Path: "/auctions/{id}/applicants",
		Title: "申请参加", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Once
		Body auction.Application
	}) (*kit.Record[auction.Applicant], error) {
		in.Body.Auction, in.Body.Key = in.ID, in.Key
		x, err := h.auction.Apply(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "auction.ListApplicants", Method: http.MethodGet,
		Path: "/auctions/{id}/applicants", Title: "竞买人列表"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Paging
	}) (*kit.Body[api.Page[auction.Applicant]], error) {
		if by := api.By(ctx); by.Account == "" {
			return nil, kit.ErrRole()
		}
		page, err := h.auction.ListApplicants(ctx, api.By(ctx), in.ID, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "auction.DecideApplicant", Method: post,
		Path: "/applicants/{id}/decision", Title: "审查竞买资格"}, func(ctx context.Context, in *struct {
		Versioned
		Body auction.Decision
	}) (*kit.Record[auction.Applicant], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.auction.DecideApplicant(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "auction.RecordDeposit", Method: post, Path: "/applicants/{id}/deposit",
		Title: "登记保证金"}, func(ctx context.Context, in *struct {
		Versioned
		Body auction.Deposit
	}) (*kit.Record[auction.Applicant], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.auction.RecordDeposit(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}
