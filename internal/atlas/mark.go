package atlas

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const kindMark = "atlas.mark"

// What a person may correct.
const (
	MarkSix   = "six"
	MarkField = "field"
)

// Mark is what a person said in the place of a rule.
type Mark struct {
	Node   string `json:"node"`
	What   string `json:"what"`  // six, field
	Value  string `json:"value"` // "" = none of the classes
	Reason string `json:"reason"`
	AtUs   int64  `json:"atUs"`
	Login  string `json:"login"`
}

const markColumns = `m.node, m.what, m.value, m.reason, m.at_us, m.login`

var (
	markList = db.Select(markColumns, `atlas_mark AS m`,
		db.Order{Name: "node", Cols: []db.Col{db.TextCol("m.node"), db.TextCol("m.what")}})
	qMarkPut = db.Stmt(`INSERT INTO atlas_mark (node, what, value, reason, at_us, account, login)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (node, what) DO UPDATE SET value = excluded.value, reason = excluded.reason,
			at_us = excluded.at_us, account = excluded.account, login = excluded.login`)
)

func scanMark(r db.Row) (Mark, error) {
	var m Mark
	err := r.Scan(&m.Node, &m.What, &m.Value, &m.Reason, &m.AtUs, &m.Login)
	return m, err
}

func marksOf(ctx context.Context, q db.Q, ids []string) ([]Mark, error) {
	var out []Mark
	for part := range slices.Chunk(ids, db.MaxLimit) {
		err := db.Stream(ctx, q, markList, db.Where{}.In("m.node", anys(part)...), markList.Order(""),
			len(part)*2, scanMark, func(m Mark) error {
				out = append(out, m)
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// applyMarks puts what people said in the place of what owners and rules said.
func applyMarks(ctx context.Context, q db.Q, ids []string, made []drawn) error {
	list, err := marksOf(ctx, q, ids)
	if err != nil {
		return err
	}
	at := map[string]*drawn{}
	for i := range made {
		at[made[i].ID] = &made[i]
	}
	for _, m := range list {
		x := at[m.Node]
		switch {
		case x == nil:
		case m.What == MarkSix:
			x.Six, x.SixBy = m.Value, ByPerson
		case m.What == MarkField:
			x.Field, x.FieldBy = m.Value, ByPerson
		}
	}
	return nil
}

// NewMark is the input of SetMark.
type NewMark struct {
	Node   string `json:"-"`
	What   string `json:"what"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
	Key    string `json:"-"`
}

// SetMark says what class or field a record has, in the place of a rule and of its owner. The map shows
// it as soon as the feed is followed.
func (s *Service) SetMark(ctx context.Context, by authz.Actor, in NewMark) (Mark, error) {
	in.Reason = occasion.Tidy(in.Reason)
	n, err := s.node(ctx, by, in.Node)
	if err != nil {
		return Mark{}, err
	}
	if err := MarkPolicy.May(by, ActMarkSet, n.Region); err != nil {
		return Mark{}, err
	}
	var f occasion.Faults
	switch in.What {
	case MarkSix:
		optional(&f, "value", in.Value, SixNews())
	case MarkField:
		optional(&f, "value", in.Value, Fields())
		if n.Class == Post || n.Class == Deal {
			f.Add("what", "供需和对接的领域请在原记录中修改")
		}
	default:
		f.Add("what", "没有“%s”这个选项", in.What)
	}
	f.Line("reason", in.Reason, maxLine, true)
	if err := f.Err(); err != nil {
		return Mark{}, err
	}
	if n.Limited {
		return Mark{}, fault.New(fault.Forbidden, "这条记录依申请公开，您不能更正其归类")
	}
	out, _, err := unit.Once(ctx, s.unit, by, "atlas.SetMark", in.Key, in, func(tx *unit.Tx) (Mark, error) {
		_, err := db.Exec(ctx, tx.Tx, qMarkPut, n.ID, in.What, in.Value, in.Reason, tx.NowUs(), by.Account,
			by.Login)
		tx.Audit(audit.Entry{Kind: kindMark, Object: n.ID, What: "set", Reason: in.Reason,
			Detail: map[string]string{"what": in.What, "value": in.Value}})
		tx.Emit(outbox.Event{Kind: EventMarked, Object: n.ID, Data: n.Class})
		return Mark{Node: n.ID, What: in.What, Value: in.Value, Reason: in.Reason, AtUs: tx.NowUs(),
			Login: by.Login}, err
	})
	return out, err
}

// optional checks that a value is empty or one of a closed list.
func optional(f *occasion.Faults, field, v string, list []Choice) {
	if v != "" {
		f.Choice(field, v, list)
	}
}
