package backuphttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"数据备份":       "Backups",
	"备份":         "Backups",
	"创建备份":       "Make backups",
	"列出备份":       "List backups",
	"不能恢复":       "cannot be restored",
	"已验证可恢复":     "proved to be restorable",
	"保留":         "Kept",
	"大小（MB）":     "Size (MB)",
	"存放与恢复":      "Where they are",
	"存放位置（服务器上）": "Folder (on the server)",
	"恢复":         "Restore",
	"文件":         "File",
	"时间":         "Time",
	"状态":         "State",
	"未设置":        "Not set",
	"每天 %s":      "Daily at %s",
	"最近 %d 个":    "The last %d",
	"自动备份":       "Automatic",
	"立即备份":       "Back up now",
	"还没有备份":      "There are no backups yet",
	"点“立即备份”，几分钟后在这里看到结果。":                             "Choose “Back up now”; the result shows here after some minutes.",
	"备份已开始，可以离开本页":                                     "The backup has begun; you may leave this page",
	"最近一次可恢复的备份是 %s，请尽快再做一次。":                          "The last backup that can be restored is of %s. Make another soon.",
	"没有一个备份可以恢复，请立即查明原因。":                              "None of the backups can be restored. Find out why at once.",
	"每个备份包含全部数据和文件，做完后恢复到临时库逐表核对，通过才算成功。":              "A backup holds all rows and files. It counts only after it was restored into a scratch database and every table compared.",
	"备份含有全部数据，只能由服务器管理员取走，不能从网页下载。请定期复制到另一处，密钥文件另行保管。": "A backup holds everything: only who runs the server can take it, it cannot be downloaded here. Copy it elsewhere regularly, and keep the key file apart from it.",
})
