package claimhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/process"
)

// claimOut is an answer with the version of the claim.
type claimOut struct {
	ETag string `header:"ETag"`
	Body identity.Claim
}

func claimOf(c identity.Claim, err error) (*claimOut, error) {
	if err != nil {
		return nil, err
	}
	return &claimOut{api.ETag(c.Version), c}, nil
}

// ByID asks for one claim.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// ListIn narrows the list of claims.
type ListIn struct {
	Q      string `query:"q" maxLength:"200" doc:"credit code, or beginning of the organisation's name"`
	State  string `query:"state" doc:"a state of the process, or overdue" maxLength:"40"`
	Region string `query:"region" maxLength:"6" doc:"GB/T 2260, and everything inside it"`
	Mine   bool   `query:"mine" doc:"handed in by the caller"`
}

func (in ListIn) filter() identity.ClaimFilter {
	f := identity.ClaimFilter{Query: in.Q, State: in.State, Region: in.Region, Mine: in.Mine}
	if f.State == stateLate {
		f.State, f.Late = "", true
	}
	return f
}

type listOut struct{ Body api.Page[identity.Claim] }

// claimCount is how many claims a list has.
type claimCount struct {
	Count int64 `json:"count"`
}

type countOut struct{ Body claimCount }

// claimStep is a step as a caller may take it.
type claimStep struct {
	Step    string `json:"step"`
	Title   string `json:"title"`
	To      string `json:"to"`
	Allowed bool   `json:"allowed"`
	WhyNot  string `json:"whyNot,omitempty"`
	Reason  bool   `json:"reason" doc:"a reason must be given"`
}

// claimEntry is one entry of the history.
type claimEntry struct {
	Seq    int64  `json:"seq"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	AtUs   int64  `json:"atUs"`
	Role   string `json:"role,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// claimFile is a file of a claim.
type claimFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size" doc:"bytes"`
}

// claimDetail is a claim with everything its page shows.
type claimDetail struct {
	identity.Claim
	DueUs   int64        `json:"dueUs,omitempty" doc:"by when it has to be decided, 0 = no clock runs"`
	Steps   []claimStep  `json:"steps"`
	History []claimEntry `json:"history"`
	Files   []claimFile  `json:"files"`
}

type detailOut struct {
	ETag string `header:"ETag"`
	Body claimDetail
}

func detailOf(ctx context.Context, d identity.ClaimDetail) *detailOut {
	b := claimDetail{Claim: d.Claim, Steps: []claimStep{}, History: []claimEntry{}, Files: []claimFile{}}
	for _, o := range d.Offers {
		s := claimStep{Step: o.Step, Title: i18n.T(ctx, o.Title), To: o.To, Allowed: o.Allowed,
			Reason: o.Needs&process.Reason != 0}
		if o.WhyNot != nil {
			s.WhyNot = i18n.Fault(i18n.From(ctx), o.WhyNot)
		}
		b.Steps = append(b.Steps, s)
	}
	for _, e := range d.History {
		b.History = append(b.History, claimEntry{Seq: e.Seq, Kind: string(e.Kind), Name: e.Name,
			From: e.From, To: e.To, AtUs: e.AtUs, Role: string(e.Role), Reason: e.Reason})
	}
	for _, f := range d.Files {
		b.Files = append(b.Files, claimFile{f.ID, f.Name, string(f.Type), f.Size})
	}
	for _, run := range d.Running {
		if run.PausedUs == 0 {
			b.DueUs = run.DueUs
		}
	}
	return &detailOut{api.ETag(d.Version), b}
}

// ClaimStepIn is the body of a step.
type ClaimStepIn struct {
	Step   string `json:"step"`
	Reason string `json:"reason,omitempty"`
}

func operation(useCase, method, path, title string) api.Operation {
	return api.Operation{UseCase: useCase, Method: method, Path: path, Title: title, Tag: "claims"}
}

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	h.reads(a)
	h.writes(a)
}

func (h *Handler) reads(a *api.API) {
	const get = http.MethodGet
	api.Add(a, operation("identity.ListClaims", get, "/claims", "认领列表"), h.apiList)
	api.Add(a, operation("identity.CountClaims", get, "/claims/count", "认领数量"),
		func(ctx context.Context, in *ListIn) (*countOut, error) {
			n, err := h.room.CountClaims(ctx, api.By(ctx), in.filter())
			return &countOut{claimCount{n}}, err
		})
	api.Add(a, operation("identity.GetClaim", get, "/claims/{id}", "查看认领"),
		func(ctx context.Context, in *ByID) (*detailOut, error) {
			d, err := h.room.GetClaim(ctx, api.By(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return detailOf(ctx, d), nil
		})
	api.Add(a, operation("blob.Read", get, "/claims/{id}/files/{file}", "下载认领的材料"),
		func(_ context.Context, _ *struct {
			ByID
			File string `path:"file" maxLength:"64"`
		}) (*api.Stream, error) {
			return api.StreamOf(h.getFile), nil
		})
}

func (h *Handler) apiList(ctx context.Context, in *struct {
	ListIn
	api.Paging
	Sort string `query:"sort" enum:"created,oldest,updated" default:"created"`
}) (*listOut, error) {
	page, err := h.room.ListClaims(ctx, api.By(ctx), in.filter(), in.Sort, in.Req())
	return &listOut{api.PageOf(page)}, err
}

// uploaded reads a claim that comes as JSON, or as a form with files.
func (h *Handler) uploaded(
	ctx context.Context, in *api.Upload[identity.ClaimInput],
) (identity.ClaimInput, func(), error) {
	claim, heads, err := in.Read()
	if err != nil {
		return claim, func() {}, err
	}
	var discard func()
	claim.Files, discard, err = h.stage(ctx, heads)
	return claim, discard, err
}

func (h *Handler) writes(a *api.API) {
	create := operation("identity.Claim", http.MethodPost, "/claims", "认领单位")
	create.Status, create.Maximum = http.StatusCreated, maxUpload
	api.Add(a, create, func(ctx context.Context, in *struct {
		api.Once
		api.Upload[identity.ClaimInput]
	}) (*claimOut, error) {
		claim, done, err := h.uploaded(ctx, &in.Upload)
		defer done()
		if err != nil {
			return nil, err
		}
		claim.Key = in.Key
		return claimOf(h.room.Claim(ctx, api.By(ctx), claim))
	})
	amend := operation("identity.AmendClaim", http.MethodPut, "/claims/{id}", "补正认领")
	amend.Maximum = maxUpload
	api.Add(a, amend, func(ctx context.Context, in *struct {
		ByID
		api.Match
		api.Upload[identity.ClaimInput]
	}) (*claimOut, error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		claim, done, err := h.uploaded(ctx, &in.Upload)
		defer done()
		if err != nil {
			return nil, err
		}
		return claimOf(h.room.AmendClaim(ctx, api.By(ctx),
			identity.AmendInput{ID: in.ID, ClaimInput: claim, Version: version}))
	})
	api.Add(a, operation("identity.FireClaim", http.MethodPost, "/claims/{id}/steps", "办理认领"),
		func(ctx context.Context, in *struct {
			ByID
			api.Match
			api.Once
			Body ClaimStepIn
		}) (*claimOut, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return claimOf(h.room.FireClaim(ctx, api.By(ctx), identity.FireInput{ID: in.ID,
				Step: in.Body.Step, Reason: in.Body.Reason, Version: version, Key: in.Key}))
		})
}
