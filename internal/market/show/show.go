package show

import (
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Kinds of object, for policies, files and the trail.
const (
	kindShow   = "show.event"
	kindSignup = "show.signup"
)

// Limits of an event.
const (
	MaxCapacity = 5_000
	MaxSlots    = 100
	MaxRounds   = 60
	MaxTables   = 200
	MaxMinutes  = 240 // of a talk
	maxDays     = 14  // from start to end
	MaxPeople   = 10  // that one account signs up
	maxReport   = 60  // working days
)

// contactField is the title of the field that is for contacts, which all may read.
const contactField = "咨询方式"

// Kinds are the kinds of events.
func Kinds() []market.Choice {
	return []market.Choice{{Value: "roadshow", Title: "路演"}, {Value: "matchday", Title: "对接会"}}
}

// Data is what people write about an event. Times are microseconds.
type Data struct {
	Kind          string      `json:"kind"`
	Title         string      `json:"title"`
	Text          string      `json:"text,omitempty"`
	Place         string      `json:"place"`
	Region        region.Code `json:"region"`
	Contact       string      `json:"contact,omitempty"` // 咨询方式, shown to all
	Org           string      `json:"org"`               // the organiser
	StartsUs      int64       `json:"startsUs"`
	EndsUs        int64       `json:"endsUs"`
	SignupUntilUs int64       `json:"signupUntilUs"`
	Capacity      int64       `json:"capacity"`

	// Talks of two (一对一洽谈): so many rounds of so many minutes from TalkFromUs, at so many tables.
	// Without rounds there are none.
	TalkFromUs  int64 `json:"talkFromUs,omitempty"`
	TalkMinutes int64 `json:"talkMinutes,omitempty"`
	TalkRounds  int64 `json:"talkRounds,omitempty"`
	TalkTables  int64 `json:"talkTables,omitempty"`

	// ReportDays are the working days for the report after the event; 0 takes the rule in force.
	ReportDays int64 `json:"reportDays,omitempty"`
}

// Show is an event as stored.
type Show struct {
	ID string `json:"id"`
	Data
	Code      string `json:"code"`
	OrgNow    string `json:"-"`
	OrgName   string `json:"orgName"`
	Report    string `json:"report,omitempty"`
	State     string `json:"state"`
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`

	Taken   int64 `json:"taken"`   // confirmed participants
	Waiting int64 `json:"waiting"` // on the waiting list
	slots   int64
}

// Free is how many seats are left.
func (s Show) Free() int64 { return max(0, s.Capacity-s.Taken) }

// Round is the time of a round of talks, counted from 1.
func (s Show) Round(n int64) (from, to int64) {
	length := s.TalkMinutes * time.Minute.Microseconds()
	from = s.TalkFromUs + (n-1)*length
	return from, from + length
}

// Days are the civil days on which the event takes place.
func (s Show) Days() (from, to clock.Date) {
	return clock.DateOf(clock.Time(s.StartsUs)), clock.DateOf(clock.Time(s.EndsUs - 1))
}

// normalise brings what people type into the form that is stored; reportDays is what the rule of the
// market says.
func (d *Data) normalise(reportDays int64) {
	d.Title, d.Place, d.Contact = occasion.Tidy(d.Title), occasion.Tidy(d.Place), occasion.Tidy(d.Contact)
	d.Text = occasion.Lines(d.Text)
	if d.TalkRounds == 0 {
		d.TalkFromUs, d.TalkMinutes, d.TalkTables = 0, 0, 0
	}
	if d.ReportDays == 0 {
		d.ReportDays = reportDays
	}
	if d.SignupUntilUs == 0 {
		d.SignupUntilUs = d.StartsUs
	}
}

// Validate returns everything that is wrong with the form of the data.
func (d Data) Validate() error {
	var f occasion.Faults
	d.check(&f)
	return f.Err()
}

func (d Data) check(f *occasion.Faults) {
	f.Choice("kind", d.Kind, Kinds())
	f.Line("title", d.Title, occasion.MaxTitle, true)
	f.Prose("text", d.Text, occasion.MaxProse, false)
	f.Line("place", d.Place, occasion.MaxLine, true)
	if key, args := d.Region.Check(); key != "" {
		f.Add("region", key, args...)
	}
	f.Line("contact", d.Contact, occasion.MaxLine, false)
	f.Public("title", d.Title, contactField)
	f.Public("text", d.Text, contactField)
	f.Public("place", d.Place, contactField)
	f.Public("contact", d.Contact, "")
	if d.Org == "" {
		f.Add("org", "请选择主办单位")
	}
	f.Between("startsUs", "endsUs", d.StartsUs, d.EndsUs)
	if d.EndsUs-d.StartsUs > maxDays*24*time.Hour.Microseconds() {
		f.Add("endsUs", "活动最长 %d 天", maxDays)
	}
	f.Moment("signupUntilUs", d.SignupUntilUs, false)
	if d.SignupUntilUs > d.EndsUs && d.EndsUs > 0 {
		f.Add("signupUntilUs", "报名截止不能晚于活动结束")
	}
	f.Number("capacity", d.Capacity, 1, MaxCapacity)
	f.Number("reportDays", d.ReportDays, 1, maxReport)
	f.Number("talkRounds", d.TalkRounds, 0, MaxRounds)
	if d.TalkRounds > 0 {
		d.checkTalks(f)
	}
}

func (d Data) checkTalks(f *occasion.Faults) {
	f.Moment("talkFromUs", d.TalkFromUs, true)
	f.Number("talkMinutes", d.TalkMinutes, 5, MaxMinutes)
	f.Number("talkTables", d.TalkTables, 1, MaxTables)
	_, last := Show{Data: d}.Round(d.TalkRounds)
	if d.TalkFromUs > 0 && d.StartsUs > 0 && (d.TalkFromUs < d.StartsUs || last > d.EndsUs) {
		f.Add("talkFromUs", "洽谈时段应在活动时间之内")
	}
}
