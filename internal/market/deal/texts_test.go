package deal

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
)

// wantAt checks that a text is refused at its field and with a message that names what is wrong.
func (x *lab) wantAt(err error, field string) {
	x.t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != field ||
		len(f.Fields[0].Args) == 0 {
		x.t.Errorf("at %s: %v", field, err)
	}
}

// Marks of secrecy are refused in every text of an introduction, phones and mails in those that others
// read before both consented. A refused text changes nothing.
func TestTextsOfIntroductions(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		const secret, phone = "绝密★5年", "请打 13800138000"
		c := t.Context()
		for _, bad := range []string{secret, phone, "写信到 wang@example.com"} {
			_, err := x.CreateDeal(c, x.firm, NewDeal{Post: x.result, With: x.need, Message: bad})
			x.wantAt(err, "message")
			_, err = x.CreateDeal(c, x.firm, NewDeal{Post: x.result, With: x.need, Message: "问", NDA: bad})
			x.wantAt(err, "nda")
		}
		d := x.ask(x.firm, nil)
		x.fire(x.officer, d, StepAssign)
		note := func(by authz.Actor, seen, text string) error {
			_, err := x.AddNote(c, by, NewNote{Deal: d.ID, Seen: seen, Text: text})
			return err
		}
		work := func(text string) error {
			_, err := x.AddWork(c, x.agent, NewWork{Deal: d.ID, Work: "find", Day: x.today(), Text: text})
			return err
		}
		split := func(note, name string) error {
			_, err := x.ProposeSplit(c, x.agent, NewSplit{Deal: d.ID, RateBp: 200, Note: note,
				Parts: []Part{{name, allBp}}})
			return err
		}
		for _, bad := range []string{secret, phone} { // before the other side consents
			x.wantAt(note(x.firm, SeenAll, bad), "text")
			x.wantAt(note(x.firm, SeenDemandStaff, bad), "text")
			x.wantAt(work(bad), "text")
			x.wantAt(split(bad, "乔云飞"), "note")
			x.wantAt(split("", bad), "parts.0.name")
		}
		x.wantAt(note(x.firm, SeenDemand, secret), "text")
		x.ok(note(x.firm, SeenDemand, phone)) // to one's own side

		before := x.everything(x.officer, d.ID)
		d, err := dealByID(c, x.db, d.ID)
		x.ok(err)
		step := func(by authz.Actor, name string, s StepData, reason string) error {
			_, err := x.FireDeal(c, by, DealStep{ID: d.ID, Step: name, Version: d.Version, StepData: s,
				Reason: reason})
			return err
		}
		x.wantAt(step(x.school, StepRefuse, StepData{Class: "price", Next: phone}, ""), "next")
		x.wantAt(step(x.school, StepAgree, StepData{Text: phone}, ""), "text") // a step that asks for no text
		x.wantAt(step(x.school, StepPropose, StepData{NDA: secret}, ""), "nda")
		x.wantAt(step(x.school, StepAgree, StepData{Contact: Contact{Name: secret, Phone: firmPhone}}, ""),
			"contact.name")
		if x.everything(x.officer, d.ID) != before {
			t.Error("a refused step changed something")
		}

		d = x.fire(x.school, d, StepAgree)
		x.ok(note(x.firm, SeenAll, phone)) // contacts are exchanged now
		x.ok(work(phone))
		x.wantAt(note(x.school, SeenAll, secret), "text")
		meeting := StepData{Day: x.today(), Text: "看了样机", People: "王工 13800138000"}
		x.ok(step(x.firm, StepRecord, meeting, ""))
		d, err = dealByID(c, x.db, d.ID)
		x.ok(err)
		meeting.Place = secret
		x.wantAt(step(x.firm, StepRecord, meeting, ""), "place")
		_, err = x.Complain(c, x.firm, NewComplaint{Deal: d.ID, Text: secret})
		x.wantAt(err, "text")
		_, err = x.ChallengeNeed(c, x.firm, NewChallenge{Post: x.need, Reason: secret})
		x.wantAt(err, "reason")
		_, err = x.DeclareConflict(c, x.agent, NewConflict{Broker: x.broker.ID, Org: x.other().Org, Reason: secret})
		x.wantAt(err, "reason")
		if x.state(x.need) != market.Talking {
			t.Error("the need moved")
		}
	})
}
