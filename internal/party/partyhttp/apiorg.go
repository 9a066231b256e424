package partyhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
)

// orgListIn asks for a page of organisations.
type orgListIn struct {
	OrgQuery
	api.Paging
}

// FormatIn asks for a file.
type FormatIn struct {
	Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
}

// step is a step of the life cycle as the API shows it.
type step struct {
	Step    string `json:"step"`
	Title   string `json:"title"`
	To      string `json:"to"`
	Allowed bool   `json:"allowed"`
	WhyNot  string `json:"whyNot,omitempty"`
	Reason  bool   `json:"reason" doc:"a reason must be given"`
	DueUs   int64  `json:"dueUs,omitempty"`
}

func stepOf(ctx context.Context, s process.Offer) step {
	out := step{Step: s.Step, Title: i18n.T(ctx, s.Title), To: s.To, Allowed: s.Allowed,
		Reason: s.Needs&process.Reason != 0, DueUs: s.DueUs}
	if s.WhyNot != nil {
		out.WhyNot = i18n.Fault(i18n.From(ctx), s.WhyNot)
	}
	return out
}

func (h *Handler) orgReads(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "party.ListOrganisations", Method: get, Path: "/orgs",
		Title: "组织列表", Public: true}, h.apiListOrgs)
	add(a, api.Operation{UseCase: "party.CountOrganisations", Method: get, Path: "/orgs/count",
		Title: "组织数量", Public: true},
		func(ctx context.Context, in *OrgQuery) (*kit.Body[count], error) {
			f, err := h.filter(*in)
			if err != nil {
				return nil, err
			}
			return countOf(h.party.CountOrganisations(ctx, api.By(ctx), f))
		})
	add(a, api.Operation{UseCase: "party.ExportOrganisations", Method: get, Path: "/orgs/export",
		Title: "导出组织"}, h.apiExportOrgs)
	add(a, api.Operation{UseCase: "party.SimilarOrganisations", Method: get, Path: "/orgs/similar",
		Title: "相近的组织", Public: true}, h.apiSimilarOrgs)
	add(a, api.Operation{UseCase: "party.GetOrganisation", Method: get, Path: "/orgs/{id}",
		Title: "组织档案", Public: true}, h.apiGetOrg)
	add(a, api.Operation{UseCase: "party.OrganisationBeside", Method: get,
		Path: "/orgs/{id}/beside", Title: "列表中的上一个和下一个组织", Public: true}, h.apiOrgBeside)
	add(a, api.Operation{UseCase: "party.OrgSteps", Method: get, Path: "/orgs/{id}/steps",
		Title: "可办理的步骤", Public: true}, h.apiOrgSteps)
	add(a, api.Operation{UseCase: "party.Timeline", Method: get, Path: "/orgs/{id}/timeline",
		Title: "组织档案的时间线"}, h.apiTimeline)
	add(a, api.Operation{UseCase: "party.OrganisationSources", Method: get,
		Path: "/orgs/{id}/sources", Title: "各字段的来源", Public: true},
		func(ctx context.Context, in *ByID) (*kit.Body[[]party.FieldSource], error) {
			out, err := h.party.OrganisationSources(ctx, api.By(ctx), in.ID)
			return kit.BodyOf(kit.List(out), err)
		})
	add(a, api.Operation{UseCase: "party.OrganisationMerges", Method: get,
		Path: "/orgs/{id}/merges", Title: "合并记录"},
		func(ctx context.Context, in *ByID) (*kit.Body[[]party.MergeRecord], error) {
			out, err := h.party.OrganisationMerges(ctx, api.By(ctx), in.ID)
			return kit.BodyOf(kit.List(out), err)
		})
}

func (h *Handler) apiListOrgs(
	ctx context.Context, in *orgListIn,
) (*kit.Body[api.Page[party.Org]], error) {
	f, err := h.filter(in.OrgQuery)
	if err != nil {
		return nil, err
	}
	page, err := h.party.ListOrganisations(ctx, api.By(ctx), f, in.Sort, in.Req())
	return kit.BodyOf(api.PageOf(page), err)
}

func (h *Handler) apiExportOrgs(_ context.Context, in *struct {
	OrgQuery
	FormatIn
}) (*api.Stream, error) {
	f, err := h.filter(in.OrgQuery)
	if err != nil {
		return nil, err
	}
	return api.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
		return h.exportOrgs(w, r, in.OrgQuery, f, in.Format)
	}), nil
}

func (h *Handler) apiSimilarOrgs(ctx context.Context, in *struct {
	Name   string `query:"name" maxLength:"500"`
	USCC   string `query:"uscc" maxLength:"100"`
	Except string `query:"except" maxLength:"64"`
}) (*kit.Body[[]party.Similar], error) {
	out, err := h.party.SimilarOrganisations(ctx, api.By(ctx),
		party.SimilarInput{Name: in.Name, USCC: in.USCC, Except: in.Except})
	return kit.BodyOf(kit.List(out), err)
}

func (h *Handler) apiGetOrg(ctx context.Context, in *struct {
	ByID
	IfNone
}) (*kit.Record[party.Org], error) {
	o, err := h.party.GetOrganisation(ctx, api.By(ctx), in.ID)
	if err == nil {
		err = in.unchanged(o.Version)
	}
	return kit.RecordOf(o, o.Version, err)
}

func (h *Handler) apiOrgBeside(ctx context.Context, in *struct {
	ByID
	OrgQuery
}) (*kit.Body[party.Beside], error) {
	f, err := h.filter(in.OrgQuery)
	if err != nil {
		return nil, err
	}
	return kit.BodyOf(h.party.OrganisationBeside(ctx, api.By(ctx), in.ID, f, in.Sort))
}

func (h *Handler) apiOrgSteps(ctx context.Context, in *ByID) (*kit.Body[[]step], error) {
	o, err := h.party.GetOrganisation(ctx, api.By(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	offers, err := h.party.OrgSteps(ctx, api.By(ctx), o)
	out := []step{}
	for _, s := range offers {
		out = append(out, stepOf(ctx, s))
	}
	return kit.BodyOf(out, err)
}

func (h *Handler) apiTimeline(ctx context.Context, in *struct {
	ByID
	api.Paging
}) (*kit.Body[api.Page[party.TimelineEntry]], error) {
	page, err := h.party.Timeline(ctx, api.By(ctx), in.ID, in.Req())
	return kit.BodyOf(api.PageOf(page), err)
}

func (h *Handler) orgWrites(a *api.API) {
	const post = http.MethodPost
	add(a, api.Operation{UseCase: "party.CreateOrganisation", Method: post, Path: "/orgs",
		Title: "登记组织", Status: http.StatusCreated}, h.apiCreateOrg)
	add(a, api.Operation{UseCase: "party.UpdateOrganisation", Method: http.MethodPut,
		Path: "/orgs/{id}", Title: "修改组织"}, h.apiUpdateOrg)
	add(a, api.Operation{UseCase: "party.FireOrganisation", Method: post, Path: "/orgs/{id}/steps",
		Title: "办理步骤"}, h.apiFireOrg)
	add(a, api.Operation{UseCase: "party.RevealContact", Method: post,
		Path: "/orgs/{id}/reveal", Title: "查看完整联系方式（留痕）"}, h.apiRevealContact)
	add(a, api.Operation{UseCase: "party.AddAlias", Method: post, Path: "/orgs/{id}/aliases",
		Title: "添加其他名称"}, h.apiAddAlias)
	add(a, api.Operation{UseCase: "party.RemoveAlias", Method: http.MethodDelete,
		Path: "/orgs/{id}/aliases/{alias}", Title: "删除其他名称"}, h.apiRemoveAlias)
	add(a, api.Operation{UseCase: "party.MergeOrganisations", Method: post,
		Path: "/orgs/{id}/merge", Title: "合并组织"}, h.apiMerge)
	add(a, api.Operation{UseCase: "party.SplitOrganisation", Method: post,
		Path: "/orgs/{id}/split", Title: "拆分组织"}, h.apiSplit)
}

func (h *Handler) apiCreateOrg(ctx context.Context, in *struct {
	api.Once
	Body party.NewOrg
}) (*kit.Record[party.Org], error) {
	in.Body.Key = in.Once.Key
	o, err := h.party.CreateOrganisation(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(o, o.Version, err)
}

func (h *Handler) apiUpdateOrg(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body party.OrgUpdate
}) (*kit.Record[party.Org], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	in.Body.ID, in.Body.Version, in.Body.Key = in.ID, version, in.Once.Key
	o, err := h.party.UpdateOrganisation(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(o, o.Version, err)
}

func (h *Handler) apiFireOrg(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body struct {
		Step   string `json:"step"`
		Reason string `json:"reason,omitempty"`
	}
}) (*kit.Record[party.Org], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if in.Body.Step == "" {
		return nil, fault.Fields(fault.At("step", "请选择一项"))
	}
	o, err := h.party.FireOrganisation(ctx, api.By(ctx), party.OrgStep{ID: in.ID, Step: in.Body.Step,
		Reason: in.Body.Reason, Version: version, Key: in.Key})
	return kit.RecordOf(o, o.Version, err)
}

func (h *Handler) apiRevealContact(ctx context.Context, in *struct {
	ByID
	Body party.ContactField
}) (*kit.Body[map[string]string], error) {
	in.Body.Org = in.ID
	value, err := h.party.RevealContact(ctx, api.By(ctx), in.Body)
	return kit.BodyOf(map[string]string{in.Body.Field: value}, err)
}

func (h *Handler) apiAddAlias(ctx context.Context, in *struct {
	ByID
	api.Match
	api.Once
	Body struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
}) (*kit.Record[party.Org], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	o, err := h.party.AddAlias(ctx, api.By(ctx), party.NewAlias{Org: in.ID, Name: in.Body.Name,
		Kind: in.Body.Kind, Version: version, Key: in.Key})
	return kit.RecordOf(o, o.Version, err)
}

func (h *Handler) apiRemoveAlias(ctx context.Context, in *struct {
	ByID
	api.Match
	Alias string `path:"alias" maxLength:"64"`
}) (*kit.Record[party.Org], error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	o, err := h.party.RemoveAlias(ctx, api.By(ctx),
		party.AliasRemoval{Org: in.ID, ID: in.Alias, Version: version})
	return kit.RecordOf(o, o.Version, err)
}

// mergeIn is a merge as a page asks for it: the record that is kept stands in the address.
type mergeIn struct {
	KeepVersion int64    `json:"keepVersion"`
	Drop        string   `json:"drop" doc:"id of the record that becomes part of the other"`
	DropVersion int64    `json:"dropVersion"`
	Take        []string `json:"take,omitempty" doc:"fields whose value comes from the dropped one"`
	Reason      string   `json:"reason"`
	TwoCodes    bool     `json:"twoCodes,omitempty" doc:"two different credit codes are known"`
}

func (h *Handler) apiMerge(ctx context.Context, in *struct {
	ByID
	api.Once
	Body mergeIn
}) (*kit.Record[party.Org], error) {
	b := in.Body
	o, err := h.party.MergeOrganisations(ctx, api.By(ctx), party.Merge{Keep: in.ID,
		KeepVersion: b.KeepVersion, Drop: b.Drop, DropVersion: b.DropVersion, Take: b.Take,
		Reason: b.Reason, TwoCodes: b.TwoCodes, Key: in.Key})
	return kit.RecordOf(o, o.Version, err)
}

func (h *Handler) apiSplit(ctx context.Context, in *struct {
	ByID
	api.Once
	Body party.Split
}) (*kit.Record[party.SplitResult], error) {
	in.Body.Dropped, in.Body.Key = in.ID, in.Once.Key
	out, err := h.party.SplitOrganisation(ctx, api.By(ctx), in.Body)
	return kit.RecordOf(out, out.Org.Version, err)
}
