package ui

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// StatusOf is the HTTP status for an error: that of its fault's kind. A conflict is 409, a wrong
// input 422, no error 200.
func StatusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// failureText is what an error page says and advises for one status; Chinese texts are keys.
type failureText struct {
	title, text string
	advice      []string
}

var failureTexts = map[int]failureText{
	http.StatusBadRequest: {"无法理解这个请求", "地址或表单不完整，可能是复制时漏了一段。",
		[]string{"检查地址是否完整", "返回上一页，重新操作一次"}},
	http.StatusForbidden: {"没有权限", "您当前的身份不能查看或办理这一项。",
		[]string{"如有其他身份，可在右上角切换后再试", "向本单位管理员或市科技局申请权限"}},
	http.StatusNotFound: {"没有找到这个页面", "它可能已被移走、合并或删除，也可能不对您公开。",
		[]string{"检查地址是否正确", "从首页或列表重新进入"}},
	http.StatusMethodNotAllowed: {"这个地址不能这样使用", "页面可能已经过期。",
		[]string{"返回上一页，重新操作一次"}},
	http.StatusConflict: {"现在不能这样做", "这条记录的状态已经变化，或别人先您一步做了修改。",
		[]string{"返回并刷新，看看现在的内容", "您填写的内容没有保存，请先复制到别处"}},
	http.StatusRequestEntityTooLarge: {"内容太大", "上传的文件或表单超过了允许的大小。",
		[]string{"压缩或拆分文件后再上传"}},
	http.StatusUnprocessableEntity: {"有内容需要修改", "提交的内容没有通过检查，尚未保存。",
		[]string{"返回上一页，按提示修改后重新提交"}},
	http.StatusTooManyRequests: {"操作太频繁", "为保护系统，短时间内的请求次数有限制。",
		[]string{"稍等一分钟再试", "需要批量取数时请使用导出或接口"}},
	http.StatusInternalServerError: {"系统出错了", "这是我们的问题，错误已经记录。",
		[]string{"稍后再试", "若一再出现，请把下面的请求编号告诉我们"}},
	http.StatusServiceUnavailable: {"暂时无法服务", "系统正忙或正在维护，您的数据没有丢失。",
		[]string{"过一两分钟刷新页面", "填写中的内容会在恢复后继续保存"}},
}

// FailureOf makes the error page for a status. With a fault its own message comes first; any
// other error shows no detail. The links lead back and home.
func FailureOf(l i18n.Lang, status int, err error, requestID string) Failure {
	t, ok := failureTexts[status]
	if !ok {
		t = failureTexts[nearestStatus(status)]
	}
	f := Failure{
		Status: status, Title: i18n.Text(l, t.title), Text: i18n.Text(l, t.text),
		Request: requestID,
		Links:   []Link{{Text: i18n.Text(l, "回到首页"), Href: PathHome}},
	}
	for _, a := range t.advice {
		f.Advice = append(f.Advice, i18n.Text(l, a))
	}
	if e, ok := fault.As(err); ok && e.Kind != fault.Internal {
		f.Text = i18n.Fault(l, e)
		for _, x := range e.Fields {
			f.Fields = append(f.Fields, SummaryItem{ID: FieldID(x.Name),
				Text: i18n.FieldText(l, x)})
		}
	}
	return f
}

// nearestStatus stands in for a status without texts of its own.
func nearestStatus(status int) int {
	if status >= http.StatusInternalServerError {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
