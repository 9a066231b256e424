package web

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"令牌只能用于接口":       "A token can be used for the API only.",
	"令牌无效、已过期或已撤销":   "The token is not valid, has expired or was revoked.",
	"请先登录":           "Please sign in first.",
	"这个请求来自别的网站，已拒绝": "This request came from another site and was refused.",
})
