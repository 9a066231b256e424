package plan

import (
	"context"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// FindQuote returns the place of words in a text, in characters. Faults, at "quote": the words are
// not there, or more than once.
func FindQuote(text, quote string) (start, end int64, err error) {
	quote = strings.TrimSpace(strings.ReplaceAll(quote, "\r\n", "\n"))
	n := 0
	if quote != "" {
		n = strings.Count(text, quote)
	}
	switch {
	case n == 0:
		return 0, 0, fault.Fields(fault.At("quote", "正文中没有这些文字，请照原文抄录"))
	case n > 1:
		return 0, 0, fault.Fields(fault.At("quote", "这些文字在正文中出现 %d 次，请多抄几个字", n))
	}
	before, _, _ := strings.Cut(text, quote)
	start = int64(utf8.RuneCountInString(before))
	return start, start + int64(utf8.RuneCountInString(quote)), nil
}

// OpenDocumentFile opens the original of a document for a person, and notes that in the trail.
func (s *Service) OpenDocumentFile(
	ctx context.Context, by authz.Actor, documentID, fileID string,
) (blob.Ref, io.ReadCloser, error) {
	return s.openFile(ctx, by, blob.Object{Kind: kindDocument, ID: documentID}, fileID)
}

// OpenEvidence opens a file of a task for a person, and notes that in the trail.
func (s *Service) OpenEvidence(
	ctx context.Context, by authz.Actor, taskID, fileID string,
) (blob.Ref, io.ReadCloser, error) {
	return s.openFile(ctx, by, blob.Object{Kind: kindTask, ID: taskID}, fileID)
}

func (s *Service) openFile(
	ctx context.Context, by authz.Actor, of blob.Object, fileID string,
) (blob.Ref, io.ReadCloser, error) {
	if s.opt.Blobs == nil {
		return blob.Ref{}, nil, errAbsent()
	}
	ref, content, err := s.opt.Blobs.Read(ctx, by, fileID)
	if err != nil {
		return blob.Ref{}, nil, err
	}
	if ref.Object != of {
		_ = content.Close() // nothing was read
		return blob.Ref{}, nil, errAbsent()
	}
	err = s.unit.Write(ctx, by, "plan.OpenFile", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: of.Kind, Object: of.ID, What: "download",
			Detail: map[string]any{"file": ref.ID, "hash": ref.Hash, "name": ref.Name}})
		return nil
	})
	if err != nil {
		_ = content.Close() // nothing was read
		return blob.Ref{}, nil, err
	}
	return ref, content, nil
}

// DocumentUses returns the targets and tasks that came from a document, in the order of its text.
func (s *Service) DocumentUses(
	ctx context.Context, by authz.Actor, documentID string,
) ([]Source, error) {
	if _, err := s.readDocument(ctx, s.unit.DB(), by, documentID); err != nil {
		return nil, err
	}
	return db.All(ctx, s.unit.DB(), qUses, scanSource, documentID)
}

// TaskSteps returns the steps that lead on from where a task stands and that have a button, those
// the actor may not take among them.
func (s *Service) TaskSteps(
	ctx context.Context, by authz.Actor, t Task,
) ([]process.Offer, error) {
	offers, err := s.tasks.Available(ctx, s.unit.DB(), by, t)
	return slices.DeleteFunc(offers, func(o process.Offer) bool { return t.offPage(o.Step) }), err
}

// GoalsOf returns the targets that a task serves and that the actor may read.
func (s *Service) GoalsOf(ctx context.Context, by authz.Actor, taskID string) ([]Target, error) {
	q := s.unit.DB()
	if _, err := s.readTask(ctx, q, by, taskID); err != nil {
		return nil, err
	}
	ids, err := db.All(ctx, q, qTaskTargets, db.One[string], taskID)
	if err != nil {
		return nil, err
	}
	var out []Target
	for _, targetID := range ids {
		if t, err := s.readTarget(ctx, q, by, targetID); err == nil {
			out = append(out, t)
		}
	}
	return out, nil
}

// CheckTarget returns what is wrong with the form of a target, whichever indicator it is of. It
// lets a door say so before it defines an indicator for it.
func CheckTarget(d TargetData) error {
	d.normalise()
	if d.Indicator == "" {
		d.Indicator = "?"
	}
	var f faults
	d.check(&f)
	return f.err()
}
