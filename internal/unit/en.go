package unit

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"幂等键超过 %d 个字节":  "The idempotency key is longer than %d bytes.",
	"这个幂等键已用于另一项请求": "This idempotency key was already used for another request.",
})
