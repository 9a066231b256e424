package docx

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"文档太长，请先缩小范围": "The document is too long; narrow the range first",
})
