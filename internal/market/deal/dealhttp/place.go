package dealhttp

import (
	"context"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// pick is a pick list as a form sends it: the picked value, and the text in its box.
type pick struct{ value, text string }

// readPick reads the pick list called name. A value whose removal was asked for is left out.
func readPick(v url.Values, name string) pick {
	p := pick{text: strings.TrimSpace(v.Get(name + "_q"))}
	for _, x := range v[name] {
		if x != "" && x != v.Get("drop_"+name) {
			p.value = x
		}
	}
	return p
}

// dropped reports whether the button that takes a pick away was pressed.
func dropped(v url.Values, name string) bool { return v.Get("drop_"+name) != "" }

// findOrg returns the one organisation that a text names.
func (h *Handler) findOrg(ctx context.Context, by authz.Actor, text string) (string, error) {
	page, err := h.deps.Party.ListOrganisations(ctx, by, party.OrgFilter{Query: text}, "",
		db.PageReq{Limit: 10})
	if err != nil {
		return "", err
	}
	var same, names []string
	for _, o := range page.Items {
		if o.Name == text {
			same = append(same, o.ID)
		}
		names = append(names, o.Name)
	}
	switch {
	case len(same) == 1:
		return same[0], nil
	case len(same) == 0 && len(page.Items) == 1:
		return page.Items[0].ID, nil
	case len(page.Items) == 0:
		return "", fault.New(fault.Invalid, "主体库中没有“%s”", short(text))
	}
	return "", fault.New(fault.Invalid, "“%s”不止一个，请填写全名：%s", short(text),
		strings.Join(names[:min(len(names), 5)], "; "))
}

// resolve looks up what was typed into the box of a pick list of organisations.
func (h *Handler) resolve(
	ctx context.Context, by authz.Actor, name string, p *pick, wrong *[]fault.Field,
) {
	if p.text == "" {
		return
	}
	orgID, err := h.findOrg(ctx, by, p.text)
	if e, ok := fault.As(err); ok {
		*wrong = append(*wrong, fault.At(name, e.Key, e.Args...))
		return
	}
	p.value, p.text = orgID, ""
}

// orgPick is a pick list of organisations.
func (h *Handler) orgPick(
	ctx context.Context, by authz.Actor, in ui.Input, p pick, err error,
) ui.Combo {
	in.Value, in.Err = p.text, errAt(i18n.From(ctx), err, in.Name)
	c := ui.Combo{Input: in, Source: "/pick/org"}
	if p.value != "" {
		name := p.value
		if o, err := h.deps.Party.GetOrganisation(ctx, by, p.value); err == nil {
			name = o.Name
		}
		c.Picked = []ui.Option{{Value: p.value, Text: name}}
	}
	return c
}
