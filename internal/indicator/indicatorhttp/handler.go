package indicatorhttp

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses.
const (
	pathIndicators   = "/indicators" // of the room of documents
	pathSets         = "/indicator-sets"
	pathDesk         = "/reporting"
	pathReview       = "/reporting/review"
	pathRates        = "/reporting/rates"
	pathDuties       = "/reporting/duties"
	pathLocks        = "/reporting/locks"
	pathObservations = "/observations"
	pathRankings     = "/rankings"
)

// Deps is what the door needs beside its room and the frame.
type Deps struct {
	kit.Deps
	Plan     *plan.Service // says what documents say
	Drafts   *draft.Service
	Measures func() []measure.Measure // what a definition may rest on; nil = none
}

// Handler serves the room of indicators and reporting.
type Handler struct {
	kit.Kit
	room *indicator.Service
	deps Deps
}

// New returns the door of the room.
func New(s *indicator.Service, w *web.Server, d Deps) *Handler {
	return &Handler{kit.Kit{Web: w, Deps: d.Deps}, s, d}
}

// Routes returns the pages of the room.
func (h *Handler) Routes() []web.Route {
	return slices.Concat(h.deskRoutes(), h.valueRoutes(), h.definitionRoutes(), h.setRoutes(),
		h.rankingRoutes(), h.stationRoutes())
}

func (h *Handler) deskRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathDesk, Handle: h.getDesk,
			UseCases: []string{"indicator.Desk", "indicator.WriteDesk", "indicator.ListSets"}},
		{Method: post, Path: pathDesk, Handle: h.postDesk, UseCases: []string{"indicator.Report"}},
		{Method: post, Path: pathDesk + "/draft", Handle: h.postDeskDraft},
		{Method: post, Path: pathDesk + "/discard", Handle: h.postDeskDiscard},
		{Method: get, Path: pathDesk + "/import", Handle: h.getImport},
		{Method: post, Path: pathDesk + "/import", Handle: h.postImport, Upload: true,
			UseCases: []string{"indicator.ImportObservations"}},
		{Method: get, Path: pathReview, Handle: h.getReview,
			UseCases: []string{"indicator.ListObservations"}},
		{Method: post, Path: pathReview, Handle: h.postReview,
			UseCases: []string{"indicator.FireObservations"}},
		{Method: get, Path: pathRates, Handle: h.getRates, UseCases: []string{"indicator.Rates"}},
		{Method: get, Path: pathDuties, Handle: h.getDuties, UseCases: []string{"indicator.ListDuties"}},
		{Method: get, Path: pathDuties + "/new", Handle: h.getDutyNew,
			UseCases: []string{"indicator.InForce", "indicator.ListSets"}},
		{Method: post, Path: pathDuties + "/new", Handle: h.postDutyNew,
			UseCases: []string{"indicator.AssignDuties"}},
		{Method: post, Path: pathDuties + "/close", Handle: h.postDutyClose,
			UseCases: []string{"indicator.CloseDuty"}},
		{Method: get, Path: pathLocks, Handle: h.getLocks, UseCases: []string{"indicator.ListLocks"}},
		{Method: post, Path: pathLocks, Handle: h.postLock, UseCases: []string{"indicator.LockPeriod"}},
		{Method: post, Path: pathLocks + "/{id}/unlock", Handle: h.postUnlock,
			UseCases: []string{"indicator.Unlock"}},
	}
}

func (h *Handler) valueRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathObservations, Handle: h.getObservations, UseCases: []string{
			"indicator.ListObservations", "indicator.CountObservations", "indicator.WriteObservations"}},
		{Method: get, Path: pathObservations + "/from/{statement}", Handle: h.getFrom,
			UseCases: []string{"indicator.DraftFromStatement"}},
		{Method: post, Path: pathObservations + "/from/{statement}", Handle: h.postFrom,
			UseCases: []string{"indicator.Report", "plan.LinkIndicator"}},
		{Method: get, Path: pathObservations + "/{id}", Handle: h.getObservation,
			UseCases: []string{"indicator.GetObservation"}},
		{Method: get, Path: pathObservations + "/{id}/{part}", Handle: h.getObservationPart,
			UseCases: []string{"indicator.GetObservation"}},
		{Method: post, Path: pathObservations + "/{id}/{part}", Handle: h.postObservationPart,
			UseCases: []string{"indicator.FireObservation", "indicator.Correct"}},
	}
}

func (h *Handler) definitionRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	base := pathIndicators + "/{id}/definitions"
	return []web.Route{
		{Method: get, Path: base, Handle: h.getDefinitions,
			UseCases: []string{"indicator.DefinitionsOf", "indicator.ListObservations"}},
		{Method: get, Path: base + "/new", Handle: h.getDefinitionNew,
			UseCases: []string{"indicator.DefinitionsOf"}},
		{Method: post, Path: base + "/new", Handle: h.postDefinitionNew,
			UseCases: []string{"indicator.CreateDefinition"}},
		{Method: get, Path: base + "/{definition}/{part}", Handle: h.getDefinitionPart,
			UseCases: []string{"indicator.DefinitionsOf"}},
		{Method: post, Path: base + "/{definition}/{part}", Handle: h.postDefinitionPart,
			UseCases: []string{"indicator.UpdateDefinition", "indicator.CloseDefinition",
				"indicator.ReopenDefinition"}},
	}
}

func (h *Handler) setRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathSets, Handle: h.getSets,
			UseCases: []string{"indicator.ListSets", "indicator.ShippedSets"}},
		{Method: get, Path: pathSets + "/import", Handle: h.getSetImport},
		{Method: post, Path: pathSets + "/import", Handle: h.postSetImport, Upload: true,
			UseCases: []string{"indicator.ImportSet"}},
		{Method: get, Path: pathSets + "/new", Handle: h.getSetNew},
		{Method: post, Path: pathSets + "/new", Handle: h.postSetNew, UseCases: []string{"indicator.CreateSet"}},
		{Method: get, Path: pathSets + "/{id}", Handle: h.getSet, UseCases: []string{"indicator.GetSet",
			"indicator.WriteSet", "indicator.WriteSetFile"}},
		{Method: get, Path: pathSets + "/{id}/editions", Handle: h.getEditions,
			UseCases: []string{"indicator.ListEditions"}},
		{Method: post, Path: pathSets + "/{id}/editions", Handle: h.postEditions,
			UseCases: []string{"indicator.DraftEdition"}},
		{Method: get, Path: pathSets + "/{id}/compare", Handle: h.getCompare,
			UseCases: []string{"indicator.CompareEditions", "indicator.ListEditions"}},
		{Method: get, Path: pathSets + "/{id}/editions/{n}", Handle: h.getEdition,
			UseCases: []string{"indicator.GetEdition", "indicator.WriteSet", "indicator.WriteSetFile"}},
		{Method: get, Path: pathSets + "/{id}/editions/{n}/{part}", Handle: h.getEditionPart,
			UseCases: []string{"indicator.GetEdition"}},
		{Method: post, Path: pathSets + "/{id}/editions/{n}/{part}", Handle: h.postEditionPart,
			UseCases: []string{"indicator.UpdateDraft", "indicator.PublishEdition", "indicator.DiscardEdition"}},
		{Method: get, Path: pathSets + "/{id}/edit", Handle: h.getSetEdit,
			UseCases: []string{"indicator.GetSet"}},
		{Method: post, Path: pathSets + "/{id}/edit", Handle: h.postSetEdit,
			UseCases: []string{"indicator.UpdateSet"}},
	}
}

func (h *Handler) rankingRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathRankings, Handle: h.getRankings,
			UseCases: []string{"indicator.ListRankings", "indicator.WriteRankings"}},
		{Method: get, Path: pathRankings + "/new", Handle: h.getRankingNew},
		{Method: post, Path: pathRankings + "/new", Handle: h.postRankingNew,
			UseCases: []string{"indicator.CreateRanking"}},
		{Method: get, Path: pathRankings + "/import", Handle: h.getRankingImport},
		{Method: post, Path: pathRankings + "/import", Handle: h.postRankingImport, Upload: true,
			UseCases: []string{"indicator.ImportRankings"}},
		{Method: get, Path: pathRankings + "/{id}", Handle: h.getRanking,
			UseCases: []string{"indicator.GetRanking"}},
		{Method: post, Path: pathRankings + "/{id}", Handle: h.postRanking,
			UseCases: []string{"indicator.UpdateRanking", "indicator.RemoveRanking"}},
	}
}

// options turns a closed list into options, an empty choice before it unless empty is "".
func options(ctx context.Context, empty string, list []plan.Choice) []ui.Option {
	var out []ui.Option
	if empty != "" {
		out = append(out, ui.Option{Text: i18n.T(ctx, empty)})
	}
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title)})
	}
	return out
}

// titled returns the title of a value in the language of ctx, the value itself when it is unknown.
func titled(ctx context.Context, list []plan.Choice, value string) string {
	if title := plan.TitleOf(list, value); title != "" {
		return i18n.T(ctx, title)
	}
	return value
}

// periodText names a period in the language of a request.
func periodText(r *http.Request, p series.Period) string {
	if kit.Lang(r) == i18n.EN {
		return p.EnglishText()
	}
	return p.Text()
}

var tones = map[string]ui.Tone{indicator.Draft: ui.Run, indicator.Submitted: ui.Run,
	indicator.Returned: ui.Warn, indicator.Approved: ui.OK}

// mark is the state of a value, or of a cell that nobody has begun.
func mark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: i18n.T(ctx, indicator.StateTitle(state))}
}

// amount is a value with its qualifier and unit.
func amount(value plan.Decimal, qualifier, unit string) string {
	if value == "" {
		return "—"
	}
	return i18n.Amount(indicator.Shown(value, qualifier), unit)
}

// due shows a deadline; one that has passed while something is to do is bad.
func (h *Handler) due(r *http.Request, us int64) string {
	return i18n.Deadline(kit.Lang(r), clock.Time(us), h.Now())
}

func (h *Handler) today() clock.Date { return clock.DateOf(h.Now()) }

// again says whether a form is shown once more with what is wrong.
func again(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

func absent() error { return fault.New(fault.NotFound, "没有找到这条记录") }

func checked(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// stack sets parts below each other.
func stack(parts ...templ.Component) templ.Component { return ui.With(ui.Stack(), parts...) }

// tab is one page of the reporting room.
type tab struct {
	path, title string
	may         func(authz.Actor) bool
}

// tabs are the pages of the reporting room that an actor may open.
func (h *Handler) tabs(r *http.Request, current string) templ.Component {
	var out []ui.Tab
	for _, t := range []tab{
		{pathDesk, "填报台", func(by authz.Actor) bool {
			return indicator.DutyPolicy.Could(by, indicator.ActDutyRead)
		}},
		{pathReview, "审核", func(by authz.Actor) bool {
			return indicator.ObservationPolicy.Could(by, indicator.ActObservationApprove)
		}},
		{pathObservations, "数值", func(by authz.Actor) bool {
			return indicator.ObservationPolicy.Could(by, indicator.ActObservationRead)
		}},
		{pathRates, "填报情况", func(by authz.Actor) bool {
			return indicator.DutyPolicy.Could(by, indicator.ActDutyRead)
		}},
		{pathDuties, "填报责任", func(by authz.Actor) bool {
			return indicator.DutyPolicy.Could(by, indicator.ActDutyRead)
		}},
		{pathStations, "监测点位", func(by authz.Actor) bool {
			return indicator.StationPolicy.Could(by, indicator.ActStationRead)
		}},
		{pathLocks, "锁定", func(by authz.Actor) bool {
			return indicator.LockPolicy.Could(by, indicator.ActLockRead)
		}},
	} {
		if t.may(web.Actor(r)) {
			out = append(out, ui.Tab{ID: "t-" + t.path[1:], Text: kit.Say(r, t.title), Href: t.path,
				Current: t.path == current})
		}
	}
	return ui.Tabs(kit.Say(r, "指标填报"), out)
}

// mediaTypes are the types of files people take.
var mediaTypes = map[string]string{
	string(sheet.XLSX): "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	string(sheet.CSV):  "text/csv; charset=utf-8", "yaml": "application/yaml",
}

// formatOf checks the name of a file format.
func formatOf(name string) (sheet.Format, error) {
	switch f := sheet.Format(name); f {
	case sheet.XLSX, sheet.CSV:
		return f, nil
	}
	return "", fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
}

// export sends a list as a file.
func (h *Handler) export(
	w http.ResponseWriter, r *http.Request, title, format, filter string,
	write func(indicator.Export, *web.Download) error,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	name := kit.Say(r, title) + "-" + string(h.today()) + "." + string(as)
	out := web.NewDownload(w, name, mediaTypes[string(as)])
	return out.End(write(indicator.Export{Format: as, By: who(r), Filter: filter}, out))
}

// who names the person, the log-in and the role of a request.
func who(r *http.Request) string {
	s := web.SessionOf(r)
	name := s.Name
	if name == "" {
		name = s.Actor.Login
	}
	if s.Actor.Login != "" && s.Actor.Login != name {
		name += " (" + s.Actor.Login + ")"
	}
	return ui.Words(name, kit.Say(r, s.Actor.EffectiveRole().Title()), s.OrgName)
}

// exports are the links to the files of a list.
func exports(r *http.Request) []ui.Link {
	link := func(text, format string) ui.Link {
		return ui.Link{Text: text, Href: web.ListAddress(r, url.Values{"format": {format}})}
	}
	return []ui.Link{link("Excel", "xlsx"), link("CSV", "csv")}
}

// setOptions offers the sets in use.
func (h *Handler) setOptions(r *http.Request, empty string) ([]ui.Option, error) {
	out := []ui.Option{{Text: kit.Say(r, empty)}}
	if !indicator.SetPolicy.Could(web.Actor(r), indicator.ActSetRead) {
		return out, nil
	}
	list, err := h.room.ListSets(r.Context(), web.Actor(r))
	for _, s := range list {
		if !s.Retired && s.Items > 0 {
			out = append(out, ui.Option{Value: s.ID, Text: s.Name})
		}
	}
	return out, err
}

// dayInput asks for a day. A browser takes no wrong day into a date input, and what was typed must not
// be lost, so a wrong one is shown as text.
func dayInput(name, label string, value clock.Date) ui.Input {
	kind := ui.InDate
	if value != "" && !value.Valid() {
		kind = ui.InText
	}
	return ui.Input{Kind: kind, Name: name, Label: label, Value: string(value), Width: ui.W14}
}
