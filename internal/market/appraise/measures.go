package appraise

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// Measures are the numbers of this room. What somebody counts is what they may read.
func (s *Service) Measures() []measure.Measure {
	return []measure.Measure{
		occasion.Counted[Sheet]{Name: "appraise.sheets", Title: "估值工作表", Unit: "份",
			Definition: "已定稿或已归档的估值工作表份数", List: sheets, Scan: scanSheet,
			Scope: func(by authz.Actor) db.Where { return SheetPolicy.Scope(by, ActSheetRead) },
			Of:    db.Where{}.And("s.state IN ('final', 'archived')"),
			Dims: []measure.Dim{
				measure.Days("编制日期", func(from, before clock.Date) db.Where {
					a, b := occasion.Between(from, before)
					return db.Where{}.And("s.created_us >= $1 AND s.created_us < $2", a, b)
				}),
				occasion.Text("org", "单位", func(v string) db.Where { return db.Where{}.And("s.org_now = $1", v) })},
			Row: func(x Sheet) measure.Row {
				return measure.Row{ID: x.ID, Title: x.Code + " " + x.Title, Href: "/appraisals/sheets/" + x.ID}
			}}.Measure(),
		occasion.Counted[Review]{Name: "appraise.reviews", Title: "五元价值评价", Unit: "项",
			Definition: "已出具报告的五元价值评价项数", List: reviews, Scan: scanReview,
			Scope: func(by authz.Actor) db.Where { return ReviewPolicy.Scope(by, ActReviewRead) },
			Of:    db.Where{}.And("v.state = 'reported'"),
			Dims: []measure.Dim{
				measure.Days("报告日期", func(from, before clock.Date) db.Where {
					a, b := occasion.Between(from, before)
					return db.Where{}.And("v.updated_us >= $1 AND v.updated_us < $2", a, b)
				}),
				occasion.Text("sort", "成果类别", func(v string) db.Where { return db.Where{}.And("v.kind = $1", v) }),
				occasion.Text("org", "单位", func(v string) db.Where { return db.Where{}.And("v.org_now = $1", v) })},
			Row: func(x Review) measure.Row {
				return measure.Row{ID: x.ID, Title: x.Code + " " + x.Title, Href: "/appraisals/reviews/" + x.ID}
			}}.Measure(),
	}
}
