package planhttp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// stale is a form that came too late: somebody else changed the record meanwhile.
type stale struct {
	page         ui.Page
	lead         string
	path         string // of the record
	updatedUs    int64
	version      int64     // of the record as it is now
	theirs, mine []ui.Fact // the same fields in the same order
}

// showStale shows both versions, with the fields that differ.
func (h *Handler) showStale(w http.ResponseWriter, r *http.Request, x stale) error {
	s := ui.Stale{
		Title: say(r, "您填写时，这条记录在 %s 被修改过",
			i18n.DateTime(lang(r), clock.Time(x.updatedUs))),
		Lead:   say(r, "您的内容还没有保存。请比较两个版本，再决定保留哪一个。"),
		Post:   x.path + "/edit",
		Reload: x.path,
		Hidden: append(carried(r.PostForm), ui.Hidden{Name: "version", Value: number(x.version)}),
	}
	for i, f := range x.theirs {
		if mine := x.mine[i].Text; mine != f.Text {
			s.Fields = append(s.Fields, ui.StaleField{Label: f.Term, Theirs: f.Text, Mine: mine})
		}
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: x.page.Title, Lead: x.lead}), ui.Diff(s))
	return h.web.Render(w, r, web.View{Status: http.StatusConflict, Page: x.page, Body: body})
}

// carried takes a form over to the next page, without the version it is based on.
func carried(v url.Values) []ui.Hidden {
	names := make([]string, 0, len(v))
	for name := range v {
		if name != "version" && !strings.HasSuffix(name, "_q") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []ui.Hidden
	for _, name := range names {
		for _, value := range v[name] {
			out = append(out, ui.Hidden{Name: name, Value: value})
		}
	}
	return out
}

// docWritten is what people wrote about a document.
func (h *Handler) docWritten(r *http.Request, d plan.DocumentData) []ui.Fact {
	d.Normalise()
	return []ui.Fact{{Term: say(r, "标题"), Text: d.Title},
		{Term: say(r, "文件类型"), Text: titled(r.Context(), plan.DocumentKinds(), d.Kind)},
		{Term: say(r, "成文日期"), Text: string(d.Day)}, {Term: say(r, "文号"), Text: d.Number},
		{Term: say(r, "发文机关"), Text: d.Issuer}, {Term: say(r, "来源"), Text: d.Source},
		{Term: say(r, "地区"), Text: h.placeName(d.Region)}}
}

// taskWritten is what people wrote about a task.
func (h *Handler) taskWritten(r *http.Request, d plan.TaskData) []ui.Fact {
	by := web.Actor(r)
	due := ""
	if d.DueUs != 0 {
		due = i18n.DateTime(lang(r), clock.Time(d.DueUs))
	}
	var nodes []string
	for _, m := range d.Milestones {
		nodes = append(nodes, words(m.Name, string(m.Day), plan.PercentText(m.WeightBp)+"%"))
	}
	return []ui.Fact{{Term: say(r, "任务"), Text: strings.TrimSpace(d.Title)},
		{Term: say(r, "内容与要求"), Text: strings.TrimSpace(d.Content)},
		{Term: say(r, "牵头单位"), Text: h.orgNames(r, by, d.Lead)},
		{Term: say(r, "责任单位"), Text: h.orgNames(r, by, d.Duty...)},
		{Term: say(r, "配合单位"), Text: h.orgNames(r, by, d.Assist...)},
		{Term: say(r, "开始日期"), Text: string(d.Start)}, {Term: say(r, "时限"), Text: due},
		{Term: say(r, "调度周期"), Text: titled(r.Context(), plan.Cadences(), d.Cadence)},
		{Term: say(r, "牵头市领导"), Text: d.Leader}, {Term: say(r, "责任人"), Text: d.Person},
		{Term: say(r, "联系人"), Text: words(d.Contact, d.Phone)},
		{Term: say(r, "节点"), Text: strings.Join(nodes, "; ")},
		{Term: say(r, "地区"), Text: h.placeName(d.Region)}}
}

// targetWritten is what people wrote about a target.
func (h *Handler) targetWritten(r *http.Request, d plan.TargetData) []ui.Fact {
	return []ui.Fact{{Term: say(r, "目标值"), Text: amount(d.Op, d.Value, d.Unit)},
		{Term: say(r, "量"), Text: titled(r.Context(), plan.Measures(), d.Measure)},
		{Term: say(r, "期间"), Text: period(r.Context(), d.From, d.To)},
		{Term: say(r, "责任单位"), Text: h.orgNames(r, web.Actor(r), d.Org)},
		{Term: say(r, "基期值"), Text: words(string(d.Baseline), string(d.BaselineDay))},
		{Term: say(r, "补充说明"), Text: strings.TrimSpace(d.Note)}}
}

func (h *Handler) orgNames(r *http.Request, by authz.Actor, ids ...string) string {
	var out []string
	for _, orgID := range ids {
		if orgID != "" {
			out = append(out, h.orgName(r.Context(), by, orgID))
		}
	}
	return strings.Join(out, "、")
}
