package markethttp

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// postTab is one tab of a record.
type postTab struct {
	name, title, count string
	body               func() (templ.Component, error)
}

// postOf reads the post of the address.
func (h *Handler) postOf(r *http.Request) (market.Post, error) {
	if !id.Valid(r.PathValue("id")) {
		return market.Post{}, fault.New(fault.NotFound, "没有找到这条记录")
	}
	return h.market.GetPost(r.Context(), web.Actor(r), r.PathValue("id"))
}

// getPost shows the first tab of a post.
func (h *Handler) getPost(w http.ResponseWriter, r *http.Request) error {
	return h.showPost(w, r, "")
}

// opened counts that somebody looked at a post; a browser that fetches it in advance did not.
func (h *Handler) opened(r *http.Request, p market.Post) {
	if r.Method == http.MethodGet && r.Header.Get("Purpose")+r.Header.Get("Sec-Purpose") == "" {
		h.market.Opened(web.Actor(r), p, r.UserAgent())
	}
}

// getPostPart shows another tab or a form of a post.
func (h *Handler) getPostPart(w http.ResponseWriter, r *http.Request) error {
	part := r.PathValue("part")
	forms := map[string]web.Handler{"edit": h.getEdit, "step": h.getStep}
	if form, ok := forms[part]; ok {
		if needLogin(w, r) {
			return nil
		}
		return form(w, r)
	}
	if part == "print" {
		return h.printPost(w, r)
	}
	return h.showPost(w, r, part)
}

// postPostPart does what the forms of a post ask for.
func (h *Handler) postPostPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	forms := map[string]web.Handler{"edit": h.postEdit, "step": h.postStep, "draft": h.postEditDraft,
		"discard": h.postEditDiscard}
	form, ok := forms[r.PathValue("part")]
	if !ok {
		return fault.New(fault.NotFound, "没有找到这个页面")
	}
	return form(w, r)
}

func (h *Handler) showPost(w http.ResponseWriter, r *http.Request, open string) error {
	p, err := h.postOf(r)
	if err != nil {
		return err
	}
	more, err := h.extras(r, p)
	if err != nil {
		return err
	}
	tabs := h.tabs(r, p, more)
	at := slices.IndexFunc(tabs, func(t postTab) bool { return t.name == open })
	if at < 0 {
		return fault.New(fault.NotFound, "没有找到这个页面")
	}
	panel, err := tabs[at].body()
	if err != nil {
		return err
	}
	head, err := h.postHead(r, p, more)
	if err != nil {
		return err
	}
	beside, err := h.beside(r, p)
	if err != nil {
		return err
	}
	var shown []ui.Tab
	for _, t := range tabs {
		shown = append(shown, ui.Tab{ID: "t-" + t.name, Text: t.title, Count: t.count,
			Href: along(r, postPath(p.ID, t.name)), Current: t.name == open})
	}
	body := templ.Join(beside, ui.PageHead(head), h.notices(r, p, more),
		ui.With(ui.WithAside(ui.Facts("", h.postFacts(r, p, more))),
			ui.With(ui.Tabs(say(r, "成果与需求"), shown), panel)), h.data(r, p))
	if open == "" {
		h.opened(r, p)
	}
	return h.web.Render(w, r, web.View{Page: h.postPage(r, p, ""), Body: body})
}

// data is what programs read of a public post. An invented one leaves no mark that they would understand.
func (h *Handler) data(r *http.Request, p market.Post) templ.Component {
	if !slices.Contains(publicStates, p.State) || p.Visibility == market.Named || p.Invented() {
		return templ.NopComponent
	}
	return linkedData(h.linked(r.Context(), p, h.base(r)+postPath(p.ID, "")))
}

// postPage starts a page about a post; last names a form on it, "" for the record itself.
func (h *Handler) postPage(r *http.Request, p market.Post, last string) ui.Page {
	page := h.web.Page(r, "技术市场")
	page.Crumbs = []ui.Link{{Text: page.Title, Href: pathMarket},
		{Text: titled(r.Context(), market.Fields(), p.Field), Href: PostQuery{Field: p.Field}.href()},
		{Text: p.Title}}
	page.Title = p.Title
	if p.Field == "" {
		page.Crumbs = slices.Delete(page.Crumbs, 1, 2)
	}
	if last != "" {
		page.Title = say(r, last) + " · " + p.Title
		page.Crumbs[len(page.Crumbs)-1].Href = along(r, postPath(p.ID, ""))
		page.Crumbs = append(page.Crumbs, ui.Link{Text: say(r, last)})
	}
	if !p.Limited && p.Visibility == market.Open {
		page.Lead = beginning(p.Text, maxLead)
	}
	return page
}

// maxLead bounds what search engines show of a page, in characters.
const maxLead = 120

// postHead is the title with everything one can do to the post now.
func (h *Handler) postHead(r *http.Request, p market.Post, more []Addition) (ui.Head, error) {
	ctx, by := r.Context(), web.Actor(r)
	lead := ui.Words(titled(ctx, market.Kinds(), string(p.Kind)), p.OrgName, h.placeName(p.Region))
	lead = ui.Words(append(nature(ctx, p), lead)...)
	if p.PublishedUs != 0 {
		lead = ui.Words(lead, say(r, "%s发布", i18n.Ago(lang(r), clock.Time(p.PublishedUs), h.now())))
	}
	mark := stateMark(ctx, p.State)
	head := ui.Head{Title: p.Title, Lead: lead, Status: &mark, ID: p.Code}
	primary := false
	for _, a := range more {
		for _, x := range a.Actions {
			primary = primary || x.Primary
		}
	}
	steps, err := h.market.Available(ctx, by, p.ID)
	if err != nil {
		return head, err
	}
	for _, s := range steps {
		a, show := stepAction(r, p, s)
		if !show {
			continue
		}
		a.Primary = a.Why == "" && !primary && mainSteps[s.Step]
		primary = primary || a.Primary
		head.Actions = append(head.Actions, a)
	}
	if market.PostPolicy.May(by, market.ActPostUpdate, p) == nil && changeable(p) {
		head.Actions = append(head.Actions,
			ui.Action{Text: say(r, "修改"), Href: along(r, postPath(p.ID, "edit"))})
	}
	head.Actions = append(head.Actions,
		ui.Action{Text: say(r, "比较"), Href: pathCompare + "?id=" + url.QueryEscape(p.ID)},
		ui.Action{Text: say(r, "打印版"), Href: postPath(p.ID, "print")})
	for _, a := range more {
		head.Actions = append(head.Actions, a.Actions...)
	}
	return head, nil
}

// notices stand between head and tabs.
func (h *Handler) notices(r *http.Request, p market.Post, more []Addition) templ.Component {
	by := web.Actor(r)
	var out []templ.Component
	own := by.Account != "" && (by.Org != "" && by.Org == p.OrgNow || by.Account == p.CreatedBy)
	switch {
	case p.Limited:
		out = append(out, ui.Banner(ui.Idle, say(r, "这一条依申请公开：单位、价格和全文经对方同意后可看。")))
	case p.State == market.Draft && own:
		out = append(out, ui.Banner(ui.Warn, say(r, "这是草稿，只有本单位能看到。提交审核后才会发布。")))
	case p.State == market.Stale:
		out = append(out, ui.Banner(ui.Warn, say(r, "到期没有确认，已不在市场中显示。确认仍有效即可恢复。")))
	case p.Visibility == market.Named:
		out = append(out, ui.Banner(ui.Warn, say(r, "这一条定向公开，请不要转给别人。")))
	}
	for _, a := range more {
		if a.Notice != nil {
			out = append(out, a.Notice)
		}
	}
	return templ.Join(out...)
}

// postFacts is the box beside the tabs.
func (h *Handler) postFacts(r *http.Request, p market.Post, more []Addition) []ui.Fact {
	ctx := r.Context()
	var facts []ui.Fact
	add := func(f ui.Fact) { facts = append(facts, f) }
	if p.Limited {
		add(ui.Fact{Term: say(r, priceTerm(p.Kind)), Big: true, Text: i18n.Withheld(lang(r))})
	} else {
		add(ui.Fact{Term: say(r, priceTerm(p.Kind)), Big: true, Text: priceText(ctx, p.PostData)})
		add(ui.Fact{Term: say(r, "合作方式"), Text: modesText(ctx, p.Modes)})
		if p.TRL > 0 {
			add(ui.Fact{Term: say(r, trlTerm(p.Kind)), Body: maturity(trlOf(ctx, p.TRL), p.TRL)})
		}
		if p.Kind == market.Achievement {
			add(ui.Fact{Term: say(r, "知识产权"), Text: rightsText(ctx, p.Rights)})
		}
	}
	add(ui.Fact{Term: say(r, "领域"), Text: titled(ctx, market.Fields(), p.Field),
		Href: PostQuery{Field: p.Field}.href()})
	if p.Deadline != "" {
		add(ui.Fact{Term: say(r, "希望何时解决"), Text: i18n.DateLong(lang(r), p.Deadline)})
	}
	if mark, ok := freshMark(ctx, p, h.now()); ok {
		add(ui.Fact{Term: say(r, "时效"), Status: &mark})
	}
	if p.Visibility != market.Open {
		add(ui.Fact{Term: say(r, "公开级别"), Text: titled(ctx, market.Visibilities(),
			string(p.Visibility))})
	}
	if name := h.broker(ctx, p); name != "" {
		add(ui.Fact{Term: say(r, "技术经理人"), Text: name})
	}
	if text := ui.Words(p.Contact, p.ContactPhone, p.ContactMail); text != "" {
		add(ui.Fact{Term: say(r, "联系方式"), Text: text, Source: say(r, "只有本单位和科技局能看到")})
	}
	for _, a := range more {
		facts = append(facts, a.Facts...)
	}
	return facts
}

func trlTerm(k market.Kind) string {
	if k == market.Need {
		return "要求的成熟度"
	}
	return "成熟度"
}

func (h *Handler) broker(ctx context.Context, p market.Post) string {
	if p.Broker == "" || h.deps.PersonName == nil {
		return ""
	}
	return h.deps.PersonName(ctx, p.Broker)
}

// tabs are those of a post: its own, then those of other rooms. A name that another room uses
// replaces the tab here.
func (h *Handler) tabs(r *http.Request, p market.Post, more []Addition) []postTab {
	own := []postTab{{"", say(r, aboutTitle(p.Kind)), "", func() (templ.Component, error) {
		return h.about(r, p)
	}}}
	if p.Kind == market.Achievement && !p.Limited {
		n := ""
		if len(p.Rights) > 0 {
			n = strconv.Itoa(len(p.Rights))
		}
		own = append(own, postTab{"rights", say(r, "知识产权"), n, func() (templ.Component, error) {
			return h.rights(r, p), nil
		}})
	}
	own = append(own,
		postTab{"log", say(r, "办理记录"), "", func() (templ.Component, error) { return h.log(r, p) }},
		postTab{"similar", say(r, "相似"), "", func() (templ.Component, error) { return h.similar(r, p) }})
	for _, a := range more {
		for _, t := range a.Tabs {
			x := postTab{t.Name, t.Title, t.Count, t.Body}
			at := slices.IndexFunc(own, func(o postTab) bool { return o.name == t.Name })
			if at < 0 {
				own = append(own, x)
			} else {
				own[at] = x
			}
		}
	}
	return own
}

func aboutTitle(k market.Kind) string {
	if k == market.Need {
		return "需求介绍"
	}
	return "成果介绍"
}

// maturity shows the readiness in words and as squares. The extension for business has no square.
func maturity(text string, trl int) templ.Component {
	return maturityBox(text, chart.Maturity(min(trl, 9)))
}
