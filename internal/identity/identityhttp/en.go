package identityhttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	// log-in
	"登录": "Log in", "登录名": "Login", "密码": "Password", "验证码": "Code", "注册": "Register",
	"用%s登录": "Log in with %s", "没有账号？注册一个": "No account? Register", "已有账号，去登录": "Have an account? Log in",
	"登录已超时，请重新登录":     "The log-in took too long. Please log in again.",
	"验证码错误次数过多，请重新登录": "Too many wrong codes. Please log in again.",
	"打开验证器应用，填写六位数字；手机不在身边时，填写一个恢复码。": "Open the authenticator app and enter the six digits; without your phone, " +
		"enter a recovery code.",
	"验证并登录": "Verify and log in", "换一个账号登录": "Log in with another account", "已退出登录": "Logged out",
	"已切换身份": "You now act in another role",
	"本站不开放自行注册，请联系系统管理员": "Accounts cannot be made here by oneself. Please ask the system administrator.",
	"账号已开通": "Your account is ready", "注册账号": "Register",
	"账号属于个人。要代表企业或高校院所办事，注册后再认领单位。": "An account belongs to a person. To act for an enterprise or institute, claim it " +
		"after registering.",
	"3 至 64 个小写字母、数字或 . _ - @ +，可以用手机号或邮箱": "3 to 64 small letters, digits or . _ - @ +; a phone number or mail " +
		"address will do",
	"至少 %d 个字符；不足 16 个时须含大写字母、小写字母、数字、其他字符中的三类。": "At least %d characters; with fewer than 16, three of: capitals, small " +
		"letters, digits, other characters.",
	"我已阅读本页的个人信息处理告知": "I have read the privacy notice on this page",
	"其他方式":     "Other ways",
	"个人信息处理告知": "Privacy notice",
	"本站处理您的登录名、姓名、电话和邮箱，用于识别您的身份、办理您提交的事项和与您联系。电话和邮箱可以不填。": "We process your login, name, phone and mail address to know who you are, to deal " +
		"with what you hand in and to reach you. Phone and mail address may be left out.",
	"登录时间、网络地址和操作记录按网络安全法保存不少于六个月，由审计管理员查看。": "Times and network addresses of log-ins and records of what was done are kept for " +
		"at least six months, as the Cybersecurity Law asks; the audit administrator may read them.",
	"您可以随时在「账号与安全」中查看、更正自己的资料；注销账号请联系系统管理员。联系方式见页脚。": "You can see and correct your data under Account and security at any time; to close " +
		"the account ask the system administrator. How to reach us stands at the foot of the page.",

	// identity provider
	"「%s」暂时没有响应，请稍后再试，或用登录名登录": "“%s” does not answer. Please try again later, or log in by login name.",
	"统一身份认证的应答没有通过检查，请重新登录":    "The identity provider's answer did not pass the checks. Please log in again.",
	"没有在统一身份认证完成登录":            "The log-in at the identity provider was not completed.",
	"没有找到这条记录":                 "This record was not found.",
	"统一身份":                     "Identity provider", "已关联": "Linked", "没有完成关联": "The link was not completed",
	"已关联的身份": "Linked identities", "关联时间": "Linked", "取消关联": "Unlink", "取消关联 %s": "Unlink %s",
	"关联%s": "Link with %s", "关联后，可以用%s登录本站。": "Once linked, you can log in with %s.", "还没有关联": "Nothing is linked yet",
	"请到%s登录，之后会回到这里。": "Log in at %s; you will come back here.", "前往%s": "Go to %s", "返回": "Back",
	"已取消关联": "Unlinked",

	// own account
	"账号与安全": "Account and security", "账号": "Accounts", "我的资料": "My data", "两步验证": "Second factor",
	"登录设备": "Devices", "接口令牌": "API tokens", "常用视图": "Saved views", "姓名": "Name", "电话": "Phone", "邮箱": "Email",
	"资料已保存": "Saved", "保存资料": "Save", "开户时间": "Since", "身份": "Role", "已启用": "On", "未启用": "Off",
	"保存前，这条记录已被他人修改":      "Somebody else changed this before you saved",
	"两次输入的新密码不一致":         "The two new passwords differ",
	"密码已修改，其他设备上的登录已全部退出": "The password is changed; all other devices are logged out",
	"现在的密码": "Present password", "新密码": "New password", "再输入一次新密码": "New password once more",
	"修改密码": "Change password", "请先修改密码，再继续使用。": "Please change your password before anything else.",
	"设备": "Device", "网络地址": "Network address", "登录时间": "Logged in", "最近使用": "Last used", "操作": "Action",
	"未知设备": "Unknown device", "本次登录": "This one", "退出": "Log out", "退出 %s": "Log out %s",
	"不认识的登录，请立即退出并修改密码。": "If you do not know one of these, log it out and change your password at once.",
	"没有登录":     "Nobody is logged in",
	"退出其他全部登录": "Log out everywhere else", "已退出 %s 处登录": "%s logged out", "已退出这处登录": "Logged out there",

	// tokens and views
	"新令牌": "New token", "请立即保存，令牌只显示这一次。": "Keep it now: the token is shown this once.",
	"程序用令牌代您调用接口，权限不超过您现在的身份，身份撤销后令牌同时失效。": "With a token a program calls the API for you, with no more than your present " +
		"role may do. When the role is revoked the token ends with it.",
	"还没有令牌": "There are no tokens yet", "新建令牌": "Make a token", "名称": "Name", "状态": "State", "权限": "Access",
	"到期": "Expires", "有效": "Valid", "已撤销": "Revoked", "已到期": "Expired", "撤销": "Revoke", "撤销 %s": "Revoke %s",
	"用途": "Use", "如：每日同步脚本": "Such as: script for the daily sync", "有效期": "Valid for", "天": "days",
	"已撤销这个令牌": "The token is revoked", "保存时间": "Saved", "删除": "Delete", "删除 %s": "Delete %s",
	"还没有常用视图": "There are no saved views yet",
	"在列表中筛选后，可把条件保存为常用视图。": "After filtering a list, the filter can be saved as a view.",
	"已保存为常用视图「%s」":         "Saved as “%s”", "已删除": "Deleted",

	// second factor
	"管理员账号须先启用两步验证，再继续使用。": "The account of an administrator needs a second factor before anything else.",
	"管理员账号必须启用两步验证":        "The account of an administrator must have a second factor.",
	"开始设置": "Set it up",
	"启用后，登录时除密码外还要填写手机验证器应用显示的六位数字，密码泄露也不会被冒用。": "Log-ins then ask for six digits from an authenticator app beside the password, " +
		"so a leaked password is not enough.",
	"确认是您本人在操作": "To make sure it is you", "启用两步验证": "Enable the second factor",
	"验证器显示的六位数字": "The six digits the app shows",
	"用验证器应用扫描下面的二维码；不能扫描时，手工输入密钥。": "Scan the code with an authenticator app, or type the secret into it.",
	"密钥的二维码": "QR code of the secret", "密钥": "Secret", "启用时间": "On since", "剩余恢复码": "Recovery codes left",
	"重新生成恢复码": "Make new recovery codes", "停用两步验证": "Disable the second factor",
	"请立即保存这些恢复码，它们只显示这一次。手机不在身边时，每个可以代替验证码使用一次。": "Keep these recovery codes now: they are shown this once. Each replaces one code " +
		"when you are without your phone.",
	"我已保存，继续": "I have kept them, go on", "两步验证已停用": "The second factor is off",

	// operations
	"我的账号": "My account", "修改我的资料": "Change my data", "查看两步验证": "My second factor",
	"已关联的统一身份": "Linked identities", "取消关联统一身份": "Unlink an identity", "我的登录": "My sessions",
	"退出一处登录": "End a session", "退出其他登录": "End the other sessions", "我的接口令牌": "My API tokens",
	"撤销接口令牌": "Revoke an API token", "我的常用视图": "My saved views", "保存常用视图": "Save a view",
	"删除常用视图":  "Delete a saved view",
	"保存为常用视图": "Save as a view",
	"这个列表和它的筛选条件以后可以从这里直接打开": "This list with its filters can then be opened from here",
})
