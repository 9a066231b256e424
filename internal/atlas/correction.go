package atlas

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const kindCorrection = "atlas.correction"

// Correction (纠错) says that something on the map is wrong.
type Correction struct {
	ID        string      `json:"id"`
	Code      string      `json:"code"` // JC-2026-012
	Node      string      `json:"node,omitempty"`
	Class     string      `json:"class,omitempty"`
	Title     string      `json:"title"` // what it is about, as it was called then
	Region    region.Code `json:"region,omitempty"`
	Page      string      `json:"page,omitempty"` // address of the page it was said on
	What      string      `json:"what"`           // one of Wrongs
	Text      string      `json:"text"`
	Answer    string      `json:"answer,omitempty"`
	Handler   string      `json:"-"` // account
	State     string      `json:"state"`
	CreatedUs int64       `json:"createdUs"`
	CreatedBy string      `json:"-"` // account, "" for a visitor
	Login     string      `json:"login,omitempty"`
	UpdatedUs int64       `json:"updatedUs"`
	Version   int64       `json:"version"`
}

// Wrongs are what may be wrong.
func Wrongs() []Choice {
	return []Choice{{Value: "place", Title: "位置不对"}, {Value: "name", Title: "名称不对"},
		{Value: "class", Title: "归类不对"}, {Value: "double", Title: "重复"}, {Value: "gone", Title: "已不存在"},
		{Value: "number", Title: "数值不对"}, {Value: "other", Title: "其他问题"}}
}

// maxAnonymous is how many corrections of visitors may wait at the same time: who wants to say more
// logs in.
const maxAnonymous = 200

const maxPage = 600 // bytes of an address

const correctionColumns = `c.id, c.code, c.node, c.class, c.title, c.region, c.page, c.what, c.text,
	c.answer, c.handler, c.state, c.created_us, c.created_by, c.login, c.updated_us, c.version`

var (
	qCorrection = db.Stmt(`SELECT ` + correctionColumns + ` FROM atlas_correction AS c WHERE c.id = $1`)
	qByReceipt  = db.Stmt(`SELECT ` + correctionColumns + ` FROM atlas_correction AS c
		WHERE c.receipt = $1 AND c.receipt <> ''`)
	qCorrectionMove = db.Stmt(`UPDATE atlas_correction SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qCorrectionAdd = db.Stmt(`INSERT INTO atlas_correction (id, code, node, class, title, region, page, what,
			text, answer, handler, receipt, state, created_us, created_by, login, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10, 'submitted', $11, $12, $13, $11, 1)`)
	qHandler   = db.Stmt(`UPDATE atlas_correction SET handler = $2 WHERE id = $1`)
	qAnswer    = db.Stmt(`UPDATE atlas_correction SET answer = $2, handler = $3 WHERE id = $1`)
	qAnonymous = db.Stmt(`SELECT COUNT(*) FROM atlas_correction AS c WHERE c.created_by = ''
		AND c.state IN ('submitted', 'accepted')`)
	qCount = db.Stmt(`INSERT INTO atlas_counter (scope, last) VALUES ($1, 1)
		ON CONFLICT (scope) DO UPDATE SET last = atlas_counter.last + 1 RETURNING last`)
)

var corrections = db.Select(correctionColumns, `atlas_correction AS c`,
	db.Order{Name: "newest", Desc: true, Cols: []db.Col{db.IntCol("c.created_us"), db.TextCol("c.id")}})

func scanCorrection(r db.Row) (Correction, error) {
	var c Correction
	err := r.Scan(&c.ID, &c.Code, &c.Node, &c.Class, &c.Title, &c.Region, &c.Page, &c.What, &c.Text,
		&c.Answer, &c.Handler, &c.State, &c.CreatedUs, &c.CreatedBy, &c.Login, &c.UpdatedUs, &c.Version)
	return c, err
}

func correctionByID(ctx context.Context, q db.Q, correctionID string) (Correction, error) {
	return db.Get(ctx, q, qCorrection, scanCorrection, correctionID)
}

// NewCorrection is the input of Report.
type NewCorrection struct {
	Node   string      `json:"node,omitempty"`   // the record it is about, or
	Region region.Code `json:"region,omitempty"` // the place, or neither: the page
	Page   string      `json:"page,omitempty"`
	What   string      `json:"what"`
	Text   string      `json:"text"`
	Key    string      `json:"-"`
}

// Reported is the answer to a report. Receipt opens it for somebody without an account; it is kept
// nowhere.
type Reported struct {
	Correction
	Receipt string `json:"receipt,omitempty"`
}

// Report says that something on the map is wrong.
func (s *Service) Report(ctx context.Context, by authz.Actor, in NewCorrection) (Reported, error) {
	in.Text, in.Page = occasion.Lines(in.Text), occasion.Tidy(in.Page)
	if err := CorrectionPolicy.May(by, ActCorrectionReport, Correction{}); err != nil {
		return Reported{}, err
	}
	c := Correction{ID: id.New(), Page: in.Page, What: in.What, Text: in.Text, Region: in.Region,
		CreatedBy: by.Account, Login: by.Login}
	if err := s.subject(ctx, by, in, &c); err != nil {
		return Reported{}, err
	}
	receipt := ""
	if by.Account == "" {
		receipt = id.New() + id.New()
	}
	out, again, err := unit.Once(ctx, s.unit, by, "atlas.Report", in.Key, in, func(tx *unit.Tx) (Reported, error) {
		if receipt != "" {
			n, err := db.Get(ctx, tx, qAnonymous, db.One[int64])
			if err != nil {
				return Reported{}, err
			}
			if n >= maxAnonymous {
				return Reported{}, fault.New(fault.Unavailable, "待处理的纠错较多，请登录后提交")
			}
		}
		n, err := db.Get(ctx, tx, qCount, db.One[int64], kindCorrection)
		if err != nil {
			return Reported{}, err
		}
		err = db.ExecOne(ctx, tx.Tx, qCorrectionAdd, c.ID, occasion.Code("JC", tx.NowUs(), n), c.Node, c.Class,
			c.Title, string(c.Region), c.Page, c.What, c.Text, hashOf(receipt), tx.NowUs(), by.Account, by.Login)
		if err != nil {
			return Reported{}, err
		}
		if err := s.corrections.Start(ctx, tx, c.ID); err != nil {
			return Reported{}, err
		}
		tx.Audit(audit.Entry{Kind: kindCorrection, Object: c.ID, What: "create",
			Detail: map[string]string{"node": c.Node, "what": c.What}})
		tx.Emit(outbox.Event{Kind: EventCorrectionMoved, Object: c.ID, Data: "report"})
		made, err := correctionByID(ctx, tx, c.ID)
		return Reported{Correction: made}, err
	})
	if err == nil && !again {
		out.Receipt = receipt
	}
	return out, err
}

// subject checks a report and names what it is about.
func (s *Service) subject(
	ctx context.Context, by authz.Actor, in NewCorrection, c *Correction,
) error {
	var f occasion.Faults
	f.Choice("what", in.What, Wrongs())
	f.Prose("text", in.Text, maxProse, true)
	if in.Page != "" && (!strings.HasPrefix(in.Page, "/") || strings.HasPrefix(in.Page, "//") ||
		len(in.Page) > maxPage) {
		f.Add("page", "页面地址应是本站的路径")
	}
	switch {
	case in.Node != "":
		n, err := s.node(ctx, by, in.Node)
		if fault.Is(err, fault.NotFound) {
			f.Add("node", "没有找到这条记录")
		} else if err != nil {
			return err
		}
		c.Node, c.Class, c.Title, c.Region = n.ID, n.Class, n.Title, n.Region
	case in.Region != "":
		if _, err := region.Parse(string(in.Region)); err != nil {
			if err := f.With("region", err); err != nil {
				return err
			}
		}
		c.Title = s.places.Name(in.Region)
	}
	return f.Err()
}

// hashOf is how receipts and tokens are kept: they are long and random, so a plain hash will do.
func hashOf(secret string) string {
	if secret == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// CorrectionDetail is a correction with what its page shows.
type CorrectionDetail struct {
	Correction
	Offers  []process.Offer `json:"-"`
	History []process.Entry `json:"-"`
	Running []process.Run   `json:"-"`
}

// GetCorrection returns a correction.
func (s *Service) GetCorrection(
	ctx context.Context, by authz.Actor, correctionID string,
) (CorrectionDetail, error) {
	c, err := correctionByID(ctx, s.unit.DB(), correctionID)
	if err != nil {
		return CorrectionDetail{}, err
	}
	if err := CorrectionPolicy.May(by, ActCorrectionRead, c); err != nil {
		return CorrectionDetail{}, err
	}
	return s.detail(ctx, by, c)
}

func (s *Service) detail(ctx context.Context, by authz.Actor, c Correction) (CorrectionDetail, error) {
	d := CorrectionDetail{Correction: c}
	var err error
	q := s.unit.DB()
	if d.Offers, err = s.corrections.Available(ctx, q, by, c); err != nil {
		return d, err
	}
	if d.Running, err = s.corrections.Running(ctx, q, c.ID); err != nil {
		return d, err
	}
	d.History, err = process.History(ctx, q, s.corrections.Name(), c.ID, 0)
	return d, err
}

// OpenReceipt returns the correction of somebody without an account, by the receipt.
func (s *Service) OpenReceipt(ctx context.Context, receipt string) (CorrectionDetail, error) {
	c, found, err := db.Find(ctx, s.unit.DB(), qByReceipt, scanCorrection, hashOf(receipt))
	if err != nil {
		return CorrectionDetail{}, err
	}
	if !found || receipt == "" {
		return CorrectionDetail{}, occasion.Absent()
	}
	return s.detail(ctx, authz.Actor{}, c)
}

// CorrectionFilter narrows lists of corrections.
type CorrectionFilter struct {
	State string `json:"state,omitempty"`
	Node  string `json:"node,omitempty"`
	Open  bool   `json:"open,omitempty"`
	Mine  bool   `json:"mine,omitempty"`
}

func (f CorrectionFilter) where(by authz.Actor) db.Where {
	w := CorrectionPolicy.Scope(by, ActCorrectionRead)
	if f.State != "" {
		w = w.And("c.state = $1", f.State)
	}
	if f.Node != "" {
		w = w.And("c.node = $1", f.Node)
	}
	if f.Open {
		w = w.And("c.state IN ('submitted', 'accepted')")
	}
	if f.Mine {
		w = w.And("c.created_by = $1 AND c.created_by <> ''", by.Account)
	}
	return w
}

// ListCorrections returns a page of the corrections that the actor may read, the newest first.
func (s *Service) ListCorrections(
	ctx context.Context, by authz.Actor, f CorrectionFilter, p db.PageReq,
) (db.Page[Correction], error) {
	return db.List(ctx, s.unit.DB(), corrections, f.where(by), corrections.Order(""), p, scanCorrection)
}

// CountCorrections counts corrections by state.
func (s *Service) CountCorrections(
	ctx context.Context, by authz.Actor, f CorrectionFilter,
) (map[string]int64, error) {
	return corrections.CountBy(ctx, s.unit.DB(), "c.state", f.where(by))
}

func (s *Service) openCorrections(ctx context.Context, by authz.Actor, node string) (int64, error) {
	return corrections.Count(ctx, s.unit.DB(), CorrectionFilter{Node: node, Open: true}.where(by), 0)
}

// CorrectionStep is the input of FireCorrection.
type CorrectionStep struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"` // what was done, or why not
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireCorrection takes a step with a correction. Who reported it is told.
func (s *Service) FireCorrection(
	ctx context.Context, by authz.Actor, in CorrectionStep,
) (Correction, error) {
	out, _, err := unit.Once(ctx, s.unit, by, "atlas.FireCorrection", in.Key, in,
		func(tx *unit.Tx) (Correction, error) {
			c, err := correctionByID(ctx, tx, in.ID)
			if err != nil {
				return Correction{}, err
			}
			if err := CorrectionPolicy.May(by, ActCorrectionRead, c); err != nil {
				return Correction{}, err
			}
			_, err = s.corrections.Fire(ctx, tx, in.ID, in.Version, in.Step,
				process.Input{Reason: occasion.Lines(in.Reason)})
			if err != nil {
				return Correction{}, err
			}
			tx.Emit(outbox.Event{Kind: EventCorrectionMoved, Object: in.ID, Data: in.Step})
			return correctionByID(ctx, tx, in.ID)
		})
	return out, err
}
