package dispatchhttp

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// itemOf finds the item that the address names.
func itemOf(r *http.Request, d dispatch.MeetingDetail) (dispatch.Item, error) {
	i := slices.IndexFunc(d.Items, func(x dispatch.Item) bool { return x.ID == r.FormValue("item") })
	if i < 0 {
		return dispatch.Item{}, occasion.Absent()
	}
	return d.Items[i], nil
}

// keeps refuses those who do not keep the record of a meeting.
func keeps(r *http.Request, d dispatch.MeetingDetail) error {
	return dispatch.MeetingPolicy.May(web.Actor(r), dispatch.ActMeetingUpdate, d.Meeting)
}

// itemForm is a form about an item; without an id it is a new one.
type itemForm struct {
	id   string
	data dispatch.ItemData
	org  kit.Pick
	key  string
}

func (h *Handler) getItem(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	if err := keeps(r, d); err != nil {
		return err
	}
	f := itemForm{key: id.New(), org: kit.Pick{Name: "org"}, data: dispatch.ItemData{Minutes: 10}}
	if r.FormValue("item") != "" {
		x, err := itemOf(r, d)
		if err != nil {
			return err
		}
		f = itemForm{id: x.ID, data: x.ItemData, org: kit.Pick{Name: "org", Value: x.Org}}
	}
	return h.showItem(w, r, d, f, nil)
}

func (h *Handler) showItem(
	w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail, f itemForm, err error,
) error {
	title := "添加议题"
	if f.id != "" {
		title = "修改议题"
	}
	in := []ui.Input{{Name: "title", Label: kit.Say(r, "议题"), Value: f.data.Title, MaxLen: dispatch.MaxTitle},
		{Kind: ui.InArea, Name: "text", Label: kit.Say(r, "说明"), Value: f.data.Text, Rows: 4, Optional: true,
			MaxLen: dispatch.MaxProse}}
	last := []ui.Input{{Name: "speaker", Label: kit.Say(r, "汇报人"), Value: f.data.Speaker, Width: ui.W14,
		Optional: true, MaxLen: dispatch.MaxLine},
		{Kind: ui.InNumber, Name: "minutes", Label: kit.Say(r, "时长"), Value: kit.Number(f.data.Minutes),
			Width: ui.W6, Unit: kit.Say(r, "分钟")}}
	ui.Mark(kit.Lang(r), in, err)
	ui.Mark(kit.Lang(r), last, err)
	org := h.OrgPick(r.Context(), web.Actor(r), ui.Input{Name: "org", Label: kit.Say(r, "汇报单位"), Optional: true,
		Hint: kit.Say(r, "输入名称的一部分，再选择")}, f.org, err)
	view := ui.FormView{ID: "item", Action: path(d.ID, "item"), Version: kit.Number(d.Version), Guard: true,
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "item", Value: f.id},
			{Name: "key", Value: f.key}},
		Buttons: []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
			{Text: kit.Say(r, "取消"), Href: path(d.ID, "")}}}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, title),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, title), Lead: d.Title}),
			ui.With(ui.Form(view), kit.Fields(in), ui.Combobox(org), kit.Fields(last)))})
}

func (h *Handler) postItem(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	v, ctx, by := r.PostForm, r.Context(), web.Actor(r)
	f := itemForm{id: v.Get("item"), key: v.Get("key"), org: kit.ReadPick(v, "org"),
		data: dispatch.ItemData{Title: v.Get("title"), Text: v.Get("text"), Speaker: v.Get("speaker"),
			Minutes: kit.Whole(v.Get("minutes"))}}
	if kit.Dropped(v, "org") {
		return h.showItem(w, r, d, f, nil)
	}
	var wrong occasion.Faults
	err := h.FindOrg(ctx, by, &f.org, &wrong)
	if err != nil {
		return err
	}
	f.data.Org = f.org.Value
	if err = wrong.Err(); err == nil {
		if f.id == "" {
			_, err = h.dispatch.AddItem(ctx, by, dispatch.NewItem{Meeting: d.ID, ItemData: f.data,
				Version: web.VersionOf(r), Key: f.key})
		} else {
			_, err = h.dispatch.UpdateItem(ctx, by, dispatch.ItemUpdate{ItemData: f.data,
				ItemRef: dispatch.ItemRef{Meeting: d.ID, ID: f.id, Version: web.VersionOf(r)}})
		}
	}
	if again(err) {
		if f.id == "" {
			f.key = id.New()
		}
		return h.showItem(w, r, d, f, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已保存")
}

// getDrop asks why an item leaves the agenda, or whether it comes back.
func (h *Handler) getDrop(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	if err := keeps(r, d); err != nil {
		return err
	}
	x, err := itemOf(r, d)
	if err != nil {
		return err
	}
	return h.showDrop(w, r, d, x, "", nil)
}

func (h *Handler) showDrop(
	w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail, x dispatch.Item, reason string, err error,
) error {
	title, back := "移出议程", ""
	if x.Dropped {
		title, back = "重新列入", "1"
	}
	q := ui.Question{Title: kit.Say(r, title), Facts: []ui.Fact{{Term: kit.Say(r, "议题"), Text: x.Title},
		{Term: kit.Say(r, "列入原因"), Body: reasonList(notes(r.Context(), x.Reasons))}},
		Form: ui.FormView{ID: "drop", Action: path(d.ID, "drop"), Version: kit.Number(d.Version),
			Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "item", Value: x.ID},
				{Name: "back", Value: back}}},
		Back:   ui.Link{Text: kit.Say(r, "返回"), Href: path(d.ID, "")},
		Button: ui.Action{Text: kit.Say(r, title), Primary: true}}
	if !x.Dropped {
		q.Inputs = []ui.Input{{Name: "reason", Label: kit.Say(r, "移出原因"), Value: reason, MaxLen: dispatch.MaxLine,
			Hint: kit.Say(r, "留在会议记录中")}}
		ui.Mark(kit.Lang(r), q.Inputs, err)
	}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.page(r, d, title),
		Body: templ.Join(ui.PageHead(ui.Head{Title: kit.Say(r, title), Lead: d.Title}), ui.Confirm(q))})
}

func (h *Handler) postDrop(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	x, err := itemOf(r, d)
	if err != nil {
		return err
	}
	_, err = h.dispatch.DropItem(r.Context(), web.Actor(r), dispatch.ItemDrop{Reason: r.PostFormValue("reason"),
		Back:    r.PostFormValue("back") == "1",
		ItemRef: dispatch.ItemRef{Meeting: d.ID, ID: x.ID, Version: web.VersionOf(r)}})
	if fault.Is(err, fault.Invalid) {
		return h.showDrop(w, r, d, x, r.PostFormValue("reason"), err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已保存")
}

func (h *Handler) postMove(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	_, err := h.dispatch.MoveItem(r.Context(), web.Actor(r), dispatch.ItemMove{
		ItemRef: dispatch.ItemRef{Meeting: d.ID, ID: r.PostFormValue("item"), Version: web.VersionOf(r)},
		To:      kit.Whole(r.PostFormValue("to"))})
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "")
}

func (h *Handler) postPropose(w http.ResponseWriter, r *http.Request, d dispatch.MeetingDetail) error {
	got, err := h.dispatch.ProposeAgenda(r.Context(), web.Actor(r), d.ID, web.VersionOf(r))
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, path(d.ID, ""), "已更新，新增 %s 个议题", kit.Number(int64(got.Added)))
}
