package studio

import (
	"context"
	"regexp"
	"slices"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// VoiceWeight (票重) is what the voice of an expert counts among the others from a day on. Nothing changes
// one: another day brings another.
type VoiceWeight struct {
	Seat   string     `json:"expert"` // id of the seat
	N      int64      `json:"n"`      // 1, 2, … of the panel
	Weight string     `json:"weight"` // exact decimal above 0; a voice without any counts 1
	From   clock.Date `json:"from"`
	Reason string     `json:"reason"`
	AtUs   int64      `json:"atUs"`
	Login  string     `json:"login"`
}

// maxVoice is the most that a voice may count.
const maxVoice = 100

var (
	qVoices = db.Stmt(`SELECT seat, n, weight, from_day, reason, at_us, login FROM studio_voice
		WHERE panel = $1 ORDER BY from_day, n`)
	qVoiceAdd = db.Stmt(`INSERT INTO studio_voice (panel, seat, n, weight, from_day, reason, at_us, login)
		VALUES ($1, $2, (SELECT COUNT(*) + 1 FROM studio_voice AS v WHERE v.panel = $1), $3, $4, $5, $6, $7)`)
	voiceForm = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,4})?$`)
)

func scanVoice(r db.Row) (VoiceWeight, error) {
	var v VoiceWeight
	err := r.Scan(&v.Seat, &v.N, &v.Weight, &v.From, &v.Reason, &v.AtUs, &v.Login)
	return v, err
}

// weigh writes into seats what their voices count on a day. It returns all that was ever said of it, the
// latest first.
func (s *Service) weigh(
	ctx context.Context, q db.Q, panelID string, seats []Seat, day clock.Date,
) ([]VoiceWeight, error) {
	list, err := db.All(ctx, q, qVoices, scanVoice, panelID)
	for _, v := range list {
		i := slices.IndexFunc(seats, func(x Seat) bool { return x.ID == v.Seat })
		if i >= 0 && v.From <= day {
			seats[i].Weight, seats[i].WeightFrom, seats[i].WeightReason = v.Weight, v.From, v.Reason
		}
	}
	slices.Reverse(list)
	return list, err
}

// Counts is what the voice of a seat counts, 1 where nothing was said.
func (x Seat) Counts() float64 {
	v, err := strconv.ParseFloat(x.Weight, 64)
	if err != nil || v <= 0 {
		return 1
	}
	return v
}

// Weighing is the input of WeighVoice.
type Weighing struct {
	Panel   string     `json:"-"`
	Expert  string     `json:"expert"` // id of the seat
	Weight  string     `json:"weight"` // "2", "0.5"
	From    clock.Date `json:"from"`
	Reason  string     `json:"reason"`
	Version int64      `json:"version"`
}

// WeighVoice says what the voice of an expert counts from a day on, and why. Results that were saved keep
// what counted then.
func (s *Service) WeighVoice(ctx context.Context, by authz.Actor, in Weighing) (Panel, error) {
	return s.changingPanel(ctx, by, "studio.WeighVoice", in.Panel, in.Version,
		func(tx *unit.Tx, p Panel, seats []Seat) (int64, error) {
			var f faults
			in.Weight, in.Reason = tidy(in.Weight), tidy(in.Reason)
			i := slices.IndexFunc(seats, func(x Seat) bool { return x.ID == in.Expert })
			if i < 0 {
				f.add("expert", "请选择一项")
			}
			v, err := strconv.ParseFloat(in.Weight, 64)
			if err != nil || !voiceForm.MatchString(in.Weight) || v <= 0 || v > maxVoice {
				f.add("weight", "应为大于 0、不超过 %d 的数，小数最多 %d 位", maxVoice, 4)
			}
			if !in.From.Valid() {
				f.add("from", "日期应为真实的日期，如 2026-11-22")
			}
			f.line("reason", in.Reason, MaxLine, true)
			if err := f.err(); err != nil {
				return 0, err
			}
			err = db.ExecOne(ctx, tx.Tx, qVoiceAdd, p.ID, in.Expert, in.Weight, string(in.From), in.Reason, tx.NowUs(),
				by.Login)
			tx.Audit(audit.Entry{Kind: kindPanel, Object: p.ID, What: "weigh", Reason: in.Reason,
				Detail: map[string]any{"expert": seats[i].Name, "weight": in.Weight, "from": in.From}})
			return p.Edition, err
		})
}

// today is the day it is in China.
func (s *Service) today() clock.Date { return clock.DateOf(s.unit.Clock().Now()) }
