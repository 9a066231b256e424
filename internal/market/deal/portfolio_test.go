package deal

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// A broker shows cases of the own introductions or with their source, and certificates once the bureau
// has confirmed them; what stops being true stops being said.
func TestPortfolioOfABroker(t *testing.T) {
	each(t, func(t *testing.T, x *lab) {
		public := authz.Actor{Role: authz.Public}
		d := x.fire(x.officer, x.fire(x.school, x.ask(x.firm, nil), StepAgree), StepAssign)
		mine := NewCase{Broker: x.broker.ID, CaseData: CaseData{Deal: d.ID, Work: "talk"}}
		_, err := x.AddCase(t.Context(), x.agent, mine)
		x.wantKind(err, fault.Invalid) // not signed
		for _, step := range []string{StepRecord, StepIntend, StepDraft, StepSign} {
			d = x.fire(x.agent, d, step)
		}
		c, err := x.AddCase(t.Context(), x.agent, mine)
		if err != nil || c.Title != d.Title || c.Day != d.SignedOn {
			t.Fatalf("%+v, %v", c, err)
		}
		_, err = x.AddCase(t.Context(), x.agent, mine)
		x.wantKind(err, fault.Invalid) // listed already
		_, err = x.AddCase(t.Context(), x.agent, NewCase{Broker: x.broker.ID, CaseData: CaseData{Title: "旧案例",
			Day: "2030-01-01", Field: "03", Work: "talk", URL: "javascript:alert(1)"}})
		f, _ := fault.As(err)
		if f == nil || len(f.Fields) != 3 { // day, source, url
			t.Fatalf("%v", err)
		}
		_, err = x.AddCase(t.Context(), x.firm, mine)
		x.wantKind(err, fault.Forbidden)
		p, err := x.AddCertificate(t.Context(), x.agent, NewCertificate{Broker: x.broker.ID,
			CertificateData: CertificateData{Title: "培训合格证书", Grade: "middle", Number: "A1", Issuer: "某中心",
				ValidFrom: "2025-01-01"}})
		x.ok(err)
		seen := func(by authz.Actor) BrokerDetail {
			t.Helper()
			b, err := x.GetBroker(t.Context(), by, x.broker.ID)
			x.ok(err)
			return b
		}
		if b := seen(public); len(b.Cases) != 1 || b.Cases[0].DealCode != d.Code || len(b.Certificates) != 0 {
			t.Errorf("the public sees %+v and %+v", b.Cases, b.Certificates)
		}
		if b := seen(x.agent); len(b.Certificates) != 1 {
			t.Errorf("the broker sees %+v", b.Certificates)
		}
		decide := CertificateDecision{ID: p.ID, State: CertificateRefused, Version: p.Version}
		_, err = x.DecideCertificate(t.Context(), x.agent, decide)
		x.wantKind(err, fault.Forbidden)
		_, err = x.DecideCertificate(t.Context(), x.officer, decide)
		x.wantKind(err, fault.Invalid) // without a reason
		refused, err := x.AddCertificate(t.Context(), x.agent, NewCertificate{Broker: x.broker.ID,
			CertificateData: CertificateData{Title: "过期证书", Number: "A2", Issuer: "某中心", ValidFrom: "2015-01-01"}})
		x.ok(err)
		_, err = x.DecideCertificate(t.Context(), x.officer, CertificateDecision{ID: refused.ID,
			State: CertificateRefused, Answer: "已经过期", Version: refused.Version})
		x.ok(err)
		x.ok(x.RemoveCertificate(t.Context(), x.agent, x.broker.ID, refused.ID))
		decide.State = CertificateConfirmed
		waiting, err := x.ListCertificates(t.Context(), x.officer, "", db.PageReq{})
		if err != nil || len(waiting.Items) != 1 {
			t.Errorf("%d wait, %v", len(waiting.Items), err)
		}
		_, err = x.DecideCertificate(t.Context(), x.officer, decide)
		x.ok(err)
		if b := seen(public); len(b.Certificates) != 1 || b.Certificates[0].Valid("2024-01-01") {
			t.Errorf("the public sees %+v", b.Certificates)
		}
		x.fire(x.firm, d, StepDissolve)
		if b := seen(public); b.Cases[0].DealCode != "" {
			t.Errorf("a contract that was dissolved still counts: %+v", b.Cases)
		}
		x.toldOfCertificates(t)
		x.ok(x.RemoveCase(t.Context(), x.agent, x.broker.ID, c.ID))
		x.ok(x.RemoveCertificate(t.Context(), x.agent, x.broker.ID, p.ID))
		if b := seen(x.agent); len(b.Cases)+len(b.Certificates) != 0 {
			t.Errorf("%+v", b)
		}
	})
}

var qCertificateEvents = db.Stmt(`SELECT seq, n, at_us, kind, object, data FROM outbox WHERE kind = $1
	ORDER BY seq, n`)

// toldOfCertificates proves that the bureau hears of each certificate that was handed in, and the broker
// what became of it.
func (x *lab) toldOfCertificates(t *testing.T) {
	t.Helper()
	events, err := db.All(t.Context(), x.unit.DB(), qCertificateEvents, func(r db.Row) (outbox.Stored, error) {
		var e outbox.Stored
		var data string
		err := r.Scan(&e.Seq, &e.N, &e.AtUs, &e.Kind, &e.Object, &data)
		e.Data = json.RawMessage(data)
		return e, err
	}, EventCertificate)
	x.ok(err)
	bureau, broker := notify.ToRole(authz.Officer), notify.ToAccount(x.agent.Account)
	want := []struct {
		to    notify.To
		title string
	}{{bureau, "提交了证书，待确认"}, {bureau, "提交了证书，待确认"}, {broker, "您的证书“过期证书”未通过"},
		{broker, "您的证书“培训合格证书”已确认"}}
	if len(events) != len(want) {
		t.Fatalf("%d events", len(events))
	}
	for i, e := range events {
		err := x.unit.DB().Write(t.Context(), func(tx *db.Tx) error {
			list, err := certificateNotices(t.Context(), tx, e)
			if err != nil || len(list) != 1 || len(list[0].To) != 1 || list[0].To[0] != want[i].to ||
				!strings.Contains(list[0].Title.In(i18n.ZH), want[i].title) || list[0].Title.In(i18n.EN) == "" {
				t.Errorf("notice %d: %+v, %v", i, list, err)
			}
			if i == 2 && list[0].Detail.In(i18n.ZH) != "已经过期" {
				t.Errorf("why: %+v", list[0].Detail)
			}
			return nil
		})
		x.ok(err)
	}
}
