package job

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"后台任务":         "Background jobs",
	"查看任务":         "View job",
	"取消任务":         "Cancel job",
	"查看出错细节":       "View details of failures",
	"本人发起":         "started by oneself",
	"任务已经结束，不能取消":  "The job has ended and cannot be cancelled.",
	"任务超过了允许的时间":   "The job took longer than allowed.",
	"处理任务的进程中断了":   "The process that did the job was interrupted.",
	"系统内部错误，请稍后再试": "Something went wrong on our side. Please try again later.",
})
