package showhttp

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// slotForm is a form about a slot; slot is "" for a new one.
type slotForm struct {
	slot    string
	data    show.SlotData
	org     kit.Pick
	typed   url.Values
	version int64
	wrong   occasion.Faults
}

func slotOf(d show.Detail, slotID string) (show.Slot, error) {
	for _, x := range d.Slots {
		if x.ID == slotID {
			return x, nil
		}
	}
	return show.Slot{}, occasion.Absent()
}

// getSlot shows the form of a new slot, which begins where the last one ends, or of one that is there.
func (h *Handler) getSlot(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	if err := show.Policy.May(web.Actor(r), show.ActUpdate, d.Show); err != nil {
		return err
	}
	f := slotForm{slot: r.FormValue("slot"), version: d.Version, org: kit.Pick{Name: "org"}}
	if f.slot != "" {
		x, err := slotOf(d, f.slot)
		if err != nil {
			return err
		}
		f.data, f.org.Value = x.SlotData, x.Org
	} else {
		f.data.StartsUs, f.data.Post = d.StartsUs, r.FormValue("post")
		if n := len(d.Slots); n > 0 {
			f.data.StartsUs = d.Slots[n-1].EndsUs
		}
	}
	return h.showSlot(w, r, d, f, nil)
}

func (h *Handler) showSlot(
	w http.ResponseWriter, r *http.Request, d show.Detail, f slotForm, err error,
) error {
	ctx, l := r.Context(), kit.Lang(r)
	title := "添加环节"
	if f.slot != "" {
		title = "编辑环节"
	}
	in := []ui.Input{
		{Name: "title", Label: kit.Say(r, "环节名称"), Value: f.data.Title, MaxLen: occasion.MaxTitle},
		kit.MomentInput("startsUs", kit.Say(r, "开始时间"), f.data.StartsUs, f.typed),
		kit.MomentInput("endsUs", kit.Say(r, "结束时间"), f.data.EndsUs, f.typed),
		{Name: "speaker", Label: kit.Say(r, "主讲"), Value: f.data.Speaker, Optional: true,
			MaxLen: occasion.MaxLine},
		{Name: "post", Label: kit.Say(r, "路演的成果或需求"), Value: f.data.Post, Optional: true, Mono: true,
			Hint: kit.Say(r, "技术市场中成果或需求的编号，从其页面复制")},
	}
	ui.Mark(l, in, err)
	view := ui.FormView{ID: "slot", Action: path(d.ID, "slot"), Version: kit.Number(f.version),
		Summary: ui.SummaryOf(l, err), Hidden: []ui.Hidden{{Name: "slot", Value: f.slot}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存环节"), Primary: true},
			{Text: kit.Say(r, "返回活动"), Href: path(d.ID, "")}}}
	org := h.OrgPick(ctx, web.Actor(r), ui.Input{Name: "org", Label: kit.Say(r, "路演单位"),
		Optional: true}, f.org, err)
	parts := []templ.Component{ui.PageHead(ui.Head{Title: kit.Say(r, title), Lead: d.Title}),
		ui.With(ui.Form(view), kit.Fields(in[:4]), ui.Combobox(org), kit.Fields(in[4:]))}
	if f.slot != "" {
		parts = append(parts, h.slotMore(r, d, f))
	} else if len(d.Slots) > 0 {
		parts = append(parts, ui.With(ui.Block(kit.Say(r, "已排环节")), ui.DataTable(h.agendaTable(r, d))))
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, title),
		Body: templ.Join(parts...)})
}

// slotMore is what else can be done with a slot: its pitch, and taking it off.
func (h *Handler) slotMore(r *http.Request, d show.Detail, f slotForm) templ.Component {
	x, err := slotOf(d, f.slot)
	if err != nil {
		return templ.NopComponent
	}
	version := []ui.Hidden{{Name: "slot", Value: f.slot}, {Name: "version", Value: kit.Number(d.Version)}}
	file := []ui.Input{{Kind: ui.InFile, Name: "file", Label: kit.Say(r, "路演材料"),
		Accept: ".pdf,.docx,.png,.jpg", Hint: kit.Say(r, "PDF、Word 或图片，不超过 %d MB", show.PitchFile.MaxBytes>>20)}}
	if x.FileName != "" {
		file[0].Hint = kit.Say(r, "现有材料：%s；上传新的会替换它", x.FileName)
	}
	return templ.Join(
		ui.With(ui.Form(ui.FormView{ID: "pitch", Action: path(d.ID, "pitch"), Upload: true, Hidden: version,
			Buttons: []ui.Action{{Text: kit.Say(r, "上传材料")}}}), kit.Fields(file)),
		ui.PostButton(ui.Post{Action: path(d.ID, "slotdrop"), Hidden: version,
			Button: ui.Action{Text: kit.Say(r, "删除环节"), Danger: true}}))
}

func (h *Handler) postSlot(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	f := slotForm{slot: v.Get("slot"), typed: v, version: web.VersionOf(r), org: kit.ReadPick(v, "org")}
	f.data = show.SlotData{StartsUs: occasion.ParseMoment(v.Get("startsUs")),
		EndsUs: occasion.ParseMoment(v.Get("endsUs")), Title: v.Get("title"), Speaker: v.Get("speaker"),
		Post: occasion.Tidy(v.Get("post"))}
	if err := h.FindOrg(ctx, by, &f.org, &f.wrong); err != nil {
		return err
	}
	if kit.Dropped(v, "org") {
		return h.showSlot(w, r, d, f, nil)
	}
	f.data.Org = f.org.Value
	err := f.wrong.Err()
	switch {
	case err != nil:
	case f.slot == "":
		_, err = h.show.AddSlot(ctx, by, show.NewSlot{Show: d.ID, SlotData: f.data, Version: f.version})
	default:
		_, err = h.show.UpdateSlot(ctx, by, show.SlotUpdate{Show: d.ID, ID: f.slot, SlotData: f.data,
			Version: f.version})
	}
	if again(err) {
		return h.showSlot(w, r, d, f, err)
	}
	if err != nil {
		return err
	}
	if f.slot == "" {
		return h.Web.Redirect(w, r, path(d.ID, "slot"), "已添加，可以继续添加下一个环节")
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已保存")
}

func (h *Handler) postSlotDrop(w http.ResponseWriter, r *http.Request, d show.Detail) error {
	err := h.show.RemoveSlot(r.Context(), web.Actor(r), show.SlotRef{Show: d.ID,
		ID: r.PostFormValue("slot"), Version: web.VersionOf(r)})
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已删除环节")
}

// formMemory is how much of an upload stays in memory.
const formMemory = 1 << 20

// readForm reads a form with files. One that is too long is a fault of its own.
func readForm(r *http.Request) error {
	err := r.ParseMultipartForm(formMemory)
	var large *http.MaxBytesError
	if err == nil || errors.As(err, &large) {
		return err
	}
	return kit.BadForm(err)
}

// postPitch stores the file of a slot.
func (h *Handler) postPitch(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // the system clears them, too
	d, err := h.of(r)
	if err != nil {
		return err
	}
	slot := r.PostFormValue("slot")
	file, head, err := r.FormFile("file")
	if err != nil {
		var f occasion.Faults
		f.Add("file", "请选择文件")
		return h.slotAgain(w, r, d, slot, f.Err())
	}
	defer file.Close()
	_, err = h.show.AttachPitch(r.Context(), web.Actor(r), show.SlotRef{Show: d.ID, ID: slot,
		Version: web.VersionOf(r)}, show.FileInput{Name: head.Filename, Content: file})
	if again(err) {
		return h.slotAgain(w, r, d, slot, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已上传")
}

func (h *Handler) slotAgain(
	w http.ResponseWriter, r *http.Request, d show.Detail, slotID string, err error,
) error {
	x, serr := slotOf(d, slotID)
	if serr != nil {
		return serr
	}
	return h.showSlot(w, r, d, slotForm{slot: slotID, data: x.SlotData, version: d.Version,
		org: kit.Pick{Name: "org", Value: x.Org}}, err)
}
