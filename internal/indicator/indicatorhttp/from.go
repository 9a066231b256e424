package indicatorhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// fromForm is a fact on its way to become a value.
type fromForm struct {
	cell indicator.Cell
	data indicator.ObservationData
	key  string
}

// getFrom offers to take a fact of a document over as a value. A fact that is linked to no indicator
// is linked first.
func (h *Handler) getFrom(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if err := mayReport(r); err != nil {
		return err
	}
	st, err := h.statementOf(r)
	if err != nil {
		return err
	}
	if st.Definition == "" && st.Kind == plan.Fact {
		return h.showLink(w, r, st, nil)
	}
	d, err := h.room.DraftFromStatement(ctx, by, st.ID)
	if err != nil {
		return err
	}
	return h.showFrom(w, r, d, fromForm{d.Cell, d.ObservationData, id.New()}, nil)
}

func (h *Handler) statementOf(r *http.Request) (plan.Statement, error) {
	if !id.Valid(r.PathValue("statement")) {
		return plan.Statement{}, absent()
	}
	return h.deps.Plan.GetStatement(r.Context(), web.Actor(r), r.PathValue("statement"))
}

func fromPath(statement string) string { return kit.Join(pathObservations+"/from", statement, "") }

func (h *Handler) fromPage(r *http.Request, st plan.Statement) ui.Page {
	p := h.Web.Page(r, "作为数值入库")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "文件库"), Href: "/documents"},
		{Text: kit.Say(r, "审读"), Href: statementHref(st.Document, st.ID)}, {Text: p.Title}}
	return p
}

// showLink asks which indicator the phrase of a fact means.
func (h *Handler) showLink(w http.ResponseWriter, r *http.Request, st plan.Statement, err error) error {
	list, serr := h.deps.Plan.SuggestIndicators(r.Context(), web.Actor(r), st.Indicator)
	if serr != nil {
		return serr
	}
	p := h.fromPage(r, st)
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "先说明“%s”指哪个指标。", st.Indicator)}
	if len(list) == 0 {
		return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head),
			ui.With(ui.Empty(kit.Say(r, "没有相近的指标"), kit.Say(r, "先定义指标和口径，再回到这里。")),
				ui.Button(ui.Action{Text: kit.Say(r, "定义指标"), Href: pathIndicators + "/new"})))})
	}
	in := ui.Input{Kind: ui.InRadio, Name: "indicator", Label: kit.Say(r, "指标")}
	for _, s := range list {
		in.Options = append(in.Options, ui.Option{Value: s.Indicator.ID, Text: s.Indicator.Name,
			Hint: kit.Say(r, "相似度 %d%%", s.Percent)})
	}
	in.Value = list[0].Indicator.ID
	inputs := []ui.Input{in}
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "link", Action: fromPath(st.ID), Version: kit.Number(st.Version),
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "do", Value: "link"}},
		Buttons: []ui.Action{{Text: kit.Say(r, "对应并继续"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: statementHref(st.Document, st.ID)}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(head), ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (h *Handler) showFrom(
	w http.ResponseWriter, r *http.Request, d indicator.StatementDraft, f fromForm, err error,
) error {
	ctx, by := r.Context(), web.Actor(r)
	p := h.fromPage(r, d.Said)
	head := ui.Head{Title: p.Title, Lead: ui.Words(d.Name, d.Title)}
	parts := []templ.Component{ui.With(ui.Block(kit.Say(r, "原文")), kit.Paragraphs([]string{d.Quote}),
		ui.PlainList([]ui.Link{{Text: kit.Say(r, "在文件中查看"), Href: statementHref(d.Document, d.Statement)}}))}
	if d.Frequency == "" {
		parts = append(parts, ui.With(ui.Banner(ui.Warn, kit.Say(r, "指标“%s”还没有口径，先建立才能入库。", d.Name)),
			ui.Button(ui.Action{Text: kit.Say(r, "建立口径"), Small: true,
				Href: kit.Join(pathIndicators, d.Indicator, "definitions/new")})))
	}
	inputs := []ui.Input{
		{Kind: ui.InSelect, Name: "region", Label: kit.Say(r, "地区"), Value: string(f.cell.Region),
			Options: h.PlaceOptions(ctx, by, "请选择", string(f.cell.Region))},
		{Name: "period", Label: kit.Say(r, "期别"), Value: string(f.cell.Period), Width: ui.W10, Mono: true,
			Hint: kit.Say(r, "写作 2026、2026H1、2026Q3、2026-09")}}
	inputs = append(inputs, observationInputs(r, f.data)...)
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "from", Action: fromPath(d.Statement), Version: kit.Number(d.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "提交审核"), Primary: true, Name: "do", Value: "submit"},
			{Text: kit.Say(r, "存为填报中"), Name: "do", Value: "save"},
			{Text: kit.Say(r, "取消"), Href: statementHref(d.Document, d.Statement)}}}
	parts = append(parts, ui.With(ui.Form(view), kit.Fields(inputs)))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(append([]templ.Component{ui.PageHead(head)}, parts...)...)})
}

func (h *Handler) postFrom(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	if err := mayReport(r); err != nil {
		return err
	}
	st, err := h.statementOf(r)
	if err != nil {
		return err
	}
	if v.Get("do") == "link" {
		_, err := h.deps.Plan.LinkIndicator(ctx, by, plan.Linking{Statement: st.ID,
			Indicator: v.Get("indicator"), Alias: true, Version: web.VersionOf(r)})
		if again(err) {
			return h.showLink(w, r, st, err)
		}
		if err != nil {
			return err
		}
		return h.Web.Redirect(w, r, fromPath(st.ID), "已对应指标")
	}
	d, err := h.room.DraftFromStatement(ctx, by, st.ID)
	if err != nil {
		return err
	}
	f := fromForm{indicator.Cell{Indicator: d.Indicator, Region: region.Code(v.Get("region")),
		Period: series.Period(v.Get("period"))}, readObservation(v), v.Get("key")}
	if p, ok := series.ReadPeriod(v.Get("period")); ok {
		f.cell.Period = p
	}
	out, err := h.room.Report(ctx, by, indicator.Reporting{Submit: v.Get("do") != "save", Key: f.key,
		Cells: []indicator.NewObservation{{Cell: f.cell, ObservationData: f.data, Statement: st.ID,
			Version: web.VersionOf(r)}}})
	if again(err) {
		return h.showFrom(w, r, d, f, single(err))
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, observationPath(out[0].ID, ""), "已入库")
}

// single takes the place of the only cell off the fields of a fault.
func single(err error) error {
	e, ok := fault.As(err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	out := *e
	out.Fields = nil
	for _, f := range e.Fields {
		const at = "cells.0."
		if len(f.Name) > len(at) && f.Name[:len(at)] == at {
			f.Name = f.Name[len(at):]
		}
		out.Fields = append(out.Fields, f)
	}
	return &out
}
