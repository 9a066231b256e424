package homehttp

import "github.com/yuntu-city/yuntu/internal/authz"

// Steps that several roles take.
var (
	stepWork   = tourStep{"工作台", "先看工作台：等您办理的事项、快到期和已逾期的都在这里，数字点开就是明细。", "/workspace"}
	stepMarket = tourStep{"技术市场", "成果与需求都在这里。用一句话描述要找什么，结果会写明为什么相符；标有“示范数据”的是虚构记录。", "/market"}
	stepDeals  = tourStep{"供需对接", "从提出对接到合同登记，每一步由谁办、几天内办，时间线上都写着。", "/deals"}
	stepOrgs   = tourStep{"主体库", "按名称、曾用名、信用代码或地区查找单位，条件在地址里，可以存为常用视图。", "/orgs"}
	stepLedger = tourStep{"台账", "任务按灯色排列，点灯可以看到算出这个颜色的那句话。", "/ledger"}
	stepShows  = tourStep{"路演与对接会", "报名、约谈、现场签到和会后跟踪都在活动页上。", "/shows"}
	stepMatch  = tourStep{"供需匹配", "系统为您的每条供需找出合得上的另一方，并列出符合和不符合的指标；不合适的可以说明原因排除。", "/matches"}
	stepMine   = tourStep{"我的供需", "发布、修改和定期确认您单位的需求与成果；没有确认的会自动下架。", "/market/mine"}
	stepHome   = tourStep{"首页", "首页的数字都能点开，看到它由哪些记录加起来。", "/"}
	stepDesk   = tourStep{"首页", "三员的首页列出各自的工作：任务和备份、授权、审计记录；不列业务数据。", "/"}
	stepDocs   = tourStep{"文件库", "上传一份规划或通稿，系统读出其中的指标、目标和任务，逐条给出原文位置，等人核对。", "/documents"}
	stepFigure = tourStep{"市场统计", "按领域、地区和月份看供需与成交，每个数字都能回到明细。", "/market/figures"}
	stepAuct   = tourStep{"挂牌与拍卖", "公示中的成果、保证金和竞价记录都公开可查。", "/auctions"}
	stepBroker = tourStep{"技术经理人", "按领域找技术经理人，信用分由哪些事项构成可以逐条查看。", "/brokers"}
)

// tours are the first-run tours (使用导览): five steps for each role.
var tours = map[authz.Role][]tourStep{
	authz.Officer: {stepWork, stepDocs, stepLedger,
		{"编辑审核", "待审核的供需排在这里，退回要写明理由，发布后即可被匹配。", "/market/review"}, stepDeals},
	authz.Leader: {stepWork, {"红灯任务", "先看红灯：每项都有责任单位、差多少、下一步和期限，可以直接批示。", "/ledger?light=red&open=1"},
		{"目标", "全市目标如何分到区县，加起来够不够，一页看清。", "/targets"}, stepFigure, stepOrgs},
	authz.Department: {stepWork, {"我的任务", "您单位牵头或配合的任务，在这里签收、填报和申请办结。", "/tasks/mine"}, stepLedger, stepMarket,
		stepOrgs},
	authz.District: {stepWork, {"我的任务", "本区县承担的任务，在这里签收、填报和申请办结。", "/tasks/mine"}, stepMine, stepOrgs,
		{"导入组织", "手里的名录可以成批导入：先检查、看清会新增和改动什么，再执行。", "/orgs/import"}},
	authz.ChainOffice: {stepWork, stepLedger, stepMarket, stepFigure, stepOrgs},
	authz.Enterprise:  {stepMine, stepMatch, stepMarket, stepDeals, stepShows},
	authz.University:  {stepMine, stepMatch, stepDeals, stepAuct, stepShows},
	authz.Expert: {stepWork, {"估值与评价", "请您评价的成果在这里：逐项打分，写明依据，提交后不能改。", "/appraisals"}, stepMarket,
		stepShows, stepHome},
	authz.Broker: {stepMatch, {"对接看板", "您经手的对接按阶段排成看板，卡片上写着下一步和期限。", "/brokers/board"}, stepDeals, stepBroker,
		stepShows},
	authz.Public: {stepHome, stepMarket, stepOrgs, stepShows, stepAuct},
	authz.SysAdmin: {stepWork, {"后台任务", "导入、匹配、备份等长时间的工作在这里看进度，可以取消或重试。", "/admin/jobs"},
		{"字典", "行政区划、行业和工作日历都是带版本的字典，换版有预览。", "/admin/dict"},
		{"数据备份", "每天自动备份；可以下载、核验和演练恢复。", "/admin/backups"},
		{"站点设置", "站名、主办单位、备案号和审图号在这里设置。", "/admin/site"}},
	authz.SecAdmin: {stepWork, {"账号", "建立、停用账号和重置密码；重要操作需要再次输入密码。", "/admin/accounts"},
		{"角色授权", "授权要写依据，到期自动收回；三员权限互相分立。", "/admin/roles"}, stepDesk,
		{"我的账号", "在这里修改密码、绑定动态口令、查看登录过的设备。", "/account"}},
	authz.Auditor: {stepWork, {"审计记录", "每次写入都有编号连续的记录，可按对象、人员和时间查找。", "/admin/audit"},
		{"校验审计链", "记录之间用哈希相连，导出后可以离线校验是否缺失或改动。", "/admin/audit"}, stepDesk,
		{"我的账号", "在这里修改密码、绑定动态口令、查看登录过的设备。", "/account"}},
}
