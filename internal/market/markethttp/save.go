package markethttp

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// draftOf names the draft of the form of a new post of a kind.
func draftOf(k market.Kind) string { return "market." + string(k) + ":new" }

// draftOfPost names the draft of the form about a post.
func draftOfPost(postID string) string { return "market.post:" + postID }

// mayCreate refuses those who cannot post anything.
func mayCreate(r *http.Request) error {
	by := web.Actor(r)
	if market.PostPolicy.Could(by, market.ActPostCreate) {
		return nil
	}
	return market.PostPolicy.May(by, market.ActPostCreate, shown)
}

// shown is a post that everybody may read: asked about it, the policy says what a role lacks and not
// that there is nothing.
var shown = market.Post{State: market.Published, PostData: market.PostData{Visibility: market.Open}}

// getNew shows the empty form of a kind, or the draft of it.
func (h *Handler) getNew(k market.Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := mayCreate(r); err != nil {
			return err
		}
		ctx, by := r.Context(), web.Actor(r)
		f, v := h.emptyForm(ctx, by, k), formView{}
		var notice templ.Component = templ.NopComponent
		d, found, err := h.deps.Drafts.Get(ctx, by, draftOf(k))
		if err != nil {
			return err
		}
		if found {
			key := f.key
			f = h.readForm(ctx, by, k, d.Fields)
			f.key, v.err = key, nil
			v.saved, notice = h.draftNotice(r, d.UpdatedUs, newPath(k)+"/discard")
		}
		return h.showNew(w, r, f, v, notice)
	}
}

// draftNotice says of when the draft is that stands in a form, with the button that throws it away.
func (h *Handler) draftNotice(
	r *http.Request, atUs int64, discard string,
) (saved string, notice templ.Component) {
	at := clock.Time(atUs)
	return say(r, "已自动保存 %s", i18n.Second(at)),
		ui.With(ui.Banner(ui.Run, say(r, "这是您 %s 未提交的草稿。", i18n.DateTime(lang(r), at))),
			ui.PostButton(ui.Post{Action: discard,
				Button: ui.Action{Text: say(r, "丢弃草稿"), Small: true}}))
}

func newTitle(k market.Kind) string {
	if k == market.Achievement {
		return "发布成果"
	}
	return "发布需求"
}

func (h *Handler) showNew(
	w http.ResponseWriter, r *http.Request, f postForm, v formView, notice templ.Component,
) error {
	k := f.data.Kind
	v.action, v.draft, v.back = newPath(k), newPath(k)+"/draft", pathMarket
	v.submit = []ui.Action{{Text: say(r, "提交审核"), Primary: true, Name: "do", Value: "submit"},
		{Text: say(r, "存为草稿"), Name: "do", Value: "save"}}
	status := statusOf(v.err)
	if v.anyway {
		v.submit[0].Text, v.submit[0].Value = say(r, "仍要提交"), doAnyway
		status = http.StatusUnprocessableEntity
	}
	p := h.web.Page(r, newTitle(k))
	p.Crumbs = []ui.Link{{Text: say(r, "技术市场"), Href: pathMarket}, {Text: p.Title}}
	head := ui.Head{Title: p.Title,
		Lead:    say(r, "先填必要的几项就可以提交，其余可以以后补充；写得越具体，匹配越准。"),
		Actions: []ui.Action{{Text: say(r, "粘贴文字自动填写"), Href: pathPaste}}}
	body := templ.Join(ui.PageHead(head), notice, h.postFormView(r.Context(), web.Actor(r), f, v))
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body})
}

// postNew posts a need or an achievement.
func (h *Handler) postNew(k market.Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return badForm(err)
		}
		if err := mayCreate(r); err != nil {
			return err
		}
		ctx, by := r.Context(), web.Actor(r)
		f := h.readForm(ctx, by, k, r.PostForm)
		if f.edited(r.PostForm) {
			return h.showNew(w, r, f, formView{}, templ.NopComponent)
		}
		f.dropBlankRows()
		do := r.PostForm.Get("do")
		submit := do != "save"
		err := f.check()
		// Much the same post is a question, not a mistake: it is asked once everything else is right.
		if err == nil && submit && do != doAnyway && market.Wrong(f.data) == nil &&
			market.Lacking(f.data) == nil {
			like, err := h.alike(ctx, r, f.data, "")
			if err != nil {
				return err
			}
			if len(like) > 0 {
				return h.showNew(w, r, f, formView{anyway: true}, alikeBox(r, like))
			}
		}
		var p market.Post
		if err == nil {
			p, err = h.market.CreatePost(ctx, by, market.NewPost{PostData: f.data, Source: f.source,
				Submit: submit, Key: f.key})
		}
		if fault.Is(err, fault.Invalid) {
			return h.showNew(w, r, f, formView{err: byInput(err)}, templ.NopComponent)
		}
		if err != nil {
			return err
		}
		if err := h.deps.Drafts.Drop(ctx, by, draftOf(k)); err != nil {
			return err
		}
		toast := "已提交审核"
		if !submit {
			toast = "已存为草稿，只有本单位能看到"
		}
		return h.web.Redirect(w, r, postPath(p.ID, ""), toast)
	}
}

// byInput names the inputs of the form for what the room says of single values of a list.
func byInput(err error) error {
	e, ok := fault.As(err)
	if !ok {
		return err
	}
	list := make([]fault.Field, 0, len(e.Fields))
	for _, x := range e.Fields {
		for _, name := range []string{"modes", "keywords", "remindDays"} {
			if len(x.Name) > len(name) && x.Name[:len(name)+1] == name+"." {
				x.Name = name
			}
		}
		if !slices.ContainsFunc(list, func(y fault.Field) bool { return y.Name == x.Name }) {
			list = append(list, x)
		}
	}
	return fault.Fields(list...)
}

// postNewPart keeps or throws away the draft of a new post.
func (h *Handler) postNewPart(k market.Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return badForm(err)
		}
		if err := mayCreate(r); err != nil {
			return err
		}
		switch r.PathValue("part") {
		case "draft":
			return h.saveDraft(w, r, draftOf(k), typed(r.PostForm))
		case "discard":
			if err := h.deps.Drafts.Drop(r.Context(), web.Actor(r), draftOf(k)); err != nil {
				return err
			}
			return h.web.Redirect(w, r, newPath(k), "草稿已丢弃")
		}
		return fault.New(fault.NotFound, "没有找到这个页面")
	}
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

// changeable says whether a post in this state has a form to change it.
func changeable(p market.Post) bool {
	switch p.State {
	case market.Draft, market.Review, market.Returned, market.Noticed, market.Published,
		market.Talking, market.Stale:
		return true
	}
	return false
}

// editable loads a post that the actor may change.
func (h *Handler) editable(r *http.Request) (market.Post, error) {
	p, err := h.postOf(r)
	if err != nil {
		return p, err
	}
	return p, market.PostPolicy.May(web.Actor(r), market.ActPostUpdate, p)
}

// getEdit shows the form of a post, or the draft of it.
func (h *Handler) getEdit(w http.ResponseWriter, r *http.Request) error {
	p, err := h.editable(r)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	f, v := formOf(p), formView{}
	var notice templ.Component = templ.NopComponent
	d, found, err := h.deps.Drafts.Get(ctx, by, draftOfPost(p.ID))
	if err != nil {
		return err
	}
	if found {
		key := f.key
		f = h.readForm(ctx, by, p.Kind, d.Fields)
		f.key = key
		v.saved, notice = h.draftNotice(r, d.UpdatedUs, postPath(p.ID, "discard"))
	}
	return h.showEdit(w, r, p, f, v, notice)
}

func (h *Handler) showEdit(
	w http.ResponseWriter, r *http.Request, p market.Post, f postForm, v formView,
	notice templ.Component,
) error {
	v.action, v.draft = along(r, postPath(p.ID, "edit")), postPath(p.ID, "draft")
	v.back = along(r, postPath(p.ID, ""))
	v.submit = []ui.Action{{Text: say(r, "保存"), Primary: true, Name: "do", Value: "save"}}
	lead := say(r, "修改后立即生效。")
	reviewer := market.PostPolicy.May(web.Actor(r), market.ActPostReview, p) == nil
	switch p.State {
	case market.Draft, market.Returned:
		v.submit = []ui.Action{{Text: say(r, "保存并提交审核"), Primary: true, Name: "do", Value: "submit"},
			{Text: say(r, "只保存"), Name: "do", Value: "save"}}
		lead = say(r, "提交审核后，由科技局编辑审核再发布。")
	case market.Published, market.Stale:
		if !reviewer || p.State == market.Stale {
			lead = say(r, "改动公开的内容要重新审核，审核期间不在市场中显示；只改联系方式立即生效。")
		}
	case market.Talking, market.Noticed:
		lead = say(r, "现在只能修改联系方式，其他内容请先结束对接或公示。")
	}
	advice, err := h.advice(r, p)
	if err != nil {
		return err
	}
	if advice == nil {
		advice = templ.NopComponent
	}
	head := ui.Head{Title: say(r, "修改"), Lead: lead}
	body := templ.Join(ui.PageHead(head), notice, h.postFormView(r.Context(), web.Actor(r), f, v), advice)
	return h.web.Render(w, r, web.View{Status: statusOf(v.err), Page: h.postPage(r, p, "修改"),
		Body: body})
}

// postEdit saves a post, and hands it in when that is asked for.
func (h *Handler) postEdit(w http.ResponseWriter, r *http.Request) error {
	p, err := h.editable(r)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	f := h.readForm(ctx, by, p.Kind, r.PostForm)
	if f.edited(r.PostForm) {
		return h.showEdit(w, r, p, f, formView{}, templ.NopComponent)
	}
	f.dropBlankRows()
	submit := r.PostForm.Get("do") == "submit"
	if err = f.check(); err == nil && submit {
		err = market.Lacking(f.data)
	}
	if err == nil {
		err = h.update(r, f, p.ID, submit)
	}
	switch {
	case fault.Is(err, fault.Invalid):
		return h.showEdit(w, r, p, f, formView{err: byInput(err)}, templ.NopComponent)
	case fault.Is(err, fault.Conflict) && p.Version != f.version:
		return h.showStale(w, r, p, f)
	case fault.Is(err, fault.Conflict):
		return h.showEdit(w, r, p, f, formView{err: err}, templ.NopComponent)
	case err != nil:
		return err
	}
	if err := h.deps.Drafts.Drop(ctx, by, draftOfPost(p.ID)); err != nil {
		return err
	}
	toast := "已保存"
	if submit {
		toast = "已提交审核"
	}
	return h.web.Redirect(w, r, along(r, postPath(p.ID, "")), toast)
}

func (h *Handler) update(r *http.Request, f postForm, postID string, submit bool) error {
	ctx, by := r.Context(), web.Actor(r)
	saved, err := h.market.UpdatePost(ctx, by, market.PostUpdate{ID: postID, PostData: f.data,
		Version: f.version, Key: f.key})
	if err != nil || !submit || saved.State != market.Draft && saved.State != market.Returned {
		return err
	}
	_, err = h.market.FirePost(ctx, by, market.PostStep{ID: postID, Step: market.StepSubmit,
		Version: saved.Version})
	return err
}

// postEditDraft keeps what was typed into the form of a post.
func (h *Handler) postEditDraft(w http.ResponseWriter, r *http.Request) error {
	p, err := h.editable(r)
	if err != nil {
		return err
	}
	keep := typed(r.PostForm)
	keep.Set("version", r.PostForm.Get("version"))
	return h.saveDraft(w, r, draftOfPost(p.ID), keep)
}

func (h *Handler) postEditDiscard(w http.ResponseWriter, r *http.Request) error {
	p, err := h.editable(r)
	if err != nil {
		return err
	}
	if err := h.deps.Drafts.Drop(r.Context(), web.Actor(r), draftOfPost(p.ID)); err != nil {
		return err
	}
	return h.web.Redirect(w, r, postPath(p.ID, "edit"), "草稿已丢弃")
}
