package atlashttp

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// pageOfViews is for pick lists of views.
var pageOfViews = db.PageReq{Limit: 200}

// formMemory is how much of an upload stays in memory; the rest waits in a temporary file.
const formMemory = 8 << 20

func (h *Handler) getBoundaries(w http.ResponseWriter, r *http.Request) error {
	return h.showBoundaries(w, r, atlas.BoundaryData{}, nil)
}

// showBoundaries lists outlines and lets the bureau bring some in.
func (h *Handler) showBoundaries(
	w http.ResponseWriter, r *http.Request, in atlas.BoundaryData, wrong error,
) error {
	by := web.Actor(r)
	if !atlas.BoundaryPolicy.Could(by, atlas.ActBoundaryImport) {
		return kit.ErrRole()
	}
	page, err := h.atlas.ListBoundaries(r.Context(), by, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "地图边界")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "创新云图"), Href: Path}, {Text: p.Title}}
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title,
		Lead: kit.Say(r, "系统不附带行政区划边界。导入本市有审图号的 GeoJSON 后，地图按边界绘制并在图下印出审图号；没有导入时用方格示意。")})}
	if len(page.Items) == 0 {
		parts = append(parts, ui.Empty(kit.Say(r, "还没有导入边界"), kit.Say(r, "地图现用方格示意。")))
	} else {
		parts = append(parts, ui.DataTable(h.boundaryTable(r, page.Items)),
			ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	}
	fields := []ui.Input{{Name: "name", Label: kit.Say(r, "名称"), Value: in.Name, MaxLen: 60,
		Hint: kit.Say(r, "如 太原市区县边界（2026 版）")},
		{Name: "approval", Label: kit.Say(r, "审图号"), Value: in.Approval, MaxLen: 40, Width: ui.W18,
			Hint: kit.Say(r, "如 GS(2024)0650号、晋S(2023)005号")},
		{Name: "source", Label: kit.Say(r, "来源"), Value: in.Source, MaxLen: 200},
		{Kind: ui.InDate, Name: "day", Label: kit.Say(r, "数据截至"), Value: string(in.Day)}}
	file := []ui.Input{{Kind: ui.InFile, Name: "file", Label: kit.Say(r, "GeoJSON 文件"), Accept: ".json,.geojson"}}
	ui.Mark(kit.Lang(r), fields, wrong)
	ui.Mark(kit.Lang(r), file, wrong)
	form := ui.With(ui.Form(ui.FormView{ID: "import", Action: pathBoundaries, Upload: true, Plain: true,
		Summary: ui.SummaryOf(kit.Lang(r), wrong), Hidden: []ui.Hidden{{Name: "key", Value: id.New()}},
		Buttons: []ui.Action{{Text: kit.Say(r, "检查并导入"), Primary: true}}}),
		kit.Fields(fields), ui.Upload(ui.UploadView{Input: file[0],
			Limit: kit.Say(r, "要素集合，每个区县一个多边形，带 6 位代码（adcode 或 code）；经纬度为 CGCS2000 或 WGS-84；不超过 %d MB", h.boundaryMiB())}))
	parts = append(parts, ui.With(ui.Block(kit.Say(r, "导入边界")), form))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p, Body: ui.With(ui.Stack(), parts...)})
}

func (h *Handler) boundaryTable(r *http.Request, list []atlas.Boundary) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "地图边界"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "名称")},
		{Label: kit.Say(r, "城市")}, {Label: kit.Say(r, "审图号")}, {Label: kit.Say(r, "数据截至")},
		{Label: kit.Say(r, "边界点"), Num: true}, {Label: kit.Say(r, "状态")}, {Label: kit.Say(r, "导入时间")},
		{Label: kit.Say(r, "操作"), Sr: true}}}
	for _, b := range list {
		state, do, value := ui.State{Tone: ui.Idle, Text: kit.Say(r, "未启用")}, kit.Say(r, "启用"), "1"
		if b.Current {
			state, do, value = ui.State{Tone: ui.OK, Text: kit.Say(r, "使用中")}, kit.Say(r, "不再使用"), ""
		}
		use := ui.Cell{Body: ui.PostButton(ui.Post{Action: pathBoundaries + "/" + url.PathEscape(b.ID), Hidden: []ui.Hidden{
			{Name: "use", Value: value}, {Name: "version", Value: kit.Number(b.Version)}},
			Button: ui.Action{Text: do, Small: true, Label: do + " " + b.Name}})}
		lacks := ""
		if len(b.Missing) > 0 {
			lacks = kit.Say(r, "还缺：%s", h.placeNames(b.Missing))
			if state = (ui.State{Tone: ui.Warn, Text: kit.Say(r, "草稿")}); !b.Current {
				use = ui.Cell{} // it cannot be used
			}
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: b.ID, Cells: []ui.Cell{{Text: b.Name, Sub: b.Source},
			{Text: h.PlaceName(b.Place), Sub: lacks}, {Text: b.Approval}, {Text: string(b.Day)},
			{Text: i18n.Int(b.Kept) + " / " + i18n.Int(b.Points)}, {Status: &state}, ui.TimeCell(r.Context(), b.CreatedUs),
			use}})
	}
	return tab
}

func (h *Handler) placeNames(codes []region.Code) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = h.PlaceName(c)
	}
	return strings.Join(names, "、")
}

// boundaryMiB is the largest file of outlines that arrives: the site takes no larger request, and the
// words of the form need a little of it.
func (h *Handler) boundaryMiB() int64 {
	return min(atlas.BoundaryBytes, h.Web.UploadBytes()-1<<16) >> 20
}

func (h *Handler) postBoundaries(w http.ResponseWriter, r *http.Request) error {
	var large *http.MaxBytesError
	err := r.ParseMultipartForm(formMemory)
	if errors.As(err, &large) { // nothing of the form was read, so it is shown anew
		return h.showBoundaries(w, r, atlas.BoundaryData{}, fault.Fields(fault.At("file",
			"文件超过 %d MB，没有收到；请简化边界后重新填写并导入", h.boundaryMiB())))
	}
	if err != nil {
		return kit.BadForm(err)
	}
	in := atlas.NewBoundary{BoundaryData: atlas.BoundaryData{Name: r.FormValue("name"),
		Approval: r.FormValue("approval"), Source: r.FormValue("source"), Day: clock.Date(r.FormValue("day"))},
		Key: r.FormValue("key")}
	file, _, err := r.FormFile("file")
	if err == nil {
		defer file.Close()
		in.File = file
	}
	b, err := h.atlas.ImportBoundary(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showBoundaries(w, r, in.BoundaryData, err)
	}
	if err != nil {
		return err
	}
	if len(b.Missing) > 0 {
		return h.Web.Redirect(w, r, pathBoundaries, "已导入为草稿：还缺 %d 个区县，地图没有改变", len(b.Missing))
	}
	return h.Web.Redirect(w, r, pathBoundaries, "已导入，地图改按边界绘制")
}

func (h *Handler) postBoundary(w http.ResponseWriter, r *http.Request) error {
	_, err := h.atlas.UseBoundary(r.Context(), web.Actor(r), r.PathValue("id"), r.PostFormValue("use") == "1",
		web.VersionOf(r))
	if again(err) {
		return h.showBoundaries(w, r, atlas.BoundaryData{}, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathBoundaries, "已保存")
}
