package dealhttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// brokerForm is a broker's record as typed. id is "" for a new one.
type brokerForm struct {
	data     deal.BrokerData
	org      pick
	id, name string
	version  int64
	key      string
}

func readBrokerForm(v url.Values) brokerForm {
	return brokerForm{org: readPick(v, "org"), key: v.Get("key"), data: deal.BrokerData{
		Name: v.Get("name"), Person: strings.TrimSpace(v.Get("person")),
		Region: region.Code(v.Get("region")), Grade: v.Get("grade"),
		Certificate: v.Get("certificate"), Issuer: v.Get("issuer"),
		ValidFrom: clock.Date(v.Get("validFrom")), ValidTo: clock.Date(v.Get("validTo")),
		Fields: v["fields"], Summary: v.Get("summary"), Phone: v.Get("phone")}}
}

// getBrokerNew shows the empty form.
func (h *Handler) getBrokerNew(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := allow(deal.BrokerPolicy.Could(by, deal.ActBrokerCreate)); err != nil {
		return err
	}
	if by.EffectiveRole() == authz.Broker {
		b, found, err := h.deal.MyBroker(r.Context(), by)
		if err != nil {
			return err
		}
		if found {
			return h.web.Redirect(w, r, brokerPath(b.ID, ""), "")
		}
	}
	f := brokerForm{key: id.New(), data: deal.BrokerData{Region: h.home()}}
	if by.EffectiveRole() == authz.Broker {
		f.data.Name, f.org.value = web.SessionOf(r).Name, by.Org
	}
	return h.showBrokerForm(w, r, f, nil)
}

// places offers the districts of the site's place and the place itself.
func (h *Handler) places(chosen region.Code) []ui.Option {
	var out []ui.Option
	add := func(code region.Code) {
		for _, o := range out {
			if o.Value == string(code) {
				return
			}
		}
		if code != "" {
			out = append(out, ui.Option{Value: string(code), Text: h.placeName(code)})
		}
	}
	add(h.home())
	if h.deps.Dict != nil && h.home() != "" {
		reads := authz.Actor{Role: authz.Officer, Via: authz.ViaSystem} // names are not guarded
		page, err := h.deps.Dict.Items(reads, dict.Query{List: dict.Regions,
			Parent: string(h.home()), Tree: true}, db.PageReq{Limit: db.MaxLimit})
		if err == nil {
			for _, it := range page.Items {
				if it.Kind == "" {
					add(region.Code(it.Code))
				}
			}
		}
	}
	add(h.home().Province())
	add(chosen)
	return out
}

func (h *Handler) showBrokerForm(
	w http.ResponseWriter, r *http.Request, f brokerForm, err error,
) error {
	by, ctx := web.Actor(r), r.Context()
	rule, rerr := h.deal.RuleAt(ctx, by, "")
	if rerr != nil {
		return rerr
	}
	var grades []deal.Choice
	for _, c := range deal.Grades() {
		for _, code := range rule.Grades {
			if code == c.Value {
				grades = append(grades, c)
			}
		}
	}
	title, action, back := "登记技术经理人", pathBrokers+"/new", pathBrokers
	p := h.web.Page(r, title)
	if f.id != "" {
		title, action, back = "修改", brokerPath(f.id, "edit"), brokerPath(f.id, "")
		p = h.brokerPage(r, deal.Broker{ID: f.id, BrokerData: deal.BrokerData{Name: f.name}}, title)
	} else {
		p.Crumbs = []ui.Link{{Text: say(r, "技术经理人"), Href: pathBrokers}, {Text: p.Title}}
	}
	form := ui.FormView{ID: "broker", Action: action, Guard: true, Summary: ui.SummaryOf(lang(r), err),
		Hidden:  []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: say(r, "保存"), Primary: true}, {Text: say(r, "取消"), Href: back}}}
	if f.id != "" {
		form.Version = number(f.version)
	}
	who, proof := h.brokerInputs(r, f, grades)
	ui.Mark(lang(r), who, err)
	ui.Mark(lang(r), proof, err)
	org := h.orgPick(ctx, by, ui.Input{Name: "org", Label: say(r, "所在单位"), Optional: true,
		Hint: say(r, "与所在单位有关的对接须回避")}, f.org, err)
	head := ui.Head{Title: say(r, title), Lead: say(r, "提交后由科技局核验；核验通过后列入公开名录。")}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Form(form), fields(who[:1]), ui.Combobox(org),
		fields(who[1:]), ui.With(ui.FieldSet(say(r, "等级与证书"), ""), fields(proof))))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: body})
}

func (h *Handler) brokerInputs(
	r *http.Request, f brokerForm, grades []deal.Choice,
) (who, proof []ui.Input) {
	t, d := func(zh string) string { return say(r, zh) }, f.data
	who = []ui.Input{
		{Name: "name", Label: t("姓名"), Value: d.Name, MaxLen: deal.MaxLine, Width: ui.W18},
		{Kind: ui.InSelect, Name: "region", Label: t("所在地区"), Value: string(d.Region),
			Width: ui.W18, Options: h.places(d.Region)},
		{Kind: ui.InChecks, Name: "fields", Label: t("擅长领域"), Values: d.Fields, Optional: true,
			Options: choices(r.Context(), deal.Fields())},
		{Kind: ui.InArea, Name: "summary", Label: t("简介"), Value: d.Summary, Optional: true, Rows: 4,
			MaxLen: deal.MaxSummary, Count: true},
		{Kind: ui.InTel, Name: "phone", Label: t("办公电话"), Value: d.Phone, Optional: true,
			Width: ui.W18, MaxLen: deal.MaxLine, Hint: t("公开显示，不要填个人手机号")},
	}
	proof = []ui.Input{
		{Kind: ui.InSelect, Name: "grade", Label: t("等级"), Value: d.Grade, Width: ui.W14,
			Options: chooseFrom(r.Context(), "请选择", grades)},
		{Name: "certificate", Label: t("证书编号"), Value: d.Certificate, Optional: true, Mono: true,
			Width: ui.W18, MaxLen: deal.MaxLine},
		{Name: "issuer", Label: t("发证机构"), Value: d.Issuer, Optional: true, MaxLen: deal.MaxLine},
		dayInput("validFrom", t("有效期自"), d.ValidFrom), dayInput("validTo", t("有效期至"), d.ValidTo)}
	proof[3].Optional, proof[4].Optional = true, true
	return who, proof
}

// completeForm looks up the organisation that was typed.
func (h *Handler) completeForm(r *http.Request, f *brokerForm) error {
	var wrong []fault.Field
	h.resolve(r.Context(), web.Actor(r), "org", &f.org, &wrong)
	f.data.Org = f.org.value
	return fault.Fields(wrong...)
}

// postBrokerNew registers a broker.
func (h *Handler) postBrokerNew(w http.ResponseWriter, r *http.Request) error {
	f := readBrokerForm(r.PostForm)
	if dropped(r.PostForm, "org") {
		return h.showBrokerForm(w, r, f, nil)
	}
	err := h.completeForm(r, &f)
	var b deal.Broker
	if err == nil {
		b, err = h.deal.CreateBroker(r.Context(), web.Actor(r),
			deal.NewBroker{BrokerData: f.data, Key: f.key})
	}
	if fault.Is(err, fault.Invalid) {
		return h.showBrokerForm(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, brokerPath(b.ID, ""), "已登记")
}

func (h *Handler) postBrokerEdit(
	w http.ResponseWriter, r *http.Request, x deal.BrokerDetail,
) error {
	f := readBrokerForm(r.PostForm)
	f.id, f.name, f.version, f.data.Person = x.ID, x.Name, web.VersionOf(r), x.Person
	if dropped(r.PostForm, "org") {
		return h.showBrokerForm(w, r, f, nil)
	}
	err := h.completeForm(r, &f)
	if err == nil {
		_, err = h.deal.UpdateBroker(r.Context(), web.Actor(r),
			deal.BrokerUpdate{ID: x.ID, BrokerData: f.data, Version: f.version, Key: f.key})
	}
	if fault.Is(err, fault.Invalid) {
		return h.showBrokerForm(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, brokerPath(x.ID, ""), "已保存")
}
