package homehttp

import (
	"context"
	"net/http"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// PathTour is the page of the first-run tour (使用导览).
const PathTour = "/tour"

// tourStep is one step: a page and what to see there. Texts are keys of package i18n.
type tourStep struct{ title, text, href string }

// TourOf is a step of the tour of a role in the language of ctx.
func TourOf(ctx context.Context, role authz.Role, step int) *ui.Tour {
	steps := tours[role]
	if step < 0 || step >= len(steps) {
		return nil
	}
	x := steps[step]
	return &ui.Tour{Action: PathTour, Step: step, Steps: len(steps), Title: i18n.T(ctx, x.title),
		Text: i18n.T(ctx, x.text), Link: ui.Link{Text: i18n.T(ctx, "打开这一页"), Href: x.href}}
}

func (h *Handler) tourRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: PathTour, Handle: h.tourPage,
			UseCases: []string{"identity.GetTour"}},
		{Method: http.MethodPost, Path: PathTour, Handle: h.tourStep,
			UseCases: []string{"identity.SetTour"}},
	}
}

// tourPage lists the steps, to begin again at any.
func (h *Handler) tourPage(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	now, err := h.People.GetTour(ctx, by)
	if err != nil {
		return err
	}
	page := h.web.Page(r, "使用导览")
	page.Tour = nil // the page itself tells all of it
	var rows []ui.Row
	for i, s := range tours[by.EffectiveRole()] {
		text := i18n.T(ctx, "从这一步开始")
		if i == now.Step && !now.Closed {
			text = i18n.T(ctx, "继续这一步")
		}
		rows = append(rows, ui.Row{Cells: []ui.Cell{
			{Text: strconv.Itoa(i + 1)},
			{Text: i18n.T(ctx, s.title), Href: s.href, Sub: i18n.T(ctx, s.text)},
			{Body: ui.PostButton(ui.Post{Action: PathTour, Hidden: []ui.Hidden{
				{Name: "at", Value: strconv.Itoa(i)}, {Name: "do", Value: "start"}},
				Button: ui.Action{Text: text, Small: true,
					Label: text + "：" + i18n.T(ctx, s.title)}})},
		}})
	}
	table := ui.Table{Caption: i18n.T(ctx, "使用导览"), Rows: rows, Cols: []ui.Column{
		{Label: i18n.T(ctx, "步骤")}, {Label: i18n.T(ctx, "看什么")}, {Label: i18n.T(ctx, "操作"), Sr: true}}}
	return h.web.Render(w, r, web.View{Page: page, Body: tourList(table)})
}

// tourStep moves on, back, to a step, or ends the tour.
func (h *Handler) tourStep(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	at, err := strconv.Atoi(r.PostFormValue("at"))
	if err != nil {
		at = 0
	}
	in := identity.TourInput{Step: at}
	switch r.PostFormValue("do") {
	case "next":
		in.Step++
	case "back":
		in.Step--
	case "close":
		in.Closed = true
	}
	if in.Step < 0 || in.Step >= identity.TourSteps {
		in.Step = 0
	}
	t, err := h.People.SetTour(r.Context(), by, in)
	if err != nil {
		return err
	}
	if t.Closed {
		return h.web.Redirect(w, r, web.Back(r.PostFormValue("back")), "导览已结束，可从页脚再次打开")
	}
	http.Redirect(w, r, tours[t.Role][t.Step].href, http.StatusSeeOther)
	return nil
}

type tourOut struct{ Body identity.Tour }

type tourIn struct{ Body identity.TourInput }

// tourOperations adds the operations of the tour.
func (h *Handler) tourOperations(a *api.API) {
	op := func(useCase, method, title string) api.Operation {
		return api.Operation{UseCase: useCase, Method: method, Path: "/tour", Title: title,
			Tag: "workspace"}
	}
	api.Add(a, op("identity.GetTour", http.MethodGet, "查看使用导览的进度"),
		func(ctx context.Context, _ *struct{}) (*tourOut, error) {
			t, err := h.People.GetTour(ctx, api.By(ctx))
			return &tourOut{t}, err
		})
	api.Add(a, op("identity.SetTour", http.MethodPut, "更新使用导览的进度"),
		func(ctx context.Context, in *tourIn) (*tourOut, error) {
			t, err := h.People.SetTour(ctx, api.By(ctx), in.Body)
			return &tourOut{t}, err
		})
}
