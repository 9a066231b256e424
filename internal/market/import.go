package market

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// PostImport is the input of ImportPosts.
type PostImport struct {
	Kind   Kind
	Submit bool      // hand them in at once; otherwise they are drafts
	DryRun bool      // say what would happen and change nothing
	Name   string    // of the file
	File   io.Reader // XLSX or CSV with the columns of PostSheet
	Key    string    // idempotency key
}

// ImportOutcome says what an import did or would do.
type ImportOutcome struct {
	Facts    sheet.Facts    `json:"-"`
	Rows     int            `json:"rows"`
	Adds     int            `json:"adds"`
	Skips    int            `json:"skips"` // there already: same title and owner
	Problems sheet.Problems `json:"-"`
	Done     bool           `json:"done"` // it was no dry run
}

// importing is one import under way.
type importing struct {
	s       *Service
	by      authz.Actor
	in      PostImport
	out     ImportOutcome
	names   map[string]foundOrg
	orgs    adopting
	present map[string]map[string]bool // titles by owner
	posts   []Post
	tell    func(done, total int) // how far it is; nil: nobody asks
}

// foundOrg is what a name stands for, or why it stands for nothing.
type foundOrg struct {
	id   string
	key  string
	args []any
}

// ImportPosts takes posts out of a table: all of them or, with a problem in any cell, none. A dry run
// returns the problems, an import is Invalid with a field for each. What is there already, by title
// and owner, is left alone, so that a table may be sent twice. Who is no officer imports for the own
// organisation only.
func (s *Service) ImportPosts(
	ctx context.Context, by authz.Actor, in PostImport,
) (ImportOutcome, error) {
	if err := mayImportAs(by, in.Kind); err != nil {
		return ImportOutcome{}, err
	}
	table, err := sheet.Read(ctx, in.Name, in.File, PostSheet(in.Kind))
	if err != nil {
		return ImportOutcome{}, err
	}
	x := s.importing(by, in)
	x.out.Facts = table.Facts
	if err := x.read(ctx, table); err != nil {
		return ImportOutcome{}, err
	}
	if in.DryRun {
		return x.out, nil
	}
	if err := x.out.Problems.Err(ctx); err != nil {
		return x.out, err
	}
	sum, err := x.fingerprint()
	if err != nil {
		return ImportOutcome{}, err
	}
	const useCase = "market.ImportPosts"
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, []any{in.Kind, in.Submit, sum},
		func(tx *unit.Tx) (int, error) { return x.out.Adds, x.store(ctx, tx) })
	x.out.Done = err == nil
	return x.out, err
}

// mayImportAs says whether the actor imports posts of a kind at all.
func mayImportAs(by authz.Actor, k Kind) error {
	if !PostPolicy.Could(by, ActPostImport) {
		return PostPolicy.May(by, ActPostImport, Post{State: Published, PostData: PostData{Visibility: Open}})
	}
	if TitleOf(Kinds(), string(k)) == "" {
		return fault.Fields(fault.At("kind", "请选择一项"))
	}
	return nil
}

func (s *Service) importing(by authz.Actor, in PostImport) *importing {
	return &importing{s: s, by: by, in: in, names: map[string]foundOrg{},
		orgs:    adopting{s: s, by: by, orgs: map[string]party.Org{}},
		present: map[string]map[string]bool{}}
}

// fingerprint stands for the rows in an idempotency key.
func (x *importing) fingerprint() (string, error) {
	h := sha256.New()
	for _, p := range x.posts {
		b, err := json.Marshal(p.PostData)
		if err != nil {
			return "", err
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (x *importing) read(ctx context.Context, table *sheet.Table) error {
	twice := sheet.NewDuplicates(colTitle, colOrg)
	for row, err := range table.Rows(ctx, x.tell) {
		if err != nil {
			return err
		}
		x.out.Rows++
		x.out.Problems.Add(row.Problems...)
		if p, is := twice.Check(row); is {
			x.out.Problems.Add(p)
			continue
		}
		if err := x.row(ctx, row); err != nil {
			return err
		}
	}
	if x.out.Rows == 0 {
		return fault.Fields(fault.At(sheet.FieldFile, "没有可导入的数据行"))
	}
	return nil
}

func (x *importing) row(ctx context.Context, row sheet.Row) error {
	p := Post{ID: id.New(), PostData: x.data(row), State: Draft, Source: FromSheet,
		CreatedBy: x.by.Account}
	if x.in.Submit {
		p.State = Review
	}
	o, err := x.owner(ctx, row)
	if err != nil || o.ID == "" {
		return err
	}
	p.Org, p.OrgNow, p.OrgName = o.ID, o.ID, o.Name
	p.Region = cmp.Or(p.Region, o.Region)
	p.normalise()
	if PostPolicy.May(x.by, ActPostImport, p) != nil {
		x.out.Problems.Add(row.Problem(colOrg, "只能登记本单位的供需"))
		return nil
	}
	if len(row.Problems) == 0 {
		x.check(row, p)
	}
	if p.kept, err = x.s.seal(p.ID, &p.PostData, sealedContact{}); err != nil {
		return err
	}
	known, err := x.known(ctx, p.OrgNow)
	if err != nil {
		return err
	}
	if known[p.Title] {
		x.out.Skips++
		return nil
	}
	x.out.Adds++
	x.posts = append(x.posts, p)
	return nil
}

// data is what the cells of a row say. What cannot be read is said at its cell.
func (x *importing) data(row sheet.Row) PostData {
	d := PostData{Kind: x.in.Kind, Title: tidy(row.Text(colTitle)), Text: row.Text(colText),
		Region: region.Code(row.Text(colRegion)), Field: valueOf(Fields(), row.Choice(colField)),
		Chain: row.Text(colChain), Keywords: splitCell(row.Text(colKeywords)),
		PriceLoFen: row.Fen(colPriceLo), PriceHiFen: row.Fen(colPriceHi), TRL: int(row.Int(colTRL)),
		Visibility: Visibility(valueOf(Visibilities(), row.Choice(colVisibility))),
		Contact:    row.Text(colContact), ContactPhone: row.Text(colPhone), ContactMail: row.Text(colMail)}
	d.PriceHiFen = max(d.PriceHiFen, d.PriceLoFen)
	for _, s := range splitCell(row.Text(colModes)) {
		m := valueOf(ModeChoices(), s)
		if m == "" {
			x.out.Problems.Add(row.Problem(colModes, "没有“%s”这个选项", firstRunes(s, maxKeyword)))
		}
		d.Modes = append(d.Modes, m)
	}
	for _, s := range cellLines(row.Text(colParameters)) {
		p, ok := parseParameter(s)
		if !ok {
			x.out.Problems.Add(row.Problem(colParameters, "“%s”不是指标，请写作 漏检率≤0.5%%", firstRunes(s, MaxLine)))
			continue
		}
		d.Parameters = append(d.Parameters, p)
	}
	if x.in.Kind == Need {
		d.NeedKind = valueOf(NeedKinds(), row.Choice(colSort))
		d.Deadline, d.Current = row.Date(colDeadline), row.Text(colCurrent)
		return d
	}
	d.ResultKind = valueOf(ResultKinds(), row.Choice(colSort))
	d.Pricing = valueOf(Pricings(), row.Choice(colPricing))
	d.PayLater, d.Ready = row.Bool(colPayLater), row.Bool(colReady)
	for _, s := range cellLines(row.Text(colRights)) {
		r, ok := parseRight(s)
		if !ok {
			x.out.Problems.Add(row.Problem(colRights, "“%s”里没有能识别的专利号或登记号", firstRunes(s, MaxLine)))
			continue
		}
		r.Title = cmp.Or(r.Title, d.Title)
		d.Rights = append(d.Rights, r)
	}
	return d
}

// check puts what the room says about a post at its cells.
func (x *importing) check(row sheet.Row, p Post) {
	var f faults
	p.PostData.check(&f)
	classified(&f, p.PostData)
	p.lacks(&f)
	own := map[string]string{"needKind": colSort, "resultKind": colSort}
	for _, c := range PostSheet(x.in.Kind).Columns {
		own[c.Key] = c.Key
	}
	for _, e := range f {
		name, _, _ := strings.Cut(e.Name, ".")
		x.out.Problems.Add(row.Problem(cmp.Or(own[name], colTitle), e.Key, e.Args...))
	}
}

// owner finds the organisation that a row names, the own one where it names none.
func (x *importing) owner(ctx context.Context, row sheet.Row) (party.Org, error) {
	name := tidy(row.Text(colOrg))
	if name == "" {
		if x.by.Org == "" {
			x.out.Problems.Add(row.Problem(colOrg, "请选择所属单位"))
			return party.Org{}, nil
		}
		return x.orgs.org(ctx, x.by.Org)
	}
	found, known := x.names[name]
	if !known {
		var err error
		if found, err = x.find(ctx, name); err != nil {
			return party.Org{}, err
		}
		x.names[name] = found
	}
	if found.id == "" {
		x.out.Problems.Add(row.Problem(colOrg, found.key, found.args...))
		return party.Org{}, nil
	}
	return x.orgs.org(ctx, found.id)
}

// spelling is the score from which party.Similar means the same name but for its spelling.
const spelling = 92

func (x *importing) find(ctx context.Context, name string) (foundOrg, error) {
	if x.s.opt.Party == nil {
		return foundOrg{}, errNoParty
	}
	list, err := x.s.opt.Party.SimilarOrganisations(ctx, x.by, party.SimilarInput{Name: name})
	if err != nil {
		return foundOrg{}, err
	}
	var exact, spelt []string
	for _, s := range list {
		if s.Org.Name == name {
			exact = append(exact, s.Org.ID)
		}
		if s.Score >= spelling {
			spelt = append(spelt, s.Org.ID)
		}
	}
	if len(exact) == 0 {
		exact = spelt
	}
	switch {
	case len(exact) == 1:
		return foundOrg{id: exact[0]}, nil
	case len(exact) > 1:
		return foundOrg{key: "主体库中有 %d 个单位叫“%s”，请写全称", args: []any{len(exact), name}}, nil
	case len(list) > 0:
		return foundOrg{key: "主体库中没有“%s”，是否为“%s”", args: []any{name, list[0].Org.Name}}, nil
	default:
		return foundOrg{key: "主体库中没有“%s”", args: []any{name}}, nil
	}
}

var qTitlesOf = db.Stmt(`SELECT p.title FROM market_post AS p WHERE p.org_now = $1 AND p.kind = $2
	AND p.state NOT IN ('withdrawn', 'closed')`)

// known are the titles that an owner has posted already.
func (x *importing) known(ctx context.Context, orgID string) (map[string]bool, error) {
	if x.present[orgID] == nil {
		list, err := db.All(ctx, x.s.unit.DB(), qTitlesOf, db.One[string], orgID, string(x.in.Kind))
		if err != nil {
			return nil, err
		}
		x.present[orgID] = map[string]bool{}
		for _, title := range list {
			x.present[orgID][title] = true
		}
	}
	return x.present[orgID], nil
}

// store writes all rows.
func (x *importing) store(ctx context.Context, tx *unit.Tx) error {
	if len(x.posts) > 0 {
		year := yearOf(tx.NowUs())
		first, err := takeNumbers(ctx, tx, x.in.Kind, year, len(x.posts))
		if err != nil {
			return err
		}
		list := make([]Post, len(x.posts))
		for i, p := range x.posts {
			p.Code, p.CreatedUs, p.UpdatedUs = code(p.Kind, year, first+int64(i)), tx.NowUs(), tx.NowUs()
			p.Version = 1
			list[i] = p
			tx.Emit(outbox.Event{Kind: EventPostCreated, Object: p.ID})
		}
		done := 0
		for part := range slices.Chunk(list, adoptBatch) {
			if err := insertPosts(ctx, tx, part); err != nil {
				return err
			}
			if err := x.s.process(x.in.Kind).StartMany(ctx, tx, part); err != nil {
				return err
			}
			if done += len(part); x.tell != nil {
				x.tell(done, len(list))
			}
		}
	}
	tx.Audit(audit.Entry{Kind: kindPost, What: "import", Detail: map[string]any{"file": x.in.Name,
		"kind": x.in.Kind, "adds": x.out.Adds, "skips": x.out.Skips, "submit": x.in.Submit}})
	return nil
}
