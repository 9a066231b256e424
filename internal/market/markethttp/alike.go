package markethttp

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// doAnyway is the value of the button that posts what is much like something else.
const doAnyway = "anyway"

// alike are the posts that are much like one about to be written, as links with what is alike.
func (h *Handler) alike(
	ctx context.Context, r *http.Request, d market.PostData, except string,
) ([]ui.Link, error) {
	list, err := h.market.SimilarPosts(ctx, web.Actor(r), market.SimilarTo{Kind: d.Kind,
		Title: d.Title, Text: d.Text, Except: except})
	var out []ui.Link
	for _, x := range list {
		owner := x.Post.OrgName
		if x.Own {
			owner = say(r, "本单位")
		}
		out = append(out, ui.Link{Text: x.Post.Title, Href: postPath(x.Post.ID, ""),
			Note: ui.Words(say(r, "相像 %d%%", x.Percent), owner, stateMark(ctx, x.Post.State).Text)})
	}
	return out, err
}

// alikeBox asks whether a post is not one of those that are there.
func alikeBox(r *http.Request, list []ui.Link) templ.Component {
	return ui.With(ui.Banner(ui.Warn, say(r, "还没有提交：已有很像的供需。确认不是同一件事，再点“仍要提交”。")),
		ui.PlainList(list))
}
