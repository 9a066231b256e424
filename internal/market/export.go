package market

import (
	"context"
	"io"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Export says how a list leaves as a file. The file names who took it, when, and by which filter.
type Export struct {
	Format sheet.Format
	By     string // name of the actor for people
	Filter string // the filter in words, "" = everything
}

// WritePosts writes the posts of a list that the actor may export, in the form of PostSheet, and
// returns how many there were. The filter names the kind. Only posts that the actor may read all of
// are written, and no contacts.
func (s *Service) WritePosts(
	ctx context.Context, by authz.Actor, f PostFilter, e Export, w io.Writer,
) (int, error) {
	if !PostPolicy.Could(by, ActPostExport) {
		return 0, PostPolicy.May(by, ActPostExport,
			Post{State: Published, PostData: PostData{Visibility: Open}})
	}
	if TitleOf(Kinds(), string(f.Kind)) == "" {
		return 0, fault.Fields(fault.At("kind", "请选择一项"))
	}
	where := s.postScope(by, f, "").AndAll(PostPolicy.Scope(by, ActPostExport)).
		AndAll(PostPolicy.Scope(by, ActPostWhole))
	rows := func(yield func([]any, error) bool) {
		req := db.PageReq{Limit: db.MaxLimit}
		for {
			page, err := db.List(ctx, s.unit.DB(), postList, where, postList.Order("code"), req, scanPost)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, p := range page.Items {
				if !yield(p.cells(ctx), nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			req.After = page.Next
		}
	}
	name := e.By
	if name == "" {
		name = by.Login
	}
	spec := PostSheet(f.Kind)
	n, err := sheet.Write(ctx, w, e.Format, spec, rows, sheet.Meta{Title: i18n.T(ctx, spec.Title), By: name,
		At: s.unit.Clock().Now(), Filter: e.Filter})
	if err != nil {
		return n, err
	}
	return n, s.unit.Write(ctx, by, "market.WritePosts", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindPost, What: "export",
			Detail: map[string]any{"filter": f, "rows": n}})
		return nil
	})
}

// cells are the values of PostSheet's columns.
func (p Post) cells(ctx context.Context) []any {
	said := func(choices []Choice, value string) string { return i18n.T(ctx, TitleOf(choices, value)) }
	modes := make([]string, len(p.Modes))
	for i, m := range p.Modes {
		modes[i] = said(ModeChoices(), m)
	}
	sorts := NeedKinds()
	if p.Kind == Achievement {
		sorts = ResultKinds()
	}
	var level any
	if p.TRL != 0 {
		level = p.TRL
	}
	amount := func(fen int64) any {
		if p.PriceHiFen == 0 {
			return nil
		}
		return fen
	}
	out := []any{p.Title, p.Text, p.OrgName, string(p.Region), said(Fields(), p.Field),
		said(sorts, p.sort()), p.Chain, strings.Join(p.Keywords, cellMark), strings.Join(modes, cellMark),
		amount(int64(p.PriceLoFen)), amount(int64(p.PriceHiFen)), level,
		texts(p.Parameters, Parameter.Text)}
	if p.Kind == Need {
		out = append(out, string(p.Deadline), p.Current)
	} else {
		out = append(out, said(Pricings(), p.Pricing),
			texts(p.Rights, func(r Right) string { return strings.TrimSpace(r.Number + " " + r.Title) }),
			p.PayLater, p.Ready)
	}
	nature := ""
	if p.Invented() {
		nature = i18n.T(ctx, "示范数据")
	}
	return append(out, said(Visibilities(), string(p.Visibility)), "", "", "", p.Code,
		i18n.T(ctx, StateTitle(p.Kind, p.State)), nature)
}

// StateTitle returns the title of a state of posts of a kind, a key of package i18n.
func StateTitle(k Kind, state string) string {
	for _, s := range ProcessOf(k).Def().States {
		if s.Name == state {
			return s.Title
		}
	}
	return state
}
