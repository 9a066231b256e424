package notify

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"消息": "Messages", "查看": "View", "修改": "Change", "本人": "self",
	"标为已读": "Mark as read", "消息设置": "Message settings",
	"每天": "every day", "每周一": "every Monday", "不发邮件": "no mail",
	"一次最多标记 %d 条消息": "At most %d messages can be marked at once.",
	"没有“%s”这个选项":    "There is no choice “%s”",
	"这个退订链接无效或已更换":  "This unsubscribe link is not valid, or not any more.",
	"邮件没有送出":        "The mail was not sent.",
	"按站点设置":         "as the site says", "不设免打扰时段": "no quiet hours", "自定时段": "hours of your own",
	"每天都可以": "on any day", "只在工作日": "on working days only",
	"免打扰时段应写作 22:00-07:30，且每天至少留出 2 小时": "Quiet hours are written as 22:00-07:30 and leave at least " +
		"2 hours of a day.",
	"请写成 22:00 这样的时刻": "Please write a time such as 22:00",
	"请写成 07:30 这样的时刻，且每天至少留出 2 小时可以收邮件": "Please write a time such as 07:30 that leaves at least " +
		"2 hours of a day for mails",
	"【%s】您有 %d 条新消息": "[%s] You have %d new messages",
	"您好：":            "Hello,",
	"以下是您在“%s”的新消息。": "these are your new messages on %s.",
	"另有更多消息，请登录查看。":  "There are more: sign in to read them.",
	"全部消息：%s":        "All messages: %s",
	"修改提醒方式：%s":      "Change how you are told: %s",
	"不再接收邮件：%s":      "No more mails: %s",
})
