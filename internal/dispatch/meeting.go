package dispatch

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// kindMeeting is the kind of object of meetings.
const kindMeeting = "dispatch.meeting"

// MeetingData is what people write about a meeting.
type MeetingData struct {
	Title    string   `json:"title,omitempty"` // "" names it after its series
	Chair    string   `json:"chair"`           // 主持人
	Place    string   `json:"place"`
	StartsUs int64    `json:"startsUs"`
	EndsUs   int64    `json:"endsUs"`
	Note     string   `json:"note,omitempty"` // to its members
	Members  []string `json:"members"`        // ids of its units
}

// Meeting (调度会) is one meeting of a series.
type Meeting struct {
	ID string `json:"id"`
	MeetingData
	Code        string      `json:"code"` // DD-2026-003
	Series      string      `json:"series"`
	SeriesName  string      `json:"seriesName"`
	Cadence     string      `json:"cadence"`
	Number      int64       `json:"number"` // in its series
	Previous    string      `json:"previous,omitempty"`
	Ledger      string      `json:"ledger,omitempty"`
	Region      region.Code `json:"region"`
	Host        string      `json:"host"`
	HostNow     string      `json:"-"`
	HostName    string      `json:"hostName"`
	Units       []Unit      `json:"units,omitempty"`      // of one meeting; lists leave them out
	Attendance  string      `json:"attendance,omitempty"` // 出席情况
	Minutes     string      `json:"minutes,omitempty"`    // the opening of the minutes
	MinutesNo   string      `json:"minutesNo,omitempty"`  // 并调纪〔2026〕3号
	MinutesDays int64       `json:"minutesDays"`          // working days to issue them
	NotifiedUs  int64       `json:"notifiedUs,omitempty"`
	HeldUs      int64       `json:"heldUs,omitempty"`
	IssuedUs    int64       `json:"issuedUs,omitempty"`
	Signer      string      `json:"signer,omitempty"`
	State       string      `json:"state"`
	CreatedUs   int64       `json:"createdUs"`
	CreatedBy   string      `json:"-"`
	UpdatedUs   int64       `json:"updatedUs"`
	Version     int64       `json:"version"`
	kept        int64       // items that were not dropped
	undecided   int64       // and those without a decision
}

func (d *MeetingData) normalise() {
	for _, s := range []*string{&d.Title, &d.Chair, &d.Place} {
		*s = tidy(*s)
	}
	d.Note = lines(d.Note)
}

func (d MeetingData) check(f *faults) {
	f.line("title", d.Title, MaxTitle, false)
	f.line("chair", d.Chair, MaxLine, true)
	f.line("place", d.Place, MaxLine, true)
	f.moment("startsUs", d.StartsUs, true)
	f.moment("endsUs", d.EndsUs, true)
	if d.StartsUs > 0 && d.EndsUs > 0 && d.EndsUs <= d.StartsUs {
		f.add("endsUs", "结束时间须晚于开始时间")
	}
	f.prose("note", d.Note, MaxProse, false)
	if len(d.Members) == 0 {
		f.add("members", "请至少选择一个单位")
	}
}

const meetingColumns = `m.id, m.code, m.series, s.name, s.cadence, m.number, m.title, m.previous,
	m.ledger, m.region, m.chair, m.host, m.host_now, m.host_name, m.place, m.starts_us, m.ends_us,
	m.note, m.attendance, m.minutes, m.minutes_no, m.minutes_days, m.notified_us, m.held_us,
	m.issued_us, m.signer, m.state, m.created_us, m.created_by, m.updated_us, m.version`

const meetingFrom = `dispatch_meeting AS m JOIN dispatch_series AS s ON s.id = m.series`

func scanMeeting(r db.Row) (Meeting, error) {
	var m Meeting
	err := r.Scan(&m.ID, &m.Code, &m.Series, &m.SeriesName, &m.Cadence, &m.Number, &m.Title, &m.Previous,
		&m.Ledger, &m.Region, &m.Chair, &m.Host, &m.HostNow, &m.HostName, &m.Place, &m.StartsUs, &m.EndsUs,
		&m.Note, &m.Attendance, &m.Minutes, &m.MinutesNo, &m.MinutesDays, &m.NotifiedUs, &m.HeldUs,
		&m.IssuedUs, &m.Signer, &m.State, &m.CreatedUs, &m.CreatedBy, &m.UpdatedUs, &m.Version)
	return m, err
}

var (
	qMeeting     = db.Stmt(`SELECT ` + meetingColumns + ` FROM ` + meetingFrom + ` WHERE m.id = $1`)
	qMeetingMove = db.Stmt(`UPDATE dispatch_meeting SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qMeetingAdd = db.Stmt(`INSERT INTO dispatch_meeting (id, code, series, number, title, previous,
			ledger, region, chair, host, host_now, host_name, place, starts_us, ends_us, note, attendance,
			minutes, minutes_no, minutes_days, notified_us, held_us, issued_us, signer, state, created_us,
			created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', '', '', $17, 0,
			0, 0, '', 'preparing', $18, $19, $18, 1)`)
	qMeetingSet = db.Stmt(`UPDATE dispatch_meeting SET title = $3, chair = $4, place = $5, starts_us = $6,
			ends_us = $7, note = $8, updated_us = $9, version = version + 1
		WHERE id = $1 AND version = $2`)
	qMeetingTouch = db.Stmt(`UPDATE dispatch_meeting SET updated_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qMinutesSet = db.Stmt(`UPDATE dispatch_meeting SET minutes = $3, attendance = $4, updated_us = $5,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qItemsKept = db.Stmt(`SELECT COUNT(*) FROM dispatch_item WHERE meeting = $1 AND NOT dropped`)
	qUndecided = db.Stmt(`SELECT COUNT(*) FROM dispatch_item AS i WHERE i.meeting = $1 AND NOT i.dropped
		AND NOT EXISTS (SELECT 1 FROM dispatch_decision AS d WHERE d.meeting = i.meeting AND d.item = i.id)`)

	qPrevious = db.Stmt(`SELECT m.id FROM dispatch_meeting AS m WHERE m.series = $1
		AND m.state IN ('held', 'drafted', 'issued') ORDER BY m.starts_us DESC, m.id DESC LIMIT 1`)
)

var meetingList = db.Select(meetingColumns, meetingFrom,
	db.Order{Name: "starts", Desc: true,
		Cols: []db.Col{db.IntCol("m.starts_us"), db.TextCol("m.id")}},
	db.Order{Name: "soonest", Cols: []db.Col{db.IntCol("m.starts_us"), db.TextCol("m.id")}})

// MeetingOrders returns the names of the orders people may choose.
func MeetingOrders() []string { return meetingList.OrderNames() }

// meetingByID loads a meeting with all that its process looks at.
func meetingByID(ctx context.Context, q db.Q, meetingID string) (Meeting, error) {
	m, err := db.Get(ctx, q, qMeeting, scanMeeting, meetingID)
	if err != nil {
		return m, err
	}
	if m.Units, err = membersOf(ctx, q, meetingID); err != nil {
		return m, err
	}
	m.Members = orgsOf(m.Units)
	if m.kept, err = db.Get(ctx, q, qItemsKept, db.One[int64], meetingID); err != nil {
		return m, err
	}
	m.undecided, err = db.Get(ctx, q, qUndecided, db.One[int64], meetingID)
	return m, err
}

// readMeeting reads a meeting that the actor may read; to all others it does not exist. Who may not
// see drafts sees no minutes before they are issued.
func (s *Service) readMeeting(
	ctx context.Context, q db.Q, by authz.Actor, meetingID string,
) (Meeting, error) {
	m, err := meetingByID(ctx, q, meetingID)
	if err != nil {
		return Meeting{}, err
	}
	if err := MeetingPolicy.May(by, ActMeetingRead, m); err != nil {
		return Meeting{}, err
	}
	return m.shownTo(by), nil
}

// open says whether the actor may see decisions and minutes.
func (m Meeting) open(by authz.Actor) bool {
	return m.State == Issued || MeetingPolicy.MaySee(by, ActMeetingDraft, m)
}

func (m Meeting) shownTo(by authz.Actor) Meeting {
	if !m.open(by) {
		m.Minutes, m.Attendance = "", ""
	}
	return m
}
