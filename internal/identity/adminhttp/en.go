package adminhttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"账号与角色由系统管理员和安全管理员管理": "Accounts and roles are the work of the system and the security administrator.",

	// words that several rooms use
	"关键词": "Keyword", "姓名": "Name", "密码": "Password", "更新": "Changed", "状态": "State", "电话": "Phone",
	"登录名": "Login", "编号": "No.", "请选择": "Choose", "邮箱": "Email",

	// list of accounts
	"谁可以登录。停用和注销的账号保留记录，不删除。": "Who may log in. Locked and closed accounts stay on record.",
	"没有符合条件的账号":               "No account fits",
	"按登录名或姓名的开头查找，或放宽条件。":     "Search by the beginning of the login or name, or widen the filter.",
	"共 %s 个": "%s in total", "筛选账号": "Filter accounts", "登录名或姓名的开头": "Beginning of login or name",
	"管理员": "administrator", "两步验证": "Second factor", "已启用": "On", "未启用": "Off", "开设时间": "Created",

	// account
	"账号信息": "Account", "联系方式只显示一部分，系统管理员可以看到全部。": "Contacts are shown in part; the system administrator sees them in full.",
	"已设置": "Set", "未设置，只能用统一身份登录": "None: logs in by the identity provider only",
	"下次登录须修改": "To be changed at the next log-in", "%s 起启用": "On since %s",
	"账号由来": "Came from", "系统初始化": "Set-up of the system", "管理员开设": "Created by an administrator",
	"本人注册": "Registered by the owner", "统一身份首次登录": "First log-in by the identity provider",
	"这个账号还没有角色，登录后以公众身份办事。": "This account has no role yet; it acts as a member of the public.",

	// actions
	"停用": "Lock", "停用后立即退出所有会话，接口令牌失效，直到恢复。": "All sessions end at once and API tokens stop working until it is unlocked.",
	"账号已停用": "The account is locked", "恢复使用": "Unlock", "账号已恢复": "The account is unlocked",
	"恢复后可以重新登录，角色保持不变。": "Its owner can log in again; its roles stay as they are.",
	"注销账号": "Close the account", "账号已注销。": "The account is closed",
	"注销后不能恢复：会话全部结束，接口令牌永久作废，记录保留。": "This is for good: all sessions end, API tokens are void, the record stays.",
	"重置密码": "Reset the password",
	"系统生成一个新密码并只显示一次。原密码失效，所有会话结束，下次登录须修改密码。": "A new password is made up and shown once. The old one stops working, " +
		"all sessions end, and it has to be changed at the next log-in.",
	"重置两步验证": "Reset the second factor", "两步验证已重置": "The second factor is reset",
	"验证器和恢复码作废，所有会话结束。请先核实确为本人。": "The authenticator and recovery codes are void and all sessions end. Make sure who asks first.",
	"账号的状态已经变化，现在不能这样做":          "The account has changed; this cannot be done now.",
	"写入审计记录": "Goes into the audit trail", "查看账号": "Open the account", "密码已重置": "The password is reset",
	"密码只显示这一次，请当面或用可靠的方式交给本人。首次登录须修改。": "The password is shown this once. Hand it over in person or in a safe way; it has to be changed " +
		"at the first log-in.",
	"密码在第一次提交时已经显示，不能再看；需要时请重置密码。": "The password was shown when the form was first sent and cannot be seen again. Reset it if need be.",

	// forms
	"3 至 64 个小写字母、数字或 . _ - @ +，开设后不能修改": "3 to 64 small letters, digits or . _ - @ +; it cannot be changed later",
	"系统生成初始密码，首次登录须修改。角色由安全管理员另行授予。":     "A first password is made up and has to be changed. Roles are granted by the security administrator.",
	"账号已开设": "The account is created",
	"资料已保存": "Saved",
	"保存前，这个账号已被他人修改": "Somebody else changed this account before you saved",

	// roles
	"何人以何身份办事、由谁授予、依据什么。授予与撤销都写入审计记录。": "Who acts in which role and on what basis. Grants and revocations go into the audit trail.",
	"没有符合条件的授权": "No grant fits", "换一个角色或账号，或包括已结束的。": "Try another role or account, or include those revoked.",
	"最近授予的在前": "The latest grant first", "筛选授权": "Filter grants", "包括已撤销的": "Include revoked",
	"有多个账号符合，请选择": "Several accounts fit: choose one", "单位或地区": "Organisation or region", "有效期间": "From and until",
	"依据": "Basis", "撤销 %s 的%s": "Revoke of %s the role %s", "%s 起": "from %s", "自 %s 至 %s": "%s to %s",
	"已撤销": "Revoked", "已到期": "Expired", "未开始": "Not begun", "有效": "Valid", "角色": "Role",

	// grant
	"授予角色": "Grant a role", "输入登录名或姓名的开头，从列表中选择": "Type the beginning of the login or name and choose",
	"系统、安全、审计三种管理员须由不同账号担任，审计管理员不兼办业务；不能给自己授予角色。": "The system, security and audit " +
		"administrators must be different accounts, the auditor does no other work, and nobody grants roles to themselves.",
	"所代表单位的统一社会信用代码": "Credit code of the organisation acted for", "企业、高校院所必填": "Needed for enterprises and universities",
	"所负责的地区": "Region responsible for", "区县必填": "Needed for districts", "不限地区": "No region",
	"起始日期": "First day", "终止日期": "Last day", "不填即时生效": "Empty: at once", "含当日；不填为长期": "Included; empty: open end",
	"任职文件、申请单号或其他理由":  "Document, number of the request or another reason",
	"没有这个登录名，请从列表中选择": "No such login: choose from the list", "角色已授予": "The role is granted",

	// revoke
	"撤销角色": "Revoke the role", "角色已撤销": "The role is revoked",
	"撤销立即生效：该账号所有会话和接口令牌从下一次请求起不再有这个身份。": "It counts at once: from the next request on no session and no token has this role.",

	// operations
	"账号列表": "List accounts", "账号数量": "Count accounts", "修改账号资料": "Change an account",
	"停用、恢复或注销账号": "Lock, unlock or close an account", "角色授权列表": "List grants of roles",
})
