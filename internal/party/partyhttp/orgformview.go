package partyhttp

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// formView is all that the form shows beside its fields.
type formView struct {
	action  string // where it is sent
	draft   string // where drafts are sent
	back    string // the way out
	submit  string // text of the button
	saved   string // "已自动保存 14:32:05"
	except  string // id of the record that is edited
	confirm bool   // the actor has been shown similar records and may go on
	similar templ.Component
	err     error
}

// orgFormView draws the form.
func (h *Handler) orgFormView(
	ctx context.Context, by authz.Actor, f orgForm, v formView,
) templ.Component {
	l := i18n.From(ctx)
	t := func(zh string) string { return i18n.T(ctx, zh) }
	form := ui.FormView{ID: "org", Action: v.action, Summary: ui.SummaryOf(l, v.err),
		Autosave: v.draft, Saved: v.saved, Guard: true,
		Hidden:  []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: v.submit, Primary: true, Name: "do", Value: "save"}}}
	if f.version > 0 {
		form.Version = strconv.FormatInt(f.version, 10)
	}
	if v.confirm {
		form.Buttons[0] = ui.Action{Text: t("仍要登记"), Primary: true, Name: "confirm", Value: "1"}
	}
	form.Buttons = append(form.Buttons, ui.Action{Text: t("取消"), Href: v.back})
	if v.similar == nil {
		v.similar = similarBox(nil, false)
	}
	names := h.nameInputs(ctx, f, v.except)
	rest := detailInputs(ctx, f)
	origin := originInputs(ctx, f, v.except != "")
	for _, list := range [][]ui.Input{names, rest, origin} {
		ui.Mark(l, list, v.err)
	}
	return ui.With(ui.Form(form),
		ui.Field(names[0]), v.similar, fields(names[1:]),
		ui.Combobox(h.regionPick(ctx, f, v.err)), ui.Combobox(h.industryPick(ctx, f, v.err)),
		fields(rest),
		ui.EditableRows(h.addressRows(ctx, by, f, v.err)),
		ui.EditableRows(contactRows(ctx, f, v.err)),
		ui.With(ui.FieldSet(t("数据来源"), t("写明这些内容从哪里来，便于以后核对。")), fields(origin)))
}

func fields(list []ui.Input) templ.Component {
	out := make([]templ.Component, len(list))
	for i, in := range list {
		out[i] = ui.Field(in)
	}
	return templ.Join(out...)
}

func (h *Handler) nameInputs(ctx context.Context, f orgForm, except string) []ui.Input {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	source := "/orgs/similar"
	if except != "" {
		source += "?except=" + except
	}
	watch := func() templ.Attributes {
		return templ.Attributes{"hx-get": source, "hx-trigger": "input delay:400ms",
			"hx-target": "#similar", "hx-swap": "outerHTML", "hx-sync": "#similar:replace",
			"hx-include": "#f-name, #f-uscc"}
	}
	choose := ui.Option{Text: t("请选择")}
	return []ui.Input{
		{Name: "name", Label: t("名称"), Hint: t("与营业执照、法人证书或成立文件一致"),
			Value: f.data.Name, MaxLen: party.MaxName, AutoComplete: "organization", Attrs: watch()},
		{Name: "uscc", Label: t("统一社会信用代码"), Hint: t("18 位；还没有的组织可以不填"),
			Value: f.data.USCC, Width: ui.W18, Mono: true, Optional: true, MaxLen: 30, Attrs: watch()},
		{Kind: ui.InSelect, Name: "kind", Label: t("类型"), Value: f.data.Kind, Width: ui.W14,
			Options: append([]ui.Option{choose}, choices(ctx, party.OrgKinds())...)},
		{Kind: ui.InSelect, Name: "standing", Label: t("登记状态"), Value: f.data.Standing,
			Width:   ui.W14,
			Options: append([]ui.Option{choose}, choices(ctx, party.Standings())...)},
	}
}

func detailInputs(ctx context.Context, f orgForm) []ui.Input {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	return []ui.Input{
		{Name: "nameEn", Label: t("英文名称"), Value: f.data.NameEn, Optional: true,
			MaxLen: party.MaxName},
		{Kind: dayKind(string(f.data.Founded)), Name: "founded", Label: t("成立日期"),
			Value: string(f.data.Founded),
			Width: ui.W14, Optional: true},
		{Name: "legalPerson", Label: t("法定代表人"), Value: f.data.LegalPerson, Width: ui.W14,
			Optional: true, MaxLen: party.MaxLine, AutoComplete: "off"},
		{Kind: ui.InNumber, Name: "capitalFen", Label: t("注册资本"), Value: f.capital,
			Unit: t("万元"), Width: ui.W10, Optional: true, MaxLen: 30},
		{Name: "website", Label: t("网址"), Value: f.data.Website, Optional: true, MaxLen: 300,
			Hint: t("以 https:// 或 http:// 开头"), AutoComplete: "url", InputMode: "url"},
		{Kind: ui.InArea, Name: "summary", Label: t("简介"), Value: f.data.Summary, Optional: true,
			MaxLen: party.MaxSummary, Count: true},
	}
}

func originInputs(ctx context.Context, f orgForm, edit bool) []ui.Input {
	out := []ui.Input{{Name: "source", Label: i18n.T(ctx, "来源"), Value: f.source, Optional: true,
		Hint: i18n.T(ctx, "如 营业执照、工商登记、企业填报"), MaxLen: 60}}
	if edit {
		out = append(out, ui.Input{Kind: dayKind(f.asOf), Name: "asOf", Label: i18n.T(ctx, "数据日期"),
			Value: f.asOf, Width: ui.W14, Optional: true})
	}
	return out
}

// errAt is the message for one field.
func errAt(l i18n.Lang, err error, name string) string {
	in := []ui.Input{{Name: name}}
	ui.Mark(l, in, err)
	return in[0].Err
}

func (h *Handler) regionPick(ctx context.Context, f orgForm, err error) ui.Combo {
	c := ui.Combo{Source: "/pick/region", Input: ui.Input{Name: "region", Value: f.region,
		Label: i18n.T(ctx, "所在地区"), Hint: i18n.T(ctx, "输入区县、城市或行政区划代码，再选择"),
		Err: errAt(i18n.From(ctx), err, "region")}}
	if code := f.data.Region; code != "" {
		c.Picked = []ui.Option{{Value: string(code), Text: h.dict.RegionName(code, "")}}
	}
	return c
}

func (h *Handler) industryPick(ctx context.Context, f orgForm, err error) ui.Combo {
	c := ui.Combo{Source: "/pick/industry", Input: ui.Input{Name: "industry", Value: f.industry,
		Label: i18n.T(ctx, "行业"), Hint: i18n.T(ctx, "国民经济行业分类，输入名称或代码，再选择"), Optional: true,
		Err: errAt(i18n.From(ctx), err, "industry")}}
	if code := f.data.Industry; code != "" {
		c.Picked = []ui.Option{{Value: code, Text: ui.Words(code, h.industryName(code))}}
	}
	return c
}

// listHint moves what is said about a list as a whole to its hint, where it is seen.
func listHint(l i18n.Lang, err error, list, hint string) string {
	if text := errAt(l, err, list); text != "" {
		return text
	}
	return hint
}

func (h *Handler) addressRows(
	ctx context.Context, by authz.Actor, f orgForm, err error,
) ui.EditRows {
	l := i18n.From(ctx)
	out := ui.EditRows{Name: "addresses", Legend: i18n.T(ctx, "地址"), Row: i18n.T(ctx, "地址 %s", "%s"),
		Add: i18n.T(ctx, "添加地址"), Max: party.MaxAddresses, Optional: true,
		Hint:  listHint(l, err, "addresses", i18n.T(ctx, "坐标可以不填；请写明坐标系，地图软件多为 GCJ-02。")),
		Blank: h.addressRow(ctx, by, ui.RowBlank, party.Address{}, pointText{})}
	for i, a := range f.data.Addresses {
		row := h.addressRow(ctx, by, i, a, f.points[i])
		ui.Mark(l, row, pointFaults(err))
		out.Rows = append(out.Rows, row)
	}
	return out
}

// pointFaults names the longitude for what is said about a point as a whole.
func pointFaults(err error) error {
	e, ok := fault.As(err)
	if !ok {
		return err
	}
	list := make([]fault.Field, 0, len(e.Fields))
	for _, x := range e.Fields {
		if n := len(x.Name) - len("point"); n > 0 && x.Name[n:] == "point" {
			x.Name = x.Name[:n] + "lon"
		}
		list = append(list, x)
	}
	return fault.Fields(list...)
}

func (h *Handler) addressRow(
	ctx context.Context, by authz.Actor, n int, a party.Address, p pointText,
) []ui.Input {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	name := func(field string) string { return ui.RowName("addresses", n, field) }
	system := p.system
	if system == "" {
		system = string(region.GCJ02)
	}
	var systems []ui.Option
	for _, s := range region.Systems() {
		systems = append(systems, ui.Option{Value: string(s), Text: string(s)})
	}
	places := append([]ui.Option{{Text: t("不填")}}, h.regionOptions(ctx, by, a.Region)...)
	return []ui.Input{
		{Kind: ui.InSelect, Name: name("kind"), Label: t("用途"), Value: a.Kind,
			Options: append([]ui.Option{{Text: t("请选择")}}, choices(ctx, party.AddressKinds())...)},
		{Kind: ui.InSelect, Name: name("region"), Label: t("地区"), Value: string(a.Region),
			Options: places, Optional: true},
		{Name: name("line"), Label: t("详细地址"), Value: a.Line, MaxLen: party.MaxLine,
			AutoComplete: "off"},
		{Name: name("lon"), Label: t("经度"), Value: p.lon, Optional: true, InputMode: "decimal",
			Width: ui.W10, MaxLen: 20},
		{Name: name("lat"), Label: t("纬度"), Value: p.lat, Optional: true, InputMode: "decimal",
			Width: ui.W10, MaxLen: 20},
		{Kind: ui.InSelect, Name: name("system"), Label: t("坐标系"), Value: system, Width: ui.W10,
			Options: systems},
	}
}

func contactRows(ctx context.Context, f orgForm, err error) ui.EditRows {
	l := i18n.From(ctx)
	out := ui.EditRows{Name: "contacts", Legend: i18n.T(ctx, "联系人"),
		Row: i18n.T(ctx, "联系人 %s", "%s"), Add: i18n.T(ctx, "添加联系人"), Max: party.MaxContacts,
		Optional: true, Hint: listHint(l, err, "contacts", i18n.T(ctx, "第一位是默认联系人。电话和邮箱不对公众显示。")),
		Blank: contactRow(ctx, ui.RowBlank, party.Contact{})}
	for i, c := range f.data.Contacts {
		row := contactRow(ctx, i, c)
		ui.Mark(l, row, err)
		out.Rows = append(out.Rows, row)
	}
	return out
}

func contactRow(ctx context.Context, n int, c party.Contact) []ui.Input {
	name := func(field string) string { return ui.RowName("contacts", n, field) }
	return []ui.Input{
		{Name: name("name"), Label: i18n.T(ctx, "姓名"), Value: c.Name, AutoComplete: "off",
			MaxLen: party.MaxLine},
		{Name: name("duty"), Label: i18n.T(ctx, "职务"), Value: c.Duty, Optional: true,
			AutoComplete: "off", MaxLen: party.MaxLine},
		{Kind: ui.InTel, Name: name("phone"), Label: i18n.T(ctx, "电话"), Value: c.Phone,
			Optional: true, AutoComplete: "off", MaxLen: 40},
		{Kind: ui.InEmail, Name: name("email"), Label: i18n.T(ctx, "邮箱"), Value: c.Email,
			Optional: true, AutoComplete: "off", MaxLen: 254},
	}
}

// dayKind is the kind of the input for a day. A browser takes no wrong day into a date input, and
// what was typed must not be lost, so a wrong one is shown as text.
func dayKind(value string) ui.InputKind {
	if value != "" && !clock.Date(value).Valid() {
		return ui.InText
	}
	return ui.InDate
}
