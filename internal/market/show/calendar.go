package show

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
)

// Calendar returns an event as iCalendar (RFC 5545), with the actor's own agreed talks.
func (s *Service) Calendar(ctx context.Context, by authz.Actor, showID string) (string, error) {
	d, err := s.GetShow(ctx, by, showID)
	if err != nil {
		return "", err
	}
	c := ical{stamp: s.unit.Clock().Now()}
	c.line("BEGIN:VCALENDAR")
	c.line("VERSION:2.0")
	c.line("PRODID:-//Yuntu//Shows//ZH")
	c.line("CALSCALE:GREGORIAN")
	status := "CONFIRMED"
	if d.State == Cancelled {
		status = "CANCELLED"
	}
	c.event(d.ID, d.StartsUs, d.EndsUs, d.Title, d.Place, d.Text, status)
	if seat, ok := d.Seat(); ok {
		talks, err := s.talksOf(ctx, s.unit.DB(), seat.ID)
		if err != nil {
			return "", err
		}
		for _, k := range talks {
			if k.State != TalkAccepted {
				continue
			}
			other := k.Asker
			if other.ID == seat.ID {
				other = k.Asked
			}
			c.event(k.ID, k.StartsUs, k.EndsUs, other.Name+" "+other.OrgName,
				fmt.Sprintf("%s #%d", d.Place, k.Seat), k.Topic, status)
		}
	}
	c.line("END:VCALENDAR")
	return c.b.String(), nil
}

// ical writes lines as RFC 5545 wants them: folded at 75 bytes, ended by CR LF.
type ical struct {
	b     strings.Builder
	stamp time.Time
}

// foldAt is the most bytes of a line; a continued line begins with a space.
const foldAt = 75

func (c *ical) line(text string) {
	room := foldAt
	for len(text) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		c.b.WriteString(text[:cut] + "\r\n ")
		text, room = text[cut:], foldAt-1
	}
	c.b.WriteString(text + "\r\n")
}

var icalEscape = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "")

func (c *ical) event(uid string, from, to int64, title, place, text, status string) {
	utc := func(t time.Time) string { return t.UTC().Format("20060102T150405Z") }
	c.line("BEGIN:VEVENT")
	c.line("UID:" + uid + "@yuntu")
	c.line("DTSTAMP:" + utc(c.stamp))
	c.line("DTSTART:" + utc(clock.Time(from)))
	c.line("DTEND:" + utc(clock.Time(to)))
	c.line("SUMMARY:" + icalEscape.Replace(title))
	if place != "" {
		c.line("LOCATION:" + icalEscape.Replace(place))
	}
	if text != "" {
		c.line("DESCRIPTION:" + icalEscape.Replace(text))
	}
	c.line("STATUS:" + status)
	c.line("END:VEVENT")
}
