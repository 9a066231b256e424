package show

import (
	"context"
	"io"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// SlotData is what people write about a slot of the agenda (议程环节).
type SlotData struct {
	StartsUs int64  `json:"startsUs"`
	EndsUs   int64  `json:"endsUs"`
	Title    string `json:"title"`
	Speaker  string `json:"speaker,omitempty"`
	Org      string `json:"org,omitempty"`  // who presents
	Post     string `json:"post,omitempty"` // what is pitched
}

// Slot is a slot as stored.
type Slot struct {
	ID   string `json:"id"`
	Show string `json:"show"`
	SlotData
	OrgName   string `json:"orgName,omitempty"`
	PostTitle string `json:"postTitle,omitempty"`
	PostGone  bool   `json:"postGone,omitempty"` // it was withdrawn since, or is not for everybody any more
	File      string `json:"file,omitempty"`     // id of the pitch
	FileName  string `json:"fileName,omitempty"`
	Version   int64  `json:"version"`

	Interested int64 `json:"interested"` // how many marked interest
	Marked     bool  `json:"marked"`     // the actor did
}

// Pitches says whether something is pitched in a slot: there is a post, a file or an organisation behind it.
// Interest is in that; an opening and a break have none.
func (x Slot) Pitches() bool { return x.Post != "" || x.File != "" || x.Org != "" }

// slotCols counts who is interested in the last column.
const slotCols = `t.id, t.show, t.starts_us, t.ends_us, t.title, t.speaker, t.org, t.org_name, t.post,
	t.post_title, t.file, t.file_name, t.version,
	(SELECT COUNT(*) FROM show_interest AS i WHERE i.slot = t.id)`

func scanSlot(r db.Row) (Slot, error) {
	var x Slot
	err := r.Scan(&x.ID, &x.Show, &x.StartsUs, &x.EndsUs, &x.Title, &x.Speaker, &x.Org, &x.OrgName,
		&x.Post, &x.PostTitle, &x.File, &x.FileName, &x.Version, &x.Interested)
	return x, err
}

// PitchFile is what can be pitched from.
var PitchFile = blob.Kind{Name: "show.pitch", MaxBytes: 50 << 20,
	Types: []blob.Type{blob.PDF, blob.DOCX, blob.PNG, blob.JPEG}}

// overlaps returns the first slot that a period overlaps with, other than the one with id but, "" = none.
func overlaps(slots []Slot, from, to int64, but string) (Slot, bool) {
	for _, x := range slots {
		if (but == "" || x.ID != but) && x.StartsUs < to && from < x.EndsUs {
			return x, true
		}
	}
	return Slot{}, false
}

// named is a slot with the names to store with it.
type named struct {
	SlotData
	OrgName   string `json:"orgName,omitempty"`
	PostTitle string `json:"postTitle,omitempty"`
}

// checkSlot returns a slot as it is stored in an agenda of an event, but being the one whose place it
// takes, or what is wrong with it. A post may be named by its code.
func (s *Service) checkSlot(
	ctx context.Context, by authz.Actor, x Show, slots []Slot, d SlotData, but string,
) (named, error) {
	d.Title, d.Speaker = occasion.Tidy(d.Title), occasion.Tidy(d.Speaker)
	var f occasion.Faults
	f.Line("title", d.Title, occasion.MaxTitle, true)
	f.Line("speaker", d.Speaker, occasion.MaxLine, false)
	f.Public("title", d.Title, contactField)
	f.Public("speaker", d.Speaker, contactField)
	f.Between("startsUs", "endsUs", d.StartsUs, d.EndsUs)
	if len(f) == 0 && (d.StartsUs < x.StartsUs || d.EndsUs > x.EndsUs) {
		f.Add("startsUs", "环节应在活动时间之内：%s—%s", occasion.MomentText(x.StartsUs),
			occasion.MomentText(x.EndsUs))
	}
	if other, yes := overlaps(slots, d.StartsUs, d.EndsUs, but); yes && len(f) == 0 {
		f.Add("startsUs", "与“%s”的时间重叠", other.Title)
	}
	if but == "" && len(slots) >= MaxSlots {
		f.Add("title", "议程最多 %d 个环节", MaxSlots)
	}
	o, err := s.org(ctx, by, "org", d.Org, &f)
	if err != nil {
		return named{}, err
	}
	out := named{d, o.Name, ""}
	if d.Post != "" {
		p, err := s.opt.Posts.FindPost(ctx, by, d.Post)
		if err != nil {
			if err := f.With("post", err); err != nil {
				return named{}, err
			}
		}
		if err == nil && (p.Visibility == market.Named || !p.Live()) {
			f.Add("post", "只能路演已发布且不是定向公开的成果或需求")
		}
		out.Post, out.PostTitle = p.ID, p.Title
	}
	return out, f.Err()
}

// checked is checkSlot against the agenda as it is.
func (s *Service) checked(
	ctx context.Context, tx *unit.Tx, x Show, d SlotData, but string,
) (named, error) {
	slots, err := db.All(ctx, tx, qSlots, scanSlot, x.ID)
	if err != nil {
		return named{}, err
	}
	return s.checkSlot(ctx, tx.By(), x, slots, d, but)
}

// addSlot stores a new slot.
func addSlot(ctx context.Context, tx *unit.Tx, showID string, n named) (string, error) {
	slotID := id.New()
	tx.Audit(audit.Entry{Kind: kindShow, Object: showID, What: "slot_add", Detail: n.SlotData})
	return slotID, db.ExecOne(ctx, tx.Tx, qSlotAdd, slotID, showID, n.StartsUs, n.EndsUs, n.Title, n.Speaker,
		n.Org, n.OrgName, n.Post, n.PostTitle)
}

// NewSlot is the input of AddSlot. Version is that of the event.
type NewSlot struct {
	Show string `json:"-"`
	SlotData
	Version int64 `json:"version"`
}

// AddSlot adds a slot to an agenda; it overlaps with no other.
func (s *Service) AddSlot(ctx context.Context, by authz.Actor, in NewSlot) (Slot, error) {
	return s.agenda(ctx, by, "show.AddSlot", in.Show, in.Version,
		func(tx *unit.Tx, x Show) (string, error) {
			n, err := s.checked(ctx, tx, x, in.SlotData, "")
			if err != nil {
				return "", err
			}
			return addSlot(ctx, tx, x.ID, n)
		})
}

// SlotUpdate is the input of UpdateSlot.
type SlotUpdate struct {
	Show string `json:"-"`
	ID   string `json:"-"`
	SlotData
	Version int64 `json:"version"` // of the event
}

// UpdateSlot changes a slot.
func (s *Service) UpdateSlot(ctx context.Context, by authz.Actor, in SlotUpdate) (Slot, error) {
	return s.agenda(ctx, by, "show.UpdateSlot", in.Show, in.Version,
		func(tx *unit.Tx, x Show) (string, error) {
			old, err := slotOf(ctx, tx, x.ID, in.ID)
			if err != nil {
				return "", err
			}
			n, err := s.checked(ctx, tx, x, in.SlotData, old.ID)
			if err != nil {
				return "", err
			}
			return old.ID, setSlot(ctx, tx, x.ID, old.ID, n)
		})
}

// setSlot changes a slot.
func setSlot(ctx context.Context, tx *unit.Tx, showID, slotID string, n named) error {
	old, err := slotOf(ctx, tx, showID, slotID)
	if err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindShow, Object: showID, What: "slot_update",
		Detail: map[string]any{"old": old.SlotData, "new": n.SlotData}})
	return db.ExecOne(ctx, tx.Tx, qSlotSet, slotID, n.StartsUs, n.EndsUs, n.Title, n.Speaker, n.Org, n.OrgName,
		n.Post, n.PostTitle)
}

// SlotRef names a slot of an event that was seen at a version.
type SlotRef struct {
	Show    string `json:"-"`
	ID      string `json:"-"`
	Version int64  `json:"version"`
}

// RemoveSlot takes a slot off the agenda, with its pitch. One that people are interested in stays.
func (s *Service) RemoveSlot(ctx context.Context, by authz.Actor, in SlotRef) error {
	_, err := s.agenda(ctx, by, "show.RemoveSlot", in.Show, in.Version,
		func(tx *unit.Tx, x Show) (string, error) {
			old, err := slotOf(ctx, tx, x.ID, in.ID)
			if err != nil {
				return "", err
			}
			if old.Interested > 0 {
				return "", fault.New(fault.Conflict, "已有 %d 人对这个环节标记意向，不能删除", old.Interested)
			}
			if err := s.detach(ctx, tx, old); err != nil {
				return "", err
			}
			tx.Audit(audit.Entry{Kind: kindShow, Object: x.ID, What: "slot_remove", Detail: old.SlotData})
			return "", db.ExecOne(ctx, tx.Tx, qSlotDrop, old.ID)
		})
	return err
}

// FileInput is a file as it comes in.
type FileInput struct {
	Name    string
	Content io.Reader
}

// AttachPitch stores the file that a slot is pitched from, in place of an older one.
func (s *Service) AttachPitch(
	ctx context.Context, by authz.Actor, in SlotRef, file FileInput,
) (Slot, error) {
	if s.opt.Blobs == nil {
		return Slot{}, fault.New(fault.Unavailable, "没有配置文件存储")
	}
	x, err := s.read(ctx, s.unit.DB(), by, in.Show)
	if err == nil {
		err = Policy.May(by, ActUpdate, x)
	}
	if err != nil {
		return Slot{}, err
	}
	staged, err := s.opt.Blobs.Stage(ctx, blob.Upload{Kind: PitchFile, Field: "file", Name: file.Name,
		Content: file.Content})
	if err != nil {
		return Slot{}, err
	}
	defer staged.Discard()
	return s.agenda(ctx, by, "show.AttachPitch", in.Show, in.Version,
		func(tx *unit.Tx, x Show) (string, error) {
			old, err := slotOf(ctx, tx, x.ID, in.ID)
			if err != nil {
				return "", err
			}
			if err := s.detach(ctx, tx, old); err != nil {
				return "", err
			}
			ref, err := s.opt.Blobs.Attach(ctx, tx, staged, blob.Object{Kind: kindShow, ID: x.ID})
			if err != nil {
				return "", err
			}
			return old.ID, db.ExecOne(ctx, tx.Tx, qSlotFile, old.ID, ref.ID, ref.Name)
		})
}

func (s *Service) detach(ctx context.Context, tx *unit.Tx, old Slot) error {
	if old.File == "" || s.opt.Blobs == nil {
		return nil
	}
	ref, err := blob.Find(ctx, tx, old.File)
	if err != nil {
		return err
	}
	return s.opt.Blobs.Detach(ctx, tx, ref, "")
}

// OpenPitch opens the file of a slot.
func (s *Service) OpenPitch(
	ctx context.Context, by authz.Actor, showID, fileID string,
) (blob.Ref, io.ReadCloser, error) {
	if s.opt.Blobs == nil {
		return blob.Ref{}, nil, occasion.Absent()
	}
	ref, content, err := s.opt.Blobs.Read(ctx, by, fileID)
	if err == nil && (ref.Object != blob.Object{Kind: kindShow, ID: showID}) {
		_ = content.Close()
		err = occasion.Absent()
	}
	return ref, content, err
}

// agenda changes the agenda of an event that was seen at a version. do returns the id of the slot,
// "" when it is gone.
func (s *Service) agenda(
	ctx context.Context, by authz.Actor, useCase, showID string, version int64,
	do func(*unit.Tx, Show) (string, error),
) (Slot, error) {
	var out Slot
	err := s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		x, err := s.write(ctx, tx, by, showID, version)
		if err != nil {
			return err
		}
		slotID, err := do(tx, x)
		if err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qTouch, showID, version, tx.NowUs()); err != nil {
			return err
		}
		tx.Emit(outbox.Event{Kind: EventUpdated, Object: showID})
		if slotID == "" {
			return nil
		}
		out, err = slotOf(ctx, tx, showID, slotID)
		return err
	})
	return out, err
}

func slotOf(ctx context.Context, q db.Q, showID, slotID string) (Slot, error) {
	x, err := db.Get(ctx, q, qSlot, scanSlot, slotID)
	if err == nil && x.Show != showID {
		err = occasion.Absent()
	}
	return x, err
}

// standing notes which of the posts that are pitched nobody can look at any more.
func (s *Service) standing(ctx context.Context, q db.Q, slots []Slot) error {
	var posts []string
	for _, x := range slots {
		posts = append(posts, x.Post)
	}
	at, err := s.opt.Posts.Standings(ctx, q, posts...)
	for i, x := range slots {
		slots[i].PostGone = x.Post != "" && !at[x.Post].Shown
	}
	return err
}

// slotsFor returns the agenda with what the actor marked.
func (s *Service) slotsFor(
	ctx context.Context, q db.Q, by authz.Actor, showID string,
) ([]Slot, error) {
	slots, err := db.All(ctx, q, qSlots, scanSlot, showID)
	if err != nil {
		return slots, err
	}
	if err := s.standing(ctx, q, slots); err != nil || by.Account == "" {
		return slots, err
	}
	marked, err := db.All(ctx, q, qMarked, db.One[string], showID, by.Account)
	for i := range slots {
		for _, m := range marked {
			slots[i].Marked = slots[i].Marked || slots[i].ID == m
		}
	}
	return slots, err
}
