package app

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"示范站点：除注明公开来源的以外，单位、人员、供需、合同和任务均为虚构的示范数据": "Demonstration site: except where a public source is " +
		"named, organisations, people, posts, contracts and tasks are invented demonstration data",
	"；每天 %s 重置，届时登录和修改都会清除": "; made anew each day at %s, which ends log-ins and undoes changes",
	"示范数据正在装入：%s%%（%s / %s 条），页面上的数字还会增加": "Demonstration data is coming in: %s %% (%s of %s records). " +
		"Figures on the pages will still grow.",
	"收件地址不正确": "The address of the reader is not valid.", "邮件服务器拒收（%d）": "The mail server refuses it (%d).",
})
