package claimhttp

import (
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getRecord shows a claim.
func (h *Handler) getRecord(w http.ResponseWriter, r *http.Request) error {
	d, err := h.claimOf(r)
	if err != nil {
		return err
	}
	mark := stateMark(r, d.State)
	v := recordView{
		head: ui.Head{Title: d.OrgName, Lead: say(r, "%s 的认领", d.Name), Status: &mark,
			Actions: actions(r, d)},
		facts: h.facts(r, d), claimant: h.claimant(r, d), statement: d.Statement,
		files: h.files(r, d), entries: h.timeline(r, d),
	}
	switch d.State {
	case identity.ClaimReturned:
		v.notice, v.tone = lastReason(d, identity.StepReturn), ui.Warn
		v.notice = say(r, "退回补正：%s", v.notice)
	case identity.ClaimRefused:
		v.notice, v.tone = lastReason(d, identity.StepRefuse), ui.Bad
		v.notice = say(r, "驳回：%s", v.notice)
	}
	return h.web.Render(w, r, web.View{Page: h.recordPage(r, d, ""), Body: recordPage(v)})
}

// recordPage starts a page about a claim; last names a form on it, "" for the record itself.
func (h *Handler) recordPage(r *http.Request, d identity.ClaimDetail, last string) ui.Page {
	p := h.web.Page(r, "认领单位")
	p.Title = d.OrgName
	p.Crumbs = []ui.Link{{Text: listTitle(r), Href: PathList}, {Text: d.OrgName}}
	if last != "" {
		p.Title = say(r, last) + " · " + d.OrgName
		p.Crumbs[1].Href = claimPath(d.ID, "")
		p.Crumbs = append(p.Crumbs, ui.Link{Text: say(r, last)})
	}
	return p
}

// actions are the buttons of the steps. One that belongs to others is left out; one that is not
// possible now says why.
func actions(r *http.Request, d identity.ClaimDetail) []ui.Action {
	var out []ui.Action
	for _, o := range d.Offers {
		a := ui.Action{Text: say(r, o.Title)}
		switch {
		case o.Allowed && o.Step == identity.StepResubmit:
			a.Text, a.Href, a.Primary = say(r, "补正并重新提交"), claimPath(d.ID, "amend"), true
		case o.Allowed:
			a.Href, a.Primary = claimPath(d.ID, o.Step), o.Step == identity.StepConfirm
		case o.WhyNot == nil || o.WhyNot.Kind == fault.Forbidden || o.WhyNot.Kind == fault.NotFound:
			continue
		default:
			a.Why = i18n.Fault(lang(r), o.WhyNot)
		}
		out = append(out, a)
	}
	return out
}

func (h *Handler) facts(r *http.Request, d identity.ClaimDetail) []ui.Fact {
	name := ui.Fact{Term: say(r, "单位名称"), Text: d.OrgName}
	if d.Org != "" {
		name.Href = "/orgs/" + d.Org
	}
	known := say(r, "已登记")
	if d.Org == "" {
		known = say(r, "尚未登记，确认后建立待核验档案")
	}
	facts := []ui.Fact{name, {Term: say(r, "统一社会信用代码"), Text: d.USCC, Mono: true},
		{Term: say(r, "主体库"), Text: known},
		{Term: say(r, "类型"), Text: h.kindName(r, d.Kind)},
		{Term: say(r, "地区"), Text: h.regionName(d.Region)}}
	if due, _ := h.dueText(r, d.Running); due != "" {
		facts = append(facts, ui.Fact{Term: say(r, "办理时限"), Text: due})
	}
	return append(facts, ui.Fact{Term: say(r, "等待谁办理"), Text: waitingOn(r, d.Claim, d.Running)},
		ui.Fact{Term: say(r, "提交时间"), Text: i18n.DateTime(lang(r), clock.Time(d.CreatedUs))},
		ui.Fact{Term: say(r, "编号"), CopyID: d.ID})
}

func (h *Handler) claimant(r *http.Request, d identity.ClaimDetail) []ui.Fact {
	return []ui.Fact{{Term: say(r, "姓名"), Text: d.Name},
		{Term: say(r, "登录名"), Text: d.Login, Mono: true},
		{Term: say(r, "电话"), Text: d.Phone}, {Term: say(r, "职务"), Text: d.Duty}}
}

// waitingOn says who has to act next.
func waitingOn(r *http.Request, c identity.Claim, runs []process.Run) string {
	switch c.State {
	case identity.ClaimReturned:
		return say(r, "申请人")
	case identity.ClaimSubmitted:
		for _, run := range runs {
			if run.EndedUs == 0 && run.Owner.Role.Valid() {
				return say(r, run.Owner.Role.Title())
			}
		}
		return say(r, "审核人")
	default:
		return ""
	}
}

// dueText says by when a claim has to be decided, and whether that time is over.
func (h *Handler) dueText(r *http.Request, runs []process.Run) (string, bool) {
	for _, run := range runs {
		if run.EndedUs == 0 && run.PausedUs == 0 {
			due := clock.Time(run.DueUs)
			return i18n.Deadline(lang(r), due, h.now()), due.Before(h.now())
		}
	}
	return "", false
}

// lastReason is the reason of the latest time a step was taken.
func lastReason(d identity.ClaimDetail, step string) string {
	for _, e := range d.History {
		if e.Kind == process.KindStep && e.Name == step {
			return e.Reason
		}
	}
	return ""
}

func (h *Handler) timeline(r *http.Request, d identity.ClaimDetail) []ui.Entry {
	titles := map[string]string{}
	for _, s := range identity.ClaimProcess.Def().Steps {
		titles[s.Name] = s.Title
	}
	var out []ui.Entry
	for _, e := range d.History {
		at := clock.Time(e.AtUs)
		x := ui.Entry{Time: i18n.DateTime(lang(r), at), Title: e.Name, Text: e.Reason,
			Machine: at.In(clock.Shanghai).Format(time.RFC3339), By: doneBy(r, e)}
		switch e.Kind {
		case process.KindStart, process.KindAdopt:
			x.Title = say(r, "提交认领")
		case process.KindOverdue:
			x.Title, x.Tone = say(r, "审核超期"), ui.Bad
			if e.Handed != nil && e.Handed.To.Role.Valid() {
				x.Title = say(r, "审核超期，转交%s", i18n.Key(e.Handed.To.Role.Title()))
			}
		default:
			if t := titles[e.Name]; t != "" {
				x.Title = say(r, t)
			}
			x.Tone = stateMark(r, e.To).Tone
		}
		out = append(out, x)
	}
	return out
}

// doneBy names who took a step. The claimant learns in which role a claim was decided, not by whom.
func doneBy(r *http.Request, e process.Entry) string {
	if e.Login == "" {
		return say(r, "系统")
	}
	role := ""
	if e.Role.Valid() {
		role = say(r, e.Role.Title())
	}
	if decides(r) || e.Account == web.Actor(r).Account {
		return ui.Words(web.Who(r, e.Login), role)
	}
	return role
}

// files are the files of a claim.
func (h *Handler) files(r *http.Request, d identity.ClaimDetail) []ui.FileView {
	var out []ui.FileView
	for _, f := range d.Files {
		out = append(out, ui.FileView{ID: f.ID, Name: f.Name, Size: i18n.Bytes(f.Size),
			Href: claimPath(d.ID, "files/"+f.ID)})
	}
	return out
}

// getFile sends a file of a claim.
func (h *Handler) getFile(w http.ResponseWriter, r *http.Request) error {
	if h.deps.Blobs == nil || !id.Valid(r.PathValue("file")) {
		return noSuch()
	}
	ref, content, err := h.deps.Blobs.Read(r.Context(), web.Actor(r), r.PathValue("file"))
	if err != nil {
		return err
	}
	defer content.Close()
	if ref.Object.ID != r.PathValue("id") {
		return noSuch()
	}
	head := w.Header()
	head.Set("Content-Type", string(ref.Type))
	head.Set("Content-Length", number(ref.Size))
	head.Set("Content-Disposition",
		mime.FormatMediaType("attachment", map[string]string{"filename": ref.Name}))
	head.Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, content); err != nil {
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
	return nil
}
