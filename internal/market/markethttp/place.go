package markethttp

import (
	"context"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// placeName is the name of a region: 小店区 at home in Taiyuan, 山西省大同市平城区 elsewhere.
func (h *Handler) placeName(code region.Code) string {
	if code == "" {
		return ""
	}
	return h.deps.Dict.PlaceName(h.home(), code)
}

// maxPlaces is how many places a filter offers.
const maxPlaces = 200

// districts are the divisions right below the site's place.
func (h *Handler) districts() []region.Code {
	home := h.home()
	if home == "" || home.Level() == region.LevelCounty {
		return nil
	}
	// The names of places are not guarded; the program reads them, whoever asks.
	reads := authz.Actor{Role: authz.Officer, Via: authz.ViaSystem}
	page, err := h.deps.Dict.Items(reads, dict.Query{List: dict.Regions, Parent: string(home),
		Tree: true}, db.PageReq{Limit: maxPlaces})
	if err != nil {
		return nil // a code that the dictionary does not know has no districts
	}
	var out []region.Code
	for _, it := range page.Items {
		if it.Kind == "" {
			out = append(out, region.Code(it.Code))
		}
	}
	return out
}

// placeOptions offers the districts of the site's city, the city and its province, and the chosen
// place where it is another.
func (h *Handler) placeOptions(chosen region.Code) []ui.Option {
	var out []ui.Option
	add := func(code region.Code) {
		if code != "" && !has(out, string(code)) {
			out = append(out, ui.Option{Value: string(code), Text: h.placeName(code)})
		}
	}
	for _, code := range h.districts() {
		add(code)
	}
	add(h.home())
	add(h.home().Province())
	if h.deps.Dict.Has(dict.Regions, string(chosen), "") {
		add(chosen)
	}
	return out
}

func has(list []ui.Option, value string) bool {
	for _, o := range list {
		if o.Value == value {
			return true
		}
	}
	return false
}

// pick is a pick list as a form sends it: the picked values, and the text in its box.
type pick struct {
	values []string
	text   string
}

// readPick reads the pick list called name. A value whose removal was asked for is left out.
func readPick(v url.Values, name string) pick {
	p := pick{text: strings.TrimSpace(v.Get(name + "_q"))}
	for _, x := range v[name] {
		if x != "" && x != v.Get("drop_"+name) {
			p.values = append(p.values, x)
		}
	}
	return p
}

func (p pick) first() string {
	if len(p.values) == 0 {
		return ""
	}
	return p.values[0]
}

// dropped reports whether the button that takes a pick away was pressed.
func dropped(v url.Values, names ...string) bool {
	for _, n := range names {
		if v.Get("drop_"+n) != "" {
			return true
		}
	}
	return false
}

// findPlace returns the one place that a text means: its code, its name or its full name.
func (h *Handler) findPlace(by authz.Actor, text string) (region.Code, error) {
	if h.deps.Dict.Has(dict.Regions, text, "") {
		return region.Code(text), nil
	}
	var found []region.Code
	for _, under := range []string{string(h.home()), string(h.home().Province()), ""} {
		page, err := h.deps.Dict.Items(by, dict.Query{List: dict.Regions, Text: text, Under: under},
			db.PageReq{Limit: maxPlaces})
		if err != nil {
			continue // too long a text fits nothing
		}
		for _, it := range page.Items {
			code := region.Code(it.Code)
			if it.Kind != dict.Group && (it.Name == text || h.deps.Dict.RegionName(code, "") == text) {
				found = append(found, code)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fault.New(fault.Invalid, "没有找到“%s”，请换个写法，或填写代码", short(text))
	}
	var names []string
	for _, code := range found[:min(len(found), 5)] {
		names = append(names, h.deps.Dict.RegionName(code, "")+" "+string(code))
	}
	return "", fault.New(fault.Invalid, "“%s”不止一个，请填写其中一个的代码：%s", short(text),
		strings.Join(names, "; "))
}

// short keeps messages readable when somebody sends a page of text.
func short(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if runes := []rune(s); len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return s
}

// findOrg returns the one organisation that a text names.
func (h *Handler) findOrg(ctx context.Context, by authz.Actor, text string) (string, error) {
	page, err := h.deps.Party.ListOrganisations(ctx, by, party.OrgFilter{Query: text}, "",
		db.PageReq{Limit: 10})
	if err != nil {
		return "", err
	}
	var same []string
	for _, o := range page.Items {
		if o.Name == text {
			same = append(same, o.ID)
		}
	}
	switch {
	case len(same) == 1:
		return same[0], nil
	case len(same) == 0 && len(page.Items) == 1:
		return page.Items[0].ID, nil
	case len(page.Items) == 0:
		return "", fault.New(fault.Invalid, "主体库中没有“%s”", short(text))
	}
	var names []string
	for _, o := range page.Items[:min(len(page.Items), 5)] {
		names = append(names, o.Name)
	}
	return "", fault.New(fault.Invalid, "“%s”不止一个，请填写全名：%s", short(text),
		strings.Join(names, "; "))
}

// orgName is the name of an organisation, its id when the actor may not read it.
func (h *Handler) orgName(ctx context.Context, by authz.Actor, orgID string) string {
	if orgID == "" {
		return ""
	}
	o, err := h.deps.Party.GetOrganisation(ctx, by, orgID)
	if err != nil {
		return orgID
	}
	return o.Name
}

// orgPick is a pick list of organisations.
func (h *Handler) orgPick(
	ctx context.Context, by authz.Actor, in ui.Input, p pick, many bool, err error,
) ui.Combo {
	in.Value, in.Err = p.text, errAt(i18n.From(ctx), err, in.Name)
	c := ui.Combo{Input: in, Source: "/pick/org", Many: many}
	for _, orgID := range p.values {
		c.Picked = append(c.Picked, ui.Option{Value: orgID, Text: h.orgName(ctx, by, orgID)})
	}
	return c
}

// placePick is the pick list of the place of a post.
func (h *Handler) placePick(ctx context.Context, f postForm, err error) ui.Combo {
	c := ui.Combo{Source: "/pick/region", Input: ui.Input{Name: "region", Value: f.place,
		Label: i18n.T(ctx, "所在地区"), Hint: i18n.T(ctx, "输入区县、城市或行政区划代码，再选择"),
		Err: errAt(i18n.From(ctx), err, "region")}}
	if code := f.data.Region; code != "" {
		c.Picked = []ui.Option{{Value: string(code), Text: h.deps.Dict.RegionName(code, "")}}
	}
	return c
}
