package notify

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on notices and on how they come.
const (
	ActNoticeRead    authz.Action = "notify.notice.read"
	ActNoticeMark    authz.Action = "notify.notice.mark" // 标为已读
	ActSettingRead   authz.Action = "notify.setting.read"
	ActSettingUpdate authz.Action = "notify.setting.update"
)

// NoticePolicy lets people read and mark their own notices.
var NoticePolicy = own("notify.notice", "消息",
	func(n Item) string { return n.Account },
	func(key string) db.Where { return db.Where{}.And("n.account = $1", key) },
	authz.Verb{Action: ActNoticeRead, Title: "查看", Work: authz.OwnWork},
	authz.Verb{Action: ActNoticeMark, Title: "标为已读", Work: authz.OwnWork})

// SettingPolicy lets people say how they are told.
var SettingPolicy = own("notify.setting", "消息设置",
	func(s Setting) string { return s.Account },
	func(key string) db.Where { return db.Where{}.And("notify_setting.account = $1", key) },
	authz.Verb{Action: ActSettingRead, Title: "查看", Work: authz.OwnWork},
	authz.Verb{Action: ActSettingUpdate, Title: "修改", Work: authz.OwnWork})

// own grants all actions to everybody who is logged in, on what is their own.
func own[T any](
	object, title string, its func(T) string, where func(string) db.Where, verbs ...authz.Verb,
) *authz.Policy[T] {
	actions := make([]authz.Action, len(verbs))
	for i, v := range verbs {
		actions[i] = v.Action
	}
	return authz.NewPolicy(object, authz.Rules[T]{
		Title: title, Blind: true, Verbs: verbs,
		Ties: []authz.Tie[T]{authz.TieSame(authz.Self, "本人",
			func(by authz.Actor) string { return by.Account }, its, where)},
		Grants: authz.Allow(authz.Self, authz.Roles(), actions...),
	})
}
