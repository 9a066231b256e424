package homehttp

import (
	"context"
	"net/http"
	"time"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/web"
)

// part is a titled list of sentences.
type part struct {
	title string
	lines []string
}

// said translates a statement; all texts are Chinese keys.
func said(ctx context.Context, parts []part) []part {
	out := make([]part, len(parts))
	for i, p := range parts {
		out[i].title = i18n.T(ctx, p.title)
		for _, x := range p.lines {
			out[i].lines = append(out[i].lines, i18n.T(ctx, x))
		}
	}
	return out
}

// accessibilityText says what this software does, nothing that only an operator could promise.
var accessibilityText = []part{
	{"怎样放大文字", []string{
		"每页右上角的“关怀版”按钮把正文放大到 20 像素，按钮和输入框同时加大；显示设置中还可以选特大，正文 30 像素。",
		"选择保存在本机浏览器中，不需要登录，下次打开仍然有效。",
		"可以选择浅色、深色或跟随系统；浏览器自带的缩放同样可用，放大后内容不会丢失。",
	}},
	{"键盘和读屏软件", []string{
		"全部功能都可以只用键盘完成；按 Tab 键移动时，当前位置有明显的边框。",
		"每页开头有“跳到正文”链接；按 Ctrl+K（苹果电脑为 ⌘K）进入搜索框。",
		"标题、地标、表格和表单项都有文字名称，出错时先读出错误汇总，再逐项链接到要改的地方。",
		"状态不只靠颜色表示，总有文字和形状。",
	}},
	{"不依赖的东西", []string{
		"关闭脚本后仍可查询、填报和办理。",
		"没有弹窗广告和自动播放，没有图形验证码。",
	}},
	{"所依据的标准", []string{
		"按《Web 内容无障碍指南》（WCAG）2.2 的 AA 级和国家关于互联网应用适老化的通用设计要求设计。",
		"每次发布前用自动工具检查各页，并在宽屏、手机、浅色、深色和大字下逐一查看；自动检查不能发现所有问题。",
	}},
	{"遇到困难时", []string{
		"请拨打页脚的联系电话，或通过页脚的纠错入口告诉我们页面地址和所用的设备。",
	}},
}

// privacyText says what this software stores and shows. An operator adds its own statement.
var privacyText = []part{
	{"处理哪些信息", []string{
		"账号：登录名、姓名、手机号和邮箱，密码只保存不可还原的摘要。",
		"人员档案：姓名、单位、职务、专业领域等；证件号码、电话和邮箱加密保存。",
		"单位联系人：姓名、职务、电话和邮箱。",
		"操作记录：谁在何时从哪个入口做了什么更改，用于审计。",
	}},
	{"怎样使用和公开", []string{
		"只用于本平台的登记、核验、查询和办理，不用于广告，不出售。",
		"未登录的访客只能看到已核验组织的公开信息，以及本人同意公开的专家信息。",
		"证件号码、电话和邮箱默认只显示一部分；有权限的工作人员查看全部时，系统留下记录。",
		"导出文件带有导出人和时间的标记，并留下记录。",
	}},
	{"浏览器中保存什么", []string{
		"只使用本站的小文本（Cookie）：登录状态、语言、颜色和字号。没有第三方脚本，不跟踪您的浏览。",
		"填写中的表单会暂存在本机和服务器，提交或放弃后删除。",
	}},
	{"您的权利", []string{
		"登录后可以在个人资料中查看和更正自己的信息，查看并结束自己的登录。",
		"需要复制、更正、删除信息或注销账号而自己不能办理的，请联系页脚的主办单位；依法须保存的记录在保存期内不能删除。",
	}},
	{"谁对此负责", []string{
		"页脚的主办单位是个人信息处理者。本页说明软件的做法，具体的处理目的、保存期限和联系方式以主办单位公布的为准。",
	}},
}

func (h *Handler) accessibility(w http.ResponseWriter, r *http.Request) error {
	return h.about(w, r, "适老化与无障碍说明",
		"让看不清、听不见、手不便或不熟悉电脑的人，也能自己查、自己办。", accessibilityText)
}

func (h *Handler) privacy(w http.ResponseWriter, r *http.Request) error {
	return h.about(w, r, "个人信息保护说明", "本平台保存哪些个人信息、谁能看到、您有什么权利。", privacyText)
}

func (h *Handler) about(
	w http.ResponseWriter, r *http.Request, title, lead string, parts []part,
) error {
	ctx := r.Context()
	p := h.web.Page(r, title)
	p.Lead = i18n.T(ctx, lead)
	return h.web.Render(w, r, web.View{Page: p,
		Body: aboutPage(p.Title, p.Lead, said(ctx, parts))})
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }
