package studiohttp

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const pathPanels = "/studio/panels"

func panelPath(id, tail string) string { return kit.Join(pathPanels, id, tail) }

// panelRoutes are the pages of panels of experts.
func (h *Handler) panelRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathPanels, Handle: h.getPanels, UseCases: []string{"studio.ListPanels"}},
		{Method: get, Path: pathPanels + "/new", Handle: h.getPanelNew, UseCases: []string{"studio.GetScheme"}},
		{Method: post, Path: pathPanels + "/new", Handle: h.postPanelNew, UseCases: []string{"studio.CreatePanel"}},
		{Method: get, Path: pathPanels + "/{id}", Handle: h.getPanel, UseCases: []string{"studio.GetPanel"}},
		{Method: get, Path: pathPanels + "/{id}/table", Handle: h.getPanelTable,
			UseCases: []string{"studio.WriteJudgements"}},
		{Method: post, Path: pathPanels + "/{id}/judge", Handle: h.postJudge, UseCases: []string{"studio.Judge"}},
		{Method: post, Path: pathPanels + "/{id}/invite", Handle: h.postInvite,
			UseCases: []string{"studio.InviteExperts"}},
		{Method: post, Path: pathPanels + "/{id}/import", Upload: true, Handle: h.postPanelImport,
			UseCases: []string{"studio.ImportJudgements"}},
		{Method: post, Path: pathPanels + "/{id}/weigh", Handle: h.postWeigh, UseCases: []string{"studio.WeighVoice"}},
		{Method: post, Path: pathPanels + "/{id}/save", Handle: h.postPanelSave,
			UseCases: []string{"studio.SavePanelResult"}},
	}
}

// getPanels lists the panels that the actor takes part in or keeps.
func (h *Handler) getPanels(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if !studio.PanelPolicy.Could(by, studio.ActPanelRead) {
		return kit.ErrRole()
	}
	scheme := r.FormValue("scheme")
	page, err := h.studio.ListPanels(r.Context(), by, scheme, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	makes := studio.PanelPolicy.Could(by, studio.ActPanelMake)
	p := h.Web.Page(r, "专家组")
	if makes {
		p.Crumbs = []ui.Link{{Text: kit.Say(r, "指数工作室"), Href: pathHome}, {Text: p.Title}}
	}
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "专家两两比较指标的重要程度，合成一组权重；每位专家和全组的一致性都看得见。")}
	if makes && scheme != "" {
		head.Actions = []ui.Action{{Text: kit.Say(r, "新建专家组"), Primary: true,
			Href: pathPanels + "/new?scheme=" + scheme}}
	}
	tab := ui.Table{Caption: p.Title, Cols: []ui.Column{{Label: kit.Say(r, "名称")}, {Label: kit.Say(r, "建立")}}}
	if makes {
		tab.Cols = append(tab.Cols, ui.Column{Label: kit.Say(r, "已交回"), Num: true},
			ui.Column{Label: kit.Say(r, "结果"), Num: true})
	}
	for _, x := range page.Items {
		cells := []ui.Cell{{Text: x.Title, Href: panelPath(x.ID, "")},
			{Text: i18n.DateTime(kit.Lang(r), clock.Time(x.CreatedUs))}}
		if makes {
			cells = append(cells, ui.Cell{Text: kit.Say(r, "%d / %d 人", x.Handed, x.Seats)},
				ui.Cell{Text: kit.Say(r, "%d 版", x.Edition)})
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: x.ID, Cells: cells})
	}
	results := ui.With(ui.Results("", p.Title), ui.DataTable(tab), ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	if len(page.Items) == 0 {
		hint := kit.Say(r, "收到邀请后，要比较的指标会列在这里。")
		if makes {
			hint = kit.Say(r, "在方案的“专家组”里新建，邀请专家或导入判断表。")
		}
		results = ui.With(ui.Results("", p.Title), ui.Empty(kit.Say(r, "还没有专家组"), hint))
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head), results), Part: results})
}

func (h *Handler) getPanelNew(w http.ResponseWriter, r *http.Request) error {
	return h.showPanelNew(w, r, studio.NewPanel{Scheme: r.FormValue("scheme"), Key: id.New()}, "", nil)
}

func (h *Handler) showPanelNew(
	w http.ResponseWriter, r *http.Request, x studio.NewPanel, logins string, err error,
) error {
	by := web.Actor(r)
	if perr := studio.PanelPolicy.May(by, studio.ActPanelMake, studio.Panel{}); perr != nil {
		return perr
	}
	if !id.Valid(x.Scheme) {
		return absent()
	}
	d, gerr := h.studio.GetScheme(r.Context(), by, x.Scheme)
	if gerr != nil {
		return gerr
	}
	p := h.schemePage(r, d, "新建专家组")
	in := append([]ui.Input{{Name: "title", Label: kit.Say(r, "名称"), Value: x.Title, MaxLen: studio.MaxTitle},
		{Kind: ui.InArea, Name: "note", Label: kit.Say(r, "给专家的说明"), Value: x.Note, Optional: true, Rows: 4,
			MaxLen: studio.MaxProse}}, loginInput(r, logins, true))
	ui.Mark(kit.Lang(r), in, err)
	view := ui.FormView{Action: pathPanels + "/new", Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: x.Key}, {Name: "scheme", Value: x.Scheme}}, Buttons: []ui.Action{
			{Text: kit.Say(r, "新建专家组"), Primary: true}, {Text: kit.Say(r, "取消"), Href: schemePath(d.ID, "")}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: kit.Say(r, "新建专家组"), Lead: d.Title}), ui.With(ui.Form(view), kit.Fields(in)))})
}

func loginInput(r *http.Request, value string, optional bool) ui.Input {
	return ui.Input{Kind: ui.InArea, Name: "logins", Label: kit.Say(r, "邀请的专家（登录名）"), Value: value, Rows: 4,
		MaxLen: 2000, Optional: optional, Hint: kit.Say(r, "每行一个登录名；受邀的人会收到消息。没有账号的专家可以用判断表导入。")}
}

func readLogins(r *http.Request) []string {
	return strings.FieldsFunc(r.PostForm.Get("logins"), func(c rune) bool { return strings.ContainsRune("\r\n,，、; ；", c) })
}

func (h *Handler) postPanelNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	in := studio.NewPanel{Scheme: r.PostForm.Get("scheme"), Key: r.PostForm.Get("key"), Logins: readLogins(r),
		PanelData: studio.PanelData{Title: r.PostForm.Get("title"), Note: r.PostForm.Get("note")}}
	p, err := h.studio.CreatePanel(r.Context(), web.Actor(r), in)
	if err != nil && again(err) {
		return h.showPanelNew(w, r, in, r.PostForm.Get("logins"), err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, panelPath(p.ID, ""), "专家组已建立")
}

// panelDone answers one of the forms of a panel.
func (h *Handler) panelDone(w http.ResponseWriter, r *http.Request, f panelForm, said string) error {
	if f.err != nil && again(f.err) {
		return h.showPanel(w, r, f)
	}
	if f.err != nil {
		return f.err
	}
	return h.Web.Redirect(w, r, panelPath(r.PathValue("id"), ""), said)
}

func (h *Handler) postJudge(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	pairs := studio.ReadChoices(withSet(r), studio.Choices{}).Pairs
	_, err := h.studio.Judge(r.Context(), web.Actor(r), studio.Judging{Panel: r.PathValue("id"), Pairs: pairs,
		Version: web.VersionOf(r)})
	return h.panelDone(w, r, panelForm{which: "judge", pairs: pairs, err: err}, "判断已交回")
}

// withSet are the fields of a form as choices are read.
func withSet(r *http.Request) map[string][]string {
	r.PostForm.Set("set", "1")
	return r.PostForm
}

// getPanelTable sends the judgements as the table that is imported.
func (h *Handler) getPanelTable(w http.ResponseWriter, r *http.Request) error {
	as, err := formatOf(r.FormValue("format"))
	if err != nil {
		return err
	}
	if !id.Valid(r.PathValue("id")) {
		return absent()
	}
	out := web.NewDownload(w, kit.Say(r, "专家判断表")+"."+string(as), as.MediaType())
	_, err = h.studio.WriteJudgements(r.Context(), web.Actor(r), r.PathValue("id"), as, out)
	return out.End(err)
}

func (h *Handler) postInvite(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	_, err := h.studio.InviteExperts(r.Context(), web.Actor(r), studio.Invitation{Panel: r.PathValue("id"),
		Logins: readLogins(r), Version: web.VersionOf(r)})
	return h.panelDone(w, r, panelForm{which: "invite", logins: r.PostForm.Get("logins"), err: err}, "已邀请")
}

func (h *Handler) postWeigh(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	v := r.PostForm
	in := studio.Weighing{Panel: r.PathValue("id"), Expert: v.Get("expert"), Weight: v.Get("weight"),
		From: clock.Date(strings.TrimSpace(v.Get("from"))), Reason: v.Get("reason"), Version: web.VersionOf(r)}
	_, err := h.studio.WeighVoice(r.Context(), web.Actor(r), in)
	return h.panelDone(w, r, panelForm{which: "weigh", weighing: in, err: err}, "票重已登记")
}

func (h *Handler) postPanelSave(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	_, err := h.studio.SavePanelResult(r.Context(), web.Actor(r), studio.NewPanelResult{Panel: r.PathValue("id"),
		Pool: composite.Pooling(r.PostForm.Get("pool")), Note: r.PostForm.Get("note"), Version: web.VersionOf(r)})
	return h.panelDone(w, r, panelForm{which: "save", err: err}, "结果已保存")
}

func (h *Handler) postPanelImport(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseMultipartForm(formMemory); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		return kit.BadForm(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // the system clears them, too
	in := studio.JudgementImport{Panel: r.PathValue("id"), Version: web.VersionOf(r)}
	file, head, err := r.FormFile(sheet.FieldFile)
	if err != nil && !errors.Is(err, http.ErrMissingFile) {
		return kit.BadForm(err)
	}
	if err == nil {
		defer func() { _ = file.Close() }()
		in.Name, in.File = head.Filename, io.LimitReader(file, sheet.MaxFileBytes+1)
	}
	_, err = h.studio.ImportJudgements(r.Context(), web.Actor(r), in)
	return h.panelDone(w, r, panelForm{which: "import", err: err}, "判断已导入")
}

// schemePanels are the panels of a scheme for the list of results that weights may come from.
func (h *Handler) schemePanels(r *http.Request, schemeID string) ([]ui.Option, error) {
	by := web.Actor(r)
	if !studio.PanelPolicy.Could(by, studio.ActPanelMake) {
		return nil, nil
	}
	page, err := h.studio.ListPanels(r.Context(), by, schemeID, db.PageReq{Limit: db.MaxLimit})
	var out []ui.Option
	for _, p := range page.Items {
		for n := p.Edition; n > 0; n-- {
			out = append(out, ui.Option{Value: fmt.Sprintf("%s.%d", p.ID, n),
				Text: ui.Words(p.Title, kit.Say(r, "第 %d 版", n))})
		}
	}
	return out, err
}
