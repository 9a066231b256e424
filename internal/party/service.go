package party

import (
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Service.
type Options struct {
	// Key encrypts identity numbers at rest: KeyBytes bytes. Without it they are refused.
	Key []byte
	// Blobs keeps the files of imports. Without it imports are refused.
	Blobs *blob.Store
}

// Service is the registry. It is safe for concurrent use.
type Service struct {
	unit    *unit.Unit
	codes   Codes
	process *process.Process[Org]
	vault   vault
	blobs   *blob.Store
	imports *imports
	sets    orgSets
	ranks   ranks
	few     int64 // see the constant
}

// New returns the registry. times counts the limits of its life cycles.
func New(u *unit.Unit, codes Codes, times process.Times, o Options) (*Service, error) {
	p, err := OrgProcess.With(times)
	if err != nil {
		return nil, err
	}
	v, err := newVault(o.Key)
	if err != nil {
		return nil, err
	}
	s := &Service{unit: u, codes: codes, process: p, vault: v, blobs: o.Blobs,
		imports: newImports(), few: few}
	if s.blobs != nil {
		s.blobs.Guard(kindImport, func(ctx context.Context, by authz.Actor, importID string) error {
			_, err := s.GetImport(ctx, by, importID)
			return err
		})
	}
	return s, nil
}

// OrgSteps returns the steps that lead on from where a record stands, each with the reason why the
// actor may not take it. Merging and splitting have pages of their own and are left out.
func (s *Service) OrgSteps(ctx context.Context, by authz.Actor, o Org) ([]process.Offer, error) {
	all, err := s.process.Available(ctx, s.unit.DB(), by, o)
	return slices.DeleteFunc(all, func(x process.Offer) bool { return ofMerging(x.Step) }), err
}

func ofMerging(step string) bool {
	return step == stepMerge || strings.HasPrefix(step, stepSplit)
}

// NewOrg is the input of CreateOrganisation.
type NewOrg struct {
	OrgData
	Source string `json:"source,omitempty"` // where the data is from; "" = typed in by the actor
	Key    string `json:"-"`                // idempotency key
}

// CreateOrganisation registers an organisation. Staff who may verify it register it as verified;
// what others write waits to be checked.
func (s *Service) CreateOrganisation(ctx context.Context, by authz.Actor, in NewOrg) (Org, error) {
	in.Normalise()
	o := Org{OrgData: in.OrgData, State: Pending, CreatedBy: by.Account}
	if OrgPolicy.May(by, ActOrgVerify, o) == nil {
		o.State = Verified
	}
	if err := OrgPolicy.May(by, ActOrgCreate, o); err != nil {
		return Org{}, err
	}
	if err := s.validate(o.OrgData); err != nil {
		return Org{}, err
	}
	const useCase = "party.CreateOrganisation"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Org, error) {
		o.ID = id.New()
		return s.insert(ctx, tx, o, in.Source)
	})
	return out, s.taken(ctx, by, o, err)
}

func (s *Service) insert(ctx context.Context, tx *unit.Tx, o Org, source string) (Org, error) {
	o.CreatedUs, o.UpdatedUs, o.Version = tx.NowUs(), tx.NowUs(), 1
	if err := insertOrgs(ctx, tx, []Org{o}); err != nil {
		return Org{}, err
	}
	if err := setSources(ctx, tx, o.ID, changedFields(OrgData{}, o.OrgData), source, ""); err != nil {
		return Org{}, err
	}
	if err := s.process.Start(ctx, tx, o.ID); err != nil {
		return Org{}, err
	}
	tx.Audit(audit.Entry{Kind: "party.org", Object: o.ID, What: "create", Detail: o.forAudit()})
	tx.Emit(outbox.Event{Kind: EventOrgCreated, Object: o.ID})
	return o, nil
}

// OrgUpdate is the input of UpdateOrganisation.
type OrgUpdate struct {
	ID string `json:"-"`
	OrgData
	Source  string `json:"source,omitempty"`
	AsOf    string `json:"asOf,omitempty"` // day the data is of, 2006-01-02
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// UpdateOrganisation replaces the data of a record that has the given version. Each field that
// changed gets its source and date.
func (s *Service) UpdateOrganisation(
	ctx context.Context, by authz.Actor, in OrgUpdate,
) (Org, error) {
	in.Normalise()
	const useCase = "party.UpdateOrganisation"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Org, error) {
		return s.update(ctx, tx, in)
	})
	return out, s.taken(ctx, by, Org{ID: in.ID, OrgData: in.OrgData}, err)
}

func (s *Service) update(ctx context.Context, tx *unit.Tx, in OrgUpdate) (Org, error) {
	old, err := s.changeable(ctx, tx, in.ID, in.Version)
	if err != nil {
		return Org{}, err
	}
	next := old
	next.OrgData = in.OrgData
	// Nobody may move a record out of their own reach, or into a district that is not theirs.
	if err := OrgPolicy.May(tx.By(), ActOrgUpdate, next); err != nil {
		return Org{}, err
	}
	if err := s.validate(in.OrgData); err != nil {
		return Org{}, err
	}
	fields := changedFields(old.OrgData, next.OrgData)
	if len(fields) == 0 {
		return old, nil
	}
	if err := replaceOrg(ctx, tx, &next); err != nil {
		return Org{}, err
	}
	if err := setSources(ctx, tx, next.ID, fields, in.Source, in.AsOf); err != nil {
		return Org{}, err
	}
	next.Version++
	next.UpdatedUs = tx.NowUs()
	tx.Audit(audit.Entry{Kind: "party.org", Object: next.ID, What: "update",
		Detail: changes(old.OrgData, next.OrgData, fields)})
	tx.Emit(outbox.Event{Kind: EventOrgUpdated, Object: next.ID, Data: fields})
	return next, reindex(ctx, tx, next.ID)
}

// validate checks the form of the data and its codes.
func (s *Service) validate(o OrgData) error {
	var f faults
	if err := o.Validate(); err != nil {
		e, _ := fault.As(err)
		f = e.Fields
	}
	if o.Region != "" && !f.has("region") && !s.codes.KnowsRegion(string(o.Region)) {
		f.add("region", "行政区划代码 %s 不在现行代码表中", string(o.Region))
	}
	if o.Industry != "" && !s.codes.KnowsIndustry(o.Industry) {
		f.add("industry", "行业代码 %s 不在国民经济行业分类中", o.Industry)
	}
	return f.err()
}

func (f faults) has(field string) bool {
	for _, x := range f {
		if x.Name == field {
			return true
		}
	}
	return false
}

// taken turns the clash of two credit codes into a message at the field. Who may read the other
// record learns its name.
func (s *Service) taken(ctx context.Context, by authz.Actor, o Org, err error) error {
	if !db.Violates(err, "org", "uscc") {
		return err
	}
	other, found, ferr := db.Find(ctx, s.unit.DB(), qOrgByUSCC, scanOrg, o.USCC)
	if ferr == nil && found && OrgPolicy.May(by, ActOrgRead, other) == nil {
		return fault.Fields(fault.At("uscc", "该统一社会信用代码已属于“%s”", other.Name))
	}
	return fault.Fields(fault.At("uscc", "该统一社会信用代码已被登记"))
}

// seen answers NotFound for a record that the actor may not read, so that ids tell nothing.
func seen(by authz.Actor, o Org) error {
	if OrgPolicy.May(by, ActOrgRead, o) != nil {
		return fault.New(fault.NotFound, "没有找到这条记录")
	}
	return nil
}

// GetOrganisation returns the record that lives now under an id: one that was merged leads to the
// record it was merged into, whose id differs from the one asked for. Contacts are in full only
// for those who keep the record.
func (s *Service) GetOrganisation(ctx context.Context, by authz.Actor, orgID string) (Org, error) {
	o, err := s.living(ctx, by, orgID)
	if err != nil {
		return Org{}, err
	}
	if o, err = s.whole(ctx, s.unit.DB(), o); err != nil {
		return Org{}, err
	}
	return o.maskedFor(by), nil
}

// OrgStep is the input of FireOrganisation.
type OrgStep struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireOrganisation takes a step of the life cycle.
func (s *Service) FireOrganisation(ctx context.Context, by authz.Actor, in OrgStep) (Org, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "party.FireOrganisation", in.Key, in,
		func(tx *unit.Tx) (Org, error) {
			o, err := orgByID(ctx, tx, in.ID)
			if err != nil {
				return Org{}, err
			}
			if err := seen(by, o); err != nil {
				return Org{}, err
			}
			if ofMerging(in.Step) {
				return Org{}, fault.New(fault.Conflict, "合并与拆分请在档案的合并页面进行")
			}
			o, err = s.process.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			if err != nil {
				return Org{}, err
			}
			tx.Emit(outbox.Event{Kind: EventOrgMoved, Object: in.ID, Data: in.Step})
			return o, reindex(ctx, tx, in.ID)
		})
	return out, err
}

func (s *Service) auditExport(
	ctx context.Context, by authz.Actor, useCase, kind string, filter any, rows int64,
) error {
	return s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kind, What: "export",
			Detail: map[string]any{"filter": filter, "rows": rows}})
		return nil
	})
}
