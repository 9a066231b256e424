// Package trailhttp holds the pages and operations of the audit trail.
package trailhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/trail"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Path of the list.
const Path = "/admin/audit"

// Handler answers for the trail.
type Handler struct {
	trail *trail.Service
	web   *web.Server
	clock clock.Clock
}

// New returns a handler.
func New(s *trail.Service, w *web.Server, c clock.Clock) *Handler { return &Handler{s, w, c} }

// Routes lists the pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: Path, Handle: h.list,
			UseCases: []string{"trail.ListEntries", "trail.CountEntries"}},
		{Method: http.MethodGet, Path: Path + "/{seq}", Handle: h.show,
			UseCases: []string{"trail.GetEntry"}},
		{Method: http.MethodGet, Path: Path + "/export", Handle: h.export,
			UseCases: []string{"trail.ExportEntries"}},
		{Method: http.MethodPost, Path: Path + "/verify", Handle: h.verify,
			UseCases: []string{"trail.VerifyEntries"}},
	}
}

// filterOf reads the filter from the address. Days are civil days in China; until counts in full.
func filterOf(q url.Values) (audit.Filter, error) {
	f := audit.Filter{
		Login: q.Get("login"), Kind: q.Get("kind"), Object: q.Get("object"),
		UseCase: q.Get("usecase"), What: q.Get("what"),
	}
	var wrong []fault.Field
	day := func(name string, add int) int64 {
		d := clock.Date(q.Get(name))
		if d == "" {
			return 0
		}
		if !d.Valid() {
			wrong = append(wrong, fault.At(name, "日期应写作 2026-11-20"))
			return 0
		}
		return clock.Us(d.AddDays(add).Start())
	}
	f.FromUs, f.ToUs = day("from", 0), day("until", 1)
	return f, fault.Fields(wrong...)
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx, by, q := r.Context(), web.Actor(r), r.URL.Query()
	f, err := filterOf(q)
	if err != nil {
		return err
	}
	page, err := h.trail.ListEntries(ctx, by, f, q.Get(web.SortParam), web.PageReq(r, 50))
	if err != nil {
		return err
	}
	n, more, err := h.trail.CountEntries(ctx, by, f)
	if err != nil {
		return err
	}
	v := h.listView(r, page.Items, q)
	v.count = i18n.T(ctx, "共 %s 条", i18n.Int(n))
	if more {
		v.count = i18n.T(ctx, "超过 %s 条", i18n.Int(n))
	}
	v.pager = web.Paging(r, page.Next, page.Prev, v.count)
	return h.web.Render(w, r, web.View{
		Page: h.web.Page(r, "审计记录"), Body: listPage(v), Part: results(v),
	})
}

func (h *Handler) listView(r *http.Request, items []audit.Record, q url.Values) listView {
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	v := listView{filters: ui.Filters{Action: Path, Label: t("筛选审计记录"), Fields: []ui.Filter{
		{Kind: ui.FilterText, Name: "login", Label: t("登录名"), Value: q.Get("login")},
		{Kind: ui.FilterText, Name: "kind", Label: t("对象类型"), Value: q.Get("kind"),
			Placeholder: "party.org"},
		{Kind: ui.FilterText, Name: "object", Label: t("对象编号"), Value: q.Get("object")},
		{Kind: ui.FilterDates, Name: "from", Label: t("日期"), Value: q.Get("from"),
			ToName: "until", ToValue: q.Get("until")},
	}}}
	v.table = ui.Table{Caption: t("审计记录"), Dense: true, Cols: []ui.Column{
		{Label: t("编号")}, {Label: t("时间")}, {Label: t("登录名")}, {Label: t("身份")},
		{Label: t("用例")}, {Label: t("对象")}, {Label: t("动作")}, {Label: t("理由")}}}
	for _, e := range items {
		seq := strconv.FormatInt(e.Seq, 10)
		v.table.Rows = append(v.table.Rows, ui.Row{ID: seq, Cells: []ui.Cell{
			{Text: i18n.Int(e.Seq), Href: Path + "/" + seq}, ui.TimeCell(r.Context(), e.AtUs),
			{Text: e.Login}, {Text: t(authz.Role(e.Role).Title()), Sub: e.Via},
			{Text: e.UseCase, Mono: true}, {Text: e.Kind, Sub: e.Object}, {Text: e.What},
			{Text: e.Reason}}})
	}
	return v
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	seq, ok := web.SeqOf(r, "seq")
	if !ok {
		return fault.New(fault.NotFound, "没有找到这条记录")
	}
	e, prev, err := h.trail.GetEntry(r.Context(), web.Actor(r), seq)
	if err != nil {
		return err
	}
	ctx := r.Context()
	t := func(s string) string { return i18n.T(ctx, s) }
	p := h.web.Page(r, "审计记录")
	p.Crumbs = []ui.Link{{Text: t("审计记录"), Href: Path}, {Text: i18n.Int(e.Seq)}}
	facts := []ui.Fact{
		{Term: t("时间"), Text: ui.TimeCell(r.Context(), e.AtUs).Text}, {Term: t("登录名"), Text: e.Login},
		{Term: t("账号编号"), Text: e.Account, Mono: true},
		{Term: t("身份"), Text: t(authz.Role(e.Role).Title())}, {Term: t("入口"), Text: e.Via},
		{Term: t("请求编号"), Text: e.Request, Mono: true}, {Term: t("用例"), Text: e.UseCase, Mono: true},
		{Term: t("对象"), Text: e.Kind + " " + e.Object, Mono: true}, {Term: t("动作"), Text: e.What},
		{Term: t("理由"), Text: e.Reason}, {Term: t("摘要算法"), Text: string(e.Algo)},
		{Term: t("本条摘要"), Text: e.Hash, Mono: true}, {Term: t("前一条摘要"), Text: prev, Mono: true},
	}
	return h.web.Render(w, r, web.View{Page: p, Body: entryPage(i18n.Int(e.Seq), facts, indent(e.Detail))})
}

// indent makes the detail readable; it is shown as it is when it is no JSON.
func indent(detail string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(detail), "", "  ") != nil {
		return detail
	}
	return b.String()
}

func (h *Handler) export(w http.ResponseWriter, r *http.Request) error {
	after, err := afterOf(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	out := web.NewDownload(w, fmt.Sprintf("yuntu-audit-%s.jsonl",
		h.clock.Now().In(clock.Shanghai).Format("20060102-150405")), "application/jsonl; charset=utf-8")
	_, err = h.trail.ExportEntries(r.Context(), web.Actor(r), after, out)
	return out.End(err)
}

func afterOf(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fault.Fields(fault.At("after", "编号应为整数"))
	}
	return n, nil
}

func (h *Handler) verify(w http.ResponseWriter, r *http.Request) error {
	proof, err := h.trail.VerifyEntries(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, Path, "审计记录完整：共 %s 条，最后一条摘要 %s",
		i18n.Int(proof.Count), proof.Hash[:min(16, len(proof.Hash))])
}

type listIn struct {
	api.Paging
	Login   string `query:"login"`
	Kind    string `query:"kind"`
	Object  string `query:"object"`
	UseCase string `query:"usecase"`
	What    string `query:"what"`
	From    string `query:"from" doc:"first day, 2006-01-02"`
	Until   string `query:"until" doc:"last day, 2006-01-02"`
	Sort    string `query:"sort" enum:"newest,oldest" default:"newest"`
}

func (in *listIn) filter() (audit.Filter, error) {
	return filterOf(url.Values{"login": {in.Login}, "kind": {in.Kind}, "object": {in.Object},
		"usecase": {in.UseCase}, "what": {in.What}, "from": {in.From}, "until": {in.Until}})
}

type listOut struct{ Body api.Page[audit.Record] }

type countOut struct {
	Body struct {
		Count int64 `json:"count"`
		More  bool  `json:"more" doc:"counting ended here, there are more"`
	}
}

type entryOut struct {
	Body struct {
		audit.Record
		Prev string `json:"prev" doc:"hash of the entry before"`
	}
}

type exportOut struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

type proofOut struct{ Body audit.Proof }

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	op := func(name, method, path, title string) api.Operation {
		return api.Operation{UseCase: "trail." + name, Method: method, Path: path, Title: title, Tag: "audit"}
	}
	api.Add(a, op("ListEntries", http.MethodGet, "/audit", "查询审计记录"),
		func(ctx context.Context, in *listIn) (*listOut, error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			page, err := h.trail.ListEntries(ctx, api.By(ctx), f, in.Sort, in.Req())
			return &listOut{api.PageOf(page)}, err
		})
	api.Add(a, op("CountEntries", http.MethodGet, "/audit/count", "统计审计记录"),
		func(ctx context.Context, in *listIn) (*countOut, error) {
			f, err := in.filter()
			if err != nil {
				return nil, err
			}
			out := &countOut{}
			out.Body.Count, out.Body.More, err = h.trail.CountEntries(ctx, api.By(ctx), f)
			return out, err
		})
	api.Add(a, op("GetEntry", http.MethodGet, "/audit/{seq}", "查看一条审计记录"),
		func(ctx context.Context, in *struct {
			Seq int64 `path:"seq" minimum:"1"`
		}) (*entryOut, error) {
			out := &entryOut{}
			var err error
			out.Body.Record, out.Body.Prev, err = h.trail.GetEntry(ctx, api.By(ctx), in.Seq)
			return out, err
		})
	api.Add(a, op("ExportEntries", http.MethodGet, "/audit/export", "导出审计记录"),
		func(ctx context.Context, in *struct {
			After int64 `query:"after" minimum:"0"`
		}) (*exportOut, error) {
			var b bytes.Buffer
			_, err := h.trail.ExportEntries(ctx, api.By(ctx), in.After, &b)
			return &exportOut{"application/jsonl; charset=utf-8", b.Bytes()}, err
		})
	api.Add(a, op("VerifyEntries", http.MethodPost, "/audit/verify", "验证审计记录"),
		func(ctx context.Context, _ *struct{}) (*proofOut, error) {
			proof, err := h.trail.VerifyEntries(ctx, api.By(ctx))
			return &proofOut{proof}, err
		})
}
