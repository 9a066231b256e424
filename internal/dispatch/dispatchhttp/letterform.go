package dispatchhttp

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// letterForm is a form about a letter.
type letterForm struct {
	data     dispatch.LetterData
	task     string
	decision string
	org      kit.Pick
	reasons  []plan.Note
	version  int64
	key      string
	wrong    occasion.Faults
}

func (h *Handler) readLetter(ctx context.Context, by authz.Actor, v url.Values) (letterForm, error) {
	f := letterForm{task: v.Get("task"), decision: v.Get("decision"), org: kit.ReadPick(v, "org"),
		version: kit.Whole(v.Get("version")), key: v.Get("key"),
		data: dispatch.LetterData{Title: v.Get("title"), Text: v.Get("text"), Region: region.Code(v.Get("region")),
			ReplyDays: kit.Whole(v.Get("replyDays"))}}
	if !kit.Dropped(v, "org") {
		if err := h.FindOrg(ctx, by, &f.org, &f.wrong); err != nil {
			return f, err
		}
	}
	f.data.Org = f.org.Value
	return f, nil
}

func (h *Handler) letterBody(r *http.Request, view ui.FormView, f letterForm, err error) templ.Component {
	ctx := r.Context()
	d := f.data
	first := []ui.Input{{Name: "title", Label: kit.Say(r, "标题"), Value: d.Title, MaxLen: dispatch.MaxTitle,
		Optional: f.task+f.decision != "", Hint: kit.Say(r, "如：关于“……”的督办函")}}
	last := []ui.Input{
		{Kind: ui.InSelect, Name: "region", Label: kit.Say(r, "地区"), Value: string(d.Region), Width: ui.W18,
			Options: h.PlaceOptions(ctx, authz.Actor{}, "请选择", string(d.Region))},
		{Kind: ui.InArea, Name: "text", Label: kit.Say(r, "正文"), Value: d.Text, Rows: 8, MaxLen: dispatch.MaxProse,
			Hint: kit.Say(r, "存在的问题和要求；督办原因和回复期限由系统写在后面")},
		{Kind: ui.InNumber, Name: "replyDays", Label: kit.Say(r, "回复时限"), Value: kit.Blank(d.ReplyDays),
			Width: ui.W6, Optional: true, Unit: kit.Say(r, "个工作日"), Hint: kit.Say(r, "不填按现行规则")},
	}
	ui.Mark(kit.Lang(r), first, err)
	ui.Mark(kit.Lang(r), last, err)
	org := h.OrgPick(ctx, web.Actor(r), ui.Input{Name: "org", Label: kit.Say(r, "收函单位"),
		Hint: kit.Say(r, "输入名称的一部分，再选择")}, f.org, err)
	view.Summary, view.Guard = ui.SummaryOf(kit.Lang(r), err), true
	return templ.Join(reasonList(notes(ctx, f.reasons)),
		ui.With(ui.Form(view), kit.Fields(first), ui.Combobox(org), kit.Fields(last)))
}

func (h *Handler) getLetterNew(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if !dispatch.LetterPolicy.Could(by, dispatch.ActLetterCreate) {
		return kit.ErrRole()
	}
	f := letterForm{key: id.New(), org: kit.Pick{Name: "org"}, decision: r.FormValue("decision"),
		data: dispatch.LetterData{Region: h.HomeCode()}}
	if task := r.FormValue("task"); task != "" {
		in, reasons, err := h.dispatch.DraftLetter(ctx, by, task)
		if err != nil {
			return err
		}
		f.data, f.task, f.reasons, f.org.Value = in.LetterData, task, reasons, in.Org
	}
	return h.showLetterNew(w, r, f, nil)
}

func (h *Handler) showLetterNew(w http.ResponseWriter, r *http.Request, f letterForm, err error) error {
	p := h.Web.Page(r, "拟督办函")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "督办函"), Href: pathLetters}, {Text: p.Title}}
	view := ui.FormView{ID: "letter", Action: pathLetters + "/new", Hidden: []ui.Hidden{
		{Name: "key", Value: f.key}, {Name: "task", Value: f.task}, {Name: "decision", Value: f.decision}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存草稿"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: pathLetters}}}
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "保存后由局领导签发、编号，再送达收函单位。")}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p,
		Body: templ.Join(ui.PageHead(head), h.letterBody(r, view, f, err))})
}

func (h *Handler) postLetterNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	ctx, by := r.Context(), web.Actor(r)
	f, err := h.readLetter(ctx, by, r.PostForm)
	if err != nil {
		return err
	}
	if kit.Dropped(r.PostForm, "org") {
		return h.showLetterNew(w, r, f, nil)
	}
	if err := f.wrong.Err(); err != nil {
		return h.showLetterNew(w, r, f, err)
	}
	l, err := h.dispatch.CreateLetter(ctx, by, dispatch.NewLetter{LetterData: f.data, Task: f.task,
		Decision: f.decision, Key: f.key})
	if again(err) {
		return h.showLetterNew(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, letterPath(l.ID, ""), "已保存草稿，待签发")
}

func (h *Handler) getLetterEdit(w http.ResponseWriter, r *http.Request, d dispatch.LetterDetail) error {
	if err := dispatch.LetterPolicy.May(web.Actor(r), dispatch.ActLetterUpdate, d.Letter); err != nil {
		return err
	}
	return h.showLetterEdit(w, r, d, letterForm{data: d.LetterData, version: d.Version, key: id.New(),
		task: d.TaskID, reasons: d.Reasons, org: kit.Pick{Name: "org", Value: d.Org}}, nil)
}

func (h *Handler) showLetterEdit(
	w http.ResponseWriter, r *http.Request, d dispatch.LetterDetail, f letterForm, err error,
) error {
	view := ui.FormView{ID: "letter", Action: letterPath(d.ID, "edit"), Version: kit.Number(f.version),
		Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: letterPath(d.ID, "")}}}
	if d.State != dispatch.LetterDraft {
		view.Locked = kit.Say(r, "督办函已签发，不能再修改")
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.letterPage(r, d, "编辑"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "编辑"), Lead: d.Title}),
			h.letterBody(r, view, f, err))})
}

func (h *Handler) postLetterEdit(w http.ResponseWriter, r *http.Request, d dispatch.LetterDetail) error {
	ctx, by := r.Context(), web.Actor(r)
	f, err := h.readLetter(ctx, by, r.PostForm)
	if err != nil {
		return err
	}
	f.task, f.reasons = d.TaskID, d.Reasons
	if kit.Dropped(r.PostForm, "org") {
		return h.showLetterEdit(w, r, d, f, nil)
	}
	if err := f.wrong.Err(); err != nil {
		return h.showLetterEdit(w, r, d, f, err)
	}
	f.data.Supervisor = d.Supervisor
	_, err = h.dispatch.UpdateLetter(ctx, by, dispatch.LetterUpdate{ID: d.ID, LetterData: f.data,
		Version: f.version, Key: f.key})
	if again(err) {
		f.key = id.New()
		return h.showLetterEdit(w, r, d, f, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, letterPath(d.ID, ""), "已保存")
}
