package show

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// Measures are the numbers of this room. What somebody counts is what they may read.
func (s *Service) Measures() []measure.Measure {
	events := func(name, title, unit, definition string, value func(Show) int64) measure.Measure {
		return occasion.Counted[Show]{Name: name, Title: title, Unit: unit, Definition: definition, List: list,
			Scan:  scanShow,
			Scope: func(by authz.Actor) db.Where { return Policy.Scope(by, ActRead) },
			Of:    db.Where{}.And("s.state IN ('running', 'ended', 'reported')"), Dims: eventDims(), Value: value,
			Row: func(x Show) measure.Row {
				return measure.Row{ID: x.ID, Title: x.Code + " " + x.Title, Href: "/shows/" + x.ID}
			}}.Measure()
	}
	return []measure.Measure{
		events("show.held", "举办的路演与对接会", "场", "已开始或已结束的路演与对接会场数，不含取消的", nil),
		events("show.guests", "路演与对接会参加人数", "人", "已开始或已结束的活动中报名成功的人数之和，不含候补和取消的",
			func(x Show) int64 { return x.Taken }),
		events("show.pitches", "路演与对接会议程环节", "个", "已开始或已结束的活动的议程环节数之和",
			func(x Show) int64 { return x.slots }),
	}
}

func eventDims() []measure.Dim {
	return []measure.Dim{
		measure.Days("举办日期", func(from, before clock.Date) db.Where {
			a, b := occasion.Between(from, before)
			return db.Where{}.And("s.starts_us >= $1 AND s.starts_us < $2", a, b)
		}),
		occasion.Text("region", "所在地区", func(v string) db.Where { return db.Where{}.And("s.region = $1", v) }),
		occasion.Text("event", "活动类型", func(v string) db.Where { return db.Where{}.And("s.kind = $1", v) }),
		occasion.Text("org", "主办单位", func(v string) db.Where { return db.Where{}.And("s.org_now = $1", v) }),
	}
}
