package show

import (
	"cmp"
	"context"
	"io"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The columns of the table of an agenda. They have the names of the fields of a slot, so that what is
// wrong with a field is wrong with its column.
const (
	colStarts  = "startsUs"
	colEnds    = "endsUs"
	colTitle   = "title"
	colSpeaker = "speaker"
	colOrg     = "org"
	colPost    = "post"
)

// SlotSheet is the table in which organisers send an agenda (议程表).
func SlotSheet() sheet.Spec {
	return sheet.Spec{Name: "agenda", Title: "活动议程", MaxRows: 2 * MaxSlots, Columns: []sheet.Column{
		{Key: colStarts, Title: "开始时间", Required: true, Width: 18,
			Hint: "如 2026-12-10 09:30；与活动开始同日的可以只写 09:30"},
		{Key: colEnds, Title: "结束时间", Required: true, Width: 18},
		{Key: colTitle, Title: "环节名称", Required: true, Width: 36},
		{Key: colSpeaker, Title: "主讲", Width: 20},
		{Key: colOrg, Title: "路演单位", Width: 30, Hint: "主体库中的全称或统一社会信用代码"},
		{Key: colPost, Title: "路演的成果或需求", Kind: sheet.Code, Width: 20, Hint: "技术市场中的编号"},
	}}
}

// SlotImport is the input of ImportSlots.
type SlotImport struct {
	Show    string
	Version int64 // of the event; a dry run wants none
	DryRun  bool
	Name    string // of the file
	File    io.Reader
}

// SlotOutcome is what an import did or would do. With problems it does nothing.
type SlotOutcome struct {
	Rows     int            `json:"rows"`
	Adds     int            `json:"adds"`
	Changes  int            `json:"changes"`
	Skips    int            `json:"skips"`   // in the agenda already, just so
	Slots    []Slot         `json:"slots"`   // to be added, in the order of the table
	Updates  []Slot         `json:"updates"` // to be changed: in the agenda at that time by that title
	Done     bool           `json:"done"`
	Problems sheet.Problems `json:"-"`
}

// ImportSlots adds the rows of a table to the agenda of an event, all or none. A dry run says what would
// come of it. A row that is in the agenda already, by time and title, changes who speaks there and of what where it
// says something else, and is left alone otherwise: what WriteAgenda wrote changes nothing.
func (s *Service) ImportSlots(ctx context.Context, by authz.Actor, in SlotImport) (SlotOutcome, error) {
	q := s.unit.DB()
	x, err := s.read(ctx, q, by, in.Show)
	if err == nil {
		err = Policy.May(by, ActUpdate, x)
	}
	if err == nil {
		err = changeable(x)
	}
	if err != nil {
		return SlotOutcome{}, err
	}
	if !in.DryRun && x.Version != in.Version {
		return SlotOutcome{}, occasion.Stale()
	}
	table, err := sheet.Read(ctx, in.Name, in.File, SlotSheet())
	if err != nil {
		return SlotOutcome{}, err
	}
	slots, err := db.All(ctx, q, qSlots, scanSlot, x.ID)
	if err != nil {
		return SlotOutcome{}, err
	}
	out, err := s.readSlots(ctx, by, x, slots, table)
	if err != nil || in.DryRun {
		return out, err
	}
	if err := out.Problems.Err(ctx); err != nil {
		return out, err
	}
	_, err = s.agenda(ctx, by, "show.ImportSlots", x.ID, x.Version, func(tx *unit.Tx, x Show) (string, error) {
		for _, u := range out.Updates {
			if err := setSlot(ctx, tx, x.ID, u.ID, named{u.SlotData, u.OrgName, u.PostTitle}); err != nil {
				return "", err
			}
		}
		for _, n := range out.Slots {
			if _, err := addSlot(ctx, tx, x.ID, named{n.SlotData, n.OrgName, n.PostTitle}); err != nil {
				return "", err
			}
		}
		return "", nil
	})
	out.Done = err == nil
	return out, err
}

// readSlots reads the rows of a table; each is checked against the agenda and the rows before it.
func (s *Service) readSlots(
	ctx context.Context, by authz.Actor, x Show, slots []Slot, table *sheet.Table,
) (SlotOutcome, error) {
	out := SlotOutcome{Slots: []Slot{}, Updates: []Slot{}}
	orgs := map[string]string{}
	codes, err := s.codes(ctx, by, slots)
	if err != nil {
		return out, err
	}
	for r, err := range table.Rows(ctx, nil) {
		if err != nil {
			return out, err
		}
		out.Rows++
		if out.Problems.Add(r.Problems...); len(r.Problems) > 0 {
			continue
		}
		d := SlotData{StartsUs: slotMoment(r.Text(colStarts), x.StartsUs),
			EndsUs: slotMoment(r.Text(colEnds), x.StartsUs), Title: occasion.Tidy(r.Text(colTitle)),
			Speaker: r.Text(colSpeaker), Post: occasion.Tidy(r.Text(colPost))}
		old, known := slotAt(slots, d)
		if known && d.Speaker == old.Speaker && r.Text(colOrg) == old.OrgName && d.Post == codes[old.Post] {
			out.Skips++
			continue
		}
		var f occasion.Faults
		if d.Org, err = s.orgCalled(ctx, by, r.Text(colOrg), orgs, &f); err != nil {
			return out, err
		}
		n, err := s.checkSlot(ctx, by, x, slots, d, old.ID)
		if e, ok := fault.As(err); ok && e.Kind == fault.Invalid {
			f = append(f, e.Fields...)
		} else if err != nil {
			return out, err
		}
		for _, p := range f {
			out.Problems.Add(r.Problem(p.Name, p.Key, p.Args...))
		}
		slot := Slot{ID: old.ID, Show: x.ID, SlotData: n.SlotData, OrgName: n.OrgName, PostTitle: n.PostTitle}
		if known {
			out.Updates = append(out.Updates, slot)
			continue
		}
		slots, out.Slots = append(slots, slot), append(out.Slots, slot)
	}
	out.Adds, out.Changes = len(out.Slots), len(out.Updates)
	if out.Rows == 0 {
		return out, fault.Fields(fault.At(sheet.FieldFile, "没有可导入的数据行"))
	}
	return out, nil
}

// slotAt returns the slot of an agenda at a time by a title, false for none.
func slotAt(slots []Slot, d SlotData) (Slot, bool) {
	for _, x := range slots {
		if x.ID != "" && x.StartsUs == d.StartsUs && x.EndsUs == d.EndsUs && x.Title == d.Title {
			return x, true
		}
	}
	return Slot{}, false
}

// codes are the codes of the posts that are pitched, by their ids; that of one which the actor may not know of any
// more is its id.
func (s *Service) codes(ctx context.Context, by authz.Actor, slots []Slot) (map[string]string, error) {
	out := map[string]string{"": ""}
	for _, x := range slots {
		if _, known := out[x.Post]; known {
			continue
		}
		p, err := s.opt.Posts.FindPost(ctx, by, x.Post)
		switch {
		case fault.Is(err, fault.NotFound):
			out[x.Post] = x.Post
		case err != nil:
			return nil, err
		default:
			out[x.Post] = cmp.Or(p.Code, x.Post)
		}
	}
	return out, nil
}

// WriteAgenda writes the agenda of an event in the form that ImportSlots reads, for those who may change it, and
// returns how many slots there were.
func (s *Service) WriteAgenda(
	ctx context.Context, by authz.Actor, showID string, e occasion.Export, w io.Writer,
) (int, error) {
	q := s.unit.DB()
	x, err := s.read(ctx, q, by, showID)
	if err == nil {
		err = Policy.May(by, ActUpdate, x)
	}
	if err != nil {
		return 0, err
	}
	slots, err := db.All(ctx, q, qSlots, scanSlot, x.ID)
	if err != nil {
		return 0, err
	}
	codes, err := s.codes(ctx, by, slots)
	if err != nil {
		return 0, err
	}
	rows := func(yield func([]any, error) bool) {
		for _, t := range slots {
			if !yield([]any{occasion.MomentText(t.StartsUs), occasion.MomentText(t.EndsUs), t.Title, t.Speaker,
				t.OrgName, codes[t.Post]}, nil) {
				return
			}
		}
	}
	n, err := sheet.Write(ctx, w, e.Format, SlotSheet(), rows, sheet.Meta{Title: x.Title,
		By: cmp.Or(e.By, by.Login), At: s.unit.Clock().Now(), Filter: e.Filter})
	if err != nil {
		return n, err
	}
	return n, s.unit.Write(ctx, by, "show.WriteAgenda", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindShow, Object: x.ID, What: "export_agenda", Detail: map[string]int{"rows": n}})
		return nil
	})
}

// slotMoment reads a time of an agenda as people and spreadsheets write it. A time of day alone is one on
// the day on which the event starts.
func slotMoment(text string, startsUs int64) int64 {
	text = strings.Join(strings.Fields(strings.NewReplacer("：", ":", "/", "-", "T", " ").Replace(text)), " ")
	if !strings.Contains(text, "-") {
		text = string(clock.DateOf(clock.Time(startsUs))) + " " + text
	}
	for _, form := range []string{"2006-1-2 15:4", "2006-1-2 15:4:5"} {
		if t, err := time.ParseInLocation(form, text, clock.Shanghai); err == nil {
			return clock.Us(t)
		}
	}
	return occasion.Unreadable
}

// orgCalled finds the organisation that a cell names, in full or by its credit code. known keeps what was
// found before.
func (s *Service) orgCalled(
	ctx context.Context, by authz.Actor, name string, known map[string]string, f *occasion.Faults,
) (string, error) {
	name = occasion.Tidy(name)
	if orgID, ok := known[name]; ok || name == "" {
		return orgID, nil
	}
	page, err := s.opt.Party.ListOrganisations(ctx, by, party.OrgFilter{Query: name}, "", db.PageReq{Limit: 20})
	if err != nil {
		return "", f.With(colOrg, err)
	}
	for _, o := range page.Items {
		if o.Name == name || strings.EqualFold(o.USCC, name) {
			known[name] = o.ID
			return o.ID, nil
		}
	}
	f.Add(colOrg, "主体库中没有“%s”", name)
	return "", nil
}
