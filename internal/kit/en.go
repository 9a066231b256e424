package kit

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"链接太长，无法生成二维码": "The link is too long for a QR code",
})
