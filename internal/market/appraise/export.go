package appraise

import (
	"context"
	"io"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// SheetTable describes the table of valuation sheets.
func SheetTable() sheet.Spec {
	return sheet.Spec{Name: "valuations", Title: "估值工作表", Columns: []sheet.Column{
		{Key: "code", Title: "编号", Kind: sheet.Code, Width: 14}, {Key: "title", Title: "成果", Width: 40},
		{Key: "org", Title: "所属单位", Width: 28}, {Key: "purpose", Title: "估值目的", Width: 24},
		{Key: "day", Title: "估值基准日", Kind: sheet.Date, Width: 14},
		{Key: "edition", Title: "版次", Kind: sheet.Integer}, {Key: "limits", Title: "使用限制", Width: 40},
		{Key: "state", Title: "状态", Width: 12}, {Key: "created", Title: "编制时间", Width: 18}}}
}

// ReviewTable describes the table of evaluations. It has no scores: they are blind until all are in, and
// then part of the report.
func ReviewTable() sheet.Spec {
	return sheet.Spec{Name: "evaluations", Title: "五元价值评价", Columns: []sheet.Column{
		{Key: "code", Title: "编号", Kind: sheet.Code, Width: 14}, {Key: "title", Title: "成果", Width: 40},
		{Key: "org", Title: "所属单位", Width: 28}, {Key: "kind", Title: "成果分类", Width: 16},
		{Key: "state", Title: "状态", Width: 12}, {Key: "created", Title: "发起时间", Width: 18}}}
}

// WriteSheets writes the sheets that the actor may read, and returns how many there were.
func (s *Service) WriteSheets(
	ctx context.Context, by authz.Actor, e occasion.Export, w io.Writer,
) (int, error) {
	t := occasion.Table[Sheet]{Kind: kindSheet, UseCase: "appraise.WriteSheets", Spec: SheetTable(), List: sheets,
		Scan: scanSheet, Cells: func(ctx context.Context, x Sheet) []any {
			return []any{x.Code, x.Title, x.OrgName, x.Purpose, x.Day, x.Edition, x.Limits,
				stateTitle(ctx, SheetProcess.Def().States, x.State), occasion.MomentText(x.CreatedUs)}
		}}
	return t.Write(ctx, s.unit, by, SheetPolicy.Scope(by, ActSheetRead), "", e, w)
}

// WriteReviews writes the evaluations of a list that the actor may read, and returns how many there were.
func (s *Service) WriteReviews(
	ctx context.Context, by authz.Actor, state string, e occasion.Export, w io.Writer,
) (int, error) {
	t := occasion.Table[Review]{Kind: kindReview, UseCase: "appraise.WriteReviews", Spec: ReviewTable(),
		List: reviews, Scan: scanReview, Cells: func(ctx context.Context, v Review) []any {
			return []any{v.Code, v.Title, v.OrgName, i18n.T(ctx, market.TitleOf(Kinds(), v.Kind)),
				stateTitle(ctx, ReviewProcess.Def().States, v.State), occasion.MomentText(v.CreatedUs)}
		}}
	return t.Write(ctx, s.unit, by, reviewWhere(by, state), "", e, w)
}

func reviewWhere(by authz.Actor, state string) db.Where {
	w := ReviewPolicy.Scope(by, ActReviewRead)
	if state != "" {
		w = w.And("v.state = $1", state)
	}
	return w
}

func stateTitle(ctx context.Context, states []process.State, name string) string {
	for _, x := range states {
		if x.Name == name {
			return i18n.T(ctx, x.Title)
		}
	}
	return name
}
