package notifyhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/notify"
)

// noticeBody is a notice in the language of the request.
type noticeBody struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	Title     string     `json:"title"`
	Detail    string     `json:"detail,omitempty"`
	Href      string     `json:"href,omitempty" doc:"page of the site it leads to"`
	Lines     []lineBody `json:"lines,omitempty" doc:"what it names one by one"`
	CreatedUs int64      `json:"createdUs"`
	ReadUs    int64      `json:"readUs,omitempty" doc:"0: not read yet"`
}

// lineBody is one of the things that a notice names.
type lineBody struct {
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
	Href   string `json:"href,omitempty" doc:"page of the site it leads to"`
}

func bodyOf(ctx context.Context, n notify.Item) noticeBody {
	l := i18n.From(ctx)
	b := noticeBody{ID: n.ID, Kind: n.Kind, Title: n.Title.In(l), Href: n.Href, CreatedUs: n.CreatedUs,
		ReadUs: n.ReadUs}
	if n.Detail.Key != "" {
		b.Detail = n.Detail.In(l)
	}
	for _, x := range linesOf(l, n.Lines) {
		b.Lines = append(b.Lines, lineBody{x.Text, x.Note, x.Href})
	}
	return b
}

type listIn struct {
	api.Paging
	Unread bool   `query:"unread" doc:"only those not read yet"`
	Kind   string `query:"kind" maxLength:"60"`
}

type listOut struct{ Body api.Page[noticeBody] }

type unreadOut struct {
	Body struct {
		Unread int `json:"unread" doc:"up to 1000"`
	}
}

type idIn struct {
	ID string `path:"id" maxLength:"40"`
}

type noticeOut struct{ Body noticeBody }

type markIn struct {
	Body struct {
		IDs []string `json:"ids" maxItems:"1000"`
	}
}

type markAllIn struct {
	Body struct {
		UntilUs int64 `json:"untilUs,omitempty" doc:"those that came up to then; now when 0"`
	}
}

type settingOut struct{ Body settingBody }

type settingBody struct {
	notify.Setting
	Kinds []kindBody `json:"kinds"`
}

type kindBody struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Mail  bool   `json:"mail" doc:"goes into mails at all"`
}

type settingIn struct{ Body notify.SettingInput }

type tokenIn struct {
	Body struct {
		Token string `json:"token" maxLength:"100"`
	}
}

type none struct{}

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	op := func(name, method, path, title string) api.Operation {
		return api.Operation{UseCase: "notify." + name, Method: method, Path: path, Title: title,
			Tag: "notices"}
	}
	api.Add(a, op("List", http.MethodGet, "/inbox", "查询消息"), h.apiList)
	api.Add(a, op("Unread", http.MethodGet, "/inbox/unread", "未读消息数"), h.apiUnread)
	api.Add(a, op("Mark", http.MethodPost, "/inbox/read", "把消息标为已读"),
		func(ctx context.Context, in *markIn) (*none, error) {
			return nil, h.notify.Mark(ctx, api.By(ctx), in.Body.IDs)
		})
	api.Add(a, op("MarkAll", http.MethodPost, "/inbox/read-all", "把全部消息标为已读"),
		func(ctx context.Context, in *markAllIn) (*none, error) {
			return nil, h.notify.MarkAll(ctx, api.By(ctx), in.Body.UntilUs)
		})
	api.Add(a, op("Open", http.MethodPost, "/inbox/{id}/open", "打开一条消息"),
		func(ctx context.Context, in *idIn) (*noticeOut, error) {
			n, err := h.notify.Open(ctx, api.By(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return &noticeOut{bodyOf(ctx, n)}, nil
		})
	api.Add(a, op("Setting", http.MethodGet, "/inbox/settings", "查看消息设置"),
		func(ctx context.Context, _ *none) (*settingOut, error) {
			return h.settingOf(ctx)(h.notify.Setting(ctx, api.By(ctx)))
		})
	api.Add(a, op("SaveSetting", http.MethodPut, "/inbox/settings", "修改消息设置"),
		func(ctx context.Context, in *settingIn) (*settingOut, error) {
			return h.settingOf(ctx)(h.notify.SaveSetting(ctx, api.By(ctx), in.Body))
		})
	end := op("EndMails", http.MethodPost, "/inbox/unsubscribe", "停止发送邮件")
	end.Public = true
	api.Add(a, end, func(ctx context.Context, in *tokenIn) (*none, error) {
		return nil, h.notify.EndMails(ctx, in.Body.Token)
	})
}

func (h *Handler) apiList(ctx context.Context, in *listIn) (*listOut, error) {
	f, err := h.filterOf(in.Unread, in.Kind)
	if err != nil {
		return nil, err
	}
	page, err := h.notify.List(ctx, api.By(ctx), f, in.Req())
	if err != nil {
		return nil, err
	}
	out := &listOut{api.Page[noticeBody]{Items: []noticeBody{}, Next: page.Next, Prev: page.Prev}}
	for _, n := range page.Items {
		out.Body.Items = append(out.Body.Items, bodyOf(ctx, n))
	}
	return out, nil
}

func (h *Handler) apiUnread(ctx context.Context, _ *none) (*unreadOut, error) {
	n, err := h.notify.Unread(ctx, api.By(ctx))
	out := &unreadOut{}
	out.Body.Unread = n
	return out, err
}

// settingOf shows a setting with the kinds that it speaks of.
func (h *Handler) settingOf(ctx context.Context) func(notify.Setting, error) (*settingOut, error) {
	return func(set notify.Setting, err error) (*settingOut, error) {
		if err != nil {
			return nil, err
		}
		out := &settingOut{settingBody{Setting: set}}
		if out.Body.NoMail == nil {
			out.Body.NoMail = []string{}
		}
		if out.Body.NoInbox == nil {
			out.Body.NoInbox = []string{}
		}
		out.Body.Kinds = []kindBody{}
		for _, k := range h.notify.Kinds() {
			out.Body.Kinds = append(out.Body.Kinds, kindBody{k.Name, i18n.T(ctx, k.Title), k.Mail})
		}
		return out, nil
	}
}
