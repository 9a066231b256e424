package opendatahttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"社会公众可以查看的内容，整理成数据集供下载；不含未公开的内容。": "What everybody may see, as data sets to download; nothing that is not public.",
	"可以自由使用、复制和再分发，使用时请注明来源和取得日期":     "Free to use, copy and pass on; please name the source and the day you took it",
	"各字段": "Fields", "行数": "Rows", "最近更新": "Last change", "使用许可": "Licence", "含义": "Meaning",
	"开放数据集列表": "List open data sets", "开放数据集": "Open data set", "下载开放数据集": "Download an open data set",
})
