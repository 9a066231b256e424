package markethttp

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// said is one thing that is written in a post, in words: for comparing versions and posts.
type said struct{ title, text string }

// written are all things in a post that people write, in the order of its form. What a kind has not
// is empty.
func (h *Handler) written(ctx context.Context, d market.PostData) []said {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	day := func(d clock.Date) string {
		if !d.Valid() {
			return string(d)
		}
		return i18n.Date(i18n.From(ctx), d)
	}
	return []said{
		{t("名称"), d.Title}, {t("介绍"), d.Text}, {t("现有基础"), d.Current},
		{t("需求类型"), titled(ctx, market.NeedKinds(), d.NeedKind)},
		{t("成果类别"), titled(ctx, market.ResultKinds(), d.ResultKind)},
		{t("领域"), titled(ctx, market.Fields(), d.Field)},
		{t("价格或预算"), priceText(ctx, d)}, {t("合作方式"), modesText(ctx, d.Modes)},
		{t("定价方式"), titled(ctx, market.Pricings(), d.Pricing)},
		{t("成熟度"), trlText(ctx, d.TRL)}, {t("成熟度的证明"), proofsText(ctx, d.Proofs)},
		{t("指标"), parametersText(ctx, d.Parameters)},
		{t("知识产权"), rightsList(ctx, d.Rights)},
		{t("所在地区"), h.placeName(d.Region)}, {t("希望何时解决"), day(d.Deadline)},
		{t("所在产业链"), d.Chain}, {t("六新"), titled(ctx, market.SixNews(), d.SixNew)},
		{t("关键词"), strings.Join(d.Keywords, t("、"))}, {t("配套服务"), d.Service},
		{t("职务科技成果赋权"), titled(ctx, market.Entitlements(), d.Entitlement)},
		{t("公示期"), ui.Words(day(d.NoticeFrom), day(d.NoticeTo))},
		{t("科学价值"), d.Values.Science}, {t("技术价值"), d.Values.Technology},
		{t("经济价值"), d.Values.Economy}, {t("社会价值"), d.Values.Society},
		{t("文化价值"), d.Values.Culture},
		{t("公开级别"), titled(ctx, market.Visibilities(), string(d.Visibility))},
		{t("联系方式"), ui.Words(d.Contact, d.ContactPhone, d.ContactMail)},
	}
}

func parametersText(ctx context.Context, list []market.Parameter) string {
	var out []string
	for _, p := range list {
		out = append(out, p.Name+" "+parameterText(ctx, p))
	}
	return strings.Join(out, "\n")
}

func proofsText(ctx context.Context, list []market.Proof) string {
	var out []string
	for _, p := range list {
		out = append(out, i18n.T(ctx, "%d 级", p.Level)+" "+p.Text)
	}
	return strings.Join(out, "\n")
}

func rightsList(ctx context.Context, list []market.Right) string {
	var out []string
	for _, x := range list {
		out = append(out, ui.Words(titled(ctx, market.RightKinds(), x.Kind), x.Title, x.Number,
			titled(ctx, market.RightStates(), x.State)))
	}
	return strings.Join(out, "\n")
}

// showStale shows both versions after somebody else was faster.
func (h *Handler) showStale(
	w http.ResponseWriter, r *http.Request, p market.Post, f postForm,
) error {
	ctx := r.Context()
	s := ui.Stale{
		Title: say(r, "您填写时，这条记录在 %s 被修改过", i18n.DateTime(lang(r), clock.Time(p.UpdatedUs))),
		Lead:  say(r, "您的内容还没有保存。请比较两个版本，再决定保留哪一个。"),
		Post:  along(r, postPath(p.ID, "edit")), Reload: along(r, postPath(p.ID, "")),
		Hidden: hidden(typed(r.PostForm), p.Version, f.key),
	}
	theirs, mine := h.written(ctx, p.PostData), h.written(ctx, f.data)
	for i, x := range theirs {
		if mine[i].text != x.text {
			s.Fields = append(s.Fields, ui.StaleField{Label: x.title, Theirs: x.text, Mine: mine[i].text})
		}
	}
	body := templ.Join(ui.PageHead(ui.Head{Title: say(r, "修改"), Lead: p.Title}), ui.Diff(s))
	return h.web.Render(w, r, web.View{Status: http.StatusConflict, Page: h.postPage(r, p, "修改"),
		Body: body})
}

// hidden carries a form over to the next page, with the version it is based on now.
func hidden(v url.Values, version int64, key string) []ui.Hidden {
	out := []ui.Hidden{{Name: "version", Value: strconv.FormatInt(version, 10)},
		{Name: "key", Value: key}}
	for _, name := range sortedKeys(v) {
		for _, value := range v[name] {
			out = append(out, ui.Hidden{Name: name, Value: value})
		}
	}
	return out
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
