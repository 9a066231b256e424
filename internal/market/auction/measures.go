package auction

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// Measures are the numbers of this room. What somebody counts is what they may read.
func (s *Service) Measures() []measure.Measure {
	items := func(name, title, unit, definition string, of db.Where, value func(Item) int64) measure.Measure {
		return occasion.Counted[Item]{Name: name, Title: title, Unit: unit, Definition: definition, List: list,
			Scan: scanItem, Scope: func(by authz.Actor) db.Where { return Policy.Scope(by, ActRead) }, Of: of,
			Dims: itemDims(), Value: value,
			Row: func(x Item) measure.Row {
				return measure.Row{ID: x.ID, Title: x.Code + " " + x.PostTitle, Href: "/auctions/" + x.ID}
			}}.Measure()
	}
	sold := db.Where{}.And("x.state IN ('confirmed', 'signed')")
	return []measure.Measure{
		items("auction.announced", "挂牌与拍卖项目", "项", "已公告的挂牌和拍卖项目数，不含取消的",
			db.Where{}.And("x.state NOT IN ('draft', 'cancelled')"), nil),
		items("auction.sold", "挂牌与拍卖成交", "项", "结果已确认或已签约的挂牌和拍卖项目数", sold, nil),
		items("auction.failed", "挂牌与拍卖流拍", "项", "没有成交的挂牌和拍卖项目数",
			db.Where{}.And("x.state = 'failed'"), nil),
		items("auction.amount", "挂牌与拍卖成交额", "分", "结果已确认或已签约的项目应付价款之和", sold,
			func(x Item) int64 { return int64(x.PayFen) }),
	}
}

func itemDims() []measure.Dim {
	return []measure.Dim{
		measure.Days("截止日期", func(from, before clock.Date) db.Where {
			a, b := occasion.Between(from, before)
			return db.Where{}.And("x.closes_us >= $1 AND x.closes_us < $2", a, b)
		}),
		occasion.Text("pricing", "交易方式", func(v string) db.Where { return db.Where{}.And("x.mode = $1", v) }),
		occasion.Text("org", "转让方", func(v string) db.Where { return db.Where{}.And("x.org_now = $1", v) }),
	}
}
