package appraise

import (
	"cmp"
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Kinds of object, for policies and the trail.
const (
	kindSheet  = "appraise.sheet"
	kindReview = "appraise.review"
)

// SheetData is what people write about a valuation beside its inputs.
type SheetData struct {
	Title   string     `json:"title"`
	Post    string     `json:"post,omitempty"` // the achievement
	Org     string     `json:"org"`            // whose it is
	Purpose string     `json:"purpose"`        // 估值目的
	Day     clock.Date `json:"day"`            // 估值基准日
	Limits  string     `json:"limits,omitempty"`
}

// Sheet is a valuation sheet as stored.
type Sheet struct {
	ID string `json:"id"`
	SheetData
	Code      string `json:"code"`
	OrgNow    string `json:"-"`
	OrgName   string `json:"orgName"`
	Edition   int64  `json:"edition"` // of its inputs, 0 before the first
	State     string `json:"state"`
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
}

// Edition is one set of inputs.
type Edition struct {
	N      int64  `json:"n"`
	Inputs Inputs `json:"inputs"`
	Note   string `json:"note,omitempty"`
	AtUs   int64  `json:"atUs"`
	Login  string `json:"login"`
}

// Posts is what this room needs of the market.
type Posts interface {
	// FindPost returns a post, by its id or its code, as the actor may see it.
	FindPost(ctx context.Context, by authz.Actor, name string) (market.Post, error)
}

// Options of a Service.
type Options struct {
	Party *party.Service
	Posts Posts
}

// Service is the room of valuations and evaluations. It is safe for concurrent use.
type Service struct {
	unit    *unit.Unit
	opt     Options
	sheets  *process.Process[Sheet]
	reviews *process.Process[Review]
}

// New returns the room. times counts the limits of its life cycles.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	sheets, err := SheetProcess.With(times)
	if err != nil {
		return nil, err
	}
	s := &Service{u, o, sheets, nil}
	d := ReviewProcess.Def()
	d.Store.Load = s.reviewNow
	reviews, err := process.New(d)
	if err != nil {
		return nil, err
	}
	s.reviews, err = reviews.With(times)
	return s, err
}

// reviewNow loads an evaluation with the limit of today's rule.
func (s *Service) reviewNow(ctx context.Context, q db.Q, reviewID string) (Review, error) {
	v, err := reviewByID(ctx, q, reviewID)
	if err != nil {
		return v, err
	}
	r, err := market.RuleOn(ctx, q, clock.DateOf(s.unit.Clock().Now()))
	v.scoreDays = r.ScoreDays
	return v, err
}

// subject looks up whose achievement is weighed: the organisation, and the post if one is named, by its id or
// the code that its page shows.
func (s *Service) subject(
	ctx context.Context, by authz.Actor, post, org, title *string, f *occasion.Faults,
) (party.Org, error) {
	if *post != "" {
		p, err := s.opt.Posts.FindPost(ctx, by, *post)
		switch {
		case err != nil:
			if err := f.With("post", err); err != nil {
				return party.Org{}, err
			}
		case p.Kind != market.Achievement:
			f.Add("post", "只对成果估值和评价")
		default:
			*post, *org, *title = p.ID, cmp.Or(p.OrgNow, *org), cmp.Or(*title, p.Title)
		}
	}
	if *org == "" {
		f.Add("org", "请选择所属单位")
		return party.Org{}, nil
	}
	o, err := s.opt.Party.GetOrganisation(ctx, by, *org)
	if fault.Is(err, fault.NotFound) {
		f.Add("org", "主体库中没有这个单位")
		return o, nil
	}
	return o, err
}

func (d *SheetData) check(f *occasion.Faults) {
	d.Title, d.Purpose, d.Limits = occasion.Tidy(d.Title), occasion.Tidy(d.Purpose), occasion.Lines(d.Limits)
	f.Line("title", d.Title, occasion.MaxTitle, true)
	f.Line("purpose", d.Purpose, occasion.MaxLine, true)
	f.Prose("limits", d.Limits, occasion.MaxProse, false)
	if !d.Day.Valid() {
		f.Add("day", "日期应为真实的日期，如 2026-11-22")
	}
}

// NewSheet is the input of CreateSheet.
type NewSheet struct {
	SheetData
	Key string `json:"-"`
}

// CreateSheet begins a valuation.
func (s *Service) CreateSheet(ctx context.Context, by authz.Actor, in NewSheet) (Sheet, error) {
	in.Post = occasion.Tidy(in.Post)
	in.Org = cmp.Or(in.Org, by.Org)
	var f occasion.Faults
	if !SheetPolicy.Could(by, ActSheetCreate) {
		return Sheet{}, SheetPolicy.May(by, ActSheetCreate, Sheet{})
	}
	o, err := s.subject(ctx, by, &in.Post, &in.Org, &in.Title, &f)
	if err != nil {
		return Sheet{}, err
	}
	in.check(&f)
	if err := f.Err(); err != nil {
		return Sheet{}, err
	}
	x := Sheet{SheetData: in.SheetData, OrgNow: o.ID, OrgName: o.Name, State: SheetDraft,
		CreatedBy: by.Account}
	if SheetPolicy.May(by, ActSheetCreate, x) != nil {
		return Sheet{}, fault.Fields(fault.At("org", "只能为本单位的成果编制"))
	}
	out, _, err := unit.Once(ctx, s.unit, by, "appraise.CreateSheet", in.Key, in,
		func(tx *unit.Tx) (Sheet, error) {
			n, err := next(ctx, tx, "sheet")
			if err != nil {
				return Sheet{}, err
			}
			sheetID := id.New()
			err = db.ExecOne(ctx, tx.Tx, qSheetAdd, sheetID, occasion.Code("GZ", tx.NowUs(), n), x.Title, x.Post,
				x.Org, x.OrgNow, x.OrgName, x.Purpose, string(x.Day), x.Limits, tx.NowUs(), x.CreatedBy)
			if err != nil {
				return Sheet{}, err
			}
			if err := s.sheets.Start(ctx, tx, sheetID); err != nil {
				return Sheet{}, err
			}
			tx.Audit(audit.Entry{Kind: kindSheet, Object: sheetID, What: "create", Detail: x.SheetData})
			tx.Emit(outbox.Event{Kind: EventSheetCreated, Object: sheetID})
			return sheetByID(ctx, tx, sheetID)
		})
	return out, err
}

// SheetUpdate is the input of UpdateSheet.
type SheetUpdate struct {
	ID string `json:"-"`
	SheetData
	Version int64 `json:"version"`
}

// changing loads a sheet that is being made, as it was seen, and changes it.
func (s *Service) changing(
	ctx context.Context, by authz.Actor, useCase, sheetID string, version int64,
	do func(*unit.Tx, Sheet) error,
) (Sheet, error) {
	var out Sheet
	err := s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		x, err := s.readSheet(ctx, tx, by, sheetID)
		if err != nil {
			return err
		}
		if err := SheetPolicy.May(by, ActSheetUpdate, x); err != nil {
			return err
		}
		if x.Version != version {
			return occasion.Stale()
		}
		if x.State != SheetDraft {
			return fault.New(fault.Conflict, "已定稿，重新编制后才能修改")
		}
		if err := do(tx, x); err != nil {
			return err
		}
		tx.Emit(outbox.Event{Kind: EventSheetUpdated, Object: sheetID})
		out, err = sheetByID(ctx, tx, sheetID)
		return err
	})
	return out, err
}

// UpdateSheet changes what is written about a valuation; whose it is stays.
func (s *Service) UpdateSheet(ctx context.Context, by authz.Actor, in SheetUpdate) (Sheet, error) {
	return s.changing(ctx, by, "appraise.UpdateSheet", in.ID, in.Version, func(tx *unit.Tx, x Sheet) error {
		var f occasion.Faults
		in.check(&f)
		if err := f.Err(); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindSheet, Object: x.ID, What: "update",
			Detail: map[string]any{"old": x.SheetData, "new": in.SheetData}})
		return db.ExecOne(ctx, tx.Tx, qSheetSet, x.ID, x.Version, in.Title, in.Purpose, string(in.Day),
			in.Limits, tx.NowUs())
	})
}

// NewEdition is the input of SaveInputs.
type NewEdition struct {
	ID      string `json:"-"`
	Inputs  Inputs `json:"inputs"`
	Note    string `json:"note,omitempty"`
	Version int64  `json:"version"`
}

// SaveInputs keeps a new set of inputs beside the older ones.
func (s *Service) SaveInputs(ctx context.Context, by authz.Actor, in NewEdition) (Sheet, error) {
	in.Note = occasion.Tidy(in.Note)
	return s.changing(ctx, by, "appraise.SaveInputs", in.ID, in.Version, func(tx *unit.Tx, x Sheet) error {
		results, err := Value(in.Inputs)
		if err != nil {
			return err
		}
		var f occasion.Faults
		f.Line("note", in.Note, occasion.MaxLine, false)
		if len(results) == 0 {
			f.Add("cost.items", "至少填写一种方法的数据")
		}
		Spread(results, &f)
		if err := f.Err(); err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qEditionAdd, x.ID, x.Edition+1, occasion.Encode(in.Inputs), in.Note,
			tx.NowUs(), by.Account, by.Login)
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindSheet, Object: x.ID, What: "inputs",
			Detail: map[string]any{"edition": x.Edition + 1, "note": in.Note}})
		return db.ExecOne(ctx, tx.Tx, qSheetEdition, x.ID, x.Version, x.Edition+1, tx.NowUs())
	})
}

func (s *Service) readSheet(ctx context.Context, q db.Q, by authz.Actor, sheetID string) (Sheet, error) {
	x, err := sheetByID(ctx, q, sheetID)
	if err != nil {
		return Sheet{}, err
	}
	return x, SheetPolicy.May(by, ActSheetRead, x)
}

// SheetDetail is a sheet with one edition, what it comes to, and the list of all editions.
type SheetDetail struct {
	Sheet
	Shown    *Edition        `json:"shown,omitempty"`
	Results  []Result        `json:"results"`
	Unfit    bool            `json:"unfit,omitempty"` // the edition is beyond the limits, nothing is calculated
	Editions []Edition       `json:"editions"`
	Offers   []process.Offer `json:"-"`
	History  []process.Entry `json:"-"`
}

// GetSheet returns a sheet with the edition n, the latest for 0.
func (s *Service) GetSheet(
	ctx context.Context, by authz.Actor, sheetID string, n int64,
) (SheetDetail, error) {
	q := s.unit.DB()
	x, err := s.readSheet(ctx, q, by, sheetID)
	if err != nil {
		return SheetDetail{}, err
	}
	d := SheetDetail{Sheet: x}
	if d.Editions, err = db.All(ctx, q, qEditions, scanEdition, x.ID); err != nil {
		return d, err
	}
	n = cmp.Or(n, x.Edition)
	for _, e := range d.Editions {
		if e.N == n {
			d.Shown = &e
		}
	}
	if n > 0 && d.Shown == nil {
		return SheetDetail{}, occasion.Absent()
	}
	if d.Shown != nil {
		// An edition of before the limits stays readable; its inputs are shown, not what they come to.
		if d.Results, err = Value(d.Shown.Inputs); fault.Is(err, fault.Invalid) {
			d.Unfit = true
		} else if err != nil {
			return d, err
		}
	}
	if d.Offers, err = s.sheets.Available(ctx, q, by, x); err != nil {
		return d, err
	}
	d.History, err = process.History(ctx, q, s.sheets.Name(), x.ID, 0)
	return d, err
}

// Step is the input of FireSheet and FireReview.
type Step struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireSheet takes a step with a sheet.
func (s *Service) FireSheet(ctx context.Context, by authz.Actor, in Step) (Sheet, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "appraise.FireSheet", in.Key, in,
		func(tx *unit.Tx) (Sheet, error) {
			if _, err := s.readSheet(ctx, tx, by, in.ID); err != nil {
				return Sheet{}, err
			}
			out, err := s.sheets.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			tx.Emit(outbox.Event{Kind: EventSheetMoved, Object: in.ID, Data: in.Step})
			return out, err
		})
	return out, err
}

// ListSheets returns a page of the sheets that the actor may read, the newest first.
func (s *Service) ListSheets(
	ctx context.Context, by authz.Actor, p db.PageReq,
) (db.Page[Sheet], error) {
	return db.List(ctx, s.unit.DB(), sheets, SheetPolicy.Scope(by, ActSheetRead), sheets.Order(""), p,
		scanSheet)
}
