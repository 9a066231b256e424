package partyhttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// personForm is a form about a person. It has no draft on the server: identity numbers are kept
// encrypted or not at all.
type personForm struct {
	data    party.PersonData
	org     string // of a new person
	orgText string
	duty    string
	from    string
	version int64
	key     string
	wrong   error
}

// findOrgs finds organisations by name or credit code.
func (h *Handler) findOrgs(
	ctx context.Context, by authz.Actor, text string,
) ([]party.Org, error) {
	if len([]rune(text)) > maxQuery {
		return nil, nil
	}
	page, err := h.party.ListOrganisations(ctx, by, party.OrgFilter{Query: text}, "name",
		db.PageReq{Limit: maxPicks})
	return page.Items, err
}

// getPickOrg answers the pick list of organisations.
func (h *Handler) getPickOrg(w http.ResponseWriter, r *http.Request) error {
	text := strings.TrimSpace(r.FormValue("q"))
	var out []ui.Option
	if text != "" {
		list, err := h.findOrgs(r.Context(), web.Actor(r), text)
		if err != nil {
			return err
		}
		for _, o := range list {
			out = append(out, ui.Option{Value: o.ID, Text: orgName(r.Context(), o),
				Hint: ui.Words(grouped(o.USCC), h.placeName(o.Region))})
		}
	}
	return h.sendOptions(w, r, out)
}

func (h *Handler) readPersonForm(
	ctx context.Context, by authz.Actor, v url.Values, fresh bool,
) (personForm, error) {
	f := personForm{duty: v.Get("duty"), from: v.Get("from"), key: v.Get("key")}
	f.version, _ = strconv.ParseInt(v.Get("version"), 10, 64) // a wrong one is stale
	f.data = party.PersonData{Name: v.Get("name"), NameEn: v.Get("nameEn"), Gender: v.Get("gender"),
		IDNumber: v.Get("idNumber"), Title: v.Get("title"), Degree: v.Get("degree"),
		Phone: v.Get("phone"), Email: v.Get("email"), ORCID: v.Get("orcid"),
		Summary: v.Get("summary"), Public: v.Get("public") == "1"}
	f.data.Fields = splitWords(v.Get("fields"))
	if !fresh {
		return f, nil
	}
	var err error
	f.org, f.orgText, err = h.pickedOrg(ctx, by, v, "org")
	if v.Get("drop_org") != "" {
		f.org, err = "", nil
	}
	if fault.Is(err, fault.Invalid) {
		f.wrong, err = err, nil
	}
	return f, err
}

// splitWords cuts a line of words at any of the marks people put between them.
func splitWords(s string) []string {
	var out []string
	for _, x := range strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune(wordMarks, r)
	}) {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// getPersonNew shows the empty form.
func (h *Handler) getPersonNew(w http.ResponseWriter, r *http.Request) error {
	if !party.PersonPolicy.Could(web.Actor(r), party.ActPersonCreate) {
		return fault.New(fault.Forbidden, "您不能登记人员")
	}
	f := personForm{key: id.New(), org: r.FormValue("org")}
	return h.showPersonNew(w, r, f, false, nil, nil, http.StatusOK)
}

func (h *Handler) showPersonNew(
	w http.ResponseWriter, r *http.Request, f personForm, confirm bool, like []alike, failed error,
	status int,
) error {
	p := h.web.Page(r, "登记人员")
	p.Crumbs = []ui.Link{{Text: say(r, "人才库"), Href: "/people"}, {Text: p.Title}}
	form := ui.FormView{ID: "person", Action: "/people/new", Guard: true,
		Buttons: []ui.Action{{Text: say(r, "登记"), Primary: true, Name: "do", Value: "save"},
			{Text: say(r, "取消"), Href: "/people"}}}
	if confirm {
		form.Buttons[0] = ui.Action{Text: say(r, "仍要登记"), Primary: true, Name: "confirm", Value: "1"}
	}
	job := []ui.Input{{Name: "duty", Label: say(r, "职务"), Value: f.duty, Optional: true,
		MaxLen: party.MaxLine, AutoComplete: "off"},
		{Kind: dayKind(f.from), Name: "from", Label: say(r, "任职开始日期"), Value: f.from, Optional: true,
			Width: ui.W14}}
	ui.Mark(lang(r), job, failed)
	place := h.orgPick(r, "org", f.org, f.orgText, say(r, "单位"), failed)
	place.Optional = party.PersonPolicy.May(web.Actor(r), party.ActPersonCreate, party.Person{}) == nil
	work := ui.With(ui.FieldSet(say(r, "主要任职"), ""), ui.Combobox(place), fields(job))
	body := templ.Join(ui.PageHead(ui.Head{Title: p.Title}),
		h.personFormView(r, f, form, similarPeopleBox(like, confirm), work, failed))
	return h.web.Render(w, r, web.View{Status: status, Page: p, Body: body})
}

func (h *Handler) personFormView(
	r *http.Request, f personForm, form ui.FormView, above, below templ.Component, failed error,
) templ.Component {
	form.Summary = ui.SummaryOf(lang(r), failed)
	form.Hidden = append(form.Hidden, ui.Hidden{Name: "key", Value: f.key})
	in := personInputs(r, f)
	ui.Mark(lang(r), in, fieldFaults(failed))
	return ui.With(ui.Form(form), above, fields(in), below)
}

// fieldFaults names the one line of research fields for what is said about one of them.
func fieldFaults(err error) error {
	e, ok := fault.As(err)
	if !ok {
		return err
	}
	list := make([]fault.Field, 0, len(e.Fields))
	for _, x := range e.Fields {
		if strings.HasPrefix(x.Name, "fields.") {
			x.Name = "fields"
		}
		list = append(list, x)
	}
	return fault.Fields(list...)
}

func personInputs(r *http.Request, f personForm) []ui.Input {
	ctx := r.Context()
	none := []ui.Option{{Text: say(r, "不填")}}
	public := ""
	if f.data.Public {
		public = "1"
	}
	return []ui.Input{
		{Name: "name", Label: say(r, "姓名"), Value: f.data.Name, MaxLen: party.MaxLine, Width: ui.W14,
			AutoComplete: "off"},
		{Name: "nameEn", Label: say(r, "英文姓名"), Value: f.data.NameEn, Optional: true,
			MaxLen: party.MaxName, AutoComplete: "off"},
		{Kind: ui.InSelect, Name: "gender", Label: say(r, "性别"), Value: f.data.Gender, Optional: true,
			Width: ui.W10, Options: append(none[:1:1], choices(ctx, party.Genders())...)},
		{Name: "title", Label: say(r, "职称"), Value: f.data.Title, Optional: true, Width: ui.W18,
			MaxLen: party.MaxField, AutoComplete: "off", Hint: say(r, "如 教授、高级工程师")},
		{Kind: ui.InSelect, Name: "degree", Label: say(r, "学位"), Value: f.data.Degree, Optional: true,
			Width: ui.W10, Options: append(none[:1:1], choices(ctx, party.Degrees())...)},
		{Name: "fields", Label: say(r, "研究领域"), Value: strings.Join(f.data.Fields, "; "),
			Optional: true, Hint: say(r, "多个领域用分号隔开，最多 %d 个", party.MaxFields), MaxLen: 500},
		{Kind: ui.InTel, Name: "phone", Label: say(r, "电话"), Value: f.data.Phone, Optional: true,
			Width: ui.W18, AutoComplete: "off", MaxLen: 40,
			Hint: say(r, "带 * 的内容不改动就保持原值")},
		{Kind: ui.InEmail, Name: "email", Label: say(r, "邮箱"), Value: f.data.Email, Optional: true,
			AutoComplete: "off", MaxLen: 254},
		{Name: "idNumber", Label: say(r, "身份证号码"), Value: f.data.IDNumber, Optional: true,
			Width: ui.W18, Mono: true, AutoComplete: "off", MaxLen: 30,
			Hint: say(r, "加密保存，只有授权人员可以查看，每次查看留痕")},
		{Name: "orcid", Label: "ORCID", Value: f.data.ORCID, Optional: true, Width: ui.W18, Mono: true,
			AutoComplete: "off", MaxLen: 60, Placeholder: "0000-0002-1825-0097"},
		{Kind: ui.InArea, Name: "summary", Label: say(r, "简介"), Value: f.data.Summary, Optional: true,
			MaxLen: party.MaxSummary, Count: true},
		{Kind: ui.InCheck, Name: "public", Value: public,
			Text: say(r, "本人同意在公开的专家名单中显示姓名、单位、职称和研究领域")},
	}
}

// postPersonNew registers a person.
func (h *Handler) postPersonNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	ctx, by := r.Context(), web.Actor(r)
	f, err := h.readPersonForm(ctx, by, r.PostForm, true)
	if err != nil {
		return err
	}
	if r.PostForm.Get("drop_org") != "" {
		return h.showPersonNew(w, r, f, false, nil, nil, http.StatusOK)
	}
	again := func(err error) error {
		return h.showPersonNew(w, r, f, false, nil, err, http.StatusUnprocessableEntity)
	}
	if f.wrong != nil {
		return again(f.wrong)
	}
	if !party.PersonPolicy.Could(by, party.ActPersonCreate) {
		return fault.New(fault.Forbidden, "您不能登记人员")
	}
	check := f.data
	check.Normalise()
	if r.PostForm.Get("confirm") != "1" && check.Validate(clock.DateOf(h.now())) == nil {
		like, err := h.party.SimilarPeople(ctx, by, party.SimilarPersonInput{Name: f.data.Name,
			IDNumber: f.data.IDNumber, Phone: f.data.Phone, Org: f.org})
		if err != nil {
			return err
		}
		if len(like) > 0 {
			return h.showPersonNew(w, r, f, true, peopleLikeness(ctx, like), nil,
				http.StatusUnprocessableEntity)
		}
	}
	p, err := h.party.CreatePerson(ctx, by, party.NewPerson{PersonData: f.data, Org: f.org,
		Duty: f.duty, From: clock.Date(f.from), Key: f.key})
	if fault.Is(err, fault.Invalid) {
		return again(err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, personPath(p.ID, ""), "已登记“%s”", p.Name)
}

func peopleLikeness(ctx context.Context, list []party.SimilarPerson) []alike {
	var out []alike
	for _, s := range list {
		note := ui.Words(s.Person.OrgName, s.Person.Title)
		for _, reason := range s.Reasons {
			note = ui.Words(note, i18n.T(ctx, reason))
		}
		out = append(out, alike{s.Person.ID, personName(ctx, s.Person), note})
	}
	return out
}

// getPersonEdit shows the form of a person.
func (h *Handler) getPersonEdit(w http.ResponseWriter, r *http.Request, p party.Person) error {
	if err := party.PersonPolicy.May(web.Actor(r), party.ActPersonUpdate, p); err != nil {
		return err
	}
	f := personForm{data: p.PersonData, version: p.Version, key: id.New()}
	return h.showPersonEdit(w, r, p, f, nil, http.StatusOK)
}

func (h *Handler) showPersonEdit(
	w http.ResponseWriter, r *http.Request, p party.Person, f personForm, failed error, status int,
) error {
	form := ui.FormView{ID: "person", Action: along(r, personPath(p.ID, "edit")), Guard: true,
		Version: strconv.FormatInt(f.version, 10),
		Buttons: []ui.Action{{Text: say(r, "保存"), Primary: true},
			{Text: say(r, "取消"), Href: along(r, personPath(p.ID, ""))}}}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "编辑"), Lead: personName(r.Context(), p)}),
		h.personFormView(r, f, form, templ.NopComponent, templ.NopComponent, failed))
	return h.web.Render(w, r, web.View{Status: status, Page: h.personPage(r, p, "编辑"), Body: body})
}

// postPersonEdit saves a person.
func (h *Handler) postPersonEdit(
	w http.ResponseWriter, r *http.Request, personID string, version int64,
) error {
	ctx, by := r.Context(), web.Actor(r)
	f, err := h.readPersonForm(ctx, by, r.PostForm, false)
	if err != nil {
		return err
	}
	saved, err := h.party.UpdatePerson(ctx, by, party.PersonUpdate{ID: personID,
		PersonData: f.data, Version: version, Key: f.key})
	if err == nil {
		return h.web.Redirect(w, r, along(r, personPath(saved.ID, "")), "已保存")
	}
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return err
	}
	p, gerr := h.party.GetPerson(ctx, by, personID)
	if gerr != nil {
		return gerr
	}
	if fault.Is(err, fault.Invalid) {
		return h.showPersonEdit(w, r, p, f, err, http.StatusUnprocessableEntity)
	}
	if p.Version == version {
		return err
	}
	return h.showStalePerson(w, r, p, f)
}

// personTexts are the fields of a person in words.
func personTexts(ctx context.Context, p party.PersonData) []ui.Change {
	yes := i18n.T(ctx, "否")
	if p.Public {
		yes = i18n.T(ctx, "是")
	}
	var out []ui.Change
	for _, x := range [][2]string{{"name", p.Name}, {"nameEn", p.NameEn},
		{"gender", titled(ctx, party.Genders(), p.Gender)}, {"idNumber", p.IDNumber},
		{"title", p.Title}, {"degree", titled(ctx, party.Degrees(), p.Degree)},
		{"fields", strings.Join(p.Fields, "; ")}, {"phone", p.Phone}, {"email", p.Email},
		{"orcid", p.ORCID}, {"summary", p.Summary}, {"public", yes}} {
		out = append(out, ui.Change{Field: i18n.T(ctx, party.PersonFieldTitle(x[0])), New: x[1]})
	}
	return out
}

func (h *Handler) showStalePerson(
	w http.ResponseWriter, r *http.Request, p party.Person, f personForm,
) error {
	ctx := r.Context()
	keep := url.Values{}
	for _, name := range personFormFields {
		if v := r.PostForm.Get(name); v != "" {
			keep.Set(name, v)
		}
	}
	f.data.Normalise()
	s := ui.Stale{
		Title: say(r, "您填写时，这条记录在 %s 被修改过", i18n.DateTime(lang(r), clock.Time(p.UpdatedUs))),
		Lead:  say(r, "您的内容还没有保存。请比较两个版本，再决定保留哪一个。"),
		Post:  along(r, personPath(p.ID, "edit")), Reload: along(r, personPath(p.ID, "")),
		Hidden: hidden(keep, p.Version, f.key)}
	theirs := personTexts(ctx, p.PersonData)
	for i, mine := range personTexts(ctx, f.data) {
		if mine.New != theirs[i].New {
			s.Fields = append(s.Fields,
				ui.StaleField{Label: mine.Field, Theirs: theirs[i].New, Mine: mine.New})
		}
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "编辑"), Lead: personName(ctx, p)}),
		ui.Diff(s))
	return h.web.Render(w, r, web.View{Status: http.StatusConflict,
		Page: h.personPage(r, p, "编辑"), Body: body})
}

var personFormFields = []string{"name", "nameEn", "gender", "idNumber", "title", "degree", "fields",
	"phone", "email", "orcid", "summary", "public"}
