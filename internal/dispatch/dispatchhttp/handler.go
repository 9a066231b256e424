package dispatchhttp

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses.
const (
	pathMeetings  = "/dispatch"
	pathSeries    = "/dispatch/series"
	pathDecisions = "/dispatch/decisions"
	pathRules     = "/dispatch/rules"
	pathLetters   = "/letters"
	pathSuggest   = "/letters/suggest"
)

// Handler serves the room.
type Handler struct {
	kit.Kit
	dispatch *dispatch.Service
	plan     *plan.Service
}

// New returns the door of the room. The ledgers of p are those a series can look at.
func New(s *dispatch.Service, p *plan.Service, w *web.Server, d kit.Deps) *Handler {
	return &Handler{kit.Kit{Web: w, Deps: d}, s, p}
}

// Routes returns the pages of the room.
func (h *Handler) Routes() []web.Route {
	return slices.Concat(h.meetingRoutes(), h.letterRoutes())
}

func (h *Handler) meetingRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathMeetings, Handle: h.getMeetings,
			UseCases: []string{"dispatch.ListMeetings", "dispatch.CountMeetings"}},
		{Method: get, Path: pathMeetings + "/new", Handle: h.getNew,
			UseCases: []string{"dispatch.DraftMeeting", "dispatch.ListSeries"}},
		{Method: post, Path: pathMeetings + "/new", Handle: h.postNew,
			UseCases: []string{"dispatch.CreateMeeting"}},
		{Method: get, Path: pathSeries, Handle: h.getSeriesList, UseCases: []string{"dispatch.ListSeries"}},
		{Method: get, Path: pathSeries + "/new", Handle: h.getSeriesNew},
		{Method: post, Path: pathSeries + "/new", Handle: h.postSeriesNew,
			UseCases: []string{"dispatch.CreateSeries"}},
		{Method: get, Path: pathSeries + "/{id}", Handle: h.getSeries,
			UseCases: []string{"dispatch.GetSeries", "dispatch.ListMeetings"}},
		{Method: get, Path: pathSeries + "/{id}/edit", Handle: h.getSeriesEdit,
			UseCases: []string{"dispatch.GetSeries"}},
		{Method: post, Path: pathSeries + "/{id}/edit", Handle: h.postSeriesEdit,
			UseCases: []string{"dispatch.UpdateSeries"}},
		{Method: get, Path: pathDecisions, Handle: h.getDecisions, UseCases: []string{"dispatch.ListDecisions",
			"dispatch.CountDecisions", "dispatch.WriteDecisions"}},
		{Method: get, Path: pathRules, Handle: h.getRules, UseCases: []string{"dispatch.ListRules"}},
		{Method: post, Path: pathRules, Handle: h.postRules, UseCases: []string{"dispatch.AddRule"}},
		{Method: get, Path: pathMeetings + "/{id}", Handle: h.getMeeting,
			UseCases: []string{"dispatch.GetMeeting"}},
		{Method: get, Path: pathMeetings + "/{id}/{part}", Handle: h.getPart,
			UseCases: []string{"dispatch.GetMeeting", "dispatch.FollowUps", "dispatch.Outcomes",
				"dispatch.PackPaper", "dispatch.MinutesPaper", "dispatch.WriteAgenda"}},
		{Method: post, Path: pathMeetings + "/{id}/{part}", Handle: h.postPart,
			UseCases: []string{"dispatch.UpdateMeeting", "dispatch.FireMeeting", "dispatch.ProposeAgenda",
				"dispatch.AddItem", "dispatch.UpdateItem", "dispatch.DropItem", "dispatch.MoveItem",
				"dispatch.AddDecision", "dispatch.RemoveDecision", "dispatch.SettleDecision",
				"dispatch.WriteMinutes"}},
	}
}

func (h *Handler) letterRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathLetters, Handle: h.getLetters, UseCases: []string{"dispatch.ListLetters",
			"dispatch.CountLetters", "dispatch.WriteLetters"}},
		{Method: get, Path: pathSuggest, Handle: h.getSuggest, UseCases: []string{"dispatch.SuggestLetters"}},
		{Method: get, Path: pathLetters + "/new", Handle: h.getLetterNew,
			UseCases: []string{"dispatch.DraftLetter"}},
		{Method: post, Path: pathLetters + "/new", Handle: h.postLetterNew,
			UseCases: []string{"dispatch.CreateLetter"}},
		{Method: get, Path: pathLetters + "/{id}", Handle: h.getLetter,
			UseCases: []string{"dispatch.GetLetter"}},
		{Method: get, Path: pathLetters + "/{id}/{part}", Handle: h.getLetterPart,
			UseCases: []string{"dispatch.GetLetter", "dispatch.LetterPaper"}},
		{Method: post, Path: pathLetters + "/{id}/{part}", Handle: h.postLetterPart, Upload: true,
			UseCases: []string{"dispatch.UpdateLetter", "dispatch.FireLetter"}},
		{Method: get, Path: pathLetters + "/{id}/files/{file}", Handle: h.getReplyFile,
			UseCases: []string{"dispatch.OpenReply"}},
	}
}

func path(id, tail string) string       { return kit.Join(pathMeetings, id, tail) }
func seriesPath(id, tail string) string { return kit.Join(pathSeries, id, tail) }
func letterPath(id, tail string) string { return kit.Join(pathLetters, id, tail) }

// choices turns the closed lists of the plan's rooms into those of the kit.
func choices(list []plan.Choice) []market.Choice {
	out := make([]market.Choice, len(list))
	for i, c := range list {
		out[i] = market.Choice(c)
	}
	return out
}

// tones of the states of meetings and letters.
var tones = map[string]ui.Tone{
	dispatch.Preparing: ui.Idle, dispatch.Notified: ui.Run, dispatch.Held: ui.Warn, dispatch.Drafted: ui.Warn,
	dispatch.Issued: ui.OK, dispatch.Cancelled: ui.Idle,
	dispatch.LetterDraft: ui.Idle, dispatch.LetterSigned: ui.Run, dispatch.LetterDelivered: ui.Warn,
	dispatch.LetterReplied: ui.Run, dispatch.LetterClosed: ui.OK, dispatch.LetterWithdrawn: ui.Idle,
}

func meetingStates() []market.Choice { return kit.States(dispatch.MeetingProcess.Def().States) }

func letterStates() []market.Choice { return kit.States(dispatch.LetterProcess.Def().States) }

func meetingMark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, meetingStates(), state)}
}

func letterMark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, letterStates(), state)}
}

// lightMark shows a light, nil for none.
func lightMark(ctx context.Context, c plan.Colour) *ui.State {
	if c == "" {
		return nil
	}
	tone := map[plan.Colour]ui.Tone{plan.Red: ui.Bad, plan.Yellow: ui.Warn, plan.Green: ui.OK,
		plan.Blue: ui.OK}[c]
	return &ui.State{Tone: tone, Text: kit.Titled(ctx, choices(plan.Colours()), string(c))}
}

// notes are the reasons of something in the language of ctx.
func notes(ctx context.Context, list []plan.Note) []string {
	var out []string
	for _, n := range list {
		out = append(out, n.In(i18n.From(ctx)))
	}
	return out
}

// again reports whether a fault belongs beside the form it came from.
func again(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

// offered says whether a step is offered to whoever looks.
func offered(list []process.Offer, step string) bool {
	return slices.ContainsFunc(list, func(o process.Offer) bool { return o.Step == step && o.Allowed })
}

// members is a pick list of several organisations as a form sends it.
type members struct {
	ids  []string
	text string // in its box
}

// readMembers reads the pick list of members, and what was typed instead of picked.
func (h *Handler) readMembers(
	ctx context.Context, by authz.Actor, v url.Values, f *occasion.Faults,
) (members, error) {
	m := members{}
	for _, x := range v["members"] {
		if x != "" && x != v.Get("drop_members") && !slices.Contains(m.ids, x) {
			m.ids = append(m.ids, x)
		}
	}
	p := kit.Pick{Name: "members", Text: strings.TrimSpace(v.Get("members_q"))}
	if kit.Dropped(v, "members") {
		m.text = p.Text
		return m, nil
	}
	if err := h.FindOrg(ctx, by, &p, f); err != nil {
		return m, err
	}
	if p.Value != "" && !slices.Contains(m.ids, p.Value) {
		m.ids = append(m.ids, p.Value)
	}
	m.text = p.Text
	return m, nil
}

// membersCombo draws the pick list of members.
func (h *Handler) membersCombo(r *http.Request, m members, err error) ui.Combo {
	c := ui.Combo{Input: ui.Input{Name: "members", Label: kit.Say(r, "参会单位"), Value: m.text,
		Hint: kit.Say(r, "输入名称的一部分，再选择；可选多个"), Err: kit.ErrAt(kit.Lang(r), err, "members")},
		Source: "/pick/org", Many: true}
	for _, orgID := range m.ids {
		c.Picked = append(c.Picked, ui.Option{Value: orgID, Text: h.OrgName(r.Context(), web.Actor(r), orgID)})
	}
	return c
}

// ledgerOptions offers the ledgers, with an empty choice first.
func (h *Handler) ledgerOptions(ctx context.Context, by authz.Actor, empty string) ([]ui.Option, error) {
	books, err := h.plan.ListLedgers(ctx, by)
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Text: i18n.T(ctx, empty)}}
	for _, g := range books {
		out = append(out, ui.Option{Value: g.ID, Text: g.Name})
	}
	return out, nil
}

// deadline shows a deadline with what is left of it, — for none.
func (h *Handler) deadline(r *http.Request, us int64) string {
	if us == 0 {
		return ui.OrDash("")
	}
	return i18n.Deadline(kit.Lang(r), clock.Time(us), h.Now())
}
