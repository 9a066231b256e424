package dealhttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// The forms of the portfolio, by what they do.
const (
	doPost            = "post"
	doDropPost        = "drop_post"
	doCase            = "case"
	doDropCase        = "drop_case"
	doCertificate     = "certificate"
	doDropCertificate = "drop_certificate"
)

// caseBlock shows the past cases of a broker; nothing without any.
func (h *Handler) caseBlock(r *http.Request, x deal.BrokerDetail) templ.Component {
	if len(x.Cases) == 0 {
		return templ.NopComponent
	}
	tab := ui.Table{Caption: say(r, "过往案例"), Cols: []ui.Column{{Label: say(r, "案例")},
		{Label: say(r, "日期")}, {Label: say(r, "领域")}, {Label: say(r, "做了什么")}, {Label: say(r, "出处")}}}
	knows := deal.DealPolicy.Could(web.Actor(r), deal.ActDealManage) || x.Own
	for _, c := range x.Cases {
		source := ui.Cell{Text: ui.OrDash(c.Source), Href: c.URL}
		if c.DealCode != "" {
			source = ui.Cell{Text: say(r, "平台对接 %s", c.DealCode), Sub: c.Source}
			if knows {
				source.Href = dealPath(c.Deal, "")
			}
		}
		tab.Rows = append(tab.Rows, ui.Row{ID: c.ID, Cells: []ui.Cell{{Text: c.Title, Sub: c.Text},
			{Text: i18n.Date(lang(r), c.Day)}, {Text: titled(r.Context(), deal.Fields(), c.Field)},
			{Text: titled(r.Context(), deal.Works(), c.Work)}, source}})
	}
	return ui.With(ui.Block(say(r, "过往案例")), ui.DataTable(tab))
}

// certificateMark says how a certificate stands today.
func (h *Handler) certificateMark(r *http.Request, c deal.Certificate) ui.State {
	mark := ui.State{Tone: ui.Warn, Text: titled(r.Context(), deal.CertificateStates(), c.State)}
	switch {
	case c.State == deal.CertificateRefused:
		mark.Tone = ui.Bad
	case c.State == deal.CertificateConfirmed && !c.Valid(h.today()):
		mark = ui.State{Tone: ui.Bad, Text: say(r, "已过期")}
	case c.State == deal.CertificateConfirmed:
		mark.Tone = ui.OK
	}
	return mark
}

// certificateBlock shows the certificates of a broker; nothing without any.
func (h *Handler) certificateBlock(r *http.Request, x deal.BrokerDetail) templ.Component {
	if len(x.Certificates) == 0 {
		return templ.NopComponent
	}
	tab := ui.Table{Caption: say(r, "证书"), Cols: []ui.Column{{Label: say(r, "证书")},
		{Label: say(r, "等级")}, {Label: say(r, "发证机构")}, {Label: say(r, "证书有效期")}, {Label: say(r, "状态")}}}
	for _, c := range x.Certificates {
		mark := h.certificateMark(r, c)
		tab.Rows = append(tab.Rows, ui.Row{ID: c.ID, Cells: []ui.Cell{{Text: c.Title, Sub: c.Number},
			{Text: ui.OrDash(titled(r.Context(), deal.Grades(), c.Grade))}, {Text: c.Issuer},
			{Text: validity(r, c)}, {Status: &mark, Sub: c.Answer}}})
	}
	return ui.With(ui.Block(say(r, "证书")), ui.DataTable(tab))
}

func validity(r *http.Request, c deal.Certificate) string {
	if c.ValidTo == "" {
		return say(r, "%s 起，长期", i18n.Date(lang(r), c.ValidFrom))
	}
	return say(r, "%s 至 %s", i18n.Date(lang(r), c.ValidFrom), i18n.Date(lang(r), c.ValidTo))
}

// showPortfolio shows what a broker shows of himself or herself, with the forms to change it.
func (h *Handler) showPortfolio(
	w http.ResponseWriter, r *http.Request, x deal.BrokerDetail, s shown,
) error {
	by := web.Actor(r)
	if err := deal.BrokerPolicy.May(by, deal.ActBrokerUpdate, x.Broker); err != nil {
		return err
	}
	won, err := h.wonDeals(r, x)
	if err != nil {
		return err
	}
	head := ui.Head{Title: say(r, "业绩与证书"), Lead: say(r, "列在公开档案中；证书经科技局确认后才公开。"),
		Actions: []ui.Action{{Text: say(r, "返回"), Href: brokerPath(x.ID, "")},
			{Text: say(r, "修改领域与简介"), Href: brokerPath(x.ID, "edit")}}}
	posts := []templ.Component{portfolioBlock(r, x), h.removals(r, x, doDropPost, "移出", func(add func(id, title string)) {
		for _, p := range x.Posts {
			add(p.ID, ui.Words(p.Code, p.Title))
		}
	}), h.portfolioForm(r, x, s, doPost, "增加经办的供需", []ui.Input{{Name: "post", Label: say(r, "供需编号"),
		Mono: true, Width: ui.W18, Hint: say(r, "如 CG-2026-00034")}})}
	cases := []templ.Component{h.caseBlock(r, x), h.removals(r, x, doDropCase, "删去", func(add func(id, title string)) {
		for _, c := range x.Cases {
			add(c.ID, c.Title)
		}
	}), h.portfolioForm(r, x, s, doCase, "增加案例", h.caseInputs(r, s, won))}
	proofs := []templ.Component{h.certificateBlock(r, x), h.removals(r, x, doDropCertificate, "删去",
		func(add func(id, title string)) {
			for _, c := range x.Certificates {
				add(c.ID, ui.Words(c.Title, c.Number))
			}
		}), h.portfolioForm(r, x, s, doCertificate, "增加证书", h.certificateInputs(r, s))}
	body := templ.Join(ui.PageHead(head), ui.With(ui.Stack(), append(append(posts, cases...), proofs...)...))
	return h.web.Render(w, r, web.View{Status: statusOf(s.err), Page: h.brokerPage(r, x.Broker, "业绩与证书"),
		Body: body})
}

// wonDeals are the introductions of a broker that led to a contract.
func (h *Handler) wonDeals(r *http.Request, x deal.BrokerDetail) ([]ui.Option, error) {
	out := []ui.Option{{Text: say(r, "不是平台上的对接")}}
	for _, state := range deal.Contracted() {
		page, err := h.deal.ListDeals(r.Context(), web.Actor(r), deal.DealFilter{Broker: x.ID, State: state}, "",
			db.PageReq{Limit: db.MaxLimit})
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			out = append(out, ui.Option{Value: d.ID, Text: ui.Words(d.Code, d.Title)})
		}
	}
	return out, nil
}

func (h *Handler) caseInputs(r *http.Request, s shown, won []ui.Option) []ui.Input {
	ctx := r.Context()
	v := func(name string) string { return s.value(doCase, name) }
	day := dayInput("day", say(r, "签约或完成日期"), clock.Date(v("day")))
	day.Optional, day.Hint = true, say(r, "选择了对接的，不填即取其签约日期")
	return []ui.Input{
		{Kind: ui.InSelect, Name: "deal", Label: say(r, "平台上的对接"), Value: v("deal"), Options: won,
			Optional: true, Hint: say(r, "本人经办并已签约的；双方单位和金额不会公开")},
		{Name: "title", Label: say(r, "案例名称"), Value: v("title"), MaxLen: deal.MaxPeople, Optional: true,
			Hint: say(r, "选择了对接的，不填即取其名称")},
		day,
		{Kind: ui.InSelect, Name: "field", Label: say(r, "领域"), Value: v("field"), Width: ui.W18, Optional: true,
			Options: chooseFrom(ctx, "请选择", deal.Fields())},
		{Kind: ui.InSelect, Name: "work", Label: say(r, "做了什么"), Value: v("work"), Width: ui.W18,
			Options: chooseFrom(ctx, "请选择", deal.Works())},
		{Kind: ui.InArea, Name: "text", Label: say(r, "说明"), Value: v("text"), Rows: 3, Optional: true,
			MaxLen: deal.MaxSummary},
		{Name: "source", Label: say(r, "出处"), Value: v("source"), MaxLen: deal.MaxPeople, Optional: true,
			Hint: say(r, "不是平台上的对接时必填，如合同登记编号、新闻报道")},
		{Name: "url", Label: say(r, "网址"), Value: v("url"), Optional: true, Mono: true}}
}

func (h *Handler) certificateInputs(r *http.Request, s shown) []ui.Input {
	v := func(name string) string { return s.value(doCertificate, name) }
	from, to := dayInput("validFrom", say(r, "有效期自"), clock.Date(v("validFrom"))),
		dayInput("validTo", say(r, "有效期至"), clock.Date(v("validTo")))
	to.Optional, to.Hint = true, say(r, "长期有效的不填")
	return []ui.Input{
		{Name: "title", Label: say(r, "证书名称"), Value: v("title"), MaxLen: deal.MaxLine,
			Hint: say(r, "如 技术经纪专业技术资格、技术经理人培训合格证书")},
		{Kind: ui.InSelect, Name: "grade", Label: say(r, "等级"), Value: v("grade"), Width: ui.W14, Optional: true,
			Options: chooseFrom(r.Context(), "不分等级", deal.Grades())},
		{Name: "number", Label: say(r, "证书编号"), Value: v("number"), Mono: true, MaxLen: deal.MaxLine},
		{Name: "issuer", Label: say(r, "发证机构"), Value: v("issuer"), MaxLen: deal.MaxLine}, from, to}
}

// portfolioForm is the form of one thing to add.
func (h *Handler) portfolioForm(
	r *http.Request, x deal.BrokerDetail, s shown, do, title string, in []ui.Input,
) templ.Component {
	v := ui.FormView{ID: do, Action: brokerPath(x.ID, "portfolio"), Plain: true, Guard: true,
		Hidden:  []ui.Hidden{{Name: "do", Value: do}, {Name: "key", Value: id.New()}},
		Buttons: []ui.Action{{Text: say(r, title)}}}
	for i := range in {
		in[i].ID = ui.FieldID(do + "." + in[i].Name)
		if do == doPost {
			in[i].Value = s.value(do, in[i].Name)
		}
	}
	if s.form == do {
		v.Summary = ui.SummaryOf(lang(r), s.err)
		for i := range v.Summary.Items {
			v.Summary.Items[i].ID = strings.Replace(v.Summary.Items[i].ID, "f-", "f-"+do+"-", 1)
		}
		ui.Mark(lang(r), in, s.err)
	}
	return folded(say(r, title), s.form == do, ui.With(ui.Form(v), fields(in)))
}

// removals are the buttons that take things away.
func (h *Handler) removals(
	r *http.Request, x deal.BrokerDetail, do, verb string, each func(add func(id, title string)),
) templ.Component {
	var list []templ.Component
	each(func(item, title string) {
		list = append(list, ui.PostButton(ui.Post{Action: brokerPath(x.ID, "portfolio"),
			Hidden: []ui.Hidden{{Name: "do", Value: do}, {Name: "id", Value: item}},
			Button: ui.Action{Text: ui.Words(say(r, verb), title), Danger: true}}))
	})
	if len(list) == 0 {
		return templ.NopComponent
	}
	title := map[string]string{doDropPost: "移出经办的供需", doDropCase: "删去案例", doDropCertificate: "删去证书"}[do]
	return folded(say(r, title), false, ui.With(ui.Stack(), list...))
}

// postByCode finds the post that was named by its code, or by its id.
func (h *Handler) postByCode(r *http.Request, text string) (string, error) {
	text = strings.TrimSpace(text)
	page, err := h.deps.Market.ListPosts(r.Context(), web.Actor(r), market.PostFilter{Query: text}, "",
		db.PageReq{Limit: 2})
	if err != nil {
		return "", err
	}
	for _, p := range page.Items {
		if strings.EqualFold(p.Code, text) {
			return p.ID, nil
		}
	}
	return text, nil
}

// postPortfolio takes what one of the forms of the portfolio sends.
func (h *Handler) postPortfolio(w http.ResponseWriter, r *http.Request, x deal.BrokerDetail) error {
	v, ctx, by := r.PostForm, r.Context(), web.Actor(r)
	do, err := v.Get("do"), error(nil)
	switch do {
	case doPost, "":
		change := deal.PortfolioChange{Broker: x.ID, Drop: v.Get("drop") == "1"}
		if change.Post, err = h.postByCode(r, v.Get("post")); err == nil {
			err = h.deal.SetPortfolio(ctx, by, change)
		}
	case doDropPost:
		err = h.deal.SetPortfolio(ctx, by, deal.PortfolioChange{Broker: x.ID, Post: v.Get("id"), Drop: true})
	case doCase:
		_, err = h.deal.AddCase(ctx, by, deal.NewCase{Broker: x.ID, Key: v.Get("key"), CaseData: readCase(v)})
	case doDropCase:
		err = h.deal.RemoveCase(ctx, by, x.ID, v.Get("id"))
	case doCertificate:
		_, err = h.deal.AddCertificate(ctx, by, deal.NewCertificate{Broker: x.ID, Key: v.Get("key"),
			CertificateData: deal.CertificateData{Title: v.Get("title"), Grade: v.Get("grade"),
				Number: v.Get("number"), Issuer: v.Get("issuer"),
				ValidFrom: clock.Date(v.Get("validFrom")), ValidTo: clock.Date(v.Get("validTo"))}})
	case doDropCertificate:
		err = h.deal.RemoveCertificate(ctx, by, x.ID, v.Get("id"))
	default:
		return noSuch()
	}
	if fault.Is(err, fault.Invalid) {
		return h.showPortfolio(w, r, x, shown{form: do, typed: v, err: err})
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, brokerPath(x.ID, "portfolio"), "已保存")
}

func readCase(v url.Values) deal.CaseData {
	return deal.CaseData{Deal: v.Get("deal"), Title: v.Get("title"), Day: clock.Date(v.Get("day")),
		Field: v.Get("field"), Work: v.Get("work"), Text: v.Get("text"), Source: v.Get("source"),
		URL: v.Get("url")}
}
