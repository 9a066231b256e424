package auctionhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// showApply shows the form to take part.
func (h *Handler) showApply(
	w http.ResponseWriter, r *http.Request, d auction.Detail, in auction.Application, err error,
) error {
	if by := web.Actor(r); by.Account == "" {
		return web.RequireLogin(r.Context())
	} else if perr := auction.Policy.May(by, auction.ActApply, d.Item); perr != nil {
		return perr
	}
	inputs := []ui.Input{
		{Name: "contact", Label: kit.Say(r, "联系人和电话"), Value: in.Contact, MaxLen: occasion.MaxLine},
		{Kind: ui.InArea, Name: "note", Label: kit.Say(r, "说明"), Value: in.Note, Optional: true, Rows: 4,
			MaxLen: 500, Hint: kit.Say(r, "受让条件、资信情况等，供资格审查")}}
	ui.Mark(kit.Lang(r), inputs, err)
	lead := kit.Say(r, "以%s的名义申请。", h.OrgName(r.Context(), web.Actor(r), web.Actor(r).Org))
	if d.DepositFen > 0 {
		lead += kit.Say(r, "须缴纳保证金 %s，经办人登记后确认资格。", yuan(r, d.DepositFen))
	}
	view := ui.FormView{ID: "apply", Action: path(d.ID, "apply"), Summary: ui.SummaryOf(kit.Lang(r), err),
		Hidden: []ui.Hidden{{Name: "key", Value: in.Key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "提交申请"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "")}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "申请参加"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "申请参加"), Lead: d.PostTitle}), ui.Note(lead),
			ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (h *Handler) postApply(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	in := auction.Application{Auction: d.ID, Contact: r.PostFormValue("contact"),
		Note: r.PostFormValue("note"), Key: r.PostFormValue("key")}
	_, err := h.auction.Apply(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showApply(w, r, d, in, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已提交申请")
}

// maxApplicants is how many applicants the desk shows.
const maxApplicants = 200

// applicantsTab is the officer's desk: who applied, deposits, admission.
func (h *Handler) applicantsTab(r *http.Request, d auction.Detail) (templ.Component, error) {
	page, err := h.auction.ListApplicants(r.Context(), web.Actor(r), d.ID,
		db.PageReq{Limit: maxApplicants})
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return ui.Empty(kit.Say(r, "还没有申请"), kit.Say(r, "公告期和竞价期内，申请参加的单位会出现在这里。")), nil
	}
	tab := ui.Table{Caption: kit.Say(r, "竞买人与保证金"), Dense: true, Cols: []ui.Column{
		{Label: kit.Say(r, "单位")}, {Label: kit.Say(r, "竞买号"), Num: true}, {Label: kit.Say(r, "联系人和电话")},
		{Label: kit.Say(r, "保证金"), Num: true}, {Label: kit.Say(r, "资格")}, {Label: kit.Say(r, "操作"), Sr: true}}}
	for _, a := range page.Items {
		m := applicantMark(r.Context(), a.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: a.OrgName, Href: "/orgs/" + a.Org, Sub: a.Note},
			{Text: kit.Number(a.Number)}, {Text: a.Contact},
			{Text: yuan(r, a.DepositFen), Sub: kit.Titled(r.Context(), deposits(), a.DepositState)},
			{Status: &m, Sub: a.Reason}, {Body: desk(h.applicantForms(r, d, a))}}})
	}
	return ui.DataTable(tab), nil
}

func (h *Handler) applicantForms(
	r *http.Request, d auction.Detail, a auction.Applicant,
) []templ.Component {
	hidden := func(pairs ...string) []ui.Hidden {
		out := []ui.Hidden{{Name: "applicant", Value: a.ID}, {Name: "version", Value: kit.Number(a.Version)}}
		for i := 0; i+1 < len(pairs); i += 2 {
			out = append(out, ui.Hidden{Name: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	named := func(text string) ui.Action {
		return ui.Action{Text: text, Small: true, Label: text + " " + a.OrgName}
	}
	var out []templ.Component
	if a.DepositState == auction.DepositNone && d.DepositFen > 0 {
		out = append(out, small(path(d.ID, "deposit"), hidden("state", auction.DepositPaid), "fen",
			kit.Say(r, "已缴保证金（万元）"), kit.WanText(d.DepositFen), named(kit.Say(r, "登记缴纳"))))
	}
	open := d.State == auction.Notice || d.State == auction.Bidding
	if a.State == auction.StateApplied && open {
		out = append(out, ui.PostButton(ui.Post{Action: path(d.ID, "decide"), Hidden: hidden("admit", "1"),
			Button: named(kit.Say(r, "确认资格"))}),
			small(path(d.ID, "decide"), hidden(), "reason", kit.Say(r, "不通过的理由"), "",
				named(kit.Say(r, "不通过"))))
	}
	if a.DepositState == auction.DepositPaid && !open {
		out = append(out, ui.PostButton(ui.Post{Action: path(d.ID, "deposit"),
			Hidden: hidden("state", auction.DepositReturned), Button: named(kit.Say(r, "登记退还"))}))
	}
	if a.DepositState == auction.DepositPaid && !open && d.State != auction.Cancelled {
		out = append(out, small(path(d.ID, "deposit"), hidden("state", auction.DepositForfeited), "reason",
			kit.Say(r, "没收的理由"), "", named(kit.Say(r, "登记没收"))))
	}
	return out
}

func (h *Handler) postDecide(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	v := r.PostForm
	_, err := h.auction.DecideApplicant(r.Context(), web.Actor(r), auction.Decision{ID: v.Get("applicant"),
		Admit: v.Get("admit") == "1", Reason: v.Get("reason"), Version: web.VersionOf(r)})
	return h.deskDone(w, r, d, err, "已审查")
}

func (h *Handler) postDeposit(w http.ResponseWriter, r *http.Request, d auction.Detail) error {
	v := r.PostForm
	_, err := h.auction.RecordDeposit(r.Context(), web.Actor(r), auction.Deposit{ID: v.Get("applicant"),
		State: v.Get("state"), Fen: kit.Wan(v.Get("fen")), Reason: v.Get("reason"),
		Version: web.VersionOf(r)})
	return h.deskDone(w, r, d, err, "已登记保证金")
}

// deskDone goes back to the desk; what was wrong stands above it.
func (h *Handler) deskDone(
	w http.ResponseWriter, r *http.Request, d auction.Detail, err error, toast string,
) error {
	if again(err) {
		panel, perr := h.applicantsTab(r, d)
		if perr != nil {
			return perr
		}
		s := ui.SummaryOf(kit.Lang(r), err)
		for i := range s.Items {
			s.Items[i].ID = ""
		}
		body := templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "竞买人与保证金"), Lead: d.PostTitle}),
			ui.ErrorSummary(s), panel)
		return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "竞买人与保证金"),
			Body: body})
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "applicants"), toast)
}
