package auctionhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getContest shows the form of the auction in which the takers of a listing compete.
func (h *Handler) getContest(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	rule, err := h.auction.RuleAt(r.Context(), auction.English, d.NowUs)
	if err != nil {
		return err
	}
	return h.showContest(w, r, d, form{data: auction.Following(d.Item, rule, h.Now()), version: d.Version,
		key: id.New()}, nil)
}

func (h *Handler) showContest(
	w http.ResponseWriter, r *http.Request, d auction.Detail, f form, err error,
) error {
	if perr := auction.Policy.May(web.Actor(r), auction.ActRun, d.Item); perr != nil {
		return perr
	}
	f.data.Post = d.Post
	in := inputs(r, f, false)
	for i := range in {
		if in[i].Name == "mode" {
			in[i].Options = kit.Options(r.Context(), "请选择", auction.Modes()[1:])
		}
	}
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{ID: "contest", Action: path(d.ID, "contest"), Version: kit.Number(f.version),
		Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "结束挂牌并公告竞价"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "")}}}
	note := kit.Say(r, "已获资格的 %d 个受让方自动成为竞买人：已缴保证金够的随之转入；交易条件不变且保证金够的，资格保留。", d.Bids)
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "转为竞价"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "转为竞价"), Lead: d.PostTitle}), ui.Note(note),
			ui.With(ui.Form(view), kit.Fields(in)))})
}

func (h *Handler) postContest(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	f := readForm(r.PostForm)
	x, err := h.auction.Contest(r.Context(), web.Actor(r), auction.Contest{ID: d.ID, Data: f.data,
		Version: f.version, Key: f.key})
	if fault.Is(err, fault.Invalid) {
		return h.showContest(w, r, d, f, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(x.ID, ""), "已公告竞价")
}
