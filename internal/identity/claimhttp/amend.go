package claimhttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getAmend shows a claim that was sent back, to be corrected.
func (h *Handler) getAmend(w http.ResponseWriter, r *http.Request) error {
	d, err := h.amendable(r)
	if err != nil {
		return err
	}
	return h.showAmend(w, r, d, inputOf(d.Claim), d.Version, nil)
}

// amendable reads a claim that the actor may correct now.
func (h *Handler) amendable(r *http.Request) (identity.ClaimDetail, error) {
	by := web.Actor(r)
	d, err := h.claimOf(r)
	if err != nil {
		return d, err
	}
	if err := identity.ClaimPolicy.May(by, identity.ActClaimAmend, d.Claim); err != nil {
		return d, err
	}
	if d.State != identity.ClaimReturned {
		return d, fault.New(fault.Conflict, "只有退回补正的认领可以修改")
	}
	return d, nil
}

func inputOf(c identity.Claim) identity.ClaimInput {
	return identity.ClaimInput{USCC: c.USCC, OrgName: c.OrgName, Kind: c.Kind, Region: c.Region,
		Duty: c.Duty, Statement: c.Statement}
}

func (h *Handler) showAmend(
	w http.ResponseWriter, r *http.Request, d identity.ClaimDetail, in identity.ClaimInput,
	version int64, err error,
) error {
	o, known, lerr := h.lookUp(r, d.USCC)
	if lerr != nil {
		return lerr
	}
	in.USCC = d.USCC
	form := ui.FormView{Action: claimPath(d.ID, "amend"), Upload: true, Guard: true,
		Version: number(version), Summary: ui.SummaryOf(lang(r), err),
		Buttons: []ui.Action{{Text: say(r, "重新提交"), Primary: true},
			{Text: say(r, "返回"), Href: claimPath(d.ID, "")}}}
	fields, upload := h.fields(r, in, o, known, err)
	upload.Files = h.files(r, d)
	if why := lastReason(d, identity.StepReturn); why != "" {
		fields = append([]ui.Input{static(say(r, "退回理由"), why)}, fields...)
	}
	head := ui.Head{Title: say(r, "补正认领"), Lead: d.OrgName}
	return h.web.Render(w, r, web.View{Status: ui.StatusOf(err), Page: h.recordPage(r, d, "补正认领"),
		Body: formPage(head, form, fields, upload)})
}

// postAmend hands a corrected claim in again.
func (h *Handler) postAmend(w http.ResponseWriter, r *http.Request) error {
	in, done, err := h.read(r)
	defer done()
	d, derr := h.amendable(r)
	if derr != nil {
		return derr
	}
	version := web.VersionOf(r)
	if err == nil {
		_, err = h.room.AmendClaim(r.Context(), web.Actor(r),
			identity.AmendInput{ID: d.ID, ClaimInput: in, Version: version})
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return h.showAmend(w, r, d, in, version, err)
	case fault.Conflict:
		return h.staleAmend(w, r, in, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, claimPath(d.ID, ""), "已重新提交")
}

// staleAmend shows both versions after the claim has changed in between.
func (h *Handler) staleAmend(
	w http.ResponseWriter, r *http.Request, mine identity.ClaimInput, cause error,
) error {
	now, err := h.amendable(r)
	if err != nil { // it cannot be corrected any more
		return cause
	}
	theirs := inputOf(now.Claim)
	s := ui.Stale{Title: say(r, "保存前，这项认领已被修改"), Post: claimPath(now.ID, "amend"),
		Reload: claimPath(now.ID, "amend"),
		Hidden: []ui.Hidden{{Name: "version", Value: number(now.Version)}}}
	add := func(name, label, a, b string) {
		s.Hidden = append(s.Hidden, ui.Hidden{Name: name, Value: b})
		if a != b {
			s.Fields = append(s.Fields, ui.StaleField{Label: say(r, label), Theirs: a, Mine: b})
		}
	}
	if now.Org == "" {
		add("orgName", "单位名称", theirs.OrgName, mine.OrgName)
		add("kind", "类型", theirs.Kind, mine.Kind)
		add("region", "地区", theirs.Region, mine.Region)
	}
	add("duty", "您的职务", theirs.Duty, mine.Duty)
	add("statement", "申请说明", theirs.Statement, mine.Statement)
	return h.web.Render(w, r, web.View{Status: http.StatusConflict,
		Page: h.recordPage(r, now, "补正认领"), Body: ui.Diff(s)})
}
