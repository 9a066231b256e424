package identityhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/identity"
)

// answer is a body without more.
type answer[T any] struct{ Body T }

// found is an answer to who asked for something, or why not.
func found[T any](v T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{v}, nil
}

// versioned is a record with its version.
type versioned[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

func recordOf[T any](v T, version int64, err error) (*versioned[T], error) {
	if err != nil {
		return nil, err
	}
	return &versioned[T]{api.ETag(version), v}, nil
}

// none is an answer without a body.
type none struct{}

func done(err error) (*none, error) {
	if err != nil {
		return nil, err
	}
	return &none{}, nil
}

// ByID is embedded in the input of operations on one record.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// InSession is embedded in the input of what is done in person: it takes the session of a browser.
type InSession struct {
	Session string `cookie:"yuntu_session" maxLength:"100"`
}

func listOf[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	h.ownOperations(a)
	h.ownThingOperations(a)
}

// operation describes one operation of this door.
func operation(name, method, path, title string, status int) api.Operation {
	return api.Operation{UseCase: "identity." + name, Method: method, Path: path, Title: title,
		Tag: "identity", Status: status}
}

type profileIn struct {
	api.Match
	Body profileBody
}

// profileBody is what people say about themselves.
type profileBody struct {
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

type passwordIn struct {
	InSession
	Body identity.PasswordInput
}

type confirmIn struct {
	Body struct {
		Password string `json:"password" doc:"the own password, once more"`
	}
}

func (h *Handler) ownOperations(a *api.API) {
	const get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
	api.Add(a, operation("GetProfile", get, "/me", "我的账号", 0),
		func(ctx context.Context, _ *struct{}) (*versioned[identity.Account], error) {
			x, err := h.identity.GetProfile(ctx, api.By(ctx))
			return recordOf(x, x.Version, err)
		})
	api.Add(a, operation("UpdateProfile", put, "/me", "修改我的资料", 0),
		func(ctx context.Context, in *profileIn) (*versioned[identity.Account], error) {
			v, err := in.Version()
			if err != nil {
				return nil, err
			}
			x, err := h.identity.UpdateProfile(ctx, api.By(ctx), identity.ProfileInput{
				Name: in.Body.Name, Phone: in.Body.Phone, Email: in.Body.Email, Version: v})
			return recordOf(x, x.Version, err)
		})
	api.Add(a, operation("ChangePassword", post, "/me/password", "修改密码", 0),
		func(ctx context.Context, in *passwordIn) (*answer[identity.Started], error) {
			in.Body.Token = in.Session
			return found(h.identity.ChangePassword(ctx, api.By(ctx), in.Body))
		})
	api.Add(a, operation("GetSecondFactor", get, "/me/second-factor", "查看两步验证", 0),
		func(ctx context.Context, _ *struct{}) (*answer[identity.SecondFactor], error) {
			return found(h.identity.GetSecondFactor(ctx, api.By(ctx)))
		})
	api.Add(a, operation("RenewRecoveryCodes", post, "/me/recovery-codes", "重新生成恢复码", 0),
		func(ctx context.Context, in *confirmIn) (*answer[[]string], error) {
			return found(h.identity.RenewRecoveryCodes(ctx, api.By(ctx), in.Body.Password))
		})
	api.Add(a, operation("ListLinks", get, "/me/links", "已关联的统一身份", 0),
		func(ctx context.Context, _ *struct{}) (*answer[[]identity.Link], error) {
			out, err := h.identity.ListLinks(ctx, api.By(ctx))
			return found(listOf(out), err)
		})
	api.Add(a, operation("UnlinkOIDC", post, "/me/links/remove", "取消关联统一身份", http.StatusNoContent),
		func(ctx context.Context, in *struct {
			Body struct {
				Issuer  string `json:"issuer"`
				Subject string `json:"subject"`
			}
		}) (*none, error) {
			return done(h.identity.UnlinkOIDC(ctx, api.By(ctx), in.Body.Issuer, in.Body.Subject))
		})
}

func (h *Handler) ownThingOperations(a *api.API) {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	api.Add(a, operation("ListSessions", get, "/sessions", "我的登录", 0),
		func(ctx context.Context, in *InSession) (*answer[[]identity.Session], error) {
			out, err := h.identity.ListSessions(ctx, api.By(ctx), in.Session)
			return found(listOf(out), err)
		})
	api.Add(a, operation("EndSession", del, "/sessions/{id}", "退出一处登录", http.StatusNoContent),
		func(ctx context.Context, in *ByID) (*none, error) {
			return done(h.identity.EndSession(ctx, api.By(ctx), in.ID))
		})
	api.Add(a, operation("EndOtherSessions", post, "/sessions/end-others", "退出其他登录", 0),
		func(ctx context.Context, in *InSession) (*answer[endedBody], error) {
			n, err := h.identity.EndOtherSessions(ctx, api.By(ctx), in.Session)
			return found(endedBody{n}, err)
		})
	api.Add(a, operation("ListTokens", get, "/tokens", "我的接口令牌", 0),
		func(ctx context.Context, _ *struct{}) (*answer[[]identity.Token], error) {
			out, err := h.identity.ListTokens(ctx, api.By(ctx))
			return found(listOf(out), err)
		})
	api.Add(a, operation("RevokeToken", del, "/tokens/{id}", "撤销接口令牌", http.StatusNoContent),
		func(ctx context.Context, in *ByID) (*none, error) {
			return done(h.identity.RevokeToken(ctx, api.By(ctx), in.ID))
		})
	api.Add(a, operation("ListViews", get, "/views", "我的常用视图", 0),
		func(ctx context.Context, in *struct {
			Page string `query:"page" maxLength:"100" doc:"path of the list: /orgs"`
		}) (*answer[[]identity.View], error) {
			out, err := h.identity.ListViews(ctx, api.By(ctx), in.Page)
			return found(listOf(out), err)
		})
	api.Add(a, operation("SaveView", put, "/views", "保存常用视图", 0),
		func(ctx context.Context, in *struct{ Body identity.ViewInput }) (*answer[identity.View], error) {
			return found(h.identity.SaveView(ctx, api.By(ctx), in.Body))
		})
	api.Add(a, operation("DeleteView", del, "/views/{id}", "删除常用视图", http.StatusNoContent),
		func(ctx context.Context, in *ByID) (*none, error) {
			return done(h.identity.DeleteView(ctx, api.By(ctx), in.ID))
		})
}

// endedBody says how many sessions were ended.
type endedBody struct {
	Ended int64 `json:"ended"`
}
