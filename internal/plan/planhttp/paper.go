package planhttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// exportTasks sends the ledger in the form of offices.
func (h *Handler) exportTasks(
	w http.ResponseWriter, r *http.Request, q TaskQuery, f plan.TaskFilter, format string,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	out := h.download(w, say(r, "任务台账"), as)
	_, err = h.plan.WriteTasks(r.Context(), web.Actor(r), f,
		plan.Export{Format: as, By: who(r), Filter: h.taskFilterText(r, q)}, out)
	return out.end(err)
}

// taskFilterText says the filter in words.
func (h *Handler) taskFilterText(r *http.Request, q TaskQuery) string {
	var parts []string
	for _, c := range h.taskChips(r, q) {
		parts = append(parts, c.Text)
	}
	return strings.Join(parts, "; ")
}

// paperRow is one line of the printed ledger.
type paperRow struct {
	no, task, indicators, goals, lead, duty, due, progress, light string
}

// maxPaper bounds the rows of a printed ledger.
const maxPaper = 500

// printLedger shows the ledger for paper, in the form of offices.
func (h *Handler) printLedger(
	w http.ResponseWriter, r *http.Request, q TaskQuery, f plan.TaskFilter,
) error {
	ctx, by := r.Context(), web.Actor(r)
	page, err := h.plan.ListTasks(ctx, by, f, "", db.PageReq{Limit: maxPaper})
	if err != nil {
		return err
	}
	if page.Next != "" {
		return fault.New(fault.Invalid, "最多打印 %d 项任务，请先缩小范围", maxPaper)
	}
	var rows []paperRow
	for _, x := range page.Items {
		row := paperRow{no: x.Code, task: x.Title, lead: names(x.Of(plan.Lead)),
			duty:     names(x.Of(plan.Duty)),
			progress: plan.PercentText(x.ProgressBp) + "% " + taskMark(ctx, x.State).Text,
			light:    lightMark(ctx, x.Light.Colour).Text}
		if x.DueUs != 0 {
			row.due = i18n.Date(lang(r), clock.DateOf(clock.Time(x.DueUs)))
		}
		goals, err := h.plan.GoalsOf(ctx, by, x.ID)
		if err != nil {
			return err
		}
		var names, values []string
		for _, g := range goals {
			names = append(names, g.Name)
			values = append(values, amount(g.Op, g.Value, g.Unit))
		}
		row.indicators, row.goals = strings.Join(names, "\n"), strings.Join(values, "\n")
		rows = append(rows, row)
	}
	p := h.web.Page(r, "任务台账")
	back := web.ListAddress(r, url.Values{"view": nil})
	doc := ui.Document{Back: back, Issuer: p.Site.Organiser, Date: i18n.DateLong(lang(r), h.today()),
		Watermark: words(who(r), i18n.DateTime(lang(r), h.now()))}
	return h.web.RenderPrint(w, r, p, doc, paperLedger(rows, h.taskFilterText(r, q)))
}

// getBooks lists the ledgers, with the form to open one.
func (h *Handler) getBooks(w http.ResponseWriter, r *http.Request) error {
	if err := allow(plan.LedgerPolicy.Could(web.Actor(r), plan.ActLedgerWrite)); err != nil {
		return err
	}
	return h.showBooks(w, r, bookForm{data: plan.LedgerData{Region: h.home()}}, nil)
}

// bookForm is a ledger as typed; without an id it is a new one.
type bookForm struct {
	id      string
	data    plan.LedgerData
	version int64
}

func (h *Handler) showBooks(w http.ResponseWriter, r *http.Request, f bookForm, err error) error {
	list, lerr := h.plan.ListLedgers(r.Context(), web.Actor(r))
	if lerr != nil {
		return lerr
	}
	p := h.web.Page(r, "台账管理")
	p.Crumbs = []ui.Link{{Text: say(r, "台账"), Href: pathLedger}, {Text: p.Title}}
	v := booksView{head: ui.Head{Title: p.Title, Lead: say(r, "每本台账有自己的编号；关闭的台账不再立新任务。")},
		add: say(r, "设立台账"), summary: ui.SummaryOf(lang(r), err)}
	for _, g := range list {
		x := bookForm{id: g.ID, data: plan.LedgerData{Name: g.Name, Region: g.Region, Closed: g.Closed},
			version: g.Version}
		var at error
		if g.ID == f.id {
			x.data, at = f.data, err
		}
		v.books = append(v.books, bookShown{title: g.Name, closed: g.Closed, form: x,
			open: at != nil, inputs: h.bookInputs(r, x, at)})
	}
	fresh, at := bookForm{data: plan.LedgerData{Region: h.home()}}, error(nil)
	if f.id == "" {
		fresh, at = f, err
	}
	v.fresh = bookShown{title: v.add, form: fresh, inputs: h.bookInputs(r, fresh, at), key: id.New()}
	return h.web.Render(w, r, web.View{Status: statusOf(err), Page: p, Body: booksPage(v)})
}

// booksView is the page of the ledgers.
type booksView struct {
	head    ui.Head
	add     string
	summary ui.Summary
	books   []bookShown
	fresh   bookShown
}

type bookShown struct {
	title, key   string
	closed, open bool
	form         bookForm
	inputs       []ui.Input
}

func (h *Handler) bookInputs(r *http.Request, f bookForm, err error) []ui.Input {
	in := []ui.Input{{Name: "name", Label: say(r, "台账名称"), Value: f.data.Name, MaxLen: 60,
		AutoComplete: "off"},
		{Kind: ui.InSelect, Name: "region", Label: say(r, "地区"), Value: string(f.data.Region),
			Width: ui.W18, Options: h.placeOptions(web.Actor(r), f.data.Region)}}
	if f.id != "" {
		in = append(in, ui.Input{Kind: ui.InCheck, Name: "closed", Value: checked(f.data.Closed),
			Text: say(r, "关闭，不再立新任务")})
	}
	ui.Mark(lang(r), in, err)
	if err == nil { // the links of a summary lead to the form that was sent
		for i := range in {
			in[i].ID = "b-" + f.id + "-" + in[i].Name
		}
	}
	return in
}

// postBooks opens, renames or closes a ledger.
func (h *Handler) postBooks(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	v, ctx, by := r.PostForm, r.Context(), web.Actor(r)
	f := bookForm{id: v.Get("id"), version: versionOf(v), data: plan.LedgerData{Name: v.Get("name"),
		Region: region.Code(v.Get("region")), Closed: v.Get("closed") == "1"}}
	var err error
	if f.id == "" {
		_, err = h.plan.CreateLedger(ctx, by, plan.NewLedger{LedgerData: f.data, Key: v.Get("key")})
	} else {
		_, err = h.plan.UpdateLedger(ctx, by, plan.LedgerUpdate{ID: f.id, LedgerData: f.data,
			Version: f.version})
	}
	if fault.Is(err, fault.Invalid) {
		return h.showBooks(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathLedger+"/books", "已保存")
}
