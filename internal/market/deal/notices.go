package deal

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
)

// Kinds of notices of this room.
const (
	noticeAsked    = "deal.asked"
	noticeMoved    = "deal.moved"
	noticeOverdue  = "deal.overdue"
	noticeSoon     = "deal.soon"
	noticeObjected = "deal.objected"

	noticeCertificate = "broker.certificate"
	noticeConflict    = "broker.conflict"
)

// NoticeKinds are the kinds of notices of this room.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{{Name: noticeAsked, Title: "收到对接意向", Mail: true},
		{Name: noticeMoved, Title: "对接有新进展"}, {Name: noticeSoon, Title: "对接即将到期", Mail: true},
		{Name: noticeOverdue, Title: "对接超过时限", Mail: true}, {Name: noticeObjected, Title: "签约记录有异议", Mail: true},
		{Name: noticeCertificate, Title: "技术经理人证书"}, {Name: noticeConflict, Title: "技术经理人利益冲突"}}
}

// NoticeRules say how what happens here is told: a request to the other side, a step to whoever did
// not take it, a limit that is over to who answers for it now, a certificate and a conflict of interest that is
// to be lifted to the bureau and what became of it to the broker. None says more than everybody who gets it may
// read.
func NoticeRules() []notify.Rule {
	return []notify.Rule{{Events: []string{EventDealCreated, EventDealMoved},
		Notices: moveNotices}, {Events: []string{process.OverdueEvent}, Notices: overdueNotices},
		{Events: []string{EventCertificate}, Notices: certificateNotices},
		{Events: []string{EventConflict}, Notices: conflictNotices}}
}

// conflictNotices tell the bureau of a conflict of interest that is to be lifted, and the broker that it was.
func conflictNotices(ctx context.Context, tx *db.Tx, e outbox.Stored) ([]notify.Notice, error) {
	var m ConflictMoved
	if err := json.Unmarshal(e.Data, &m); err != nil {
		return nil, nil // of an older form: nobody waits for it any more
	}
	b, err := brokerByID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n := notify.Notice{Kind: noticeConflict, Href: "/brokers/" + b.ID, But: []string{m.By},
		Once:   noticeConflict + ":" + m.Conflict + ":" + m.State + ":" + strconv.FormatInt(m.AtUs, 10),
		Detail: notify.Text{Key: "%s", Args: []any{m.Reason}}}
	switch {
	case m.State == ConflictHidden:
		d, err := dealByID(ctx, tx, m.Deal)
		if fault.Is(err, fault.NotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		n.To, n.Href = []notify.To{notify.ToRole(authz.Officer)}, "/deals/"+d.ID
		n.Once = noticeConflict + ":hidden:" + d.ID + ":" + b.ID
		n.Title = notify.Text{Key: "对接 %s 的技术经理人%s与一方有利益冲突", Args: []any{d.Code, b.Name}}
		n.Detail = notify.Text{Key: "技术经理人还不知道这一方是谁，这一方同意对接后自动回避；可以现在另行指派"}
	case m.State == ConflictAsked:
		n.To = []notify.To{notify.ToRole(authz.Officer)}
		n.Title = notify.Text{Key: "%s申请解除与“%s”的利益冲突", Args: []any{b.Name, m.Org}}
	case b.Account == "":
		return nil, nil // of a broker who has no account
	default:
		n.To = []notify.To{notify.ToAccount(b.Account)}
		n.Title = notify.Text{Key: "您与“%s”的利益冲突已由科技局解除", Args: []any{m.Org}}
	}
	return []notify.Notice{n}, nil
}

// certificateNotices tell the bureau of a certificate that waits, and the broker of its end.
func certificateNotices(
	ctx context.Context, tx *db.Tx, e outbox.Stored,
) ([]notify.Notice, error) {
	var m CertificateMoved
	if err := json.Unmarshal(e.Data, &m); err != nil {
		return nil, nil // of an older form: nobody waits for it any more
	}
	b, err := brokerByID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n := notify.Notice{Kind: noticeCertificate, But: []string{m.By},
		Once: noticeCertificate + ":" + m.Certificate + ":" + m.State}
	switch m.State {
	case CertificateClaimed:
		n.To, n.Href = []notify.To{notify.ToRole(authz.Officer)}, "/brokers/certificates"
		n.Title = notify.Text{Key: "%s提交了证书，待确认", Args: []any{b.Name}}
		n.Detail = notify.Text{Key: "%s", Args: []any{m.Title}}
	default:
		if b.Account == "" {
			return nil, nil // of a broker who has no account
		}
		n.To, n.Href = []notify.To{notify.ToAccount(b.Account)}, "/brokers/"+b.ID
		n.Title = notify.Text{Key: "您的证书“%s”已确认", Args: []any{m.Title}}
		if m.State == CertificateRefused {
			n.Title = notify.Text{Key: "您的证书“%s”未通过", Args: []any{m.Title}}
			n.Detail = notify.Text{Key: "%s", Args: []any{m.Answer}}
		}
	}
	return []notify.Notice{n}, nil
}

func moveNotices(
	ctx context.Context, tx *db.Tx, e outbox.Stored,
) ([]notify.Notice, error) {
	var m Moved
	if err := json.Unmarshal(e.Data, &m); err != nil {
		return nil, nil // of an older form: nobody waits for it any more
	}
	d, err := dealByID(ctx, tx, e.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n := notify.Notice{Kind: noticeMoved, Href: "/deals/" + d.ID, To: d.people(),
		Title:  notify.Text{Key: "对接 %s：%s", Args: []any{d.Code, i18n.Key(StepTitle(m.Step))}},
		Detail: notify.Text{Key: "%s", Args: []any{d.Title}}}
	if m.By != "" {
		n.But = []string{m.By}
	}
	if m.Split > 0 {
		n.Detail = notify.Text{Key: "%s。原技术经理人对第 %d 版佣金约定的确认已作废，须由新的技术经理人重新确认",
			Args: []any{d.Title, m.Split}}
	}
	more := []notify.Notice{}
	switch m.Step {
	case StepSign:
		n.Detail = notify.Text{Key: "%s。所记录的成交额、日期或合作方式与事实不符的，可以提出异议", Args: []any{d.Title}}
	case StepObject:
		more = append(more, notify.Notice{Kind: noticeObjected, Href: n.Href,
			To:    []notify.To{notify.ToRole(authz.Officer)},
			Title: notify.Text{Key: "对接 %s 的签约记录有异议，请核实处理", Args: []any{d.Code}}, Detail: n.Detail})
	}
	if m.Step == stepAsk {
		n.Kind = noticeAsked
		n.Title = notify.Text{Key: "收到对接意向 %s", Args: []any{d.Code}}
		n.But = []string{d.CreatedBy}
	}
	return append(more, n), nil
}

// people are the two sides and the broker of an introduction.
func (d Deal) people() []notify.To {
	to := []notify.To{notify.ToOrg(d.Demand.Now), notify.ToOrg(d.Supply.Now)}
	if d.brokerAccount != "" && !d.barred {
		to = append(to, notify.ToAccount(d.brokerAccount))
	}
	return to
}

func ownerOf(o process.Owner) notify.To {
	switch {
	case o.Account != "":
		return notify.ToAccount(o.Account)
	case o.Org != "":
		return notify.ToOrg(o.Org)
	}
	return notify.ToRole(o.Role)
}

func overdueNotices(
	ctx context.Context, tx *db.Tx, e outbox.Stored,
) ([]notify.Notice, error) {
	var a process.Alarm
	if err := json.Unmarshal(e.Data, &a); err != nil || a.Process != DealProcess.Name() {
		return nil, nil // of another room
	}
	d, err := dealByID(ctx, tx, a.Object)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return []notify.Notice{{Kind: noticeOverdue, Href: "/deals/" + d.ID,
		To:     []notify.To{ownerOf(a.Handed.From), ownerOf(a.Handed.To)},
		Title:  notify.Text{Key: "对接 %s 超过时限，请尽快处理", Args: []any{d.Code}},
		Detail: notify.Text{Key: "%s", Args: []any{d.Title}}}}, err
}
