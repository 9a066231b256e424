package api

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"正文之后还有多余的内容":               "There is more after the body.",
	"上传的内容超过 %d MB":             "The upload is larger than %d MB.",
	"上传不完整，请重试":                 "The upload is incomplete. Try again.",
	"类型不对":                      "Wrong type.",
	"没有这个字段":                    "There is no such field.",
	"应为 UTF-8 编码":               "The encoding must be UTF-8.",
	"不是有效的 JSON":                "Not valid JSON.",
	"请用 If-Match 给出读到的版本（ETag）": "Send the version you read (ETag) in If-Match.",
})
