package dispatchhttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func paperLabel(t docx.Table) string {
	if t.Caption != "" {
		return t.Caption
	}
	if len(t.Head) > 0 {
		return t.Head[0]
	}
	return ""
}

// who names the person and the role of a request.
func who(r *http.Request) string {
	s := web.SessionOf(r)
	name := s.Name
	if name == "" {
		name = s.Actor.Login
	}
	return ui.Words(name, kit.Say(r, s.Actor.EffectiveRole().Title()), s.OrgName)
}

// sendWord sends a document as a Word file.
func sendWord(w http.ResponseWriter, d docx.Document, name string) error {
	out := web.NewDownload(w, name+".docx", docx.MIME)
	return out.End(docx.Write(out, d))
}

// printPaper shows a document for paper.
func (h *Handler) printPaper(w http.ResponseWriter, r *http.Request, d docx.Document, back string) error {
	p := h.Web.Page(r, "打印")
	p.Title = d.Title
	doc := ui.Document{Back: back, Number: d.Number, Issuer: d.Issuer, Date: d.Date,
		Watermark: ui.Words(who(r), i18n.DateTime(kit.Lang(r), h.Now()))}
	return h.Web.RenderPrint(w, r, p, doc, sheetOf(d, false))
}

// showPack shows the pack of a meeting with a link behind each number.
func (h *Handler) showPack(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	doc, err := h.dispatch.PackPaper(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return err
	}
	head := ui.Head{Title: doc.Title, Lead: ui.Words(doc.Issuer, doc.Date), Actions: []ui.Action{
		{Text: kit.Say(r, "打印"), Href: path(d.ID, "print"), Primary: true},
		{Text: kit.Say(r, "下载 Word"), Href: path(d.ID, "pack.docx")}}}
	return h.Web.Render(w, r, web.View{Page: h.page(r, d, "会议材料"),
		Body: templ.Join(ui.PageHead(head), ui.With(ui.Prose(), sheetOf(doc, true)))})
}

func (h *Handler) printPack(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	doc, err := h.dispatch.PackPaper(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return err
	}
	return h.printPaper(w, r, doc, path(d.ID, "pack"))
}

func (h *Handler) sendPack(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	doc, err := h.dispatch.PackPaper(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return err
	}
	return sendWord(w, doc, doc.Title)
}

// minutesTab shows the minutes as they are or will be issued.
func (h *Handler) minutesTab(r *http.Request, d dispatch.MeetingDetail) (templ.Component, error) {
	if d.State == dispatch.Preparing || d.State == dispatch.Notified || d.State == dispatch.Cancelled {
		return ui.Empty(kit.Say(r, "还没有纪要"), kit.Say(r, "会议召开后在这里拟写。")), nil
	}
	doc, err := h.dispatch.MinutesPaper(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return nil, err
	}
	list := []templ.Component{ui.Button(ui.Action{Text: kit.Say(r, "打印"), Href: path(d.ID, "minutes-print")}),
		ui.Button(ui.Action{Text: kit.Say(r, "下载 Word"), Href: path(d.ID, "minutes.docx")})}
	if sightOf(r, d).writes {
		list = append([]templ.Component{ui.Button(ui.Action{Text: kit.Say(r, "拟写纪要"), Href: path(d.ID, "write"),
			Primary: d.Minutes == ""})}, list...)
	}
	return templ.Join(toolbar(list), ui.With(ui.Prose(), ui.Note(doc.Number), sheetOf(doc, true),
		signed(doc))), nil
}

func (h *Handler) printMinutes(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	doc, err := h.dispatch.MinutesPaper(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return err
	}
	return h.printPaper(w, r, doc, path(d.ID, "minutes"))
}

func (h *Handler) sendMinutes(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	doc, err := h.dispatch.MinutesPaper(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return err
	}
	return sendWord(w, doc, doc.Title)
}

// sendAgenda sends the agenda as a workbook.
func (h *Handler) sendAgenda(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	out := web.NewDownload(w, d.Title+".xlsx", mediaTypes[sheet.XLSX])
	_, err := h.dispatch.WriteAgenda(r.Context(), web.Actor(r), d.ID,
		dispatch.Export{Format: sheet.XLSX, By: who(r)}, out)
	return out.End(err)
}

// mediaTypes are the types of tables.
var mediaTypes = map[sheet.Format]string{
	sheet.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	sheet.CSV:  "text/csv; charset=utf-8",
}

// formatOf checks the name of a format of tables.
func formatOf(name string) (sheet.Format, error) {
	if f := sheet.Format(name); mediaTypes[f] != "" {
		return f, nil
	}
	return "", fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
}

func (h *Handler) getWrite(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	if err := keeps(r, d); err != nil {
		return err
	}
	return h.showWrite(w, r, d, dispatch.Minutes{Text: d.Minutes, Attendance: d.Attendance, Version: d.Version,
		Key: id.New()}, nil)
}

func (h *Handler) showWrite(
	w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail, in dispatch.Minutes, err error,
) error {
	inputs := []ui.Input{
		{Kind: ui.InArea, Name: "text", Label: kit.Say(r, "纪要导语"), Value: in.Text, Rows: 8,
			MaxLen: dispatch.MaxProse, Hint: kit.Say(r, "会议时间、主持人、听取和研究了什么；各议题的决议由系统列在后面")},
		{Kind: ui.InArea, Name: "attendance", Label: kit.Say(r, "出席情况"), Value: in.Attendance, Rows: 3,
			MaxLen: dispatch.MaxProse, Optional: true}}
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{ID: "write", Action: path(d.ID, "write"), Version: kit.Number(in.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: in.Key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "minutes")}}}
	if d.State != dispatch.Held {
		view.Locked = kit.Say(r, "会议召开后、纪要送签前才能拟写")
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, "拟写纪要"),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, "拟写纪要"), Lead: d.Title}),
			ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (h *Handler) postWrite(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	v := r.PostForm
	in := dispatch.Minutes{ID: d.ID, Text: v.Get("text"), Attendance: v.Get("attendance"),
		Version: web.VersionOf(r), Key: v.Get("key")}
	_, err := h.dispatch.WriteMinutes(r.Context(), web.Actor(r), in)
	if again(err) {
		in.Key = id.New()
		return h.showWrite(w, r, d, in, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, "minutes"), "已保存")
}
