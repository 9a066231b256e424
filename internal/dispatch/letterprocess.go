package dispatch

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a letter.
const (
	LetterDraft     = "draft"     // 拟稿
	LetterSigned    = "signed"    // 已签发
	LetterDelivered = "delivered" // 已送达
	LetterReplied   = "replied"   // 已回复
	LetterClosed    = "closed"    // 已办结
	LetterWithdrawn = "withdrawn" // 已撤回
)

// Steps of a letter that others speak of.
const (
	StepSign     = "sign"
	StepDeliver  = "deliver"
	StepReply    = "reply"
	StepAgain    = "again"
	StepClose    = "close"
	StepWithdraw = "withdraw"
)

// LetterProcess is the life cycle of a letter.
var LetterProcess = process.MustNew(process.Def[Letter]{
	Name:   "dispatch_letter",
	Title:  "督办函",
	Policy: LetterPolicy,
	Store: process.Store[Letter]{
		Load: letterByID,
		At: func(l Letter) process.Position {
			return process.Position{ID: l.ID, State: l.State, Version: l.Version}
		},
		Move:  qLetterMove,
		Files: checkReplyFiles,
	},
	States: []process.State{
		{Name: LetterDraft, Title: "拟稿", Initial: true},
		{Name: LetterSigned, Title: "已签发"},
		{Name: LetterDelivered, Title: "已送达"},
		{Name: LetterReplied, Title: "已回复"},
		{Name: LetterClosed, Title: "已办结", Final: true},
		{Name: LetterWithdrawn, Title: "已撤回", Final: true},
	},
	Steps: []process.Step[Letter]{
		{Name: StepSign, Title: "签发", From: []string{LetterDraft}, To: LetterSigned, May: ActLetterSign,
			Rule: "编发文字号，按工作日算出回复期限", Check: hasDeadline, Do: numberLetter},
		{Name: StepDeliver, Title: "送达", From: []string{LetterSigned}, To: LetterDelivered,
			May: ActLetterDeliver, Do: noteDelivered},
		{Name: StepReply, Title: "回复", From: []string{LetterDelivered}, To: LetterReplied,
			May: ActLetterReply, Rule: "写明整改情况", Check: hasReply, Do: storeReply},
		{Name: StepAgain, Title: "退回重报", From: []string{LetterReplied}, To: LetterDelivered,
			May: ActLetterDeliver, Needs: process.Reason, Rule: "重新计算回复期限", Check: hasDeadline,
			Do: storeDeadline},
		{Name: StepClose, Title: "办结", From: []string{LetterReplied}, To: LetterClosed,
			May: ActLetterDeliver, Do: noteClosed},
		{Name: StepWithdraw, Title: "撤回",
			From: []string{LetterDraft, LetterSigned, LetterDelivered, LetterReplied}, To: LetterWithdrawn,
			May: ActLetterWithdraw, Needs: process.Reason},
	},
	Clocks: letterClocks(),
})

func letterClocks() []process.Clock[Letter] {
	supervisor := func(l Letter) process.Owner { return process.Owner{Account: l.Supervisor} }
	bureau := process.Owner{Role: authz.Officer}
	return []process.Clock[Letter]{{
		Name: "reply", Title: "回复", In: []string{LetterDelivered}, Limit: process.Named(),
		Varies: func(l Letter) process.Limit { return process.DueAt(l.DueUs) },
		Owner: func(l Letter) process.Owner {
			return process.Owner{Role: l.To.Role, Org: l.To.Now}
		},
		Escalate: supervisor, LastResort: bureau,
	}, {
		Name: "answer", Title: "审核回复", In: []string{LetterReplied},
		Limit:  process.WorkingDays(usualAnswerDays),
		Varies: func(l Letter) process.Limit { return process.WorkingDays(int(l.AnswerDays)) },
		Owner:  supervisor, Escalate: func(Letter) process.Owner { return process.Owner{Role: authz.Leader} },
		LastResort: bureau,
	}}
}

// deadline is the data of the steps that set one.
type deadline struct {
	DueUs int64 `json:"dueUs"`
}

func hasDeadline(_ Letter, in process.Input) error {
	if x, ok := in.Data.(deadline); !ok || x.DueUs <= 0 {
		return errStale()
	}
	return nil
}

// numberLetter gives a letter its number: one sequence a year.
func numberLetter(ctx context.Context, tx *unit.Tx, l Letter, in process.Input) error {
	x, ok := in.Data.(deadline)
	if !ok {
		return errStale()
	}
	rule, err := ruleAt(ctx, tx, clock.DateOf(clock.Time(tx.NowUs())))
	if err != nil {
		return err
	}
	year := yearOf(tx.NowUs())
	n, err := nextNumber(ctx, tx, fmt.Sprintf("letter:%d", year))
	if err != nil {
		return err
	}
	return db.ExecOne(ctx, tx.Tx, qLetterSigned, l.ID, l.Version,
		i18n.DocumentNo(rule.LetterPrefix, year, int(n)), x.DueUs, tx.NowUs(), tx.By().Login)
}

func noteDelivered(ctx context.Context, tx *unit.Tx, l Letter, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qLetterDelivered, l.ID, l.Version, tx.NowUs())
}

// answer is the data of the step that replies.
type answer struct {
	Text string `json:"text"`
}

func hasReply(_ Letter, in process.Input) error {
	x, ok := in.Data.(answer)
	if !ok {
		return fault.Fields(fault.At("reply", "请填写这一项"))
	}
	var f faults
	f.prose("reply", x.Text, MaxProse, true)
	return f.err()
}

func storeReply(ctx context.Context, tx *unit.Tx, l Letter, in process.Input) error {
	x, ok := in.Data.(answer)
	if !ok {
		return errStale()
	}
	return db.ExecOne(ctx, tx.Tx, qLetterReplied, l.ID, l.Version, x.Text, tx.NowUs(), tx.By().Login)
}

func storeDeadline(ctx context.Context, tx *unit.Tx, l Letter, in process.Input) error {
	x, ok := in.Data.(deadline)
	if !ok {
		return errStale()
	}
	return db.ExecOne(ctx, tx.Tx, qLetterAgain, l.ID, l.Version, x.DueUs)
}

func noteClosed(ctx context.Context, tx *unit.Tx, l Letter, _ process.Input) error {
	return db.ExecOne(ctx, tx.Tx, qLetterClosed, l.ID, l.Version, tx.NowUs())
}
