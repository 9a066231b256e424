package party

import (
	"context"
	"encoding/json"
	"fmt"

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
	ID       string `json:"id"`
	Keep     string `json:"keep"`
	Dropped  string `json:"dropped"`
	Name     string `json:"name"` // of the record that was dropped
	Reason   string `json:"reason"`
	AtUs     int64  `json:"atUs"`
	UndoneUs int64  `json:"undoneUs,omitempty"`
	before   string
	after    string
	version  int64
}

// snapshot is what a merge changed in the record that was kept: the fields, and their sources.
type snapshot struct {
	Fields  []string      `json:"fields"`
	Data    OrgData       `json:"data"`
	Sources []FieldSource `json:"sources"`
	By      []string      `json:"by"` // accounts of the sources, which their JSON leaves out
}

const mergeColumns = `m.id, m.keep, m.dropped, d.name, m.reason, m.at_us, m.undone_us, m.before,
	m.after, m.version`

var (
	qMergeAdd = db.Stmt(`INSERT INTO org_merge
		(id, keep, dropped, reason, before, after, at_us, account, undone_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 1)`)
	qMergeOpen = db.Stmt(`SELECT ` + mergeColumns + ` FROM org_merge AS m
		JOIN org AS d ON d.id = m.dropped WHERE m.dropped = $1 AND m.undone_us = 0`)
	qMergesOf = db.Stmt(`SELECT ` + mergeColumns + ` FROM org_merge AS m
		JOIN org AS d ON d.id = m.dropped WHERE m.keep = $1 ORDER BY m.at_us DESC LIMIT 100`)
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
		SELECT a.name FROM family JOIN org_alias AS a ON a.org = family.id`)
)

func scanMerge(r db.Row) (MergeRecord, error) {
	var m MergeRecord
	err := r.Scan(&m.ID, &m.Keep, &m.Dropped, &m.Name, &m.Reason, &m.AtUs, &m.UndoneUs,
		&m.before, &m.after, &m.version)
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
	source := "并自：" + drop.Name
	if err := setSources(ctx, tx, keep.ID, fields, brief60(source), ""); err != nil {
		return Org{}, err
	}
	next.Version, next.UpdatedUs = keep.Version+1, tx.NowUs()
	return next, s.recordMerge(ctx, tx, in, next, before)
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
		return o, fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
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
	if err = db.ExecOne(ctx, tx.Tx, qMergeUndo, m.ID, m.version, tx.NowUs()); err != nil {
		return SplitResult{}, err
	}
	if drop, err = orgByID(ctx, tx, drop.ID); err != nil {
		return SplitResult{}, err
	}
	if drop, err = withParts(ctx, tx, drop); err != nil {
		return SplitResult{}, err
	}
	if err = reindex(ctx, tx, m.Keep); err != nil {
		return SplitResult{}, err
	}
	tx.Audit(audit.Entry{Kind: "party.org", Object: m.Keep, What: "split", Reason: in.Reason,
		Detail: map[string]any{"dropped": drop.ID, "keptNewer": kept}})
	tx.Emit(outbox.Event{Kind: EventOrgSplit, Object: drop.ID, Data: m.Keep})
	return SplitResult{Org: drop, Kept: kept}, nil
}

// restore gives the kept record back what the merge changed. It returns the fields that were
// edited since and stay.
func (s *Service) restore(ctx context.Context, tx *unit.Tx, m MergeRecord) ([]string, error) {
	var before, after snapshot
	if err := json.Unmarshal([]byte(m.before), &before); err != nil {
		return nil, fmt.Errorf("decode merge %s: %w", m.ID, err)
	}
	if err := json.Unmarshal([]byte(m.after), &after); err != nil {
		return nil, fmt.Errorf("decode merge %s: %w", m.ID, err)
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
	edited := map[string]bool{}
	for _, f := range changedFields(keep.OrgData, after.Data) {
		edited[f] = true
	}
	var kept, back []string
	for _, f := range before.Fields {
		if edited[f] {
			kept = append(kept, f)
			continue
		}
		back = append(back, f)
		if keep.OrgData, err = applyField(keep.OrgData, before.Data, f); err != nil {
			return nil, err
		}
	}
	if len(back) == 0 {
		return kept, nil
	}
	if err := replaceOrg(ctx, tx, &keep); err != nil {
		return nil, err
	}
	return kept, restoreSources(ctx, tx, keep.ID, before, back)
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

// OrganisationMerges lists the merges into a record, newest first, undone ones too.
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
	return db.All(ctx, s.unit.DB(), qMergesOf, scanMerge, orgID)
}

// brief60 cuts a source to its limit.
func brief60(s string) string {
	if runes := []rune(s); len(runes) > maxSource {
		return string(runes[:maxSource-1]) + "…"
	}
	return s
}
