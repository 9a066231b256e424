package dealhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// pathCertificates is the bureau's page of certificates that wait to be confirmed.
const pathCertificates = pathBrokers + "/certificates"

// getCertificates shows the bureau the certificates that brokers handed in, each with its form.
func (h *Handler) getCertificates(w http.ResponseWriter, r *http.Request) error {
	return h.showCertificates(w, r, "", nil)
}

func (h *Handler) showCertificates(w http.ResponseWriter, r *http.Request, about string, err error) error {
	page, lerr := h.deal.ListCertificates(r.Context(), web.Actor(r), "", web.PageReq(r, pageSize))
	if lerr != nil {
		return lerr
	}
	p := h.web.Page(r, "证书确认")
	p.Crumbs = []ui.Link{{Text: say(r, "技术经理人"), Href: pathBrokers}, {Text: p.Title}}
	parts := []templ.Component{ui.PageHead(ui.Head{Title: p.Title,
		Lead: say(r, "核对原件或发证机构的公告后确认；确认后公开显示。")})}
	if len(page.Items) == 0 {
		parts = append(parts, ui.Empty(say(r, "没有待确认的证书"), say(r, "技术经理人提交证书后会列在这里。")))
	}
	var blocks []templ.Component
	for _, c := range page.Items {
		blocks = append(blocks, h.certificateQuestion(r, c, about, err))
	}
	parts = append(parts, ui.With(ui.Stack(), blocks...), ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: templ.Join(parts...)})
}

func (h *Handler) certificateQuestion(
	r *http.Request, c deal.Certificate, about string, err error,
) templ.Component {
	name := c.Broker
	if b, berr := h.deal.GetBroker(r.Context(), web.Actor(r), c.Broker); berr == nil {
		name = b.Name
	}
	facts := []ui.Fact{{Term: say(r, "技术经理人"), Text: name, Href: brokerPath(c.Broker, "")},
		{Term: say(r, "等级"), Text: ui.OrDash(titled(r.Context(), deal.Grades(), c.Grade))},
		{Term: say(r, "证书编号"), Text: c.Number, Mono: true}, {Term: say(r, "发证机构"), Text: c.Issuer},
		{Term: say(r, "证书有效期"), Text: validity(r, c)}}
	parts := []templ.Component{ui.FactList(facts)}
	if deal.BrokerPolicy.Could(web.Actor(r), deal.ActBrokerVerify) {
		form := decisionForm(r, decision{of: "certificate", id: c.ID, version: c.Version,
			about: about, err: err, action: pathCertificates, states: deal.CertificateStates()[1:],
			answer: ui.Input{Label: say(r, "处理意见"), Optional: true, Hint: say(r, "未通过的必须写明原因")}})
		parts = append(parts, folded(say(r, "处理"), about == c.ID, form))
	}
	return ui.With(ui.Block(ui.Words(name, c.Title)), parts...)
}

// postCertificate decides about a certificate.
func (h *Handler) postCertificate(w http.ResponseWriter, r *http.Request) error {
	v := r.PostForm
	in := deal.CertificateDecision{ID: v.Get("certificate"), State: v.Get("state"),
		Answer: v.Get("answer"), Version: web.VersionOf(r), Key: v.Get("key")}
	_, err := h.deal.DecideCertificate(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showCertificates(w, r, in.ID, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathCertificates, "已办理")
}
