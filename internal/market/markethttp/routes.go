package markethttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Routes returns the pages of the market.
func (h *Handler) Routes() []web.Route {
	out := append(h.readRoutes(), h.ownRoutes()...)
	for _, k := range []market.Kind{market.Need, market.Achievement} {
		out = append(out, h.newRoutes(k)...)
	}
	return out
}

func (h *Handler) readRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathMarket, Access: web.Everyone, Handle: h.getMarket,
			UseCases: []string{"market.ListPosts", "market.CountPosts", "market.WritePosts",
				"market.Counters"}},
		{Method: get, Path: pathFeed, Access: web.Everyone, Handle: h.getFeed,
			UseCases: []string{"market.ListPosts"}},
		{Method: get, Path: pathCompare, Access: web.Everyone, Handle: h.getCompare,
			UseCases: []string{"market.GetPost"}},
		{Method: post, Path: pathCompare, Access: web.Everyone, Handle: h.postCompare},
		{Method: get, Path: pathFigures, Access: web.Everyone, Handle: h.getFigures,
			UseCases: []string{"measure.Figure"}},
		{Method: get, Path: pathFigures + "/rows", Access: web.Everyone, Handle: h.getFigureRows,
			UseCases: []string{"measure.Figure", "measure.Rows"}},
		{Method: get, Path: pathPosts + "/{id}", Access: web.Everyone, Handle: h.getPost,
			UseCases: []string{"market.GetPost", "market.Available", "market.Neighbours",
				"market.Advice"}},
		{Method: get, Path: pathPosts + "/{id}/{part}", Access: web.Everyone, Handle: h.getPostPart,
			UseCases: []string{"market.GetPost", "market.Available", "market.Neighbours",
				"market.History", "market.ListPosts", "market.Advice"}},
		{Method: post, Path: pathPosts + "/{id}/{part}", Handle: h.postPostPart,
			UseCases: []string{"market.UpdatePost", "market.FirePost", "market.Advice"}},
	}
}

func (h *Handler) newRoutes(k market.Kind) []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	path := newPath(k)
	return []web.Route{
		{Method: get, Path: path, Handle: h.getNew(k)},
		{Method: post, Path: path, Handle: h.postNew(k),
			UseCases: []string{"market.CreatePost", "market.SimilarPosts"}},
		{Method: post, Path: path + "/{part}", Handle: h.postNewPart(k)},
	}
}

func (h *Handler) ownRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathMine, Handle: h.getMine,
			UseCases: []string{"market.ListPosts", "market.CountPosts"}},
		{Method: post, Path: pathMine, Handle: h.postMine, UseCases: []string{"market.ListPosts",
			"market.ConfirmPosts"}},
		{Method: get, Path: pathImport, Handle: h.getImport},
		{Method: post, Path: pathImport, Handle: h.postImport, Upload: true,
			UseCases: []string{"market.ImportPosts", "market.StartImport"}},
		{Method: get, Path: pathImports + "/{id}", Handle: h.getImportJob,
			UseCases: []string{"market.GetImport"}},
		{Method: get, Path: pathPaste, Handle: h.getPaste},
		{Method: post, Path: pathPaste, Handle: h.postPaste, UseCases: []string{"market.Structure"}},
		{Method: get, Path: pathRules, Handle: h.getRules,
			UseCases: []string{"market.ListFreshRules", "market.FreshRuleAt"}},
		{Method: post, Path: pathRules, Handle: h.postRules, UseCases: []string{"market.AddFreshRule"}},
		{Method: get, Path: pathReview, Handle: h.getReview, UseCases: []string{"market.ListPosts",
			"market.CountPosts", "market.GetPost", "market.Available", "market.SimilarPosts", "market.Advice"}},
		{Method: post, Path: pathReview, Handle: h.postReview, UseCases: []string{"market.FirePost"}},
	}
}
