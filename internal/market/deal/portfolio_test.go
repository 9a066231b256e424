package deal

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
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
		x.ok(x.RemoveCase(t.Context(), x.agent, x.broker.ID, c.ID))
		x.ok(x.RemoveCertificate(t.Context(), x.agent, x.broker.ID, p.ID))
		if b := seen(x.agent); len(b.Cases)+len(b.Certificates) != 0 {
			t.Errorf("%+v", b)
		}
	})
}
