package auction

import (
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Rule says how long notice and publicity take at least, and how late bids extend an auction.
type Rule struct {
	From          clock.Date    `json:"from"`
	NoticeDays    int64         `json:"noticeDays"`    // calendar days from the notice to the first bid
	PublicityDays int64         `json:"publicityDays"` // calendar days of the publicity of the result
	Within        time.Duration `json:"within"`        // a bid in the last so long extends …
	Extend        time.Duration `json:"extend"`        // … to so long after it
	Basis         string        `json:"basis"`
}

// rules are those of listings and of auctions, the newest first. [design] Exchanges publish their own;
// 拍卖法 asks for a notice of at least 7 days before an auction.
var rules = map[bool][]Rule{
	false: {{"2000-01-01", 7, 7, 5 * time.Minute, 5 * time.Minute, "拍卖法 第四十五条：拍卖日七日前发布公告；其余为本系统设计"}},
	true:  {{"2000-01-01", 20, 7, 0, 0, "各技术交易所规则不一，按二十日设定，为本系统设计"}},
}

// RuleAt returns the rule for a mode on a day.
func RuleAt(mode string, day clock.Date) Rule {
	list := rules[mode == Listing]
	for _, r := range list {
		if day >= r.From {
			return r
		}
	}
	return list[len(list)-1]
}
