package matchinghttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/region"
)

type out[T any] struct{ Body T }

type none struct{}

func outOf[T any](v T, err error) (*out[T], error) {
	if err != nil {
		return nil, err
	}
	return &out[T]{v}, nil
}

// reasonBody is a reason in the language of the request.
type reasonBody struct {
	Kind string `json:"kind" doc:"what it is about: words, meaning, parameter, field, price …"`
	For  bool   `json:"for" doc:"false: it speaks against the match"`
	Text string `json:"text"`
}

func bodiesOf(ctx context.Context, list []matching.Reason) []reasonBody {
	res := []reasonBody{}
	for _, r := range list {
		res = append(res, reasonBody{r.Kind, r.For, r.In(i18n.From(ctx))})
	}
	return res
}

// matchBody is a post that fits another.
type matchBody struct {
	Need     string       `json:"need"`
	Offer    string       `json:"offer"`
	Score    float64      `json:"score" doc:"0 to 1"`
	Reasons  []reasonBody `json:"reasons"`
	Sentence string       `json:"sentence"`
}

func matchOf(ctx context.Context, m matching.Match) matchBody {
	return matchBody{m.Need, m.Offer, m.Score, bodiesOf(ctx, m.Reasons),
		matching.Sentence(i18n.From(ctx), m.Reasons)}
}

type mineBody struct {
	ID     string    `json:"id"`
	Post   string    `json:"post" doc:"the caller's own"`
	Other  string    `json:"other"`
	Title  string    `json:"title" doc:"of the other"`
	MadeUs int64     `json:"madeUs"`
	New    bool      `json:"new"`
	Match  matchBody `json:"match"`
}

type searchIn struct {
	Query  string `query:"q" maxLength:"2000"`
	Kind   string `query:"kind" doc:"need or achievement"`
	Field  string `query:"field"`
	Region string `query:"region" doc:"GB/T 2260, and all inside"`
	All    bool   `query:"all" doc:"also what is not in the market any more"`
	Page   int    `query:"page" minimum:"1" maximum:"100" default:"1"`
}

type hitBody struct {
	ID      string       `json:"id"`
	Score   float64      `json:"score"`
	Reasons []reasonBody `json:"reasons"`
}

type foundBody struct {
	Hits  []hitBody `json:"hits"`
	Total int       `json:"total" doc:"of all pages, at most 200"`
	Page  int       `json:"page"`
	Pages int       `json:"pages"`
}

type textIn struct {
	Text string `query:"q" maxLength:"2000"`
}

type postIn struct {
	ID  string `path:"id" maxLength:"64"`
	Top int    `query:"top" minimum:"1" maximum:"50" default:"10"`
}

type pairIn struct {
	Need  string `query:"need" maxLength:"64"`
	Offer string `query:"offer" maxLength:"64"`
}

type mineIn struct {
	api.Paging
	New  bool   `query:"new" doc:"found since all was said to be seen"`
	Post string `query:"post" maxLength:"64" doc:"of this post of the caller's"`
	Sort string `query:"sort" enum:"newest,score" default:"newest"`
}

type idIn struct {
	ID string `path:"id" maxLength:"64"`
}

type rejectIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body matching.RejectInput
}

// PairID names a match by the post of the caller's and what was found for it. The parameters of an embedded
// struct are read only where its name is exported.
type PairID struct {
	ID    string `path:"id" maxLength:"64" doc:"a post of the caller's"`
	Other string `path:"other" maxLength:"64" doc:"what was found for it"`
}

type pairRejectIn struct {
	PairID
	Body matching.RejectInput
}

type lineIn struct {
	Body struct {
		Line int `json:"line" doc:"in hundredths; 0 is that of the city"`
	}
}

type seenIn struct {
	Body struct {
		UntilUs int64 `json:"untilUs"`
	}
}

type savedIn struct{ Body matching.SavedInput }

type noticeIn struct {
	api.Match
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Notice string `json:"notice"`
	}
}

type activateIn struct {
	api.Match
	ID string `path:"id" maxLength:"64"`
}

type jobBody struct {
	Job string `json:"job" doc:"its progress is an operation of jobs"`
}

func op(name, method, path, title string) api.Operation {
	return api.Operation{UseCase: "matching." + name, Method: method, Path: path, Title: title,
		Tag: "matching"}
}

func public(o api.Operation) api.Operation {
	o.Public = true
	return o
}

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	const get = http.MethodGet
	api.Add(a, public(op("Search", get, "/market/search", "检索技术市场")), h.apiSearch)
	api.Add(a, public(op("Suggest", get, "/market/suggestions", "检索词建议")),
		func(ctx context.Context, in *textIn) (*out[[]matching.Suggestion], error) {
			list, err := h.room.Suggest(ctx, api.By(ctx), in.Text)
			return outOf(append([]matching.Suggestion{}, list...), err)
		})
	api.Add(a, public(op("Matches", get, "/market/posts/{id}/matches", "一条信息的匹配")), h.apiMatches)
	api.Add(a, public(op("Explain", get, "/matches/pair", "说明一对供需为什么匹配")), h.apiPair)
	h.mineOperations(a)
	h.savedOperations(a)
	h.deskOperations(a)
}

func (h *Handler) mineOperations(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	api.Add(a, op("ListMine", get, "/matches", "与我有关的匹配"), h.apiMine)
	api.Add(a, op("CountMine", get, "/matches/count", "与我有关的匹配数"),
		func(ctx context.Context, in *mineIn) (*out[int64], error) {
			return outOf(h.room.CountMine(ctx, api.By(ctx), matching.MineFilter{New: in.New, Post: in.Post}))
		})
	api.Add(a, op("Reject", post, "/matches/{id}/reject", "标为不相关"),
		func(ctx context.Context, in *rejectIn) (*none, error) {
			return nil, h.room.Reject(ctx, api.By(ctx), in.ID, in.Body)
		})
	api.Add(a, op("Restore", post, "/matches/{id}/restore", "撤销不相关"),
		func(ctx context.Context, in *idIn) (*none, error) {
			return nil, h.room.Restore(ctx, api.By(ctx), in.ID)
		})
	api.Add(a, op("RejectPair", post, "/market/posts/{id}/matches/{other}/reject", "把一条信息的匹配标为不相关"),
		func(ctx context.Context, in *pairRejectIn) (*none, error) {
			return nil, h.room.RejectPair(ctx, api.By(ctx), in.ID, in.Other, in.Body)
		})
	api.Add(a, op("RestorePair", post, "/market/posts/{id}/matches/{other}/restore", "撤销一条信息的不相关"),
		func(ctx context.Context, in *PairID) (*none, error) {
			return nil, h.room.RestorePair(ctx, api.By(ctx), in.ID, in.Other)
		})
	api.Add(a, op("Seen", post, "/matches/seen", "标为看过"),
		func(ctx context.Context, in *seenIn) (*none, error) {
			return nil, h.room.Seen(ctx, api.By(ctx), in.Body.UntilUs)
		})
	api.Add(a, op("Line", get, "/matches/line", "查看分数线"),
		func(ctx context.Context, _ *none) (*out[matching.Line], error) {
			return outOf(h.room.Line(ctx, api.By(ctx)))
		})
	api.Add(a, op("SetLine", http.MethodPut, "/matches/line", "设置分数线"),
		func(ctx context.Context, in *lineIn) (*none, error) {
			return nil, h.room.SetLine(ctx, api.By(ctx), in.Body.Line)
		})
}

func (h *Handler) savedOperations(a *api.API) {
	api.Add(a, op("ListSaved", http.MethodGet, "/matches/searches", "查询保存的检索"),
		func(ctx context.Context, _ *none) (*out[[]matching.Saved], error) {
			list, err := h.room.ListSaved(ctx, api.By(ctx))
			return outOf(append([]matching.Saved{}, list...), err)
		})
	api.Add(a, op("SaveSearch", http.MethodPost, "/matches/searches", "保存检索"),
		func(ctx context.Context, in *savedIn) (*out[matching.Saved], error) {
			return outOf(h.room.SaveSearch(ctx, api.By(ctx), in.Body))
		})
	api.Add(a, op("SetNotice", http.MethodPut, "/matches/searches/{id}", "设置检索提醒"),
		func(ctx context.Context, in *noticeIn) (*none, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return nil, h.room.SetNotice(ctx, api.By(ctx), in.ID, in.Body.Notice, version)
		})
	api.Add(a, op("DropSaved", http.MethodDelete, "/matches/searches/{id}", "删除保存的检索"),
		func(ctx context.Context, in *idIn) (*none, error) {
			return nil, h.room.DropSaved(ctx, api.By(ctx), in.ID)
		})
}

func (h *Handler) deskOperations(a *api.API) {
	const get, post = http.MethodGet, http.MethodPost
	api.Add(a, op("Runs", get, "/matches/runs", "查询匹配记录"),
		func(ctx context.Context, _ *none) (*out[[]matching.Run], error) {
			list, err := h.room.Runs(ctx, api.By(ctx))
			return outOf(append([]matching.Run{}, list...), err)
		})
	api.Add(a, op("WordsOf", get, "/matches/lexicon", "查询领域词库"),
		func(ctx context.Context, _ *none) (*out[matching.Lexicon], error) {
			return outOf(h.room.WordsOf(ctx, api.By(ctx)))
		})
	api.Add(a, op("StartLearning", post, "/matches/lexicon", "学习领域词"),
		func(ctx context.Context, _ *none) (*out[jobBody], error) {
			jobID, err := h.room.StartLearning(ctx, api.By(ctx))
			return outOf(jobBody{jobID}, err)
		})
	api.Add(a, op("StartRun", post, "/matches/runs", "启动匹配"),
		func(ctx context.Context, _ *none) (*out[jobBody], error) {
			jobID, err := h.room.StartRun(ctx, api.By(ctx))
			return outOf(jobBody{jobID}, err)
		})
	api.Add(a, op("ListWeights", get, "/matches/weights", "查询权重"),
		func(ctx context.Context, _ *none) (*out[[]matching.Weights], error) {
			list, err := h.room.ListWeights(ctx, api.By(ctx))
			return outOf(append([]matching.Weights{}, list...), err)
		})
	api.Add(a, op("Train", post, "/matches/weights", "训练权重"),
		func(ctx context.Context, in *struct{ api.Once }) (*out[matching.Weights], error) {
			return outOf(h.room.Train(ctx, api.By(ctx), in.Key))
		})
	api.Add(a, op("Activate", post, "/matches/weights/{id}/activate", "启用权重"),
		func(ctx context.Context, in *activateIn) (*none, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return nil, h.room.Activate(ctx, api.By(ctx), in.ID, version)
		})
	api.Add(a, op("Rollback", post, "/matches/weights/rollback", "退回上一组权重"),
		func(ctx context.Context, in *struct{ api.Once }) (*none, error) {
			return nil, h.room.Rollback(ctx, api.By(ctx), in.Key)
		})
}

func (h *Handler) apiSearch(ctx context.Context, in *searchIn) (*out[foundBody], error) {
	found, err := h.room.Search(ctx, api.By(ctx), in.Query, market.PostFilter{Kind: market.Kind(in.Kind),
		Field: in.Field, Region: region.Code(in.Region), Live: !in.All}, in.Page)
	if err != nil {
		return nil, err
	}
	b := foundBody{Hits: []hitBody{}, Total: found.Total, Page: found.Page, Pages: found.Pages}
	for _, x := range found.Hits {
		b.Hits = append(b.Hits, hitBody{x.ID, x.Score, bodiesOf(ctx, x.Reasons)})
	}
	return &out[foundBody]{b}, nil
}

func (h *Handler) apiMatches(ctx context.Context, in *postIn) (*out[[]matchBody], error) {
	list, err := h.room.Matches(ctx, api.By(ctx), in.ID, in.Top)
	if err != nil {
		return nil, err
	}
	b := []matchBody{}
	for _, m := range list {
		b = append(b, matchOf(ctx, m))
	}
	return &out[[]matchBody]{b}, nil
}

func (h *Handler) apiPair(ctx context.Context, in *pairIn) (*out[matchBody], error) {
	m, ok, err := h.room.Explain(ctx, api.By(ctx), in.Need, in.Offer)
	if err == nil && !ok {
		err = errNoPair
	}
	return outOf(matchOf(ctx, m), err)
}

func (h *Handler) apiMine(ctx context.Context, in *mineIn) (*out[api.Page[mineBody]], error) {
	page, err := h.room.ListMine(ctx, api.By(ctx), matching.MineFilter{New: in.New, Post: in.Post}, in.Sort,
		in.Req())
	if err != nil {
		return nil, err
	}
	b := api.Page[mineBody]{Items: []mineBody{}, Next: page.Next, Prev: page.Prev}
	for _, m := range page.Items {
		b.Items = append(b.Items, mineBody{m.ID, m.Own.ID, m.Other.ID, m.Other.Title, m.MadeUs, m.New,
			matchOf(ctx, m.Match)})
	}
	return &out[api.Page[mineBody]]{b}, nil
}
