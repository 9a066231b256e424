package partyhttp

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// draftOf names the draft of the form about a record, "" for the form of a new one.
func draftOf(orgID string) string {
	if orgID == "" {
		return "party.org:new"
	}
	return "party.org:" + orgID
}

// getOrgNew shows the empty form, or the draft of it.
func (h *Handler) getOrgNew(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if !party.OrgPolicy.Could(by, party.ActOrgCreate) {
		return party.OrgPolicy.May(by, party.ActOrgCreate, party.Org{})
	}
	f := orgForm{data: party.OrgData{Standing: "active", Region: h.home()}, key: id.New()}
	return h.showNew(w, r, f, formView{}, http.StatusOK)
}

func (h *Handler) showNew(
	w http.ResponseWriter, r *http.Request, f orgForm, v formView, status int,
) error {
	v.action, v.draft, v.back, v.submit = "/orgs/new", "/orgs/new/draft", "/orgs", say(r, "登记")
	p := h.web.Page(r, "登记组织")
	p.Crumbs = []ui.Link{{Text: say(r, "主体库"), Href: "/orgs"}, {Text: p.Title}}
	head := ui.Head{Title: p.Title, Lead: say(r, "登记后立即进入主体库；区县登记的组织只能在本区县。")}
	return h.showForm(w, r, p, head, f, v, "", status)
}

// showForm shows a form. A plain visit to it gets the draft that was kept.
func (h *Handler) showForm(
	w http.ResponseWriter, r *http.Request, p ui.Page, head ui.Head, f orgForm, v formView,
	orgID string, status int,
) error {
	ctx, by := r.Context(), web.Actor(r)
	var notice templ.Component = templ.NopComponent
	if r.Method == http.MethodGet {
		d, found, err := h.deps.Drafts.Get(ctx, by, draftOf(orgID))
		if err != nil {
			return err
		}
		if found {
			key := f.key
			f = h.readOrgForm(by, d.Fields)
			f.key = key
			v.err = f.check()
			at := clock.Time(d.UpdatedUs)
			v.saved = say(r, "已自动保存 %s", i18n.Second(at))
			notice = ui.With(ui.Banner(ui.Run,
				say(r, "这是您 %s 未提交的草稿。", i18n.DateTime(lang(r), at))),
				ui.PostButton(ui.Post{Action: discardPath(orgID),
					Button: ui.Action{Text: say(r, "丢弃草稿"), Small: true}}))
		}
	}
	v.except = orgID
	body := templ.Join(ui.PageHead(head), notice, h.orgFormView(ctx, by, f, v))
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body})
}

func discardPath(orgID string) string {
	if orgID == "" {
		orgID = "new"
	}
	return orgPath(orgID, "discard")
}

// postOrgNew registers an organisation.
func (h *Handler) postOrgNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	ctx, by := r.Context(), web.Actor(r)
	f := h.readOrgForm(by, r.PostForm)
	if f.edited(r.PostForm) {
		return h.showNew(w, r, f, formView{}, http.StatusOK)
	}
	if err := f.check(); err != nil {
		return h.showNew(w, r, f, formView{err: err}, http.StatusUnprocessableEntity)
	}
	if !party.OrgPolicy.Could(by, party.ActOrgCreate) {
		return party.OrgPolicy.May(by, party.ActOrgCreate, party.Org{})
	}
	// Nearly the same name is a question, not a mistake: it is asked once everything else is right.
	if r.PostForm.Get("confirm") != "1" && f.data.Validate() == nil {
		like, err := h.party.SimilarOrganisations(ctx, by,
			party.SimilarInput{Name: f.data.Name, USCC: f.data.USCC})
		if err != nil {
			return err
		}
		if len(like) > 0 {
			v := formView{confirm: true, similar: similarBox(h.likeness(ctx, like), true)}
			return h.showNew(w, r, f, v, http.StatusUnprocessableEntity)
		}
	}
	o, err := h.party.CreateOrganisation(ctx, by,
		party.NewOrg{OrgData: f.data, Source: f.source, Key: f.key})
	if fault.Is(err, fault.Invalid) {
		return h.showNew(w, r, f, formView{err: err}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if err := h.deps.Drafts.Drop(ctx, by, draftOf("")); err != nil {
		return err
	}
	return h.web.Redirect(w, r, orgPath(o.ID, ""), "已登记“%s”", o.Name)
}

// badForm is what a form that cannot be read deserves.
func badForm(err error) error {
	return fault.New(fault.Invalid, "表单内容不完整，请返回上一页重新提交").Wrap(err)
}

// getOrgEdit shows the form of a record.
func (h *Handler) getOrgEdit(w http.ResponseWriter, r *http.Request) error {
	if shown, err := h.draftOfMerged(w, r); shown || err != nil {
		return err
	}
	o, err := h.changeable(w, r)
	if err != nil || o.ID == "" {
		return err
	}
	f := formOf(o)
	f.key = id.New()
	return h.showEdit(w, r, o, f, formView{}, http.StatusOK)
}

// draftOfMerged shows what the actor has typed about a record that was merged meanwhile beside the record that
// lives, to be taken over or thrown away. It returns false when there is no such draft.
func (h *Handler) draftOfMerged(w http.ResponseWriter, r *http.Request) (bool, error) {
	ctx, by, asked := r.Context(), web.Actor(r), r.PathValue("id")
	d, found, err := h.deps.Drafts.Get(ctx, by, draftOf(asked))
	if err != nil || !found {
		return false, err
	}
	o, err := h.party.GetOrganisation(ctx, by, asked)
	if err != nil || o.ID == asked {
		return false, err
	}
	if err := party.OrgPolicy.May(by, party.ActOrgUpdate, o); err != nil {
		return false, err
	}
	f := h.readOrgForm(by, d.Fields)
	f.key = id.New()
	fields := typed(d.Fields)
	fields.Set(wasParam, asked)
	discard := ui.PostButton(ui.Post{Action: discardPath(asked),
		Button: ui.Action{Text: say(r, "丢弃草稿"), Small: true}})
	title := say(r, "您填写时，这条记录已并入“%s”", o.Name)
	return true, h.compare(w, r, o, f, fields, title, discard, http.StatusOK)
}

// wasParam names the merged record whose draft a form carries.
const wasParam = "was"

// changeable loads a record that the actor may change; "" as id says that a redirect was sent.
func (h *Handler) changeable(w http.ResponseWriter, r *http.Request) (party.Org, error) {
	o, ok, err := h.loadOrg(w, r)
	if err != nil || !ok {
		return party.Org{}, err
	}
	return o, party.OrgPolicy.May(web.Actor(r), party.ActOrgUpdate, o)
}

func (h *Handler) showEdit(
	w http.ResponseWriter, r *http.Request, o party.Org, f orgForm, v formView, status int,
) error {
	v.action, v.draft = along(r, orgPath(o.ID, "edit")), orgPath(o.ID, "draft")
	v.back, v.submit = along(r, orgPath(o.ID, "")), say(r, "保存")
	p := h.orgPage(r, o, "编辑")
	head := ui.Head{Title: say(r, "编辑"), Lead: orgName(r.Context(), o)}
	return h.showForm(w, r, p, head, f, v, o.ID, status)
}

// postOrgEdit saves a record.
func (h *Handler) postOrgEdit(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	o, err := h.party.GetOrganisation(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	f := h.readOrgForm(by, r.PostForm)
	if o.ID != r.PathValue("id") { // merged meanwhile: its version says nothing about the record that lives
		if err := party.OrgPolicy.May(by, party.ActOrgUpdate, o); err != nil {
			return err
		}
		return h.showStale(w, r, o, f, say(r, "您填写时，这条记录已并入“%s”", o.Name))
	}
	if f.edited(r.PostForm) {
		return h.showEdit(w, r, o, f, formView{}, http.StatusOK)
	}
	if err := f.check(); err != nil {
		return h.showEdit(w, r, o, f, formView{err: err}, http.StatusUnprocessableEntity)
	}
	saved, err := h.party.UpdateOrganisation(ctx, by, party.OrgUpdate{ID: r.PathValue("id"),
		OrgData: f.data, Source: f.source, AsOf: f.asOf, Version: f.version, Key: f.key})
	switch {
	case fault.Is(err, fault.Invalid):
		return h.showEdit(w, r, o, f, formView{err: err}, http.StatusUnprocessableEntity)
	case fault.Is(err, fault.Conflict) && o.Version != f.version:
		at := i18n.DateTime(lang(r), clock.Time(o.UpdatedUs))
		return h.showStale(w, r, o, f, say(r, "您填写时，这条记录在 %s 被修改过", at))
	case err != nil:
		return err
	}
	sent := o.ID
	if was := r.PostForm.Get(wasParam); was != "" { // the record's own draft is another one and stays
		sent = was
	}
	if err := h.deps.Drafts.Drop(ctx, by, draftOf(sent)); err != nil {
		return err
	}
	return h.web.Redirect(w, r, along(r, orgPath(saved.ID, "")), "已保存")
}

// showStale shows both versions after somebody else was faster.
func (h *Handler) showStale(
	w http.ResponseWriter, r *http.Request, o party.Org, f orgForm, title string,
) error {
	fields := typed(r.PostForm)
	if asked := r.PathValue("id"); asked != o.ID {
		fields.Set(wasParam, asked)
	} else if was := r.PostForm.Get(wasParam); was != "" {
		fields.Set(wasParam, was)
	}
	return h.compare(w, r, o, f, fields, title, templ.NopComponent, http.StatusConflict)
}

// compare shows what somebody typed beside the record as it is; fields is what they typed as the form sends it.
func (h *Handler) compare(
	w http.ResponseWriter, r *http.Request, o party.Org, f orgForm, fields url.Values, title string,
	above templ.Component, status int,
) error {
	ctx := r.Context()
	f.data.Normalise()
	s := ui.Stale{
		Title: title,
		Lead:  say(r, "您的内容还没有保存。请比较两个版本，再决定保留哪一个。"),
		Post:  along(r, orgPath(o.ID, "edit")), Reload: along(r, orgPath(o.ID, "")),
		Hidden: hidden(fields, o.Version, f.key),
	}
	for _, name := range recordFields {
		theirs := h.orgFieldText(ctx, o.OrgData, name)
		if mine := h.orgFieldText(ctx, f.data, name); mine != theirs {
			s.Fields = append(s.Fields, ui.StaleField{Label: say(r, party.FieldTitle(name)),
				Theirs: theirs, Mine: mine})
		}
	}
	p := h.orgPage(r, o, "编辑")
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "编辑"), Lead: orgName(ctx, o)}),
		above, ui.Diff(s))
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body})
}

// hidden carries a form over to the next page, with the version it is based on now.
func hidden(v url.Values, version int64, key string) []ui.Hidden {
	out := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(version, 10)},
		{Name: "key", Value: key}}
	for _, name := range sortedNames(v) {
		for _, value := range v[name] {
			out = append(out, ui.Hidden{Name: name, Value: value})
		}
	}
	return out
}

// postOrgDraft keeps what was typed so far.
func (h *Handler) postOrgDraft(w http.ResponseWriter, r *http.Request, orgID string) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	ctx, by := r.Context(), web.Actor(r)
	keep := typed(r.PostForm)
	if orgID != "" {
		o, err := h.party.GetOrganisation(ctx, by, orgID)
		if err != nil {
			return err
		}
		if err := party.OrgPolicy.May(by, party.ActOrgUpdate, o); err != nil {
			return err
		}
		keep.Set("version", r.PostForm.Get("version"))
	} else if !party.OrgPolicy.Could(by, party.ActOrgCreate) {
		return party.OrgPolicy.May(by, party.ActOrgCreate, party.Org{})
	}
	return h.saveDraft(w, r, draftOf(orgID), keep)
}

func (h *Handler) saveDraft(
	w http.ResponseWriter, r *http.Request, form string, keep url.Values,
) error {
	at, err := h.deps.Drafts.Save(r.Context(), web.Actor(r), form, keep)
	if err != nil {
		return err
	}
	w.Header().Set("X-Saved-At", i18n.Second(at))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// postDiscard throws a draft away.
func (h *Handler) postDiscard(w http.ResponseWriter, r *http.Request, orgID string) error {
	if err := h.deps.Drafts.Drop(r.Context(), web.Actor(r), draftOf(orgID)); err != nil {
		return err
	}
	target := "/orgs/new"
	if orgID != "" {
		target = orgPath(orgID, "edit")
	}
	return h.web.Redirect(w, r, target, "草稿已丢弃")
}

// getSimilar says which organisations a name or code may already stand for, as a part of the form
// or as a page.
func (h *Handler) getSimilar(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := h.party.SimilarOrganisations(ctx, web.Actor(r), party.SimilarInput{
		Name: r.FormValue("name"), USCC: r.FormValue("uscc"), Except: r.FormValue("except")})
	if err != nil {
		return err
	}
	part := similarBox(h.likeness(ctx, list), false)
	p := h.web.Page(r, "相近的组织")
	body := templ.Join(ui.PageHead(ui.Head{Title: p.Title}), part)
	if len(list) == 0 {
		body = templ.Join(body, ui.Empty(say(r, "没有相近的组织"), ""))
	}
	return h.web.Render(w, r, web.View{Page: p, Body: body, Part: part})
}

// postOrgPart does what the forms of a record ask for.
func (h *Handler) postOrgPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	orgID := r.PathValue("id")
	if orgID == "new" {
		orgID = ""
	}
	switch part := r.PathValue("part"); {
	case part == "draft":
		return h.postOrgDraft(w, r, orgID)
	case part == "discard":
		return h.postDiscard(w, r, orgID)
	case orgID == "":
		return fault.New(fault.NotFound, "没有找到这个页面")
	case part == "edit":
		return h.postOrgEdit(w, r)
	case part == "aliases":
		return h.postAliases(w, r)
	case part == "step":
		return h.postOrgStep(w, r)
	case part == "merge":
		return h.postOrgMerge(w, r)
	case part == "split":
		return h.postOrgSplit(w, r)
	case part == "reveal":
		return h.postContact(w, r)
	}
	return fault.New(fault.NotFound, "没有找到这个页面")
}
