package dict

import (
	"context"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// maxHolidays bounds the rows of an arrangement; a year has about forty.
const maxHolidays = 366

// Years whose arrangement can be imported: the law on them has its present form since 2008.
const (
	firstYear = 2008
	lastYear  = 2100
)

// YearInfo describes the arrangement of a year.
type YearInfo struct {
	Year     int             `json:"year"`
	Version  int64           `json:"version"`
	Holidays []clock.Holiday `json:"-"`
}

// Years returns the arrangements that are known, in the order of years.
func (s *Service) Years(by authz.Actor) ([]YearInfo, error) {
	if err := Policy.May(by, ActRead, calendarList); err != nil {
		return nil, err
	}
	now := s.now.Load()
	var out []YearInfo
	for _, year := range now.calendar.Years() {
		out = append(out, YearInfo{Year: year, Version: now.yearVersions[year],
			Holidays: now.calendar.Holidays(year)})
	}
	return out, nil
}

// calendarList is what the calendar is called where the policy asks for a list.
const calendarList ListID = "holidays"

// ImportYear stores the arrangement of holidays of a year, in place of the one that is there.
// version is that of the arrangement that was seen, 0 when there was none. Errors: Invalid with a
// field for every cell that is wrong (clock.CheckHolidays), Conflict when somebody was faster,
// Forbidden. Deadlines have to be counted again afterwards; EventCalendar says so.
func (s *Service) ImportYear(
	ctx context.Context, by authz.Actor, year int, version int64, rows []HolidayRow,
) error {
	if err := Policy.May(by, ActWrite, calendarList); err != nil {
		return err
	}
	holidays, err := CheckYear(ctx, year, rows)
	if err != nil {
		return err
	}
	err = s.unit.Write(ctx, by, "dict.ImportYear", func(tx *unit.Tx) error {
		if err := takeYear(ctx, tx, year, version); err != nil {
			return err
		}
		recordYear(tx, "import", year, len(holidays))
		return addDays(ctx, tx, year, holidays)
	})
	if err != nil {
		return err
	}
	return s.Reload(ctx)
}

// takeYear makes the row of a year, or takes it from the version seen and empties the year.
func takeYear(ctx context.Context, tx *unit.Tx, year int, version int64) error {
	if version == 0 {
		return db.ExecOne(ctx, tx.Tx, qAddYear, int64(year), tx.NowUs(), tx.By().Account)
	}
	err := db.ExecOne(ctx, tx.Tx, qSetYear, int64(year), version, tx.NowUs(), tx.By().Account)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx.Tx, qDropDays, int64(year))
	return err
}

func recordYear(tx *unit.Tx, what string, year, days int) {
	object := strconv.Itoa(year)
	detail := map[string]int{"year": year, "days": days}
	tx.Audit(audit.Entry{Kind: auditCalendar, Object: object, What: what, Detail: detail})
	tx.Emit(outbox.Event{Kind: EventCalendar, Object: object, Data: detail})
}

// CheckYear checks the rows of an arrangement, for a dry run too, and returns its days. The fields
// of the error name their places in the language of ctx.
func CheckYear(ctx context.Context, year int, rows []HolidayRow) ([]clock.Holiday, error) {
	if year < firstYear || year > lastYear {
		return nil, fault.Fields(fault.At("year", "年份应在 %d 到 %d 之间", firstYear, lastYear))
	}
	if len(rows) > maxHolidays {
		return nil, fault.Fields(fault.At(sheet.FieldFile, "一年的安排最多 %d 行", maxHolidays))
	}
	holidays := make([]clock.Holiday, len(rows))
	for i, r := range rows {
		holidays[i] = r.Holiday
	}
	place := func(i int, column string) string {
		return problemIn(HolidaySheet, rows[i].Number, column, "").Place(i18n.From(ctx))
	}
	return holidays, clock.CheckHolidays(year, holidays, place)
}
