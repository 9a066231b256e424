package dealhttp

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// rewardBlock shows what the people behind the achievement get at least, with a field for the cost of the deal,
// and by which rule; nil for those who are not shown it.
func (h *Handler) rewardBlock(r *http.Request, x deal.DealDetail) (templ.Component, error) {
	if !x.Rewards(web.Actor(r)) {
		return nil, nil
	}
	typed := r.URL.Query().Get("cost")
	cost, bad := money.Fen(0), error(nil)
	if typed != "" {
		if cost, bad = money.Parse(typed, money.Wan); bad != nil {
			cost = 0
		}
	}
	v, err := h.deal.RewardOf(r.Context(), web.Actor(r), x.ID, cost)
	if fault.Is(err, fault.Invalid) {
		bad = err
		v, err = h.deal.RewardOf(r.Context(), web.Actor(r), x.ID, 0)
	}
	if err != nil {
		return nil, err
	}
	parts := []templ.Component{ui.FactGrid(rewardFacts(r, v))}
	if v.SharePercent == 0 {
		parts = append(parts, rewardNotes(r, v), rewardForm(r, x, typed, bad))
	}
	parts = append(parts, ui.Note(say(r, "依据：%s，规则“%s”自 %s 起", v.Source, v.RuleName, i18n.Date(lang(r), v.RuleFrom))),
		ui.Note(say(r, "这是促进科技成果转化法规定的下限的测算；单位与完成人另有约定的从其约定，由单位决定。")))
	return ui.With(ui.Block(say(r, "职务科技成果转化奖励")), ui.With(ui.Stack(), parts...)), nil
}

func rewardFacts(r *http.Request, v deal.Reward) []ui.Fact {
	l := lang(r)
	price := "意向金额"
	if v.Contract {
		price = "合同成交额"
	}
	out := []ui.Fact{{Term: say(r, price), Text: amount(l, v.PriceFen)}}
	if v.SharePercent > 0 {
		return append(out, ui.Fact{Term: say(r, "奖励"),
			Text: say(r, "不低于股份或出资比例的 %s%%", strconv.Itoa(v.SharePercent))})
	}
	return append(out, ui.Fact{Term: say(r, "净收入"), Text: amount(l, v.NetFen)},
		ui.Fact{Term: say(r, "奖励不低于"), Text: amount(l, v.RewardFen), Big: true},
		ui.Fact{Term: say(r, "其中主要贡献人员不低于"), Text: amount(l, v.MainFen)})
}

func rewardNotes(r *http.Request, v deal.Reward) templ.Component {
	var list []ui.Link
	for _, n := range v.Notes {
		list = append(list, ui.Link{Text: n.Text(lang(r))})
	}
	return ui.PlainList(list)
}

func rewardForm(r *http.Request, x deal.DealDetail, typed string, bad error) templ.Component {
	in := []ui.Input{{Kind: ui.InNumber, Name: "cost", Label: say(r, "交易成本"), Value: typed, Unit: say(r, "万元"),
		Width: ui.W10, Optional: true, Hint: say(r, "中介、评估、税费等，从价款中扣除")}}
	if e, ok := fault.As(bad); ok {
		key, args := e.Key, e.Args
		if len(e.Fields) > 0 {
			key, args = e.Fields[0].Key, e.Fields[0].Args
		}
		in[0].Err = i18n.Text(lang(r), key, args...)
	}
	return ui.With(ui.Form(ui.FormView{ID: "reward", Action: dealPath(x.ID, ""), Get: true, Plain: true,
		Buttons: []ui.Action{{Text: say(r, "重新测算"), Small: true}}}), fields(in))
}

// rewardOut is a reward in the language of the request.
type rewardOut struct {
	deal.Reward
	Notes []string `json:"notes" doc:"how it is computed, in words"`
}

func (h *Handler) apiReward(ctx context.Context, in *struct {
	DealID
	CostFen int64 `query:"costFen" minimum:"0" doc:"cost of the deal, taken off the price"`
}) (*kit.Body[rewardOut], error) {
	v, err := h.deal.RewardOf(ctx, api.By(ctx), in.ID, money.Fen(in.CostFen))
	out := rewardOut{Reward: v, Notes: []string{}}
	for _, n := range v.Notes {
		out.Notes = append(out.Notes, n.Text(i18n.From(ctx)))
	}
	return kit.BodyOf(out, err)
}
