package i18n

var _ = English(map[string]string{
	"系统内部错误，请稍后再试": "Something went wrong on our side. Please try again later.",
	"有 %d 处需要修改":   "%d things need your attention",
})
