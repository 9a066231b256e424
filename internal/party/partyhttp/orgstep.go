package partyhttp

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func sortedNames(v url.Values) []string {
	names := make([]string, 0, len(v))
	for n := range v {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// getOrgStep asks before a step of the life cycle.
func (h *Handler) getOrgStep(w http.ResponseWriter, r *http.Request) error {
	o, ok, err := h.loadOrg(w, r)
	if err != nil || !ok {
		return err
	}
	return h.showStep(w, r, o, r.FormValue("do"), r.FormValue("reason"), nil)
}

func (h *Handler) showStep(
	w http.ResponseWriter, r *http.Request, o party.Org, step, reason string, err error,
) error {
	steps, serr := h.party.OrgSteps(r.Context(), web.Actor(r), o)
	if serr != nil {
		return serr
	}
	at := slices.IndexFunc(steps, func(s process.Offer) bool { return s.Step == step })
	if at < 0 {
		return fault.New(fault.Conflict, "现在没有这个步骤，档案可能已经被别人办理")
	}
	s := steps[at]
	if !s.Allowed && err == nil {
		err = s.WhyNot
	}
	state := stateMark(r.Context(), o.State)
	next := stateMark(r.Context(), s.To)
	q := ui.Question{Title: say(r, s.Title),
		Facts: []ui.Fact{{Term: say(r, "组织"), Text: orgName(r.Context(), o)},
			{Term: say(r, "统一社会信用代码"), Text: grouped(o.USCC), Mono: true},
			{Term: say(r, "现在的状态"), Status: &state}, {Term: say(r, "之后的状态"), Status: &next}},
		Form: ui.FormView{ID: "step", Action: along(r, orgPath(o.ID, "step")),
			Version: strconv.FormatInt(o.Version, 10), Summary: ui.SummaryOf(lang(r), err),
			Hidden: []ui.Hidden{{Name: "do", Value: s.Step}, {Name: "key", Value: id.New()}}},
		Back:   ui.Link{Text: say(r, "返回"), Href: along(r, orgPath(o.ID, ""))},
		Button: ui.Action{Text: say(r, s.Title), Primary: true, Danger: s.To == party.Ceased}}
	if s.DueUs != 0 {
		q.Facts = append(q.Facts, ui.Fact{Term: say(r, "办理时限"),
			Text: i18n.Deadline(lang(r), clock.Time(s.DueUs), h.now())})
	}
	in := []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: reason, Rows: 3,
		MaxLen: process.MaxReason, Optional: s.Needs&process.Reason == 0,
		Hint: say(r, "写入时间线，有权查看的人都能看到")}}
	ui.Mark(lang(r), in, err)
	q.Inputs = in
	p := h.orgPage(r, o, s.Title)
	status := http.StatusOK
	if err != nil {
		status = ui.StatusOf(err)
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, s.Title),
		Lead: orgName(r.Context(), o)}), ui.Confirm(q))
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body})
}

// postOrgStep takes a step.
func (h *Handler) postOrgStep(w http.ResponseWriter, r *http.Request) error {
	ctx, by, orgID := r.Context(), web.Actor(r), r.PathValue("id")
	in := party.OrgStep{ID: orgID, Step: r.PostForm.Get("do"), Reason: r.PostForm.Get("reason"),
		Version: web.VersionOf(r), Key: r.PostForm.Get("key")}
	_, err := h.party.FireOrganisation(ctx, by, in)
	if fault.Is(err, fault.Invalid) {
		o, gerr := h.party.GetOrganisation(ctx, by, orgID)
		if gerr != nil {
			return gerr
		}
		return h.showStep(w, r, o, in.Step, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, along(r, orgPath(orgID, "")), "已办理")
}

// orgAliases is the part of a record that lists its other names.
func (h *Handler) orgAliases(
	r *http.Request, o party.Org, err error, name string,
) templ.Component {
	ctx := r.Context()
	may := party.OrgPolicy.May(web.Actor(r), party.ActOrgUpdate, o) == nil
	version := strconv.FormatInt(o.Version, 10)
	var rows []aliasRow
	for _, a := range o.Aliases {
		row := aliasRow{name: a.Name, kind: titled(ctx, party.AliasKinds(), a.Kind)}
		switch {
		case a.Org != o.ID:
			row.kind = ui.Words(row.kind, say(r, "来自已并入的档案"))
		case may:
			row.remove = &ui.Post{Action: orgPath(o.ID, "aliases"), Hidden: []ui.Hidden{
				{Name: "version", Value: version}, {Name: "alias", Value: a.ID}},
				Button: ui.Action{Text: say(r, "删除"), Label: say(r, "删除 %s", a.Name), Small: true}}
		}
		rows = append(rows, row)
	}
	var add templ.Component = templ.NopComponent
	if may {
		in := []ui.Input{
			{Name: "name", ID: "alias-name", Label: say(r, "名称"), Value: name,
				MaxLen: party.MaxName, AutoComplete: "off"},
			{Kind: ui.InSelect, Name: "kind", ID: "alias-kind", Label: say(r, "名称类型"),
				Options: choices(ctx, party.AliasKinds()), Width: ui.W14}}
		ui.Mark(lang(r), in, err)
		add = ui.With(ui.Form(ui.FormView{ID: "alias", Action: orgPath(o.ID, "aliases"),
			Version: version, Plain: true, Hidden: []ui.Hidden{{Name: "add", Value: "1"}},
			Buttons: []ui.Action{{Text: say(r, "添加")}}}), fields(in))
	}
	if len(rows) == 0 && !may {
		return templ.NopComponent
	}
	if may {
		add = folded(say(r, "添加名称"), err != nil, add)
	}
	return ui.With(ui.Block(say(r, "其他名称")), aliasList(rows), add)
}

// aliasRow is one other name.
type aliasRow struct {
	name, kind string
	remove     *ui.Post
}

// postAliases adds or removes another name.
func (h *Handler) postAliases(w http.ResponseWriter, r *http.Request) error {
	ctx, by, orgID := r.Context(), web.Actor(r), r.PathValue("id")
	version := web.VersionOf(r)
	if alias := r.PostForm.Get("alias"); alias != "" {
		_, err := h.party.RemoveAlias(ctx, by,
			party.AliasRemoval{Org: orgID, ID: alias, Version: version})
		if err != nil {
			return err
		}
		return h.web.Redirect(w, r, orgPath(orgID, ""), "已删除这个名称")
	}
	name := r.PostForm.Get("name")
	_, err := h.party.AddAlias(ctx, by, party.NewAlias{Org: orgID, Name: name,
		Kind: r.PostForm.Get("kind"), Version: version})
	if fault.Is(err, fault.Invalid) {
		return h.showAliasError(w, r, orgID, name, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, orgPath(orgID, ""), "已添加这个名称")
}

func (h *Handler) showAliasError(
	w http.ResponseWriter, r *http.Request, orgID, name string, err error,
) error {
	o, gerr := h.party.GetOrganisation(r.Context(), web.Actor(r), orgID)
	if gerr != nil {
		return gerr
	}
	p := h.orgPage(r, o, "其他名称")
	s := ui.SummaryOf(lang(r), err)
	for i := range s.Items {
		s.Items[i].ID = "alias-name"
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: orgName(r.Context(), o)}), ui.ErrorSummary(s),
		h.orgAliases(r, o, err, name))
	return h.web.Render(w, r,
		web.View{Status: http.StatusUnprocessableEntity, Page: p, Body: body})
}
