package outbox

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"「%s」需要全部历史事件，但较早的已被清理": "“%s” needs all past events, but the older ones were removed.",
	"「%s」正由另一个进程处理或在出错后等待，请稍后再试": "“%s” is being handled by another process or waits after " +
		"a failure; please try again later.",
	"没有名为「%s」的事件消费者": "There is no event consumer called “%s”.",
	"「%s」不能重建":       "“%s” cannot be rebuilt.",
})
