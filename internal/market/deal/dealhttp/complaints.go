package dealhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getComplaints shows the bureau the complaints about brokers, each that is open with its form.
func (h *Handler) getComplaints(w http.ResponseWriter, r *http.Request) error {
	return h.showComplaints(w, r, "", nil)
}

func (h *Handler) showComplaints(w http.ResponseWriter, r *http.Request, about string, err error) error {
	by := web.Actor(r)
	page, lerr := h.deal.ListComplaints(r.Context(), by, "", web.PageReq(r, pageSize))
	if lerr != nil {
		return lerr
	}
	p := h.web.Page(r, "技术经理人投诉")
	p.Crumbs = []ui.Link{{Text: say(r, "技术经理人"), Href: pathBrokers}, {Text: p.Title}}
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title,
		Lead: say(r, "属实的投诉扣减信用分；技术经理人不知道是哪一方投诉。")})}
	if len(page.Items) == 0 {
		parts = append(parts, ui.Empty(say(r, "没有投诉"), ""))
	}
	var blocks []templ.Component
	for _, c := range page.Items {
		blocks = append(blocks, h.complaintBlock(r, c, about, err))
	}
	parts = append(parts, ui.With(ui.Stack(), blocks...),
		ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: templ.Join(parts...)})
}

func (h *Handler) complaintBlock(
	r *http.Request, c deal.Complaint, about string, err error,
) templ.Component {
	ctx := r.Context()
	tone := ui.Idle
	switch c.State {
	case deal.ComplaintOpen:
		tone = ui.Warn
	case deal.ComplaintUpheld:
		tone = ui.Bad
	}
	mark := ui.State{Tone: tone, Text: titled(ctx, deal.ComplaintStates(), c.State)}
	name := c.Broker
	if b, berr := h.deal.GetBroker(ctx, web.Actor(r), c.Broker); berr == nil {
		name = b.Name
	}
	facts := []ui.Fact{{Term: say(r, "技术经理人"), Text: name, Href: brokerPath(c.Broker, "")},
		{Term: say(r, "对接"), Text: say(r, "查看"), Href: dealPath(c.Deal, "")},
		{Term: say(r, "投诉方"), Text: ui.Words(titled(ctx, deal.Parties(), c.Side), c.CreatedBy)},
		{Term: say(r, "状态"), Status: &mark}}
	if c.Answer != "" {
		facts = append(facts, ui.Fact{Term: say(r, "处理意见"), Text: c.Answer})
	}
	parts := []templ.Component{ui.With(ui.Prose(), paragraphs(c.Text)), ui.FactList(facts)}
	if c.State == deal.ComplaintOpen &&
		deal.BrokerPolicy.Could(web.Actor(r), deal.ActBrokerJudge) {
		parts = append(parts, h.complaintForm(r, c, about, err))
	}
	return ui.With(ui.Block(say(r, "投诉%s", name)), parts...)
}

func (h *Handler) complaintForm(
	r *http.Request, c deal.Complaint, about string, err error,
) templ.Component {
	form := decisionForm(r, decision{of: "complaint", id: c.ID, version: c.Version, about: about, err: err,
		action: pathBrokers + "/complaints", states: deal.ComplaintStates()[1:],
		answer: ui.Input{Label: say(r, "处理意见")}})
	return folded(say(r, "处理"), about == c.ID, form)
}

// postComplaint decides about a complaint.
func (h *Handler) postComplaint(w http.ResponseWriter, r *http.Request) error {
	v := r.PostForm
	in := deal.ComplaintDecision{ID: v.Get("complaint"), State: v.Get("state"),
		Answer: v.Get("answer"), Version: web.VersionOf(r), Key: v.Get("key")}
	_, err := h.deal.DecideComplaint(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showComplaints(w, r, in.ID, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathBrokers+"/complaints", "已办理")
}
