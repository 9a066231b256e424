package notifyhttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"消息": "Messages", "消息设置": "Message settings", "全部": "all", "只看未读": "unread only",
	"筛选消息": "Filter messages", "类型": "Kind", "内容": "Content", "时间": "Time", "状态": "State",
	"已读": "Read", "未读": "Unread", "标为已读": "Mark as read", "全部标为已读": "Mark all as read",
	"%s 条未读": "%s unread", "还没有消息": "No messages yet",
	"没有符合条件的消息": "No message matches.",
	"已标为已读":     "Marked as read", "已保存": "Saved", "保存设置": "Save settings",
	"没有“%s”这个选项":             "There is no choice “%s”",
	"表单内容不完整，请返回上一页重新提交":     "The form is incomplete: go back and send it again",
	"与您有关的事项变化、匹配结果和到期提醒。":   "What has changed, what was matched and what is due, for you.",
	"有新的匹配、对接或到期事项时，会出现在这里。": "New matches, introductions and due dates appear here.",
	"站内消息": "In the inbox", "不勾选的不再提醒您": "You are not told of what is not ticked.",
	"写进邮件": "In mails", "邮件汇总": "Digest by mail", "邮件语言": "Language of mails",
	"把未读消息合成一封邮件，发到您账号的邮箱":  "Puts unread messages into one mail to the address of your account.",
	"本站没有设置邮件服务器，目前只有站内消息。": "This site has no mail server: messages are in the inbox only.",
	"不再接收邮件":    "No more mails",
	"按站点设置（%s）": "as the site says (%s)", "邮件免打扰时段": "Quiet hours of mails",
	"免打扰开始": "Quiet from", "免打扰结束": "Quiet until", "邮件发送日": "Days of mails",
	"不设免打扰时段": "no quiet hours", "每天都可以": "on any day", "只在工作日": "on working days only",
	"这段时间里汇总邮件推迟到时段结束后发送；站内消息不受影响": "Digests wait until these hours are over. " +
		"The inbox does not wait.",
	"选“自定时段”时填写，如 22:00":     "For hours of your own, such as 22:00",
	"如 07:30；可以早于开始时刻，即到第二天": "Such as 07:30; when it is earlier than the beginning, on the next day",
	"工作日按本站的节假日历计算；每周汇总顺延到下一个工作日": "Working days are those of the site's calendar; a weekly digest " +
		"waits for the next one.",
	"停止后本站不再给您发汇总邮件；站内消息照旧，随时可以在消息设置里恢复。": "The site then sends you no more digests. " +
		"The inbox stays as it is, and you can have mails again in the message settings.",
	"停止发送邮件":   "Stop sending mails",
	"已停止发送邮件。": "No more mails will be sent.",
	"查询消息":     "List messages", "未读消息数": "Count unread messages",
	"把消息标为已读": "Mark messages as read", "把全部消息标为已读": "Mark all messages as read",
	"打开一条消息": "Open a message", "查看消息设置": "See message settings",
	"修改消息设置": "Change message settings",
})
