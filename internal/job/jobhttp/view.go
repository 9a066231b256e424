package jobhttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

var stateTitles = map[job.State]string{
	job.Available: "等待", job.Running: "进行中", job.Retryable: "等待重试",
	job.Done: "完成", job.Discarded: "失败", job.Cancelled: "已取消",
}

var stateTones = map[job.State]ui.Tone{
	job.Available: ui.Idle, job.Running: ui.Run, job.Retryable: ui.Warn,
	job.Done: ui.OK, job.Discarded: ui.Bad, job.Cancelled: ui.Idle,
}

// kindTitles name the kinds for people; a kind without a title is shown as it is.
var kindTitles = map[string]string{
	"job.prune":          "清理已结束的任务",
	"house.files":        "清理不用的文件",
	"house.overdue":      "逾期升级",
	"house.tidy":         "清理过期会话",
	"draft.prune":        "清理旧草稿",
	"system.backup":      "备份",
	"party.import.check": "检查导入文件",
	"party.import.run":   "导入数据",
	"market.import":      "导入成果与需求",
	"demo.grow":          "装入示范数据",
	"matching.run":       "供需匹配",
	"matching.week":      "每周启动匹配",
	"matching.saved":     "查看保存的检索",
	"matching.index":     "重建检索索引",
	"atlas.renew":        "更新创新云图",
	"notify.digest":      "汇总消息邮件",
	"notify.mail":        "发送邮件",
	"notify.prune":       "清理旧消息",
	"auction.tick":       "开始与截止竞价",
	"plan.facts":         "比对文件条目",
	"plan.import.check":  "检查任务导入文件",
	"plan.import.run":    "导入任务",
	"plan.read":          "解析文件",
	"plan.lights":        "更新任务灯色",
	"dispatch.remind":    "提醒调度事项",
	"monitor.findings":   "查找监测发现",
	"monitor.measure":    "计算监测指标",
	"monitor.lights":     "更新指标灯色",
	"assess.remind":      "提醒考核申诉期限",
	"indicator.remind":   "提醒填报指标",
	"studio.study":       "分析指数的敏感性",
	"matching.challenge": "为揭榜需求匹配",
	"market.fresh":       "核对成果与需求的时效",
	"deal.remind":        "提醒交易期限",
}

// KindTitle is what people call a kind of job.
func KindTitle(ctx context.Context, kind string) string {
	if title, ok := kindTitles[kind]; ok {
		return i18n.T(ctx, title)
	}
	return kind
}

func stateOf(ctx context.Context, s job.State) ui.State {
	return ui.State{Tone: stateTones[s], Text: i18n.T(ctx, stateTitles[s])}
}

type listView struct {
	filters ui.Filters
	bar     ui.ResultBar
	table   ui.Table
	pager   ui.Paging
	empty   string
}

func newListView(
	r *http.Request, f job.Filter, page db.Page[job.Job], counts map[job.State]int64,
) listView {
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	var total int64
	choices := []ui.Option{{Text: t("全部")}}
	for _, s := range states {
		total += counts[s]
		choices = append(choices, ui.Option{Value: string(s),
			Text: t(stateTitles[s]) + " " + i18n.Int(counts[s])})
	}
	shown := total
	if f.State != "" {
		shown = counts[f.State]
	}
	mine := ui.Filter{Kind: ui.FilterCheck, Name: "mine", Label: t("只看我发起的")}
	if f.Owner != "" {
		mine.Value = "1"
	}
	v := listView{empty: t("还没有任务")}
	v.filters = ui.Filters{Action: Path, Label: t("筛选任务"), Fields: []ui.Filter{
		{Name: "state", Label: t("状态"), Value: string(f.State), Options: choices},
		{Kind: ui.FilterText, Name: "kind", Label: t("任务类型"), Value: f.Kind,
			Placeholder: "party.import.run"}, mine}}
	v.bar = ui.ResultBar{Count: i18n.T(ctx, "共 %s 个任务", i18n.Int(shown))}
	for _, s := range states {
		if counts[s] > 0 {
			v.bar.Views = append(v.bar.Views, ui.Link{Current: s == f.State,
				Text: t(stateTitles[s]) + " " + i18n.Int(counts[s]),
				Href: web.ListAddress(r, url.Values{"state": {string(s)}})})
		}
	}
	if f != (job.Filter{}) {
		v.bar.Clear, v.empty = Path, t("没有符合条件的任务")
	}
	v.table = table(ctx, page.Items)
	if page.Next+page.Prev != "" {
		v.pager = web.Paging(r, page.Next, page.Prev, v.bar.Count)
	}
	return v
}

func table(ctx context.Context, jobs []job.Job) ui.Table {
	t := func(s string) string { return i18n.T(ctx, s) }
	out := ui.Table{Caption: t("后台任务"), Dense: true, Cols: []ui.Column{
		{Label: t("后台任务")}, {Label: t("状态")}, {Label: t("进度")}, {Label: t("尝试"), Num: true},
		{Label: t("提交时间")}, {Label: t("用时"), Num: true}}}
	for _, j := range jobs {
		state := stateOf(ctx, j.State)
		row := ui.Row{ID: j.ID, Cells: []ui.Cell{
			{Text: KindTitle(ctx, j.Kind), Href: Path + "/" + url.PathEscape(j.ID), Sub: j.Kind},
			{Status: &state}, {Text: progressText(ctx, j)},
			{Text: strconv.FormatInt(j.Attempt, 10) + " / " + strconv.FormatInt(j.MaxAttempts, 10)},
			ui.TimeCell(ctx, j.CreatedUs), {Text: took(ctx, j)}}}
		if j.State == job.Discarded {
			row.Tone = ui.Bad
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// progressText is how far a job is, or why it failed.
func progressText(ctx context.Context, j job.Job) string {
	l := i18n.From(ctx)
	switch {
	case j.State == job.Retryable || j.State == job.Discarded:
		return j.Error.In(l)
	case j.ProgressText.Key != "":
		return j.ProgressText.In(l)
	case j.State == job.Running:
		return strconv.FormatInt(j.Progress, 10) + "%"
	}
	return "—"
}

// took is how long the last attempt lasted, — while there is none that has ended.
func took(ctx context.Context, j job.Job) string {
	if j.StartedUs == 0 || j.FinishedUs == 0 {
		return "—"
	}
	d := time.Duration(j.FinishedUs-j.StartedUs) * time.Microsecond
	if d < time.Minute {
		return i18n.T(ctx, "%s 秒", i18n.Decimal(d.Milliseconds()/100, 1))
	}
	return i18n.T(ctx, "%d 分 %d 秒", int64(d/time.Minute), int64(d%time.Minute/time.Second))
}

type jobView struct {
	title string
	work  ui.Work
	facts []ui.Fact
	error string // details for operators
}

func newJobView(r *http.Request, j job.Job) jobView {
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	v := jobView{title: KindTitle(ctx, j.Kind), error: j.ErrorDetail}
	v.work = ui.Work{ID: j.ID, Title: t("进度"), Percent: int(j.Progress), State: stateOf(ctx, j.State)}
	if s := j.ProgressText; s.Key != "" {
		v.work.Text = s.In(i18n.From(ctx))
	}
	if j.Error.Key != "" && j.State != job.Done {
		v.work.Problems = []string{j.Error.In(i18n.From(ctx))}
	}
	path := Path + "/" + url.PathEscape(j.ID)
	if !j.State.Finished() {
		v.work.Poll = path
		if j.State != job.Running {
			v.work.Percent = -1
		}
		if job.Policy.May(web.Actor(r), job.ActCancel, j) == nil {
			v.work.Result = []ui.Link{{Text: t("取消任务"), Href: path + "/cancel"}}
		}
	}
	at := func(us int64) string { return ui.TimeCell(ctx, us).Text }
	v.facts = []ui.Fact{
		{Term: t("任务类型"), Text: j.Kind, Mono: true}, {Term: t("编号"), CopyID: j.ID},
		{Term: t("发起账号"), Text: j.Owner, Mono: true},
		{Term: t("尝试"), Text: i18n.T(ctx, "第 %d 次，最多 %d 次", j.Attempt, j.MaxAttempts)},
		{Term: t("提交时间"), Text: at(j.CreatedUs)}, {Term: t("开始时间"), Text: at(j.StartedUs)},
		{Term: t("结束时间"), Text: at(j.FinishedUs)}, {Term: t("用时"), Text: took(ctx, j)},
	}
	if !j.State.Finished() && j.State != job.Running {
		v.facts = append(v.facts, ui.Fact{Term: t("不早于"), Text: at(j.RunAtUs)})
	}
	if j.ErrorClass != "" {
		v.facts = append(v.facts, ui.Fact{Term: t("出错类别"), Text: j.ErrorClass, Mono: true})
	}
	return v
}

func (h *Handler) page(r *http.Request, j job.Job) ui.Page {
	p := h.web.Page(r, "后台任务")
	p.Crumbs = []ui.Link{{Text: i18n.T(r.Context(), "后台任务"), Href: Path},
		{Text: KindTitle(r.Context(), j.Kind)}}
	return p
}

func newQuestion(r *http.Request, j job.Job, reason string, wrong error) ui.Question {
	ctx := r.Context()
	l := i18n.From(ctx)
	path := Path + "/" + url.PathEscape(j.ID)
	state := stateOf(ctx, j.State)
	inputs := []ui.Input{{Name: "reason", Label: i18n.T(ctx, "理由"), Value: reason, MaxLen: maxReason,
		Hint: i18n.T(ctx, "理由会写入审计记录")}}
	ui.Mark(l, inputs, wrong)
	return ui.Question{
		Title: i18n.T(ctx, "取消这个任务？"),
		Text:  i18n.T(ctx, "已经做完的部分由任务自己收回；取消后不能恢复，需要时请重新发起。"),
		Facts: []ui.Fact{{Term: i18n.T(ctx, "后台任务"), Text: KindTitle(ctx, j.Kind)},
			{Term: i18n.T(ctx, "状态"), Status: &state},
			{Term: i18n.T(ctx, "提交时间"), Text: ui.TimeCell(ctx, j.CreatedUs).Text}},
		Inputs: inputs,
		Form:   ui.FormView{Action: path + "/cancel", Summary: ui.SummaryOf(l, wrong)},
		Back:   ui.Link{Text: i18n.T(ctx, "不取消，返回"), Href: path},
		Button: ui.Action{Text: i18n.T(ctx, "取消任务"), Danger: true},
	}
}
