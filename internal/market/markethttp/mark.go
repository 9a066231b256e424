package markethttp

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// states are the states of posts of a kind as a closed list, of both kinds for "".
func states(k market.Kind) []market.Choice {
	var out []market.Choice
	for _, kind := range []market.Kind{market.Need, market.Achievement} {
		if k != "" && k != kind {
			continue
		}
		for _, s := range market.ProcessOf(kind).Def().States {
			if market.TitleOf(out, s.Name) == "" {
				out = append(out, market.Choice{Value: s.Name, Title: s.Title})
			}
		}
	}
	return out
}

// publicStates are those in which the public can see a post.
var publicStates = []string{market.Published, market.Talking, market.Signed, market.Registered,
	market.Solved, market.Challenged}

// kindMark is the outlined sort of a post before its title.
func kindMark(ctx context.Context, k market.Kind) *ui.State {
	m := ui.State{Text: titled(ctx, market.Kinds(), string(k))}
	if k == market.Need {
		m.Tone = ui.Warn
	}
	return &m
}

// stateMark shows the state of a post.
func stateMark(ctx context.Context, state string) ui.State {
	tone := map[string]ui.Tone{market.Review: ui.Run, market.Returned: ui.Warn,
		market.Noticed: ui.Run, market.Published: ui.OK, market.Talking: ui.Run, market.Signed: ui.OK,
		market.Registered: ui.OK, market.Solved: ui.OK, market.Challenged: ui.Run,
		market.Stale: ui.Warn}[state]
	return ui.State{Tone: tone, Text: titled(ctx, states(""), state)}
}

// soonStale is how long before its end the freshness of a post is worth a warning.
const soonStale = 14 * 24 * time.Hour

// freshMark says how fresh a live post is; false for one that need not be fresh.
func freshMark(ctx context.Context, p market.Post, now time.Time) (ui.State, bool) {
	switch {
	case p.State == market.Stale:
		return ui.State{Tone: ui.Warn, Text: i18n.T(ctx, "到期未确认")}, true
	case !p.Live() || p.ConfirmedUs == 0:
		return ui.State{}, false
	}
	l := i18n.From(ctx)
	mark := ui.State{Tone: ui.OK, Text: i18n.T(ctx, "%s确认有效",
		i18n.Ago(l, clock.Time(p.ConfirmedUs), now))}
	if p.FreshUntil != 0 && clock.Time(p.FreshUntil).Before(now.Add(soonStale)) {
		mark = ui.State{Tone: ui.Warn, Text: i18n.T(ctx, "%s前须重新确认",
			i18n.Date(l, clock.DateOf(clock.Time(p.FreshUntil))))}
	}
	return mark, true
}

// priceText is the price or budget of a post in words: 面议, 50 万元, 50～200 万元.
func priceText(ctx context.Context, p market.PostData) string {
	l := i18n.From(ctx)
	switch {
	case p.PriceLoFen == 0 && p.PriceHiFen == 0:
		return i18n.Negotiable(l)
	case p.PriceLoFen == 0:
		return i18n.T(ctx, "不超过 %s", i18n.Yuan(l, p.PriceHiFen))
	case p.PriceHiFen == 0 || p.PriceLoFen == p.PriceHiFen:
		return i18n.Yuan(l, p.PriceLoFen)
	}
	return i18n.YuanRange(l, p.PriceLoFen, p.PriceHiFen)
}

// priceTerm is what the price of a kind is called.
func priceTerm(k market.Kind) string {
	if k == market.Need {
		return "预算"
	}
	return "意向价"
}

// trlText is the readiness in words: 中试 · 6 级.
func trlText(ctx context.Context, trl int) string {
	if trl <= 0 {
		return ""
	}
	return ui.Words(i18n.T(ctx, market.Routing(trl)), i18n.T(ctx, "%d 级", trl))
}

// trlOf is the readiness with the length of its scale: 中试 · 6 / 9 级.
func trlOf(ctx context.Context, trl int) string {
	if trl > 9 {
		return trlText(ctx, trl)
	}
	return ui.Words(i18n.T(ctx, market.Routing(trl)), i18n.T(ctx, "%d / 9 级", trl))
}

// modesText lists the ways to work together.
func modesText(ctx context.Context, modes []string) string {
	out := ""
	for i, m := range modes {
		if i > 0 {
			out += i18n.T(ctx, "、")
		}
		out += titled(ctx, market.ModeChoices(), m)
	}
	return out
}

// rightsText counts the intellectual property: 发明专利 7 件、软件著作权 2 件.
func rightsText(ctx context.Context, rights []market.Right) string {
	out := ""
	for _, k := range market.RightKinds() {
		n := 0
		for _, x := range rights {
			if x.Kind == k.Value {
				n++
			}
		}
		if n == 0 {
			continue
		}
		if out != "" {
			out += i18n.T(ctx, "、")
		}
		out += i18n.T(ctx, "%s %d 件", i18n.Key(k.Title), n)
	}
	return out
}

// parameterText is the value of a parameter with its operator and unit: ≥ 95 %, 2～5 μm.
func parameterText(ctx context.Context, p market.Parameter) string {
	unit := p.Unit
	if unit != "" {
		unit = " " + unit
	}
	switch p.Op {
	case "range":
		return p.Value + i18n.T(ctx, "～") + p.Top + unit
	case "~":
		return i18n.T(ctx, "约") + " " + p.Value + unit
	}
	return i18n.Sign(p.Op) + p.Value + unit
}
