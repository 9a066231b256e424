package dealhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/deal"
)

// portfolioWrites are the operations of what brokers show of themselves.
func (h *Handler) portfolioWrites(a *api.API) {
	const post, del = http.MethodPost, http.MethodDelete
	add(a, api.Operation{UseCase: "deal.AddCase", Method: post, Path: "/brokers/{id}/cases",
		Title: "增加案例", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		DealID
		api.Once
		Body deal.NewCase
	}) (*kit.Body[deal.Case], error) {
		in.Body.Broker, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.deal.AddCase(ctx, api.By(ctx), in.Body))
	})
	add(a, api.Operation{UseCase: "deal.RemoveCase", Method: del, Path: "/brokers/{id}/cases/{case}",
		Title: "删去案例"}, func(ctx context.Context, in *struct {
		DealID
		Case string `path:"case" maxLength:"64"`
	}) (*kit.None, error) {
		return nil, h.deal.RemoveCase(ctx, api.By(ctx), in.ID, in.Case)
	})
	add(a, api.Operation{UseCase: "deal.AddCertificate", Method: post, Path: "/brokers/{id}/certificates",
		Title: "增加证书", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		DealID
		api.Once
		Body deal.NewCertificate
	}) (*kit.Record[deal.Certificate], error) {
		in.Body.Broker, in.Body.Key = in.ID, in.Key
		c, err := h.deal.AddCertificate(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(c, c.Version, err)
	})
	add(a, api.Operation{UseCase: "deal.RemoveCertificate", Method: del,
		Path: "/brokers/{id}/certificates/{certificate}", Title: "删去证书"},
		func(ctx context.Context, in *struct {
			DealID
			Certificate string `path:"certificate" maxLength:"64"`
		}) (*kit.None, error) {
			return nil, h.deal.RemoveCertificate(ctx, api.By(ctx), in.ID, in.Certificate)
		})
	add(a, api.Operation{UseCase: "deal.ListCertificates", Method: http.MethodGet,
		Path: "/brokers/certificates", Title: "技术经理人证书"}, func(ctx context.Context, in *struct {
		State string `query:"state" doc:"claimed (default), confirmed or refused"`
		api.Paging
	}) (*kit.Body[api.Page[deal.Certificate]], error) {
		page, err := h.deal.ListCertificates(ctx, api.By(ctx), in.State, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "deal.DecideCertificate", Method: post,
		Path: "/brokers/certificates/{id}/decide", Title: "确认证书"}, func(ctx context.Context, in *struct {
		DealID
		api.Match
		api.Once
		Body struct {
			State  string `json:"state" doc:"confirmed or refused"`
			Answer string `json:"answer,omitempty"`
		}
	}) (*kit.Record[deal.Certificate], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		c, err := h.deal.DecideCertificate(ctx, api.By(ctx), deal.CertificateDecision{ID: in.ID,
			State: in.Body.State, Answer: in.Body.Answer, Version: version, Key: in.Key})
		return kit.RecordOf(c, c.Version, err)
	})
}
