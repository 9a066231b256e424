package deal

import (
	"context"
	"io"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Export says how a list leaves as a file.
type Export struct {
	Format sheet.Format
	By     string // name of the actor for people
	Filter string // the filter in words, "" = everything
}

// DealSheet describes the table of introductions. It has no contacts and no notes.
func DealSheet() sheet.Spec {
	return sheet.Spec{Name: "deals", Title: "供需对接", Columns: []sheet.Column{
		{Key: "code", Title: "编号", Kind: sheet.Code, Width: 16},
		{Key: "title", Title: "对接事项", Width: 40},
		{Key: "demand", Title: "需求方", Width: 28},
		{Key: "supply", Title: "供给方", Width: 28},
		{Key: "field", Title: "技术领域", Width: 18},
		{Key: "asked", Title: "提出人", Width: 12},
		{Key: "broker", Title: "技术经理人", Width: 12},
		{Key: "state", Title: "状态", Width: 14},
		{Key: "created", Title: "提出日期", Kind: sheet.Date},
		{Key: "amount", Title: "意向金额（万元）", Width: 14},
		{Key: "contract", Title: "合同成交额（万元）", Width: 16},
		{Key: "signed", Title: "签订日期", Kind: sheet.Date},
		{Key: "number", Title: "合同登记编号", Kind: sheet.Code, Width: 20},
		{Key: "class", Title: "未成原因", Width: 14},
		{Key: "next", Title: "下一步", Width: 30},
	}}
}

// WriteDeals writes the introductions of a list that the actor may export, and returns how many
// there were.
func (s *Service) WriteDeals(
	ctx context.Context, by authz.Actor, f DealFilter, order string, e Export, w io.Writer,
) (int, error) {
	if !DealPolicy.Could(by, ActDealExport) {
		return 0, DealPolicy.May(by, ActDealExport, Deal{})
	}
	scope := s.dealScope(by, f).AndAll(DealPolicy.Scope(by, ActDealExport))
	rows := func(yield func([]any, error) bool) {
		req := db.PageReq{Limit: db.MaxLimit}
		for {
			page, err := db.List(ctx, s.unit.DB(), dealList, scope, dealList.Order(order), req, scanDeal)
			if err != nil {
				yield(nil, err)
				return
			}
			if err := allSeenBy(ctx, s.unit.DB(), by, page.Items); err != nil {
				yield(nil, err)
				return
			}
			for _, d := range page.Items {
				if !yield(dealCells(ctx, d), nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			req.After = page.Next
		}
	}
	name := e.By
	if name == "" {
		name = by.Login
	}
	n, err := sheet.Write(ctx, w, e.Format, DealSheet(), rows, sheet.Meta{
		Title: i18n.T(ctx, "供需对接"), By: name, At: s.unit.Clock().Now(), Filter: e.Filter})
	if err != nil {
		return n, err
	}
	return n, s.unit.Write(ctx, by, "deal.WriteDeals", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindDeal, What: "export",
			Detail: map[string]any{"filter": f, "rows": n}})
		return nil
	})
}

func dealCells(ctx context.Context, d Deal) []any {
	title := func(list []Choice, v string) string {
		if t := TitleOf(list, v); t != "" {
			return i18n.T(ctx, t)
		}
		return ""
	}
	return []any{d.Code, d.Title, d.Demand.Name, d.Supply.Name, title(Fields(), d.Field),
		title(Parties(), d.AskedBy), d.BrokerName, i18n.T(ctx, StateTitle(d.State)),
		string(clock.DateOf(clock.Time(d.CreatedUs))), wan(d.AmountFen), wan(d.ContractFen),
		string(d.SignedOn), d.ContractNo, title(Classes(), d.Class), d.NextStep}
}

// wan writes an amount in 万元, nothing for none.
func wan(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return i18n.AmountIn(f, money.Wan)
}

// BrokerSheet describes the table of the directory of brokers: what its page shows of each.
func BrokerSheet() sheet.Spec {
	return sheet.Spec{Name: "brokers", Title: "技术经理人", Columns: []sheet.Column{
		{Key: "name", Title: "姓名", Width: 12},
		{Key: "org", Title: "单位", Width: 28},
		{Key: "region", Title: "行政区划代码", Kind: sheet.Code, Width: 12},
		{Key: "grade", Title: "等级", Width: 12},
		{Key: "fields", Title: "技术领域", Width: 30},
		{Key: "certificate", Title: "证书编号", Kind: sheet.Code, Width: 20},
		{Key: "issuer", Title: "发证机构", Width: 24},
		{Key: "validFrom", Title: "证书有效期自", Kind: sheet.Date},
		{Key: "validTo", Title: "证书有效期至", Kind: sheet.Date},
		{Key: "phone", Title: "办公电话", Kind: sheet.Code, Width: 16},
		{Key: "credit", Title: "信用分", Kind: sheet.Integer},
		{Key: "state", Title: "状态", Width: 10},
	}}
}

// WriteBrokers writes the brokers of a list that the actor may read, and returns how many there were. The
// directory is public, and so is its file; the trail says who took it along, and nothing of visitors.
func (s *Service) WriteBrokers(
	ctx context.Context, by authz.Actor, f BrokerFilter, order string, e Export, w io.Writer,
) (int, error) {
	if !BrokerPolicy.Could(by, ActBrokerRead) {
		return 0, BrokerPolicy.May(by, ActBrokerRead, Broker{State: BrokerActive})
	}
	rows := func(yield func([]any, error) bool) {
		req := db.PageReq{Limit: db.MaxLimit}
		for {
			page, err := s.ListBrokers(ctx, by, f, order, req)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, b := range page.Items {
				if !yield(brokerCells(ctx, b), nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			req.After = page.Next
		}
	}
	name := e.By
	if name == "" {
		name = by.Login
	}
	n, err := sheet.Write(ctx, w, e.Format, BrokerSheet(), rows, sheet.Meta{
		Title: i18n.T(ctx, "技术经理人"), By: name, At: s.unit.Clock().Now(), Filter: e.Filter})
	if err != nil || by.Account == "" {
		return n, err
	}
	return n, s.unit.Write(ctx, by, "deal.WriteBrokers", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: kindBroker, What: "export",
			Detail: map[string]any{"filter": f, "rows": n}})
		return nil
	})
}

func brokerCells(ctx context.Context, b Broker) []any {
	fields := make([]string, len(b.Fields))
	for i, f := range b.Fields {
		fields[i] = i18n.T(ctx, TitleOf(Fields(), f))
	}
	state := b.State
	for _, st := range BrokerProcess.Def().States {
		if st.Name == b.State {
			state = i18n.T(ctx, st.Title)
		}
	}
	return []any{b.Name, b.OrgName, string(b.Region), i18n.T(ctx, TitleOf(Grades(), b.Grade)),
		strings.Join(fields, "、"), b.Certificate, b.Issuer, string(b.ValidFrom), string(b.ValidTo), b.Phone,
		b.Credit, state}
}
