package party

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Merge is the input of MergeOrganisations: the record Drop becomes part of Keep.
type Merge struct {
	Keep        string   `json:"keep"`
	KeepVersion int64    `json:"keepVersion"`
	Drop        string   `json:"drop"`
	DropVersion int64    `json:"dropVersion"`
	Take        []string `json:"take,omitempty"` // fields whose value comes from Drop
	Reason      string   `json:"reason"`
	// TwoCodes says that the actor knows that both have a credit code and that they differ: then
	// the registering authority holds them for two legal persons.
	TwoCodes bool   `json:"twoCodes,omitempty"`
	Key      string `json:"-"`
}

// Split is the input of SplitOrganisation: the merged record Dropped becomes its own again.
type Split struct {
	Dropped string `json:"-"`
	Version int64  `json:"version"`
	Reason  string `json:"reason"`
	Key     string `json:"-"`
}

// SplitResult is what a split did.
type SplitResult struct {
	Org Org `json:"org"` // the record that is its own again
	// Kept names fields that the merge had changed and somebody has edited since: they keep the
	// newer value.
	Kept []string `json:"kept,omitempty"`
}

// MergeRecord is one merge, as the record's page lists it.
type MergeRecord struct {
	ID      string `json:"id"`
	Keep    string `json:"keep"`
	Dropped string `json:"dropped"`
	Name    string `json:"name"` // of the record that was dropped
	// DroppedVersion is what a split of it must name.
	DroppedVersion int64  `json:"droppedVersion"`
	Reason         string `json:"reason"`
	AtUs           int64  `json:"atUs"`
	UndoneUs       int64  `json:"undoneUs,omitempty"`
	n              int64
	before         string
	after          string
	version        int64
}

// snapshot is what a merge changed in the record that was kept: the fields, and their sources.
type snapshot struct {
	Fields  []string      `json:"fields"`
	Data    OrgData       `json:"data"`
	Sources []FieldSource `json:"sources"`
	By      []string      `json:"by"` // accounts of the sources, which their JSON leaves out
}

const mergeColumns = `m.id, m.keep, m.n, m.dropped, d.name, d.version, m.reason, m.at_us,
	m.undone_us, m.before, m.after, m.version`

var (
	qMergeAdd = db.Stmt(`INSERT INTO org_merge
		(id, keep, n, dropped, reason, before, after, at_us, account, undone_us, version)
		VALUES ($1, $2, (SELECT COALESCE(MAX(o.n), 0) + 1 FROM org_merge AS o WHERE o.keep = $2),
			$3, $4, $5, $6, $7, $8, 0, 1)`)
	qMergesLater = db.Stmt(`SELECT ` + mergeColumns + ` FROM org_merge AS m
		JOIN org AS d ON d.id = m.dropped
		WHERE m.keep = $1 AND m.n > $2 AND m.undone_us = 0 ORDER BY m.n`)
	qMergeBefore = db.Stmt(`UPDATE org_merge SET before = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qMergeOpen = db.Stmt(`SELECT ` + mergeColumns + ` FROM org_merge AS m
		JOIN org AS d ON d.id = m.dropped WHERE m.dropped = $1 AND m.undone_us = 0`)
	qMergesOf = db.Stmt(`SELECT ` + mergeColumns + ` FROM org_merge AS m
		JOIN org AS d ON d.id = m.dropped WHERE m.keep = $1 ORDER BY m.n DESC LIMIT 100`)
	qMergeUndo = db.Stmt(`UPDATE org_merge SET undone_us = $3, version = version + 1
		WHERE id = $1 AND version = $2 AND undone_us = 0`)
	qPointTo = db.Stmt(`UPDATE org SET merged_into = $3, state_before = $4, version = version + 1
		WHERE id = $1 AND version = $2`)
	qSourceDrop = db.Stmt(`DELETE FROM org_source WHERE org = $1 AND field = $2`)
	qFamilyName = db.Stmt(`WITH RECURSIVE family (id, depth) AS (
			SELECT id, 0 FROM org WHERE id = $1
			UNION ALL
			SELECT org.id, family.depth + 1 FROM org
				JOIN family ON org.merged_into = family.id
				WHERE org.merged_into <> '' AND family.depth < 20)
		SELECT o.name FROM family JOIN org AS o ON o.id = family.id
		UNION
		SELECT o.name_en FROM family JOIN org AS o ON o.id = family.id
		UNION
		SELECT o.uscc FROM family JOIN org AS o ON o.id = family.id
		UNION
		SELECT a.name FROM family JOIN org_alias AS a ON a.org = family.id`)
)

func scanMerge(r db.Row) (MergeRecord, error) {
	var m MergeRecord
	err := r.Scan(&m.ID, &m.Keep, &m.n, &m.Dropped, &m.Name, &m.DroppedVersion, &m.Reason, &m.AtUs,
		&m.UndoneUs, &m.before, &m.after, &m.version)
	return m, err
}

// MergeOrganisations makes one record of two that stand for the same organisation. The dropped
// record stays as it was and leads to the one that is kept.
func (s *Service) MergeOrganisations(ctx context.Context, by authz.Actor, in Merge) (Org, error) {
	const useCase = "party.MergeOrganisations"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Org, error) {
		return s.merge(ctx, tx, in)
	})
	return out, err
}

func (s *Service) merge(ctx context.Context, tx *unit.Tx, in Merge) (Org, error) {
	keep, drop, err := s.pair(ctx, tx, in)
	if err != nil {
		return Org{}, err
	}
	if _, err = s.process.Fire(ctx, tx, drop.ID, drop.Version, stepMerge,
		process.Input{Reason: in.Reason}); err != nil {
		return Org{}, err
	}
	// The engine moved the state and counted the version; now the record points to its new self.
	err = db.ExecOne(ctx, tx.Tx, qPointTo, drop.ID, drop.Version+1, keep.ID, drop.State)
	if err != nil {
		return Org{}, err
	}
	if _, err = db.Exec(ctx, tx.Tx, qMembersLead, drop.ID, keep.ID); err != nil {
		return Org{}, err
	}
	next := keep
	for _, name := range in.Take {
		if next.OrgData, err = applyField(next.OrgData, drop.OrgData, name); err != nil {
			return Org{}, err
		}
	}
	fields := changedFields(keep.OrgData, next.OrgData)
	before, err := takeSnapshot(ctx, tx, keep, fields)
	if err != nil {
		return Org{}, err
	}
	if err := replaceOrg(ctx, tx, &next); err != nil {
		return Org{}, err
	}
	source := mergedFrom + drop.Name
	if err := setSources(ctx, tx, keep.ID, fields, brief60(source), ""); err != nil {
		return Org{}, err
	}
	next.Version, next.UpdatedUs = keep.Version+1, tx.NowUs()
	if err := s.recordMerge(ctx, tx, in, next, before); err != nil {
		return Org{}, err
	}
	return next, reindex(ctx, tx, drop.ID, keep.ID)
}

// pair loads and checks the two records.
func (s *Service) pair(ctx context.Context, tx *unit.Tx, in Merge) (keep, drop Org, err error) {
	if in.Keep == in.Drop {
		return keep, drop, fault.Fields(fault.At("drop", "不能把档案并入它自己"))
	}
	if keep, err = s.mergeable(ctx, tx, in.Keep, in.KeepVersion); err != nil {
		return keep, drop, err
	}
	if drop, err = s.mergeable(ctx, tx, in.Drop, in.DropVersion); err != nil {
		return keep, drop, err
	}
	differ := keep.USCC != "" && drop.USCC != "" && keep.USCC != drop.USCC
	if differ && !in.TwoCodes {
		return keep, drop, fault.Fields(fault.At("twoCodes",
			"两个档案的统一社会信用代码不同，登记机关视为两个主体；确认合并请勾选此项"))
	}
	return keep, drop, nil
}

func (s *Service) mergeable(
	ctx context.Context, tx *unit.Tx, orgID string, version int64,
) (Org, error) {
	o, err := orgByID(ctx, tx, orgID)
	if err != nil {
		return o, err
	}
	if err := seen(tx.By(), o); err != nil {
		return o, err
	}
	if err := OrgPolicy.May(tx.By(), ActOrgMerge, o); err != nil {
		return o, err
	}
	if o.State == Merged {
		return o, fault.New(fault.Conflict, "“%s”已并入其他档案", o.Name)
	}
	if o.Version != version {
		return o, errStale()
	}
	return withParts(ctx, tx, o)
}

func (s *Service) recordMerge(
	ctx context.Context, tx *unit.Tx, in Merge, next Org, before snapshot,
) error {
	after := snapshot{Fields: before.Fields, Data: next.OrgData}
	b, err := json.Marshal(before)
	if err != nil {
		return fmt.Errorf("encode merge: %w", err)
	}
	a, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("encode merge: %w", err)
	}
	_, err = db.Exec(ctx, tx.Tx, qMergeAdd, id.New(), in.Keep, in.Drop, in.Reason, string(b),
		string(a), tx.NowUs(), tx.By().Account)
	if err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: "party.org", Object: in.Keep, What: "merge", Reason: in.Reason,
		Detail: map[string]any{"dropped": in.Drop, "taken": before.Fields}})
	tx.Emit(outbox.Event{Kind: EventOrgMerged, Object: in.Drop, Data: in.Keep})
	return nil
}

func takeSnapshot(
	ctx context.Context, tx *unit.Tx, o Org, fields []string,
) (snapshot, error) {
	snap := snapshot{Fields: fields, Data: o.OrgData}
	all, err := db.All(ctx, tx, qSources, scanSource, o.ID)
	if err != nil {
		return snap, err
	}
	for _, src := range all {
		for _, f := range fields {
			if src.Field == f {
				snap.Sources = append(snap.Sources, src)
				snap.By = append(snap.By, src.Account)
			}
		}
	}
	return snap, nil
}

// SplitOrganisation undoes a merge: the dropped record is its own again, in the state it had, and
// the kept one gets back every value that the merge changed and nobody has edited since.
func (s *Service) SplitOrganisation(
	ctx context.Context, by authz.Actor, in Split,
) (SplitResult, error) {
	const useCase = "party.SplitOrganisation"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (SplitResult, error) { return s.split(ctx, tx, in) })
	if db.Violates(err, "org", "uscc") {
		return out, fault.New(fault.Conflict,
			"恢复后将有两个档案使用同一统一社会信用代码，请先更正其中一个").Wrap(err)
	}
	return out, err
}

func (s *Service) split(ctx context.Context, tx *unit.Tx, in Split) (SplitResult, error) {
	drop, err := orgByID(ctx, tx, in.Dropped)
	if err != nil {
		return SplitResult{}, err
	}
	if err := seen(tx.By(), drop); err != nil {
		return SplitResult{}, err
	}
	m, found, err := db.Find(ctx, tx, qMergeOpen, scanMerge, in.Dropped)
	if err != nil {
		return SplitResult{}, err
	}
	if !found {
		return SplitResult{}, fault.New(fault.Conflict, "该档案没有并入其他档案")
	}
	kept, err := s.restore(ctx, tx, m)
	if err != nil {
		return SplitResult{}, err
	}
	if _, err = s.process.Fire(ctx, tx, drop.ID, in.Version, stepSplit+drop.StateBefore,
		process.Input{Reason: in.Reason}); err != nil {
		return SplitResult{}, err
	}
	if err = db.ExecOne(ctx, tx.Tx, qPointTo, drop.ID, in.Version+1, "", ""); err != nil {
		return SplitResult{}, err
	}
	if _, err = db.Exec(ctx, tx.Tx, qMembersBack, drop.ID); err != nil {
		return SplitResult{}, err
	}
	if err = db.ExecOne(ctx, tx.Tx, qMergeUndo, m.ID, m.version, tx.NowUs()); err != nil {
		return SplitResult{}, err
	}
	if drop, err = orgByID(ctx, tx, drop.ID); err != nil {
		return SplitResult{}, err
	}
	if drop, err = withParts(ctx, tx, drop); err != nil {
		return SplitResult{}, err
	}
	if err = reindex(ctx, tx, drop.ID, m.Keep); err != nil {
		return SplitResult{}, err
	}
	tx.Audit(audit.Entry{Kind: "party.org", Object: m.Keep, What: "split", Reason: in.Reason,
		Detail: map[string]any{"dropped": drop.ID, "keptNewer": kept}})
	tx.Emit(outbox.Event{Kind: EventOrgSplit, Object: drop.ID, Data: m.Keep})
	return SplitResult{Org: drop, Kept: kept}, nil
}

// restore gives the kept record back what the merge changed. It returns the fields that were
// edited since and stay. A value that a later merge replaced, and that merge is still in force, is
// put into what that merge will give back instead: merges come undone in any order.
func (s *Service) restore(ctx context.Context, tx *unit.Tx, m MergeRecord) ([]string, error) {
	before, after, err := m.snapshots()
	if err != nil {
		return nil, err
	}
	keep, err := orgByID(ctx, tx, m.Keep)
	if err != nil {
		return nil, err
	}
	if err := OrgPolicy.May(tx.By(), ActOrgMerge, keep); err != nil {
		return nil, err
	}
	if keep, err = withParts(ctx, tx, keep); err != nil {
		return nil, err
	}
	covered, kept, err := restoreBelow(ctx, tx, m, before, after)
	if err != nil {
		return nil, err
	}
	edited := changedFields(keep.OrgData, after.Data)
	var back []string
	for _, f := range before.Fields {
		if slices.Contains(covered, f) {
			continue
		}
		if slices.Contains(edited, f) {
			kept = append(kept, f)
			continue
		}
		back = append(back, f)
		if keep.OrgData, err = applyField(keep.OrgData, before.Data, f); err != nil {
			return nil, err
		}
	}
	// The kept record counts a version either way, so that whoever looks at it now notices.
	if err := replaceOrg(ctx, tx, &keep); err != nil {
		return nil, err
	}
	return kept, restoreSources(ctx, tx, keep.ID, before, back)
}

// restoreBelow hands fields down to the first later merge that changed them too. It returns all
// such fields, and those of them that were edited between the two merges and stay as they are.
func restoreBelow(
	ctx context.Context, tx *unit.Tx, m MergeRecord, before, after snapshot,
) (covered, kept []string, err error) {
	later, err := db.All(ctx, tx, qMergesLater, scanMerge, m.Keep, m.n)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range later {
		base, _, err := l.snapshots()
		if err != nil {
			return nil, nil, err
		}
		edited := changedFields(base.Data, after.Data)
		changed := false
		for _, f := range before.Fields {
			if slices.Contains(covered, f) || !slices.Contains(base.Fields, f) {
				continue
			}
			covered = append(covered, f)
			if slices.Contains(edited, f) {
				kept = append(kept, f)
				continue
			}
			if base, err = base.withField(before, f); err != nil {
				return nil, nil, err
			}
			changed = true
		}
		if !changed {
			continue
		}
		text, err := json.Marshal(base)
		if err != nil {
			return nil, nil, fmt.Errorf("encode merge: %w", err)
		}
		if err := db.ExecOne(ctx, tx.Tx, qMergeBefore, l.ID, l.version, string(text)); err != nil {
			return nil, nil, err
		}
	}
	return covered, kept, nil
}

// snapshots decodes what the merge changed: how it was, and how it was made.
func (m MergeRecord) snapshots() (before, after snapshot, err error) {
	if err := json.Unmarshal([]byte(m.before), &before); err != nil {
		return before, after, fmt.Errorf("decode merge %s: %w", m.ID, err)
	}
	if err := json.Unmarshal([]byte(m.after), &after); err != nil {
		return before, after, fmt.Errorf("decode merge %s: %w", m.ID, err)
	}
	return before, after, nil
}

// withField returns the snapshot with one field, and its source, as another has them.
func (s snapshot) withField(other snapshot, name string) (snapshot, error) {
	var err error
	if s.Data, err = applyField(s.Data, other.Data, name); err != nil {
		return s, err
	}
	sources, accounts := s.Sources, s.By
	s.Sources, s.By = nil, nil
	add := func(src []FieldSource, by []string, own bool) {
		for i := range src {
			if (src[i].Field == name) != own {
				s.Sources, s.By = append(s.Sources, src[i]), append(s.By, by[i])
			}
		}
	}
	add(sources, accounts, true)
	add(other.Sources, other.By, false)
	return s, nil
}

func restoreSources(
	ctx context.Context, tx *unit.Tx, orgID string, before snapshot, fields []string,
) error {
	for _, f := range fields {
		if _, err := db.Exec(ctx, tx.Tx, qSourceDrop, orgID, f); err != nil {
			return err
		}
		for i, src := range before.Sources {
			if src.Field != f {
				continue
			}
			_, err := db.Exec(ctx, tx.Tx, qSourceSet, orgID, f, src.Source, src.AsOf, src.AtUs, before.By[i])
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// OrganisationMerges lists the merges into a record, newest first, undone ones too, for those who
// may see its history.
func (s *Service) OrganisationMerges(
	ctx context.Context, by authz.Actor, orgID string,
) ([]MergeRecord, error) {
	o, err := orgByID(ctx, s.unit.DB(), orgID)
	if err != nil {
		return nil, err
	}
	if err := seen(by, o); err != nil {
		return nil, err
	}
	if err := OrgPolicy.May(by, ActOrgHistory, o); err != nil {
		return nil, err
	}
	return db.All(ctx, s.unit.DB(), qMergesOf, scanMerge, orgID)
}

// brief60 cuts a source to its limit.
func brief60(s string) string {
	if runes := []rune(s); len(runes) > maxSource {
		return string(runes[:maxSource-1]) + "…"
	}
	return s
}
