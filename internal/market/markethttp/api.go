package markethttp

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// PostID asks for one post.
type PostID struct {
	ID string `path:"id" maxLength:"64"`
}

// IfChanged is embedded where an unchanged record need not be sent again.
type IfChanged struct {
	IfNoneMatch string `header:"If-None-Match" doc:"the ETag that the caller has"`
}

// unchanged answers 304 when the caller has this version.
func (n IfChanged) unchanged(version int64) error {
	for tag := range strings.SplitSeq(n.IfNoneMatch, ",") {
		tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
		if tag != "" && `"`+strings.TrimSuffix(tag, "-gz")+`"` == api.ETag(version) {
			return huma.Status304NotModified()
		}
	}
	return nil
}

// PostFormat asks for a file.
type PostFormat struct {
	Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
}

// marketStep is a step of the life cycle of a post as the API shows it.
type marketStep struct {
	Step    string `json:"step"`
	Title   string `json:"title"`
	To      string `json:"to"`
	Allowed bool   `json:"allowed"`
	WhyNot  string `json:"whyNot,omitempty"`
	Reason  bool   `json:"reason" doc:"a reason must be given"`
	DueUs   int64  `json:"dueUs,omitempty" doc:"by when it should be taken, 0 = no limit runs"`
}

// marketEvent is one entry of the history of a post.
type marketEvent struct {
	Seq    int64  `json:"seq"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	AtUs   int64  `json:"atUs"`
	Login  string `json:"login,omitempty"`
	Role   string `json:"role,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Operations adds the operations of the market.
func (h *Handler) Operations(a *api.API) {
	h.reads(a)
	h.writes(a)
	h.ruleOperations(a)
}

// add adds an operation of this room.
func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = "market"
	api.Add(a, op, handle)
}

// postListIn asks for a page of posts.
type postListIn struct {
	PostQuery
	api.Paging
}

func (h *Handler) reads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "market.ListPosts", Method: get, Path: "/market/posts",
		Title: "成果与需求列表", Public: true}, h.apiList)
	add(a, api.Operation{UseCase: "market.CountPosts", Method: get, Path: "/market/posts/count",
		Title: "成果与需求的数量", Public: true},
		func(ctx context.Context, in *PostQuery) (*kit.Body[market.Counts], error) {
			f, err := h.filter(*in)
			if err != nil {
				return nil, err
			}
			return kit.BodyOf(h.market.CountPosts(ctx, api.By(ctx), f))
		})
	add(a, api.Operation{UseCase: "market.WritePosts", Method: get, Path: "/market/posts/export",
		Title: "导出成果与需求", Public: true}, h.apiExport)
	add(a, api.Operation{UseCase: "market.GetPost", Method: get, Path: "/market/posts/{id}",
		Title: "成果或需求", Public: true}, h.apiGet)
	add(a, api.Operation{UseCase: "market.Neighbours", Method: get,
		Path: "/market/posts/{id}/beside", Title: "列表中的上一条和下一条", Public: true}, h.apiBeside)
	add(a, api.Operation{UseCase: "market.Available", Method: get, Path: "/market/posts/{id}/steps",
		Title: "可办理的步骤", Public: true}, h.apiSteps)
	add(a, api.Operation{UseCase: "market.Advice", Method: get, Path: "/market/posts/{id}/advice",
		Title: "登记建议与各级应有的证明"}, h.apiAdvice)
	add(a, api.Operation{UseCase: "market.Counters", Method: get, Path: "/market/counters",
		Title: "市场现况", Public: true},
		func(ctx context.Context, _ *struct{}) (*kit.Body[market.Counters], error) {
			return kit.BodyOf(h.market.Counters(ctx, api.By(ctx)))
		})
	add(a, api.Operation{UseCase: "market.History", Method: get, Path: "/market/posts/{id}/history",
		Title: "办理记录"}, h.apiHistory)
}

func (h *Handler) apiList(
	ctx context.Context, in *postListIn,
) (*kit.Body[api.Page[market.Post]], error) {
	f, err := h.filter(in.PostQuery)
	if err != nil {
		return nil, err
	}
	page, err := h.market.ListPosts(ctx, api.By(ctx), f, in.Sort, in.Req())
	return kit.BodyOf(api.PageOf(page), err)
}

func (h *Handler) apiExport(_ context.Context, in *struct {
	PostQuery
	PostFormat
}) (*api.Stream, error) {
	f, err := h.filter(in.PostQuery)
	if err != nil {
		return nil, err
	}
	return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
		return h.exportPosts(w, r, in.PostQuery, f, in.Format)
	}), nil
}

func (h *Handler) apiGet(ctx context.Context, in *struct {
	PostID
	IfChanged
}) (*kit.Record[market.Post], error) {
	p, err := h.market.GetPost(ctx, api.By(ctx), in.ID)
	if err == nil {
		err = in.unchanged(p.Version)
	}
	return kit.RecordOf(p, p.Version, err)
}

// neighbour is a post beside another.
type neighbour struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// neighbours are the posts beside another in a list.
type neighbours struct {
	Prev *neighbour `json:"prev,omitempty"`
	Next *neighbour `json:"next,omitempty"`
}

func neighboursOf(b db.Beside[market.Post]) neighbours {
	of := func(p *market.Post) *neighbour {
		if p == nil {
			return nil
		}
		return &neighbour{p.ID, p.Title}
	}
	return neighbours{of(b.Prev), of(b.Next)}
}

func (h *Handler) apiBeside(ctx context.Context, in *struct {
	PostID
	PostQuery
}) (*kit.Body[neighbours], error) {
	f, err := h.filter(in.PostQuery)
	if err != nil {
		return nil, err
	}
	found, err := h.market.Neighbours(ctx, api.By(ctx), in.ID, f, in.Sort)
	return kit.BodyOf(neighboursOf(found), err)
}

func stepsOf(ctx context.Context, offers []process.Offer) []marketStep {
	out := []marketStep{}
	for _, s := range offers {
		x := marketStep{Step: s.Step, Title: i18n.T(ctx, s.Title), To: s.To, Allowed: s.Allowed,
			Reason: s.Needs&process.Reason != 0, DueUs: s.DueUs}
		if s.WhyNot != nil {
			x.WhyNot = i18n.Fault(i18n.From(ctx), s.WhyNot)
		}
		out = append(out, x)
	}
	return out
}

func (h *Handler) apiSteps(ctx context.Context, in *PostID) (*kit.Body[[]marketStep], error) {
	offers, err := h.market.Available(ctx, api.By(ctx), in.ID)
	return kit.BodyOf(stepsOf(ctx, offers), err)
}

func (h *Handler) apiHistory(ctx context.Context, in *struct {
	PostID
	Before int64 `query:"before" minimum:"0" doc:"entries before the one of this number; 0 = the newest"`
}) (*kit.Body[[]marketEvent], error) {
	list, err := h.market.History(ctx, api.By(ctx), in.ID, in.Before)
	out := []marketEvent{}
	for _, e := range list {
		out = append(out, marketEvent{Seq: e.Seq, Kind: string(e.Kind), Name: e.Name, From: e.From,
			To: e.To, AtUs: e.AtUs, Login: e.Login, Role: string(e.Role), Reason: e.Reason})
	}
	return kit.BodyOf(out, err)
}

func (h *Handler) writes(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "market.CreatePost", Method: post, Path: "/market/posts",
		Title: "发布成果或需求", Status: http.StatusCreated}, h.apiCreate)
	add(a, api.Operation{UseCase: "market.UpdatePost", Method: http.MethodPut,
		Path: "/market/posts/{id}", Title: "修改成果或需求"}, h.apiUpdate)
	add(a, api.Operation{UseCase: "market.FirePost", Method: post, Path: "/market/posts/{id}/steps",
		Title: "办理步骤"}, h.apiFire)
	add(a, api.Operation{UseCase: "market.ImportPosts", Method: post, Path: "/market/import",
		Title: "导入成果与需求", Maximum: sheet.MaxFileBytes + formMemory,
		Form: append(postTable(), kit.DryRunField)}, h.apiImport)
	add(a, api.Operation{UseCase: "market.StartImport", Method: post, Path: "/market/imports",
		Title: "在后台导入成果与需求", Status: http.StatusAccepted, Maximum: sheet.MaxFileBytes + formMemory,
		Form: postTable()}, h.apiStartImport)
	add(a, api.Operation{UseCase: "market.GetImport", Method: http.MethodGet, Path: "/market/imports/{id}",
		Title: "查看后台导入"}, func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"64"`
	}) (*kit.Body[market.Import], error) {
		return kit.BodyOf(h.market.GetImport(ctx, api.By(ctx), in.ID))
	})
	add(a, api.Operation{UseCase: "market.SimilarPosts", Method: post, Path: "/market/similar",
		Title: "很像的成果或需求"}, h.apiSimilar)
	add(a, api.Operation{UseCase: "market.Structure", Method: post, Path: "/market/structure",
		Title: "从文字读出成果或需求"}, h.apiStructure)
	add(a, api.Operation{UseCase: "market.ConfirmPosts", Method: post, Path: "/market/confirm",
		Title: "批量确认仍有效"}, h.apiConfirm)
}

func (h *Handler) apiCreate(ctx context.Context, in *struct {
	api.Once
	Body market.NewPost
}) (*kit.Record[market.Post], error) {
	in.Body.Key = in.Once.Key
	p, err := h.market.CreatePost(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(p, p.Version, err)
}

func (h *Handler) apiUpdate(ctx context.Context, in *struct {
	PostID
	api.Match
	api.Once
	Body market.PostData
}) (*kit.Record[market.Post], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	p, err := h.market.UpdatePost(ctx, api.By(ctx), market.PostUpdate{ID: in.ID, PostData: in.Body,
		Version: version, Key: in.Key})
	return kit.RecordOf(p, p.Version, err)
}

func (h *Handler) apiFire(ctx context.Context, in *struct {
	PostID
	api.Match
	api.Once
	Body struct {
		Step   string `json:"step"`
		Reason string `json:"reason,omitempty"`
	}
}) (*kit.Record[market.Post], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if in.Body.Step == "" {
		return nil, fault.Fields(fault.At("step", "请选择一项"))
	}
	p, err := h.market.FirePost(ctx, api.By(ctx), market.PostStep{ID: in.ID, Step: in.Body.Step,
		Version: version, Reason: in.Body.Reason, Key: in.Key})
	return kit.RecordOf(p, p.Version, err)
}

// confirmedOut says which posts were confirmed and why others were not.
type confirmedOut struct {
	Done    []string       `json:"done" doc:"ids"`
	Refused []confirmedNot `json:"refused"`
}

// confirmedNot is a post that could not be confirmed.
type confirmedNot struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

func (h *Handler) apiConfirm(ctx context.Context, in *struct {
	Body struct {
		IDs []string `json:"ids"`
	}
}) (*kit.Body[confirmedOut], error) {
	found, err := h.market.ConfirmPosts(ctx, api.By(ctx), in.Body.IDs)
	out := confirmedOut{Done: found.Done, Refused: []confirmedNot{}}
	for _, x := range found.Refused {
		out.Refused = append(out.Refused, confirmedNot{x.ID, i18n.Error(i18n.From(ctx), x.Why)})
	}
	return kit.BodyOf(out, err)
}

func (h *Handler) ruleOperations(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "market.ListFreshRules", Method: get, Path: "/market/rules",
		Title: "时限规则"}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]market.FreshRule], error) {
		list, err := h.market.ListFreshRules(ctx, api.By(ctx))
		return kit.BodyOf(append([]market.FreshRule{}, list...), err)
	})
	add(a, api.Operation{UseCase: "market.FreshRuleAt", Method: get, Path: "/market/rules/at",
		Title: "某一天的时限规则"}, func(ctx context.Context, in *struct {
		Day string `query:"day" doc:"2006-01-02, empty for today"`
	}) (*kit.Body[market.FreshRule], error) {
		if d := clock.Date(in.Day); d != "" && !d.Valid() {
			return nil, fault.Fields(fault.At("day", "日期应写作 2026-11-20"))
		}
		return kit.BodyOf(h.market.FreshRuleAt(ctx, api.By(ctx), clock.Date(in.Day)))
	})
	add(a, api.Operation{UseCase: "market.AddFreshRule", Method: http.MethodPost, Path: "/market/rules",
		Title: "增加时限规则", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body market.FreshRuleData
	}) (*kit.Body[market.FreshRule], error) {
		return kit.BodyOf(h.market.AddFreshRule(ctx, api.By(ctx),
			market.NewFreshRule{FreshRuleData: in.Body, Key: in.Key}))
	})
}

// structureIn is a text to be read.
type structureIn struct {
	Kind string `json:"kind,omitempty" doc:"need or achievement, empty to have it read"`
	Text string `json:"text"`
}

func (h *Handler) apiStructure(ctx context.Context, in *struct {
	Body structureIn
}) (*kit.Body[market.PostDraft], error) {
	d, err := h.market.Structure(ctx, api.By(ctx), market.Kind(in.Body.Kind), in.Body.Text)
	if d.Spans == nil {
		d.Spans = []market.Span{}
	}
	return kit.BodyOf(d, err)
}

func (h *Handler) apiSimilar(ctx context.Context, in *struct {
	Body market.SimilarTo
}) (*kit.Body[[]market.Similar], error) {
	list, err := h.market.SimilarPosts(ctx, api.By(ctx), in.Body)
	return kit.BodyOf(append([]market.Similar{}, list...), err)
}
