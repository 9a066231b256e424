package web

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// entry is one line of a navigation; its text is a key of package i18n.
type entry struct{ text, href string }

type group struct {
	title   string
	entries []entry
}

var (
	citizenNav = []entry{{"首页", "/"}, {"技术市场", "/market"}, {"路演与对接会", "/shows"},
		{"挂牌与拍卖", "/auctions"}, {"创新云图", "/atlas"}, {"主体库", "/orgs"}, {"开放数据", "/open"}}
	memberNav = []entry{{"首页", "/"}, {"技术市场", "/market"}, {"路演与对接会", "/shows"},
		{"挂牌与拍卖", "/auctions"}, {"创新云图", "/atlas"}, {"主体库", "/orgs"}, {"我的供需", "/market/mine"}, {"供需匹配", "/matches"},
		{"供需对接", "/deals"}, {"工作台", "/workspace"}}
	brokerNav = []entry{{"首页", "/"}, {"技术市场", "/market"}, {"路演与对接会", "/shows"},
		{"挂牌与拍卖", "/auctions"}, {"供需匹配", "/matches"}, {"供需对接", "/deals"}, {"对接看板", "/brokers/board"},
		{"技术经理人", "/brokers"}, {"创新云图", "/atlas"}, {"工作台", "/workspace"}}
	expertNav = []entry{{"工作台", "/workspace"}, {"估值与评价", "/appraisals"}, {"专家组", "/studio/panels"}}
	bureauNav = []entry{{"工作台", "/workspace"}, {"指标总览", "/monitor"}, {"台账", "/ledger"},
		{"技术市场", "/market"}, {"创新云图", "/atlas"}, {"主体库", "/orgs"}, {"人才库", "/people"}}
	adminNav = []entry{{"工作台", "/workspace"}}
)

var (
	registry = group{"资源库", []entry{{"组织", "/orgs"}, {"人员", "/people"}}}
	intake   = group{"受理", []entry{{"待办", "/workspace"}, {"入驻核验", "/claims"}}}
	overview = group{"", []entry{{"总览", "/workspace"}}}
	todo     = group{"", []entry{{"待办", "/workspace"}}}
	// business is what the bureau works on; others have their part of it.
	business = group{"业务", []entry{{"文件库", "/documents"}, {"台账", "/ledger"}, {"目标", "/targets"},
		{"指标", "/indicators"}, {"亮灯规则", "/lights"}, {"调度会", "/dispatch"}, {"督办函", "/letters"},
		{"考核", "/assessments"}, {"通报与新闻口径", "/reports"}}}
	// figures are the indicators: what is counted, reported and ranked.
	figures = group{"指标", []entry{{"指标总览", "/monitor"}, {"指标亮灯", "/monitor/lights"},
		{"填报台", "/reporting"}, {"数据审核", "/reporting/review"}, {"数据疑点", "/monitor/findings"},
		{"指标数值", "/observations"},
		{"指标体系", "/indicator-sets"}, {"外部排名", "/rankings"}, {"指数工作室", "/studio"}}}
	figuresOwn = group{"指标", []entry{{"指标总览", "/monitor"}, {"指标亮灯", "/monitor/lights"},
		{"填报台", "/reporting"}, {"指标数值", "/observations"},
		{"指标体系", "/indicator-sets"}, {"外部排名", "/rankings"}, {"指数工作室", "/studio"}}}
	figuresSeen = group{"指标", []entry{{"指标总览", "/monitor"}, {"指标速览", "/monitor/brief"},
		{"指标亮灯", "/monitor/lights"}, {"数据疑点", "/monitor/findings"}, {"指标数值", "/observations"},
		{"填报情况", "/reporting/rates"},
		{"指标体系", "/indicator-sets"}, {"外部排名", "/rankings"}, {"指数工作室", "/studio"}}}
	figuresRead = group{"指标", []entry{{"指标总览", "/monitor"}, {"指标亮灯", "/monitor/lights"},
		{"指标数值", "/observations"}, {"指标体系", "/indicator-sets"}, {"外部排名", "/rankings"}, {"指数工作室", "/studio"}}}
	ownWork = group{"业务", []entry{{"我的任务", "/tasks/mine"}, {"台账", "/ledger"}, {"目标", "/targets"},
		{"文件库", "/documents"}, {"调度会", "/dispatch"}, {"督办函", "/letters"}, {"考核", "/assessments"},
		{"通报与新闻口径", "/reports"}}}
	// marketDesk, marketOwn and marketSeen are the market for those who edit, post or only look.
	marketDesk = group{"技术市场", []entry{{"编辑审核", "/market/review"}, {"成果与需求", "/market"},
		{"供需对接", "/deals"}, {"技术经理人", "/brokers"}, {"路演与对接会", "/shows"},
		{"挂牌与拍卖", "/auctions"}, {"估值与评价", "/appraisals"}, {"导入成果与需求", "/market/import"},
		{"匹配工作台", "/matches/desk"}, {"市场统计", "/market/figures"},
		{"时限规则", "/market/rules"}, {"对接规则", "/deals/rules"}}}
	marketOwn = group{"技术市场", []entry{{"我的供需", "/market/mine"}, {"供需匹配", "/matches"},
		{"成果与需求", "/market"}, {"供需对接", "/deals"}, {"路演与对接会", "/shows"},
		{"市场统计", "/market/figures"}}}
	marketSeen = group{"技术市场", []entry{{"成果与需求", "/market"}, {"供需对接", "/deals"},
		{"路演与对接会", "/shows"}, {"挂牌与拍卖", "/auctions"}, {"市场统计", "/market/figures"}}}
	steering = group{"督办", []entry{{"台账", "/ledger"}, {"红灯任务", "/ledger?light=red&open=1"},
		{"逾期任务", "/ledger?overdue=1"}, {"目标", "/targets"}, {"文件库", "/documents"},
		{"考核", "/assessments"}, {"通报与新闻口径", "/reports"}}}
	// chairing is what leaders have beside: the meetings they chair and the letters they sign.
	chairing = group{"督办", append(steering.entries[:len(steering.entries):len(steering.entries)],
		entry{"调度会", "/dispatch"}, entry{"督办函", "/letters"})}
	// mapDesk and mapSeen are the ecosystem map for those who keep it and those who look.
	mapDesk = group{"创新云图", []entry{{"创新云图", "/atlas"}, {"集群子系统", "/atlas/views"},
		{"云图纠错", "/atlas/corrections"}, {"访问地址", "/atlas/shares"}, {"地图边界", "/atlas/boundaries"},
		{"云图归类规则", "/atlas/rules"}, {"大屏", "/screen"}}}
	mapSeen = group{"创新云图", []entry{{"创新云图", "/atlas"}, {"集群子系统", "/atlas/views"},
		{"云图纠错", "/atlas/corrections"}, {"大屏", "/screen"}}}
	batch = group{"批量办理", []entry{{"导入组织", "/orgs/import"}, {"导入人员", "/people/import"}}}
)

// menus say what each role finds at the top and, for staff, at the side. One person's roles are
// never mixed: the header has a switch.
var menus = map[authz.Role]struct {
	top  []entry
	side []group
}{
	authz.Public:     {top: citizenNav},
	authz.Enterprise: {top: memberNav},
	authz.University: {top: memberNav},
	authz.Broker:     {top: brokerNav},
	authz.Expert:     {top: expertNav},
	authz.Officer: {top: bureauNav, side: []group{intake, business, figures, marketDesk, mapDesk,
		registry, batch}},
	authz.District: {top: bureauNav, side: []group{intake, ownWork, figuresOwn, marketOwn, mapSeen,
		registry, batch}},
	authz.Leader: {top: bureauNav, side: []group{overview, chairing, figuresSeen, marketSeen, mapSeen,
		registry}},
	authz.Department: {top: bureauNav, side: []group{todo, ownWork, figuresOwn, marketOwn, mapSeen,
		registry}},
	authz.ChainOffice: {top: bureauNav, side: []group{todo, steering, figuresRead, marketSeen, mapSeen,
		registry}},
	authz.SysAdmin: {top: adminNav, side: []group{
		{"机构与用户", []entry{{"账号", "/admin/accounts"}}},
		{"系统", []entry{{"字典", "/admin/dict"}, {"后台任务", "/admin/jobs"},
			{"数据备份", "/admin/backups"}, {"站点设置", "/admin/site"}}}}},
	authz.SecAdmin: {top: adminNav, side: []group{
		{"机构与用户", []entry{{"账号", "/admin/accounts"}, {"角色授权", "/admin/roles"}}}}},
	authz.Auditor: {top: adminNav, side: []group{
		{"审计", []entry{{"审计记录", "/admin/audit"}}}}},
}

// Menu returns the navigation of a role in the language of ctx.
func Menu(ctx context.Context, by authz.Actor) ([]ui.NavItem, []ui.NavGroup) {
	m := menus[by.EffectiveRole()]
	var side []ui.NavGroup
	for _, g := range m.side {
		side = append(side, ui.NavGroup{Title: text(ctx, g.title), Items: items(ctx, g.entries)})
	}
	return items(ctx, m.top), side
}

func items(ctx context.Context, entries []entry) []ui.NavItem {
	var out []ui.NavItem
	for _, e := range entries {
		out = append(out, ui.NavItem{Text: text(ctx, e.text), Href: e.href})
	}
	return out
}

func text(ctx context.Context, key string) string {
	if key == "" {
		return ""
	}
	return i18n.T(ctx, key)
}

// MenuAddresses returns every address of every menu, for the test that each has a page its role
// may open.
func MenuAddresses() map[authz.Role][]string {
	out := map[authz.Role][]string{}
	for role, m := range menus {
		for _, e := range m.top {
			out[role] = append(out[role], e.href)
		}
		for _, g := range m.side {
			for _, e := range g.entries {
				out[role] = append(out[role], e.href)
			}
		}
	}
	return out
}
