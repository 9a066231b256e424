package dealhttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Routes returns the pages of introductions and brokers.
func (h *Handler) Routes() []web.Route { return append(h.dealRoutes(), h.brokerRoutes()...) }

func (h *Handler) dealRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathDeals, Handle: h.getDeals,
			UseCases: []string{"deal.ListDeals", "deal.CountDeals", "deal.WriteDeals"}},
		{Method: get, Path: pathNew, Handle: h.getNew, UseCases: []string{"market.GetPost"}},
		{Method: post, Path: pathNew, Handle: formed(h.postNew), UseCases: []string{"deal.CreateDeal"}},
		{Method: get, Path: pathFeedback, Handle: h.getFeedback,
			UseCases: []string{"deal.MyFeedback"}},
		{Method: get, Path: pathFeedback + "/{post}", Handle: h.getPostFeedback,
			UseCases: []string{"deal.PostFeedback"}},
		{Method: get, Path: pathChallenge, Handle: h.getChallenge,
			UseCases: []string{"market.GetPost"}},
		{Method: post, Path: pathChallenge, Handle: formed(h.postChallenge),
			UseCases: []string{"deal.ChallengeNeed"}},
		{Method: get, Path: pathRules, Handle: h.getRules,
			UseCases: []string{"deal.ListRules", "deal.RuleAt"}},
		{Method: post, Path: pathRules, Handle: formed(h.postRules), UseCases: []string{"deal.AddRule"}},
		{Method: get, Path: pathDeals + "/{id}", Handle: h.getDeal,
			UseCases: []string{"deal.GetDeal", "deal.RewardOf"}},
		{Method: get, Path: pathDeals + "/{id}/{part}", Handle: h.getDealPart,
			UseCases: []string{"deal.GetDeal", "deal.ListBrokers"}},
		{Method: post, Path: pathDeals + "/{id}/{part}", Handle: formed(h.postDealPart),
			UseCases: []string{"deal.FireDeal", "deal.AddNote", "deal.AddWork", "deal.RevealContacts",
				"deal.ProposeSplit", "deal.ConfirmSplit", "deal.Complain"}},
	}
}

func (h *Handler) brokerRoutes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: pathBrokers, Access: web.Everyone, Handle: h.getBrokers,
			UseCases: []string{"deal.ListBrokers", "deal.CountBrokers", "deal.WriteBrokers"}},
		{Method: get, Path: pathBoard, Handle: h.getBoard,
			UseCases: []string{"deal.Board", "deal.MyBroker", "deal.CountDeals"}},
		{Method: get, Path: pathBrokers + "/new", Handle: h.getBrokerNew,
			UseCases: []string{"deal.MyBroker", "deal.RuleAt"}},
		{Method: post, Path: pathBrokers + "/new", Handle: formed(h.postBrokerNew),
			UseCases: []string{"deal.CreateBroker"}},
		{Method: get, Path: pathBrokers + "/complaints", Handle: h.getComplaints,
			UseCases: []string{"deal.ListComplaints"}},
		{Method: post, Path: pathBrokers + "/complaints", Handle: formed(h.postComplaint),
			UseCases: []string{"deal.DecideComplaint"}},
		{Method: get, Path: pathCertificates, Handle: h.getCertificates,
			UseCases: []string{"deal.ListCertificates"}},
		{Method: post, Path: pathCertificates, Handle: formed(h.postCertificate),
			UseCases: []string{"deal.DecideCertificate"}},
		{Method: get, Path: pathBrokers + "/{id}", Access: web.Everyone, Handle: h.getBroker,
			UseCases: []string{"deal.GetBroker", "deal.BrokerCredit"}},
		{Method: get, Path: pathBrokers + "/{id}/{part}", Handle: h.getBrokerPart,
			UseCases: []string{"deal.GetBroker", "deal.ListConflicts"}},
		{Method: post, Path: pathBrokers + "/{id}/{part}", Handle: formed(h.postBrokerPart),
			UseCases: []string{"deal.UpdateBroker", "deal.FireBroker", "deal.DeclareConflict",
				"deal.AskConflictEnd", "deal.EndConflict", "deal.SetPortfolio", "deal.AddCase", "deal.RemoveCase",
				"deal.AddCertificate", "deal.RemoveCertificate"}},
	}
}

// formed reads the form of a request before its handler does.
func formed(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return fault.New(fault.Invalid, "表单内容不完整，请返回上一页重新提交").Wrap(err)
		}
		return next(w, r)
	}
}
