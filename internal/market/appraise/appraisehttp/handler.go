package appraisehttp

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/appraise"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses.
const (
	pathHome    = "/appraisals"
	pathSheets  = "/appraisals/sheets"
	pathReviews = "/appraisals/reviews"
	pathJoin    = "/appraisals/join"
)

// Handler serves the room of valuations and evaluations.
type Handler struct {
	kit.Kit
	appraise *appraise.Service
}

// New returns the door of the room.
func New(s *appraise.Service, w *web.Server, d kit.Deps) *Handler {
	return &Handler{kit.Kit{Web: w, Deps: d}, s}
}

// Routes returns the pages of the room.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathHome, Handle: h.getHome,
			UseCases: []string{"appraise.ListSheets", "appraise.ListReviews", "appraise.WriteSheets",
				"appraise.WriteReviews"}},
		{Method: get, Path: pathJoin, Handle: h.getJoin},
		{Method: post, Path: pathJoin, Handle: h.postJoin, UseCases: []string{"appraise.Join"}},
		{Method: get, Path: pathSheets + "/new", Handle: h.getSheetNew},
		{Method: post, Path: pathSheets + "/new", Handle: h.postSheetNew,
			UseCases: []string{"appraise.CreateSheet"}},
		{Method: get, Path: pathSheets + "/{id}", Handle: h.getSheet,
			UseCases: []string{"appraise.GetSheet"}},
		{Method: get, Path: pathSheets + "/{id}/{part}", Handle: h.getSheetPart,
			UseCases: []string{"appraise.GetSheet"}},
		{Method: post, Path: pathSheets + "/{id}/{part}", Handle: h.postSheetPart, UseCases: []string{
			"appraise.UpdateSheet", "appraise.SaveInputs", "appraise.FireSheet"}},
		{Method: get, Path: pathReviews + "/new", Handle: h.getReviewNew},
		{Method: post, Path: pathReviews + "/new", Handle: h.postReviewNew,
			UseCases: []string{"appraise.CreateReview"}},
		{Method: get, Path: pathReviews + "/{id}", Handle: h.getReview,
			UseCases: []string{"appraise.GetReview"}},
		{Method: get, Path: pathReviews + "/{id}/{part}", Handle: h.getReviewPart,
			UseCases: []string{"appraise.GetReview"}},
		{Method: post, Path: pathReviews + "/{id}/{part}", Handle: h.postReviewPart, UseCases: []string{
			"appraise.AddExpert", "appraise.RemoveExpert", "appraise.Score", "appraise.WriteReport",
			"appraise.FireReview"}},
	}
}

var tones = map[string]ui.Tone{appraise.SheetFinal: ui.OK, appraise.ReviewScoring: ui.Run,
	appraise.ReviewDone: ui.Warn, appraise.ReviewReported: ui.OK}

func sheetMark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, kit.States(appraise.SheetProcess.Def().States), state)}
}

func reviewMark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, kit.States(appraise.ReviewProcess.Def().States), state)}
}

func again(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

// homeKinds are what the room lists.
func homeKinds() []market.Choice {
	return []market.Choice{{Value: "", Title: "估值工作表"}, {Value: "review", Title: "五元价值评价"}}
}

// getHome lists sheets, or evaluations.
func (h *Handler) getHome(w http.ResponseWriter, r *http.Request) error {
	by, kind := web.Actor(r), r.FormValue("kind")
	sheets, reviews := appraise.SheetPolicy.Could(by, appraise.ActSheetRead),
		appraise.ReviewPolicy.Could(by, appraise.ActReviewRead)
	if !sheets && !reviews {
		return kit.ErrRole()
	}
	if !sheets {
		kind = "review"
	}
	if format := r.FormValue("format"); format != "" {
		return h.export(w, r, kind, r.FormValue("state"), format)
	}
	p := h.Web.Page(r, "估值与评价")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "估值只给区间、不给唯一数；评价先分类、再赋权，专家独立打分。")}
	if sheets && appraise.SheetPolicy.Could(by, appraise.ActSheetCreate) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "编制估值表"), Href: pathSheets + "/new"})
	}
	if appraise.ReviewPolicy.Could(by, appraise.ActReviewCreate) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "发起评价"), Href: pathReviews + "/new"})
	}
	var tabs []ui.Tab
	for _, c := range homeKinds() {
		if c.Value == "" && !sheets || c.Value != "" && !reviews {
			continue
		}
		href := pathHome
		if c.Value != "" {
			href += "?kind=" + c.Value
		}
		tabs = append(tabs, ui.Tab{ID: "t-" + c.Value, Text: kit.Say(r, c.Title), Href: href, Current: c.Value == kind})
	}
	var panel templ.Component
	var err error
	if kind == "review" {
		panel, err = h.reviewList(r)
	} else {
		panel, err = h.sheetList(r)
	}
	if err != nil {
		return err
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head),
		ui.With(ui.Tabs(kit.Say(r, "估值与评价"), tabs), panel))})
}

// export sends a list, to its last row.
func (h *Handler) export(w http.ResponseWriter, r *http.Request, kind, state, format string) error {
	by := web.Actor(r)
	if kind == "review" {
		if !appraise.ReviewPolicy.Could(by, appraise.ActReviewRead) {
			return kit.ErrRole()
		}
		return h.Export(w, r, "五元价值评价", format, kit.Titled(r.Context(),
			kit.States(appraise.ReviewProcess.Def().States), state),
			func(e occasion.Export, out *web.Download) error {
				_, err := h.appraise.WriteReviews(r.Context(), by, state, e, out)
				return err
			})
	}
	if !appraise.SheetPolicy.Could(by, appraise.ActSheetRead) {
		return kit.ErrRole()
	}
	return h.Export(w, r, "估值工作表", format, "", func(e occasion.Export, out *web.Download) error {
		_, err := h.appraise.WriteSheets(r.Context(), by, e, out)
		return err
	})
}

func (h *Handler) sheetList(r *http.Request) (templ.Component, error) {
	page, err := h.appraise.ListSheets(r.Context(), web.Actor(r), web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return ui.Empty(kit.Say(r, "还没有估值工作表"), kit.Say(r, "为本单位的成果编制一份，作为谈判参考。")), nil
	}
	tab := ui.Table{Caption: kit.Say(r, "估值工作表"), Cols: []ui.Column{{Label: kit.Say(r, "成果")},
		{Label: kit.Say(r, "所属单位")}, {Label: kit.Say(r, "估值基准日")}, {Label: kit.Say(r, "版次"), Num: true},
		{Label: kit.Say(r, "状态")}}}
	for _, x := range page.Items {
		m := sheetMark(r.Context(), x.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: x.Title, Href: kit.Join(pathSheets, x.ID, ""), Sub: ui.Words(x.Code, x.Purpose)},
			{Text: x.OrgName}, {Text: string(x.Day)}, {Text: kit.Number(x.Edition)}, {Status: &m}}})
	}
	return ui.With(ui.Results("", kit.Say(r, "估值工作表")), ui.ResultHead(ui.ResultBar{Exports: kit.Exports(r)}),
		ui.DataTable(tab),
		ui.Pager(web.Paging(r, page.Next, page.Prev, ""))), nil
}

func (h *Handler) reviewList(r *http.Request) (templ.Component, error) {
	page, err := h.appraise.ListReviews(r.Context(), web.Actor(r), r.FormValue("state"),
		web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return ui.Empty(kit.Say(r, "还没有评价"), kit.Say(r, "市局发起的评价会出现在这里；专家用邀请码加入。")), nil
	}
	tab := ui.Table{Caption: kit.Say(r, "五元价值评价"), Cols: []ui.Column{{Label: kit.Say(r, "成果")},
		{Label: kit.Say(r, "所属单位")}, {Label: kit.Say(r, "成果分类")}, {Label: kit.Say(r, "状态")}}}
	for _, v := range page.Items {
		m := reviewMark(r.Context(), v.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: v.Title, Href: kit.Join(pathReviews, v.ID, ""), Sub: v.Code}, {Text: v.OrgName},
			{Text: kit.Titled(r.Context(), appraise.Kinds(), v.Kind)}, {Status: &m}}})
	}
	return ui.With(ui.Results("", kit.Say(r, "五元价值评价")), ui.ResultHead(ui.ResultBar{Exports: kit.Exports(r)}),
		ui.DataTable(tab),
		ui.Pager(web.Paging(r, page.Next, page.Prev, ""))), nil
}
