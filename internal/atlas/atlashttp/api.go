package atlashttp

import (
	"context"
	"net/http"
	"net/url"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/region"
)

// QueryIn is a query of the map as an address says it. Like those of the pages, a parameter may be there
// several times.
type QueryIn struct {
	Q      []string `query:"q,explode" doc:"the query language of the search box: kind:need word:(chip|wafer) steel"`
	Kind   []string `query:"kind,explode" doc:"kinds, separated by commas"`
	Region []string `query:"region,explode" doc:"GB/T 2260 codes, with everything inside"`
	Field  []string `query:"field,explode" doc:"technical fields, 01 to 11"`
	Six    []string `query:"six,explode" doc:"classes of the six new"`
	Gap    []string `query:"gap,explode" doc:"what is missing: region, field, six, point, place, open"`
	From   []string `query:"from,explode" doc:"came up at or after this day"`
	To     []string `query:"to,explode" doc:"came up at or before this day"`
	Since  []string `query:"since,explode" doc:"changed at or after this day"`
	AsOf   []string `query:"asof,explode" doc:"somebody said at or after this day that it is so"`
	AsOfTo []string `query:"asofto,explode" doc:"and at or before this day"`
	Box    []string `query:"box,explode" doc:"west/south/east/north in degrees: has a point in it"`
}

func (h *Handler) read(in QueryIn) (atlas.Query, error) {
	return atlas.FromAddress(url.Values{"q": in.Q, "kind": in.Kind, "region": in.Region, "field": in.Field,
		"six": in.Six, "gap": in.Gap, "from": in.From, "to": in.To, "since": in.Since, "asof": in.AsOf,
		"asofto": in.AsOfTo, "box": in.Box}, h.atlas.Names())
}

func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = "atlas"
	api.Add(a, op, handle)
}

// Operations adds the operations of the room.
func (h *Handler) Operations(a *api.API) {
	h.mapOps(a)
	h.nodeOps(a)
	h.networkOps(a)
	h.correctionOps(a)
	h.correctionWrites(a)
	h.ruleOps(a)
	h.viewOps(a)
	h.shareOps(a)
	h.boundaryOps(a)
}

// CountBody is the answer to counting.
type CountBody struct {
	N int64 `json:"n"`
}

func (h *Handler) mapOps(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "atlas.Overview", Method: get, Path: "/atlas/overview", Public: true,
		Title: "云图概览"}, func(ctx context.Context, in *QueryIn) (*kit.Body[atlas.Overview], error) {
		q, err := h.read(*in)
		if err != nil {
			return nil, err
		}
		return kit.BodyOf(h.atlas.Overview(ctx, api.By(ctx), q))
	})
	add(a, api.Operation{UseCase: "atlas.Points", Method: get, Path: "/atlas/points", Public: true,
		Title: "云图点位"}, func(ctx context.Context, in *QueryIn) (*kit.Body[atlas.Points], error) {
		q, err := h.read(*in)
		if err != nil {
			return nil, err
		}
		return kit.BodyOf(h.atlas.Points(ctx, api.By(ctx), q))
	})
	add(a, api.Operation{UseCase: "atlas.ListNodes", Method: get, Path: "/atlas/nodes", Public: true,
		Title: "云图记录列表"}, func(ctx context.Context, in *struct {
		QueryIn
		Sort string `query:"sort" enum:"newest,updated,title,region"`
		api.Paging
	}) (*kit.Body[api.Page[atlas.Node]], error) {
		q, err := h.read(in.QueryIn)
		if err != nil {
			return nil, err
		}
		page, err := h.atlas.ListNodes(ctx, api.By(ctx), q, in.Sort, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "atlas.CountNodes", Method: get, Path: "/atlas/count", Public: true,
		Title: "云图记录数"}, func(ctx context.Context, in *QueryIn) (*kit.Body[CountBody], error) {
		q, err := h.read(*in)
		if err != nil {
			return nil, err
		}
		n, err := h.atlas.CountNodes(ctx, api.By(ctx), q)
		return kit.BodyOf(CountBody{n}, err)
	})
	add(a, api.Operation{UseCase: "atlas.WriteNodes", Method: get, Path: "/atlas/export", Title: "导出云图清单"},
		func(ctx context.Context, in *struct {
			QueryIn
			Sort   string `query:"sort" enum:"newest,updated,title,region"`
			Format string `query:"format" doc:"xlsx or csv"`
		}) (*kit.Stream, error) {
			if err := atlas.NodePolicy.May(api.By(ctx), atlas.ActNodeExport, atlas.Node{}); err != nil {
				return nil, err
			}
			q, err := h.read(in.QueryIn)
			if err != nil {
				return nil, err
			}
			if _, err := formatOf(in.Format); err != nil {
				return nil, err
			}
			return kit.StreamOf(func(w http.ResponseWriter, r *http.Request) error {
				return h.send(w, r, asked{q: q, sort: in.Sort}, in.Format)
			}), nil
		})
}

func (h *Handler) nodeOps(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "atlas.GroundOf", Method: get, Path: "/atlas/ground", Public: true,
		Title: "地图边界图形"}, func(ctx context.Context, in *struct {
		City string `query:"city" doc:"GB/T 2260 code; the site's city when empty"`
	}) (*kit.Body[atlas.Ground], error) {
		city := region.Code(in.City)
		if city == "" {
			city = h.atlas.Home().City()
		}
		g, err := h.atlas.GroundOf(ctx, city)
		g.Shapes = kit.List(g.Shapes)
		return kit.BodyOf(g, err)
	})
	add(a, api.Operation{UseCase: "atlas.GetNode", Method: get, Path: "/atlas/nodes/{id}", Public: true,
		Title: "云图记录"}, func(ctx context.Context, in *kit.ByID) (*kit.Body[atlas.Record], error) {
		return kit.BodyOf(h.atlas.GetNode(ctx, api.By(ctx), in.ID))
	})
	add(a, api.Operation{UseCase: "atlas.SetMark", Method: http.MethodPost, Path: "/atlas/nodes/{id}/marks",
		Title: "更正归类"}, func(ctx context.Context, in *struct {
		kit.ByID
		api.Once
		Body atlas.NewMark
	}) (*kit.Body[atlas.Mark], error) {
		in.Body.Node, in.Body.Key = in.ID, in.Key
		return kit.BodyOf(h.atlas.SetMark(ctx, api.By(ctx), in.Body))
	})
}

func (h *Handler) networkOps(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "atlas.Ego", Method: get, Path: "/atlas/nodes/{id}/network", Public: true,
		Title: "合作网络"}, func(ctx context.Context, in *struct {
		kit.ByID
		Depth int `query:"depth" doc:"steps outwards, 1 or 2"`
	}) (*kit.Body[atlas.Network], error) {
		return kit.BodyOf(h.atlas.Ego(ctx, api.By(ctx), in.ID, in.Depth))
	})
	add(a, api.Operation{UseCase: "atlas.Path", Method: get, Path: "/atlas/nodes/{id}/path", Public: true,
		Title: "最短联系"}, func(ctx context.Context, in *struct {
		kit.ByID
		To string `query:"to" maxLength:"64"`
	}) (*kit.Body[atlas.Route], error) {
		return kit.BodyOf(h.atlas.Path(ctx, api.By(ctx), in.ID, in.To))
	})
}

// CorrectionView is a correction with everything its page shows.
type CorrectionView struct {
	atlas.Correction
	Steps   []kit.OfferView `json:"steps"`
	History []kit.EventView `json:"history"`
}

func correctionView(ctx context.Context, d atlas.CorrectionDetail) CorrectionView {
	return CorrectionView{d.Correction, kit.Offers(ctx, d.Offers), kit.Events(d.History)}
}

// StatesBody is how many corrections stand in each state.
type StatesBody struct {
	States map[string]int64 `json:"states"`
}

func (h *Handler) correctionOps(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "atlas.ListCorrections", Method: get, Path: "/atlas/corrections",
		Title: "云图纠错列表"}, func(ctx context.Context, in *struct {
		State string `query:"state"`
		Node  string `query:"node"`
		Open  bool   `query:"open"`
		Mine  bool   `query:"mine"`
		api.Paging
	}) (*kit.Body[api.Page[atlas.Correction]], error) {
		if !atlas.CorrectionPolicy.Could(api.By(ctx), atlas.ActCorrectionRead) {
			return nil, kit.ErrRole()
		}
		page, err := h.atlas.ListCorrections(ctx, api.By(ctx), atlas.CorrectionFilter{State: in.State,
			Node: in.Node, Open: in.Open, Mine: in.Mine}, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "atlas.CountCorrections", Method: get, Path: "/atlas/corrections/counts",
		Title: "云图纠错计数"}, func(ctx context.Context, in *struct {
		Node string `query:"node"`
	}) (*kit.Body[StatesBody], error) {
		if !atlas.CorrectionPolicy.Could(api.By(ctx), atlas.ActCorrectionRead) {
			return nil, kit.ErrRole()
		}
		n, err := h.atlas.CountCorrections(ctx, api.By(ctx), atlas.CorrectionFilter{Node: in.Node})
		return kit.BodyOf(StatesBody{n}, err)
	})
	add(a, api.Operation{UseCase: "atlas.GetCorrection", Method: get, Path: "/atlas/corrections/{id}",
		Title: "云图纠错档案"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[CorrectionView], error) {
		d, err := h.atlas.GetCorrection(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(correctionView(ctx, d), d.Version, err)
	})
	add(a, api.Operation{UseCase: "atlas.OpenReceipt", Method: get, Path: "/atlas/receipts/{receipt}",
		Public: true, Title: "凭回执查询纠错"}, func(ctx context.Context, in *struct {
		Receipt string `path:"receipt" maxLength:"100"`
	}) (*kit.Body[CorrectionView], error) {
		d, err := h.atlas.OpenReceipt(ctx, in.Receipt)
		v := correctionView(ctx, d)
		for i := range v.History {
			v.History[i].Login = ""
		}
		return kit.BodyOf(v, err)
	})
}

func (h *Handler) correctionWrites(a *api.API) {
	add(a, api.Operation{UseCase: "atlas.Report", Method: http.MethodPost, Path: "/atlas/corrections",
		Public: true, Title: "提交纠错", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body atlas.NewCorrection
	}) (*kit.Record[atlas.Reported], error) {
		in.Body.Key = in.Key
		c, err := h.atlas.Report(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(c, c.Version, err)
	})
	add(a, api.Operation{UseCase: "atlas.FireCorrection", Method: http.MethodPost,
		Path: "/atlas/corrections/{id}/steps", Title: "办理纠错"},
		func(ctx context.Context, in *kit.StepReq) (*kit.Record[atlas.Correction], error) {
			version, err := in.Read()
			if err != nil {
				return nil, err
			}
			c, err := h.atlas.FireCorrection(ctx, api.By(ctx), atlas.CorrectionStep{ID: in.ID,
				Step: in.Body.Step, Reason: in.Body.Reason, Version: version, Key: in.Key})
			return kit.RecordOf(c, c.Version, err)
		})
}

// RulesBody are the rules of classes.
type RulesBody struct {
	Items []atlas.Rule `json:"items"`
}

func (h *Handler) ruleOps(a *api.API) {
	add(a, api.Operation{UseCase: "atlas.ListRules", Method: http.MethodGet, Path: "/atlas/rules", Public: true,
		Title: "云图归类规则"}, func(ctx context.Context, _ *struct{}) (*kit.Body[RulesBody], error) {
		list, err := h.atlas.ListRules(ctx, api.By(ctx))
		return kit.BodyOf(RulesBody{kit.List(list)}, err)
	})
	add(a, api.Operation{UseCase: "atlas.AddRule", Method: http.MethodPost, Path: "/atlas/rules",
		Title: "启用新规则", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body atlas.NewRule
	}) (*kit.Body[atlas.Rule], error) {
		in.Body.Key = in.Key
		return kit.BodyOf(h.atlas.AddRule(ctx, api.By(ctx), in.Body))
	})
}

// Seen names a record that was seen at a version. Its name is exported because the parameters of an
// embedded struct are read only where the struct's name is.
type Seen struct {
	kit.ByID
	api.Match
}

func (h *Handler) viewOps(a *api.API) {
	const get = http.MethodGet
	add(a, api.Operation{UseCase: "atlas.ListViews", Method: get, Path: "/atlas/views", Public: true,
		Title: "云图视图列表"}, func(ctx context.Context, in *struct {
		Clusters bool   `query:"clusters" doc:"only those of clusters"`
		Q        string `query:"q" maxLength:"200" doc:"words of the name, the cluster, the description and the conditions"`
		api.Paging
	}) (*kit.Body[api.Page[atlas.View]], error) {
		page, err := h.atlas.ListViews(ctx, api.By(ctx), atlas.ViewFilter{Clusters: in.Clusters,
			Query: in.Q}, in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "atlas.GetView", Method: get, Path: "/atlas/views/{id}", Public: true,
		Title: "云图视图"}, func(ctx context.Context, in *kit.ByID) (*kit.Record[atlas.View], error) {
		v, err := h.atlas.GetView(ctx, api.By(ctx), in.ID)
		return kit.RecordOf(v, v.Version, err)
	})
	add(a, api.Operation{UseCase: "atlas.CreateView", Method: http.MethodPost, Path: "/atlas/views",
		Title: "保存视图", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body atlas.ViewInput
	}) (*kit.Record[atlas.View], error) {
		in.Body.Key = in.Key
		v, err := h.atlas.CreateView(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(v, v.Version, err)
	})
	add(a, api.Operation{UseCase: "atlas.UpdateView", Method: http.MethodPut, Path: "/atlas/views/{id}",
		Title: "修改视图"}, func(ctx context.Context, in *struct {
		Seen
		Body atlas.ViewInput
	}) (*kit.Record[atlas.View], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		in.Body.ID, in.Body.Version = in.ID, version
		v, err := h.atlas.UpdateView(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(v, v.Version, err)
	})
	add(a, api.Operation{UseCase: "atlas.DropView", Method: http.MethodDelete, Path: "/atlas/views/{id}",
		Title: "删除视图", Status: http.StatusNoContent}, func(ctx context.Context, in *Seen) (*kit.None, error) {
		version, err := in.Version()
		if err == nil {
			err = h.atlas.DropView(ctx, api.By(ctx), in.ID, version)
		}
		return &kit.None{}, err
	})
}

// SharedView is what an address with a token shows.
type SharedView struct {
	Kind  string      `json:"kind"`
	Name  string      `json:"name,omitempty"`
	Lead  string      `json:"lead,omitempty"`
	Query atlas.Query `json:"query"`
}

func (h *Handler) shareOps(a *api.API) {
	add(a, api.Operation{UseCase: "atlas.ListShares", Method: http.MethodGet, Path: "/atlas/shares",
		Title: "云图访问地址列表"}, func(ctx context.Context, in *api.Paging) (*kit.Body[api.Page[atlas.Share]], error) {
		page, err := h.atlas.ListShares(ctx, api.By(ctx), in.Req())
		return kit.BodyOf(api.PageOf(page), err)
	})
	add(a, api.Operation{UseCase: "atlas.AddShare", Method: http.MethodPost, Path: "/atlas/shares",
		Title: "生成访问地址", Status: http.StatusCreated}, func(ctx context.Context, in *struct {
		api.Once
		Body atlas.NewShare
	}) (*kit.Record[atlas.Shared], error) {
		in.Body.Key = in.Key
		x, err := h.atlas.AddShare(ctx, api.By(ctx), in.Body)
		return kit.RecordOf(x, x.Version, err)
	})
	add(a, api.Operation{UseCase: "atlas.EndShare", Method: http.MethodDelete, Path: "/atlas/shares/{id}",
		Title: "收回访问地址", Status: http.StatusNoContent}, func(ctx context.Context, in *Seen) (*kit.None, error) {
		version, err := in.Version()
		if err == nil {
			err = h.atlas.EndShare(ctx, api.By(ctx), in.ID, version)
		}
		return &kit.None{}, err
	})
	add(a, api.Operation{UseCase: "atlas.OpenShare", Method: http.MethodGet, Path: "/atlas/shared/{kind}/{token}",
		Public: true, Title: "凭访问地址查看"}, func(ctx context.Context, in *struct {
		Kind  string `path:"kind" maxLength:"10"`
		Token string `path:"token" maxLength:"100"`
	}) (*kit.Body[SharedView], error) {
		x, _, err := h.atlas.OpenShare(ctx, in.Kind, in.Token)
		return kit.BodyOf(SharedView{x.Kind, x.Name, x.Lead, x.Query}, err)
	})
}

// boundaryBytes bounds an upload of outlines with the form around it.
const boundaryBytes = 48 << 20

func (h *Handler) boundaryOps(a *api.API) {
	add(a, api.Operation{UseCase: "atlas.ListBoundaries", Method: http.MethodGet, Path: "/atlas/boundaries",
		Public: true, Title: "地图边界列表"},
		func(ctx context.Context, in *api.Paging) (*kit.Body[api.Page[atlas.Boundary]], error) {
			page, err := h.atlas.ListBoundaries(ctx, api.By(ctx), in.Req())
			return kit.BodyOf(api.PageOf(page), err)
		})
	add(a, api.Operation{UseCase: "atlas.ImportBoundary", Method: http.MethodPost, Path: "/atlas/boundaries",
		Title: "导入边界", Status: http.StatusCreated, Maximum: boundaryBytes},
		func(ctx context.Context, in *struct {
			api.Once
			api.Upload[atlas.BoundaryData]
		}) (*kit.Record[atlas.Boundary], error) {
			if err := atlas.BoundaryPolicy.May(api.By(ctx), atlas.ActBoundaryImport, atlas.Boundary{}); err != nil {
				return nil, err
			}
			data, files, err := in.Upload.Read()
			if err != nil {
				return nil, err
			}
			if len(files) != 1 {
				return nil, fault.Fields(fault.At("file", "请选择文件"))
			}
			f, err := files[0].Open()
			if err != nil {
				return nil, err
			}
			defer f.Close()
			b, err := h.atlas.ImportBoundary(ctx, api.By(ctx), atlas.NewBoundary{BoundaryData: data, File: f, Key: in.Key})
			return kit.RecordOf(b, b.Version, err)
		})
	add(a, api.Operation{UseCase: "atlas.UseBoundary", Method: http.MethodPut, Path: "/atlas/boundaries/{id}",
		Title: "启用或停用边界"}, func(ctx context.Context, in *struct {
		Seen
		Body struct {
			Use bool `json:"use"`
		}
	}) (*kit.Record[atlas.Boundary], error) {
		version, err := in.Version()
		if err != nil {
			return nil, err
		}
		b, err := h.atlas.UseBoundary(ctx, api.By(ctx), in.ID, in.Body.Use, version)
		return kit.RecordOf(b, b.Version, err)
	})
}
