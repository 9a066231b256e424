package indicator

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io"
	"path"
	"slices"
	"sync"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

//go:embed data/*.yaml
var shippedFiles embed.FS

// shipped are the sets that come with the program, in the order of their file names.
var shipped = sync.OnceValues(func() ([]SetFile, error) {
	entries, err := shippedFiles.ReadDir("data")
	if err != nil {
		return nil, err
	}
	var out []SetFile
	for _, e := range entries {
		f, err := shippedFiles.Open(path.Join("data", e.Name()))
		if err != nil {
			return nil, err
		}
		s, err := ReadSetFile(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		s.normalise()
		out = append(out, s)
	}
	return out, nil
})

var (
	qSetAdd = db.Stmt(`INSERT INTO indicator_set (id, code, name, year, label, source, note, retired,
			created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, $9, $8, 1)`)
	qSetSet = db.Stmt(`UPDATE indicator_set SET name = $3, year = $4, label = $5, source = $6, note = $7,
			retired = $8, updated_us = $9, version = version + 1
		WHERE id = $1 AND version = $2`)
	qGroupsDrop = db.Stmt(`DELETE FROM indicator_set_group WHERE in_set = $1`)
	qItemsDrop  = db.Stmt(`DELETE FROM indicator_set_item WHERE in_set = $1`)
	qGroupAdd   = db.Stmt(`INSERT INTO indicator_set_group (in_set, n, name, weight, mark, source)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qItemAdd = db.Stmt(`INSERT INTO indicator_set_item (in_set, n, in_group, indicator, title, weight,
			direction, mark, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	qAllSets = db.Stmt(`SELECT ` + setColumns + ` FROM indicator_set AS s ORDER BY s.year DESC, s.code`)
)

// Shipped is a set that comes with the program.
type Shipped struct {
	SetData
	Items     int    `json:"items"`
	Installed string `json:"installed,omitempty"` // id of the set, "" when it is not there
}

// ShippedSets returns the sets that come with the program.
func (s *Service) ShippedSets(ctx context.Context, by authz.Actor) ([]Shipped, error) {
	if err := SetPolicy.May(by, ActSetRead, Set{}); err != nil {
		return nil, err
	}
	files, err := shipped()
	if err != nil {
		return nil, err
	}
	var out []Shipped
	for _, f := range files {
		x := Shipped{SetData: SetData{Code: f.Code, Name: f.Name, Year: f.Year, Label: f.Label,
			Source: f.Source, Note: f.Note}, Items: f.items()}
		have, found, err := db.Find(ctx, s.unit.DB(), qSetCode, scanSet, f.Code)
		if err != nil {
			return nil, err
		}
		if found {
			x.Installed = have.ID
		}
		out = append(out, x)
	}
	return out, nil
}

func (s SetFile) items() int {
	n := 0
	for _, g := range s.Groups {
		n += len(g.Items)
	}
	return n
}

// ListSets returns all sets, retired ones too, the latest year first.
func (s *Service) ListSets(ctx context.Context, by authz.Actor) ([]Set, error) {
	if err := SetPolicy.May(by, ActSetRead, Set{}); err != nil {
		return nil, err
	}
	return db.All(ctx, s.unit.DB(), qAllSets, scanSet)
}

// SetDetail is a set with its groups and indicators.
type SetDetail struct {
	Set
	Groups  []Group `json:"groups"`
	Members []Item  `json:"members"`
}

// GetSet returns a set with its groups and indicators.
func (s *Service) GetSet(ctx context.Context, by authz.Actor, setID string) (SetDetail, error) {
	q := s.unit.DB()
	x, err := setByID(ctx, q, setID)
	if err != nil {
		return SetDetail{}, err
	}
	d := SetDetail{Set: x}
	if err := SetPolicy.May(by, ActSetRead, x); err != nil {
		return SetDetail{}, err
	}
	if d.Groups, err = s.SetGroups(ctx, q, x.ID); err != nil {
		return d, err
	}
	d.Members, err = s.SetItems(ctx, q, x.ID)
	return d, err
}

// SetUpdate is the input of UpdateSet. The code stays: files know the set by it.
type SetUpdate struct {
	ID string `json:"-"`
	SetData
	Version int64 `json:"version"`
}

// UpdateSet changes what is said about a set, or retires it. Its indicators come from files.
func (s *Service) UpdateSet(ctx context.Context, by authz.Actor, in SetUpdate) (Set, error) {
	in.normalise()
	var out Set
	err := s.unit.Write(ctx, by, "indicator.UpdateSet", func(tx *unit.Tx) error {
		old, err := setByID(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if err := SetPolicy.May(by, ActSetWrite, old); err != nil {
			return err
		}
		in.Code = old.Code
		var f faults
		in.check(&f)
		if err := f.err(); err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qSetSet, in.ID, in.Version, in.Name, in.Year, in.Label, in.Source,
			in.Note, in.Retired, tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindSet, Object: in.ID, What: "update",
			Detail: map[string]any{"old": old.SetData, "new": in.SetData}})
		tx.Emit(outbox.Event{Kind: EventSet, Object: in.ID})
		out, err = setByID(ctx, tx, in.ID)
		return err
	})
	return out, err
}

// SetImport is the input of ImportSet.
type SetImport struct {
	SetData           // of a set that comes as a table; a set file says it itself
	Shipped string    // code of a set that comes with the program, instead of a file
	Name    string    // of the file
	File    io.Reader // a set file, or XLSX or CSV with the columns of SetSheet
	DryRun  bool
	Key     string
}

// SetOutcome says what the import of a set did or would do.
type SetOutcome struct {
	Set         Set            `json:"set"`
	Rows        int            `json:"rows"`
	Replaces    bool           `json:"replaces"`    // a set of the code was there
	Added       []string       `json:"added"`       // indicators the set did not have, by name
	Removed     []string       `json:"removed"`     // and those it no longer has
	Indicators  []string       `json:"indicators"`  // that are defined anew
	Definitions int            `json:"definitions"` // made for indicators without one
	Problems    sheet.Problems `json:"-"`           // of a table
	Done        bool           `json:"done"`
}

// ImportSet takes a set out of a set file, a table, or what comes with the program. A set of the same
// code gets the indicators of the file in place of its own; indicators, their definitions and values
// stay.
func (s *Service) ImportSet(
	ctx context.Context, by authz.Actor, in SetImport,
) (SetOutcome, error) {
	if err := SetPolicy.May(by, ActSetWrite, Set{}); err != nil {
		return SetOutcome{}, err
	}
	var out SetOutcome
	file, err := s.readSet(ctx, in, &out)
	if err != nil {
		return out, err
	}
	if out.Problems.Total > 0 {
		if in.DryRun {
			return out, nil
		}
		return out, out.Problems.Err(ctx)
	}
	file.normalise()
	var f faults
	file.check(s, &f)
	if err := f.err(); err != nil {
		return out, err
	}
	out.Rows = file.items()
	key := in.Key
	if in.DryRun {
		key = ""
	}
	var dry SetOutcome
	done, _, err := unit.Once(ctx, s.unit, by, "indicator.ImportSet", key, file,
		func(tx *unit.Tx) (SetOutcome, error) {
			x := out
			if err := s.storeSet(ctx, tx, file, &x); err != nil {
				return x, err
			}
			if in.DryRun {
				dry = x
				return x, errDry
			}
			x.Done = true
			return x, nil
		})
	if errors.Is(err, errDry) {
		return dry, nil
	}
	return done, err
}

// readSet reads what is to be imported, in whatever form it comes.
func (s *Service) readSet(ctx context.Context, in SetImport, out *SetOutcome) (SetFile, error) {
	switch {
	case in.Shipped != "":
		files, err := shipped()
		if err != nil {
			return SetFile{}, err
		}
		i := slices.IndexFunc(files, func(f SetFile) bool { return f.Code == in.Shipped })
		if i < 0 {
			return SetFile{}, fault.Fields(fault.At("shipped", "没有随系统提供的这个体系"))
		}
		return files[i].copy(), nil
	case in.File == nil:
		return SetFile{}, fault.Fields(fault.At(sheet.FieldFile, "请选择要导入的文件"))
	case slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(in.Name)):
		return ReadSetFile(in.File)
	}
	return readSetSheet(ctx, in, out)
}

// copy returns a file that can be changed.
func (s SetFile) copy() SetFile {
	s.Groups = slices.Clone(s.Groups)
	for i := range s.Groups {
		s.Groups[i].Items = slices.Clone(s.Groups[i].Items)
	}
	return s
}

// storeSet stores a set with all it needs and says what changed.
func (s *Service) storeSet(ctx context.Context, tx *unit.Tx, file SetFile, out *SetOutcome) error {
	d := SetData{Code: file.Code, Name: file.Name, Year: file.Year, Label: file.Label, Source: file.Source,
		Note: file.Note}
	old, found, err := db.Find(ctx, tx, qSetCode, scanSet, file.Code)
	if err != nil {
		return err
	}
	setID := old.ID
	var before []Item
	if found {
		out.Replaces = true
		if before, err = s.SetItems(ctx, tx, setID); err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qSetSet, setID, old.Version, d.Name, d.Year, d.Label, d.Source, d.Note,
			false, tx.NowUs())
	} else {
		setID = id.New()
		err = db.ExecOne(ctx, tx.Tx, qSetAdd, setID, d.Code, d.Name, d.Year, d.Label, d.Source, d.Note,
			tx.NowUs(), tx.By().Account)
	}
	if err != nil {
		return err
	}
	groups, items, err := s.setRows(ctx, tx, setID, file, out)
	if err != nil {
		return err
	}
	for _, q := range []*db.Statement{qItemsDrop, qGroupsDrop} {
		if _, err := db.Exec(ctx, tx.Tx, q, setID); err != nil {
			return err
		}
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qGroupAdd, groups); err != nil {
		return err
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qItemAdd, items); err != nil {
		return err
	}
	after, err := s.SetItems(ctx, tx, setID)
	if err != nil {
		return err
	}
	out.Added, out.Removed = lacking(after, before), lacking(before, after)
	tx.Audit(audit.Entry{Kind: kindSet, Object: setID, What: "import", Detail: map[string]any{"set": d,
		"items": len(items), "added": out.Added, "removed": out.Removed, "indicators": out.Indicators}})
	tx.Emit(outbox.Event{Kind: EventSet, Object: setID})
	out.Set, err = setByID(ctx, tx, setID)
	return err
}

// lacking are the names of the indicators in a that are not in b.
func lacking(a, b []Item) []string {
	var out []string
	for _, x := range a {
		if !slices.ContainsFunc(b, func(y Item) bool { return y.Indicator == x.Indicator }) {
			out = append(out, x.Name)
		}
	}
	return out
}

// setRows makes the rows of a set, and the indicators and definitions that are not there yet.
func (s *Service) setRows(
	ctx context.Context, tx *unit.Tx, setID string, file SetFile, out *SetOutcome,
) (groups, items [][]any, err error) {
	n := int64(0)
	for i, g := range file.Groups {
		group := int64(i + 1)
		groups = append(groups, []any{setID, group, g.Name, string(decimal(g.Weight)), g.Mark, g.Source})
		for j, x := range g.Items {
			n++
			var f faults
			indicator, err := s.indicatorFor(ctx, tx, file, x, out)
			if err := f.under(itemPlace(i, j), "name", err); err != nil {
				return nil, nil, err
			}
			if err := f.err(); err != nil {
				return nil, nil, err
			}
			if slices.ContainsFunc(items, func(row []any) bool { return row[3] == indicator.ID }) {
				return nil, nil, fault.Fields(fault.At(itemPlace(i, j)+"name", "“%s”重复", indicator.Name))
			}
			items = append(items, []any{setID, n, group, indicator.ID, x.Title, string(decimal(x.Weight)),
				x.Direction, x.Mark, x.Note})
		}
	}
	return groups, items, nil
}

// indicatorFor finds the indicator of an item by its name, or defines it, and gives it a definition
// when it has none.
func (s *Service) indicatorFor(
	ctx context.Context, tx *unit.Tx, file SetFile, x FileItem, out *SetOutcome,
) (plan.Indicator, error) {
	found, ok, err := s.opt.Plan.FindIndicator(ctx, tx, x.Name)
	if err != nil {
		return found, err
	}
	if !ok {
		found, err = s.opt.Plan.CreateIndicatorIn(ctx, tx, plan.NewIndicator{IndicatorData: plan.IndicatorData{
			Name: x.Name, Unit: x.Unit, Direction: x.Direction, Additive: x.Additive, Definition: x.Text,
			Aliases: x.Aliases}})
		if err != nil {
			return found, err
		}
		out.Indicators = append(out.Indicators, found.Name)
	}
	all, err := s.Definitions(ctx, tx, found.ID)
	if err != nil || len(all) > 0 {
		return found, err
	}
	source := file.Name
	if file.Label != "" {
		source += " · " + file.Label
	}
	_, err = s.addDefinition(ctx, tx, Definition{ID: id.New(), Indicator: found.ID,
		DefinitionData: x.definition(file.From, source), CreatedBy: tx.By().Account})
	out.Definitions++
	return found, err
}

// fileOf is a set as it would be written in a file, definitions as they are in force now.
func (s *Service) fileOf(ctx context.Context, d SetDetail) (SetFile, error) {
	out := SetFile{Code: d.Code, Name: d.Name, Year: d.Year, Label: d.Label, Source: d.Source, Note: d.Note}
	for _, g := range d.Groups {
		group := FileGroup{Name: g.Name, Weight: json.Number(g.Weight), Mark: g.Mark, Source: g.Source}
		for _, m := range d.Members {
			if m.Group != g.N {
				continue
			}
			x, err := s.opt.Plan.IndicatorIn(ctx, s.unit.DB(), m.Indicator)
			if err != nil {
				return out, err
			}
			item := FileItem{Name: m.Name, Title: m.Title, Unit: x.Unit, Direction: m.Direction,
				Additive: x.Additive, Aliases: x.Aliases, Weight: json.Number(m.Weight), Note: m.Note,
				Mark: m.Mark}
			all, err := s.Definitions(ctx, s.unit.DB(), m.Indicator)
			if err != nil {
				return out, err
			}
			if n := len(all); n > 0 {
				item.take(all[n-1])
			}
			group.Items = append(group.Items, item)
		}
		out.Groups = append(out.Groups, group)
	}
	return out, nil
}

// take writes a definition into an item of a file.
func (x *FileItem) take(d Definition) {
	x.Kind, x.Frequency, x.Cumulative, x.Text, x.Formula = d.Kind, d.Frequency, d.Cumulative, d.Text, d.Formula
	if d.Kind == Measured {
		x.Kind = Observed // what the program measures is chosen where it runs
	}
	x.Places, x.DueDays = &d.Places, d.DueDays
	x.Floor, x.Ceiling, x.Jump = json.Number(d.Floor), json.Number(d.Ceiling), json.Number(d.Jump)
}
