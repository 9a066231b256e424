package claimhttp

import (
	"net/http"
	"slices"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getStep asks before a step.
func (h *Handler) getStep(w http.ResponseWriter, r *http.Request) error {
	d, err := h.claimOf(r)
	if err != nil {
		return err
	}
	return h.showStep(w, r, d, "", nil)
}

// isStep reports whether there is such a step at all.
func isStep(name string) bool {
	return slices.ContainsFunc(identity.ClaimProcess.Def().Steps,
		func(s process.Step[identity.Claim]) bool { return s.Name == name })
}

func (h *Handler) showStep(
	w http.ResponseWriter, r *http.Request, d identity.ClaimDetail, reason string, err error,
) error {
	name := r.PathValue("step")
	if !isStep(name) {
		return noSuch()
	}
	at := slices.IndexFunc(d.Offers, func(o process.Offer) bool { return o.Step == name })
	if at < 0 {
		return fault.New(fault.Conflict, "现在没有这个步骤，这项认领可能已经办理")
	}
	o := d.Offers[at]
	if !o.Allowed && o.WhyNot != nil {
		return o.WhyNot
	}
	if name == identity.StepResubmit {
		return h.web.Redirect(w, r, claimPath(d.ID, "amend"), "")
	}
	next := stateMark(r, o.To)
	q := ui.Question{Title: say(r, o.Title), Text: say(r, consequences[name]),
		Facts: []ui.Fact{{Term: say(r, "单位名称"), Text: d.OrgName},
			{Term: say(r, "统一社会信用代码"), Text: d.USCC, Mono: true},
			{Term: say(r, "申请人"), Text: ui.Words(d.Name, d.Duty)},
			{Term: say(r, "之后的状态"), Status: &next}},
		Form: ui.FormView{ID: "step", Action: claimPath(d.ID, name), Version: number(d.Version),
			Summary: ui.SummaryOf(lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: id.New()}}},
		Back: ui.Link{Text: say(r, "返回"), Href: claimPath(d.ID, "")},
		Button: ui.Action{Text: say(r, o.Title), Primary: name != identity.StepRefuse,
			Danger: name == identity.StepRefuse}}
	q.Inputs = []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: reason,
		Rows: 3, MaxLen: process.MaxReason, Optional: o.Needs&process.Reason == 0,
		Hint: say(r, "申请人能够看到")}}
	ui.Mark(lang(r), q.Inputs, err)
	head := ui.Head{Title: say(r, o.Title), Lead: d.OrgName}
	return h.web.Render(w, r, web.View{Status: ui.StatusOf(err), Page: h.recordPage(r, d, o.Title),
		Body: stepPage(head, q)})
}

// consequences say what a step does, as keys of package i18n.
var consequences = map[string]string{
	identity.StepConfirm:  "确认后，申请人即可代表该单位办理业务；主体库中没有的单位同时建立待核验档案。",
	identity.StepReturn:   "申请人补正后可以重新提交，期间不计入审核时限。",
	identity.StepRefuse:   "驳回后这项认领即告办结，申请人可以重新认领。",
	identity.StepWithdraw: "撤回后这项认领即告办结。",
}

// postStep takes a step.
func (h *Handler) postStep(w http.ResponseWriter, r *http.Request) error {
	ctx, by, name := r.Context(), web.Actor(r), r.PathValue("step")
	if !isStep(name) || !id.Valid(r.PathValue("id")) {
		return noSuch()
	}
	reason := r.PostFormValue("reason")
	c, err := h.room.FireClaim(ctx, by, identity.FireInput{ID: r.PathValue("id"), Step: name,
		Reason: reason, Version: web.VersionOf(r), Key: r.PostFormValue("key")})
	if fault.Is(err, fault.Invalid) {
		d, gerr := h.claimOf(r)
		if gerr != nil {
			return gerr
		}
		return h.showStep(w, r, d, reason, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, claimPath(c.ID, ""), "已办理")
}
