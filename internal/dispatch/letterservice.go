package dispatch

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// NewLetter is the input of CreateLetter.
type NewLetter struct {
	LetterData
	Task     string `json:"task,omitempty"`     // id of the task it is about
	Decision string `json:"decision,omitempty"` // id of the decision it is about
	Key      string `json:"-"`
}

// LetterUpdate is the input of UpdateLetter.
type LetterUpdate struct {
	ID string `json:"-"`
	LetterData
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// why returns the reasons of a letter about a task, as the rule in force has them, and the rule that
// asks for it, "" when none does.
func (s *Service) why(
	ctx context.Context, by authz.Actor, t plan.Task, rule Rule,
) ([]plan.Note, string, error) {
	reasons := append([]plan.Note{}, t.Light.Reasons...)
	cycles, err := s.opt.Plan.Cycles(ctx, by, t.ID)
	if err != nil {
		return nil, "", err
	}
	trigger, n, met := rule.meets(cycles)
	if !met {
		return reasons, "", nil
	}
	key := "连续 %d 个调度周期为红灯"
	if trigger.Colour == plan.Yellow {
		key = "连续 %d 个调度周期为黄灯或红灯"
	}
	reasons = append(reasons, plan.Note{Key: key, Args: []any{n}},
		plan.Note{Key: "依据“%s”：%s", Args: []any{rule.Name, trigger.Then}})
	return reasons, rule.ID, nil
}

// CreateLetter drafts a letter. Why it is sent is written down as the task stands now.
func (s *Service) CreateLetter(ctx context.Context, by authz.Actor, in NewLetter) (Letter, error) {
	in.normalise()
	if !LetterPolicy.Could(by, ActLetterCreate) {
		return Letter{}, errRole()
	}
	rule, err := ruleAt(ctx, s.unit.DB(), s.today())
	if err != nil {
		return Letter{}, err
	}
	var f faults
	l := Letter{LetterData: in.LetterData, TaskID: in.Task, DecisionID: in.Decision,
		ReplyUntil: rule.ReplyUntil, AnswerDays: rule.AnswerDays, CreatedBy: by.Account}
	if err := s.about(ctx, by, &l, rule, &f); err != nil {
		return Letter{}, err
	}
	l.check(&f)
	if l.To, err = s.unitOf(ctx, by, "org", l.Org, &f); err != nil {
		return Letter{}, err
	}
	if err := f.err(); err != nil {
		return Letter{}, err
	}
	l.Supervisor = cmp.Or(l.Supervisor, by.Account)
	l.ReplyDays = cmp.Or(l.ReplyDays, rule.ReplyDays)
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.CreateLetter", in.Key, in,
		func(tx *unit.Tx) (Letter, error) {
			letterID := id.New()
			err := db.ExecOne(ctx, tx.Tx, qLetterAdd, letterID, l.Title, l.Text, encode(l.Reasons), l.Rule,
				l.TaskID, l.DecisionID, string(l.Region), l.Org, l.To.Now, l.To.Name, string(l.To.Role),
				string(l.To.Region), l.Supervisor, l.ReplyDays, l.ReplyUntil, l.AnswerDays, tx.NowUs(),
				l.CreatedBy)
			if err != nil {
				return Letter{}, err
			}
			if err := s.letters.Start(ctx, tx, letterID); err != nil {
				return Letter{}, err
			}
			tx.Audit(audit.Entry{Kind: kindLetter, Object: letterID, What: "create", Detail: in})
			tx.Emit(outbox.Event{Kind: EventLetterCreated, Object: letterID})
			return letterByID(ctx, tx, letterID)
		})
	return out, err
}

// about fills in what the task or the decision of a letter says.
func (s *Service) about(
	ctx context.Context, by authz.Actor, l *Letter, rule Rule, f *faults,
) error {
	if l.DecisionID != "" {
		page, err := s.decisionSeen(ctx, by, l.DecisionID)
		if err != nil {
			return err
		}
		if page.ID == "" {
			f.add("decision", "没有这条决议")
			return nil
		}
		l.Org, l.TaskID = cmp.Or(l.Org, page.Org), cmp.Or(l.TaskID, page.TaskID)
		l.Reasons = []plan.Note{{Key: "%s 的决议尚未办结", Args: []any{page.MeetingTitle}}}
		l.Title = cmp.Or(l.Title, firstRunes(fmt.Sprintf(letterTitle, firstRunes(tidy(page.Text), 40)), MaxTitle))
	}
	if l.TaskID != "" {
		t, found, err := s.taskSeen(ctx, by, l.TaskID)
		if err != nil {
			return err
		}
		if !found {
			f.add("task", "没有这项任务")
			return nil
		}
		reasons, ruleID, err := s.why(ctx, by, t, rule)
		if err != nil {
			return err
		}
		l.Reasons, l.Rule = append(l.Reasons, reasons...), ruleID
		l.Title = cmp.Or(l.Title, firstRunes(fmt.Sprintf(letterTitle, firstRunes(t.Title, 60)), MaxTitle))
		l.Region, l.Org = cmp.Or(l.Region, t.Region), cmp.Or(l.Org, t.Lead)
		l.Supervisor = cmp.Or(l.Supervisor, t.Supervisor)
	}
	if l.Title == "" {
		f.add("title", "请填写这一项")
	}
	return nil
}

func (s *Service) taskSeen(
	ctx context.Context, by authz.Actor, taskID string,
) (plan.Task, bool, error) {
	found, err := s.opt.Plan.TasksByID(ctx, by, []string{taskID})
	t, ok := found[taskID]
	return t, ok, err
}

// decisionSeen reads a decision that the actor may read; a zero one when there is none.
func (s *Service) decisionSeen(
	ctx context.Context, by authz.Actor, decisionID string,
) (Decision, error) {
	d, found, err := db.Find(ctx, s.unit.DB(), qDecision, scanDecision, decisionID)
	if err != nil || !found {
		return Decision{}, err
	}
	m, err := meetingByID(ctx, s.unit.DB(), d.Meeting)
	if err != nil || MeetingPolicy.May(by, ActMeetingRead, m) != nil || !m.open(by) {
		return Decision{}, err
	}
	return d, nil
}

// DraftLetter returns the input of CreateLetter about a task as it stands, for a person to complete.
func (s *Service) DraftLetter(
	ctx context.Context, by authz.Actor, taskID string,
) (NewLetter, []plan.Note, error) {
	if !LetterPolicy.Could(by, ActLetterCreate) {
		return NewLetter{}, nil, errRole()
	}
	rule, err := ruleAt(ctx, s.unit.DB(), s.today())
	if err != nil {
		return NewLetter{}, nil, err
	}
	l := Letter{TaskID: taskID}
	var f faults
	if err := s.about(ctx, by, &l, rule, &f); err != nil {
		return NewLetter{}, nil, err
	}
	if fault.Fields(f...) != nil {
		return NewLetter{}, nil, errAbsent()
	}
	return NewLetter{Task: taskID, LetterData: LetterData{Title: l.Title, Org: l.Org, Region: l.Region,
		Supervisor: l.Supervisor, ReplyDays: rule.ReplyDays}}, l.Reasons, nil
}

// UpdateLetter replaces what is written about a letter that was not signed.
func (s *Service) UpdateLetter(ctx context.Context, by authz.Actor, in LetterUpdate) (Letter, error) {
	in.normalise()
	var f faults
	in.check(&f)
	f.line("title", in.Title, MaxTitle, true)
	f.number("replyDays", in.ReplyDays, 1, maxRuleDays)
	to, err := s.unitOf(ctx, by, "org", in.Org, &f)
	if err != nil {
		return Letter{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.UpdateLetter", in.Key, in,
		func(tx *unit.Tx) (Letter, error) {
			old, err := s.readLetter(ctx, tx, by, in.ID)
			if err != nil {
				return Letter{}, err
			}
			if err := LetterPolicy.May(by, ActLetterUpdate, old); err != nil {
				return Letter{}, err
			}
			if old.State != LetterDraft {
				return Letter{}, fault.New(fault.Conflict, "督办函已签发，不能再修改")
			}
			if err := f.err(); err != nil {
				return Letter{}, err
			}
			err = db.ExecOne(ctx, tx.Tx, qLetterSet, in.ID, in.Version, in.Title, in.Text, string(in.Region),
				in.Org, to.Now, to.Name, string(to.Role), string(to.Region),
				cmp.Or(in.Supervisor, old.Supervisor), in.ReplyDays, tx.NowUs())
			if err != nil {
				return Letter{}, err
			}
			tx.Audit(audit.Entry{Kind: kindLetter, Object: in.ID, What: "update",
				Detail: map[string]any{"old": old.LetterData, "new": in.LetterData}})
			tx.Emit(outbox.Event{Kind: EventLetterUpdated, Object: in.ID})
			return letterByID(ctx, tx, in.ID)
		})
	return out, err
}

// FileInput is a file as it comes in.
type FileInput struct {
	Name    string // as the person's machine calls it
	Content io.Reader
}

// LetterStep is the input of FireLetter.
type LetterStep struct {
	ID      string      `json:"-"`
	Step    string      `json:"step"`
	Reason  string      `json:"reason,omitempty"`
	Reply   string      `json:"reply,omitempty"` // of StepReply: what was done about it
	Files   []FileInput `json:"-"`               // of StepReply
	Version int64       `json:"version"`
	Key     string      `json:"-"`
}

// FireLetter takes a step with a letter. Files that come with a reply are attached in the same write.
func (s *Service) FireLetter(ctx context.Context, by authz.Actor, in LetterStep) (Letter, error) {
	in.Reply = lines(in.Reply)
	l, err := s.readLetter(ctx, s.unit.DB(), by, in.ID)
	if err != nil {
		return Letter{}, err
	}
	staged, err := s.stage(ctx, by, l, in)
	defer func() {
		for _, f := range staged {
			f.Discard()
		}
	}()
	if err != nil {
		return Letter{}, err
	}
	hashes := []string{}
	for _, f := range staged {
		hashes = append(hashes, f.Hash)
	}
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.FireLetter", in.Key, []any{in, hashes},
		func(tx *unit.Tx) (Letter, error) { return s.fireLetter(ctx, tx, in, staged) })
	return out, err
}

func (s *Service) fireLetter(
	ctx context.Context, tx *unit.Tx, in LetterStep, staged []*blob.Staged,
) (Letter, error) {
	l, err := s.readLetter(ctx, tx, tx.By(), in.ID)
	if err != nil {
		return Letter{}, err
	}
	input := process.Input{Reason: in.Reason}
	for _, f := range staged {
		ref, err := s.opt.Blobs.Attach(ctx, tx, f, blob.Object{Kind: kindLetter, ID: in.ID})
		if err != nil {
			return Letter{}, err
		}
		input.Files = append(input.Files, ref.ID)
	}
	switch in.Step {
	case StepSign, StepAgain:
		input.Data = deadline{replyBy(s.times.Calendar, clock.Time(tx.NowUs()), l.ReplyDays, l.ReplyUntil)}
	case StepReply:
		input.Data = answer{in.Reply}
	}
	if l, err = s.letters.Fire(ctx, tx, in.ID, in.Version, in.Step, input); err != nil {
		return Letter{}, err
	}
	tx.Emit(outbox.Event{Kind: EventLetterMoved, Object: in.ID, Data: in.Step})
	return l, nil
}

// stage takes in the files of a reply, for somebody who may reply now.
func (s *Service) stage(
	ctx context.Context, by authz.Actor, l Letter, in LetterStep,
) ([]*blob.Staged, error) {
	if len(in.Files) == 0 {
		return nil, nil
	}
	if err := LetterPolicy.May(by, ActLetterReply, l); err != nil {
		return nil, err
	}
	if in.Step != StepReply || s.opt.Blobs == nil {
		return nil, fault.Fields(fault.At("files", "此步骤不接收材料"))
	}
	if len(in.Files) > process.MaxFiles {
		return nil, fault.Fields(fault.At("files", "最多可附 %d 个文件", process.MaxFiles))
	}
	var out []*blob.Staged
	for _, f := range in.Files {
		content, err := io.ReadAll(io.LimitReader(f.Content, ReplyFile.MaxBytes+1))
		if err != nil {
			return out, fmt.Errorf("read upload: %w", err)
		}
		staged, err := s.opt.Blobs.Stage(ctx, blob.Upload{Kind: ReplyFile, Field: "files", Name: f.Name,
			Content: bytes.NewReader(content)})
		if err != nil {
			return out, err
		}
		out = append(out, staged)
	}
	return out, nil
}

// LetterDetail is a letter with everything its page shows.
type LetterDetail struct {
	Letter
	Task     *plan.Task      `json:"taskNow,omitempty"`
	RuleName string          `json:"ruleName,omitempty"`
	RuleMark string          `json:"ruleMark,omitempty"`
	Offers   []process.Offer `json:"-"`
	History  []process.Entry `json:"-"`
	Running  []process.Run   `json:"-"`
	Files    []blob.Ref      `json:"-"`
}

// GetLetter returns a letter with its reply, and the steps the actor may take.
func (s *Service) GetLetter(
	ctx context.Context, by authz.Actor, letterID string,
) (LetterDetail, error) {
	q := s.unit.DB()
	l, err := s.readLetter(ctx, q, by, letterID)
	if err != nil {
		return LetterDetail{}, err
	}
	d := LetterDetail{Letter: l}
	if l.TaskID != "" {
		t, found, err := s.taskSeen(ctx, by, l.TaskID)
		if err != nil {
			return d, err
		}
		if found {
			d.Task = &t
		}
	}
	if r, found, err := db.Find(ctx, q, qRule, scanRule, l.Rule); err != nil {
		return d, err
	} else if found {
		d.RuleName, d.RuleMark = r.Name, r.Mark
	}
	if d.Offers, err = s.letters.Available(ctx, q, by, l); err != nil {
		return d, err
	}
	if d.History, err = process.History(ctx, q, s.letters.Name(), l.ID, 0); err != nil {
		return d, err
	}
	if d.Running, err = s.letters.Running(ctx, q, l.ID); err != nil {
		return d, err
	}
	d.Files, err = blob.Refs(ctx, q, blob.Object{Kind: kindLetter, ID: l.ID})
	return d, err
}

// OpenReply opens a file of a reply for a person, and notes that in the trail.
func (s *Service) OpenReply(
	ctx context.Context, by authz.Actor, letterID, fileID string,
) (blob.Ref, io.ReadCloser, error) {
	if s.opt.Blobs == nil {
		return blob.Ref{}, nil, errAbsent()
	}
	ref, content, err := s.opt.Blobs.Read(ctx, by, fileID)
	if err != nil {
		return blob.Ref{}, nil, err
	}
	if ref.Object != (blob.Object{Kind: kindLetter, ID: letterID}) {
		_ = content.Close() // nothing was read
		return blob.Ref{}, nil, errAbsent()
	}
	err = s.unit.Write(ctx, by, "dispatch.OpenReply", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindLetter, Object: letterID, What: "download",
			Detail: map[string]any{"file": ref.ID, "hash": ref.Hash, "name": ref.Name}})
		return nil
	})
	if err != nil {
		_ = content.Close() // nothing was read
		return blob.Ref{}, nil, err
	}
	return ref, content, nil
}

// LetterFilter narrows a list of letters. Zero fields do not narrow.
type LetterFilter struct {
	Query  string      `json:"q,omitempty"` // words of the title, or a number
	State  string      `json:"state,omitempty"`
	Region region.Code `json:"region,omitempty"` // and everything inside it
	Org    string      `json:"org,omitempty"`
	Task   string      `json:"task,omitempty"`
	Open   bool        `json:"open,omitempty"` // not closed and not withdrawn
	Late   bool        `json:"late,omitempty"` // delivered, and the deadline of the reply is over
}

func (s *Service) letterWhere(by authz.Actor, f LetterFilter) db.Where {
	w := LetterPolicy.Scope(by, ActLetterRead)
	if f.Query != "" {
		w = w.Holds(f.Query, "l.number", "l.title")
	}
	if f.State != "" {
		w = w.And("l.state = $1", f.State)
	}
	if f.Org != "" {
		w = w.And("l.org_now = $1", f.Org)
	}
	if f.Task != "" {
		w = w.And("l.task = $1", f.Task)
	}
	if f.Region != "" {
		from, before, ok := authz.RegionRange(string(f.Region))
		if !ok {
			return db.Nothing()
		}
		w = w.And("l.region >= $1 AND l.region < $2", from, before)
	}
	if f.Open {
		w = w.And("l.state IN ('draft', 'signed', 'delivered', 'replied')")
	}
	if f.Late {
		w = w.And("l.state = 'delivered' AND l.due_us < $1", s.nowUs())
	}
	return w
}

// ListLetters returns a page of the letters that the actor may read.
func (s *Service) ListLetters(
	ctx context.Context, by authz.Actor, f LetterFilter, order string, p db.PageReq,
) (db.Page[Letter], error) {
	return db.List(ctx, s.unit.DB(), letterList, s.letterWhere(by, f), letterList.Order(order), p, scanLetter)
}

// LetterCounts says how many letters there are.
type LetterCounts struct {
	States map[string]int64 `json:"states"`
	Late   int64            `json:"late"`
}

// CountLetters counts the letters of a list.
func (s *Service) CountLetters(
	ctx context.Context, by authz.Actor, f LetterFilter,
) (LetterCounts, error) {
	var c LetterCounts
	var err error
	c.States, err = letterList.CountBy(ctx, s.unit.DB(), "l.state", s.letterWhere(by, f))
	if err != nil {
		return c, err
	}
	f.Late = true
	c.Late, err = letterList.Count(ctx, s.unit.DB(), s.letterWhere(by, f), 0)
	return c, err
}

// Suggestion is a letter that the rule in force asks for.
type Suggestion struct {
	Task    plan.Task   `json:"task"`
	Reasons []plan.Note `json:"reasons"`
	Rule    Rule        `json:"rule"`
}

// maxSuggestions bounds the tasks that are looked at for each light.
const maxSuggestions = 100

// SuggestLetters returns the tasks about which the rule in force asks for a letter and about which
// none is under way, the reddest first.
func (s *Service) SuggestLetters(ctx context.Context, by authz.Actor) ([]Suggestion, error) {
	if !LetterPolicy.Could(by, ActLetterCreate) {
		return nil, errRole()
	}
	rule, err := ruleAt(ctx, s.unit.DB(), s.today())
	if err != nil {
		return nil, err
	}
	under, err := db.All(ctx, s.unit.DB(), qTaskLetters, db.One[string])
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, taskID := range under {
		known[taskID] = true
	}
	var out []Suggestion
	for _, colour := range []plan.Colour{plan.Red, plan.Yellow} {
		page, err := s.opt.Plan.ListTasks(ctx, by, plan.TaskFilter{Open: true, Light: string(colour)}, "due",
			db.PageReq{Limit: maxSuggestions})
		if err != nil {
			return nil, err
		}
		for _, t := range page.Items {
			if known[t.ID] {
				continue
			}
			reasons, ruleID, err := s.why(ctx, by, t, rule)
			if err != nil {
				return nil, err
			}
			if ruleID != "" {
				out = append(out, Suggestion{t, reasons, rule})
			}
		}
	}
	return out, nil
}
