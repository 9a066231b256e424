package homehttp

import (
	"context"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// intake counts what waits to be checked: new records and claims.
func (h *Handler) intake(ctx context.Context, by authz.Actor, v *workView) error {
	place, query := region.Code(""), ""
	if by.Role == authz.District {
		place, query = region.Code(by.Region), "&region="+by.Region
	}
	for _, s := range []struct{ state, title string }{
		{party.Pending, "待核验的组织"}, {party.Returned, "已退回待补正的组织"}} {
		n, err := h.Registry.CountOrganisations(ctx, by, party.OrgFilter{State: s.state, Region: place})
		if err != nil {
			return err
		}
		v.wait(ctx, s.title, n, "家", listOf("state", s.state)+query)
	}
	n, err := h.People.CountClaims(ctx, by, identity.ClaimFilter{State: identity.ClaimSubmitted})
	if err != nil {
		return err
	}
	v.wait(ctx, "待审核的认领", n, "件", "/claims?state="+identity.ClaimSubmitted)
	if n, err = h.People.CountClaims(ctx, by, identity.ClaimFilter{Late: true}); err != nil {
		return err
	}
	v.wait(ctx, "超期未办的认领", n, "件", "/claims?state=overdue")
	return nil
}

// wait adds a figure; title and unit are Chinese keys.
func (v *workView) wait(ctx context.Context, title string, n int64, unit, href string) {
	v.waits = append(v.waits, chart.KeyFigure{Name: i18n.T(ctx, title), Value: i18n.Int(n),
		Unit: i18n.T(ctx, unit), Href: href})
}

var importStates = map[string]string{
	party.ImportChecking: "检查中", party.ImportReady: "检查通过，待执行", party.ImportFaulty: "有问题，待修改",
	party.ImportRunning: "导入中", party.ImportDone: "已导入", party.ImportFailed: "失败，未导入",
	party.ImportCancelled: "已取消",
}

// imports lists what the actor imported, and counts the own background jobs.
func (h *Handler) imports(ctx context.Context, by authz.Actor, v *workView) error {
	page, err := h.Registry.ListImports(ctx, by, db.PageReq{Limit: maxLines})
	if err != nil {
		return err
	}
	b := block{title: i18n.T(ctx, "我的导入"), none: i18n.T(ctx, "还没有导入过文件。"),
		all: ui.Link{Text: i18n.T(ctx, "导入组织"), Href: "/orgs/import"}}
	for _, x := range page.Items {
		base := "/orgs/import/"
		if x.Kind == party.ImportPeople {
			base = "/people/import/"
		}
		b.links = append(b.links, ui.Link{Text: x.FileName, Href: base + x.ID,
			Note: i18n.T(ctx, importStates[x.State])})
	}
	v.blocks = append(v.blocks, b)
	counts, err := h.Jobs.Count(ctx, by, job.Filter{Owner: by.Account})
	if err != nil {
		return err
	}
	busy := counts[job.Running] + counts[job.Available] + counts[job.Retryable]
	v.wait(ctx, "进行中的后台任务", busy, "个", "/admin/jobs?mine=1")
	return nil
}

// ownOrg shows where the record of one's organisation stands.
func (h *Handler) ownOrg(ctx context.Context, by authz.Actor, v *workView) error {
	if by.Org == "" {
		return nil
	}
	o, err := h.Registry.GetOrganisation(ctx, by, by.Org)
	if err != nil {
		return err
	}
	states := map[string]string{party.Pending: "待核验", party.Returned: "已退回，请补正",
		party.Verified: "已核验，对外公开", party.Ceased: "已注销"}
	v.blocks = append(v.blocks, block{title: i18n.T(ctx, "本单位档案"), links: []ui.Link{
		{Text: o.Name, Href: "/orgs/" + o.ID, Note: i18n.T(ctx, states[o.State])},
		{Text: i18n.T(ctx, "修改档案"), Href: "/orgs/" + o.ID + "/edit",
			Note: i18n.T(ctx, "更新于 %s", i18n.Date(i18n.From(ctx), clock.DateOf(clock.Time(o.UpdatedUs))))},
	}})
	return nil
}

// ownClaims counts the claims that somebody handed in.
func (h *Handler) ownClaims(ctx context.Context, by authz.Actor, v *workView) error {
	for _, s := range []struct{ state, title string }{
		{identity.ClaimSubmitted, "审核中的认领"}, {identity.ClaimReturned, "待补正的认领"}} {
		n, err := h.People.CountClaims(ctx, by, identity.ClaimFilter{State: s.state, Mine: true})
		if err != nil {
			return err
		}
		v.wait(ctx, s.title, n, "件", "/claims?mine=1&state="+s.state)
	}
	v.blocks = append(v.blocks, block{title: i18n.T(ctx, "常用入口"), links: []ui.Link{
		{Text: i18n.T(ctx, "认领本单位"), Href: "/claim"}, {Text: i18n.T(ctx, "个人资料"), Href: "/account"},
		{Text: i18n.T(ctx, "查组织"), Href: "/orgs"}}})
	return nil
}

// operation shows the system administrator what runs and what failed.
func (h *Handler) operation(ctx context.Context, by authz.Actor, v *workView) error {
	counts, err := h.Jobs.Count(ctx, by, job.Filter{})
	if err != nil {
		return err
	}
	for _, s := range []struct {
		state job.State
		title string
	}{{job.Discarded, "失败的任务"}, {job.Retryable, "等待重试的任务"}, {job.Running, "进行中的任务"}} {
		v.wait(ctx, s.title, counts[s.state], "个", "/admin/jobs?state="+string(s.state))
	}
	free, total := h.Disk()
	if total > 0 {
		v.waits = append(v.waits, chart.KeyFigure{Name: i18n.T(ctx, "数据盘剩余"),
			Value: i18n.Decimal(int64(free>>20)*10/1024, 1), Unit: "GB",
			Delta: i18n.T(ctx, "占 %d%%", int64(free*100/total))})
	}
	return nil
}

// backups shows how old the last good backup is.
func (h *Handler) backups(ctx context.Context, by authz.Actor, v *workView) error {
	files, err := h.Backups.List(ctx, by)
	if err != nil {
		return err
	}
	b := block{title: i18n.T(ctx, "备份"), none: i18n.T(ctx, "还没有备份，请先做一次。"),
		all: ui.Link{Text: i18n.T(ctx, "全部备份"), Href: "/admin/backups"}}
	l := i18n.From(ctx)
	for _, f := range files[:min(len(files), 3)] {
		note := i18n.T(ctx, "已验证可恢复")
		if !f.Good {
			note = i18n.T(ctx, "不能恢复")
		}
		b.links = append(b.links, ui.Link{Text: i18n.DateTime(l, f.At), Href: "/admin/backups",
			Note: note + " · " + i18n.Ago(l, f.At, h.Clock.Now())})
	}
	v.blocks = append(v.blocks, b, block{title: i18n.T(ctx, "系统"), links: []ui.Link{
		{Text: i18n.T(ctx, "账号"), Href: "/admin/accounts"}, {Text: i18n.T(ctx, "字典"), Href: "/admin/dict"},
		{Text: i18n.T(ctx, "工作日历"), Href: "/admin/dict/calendar"},
		{Text: i18n.T(ctx, "站点设置"), Href: "/admin/site"}}})
	return nil
}

// grants shows the security administrator which roles were given last.
func (h *Handler) grants(ctx context.Context, by authz.Actor, v *workView) error {
	page, err := h.People.ListRoles(ctx, by, identity.RoleFilter{}, db.PageReq{Limit: maxLines})
	if err != nil {
		return err
	}
	b := block{title: i18n.T(ctx, "最近的角色授权"), none: i18n.T(ctx, "还没有授予过角色。"),
		all: ui.Link{Text: i18n.T(ctx, "角色授权"), Href: "/admin/roles"}}
	for _, g := range page.Items {
		b.links = append(b.links, ui.Link{Text: g.Name + " · " + i18n.T(ctx, g.Role.Title()),
			Href: "/admin/accounts/" + g.Account,
			Note: i18n.DateTime(i18n.From(ctx), clock.Time(g.GrantedUs))})
	}
	v.blocks = append(v.blocks, b, block{title: i18n.T(ctx, "安全管理"), links: []ui.Link{
		{Text: i18n.T(ctx, "账号"), Href: "/admin/accounts"}, {Text: i18n.T(ctx, "角色授权"), Href: "/admin/roles"},
		{Text: i18n.T(ctx, "个人资料"), Href: "/account"}}})
	return nil
}

// trail shows the auditor the last entries.
func (h *Handler) trail(ctx context.Context, by authz.Actor, v *workView) error {
	page, err := h.Trail.ListEntries(ctx, by, audit.Filter{}, "newest", db.PageReq{Limit: maxLines})
	if err != nil {
		return err
	}
	b := block{title: i18n.T(ctx, "最近的审计记录"), none: i18n.T(ctx, "还没有审计记录。"),
		all: ui.Link{Text: i18n.T(ctx, "全部审计记录"), Href: "/admin/audit"},
		post: &ui.Post{Action: "/admin/audit/verify",
			Button: ui.Action{Text: i18n.T(ctx, "验证完整性"), Primary: true}}}
	for _, e := range page.Items {
		seq := strconv.FormatInt(e.Seq, 10)
		b.links = append(b.links, ui.Link{Text: seq + " · " + e.UseCase, Href: "/admin/audit/" + seq,
			Note: e.Login + " " + i18n.DateTime(i18n.From(ctx), clock.Time(e.AtUs))})
	}
	v.blocks = append(v.blocks, b)
	return nil
}
