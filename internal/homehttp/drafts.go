package homehttp

import (
	"context"
	"net/http"
	"strings"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// draftForms say which page a draft belongs to. The name of a form is its kind, a colon, and the
// record that it changes or "new". Texts are Chinese keys.
var draftForms = map[string]struct{ create, change, page string }{
	"party.org":          {"登记组织", "修改档案", "/orgs/"},
	"market.need":        {"发布需求", "", "/market/needs/"},
	"market.achievement": {"发布成果", "", "/market/achievements/"},
	"market.post":        {"", "修改供需", "/market/posts/"},
}

// draftCell names a form that was not sent and leads to it, if the actor may still open it.
func (h *Handler) draftCell(ctx context.Context, by authz.Actor, form string) ui.Cell {
	kind, object, _ := strings.Cut(form, ":")
	f, known := draftForms[kind]
	switch {
	case !known:
		return ui.Cell{Text: i18n.T(ctx, "已停用的表单")}
	case object == "new":
		return ui.Cell{Text: i18n.T(ctx, f.create), Href: f.page + "new"}
	}
	name, err := h.draftName(ctx, by, kind, object)
	if err != nil {
		return ui.Cell{Text: i18n.T(ctx, f.change), Sub: i18n.T(ctx, "您现在不能打开这份档案")}
	}
	return ui.Cell{Text: name, Sub: i18n.T(ctx, f.change), Href: f.page + object + "/edit"}
}

// draftName is the name of the record that a draft changes.
func (h *Handler) draftName(
	ctx context.Context, by authz.Actor, kind, object string,
) (string, error) {
	if kind == "market.post" {
		p, err := h.Market.GetPost(ctx, by, object)
		return p.Title, err
	}
	o, err := h.Registry.GetOrganisation(ctx, by, object)
	return o.Name, err
}

// draftTable lists the forms that the actor began and did not send.
func (h *Handler) draftTable(ctx context.Context, by authz.Actor) (ui.Table, error) {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	out := ui.Table{Caption: t("未提交的草稿"), Cols: []ui.Column{{Label: t("表单")},
		{Label: t("上次保存")}, {Label: t("保留到")}, {Label: t("操作"), Sr: true}}}
	list, err := h.Drafts.List(ctx, by)
	l, now := i18n.From(ctx), h.Clock.Now()
	for _, d := range list {
		form := h.draftCell(ctx, by, d.Form)
		out.Rows = append(out.Rows, ui.Row{Cells: []ui.Cell{form,
			ui.AgoCell(ctx, d.UpdatedUs, now),
			{Text: i18n.Date(l, clock.DateOf(clock.Time(d.UntilUs)))},
			{Body: ui.PostButton(ui.Post{Action: "/workspace/drafts",
				Hidden: []ui.Hidden{{Name: "form", Value: d.Form}},
				Button: ui.Action{Text: t("丢弃草稿"), Small: true,
					Label: i18n.T(ctx, "丢弃草稿：%s", form.Text)}})}}})
	}
	return out, err
}

// discardDraft throws one of the actor's own drafts away.
func (h *Handler) discardDraft(w http.ResponseWriter, r *http.Request) error {
	if err := h.Drafts.Drop(r.Context(), web.Actor(r), r.PostFormValue("form")); err != nil {
		return err
	}
	return h.web.Redirect(w, r, "/workspace", "草稿已丢弃")
}

type draftsOut struct{ Body []draft.Line }

// draftIn names a draft by its form.
type draftIn struct {
	Form string `path:"form" maxLength:"100"`
}

func (h *Handler) draftOperations(a *api.API) {
	api.Add(a, api.Operation{UseCase: "draft.List", Method: http.MethodGet, Path: "/drafts",
		Title: "我的草稿", Tag: "workspace"},
		func(ctx context.Context, _ *struct{}) (*draftsOut, error) {
			list, err := h.Drafts.List(ctx, api.By(ctx))
			return &draftsOut{append([]draft.Line{}, list...)}, err
		})
	api.Add(a, api.Operation{UseCase: "draft.Drop", Method: http.MethodDelete,
		Path: "/drafts/{form}", Title: "丢弃草稿", Tag: "workspace", Status: http.StatusNoContent},
		func(ctx context.Context, in *draftIn) (*struct{}, error) {
			return nil, h.Drafts.Drop(ctx, api.By(ctx), in.Form)
		})
}
