package indicatorhttp

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// reviewSize is how many values the queue shows; all of them may be decided at once.
const reviewSize = 50

func mayApprove(r *http.Request) error {
	if !indicator.ObservationPolicy.Could(web.Actor(r), indicator.ActObservationApprove) {
		return kit.ErrRole()
	}
	return nil
}

// getReview lists what was handed in, the oldest first.
func (h *Handler) getReview(w http.ResponseWriter, r *http.Request) error {
	if err := mayApprove(r); err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	f, err := observationFilter(r.URL.Query())
	if err != nil {
		f = indicator.ObservationFilter{}
	}
	f.State = indicator.Submitted
	page, err := h.room.ListObservations(ctx, by, f, "submitted", web.PageReq(r, reviewSize))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "数据审核")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "先提交的在前。点开可看疑点、上期值和依据；退回要写理由。")}
	var results templ.Component
	if len(page.Items) == 0 {
		results = ui.Empty(kit.Say(r, "没有待审核的数值"), kit.Say(r, "区县和部门提交后会出现在这里。"))
	} else {
		tab, err := h.reviewTable(r, page.Items)
		if err != nil {
			return err
		}
		results = templ.Join(ui.DataTable(tab), ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	}
	body := templ.Join(ui.PageHead(head), ui.With(h.tabs(r, pathReview),
		ui.With(ui.Results("", kit.Say(r, "待审核")), results)))
	return h.Web.Render(w, r, web.View{Page: p, Body: body})
}

func (h *Handler) reviewTable(r *http.Request, list []indicator.Observation) (ui.Table, error) {
	ctx, by := r.Context(), web.Actor(r)
	tab := ui.Table{Caption: kit.Say(r, "待审核"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "指标")},
		{Label: kit.Say(r, "地区")}, {Label: kit.Say(r, "期别")}, {Label: kit.Say(r, "数值"), Num: true},
		{Label: kit.Say(r, "疑点和说明")}, {Label: kit.Say(r, "填报单位")}, {Label: kit.Say(r, "提交")}},
		Batch: &ui.Batch{Action: pathReview, Hidden: []ui.Hidden{{Name: "key", Value: id.New()}},
			Actions: []ui.Action{
				{Text: kit.Say(r, "审核通过"), Name: "do", Value: indicator.StepApprove, Primary: true},
				{Text: kit.Say(r, "退回"), Name: "do", Value: indicator.StepReturn}}}}
	for _, o := range list {
		d, err := h.room.GetObservation(ctx, by, o.ID)
		if err != nil {
			return tab, err
		}
		row := ui.Row{ID: o.ID + "." + kit.Number(o.Version)}
		doubt := ui.Cell{Text: ui.OrDash(ui.Words(o.JumpNote, o.Note))}
		for _, x := range d.Doubts {
			doubt.Tags = append(doubt.Tags, kit.Say(r, x.Key, x.Args...))
			row.Tone = ui.Warn
		}
		for _, x := range d.Offers {
			if x.WhyNot == nil || x.Step != indicator.StepApprove {
				continue
			}
			doubt.Tags = append(doubt.Tags, i18n.Fault(kit.Lang(r), x.WhyNot))
			row.Tone, row.Fixed = ui.Warn, x.WhyNot.Kind == fault.Forbidden // what cannot be approved may go back
		}
		name := ui.Cell{Text: o.Name, Href: observationPath(o.ID, "")}
		if o.Corrects != "" {
			name.Sub = kit.Say(r, "更正（第 %d 版）：%s", o.Revision, o.Reason)
		}
		row.Cells = []ui.Cell{name, {Text: h.PlaceName(o.Region), Sub: o.OrgName}, {Text: periodText(r, o.Period)},
			{Text: amount(o.Value, o.Qualifier, o.Unit), Sub: kit.Say(r, "截至 %s", string(o.AsOf))}, doubt,
			{Text: ui.OrDash(o.ReporterName)}, ui.AgoCell(ctx, o.SubmittedUs, h.Now())}
		tab.Rows = append(tab.Rows, row)
	}
	return tab, nil
}

// postReview approves what was chosen, or asks why it goes back and sends it back.
func (h *Handler) postReview(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	if err := mayApprove(r); err != nil {
		return err
	}
	v := r.PostForm
	in := indicator.Steps{Step: v.Get("do"), Reason: v.Get("reason"), Key: v.Get("key")}
	for _, text := range v["id"] {
		observation, version, _ := strings.Cut(text, ".")
		n, err := strconv.ParseInt(version, 10, 64)
		if err != nil {
			n = -1
		}
		in.Values = append(in.Values, indicator.Step{ID: observation, Version: n})
	}
	if in.Step == indicator.StepReturn && len(in.Values) > 0 && strings.TrimSpace(in.Reason) == "" {
		var err error
		if v.Has("reason") {
			err = fault.Fields(fault.At("reason", "请填写这一项"))
		}
		return h.askReturn(w, r, v["id"], in, err)
	}
	out, err := h.room.FireObservations(r.Context(), web.Actor(r), in)
	if err != nil {
		return err
	}
	if in.Step == indicator.StepReturn {
		return h.Web.Redirect(w, r, pathReview, "已退回 %d 个数值", len(out))
	}
	return h.Web.Redirect(w, r, pathReview, "已通过 %d 个数值", len(out))
}

// askReturn asks why values go back.
func (h *Handler) askReturn(
	w http.ResponseWriter, r *http.Request, ids []string, in indicator.Steps, err error,
) error {
	hidden := []ui.Hidden{{Name: "do", Value: in.Step}, {Name: "key", Value: in.Key}}
	for _, x := range ids {
		hidden = append(hidden, ui.Hidden{Name: "id", Value: x})
	}
	title := kit.Say(r, "退回 %s 个数值", i18n.Int(int64(len(ids))))
	q := ui.Question{Title: title, Form: ui.FormView{ID: "return", Action: pathReview, Hidden: hidden,
		Summary: ui.SummaryOf(kit.Lang(r), err)}, Inputs: []ui.Input{{Kind: ui.InArea, Name: "reason",
		Label: kit.Say(r, "理由"), Value: in.Reason, Rows: 3, MaxLen: process.MaxReason,
		Hint: kit.Say(r, "写入时间线，有权查看的人都能看到")}},
		Back:   ui.Link{Text: kit.Say(r, "返回"), Href: pathReview},
		Button: ui.Action{Text: kit.Say(r, "退回"), Primary: true}}
	ui.Mark(kit.Lang(r), q.Inputs, err)
	p := h.Web.Page(r, "退回")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "数据审核"), Href: pathReview}, {Text: p.Title}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(ui.Head{Title: title}), ui.Confirm(q))})
}
