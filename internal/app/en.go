package app

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"收件地址不正确": "The address of the reader is not valid.", "邮件服务器拒收（%d）": "The mail server refuses it (%d).",
})
