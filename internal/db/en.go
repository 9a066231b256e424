package db

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"没有找到这条记录":                  "This record was not found.",
	"这条记录已被他人修改，请刷新后重试":         "Somebody else has changed this record. Reload it and try again.",
	"写入超时，未保存任何内容，请重试":          "Saving took too long and nothing was stored. Please try again.",
	"存储空间已满，内容没有保存，请联系系统管理员":    "The storage is full and nothing was saved. Tell the system administrator.",
	"数据库现在只能读取，内容没有保存，请联系系统管理员": "The database can only be read and nothing was saved. Tell the system administrator.",
	"系统繁忙，请稍后重试":                "The system is busy. Please try again shortly.",
	"连接中断，不能确认是否已保存，请刷新查看":      "The connection broke. Reload to see whether it was saved.",
	"文字中含有无法保存的字符":              "The text contains characters that cannot be stored.",
	"与现有记录冲突":                   "This conflicts with an existing record.",
	"分页位置无效，请回到第一页":             "This page position is no longer valid. Please go back to the first page.",
})
