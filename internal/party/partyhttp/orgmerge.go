package partyhttp

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// mergeField is a field in which two records differ.
type mergeField struct {
	name, label, keep, drop string
	take                    bool // the value of the dropped record is taken
}

// getOrgMerge chooses the record that becomes part of this one, then compares the two.
func (h *Handler) getOrgMerge(w http.ResponseWriter, r *http.Request) error {
	keep, ok, err := h.loadOrg(w, r)
	if err != nil || !ok {
		return err
	}
	if err := party.OrgPolicy.May(web.Actor(r), party.ActOrgMerge, keep); err != nil {
		return err
	}
	if dropID := r.FormValue("drop"); dropID != "" {
		return h.showMerge(w, r, keep, dropID, party.Merge{Key: id.New()}, nil)
	}
	return h.chooseMerge(w, r, keep)
}

// chooseMerge lists the records that this one may be the same as, and finds others.
func (h *Handler) chooseMerge(w http.ResponseWriter, r *http.Request, keep party.Org) error {
	ctx, by := r.Context(), web.Actor(r)
	q := r.FormValue("q")
	var list []alike
	if q == "" {
		like, err := h.party.SimilarOrganisations(ctx, by,
			party.SimilarInput{Name: keep.Name, USCC: keep.USCC, Except: keep.ID})
		if err != nil {
			return err
		}
		list = h.likeness(ctx, like)
	} else {
		found, err := h.party.ListOrganisations(ctx, by, party.OrgFilter{Query: q}, "name",
			db.PageReq{Limit: pageSize})
		if err != nil {
			return err
		}
		for _, o := range found.Items {
			if o.ID != keep.ID {
				list = append(list, alike{o.ID, orgName(ctx, o),
					ui.Words(grouped(o.USCC), h.placeName(o.Region))})
			}
		}
	}
	results := ui.Empty(say(r, "没有可以合并的档案"), say(r, "用名称或信用代码查找另一个档案。"))
	if len(list) > 0 {
		results = ui.With(ui.Block(say(r, "可能是同一个组织")),
			likely(list, keep.ID, say(r, "比较并合并")))
	}
	results = ui.With(ui.Results("", say(r, "可以合并的档案")), results)
	p := h.orgPage(r, keep, "合并档案")
	filter := ui.Filters{Action: orgPath(keep.ID, "merge"), Label: say(r, "查找另一个档案"),
		Fields: []ui.Filter{{Kind: ui.FilterSearch, Name: "q", Label: say(r, "另一个档案"), Value: q,
			Placeholder: say(r, "名称、曾用名或信用代码")}}}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "合并档案"), Lead: say(r,
		"选择要并入“%s”的档案。合并可以撤销。", orgName(ctx, keep))}), ui.FilterBar(filter), results)
	return h.web.Render(w, r, web.View{Page: p, Body: body, Part: results})
}

// showMerge compares the two records field by field.
func (h *Handler) showMerge(
	w http.ResponseWriter, r *http.Request, keep party.Org, dropID string, in party.Merge,
	failed error,
) error {
	ctx, by := r.Context(), web.Actor(r)
	drop, err := h.party.GetOrganisation(ctx, by, dropID)
	if err != nil {
		return err
	}
	if drop.ID == keep.ID {
		return fault.New(fault.Conflict, "不能把档案并入它自己")
	}
	list := h.mergeFields(ctx, keep, drop, in.Take)
	l := lang(r)
	form := ui.FormView{ID: "merge", Action: orgPath(keep.ID, "merge"),
		Summary: ui.SummaryOf(l, failed), Hidden: []ui.Hidden{{Name: "drop", Value: drop.ID},
			{Name: "keepVersion", Value: strconv.FormatInt(keep.Version, 10)},
			{Name: "dropVersion", Value: strconv.FormatInt(drop.Version, 10)},
			{Name: "key", Value: in.Key}},
		Buttons: []ui.Action{{Text: say(r, "合并档案"), Primary: true, Danger: true, Name: "do",
			Value: "merge"}, {Text: say(r, "换个方向"),
			Href: orgPath(drop.ID, "merge") + "?drop=" + keep.ID},
			{Text: say(r, "返回"), Href: orgPath(keep.ID, "")}}}
	inputs := []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: in.Reason,
		Rows: 3, MaxLen: 2000, Hint: say(r, "写入时间线，有权查看的人都能看到")}}
	if keep.USCC != "" && drop.USCC != "" && keep.USCC != drop.USCC {
		value := ""
		if in.TwoCodes {
			value = "1"
		}
		inputs = append(inputs, ui.Input{Kind: ui.InCheck, Name: "twoCodes", Value: value,
			Text: say(r, "两个档案的统一社会信用代码不同，登记机关视为两个主体；我已核实它们是同一个组织")})
	}
	ui.Mark(l, inputs, failed)
	p := h.orgPage(r, keep, "合并档案")
	status := http.StatusOK
	if failed != nil {
		status = ui.StatusOf(failed)
	}
	lead := say(r, "“%s”将并入“%s”。它的编号以后打开的是保留的档案；拆分可以完全恢复。",
		orgName(ctx, drop), orgName(ctx, keep))
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "合并档案"), Lead: lead}),
		ui.With(ui.Form(form), mergeTable(list, orgName(ctx, keep), orgName(ctx, drop)),
			fields(inputs)))
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body})
}

// mergeFields are the fields in which the records differ. What the kept one lacks is taken unless
// somebody decides otherwise.
func (h *Handler) mergeFields(
	ctx context.Context, keep, drop party.Org, take []string,
) []mergeField {
	var out []mergeField
	for _, name := range recordFields {
		f := mergeField{name: name, label: i18n.T(ctx, party.FieldTitle(name)),
			keep: h.orgFieldText(ctx, keep.OrgData, name),
			drop: h.orgFieldText(ctx, drop.OrgData, name)}
		if f.keep == f.drop {
			continue
		}
		f.take = slices.Contains(take, name) || take == nil && f.keep == ""
		out = append(out, f)
	}
	return out
}

// postOrgMerge merges.
func (h *Handler) postOrgMerge(w http.ResponseWriter, r *http.Request) error {
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	in := party.Merge{Keep: r.PathValue("id"), Drop: v.Get("drop"), Reason: v.Get("reason"),
		TwoCodes: v.Get("twoCodes") == "1", Key: v.Get("key"), Take: []string{}}
	in.KeepVersion, _ = strconv.ParseInt(v.Get("keepVersion"), 10, 64) // a wrong one is stale
	in.DropVersion, _ = strconv.ParseInt(v.Get("dropVersion"), 10, 64)
	for _, name := range recordFields {
		if v.Get("from_"+name) == "drop" {
			in.Take = append(in.Take, name)
		}
	}
	o, err := h.party.MergeOrganisations(ctx, by, in)
	if fault.Is(err, fault.Invalid) {
		keep, gerr := h.party.GetOrganisation(ctx, by, in.Keep)
		if gerr != nil {
			return gerr
		}
		return h.showMerge(w, r, keep, in.Drop, in, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, orgPath(o.ID, ""), "已合并。如有差错，可在合并记录中拆分。")
}

// orgMerges is the tab that lists the merges into a record.
func (h *Handler) orgMerges(r *http.Request, o party.Org) (templ.Component, error) {
	ctx := r.Context()
	list, err := h.party.OrganisationMerges(ctx, web.Actor(r), o.ID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return ui.Empty(say(r, "没有合并过"), say(r, "并入本档案的档案会列在这里，并可以拆分。")), nil
	}
	l := i18n.From(ctx)
	may := party.OrgPolicy.May(web.Actor(r), party.ActOrgMerge, o) == nil
	tab := ui.Table{Caption: say(r, "合并记录"), Cols: []ui.Column{{Label: say(r, "并入的档案")},
		{Label: say(r, "理由")}, {Label: say(r, "合并时间")}, {Label: say(r, "现状")}}}
	for _, m := range list {
		state := ui.Cell{Status: &ui.State{Tone: ui.OK, Text: say(r, "合并中")}}
		name := ui.Cell{Text: m.Name, Sub: m.Dropped}
		switch {
		case m.UndoneUs != 0:
			state.Status = &ui.State{Text: say(r, "已于 %s 拆分", i18n.DateTime(l, clock.Time(m.UndoneUs)))}
			name.Href = orgPath(m.Dropped, "")
		case may:
			state.Body = ui.Button(ui.Action{Text: say(r, "拆分"), Small: true,
				Label: say(r, "拆分 %s", m.Name),
				Href:  orgPath(o.ID, "split") + "?dropped=" + m.Dropped})
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{name, {Text: m.Reason},
			{Text: i18n.DateTime(l, clock.Time(m.AtUs))}, state}})
	}
	return ui.DataTable(tab), nil
}

// getOrgSplit asks before a merge is undone.
func (h *Handler) getOrgSplit(w http.ResponseWriter, r *http.Request) error {
	o, ok, err := h.loadOrg(w, r)
	if err != nil || !ok {
		return err
	}
	return h.showSplit(w, r, o, r.FormValue("dropped"), "", nil)
}

func (h *Handler) showSplit(
	w http.ResponseWriter, r *http.Request, o party.Org, dropped, reason string, failed error,
) error {
	by := web.Actor(r)
	if err := party.OrgPolicy.May(by, party.ActOrgMerge, o); err != nil {
		return err
	}
	list, err := h.party.OrganisationMerges(r.Context(), by, o.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(m party.MergeRecord) bool {
		return m.Dropped == dropped && m.UndoneUs == 0
	})
	if at < 0 {
		return fault.New(fault.Conflict, "该档案没有并入其他档案")
	}
	m := list[at]
	q := ui.Question{Title: say(r, "拆分“%s”", m.Name),
		Text: say(r, "恢复为独立档案，回到合并前的状态。合并后又改过的字段保留现在的内容。"),
		Facts: []ui.Fact{{Term: say(r, "现在属于"), Text: orgName(r.Context(), o)},
			{Term: say(r, "合并时间"), Text: i18n.DateTime(lang(r), clock.Time(m.AtUs))},
			{Term: say(r, "合并理由"), Text: m.Reason}},
		Form: ui.FormView{ID: "split", Action: orgPath(o.ID, "split"),
			Version: strconv.FormatInt(m.DroppedVersion, 10), Summary: ui.SummaryOf(lang(r), failed),
			Hidden: []ui.Hidden{{Name: "dropped", Value: m.Dropped}, {Name: "key", Value: id.New()}}},
		Back:   ui.Link{Text: say(r, "返回"), Href: orgPath(o.ID, "merges")},
		Button: ui.Action{Text: say(r, "拆分"), Primary: true, Danger: true}}
	q.Inputs = []ui.Input{{Kind: ui.InArea, Name: "reason", Label: say(r, "理由"), Value: reason,
		Rows: 3, MaxLen: 2000}}
	ui.Mark(lang(r), q.Inputs, failed)
	status := http.StatusOK
	if failed != nil {
		status = ui.StatusOf(failed)
	}
	p := h.orgPage(r, o, "拆分")
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "拆分"),
		Lead: orgName(r.Context(), o)}), ui.Confirm(q))
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body})
}

// postOrgSplit undoes a merge and says which fields kept a newer value.
func (h *Handler) postOrgSplit(w http.ResponseWriter, r *http.Request) error {
	ctx, by, v := r.Context(), web.Actor(r), r.PostForm
	version, _ := strconv.ParseInt(v.Get("version"), 10, 64) // a wrong one is stale
	done, err := h.party.SplitOrganisation(ctx, by, party.Split{Dropped: v.Get("dropped"),
		Version: version, Reason: v.Get("reason"), Key: v.Get("key")})
	if fault.Is(err, fault.Invalid) {
		o, gerr := h.party.GetOrganisation(ctx, by, r.PathValue("id"))
		if gerr != nil {
			return gerr
		}
		return h.showSplit(w, r, o, v.Get("dropped"), v.Get("reason"), err)
	}
	if err != nil {
		return err
	}
	if len(done.Kept) == 0 {
		return h.web.Redirect(w, r, orgPath(done.Org.ID, ""), "已拆分，两个档案都恢复了合并前的内容")
	}
	names := ""
	for _, f := range done.Kept {
		names = ui.Words(names, say(r, party.FieldTitle(f)))
	}
	return h.web.Redirect(w, r, orgPath(done.Org.ID, ""),
		"已拆分。原档案中合并后又改过的字段保留了现在的内容：%s", names)
}
