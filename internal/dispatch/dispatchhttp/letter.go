package dispatchhttp

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// formMemory bounds what of a form is kept in memory; the rest waits in temporary files.
const formMemory = 1 << 20 // bytes

// letterOf reads the letter of the address.
func (h *Handler) letterOf(r *http.Request) (dispatch.LetterDetail, error) {
	if !id.Valid(r.PathValue("id")) {
		return dispatch.LetterDetail{}, occasion.Absent()
	}
	return h.dispatch.GetLetter(r.Context(), web.Actor(r), r.PathValue("id"))
}

func (h *Handler) letterPage(r *http.Request, d dispatch.LetterDetail, last string) ui.Page {
	return h.Sub(r, "督办函", pathLetters, d.Title, letterPath(d.ID, ""), last)
}

func (h *Handler) getLetter(w http.ResponseWriter, r *http.Request) error {
	d, err := h.letterOf(r)
	if err != nil {
		return err
	}
	return h.showLetter(w, r, d, replyForm{version: d.Version, key: id.New()}, nil)
}

// replyForm is a reply as typed.
type replyForm struct {
	text    string
	version int64
	key     string
}

func (h *Handler) showLetter(
	w http.ResponseWriter, r *http.Request, d dispatch.LetterDetail, f replyForm, err error,
) error {
	doc, perr := h.dispatch.LetterPaper(r.Context(), web.Actor(r), d.ID)
	if perr != nil {
		return perr
	}
	m := letterMark(r.Context(), d.State)
	head := ui.Head{Title: d.Title, Status: &m, ID: d.Number, Actions: h.letterActions(r, d),
		Lead: d.To.Name}
	parts := []templ.Component{ui.ErrorSummary(ui.SummaryOf(kit.Lang(r), err)),
		ui.With(ui.Block(kit.Say(r, "函件内容")), ui.With(ui.Prose(), ui.Note(doc.Number),
			sheetOf(doc, true), signed(doc)))}
	if d.Reply != "" || len(d.Files) > 0 {
		parts = append(parts, h.replyBlock(r, d))
	}
	if offered(d.Offers, dispatch.StepReply) {
		parts = append(parts, h.replyFields(r, d, f, err))
	}
	parts = append(parts, ui.With(ui.Block(kit.Say(r, "时间线")), kit.Timeline(r, d.History,
		kit.Titles(dispatch.LetterProcess), "拟稿", func(state string) ui.Tone { return tones[state] })))
	body := templ.Join(ui.PageHead(head), ui.With(ui.WithAside(ui.Facts(kit.Say(r, "关键信息"),
		h.letterFacts(r, d))), ui.With(ui.Stack(), parts...)))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.letterPage(r, d, ""), Body: body})
}

func (h *Handler) letterActions(r *http.Request, d dispatch.LetterDetail) []ui.Action {
	out := []ui.Action{{Text: kit.Say(r, "打印"), Href: letterPath(d.ID, "print")},
		{Text: kit.Say(r, "下载 Word"), Href: letterPath(d.ID, "letter.docx")}}
	if d.State == dispatch.LetterDraft &&
		dispatch.LetterPolicy.MaySee(web.Actor(r), dispatch.ActLetterUpdate, d.Letter) {
		out = append(out, ui.Action{Text: kit.Say(r, "编辑"), Href: letterPath(d.ID, "edit")})
	}
	others := slices.DeleteFunc(slices.Clone(d.Offers), func(o process.Offer) bool {
		return o.Step == dispatch.StepReply // has its form on the page
	})
	steps := kit.StepActions(r, others, letterPath(d.ID, "step"))
	if len(steps) > 0 {
		steps[0].Primary = true
	}
	return append(out, steps...)
}

func (h *Handler) letterFacts(r *http.Request, d dispatch.LetterDetail) []ui.Fact {
	ctx := r.Context()
	due := h.deadline(r, d.DueUs)
	if d.RepliedUs != 0 || d.State == dispatch.LetterWithdrawn {
		due = kit.Moment(r, d.DueUs)
	}
	out := []ui.Fact{{Term: kit.Say(r, "回复期限"), Text: due, Big: true}}
	if h.late(d.Letter) {
		late := ui.State{Tone: ui.Bad, Text: kit.Say(r, "已逾期")}
		out = append(out, ui.Fact{Term: kit.Say(r, "状态"), Status: &late})
	}
	out = append(out, ui.Fact{Term: kit.Say(r, "收函单位"), Text: d.To.Name, Href: "/orgs/" + d.To.Now},
		ui.Fact{Term: kit.Say(r, "文号"), Text: d.Number, Mono: true},
		ui.Fact{Term: kit.Say(r, "签发"), Text: kit.Moment(r, d.SignedUs), Source: d.Signer},
		ui.Fact{Term: kit.Say(r, "送达"), Text: kit.Moment(r, d.DeliveredUs)},
		ui.Fact{Term: kit.Say(r, "回复"), Text: kit.Moment(r, d.RepliedUs), Source: d.Replier})
	if d.Task != nil {
		out = append(out, ui.Fact{Term: kit.Say(r, "任务"), Text: d.Task.Title, Href: "/tasks/" + d.Task.ID,
			Source: ui.Words(d.Task.Code, kit.Say(r, "截至 %s", kit.Moment(r, d.Task.Light.AtUs)))},
			ui.Fact{Term: kit.Say(r, "亮灯"), Status: lightMark(ctx, d.Task.Light.Colour)},
			ui.Fact{Term: kit.Say(r, "进展"), Text: plan.PercentText(d.Task.ProgressBp) + "%",
				Href: "/tasks/" + d.Task.ID})
	}
	if d.RuleName != "" {
		out = append(out, ui.Fact{Term: kit.Say(r, "依据"), Text: d.RuleName, Href: pathRules,
			Source: kit.Titled(ctx, choices(plan.Marks()), d.RuleMark)})
	}
	for _, run := range d.Running {
		if run.Clock == "answer" {
			out = append(out, ui.Fact{Term: kit.Say(r, "审核时限"), Text: h.deadline(r, run.DueUs)})
		}
	}
	return out
}

// replyBlock shows what the unit answered.
func (h *Handler) replyBlock(r *http.Request, d dispatch.LetterDetail) templ.Component {
	var files []ui.Link
	for _, f := range d.Files {
		files = append(files, ui.Link{Text: f.Name, Href: letterPath(d.ID, "files/"+f.ID),
			Note: i18n.Bytes(f.Size)})
	}
	return ui.With(ui.Block(kit.Say(r, "回复")), kit.Paragraphs(strings.Split(d.Reply, "\n")), ui.PlainList(files))
}

// replyFields is the form of the unit that answers.
func (h *Handler) replyFields(
	r *http.Request, d dispatch.LetterDetail, f replyForm, err error,
) templ.Component {
	in := []ui.Input{{Kind: ui.InArea, Name: "reply", Label: kit.Say(r, "办理情况"), Value: f.text, Rows: 6,
		MaxLen: dispatch.MaxProse, Hint: kit.Say(r, "原因、整改措施、完成时间")}}
	up := ui.UploadView{Input: ui.Input{Kind: ui.InFile, Name: "files", Label: kit.Say(r, "附件"), Optional: true,
		Multiple: true}, Limit: kit.Say(r, "单个文件不超过 20 MB，支持 PDF、OFD、Word、Excel、图片、文本")}
	ui.Mark(kit.Lang(r), in, err)
	up.Err = kit.ErrAt(kit.Lang(r), err, "files")
	view := ui.FormView{ID: "reply", Action: letterPath(d.ID, "reply"), Version: kit.Number(f.version), Upload: true,
		Guard: true, Plain: true, Hidden: []ui.Hidden{{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "提交回复"), Primary: true}}}
	return ui.With(ui.Block(kit.Say(r, "书面回复")), ui.Note(kit.Say(r, "期限：%s", h.deadline(r, d.DueUs))),
		ui.With(ui.Form(view), kit.Fields(in), ui.Upload(up)))
}

// getLetterPart shows a form or a paper of a letter.
func (h *Handler) getLetterPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.letterOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "edit":
		return h.getLetterEdit(w, r, d)
	case "step":
		return h.askLetterStep(w, r, d, r.FormValue("do"), "", nil)
	case "print", "letter.docx":
		doc, err := h.dispatch.LetterPaper(r.Context(), web.Actor(r), d.ID)
		if err != nil {
			return err
		}
		if r.PathValue("part") == "print" {
			return h.printPaper(w, r, doc, letterPath(d.ID, ""))
		}
		return sendWord(w, doc, ui.Words(d.Number, d.Title))
	}
	return occasion.Absent()
}

func (h *Handler) postLetterPart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseMultipartForm(formMemory); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return kit.BadForm(err)
	}
	d, err := h.letterOf(r)
	if err != nil {
		return err
	}
	switch r.PathValue("part") {
	case "edit":
		return h.postLetterEdit(w, r, d)
	case "step":
		return h.postLetterStep(w, r, d)
	case "reply":
		return h.postReply(w, r, d)
	}
	return occasion.Absent()
}

func (h *Handler) askLetterStep(
	w http.ResponseWriter, r *http.Request, d dispatch.LetterDetail, step, reason string, err error,
) error {
	now := letterMark(r.Context(), d.State)
	return h.AskStep(w, r, kit.Ask{Page: h.letterPage(r, d, "办理"), Title: d.Title, Path: letterPath(d.ID, ""),
		Version: d.Version, Facts: []ui.Fact{{Term: kit.Say(r, "收函单位"), Text: d.To.Name},
			{Term: kit.Say(r, "回复时限"), Text: kit.Say(r, "%d 个工作日", d.ReplyDays)},
			{Term: kit.Say(r, "现在的状态"), Status: &now}},
		Offers: d.Offers, Mark: func(s string) ui.State { return letterMark(r.Context(), s) },
		Step: step, Reason: reason, Err: err})
}

func (h *Handler) postLetterStep(w http.ResponseWriter, r *http.Request, d dispatch.LetterDetail) error {
	in := dispatch.LetterStep{ID: d.ID, Step: r.PostFormValue("do"), Reason: r.PostFormValue("reason"),
		Version: web.VersionOf(r), Key: r.PostFormValue("key")}
	_, err := h.dispatch.FireLetter(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.askLetterStep(w, r, d, in.Step, in.Reason, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, letterPath(d.ID, ""), "已办理")
}

func (h *Handler) postReply(w http.ResponseWriter, r *http.Request, d dispatch.LetterDetail) error {
	in := dispatch.LetterStep{ID: d.ID, Step: dispatch.StepReply, Reply: r.PostFormValue("reply"),
		Version: web.VersionOf(r), Key: r.PostFormValue("key")}
	if r.MultipartForm != nil {
		for _, head := range r.MultipartForm.File["files"] {
			f, err := head.Open()
			if err != nil {
				return kit.BadForm(err)
			}
			defer f.Close()
			in.Files = append(in.Files, dispatch.FileInput{Name: head.Filename, Content: f})
		}
	}
	_, err := h.dispatch.FireLetter(r.Context(), web.Actor(r), in)
	if fault.Is(err, fault.Invalid) {
		return h.showLetter(w, r, d, replyForm{in.Reply, in.Version, id.New()}, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, letterPath(d.ID, ""), "已提交回复")
}

// getReplyFile sends a file of a reply.
func (h *Handler) getReplyFile(w http.ResponseWriter, r *http.Request) error {
	ref, content, err := h.dispatch.OpenReply(r.Context(), web.Actor(r), r.PathValue("id"), r.PathValue("file"))
	if err != nil {
		return err
	}
	kit.SendFile(w, ref, content)
	return nil
}

// ruleShown is a rule in words.
type ruleShown struct {
	name, meta   string
	now, example bool
	lines        []string
}

func (h *Handler) ruleShown(r *http.Request, x dispatch.Rule) ruleShown {
	ctx, today := r.Context(), clock.DateOf(h.Now())
	out := ruleShown{name: x.Name, example: !x.Active,
		now: x.Active && x.ValidFrom <= today && (x.ValidTo == "" || x.ValidTo > today),
		meta: ui.Words(kit.Say(r, "%s 起", i18n.Date(kit.Lang(r), x.ValidFrom)), x.Source,
			kit.Titled(ctx, choices(plan.Marks()), x.Mark))}
	for _, t := range x.Triggers {
		key := "连续 %d 个调度周期为红灯"
		if t.Colour == plan.Yellow {
			key = "连续 %d 个调度周期为黄灯或红灯"
		}
		out.lines = append(out.lines, kit.Say(r, "%s：%s", kit.Say(r, key, t.Cycles), ui.OrDash(t.Then)))
	}
	out.lines = append(out.lines,
		kit.Say(r, "督办函 %d 个工作日内回复，末日 %s 截止", x.ReplyDays, minuteText(x.ReplyUntil)),
		kit.Say(r, "回复 %d 个工作日内审核，纪要 %d 个工作日内印发", x.AnswerDays, x.MinutesDays),
		kit.Say(r, "发文字号：%s、%s", i18n.DocumentNo(x.LetterPrefix, 2026, 1),
			i18n.DocumentNo(x.MinutesPrefix, 2026, 1)))
	return out
}
