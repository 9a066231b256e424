package dealhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/deal"
)

// brokerListIn asks for a page of brokers.
type brokerListIn struct {
	BrokerQuery
	api.Paging
}

func (h *Handler) brokerReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "deal.ListBrokers", Method: get, Path: "/brokers",
		Title: "技术经理人名录", Public: true},
		func(ctx context.Context, in *brokerListIn) (*kit.Body[api.Page[deal.Broker]], error) {
			f, err := h.brokerFilter(in.BrokerQuery)
			if err != nil {
				return nil, err
			}
			page, err := h.deal.ListBrokers(ctx, api.By(ctx), f, in.Sort, in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "deal.CountBrokers", Method: get, Path: "/brokers/count",
		Title: "技术经理人数量", Public: true},
		func(ctx context.Context, in *BrokerQuery) (*kit.Body[map[string]int64], error) {
			f, err := h.brokerFilter(*in)
			if err != nil {
				return nil, err
			}
			return kit.BodyOf(h.deal.CountBrokers(ctx, api.By(ctx), f))
		})
	add(a, api.Operation{UseCase: "deal.MyBroker", Method: get, Path: "/brokers/mine",
		Title: "我的技术经理人档案"}, func(ctx context.Context, _ *struct{}) (*kit.Record[deal.Broker], error) {
		b, found, err := h.deal.MyBroker(ctx, api.By(ctx))
		if err == nil && !found {
			err = noSuch()
		}
		return kit.RecordOf(b, b.Version, err)
	})
	add(a, api.Operation{UseCase: "deal.ListComplaints", Method: get, Path: "/brokers/complaints",
		Title: "技术经理人投诉"}, func(ctx context.Context, in *struct {
		Broker string `query:"broker" doc:"id of a broker, empty for all"`
		api.Paging
	}) (*kit.Body[api.Page[deal.Complaint]], error) {
		page, err := h.deal.ListComplaints(ctx, api.By(ctx), in.Broker, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "deal.ListRules", Method: get, Path: "/brokers/rules",
		Title: "对接规则", Public: true}, func(ctx context.Context, _ *struct{}) (*kit.Body[[]deal.Rule], error) {
		out, err := h.deal.ListRules(ctx, api.By(ctx))
		return kit.BodyOf(kit.List(out), err)
	})
	add(a, api.Operation{UseCase: "deal.RuleAt", Method: get, Path: "/brokers/rules/at",
		Title: "某一天的对接规则", Public: true}, func(ctx context.Context, in *struct {
		Day string `query:"day" doc:"2006-01-02, empty for today"`
	}) (*kit.Body[deal.Rule], error) {
		day, err := checkDay(in.Day)
		if err != nil {
			return nil, err
		}
		return kit.BodyOf(h.deal.RuleAt(ctx, api.By(ctx), day))
	})
	add(a, api.Operation{UseCase: "deal.AddRule", Method: http.MethodPost, Path: "/brokers/rules",
		Title: "增加对接规则", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body deal.RuleData
	}) (*kit.Body[deal.Rule], error) {
		return kit.BodyOf(h.deal.AddRule(ctx, api.By(ctx), deal.NewRule{RuleData: in.Body, Key: in.Key}))
	})
	h.oneBroker(a)
	add(a, api.Operation{UseCase: "deal.WriteBrokers", Method: get, Path: "/brokers/export",
		Title: "导出技术经理人名录", Public: true}, h.apiExportBrokers)
}

func (h *Handler) apiExportBrokers(_ context.Context, in *struct {
	BrokerQuery
	Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
}) (*api.Stream, error) {
	f, err := h.brokerFilter(in.BrokerQuery)
	if err != nil {
		return nil, err
	}
	return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
		return h.exportBrokers(w, r, in.BrokerQuery, f, in.Format)
	}), nil
}

func (h *Handler) oneBroker(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "deal.GetBroker", Method: get, Path: "/brokers/{id}",
		Title: "技术经理人档案", Public: true},
		func(ctx context.Context, in *DealID) (*kit.Record[BrokerView], error) {
			x, err := h.deal.GetBroker(ctx, api.By(ctx), in.ID)
			x.Posts, x.Cases, x.Certificates = kit.List(x.Posts), kit.List(x.Cases), kit.List(x.Certificates)
			return kit.RecordOf(BrokerView{x, stepsOf(ctx, x.Offers)}, x.Version, err)
		})
	add(a, api.Operation{UseCase: "deal.BrokerCredit", Method: get, Path: "/brokers/{id}/credit",
		Title: "技术经理人信用分", Public: true},
		func(ctx context.Context, in *DealID) (*kit.Body[deal.Credit], error) {
			c, err := h.deal.BrokerCredit(ctx, api.By(ctx), in.ID)
			c.Rows = kit.List(c.Rows)
			return kit.BodyOf(c, err)
		})
	add(a, api.Operation{UseCase: "deal.ListConflicts", Method: get, Path: "/brokers/{id}/conflicts",
		Title: "利益冲突"}, func(ctx context.Context, in *DealID) (*kit.Body[[]deal.Conflict], error) {
		out, err := h.deal.ListConflicts(ctx, api.By(ctx), in.ID)
		return kit.BodyOf(kit.List(out), err)
	})
}

func (h *Handler) brokerWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "deal.CreateBroker", Method: post, Path: "/brokers",
		Title: "登记技术经理人", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body deal.NewBroker
	}) (*kit.Record[deal.Broker], error) {
		in.Body.Key = in.Key
		b, err := h.deal.CreateBroker(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(b, b.Version, err)
	})
	add(a, api.Operation{UseCase: "deal.UpdateBroker", Method: http.MethodPut, Path: "/brokers/{id}",
		Title: "修改技术经理人"}, func(ctx context.Context, in *struct {
		DealID
		api.Match
		api.Once
		Body deal.BrokerData
	}) (*kit.Record[deal.Broker], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		b, err := h.deal.UpdateBroker(ctx, api.By(ctx), deal.BrokerUpdate{ID: in.ID,
			BrokerData: in.Body, Version: version, Key: in.Key})
		return kit.RecordOf(b, b.Version, err)
	})
	add(a, api.Operation{UseCase: "deal.FireBroker", Method: post, Path: "/brokers/{id}/steps",
		Title: "办理技术经理人的步骤"}, func(ctx context.Context, in *struct {
		DealID
		api.Match
		api.Once
		Body struct {
			Step   string `json:"step"`
			Reason string `json:"reason,omitempty"`
		}
	}) (*kit.Record[deal.Broker], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		b, err := h.deal.FireBroker(ctx, api.By(ctx), deal.BrokerStep{ID: in.ID, Step: in.Body.Step,
			Reason: in.Body.Reason, Version: version, Key: in.Key})
		return kit.RecordOf(b, b.Version, err)
	})
	h.conflictWrites(a)
}

func (h *Handler) conflictWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "deal.DeclareConflict", Method: post,
		Path: "/brokers/{id}/conflicts", Title: "申报利益冲突", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			DealID
			api.Once
			Body deal.NewConflict
		}) (*kit.Body[deal.Conflict], error) {
			in.Body.Broker, in.Body.Key = in.ID, in.Key
			return kit.BodyOf(h.deal.DeclareConflict(ctx, api.By(ctx), in.Body))
		})
	end := func(useCase, path, title string, do func(context.Context, authz.Actor, deal.ConflictEnd) error) {
		add(a, api.Operation{UseCase: useCase, Method: post, Path: "/brokers/{id}/conflicts/{conflict}/" + path,
			Title: title}, func(ctx context.Context, in *struct {
			DealID
			Conflict string `path:"conflict" maxLength:"64"`
			api.Match
			api.Once
			Body struct {
				Reason string `json:"reason"`
			}
		}) (*kit.None, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return nil, do(ctx, api.By(ctx), deal.ConflictEnd{Broker: in.ID, ID: in.Conflict, Version: version,
				Reason: in.Body.Reason, Key: in.Key})
		})
	}
	end("deal.AskConflictEnd", "ask", "申请解除利益冲突", h.deal.AskConflictEnd)
	end("deal.EndConflict", "end", "解除利益冲突", h.deal.EndConflict)
	add(a, api.Operation{UseCase: "deal.SetPortfolio", Method: post, Path: "/brokers/{id}/posts",
		Title: "经办供需"}, func(ctx context.Context, in *struct {
		DealID
		api.Once
		Body deal.PortfolioChange
	}) (*kit.None, error) {
		in.Body.Broker, in.Body.Key = in.ID, in.Key
		return nil, h.deal.SetPortfolio(ctx, api.By(ctx), in.Body)
	})
	add(a, api.Operation{UseCase: "deal.DecideComplaint", Method: post,
		Path: "/brokers/complaints/{id}/decide", Title: "处理投诉"}, func(ctx context.Context, in *struct {
		DealID
		api.Match
		api.Once
		Body struct {
			State  string `json:"state" doc:"upheld or dismissed"`
			Answer string `json:"answer"`
		}
	}) (*kit.Body[deal.Complaint], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		return kit.BodyOf(h.deal.DecideComplaint(ctx, api.By(ctx), deal.ComplaintDecision{ID: in.ID,
			State: in.Body.State, Answer: in.Body.Answer, Version: version, Key: in.Key}))
	})
}
