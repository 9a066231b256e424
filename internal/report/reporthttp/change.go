package reporthttp

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func again(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

func (h *Handler) postNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	v := r.PostForm
	in := report.NewReport{Ask: report.Ask{Form: v.Get("form"), Region: region.Code(v.Get("region")), Set: v.Get("set"),
		Period: v.Get("period"), Parts: v["parts"],
		Across: v.Get("across"), Beside: v["beside"]}, Title: v.Get("title"), Public: v.Get("public") == "1",
		Key: v.Get("key")}
	x, err := h.room.CreateReport(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		in.Key = id.New()
		return h.showNew(w, r, in, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(x.ID, ""), "草稿已生成")
}

func (h *Handler) getPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.of(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "print":
		return h.print(w, r, d)
	case "report.docx":
		doc, err := h.room.Paper(r.Context(), web.Actor(r), d.ID)
		if err != nil {
			return err
		}
		out := web.NewDownload(w, d.Title+".docx", docx.MIME)
		return out.End(docx.Write(out, doc))
	case "edit":
		return h.showEdit(w, r, d, report.Update{Title: d.Title, Text: d.Text, Public: d.Public, Version: d.Version}, nil)
	case "step":
		return h.askStep(w, r, d, r.FormValue("do"), "", nil)
	}
	return absent()
}

func (h *Handler) print(w http.ResponseWriter, r *http.Request, d report.Detail) error {
	doc, err := h.room.Paper(r.Context(), web.Actor(r), d.ID)
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "打印")
	p.Title = doc.Title
	s := web.SessionOf(r)
	return h.Web.RenderPrint(w, r, p, ui.Document{Back: path(d.ID, ""), Number: doc.Number, Issuer: doc.Issuer,
		Date: doc.Date, Watermark: ui.Words(s.Name, i18n.DateTime(kit.Lang(r), h.Now()))}, sheetOf(plain(doc.Blocks)))
}

// plain takes the links off a text that goes to paper.
func plain(blocks []docx.Block) []docx.Block {
	for i, b := range blocks {
		for j := range b.Runs {
			blocks[i].Runs[j].Href = ""
		}
		if b.Table != nil {
			for _, row := range b.Table.Rows {
				for j := range row {
					row[j].Href = ""
				}
			}
		}
	}
	return blocks
}

func (h *Handler) askStep(
	w http.ResponseWriter, r *http.Request, d report.Detail, step, reason string, err error,
) error {
	now := mark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.page(r, d.Report, "办理"), Title: d.Title, Path: path(d.ID, ""),
		Version: d.Version, Facts: []ui.Fact{{Term: kit.Say(r, "现在的状态"), Status: &now}}, Offers: d.Offers,
		Mark: func(s string) ui.State { return mark(r.Context(), s) }, Step: step, Reason: reason, Err: err})
}

func (h *Handler) showEdit(
	w http.ResponseWriter, r *http.Request, d report.Detail, in report.Update, err error,
) error {
	if perr := report.Policy.May(web.Actor(r), report.ActMake, d.Report); perr != nil {
		return perr
	}
	inputs := []ui.Input{{Name: "title", Label: kit.Say(r, "标题"), Value: in.Title, MaxLen: report.MaxTitle},
		{Kind: ui.InArea, Name: "text", Label: kit.Say(r, "正文"), Value: in.Text, Rows: 18, MaxLen: report.MaxText,
			Hint: kit.Say(r, "可以改写和删减句子。保存时重新读回：与来源不符的数字会标出，删去的数字不再列入。")},
		{Kind: ui.InCheck, Name: "public", Label: kit.Say(r, "公开"), Text: kit.Say(r, "发布后社会公众可以查看，数字列入开放数据"),
			Value: map[bool]string{true: "1"}[in.Public], Optional: true}}
	ui.Mark(kit.Lang(r), inputs, err)
	view := ui.FormView{Action: path(d.ID, "edit"), Version: kit.Number(in.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "")}}}
	parts := []templ.Component{ui.PageHead(ui.Head{Title: kit.Say(r, "修改文字"), Lead: d.Title})}
	if d.State != report.StateDraft {
		view.Locked = kit.Say(r, "只有草稿可以修改")
	} else {
		parts = append(parts, ui.Note(kit.Say(r, "也可以按现有数据重新生成全文，已改的文字不再保留。")),
			postButton(path(d.ID, "recompose"), d.Version, kit.Say(r, "重新生成")))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d.Report, "修改文字"),
		Body: templ.Join(append(parts, ui.With(ui.Form(view), kit.Fields(inputs)))...)})
}

func (h *Handler) postPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.of(r)
	if err != nil {
		return err
	}
	ctx, by, v, version := r.Context(), web.Actor(r), r.PostForm, web.VersionOf(r)
	said := "已保存"
	switch r.PathValue("part") {
	case "edit":
		in := report.Update{ID: d.ID, Title: v.Get("title"), Text: v.Get("text"), Public: v.Get("public") == "1",
			Version: version}
		if _, err = h.room.UpdateReport(ctx, by, in); again(err) {
			return h.showEdit(w, r, d, in, err)
		}
	case "step":
		in := report.Step{ID: d.ID, Step: v.Get("do"), Reason: v.Get("reason"), Version: version,
			Key: v.Get("key")}
		if _, err = h.room.FireReport(ctx, by, in); again(err) {
			return h.askStep(w, r, d, in.Step, in.Reason, err)
		}
	case "refresh":
		_, err = h.room.RefreshFigures(ctx, by, d.ID, version)
		said = "数字已更新"
	case "recompose":
		_, err = h.room.Recompose(ctx, by, d.ID, version)
		said = "草稿已生成"
	case "file":
		_, err = h.room.FileReport(ctx, by, d.ID, version)
		said = "已存入文件库"
	default:
		return absent()
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), said)
}
