package api

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"请求无法读取，请检查内容是否为空": "The request cannot be read. Is its body empty?",
	"没有这个接口":     "There is no such operation.",
	"这个地址不支持该方法": "This address does not take that method.",
	"请求的内容太大":    "The request is too large.",
	"不支持这种内容类型，请用接口说明中的 Content-Type": "This type of content is not supported. Use the Content-Type of the description.",
	"请求太频繁，请等待 Retry-After 的秒数后重试":    "Too many requests. Wait the seconds of Retry-After and try again.",
	"正文之后还有多余的内容":                     "There is more after the body.",
	"上传的内容超过 %d MB":                   "The upload is larger than %d MB.",
	"上传不完整，请重试":                       "The upload is incomplete. Try again.",
	"没有这个查询参数":                        "There is no such query parameter.",
	"缺少这个参数":                          "This parameter is missing.",
	"应为整数":                            "It must be a whole number.",
	"应为 true 或 false":                 "It must be true or false.",
	"不能小于 %d":                         "It must not be less than %d.",
	"不能大于 %d":                         "It must not be more than %d.",
	"最多 %d 个字符":                       "At most %d characters.",
	"应为以下之一：%s":                       "It must be one of: %s.",
	"类型不对":                            "Wrong type.",
	"没有这个字段":                          "There is no such field.",
	"应为 UTF-8 编码":                     "The encoding must be UTF-8.",
	"有不完整的字符：\\ud800 至 \\udfff 须成对出现": "There is half of a character: \\ud800 to \\udfff come in pairs only.",
	"不是有效的 JSON":                      "Not valid JSON.",
	"请用 If-Match 给出读到的版本（ETag）":       "Send the version you read (ETag) in If-Match.",
})
