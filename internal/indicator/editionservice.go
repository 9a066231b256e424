package indicator

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// maxNote bounds why an edition was made, in characters.
const maxNote = 300

// NewSet is the input of CreateSet.
type NewSet struct {
	SetData
	Key string `json:"-"`
}

// CreateSet begins a set that has nothing yet but a draft.
func (s *Service) CreateSet(ctx context.Context, by authz.Actor, in NewSet) (Edition, error) {
	in.normalise()
	if err := EditionPolicy.May(by, ActEditionWrite, Edition{}); err != nil {
		return Edition{}, err
	}
	in.Retired = false
	file := SetFile{Code: in.Code, Name: in.Name, Year: in.Year, Label: in.Label, Source: in.Source,
		Note: in.Note, Weighting: Percent}
	file.normalise()
	if err := s.checkFile(file); err != nil {
		return Edition{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.CreateSet", in.Key, in,
		func(tx *unit.Tx) (Edition, error) {
			_, found, err := db.Find(ctx, tx, qSetCode, scanSet, string(s.today()), in.Code)
			if err != nil {
				return Edition{}, err
			}
			if found {
				return Edition{}, fault.Fields(fault.At("code", "已有代码为“%s”的体系", in.Code))
			}
			set, err := s.addSet(ctx, tx, in.SetData)
			if err != nil {
				return Edition{}, err
			}
			return s.addDraft(ctx, tx, set, file, "")
		})
	return out, err
}

// ListEditions returns the editions of a set that the actor may read, the newest first.
func (s *Service) ListEditions(ctx context.Context, by authz.Actor, setID string) ([]Edition, error) {
	q := s.unit.DB()
	x, err := s.setByID(ctx, q, setID)
	if err != nil {
		return nil, err
	}
	if err := SetPolicy.May(by, ActSetRead, x); err != nil {
		return nil, err
	}
	list, err := db.All(ctx, q, qEditionsOf, scanEdition, setID)
	list = slices.DeleteFunc(list, func(e Edition) bool {
		return EditionPolicy.May(by, ActEditionRead, e) != nil
	})
	slices.Reverse(list)
	return list, err
}

// editionOf finds an edition by its number.
func (s *Service) editionOf(ctx context.Context, q db.Q, by authz.Actor, ref EditionRef) (Edition, error) {
	list, err := db.All(ctx, q, qEditionsOf, scanEdition, ref.Set)
	if err != nil {
		return Edition{}, err
	}
	for _, e := range list {
		if e.N == ref.N && EditionPolicy.May(by, ActEditionRead, e) == nil {
			return e, nil
		}
	}
	return Edition{}, fault.New(fault.NotFound, "没有这一版")
}

// EditionDetail is an edition with all it says.
type EditionDetail struct {
	Edition
	Content SetFile `json:"content"`
	// Of a draft: what must be mended before it can be put in force, what should be, and what it changes
	// against the set as it is now.
	Faults  []fault.Field `json:"-"`
	Hints   []fault.Field `json:"-"`
	Changes []Change      `json:"changes"`
	// Adds and Defines are how many indicators it would define anew and how many definitions it would make.
	Adds    int             `json:"adds"`
	Defines int             `json:"defines"`
	Offers  []process.Offer `json:"-"`
	History []process.Entry `json:"-"`
}

// GetEdition returns an edition of a set; a draft with its check.
func (s *Service) GetEdition(ctx context.Context, by authz.Actor, ref EditionRef) (EditionDetail, error) {
	q := s.unit.DB()
	e, err := s.editionOf(ctx, q, by, ref)
	if err != nil {
		return EditionDetail{}, err
	}
	d := EditionDetail{Edition: e}
	if d.Content, err = s.editionFile(ctx, q, e); err != nil {
		return d, err
	}
	if d.History, err = process.History(ctx, q, EditionProcess.Name(), e.ID, 0); err != nil {
		return d, err
	}
	if d.Offers, err = s.editions.Available(ctx, q, by, e); err != nil || e.State != EditionDraft {
		return d, err
	}
	c, err := s.inspect(ctx, q, by, d.Content)
	if err != nil {
		return d, err
	}
	base, _, err := s.liveFile(ctx, q, e.Set)
	if err != nil {
		return d, err
	}
	names, defines := c.made()
	d.Faults, d.Hints, d.Adds, d.Defines = c.faults, d.Content.hints(), len(names), defines
	d.Changes = Compare(base, d.Content, c.countedNow)
	return d, nil
}

// made are the indicators that the set would define anew, and how many definitions it would make.
func (c *checking) made() (names []string, definitions int) {
	c.each(func(_ string, x FileItem) {
		if _, known := c.live[x.Name]; !known {
			names = append(names, x.Name)
		}
		if _, anew, _ := c.recounted(x); anew {
			definitions++
		}
	})
	return names, definitions
}

// recounted says whether an indicator of the set is counted already, whether it gets a definition by the set
// (its first one, one that counts in another way, or one behind an ended one), and whether its series breaks by it.
func (c *checking) recounted(x FileItem) (counted, anew, breaks bool) {
	was, counted := c.countedNow(x.Name)
	if !counted {
		return false, true, false
	}
	fields, breaks := recount(was, x)
	return true, len(fields) > 0 || c.counts[c.live[x.Name].ID].To != "", breaks
}

// noDraft refuses what cannot be done while a draft is open.
func (s *Service) noDraft(ctx context.Context, q db.Q, setID string) error {
	list, err := db.All(ctx, q, qEditionsOf, scanEdition, setID)
	for _, e := range list {
		if e.State == EditionDraft {
			return fault.New(fault.Conflict, "第 %d 版草案还在修订：请先定版或作废", e.N)
		}
	}
	return err
}

// NewDraft is the input of DraftEdition.
type NewDraft struct {
	Set  string `json:"-"`
	Note string `json:"note,omitempty"` // why
	Key  string `json:"-"`
}

// DraftEdition begins a draft with the edition that has the latest first day, perhaps one to come.
func (s *Service) DraftEdition(ctx context.Context, by authz.Actor, in NewDraft) (Edition, error) {
	in.Note = lines(in.Note)
	if err := EditionPolicy.May(by, ActEditionWrite, Edition{}); err != nil {
		return Edition{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.DraftEdition", in.Key, in,
		func(tx *unit.Tx) (Edition, error) {
			set, err := s.setByID(ctx, tx, in.Set)
			if err != nil {
				return Edition{}, err
			}
			file, found, err := s.liveFile(ctx, tx, in.Set)
			if err != nil {
				return Edition{}, err
			}
			if !found { // every draft before was thrown away
				file = SetFile{Code: set.Code, Name: set.Name, Year: set.Year, Label: set.Label,
					Source: set.Source, Note: set.Note, Weighting: Percent}
				file.normalise()
			}
			return s.addDraft(ctx, tx, set, file, in.Note)
		})
	return out, err
}

// addDraft stores a draft; a set has one at a time.
func (s *Service) addDraft(
	ctx context.Context, tx *unit.Tx, set Set, file SetFile, note string,
) (Edition, error) {
	if err := s.noDraft(ctx, tx, set.ID); err != nil {
		return Edition{}, err
	}
	var f faults
	f.line("note", tidy(note), maxNote, false)
	if err := f.err(); err != nil {
		return Edition{}, err
	}
	list, err := db.All(ctx, tx, qEditionsOf, scanEdition, set.ID)
	if err != nil {
		return Edition{}, err
	}
	n := int64(1)
	if len(list) > 0 {
		n = list[len(list)-1].N + 1
	}
	file.Code = set.Code
	content, err := encodeFile(file)
	if err != nil {
		return Edition{}, err
	}
	editionID := id.New()
	err = db.ExecOne(ctx, tx.Tx, qEditionAdd, editionID, set.ID, n, content, note, tx.NowUs(),
		tx.By().Account, tx.By().Login)
	if err != nil {
		return Edition{}, err
	}
	if err := s.editions.Start(ctx, tx, editionID); err != nil {
		return Edition{}, err
	}
	tx.Audit(audit.Entry{Kind: kindEdition, Object: editionID, What: "create", Reason: note,
		Detail: map[string]any{"set": set.Code, "n": n, "items": file.items()}})
	return editionByID(ctx, tx, editionID)
}

// DraftUpdate is the input of UpdateDraft.
type DraftUpdate struct {
	ID      string  `json:"-"`
	Content SetFile `json:"content"`
	Note    string  `json:"note,omitempty"`
	Version int64   `json:"version"`
}

// UpdateDraft stores what a draft says. What no set may say is refused at its field; what the set lacks as
// a whole is said by GetEdition, and hinders only that it is put in force.
func (s *Service) UpdateDraft(ctx context.Context, by authz.Actor, in DraftUpdate) (Edition, error) {
	var out Edition
	err := s.unit.Write(ctx, by, "indicator.UpdateDraft", func(tx *unit.Tx) error {
		old, err := s.readEdition(ctx, tx, by, in.ID)
		if err != nil {
			return err
		}
		if err := EditionPolicy.May(by, ActEditionWrite, old); err != nil {
			return err
		}
		set, err := s.setByID(ctx, tx, old.Set)
		if err != nil {
			return err
		}
		in.Content.Code, in.Note = set.Code, lines(in.Note)
		before, err := s.editionFile(ctx, tx, old)
		if err != nil {
			return err
		}
		in.Content.normalise()
		in.Content.keepTasks(before.Tasks)
		var f faults
		in.Content.check(s, &f)
		f.line("note", tidy(in.Note), maxNote, false)
		if err := f.err(); err != nil {
			return err
		}
		switch {
		case old.State != EditionDraft:
			return fault.New(fault.Conflict, "这一版已经%s，不能再改", editionTitle(old.State))
		case old.Version != in.Version:
			return errStale()
		}
		content, err := encodeFile(in.Content)
		if err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qEditionSet, in.ID, in.Version, content, in.Note, tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindEdition, Object: in.ID, What: "update",
			Detail: map[string]any{"changes": Compare(before, in.Content, nil)}})
		out, err = editionByID(ctx, tx, in.ID)
		return err
	})
	return out, err
}

// Publication is the input of PublishEdition.
type Publication struct {
	ID      string     `json:"-"`
	From    clock.Date `json:"from"` // the first day it holds
	Version int64      `json:"version"`
}

// PublishEdition puts a draft in force from a day on, which ends the edition before it. Indicators that are
// not there yet are defined; one that is counted in another way gets a definition from that day on, which
// breaks its series unless the draft says that its values go on.
func (s *Service) PublishEdition(ctx context.Context, by authz.Actor, in Publication) (Edition, error) {
	var out Edition
	err := s.unit.Write(ctx, by, "indicator.PublishEdition", func(tx *unit.Tx) error {
		e, err := s.readEdition(ctx, tx, by, in.ID)
		if err != nil {
			return err
		}
		out, err = s.publish(ctx, tx, e, in)
		return err
	})
	return out, err
}

func (s *Service) publish(ctx context.Context, tx *unit.Tx, e Edition, in Publication) (Edition, error) {
	if err := EditionPolicy.May(tx.By(), ActEditionPublish, e); err != nil {
		return e, err
	}
	if e.State == EditionDraft {
		if err := s.mayPublish(ctx, tx, e, in.From); err != nil {
			return e, err
		}
	}
	file, err := s.editionFile(ctx, tx, e)
	if err != nil {
		return e, err
	}
	if e.State == EditionDraft && e.Version == in.Version { // what else, the step refuses
		if err := s.closeBefore(ctx, tx, e, in.From); err != nil {
			return e, err
		}
		if err := db.ExecOne(ctx, tx.Tx, qEditionBegin, e.ID, e.Version, string(in.From)); err != nil {
			return e, err
		}
	}
	e, err = s.editions.Fire(ctx, tx, e.ID, in.Version, StepPublish,
		process.Input{Data: firstDay{From: in.From}})
	if err != nil {
		return e, err
	}
	if err := s.apply(ctx, tx, e, file); err != nil {
		return e, err
	}
	if err := s.addTasks(ctx, tx, file); err != nil {
		return e, err
	}
	tx.Emit(outbox.Event{Kind: EventSet, Object: e.Set})
	return editionByID(ctx, tx, e.ID)
}

// mayPublish refuses a draft that is not whole, and a day that is not behind all that rests on it.
func (s *Service) mayPublish(ctx context.Context, tx *unit.Tx, e Edition, from clock.Date) error {
	file, err := s.editionFile(ctx, tx, e)
	if err != nil {
		return err
	}
	c, err := s.inspect(ctx, tx, tx.By(), file)
	if err != nil {
		return err
	}
	c.day("from", from, true)
	if !from.Valid() {
		return c.err()
	}
	list, err := db.All(ctx, tx, qEditionsOf, scanEdition, e.Set)
	if err != nil {
		return err
	}
	if last, found := latestOf(list); found && from <= last.From {
		c.add("from", "应晚于第 %d 版的生效日期 %s", last.N, string(last.From))
	}
	c.each(func(_ string, x FileItem) {
		counted, anew, _ := c.recounted(x)
		d := c.counts[c.live[x.Name].ID]
		switch {
		case !counted || !anew:
		case from <= d.From:
			c.add("from", "“%s”的口径从 %s 起才生效，修改它应晚于这一天", x.Name, string(d.From))
		case d.To != "" && from < d.To:
			c.add("from", "“%s”的口径到 %s 为止，新的口径应在它之后生效", x.Name, string(d.To.AddDays(-1)))
		}
	})
	return c.err()
}

// closeBefore ends the edition before one that begins on a day. What an edition from before there were drafts
// said is written down with it: its rows are soon those of the next one.
func (s *Service) closeBefore(ctx context.Context, tx *unit.Tx, e Edition, from clock.Date) error {
	list, err := db.All(ctx, tx, qEditionsOf, scanEdition, e.Set)
	if err != nil {
		return err
	}
	last, found := latestOf(list)
	if !found {
		return nil
	}
	if last.content == "" {
		file, err := s.fileOf(ctx, tx, last, "")
		if err != nil {
			return err
		}
		if last.content, err = encodeFile(file); err != nil {
			return err
		}
	}
	err = db.ExecOne(ctx, tx.Tx, qEditionClose, last.ID, last.Version, string(from), last.content, tx.NowUs())
	if err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindEdition, Object: last.ID, What: "close",
		Detail: map[string]any{"to": from, "by": e.ID}})
	return nil
}

// apply makes the rows of an edition that is put in force, with the indicators and definitions it needs.
func (s *Service) apply(ctx context.Context, tx *unit.Tx, e Edition, file SetFile) error {
	set, err := s.setByID(ctx, tx, e.Set)
	if err != nil {
		return err
	}
	c, err := s.inspect(ctx, tx, tx.By(), file)
	if err != nil {
		return err
	}
	list, err := db.All(ctx, tx, qEditionsOf, scanEdition, e.Set)
	if err != nil {
		return err
	}
	first := !slices.ContainsFunc(list, func(b Edition) bool { return b.ID != e.ID && b.State == EditionPublished })
	begin := e.From
	if first {
		begin = file.From // a set that is taken over counts what came before it, too
	}
	var groups, items [][]any
	n := int64(0)
	for i, g := range file.Groups {
		group := int64(i + 1)
		groups = append(groups, []any{e.ID, group, g.Name, string(g.Weight), g.Mark, g.Source})
		for j, x := range g.Items {
			n++
			live, err := s.defineItem(ctx, tx, c, e, begin, x)
			var f faults
			if err := f.under(itemPlace(i, j), "name", err); err != nil {
				return err
			}
			if err := f.err(); err != nil {
				return err
			}
			items = append(items, []any{e.ID, n, e.Set, group, live.ID, x.Title, string(x.Weight), x.Direction,
				x.Mark, x.Note})
		}
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qGroupAdd, groups); err != nil {
		return err
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qItemAdd, items); err != nil {
		return err
	}
	if e.From > s.today() && !first {
		return nil // the set keeps its header until then
	}
	d := file.Data()
	return db.ExecOne(ctx, tx.Tx, qSetSet, set.ID, set.Version, d.Name, d.Year, d.Label, d.Source, d.Note,
		set.Retired, tx.NowUs())
}

// defineItem defines an indicator that is not there yet, and gives it a definition when it has none, when
// its last one was ended, or when it is counted in another way from now on. A first definition holds from
// the day begin on.
func (s *Service) defineItem(
	ctx context.Context, tx *unit.Tx, c *checking, e Edition, begin clock.Date, x FileItem,
) (plan.Indicator, error) {
	live, known := c.live[x.Name]
	if !known {
		var err error
		live, err = s.opt.Plan.CreateIndicatorIn(ctx, tx, plan.NewIndicator{IndicatorData: plan.IndicatorData{
			Name: x.Name, Unit: x.Unit, Direction: x.Direction, Additive: x.Additive, Definition: x.Text,
			Aliases: x.Aliases}})
		if err != nil {
			return live, err
		}
		c.live[x.Name] = live
	}
	counted, anew, breaks := c.recounted(x)
	if !anew {
		return live, nil
	}
	from := e.From
	if !counted {
		from = begin
	}
	source := c.file.Name
	if c.file.Label != "" {
		source += " · " + c.file.Label
	}
	d := Definition{ID: id.New(), Indicator: live.ID, DefinitionData: x.definition(from, source),
		CreatedBy: tx.By().Account}
	if o := c.owners[x.Owner]; x.Owner != "" {
		d.Org, d.OrgName, d.orgNow = o.ID, o.Name, o.ID
	}
	if last := c.counts[live.ID]; counted && x.Owner == last.OrgName {
		d.Org, d.OrgName, d.orgNow = last.Org, last.OrgName, last.orgNow
	}
	if counted && breaks {
		d.Breaks, d.BreakNote = true, breakNote(c.file, e)
	}
	_, err := s.addDefinition(ctx, tx, d)
	return live, err
}

// DiscardEdition throws a draft away.
func (s *Service) DiscardEdition(ctx context.Context, by authz.Actor, in Step) (Edition, error) {
	var out Edition
	err := s.unit.Write(ctx, by, "indicator.DiscardEdition", func(tx *unit.Tx) error {
		if _, err := s.readEdition(ctx, tx, by, in.ID); err != nil {
			return err
		}
		var err error
		out, err = s.editions.Fire(ctx, tx, in.ID, in.Version, StepDiscard, process.Input{Reason: in.Reason})
		if err == nil {
			tx.Emit(outbox.Event{Kind: EventSet, Object: out.Set})
		}
		return err
	})
	return out, err
}

// Comparison is two editions of a set side by side.
type Comparison struct {
	From    Edition  `json:"from"`
	To      Edition  `json:"to"`
	Changes []Change `json:"changes"`
}

// CompareEditions says line by line what became of a set between two of its editions.
func (s *Service) CompareEditions(
	ctx context.Context, by authz.Actor, setID string, from, to int64,
) (Comparison, error) {
	q := s.unit.DB()
	if err := SetPolicy.May(by, ActSetRead, Set{}); err != nil {
		return Comparison{}, err
	}
	var out Comparison
	var err error
	if out.From, err = s.editionOf(ctx, q, by, EditionRef{setID, from}); err != nil {
		return out, err
	}
	if out.To, err = s.editionOf(ctx, q, by, EditionRef{setID, to}); err != nil {
		return out, err
	}
	a, err := s.editionFile(ctx, q, out.From)
	if err != nil {
		return out, err
	}
	b, err := s.editionFile(ctx, q, out.To)
	out.Changes = Compare(a, b, nil)
	return out, err
}
