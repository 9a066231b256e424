package matchinghttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

const pathPosts = "/market/posts/"

func postPath(id string) string { return pathPosts + url.PathEscape(id) }

type listView struct {
	filters ui.Filters
	bar     ui.ResultBar
	cards   []cardView
	pager   ui.Paging
	seen    *ui.Post
	undo    *ui.Post
	line    ui.FormView
	lines   ui.Input
	empty   string
}

// cardView is a match.
type cardView struct {
	kind    ui.State
	title   string
	href    string
	score   string
	isNew   bool
	own     string // the reader's post it fits, "" where that is plain
	ownHref string
	meta    string
	reasons []reasonView
	ask     *ui.Action  // for an introduction, nil where none can be asked for
	reject  string      // address, "" where nothing can be rejected
	hidden  []ui.Hidden // what is sent there besides
	note    ui.Input
	classes []ui.Action
}

type reasonView struct {
	state ui.State
	text  string
}

func (h *Handler) newList(
	r *http.Request, f matching.MineFilter, page db.Page[matching.Mine], fresh, all int64,
	line matching.Line,
) listView {
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	only := ui.Filter{Kind: ui.FilterCheck, Name: "new", Label: t("只看新的")}
	if f.New {
		only.Value = "1"
	}
	v := listView{empty: t("还没有匹配到")}
	v.filters = ui.Filters{Action: Path, Label: t("筛选匹配"), Fields: []ui.Filter{
		{Name: web.SortParam, Label: t("排序"), Value: r.URL.Query().Get(web.SortParam),
			Options: []ui.Option{{Value: "newest", Text: t("最新")}, {Value: "score", Text: t("匹配度从高到低")}}},
		only}}
	if f.Post != "" {
		v.filters.Hidden = []ui.Hidden{{Name: "post", Value: f.Post}}
	}
	v.bar = ui.ResultBar{Count: i18n.T(ctx, "共 %s 条，新的 %s 条", i18n.Int(all), i18n.Int(fresh))}
	if f != (matching.MineFilter{}) {
		v.bar.Clear = Path
	}
	if fresh > 0 {
		v.seen = &ui.Post{Action: pathSeen, Hidden: []ui.Hidden{{Name: "until",
			Value: strconv.FormatInt(clock.Us(h.clock.Now()), 10)}}, Button: ui.Action{Text: t("全部标为看过")}}
	}
	if undo := r.URL.Query().Get("undo"); undo != "" {
		v.undo = &ui.Post{Action: Path + "/" + url.PathEscape(undo) + "/restore",
			Button: ui.Action{Text: t("撤销刚才的“不相关”")}}
	}
	for _, m := range page.Items {
		v.cards = append(v.cards, h.mineCard(ctx, web.Actor(r), m))
	}
	if page.Next+page.Prev != "" {
		v.pager = web.Paging(r, page.Next, page.Prev, "")
	}
	v.lineForm(ctx, line)
	return v
}

func (v *listView) lineForm(ctx context.Context, line matching.Line) {
	chosen := line.Line
	usual := i18n.T(ctx, "按全市规定")
	v.lines = ui.Input{Kind: ui.InSelect, Name: "line", Label: i18n.T(ctx, "低于多少分的不提醒我"), Width: ui.W14,
		Options: []ui.Option{{Value: "0", Text: usual}}, Value: "0"}
	for _, n := range matching.Lines() {
		v.lines.Options = append(v.lines.Options, ui.Option{Value: strconv.Itoa(n), Text: strconv.Itoa(n)})
	}
	if !line.Usual {
		v.lines.Value = strconv.Itoa(chosen)
	}
	v.line = ui.FormView{ID: "line", Action: pathLine, Plain: true,
		Buttons: []ui.Action{{Text: i18n.T(ctx, "保存分数线")}}}
}

// askFor leads to the request for an introduction with what fits, as its record does.
func askFor(ctx context.Context, by authz.Actor, m *matching.Mine) *ui.Action {
	if !deal.DealPolicy.Could(by, deal.ActDealCreate) || by.Org != "" && by.Org == m.Other.OrgNow {
		return nil
	}
	v := url.Values{"source": {"match"}, "post": {m.Other.ID}, "with": {m.Own.ID}}
	return &ui.Action{Text: i18n.T(ctx, "提出合作意向"), Href: "/deals/new?" + v.Encode(), Small: true,
		Label: i18n.T(ctx, "提出合作意向") + "：" + m.Other.Title}
}

func (h *Handler) mineCard(ctx context.Context, by authz.Actor, m matching.Mine) cardView {
	c := h.card(ctx, &m.Other, &m.Match)
	c.isNew = m.New
	c.own, c.ownHref = m.Own.Title, postPath(m.Own.ID)
	c.ask = askFor(ctx, by, &m)
	c.rejectable(ctx, Path+"/"+url.PathEscape(m.ID)+"/reject", m.ID)
	return c
}

// rejectable lets the reader say why a match is not relevant. id is of its own on the page.
func (c *cardView) rejectable(ctx context.Context, action, id string) {
	c.reject = action
	c.note = ui.Input{Name: "text", ID: "no-" + id, Label: i18n.T(ctx, "补充说明"), Optional: true,
		MaxLen: matching.MaxRejectText}
	for _, x := range matching.Classes() {
		c.classes = append(c.classes, ui.Action{Text: i18n.T(ctx, x.Title), Name: "class", Value: x.Value,
			Small: true})
	}
}

// card shows what fits, as the reader may see it.
func (h *Handler) card(ctx context.Context, p *market.Post, m *matching.Match) cardView {
	c := cardView{title: p.Title, href: postPath(p.ID), score: m.Percent()}
	c.kind = ui.State{Tone: ui.Idle, Text: i18n.T(ctx, market.TitleOf(market.Kinds(), string(p.Kind)))}
	if p.Kind == market.Need {
		c.kind.Tone = ui.Warn
	}
	field := market.TitleOf(market.Fields(), p.Field)
	if field != "" {
		field = i18n.T(ctx, field)
	}
	c.meta = ui.Words(p.Code, p.OrgName, h.place(p.Region), field)
	c.reasons = reasonsOf(ctx, m.Reasons)
	return c
}

func reasonsOf(ctx context.Context, list []matching.Reason) []reasonView {
	var out []reasonView
	for _, good := range []bool{true, false} {
		for _, r := range list {
			if r.For != good {
				continue
			}
			state := ui.State{Tone: ui.OK, Text: i18n.T(ctx, "符合")}
			if !good {
				state = ui.State{Tone: ui.Warn, Text: i18n.T(ctx, "不利")}
			}
			out = append(out, reasonView{state, r.In(i18n.From(ctx))})
		}
	}
	return out
}

func newPair(r *http.Request, m matching.Match) cardView {
	return cardView{score: m.Percent(), reasons: reasonsOf(r.Context(), m.Reasons),
		meta: matching.Sentence(i18n.From(r.Context()), m.Reasons)}
}

type searchesView struct {
	table  ui.Table
	form   ui.FormView
	inputs []ui.Input
	also   string // what of the filter has no input of its own
}

type savedView struct {
	action, version, notice string
	options                 []ui.Option
}

func noticeOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: matching.NoticeDaily, Text: i18n.T(ctx, "每天")},
		{Value: matching.NoticeWeekly, Text: i18n.T(ctx, "每周一")},
		{Value: matching.NoticeNone, Text: i18n.T(ctx, "不提醒")}}
}

func (h *Handler) newSearches(
	r *http.Request, list []matching.Saved, q markethttp.PostQuery, in matching.SavedInput, wrong error,
) searchesView {
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	v := searchesView{table: ui.Table{Caption: t("保存的检索"), Cols: []ui.Column{{Label: t("名称")},
		{Label: t("检索词")}, {Label: t("上次查看")}, {Label: t("提醒")}}}}
	for _, x := range list {
		looked := ui.Cell{Text: "—"}
		if x.LookedUs > 0 {
			looked = ui.AgoCell(ctx, x.LookedUs, h.clock.Now())
		}
		v.table.Rows = append(v.table.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{{Text: x.Name, Href: x.Address()},
			{Text: ui.OrDash(x.Query), Sub: h.filterText(ctx, x)}, looked,
			{Body: savedActions(savedView{pathSearches + "/" + url.PathEscape(x.ID),
				strconv.FormatInt(x.Version, 10), x.Notice, noticeOptions(ctx)})}}})
	}
	kinds := []ui.Option{{Text: t("全部")}}
	for _, c := range market.Kinds() {
		kinds = append(kinds, ui.Option{Value: c.Value, Text: t(c.Title)})
	}
	fields := []ui.Option{{Text: t("全部")}}
	for _, c := range market.Fields() {
		fields = append(fields, ui.Option{Value: c.Value, Text: t(c.Title)})
	}
	v.inputs = []ui.Input{
		{Name: "query", Label: t("检索词"), Value: in.Query, MaxLen: matching.MaxQuery, Optional: true},
		{Name: "name", Label: t("名称"), Value: in.Name, MaxLen: matching.MaxSavedName, Width: ui.W18},
		{Kind: ui.InSelect, Name: "kind", Label: t("类型"), Value: q.Kind, Options: kinds, Width: ui.W14},
		{Kind: ui.InSelect, Name: "field", Label: t("领域"), Value: q.Field, Options: fields, Width: ui.W18},
		{Kind: ui.InRadio, Name: "notice", Label: t("提醒"), Value: in.Notice, Options: noticeOptions(ctx)},
	}
	l := i18n.From(ctx)
	ui.Mark(l, v.inputs, wrong)
	v.form = ui.FormView{Action: pathSearches, Summary: ui.SummaryOf(l, wrong), Plain: true,
		Buttons: []ui.Action{{Text: t("保存检索"), Primary: true}}}
	q.Each(func(name, value string) {
		if name != "kind" && name != "field" {
			v.form.Hidden = append(v.form.Hidden, ui.Hidden{Name: name, Value: value})
		}
	})
	q.Kind, q.Field = "", "" // they have inputs
	v.also = ui.Words(q.Words(ctx, h.place)...)
	return v
}

// filterText names the filter of a saved search.
func (h *Handler) filterText(ctx context.Context, x matching.Saved) string {
	_, query, _ := strings.Cut(x.Address(), "?")
	v, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	q := markethttp.ReadQuery(v.Get)
	q.Q = ""
	return ui.Words(q.Words(ctx, h.place)...)
}

type deskView struct {
	actions    []ui.Post
	runs, sets ui.Table
	lexicon    lexiconView
}

func (h *Handler) newDesk(r *http.Request, runs []matching.Run, sets []matching.Weights) deskView {
	ctx, by := r.Context(), web.Actor(r)
	t := func(s string) string { return i18n.T(ctx, s) }
	var v deskView
	do := func(act authz.Action, what, text string) {
		if matching.DeskPolicy.Could(by, act) {
			v.actions = append(v.actions, ui.Post{Action: pathDesk,
				Hidden: []ui.Hidden{{Name: "do", Value: what}, {Name: "key", Value: id.New()}},
				Button: ui.Action{Text: t(text)}})
		}
	}
	do(matching.ActDeskRun, "run", "立即匹配")
	do(matching.ActDeskTrain, "learn", "学习领域词")
	do(matching.ActDeskTrain, "train", "训练权重")
	do(matching.ActDeskTrain, "rollback", "退回上一组权重")
	v.runs = ui.Table{Caption: t("匹配记录"), Dense: true, Cols: []ui.Column{{Label: t("开始时间")}, {Label: t("状态")},
		{Label: t("已匹配"), Num: true}, {Label: t("新的匹配"), Num: true}, {Label: t("通知的账号"), Num: true}}}
	for _, x := range runs {
		state := ui.State{Tone: ui.OK, Text: t("完成")}
		if x.EndedUs == 0 {
			state = ui.State{Tone: ui.Run, Text: t("未完成")}
		}
		v.runs.Rows = append(v.runs.Rows, ui.Row{ID: x.ID, Cells: []ui.Cell{ui.TimeCell(ctx, x.StartedUs),
			{Status: &state}, {Text: i18n.Int(x.Done) + " / " + i18n.Int(max(x.Total, x.Done))},
			{Text: i18n.Int(x.Found)}, {Text: i18n.Int(x.Told)}}})
	}
	v.sets = ui.Table{Caption: t("权重"), Dense: true, Cols: []ui.Column{{Label: t("版本")}, {Label: t("状态")},
		{Label: t("词语 · 覆盖 · 语义 · 其他")}, {Label: t("供需对"), Num: true}, {Label: t("现用 nDCG@10"), Num: true},
		{Label: t("这一组 nDCG@10"), Num: true}, {Label: t("操作"), Sr: true}}}
	for _, x := range sets {
		v.sets.Rows = append(v.sets.Rows, h.weightsRow(ctx, by, x))
	}
	return v
}

// lexiconView is the edition of learned words in use.
type lexiconView struct{ state, words string }

func newLexicon(ctx context.Context, x matching.Lexicon) lexiconView {
	if x.Number == 0 {
		return lexiconView{}
	}
	return lexiconView{
		state: i18n.T(ctx, "第 %s 版，%s 个词，学自 %s 条供需，%s", i18n.Int(x.Number), i18n.Int(x.Words), i18n.Int(x.Posts),
			i18n.DateTime(i18n.From(ctx), clock.Time(x.MadeUs))),
		words: ui.Words(x.Some...),
	}
}

func (h *Handler) weightsRow(ctx context.Context, by authz.Actor, x matching.Weights) ui.Row {
	state := map[string]ui.State{
		matching.Candidate: {Tone: ui.Warn, Text: i18n.T(ctx, "候选")},
		matching.Active:    {Tone: ui.OK, Text: i18n.T(ctx, "使用中")},
		matching.Retired:   {Tone: ui.Idle, Text: i18n.T(ctx, "不再使用")},
	}[x.State]
	num := func(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }
	set := ui.Words(num(x.Set.Share), num(x.Set.Cover), num(x.Set.Near), num(x.Set.Beside))
	act := ui.Cell{}
	if x.State != matching.Active && x.After >= x.Before &&
		matching.DeskPolicy.Could(by, matching.ActDeskTrain) {
		act.Body = ui.PostButton(ui.Post{Action: pathDesk, Hidden: []ui.Hidden{{Name: "do", Value: "activate"},
			{Name: "id", Value: x.ID}, {Name: "version", Value: strconv.FormatInt(x.Version, 10)}},
			Button: ui.Action{Text: i18n.T(ctx, "启用"), Small: true,
				Label: i18n.T(ctx, "启用第 %d 版权重", x.Number)}})
	}
	return ui.Row{ID: x.ID, Cells: []ui.Cell{{Text: strconv.FormatInt(x.Number, 10)}, {Status: &state},
		{Text: set}, {Text: i18n.Int(x.Pairs)}, {Text: num(x.Before)}, {Text: num(x.After)}, act}}
}
