package draft

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"请先登录，才能保存草稿":       "Please sign in to keep a draft.",
	"内容超过 %d KB，草稿没有保存": "More than %d KB: the draft was not kept.",
})
