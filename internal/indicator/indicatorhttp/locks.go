package indicatorhttp

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func mayLock(r *http.Request) bool {
	return indicator.LockPolicy.Could(web.Actor(r), indicator.ActLockWrite)
}

// getLocks lists what is or was locked, with a form to lock more.
func (h *Handler) getLocks(w http.ResponseWriter, r *http.Request) error {
	if !indicator.LockPolicy.Could(web.Actor(r), indicator.ActLockRead) {
		return kit.ErrRole()
	}
	return h.showLocks(w, r, indicator.NewLock{Key: id.New()}, nil, indicator.Unlocking{}, nil)
}

func (h *Handler) showLocks(
	w http.ResponseWriter, r *http.Request, in indicator.NewLock, err error, open indicator.Unlocking,
	openErr error,
) error {
	ctx, by := r.Context(), web.Actor(r)
	page, lerr := h.room.ListLocks(ctx, by, false, web.PageReq(r, kit.PageSize))
	if lerr != nil {
		return lerr
	}
	p := h.Web.Page(r, "数据锁定")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "锁定后，该期不能再填报、审核和更正；解锁要写理由，留痕可查。")}
	var parts []templ.Component
	if len(page.Items) == 0 {
		parts = append(parts, ui.Empty(kit.Say(r, "没有锁定"), kit.Say(r, "一期数据定稿后，可以在这里锁定。")))
	} else {
		parts = append(parts, ui.DataTable(h.lockTable(r, page.Items, open, openErr)),
			ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	}
	if mayLock(r) {
		form, ferr := h.lockForm(r, in, err)
		if ferr != nil {
			return ferr
		}
		parts = append(parts, form)
	}
	status := kit.StatusOf(err)
	if openErr != nil {
		status = kit.StatusOf(openErr)
	}
	return h.Web.Render(w, r, web.View{Status: status, Page: p,
		Body: templ.Join(ui.PageHead(head), ui.With(h.tabs(r, pathLocks), stack(parts...)))})
}

func (h *Handler) lockForm(r *http.Request, in indicator.NewLock, err error) (templ.Component, error) {
	objects, oerr := h.setOptions(r, "请选择")
	if oerr != nil {
		return nil, oerr
	}
	for i := range objects[1:] {
		objects[i+1].Value = indicator.LockSet + ":" + objects[i+1].Value
		objects[i+1].Group = kit.Say(r, "指标体系")
	}
	defs, oerr := h.room.InForce(r.Context(), web.Actor(r), indicator.DefinitionFilter{}, "")
	if oerr != nil {
		return nil, oerr
	}
	for _, d := range defs {
		objects = append(objects, ui.Option{Value: indicator.LockIndicator + ":" + d.Indicator, Text: d.Name,
			Group: kit.Say(r, "指标")})
	}
	value := ""
	if in.Object != "" {
		value = in.Kind + ":" + in.Object
	}
	inputs := []ui.Input{{Kind: ui.InSelect, Name: "object", Label: kit.Say(r, "锁定什么"), Value: value,
		Options: objects}, {Name: "period", Label: kit.Say(r, "期别"), Value: string(in.Period), Width: ui.W10,
		Mono: true, Hint: kit.Say(r, "锁定一年就锁定其中各季各月；写作 2026、2026H1、2026Q3、2026-09")},
		{Kind: ui.InArea, Name: "reason", Label: kit.Say(r, "理由"), Value: in.Reason, Rows: 2}}
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "lock", Action: pathLocks, Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden:  []ui.Hidden{{Name: "key", Value: in.Key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "锁定"), Primary: true}}}
	return ui.With(ui.Block(kit.Say(r, "锁定一期")), ui.With(ui.Form(view), kit.Fields(inputs))), nil
}

func (h *Handler) lockTable(
	r *http.Request, list []indicator.Lock, open indicator.Unlocking, err error,
) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "锁定记录"), Cols: []ui.Column{{Label: kit.Say(r, "锁定什么")},
		{Label: kit.Say(r, "期别")}, {Label: kit.Say(r, "锁定")}, {Label: kit.Say(r, "解锁")},
		{Label: kit.Say(r, "状态")}}}
	for _, l := range list {
		m := ui.State{Tone: ui.OK, Text: kit.Say(r, "已锁定")}
		cell := ui.Cell{Text: "—"}
		if l.UnlockedUs != 0 {
			m = ui.State{Tone: ui.Idle, Text: kit.Say(r, "已解锁")}
			cell = ui.Cell{Text: kit.Moment(r, l.UnlockedUs), Sub: ui.Words(web.Who(r, l.UnlockedLogin), l.UnlockReason)}
		} else if mayLock(r) {
			reason := ui.Input{Name: "reason", ID: "unlock-" + l.ID, Label: kit.Say(r, "解锁理由")}
			if open.ID == l.ID {
				reason.Value, reason.Err = open.Reason, kit.ErrAt(kit.Lang(r), err, "reason")
			}
			cell = ui.Cell{Body: ui.With(ui.Form(ui.FormView{ID: "unlock-form-" + l.ID, Plain: true,
				Action: kit.Join(pathLocks, l.ID, "unlock"), Version: kit.Number(l.Version),
				Buttons: []ui.Action{{Text: kit.Say(r, "解锁"), Small: true}}}), ui.Field(reason))}
		}
		href := kit.Join(pathSets, l.Object, "")
		if l.Kind == indicator.LockIndicator {
			href = kit.Join(pathIndicators, l.Object, "definitions")
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: l.Name, Href: href,
			Sub: titled(r.Context(), indicator.LockKinds(), l.Kind)}, {Text: periodText(r, l.Period)},
			{Text: kit.Moment(r, l.LockedUs), Sub: ui.Words(web.Who(r, l.LockedLogin), l.Reason)}, cell, {Status: &m}}})
	}
	return tab
}

func (h *Handler) postLock(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	v := r.PostForm
	in := indicator.NewLock{Period: series.Period(strings.TrimSpace(v.Get("period"))), Reason: v.Get("reason"),
		Key: v.Get("key")}
	in.Kind, in.Object, _ = strings.Cut(v.Get("object"), ":")
	if in.Kind == "" {
		in.Kind = indicator.LockSet
	}
	if p, ok := series.ReadPeriod(string(in.Period)); ok {
		in.Period = p
	}
	_, err := h.room.LockPeriod(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showLocks(w, r, in, err, indicator.Unlocking{}, nil)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathLocks, "已锁定")
}

func (h *Handler) postUnlock(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	if !id.Valid(r.PathValue("id")) {
		return absent()
	}
	in := indicator.Unlocking{ID: r.PathValue("id"), Reason: r.PostForm.Get("reason"), Version: web.VersionOf(r)}
	_, err := h.room.Unlock(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showLocks(w, r, indicator.NewLock{Key: id.New()}, nil, in, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathLocks, "已解锁")
}
