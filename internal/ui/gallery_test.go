package ui_test

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// specimen is one component in one state. The gallery shows them all; each has a golden file.
type specimen struct {
	name string
	c    templ.Component
}

// with gives a component its children.
func with(c templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

// text is a paragraph of a specimen.
func text(s string) templ.Component {
	return templ.Raw("<p>" + templ.EscapeString(s) + "</p>")
}

func site() ui.Site {
	return ui.Site{
		Name: "太原科创服务平台", Organiser: "太原市科学技术局", Operator: "太原科技大市场",
		Phone: "0351-0000000", ICP: "晋ICP备00000000号", ICPURL: "https://beian.miit.gov.cn/",
		Police: "晋公网安备00000000000000号", PoliceURL: "https://beian.mps.gov.cn/",
		SiteCode: "1401000000", PartyGovURL: "/about/mark", CorrectionURL: "/about/correct",
		AccessURL: "/about/access", MapApproval: "审图号 GS(2024)0000号（示意）",
		Links: []ui.Link{{Text: "网站地图", Href: "/about/map"}},
	}
}

func publicPage() ui.Page {
	return ui.Page{
		Title: "主体库", Lead: "全市创新主体名录", Lang: i18n.ZH, Theme: ui.ThemeLight,
		Size: ui.SizeNormal, Surface: ui.Public, Path: "/orgs/JG-2026-017",
		URL:    "/orgs/JG-2026-017?tab=log",
		Origin: "https://example.cn", Site: site(), SearchURL: "/orgs", RequestID: "01jdqz",
		Nav: []ui.NavItem{
			{Text: "首页", Href: "/"}, {Text: "主体库", Href: "/orgs"}, {Text: "技术市场", Href: "/market"},
			{Text: "揭榜挂帅", Href: "/challenges"}, {Text: "政策与创新券", Href: "/policies"},
			{Text: "产业链", Href: "/chains"}, {Text: "服务大厅", Href: "/hall"},
		},
		Crumbs: []ui.Link{{Text: "主体库", Href: "/orgs"}, {Text: "山西某材料有限公司"}},
	}
}

func staffPage() ui.Page {
	p := publicPage()
	p.Surface, p.Theme, p.Origin = ui.Staff, ui.ThemeAuto, ""
	p.User = ui.User{
		Name: "王芳", Role: "局经办", Org: "太原市科学技术局 · 高新处", Unread: 3,
		Others: []ui.RoleChoice{{Value: "expert", Label: "专家"}, {Value: "leader", Label: "局领导"}},
	}
	p.Side = []ui.NavGroup{
		{Items: []ui.NavItem{{Text: "待办", Href: "/work", Count: 12}, {Text: "主体库", Href: "/orgs"}}},
		{Title: "管理", Items: []ui.NavItem{
			{Text: "机构与用户", Href: "/admin/users"}, {Text: "审计日志", Href: "/admin/audit"},
		}},
		sideGroup("督办", "/tasks", "台账", "目标", "指标", "调度会", "督办函", "考核", "通报"),
		sideGroup("技术市场", "/market", "成果与需求", "供需对接", "技术经理人", "路演", "拍卖", "估值", "匹配"),
	}
	p.Side[3].Items[1].Count = 7
	p.Nav = []ui.NavItem{{Text: "工作台", Href: "/work"}, {Text: "业务", Href: "/cases"},
		{Text: "监测", Href: "/watch"}, {Text: "资源库", Href: "/orgs"}}
	return p
}

// sideGroup is a part of the side navigation; with two of them it is so long that it folds.
func sideGroup(title, path string, items ...string) ui.NavGroup {
	g := ui.NavGroup{Title: title}
	for i, x := range items {
		g.Items = append(g.Items, ui.NavItem{Text: x, Href: fmt.Sprintf("%s/%d", path, i+1)})
	}
	return g
}

// specimens are all components in all states.
func specimens() []specimen {
	var all []specimen
	for _, part := range [][]specimen{
		headSpecimens(), listSpecimens(), recordSpecimens(), formSpecimens(), fieldSpecimens(),
		workSpecimens(), chartSpecimens(),
	} {
		all = append(all, part...)
	}
	return all
}

func headSpecimens() []specimen {
	return []specimen{
		{"page-head", ui.PageHead(ui.Head{
			Title: "山西某材料有限公司", Lead: "民营企业 · 综改示范区 · 2019 年成立",
			Status: &ui.State{Tone: ui.OK, Text: "存续"}, ID: "JG-2026-017",
			Actions: []ui.Action{{Text: "导出", Href: "/orgs/1.xlsx"},
				{Text: "编辑", Href: "/orgs/1/edit", Primary: true}},
		})},
		{"crumbs", ui.Crumbs([]ui.Link{{Text: "主体库", Href: "/orgs"}, {Text: "某公司"}})},
		{"buttons", templ.Join(
			ui.Button(ui.Action{Text: "提交申报", Primary: true, Name: "do", Value: "submit"}),
			ui.Button(ui.Action{Text: "保存并继续"}),
			ui.Button(ui.Action{Text: "撤回", Danger: true, Label: "撤回申请 JG-2026-017"}),
			ui.Button(ui.Action{Text: "删除全部", Danger: true, Primary: true}),
			ui.Button(ui.Action{Text: "小按钮", Small: true, FormURL: "/x?a=1&b=2", NoCheck: true}),
			ui.Button(ui.Action{Text: "清单", Href: "/orgs?view=table", Current: true}),
			ui.Button(ui.Action{Text: "受理", Why: "材料缺少营业执照"}),
			ui.PostButton(ui.Post{Action: "/orgs/1/lock",
				Hidden: []ui.Hidden{{Name: "version", Value: "3"}},
				Button: ui.Action{Text: "锁定"}}),
		)},
		{"status", templ.Join(
			ui.Status(ui.State{Tone: ui.OK, Text: "已办结"}), ui.Status(ui.State{Tone: ui.Run,
				Text: "办理中"}),
			ui.Status(ui.State{Tone: ui.Warn, Text: "预警"}), ui.Status(ui.State{Tone: ui.Bad,
				Text: "逾期"}),
			ui.Status(ui.State{Text: "未启动"}), ui.Tag("高新技术企业"),
			ui.Kind(ui.State{Text: "成果"}), ui.Kind(ui.State{Tone: ui.Warn,
				Text: "需求"}), ui.CopyID("JB-2026-017"),
		)},
		{"banners", templ.Join(
			ui.Banner(ui.OK, "已提交，编号 JB-2026-017。"), ui.Banner(ui.Run, "正在导入，可以离开本页。"),
			with(ui.Banner(ui.Warn, "这家机构与「山西某材料股份有限公司」很像。"),
				ui.Button(ui.Action{Text: "去看看", Href: "/orgs/2", Small: true})),
			ui.Banner(ui.Bad, "文件未通过检查。"), ui.Banner(ui.Idle, "本机构已并入 JG-2026-003。"),
		)},
		{"empty", with(ui.Empty("没有符合条件的机构", "换一个关键词，或放宽区县。"),
			ui.Button(ui.Action{Text: "清除条件", Href: "/orgs"}))},
	}
}

func listSpecimens() []specimen {
	filters := ui.Filters{
		Action: "/orgs", Label: "筛选机构", Hidden: []ui.Hidden{{Name: "sort", Value: "name"}},
		Fields: []ui.Filter{
			{Kind: ui.FilterSearch, Name: "q", Label: "关键词", Value: `碳化硅"<b>`,
				Placeholder: "名称、曾用名或信用代码"},
			{Name: "kind", Label: "类型", Value: "firm", Options: []ui.Option{
				{Text: "全部"}, {Value: "firm", Text: "企业"}, {Value: "univ", Text: "高校"}}},
			{Name: "region", Label: "区县", Options: []ui.Option{{Text: "全部"},
				{Value: "140105", Text: "小店区", Group: "太原市"}, {Value: "140106", Text: "迎泽区",
					Group: "太原市"}}},
		},
		More: []ui.Filter{
			{Kind: ui.FilterDates, Name: "from", ToName: "to", Label: "成立日期", Value: "2020-01-01"},
			{Kind: ui.FilterText, Name: "industry", Label: "行业代码"},
			{Kind: ui.FilterCheck, Name: "active", Label: "只看存续", Value: "1"},
		},
		MoreOn: true,
	}
	bar := ui.ResultBar{Count: "共 1,248 家", Clear: "/orgs",
		Chips: []ui.Link{{Text: "类型：企业", Href: "/orgs?region=140105"},
			{Text: "小店区", Href: "/orgs?kind=firm"}},
		Views: []ui.Link{{Text: "全部", Href: "/orgs"}, {Text: "待核实", Href: "/orgs?view=todo",
			Current: true}},
		Exports: []ui.Link{{Text: "CSV", Href: "/orgs.csv"}, {Text: "Excel", Href: "/orgs.xlsx"}},
	}
	pager := ui.Paging{First: "/orgs", Prev: "/orgs?before=a", Next: "/orgs?after=b",
		Last: "/orgs?last=1",
		Text: "第 21—40 项"}
	return []specimen{
		{"filters", ui.FilterBar(filters)},
		{"results", with(ui.Results("", "机构"), ui.ResultHead(bar), ui.DataTable(orgTable(nil)),
			ui.Pager(pager))},
		{"table-batch", ui.DataTable(orgTable(&ui.Batch{Action: "/orgs/batch",
			Hidden: []ui.Hidden{{Name: "back", Value: "/orgs?q=x"}},
			Actions: []ui.Action{{Text: "批量打标签", Name: "do", Value: "tag"},
				{Text: "导出所选", Name: "do", Value: "export"}}}))},
		{"beside", ui.Beside(ui.Neighbours{List: "/orgs?kind=enterprise",
			Prev: ui.Link{Text: "太原甲厂", Href: "/orgs/1?list=kind%3Denterprise"}})},
		{"pager-first", ui.Pager(ui.Paging{Next: "/orgs?after=b", Last: "/orgs?last=1",
			Target: "members", Label: "成员分页"})},
		{"tabs", with(ui.Tabs("机构信息", []ui.Tab{
			{ID: "base", Text: "基本信息", Href: "/orgs/1?tab=base", Current: true},
			{ID: "people", Text: "成员", Href: "/orgs/1?tab=people", Count: "12"},
			{ID: "log", Text: "变更记录", Href: "/orgs/1?tab=log"},
		}), text("统一社会信用代码、地址与联系人。"))},
		{"plain-list", with(ui.Block("最新成果与需求"), ui.PlainList([]ui.Link{
			{Text: "深紫外LED消杀模组工艺包", Href: "/market/1", Note: "面议"},
			{Text: "煤层气高效抽采工艺包", Href: "/market/2", Note: "858 万元"}, {Text: "没有链接的一项"}}))},
	}
}

func orgTable(b *ui.Batch) ui.Table {
	row := func(id, name, kind, place, capital string, s ui.State, tone ui.Tone) ui.Row {
		return ui.Row{ID: id, Tone: tone, Cells: []ui.Cell{
			{Text: name, Href: "/orgs/" + id, Sub: "曾用名：某某材料厂", Drawer: id == "1"},
			{Text: "91140100MA0000000X", Mono: true}, {Text: kind, Tags: []string{"高企", "专精特新"}},
			{Text: place}, {Text: capital}, {Status: &s}, {Text: "3 天前", Time: "2026-11-19"},
		}}
	}
	return ui.Table{
		Caption: "机构", Batch: b, Dense: b != nil,
		Cols: []ui.Column{
			{Label: "名称", SortHref: "/orgs?sort=name-",
				Sort: "ascending"}, {Label: "信用代码"}, {Label: "类型"},
			{Label: "区县"}, {Label: "注册资本（万元）", Num: true, SortHref: "/orgs?sort=capital"},
			{Label: "状态"}, {Label: "更新"},
		},
		Rows: []ui.Row{
			row("1", "山西某碳基新材料股份有限公司", "企业", "小店区", "12,000", ui.State{Tone: ui.OK, Text: "存续"},
				""),
			row("2", "太原某某大学", "高校", "万柏林区", "—", ui.State{Tone: ui.Run, Text: "待确认"}, ui.Warn),
			row("3", "䶮㛃𬱖机电研究所<script>", "科研院所", "尖草坪区", "860", ui.State{Tone: ui.Bad, Text: "注销"},
				ui.Bad),
		},
		Foot: []ui.Cell{{Text: "合计"}, {}, {}, {}, {Text: "12,860"}, {}, {}},
	}
}

func recordSpecimens() []specimen {
	facts := []ui.Fact{
		{Term: "意向价", Text: "2,618 万元", Big: true},
		{Term: "信用代码", CopyID: "91140100MA0000000X"},
		{Term: "状态", Status: &ui.State{Tone: ui.OK, Text: "存续"}},
		{Term: "联系电话", Mask: &ui.Mask{ID: "m-phone", Shown: "138****0000",
			Reveal: "/orgs/1/reveal?f=phone", Note: "查看将留痕"}},
		{Term: "证件号码", Mask: &ui.Mask{ID: "m-id", Shown: "1401************"}},
		{Term: "网址", Text: "example.cn", Href: "https://example.cn/"},
		{Term: "行业", Text: "非金属矿物制品业", Source: "工商登记 · 2026-11-20"},
		{Term: "成熟度", Body: chart.Maturity(6)}, {Term: "简称"},
	}
	entries := []ui.Entry{
		{Time: "2026-11-20 09:30", Machine: "2026-11-20T09:30:00+08:00", Title: "修改", By: "王芳（局经办）",
			Seen: "工作人员可见", Tone: ui.Run, Changes: []ui.Change{{Field: "名称", Old: "山西某材料厂",
				New: "山西某材料有限公司"},
				{Field: "简称", New: "某材料"}}},
		{Time: "2026-11-18 10:00", Machine: "2026-11-18T10:00:00+08:00", Title: "权属核验通过",
			Tone: ui.OK,
			Text: "附证明材料 3 件。", Links: []ui.Link{{Text: "查看材料", Href: "/files/1"}}},
		{Time: "2026-11-01 08:00", Machine: "2026-11-01T08:00:00+08:00", Title: "登记", By: "系统"},
	}
	return []specimen{
		{"record", with(ui.WithAside(ui.Facts("关键信息", facts)),
			with(ui.Block("基本信息"), ui.FactGrid(facts[5:8])))},
		{"timeline", ui.Timeline(entries)},
		{"drawer-head", ui.DrawerHead("全社会研发投入强度", "/indicators/1")},
		{"diff", ui.Diff(ui.Stale{Title: "您填写时，李某已在 14:20 修改了这条记录", Lead: "请比较两个版本，再决定保留哪一个。",
			Fields: []ui.StaleField{{Label: "名称", Theirs: "某材料公司", Mine: "某材料有限公司"},
				{Label: "地址", Mine: "坞城路 92 号"}},
			Post: "/orgs/1", Hidden: []ui.Hidden{{Name: "version", Value: "4"},
				{Name: "name", Value: "某材料有限公司"}}, Reload: "/orgs/1"})},
		{"prose", with(ui.Prose(), text("针对信创软件产业链关键环节，工业现场时序数据库已完成实验室验证，主要指标达到国内先进水平，可支撑规模化应用。"))},
	}
}

// badOrg is what the server says about a wrong form.
var badOrg = fault.Fields(
	fault.At("uscc", "统一社会信用代码应为 18 位，不含 I、O、S、V、Z"),
	fault.At("contacts.0.phone", "手机号应为 11 位数字，如 13800000000"),
	fault.At("kind", "请选择机构类型"),
)

func formSpecimens() []specimen {
	inputs := []ui.Input{
		{Name: "name", Label: "单位全称", Hint: "与营业执照或事业单位法人证书一致", Value: "山西某材料有限公司",
			AutoComplete: "organization", MaxLen: 200},
		{Name: "uscc", Label: "统一社会信用代码", Hint: "18 位，含数字与大写字母", Value: "123", Width: ui.W18,
			Mono: true},
		{Kind: ui.InRadio, Name: "kind", Label: "机构类型", Options: []ui.Option{
			{Value: "firm", Text: "企业", Hint: "含个体工商户"}, {Value: "univ", Text: "高等院校"}}},
	}
	ui.Mark(i18n.ZH, inputs, badOrg)
	contacts := ui.EditRows{Name: "contacts", Legend: "联系人", Row: "联系人 %s", Add: "添加联系人", Max: 5,
		Optional: true,
		Hint:     "第一位作为默认联系人",
		Rows:     [][]ui.Input{contactRow(0, "李某", "12")}, Blank: contactRow(ui.RowBlank, "", "")}
	ui.Mark(i18n.ZH, contacts.Rows[0], badOrg)
	steps := ui.Steps("填报步骤", []ui.Step{
		{Text: "申报单位", Href: "/apply?step=0", State: ui.StepDone}, {Text: "揭榜方案",
			Href: "/apply?step=1", State: ui.StepNow},
		{Text: "经费预算", Href: "/apply?step=2", State: ui.StepTodo}, {Text: "核对并提交",
			State: ui.StepTodo}})
	return []specimen{
		{"form-errors", with(ui.Form(ui.FormView{ID: "org", Action: "/orgs/1", Version: "3",
			Summary:  ui.SummaryOf(i18n.ZH, badOrg),
			Autosave: "/orgs/1/draft", Saved: "已自动保存 14:32:05", Guard: true,
			Buttons: []ui.Action{{Text: "保存", Primary: true}, {Text: "取消", Href: "/orgs/1"}}}),
			ui.Field(inputs[0]), ui.Field(inputs[1]),
			ui.Field(inputs[2]), ui.EditableRows(contacts))},
		{"form-locked", with(ui.Form(ui.FormView{ID: "locked", Action: "/apply",
			Locked: "申报已于 12月15日 18:00 截止，内容只读。"}),
			ui.Field(ui.Input{Name: "goal", Kind: ui.InArea, Label: "揭榜目标", Value: "逐条对应考核指标"}))},
		{"wizard", with(ui.Wizard(steps, ui.Facts("填报须知",
			[]ui.Fact{{Term: "咨询", Text: "0351-0000000"}})),
			with(ui.Form(ui.FormView{ID: "wiz", Action: "/apply?step=1", Upload: true,
				Buttons: []ui.Action{{Text: "上一步", Href: "/apply?step=0"},
					{Text: "保存并继续", Primary: true}}}),
				ui.Field(ui.Input{Name: "route", Kind: ui.InArea, Label: "技术路线",
					Hint: "请勿出现单位与人员名称，评审采用双盲", MaxLen: 2000, Count: true})))},
		{"confirm", ui.Confirm(ui.Question{Title: "合并这两家机构",
			Text:   "合并后 JG-2026-018 的编号转到 JG-2026-003，可以随时拆分还原。",
			Facts:  []ui.Fact{{Term: "保留", Text: "山西某材料有限公司"}, {Term: "并入", Text: "山西某材料股份有限公司"}},
			Inputs: []ui.Input{{Name: "reason", Kind: ui.InArea, Label: "合并理由", Rows: 3}},
			Form:   ui.FormView{ID: "merge", Action: "/orgs/3/merge", Version: "7"},
			Back:   ui.Link{Text: "返回", Href: "/orgs/3"}, Button: ui.Action{Text: "合并",
				Danger: true, Primary: true}})},
	}
}

func contactRow(n int, name, phone string) []ui.Input {
	return []ui.Input{
		{Name: ui.RowName("contacts", n, "name"), Label: "姓名", Value: name, AutoComplete: "off"},
		{Kind: ui.InTel, Name: ui.RowName("contacts", n, "phone"), Label: "手机号", Value: phone,
			InputMode: "numeric"},
	}
}

func fieldSpecimens() []specimen {
	in := func(x ui.Input) templ.Component { x.Name = "x-" + x.Name; return ui.Field(x) }
	combo := ui.Combo{Input: ui.Input{Name: "org", Label: "所属机构", Hint: "输入名称或信用代码"},
		Source: "/pick/org",
		Many:   true, MaxPicks: 3, Browse: "/orgs?pick=1", Picked: []ui.Option{{Value: "1",
			Text: "山西某材料有限公司"}}}
	return []specimen{
		{"fields", templ.Join(
			in(ui.Input{Name: "note", Kind: ui.InArea, Label: "简介", Optional: true, MaxLen: 200,
				Count: true, Value: "主营碳化硅衬底"}),
			in(ui.Input{Name: "level", Kind: ui.InSelect, Label: "级别", Value: "b",
				Options: []ui.Option{{Value: "a", Text: "国家级"}, {Value: "b", Text: "省级"}}}),
			in(ui.Input{Name: "tags", Kind: ui.InChecks, Label: "资质", Values: []string{"hi"},
				Err: "至少选择两项",
				Options: []ui.Option{{Value: "hi", Text: "高新技术企业"},
					{Value: "sme", Text: "科技型中小企业"}}}),
			in(ui.Input{Name: "agree", Kind: ui.InCheck, Text: "本单位承诺所填内容真实。", Value: "1"}),
			in(ui.Input{Name: "since", Kind: ui.InDate, Label: "成立日期", Value: "2019-05-01",
				Width: ui.W14}),
			in(ui.Input{Name: "capital", Kind: ui.InNumber, Label: "注册资本", Unit: "万元",
				Value: "1,200", Width: ui.W10}),
			in(ui.Input{Name: "mail", Kind: ui.InEmail, Label: "邮箱", AutoComplete: "email",
				Placeholder: "name@example.cn"}),
			in(ui.Input{Name: "proof", Kind: ui.InFile, Label: "营业执照", Accept: ".pdf,.jpg",
				Multiple: true}),
			in(ui.Input{Name: "code", Label: "编号", Value: "JG-2026-017", ReadOnly: true,
				Mono: true, Source: "系统生成 · 2026-11-20"}),
			in(ui.Input{Name: "fixed", Kind: ui.InStatic, Label: "登记机关", Value: "太原市市场监督管理局"}),
		)},
		{"field-password", in(ui.Input{Name: "pass", Kind: ui.InPassword, Label: "密码",
			AutoComplete: "current-password"})},
		{"fieldset", with(ui.FieldSet("注册地址", "与登记证书一致"),
			in(ui.Input{Name: "street", Label: "街道门牌"}))},
		{"combobox", ui.Combobox(combo)},
		{"combo-options",
			templ.Join(templ.Raw(`<ul role="listbox" aria-label="x" id="f-org2-list">`),
				ui.ComboOptions("f-org2-list", []ui.Option{{Value: "7", Text: "太原某某大学",
					Hint: "12140000X"}}), templ.Raw("</ul>"))},
		{"combo-none", templ.Join(templ.Raw(`<ul role="listbox" aria-label="x">`),
			ui.ComboOptions("none", nil), templ.Raw("</ul>"))},
		{"upload", ui.Upload(ui.UploadView{Input: ui.Input{Name: "files", Label: "证明材料",
			Accept: ".pdf", Multiple: true},
			Limit: "单个文件不超过 50 MB", Files: []ui.FileView{
				{ID: "1", Name: "营业执照.pdf", Href: "/files/1", Size: "1.2 MB",
					State: ui.State{Tone: ui.OK, Text: "已检查"}, Remove: "1"},
				{ID: "2", Name: "附件.exe", Size: "3 KB", State: ui.State{Tone: ui.Bad,
					Text: "类型不允许"}}}})},
		{"tree", ui.TreeChoice("region", "区域", []ui.TreeNode{{Value: "140100", Text: "太原市",
			Open: true,
			Nodes: []ui.TreeNode{{Value: "140105", Text: "小店区", Checked: true},
				{Value: "140106", Text: "迎泽区"}}}})},
	}
}

func workSpecimens() []specimen {
	return []specimen{
		{"progress", ui.Progress(ui.Work{ID: "j1", Title: "导入机构", Text: "已检查 3,200 / 10,000 行",
			Percent: 32,
			State:   ui.State{Tone: ui.Run, Text: "进行中"}, Poll: "/jobs/j1",
			Cancel: &ui.Post{Action: "/jobs/j1/cancel", Button: ui.Action{Text: "停止导入",
				Danger: true}}})},
		{"progress-unknown", ui.Progress(ui.Work{ID: "j2", Title: "备份", Text: "正在准备", Percent: -1,
			State: ui.State{Tone: ui.Run, Text: "进行中"}, Poll: "/jobs/j2"})},
		{"progress-done", ui.Progress(ui.Work{ID: "j3", Title: "导入人员", Text: "9,998 行可以导入，2 行有问题",
			State: ui.State{Tone: ui.Warn, Text: "等待确认"}, Percent: 100,
			Problems: []string{"第 3 行 · 信用代码：应为 18 位"}, Result: []ui.Link{{Text: "查看结果",
				Href: "/jobs/j3/result"}}})},
		{"error-summary", ui.ErrorSummary(ui.SummaryOf(i18n.ZH, errors.New("disk on fire")))},
		{"chips", ui.Chips("已选", []ui.Link{{Text: "企业", Href: "/orgs"}})},
	}
}

func chartSpecimens() []specimen {
	lines := chart.Lines("亿元", []string{"2021", "2022", "2023", "2024", "2025", "2026前三季度"},
		chart.Series{Name: "成交额", Values: []float64{96, 128, 151, 185, 228, 212}},
		chart.Series{Name: "其中：输出省外", Values: []float64{31, 40, chart.Missing(), 66, 71, 69}})
	stacks := chart.Stacks("家", []string{"2022", "2023", "2024"},
		chart.Series{Name: "国家级", Values: []float64{12, 15, 18}}, chart.Series{Name: "省级",
			Values: []float64{110, 140, 190}},
		chart.Series{Name: "市级", Values: []float64{170, 180, 172}})
	return []specimen{
		{"stats", chart.Stats([]chart.KeyFigure{
			{Name: "技术合同成交额", Value: "228", Unit: "亿元", Delta: "较上年 ↑ 23%",
				Spark: []float64{96, 128, 151, 185, 228}},
			{Name: "高新技术企业", Value: "2,150", Unit: "家", Delta: "净增 ↑ 186 家", Href: "/orgs?tag=hi",
				Spark: []float64{3, 4, 4, 6, 9}},
			{Name: "机构总数", Value: "8,600", Unit: "家"}})},
		{"figure-lines", with(chart.Figure(chart.Frame{ID: "c1", Title: "技术合同成交额五年走势", Unit: "亿元",
			Source: "来源：全国技术合同认定登记系统 · 截至 2026-09-30", Data: &lines,
			Exports: []chart.Export{{Text: "CSV", Href: "/c1.csv"}}}), chart.Plot(lines))},
		{"figure-stacks", with(chart.Figure(chart.Frame{ID: "c2", Title: "创新平台按级别与年份", Unit: "家",
			Data: &stacks}), chart.Plot(stacks))},
		{"figure-bars", with(chart.Figure(chart.Frame{ID: "c3", Title: "指标完成率（竖线为序时进度 75%）",
			Unit: "%", Level: 3}),
			chart.BarTable("指标", "%", []chart.Bar{
				{Name: "研发投入强度", Share: 78, Mark: 61, Text: "96.4%", Href: "/i/1"}, {Name: "技术合同",
					Share: 71, Mark: 61, Text: "87.7%", Tone: "warn"},
				{Name: "高企数", Share: 100, Mark: 61, Text: "124%", Tone: "ok"}, {Name: "论文",
					Tone: "mute"}}))},
		{"figure-heat", with(chart.Figure(chart.Frame{ID: "c4", Title: "区县研发投入强度", Unit: "%"}),
			chart.HeatTable("区县研发投入强度",
				chart.Heat{Corner: "区县", Rows: []string{"小店区", "迎泽区"},
					Cols:   []string{"2023", "2024", "2025"},
					Values: [][]float64{{2.3, 2.7, 2.91}, {.75, chart.Missing(), 1.34}}}))},
	}
}
