package indicatorhttp

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const pathStations = "/indicator-stations"

// pageOfStations is for pick lists of stations.
var pageOfStations = db.PageReq{Limit: 200}

func mayKeepStations(r *http.Request) bool {
	return indicator.StationPolicy.Could(web.Actor(r), indicator.ActStationWrite)
}

func (h *Handler) stationRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathStations, Handle: h.getStations, UseCases: []string{"indicator.ListStations"}},
		{Method: get, Path: pathStations + "/new", Handle: h.getStationNew},
		{Method: post, Path: pathStations + "/new", Handle: h.postStationNew,
			UseCases: []string{"indicator.CreateStation"}},
		{Method: get, Path: pathStations + "/{id}", Handle: h.getStation, UseCases: []string{"indicator.GetStation"}},
		{Method: post, Path: pathStations + "/{id}", Handle: h.postStation,
			UseCases: []string{"indicator.UpdateStation"}},
	}
}

// getStations lists the places that are measured.
func (h *Handler) getStations(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	f := indicator.StationFilter{Region: region.Code(r.FormValue("region")), Kind: r.FormValue("kind"),
		Ended: r.FormValue("ended") == "1"}
	page, err := h.room.ListStations(ctx, by, f, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "监测点位")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "河流断面、湖库点位和空气站点：哪一级考核、在哪条河、哪一年要达到几类。数值按点位填报。")}
	if mayKeepStations(r) {
		head.Actions = []ui.Action{{Text: kit.Say(r, "登记点位"), Href: pathStations + "/new", Primary: true}}
	}
	bar := ui.Filters{Action: pathStations, Label: kit.Say(r, "筛选点位"), Fields: []ui.Filter{
		{Kind: ui.FilterSelect, Name: "region", Label: kit.Say(r, "地区"), Value: string(f.Region),
			Options: h.PlaceOptions(ctx, by, "全部地区", string(f.Region))},
		{Kind: ui.FilterSelect, Name: "kind", Label: kit.Say(r, "类型"), Value: f.Kind,
			Options: options(ctx, "全部类型", indicator.StationKinds())},
		{Kind: ui.FilterCheck, Name: "ended", Label: kit.Say(r, "也列出已停用的"), Value: checked(f.Ended)}}}
	var content templ.Component
	if len(page.Items) == 0 {
		content = ui.Empty(kit.Say(r, "没有点位"), kit.Say(r, "登记断面或站点以后，就可以按点位分配填报责任。"))
	} else {
		content = templ.Join(ui.DataTable(h.stationTable(r, page.Items)),
			ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	}
	results := ui.With(ui.Results("", kit.Say(r, "监测点位")), content)
	return h.Web.Render(w, r, web.View{Page: p, Part: results,
		Body: templ.Join(ui.PageHead(head), ui.With(h.tabs(r, pathStations), ui.FilterBar(bar), results))})
}

func (h *Handler) stationTable(r *http.Request, list []indicator.Station) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: kit.Say(r, "监测点位"), Cols: []ui.Column{{Label: kit.Say(r, "点位")},
		{Label: kit.Say(r, "类型")}, {Label: kit.Say(r, "水体")}, {Label: kit.Say(r, "地区")},
		{Label: kit.Say(r, "目标类别")}, {Label: kit.Say(r, "启用日")}, {Label: kit.Say(r, "停用日")}}}
	for _, x := range list {
		tab.Rows = append(tab.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{
			{Text: x.Name, Sub: x.Code, Href: kit.Join(pathStations, x.ID, "")},
			{Text: ui.Words(titled(ctx, indicator.StationGrades(), x.Grade), titled(ctx, indicator.StationKinds(), x.Kind))},
			{Text: ui.OrDash(x.Waters)}, {Text: h.PlaceName(x.Region)}, {Text: ui.OrDash(x.GoalText())},
			{Text: string(x.From)}, {Text: ui.OrDash(string(x.To))}}})
	}
	return tab
}

// typedStation is a station as a form has it.
type typedStation struct {
	indicator.StationData
	goals string
	to    clock.Date
}

func readStation(v url.Values) (typedStation, error) {
	x := typedStation{StationData: indicator.StationData{Code: v.Get("code"), Name: v.Get("name"), Kind: v.Get("kind"),
		Grade: v.Get("grade"), Waters: v.Get("waters"), Region: region.Code(v.Get("region")),
		From: clock.Date(v.Get("from")), Source: v.Get("source")}, goals: v.Get("goals"), to: clock.Date(v.Get("to"))}
	var ok bool
	if x.Goals, ok = indicator.ReadGoals(x.goals); !ok {
		return x, fault.Fields(fault.At("goals", "目标类别写作年份和 1 到 6 的类别，如 2026=3"))
	}
	return x, nil
}

func (h *Handler) stationInputs(r *http.Request, x typedStation, known bool) []ui.Input {
	ctx, by := r.Context(), web.Actor(r)
	say := func(zh string) string { return kit.Say(r, zh) }
	out := []ui.Input{{Name: "name", Label: say("点位"), Value: x.Name},
		{Name: "code", Label: say("编号"), Value: x.Code, Mono: true, Width: ui.W18, Hint: say("监测网里的编号")},
		{Kind: ui.InRadio, Name: "kind", Label: say("类型"), Value: x.Kind,
			Options: options(ctx, "", indicator.StationKinds())},
		{Kind: ui.InRadio, Name: "grade", Label: say("考核级别"), Value: x.Grade,
			Options: options(ctx, "", indicator.StationGrades())},
		{Name: "waters", Label: say("水体"), Value: x.Waters, Optional: true, Hint: say("河流或湖库的名称")},
		{Kind: ui.InSelect, Name: "region", Label: say("地区"), Value: string(x.Region),
			Options: h.PlaceOptions(ctx, by, "请选择", string(x.Region))},
		{Name: "goals", Label: say("目标类别"), Value: x.goals, Optional: true,
			Hint: say("年份和要达到的类别，1 至 5 为Ⅰ至Ⅴ类，如 2026=3 2027=3")},
		dayInput("from", say("启用日"), x.From)}
	if known {
		end := optional(dayInput("to", say("停用日"), x.to))
		end.Hint = say("从这一天起不再要求数值，也不计入比例")
		out = append(out, end)
	}
	return append(out, ui.Input{Name: "source", Label: say("出处"), Value: x.Source, Optional: true,
		Hint: say("哪个文件确定的")})
}

func (h *Handler) showStation(
	w http.ResponseWriter, r *http.Request, x typedStation, of indicator.Station, key string, err error,
) error {
	if !mayKeepStations(r) {
		return kit.ErrRole()
	}
	inputs := h.stationInputs(r, x, of.ID != "")
	ui.Mark(kit.Lang(r), inputs, err)
	title, action := "登记点位", pathStations+"/new"
	if of.ID != "" {
		title, action = of.Name, kit.Join(pathStations, of.ID, "")
	}
	p := h.Web.Page(r, "登记点位")
	p.Title = kit.Say(r, title)
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "监测点位"), Href: pathStations}, {Text: p.Title}}
	view := ui.FormView{ID: "station", Action: action, Guard: true, Version: kit.Number(of.Version),
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true}, {Text: kit.Say(r, "取消"), Href: pathStations}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: p.Title}), ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (h *Handler) getStationNew(w http.ResponseWriter, r *http.Request) error {
	x := typedStation{StationData: indicator.StationData{Kind: indicator.StationRiver, Grade: "national",
		Region: h.HomeCode(), From: clock.Date(string(h.today())[:4] + "-01-01")}}
	return h.showStation(w, r, x, indicator.Station{}, id.New(), nil)
}

func (h *Handler) postStationNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	key := r.PostForm.Get("key")
	x, err := readStation(r.PostForm)
	if err == nil {
		_, err = h.room.CreateStation(r.Context(), web.Actor(r), indicator.NewStation{StationData: x.StationData, Key: key})
	}
	if again(err) {
		return h.showStation(w, r, x, indicator.Station{}, key, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathStations, "已登记")
}

func (h *Handler) stationOf(r *http.Request) (indicator.Station, error) {
	if !id.Valid(r.PathValue("id")) {
		return indicator.Station{}, absent()
	}
	return h.room.GetStation(r.Context(), web.Actor(r), r.PathValue("id"))
}

// getStation shows a station: its form to who keeps it, its facts to others.
func (h *Handler) getStation(w http.ResponseWriter, r *http.Request) error {
	x, err := h.stationOf(r)
	if err != nil {
		return err
	}
	if mayKeepStations(r) {
		return h.showStation(w, r, typedStation{x.StationData, x.GoalText(), x.To}, x, "", nil)
	}
	ctx := r.Context()
	facts := []ui.Fact{{Term: kit.Say(r, "编号"), Text: x.Code},
		{Term: kit.Say(r, "类型"), Text: ui.Words(titled(ctx, indicator.StationGrades(), x.Grade),
			titled(ctx, indicator.StationKinds(), x.Kind))},
		{Term: kit.Say(r, "水体"), Text: ui.OrDash(x.Waters)}, {Term: kit.Say(r, "地区"), Text: h.PlaceName(x.Region)},
		{Term: kit.Say(r, "目标类别"), Text: ui.OrDash(x.GoalText())}, {Term: kit.Say(r, "启用日"), Text: string(x.From)},
		{Term: kit.Say(r, "停用日"), Text: ui.OrDash(string(x.To))}, {Term: kit.Say(r, "出处"), Text: ui.OrDash(x.Source)}}
	return h.Web.Render(w, r, web.View{Page: h.Sub(r, "监测点位", pathStations, x.Name, kit.Join(pathStations, x.ID, ""), ""),
		Body: templ.Join(ui.PageHead(ui.Head{Title: x.Name}), ui.Facts(kit.Say(r, "关键信息"), facts))})
}

func (h *Handler) postStation(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	of, err := h.stationOf(r)
	if err != nil {
		return err
	}
	x, err := readStation(r.PostForm)
	if err == nil {
		_, err = h.room.UpdateStation(r.Context(), web.Actor(r), indicator.StationUpdate{ID: of.ID,
			StationData: x.StationData, To: x.to, Version: web.VersionOf(r)})
	}
	if again(err) {
		of.Version = web.VersionOf(r)
		return h.showStation(w, r, x, of, "", err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathStations, "已保存")
}

// stationChecks offers the stations for which values may be asked.
func (h *Handler) stationChecks(r *http.Request, chosen []string) (ui.Input, error) {
	list, err := h.room.ListStations(r.Context(), web.Actor(r), indicator.StationFilter{}, pageOfStations)
	in := ui.Input{Kind: ui.InChecks, Name: "stations", Label: kit.Say(r, "点位"), Optional: true, Values: chosen,
		Hint: kit.Say(r, "断面和站点的数值按点位填报；选了点位就不必再选地区")}
	for _, x := range list.Items {
		in.Options = append(in.Options, ui.Option{Value: x.ID, Text: x.Name, Hint: ui.Words(x.Code, h.PlaceName(x.Region))})
	}
	return in, err
}

func (h *Handler) stationOps(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	add(a, api.Operation{UseCase: "indicator.ListStations", Method: get, Path: "/indicator-stations",
		Title: "监测点位"}, func(ctx context.Context, in *struct {
		Region string `query:"region" maxLength:"6" doc:"and everything inside it"`
		Kind   string `query:"kind" maxLength:"20" doc:"river, lake or air"`
		Ended  bool   `query:"ended" doc:"those that ended, too"`
		api.Paging
	}) (*kit.Body[api.Page[indicator.Station]], error) {
		page, err := h.room.ListStations(ctx, api.By(ctx), indicator.StationFilter{Region: region.Code(in.Region),
			Kind: in.Kind, Ended: in.Ended}, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "indicator.GetStation", Method: get, Path: "/indicator-stations/{id}",
		Title: "点位档案"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[indicator.Station], error) {
		x, err := h.room.GetStation(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.CreateStation", Method: post, Path: "/indicator-stations",
		Title: "登记点位", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body indicator.NewStation
	}) (*kit.Record[indicator.Station], error) {
		in.Body.Key = in.Key
		x, err := h.room.CreateStation(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "indicator.UpdateStation", Method: http.MethodPut, Path: "/indicator-stations/{id}",
		Title: "修改点位"}, func(ctx context.Context, in *struct {
		Versioned
		Body indicator.StationUpdate
	}) (*kit.Record[indicator.Station], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		x, err := h.room.UpdateStation(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
}
