package dispatch

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// Pack, minutes and letters are plain documents: the page shows them with their links, the print page
// and the Word file without.

// ordinal numbers the headings of a paper: 一, 十二 in Chinese, 12 in English.
func ordinal(ctx context.Context, n int) string {
	if i18n.From(ctx) != i18n.ZH || n < 1 || n > 99 {
		return strconv.Itoa(n)
	}
	ten := string(digits[10])
	switch {
	case n <= 10:
		return string(digits[n])
	case n < 20:
		return ten + string(digits[n-10])
	case n%10 == 0:
		return string(digits[n/10]) + ten
	}
	return string(digits[n/10]) + ten + string(digits[n%10])
}

// paper puts a document together in the language of its context.
type paper struct {
	ctx context.Context
	doc docx.Document
}

func (p *paper) say(key string, args ...any) string { return i18n.T(p.ctx, key, args...) }

func (p *paper) add(blocks ...docx.Block) { p.doc.Blocks = append(p.doc.Blocks, blocks...) }

// line adds a paragraph "term: value" unless there is no value.
func (p *paper) line(term string, value ...docx.Run) {
	var text strings.Builder
	for _, r := range value {
		text.WriteString(r.Text)
	}
	if text.Len() > 0 {
		p.add(docx.Text(append([]docx.Run{{Text: p.say("%s：", term), Bold: true}}, value...)...))
	}
}

// part adds a heading of the first level with the next number.
func (p *paper) part(n *int, title string) {
	*n++
	p.add(docx.Heading(1, p.say("%s、%s", ordinal(p.ctx, *n), title)))
}

func (p *paper) moment(us int64) string {
	if us == 0 {
		return ""
	}
	return i18n.DateTime(i18n.From(p.ctx), clock.Time(us))
}

// due is a deadline in a table. One at the end of a day is its day.
func (p *paper) due(us int64) string {
	if us == 0 {
		return "—"
	}
	return p.moment(us)
}

// light names a colour.
func (p *paper) light(c plan.Colour) string {
	if title := plan.TitleOf(plan.Colours(), string(c)); title != "" {
		return p.say(title)
	}
	return "—"
}

// reasons are the reasons of an item in the language of the paper.
func (p *paper) reasons(list []plan.Note) string {
	var out []string
	for _, n := range list {
		out = append(out, n.In(i18n.From(p.ctx)))
	}
	return strings.Join(out, p.say("；"))
}

func unitNames(list []Unit, between string) string {
	names := make([]string, len(list))
	for i, u := range list {
		names[i] = u.Name
	}
	return strings.Join(names, between)
}

// head says when, where and who.
func (p *paper) head(m Meeting) {
	p.line(p.say("时间"), docx.Run{Text: p.say("%s 至 %s", p.moment(m.StartsUs), p.moment(m.EndsUs))})
	p.line(p.say("地点"), docx.Run{Text: m.Place})
	p.line(p.say("主持人"), docx.Run{Text: m.Chair})
	p.line(p.say("召集单位"), docx.Run{Text: m.HostName})
	p.line(p.say("参会单位"), docx.Run{Text: unitNames(m.Units, p.say("、"))})
}

// PackPaper returns the pack of a meeting (会议材料): its agenda, what became of the decisions before, the
// numbers behind lights, what the ledger says about each item, and the letters under way. Every number in
// it has a link.
func (s *Service) PackPaper(
	ctx context.Context, by authz.Actor, meetingID string,
) (docx.Document, error) {
	d, err := s.GetMeeting(ctx, by, meetingID)
	if err != nil {
		return docx.Document{}, err
	}
	before, err := s.FollowUps(ctx, by, meetingID)
	if err != nil {
		return docx.Document{}, err
	}
	p := &paper{ctx: ctx}
	p.doc.Title, p.doc.Subject = p.say("%s 会议材料", d.Title), d.SeriesName
	p.doc.Issuer = d.HostName
	p.doc.Date = i18n.DateLong(i18n.From(ctx), s.today())
	p.head(d.Meeting)
	n := 0
	p.part(&n, p.say("议程"))
	p.agenda(d)
	if len(before) > 0 {
		p.part(&n, p.say("前次决议落实情况"))
		p.add(docx.Text(docx.Run{Text: p.say("截至 %s。", p.moment(s.nowUs()))}))
		p.outcomes(before)
	}
	lights, err := s.lightsOf(ctx, by, d)
	if err != nil {
		return docx.Document{}, err
	}
	if len(lights) > 0 {
		p.part(&n, p.say("指标亮灯"))
		p.lit(lights, d)
	}
	p.part(&n, p.say("议题材料"))
	if err := s.materials(ctx, by, p, d, lights); err != nil {
		return docx.Document{}, err
	}
	return p.doc, s.underWay(ctx, by, p, &n, d.Meeting)
}

func (p *paper) agenda(d MeetingDetail) {
	t := docx.Table{Head: []string{p.say("序号"), p.say("议题"), p.say("汇报单位"), p.say("时长（分钟）")},
		Widths: []int{8, 50, 28, 14}}
	var sum int64
	for i, x := range d.Kept() {
		sum += x.Minutes
		t.Rows = append(t.Rows, []docx.Run{{Text: strconv.Itoa(i + 1)}, {Text: x.Title, Href: x.Href},
			{Text: dash(join(x.OrgName, x.Speaker))}, {Text: i18n.Int(x.Minutes)}})
	}
	t.Rows = append(t.Rows, []docx.Run{{}, {Text: p.say("合计")}, {}, {Text: i18n.Int(sum)}})
	p.add(docx.Block{Table: &t})
}

func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func join(parts ...string) string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}

// outcomes are decisions with what became of them.
func (p *paper) outcomes(list []FollowUp) {
	t := docx.Table{Head: []string{p.say("决议"), p.say("责任单位"), p.say("时限"), p.say("进展"), p.say("亮灯")},
		Widths: []int{42, 20, 16, 12, 10}}
	for _, u := range list {
		row := []docx.Run{{Text: u.Text, Href: "/dispatch/" + u.Meeting + "/decisions"},
			{Text: dash(u.OrgName)}, {Text: p.due(u.DueUs)}, {Text: p.progress(u)}, {Text: "—"}}
		if u.Task != nil {
			row[2].Text = p.due(u.Task.DueUs)
			row[3].Href, row[4] = "/tasks/"+u.Task.ID, docx.Run{Text: p.light(u.Task.Light.Colour),
				Href: "/tasks/" + u.Task.ID}
		}
		t.Rows = append(t.Rows, row)
	}
	p.add(docx.Block{Table: &t})
}

// progress says in a word how far a decision is.
func (p *paper) progress(u FollowUp) string {
	switch {
	case u.Kind == KindNote:
		return p.say("通报知悉")
	case u.Task != nil && !u.Done:
		return plan.PercentText(u.Task.ProgressBp) + "%"
	case u.Done:
		return p.say("已办结")
	case u.Late:
		return p.say("已逾期")
	}
	return p.say("未办结")
}

// materials say about each item what the ledger knows.
func (s *Service) materials(
	ctx context.Context, by authz.Actor, p *paper, d MeetingDetail, lights []Light,
) error {
	var ids []string
	for _, x := range d.Kept() {
		if x.task() != "" {
			ids = append(ids, x.task())
		}
	}
	tasks, err := s.opt.Plan.TasksByID(ctx, by, ids)
	if err != nil {
		return err
	}
	reports, err := s.opt.Plan.LastReports(ctx, by, ids)
	if err != nil {
		return err
	}
	for i, x := range d.Kept() {
		p.add(docx.Heading(2, p.say("（%s）%s", ordinal(ctx, i+1), x.Title)))
		p.line(p.say("列入原因"), docx.Run{Text: p.reasons(x.Reasons), Href: x.Href})
		p.line(p.say("汇报单位"), docx.Run{Text: join(x.OrgName, x.Speaker)})
		p.add(docx.Plain(x.Text)...)
		for _, l := range lights {
			if l.about(x) {
				p.number(l)
			}
		}
		if t, ok := tasks[x.task()]; ok {
			p.task(t, reports[t.ID])
		}
	}
	return nil
}

// task says how a task stands, each number with its link.
func (p *paper) task(t plan.Task, last plan.Report) {
	at := "/tasks/" + t.ID
	p.line(p.say("任务"), docx.Run{Text: t.Code + " " + t.Title, Href: at})
	p.line(p.say("亮灯"), docx.Run{Text: p.light(t.Light.Colour), Href: at},
		docx.Run{Text: p.say("（截至 %s）", p.moment(t.Light.AtUs))})
	p.line(p.say("进展"), docx.Run{Text: p.say("实际 %s%%", plan.PercentText(t.ProgressBp)), Href: at},
		docx.Run{Text: p.say("，应完成 ")}, docx.Run{Text: t.Light.Planned + "%", Href: at})
	p.line(p.say("时限"), docx.Run{Text: p.moment(t.DueUs), Href: at})
	if last.ID == "" {
		p.line(p.say("最近填报"), docx.Run{Text: p.say("未报"), Href: at})
		return
	}
	p.line(p.say("最近填报"), docx.Run{Text: p.moment(last.AtUs), Href: at})
	p.line(p.say("情况"), docx.Run{Text: last.Situation})
	p.line(p.say("问题"), docx.Run{Text: last.Problem})
	p.line(p.say("下步"), docx.Run{Text: last.NextStep})
}

// underWay lists the letters about the place of a meeting that are not closed.
func (s *Service) underWay(
	ctx context.Context, by authz.Actor, p *paper, n *int, m Meeting,
) error {
	page, err := s.ListLetters(ctx, by, LetterFilter{Region: m.Region, Open: true}, "due",
		db.PageReq{Limit: maxItems})
	if err != nil || len(page.Items) == 0 {
		return err
	}
	p.part(n, p.say("督办函办理情况"))
	t := docx.Table{Head: []string{p.say("文号"), p.say("标题"), p.say("收函单位"), p.say("回复期限"), p.say("状态")},
		Widths: []int{20, 34, 20, 16, 10}}
	for _, l := range page.Items {
		t.Rows = append(t.Rows, []docx.Run{{Text: dash(l.Number), Href: "/letters/" + l.ID}, {Text: l.Title},
			{Text: l.To.Name}, {Text: p.due(l.DueUs)}, {Text: p.say(letterState(l.State))}})
	}
	p.add(docx.Block{Table: &t})
	return nil
}

func letterState(name string) string {
	for _, s := range LetterProcess.Def().States {
		if s.Name == name {
			return s.Title
		}
	}
	return name
}

// MinutesPaper returns the minutes of a meeting (会议纪要): the opening, who came, and the decisions
// about each item. Before they are issued it is a draft, for those who may see drafts.
func (s *Service) MinutesPaper(
	ctx context.Context, by authz.Actor, meetingID string,
) (docx.Document, error) {
	d, err := s.GetMeeting(ctx, by, meetingID)
	if err != nil {
		return docx.Document{}, err
	}
	if !d.open(by) {
		return docx.Document{}, fault.New(fault.NotFound, "纪要尚未印发")
	}
	p := &paper{ctx: ctx}
	p.doc.Title, p.doc.Number, p.doc.Issuer = fmt.Sprintf(minutesTitle, d.Title), d.MinutesNo, d.HostName
	p.doc.Subject = d.SeriesName
	if d.IssuedUs != 0 {
		p.doc.Date = i18n.DateLong(i18n.From(ctx), clock.DateOf(clock.Time(d.IssuedUs)))
	} else {
		p.doc.Number = p.say("草稿，尚未印发")
	}
	p.head(d.Meeting)
	p.line(p.say("出席情况"), docx.Run{Text: d.Attendance})
	p.add(docx.Plain(d.Minutes)...)
	became, err := s.became(ctx, by, d.Decisions)
	if err != nil {
		return docx.Document{}, err
	}
	n := 0
	for _, x := range d.Kept() {
		p.part(&n, x.Title)
		i := 0
		for _, u := range became {
			if u.Item == x.ID {
				i++
				p.decision(i, u)
			}
		}
	}
	return p.doc, nil
}

// decision is one decision in the minutes: its words, who answers, until when, and its task.
func (p *paper) decision(n int, u FollowUp) {
	runs := []docx.Run{{Text: p.say("（%s）%s", ordinal(p.ctx, n), u.Text)}}
	var about []string
	if u.OrgName != "" {
		about = append(about, p.say("责任单位：%s", u.OrgName))
	}
	if u.DueUs != 0 {
		about = append(about, p.say("时限：%s", p.moment(u.DueUs)))
	}
	if len(about) > 0 {
		runs = append(runs, docx.Run{Text: p.say("（%s）", strings.Join(about, p.say("；")))})
	}
	if u.Task != nil {
		runs = append(runs, docx.Run{Text: " " + p.say("任务 %s", u.Task.Code), Href: "/tasks/" + u.Task.ID})
	}
	p.add(docx.Text(runs...))
}

// LetterPaper returns a letter as it goes to its unit.
func (s *Service) LetterPaper(
	ctx context.Context, by authz.Actor, letterID string,
) (docx.Document, error) {
	d, err := s.GetLetter(ctx, by, letterID)
	if err != nil {
		return docx.Document{}, err
	}
	p := &paper{ctx: ctx}
	p.doc.Title, p.doc.Number, p.doc.To = d.Title, d.Number, p.say("%s：", d.To.Name)
	p.doc.Subject = p.say("督办函")
	if d.Number == "" {
		p.doc.Number = p.say("草稿，尚未签发")
	}
	p.add(docx.Plain(d.Text)...)
	if len(d.Reasons) > 0 {
		p.line(p.say("督办原因"), docx.Run{Text: p.reasons(d.Reasons)})
	}
	if d.Task != nil {
		p.line(p.say("任务"), docx.Run{Text: d.Task.Code + " " + d.Task.Title, Href: "/tasks/" + d.Task.ID})
	}
	if d.DueUs != 0 {
		p.add(docx.Text(docx.Run{Text: p.say("请于 %s 前书面回复办理情况。", p.moment(d.DueUs)), Bold: true}))
	} else {
		p.add(docx.Text(docx.Run{Text: p.say("请于送达后 %d 个工作日内书面回复办理情况。", d.ReplyDays)}))
	}
	if s.opt.Issuer != nil {
		p.doc.Issuer = s.opt.Issuer()
	}
	if d.SignedUs != 0 {
		p.doc.Date = i18n.DateLong(i18n.From(ctx), clock.DateOf(clock.Time(d.SignedUs)))
	}
	return p.doc, nil
}
