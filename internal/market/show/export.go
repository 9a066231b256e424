package show

import (
	"context"
	"io"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// Sheet describes the table of events.
func Sheet() sheet.Spec {
	return sheet.Spec{Name: "shows", Title: "路演与对接会", Columns: []sheet.Column{
		{Key: "code", Title: "编号", Kind: sheet.Code, Width: 14}, {Key: "title", Title: "活动名称", Width: 40},
		{Key: "kind", Title: "活动类型", Width: 12}, {Key: "starts", Title: "开始时间", Width: 18},
		{Key: "ends", Title: "结束时间", Width: 18}, {Key: "place", Title: "地点", Width: 30},
		{Key: "org", Title: "主办单位", Width: 28}, {Key: "slots", Title: "议程环节数", Kind: sheet.Integer},
		{Key: "capacity", Title: "席位数", Kind: sheet.Integer}, {Key: "taken", Title: "报名成功人数", Kind: sheet.Integer},
		{Key: "waiting", Title: "候补人数", Kind: sheet.Integer}, {Key: "state", Title: "状态", Width: 12}}}
}

// WriteShows writes the events of a list that the actor may read, and returns how many there were.
func (s *Service) WriteShows(
	ctx context.Context, by authz.Actor, f Filter, order string, e occasion.Export, w io.Writer,
) (int, error) {
	t := occasion.Table[Show]{Kind: kindShow, UseCase: "show.WriteShows", Spec: Sheet(), List: list, Scan: scanShow,
		Cells: func(ctx context.Context, x Show) []any {
			return []any{x.Code, x.Title, i18n.T(ctx, market.TitleOf(Kinds(), x.Kind)),
				occasion.MomentText(x.StartsUs), occasion.MomentText(x.EndsUs), x.Place, x.OrgName, x.slots,
				x.Capacity, x.Taken, x.Waiting, i18n.T(ctx, StateTitle(x.State))}
		}}
	return t.Write(ctx, s.unit, by, s.where(by, f), order, e, w)
}

// StateTitle returns the title of a state of events, a key of package i18n.
func StateTitle(state string) string {
	for _, s := range Process.Def().States {
		if s.Name == state {
			return s.Title
		}
	}
	return state
}
