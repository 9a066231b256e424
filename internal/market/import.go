package market

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
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
	Facts   sheet.Facts `json:"-"`
	Rows    int         `json:"rows"`
	Adds    int         `json:"adds"`
	Changes int         `json:"changes"` // posts named by their code, with cells that say something else
	Reviews int         `json:"reviews"` // of the changes: published ones that go back to the editors
	Same    int         `json:"same"`    // named by their code, and nothing is to be changed
	Skips   int         `json:"skips"`   // without a code, and there already: same title and owner
	// Lines are the first rows that add, change or skip something.
	Lines    []ImportLine   `json:"lines"`
	Problems sheet.Problems `json:"-"`
	Done     bool           `json:"done"` // it was no dry run
}

// What becomes of a row.
const (
	LineAdd    = "add"
	LineChange = "change"
	LineSkip   = "skip"
)

// ImportLine is a row of an import that does something, or is left out.
type ImportLine struct {
	Row   int    `json:"row"`
	What  string `json:"what"`           // one of LineAdd …
	Code  string `json:"code,omitempty"` // of the post that is there
	Title string `json:"title"`
	State string `json:"state,omitempty"` // of the post that is there
	// Columns are the titles, keys of package i18n, of those that change.
	Columns []string `json:"columns,omitempty"`
	Review  bool     `json:"review,omitempty"` // it goes back to the editors
}

// maxImportLines is how many lines of an outcome are kept.
const maxImportLines = 200

// importing is one import under way.
type importing struct {
	s       *Service
	by      authz.Actor
	in      PostImport
	out     ImportOutcome
	has     map[string]bool // columns that the table has
	names   map[string]foundOrg
	spelt   *cellNames
	orgs    adopting
	present map[string]map[string]there // by owner and title
	coded   *sheet.Duplicates
	titled  map[string]int // rows by owner and title of what is new
	posts   []Post
	changes []postChange
	tell    func(done, total int) // how far it is; nil: nobody asks
}

// there is a post that stands already.
type there struct{ code, state string }

// postChange is a post that a row changes, by a step or by none.
type postChange struct {
	old, next Post
	step      string
}

// foundOrg is what a name stands for, or why it stands for nothing.
type foundOrg struct {
	id   string
	key  string
	args []any
}

// ImportPosts takes posts out of a table: all of them or, with a problem in any cell, none. A dry run
// returns the problems, an import is Invalid with a field for each.
//
// A row with a code is about the post that has it, wherever that stands in its life: cells that say what the
// post says change nothing, others change it as UpdatePost would, if the version of the row is still the post's.
// A column that the table lacks changes nothing either. A row without a code is a new post, unless its owner
// has one of that title: then it is left alone, so that a table may be sent twice. Who is no officer imports for
// the own organisation only.
func (s *Service) ImportPosts(
	ctx context.Context, by authz.Actor, in PostImport,
) (ImportOutcome, error) {
	if err := mayImportAs(by, in.Kind); err != nil {
		return ImportOutcome{}, err
	}
	table, err := sheet.Read(ctx, in.Name, in.File, readSheet(in.Kind))
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
	return &importing{s: s, by: by, in: in, names: map[string]foundOrg{}, has: map[string]bool{},
		spelt: s.cellNames(), orgs: adopting{s: s, by: by, orgs: map[string]party.Org{}},
		present: map[string]map[string]there{}, coded: sheet.NewDuplicates(colCode), titled: map[string]int{},
		out: ImportOutcome{Lines: []ImportLine{}}}
}

// readSheet is PostSheet as it is read: a table of changes needs no column but the code and the version.
func readSheet(k Kind) sheet.Spec {
	spec := PostSheet(k)
	for i := range spec.Columns {
		spec.Columns[i].Required = false
	}
	return spec
}

// fingerprint stands for the rows in an idempotency key.
func (x *importing) fingerprint() (string, error) {
	h := sha256.New()
	add := func(v any) error {
		b, err := json.Marshal(v)
		h.Write(b)
		return err
	}
	for _, p := range x.posts {
		if err := add(p.PostData); err != nil {
			return "", err
		}
	}
	for _, c := range x.changes {
		if err := add([]any{c.next.ID, c.next.Version, c.next.PostData}); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// columns notes which columns the table has. One without codes holds new posts, which need more of them.
func (x *importing) columns(table *sheet.Table) error {
	var wrong []fault.Field
	for _, c := range PostSheet(x.in.Kind).Columns {
		x.has[c.Key] = table.Has(c.Key)
		if c.Required && !x.has[c.Key] && !table.Has(colCode) {
			wrong = append(wrong, fault.At(sheet.FieldFile, "缺少必填的列“%s”", i18n.Key(c.Title)))
		}
	}
	return fault.Fields(wrong...)
}

func (x *importing) read(ctx context.Context, table *sheet.Table) error {
	if err := x.columns(table); err != nil {
		return err
	}
	for row, err := range table.Rows(ctx, x.tell) {
		if err != nil {
			return err
		}
		x.out.Rows++
		x.out.Problems.Add(row.Problems...)
		if p, is := x.coded.Check(row); is {
			x.out.Problems.Add(p)
			continue
		}
		if code := row.Text(colCode); code != "" {
			err = x.known(ctx, row, code)
		} else {
			err = x.fresh(ctx, row)
		}
		if err != nil {
			return err
		}
	}
	if x.out.Rows == 0 {
		return fault.Fields(fault.At(sheet.FieldFile, "没有可导入的数据行"))
	}
	return nil
}

// line notes a row that does something.
func (x *importing) line(l ImportLine) {
	if len(x.out.Lines) < maxImportLines {
		x.out.Lines = append(x.out.Lines, l)
	}
}

// fresh takes in a row that is a new post.
func (x *importing) fresh(ctx context.Context, row sheet.Row) error {
	p := Post{ID: id.New(), State: Draft, Source: FromSheet, CreatedBy: x.by.Account}
	if x.in.Submit {
		p.State = Review
	}
	var err error
	if p.PostData, err = x.data(ctx, row, nil); err != nil {
		return err
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
	known, err := x.titles(ctx, p.OrgNow)
	if err != nil {
		return err
	}
	if old, is := known[p.Title]; is {
		x.out.Skips++
		x.line(ImportLine{Row: row.Number, What: LineSkip, Code: old.code, Title: p.Title, State: old.state})
		return nil
	}
	key := p.OrgNow + "|" + p.Title
	if first, is := x.titled[key]; is {
		x.out.Problems.Add(row.Problem(colTitle, "与第 %d 行重复", first))
		return nil
	}
	x.titled[key] = row.Number
	if len(row.Problems) == 0 {
		if err := x.check(ctx, row, &p, true); err != nil {
			return err
		}
	}
	if p.kept, err = x.s.seal(p.ID, &p.PostData, sealedContact{}); err != nil {
		return err
	}
	x.out.Adds++
	x.line(ImportLine{Row: row.Number, What: LineAdd, Title: p.Title})
	x.posts = append(x.posts, p)
	return nil
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
	found, err := x.org(ctx, name)
	if err != nil {
		return party.Org{}, err
	}
	if found.id == "" {
		x.out.Problems.Add(row.Problem(colOrg, found.key, found.args...))
		return party.Org{}, nil
	}
	return x.orgs.org(ctx, found.id)
}

// org finds the organisation of a name, each name once.
func (x *importing) org(ctx context.Context, name string) (foundOrg, error) {
	found, known := x.names[name]
	if known {
		return found, nil
	}
	found, err := x.find(ctx, name)
	if err == nil {
		x.names[name] = found
	}
	return found, err
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

var qTitlesOf = db.Stmt(`SELECT p.title, p.code, p.state FROM market_post AS p
	WHERE p.org_now = $1 AND p.kind = $2`)

// titles are those that an owner has posted already, whatever became of them.
func (x *importing) titles(ctx context.Context, orgID string) (map[string]there, error) {
	if x.present[orgID] == nil {
		known := map[string]there{}
		err := db.Each(ctx, x.s.unit.DB(), qTitlesOf, func(r db.Row) error {
			var title string
			var t there
			if err := r.Scan(&title, &t.code, &t.state); err != nil {
				return err
			}
			known[title] = t
			return nil
		}, orgID, string(x.in.Kind))
		if err != nil {
			return nil, err
		}
		x.present[orgID] = known
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
	for _, c := range x.changes {
		if err := x.s.change(ctx, tx, c.old, c.next, c.step); err != nil {
			return err
		}
	}
	tx.Audit(audit.Entry{Kind: kindPost, What: "import", Detail: map[string]any{"file": x.in.Name,
		"kind": x.in.Kind, "adds": x.out.Adds, "changes": x.out.Changes, "same": x.out.Same,
		"skips": x.out.Skips, "submit": x.in.Submit}})
	return nil
}
