package ui

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
)

// htmxConfig keeps htmx inside the content security policy: no style sheet of its own, no settling
// (which carries style attributes from the old element to the new one, empty ones too), no
// extensions, no code in attributes (we use no filters, hx-on or js: values).
const htmxConfig = `{"includeIndicatorCSS":false,"transitions":false,"extensions":"none",` +
	`"defaultTimeout":30000,"defaultSettleDelay":0}`

func pageTitle(p Page) string {
	if p.Title == "" || p.Title == p.Site.Name {
		return p.Site.Name
	}
	return p.Title + " · " + p.Site.Name
}

func loginURL(p Page) templ.SafeURL {
	return templ.URL(PathLogin + "?back=" + url.QueryEscape(p.back()))
}

// nextSize is what the button 关怀版 asks for: it switches the large text on and off.
func (p Page) nextSize() string {
	if p.size() == string(SizeNormal) {
		return string(SizeLarge)
	}
	return string(SizeNormal)
}

// currentPage gives aria-current only where it is true.
func currentPage(on bool) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}

// scriptTexts are the words app.js shows, in the language of ctx, as JSON for a data attribute.
func scriptTexts(ctx context.Context) string {
	texts := map[string]string{
		"saved":   i18n.T(ctx, "已自动保存 %s"),
		"offline": i18n.T(ctx, "网络中断，已保存在本机"),
		"unsaved": i18n.T(ctx, "没有保存成功，改动仍在页面上"),
		"draft":   i18n.T(ctx, "本机有 %s 未提交的内容"),
		"restore": i18n.T(ctx, "恢复"),
		"discard": i18n.T(ctx, "丢弃"),
		"failed":  i18n.T(ctx, "没有加载成功，页面仍是原来的内容"),
		"retry":   i18n.T(ctx, "重试"),
		"count":   i18n.T(ctx, "%s / %s 字"),
	}
	out, err := json.Marshal(texts)
	if err != nil { // strings always marshal
		return "{}"
	}
	return string(out)
}
