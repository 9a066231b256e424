package indicator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/region"
)

const (
	jobRemind     = "indicator.remind"
	remindTimeout = 10 * time.Minute
	remindDays    = 2  // working days before the deadline
	overdueDays   = 30 // days after which a deadline that was missed is no news
	namedCells    = 3  // indicators that a notice names
)

// Teller tells notices; package notify does.
type Teller interface {
	TellAt(ctx context.Context, tx *db.Tx, atUs int64, n notify.Notice) error
}

// RegisterJobs gives the runner the work of this room: reminding units of what they have to report. It is
// called while the program is put together.
func (s *Service) RegisterJobs(r *job.Runner, tell Teller) {
	r.Handle(jobRemind, remindTimeout, func(ctx context.Context, run *job.Run) error {
		n, err := s.Remind(ctx, tell)
		if err != nil {
			return err
		}
		return run.Result(map[string]int{"reminded": n})
	})
	r.Every(jobRemind, time.Hour, job.Spec{Kind: jobRemind, UniqueKey: jobRemind})
}

// debt is what a unit has not handed in of one deadline.
type debt struct {
	reporter, at string
	dueUs        int64
	names        []string
	cells        int
}

// Remind tells each unit that has not handed in what it must: once before a deadline, from two working
// days ahead on, and once after it. What is handed in by then is told of to nobody. It returns how many
// notices it told; an account that does not want them gets none.
func (s *Service) Remind(ctx context.Context, tell Teller) (int, error) {
	now := clock.Us(s.unit.Clock().Now())
	until := clock.Us(s.workingDay(s.today(), remindDays).AddDays(1).Start())
	since := clock.Us(s.today().AddDays(-overdueDays).Start())
	list, err := s.Desk(ctx, house, DeskFilter{State: Unfinished})
	if err != nil {
		return 0, err
	}
	list = slices.DeleteFunc(list, func(a Asked) bool {
		return a.Locked || a.DueUs < since || a.DueUs >= until || a.Approved
	})
	owed := debts(list)
	err = s.unit.DB().Write(ctx, func(tx *db.Tx) error {
		for _, d := range owed {
			if err := tell.TellAt(ctx, tx, now, d.notice(now)); err != nil {
				return err
			}
		}
		return nil
	})
	return len(owed), err
}

// debts puts together what one unit owes of one deadline: a unit is told once, not for each indicator.
func debts(list []Asked) []debt {
	var out []debt
	for _, a := range list {
		i := slices.IndexFunc(out, func(d debt) bool { return d.reporter == a.Reporter && d.dueUs == a.DueUs })
		if i < 0 {
			i = len(out)
			out = append(out, debt{reporter: a.Reporter, at: a.reporterAt, dueUs: a.DueUs})
		}
		out[i].cells++
		if !slices.Contains(out[i].names, a.Name) {
			out[i].names = append(out[i].names, a.Name)
		}
	}
	slices.SortFunc(out, func(a, b debt) int {
		return cmp.Or(cmp.Compare(a.dueUs, b.dueUs), cmp.Compare(a.reporter, b.reporter))
	})
	return out
}

// notice is what the unit and, for an office of a district, the district's staff are told.
func (d debt) notice(now int64) notify.Notice {
	due := i18n.DateTime(i18n.ZH, clock.Time(d.dueUs))
	n := notify.Notice{Kind: noticeDue, Href: "/reporting", To: []notify.To{notify.ToOrg(d.reporter)},
		Title: notify.Text{Key: "有 %d 个指标数值应于 %s 前填报", Args: []any{d.cells, due}}}
	if c := region.Code(d.at); c.Level() == region.LevelCounty {
		n.To = append(n.To, notify.To{Role: authz.District, Region: d.at})
	}
	if d.dueUs < now {
		n.Kind = noticeMissed
		n.Title = notify.Text{Key: "有 %d 个指标数值逾期未报，时限为 %s", Args: []any{d.cells, due}}
	}
	n.Detail = notify.Text{Key: "%s", Args: []any{strings.Join(d.names[:min(len(d.names), namedCells)], "、")}}
	if more := len(d.names) - namedCells; more > 0 {
		n.Detail = notify.Text{Key: "%s 等 %d 项", Args: []any{n.Detail.Args[0], len(d.names)}}
	}
	n.Once = fmt.Sprintf("%s:%s:%d", n.Kind, d.reporter, d.dueUs)
	return n
}

// workingDay is so many working days after a day.
func (s *Service) workingDay(day clock.Date, n int) clock.Date {
	for range maxWalk {
		if n == 0 {
			break
		}
		if day = day.AddDays(1); s.works(day) {
			n--
		}
	}
	return day
}
