package studio

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a study.
const (
	StudyWaiting   = "waiting"
	StudyDone      = "done"
	StudyFailed    = "failed"
	StudyCancelled = "cancelled"
)

// Limits of a study, in base points. Each point is built once for every factor and twice more.
const (
	MinPoints   = 16
	MaxPoints   = 1_000
	UsualPoints = 128
)

// JobStudy is the kind of the job that does a study; it has studyTimeout for that.
const (
	JobStudy     = "studio.study"
	studyTimeout = 10 * time.Minute
)

// Study is an analysis of what the ranks of a saved edition depend on (敏感性分析).
type Study struct {
	ID         string                `json:"id"`
	Scheme     string                `json:"scheme"`
	N          int64                 `json:"edition"`
	Points     int64                 `json:"points"`
	Variants   int64                 `json:"variants"`
	State      string                `json:"state"`
	Job        string                `json:"job,omitempty"`
	Result     []composite.Influence `json:"result"`
	AtUs       int64                 `json:"atUs"`
	FinishedUs int64                 `json:"finishedUs"`
	Login      string                `json:"login"`
	Version    int64                 `json:"version"`
}

// NewStudy is the input of StartStudy.
type NewStudy struct {
	Scheme string `json:"-"`
	N      int64  `json:"edition,omitempty"` // 0: the latest
	Points int64  `json:"points,omitempty"`  // 0: UsualPoints
	Key    string `json:"-"`
}

type studyArgs struct {
	Study string `json:"study"`
}

// StartStudy asks for a study. A job does it; the answer says which.
func (s *Service) StartStudy(ctx context.Context, by authz.Actor, in NewStudy) (Study, error) {
	if in.Points == 0 {
		in.Points = UsualPoints
	}
	a, err := s.asked(ctx, by, in.Scheme, Ask{Edition: in.N})
	if err != nil {
		return Study{}, err
	}
	if err := SchemePolicy.May(by, ActSchemeMake, a.scheme); err != nil {
		return Study{}, err
	}
	var f faults
	f.between("points", in.Points, MinPoints, MaxPoints)
	if a.saved.N == 0 {
		f.add("edition", "还没有保存过任何一版")
	}
	if err := f.err(); err != nil {
		return Study{}, err
	}
	b, err := a.choices.build(a.content)
	if err != nil {
		return Study{}, err
	}
	_, factors := a.choices.variants(a.content, b)
	if len(factors) < 2 {
		return Study{}, fault.Fields(fault.At("edition", "这一版里可变动的选择不到两项，不必分析"))
	}
	in.Points = min(in.Points, int64(composite.MaxRuns/(len(factors)+2)))
	variants := in.Points * int64(len(factors)+2)
	out, _, err := unit.Once(ctx, s.unit, by, "studio.StartStudy", in.Key, in, func(tx *unit.Tx) (Study, error) {
		studyID := id.New()
		if err := db.ExecOne(ctx, tx.Tx, qStudyAdd, studyID, a.scheme.ID, a.saved.N, in.Points, variants,
			tx.NowUs(), by.Account, by.Login); err != nil {
			return Study{}, err
		}
		tx.Audit(audit.Entry{Kind: kindScheme, Object: a.scheme.ID, What: "study",
			Detail: map[string]any{"study": studyID, "edition": a.saved.N, "variants": variants}})
		jobID, _, err := job.Enqueue(ctx, tx, job.Spec{Kind: JobStudy, Args: studyArgs{studyID}, MaxAttempts: 3})
		if err != nil {
			return Study{}, err
		}
		if err := db.ExecOne(ctx, tx.Tx, qStudyJob, studyID, jobID); err != nil {
			return Study{}, err
		}
		return db.Get(ctx, tx, qStudy, scanStudy, studyID)
	})
	return out, err
}

// RegisterJobs gives the runner the work of this room.
func (s *Service) RegisterJobs(r *job.Runner) { r.Handle(JobStudy, studyTimeout, s.study) }

func (s *Service) study(ctx context.Context, run *job.Run) error {
	var args studyArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	q := s.unit.DB()
	x, err := db.Get(ctx, q, qStudy, scanStudy, args.Study)
	if err != nil || x.State != StudyWaiting {
		return err
	}
	scheme, err := schemeByID(ctx, q, x.Scheme)
	if err != nil {
		return err
	}
	saved, err := db.Get(ctx, q, qSaved, scanSaved, x.Scheme, x.N)
	if err != nil {
		return err
	}
	c, err := s.content(ctx, q, scheme.Dataset, saved.DataN)
	if err != nil {
		return err
	}
	if err := s.withPanel(ctx, q, x.Scheme, &saved.Choices); err != nil {
		return err
	}
	b, err := saved.Choices.build(c)
	if err != nil {
		return err
	}
	spec, factors := saved.Choices.variants(c, b)
	result, err := composite.Sensitivity(spec, c.data(), composite.Uncertainty{Runs: int(x.Points),
		Seed: uint64(saved.Choices.Seed), Factors: factors}, func(done int) error {
		run.Progress(done, int(x.Variants), "已计算 %d 个变体，共 %d 个", done, x.Variants)
		return ctx.Err()
	})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	state := StudyDone
	if err != nil {
		state, result = StudyFailed, nil
	}
	j := run.Job()
	by := authz.Actor{Account: j.Owner, Login: x.Login, Via: authz.ViaJob}
	return s.unit.Write(ctx, by, "studio.FinishStudy", func(tx *unit.Tx) error {
		if err := db.ExecOne(ctx, tx.Tx, qStudyEnd, x.ID, state, encode(result), tx.NowUs()); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindScheme, Object: x.Scheme, What: "study." + state,
			Detail: map[string]any{"study": x.ID}})
		return run.Hold(ctx, tx.Tx)
	})
}

// StudyDetail is a study with how far its job is.
type StudyDetail struct {
	Study
	Percent int64    `json:"percent"`
	Said    job.Text `json:"-"`
}

// GetStudy returns a study.
func (s *Service) GetStudy(ctx context.Context, by authz.Actor, studyID string) (StudyDetail, error) {
	x, err := db.Get(ctx, s.unit.DB(), qStudy, scanStudy, studyID)
	if err != nil {
		return StudyDetail{}, err
	}
	if _, err := s.readScheme(ctx, s.unit.DB(), by, x.Scheme); err != nil {
		return StudyDetail{}, err
	}
	d := StudyDetail{Study: x}
	if x.State == StudyDone {
		d.Percent = 100
	}
	if x.State == StudyWaiting && s.opt.Desk != nil {
		if j, err := s.opt.Desk.Get(ctx, by, x.Job); err == nil { // only its owner sees how far it is
			d.Percent, d.Said = j.Progress, j.ProgressText
			if j.State.Finished() && j.State != job.Done {
				d.State = StudyFailed
			}
		}
	}
	return d, nil
}

// ListStudies returns the latest studies of a scheme.
func (s *Service) ListStudies(ctx context.Context, by authz.Actor, schemeID string) ([]Study, error) {
	if _, err := s.readScheme(ctx, s.unit.DB(), by, schemeID); err != nil {
		return nil, err
	}
	return db.All(ctx, s.unit.DB(), qStudies, scanStudy, schemeID)
}

// CancelStudy stops a study that is not finished.
func (s *Service) CancelStudy(ctx context.Context, by authz.Actor, studyID string) (Study, error) {
	x, err := s.GetStudy(ctx, by, studyID)
	if err != nil {
		return Study{}, err
	}
	scheme, err := s.readScheme(ctx, s.unit.DB(), by, x.Scheme)
	if err != nil {
		return Study{}, err
	}
	if err := SchemePolicy.May(by, ActSchemeMake, scheme); err != nil {
		return Study{}, err
	}
	var out Study
	err = s.unit.Write(ctx, by, "studio.CancelStudy", func(tx *unit.Tx) error {
		n, err := db.Exec(ctx, tx.Tx, qStudyEnd, studyID, StudyCancelled, "", tx.NowUs())
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "分析已结束")
		}
		tx.Audit(audit.Entry{Kind: kindScheme, Object: x.Scheme, What: "study.cancel",
			Detail: map[string]any{"study": studyID}})
		out, err = db.Get(ctx, tx, qStudy, scanStudy, studyID)
		return err
	})
	if err == nil && s.opt.Desk != nil {
		// Only the owner can stop the work itself; the result of any other is not kept.
		if cerr := s.opt.Desk.Cancel(ctx, by, x.Job, ""); cerr != nil && fault.Is(cerr, fault.Internal) {
			return out, cerr
		}
	}
	return out, err
}
