package partyhttp

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// orgForm is a form about an organisation: what was typed, and what it means.
type orgForm struct {
	data     party.OrgData
	capital  string // 注册资本 as typed, in 万元
	points   []pointText
	region   string // text in the box beside the pick
	industry string
	source   string
	asOf     string
	version  int64
	key      string
	wrong    []fault.Field // what could not be read
}

// pointText is a point as typed.
type pointText struct{ lon, lat, system string }

func (f *orgForm) bad(field, key string, args ...any) {
	f.wrong = append(f.wrong, fault.At(field, key, args...))
}

// formOf shows stored data in a form.
func formOf(o party.Org) orgForm {
	f := orgForm{data: o.OrgData, version: o.Version, capital: capitalText(o.CapitalFen)}
	for _, a := range o.Addresses {
		p := pointText{system: string(a.Point.System)}
		if p.system != "" {
			p.lon, p.lat = a.Point.Degrees()
		}
		f.points = append(f.points, p)
	}
	return f
}

func capitalText(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return i18n.AmountIn(f, money.Wan)
}

// maxRows bounds the rows of a form that are read; the room says what is too many for a record.
const maxRows = 60

// readOrgForm reads a form. Rows are numbered anew, so that messages meet the rows they are about.
func (h *Handler) readOrgForm(by authz.Actor, v url.Values) orgForm {
	f := orgForm{capital: v.Get("capitalFen"), source: strings.TrimSpace(v.Get("source")),
		asOf: v.Get("asOf"), key: v.Get("key")}
	f.version, _ = strconv.ParseInt(v.Get("version"), 10, 64) // a wrong one is stale
	f.data = party.OrgData{
		Name: v.Get("name"), NameEn: v.Get("nameEn"), USCC: v.Get("uscc"), Kind: v.Get("kind"),
		Standing: v.Get("standing"), Founded: clock.Date(v.Get("founded")),
		LegalPerson: v.Get("legalPerson"), Website: v.Get("website"), Summary: v.Get("summary"),
	}
	if strings.TrimSpace(f.capital) != "" {
		fen, err := money.Parse(f.capital, money.Wan)
		if e, ok := fault.As(err); ok {
			f.bad("capitalFen", e.Key, e.Args...)
		}
		f.data.CapitalFen = fen
	}
	f.pickCodes(h, by, v)
	for i, n := range ui.RowNumbers(v, "addresses") {
		if i == maxRows {
			break
		}
		f.addAddress(v, n)
	}
	for i, n := range ui.RowNumbers(v, "contacts") {
		if i == maxRows {
			break
		}
		get := func(name string) string { return v.Get(ui.RowName("contacts", n, name)) }
		f.data.Contacts = append(f.data.Contacts, party.Contact{Name: get("name"),
			Duty: get("duty"), Phone: get("phone"), Email: get("email")})
	}
	return f
}

// pickCodes reads region and industry: the picked code, or the text of somebody without scripts.
func (f *orgForm) pickCodes(h *Handler, by authz.Actor, v url.Values) {
	pick := func(name string, list dict.ListID) (string, string) {
		code, text := v.Get(name), strings.TrimSpace(v.Get(name+"_q"))
		if v.Get("drop_"+name) != "" {
			return "", text
		}
		if text == "" {
			return code, ""
		}
		found, err := h.resolve(by, list, text)
		if e, ok := fault.As(err); ok {
			f.bad(name, e.Key, e.Args...)
			return code, text
		}
		return found, ""
	}
	var code string
	code, f.region = pick("region", dict.Regions)
	f.data.Region = region.Code(code)
	f.data.Industry, f.industry = pick("industry", dict.Industries)
}

// resolve finds the one entry that a text means: its code, its name or its full name.
func (h *Handler) resolve(by authz.Actor, list dict.ListID, text string) (string, error) {
	if h.dict.Has(list, strings.ToUpper(text), "") {
		return strings.ToUpper(text), nil
	}
	full := func(it dict.Item) string {
		if list == dict.Regions {
			return h.dict.RegionName(region.Code(it.Code), "")
		}
		return it.Code + " " + it.Name
	}
	var exact, like []dict.Item
	for _, it := range h.findItems(by, list, lastPart(text)) {
		name := full(it)
		switch {
		case name == text:
			return it.Code, nil
		case it.Name == text:
			exact = append(exact, it)
		}
		if strings.Contains(name, text) {
			like = append(like, it)
		}
	}
	if len(exact) == 1 {
		return exact[0].Code, nil
	}
	if len(exact) == 0 && len(like) == 1 {
		return like[0].Code, nil
	}
	if len(exact) == 0 && len(like) == 0 {
		return "", fault.New(fault.Invalid, "没有找到“%s”，请换个写法，或填写代码", short(text))
	}
	if len(exact) > 0 {
		like = exact
	}
	var names []string
	for _, it := range like[:min(len(like), 5)] {
		names = append(names, strings.TrimPrefix(full(it), it.Code+" ")+" "+it.Code)
	}
	return "", fault.New(fault.Invalid, "“%s”不止一个，请填写其中一个的代码：%s", short(text),
		strings.Join(names, "; "))
}

// lastPart is the last place of a full name such as 山西省太原市小店区, by which it is searched.
func lastPart(text string) string {
	runes := []rune(text)
	end := len(runes) - 1
	for i := end - 1; i > 0; i-- {
		if strings.ContainsRune(regionEndings, runes[i]) && end-i >= 2 {
			return string(runes[i+1:])
		}
	}
	return text
}

func (f *orgForm) addAddress(v url.Values, n int) {
	get := func(name string) string { return v.Get(ui.RowName("addresses", n, name)) }
	a := party.Address{Kind: get("kind"), Region: region.Code(get("region")), Line: get("line")}
	p := pointText{strings.TrimSpace(get("lon")), strings.TrimSpace(get("lat")), get("system")}
	if p.lon != "" || p.lat != "" {
		point, err := region.ParsePoint(p.lon, p.lat, region.System(p.system))
		if e, ok := fault.As(err); ok {
			for _, x := range e.Fields {
				f.bad(ui.RowName("addresses", len(f.data.Addresses), x.Name), x.Key, x.Args...)
			}
		} else {
			a.Point = point
		}
	}
	f.data.Addresses = append(f.data.Addresses, a)
	f.points = append(f.points, p)
}

// check returns what could not be read together with what the room finds wrong, so that everything
// is said at once. It is nil when everything could be read.
func (f *orgForm) check() error {
	if len(f.wrong) == 0 {
		return nil
	}
	all := f.wrong
	f.data.Normalise()
	if e, ok := fault.As(f.data.Validate()); ok {
		for _, x := range e.Fields {
			if !named(f.wrong, x.Name) {
				all = append(all, x)
			}
		}
	}
	return fault.Fields(all...)
}

func named(list []fault.Field, name string) bool {
	for _, x := range list {
		if x.Name == name {
			return true
		}
	}
	return false
}

// edited does what the buttons inside a form ask for without scripts: add or remove a row, drop a
// pick. It reports whether one of them was pressed; then nothing is saved.
func (f *orgForm) edited(v url.Values) bool {
	switch v.Get("add") {
	case "addresses":
		f.data.Addresses = append(f.data.Addresses, party.Address{})
		f.points = append(f.points, pointText{})
		return true
	case "contacts":
		f.data.Contacts = append(f.data.Contacts, party.Contact{})
		return true
	}
	list, digits, _ := strings.Cut(v.Get("remove"), ".")
	n, err := strconv.Atoi(digits)
	if err == nil && (list == "addresses" || list == "contacts") {
		f.remove(list, position(ui.RowNumbers(v, list), n))
		return true
	}
	return v.Get("drop_region") != "" || v.Get("drop_industry") != ""
}

func (f *orgForm) remove(list string, at int) {
	switch {
	case list == "addresses" && at >= 0 && at < len(f.points):
		f.data.Addresses = append(f.data.Addresses[:at], f.data.Addresses[at+1:]...)
		f.points = append(f.points[:at], f.points[at+1:]...)
	case list == "contacts" && at >= 0 && at < len(f.data.Contacts):
		f.data.Contacts = append(f.data.Contacts[:at], f.data.Contacts[at+1:]...)
	}
}

func position(list []int, n int) int {
	for i, x := range list {
		if x == n {
			return i
		}
	}
	return -1
}

// formFields are the fields of the form that are not in rows.
var formFields = []string{
	"name", "nameEn", "uscc", "kind", "region", "region_q", "industry", "industry_q", "standing",
	"founded", "legalPerson", "capitalFen", "website", "summary", "source", "asOf",
}

// typed keeps the fields of the form out of everything that was sent.
func typed(v url.Values) url.Values {
	out := url.Values{}
	for name, values := range v {
		row := strings.HasPrefix(name, "addresses.") || strings.HasPrefix(name, "contacts.")
		if (row || oneOf(formFields, name)) && !(len(values) == 1 && values[0] == "") {
			out[name] = values
		}
	}
	return out
}

func oneOf(list []string, name string) bool {
	for _, x := range list {
		if x == name {
			return true
		}
	}
	return false
}

// orgFieldText is the value of a field in words, for comparing versions and records.
func (h *Handler) orgFieldText(ctx context.Context, o party.OrgData, name string) string {
	l := i18n.From(ctx)
	switch name {
	case "name":
		return o.Name
	case "nameEn":
		return o.NameEn
	case "uscc":
		return grouped(o.USCC)
	case "kind":
		return titled(ctx, party.OrgKinds(), o.Kind)
	case "region":
		return h.dict.RegionName(o.Region, "")
	case "industry":
		return ui.Words(o.Industry, h.industryName(o.Industry))
	case "standing":
		return titled(ctx, party.Standings(), o.Standing)
	case "founded":
		return string(o.Founded)
	case "legalPerson":
		return o.LegalPerson
	case "capitalFen":
		if o.CapitalFen == 0 {
			return ""
		}
		return i18n.Yuan(l, o.CapitalFen)
	case "website":
		return o.Website
	case "summary":
		return o.Summary
	case "addresses":
		return h.addressText(ctx, o.Addresses)
	case "contacts":
		return contactText(o.Contacts)
	}
	return ""
}

func (h *Handler) addressText(ctx context.Context, list []party.Address) string {
	var out []string
	for _, a := range list {
		point := ""
		if a.Point.System != "" {
			lon, lat := a.Point.Degrees()
			point = lon + ", " + lat + " " + string(a.Point.System)
		}
		out = append(out, ui.Words(titled(ctx, party.AddressKinds(), a.Kind), h.placeName(a.Region),
			a.Line, point))
	}
	return strings.Join(out, "\n")
}

func contactText(list []party.Contact) string {
	var out []string
	for _, c := range list {
		out = append(out, ui.Words(c.Name, c.Duty, c.Phone, c.Email))
	}
	return strings.Join(out, "\n")
}

// recordFields are the fields of a record in the order of its page.
var recordFields = []string{
	"name", "nameEn", "uscc", "kind", "region", "industry", "standing", "founded", "legalPerson",
	"capitalFen", "website", "summary", "addresses", "contacts",
}
