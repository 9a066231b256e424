package market

import (
	"context"
	"io"
	"iter"
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
// returns how many there were. The filter names the kind. Of a post that the actor may not read all of, there is
// what the list shows; no contacts are in it. ImportPosts reads it again.
//
// The trail says who took a file along; it says nothing of visitors, who take what everybody may read.
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
	spec := PostSheet(f.Kind)
	name := e.By
	if name == "" {
		name = by.Login
	}
	n, err := sheet.Write(ctx, w, e.Format, spec, s.postRows(ctx, by, f, spec), sheet.Meta{
		Title: i18n.T(ctx, spec.Title), By: name, At: s.unit.Clock().Now(), Filter: e.Filter})
	if err != nil || by.Account == "" {
		return n, err
	}
	return n, s.unit.Write(ctx, by, "market.WritePosts", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindPost, What: "export",
			Detail: map[string]any{"filter": f, "rows": n}})
		return nil
	})
}

// postRows are the rows of a table of posts, page by page.
func (s *Service) postRows(
	ctx context.Context, by authz.Actor, f PostFilter, spec sheet.Spec,
) iter.Seq2[[]any, error] {
	where := s.postScope(by, f, "").AndAll(PostPolicy.Scope(by, ActPostExport))
	names := s.cellNames()
	return func(yield func([]any, error) bool) {
		req := db.PageReq{Limit: db.MaxLimit}
		for {
			page, err := db.List(ctx, s.unit.DB(), postList, where, postList.Order("code"), req, scanPost)
			if err == nil {
				err = fillReaders(ctx, s.unit.DB(), page.Items, by.Org)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, p := range page.Items {
				row, err := p.seenBy(by).row(ctx, spec, names)
				if !yield(row, err) || err != nil {
					return
				}
			}
			if page.Next == "" {
				return
			}
			req.After = page.Next
		}
	}
}

// cellNames looks up the names that stand in a table for what a post keeps the id of, each once.
type cellNames struct {
	s     *Service
	known map[string]string
}

func (s *Service) cellNames() *cellNames { return &cellNames{s, map[string]string{}} }

// org is the name of an organisation, its id where there is none any more.
func (x *cellNames) org(ctx context.Context, orgID string) (string, error) {
	return x.look(orgID, func() (string, error) {
		o, err := x.s.orgOf(ctx, house, orgID)
		return o.Name, err
	})
}

// person is the name of a person, the id where there is none any more; "" for "".
func (x *cellNames) person(ctx context.Context, personID string) (string, error) {
	if personID == "" {
		return "", nil
	}
	return x.look(personID, func() (string, error) {
		if x.s.opt.Party == nil {
			return "", errNoParty
		}
		p, err := x.s.opt.Party.GetPerson(ctx, house, personID)
		return p.Name, err
	})
}

func (x *cellNames) look(key string, find func() (string, error)) (string, error) {
	if name, known := x.known[key]; known {
		return name, nil
	}
	name, err := find()
	if fault.Is(err, fault.NotFound) {
		name, err = key, nil
	}
	if err == nil {
		x.known[key] = name
	}
	return name, err
}

// named are the names of the organisations that a post is for, a line each.
func (x *cellNames) named(ctx context.Context, p PostData) (string, error) {
	list := make([]string, len(p.Named))
	for i, orgID := range p.Named {
		var err error
		if list[i], err = x.org(ctx, orgID); err != nil {
			return "", err
		}
	}
	return strings.Join(list, "\n"), nil
}

// row are the values of the columns of a table.
func (p Post) row(ctx context.Context, spec sheet.Spec, names *cellNames) ([]any, error) {
	cells := p.cells(ctx)
	var err error
	if cells[colNamed], err = names.named(ctx, p.PostData); err != nil {
		return nil, err
	}
	if cells[colBroker], err = names.person(ctx, p.Broker); err != nil {
		return nil, err
	}
	row := make([]any, len(spec.Columns))
	for i, c := range spec.Columns {
		row[i] = cells[c.Key]
	}
	return row, nil
}

// cells are the values of a post by their columns, without those that need names.
func (p Post) cells(ctx context.Context) map[string]any {
	l := i18n.From(ctx)
	modes := make([]string, len(p.Modes))
	for i, m := range p.Modes {
		modes[i] = i18n.T(ctx, TitleOf(ModeChoices(), m))
	}
	cells := map[string]any{colOrg: p.OrgName, colRegion: string(p.Region), colKeywords: listCell(p.Keywords),
		colModes: listCell(modes), colParameters: writeLines(p.Parameters, l, parameterCell),
		colDeadline: string(p.Deadline), colCode: p.Code, colState: i18n.T(ctx, StateTitle(p.Kind, p.State))}
	for _, c := range p.textCells() {
		cells[c.column] = *c.at
	}
	for _, c := range p.choiceCells() {
		cells[c.column] = TitleOf(c.choices, *c.at)
	}
	cells[colVisibility] = TitleOf(Visibilities(), string(p.Visibility))
	if p.PriceHiFen != 0 {
		cells[colPriceLo], cells[colPriceHi] = int64(p.PriceLoFen), int64(p.PriceHiFen)
	}
	if p.TRL != 0 {
		cells[colTRL] = p.TRL
	}
	if !p.Limited {
		cells[colVersion] = p.Version
	}
	if p.Invented() {
		cells[colNature] = i18n.T(ctx, "示范数据")
	}
	if p.Kind == Achievement && !p.Limited {
		cells[colProofs], cells[colRights] = writeLines(p.Proofs, l, proofCell), writeLines(p.Rights, l, rightCell)
		cells[colNoticeFrom], cells[colNoticeTo] = string(p.NoticeFrom), string(p.NoticeTo)
		cells[colPayLater], cells[colReady] = p.PayLater, p.Ready
	}
	return cells
}

// textCell is a text of a post with its column.
type textCell struct {
	column string
	at     *string
	prose  bool // of several lines
}

// textCells are the texts of a post but for its contact.
func (d *PostData) textCells() []textCell {
	v := &d.Values
	return []textCell{{colTitle, &d.Title, false}, {colText, &d.Text, true}, {colChain, &d.Chain, false},
		{colService, &d.Service, true}, {colCurrent, &d.Current, true}, {colScience, &v.Science, true},
		{colTechnology, &v.Technology, true}, {colEconomy, &v.Economy, true}, {colSociety, &v.Society, true},
		{colCulture, &v.Culture, true}}
}

// choiceCell is a value of a closed list with its column.
type choiceCell struct {
	column  string
	at      *string
	choices []Choice
}

// choiceCells are the values of a post that are of closed lists but for its visibility.
func (d *PostData) choiceCells() []choiceCell {
	sort := choiceCell{colSort, &d.NeedKind, NeedKinds()}
	if d.Kind == Achievement {
		sort = choiceCell{colSort, &d.ResultKind, ResultKinds()}
	}
	return []choiceCell{sort, {colField, &d.Field, Fields()}, {colSixNew, &d.SixNew, SixNews()},
		{colStandard, &d.Standard, Standards()}, {colPricing, &d.Pricing, Pricings()},
		{colEntitlement, &d.Entitlement, Entitlements()}}
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
