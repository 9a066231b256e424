package kit

import (
	"context"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// PlaceName is the name of a region: 小店区 at home in Taiyuan, 山西省大同市平城区 elsewhere.
func (k Kit) PlaceName(code region.Code) string {
	if code == "" || k.Dict == nil {
		return string(code)
	}
	home := k.HomeCode()
	if home != "" && (code == home || home.Contains(code)) {
		if name, ok := k.Dict.Name(dict.Regions, string(code), ""); ok {
			return name
		}
	}
	return k.Dict.RegionName(code, "")
}

// maxPlaces is how many places a filter offers.
const maxPlaces = 200

// PlaceOptions offers the site's place with its parts.
func (k Kit) PlaceOptions(ctx context.Context, by authz.Actor, empty, chosen string) []ui.Option {
	out := []ui.Option{{Text: i18n.T(ctx, empty)}}
	known := map[string]bool{}
	add := func(code string) {
		if !known[code] {
			known[code] = true
			out = append(out, ui.Option{Value: code, Text: k.PlaceName(region.Code(code))})
		}
	}
	if home := k.HomeCode(); home != "" && k.Dict != nil {
		add(string(home))
		page, err := k.Dict.Items(by, dict.Query{List: dict.Regions, Parent: string(home), Tree: true},
			db.PageReq{Limit: maxPlaces})
		if err == nil { // a place that the dictionary does not know has no parts
			for _, it := range page.Items {
				if it.Kind != dict.Group {
					add(it.Code)
				}
			}
		}
	}
	if chosen != "" {
		add(chosen)
	}
	return out
}

// Pick is a pick list of organisations as a form sends it.
type Pick struct {
	Name  string
	Value string // id that was picked
	Text  string // in its box
}

// ReadPick reads the pick list called name.
func ReadPick(v url.Values, name string) Pick {
	p := Pick{Name: name, Text: strings.TrimSpace(v.Get(name + "_q"))}
	for _, x := range v[name] {
		if x != "" && x != v.Get("drop_"+name) {
			p.Value = x
		}
	}
	return p
}

// Dropped reports whether the button that takes a pick away was pressed.
func Dropped(v url.Values, name string) bool { return v.Get("drop_"+name) != "" }

// FindOrg fills in the one organisation that was typed instead of picked.
func (k Kit) FindOrg(ctx context.Context, by authz.Actor, p *Pick, f *occasion.Faults) error {
	if p.Value != "" || p.Text == "" {
		return nil
	}
	page, err := k.Party.ListOrganisations(ctx, by, party.OrgFilter{Query: p.Text}, "",
		db.PageReq{Limit: 10})
	if err != nil {
		return f.With(p.Name, err)
	}
	for _, o := range page.Items {
		if o.Name == p.Text || len(page.Items) == 1 {
			p.Value, p.Text = o.ID, ""
			return nil
		}
	}
	if len(page.Items) == 0 {
		f.Add(p.Name, "主体库中没有“%s”", p.Text)
	} else {
		f.Add(p.Name, "“%s”不止一个，请填写全名：%s", p.Text, page.Items[0].Name)
	}
	return nil
}

// OrgPick draws a pick list of organisations.
func (k Kit) OrgPick(
	ctx context.Context, by authz.Actor, in ui.Input, p Pick, err error,
) ui.Combo {
	in.Value, in.Err = p.Text, ErrAt(i18n.From(ctx), err, in.Name)
	c := ui.Combo{Input: in, Source: "/pick/org"}
	if p.Value != "" {
		c.Picked = []ui.Option{{Value: p.Value, Text: k.OrgName(ctx, by, p.Value)}}
	}
	return c
}

// OrgName is the name of an organisation, its id when the actor may not read it.
func (k Kit) OrgName(ctx context.Context, by authz.Actor, orgID string) string {
	if orgID == "" {
		return ""
	}
	o, err := k.Party.GetOrganisation(ctx, by, orgID)
	if err != nil {
		return orgID
	}
	return o.Name
}

// MomentInput asks for a time, as text that every browser takes.
func MomentInput(name, label string, us int64, typed url.Values) ui.Input {
	in := ui.Input{Name: name, Label: label, Value: occasion.MomentText(us), Width: ui.W18,
		Placeholder: "2026-12-10 09:30"}
	if us == occasion.Unreadable {
		in.Value = typed.Get(name)
	}
	return in
}

// Merge adds what a room says is wrong to what could not be read.
func Merge(f occasion.Faults, err error) error {
	e, ok := fault.As(err)
	if err == nil || !ok || e.Kind != fault.Invalid || len(f) == 0 {
		if err == nil {
			return f.Err()
		}
		return err
	}
	seen := map[string]bool{}
	for _, x := range f {
		seen[x.Name] = true
	}
	for _, x := range e.Fields {
		if !seen[x.Name] {
			f = append(f, x)
		}
	}
	return f.Err()
}
