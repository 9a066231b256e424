package market

import (
	"cmp"
	"context"
	"reflect"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Sources of posts.
const (
	FromForm  = "form"
	FromPaste = "paste"
	FromSheet = "sheet"
	FromDemo  = "demo"
)

// NewPost is the input of CreatePost.
type NewPost struct {
	PostData
	Source string `json:"source,omitempty"` // FromForm or FromPaste
	Submit bool   `json:"submit,omitempty"` // hand it in at once
	Key    string `json:"-"`
}

// PostUpdate is the input of UpdatePost.
type PostUpdate struct {
	ID string `json:"-"`
	PostData
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// complete checks what was written and looks up who it speaks of.
func (s *Service) complete(ctx context.Context, by authz.Actor, p *Post) error {
	var f faults
	p.PostData.check(&f)
	classified(&f, p.PostData)
	if s.opt.Dict != nil && p.Region != "" && !f.has("region") && !s.opt.Dict.Has(dict.Regions, string(p.Region), "") {
		f.add("region", "行政区划代码 %s 不在现行代码表中", string(p.Region))
	}
	if p.Org == "" {
		f.add("org", "请选择所属单位")
		return f.err()
	}
	o, err := s.orgOf(ctx, by, p.Org)
	switch {
	case fault.Is(err, fault.NotFound):
		f.add("org", "主体库中没有这个单位")
	case err != nil:
		return err
	}
	p.OrgNow, p.OrgName = o.ID, o.Name
	if err := s.completeNamed(ctx, by, p, &f); err != nil {
		return err
	}
	if err := s.completeBroker(ctx, p.Broker, &f); err != nil {
		return err
	}
	return f.err()
}

func (f *faults) has(field string) bool {
	return slices.ContainsFunc(*f, func(x fault.Field) bool { return x.Name == field })
}

func (s *Service) completeNamed(
	ctx context.Context, by authz.Actor, p *Post, f *faults,
) error {
	p.namedNow = nil
	if p.Visibility != Named {
		return nil
	}
	for _, orgID := range p.Named[:min(len(p.Named), MaxNamed)] {
		o, err := s.orgOf(ctx, by, orgID)
		if fault.Is(err, fault.NotFound) {
			f.add("named", "主体库中没有这个单位")
			return nil
		}
		if err != nil {
			return err
		}
		p.namedNow = append(p.namedNow, o.ID)
	}
	return nil
}

func (s *Service) completeBroker(ctx context.Context, personID string, f *faults) error {
	if personID == "" {
		return nil
	}
	_, err := s.opt.Party.GetPerson(ctx, house, personID)
	if fault.Is(err, fault.NotFound) {
		f.add("broker", "没有找到这位技术经理人")
		return nil
	}
	return err
}

// CreatePost writes a post: a draft, or handed in at once.
func (s *Service) CreatePost(ctx context.Context, by authz.Actor, in NewPost) (Post, error) {
	in.normalise()
	p := Post{ID: id.New(), PostData: in.PostData, State: Draft, CreatedBy: by.Account,
		Source: cmp.Or(in.Source, FromForm)}
	p.Org = cmp.Or(p.Org, by.Org)
	if !PostPolicy.Could(by, ActPostCreate) {
		// Asked for a post that everybody may know of, so that the answer names the role that lacks.
		return Post{}, PostPolicy.May(by, ActPostCreate,
			Post{State: Published, PostData: PostData{Visibility: Open}})
	}
	if err := s.complete(ctx, by, &p); err != nil {
		return Post{}, err
	}
	if PostPolicy.May(by, ActPostCreate, p) != nil {
		return Post{}, fault.Fields(fault.At("org", "只能登记本单位的供需"))
	}
	if p.Source != FromForm && p.Source != FromPaste {
		return Post{}, fault.Fields(fault.At("source", "没有“%s”这个选项", p.Source))
	}
	if in.Submit {
		var f faults
		if p.PostData.lacks(&f); len(f) > 0 {
			return Post{}, f.err()
		}
	}
	var err error
	if p.kept, err = s.seal(p.ID, &p.PostData, sealedContact{}); err != nil {
		return Post{}, err
	}
	in.PostData = in.withoutContact()
	const useCase = "market.CreatePost"
	postID, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		return p.ID, s.addPost(ctx, tx, p, in.Submit)
	})
	if err != nil {
		return Post{}, err
	}
	return s.GetPost(ctx, by, postID)
}

// addPost stores a new post. fn of a write may run twice, so it works on its own copy.
func (s *Service) addPost(ctx context.Context, tx *unit.Tx, p Post, submit bool) error {
	year := yearOf(tx.NowUs())
	n, err := takeNumbers(ctx, tx, p.Kind, year, 1)
	if err != nil {
		return err
	}
	p.Code, p.CreatedUs, p.UpdatedUs = code(p.Kind, year, n), tx.NowUs(), tx.NowUs()
	if err := insertPosts(ctx, tx, []Post{p}); err != nil {
		return err
	}
	if err := s.process(p.Kind).Start(ctx, tx, p.ID); err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindPost, Object: p.ID, What: "create",
		Detail: map[string]any{"code": p.Code, "fields": changes(PostData{}, p.PostData)}})
	tx.Emit(outbox.Event{Kind: EventPostCreated, Object: p.ID})
	if !submit {
		return nil
	}
	p, err = s.process(p.Kind).Fire(ctx, tx, p.ID, 1, StepSubmit, process.Input{})
	if err == nil {
		moved(tx, p, StepSubmit)
	}
	return err
}

// moved tells of a step that was taken.
func moved(tx *unit.Tx, p Post, step string) {
	tx.Emit(outbox.Event{Kind: EventPostMoved, Object: p.ID,
		Data: PostEvent{Step: step, State: p.State}})
}

// UpdatePost replaces the data of a post. What the public reads of a published one goes back to the
// editors when its owner changes it; who may review changes it at once. A post that is talked about
// or at its end changes in its contact and broker only.
func (s *Service) UpdatePost(ctx context.Context, by authz.Actor, in PostUpdate) (Post, error) {
	in.normalise()
	old, err := s.load(ctx, s.unit.DB(), by, in.ID)
	if err != nil {
		return Post{}, err
	}
	if err := PostPolicy.May(by, ActPostUpdate, old); err != nil {
		return Post{}, err
	}
	next := old
	next.PostData, next.Version = in.PostData, in.Version
	next.Org = cmp.Or(next.Org, old.Org)
	if next.Kind != old.Kind {
		return Post{}, fault.Fields(fault.At("kind", "类型不能修改"))
	}
	if err := s.complete(ctx, by, &next); err != nil {
		return Post{}, err
	}
	if next.OrgNow != old.OrgNow {
		if err := PostPolicy.May(by, ActPostCreate, next); err != nil {
			return Post{}, fault.Fields(fault.At("org", "不能改到其他单位名下"))
		}
	}
	if next.kept, err = s.seal(old.ID, &next.PostData, old.kept); err != nil {
		return Post{}, err
	}
	how, err := howToChange(by, old, next)
	if err != nil {
		return Post{}, err
	}
	in.PostData = in.withoutContact()
	const useCase = "market.UpdatePost"
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		return in.ID, s.change(ctx, tx, old, next, how)
	})
	if err != nil {
		return Post{}, err
	}
	return s.GetPost(ctx, by, in.ID)
}

// howToChange says by which step a change is stored: none, when it just is.
func howToChange(by authz.Actor, old, next Post) (string, error) {
	private := old.PostData
	private.Broker = next.Broker
	if reflect.DeepEqual(private, next.PostData) && old.OrgNow == next.OrgNow {
		return "", nil
	}
	desk := PostPolicy.MaySee(by, ActPostReview, old)
	switch old.State {
	case Draft, Review, Returned:
		return "", nil
	case Published, Stale:
		if desk && old.State == Published {
			return "", nil
		}
		return StepRevise, nil
	case Noticed, Talking:
		if desk {
			return "", nil
		}
	}
	return "", fault.New(fault.Conflict, "当前状态下只能修改联系人和技术经理人")
}

func (s *Service) change(ctx context.Context, tx *unit.Tx, old, next Post, step string) error {
	if step == "" {
		if err := replacePost(ctx, tx, next); err != nil {
			return err
		}
		if err := s.sameTrade(ctx, tx, old, next); err != nil {
			return err
		}
	} else {
		p, err := s.process(old.Kind).Fire(ctx, tx, old.ID, next.Version, step,
			process.Input{Data: revision{next.PostData, next.kept, next.namedNow}})
		if err != nil {
			return err
		}
		moved(tx, p, step)
	}
	tx.Audit(audit.Entry{Kind: kindPost, Object: old.ID, What: "update",
		Detail: map[string]any{"fields": changes(old.PostData, next.PostData)}})
	tx.Emit(outbox.Event{Kind: EventPostUpdated, Object: old.ID})
	return nil
}

// PostStep is the input of FirePost.
type PostStep struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Version int64  `json:"version"`
	Reason  string `json:"reason,omitempty"`
	Key     string `json:"-"`
}

// FirePost takes a step with a post.
func (s *Service) FirePost(ctx context.Context, by authz.Actor, in PostStep) (Post, error) {
	old, err := s.load(ctx, s.unit.DB(), by, in.ID)
	if err != nil {
		return Post{}, err
	}
	if err := s.offPage(by, old, in.Step); err != nil {
		return Post{}, err
	}
	const useCase = "market.FirePost"
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (string, error) {
		p, err := s.process(old.Kind).Fire(ctx, tx, in.ID, in.Version, in.Step,
			process.Input{Reason: in.Reason})
		if err == nil {
			moved(tx, p, in.Step)
		}
		return in.ID, err
	})
	if err != nil {
		return Post{}, err
	}
	p, err := s.GetPost(ctx, by, in.ID)
	if fault.Is(err, fault.NotFound) { // the step took it out of the actor's sight
		return Post{ID: in.ID, PostData: PostData{Kind: old.Kind, Title: old.Title}}, nil
	}
	return p, err
}

// Advance takes a step with a post on behalf of a sibling room, inside its write, whatever version
// the post has. The caller has asked its own policy whether the actor of the write may do what moves
// the post. A post that stands where the step leads stays there, so that the second talk about one
// post needs no question asked.
func (s *Service) Advance(
	ctx context.Context, tx *unit.Tx, postID, step string, in process.Input,
) (Post, error) {
	p, err := PostByID(ctx, tx, postID)
	if err != nil {
		return Post{}, err
	}
	life := s.process(p.Kind)
	for _, x := range life.Def().Steps {
		if x.Name == step && x.To == p.State {
			return p, nil
		}
	}
	p, err = life.Fire(ctx, tx, postID, p.Version, step, in)
	if err == nil {
		moved(tx, p, step)
	}
	return p, err
}
