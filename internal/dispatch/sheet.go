package dispatch

import (
	"context"
	"io"
	"iter"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Export says how a list leaves as a file. The file names who took it, when, and by which filter.
type Export struct {
	Format sheet.Format
	By     string // name of the actor for people
	Filter string // the filter in words, "" = everything
}

// maxExport bounds the rows of an export.
const maxExport = 50_000

var agendaSheet = sheet.Spec{Name: "agenda", Title: "议程", Columns: []sheet.Column{
	{Key: "n", Title: "序号", Kind: sheet.Integer, Width: 8},
	{Key: "title", Title: "议题", Width: 40},
	{Key: "origin", Title: "来源", Width: 12},
	{Key: "reasons", Title: "列入原因", Width: 50},
	{Key: "org", Title: "汇报单位", Width: 24},
	{Key: "speaker", Title: "汇报人", Width: 12},
	{Key: "minutes", Title: "时长（分钟）", Kind: sheet.Integer},
	{Key: "dropped", Title: "移出原因", Width: 24},
}}

var decisionSheet = sheet.Spec{Name: "decisions", Title: "决议", Columns: []sheet.Column{
	{Key: "meeting", Title: "会议", Width: 30},
	{Key: "text", Title: "决议", Width: 50},
	{Key: "kind", Title: "决议类型", Width: 12},
	{Key: "org", Title: "责任单位", Width: 24},
	{Key: "due", Title: "时限", Kind: sheet.Date},
	{Key: "task", Title: "任务编号", Kind: sheet.Code, Width: 14},
	{Key: "progress", Title: "进展", Width: 12},
	{Key: "light", Title: "亮灯", Width: 8},
	{Key: "done", Title: "是否办结", Kind: sheet.Bool},
}}

var letterSheet = sheet.Spec{Name: "letters", Title: "督办函", Columns: []sheet.Column{
	{Key: "number", Title: "文号", Kind: sheet.Code, Width: 22},
	{Key: "title", Title: "标题", Width: 40},
	{Key: "org", Title: "收函单位", Width: 24},
	{Key: "state", Title: "状态", Width: 10},
	{Key: "signed", Title: "签发日期", Kind: sheet.Date},
	{Key: "due", Title: "回复期限", Kind: sheet.Date},
	{Key: "replied", Title: "回复日期", Kind: sheet.Date},
	{Key: "reasons", Title: "督办原因", Width: 50},
}}

// day is the day of a moment in a cell, "" for none.
func day(us int64) string {
	if us == 0 {
		return ""
	}
	return string(clock.DateOf(clock.Time(us)))
}

// send writes a table and notes that in the trail.
func (s *Service) send(
	ctx context.Context, by authz.Actor, e Export, w io.Writer, spec sheet.Spec,
	rows iter.Seq2[[]any, error], note audit.Entry,
) (int, error) {
	name := e.By
	if name == "" {
		name = by.Login
	}
	n, err := sheet.Write(ctx, w, e.Format, spec, rows, sheet.Meta{Title: i18n.T(ctx, spec.Title),
		By: name, At: s.unit.Clock().Now(), Filter: e.Filter})
	if err != nil {
		return n, err
	}
	return n, s.unit.Write(ctx, by, "dispatch.export", func(tx *unit.Tx) error {
		note.What, note.Detail = "export", map[string]any{"sheet": spec.Name, "rows": n, "filter": e.Filter}
		tx.Audit(note)
		return nil
	})
}

// WriteAgenda writes the agenda of a meeting and returns how many items it has.
func (s *Service) WriteAgenda(
	ctx context.Context, by authz.Actor, meetingID string, e Export, w io.Writer,
) (int, error) {
	d, err := s.GetMeeting(ctx, by, meetingID)
	if err != nil {
		return 0, err
	}
	if err := MeetingPolicy.May(by, ActMeetingExport, d.Meeting); err != nil {
		return 0, err
	}
	p := &paper{ctx: ctx}
	rows := func(yield func([]any, error) bool) {
		for i, x := range d.Items {
			if !yield([]any{int64(i + 1), x.Title, p.say(plan.TitleOf(Origins(), x.Origin)),
				p.reasons(x.Reasons), x.OrgName, x.Speaker, x.Minutes, x.DropReason}, nil) {
				return
			}
		}
	}
	return s.send(ctx, by, e, w, agendaSheet, rows, audit.Entry{Kind: kindMeeting, Object: meetingID})
}

// WriteDecisions writes the decisions of a list and returns how many there were.
func (s *Service) WriteDecisions(
	ctx context.Context, by authz.Actor, f DecisionFilter, e Export, w io.Writer,
) (int, error) {
	if !MeetingPolicy.Could(by, ActMeetingExport) {
		return 0, errRole()
	}
	p := &paper{ctx: ctx}
	rows := paged(func(at db.PageReq) (db.Page[FollowUp], error) { return s.ListDecisions(ctx, by, f, at) },
		func(u FollowUp) []any {
			code, light := "", ""
			if u.Task != nil {
				code, light = u.Task.Code, p.light(u.Task.Light.Colour)
			}
			return []any{u.MeetingTitle, u.Text, p.say(plan.TitleOf(DecisionKinds(), u.Kind)), u.OrgName,
				day(u.DueUs), code, p.progress(u), light, u.Done}
		})
	return s.send(ctx, by, e, w, decisionSheet, rows, audit.Entry{Kind: kindMeeting})
}

// WriteLetters writes the letters of a list and returns how many there were.
func (s *Service) WriteLetters(
	ctx context.Context, by authz.Actor, f LetterFilter, e Export, w io.Writer,
) (int, error) {
	if !LetterPolicy.Could(by, ActLetterExport) {
		return 0, errRole()
	}
	p := &paper{ctx: ctx}
	rows := paged(func(at db.PageReq) (db.Page[Letter], error) { return s.ListLetters(ctx, by, f, "", at) },
		func(l Letter) []any {
			return []any{l.Number, l.Title, l.To.Name, p.say(letterState(l.State)), day(l.SignedUs), day(l.DueUs),
				day(l.RepliedUs), strings.TrimSpace(p.reasons(l.Reasons))}
		})
	return s.send(ctx, by, e, w, letterSheet, rows, audit.Entry{Kind: kindLetter})
}

// paged turns the pages of a list into the rows of a file.
func paged[T any](
	page func(db.PageReq) (db.Page[T], error), row func(T) []any,
) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		at := db.PageReq{Limit: db.MaxLimit}
		for n := 0; ; {
			p, err := page(at)
			if err == nil && n+len(p.Items) > maxExport {
				err = fault.New(fault.Invalid, "最多导出 %d 行，请先缩小范围", maxExport)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, x := range p.Items {
				if n++; !yield(row(x), nil) {
					return
				}
			}
			if p.Next == "" {
				return
			}
			at.After = p.Next
		}
	}
}
