package atlashttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func viewPath(id, tail string) string { return kit.Join(pathViews, id, tail) }

// getViews lists saved views: the sub-systems of clusters first.
func (h *Handler) getViews(w http.ResponseWriter, r *http.Request) error {
	f := atlas.ViewFilter{Clusters: r.FormValue("cluster") == "1", Query: kit.Search(r)}
	page, err := h.atlas.ListViews(r.Context(), web.Actor(r), f, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "集群子系统")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "创新云图"), Href: Path}, {Text: p.Title}}
	head := ui.Head{Title: kit.Say(r, "战略性新兴产业集群创新生态子系统"),
		Lead: kit.Say(r, "一个集群一张图：把检索条件保存下来，地图、类别、清单和海报都只看这个集群。")}
	by := web.Actor(r)
	if atlas.ViewPolicy.Could(by, atlas.ActViewWrite) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "新建视图"), Href: pathViews + "/new"})
	}
	if atlas.SharePolicy.Could(by, atlas.ActShareRead) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "访问地址"), Href: pathShares})
	}
	list := ui.Empty(kit.Say(r, "还没有视图"), kit.Say(r, "市局保存的集群视图会出现在这里。"))
	if f.Query != "" {
		list = ui.Empty(kit.Say(r, "没有符合条件的视图"), kit.Say(r, "换一个关键词，或放宽条件。"))
	}
	if len(page.Items) > 0 {
		tab := ui.Table{Caption: p.Title, Cols: []ui.Column{{Label: kit.Say(r, "名称")}, {Label: kit.Say(r, "集群")},
			{Label: kit.Say(r, "条件")}, {Label: kit.Say(r, "公开")}}}
		for _, v := range page.Items {
			public := ui.State{Tone: ui.OK, Text: kit.Say(r, "公开")}
			if !v.Public {
				public = ui.State{Tone: ui.Idle, Text: kit.Say(r, "仅自己")}
			}
			tab.Rows = append(tab.Rows, ui.Row{ID: v.ID, Cells: []ui.Cell{{Text: v.Name, Href: viewPath(v.ID, ""),
				Sub: v.Lead}, {Text: ui.OrDash(v.Cluster)}, {Text: ui.OrDash(v.Query)}, {Status: &public}}})
		}
		list = ui.DataTable(tab)
	}
	part := ui.With(ui.Results("", p.Title), list, ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	bar := ui.Filters{Action: pathViews, Label: kit.Say(r, "筛选视图"), Fields: []ui.Filter{
		kit.SearchField(r, f.Query)}}
	if f.Clusters {
		bar.Hidden = []ui.Hidden{{Name: "cluster", Value: "1"}}
	}
	return h.Web.Render(w, r, web.View{Page: p, Part: part,
		Body: templ.Join(ui.PageHead(head), ui.FilterBar(bar), part)})
}

// getView shows the map of a saved view.
func (h *Handler) getView(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	v, err := h.atlas.GetView(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	q, err := atlas.Parse(v.Query, h.atlas.Names())
	if err != nil {
		return err
	}
	o, err := h.atlas.Overview(ctx, by, q)
	if err != nil {
		return err
	}
	ground, err := h.atlas.GroundOf(ctx, o.City)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "集群子系统")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "创新云图"), Href: Path}, {Text: p.Title, Href: pathViews}, {Text: v.Name}}
	p.Title = v.Name
	head := ui.Head{Title: v.Name, Lead: ui.Words(v.Cluster, v.Lead), Actions: []ui.Action{
		{Text: kit.Say(r, "在云图中打开"), Href: h.at(Path, q), Primary: true},
		{Text: kit.Say(r, "打印海报"), Href: h.at(pathPoster, q)}}}
	if atlas.ViewPolicy.MaySee(by, atlas.ActViewWrite, v) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "修改"), Href: viewPath(v.ID, "edit")})
	}
	bar := ui.ResultBar{Count: kit.Say(r, "共 %s 条记录", i18n.Int(o.Total)), Chips: h.chips(r, Path, q)}
	points, err := h.atlas.Overview(ctx, by, everywhere(q))
	if err != nil {
		return err
	}
	left := ui.With(ui.Stack(), h.mapFigure(r, q, o, points, ground), h.heats(r, q, o), h.gaps(r, q, o))
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head), ui.ResultHead(bar), left,
		wrongNote(h.wrongLink(r, "", place(q))))})
}

func (h *Handler) getViewNew(w http.ResponseWriter, r *http.Request) error {
	if !atlas.ViewPolicy.Could(web.Actor(r), atlas.ActViewWrite) {
		return kit.ErrRole()
	}
	return h.showView(w, r, atlas.ViewInput{ViewData: atlas.ViewData{Query: r.FormValue("query")}}, nil)
}

func (h *Handler) getViewEdit(w http.ResponseWriter, r *http.Request) error {
	v, err := h.atlas.GetView(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := atlas.ViewPolicy.May(web.Actor(r), atlas.ActViewWrite, v); err != nil {
		return err
	}
	return h.showView(w, r, atlas.ViewInput{ID: v.ID, ViewData: v.ViewData, Version: v.Version}, nil)
}

// showView is the form of a view.
func (h *Handler) showView(w http.ResponseWriter, r *http.Request, in atlas.ViewInput, wrong error) error {
	title, action := "新建视图", pathViews+"/new"
	if in.ID != "" {
		title, action = "修改视图", viewPath(in.ID, "edit")
	}
	p := h.Web.Page(r, title)
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "创新云图"), Href: Path}, {Text: kit.Say(r, "集群子系统"), Href: pathViews},
		{Text: p.Title}}
	public := ""
	if in.Public {
		public = "1"
	}
	fields := []ui.Input{{Name: "name", Label: kit.Say(r, "名称"), Value: in.Name, MaxLen: 60},
		{Name: "cluster", Label: kit.Say(r, "战略性新兴产业集群"), Value: in.Cluster, MaxLen: 60, Optional: true,
			Hint: kit.Say(r, "填写后作为集群子系统列出")},
		{Kind: ui.InArea, Name: "lead", Label: kit.Say(r, "说明"), Value: in.Lead, Rows: 3, MaxLen: 2000, Optional: true},
		{Kind: ui.InArea, Name: "query", Label: kit.Say(r, "条件"), Value: in.Query, Rows: 2, MaxLen: atlas.MaxText,
			Optional: true, Hint: kit.Say(r, "如 类型:企业,成果 领域:新材料 词:(碳纤维|石墨烯)；空格隔开的条件都要满足，词:(…|…) 满足一个即可；留空为全部")},
		{Kind: ui.InCheck, Name: "public", Label: kit.Say(r, "公开"), Value: public, Optional: true,
			Text: kit.Say(r, "所有人都能找到这个视图")}}
	ui.Mark(kit.Lang(r), fields, wrong)
	buttons := []ui.Action{{Text: kit.Say(r, "保存视图"), Primary: true}}
	if in.ID != "" {
		buttons = append(buttons, ui.Action{Text: kit.Say(r, "删除视图"), Name: "drop", Value: "1"})
	}
	form := ui.With(ui.Form(ui.FormView{Action: action, Guard: true, Version: kit.Number(in.Version),
		Summary: ui.SummaryOf(kit.Lang(r), wrong), Buttons: buttons}), kit.Fields(fields))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p,
		Body: templ.Join(ui.PageHead(ui.Head{Title: p.Title}), form)})
}

func readView(r *http.Request) (atlas.ViewInput, error) {
	if err := r.ParseForm(); err != nil {
		return atlas.ViewInput{}, kit.BadForm(err)
	}
	v := r.PostForm
	return atlas.ViewInput{ID: r.PathValue("id"), Version: web.VersionOf(r), ViewData: atlas.ViewData{
		Name: v.Get("name"), Cluster: v.Get("cluster"), Lead: v.Get("lead"),
		Query: strings.Join(strings.Fields(v.Get("query")), " "), Public: v.Get("public") == "1"}}, nil
}

func (h *Handler) postViewNew(w http.ResponseWriter, r *http.Request) error {
	in, err := readView(r)
	if err != nil {
		return err
	}
	v, err := h.atlas.CreateView(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showView(w, r, in, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, viewPath(v.ID, ""), "已保存")
}

func (h *Handler) postViewEdit(w http.ResponseWriter, r *http.Request) error {
	in, err := readView(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("drop") == "1" {
		if err := h.atlas.DropView(r.Context(), web.Actor(r), in.ID, in.Version); err != nil {
			return err
		}
		return h.Web.Redirect(w, r, pathViews, "已删除")
	}
	_, err = h.atlas.UpdateView(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showView(w, r, in, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, viewPath(in.ID, ""), "已保存")
}

func (h *Handler) getShares(w http.ResponseWriter, r *http.Request) error {
	return h.showShares(w, r, atlas.NewShare{Kind: atlas.ShareEmbed, View: r.FormValue("view")}, "", nil)
}

// showShares lists addresses with a token. A new one shows its token this once.
func (h *Handler) showShares(
	w http.ResponseWriter, r *http.Request, in atlas.NewShare, address string, wrong error,
) error {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.atlas.ListShares(ctx, by, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	views, err := h.atlas.ListViews(ctx, by, atlas.ViewFilter{}, pageOfViews)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "访问地址")
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "创新云图"), Href: Path}, {Text: kit.Say(r, "集群子系统"), Href: pathViews},
		{Text: p.Title}}
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title,
		Lead: kit.Say(r, "持地址的人不用登录，只看到公众能看到的内容；嵌入页只能放在登记的站点里。随时可以收回。")})}
	if address != "" {
		parts = append(parts, tokenNote(kit.Say(r, "已生成，地址只显示这一次，请立即保存："), address))
	}
	names := map[string]string{"": kit.Say(r, "全部记录")}
	options := []ui.Option{{Text: names[""]}}
	for _, v := range views.Items {
		names[v.ID] = v.Name
		if v.Public {
			options = append(options, ui.Option{Value: v.ID, Text: v.Name})
		}
	}
	if len(page.Items) == 0 {
		parts = append(parts, ui.Empty(kit.Say(r, "还没有访问地址"), kit.Say(r, "在下面生成一个，给大厅的大屏或合作网站使用。")))
	} else {
		parts = append(parts, ui.DataTable(h.shareTable(r, page.Items, names)),
			ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	}
	if atlas.SharePolicy.Could(by, atlas.ActShareWrite) {
		parts = append(parts, h.shareForm(r, in, options, wrong))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(wrong), Page: p,
		Body: ui.With(ui.Stack(), parts...)})
}

func (h *Handler) shareTable(r *http.Request, list []atlas.Share, names map[string]string) ui.Table {
	tab := ui.Table{Caption: kit.Say(r, "访问地址"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "给谁")},
		{Label: kit.Say(r, "类型")}, {Label: kit.Say(r, "视图")}, {Label: kit.Say(r, "可嵌入的站点")},
		{Label: kit.Say(r, "状态")}, {Label: kit.Say(r, "生成时间")}, {Label: kit.Say(r, "操作"), Sr: true}}}
	for _, x := range list {
		state := ui.State{Tone: ui.OK, Text: kit.Say(r, "可用")}
		act := ui.Cell{}
		if x.EndedUs != 0 {
			state = ui.State{Tone: ui.Idle, Text: kit.Say(r, "已收回")}
		} else if atlas.SharePolicy.Could(web.Actor(r), atlas.ActShareWrite) {
			act.Body = ui.PostButton(ui.Post{Action: pathShares, Hidden: []ui.Hidden{{Name: "end", Value: x.ID},
				{Name: "version", Value: kit.Number(x.Version)}}, Button: ui.Action{Text: kit.Say(r, "收回"), Small: true,
				Label: kit.Say(r, "收回") + " " + x.Note}})
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{{Text: x.Note, Sub: web.Who(r, x.Login)},
			{Text: atlas.Titled(r.Context(), atlas.ShareKinds(), x.Kind)}, {Text: ui.OrDash(names[x.View])},
			{Text: ui.OrDash(strings.Join(x.Hosts, " "))}, {Status: &state}, ui.TimeCell(r.Context(), x.CreatedUs), act}})
	}
	return tab
}

func (h *Handler) shareForm(
	r *http.Request, in atlas.NewShare, views []ui.Option, wrong error,
) templ.Component {
	fields := []ui.Input{{Kind: ui.InRadio, Name: "kind", Label: kit.Say(r, "类型"), Value: in.Kind,
		Options: kit.Options(r.Context(), "", atlas.ShareKinds())},
		{Kind: ui.InSelect, Name: "view", Label: kit.Say(r, "视图"), Value: in.View, Options: views},
		{Name: "note", Label: kit.Say(r, "给谁"), Value: in.Note, MaxLen: 60, Width: ui.W18},
		{Kind: ui.InArea, Name: "hosts", Label: kit.Say(r, "可嵌入的站点"), Value: strings.Join(in.Hosts, "\n"), Rows: 3,
			Optional: true, Hint: kit.Say(r, "每行一个，如 https://www.example.cn；大屏不用填写")}}
	ui.Mark(kit.Lang(r), fields, wrong)
	return ui.With(ui.Block(kit.Say(r, "生成访问地址")), ui.With(ui.Form(ui.FormView{ID: "share", Action: pathShares,
		Plain: true, Summary: ui.SummaryOf(kit.Lang(r), wrong),
		Buttons: []ui.Action{{Text: kit.Say(r, "生成访问地址"), Primary: true}}}), kit.Fields(fields)))
}

func (h *Handler) postShares(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	if end := r.PostForm.Get("end"); end != "" {
		if err := h.atlas.EndShare(r.Context(), web.Actor(r), end, web.VersionOf(r)); err != nil {
			return err
		}
		return h.Web.Redirect(w, r, pathShares, "已收回")
	}
	in := atlas.NewShare{Kind: r.PostForm.Get("kind"), View: r.PostForm.Get("view"), Note: r.PostForm.Get("note"),
		Hosts: strings.Fields(r.PostForm.Get("hosts"))}
	x, err := h.atlas.AddShare(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showShares(w, r, in, "", err)
	}
	if err != nil {
		return err
	}
	at := pathEmbed
	if x.Kind == atlas.ShareScreen {
		at = pathScreen
	}
	return h.showShares(w, r, atlas.NewShare{Kind: atlas.ShareEmbed},
		h.Origin(r)+at+"/"+url.PathEscape(x.Token), nil)
}
