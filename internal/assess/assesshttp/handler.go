package assesshttp

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses.
const (
	pathHome    = "/assessments"
	pathSchemes = "/assessments/schemes"
	pathRounds  = "/assessments/rounds"
	pathEntries = "/assessments/entries"
	pathAppeals = "/assessments/appeals"
)

// Handler serves the room of assessments.
type Handler struct {
	kit.Kit
	assess *assess.Service
}

// New returns the door of the room.
func New(s *assess.Service, w *web.Server, d kit.Deps) *Handler {
	return &Handler{kit.Kit{Web: w, Deps: d}, s}
}

// Routes returns the pages of the room.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathHome, Handle: h.getHome,
			UseCases: []string{"assess.ListRounds", "assess.ListSchemes", "assess.ListAppeals"}},
		{Method: get, Path: pathSchemes + "/new", Handle: h.getSchemeNew, UseCases: []string{"assess.GetScheme"}},
		{Method: post, Path: pathSchemes + "/new", Handle: h.postSchemeNew,
			UseCases: []string{"assess.CreateScheme"}},
		{Method: get, Path: pathSchemes + "/{id}", Handle: h.getScheme, UseCases: []string{"assess.GetScheme"}},
		{Method: get, Path: pathRounds + "/new", Handle: h.getRoundNew},
		{Method: post, Path: pathRounds + "/new", Handle: h.postRoundNew, UseCases: []string{"assess.CreateRound"}},
		{Method: get, Path: pathRounds + "/{id}", Handle: h.getRound, UseCases: []string{"assess.GetRound"}},
		{Method: get, Path: pathRounds + "/{id}/{part}", Handle: h.getRoundPart, UseCases: []string{
			"assess.GetRound", "assess.WriteResults", "assess.WriteMarkSheet"}},
		{Method: post, Path: pathRounds + "/{id}/{part}", Handle: h.postRoundPart, Upload: true, UseCases: []string{
			"assess.UpdateRound", "assess.AddUnits", "assess.RemoveUnit", "assess.Count", "assess.ImportMarks",
			"assess.FireRound"}},
		{Method: get, Path: pathEntries + "/{id}", Handle: h.getEntry, UseCases: []string{"assess.GetEntry"}},
		{Method: get, Path: pathEntries + "/{id}/print", Handle: h.printEntry,
			UseCases: []string{"assess.GetEntry"}},
		{Method: post, Path: pathEntries + "/{id}/{part}", Handle: h.postEntryPart, UseCases: []string{
			"assess.SetMark", "assess.FileAppeal"}},
		{Method: get, Path: pathAppeals + "/{id}", Handle: h.getAppeal, UseCases: []string{"assess.GetAppeal"}},
		{Method: get, Path: pathAppeals + "/{id}/step", Handle: h.getAppealStep,
			UseCases: []string{"assess.GetAppeal"}},
		{Method: post, Path: pathAppeals + "/{id}/step", Handle: h.postAppealStep,
			UseCases: []string{"assess.FireAppeal"}},
	}
}

var tones = map[string]ui.Tone{assess.RulesPublic: ui.Run, assess.Scoring: ui.Run, assess.Shown: ui.Warn,
	assess.Deciding: ui.Warn, assess.Published: ui.OK, assess.AppealFiled: ui.Warn, assess.AppealUpheld: ui.OK,
	assess.AppealRejected: ui.Idle}

func tone(state string) ui.Tone { return tones[state] }

func roundMark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, kit.States(assess.RoundProcess.Def().States), state)}
}

func appealMark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, kit.States(assess.AppealProcess.Def().States), state)}
}

func absent() error { return fault.New(fault.NotFound, "没有找到这条记录") }

// titled is the title of a value in the language of a request, the value itself when it is unknown.
func titled(r *http.Request, list []assess.Choice, value string) string {
	if t := assess.TitleOf(list, value); t != "" {
		return i18n.T(r.Context(), t)
	}
	return value
}

// options turns a closed list into options, with an empty one first. Titles of schemes are data and
// stay as they are.
func options(r *http.Request, empty string, list []assess.Choice, data bool) []ui.Option {
	var out []ui.Option
	if empty != "" {
		out = append(out, ui.Option{Text: kit.Say(r, empty)})
	}
	for _, c := range list {
		t := c.Title
		if !data {
			t = i18n.T(r.Context(), c.Title)
		}
		out = append(out, ui.Option{Value: c.Value, Text: t})
	}
	return out
}

// getHome lists rounds, schemes or appeals.
func (h *Handler) getHome(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if !assess.RoundPolicy.Could(by, assess.ActRoundRead) {
		return kit.ErrRole()
	}
	p := h.Web.Page(r, "考核")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "按公布的计分办法，由目标、任务和亮灯得出；每一分都能看到来源。")}
	if assess.RoundPolicy.Could(by, assess.ActRoundCreate) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "拟定考核"), Href: pathRounds + "/new",
			Primary: true})
	}
	kind := r.FormValue("kind")
	tabs := []ui.Tab{{ID: "t-rounds", Text: kit.Say(r, "考核"), Href: pathHome, Current: kind == ""},
		{ID: "t-schemes", Text: kit.Say(r, "计分办法"), Href: pathHome + "?kind=schemes", Current: kind == "schemes"},
		{ID: "t-appeals", Text: kit.Say(r, "申诉"), Href: pathHome + "?kind=appeals", Current: kind == "appeals"}}
	if !assess.AppealPolicy.Could(by, assess.ActAppealRead) {
		tabs = tabs[:2]
	}
	var panel templ.Component
	var err error
	switch kind {
	case "schemes":
		panel, err = h.schemeList(r)
	case "appeals":
		panel, err = h.appealList(r)
	default:
		panel, err = h.roundList(r)
	}
	if err != nil {
		return err
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head),
		ui.With(ui.Tabs(kit.Say(r, "考核"), tabs), panel))})
}

func (h *Handler) roundList(r *http.Request) (templ.Component, error) {
	page, err := h.assess.ListRounds(r.Context(), web.Actor(r), web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return ui.Empty(kit.Say(r, "还没有考核"), kit.Say(r, "市局公布规则后，考核会出现在这里。")), nil
	}
	tab := ui.Table{Caption: kit.Say(r, "考核"), Cols: []ui.Column{{Label: kit.Say(r, "考核")},
		{Label: kit.Say(r, "考核年度"), Num: true}, {Label: kit.Say(r, "计分办法")}, {Label: kit.Say(r, "状态")}}}
	for _, x := range page.Items {
		m := roundMark(r.Context(), x.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: x.Title, Href: kit.Join(pathRounds, x.ID, ""), Sub: x.Code}, {Text: kit.Number(x.Year)},
			{Text: x.SchemeName, Href: kit.Join(pathSchemes, x.Scheme, ""), Sub: edition(r, x.Edition)}, {Status: &m}}})
	}
	return ui.With(ui.Results("", kit.Say(r, "考核")), ui.DataTable(tab),
		ui.Pager(web.Paging(r, page.Next, page.Prev, ""))), nil
}

func edition(r *http.Request, n int64) string { return kit.Say(r, "第 %d 版", n) }

func (h *Handler) appealList(r *http.Request) (templ.Component, error) {
	page, err := h.assess.ListAppeals(r.Context(), web.Actor(r), web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return ui.Empty(kit.Say(r, "没有申诉"), kit.Say(r, "申诉期内，单位可以在本单位的明细页提出申诉。")), nil
	}
	return ui.With(ui.Results("", kit.Say(r, "申诉")), ui.DataTable(appealTable(r, page.Items)),
		ui.Pager(web.Paging(r, page.Next, page.Prev, ""))), nil
}

func appealTable(r *http.Request, list []assess.Appeal) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "申诉"), Visible: true, Cols: []ui.Column{{Label: kit.Say(r, "被考核单位")},
		{Label: kit.Say(r, "申诉内容")}, {Label: kit.Say(r, "申诉时间")}, {Label: kit.Say(r, "状态")}}}
	for _, a := range list {
		m := appealMark(r.Context(), a.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{
			{Text: a.OrgName, Href: kit.Join(pathEntries, a.Entry, "")}, {Text: a.Text},
			{Text: kit.Moment(r, a.CreatedUs)}, {Status: &m}}})
	}
	return tab
}
