package market

import (
	"cmp"
	"context"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// PostAdvice is what of a post wants a second look, with the evidence asked for its readiness and the dated rule
// that the limits in it are from.
type PostAdvice struct {
	Asks []Ask `json:"asks"`
	// Standard is by which the levels are named, a key of package i18n, in force since StandardFrom, "" where that
	// is not known. The evidence is put together from its levels; it is asked for, not required.
	Standard     string     `json:"standard,omitempty"`
	StandardFrom clock.Date `json:"standardFrom,omitempty"`
	Notes        []Note     `json:"-"`
	RuleName     string     `json:"ruleName"`
	RuleSource   string     `json:"ruleSource"`
	RuleFrom     clock.Date `json:"ruleFrom"`
}

// Advice returns what of a post wants a second look, for its owner, its broker and the bureau.
func (s *Service) Advice(ctx context.Context, by authz.Actor, postID string) (PostAdvice, error) {
	q := s.unit.DB()
	p, err := s.load(ctx, q, by, postID)
	if err != nil {
		return PostAdvice{}, err
	}
	if err := PostPolicy.May(by, ActPostConfirm, p); err != nil {
		return PostAdvice{}, err
	}
	rule, err := ruleAt(ctx, q, p.termsDay())
	if err != nil {
		return PostAdvice{}, err
	}
	out := PostAdvice{Asks: p.Asks(), Notes: p.PostData.Advice(rule.Terms), RuleName: rule.Name,
		RuleSource: rule.Source, RuleFrom: rule.ValidFrom}
	if len(out.Asks) > 0 {
		standard := cmp.Or(p.Standard, generalStandard)
		out.Standard, out.StandardFrom = TitleOf(Standards(), standard), standardFrom[standard]
	}
	return out, nil
}

// Ask is one level of readiness with the evidence that is asked for it.
type Ask struct {
	Level int    `json:"level"`
	Title string `json:"title"` // key of package i18n
	Asks  string `json:"asks"`  // key: what proves it
	Given bool   `json:"given"` // a proof of this level is there
}

// Asks lists the evidence asked for the readiness that an achievement states, from the lowest level
// up. It is asked for, not required: people judge it.
func (d PostData) Asks() []Ask {
	if d.Kind != Achievement {
		return nil
	}
	var out []Ask
	for _, l := range Levels() {
		if l.N > d.TRL {
			break
		}
		a := Ask{Level: l.N, Title: l.Title, Asks: l.Asks}
		for _, p := range d.Proofs {
			a.Given = a.Given || p.Level == l.N
		}
		out = append(out, a)
	}
	return out
}

// Advice says what of a post wants a second look before or while it is in the market, and which rule
// follows from it, with the limits in force. It stops nothing.
func (d PostData) Advice(t Terms) []Note {
	var out []Note
	add := func(field, key string, args ...any) { out = append(out, Note{field, key, args}) }
	if len(d.Parameters) == 0 {
		add("parameters", "没有写技术指标，匹配只能看文字")
	}
	if d.Kind == Need {
		if d.PriceHiFen == 0 {
			add("priceHiFen", "没有写预算，供给方难以判断")
		}
		if d.Deadline == "" {
			add("deadline", "没有写截止日期，到期按时限规则确认")
		}
		return out
	}
	asks := d.Asks()
	if n := len(asks); n > 0 && !asks[n-1].Given {
		add("proofs", "成熟度 %d 级请附证明：%s", d.TRL, i18n.Key(asks[n-1].Asks))
	}
	if d.TRL > 0 {
		add("trl", "成熟度 %d 级，一般进入%s", d.TRL, i18n.Key(Routing(d.TRL)))
	}
	switch d.Pricing {
	case "agreement":
		add("pricing", "协议定价：成果名称和拟交易价格在本单位公示不少于 %d 日，并事先公布异议处理程序",
			t.NoticeDays)
		if d.PriceHiFen == 0 {
			add("priceHiFen", "协议定价的公示须写明拟交易价格")
		}
	case "listing":
		add("pricing", "挂牌交易：按技术交易机构规定的期限公告")
	case "auction":
		add("pricing", "拍卖：依照拍卖法进行")
	case "equity":
		add("pricing", "作价入股：可评估或协议作价，股份或出资比例的奖励不低于 %s%%", strconv.Itoa(t.SharePercent))
	}
	return append(out, d.entitled(t)...)
}

// entitled explains where giving inventors a share stands, and what paying later asks for.
func (d PostData) entitled(t Terms) []Note {
	var out []Note
	switch d.Entitlement {
	case "applied":
		out = append(out, Note{"entitlement", "赋权：单位审核后在单位内公示不少于 %d 日", []any{t.NoticeDays}})
	case "noticed":
		out = append(out, Note{"entitlement", "赋权：公示无异议后签订协议，办理权利人变更登记", nil})
	case "ownership", "use":
		out = append(out, Note{"entitlement", "赋权：单列管理，按协议分配转化收益", nil})
	}
	if d.PayLater {
		out = append(out, Note{"payLater", "先使用后付费：许可期内先免费使用，产生销售后按约定提成，请在合同中写明付费日期", nil})
	}
	return out
}
