// Package matchinghttp holds the pages and operations of search and matching: what is new for
// somebody and why, saved searches, suggestions while typing, and the desk where runs are started and
// weights are trained.
package matchinghttp

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses of the pages.
const (
	Path         = "/matches"
	pathSeen     = Path + "/seen"
	pathLine     = Path + "/line"
	pathPair     = Path + "/pair"
	pathSearches = Path + "/searches"
	pathDesk     = Path + "/desk"
	PathSuggest  = "/market/search"
)

const pageSize = 20

// Handler answers for search and matching.
type Handler struct {
	room  *matching.Service
	web   *web.Server
	clock clock.Clock
	place func(region.Code) string
	has   func(region.Code) bool
	// across is set where a dictionary between languages is used, which wants to be named.
	across bool
}

// Deps is what the door needs beside its room and the frame.
type Deps struct {
	Clock clock.Clock
	Place func(region.Code) string // the name of a place; nil: its code
	// HasPlace says which places there are; nil: any.
	HasPlace func(region.Code) bool
	// Across is set where there is a dictionary between languages.
	Across bool
}

// New returns a handler.
func New(s *matching.Service, w *web.Server, d Deps) *Handler {
	if d.Place == nil {
		d.Place = func(c region.Code) string { return string(c) }
	}
	if d.HasPlace == nil {
		d.HasPlace = func(region.Code) bool { return true }
	}
	return &Handler{s, w, d.Clock, d.Place, d.HasPlace, d.Across}
}

// Routes lists the pages.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: PathSuggest, Access: web.Everyone, Handle: h.suggest,
			UseCases: []string{"matching.Suggest"}},
		{Method: get, Path: Path, Handle: h.list,
			UseCases: []string{"matching.ListMine", "matching.CountMine", "matching.Line"}},
		{Method: post, Path: pathSeen, Handle: h.seen, UseCases: []string{"matching.Seen"}},
		{Method: post, Path: pathLine, Handle: h.setLine, UseCases: []string{"matching.SetLine"}},
		{Method: get, Path: pathPair, Access: web.Everyone, Handle: h.pair,
			UseCases: []string{"matching.Explain"}},
		{Method: post, Path: pathPair + "/{act}", Handle: h.actPair,
			UseCases: []string{"matching.RejectPair", "matching.RestorePair"}},
		{Method: post, Path: Path + "/{id}/{act}", Handle: h.act,
			UseCases: []string{"matching.Reject", "matching.Restore"}},
		{Method: get, Path: pathSearches, Handle: h.searches, UseCases: []string{"matching.ListSaved"}},
		{Method: post, Path: pathSearches, Handle: h.saveSearch,
			UseCases: []string{"matching.SaveSearch"}},
		{Method: post, Path: pathSearches + "/{id}", Handle: h.changeSearch,
			UseCases: []string{"matching.SetNotice", "matching.DropSaved"}},
		{Method: get, Path: pathDesk, Handle: h.desk,
			UseCases: []string{"matching.Runs", "matching.ListWeights", "matching.WordsOf"}},
		{Method: post, Path: pathDesk, Handle: h.postDesk, UseCases: []string{"matching.StartRun",
			"matching.StartLearning", "matching.Train", "matching.Activate", "matching.Rollback"}},
	}
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), web.Actor(r), r.URL.Query()
	f := matching.MineFilter{New: q.Get("new") == "1", Post: q.Get("post")}
	page, err := h.room.ListMine(ctx, by, f, q.Get(web.SortParam), web.PageReq(r, pageSize))
	if err != nil {
		return err
	}
	fresh, err := h.room.CountMine(ctx, by, matching.MineFilter{New: true, Post: f.Post})
	if err != nil {
		return err
	}
	all, err := h.room.CountMine(ctx, by, matching.MineFilter{Post: f.Post})
	if err != nil {
		return err
	}
	line, err := h.room.Line(ctx, by)
	if err != nil {
		return err
	}
	v := h.newList(r, f, page, fresh, all, line)
	return h.web.Render(w, r, web.View{Page: h.web.Page(r, "供需匹配"), Body: h.named(listPage(v)),
		Part: results(v)})
}

// named puts the name of the dictionary between languages, where there is one, below what shows its words.
func (h *Handler) named(body templ.Component) templ.Component {
	if !h.across {
		return body
	}
	return templ.Join(body, markethttp.Attribution())
}

// badForm is what a form that cannot be read deserves.
func badForm(err error) error {
	return fault.New(fault.Invalid, "表单内容不完整，请返回上一页重新提交").Wrap(err)
}

func (h *Handler) seen(w http.ResponseWriter, r *http.Request) error {
	until, _ := strconv.ParseInt(r.PostFormValue("until"), 10, 64) // none is never
	if err := h.room.Seen(r.Context(), web.Actor(r), until); err != nil {
		return err
	}
	return h.web.Redirect(w, r, Path, "已标为看过")
}

func (h *Handler) setLine(w http.ResponseWriter, r *http.Request) error {
	line, err := strconv.Atoi(r.PostFormValue("line"))
	if err != nil {
		return badForm(err)
	}
	if err := h.room.SetLine(r.Context(), web.Actor(r), line); err != nil {
		return err
	}
	return h.web.Redirect(w, r, Path, "已保存")
}

// act rejects a match, or takes that back.
func (h *Handler) act(w http.ResponseWriter, r *http.Request) error {
	matchID := r.PathValue("id")
	switch r.PathValue("act") {
	case "reject":
		in := matching.RejectInput{Class: r.PostFormValue("class"), Text: r.PostFormValue("text")}
		if err := h.room.Reject(r.Context(), web.Actor(r), matchID, in); err != nil {
			return err
		}
		return h.web.Redirect(w, r, Path+"?undo="+url.QueryEscape(matchID), "不再向您显示这条匹配")
	case "restore":
		if err := h.room.Restore(r.Context(), web.Actor(r), matchID); err != nil {
			return err
		}
		return h.web.Redirect(w, r, Path, "已恢复这条匹配")
	}
	return fault.New(fault.NotFound, "没有找到这条记录")
}

// actPair rejects a match that the record of a post shows, or takes that back.
func (h *Handler) actPair(w http.ResponseWriter, r *http.Request) error {
	postID, other := r.PostFormValue("post"), r.PostFormValue("other")
	back := postPath(postID) + "/matches"
	switch r.PathValue("act") {
	case "reject":
		in := matching.RejectInput{Class: r.PostFormValue("class"), Text: r.PostFormValue("text")}
		if err := h.room.RejectPair(r.Context(), web.Actor(r), postID, other, in); err != nil {
			return err
		}
		return h.web.Redirect(w, r, back+"?undo="+url.QueryEscape(other), "不再向您显示这条匹配")
	case "restore":
		if err := h.room.RestorePair(r.Context(), web.Actor(r), postID, other); err != nil {
			return err
		}
		return h.web.Redirect(w, r, back, "已恢复这条匹配")
	}
	return fault.New(fault.NotFound, "没有找到这条记录")
}

var errNoPair = fault.New(fault.NotFound, "这两条信息之间没有可说明的联系")

func (h *Handler) pair(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	m, ok, err := h.room.Explain(r.Context(), web.Actor(r), q.Get("need"), q.Get("offer"))
	if err != nil {
		return err
	}
	if !ok {
		return errNoPair
	}
	p := h.web.Page(r, "为什么匹配")
	return h.web.Render(w, r, web.View{Page: p, Body: h.named(pairPage(newPair(r, m)))})
}

func (h *Handler) searches(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	q, in, err := h.savedOf(v)
	in.Query, in.Notice, in.Name = v.Get("q"), matching.NoticeWeekly, v.Get("q")
	if in.Name == "" {
		in.Name = firstRunes(strings.Join(q.Words(r.Context(), h.place), " "), matching.MaxSavedName)
	}
	return h.showSearches(w, r, q, in, err)
}

// savedOf reads the filter that is to be saved, by the names that the list gives it.
func (h *Handler) savedOf(v url.Values) (markethttp.PostQuery, matching.SavedInput, error) {
	q := markethttp.ReadQuery(v.Get)
	q.Q, q.Sort = "", ""
	f, err := q.Filter(h.has)
	return q, matching.SavedInput{Filter: f}, err
}

func firstRunes(s string, n int) string {
	r := []rune(s)
	return string(r[:min(len(r), n)])
}

func (h *Handler) showSearches(
	w http.ResponseWriter, r *http.Request, q markethttp.PostQuery, in matching.SavedInput, wrong error,
) error {
	list, err := h.room.ListSaved(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	p := h.web.Page(r, "保存的检索")
	p.Crumbs = []ui.Link{{Text: i18n.T(r.Context(), "供需匹配"), Href: Path}, {Text: p.Title}}
	v := web.View{Page: p, Body: searchesPage(h.newSearches(r, list, q, in, wrong))}
	if wrong != nil {
		v.Status = ui.StatusOf(wrong)
	}
	return h.web.Render(w, r, v)
}

func (h *Handler) saveSearch(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	q, in, err := h.savedOf(r.PostForm)
	in.Name, in.Query = r.PostForm.Get("name"), r.PostForm.Get("query")
	in.Notice = r.PostForm.Get("notice")
	if err == nil {
		_, err = h.room.SaveSearch(r.Context(), web.Actor(r), in)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showSearches(w, r, q, in, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathSearches, "已保存")
}

func (h *Handler) changeSearch(w http.ResponseWriter, r *http.Request) error {
	ctx, by, savedID := r.Context(), web.Actor(r), r.PathValue("id")
	var err error
	if r.PostFormValue("drop") == "1" {
		err = h.room.DropSaved(ctx, by, savedID)
	} else {
		err = h.room.SetNotice(ctx, by, savedID, r.PostFormValue("notice"), web.VersionOf(r))
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathSearches, "已保存")
}

func (h *Handler) desk(w http.ResponseWriter, r *http.Request) error {
	runs, err := h.room.Runs(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	sets, err := h.room.ListWeights(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	words, err := h.room.WordsOf(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	v := h.newDesk(r, runs, sets)
	v.lexicon = newLexicon(r.Context(), words)
	return h.web.Render(w, r, web.View{Page: h.web.Page(r, "匹配工作台"), Body: deskPage(v)})
}

func (h *Handler) postDesk(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	switch r.PostFormValue("do") {
	case "run":
		jobID, err := h.room.StartRun(ctx, by)
		if err != nil {
			return err
		}
		return h.web.Redirect(w, r, "/admin/jobs/"+url.PathEscape(jobID), "匹配已开始")
	case "learn":
		jobID, err := h.room.StartLearning(ctx, by)
		if err != nil {
			return err
		}
		return h.web.Redirect(w, r, "/admin/jobs/"+url.PathEscape(jobID), "开始学习领域词")
	case "train":
		if _, err := h.room.Train(ctx, by, r.PostFormValue("key")); err != nil {
			return err
		}
		return h.web.Redirect(w, r, pathDesk, "已训练出一组候选权重")
	case "activate":
		if err := h.room.Activate(ctx, by, r.PostFormValue("id"), web.VersionOf(r)); err != nil {
			return err
		}
		return h.web.Redirect(w, r, pathDesk, "已切换到这组权重")
	case "rollback":
		if err := h.room.Rollback(ctx, by, r.PostFormValue("key")); err != nil {
			return err
		}
		return h.web.Redirect(w, r, pathDesk, "已退回上一组权重")
	}
	return badForm(nil)
}

// suggest answers what somebody types with what it may become: to htmx as options of a list, to
// others as JSON.
func (h *Handler) suggest(w http.ResponseWriter, r *http.Request) error {
	list, err := h.room.Suggest(r.Context(), web.Actor(r), r.URL.Query().Get("q"))
	if err != nil {
		return err
	}
	if r.Header.Get("HX-Request") != "" {
		var opts []ui.Option
		for _, x := range list {
			o := ui.Option{Value: x.Title, Text: x.Title}
			switch x.What {
			case matching.SuggestSynonym:
				o.Hint = i18n.T(r.Context(), "同义词")
			case matching.SuggestPost:
				o.Hint = i18n.T(r.Context(), market.TitleOf(market.Kinds(), string(x.Kind)))
			}
			opts = append(opts, o)
		}
		return h.web.RenderPart(w, r, http.StatusOK, ui.SearchOptions(listID(r), opts))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(append([]matching.Suggestion{}, list...))
}

// listID is the id of the list that options are for, which they take theirs from.
func listID(r *http.Request) string {
	id := r.URL.Query().Get("list")
	for _, c := range id {
		if c != '-' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return "suggestions"
		}
	}
	return id[:min(len(id), 64)]
}
