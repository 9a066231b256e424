package homehttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/web"
)

// administers says whether a role keeps the site and sees none of the city's records.
func administers(role authz.Role) bool {
	return role == authz.SysAdmin || role == authz.SecAdmin || role == authz.Auditor
}

// adminHome is the home page of the three administrators: their own work. The first steps are told only
// where nobody sees an organisation yet.
func (h *Handler) adminHome(w http.ResponseWriter, r *http.Request, by authz.Actor) error {
	ctx := r.Context()
	public, err := h.figuresFor(ctx, authz.Actor{})
	if err != nil {
		return err
	}
	p := h.web.Page(r, "首页")
	p.Title = p.Site.Name
	v := homeView{title: p.Site.Name}
	v.lead = i18n.T(ctx, "您以%s的身份登录：这里列出您负责的工作，不列业务数据。",
		i18n.Key(by.EffectiveRole().Title()))
	p.Lead = v.lead
	if v.empty = public.total == 0; v.empty {
		v.steps = firstSteps(ctx)
	}
	var work workView
	for _, fill := range desks[by.EffectiveRole()] {
		if err := fill(h, ctx, by, &work); err != nil {
			return err
		}
	}
	return h.web.Render(w, r, web.View{Page: p, Body: adminPage(v, work)})
}
