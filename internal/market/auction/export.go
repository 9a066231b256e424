package auction

import (
	"context"
	"io"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// Sheet describes the table of listings and auctions. It has no bidders.
func Sheet() sheet.Spec {
	return sheet.Spec{Name: "auctions", Title: "挂牌与拍卖", Columns: []sheet.Column{
		{Key: "code", Title: "编号", Kind: sheet.Code, Width: 14}, {Key: "post", Title: "成果", Width: 40},
		{Key: "org", Title: "转让方", Width: 28}, {Key: "mode", Title: "交易方式", Width: 18},
		{Key: "start", Title: "起拍价或挂牌价（万元）", Width: 16}, {Key: "price", Title: "当前价（万元）", Width: 14},
		{Key: "pay", Title: "成交价（万元）", Width: 14}, {Key: "opens", Title: "竞价开始时间", Width: 18},
		{Key: "closes", Title: "截止时间", Width: 18}, {Key: "bids", Title: "出价次数", Kind: sheet.Integer},
		{Key: "state", Title: "状态", Width: 12}}}
}

// WriteAuctions writes the listings and auctions of a list that the actor may read, and returns how many
// there were. Before the end it tells no more than the list does.
func (s *Service) WriteAuctions(
	ctx context.Context, by authz.Actor, f Filter, order string, e occasion.Export, w io.Writer,
) (int, error) {
	t := occasion.Table[Item]{Kind: kindItem, UseCase: "auction.WriteAuctions", Spec: Sheet(), List: list,
		Scan: func(r db.Row) (Item, error) {
			x, err := scanItem(r)
			return x.shown(), err
		},
		Cells: func(ctx context.Context, x Item) []any {
			return []any{x.Code, x.PostTitle, x.OrgName, i18n.T(ctx, market.TitleOf(Modes(), x.Mode)),
				inWan(x.StartFen), inWan(x.PriceFen), inWan(x.PayFen), occasion.MomentText(x.OpensUs),
				occasion.MomentText(x.ClosesUs), x.Bids, i18n.T(ctx, StateTitle(x.State))}
		}}
	return t.Write(ctx, s.unit, by, s.where(by, f), order, e, w)
}

// inWan writes an amount in 万元, nothing for none.
func inWan(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return i18n.AmountIn(f, money.Wan)
}

// StateTitle returns the title of a state of auctions, a key of package i18n.
func StateTitle(state string) string {
	for _, s := range Process.Def().States {
		if s.Name == state {
			return s.Title
		}
	}
	return state
}
