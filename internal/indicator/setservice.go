package indicator

import (
	"context"
	"embed"
	"errors"
	"io"
	"path"
	"slices"
	"sync"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
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
	qGroupAdd = db.Stmt(`INSERT INTO indicator_edition_group (edition, n, name, weight, mark, source)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qItemAdd = db.Stmt(`INSERT INTO indicator_edition_item (edition, n, in_set, in_group, indicator, title,
			weight, direction, mark, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	qAllSets = db.Stmt(`SELECT ` + setColumns + ` FROM indicator_set AS s ORDER BY s.year DESC, s.code`)
)

// Shipped is a set that comes with the program.
type Shipped struct {
	SetData
	Items     int    `json:"items"`
	Tasks     int    `json:"tasks,omitempty"`     // that are drafted when it is put in force
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
		x := Shipped{SetData: f.Data(), Items: f.items(), Tasks: len(f.Tasks)}
		have, found, err := db.Find(ctx, s.unit.DB(), qSetCode, scanSet, string(s.today()), f.Code)
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

// seesDrafts says whether an actor sees sets that have no edition in force yet.
func seesDrafts(by authz.Actor) bool {
	return EditionPolicy.May(by, ActEditionRead, Edition{State: EditionDraft}) == nil
}

// ListSets returns all sets, retired ones too, the latest year first.
func (s *Service) ListSets(ctx context.Context, by authz.Actor) ([]Set, error) {
	if err := SetPolicy.May(by, ActSetRead, Set{}); err != nil {
		return nil, err
	}
	list, err := s.setList(ctx, s.unit.DB(), qAllSets)
	return slices.DeleteFunc(list, func(x Set) bool { return !x.Published && !seesDrafts(by) }), err
}

// SetDetail is a set with the groups and indicators of its edition in force.
type SetDetail struct {
	Set
	Current *Edition   `json:"current,omitempty"` // in force today
	Draft   *Edition   `json:"draft,omitempty"`   // that is being edited, for those who may read it
	Groups  []Group    `json:"groups"`
	Members []Item     `json:"members"`
	Tasks   []FileTask `json:"tasks,omitempty"` // that came with it
}

// GetSet returns a set with the groups and indicators of its edition in force.
func (s *Service) GetSet(ctx context.Context, by authz.Actor, setID string) (SetDetail, error) {
	q := s.unit.DB()
	x, err := s.setByID(ctx, q, setID)
	if err != nil {
		return SetDetail{}, err
	}
	d := SetDetail{Set: x}
	if err := SetPolicy.May(by, ActSetRead, x); err != nil {
		return SetDetail{}, err
	}
	if !x.Published && !seesDrafts(by) {
		return SetDetail{}, fault.New(fault.NotFound, "没有找到这条记录")
	}
	list, err := db.All(ctx, q, qEditionsOf, scanEdition, x.ID)
	if err != nil {
		return d, err
	}
	for _, e := range list {
		if e.State == EditionDraft && EditionPolicy.May(by, ActEditionRead, e) == nil {
			d.Draft = &e
		}
		if e.Holds(s.today()) {
			d.Current = &e
			if e.content != "" {
				file, err := s.editionFile(ctx, q, e)
				if err != nil {
					return d, err
				}
				d.Tasks = file.Tasks
			}
		}
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

// UpdateSet changes what is said about a set, or retires it. While there is a draft, that is where it is
// said; its indicators change by editions only.
func (s *Service) UpdateSet(ctx context.Context, by authz.Actor, in SetUpdate) (Set, error) {
	in.normalise()
	var out Set
	err := s.unit.Write(ctx, by, "indicator.UpdateSet", func(tx *unit.Tx) error {
		old, err := s.setByID(ctx, tx, in.ID)
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
		if err := s.noDraft(ctx, tx, in.ID); err != nil {
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
		out, err = s.setByID(ctx, tx, in.ID)
		return err
	})
	return out, err
}

// SetImport is the input of ImportSet.
type SetImport struct {
	SetData            // of a set that comes as a table; a set file says it itself
	Shipped string     // code of a set that comes with the program, instead of a file
	Name    string     // of the file
	File    io.Reader  // a set file, or XLSX or CSV with the columns of SetSheet
	InForce clock.Date // put the draft in force from this day on; "" leaves it a draft
	DryRun  bool
	Key     string
}

// SetOutcome says what the import of a set did or would do.
type SetOutcome struct {
	Set         Set            `json:"set"`
	Edition     Edition        `json:"edition"` // the draft, or what was put in force
	Rows        int            `json:"rows"`
	Replaces    bool           `json:"replaces"`        // an edition of the set is in force
	Added       []string       `json:"added"`           // indicators the set did not have, by name
	Removed     []string       `json:"removed"`         // and those it no longer has
	Indicators  []string       `json:"indicators"`      // that are defined anew
	Tasks       int            `json:"tasks,omitempty"` // that are drafted when it is put in force
	Definitions int            `json:"definitions"`     // that are made, for indicators without one and changed ones
	Breaks      []string       `json:"breaks"`          // indicators whose series break
	Faults      []fault.Field  `json:"-"`               // what the draft must mend before it can be put in force
	Problems    sheet.Problems `json:"-"`               // of a table
	Done        bool           `json:"done"`
}

// ImportSet makes a draft of a set file, a table, or what comes with the program, and puts it in force
// when it is told a day. An indicator that is new to the set keeps the definition it has; of one that the
// set has already, what the file says is a change.
func (s *Service) ImportSet(
	ctx context.Context, by authz.Actor, in SetImport,
) (SetOutcome, error) {
	if err := EditionPolicy.May(by, ActEditionWrite, Edition{}); err != nil {
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
	out.Rows = file.items()
	if err := s.checkFile(file); err != nil {
		return out, err
	}
	key := in.Key
	if in.DryRun {
		key = ""
	}
	var dry SetOutcome
	done, _, err := unit.Once(ctx, s.unit, by, "indicator.ImportSet", key, setInput{file, in.InForce},
		func(tx *unit.Tx) (SetOutcome, error) {
			x := out
			if err := s.storeImport(ctx, tx, file, in.InForce, &x); err != nil {
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

// setInput is what makes two imports the same one.
type setInput struct {
	File    SetFile
	InForce clock.Date
}

// checkFile refuses a file that cannot be a draft.
func (s *Service) checkFile(file SetFile) error {
	var f faults
	file.check(s, &f)
	return f.err()
}

// storeImport makes the draft of a file and says what it would change.
func (s *Service) storeImport(
	ctx context.Context, tx *unit.Tx, file SetFile, inForce clock.Date, out *SetOutcome,
) error {
	set, found, err := db.Find(ctx, tx, qSetCode, scanSet, string(s.today()), file.Code)
	if err != nil {
		return err
	}
	var base SetFile
	if found {
		if base, out.Replaces, err = s.liveFile(ctx, tx, set.ID); err != nil {
			return err
		}
	} else if set, err = s.addSet(ctx, tx, file.Data()); err != nil {
		return err
	}
	if err := s.keepCounted(ctx, tx, base, &file); err != nil {
		return err
	}
	file.keepTasks(base.Tasks)
	out.Tasks = len(file.Tasks)
	e, err := s.addDraft(ctx, tx, set, file, "")
	if err != nil {
		return err
	}
	c, err := s.inspect(ctx, tx, tx.By(), file)
	if err != nil {
		return err
	}
	out.Faults = c.faults
	for _, x := range Compare(base, file, c.countedNow) {
		switch {
		case x.Of != OfItem:
		case x.Kind == Added:
			out.Added = append(out.Added, x.Name)
		case x.Kind == Removed:
			out.Removed = append(out.Removed, x.Name)
		}
		if x.Breaks {
			out.Breaks = append(out.Breaks, x.Name)
		}
	}
	out.Indicators, out.Definitions = c.made()
	if inForce != "" {
		if e, err = s.publish(ctx, tx, e, Publication{From: inForce, Version: e.Version}); err != nil {
			return err
		}
	}
	out.Edition = e
	out.Set, err = s.setByID(ctx, tx, set.ID)
	return err
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
	s.Tasks = slices.Clone(s.Tasks)
	return s
}

// addSet registers a set that has no edition yet.
func (s *Service) addSet(ctx context.Context, tx *unit.Tx, d SetData) (Set, error) {
	setID := id.New()
	err := db.ExecOne(ctx, tx.Tx, qSetAdd, setID, d.Code, d.Name, d.Year, d.Label, d.Source, d.Note,
		tx.NowUs(), tx.By().Account)
	if err != nil {
		return Set{}, err
	}
	tx.Audit(audit.Entry{Kind: kindSet, Object: setID, What: "create", Detail: d})
	tx.Emit(outbox.Event{Kind: EventSet, Object: setID})
	return s.setByID(ctx, tx, setID)
}

// keepCounted lets indicators that are new to a set keep the definition they have: two sets that ask for
// the same indicator do not count it in two ways.
func (s *Service) keepCounted(ctx context.Context, q db.Q, base SetFile, file *SetFile) error {
	_, before := base.spread()
	for i := range file.Groups {
		for j := range file.Groups[i].Items {
			x := &file.Groups[i].Items[j]
			was, there := before[x.Name]
			if there && (x.Kind != Measured || x.Measure != "") {
				continue
			}
			live, found, err := s.opt.Plan.FindIndicator(ctx, q, x.Name)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			all, err := s.Definitions(ctx, q, live.ID)
			if err != nil {
				return err
			}
			switch n := len(all); {
			case there: // a table does not say which measure
				x.Measure, x.Dims, x.Factor = was.Measure, was.Dims, was.Factor
			case n > 0 && plan.SameUnit(x.Unit, all[n-1].Unit):
				x.take(all[n-1])
			}
		}
	}
	return nil
}

// liveFile is what a draft begins with and is compared to: the edition with the latest first day, perhaps one to
// come, each indicator as it is counted last.
func (s *Service) liveFile(ctx context.Context, q db.Q, setID string) (SetFile, bool, error) {
	list, err := db.All(ctx, q, qEditionsOf, scanEdition, setID)
	if err != nil {
		return SetFile{}, false, err
	}
	e, found := latestOf(list)
	if !found {
		return SetFile{}, false, nil
	}
	out, err := s.fileOf(ctx, q, e, "")
	return out, true, err
}

// fileOf is an edition that was put in force as it would be written in a file, each indicator as it is counted on a
// day; for "", and where nothing holds on that day, as it is counted last.
func (s *Service) fileOf(ctx context.Context, q db.Q, e Edition, day clock.Date) (SetFile, error) {
	set, err := s.setByID(ctx, q, e.Set)
	if err != nil {
		return SetFile{}, err
	}
	var said SetFile
	if e.content != "" {
		if said, err = s.editionFile(ctx, q, e); err != nil {
			return said, err
		}
		if e.From > s.today() {
			set.take(said)
		}
	}
	out := SetFile{Code: set.Code, Name: set.Name, Year: set.Year, Label: set.Label, Source: set.Source,
		Note: set.Note}
	if e.content != "" {
		out.From, out.Weighting, out.Tasks = said.From, said.Weighting, said.Tasks
	}
	groups, err := db.All(ctx, q, qGroups, scanGroup, e.ID)
	if err != nil {
		return out, err
	}
	items, err := db.All(ctx, q, qItems, scanItem, e.ID)
	if err != nil {
		return out, err
	}
	for _, g := range groups {
		group := FileGroup{Name: g.Name, Weight: g.Weight, Mark: g.Mark, Source: g.Source, Items: []FileItem{}}
		for _, m := range items {
			if m.Group != g.N {
				continue
			}
			item, err := s.itemFile(ctx, q, m, day)
			if err != nil {
				return out, err
			}
			group.Items = append(group.Items, item)
		}
		out.Groups = append(out.Groups, group)
	}
	out.normalise()
	return out, nil
}

// itemFile is an indicator of a set as a file says it, counted as on a day: fileOf.
func (s *Service) itemFile(ctx context.Context, q db.Q, m Item, day clock.Date) (FileItem, error) {
	x, err := s.opt.Plan.IndicatorIn(ctx, q, m.Indicator)
	if err != nil {
		return FileItem{}, err
	}
	item := FileItem{Name: m.Name, Title: m.Title, Unit: x.Unit, Direction: m.Direction,
		Additive: x.Additive, Aliases: x.Aliases, Weight: m.Weight, Note: m.Note, Mark: m.Mark}
	all, err := s.Definitions(ctx, q, m.Indicator)
	if n := len(all); n > 0 {
		d := all[n-1]
		if i := slices.IndexFunc(all, func(x Definition) bool { return x.Holds(day) }); i >= 0 {
			d = all[i]
		}
		item.take(d)
	}
	return item, err
}

// take writes a definition into an item of a file.
func (x *FileItem) take(d Definition) {
	x.Kind, x.Frequency, x.Cumulative, x.Text, x.Formula = d.Kind, d.Frequency, d.Cumulative, d.Text, d.Formula
	x.Measure, x.Dims, x.Factor = d.Measure, d.Dims, d.Factor
	x.Unit, x.Places, x.Owner = d.Unit, &d.Places, d.OrgName
	x.DueDays, x.DueTime = d.DueDays, d.DueTime
	x.Floor, x.Ceiling, x.Jump = d.Floor, d.Ceiling, d.Jump
}
