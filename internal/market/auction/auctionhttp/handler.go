package auctionhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const pathAuctions = "/auctions"

// Handler serves the room of auctions.
type Handler struct {
	kit.Kit
	auction *auction.Service
}

// New returns the door of the room.
func New(s *auction.Service, w *web.Server, d kit.Deps) *Handler {
	return &Handler{kit.Kit{Web: w, Deps: d}, s}
}

// Routes returns the pages of the room.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathAuctions, Access: web.Everyone, Handle: h.getAuctions,
			UseCases: []string{"auction.ListAuctions", "auction.CountAuctions",
				"auction.WriteAuctions"}},
		{Method: get, Path: pathAuctions + "/new", Handle: h.getNew},
		{Method: post, Path: pathAuctions + "/new", Handle: h.postNew,
			UseCases: []string{"auction.CreateAuction"}},
		{Method: get, Path: pathAuctions + "/{id}", Access: web.Everyone, Handle: h.getAuction,
			UseCases: []string{"auction.GetAuction", "auction.Log"}},
		{Method: get, Path: pathAuctions + "/{id}/{part}", Access: web.Everyone, Handle: h.getPart,
			UseCases: []string{"auction.GetAuction", "auction.Log", "auction.Prove",
				"auction.ListApplicants", "auction.Reserve"}},
		{Method: post, Path: pathAuctions + "/{id}/{part}", Handle: h.postPart,
			UseCases: []string{"auction.UpdateAuction", "auction.FireAuction", "auction.Apply",
				"auction.DecideApplicant", "auction.RecordDeposit", "auction.Bid", "auction.Contest"}},
	}
}

func path(id, tail string) string { return kit.Join(pathAuctions, id, tail) }

func (h *Handler) of(r *http.Request) (auction.Detail, error) {
	if !id.Valid(r.PathValue("id")) {
		return auction.Detail{}, occasion.Absent()
	}
	return h.auction.GetAuction(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) getPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.of(r)
	if err != nil {
		return err
	}
	part := r.PathValue("part")
	for _, t := range tabs[1:] {
		if t.name == part {
			return h.showTab(w, r, d, t, nil)
		}
	}
	switch part {
	case "edit":
		return h.getEdit(w, r, d)
	case "step":
		if r.FormValue("do") == auction.StepContest {
			return h.getContest(w, r, d)
		}
		return h.askStep(w, r, d, r.FormValue("do"), "", nil)
	case "apply":
		return h.showApply(w, r, d, auction.Application{Key: id.New()}, nil)
	case "print":
		return h.printLog(w, r, d)
	}
	return occasion.Absent()
}

func (h *Handler) postPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.of(r)
	if err != nil {
		return err
	}
	do := map[string]func(http.ResponseWriter, *http.Request, auction.Detail) error{
		"edit": h.postEdit, "step": h.postStep, "apply": h.postApply, "bid": h.postBid,
		"decide": h.postDecide, "deposit": h.postDeposit, "contest": h.postContest,
	}[r.PathValue("part")]
	if do == nil {
		return occasion.Absent()
	}
	return do(w, r, d)
}

var tones = map[string]ui.Tone{auction.Notice: ui.Run, auction.Bidding: ui.OK, auction.Closed: ui.Warn,
	auction.Publicity: ui.Run, auction.Objected: ui.Bad, auction.Confirmed: ui.OK,
	auction.Signed: ui.OK, auction.Contested: ui.Run}

func states() []market.Choice { return kit.States(auction.Process.Def().States) }

func mark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, states(), state)}
}

func applicantStates() []market.Choice {
	return []market.Choice{{Value: auction.StateApplied, Title: "待审查"},
		{Value: auction.StateAdmitted, Title: "已获资格"}, {Value: auction.StateRefused, Title: "未通过"}}
}

func applicantMark(ctx context.Context, state string) ui.State {
	tone := map[string]ui.Tone{auction.StateApplied: ui.Warn, auction.StateAdmitted: ui.OK}[state]
	return ui.State{Tone: tone, Text: kit.Titled(ctx, applicantStates(), state)}
}

func deposits() []market.Choice {
	return []market.Choice{{Value: auction.DepositNone, Title: "未缴"},
		{Value: auction.DepositPaid, Title: "已缴"}, {Value: auction.DepositReturned, Title: "已退还"},
		{Value: auction.DepositForfeited, Title: "已没收"}, {Value: auction.DepositMoved, Title: "已转入竞价"}}
}

// yuan shows an amount.
func yuan(r *http.Request, f money.Fen) string {
	if f == 0 {
		return "—"
	}
	return i18n.Yuan(kit.Lang(r), f)
}

// number shows who bids: 3 号竞买人.
func number(r *http.Request, n int64) string {
	if n == 0 {
		return "—"
	}
	return kit.Say(r, "%d 号竞买人", n)
}

func again(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }
