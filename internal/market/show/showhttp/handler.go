package showhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses.
const (
	pathShows = "/shows"
	pathMine  = "/shows/mine"
	pathDoor  = "/shows/checkin"
)

// Handler serves the room of roadshows.
type Handler struct {
	kit.Kit
	show *show.Service
}

// New returns the door of the room.
func New(s *show.Service, w *web.Server, d kit.Deps) *Handler {
	return &Handler{kit.Kit{Web: w, Deps: d}, s}
}

// Routes returns the pages of the room.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathShows, Access: web.Everyone, Handle: h.getShows,
			UseCases: []string{"show.ListShows", "show.CountShows", "show.WriteShows"}},
		{Method: get, Path: pathShows + "/new", Handle: h.getNew},
		{Method: post, Path: pathShows + "/new", Handle: h.postNew,
			UseCases: []string{"show.CreateShow"}},
		{Method: get, Path: pathMine, Handle: h.getMine,
			UseCases: []string{"show.MyBookings", "show.MyPass"}},
		{Method: get, Path: pathDoor, Handle: h.getDoor, UseCases: []string{"show.PeekPass"}},
		{Method: post, Path: pathDoor, Handle: h.postDoor, UseCases: []string{"show.CheckIn"}},
		{Method: get, Path: pathShows + "/{id}", Access: web.Everyone, Handle: h.getShow,
			UseCases: []string{"show.GetShow"}},
		{Method: get, Path: pathShows + "/{id}/{part}", Access: web.Everyone, Handle: h.getPart,
			UseCases: []string{"show.GetShow", "show.ListSignups", "show.Talks", "show.Participants",
				"show.Interests", "show.Calendar", "show.SlotTemplate", "show.WriteAgenda"}},
		{Method: post, Path: pathShows + "/{id}/{part}", Handle: h.postPart, Upload: true,
			UseCases: []string{"show.UpdateShow", "show.FireShow", "show.AddSlot", "show.UpdateSlot",
				"show.RemoveSlot", "show.AttachPitch", "show.ImportSlots", "show.SignUp", "show.CancelSignup",
				"show.CheckInByHand", "show.AskTalk", "show.AnswerTalk", "show.CancelTalk",
				"show.MarkInterest", "show.SetOutcome", "show.WriteReport", "show.RenewPass"}},
		{Method: get, Path: pathShows + "/{id}/files/{file}", Access: web.Everyone, Handle: h.getFile,
			UseCases: []string{"show.OpenPitch"}},
	}
}

func path(id, tail string) string { return kit.Join(pathShows, id, tail) }

// of reads the event of the address.
func (h *Handler) of(r *http.Request) (show.Detail, error) {
	if !id.Valid(r.PathValue("id")) {
		return show.Detail{}, occasion.Absent()
	}
	return h.show.GetShow(r.Context(), web.Actor(r), r.PathValue("id"))
}

// getPart shows a tab or a form of an event.
func (h *Handler) getPart(w http.ResponseWriter, r *http.Request) error {
	d, err := h.of(r)
	if err != nil {
		return err
	}
	part := r.PathValue("part")
	for _, t := range tabs[1:] {
		if t.name == part {
			return h.showTab(w, r, d, t)
		}
	}
	switch part {
	case "edit":
		return h.getEdit(w, r, d)
	case "slot":
		return h.getSlot(w, r, d)
	case "import":
		return h.getImport(w, r, d)
	case "step":
		return h.askStep(w, r, d, r.FormValue("do"), "", nil)
	case "signup":
		return h.showSignup(w, r, d, show.NewSignup{Key: id.New()}, nil)
	case "talk":
		return h.showTalk(w, r, d, show.NewTalk{To: r.FormValue("to")}, nil)
	case "print":
		return h.printAgenda(w, r, d)
	case "calendar.ics":
		return h.sendCalendar(w, r)
	}
	return occasion.Absent()
}

// postPart does what the forms of an event ask for.
func (h *Handler) postPart(w http.ResponseWriter, r *http.Request) error {
	switch r.PathValue("part") {
	case "pitch":
		return h.postPitch(w, r)
	case "import":
		return h.postImport(w, r)
	}
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	d, err := h.of(r)
	if err != nil {
		return err
	}
	do := map[string]func(http.ResponseWriter, *http.Request, show.Detail) error{
		"edit": h.postEdit, "slot": h.postSlot, "slotdrop": h.postSlotDrop, "step": h.postStep,
		"signup": h.postSignup, "leave": h.postLeave, "check": h.postCheck, "talk": h.postTalk,
		"answer": h.postAnswer, "interest": h.postInterest, "report": h.postReport,
		"outcome": h.postOutcome, "renew": h.postRenew,
	}[r.PathValue("part")]
	if do == nil {
		return occasion.Absent()
	}
	return do(w, r, d)
}

// Tones of the states of an event.
var tones = map[string]ui.Tone{show.Published: ui.Run, show.Open: ui.OK, show.Closed: ui.Warn,
	show.Running: ui.Run, show.Ended: ui.Warn, show.Reported: ui.OK, show.Cancelled: ui.Idle}

func states() []market.Choice { return kit.States(show.Process.Def().States) }

func mark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, states(), state)}
}

// signupStates are the states of a sign-up.
func signupStates() []market.Choice {
	return []market.Choice{{Value: show.Confirmed, Title: "已确认"}, {Value: show.Waiting, Title: "候补"},
		{Value: show.Dropped, Title: "已取消"}}
}

func signupMark(ctx context.Context, g show.Signup) ui.State {
	if g.CheckedUs != 0 {
		return ui.State{Tone: ui.OK, Text: i18n.T(ctx, "已签到")}
	}
	tone := map[string]ui.Tone{show.Confirmed: ui.Run, show.Waiting: ui.Warn}[g.State]
	return ui.State{Tone: tone, Text: kit.Titled(ctx, signupStates(), g.State)}
}

func talkStates() []market.Choice {
	return []market.Choice{{Value: show.TalkAsked, Title: "待答复"},
		{Value: show.TalkAccepted, Title: "已约定"}, {Value: show.TalkDeclined, Title: "已婉拒"},
		{Value: show.TalkCancelled, Title: "已取消"}}
}

func talkMark(ctx context.Context, k show.Talk) ui.State {
	tone := map[string]ui.Tone{show.TalkAsked: ui.Warn, show.TalkAccepted: ui.OK}[k.State]
	return ui.State{Tone: tone, Text: kit.Titled(ctx, talkStates(), k.State)}
}

// again reports whether a fault belongs beside the form it came from.
func again(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }
