package deal

import (
	"context"
	"net/url"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Limits of what a broker shows.
const (
	MaxCases        = 100
	MaxCertificates = 30
	maxURL          = 300
)

// CaseData is what a broker writes about a past case (案例). It names no price and no side unless the
// broker writes it: an introduction is not public.
type CaseData struct {
	Title  string     `json:"title"`
	Day    clock.Date `json:"day"`   // of the contract or of the end
	Field  string     `json:"field"` // 技术领域
	Work   string     `json:"work"`  // one of Works
	Text   string     `json:"text,omitempty"`
	Deal   string     `json:"deal,omitempty"`   // an introduction of the broker's that was signed
	Source string     `json:"source,omitempty"` // of one outside the platform: where it can be read of
	URL    string     `json:"url,omitempty"`
}

// Case is a past case as stored.
type Case struct {
	ID string `json:"id"`
	CaseData
	DealCode  string `json:"dealCode,omitempty"` // of the introduction, while its contract stands
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
}

var (
	qCases = db.Stmt(`SELECT c.id, c.title, c.day, c.field, c.work, c.text, c.deal,
			COALESCE(d.code, ''), c.source, c.url, c.created_us, c.created_by
		FROM deal_broker_case AS c
		LEFT JOIN deal AS d ON d.id = c.deal AND d.state IN ('signed', 'registered', 'kept')
		WHERE c.broker = $1 ORDER BY c.day DESC, c.id DESC LIMIT 100`)
	qCaseAdd = db.Stmt(`INSERT INTO deal_broker_case (broker, id, title, day, field, work, text, deal,
			source, url, created_us, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	qCaseDrop = db.Stmt(`DELETE FROM deal_broker_case WHERE broker = $1 AND id = $2`)
)

func scanCase(r db.Row) (Case, error) {
	var c Case
	err := r.Scan(&c.ID, &c.Title, &c.Day, &c.Field, &c.Work, &c.Text, &c.Deal, &c.DealCode, &c.Source,
		&c.URL, &c.CreatedUs, &c.CreatedBy)
	return c, err
}

func (d CaseData) check(f *faults, today clock.Date) {
	f.line("title", d.Title, MaxPeople, true)
	f.day("day", d.Day, true)
	if d.Day > today {
		f.add("day", "日期不能晚于今天")
	}
	f.choice("field", d.Field, Fields())
	f.choice("work", d.Work, Works())
	f.prose("text", d.Text, MaxSummary, false)
	f.line("source", d.Source, MaxPeople, d.Deal == "")
	f.secret("title", d.Title)
	f.secret("text", d.Text)
	f.secret("source", d.Source)
	f.line("url", d.URL, maxURL, false)
	if u, err := url.Parse(d.URL); d.URL != "" && (err != nil || u.Host == "" ||
		u.Scheme != "https" && u.Scheme != "http") {
		f.add("url", "网址应以 https:// 开头")
	}
}

// won says that an introduction led to a contract that stands.
func (d Deal) won() bool { return d.State == Signed || d.State == Registered || d.State == Kept }

// NewCase is the input of AddCase.
type NewCase struct {
	Broker string `json:"-"`
	CaseData
	Key string `json:"-"`
}

// AddCase takes a past case into what a broker shows: an introduction that the broker led to a
// contract, or another one, of which it says where it can be read.
func (s *Service) AddCase(ctx context.Context, by authz.Actor, in NewCase) (Case, error) {
	in.Title, in.Source, in.URL, in.Text = tidy(in.Title), tidy(in.Source), tidy(in.URL), lines(in.Text)
	b, err := s.brokerFor(ctx, by, in.Broker, ActBrokerUpdate)
	if err != nil {
		return Case{}, err
	}
	c := Case{ID: id.New(), CaseData: in.CaseData, CreatedBy: by.Login}
	var f faults
	if in.Deal != "" {
		d, err := dealByID(ctx, s.unit.DB(), in.Deal)
		switch {
		case fault.Is(err, fault.NotFound) || err == nil && (d.Broker != b.ID || !d.won()):
			f.add("deal", "只能选择本人经办并已签约的对接")
		case err != nil:
			return Case{}, err
		default:
			c.DealCode = d.Code
			if c.Day == "" {
				c.Day = d.SignedOn
			}
			if c.Field == "" {
				c.Field = d.Field
			}
			if c.Title == "" {
				c.Title = d.Title
			}
		}
	}
	c.check(&f, s.today())
	if err := f.err(); err != nil {
		return Case{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "deal.AddCase", in.Key, in, func(tx *unit.Tx) (Case, error) {
		c := c
		c.CreatedUs = tx.NowUs()
		have, err := db.All(ctx, tx, qCases, scanCase, b.ID)
		if err != nil {
			return c, err
		}
		if len(have) >= MaxCases {
			return c, fault.New(fault.Conflict, "最多 %d 个案例，请先删去旧的", MaxCases)
		}
		for _, x := range have {
			if x.Deal != "" && x.Deal == c.Deal {
				return c, fault.Fields(fault.At("deal", "这项对接已列为案例"))
			}
		}
		tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "add_case", Detail: c.CaseData})
		tx.Emit(outbox.Event{Kind: EventBrokerUpdated, Object: b.ID})
		return c, db.ExecOne(ctx, tx.Tx, qCaseAdd, b.ID, c.ID, c.Title, string(c.Day), c.Field, c.Work,
			c.Text, c.Deal, c.Source, c.URL, c.CreatedUs, c.CreatedBy)
	})
	return out, err
}

// RemoveCase takes a past case out of what a broker shows.
func (s *Service) RemoveCase(ctx context.Context, by authz.Actor, brokerID, caseID string) error {
	b, err := s.brokerFor(ctx, by, brokerID, ActBrokerUpdate)
	if err != nil {
		return err
	}
	return s.unit.Write(ctx, by, "deal.RemoveCase", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindBroker, Object: b.ID, What: "remove_case",
			Detail: map[string]string{"case": caseID}})
		tx.Emit(outbox.Event{Kind: EventBrokerUpdated, Object: b.ID})
		return db.ExecOne(ctx, tx.Tx, qCaseDrop, b.ID, caseID)
	})
}
