package claimhttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	// addresses and heads
	"入驻核验": "Claims", "我的认领": "My claims", "认领单位": "Claim an organisation",
	"单位认领": "Claims of organisations", "补正认领": "Correct the claim", "认领信息": "Claim",
	"审核通过后，您就可以代表单位办理业务。审核时限：%d 个工作日。": "Once it is confirmed you can act for the organisation. " +
		"It is decided within %d working days.",
	"您提交的单位认领，以及您有权审核的本单位认领。": "The claims you handed in, and those of your organisation that you may decide.",
	"核验申请人能否代表所认领的单位。":        "Check whether claimants may act for the organisations they claim.",

	"您现在的身份不能认领单位，工作人员的单位随角色授予": "Your present role claims no organisations; staff get theirs with the role.",
	"您现在的身份不办理单位认领":             "Your present role has nothing to do with claims.",

	// form
	"统一社会信用代码": "Credit code", "营业执照或法人证书上的 18 位代码": "The 18 characters on the licence or certificate",
	"查找单位": "Find the organisation", "提交认领": "Hand in the claim", "换一个单位": "Another organisation",
	"单位名称": "Name of the organisation", "与营业执照或法人证书一致": "As on the licence or certificate",
	"类型": "Kind", "地区": "Region", "请选择": "Choose", "按登记机关": "That of the registering authority",
	"主体库": "Registry", "主体库尚无这个单位，请填写下面的登记信息": "The registry does not know this organisation: please fill in its data below",
	"您的职务": "Your position", "申请说明": "Statement", "例如由谁授权、负责哪些事项": "For example who authorised you, and for what",
	"证明材料": "Evidence", "营业执照、授权书等；重新填写时请再次选择文件": "Licence, letter of authority …; choose the files again when the form comes back",
	"最多 5 个文件，单个不超过 10 MB，支持 PDF、OFD、JPG、PNG": "At most 5 files of at most 10 MB each: PDF, OFD, JPG, PNG",
	"表单不完整，请刷新后重试":                            "The form is incomplete. Reload it and try again.",
	"返回":                                      "Back",
	"认领已提交":                                   "The claim was handed in",
	"已重新提交":                                   "Handed in again", "已办理": "Done",
	"重新提交":                "Hand in again",
	"保存前，这项认领已被修改":        "This claim was changed before you saved",
	"只有退回补正的认领可以修改":       "Only a claim that was sent back can be changed.",
	"没有找到这条记录":            "This record was not found.",
	"现在没有这个步骤，这项认领可能已经办理": "There is no such step now; the claim may have been dealt with.",

	// list
	"此步骤不接收材料": "This step takes no files.", "共 %s 项": "%s in total", "全部": "all", "超期未办": "Overdue",
	"筛选认领": "Filter claims", "关键词": "Keyword", "单位名称开头或信用代码": "Beginning of the name, or credit code",
	"状态": "State", "单位": "Organisation", "申请人": "Claimant", "等待谁办理": "Waits for", "办理时限": "Due",
	"提交时间": "Submitted", "没有符合条件的认领": "No claim fits", "放宽或清除条件再试。": "Widen or clear the filter.",
	"清除条件": "Clear filters", "您还没有认领单位": "You have not claimed an organisation yet",
	"认领后即可代表单位申报、查看和维护档案。":           "With a claim you can apply for your organisation and keep its record.",
	"没有等待核验的认领":                      "No claim waits to be checked",
	"新的认领会出现在这里；在“状态”中选“全部”可查看已办结的。": "New claims appear here; choose All in the state filter to see those decided.",

	// record
	"%s 的认领": "Claim of %s", "已登记": "Registered", "尚未登记，确认后建立待核验档案": "Not registered; confirming makes a record to be verified",
	"编号": "No.", "姓名": "Name", "登录名": "Login", "电话": "Phone", "职务": "Duty",
	"审核人": "Who decides", "审核超期": "Overdue", "审核超期，转交%s": "Overdue, handed to %s", "系统": "System",
	"没有附件": "No files", "办理过程": "History", "退回补正：%s": "Sent back: %s", "驳回：%s": "Refused: %s",
	"退回理由": "Why it was sent back", "补正并重新提交": "Correct and hand in again",

	// steps
	"理由": "Reason", "申请人能够看到": "The claimant can read it", "之后的状态": "State afterwards",
	"确认后，申请人即可代表该单位办理业务；主体库中没有的单位同时建立待核验档案。": "The claimant can then act for the organisation; one the " +
		"registry does not know gets a record to be verified.",
	"申请人补正后可以重新提交，期间不计入审核时限。": "The claimant can correct it and hand it in again; the clock stops meanwhile.",
	"驳回后这项认领即告办结，申请人可以重新认领。":  "This closes the claim; the claimant can make another.",
	"撤回后这项认领即告办结。":            "This closes the claim.",

	// operations
	"认领列表": "List claims", "认领数量": "Count claims", "查看认领": "Get a claim", "下载认领的材料": "Download a file of a claim",
	"办理认领": "Take a step with a claim",
})
