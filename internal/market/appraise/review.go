package appraise

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

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

// ReviewData is what people write about an evaluation.
type ReviewData struct {
	Title   string `json:"title"`
	Post    string `json:"post,omitempty"`
	Org     string `json:"org"`  // whose achievement it is
	Kind    string `json:"kind"` // one of Kinds
	Trimmed bool   `json:"trimmed,omitempty"`
	Basis   string `json:"basis,omitempty"` // what the experts look at
}

// Review is an evaluation as stored.
type Review struct {
	ID string `json:"id"`
	ReviewData
	Code       string   `json:"code"`
	OrgNow     string   `json:"-"`
	OrgName    string   `json:"orgName"`
	Weights    Five     `json:"weights"`
	Conclusion string   `json:"conclusion,omitempty"`
	Limits     string   `json:"limits,omitempty"`
	State      string   `json:"state"`
	CreatedUs  int64    `json:"createdUs"`
	CreatedBy  string   `json:"-"`
	UpdatedUs  int64    `json:"updatedUs"`
	Version    int64    `json:"version"`
	Experts    []Expert `json:"-"`
	Scored     int64    `json:"-"`

	accounts  []string // of the experts who took up their invitation
	scoreDays int      // of the rule, when it was loaded
}

// Expert is one member of the panel.
type Expert struct {
	ID       string `json:"id"`
	Number   int64  `json:"number"`
	Name     string `json:"name"`
	Unit     string `json:"unit,omitempty"`
	Joined   bool   `json:"joined"`
	Scored   bool   `json:"scored"`
	ScoredUs int64  `json:"scoredUs,omitempty"`
	Scores   *Five  `json:"scores,omitempty"`
	Comment  string `json:"comment,omitempty"`
	Version  int64  `json:"version"`

	account string
}

func reviewOwner(v Review) process.Owner { return process.Owner{Account: v.CreatedBy} }
func reviewChief(Review) process.Owner   { return process.Owner{Role: authz.Leader} }

var lastResort = process.Owner{Role: authz.Officer}

// NewReview is the input of CreateReview.
type NewReview struct {
	ReviewData
	Key string `json:"-"`
}

// CreateReview prepares an evaluation. Its weights are those of its kind on this day.
func (s *Service) CreateReview(ctx context.Context, by authz.Actor, in NewReview) (Review, error) {
	in.Post, in.Title, in.Basis = occasion.Tidy(in.Post), occasion.Tidy(in.Title), occasion.Lines(in.Basis)
	if err := ReviewPolicy.May(by, ActReviewCreate, Review{State: ReviewReported}); err != nil {
		return Review{}, err
	}
	var f occasion.Faults
	o, err := s.subject(ctx, by, &in.Post, &in.Org, &in.Title, &f)
	if err != nil {
		return Review{}, err
	}
	f.Line("title", in.Title, occasion.MaxTitle, true)
	f.Choice("kind", in.Kind, Kinds())
	f.Prose("basis", in.Basis, occasion.MaxProse, false)
	if err := f.Err(); err != nil {
		return Review{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "appraise.CreateReview", in.Key, in,
		func(tx *unit.Tx) (Review, error) {
			n, err := next(ctx, tx, "review")
			if err != nil {
				return Review{}, err
			}
			reviewID := id.New()
			rule, err := market.RuleOn(ctx, tx, clock.DateOf(clock.Time(tx.NowUs())))
			if err != nil {
				return Review{}, err
			}
			weights := Five(rule.Weights[in.Kind])
			err = db.ExecOne(ctx, tx.Tx, qReviewAdd, reviewID, occasion.Code("PJ", tx.NowUs(), n), in.Title,
				in.Post, in.Org, o.ID, o.Name, in.Kind, occasion.Encode(weights), in.Trimmed, in.Basis,
				tx.NowUs(), by.Account)
			if err != nil {
				return Review{}, err
			}
			if err := s.reviews.Start(ctx, tx, reviewID); err != nil {
				return Review{}, err
			}
			tx.Audit(audit.Entry{Kind: kindReview, Object: reviewID, What: "create", Detail: in.ReviewData})
			tx.Emit(outbox.Event{Kind: EventReviewCreated, Object: reviewID})
			return reviewByID(ctx, tx, reviewID)
		})
	return out, err
}

// running loads an evaluation that the actor holds and that stands in a state.
func (s *Service) running(
	ctx context.Context, tx *unit.Tx, reviewID, state string, version int64,
) (Review, error) {
	v, err := s.readReview(ctx, tx, tx.By(), reviewID)
	if err != nil {
		return v, err
	}
	if err := ReviewPolicy.May(tx.By(), ActReviewRun, v); err != nil {
		return v, err
	}
	switch {
	case v.Version != version:
		return v, occasion.Stale()
	case v.State != state:
		return v, fault.New(fault.Conflict, "评价的状态已改变，不能进行此操作")
	}
	return v, db.ExecOne(ctx, tx.Tx, qReviewTouch, v.ID, version, tx.NowUs())
}

// NewExpert is the input of AddExpert.
type NewExpert struct {
	Review  string `json:"-"`
	Name    string `json:"name"`
	Unit    string `json:"unit,omitempty"`
	Version int64  `json:"version"` // of the evaluation
}

// Invited is an expert with the code of the invitation, which is told once.
type Invited struct {
	Expert
	Code string `json:"code"`
}

// inviteBytes is the chance in the code of an invitation.
const inviteBytes = 15

// AddExpert puts an expert on the panel and returns the code with which the expert takes the seat.
func (s *Service) AddExpert(ctx context.Context, by authz.Actor, in NewExpert) (Invited, error) {
	in.Name, in.Unit = occasion.Tidy(in.Name), occasion.Tidy(in.Unit)
	var raw [inviteBytes]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return Invited{}, err
	}
	out := Invited{Code: hex.EncodeToString(raw[:])}
	err := s.unit.Write(ctx, by, "appraise.AddExpert", func(tx *unit.Tx) error {
		v, err := s.running(ctx, tx, in.Review, ReviewDraft, in.Version)
		if err != nil {
			return err
		}
		var f occasion.Faults
		f.Line("name", in.Name, maxName, true)
		f.Line("unit", in.Unit, occasion.MaxLine, false)
		if len(v.Experts) >= MaxExperts {
			f.Add("name", "最多 %d 名专家", MaxExperts)
		}
		if err := f.Err(); err != nil {
			return err
		}
		n := int64(1)
		for _, e := range v.Experts {
			n = max(n, e.Number+1)
		}
		expertID := id.New()
		err = db.ExecOne(ctx, tx.Tx, qExpertAdd, expertID, v.ID, n, in.Name, in.Unit, hashCode(out.Code))
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindReview, Object: v.ID, What: "add_expert",
			Detail: map[string]any{"expert": expertID, "name": in.Name}})
		out.Expert = Expert{ID: expertID, Number: n, Name: in.Name, Unit: in.Unit, Version: 1}
		return nil
	})
	return out, err
}

// maxName bounds the name of an expert, in characters.
const maxName = 40

func hashCode(code string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(code)))
	return hex.EncodeToString(sum[:])
}

// RemoveExpert takes an expert off the panel before scoring begins.
func (s *Service) RemoveExpert(
	ctx context.Context, by authz.Actor, reviewID, expertID string, version int64,
) error {
	return s.unit.Write(ctx, by, "appraise.RemoveExpert", func(tx *unit.Tx) error {
		v, err := s.running(ctx, tx, reviewID, ReviewDraft, version)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(v.Experts, func(e Expert) bool { return e.ID == expertID }) {
			return occasion.Absent()
		}
		tx.Audit(audit.Entry{Kind: kindReview, Object: v.ID, What: "remove_expert",
			Detail: map[string]any{"expert": expertID}})
		return db.ExecOne(ctx, tx.Tx, qExpertDrop, expertID)
	})
}

// keepsAway refuses an expert who has an interest (回避): who acts for the owner of the achievement, and
// whose record in the registry says that they work or worked there, whenever that was. What the registry
// does not know, an account without a person first of all, is for the bureau to see.
func keepsAway(ctx context.Context, q db.Q, by authz.Actor, v Review) error {
	if by.Org != "" && by.Org == v.OrgNow {
		return fault.New(fault.Forbidden, "成果属于您所在单位，须回避")
	}
	if by.Person == "" {
		return nil
	}
	people, err := party.PeopleByID(ctx, q, []string{by.Person})
	if err != nil {
		return err
	}
	for _, p := range people {
		for _, m := range p.Memberships {
			switch {
			case m.Org != v.OrgNow:
			case m.To == "":
				return fault.New(fault.Forbidden, "成果属于您所在单位，须回避")
			default:
				return fault.New(fault.Forbidden, "您曾在成果所属单位任职（至 %s），须回避", string(m.To))
			}
		}
	}
	return nil
}

// Join takes up an invitation: the seat is the actor's from then on. A code works once. Who has an
// interest keeps away.
func (s *Service) Join(ctx context.Context, by authz.Actor, code string) (Review, error) {
	if by.Role != authz.Expert || by.Account == "" {
		return Review{}, fault.New(fault.Forbidden, "请以专家身份登录后再打开邀请")
	}
	var out Review
	err := s.unit.Write(ctx, by, "appraise.Join", func(tx *unit.Tx) error {
		reviewID, found, err := db.Find(ctx, tx, qExpertCode, db.One[string], hashCode(code))
		if err != nil {
			return err
		}
		if !found {
			return fault.New(fault.Invalid, "邀请码无效或已使用")
		}
		v, err := reviewByID(ctx, tx, reviewID)
		if err != nil {
			return err
		}
		switch {
		case v.State != ReviewDraft && v.State != ReviewScoring:
			return fault.New(fault.Conflict, "评价的状态已改变，不能进行此操作")
		}
		if err := keepsAway(ctx, tx, by, v); err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qExpertJoin, hashCode(code), by.Account); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindReview, Object: v.ID, What: "join"})
		out, err = reviewByID(ctx, tx, reviewID)
		return err
	})
	if db.Violates(err, "appraise_expert", "review", "account") {
		return Review{}, fault.New(fault.Conflict, "您已在这个评价组")
	}
	return out, err
}

// Scores is the input of Score.
type Scores struct {
	Review  string `json:"-"`
	Scores  Five   `json:"scores"` // 0 to 100 of each value
	Comment string `json:"comment,omitempty"`
}

// Score hands in the scores of the actor. They can be changed until scoring ends.
func (s *Service) Score(ctx context.Context, by authz.Actor, in Scores) (Expert, error) {
	in.Comment = occasion.Lines(in.Comment)
	var out Expert
	err := s.unit.Write(ctx, by, "appraise.Score", func(tx *unit.Tx) error {
		v, err := s.readReview(ctx, tx, by, in.Review)
		if err != nil {
			return err
		}
		if err := ReviewPolicy.May(by, ActReviewScore, v); err != nil {
			return err
		}
		if err := keepsAway(ctx, tx, by, v); err != nil { // what the registry has learnt since they joined
			return err
		}
		var f occasion.Faults
		for i, x := range Values() {
			f.Number(x.Value, in.Scores[i], 0, MaxScore)
		}
		f.Prose("comment", in.Comment, occasion.MaxProse, false)
		if err := f.Err(); err != nil {
			return err
		}
		mine, _ := v.mine(by)
		err = db.ExecOne(ctx, tx.Tx, qExpertScore, mine.ID, occasion.Encode(in.Scores), in.Comment,
			tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindReview, Object: v.ID, What: "score"})
		if v, err = reviewByID(ctx, tx, v.ID); err != nil {
			return err
		}
		out, _ = v.mine(by)
		return nil
	})
	return out, err
}

func (v Review) mine(by authz.Actor) (Expert, bool) {
	for _, e := range v.Experts {
		if e.account != "" && e.account == by.Account {
			return e, true
		}
	}
	return Expert{}, false
}

// Report is the input of WriteReport.
type Report struct {
	ID         string `json:"-"`
	Conclusion string `json:"conclusion"`
	Limits     string `json:"limits"`
	Version    int64  `json:"version"`
}

// WriteReport stores what the bureau concludes, and for what the report must not be used.
func (s *Service) WriteReport(ctx context.Context, by authz.Actor, in Report) (Review, error) {
	in.Conclusion, in.Limits = occasion.Lines(in.Conclusion), occasion.Lines(in.Limits)
	var out Review
	err := s.unit.Write(ctx, by, "appraise.WriteReport", func(tx *unit.Tx) error {
		v, err := s.running(ctx, tx, in.ID, ReviewDone, in.Version)
		if err != nil {
			return err
		}
		var f occasion.Faults
		f.Prose("conclusion", in.Conclusion, occasion.MaxProse, true)
		f.Prose("limits", in.Limits, occasion.MaxProse, true)
		for _, label := range rankLabels {
			if strings.Contains(in.Conclusion, label) {
				f.Add("conclusion", "评价分数不能得出“%s”的结论", label)
				break
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindReview, Object: v.ID, What: "report"})
		err = db.ExecOne(ctx, tx.Tx, qReviewReport, v.ID, in.Conclusion, in.Limits, tx.NowUs())
		if err != nil {
			return err
		}
		out, err = reviewByID(ctx, tx, v.ID)
		return err
	})
	return out, err
}

func (s *Service) readReview(
	ctx context.Context, q db.Q, by authz.Actor, reviewID string,
) (Review, error) {
	v, err := reviewByID(ctx, q, reviewID)
	if err != nil {
		return Review{}, err
	}
	return v, ReviewPolicy.May(by, ActReviewRead, v)
}

// ReviewDetail is an evaluation as the actor may see it. Until all scores are in, the panel shows only
// who has joined, and to an expert the own scores.
type ReviewDetail struct {
	Review
	Panel   []Expert        `json:"panel,omitempty"`
	Mine    *Expert         `json:"mine,omitempty"`
	Outcome *Outcome        `json:"outcome,omitempty"`
	Offers  []process.Offer `json:"-"`
	History []process.Entry `json:"-"`
}

// over says whether the scores are open.
func (v Review) over() bool { return v.State == ReviewDone || v.State == ReviewReported }

// GetReview returns an evaluation.
func (s *Service) GetReview(
	ctx context.Context, by authz.Actor, reviewID string,
) (ReviewDetail, error) {
	q := s.unit.DB()
	v, err := s.readReview(ctx, q, by, reviewID)
	if err != nil {
		return ReviewDetail{}, err
	}
	d := ReviewDetail{Review: v}
	holds := ReviewPolicy.MaySee(by, ActReviewRun, v) || by.Role == authz.Leader
	mine, sits := v.mine(by)
	if sits {
		d.Mine = &mine
	}
	if holds || sits && v.over() {
		d.Panel = slices.Clone(v.Experts)
		for i := range d.Panel {
			if !v.over() { // that somebody has scored shows, what they think does not
				d.Panel[i].Scores, d.Panel[i].Comment = nil, ""
				d.Panel[i].ScoredUs, d.Panel[i].Version = 0, 0 // nor that they changed their mind
			}
			if !holds { // experts know each other by number
				d.Panel[i].Name, d.Panel[i].Unit = "", ""
			}
		}
	}
	if v.over() {
		var scores []Five
		for _, e := range v.Experts {
			scores = append(scores, *e.Scores)
		}
		out, err := Aggregate(v.Weights, scores, v.Trimmed)
		if err != nil {
			return d, err
		}
		d.Outcome = &out
	}
	if d.Offers, err = s.reviews.Available(ctx, q, by, v); err != nil {
		return d, err
	}
	if holds {
		d.History, err = process.History(ctx, q, s.reviews.Name(), v.ID, 0)
	}
	return d, err
}

// FireReview takes a step with an evaluation.
func (s *Service) FireReview(ctx context.Context, by authz.Actor, in Step) (Review, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "appraise.FireReview", in.Key, in,
		func(tx *unit.Tx) (Review, error) {
			if _, err := s.readReview(ctx, tx, by, in.ID); err != nil {
				return Review{}, err
			}
			out, err := s.reviews.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			tx.Emit(outbox.Event{Kind: EventReviewMoved, Object: in.ID, Data: in.Step})
			return out, err
		})
	return out, err
}

// ListReviews returns a page of the evaluations that the actor may read, the newest first.
func (s *Service) ListReviews(
	ctx context.Context, by authz.Actor, state string, p db.PageReq,
) (db.Page[Review], error) {
	return db.List(ctx, s.unit.DB(), reviews, reviewWhere(by, state), reviews.Order(""), p, scanReview)
}
