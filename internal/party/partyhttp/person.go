package partyhttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// personTab is one tab of a person's record.
type personTab struct {
	name, title string
	may         authz.Action
	body        func(h *Handler, r *http.Request, p party.Person) (templ.Component, error)
}

var personTabs = []personTab{
	{"", "概况", party.ActPersonRead, (*Handler).personOverview},
	{"memberships", "任职", party.ActPersonRead, (*Handler).personMemberships},
	{"timeline", "时间线", party.ActPersonHistory, (*Handler).personTimeline},
}

// getPerson shows a person.
func (h *Handler) getPerson(w http.ResponseWriter, r *http.Request) error {
	p, err := h.party.GetPerson(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.showPerson(w, r, p, personTabs[0])
}

// getPersonPart shows another tab or the form of a person.
func (h *Handler) getPersonPart(w http.ResponseWriter, r *http.Request) error {
	p, err := h.party.GetPerson(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	part := r.PathValue("part")
	for _, t := range personTabs[1:] {
		if t.name == part {
			return h.showPerson(w, r, p, t)
		}
	}
	if part != "edit" {
		return fault.New(fault.NotFound, "没有找到这个页面")
	}
	if needLogin(w, r) {
		return nil
	}
	return h.getPersonEdit(w, r, p)
}

func (h *Handler) showPerson(
	w http.ResponseWriter, r *http.Request, p party.Person, tab personTab,
) error {
	by, ctx := web.Actor(r), r.Context()
	if err := party.PersonPolicy.May(by, tab.may, p); err != nil {
		return err
	}
	panel, err := tab.body(h, r, p)
	if err != nil {
		return err
	}
	head := ui.Head{Title: personName(ctx, p), Lead: ui.Words(p.Title, p.Duty, p.OrgName)}
	switch {
	case p.Archived:
		head.Status = &ui.State{Text: say(r, "已归档")}
	case p.Public:
		head.Status = &ui.State{Tone: ui.OK, Text: say(r, "公开的专家")}
	}
	may := party.PersonPolicy.May(by, party.ActPersonUpdate, p) == nil
	if may {
		head.Actions = []ui.Action{{Text: say(r, "编辑"), Primary: true,
			Href: along(r, personPath(p.ID, "edit"))}}
	}
	var tabs []ui.Tab
	for _, t := range personTabs {
		if party.PersonPolicy.May(by, t.may, p) == nil {
			tabs = append(tabs, ui.Tab{ID: "t-" + t.name, Text: say(r, t.title),
				Href: along(r, personPath(p.ID, t.name)), Current: t.name == tab.name})
		}
	}
	beside, err := h.personBeside(r, p)
	if err != nil {
		return err
	}
	body := templ.Join(beside, ui.PageHead(head),
		ui.With(ui.WithAside(h.personAside(r, p, may)), ui.With(ui.Tabs(say(r, "人员信息"), tabs), panel)))
	return h.web.Render(w, r, web.View{Page: h.personPage(r, p, ""), Body: body})
}

func (h *Handler) personPage(r *http.Request, p party.Person, last string) ui.Page {
	page := h.web.Page(r, "人才库")
	name := personName(r.Context(), p)
	page.Crumbs = []ui.Link{{Text: page.Title, Href: "/people"}, {Text: name}}
	page.Title = name
	if last != "" {
		page.Title = say(r, last) + " · " + name
		page.Crumbs[1].Href = along(r, personPath(p.ID, ""))
		page.Crumbs = append(page.Crumbs, ui.Link{Text: say(r, last)})
	}
	return page
}

// personAside is the box of key facts: numbers are shown in part, and in full on record.
func (h *Handler) personAside(r *http.Request, p party.Person, may bool) templ.Component {
	ctx, by := r.Context(), web.Actor(r)
	reveal := party.PersonPolicy.May(by, party.ActPersonReveal, p) == nil
	mask := func(field, value string) ui.Fact {
		f := ui.Fact{Term: say(r, party.PersonFieldTitle(field))}
		if value == "" {
			return f
		}
		f.Mask = &ui.Mask{ID: "m-" + field, Shown: value}
		if reveal {
			f.Mask.Reveal = personPath(p.ID, "reveal") + "?field=" + field
			f.Mask.Note = say(r, "查看将留痕")
		}
		return f
	}
	facts := []ui.Fact{mask("phone", p.Phone), mask("email", p.Email)}
	if p.IDNumber != "" || staff(by) {
		facts = append(facts, mask("idNumber", p.IDNumber))
	}
	facts = append(facts, ui.Fact{Term: "ORCID", Text: p.ORCID, Mono: true},
		ui.Fact{Term: say(r, "更新"), Text: i18n.DateTime(lang(r), clock.Time(p.UpdatedUs))},
		ui.Fact{Term: say(r, "编号"), CopyID: p.ID})
	if !may {
		return ui.Facts(i18n.T(ctx, "关键信息"), facts)
	}
	post := ui.Post{Action: along(r, personPath(p.ID, "archive")), Hidden: []ui.Hidden{
		{Name: "version", Value: strconv.FormatInt(p.Version, 10)}, {Name: "archived", Value: "1"}},
		Button: ui.Action{Text: say(r, "归档此人"), Small: true}}
	if p.Archived {
		post.Hidden[1].Value = ""
		post.Button.Text = say(r, "恢复")
	}
	return ui.With(ui.Facts(i18n.T(ctx, "关键信息"), facts), ui.PostButton(post))
}

func (h *Handler) personOverview(r *http.Request, p party.Person) (templ.Component, error) {
	ctx := r.Context()
	fact := func(field, text string) ui.Fact {
		return ui.Fact{Term: say(r, party.PersonFieldTitle(field)), Text: text}
	}
	facts := []ui.Fact{fact("name", p.Name), fact("nameEn", p.NameEn), fact("title", p.Title),
		fact("degree", titled(ctx, party.Degrees(), p.Degree)),
		fact("fields", strings.Join(p.Fields, ", "))}
	if p.Gender != "" {
		facts = append(facts, fact("gender", titled(ctx, party.Genders(), p.Gender)))
	}
	org := ui.Fact{Term: say(r, "单位"), Text: p.OrgName}
	if p.Org != "" {
		org.Href = orgPath(p.Org, "")
	}
	facts = append(facts, org, ui.Fact{Term: say(r, "职务"), Text: p.Duty})
	var above templ.Component = templ.NopComponent
	if p.Summary != "" {
		above = ui.With(ui.Prose(), paragraphs(p.Summary))
	}
	return templ.Join(above, ui.With(ui.Block(say(r, "基本信息")), ui.FactGrid(facts))), nil
}

func (h *Handler) personMemberships(r *http.Request, p party.Person) (templ.Component, error) {
	return h.membershipPanel(r, p, membershipForm{}, nil), nil
}

func (h *Handler) personTimeline(r *http.Request, p party.Person) (templ.Component, error) {
	at := web.PageReq(r, pageSize)
	page, err := h.party.PersonTimeline(r.Context(), web.Actor(r), p.ID, at)
	if err != nil {
		return nil, err
	}
	return timeline(r, personPath(p.ID, "timeline"), at, page), nil
}

// membershipForm is what was typed into the form of a new membership.
type membershipForm struct{ org, orgText, duty, from, to, main string }

// membershipPanel lists where a person works and worked.
func (h *Handler) membershipPanel(
	r *http.Request, p party.Person, f membershipForm, failed error,
) templ.Component {
	ctx, by := r.Context(), web.Actor(r)
	may := party.PersonPolicy.May(by, party.ActPersonUpdate, p) == nil
	version := strconv.FormatInt(p.Version, 10)
	tab := ui.Table{Caption: say(r, "任职"), Cols: []ui.Column{{Label: say(r, "单位")},
		{Label: say(r, "职务")}, {Label: say(r, "任职起止")}, {Label: say(r, "现状")}}}
	for _, m := range p.Memberships {
		state := ui.Cell{Status: &ui.State{Tone: ui.OK, Text: say(r, "在任")}}
		if m.Main {
			state.Tags = []string{say(r, "主要任职")}
		}
		switch {
		case m.To != "":
			state.Status = &ui.State{Text: say(r, "已结束")}
		case may:
			state.Body = folded(say(r, "结束这条任职"), false, endMembership(personPath(p.ID, "end"),
				version, m.ID, string(clock.DateOf(h.now())), m.OrgName))
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: m.OrgName, Href: orgPath(m.Org, "")}, {Text: ui.OrDash(m.Duty)},
			{Text: i18n.T(ctx, "自 %s 至 %s", orDots(string(m.From)), until(ctx, m.To))}, state}})
	}
	var list templ.Component = ui.Empty(say(r, "没有任职"), "")
	if len(tab.Rows) > 0 {
		list = ui.DataTable(tab)
	}
	if !may {
		return list
	}
	return templ.Join(list, ui.With(ui.Block(say(r, "添加一条任职")),
		h.membershipFields(r, p, f, version, failed)))
}

func until(ctx context.Context, to clock.Date) string {
	if to == "" {
		return i18n.T(ctx, "今")
	}
	return string(to)
}

func (h *Handler) membershipFields(
	r *http.Request, p party.Person, f membershipForm, version string, failed error,
) templ.Component {
	l := lang(r)
	combo := h.orgPick(r, "org", f.org, f.orgText, say(r, "单位"), failed)
	in := []ui.Input{
		{Name: "duty", Label: say(r, "职务"), Value: f.duty, Optional: true, MaxLen: party.MaxLine,
			AutoComplete: "off"},
		{Kind: dayKind(f.from), Name: "from", Label: say(r, "任职开始日期"), Value: f.from, Optional: true,
			Width: ui.W14},
		{Kind: dayKind(f.to), Name: "to", Label: say(r, "任职结束日期"), Value: f.to, Optional: true,
			Width: ui.W14, Hint: say(r, "仍在任职的不填")},
		{Kind: ui.InCheck, Name: "main", Text: say(r, "这是主要任职"), Value: f.main},
	}
	ui.Mark(l, in, failed)
	return ui.With(ui.Form(ui.FormView{ID: "member", Action: personPath(p.ID, "memberships"),
		Version: version, Plain: true, Summary: ui.SummaryOf(l, failed),
		Buttons: []ui.Action{{Text: say(r, "添加一条任职"), Name: "do", Value: "add"}}}),
		ui.Combobox(combo), fields(in))
}

// orgPick chooses an organisation.
func (h *Handler) orgPick(
	r *http.Request, name, orgID, text, label string, failed error,
) ui.Combo {
	c := ui.Combo{Source: "/pick/org", Input: ui.Input{Name: name, Value: text, Label: label,
		Hint: say(r, "输入名称或信用代码，再选择"), Err: errAt(lang(r), failed, name)}}
	if orgID != "" {
		if o, err := h.party.GetOrganisation(r.Context(), web.Actor(r), orgID); err == nil {
			c.Picked = []ui.Option{{Value: o.ID, Text: orgName(r.Context(), o)}}
		}
	}
	return c
}

// pickedOrg reads an organisation: the picked one, or the one that the text of somebody without
// scripts means.
func (h *Handler) pickedOrg(
	ctx context.Context, by authz.Actor, v url.Values, name string,
) (orgID, text string, err error) {
	text = strings.TrimSpace(v.Get(name + "_q"))
	if text == "" {
		return v.Get(name), "", nil
	}
	page, err := h.findOrgs(ctx, by, text)
	if err != nil {
		return "", text, err
	}
	if len(page) == 1 {
		return page[0].ID, "", nil
	}
	for _, o := range page {
		if o.Name == text || o.USCC != "" && strings.EqualFold(o.USCC, text) {
			return o.ID, "", nil
		}
	}
	if len(page) == 0 {
		return "", text, fault.Fields(fault.At(name, "没有找到“%s”，请换个写法，或填写代码", short(text)))
	}
	var names []string
	for _, o := range page[:min(len(page), 5)] {
		names = append(names, o.Name+" "+o.USCC)
	}
	return "", text, fault.Fields(fault.At(name, "“%s”不止一个，请填写其中一个的代码：%s", short(text),
		strings.Join(names, "; ")))
}

// postPersonPart does what the forms of a person ask for.
func (h *Handler) postPersonPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	ctx, by, personID := r.Context(), web.Actor(r), r.PathValue("id")
	version := web.VersionOf(r)
	switch r.PathValue("part") {
	case "edit":
		return h.postPersonEdit(w, r, personID, version)
	case "reveal":
		return h.postReveal(w, r, personID)
	case "archive":
		_, err := h.party.ArchivePerson(ctx, by, personID, version,
			r.PostForm.Get("archived") == "1")
		if err != nil {
			return err
		}
		return h.web.Redirect(w, r, along(r, personPath(personID, "")), "已办理")
	case "memberships":
		return h.postMembership(w, r, personID, version)
	case "end":
		_, err := h.party.EndMembership(ctx, by, party.MembershipEnd{Person: personID,
			ID: r.PostForm.Get("membership"), To: clock.Date(r.PostForm.Get("to")),
			Version: version})
		if err != nil {
			return err
		}
		return h.web.Redirect(w, r, personPath(personID, "memberships"), "已结束这条任职")
	}
	return fault.New(fault.NotFound, "没有找到这个页面")
}

// postReveal shows one value in full; the room records it.
func (h *Handler) postReveal(w http.ResponseWriter, r *http.Request, personID string) error {
	ctx, by, field := r.Context(), web.Actor(r), r.FormValue("field")
	value, err := h.party.RevealPerson(ctx, by, personID, field)
	if err != nil {
		return err
	}
	part := ui.MaskedValue(ui.Mask{ID: "m-" + field, Shown: value})
	p, err := h.party.GetPerson(ctx, by, personID)
	if err != nil {
		return err
	}
	fact := ui.Fact{Term: say(r, party.PersonFieldTitle(field)), Text: value, Mono: true}
	body := templ.Join(ui.PageHead(ui.Head{Title: personName(ctx, p)}),
		ui.Banner(ui.Warn, say(r, "这次查看已记入时间线。")),
		ui.Facts("", []ui.Fact{fact}),
		ui.Button(ui.Action{Text: say(r, "返回"), Href: personPath(p.ID, "")}))
	return h.web.Render(w, r, web.View{Page: h.personPage(r, p, "查看完整信息"), Body: body,
		Part: part})
}

func (h *Handler) postMembership(
	w http.ResponseWriter, r *http.Request, personID string, version int64,
) error {
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	f := membershipForm{duty: v.Get("duty"), from: v.Get("from"), to: v.Get("to"),
		main: v.Get("main")}
	var err error
	f.org, f.orgText, err = h.pickedOrg(ctx, by, v, "org")
	if v.Get("drop_org") != "" {
		f.org, err = "", nil
	}
	if err == nil && v.Get("drop_org") == "" {
		_, err = h.party.AddMembership(ctx, by, party.NewMembership{Person: personID, Org: f.org,
			Duty: f.duty, From: clock.Date(f.from), To: clock.Date(f.to), Main: f.main == "1",
			Version: version})
		if err == nil {
			return h.web.Redirect(w, r, personPath(personID, "memberships"), "已添加任职")
		}
	}
	if err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	p, gerr := h.party.GetPerson(ctx, by, personID)
	if gerr != nil {
		return gerr
	}
	status := http.StatusOK
	if err != nil {
		status = http.StatusUnprocessableEntity
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: personName(ctx, p)}),
		h.membershipPanel(r, p, f, err))
	return h.web.Render(w, r, web.View{Status: status, Page: h.personPage(r, p, "任职"), Body: body})
}
