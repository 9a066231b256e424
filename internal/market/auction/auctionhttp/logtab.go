package auctionhttp

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func fen(n int64) money.Fen { return money.Fen(n) }

// second writes a time to the second.
func second(us int64) string { return clock.Time(us).In(clock.Shanghai).Format(time.DateTime) }

// eventKinds are the kinds of events in a log.
func eventKinds() []market.Choice {
	return []market.Choice{{Value: auction.EvBegin, Title: "竞价开始"},
		{Value: auction.EvAdmit, Title: "确认受让资格"}, {Value: auction.EvBid, Title: "出价"},
		{Value: auction.EvReveal, Title: "开标"}, {Value: auction.EvClose, Title: "竞价截止"}}
}

// logTab is the course of an auction, and whether it comes to the result.
func (h *Handler) logTab(r *http.Request, d auction.Detail) (templ.Component, error) {
	ctx, by := r.Context(), web.Actor(r)
	list, err := h.auction.Log(ctx, by, d.ID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return ui.Empty(kit.Say(r, "还没有记录"), kit.Say(r, "竞价开始后，每一次出价都记在这里，只增不改。")), nil
	}
	proved, err := h.auction.Prove(ctx, by, d.ID)
	if err != nil {
		return nil, err
	}
	tone, text := ui.OK, kit.Say(r, "已按记录重新推算，与保存的结果一致。")
	if !proved {
		tone, text = ui.Bad, kit.Say(r, "按记录推算的结果与保存的不一致，请联系审计管理员。")
	}
	tab := ui.Table{Caption: kit.Say(r, "过程记录"), Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "序号")}, {Label: kit.Say(r, "时间")}, {Label: kit.Say(r, "事项")},
		{Label: kit.Say(r, "竞买人")}, {Label: kit.Say(r, "金额"), Num: true}}}
	for _, e := range list {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: kit.Number(e.Seq)},
			{Text: precise(e.AtUs)}, {Text: kit.Titled(ctx, eventKinds(), e.Kind)},
			{Text: number(r, e.No), Sub: e.Name}, {Text: yuan(r, e.Fen)}}})
	}
	return templ.Join(ui.Banner(tone, text), ui.DataTable(tab)), nil
}

// precise writes a time to the microsecond, as it decides who was first.
func precise(us int64) string {
	return clock.Time(us).In(clock.Shanghai).Format("2006-01-02 15:04:05.000000")
}

// printLog shows the course and the result for paper.
func (h *Handler) printLog(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	ctx := r.Context()
	list, err := h.auction.Log(ctx, web.Actor(r), d.ID)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, e := range list {
		amount := ""
		if e.Fen > 0 {
			amount = i18n.Exact(e.Fen)
		}
		rows = append(rows, []string{kit.Number(e.Seq), precise(e.AtUs),
			kit.Titled(ctx, eventKinds(), e.Kind), number(r, e.No), amount})
	}
	p := h.Web.Page(r, "交易过程记录")
	doc := ui.Document{Back: path(d.ID, "log"), Issuer: p.Site.Organiser, Number: d.Code,
		Date: i18n.DateLong(kit.Lang(r), clock.DateOf(h.Now()))}
	result := kit.Say(r, "尚未成交")
	if d.PayFen > 0 {
		result = kit.Say(r, "成交价 %s（%s），受让方 %s", i18n.Exact(d.PayFen), d.PayFen.Capital(),
			ui.Words(number(r, d.WinnerNo), d.WinnerName))
	}
	body := templ.Join(kit.Paragraphs([]string{d.PostTitle,
		ui.Words(kit.Titled(ctx, auction.Modes(), d.Mode), d.OrgName, second(d.OpensUs)+"—"+second(d.ClosesUs)),
		result}), kit.PaperTable(kit.Say(r, "过程记录"), []string{kit.Say(r, "序号"), kit.Say(r, "时间"),
		kit.Say(r, "事项"), kit.Say(r, "竞买人"), kit.Say(r, "金额")}, rows))
	return h.Web.RenderPrint(w, r, p, doc, body)
}
