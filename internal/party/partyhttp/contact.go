package partyhttp

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// contactTitles are the values of a contact that are shown in part.
var contactTitles = map[string]string{"name": "姓名", "phone": "电话", "email": "邮箱"}

// contactMask is the place on the page of a value of contact i.
func contactMask(i int, field string) string { return "c-" + strconv.Itoa(i) + "-" + field }

// contactCell shows a value of contact i, with a way to the whole of it for those who see it in
// part and may see more.
func contactCell(
	r *http.Request, o party.Org, i int, field, value string, reveals bool,
) ui.Cell {
	if value == "" || !reveals {
		return ui.Cell{Text: ui.OrDash(value), Mono: field == "phone" && value != ""}
	}
	return ui.Cell{Body: ui.MaskedValue(ui.Mask{ID: contactMask(i, field), Shown: value,
		Note: say(r, "查看将留痕"), Reveal: orgPath(o.ID, "reveal") + "?contact=" + strconv.Itoa(i) +
			"&field=" + field + "&version=" + strconv.FormatInt(o.Version, 10)})}
}

// postContact shows one value of a contact in full; the room records it.
func (h *Handler) postContact(w http.ResponseWriter, r *http.Request) error {
	ctx, by, orgID, field := r.Context(), web.Actor(r), r.PathValue("id"), r.FormValue("field")
	at, err := strconv.Atoi(r.FormValue("contact"))
	if err != nil {
		at = -1 // nobody's place
	}
	version, _ := strconv.ParseInt(r.FormValue("version"), 10, 64) // a wrong one is stale
	value, err := h.party.RevealContact(ctx, by,
		party.ContactField{Org: orgID, Contact: at, Field: field, Version: version})
	if err != nil {
		return err
	}
	o, err := h.party.GetOrganisation(ctx, by, orgID)
	if err != nil {
		return err
	}
	fact := ui.Fact{Term: say(r, contactTitles[field]), Text: value, Mono: field != "name"}
	body := templ.Join(ui.PageHead(ui.Head{Title: orgName(ctx, o)}),
		ui.Banner(ui.Warn, say(r, "这次查看已记入时间线。")), ui.Facts("", []ui.Fact{fact}),
		ui.Button(ui.Action{Text: say(r, "返回"), Href: orgPath(o.ID, "contacts")}))
	return h.web.Render(w, r, web.View{Page: h.orgPage(r, o, "查看完整信息"), Body: body,
		Part: ui.MaskedValue(ui.Mask{ID: contactMask(at, field), Shown: value})})
}
