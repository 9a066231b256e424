package studio

import (
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Known is an account that a log-in names.
type Known struct{ Account, Name string }

// NewPanel is the input of CreatePanel.
type NewPanel struct {
	Scheme string `json:"scheme"`
	PanelData
	Logins []string `json:"logins,omitempty"` // of the experts who are asked
	Key    string   `json:"-"`
}

// CreatePanel asks experts to compare what the groups of a scheme's tree are made of.
func (s *Service) CreatePanel(ctx context.Context, by authz.Actor, in NewPanel) (Panel, error) {
	if err := PanelPolicy.May(by, ActPanelMake, Panel{}); err != nil {
		return Panel{}, err
	}
	x, err := s.readScheme(ctx, s.unit.DB(), by, in.Scheme)
	if err != nil {
		return Panel{}, err
	}
	data, err := datasetByID(ctx, s.unit.DB(), x.Dataset)
	if err != nil {
		return Panel{}, err
	}
	c, err := s.content(ctx, s.unit.DB(), data.ID, data.Edition)
	if err != nil {
		return Panel{}, err
	}
	var f faults
	in.Title, in.Note = tidy(in.Title), lines(in.Note)
	f.line("title", in.Title, MaxTitle, true)
	f.prose("note", in.Note, MaxProse, false)
	p := Panel{Scheme: x.ID, PanelData: in.PanelData, Questions: questionsOf(c, &f)}
	guests, err := s.guests(ctx, in.Logins, nil, &f)
	if err != nil {
		return Panel{}, err
	}
	if err := f.err(); err != nil {
		return Panel{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "studio.CreatePanel", in.Key, in, func(tx *unit.Tx) (Panel, error) {
		panelID := id.New()
		err := db.ExecOne(ctx, tx.Tx, qPanelAdd, panelID, p.Scheme, p.Title, p.Note, encode(p.Questions), tx.NowUs(),
			by.Account)
		if err != nil {
			return Panel{}, err
		}
		tx.Audit(audit.Entry{Kind: kindPanel, Object: panelID, What: "create", Detail: in})
		if err := seat(ctx, tx, panelID, guests); err != nil {
			return Panel{}, err
		}
		out, _, err := panelByID(ctx, tx, panelID)
		return out, err
	})
	return out, err
}

// guests finds the accounts of log-ins; those in the panel already are a fault.
func (s *Service) guests(ctx context.Context, logins []string, there []Seat, f *faults) ([]Known, error) {
	var out []Known
	for _, login := range logins {
		if login = tidy(login); login == "" {
			continue
		}
		var x Known
		found := false
		if s.opt.Accounts != nil {
			var err error
			if x, found, err = s.opt.Accounts(ctx, s.unit.DB(), login); err != nil {
				return nil, err
			}
		}
		switch {
		case !found:
			f.add("logins", "没有“%s”这个账号", login)
		case slices.ContainsFunc(there, func(t Seat) bool { return t.Account == x.Account || t.Name == x.Name }),
			slices.ContainsFunc(out, func(k Known) bool { return k.Account == x.Account || k.Name == x.Name }):
			f.add("logins", "“%s”已在专家组中", x.Name)
		default:
			out = append(out, x)
		}
	}
	if len(out)+len(there) > MaxSeats {
		f.add("logins", "最多 %d 位专家", MaxSeats)
	}
	return out, nil
}

// seat gives guests their seats; each is told.
func seat(ctx context.Context, tx *unit.Tx, panelID string, guests []Known) error {
	for _, g := range guests {
		err := db.ExecOne(ctx, tx.Tx, qSeatAdd, id.New(), panelID, g.Account, g.Name, "", "", int64(0), tx.NowUs())
		if err != nil {
			return err
		}
		tx.Emit(outbox.Event{Kind: EventPanelInvited, Object: panelID, Data: g.Account})
	}
	return nil
}

// Invitation is the input of InviteExperts.
type Invitation struct {
	Panel   string   `json:"-"`
	Logins  []string `json:"logins"`
	Version int64    `json:"version"`
}

// changingPanel changes a panel that the actor makes, as it was seen.
func (s *Service) changingPanel(
	ctx context.Context, by authz.Actor, useCase, panelID string, version int64,
	do func(*unit.Tx, Panel, []Seat) (edition int64, err error),
) (Panel, error) {
	var out Panel
	err := s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		p, seats, err := panelByID(ctx, tx, panelID)
		if err != nil {
			return err
		}
		if err := PanelPolicy.May(by, ActPanelMake, p); err != nil {
			return err
		}
		if p.Version != version {
			return errStale()
		}
		edition, err := do(tx, p, seats)
		if err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qPanelTouch, p.ID, p.Version, edition, tx.NowUs()); err != nil {
			return err
		}
		out, _, err = panelByID(ctx, tx, p.ID)
		return err
	})
	return out, err
}

// InviteExperts asks more experts.
func (s *Service) InviteExperts(ctx context.Context, by authz.Actor, in Invitation) (Panel, error) {
	return s.changingPanel(ctx, by, "studio.InviteExperts", in.Panel, in.Version,
		func(tx *unit.Tx, p Panel, seats []Seat) (int64, error) {
			var f faults
			guests, err := s.guests(ctx, in.Logins, seats, &f)
			if err != nil {
				return 0, err
			}
			if len(guests) == 0 && len(f) == 0 {
				f.add("logins", "请填写这一项")
			}
			if err := f.err(); err != nil {
				return 0, err
			}
			tx.Audit(audit.Entry{Kind: kindPanel, Object: p.ID, What: "invite", Detail: in.Logins})
			return p.Edition, seat(ctx, tx, p.ID, guests)
		})
}

// PanelDetail is a panel as the actor may see it.
type PanelDetail struct {
	Panel
	List    []Seat                         `json:"experts"` // for the bureau all, for an expert the own
	Mine    *Seat                          `json:"mine,omitempty"`
	Own     map[string]composite.Judgement `json:"own,omitempty"`    // what the own judgements come to
	Pool    composite.Pooling              `json:"pool,omitempty"`   // of Groups
	Groups  map[string]composite.Consensus `json:"groups,omitempty"` // of those who handed in so far
	Results []PanelResult                  `json:"results"`          // editions, the latest first
	Weights []VoiceWeight                  `json:"weights"`          // all there were, the latest first
	CanMake bool                           `json:"-"`
}

// GetPanel returns a panel. An expert gets the questions and the own judgements; the bureau gets all, and
// what they come to by a way of pooling ("" = judgements).
func (s *Service) GetPanel(
	ctx context.Context, by authz.Actor, panelID string, pool composite.Pooling,
) (PanelDetail, error) {
	q := s.unit.DB()
	p, seats, err := panelByID(ctx, q, panelID)
	if err != nil {
		return PanelDetail{}, err
	}
	if err := PanelPolicy.May(by, ActPanelRead, p); err != nil {
		return PanelDetail{}, err
	}
	d := PanelDetail{Panel: p, List: []Seat{}, Results: []PanelResult{}, Weights: []VoiceWeight{},
		CanMake: PanelPolicy.MaySee(by, ActPanelMake, p)}
	if d.CanMake { // what a voice counts is the bureau's
		weights, err := s.weigh(ctx, q, p.ID, seats, s.today())
		if err != nil {
			return d, err
		}
		d.Weights = append(d.Weights, weights...)
	}
	for _, x := range seats {
		if x.Account != "" && x.Account == by.Account {
			d.Mine = &x
			d.Own = p.own(x)
		}
		if d.CanMake || d.Mine != nil && d.Mine.ID == x.ID {
			d.List = append(d.List, x)
		}
	}
	if !d.CanMake {
		d.Seats, d.Handed = 0, 0
		return d, nil
	}
	d.Pool = composite.PoolJudgements
	if TitleOf(Pools(), string(pool)) != "" {
		d.Pool = pool
	}
	if d.Groups, err = p.pool(seats, d.Pool); err != nil {
		return d, err
	}
	d.Results, err = db.All(ctx, q, qPanelResults, scanPanelResult, p.ID)
	return d, err
}

// own is what one expert's judgements come to, by group.
func (p Panel) own(x Seat) map[string]composite.Judgement {
	out := map[string]composite.Judgement{}
	for _, q := range p.Questions {
		if m, ok := q.matrix(x.Pairs); ok {
			if j, err := composite.AHP(m); err == nil {
				out[q.Code] = j
			}
		}
	}
	return out
}

// ListPanels returns a page of the panels that the actor may read, the newest first; of one scheme, or of
// all for "".
func (s *Service) ListPanels(
	ctx context.Context, by authz.Actor, scheme string, p db.PageReq,
) (db.Page[Panel], error) {
	w := PanelPolicy.Scope(by, ActPanelRead)
	if scheme != "" {
		w = w.And("p.scheme = $1", scheme)
	}
	page, err := db.List(ctx, s.unit.DB(), panels, w, panels.Order(""), p, scanPanel)
	if !PanelPolicy.Could(by, ActPanelMake) {
		for i := range page.Items {
			page.Items[i].Seats, page.Items[i].Handed = 0, 0 // how far others are is the bureau's
		}
	}
	return page, err
}

// Judging is the input of Judge.
type Judging struct {
	Panel   string            `json:"-"`
	Pairs   map[string]string `json:"pairs"`   // by group: "3,1/5,…", the upper triangle by rows
	Version int64             `json:"version"` // of the own seat
}

// Judge hands in the own judgements, or hands them in again; results that were saved keep the earlier ones.
func (s *Service) Judge(ctx context.Context, by authz.Actor, in Judging) (PanelDetail, error) {
	err := s.unit.Write(ctx, by, "studio.Judge", func(tx *unit.Tx) error {
		p, seats, err := panelByID(ctx, tx, in.Panel)
		if err != nil {
			return err
		}
		if err := PanelPolicy.May(by, ActPanelRead, p); err != nil {
			return err
		}
		if err := PanelPolicy.May(by, ActPanelJudge, p); err != nil {
			return err
		}
		i := slices.IndexFunc(seats, func(x Seat) bool { return x.Account == by.Account })
		var f faults
		pairs := p.check(in.Pairs, &f)
		if err := f.err(); err != nil {
			return err
		}
		if seats[i].Version != in.Version {
			return errStale()
		}
		tx.Audit(audit.Entry{Kind: kindPanel, Object: p.ID, What: "judge", Detail: pairs})
		tx.Emit(outbox.Event{Kind: EventPanelJudged, Object: p.ID, Data: seats[i].ID})
		return db.ExecOne(ctx, tx.Tx, qSeatSet, seats[i].ID, in.Version, encode(pairs), FromForm, tx.NowUs())
	})
	if err != nil {
		return PanelDetail{}, err
	}
	return s.GetPanel(ctx, by, in.Panel, "")
}

// NewPanelResult is the input of SavePanelResult.
type NewPanelResult struct {
	Panel   string            `json:"-"`
	Pool    composite.Pooling `json:"pool"`
	Note    string            `json:"note,omitempty"`
	Version int64             `json:"version"`
}

// SavePanelResult keeps what the judgements come to now as the next edition. Schemes take their weights
// from editions, which nothing changes.
func (s *Service) SavePanelResult(ctx context.Context, by authz.Actor, in NewPanelResult) (Panel, error) {
	return s.changingPanel(ctx, by, "studio.SavePanelResult", in.Panel, in.Version,
		func(tx *unit.Tx, p Panel, seats []Seat) (int64, error) {
			var f faults
			in.Note = tidy(in.Note)
			f.line("note", in.Note, MaxLine, false)
			f.choice("pool", string(in.Pool), Pools())
			voices := slices.DeleteFunc(slices.Clone(seats), func(x Seat) bool { return x.HandedUs == 0 })
			if len(voices) == 0 {
				f.add("pool", "还没有专家交回判断")
			}
			if err := f.err(); err != nil {
				return 0, err
			}
			if _, err := s.weigh(ctx, tx, p.ID, voices, s.today()); err != nil {
				return 0, err
			}
			groups, err := p.pool(voices, in.Pool)
			if err != nil {
				return 0, err
			}
			n := p.Edition + 1
			err = db.ExecOne(ctx, tx.Tx, qPanelResultAdd, p.ID, n, string(in.Pool), encode(voices), encode(groups),
				in.Note, tx.NowUs(), by.Account, by.Login)
			tx.Audit(audit.Entry{Kind: kindPanel, Object: p.ID, What: "save",
				Detail: map[string]any{"edition": n, "pool": in.Pool, "voices": len(voices)}})
			tx.Emit(outbox.Event{Kind: EventPanelSaved, Object: p.ID, Data: n})
			return n, err
		})
}

func pairField(code string, i int) string { return fmt.Sprintf("p.%s.%d", code, i) }

// errNoPanel is the fault of choices that name a result nobody has.
func errNoPanel() error { return fault.Fields(fault.At("panel", "没有这个专家组结果")) }
