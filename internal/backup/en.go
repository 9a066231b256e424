package backup

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"系统备份": "System backup",
	"查看备份": "See backups",
	"创建备份": "Make backups",
	"备份数据": "Writing rows",
	"备份文件": "Writing files",
	"读取备份": "Reading the backup",
	"核对数据": "Checking the rows",
})
