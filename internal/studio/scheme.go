package studio

import (
	"cmp"
	"context"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// SchemeData is what people write about a scheme.
type SchemeData struct {
	Title   string `json:"title"`
	Purpose string `json:"purpose,omitempty"`
	Dataset string `json:"dataset"`
}

// Scheme is a scheme as stored.
type Scheme struct {
	ID string `json:"id"`
	SchemeData
	Code      string `json:"code"`
	Edition   int64  `json:"edition"` // the latest, 0 before the first
	State     string `json:"state"`
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
}

// SavedHead is one edition of a scheme in a list.
type SavedHead struct {
	N     int64  `json:"n"`
	DataN int64  `json:"dataEdition"`
	Note  string `json:"note,omitempty"`
	AtUs  int64  `json:"atUs"`
	Login string `json:"login"`
}

// Saved is one edition of a scheme with everything it is made again from.
type Saved struct {
	SavedHead
	Choices Choices        `json:"choices"`
	Spec    composite.Spec `json:"spec"`
	Result  Result         `json:"result"`
}

func (d *SchemeData) check(f *faults) {
	d.Title, d.Purpose = tidy(d.Title), lines(d.Purpose)
	f.line("title", d.Title, MaxTitle, true)
	f.prose("purpose", d.Purpose, MaxProse, false)
}

// NewScheme is the input of CreateScheme.
type NewScheme struct {
	SchemeData
	Key string `json:"-"`
}

// CreateScheme begins a scheme for a dataset.
func (s *Service) CreateScheme(ctx context.Context, by authz.Actor, in NewScheme) (Scheme, error) {
	if err := SchemePolicy.May(by, ActSchemeMake, Scheme{}); err != nil {
		return Scheme{}, err
	}
	var f faults
	in.check(&f)
	if _, err := s.readDataset(ctx, s.unit.DB(), by, in.Dataset); fault.Is(err, fault.NotFound) {
		f.add("dataset", "请选择一个数据集")
	} else if err != nil {
		return Scheme{}, err
	}
	if err := f.err(); err != nil {
		return Scheme{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "studio.CreateScheme", in.Key, in.SchemeData,
		func(tx *unit.Tx) (Scheme, error) {
			code, err := next(ctx, tx, "FA")
			if err != nil {
				return Scheme{}, err
			}
			schemeID := id.New()
			err = db.ExecOne(ctx, tx.Tx, qSchemeAdd, schemeID, code, in.Title, in.Purpose, in.Dataset, tx.NowUs(),
				by.Account)
			if err != nil {
				return Scheme{}, err
			}
			if err := s.schemes.Start(ctx, tx, schemeID); err != nil {
				return Scheme{}, err
			}
			tx.Audit(audit.Entry{Kind: kindScheme, Object: schemeID, What: "create", Detail: in.SchemeData})
			tx.Emit(outbox.Event{Kind: EventSchemeCreated, Object: schemeID})
			return schemeByID(ctx, tx, schemeID)
		})
	return out, err
}

func (s *Service) readScheme(ctx context.Context, q db.Q, by authz.Actor, schemeID string) (Scheme, error) {
	x, err := schemeByID(ctx, q, schemeID)
	if err != nil {
		return Scheme{}, err
	}
	return x, SchemePolicy.May(by, ActSchemeRead, x)
}

// making loads a scheme that is being made, as it was seen, and changes it.
func (s *Service) making(
	ctx context.Context, by authz.Actor, useCase, schemeID string, version int64,
	do func(*unit.Tx, Scheme) error,
) (Scheme, error) {
	var out Scheme
	err := s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		x, err := s.readScheme(ctx, tx, by, schemeID)
		if err != nil {
			return err
		}
		if err := SchemePolicy.May(by, ActSchemeMake, x); err != nil {
			return err
		}
		if x.Version != version {
			return errStale()
		}
		if x.State != Draft {
			return fault.New(fault.Conflict, "已定稿，退回草稿后才能修改")
		}
		if err := do(tx, x); err != nil {
			return err
		}
		out, err = schemeByID(ctx, tx, schemeID)
		return err
	})
	return out, err
}

// SchemeUpdate is the input of UpdateScheme.
type SchemeUpdate struct {
	ID string `json:"-"`
	SchemeData
	Version int64 `json:"version"`
}

// UpdateScheme changes what is written about a scheme; its dataset stays.
func (s *Service) UpdateScheme(ctx context.Context, by authz.Actor, in SchemeUpdate) (Scheme, error) {
	return s.making(ctx, by, "studio.UpdateScheme", in.ID, in.Version, func(tx *unit.Tx, x Scheme) error {
		var f faults
		in.Dataset = x.Dataset
		in.check(&f)
		if err := f.err(); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindScheme, Object: x.ID, What: "update",
			Detail: map[string]any{"old": x.SchemeData, "new": in.SchemeData}})
		return db.ExecOne(ctx, tx.Tx, qSchemeSet, x.ID, x.Version, in.Title, in.Purpose, tx.NowUs())
	})
}

// NewEdition is the input of SaveEdition.
type NewEdition struct {
	ID      string  `json:"-"`
	DataN   int64   `json:"dataEdition,omitempty"` // 0: the latest
	Choices Choices `json:"choices"`
	Note    string  `json:"note,omitempty"`
	Version int64   `json:"version"`
}

// SaveEdition keeps choices with their result beside the older editions.
func (s *Service) SaveEdition(ctx context.Context, by authz.Actor, in NewEdition) (Scheme, error) {
	in.Note = tidy(in.Note)
	return s.making(ctx, by, "studio.SaveEdition", in.ID, in.Version, func(tx *unit.Tx, x Scheme) error {
		d, err := datasetByID(ctx, tx, x.Dataset)
		if err != nil {
			return err
		}
		n := cmp.Or(in.DataN, d.Edition)
		if n < 1 || n > d.Edition {
			return fault.Fields(fault.At("data", "数据集没有第 %d 版", n))
		}
		c, err := s.content(ctx, tx, d.ID, n)
		if err != nil {
			return err
		}
		chosen := in.Choices.Fit(c)
		if err := s.withPanel(ctx, tx, x.ID, &chosen); err != nil {
			return err
		}
		var f faults
		f.line("note", in.Note, MaxLine, false)
		chosen.check(c, &f)
		if err := f.err(); err != nil {
			return err
		}
		b, err := chosen.build(c)
		if err != nil {
			return err
		}
		result := resultOf(b)
		err = db.ExecOne(ctx, tx.Tx, qSavedAdd, x.ID, x.Edition+1, n, encode(chosen), encode(b.Spec),
			encode(result), in.Note, tx.NowUs(), by.Account, by.Login)
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindScheme, Object: x.ID, What: "save", Detail: map[string]any{
			"edition": x.Edition + 1, "data": n, "note": in.Note, "result": hashOf(result)}})
		tx.Emit(outbox.Event{Kind: EventSchemeSaved, Object: x.ID, Data: x.Edition + 1})
		return db.ExecOne(ctx, tx.Tx, qSchemeEdition, x.ID, x.Version, x.Edition+1, tx.NowUs())
	})
}

// Step is the input of FireScheme.
type Step struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireScheme takes a step with a scheme.
func (s *Service) FireScheme(ctx context.Context, by authz.Actor, in Step) (Scheme, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "studio.FireScheme", in.Key, in,
		func(tx *unit.Tx) (Scheme, error) {
			if _, err := s.readScheme(ctx, tx, by, in.ID); err != nil {
				return Scheme{}, err
			}
			out, err := s.schemes.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			tx.Emit(outbox.Event{Kind: EventSchemeMoved, Object: in.ID, Data: in.Step})
			return out, err
		})
	return out, err
}

// SchemeDetail is a scheme with what belongs to it.
type SchemeDetail struct {
	Scheme
	Data     Dataset         `json:"data"`
	Editions []SavedHead     `json:"editions"`
	Offers   []process.Offer `json:"-"`
	History  []process.Entry `json:"-"`
}

// GetScheme returns a scheme.
func (s *Service) GetScheme(ctx context.Context, by authz.Actor, schemeID string) (SchemeDetail, error) {
	q := s.unit.DB()
	x, err := s.readScheme(ctx, q, by, schemeID)
	if err != nil {
		return SchemeDetail{}, err
	}
	d := SchemeDetail{Scheme: x}
	if d.Data, err = datasetByID(ctx, q, x.Dataset); err != nil {
		return d, err
	}
	if d.Editions, err = db.All(ctx, q, qSavedHeads, scanSavedHead, x.ID); err != nil {
		return d, err
	}
	if d.Offers, err = s.schemes.Available(ctx, q, by, x); err != nil {
		return d, err
	}
	d.History, err = process.History(ctx, q, s.schemes.Name(), x.ID, 0)
	return d, err
}

// ListSchemes returns a page of the schemes that the actor may read, the newest first. A dataset or a state
// that is not "" narrows the list.
func (s *Service) ListSchemes(
	ctx context.Context, by authz.Actor, dataset, state string, p db.PageReq,
) (db.Page[Scheme], error) {
	w := SchemePolicy.Scope(by, ActSchemeRead)
	if dataset != "" {
		w = w.And("s.dataset = $1", dataset)
	}
	if state != "" {
		w = w.And("s.state = $1", state)
	}
	return db.List(ctx, s.unit.DB(), schemes, w, schemes.Order(""), p, scanScheme)
}
