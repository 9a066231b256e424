package studiohttp

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getDraw asks which numbers of the house become a dataset.
func (h *Handler) getDraw(w http.ResponseWriter, r *http.Request) error {
	year := int64(clock.Time(clock.Us(h.Now())).In(clock.Shanghai).Year())
	return h.showDraw(w, r, studio.Live{Key: id.New(), DatasetData: studio.DatasetData{Standing: "reference",
		Kind: "district", Source: kit.Say(r, "指标监测"), DataYear: year - 1, ReportYear: year}}, nil)
}

func (h *Handler) showDraw(w http.ResponseWriter, r *http.Request, x studio.Live, err error) error {
	offers, lerr := h.studio.ListOffers(r.Context(), web.Actor(r))
	if lerr != nil {
		return lerr
	}
	p := h.Web.Page(r, "取自指标监测")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "指数工作室"), Href: pathHome}, {Text: p.Title}}
	head := ui.PageHead(ui.Head{Title: p.Title, Lead: kit.Say(r, "把指标数据（已审核的填报、系统度量和公式）按县区取成一个数据集；以后的更正不会改变它。")})
	if len(offers) == 0 {
		return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(head, ui.Empty(kit.Say(r, "还没有可取的数值"),
			kit.Say(r, "指标体系中的指标有两个以上县区的数据后，这里可以选择。")))})
	}
	pick := ui.Input{Kind: ui.InSelect, Name: "offer", Label: kit.Say(r, "指标体系与期间"), Value: x.Set + " " + x.Period}
	for _, o := range offers {
		pick.Options = append(pick.Options, ui.Option{Value: o.Set + " " + o.Period,
			Text: ui.Words(o.Title, o.Shown, kit.Say(r, "%d 个数据", o.Values))})
	}
	in := append([]ui.Input{pick}, takingInputs(r, x.Taking,
		kit.Say(r, "从同一体系其他年份的同期补入，补了哪些在数据集里列出"))...)
	in = append(in, datasetInputs(r, x.DatasetData)...)
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{Action: pathDatasets + "/draw", Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: x.Key}}, Buttons: []ui.Action{
			{Text: kit.Say(r, "取成数据集"), Primary: true}, {Text: kit.Say(r, "取消"), Href: pathHome + "?kind=data"}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(head, ui.With(ui.Form(view), kit.Fields(in)))})
}

func (h *Handler) postDraw(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	x := studio.Live{DatasetData: readDataset(r), Key: r.PostForm.Get("key"), Taking: readTaking(r.PostForm)}
	x.Set, x.Period, _ = strings.Cut(r.PostForm.Get("offer"), " ")
	d, err := h.studio.DrawDataset(r.Context(), web.Actor(r), x)
	if fault.Is(err, fault.Invalid) {
		return h.showDraw(w, r, x, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, datasetPath(d.ID, ""), "数据集已导入")
}
