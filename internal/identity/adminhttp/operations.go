package adminhttp

import (
	"context"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
)

// accountOut is an answer with the version of the account.
type accountOut struct {
	ETag string `header:"ETag"`
	Body identity.Account
}

func accountOf(a identity.Account, err error) (*accountOut, error) {
	if err != nil {
		return nil, err
	}
	return &accountOut{api.ETag(a.Version), a}, nil
}

type createdOut struct {
	ETag string `header:"ETag"`
	Body identity.Created
}

// ByID asks for one record.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// AccountsIn narrows the list of accounts.
type AccountsIn struct {
	Q      string `query:"q" maxLength:"200" doc:"beginning of the login name or of the name"`
	Status string `query:"status" maxLength:"20" doc:"active, locked or closed"`
	Role   string `query:"role" maxLength:"40" doc:"granted and not revoked"`
}

func (in AccountsIn) filter() identity.AccountFilter {
	return identity.AccountFilter{Query: in.Q, Status: identity.Status(in.Status),
		Role: authz.Role(in.Role)}
}

type accountsOut struct{ Body api.Page[identity.Account] }

// accountCount is how many accounts a list has.
type accountCount struct {
	Count int64 `json:"count"`
}

type accountCountOut struct{ Body accountCount }

// AccountStatusIn is the body of a change of status.
type AccountStatusIn struct {
	Status identity.Status `json:"status"`
	Reason string          `json:"reason"`
}

// AccountData is the body of a change of an account.
type AccountData struct {
	Name   string `json:"name"`
	Phone  string `json:"phone,omitempty"`
	Email  string `json:"email,omitempty"`
	Person string `json:"person,omitempty"`
}

// madePassword is a password that was made up. It is shown once.
type madePassword struct {
	Made string `json:"madePassword"`
}

type passwordOut struct{ Body madePassword }

// RevokeIn is the body of a revocation.
type RevokeIn struct {
	Reason string `json:"reason"`
}

type rolesOut struct{ Body api.Page[identity.Granted] }

type heldOut struct {
	ETag string `header:"ETag"`
	Body identity.Held
}

func operation(name, method, path, title, tag string) api.Operation {
	return api.Operation{UseCase: "identity." + name, Method: method, Path: path, Title: title,
		Tag: tag}
}

// caller returns who calls, and refuses visitors: a list would be empty for them, and its answer
// would look as if there were nothing.
func caller(ctx context.Context) (authz.Actor, error) {
	by := api.By(ctx)
	if by.Account == "" {
		return by, fault.New(fault.Forbidden, "请先登录")
	}
	return by, nil
}

// Operations adds the operations.
func (h *Handler) Operations(a *api.API) {
	h.accountReads(a)
	h.accountWrites(a)
	h.resets(a)
	h.roleOperations(a)
}

func (h *Handler) accountReads(a *api.API) {
	const get, tag = http.MethodGet, "accounts"
	api.Add(a, operation("ListAccounts", get, "/accounts", "账号列表", tag),
		func(ctx context.Context, in *struct {
			AccountsIn
			api.Paging
			Sort string `query:"sort" enum:"login,created" default:"login"`
		}) (*accountsOut, error) {
			by, err := caller(ctx)
			if err != nil {
				return nil, err
			}
			page, err := h.room.ListAccounts(ctx, by, in.filter(), in.Sort, in.Req())
			return &accountsOut{api.PageOf(page)}, err
		})
	api.Add(a, operation("CountAccounts", get, "/accounts/count", "账号数量", tag),
		func(ctx context.Context, in *AccountsIn) (*accountCountOut, error) {
			by, err := caller(ctx)
			if err != nil {
				return nil, err
			}
			n, err := h.room.CountAccounts(ctx, by, in.filter())
			return &accountCountOut{accountCount{n}}, err
		})
	api.Add(a, operation("GetAccount", get, "/accounts/{id}", "查看账号", tag),
		func(ctx context.Context, in *ByID) (*accountOut, error) {
			return accountOf(h.room.GetAccount(ctx, api.By(ctx), in.ID))
		})
}

func (h *Handler) accountWrites(a *api.API) {
	const tag = "accounts"
	create := operation("CreateAccount", http.MethodPost, "/accounts", "开设账号", tag)
	create.Status = http.StatusCreated
	api.Add(a, create, func(ctx context.Context, in *struct {
		api.Once
		Body identity.NewAccount
	}) (*createdOut, error) {
		in.Body.Key = in.Key
		c, err := h.room.CreateAccount(ctx, api.By(ctx), in.Body)
		return &createdOut{api.ETag(c.Version), c}, err
	})
	api.Add(a, operation("UpdateAccount", http.MethodPut, "/accounts/{id}", "修改账号资料", tag),
		func(ctx context.Context, in *struct {
			ByID
			api.Match
			Body AccountData
		}) (*accountOut, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			b := in.Body
			return accountOf(h.room.UpdateAccount(ctx, api.By(ctx), identity.ProfileInput{ID: in.ID,
				Name: b.Name, Phone: b.Phone, Email: b.Email, Person: b.Person, Version: version}))
		})
	api.Add(a, operation("SetAccountStatus", http.MethodPost, "/accounts/{id}/status",
		"停用、恢复或注销账号", tag),
		func(ctx context.Context, in *struct {
			ByID
			api.Match
			Body AccountStatusIn
		}) (*accountOut, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return accountOf(h.room.SetAccountStatus(ctx, api.By(ctx), identity.StatusInput{
				ID: in.ID, Status: in.Body.Status, Reason: in.Body.Reason, Version: version}))
		})
}

func (h *Handler) resets(a *api.API) {
	const tag = "accounts"
	api.Add(a, operation("ResetPassword", http.MethodPost, "/accounts/{id}/password", "重置密码",
		tag),
		func(ctx context.Context, in *struct {
			ByID
			api.Match
		}) (*passwordOut, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			made, err := h.room.ResetPassword(ctx, api.By(ctx), in.ID, version)
			return &passwordOut{madePassword{made}}, err
		})
	api.Add(a, operation("ResetTOTP", http.MethodDelete, "/accounts/{id}/totp", "重置两步验证", tag),
		func(ctx context.Context, in *struct {
			ByID
			api.Match
		}) (*struct{}, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return &struct{}{}, h.room.ResetTOTP(ctx, api.By(ctx), in.ID, version)
		})
}

func (h *Handler) roleOperations(a *api.API) {
	const tag = "roles"
	api.Add(a, operation("ListRoles", http.MethodGet, "/roles", "角色授权列表", tag),
		func(ctx context.Context, in *struct {
			api.Paging
			Account string `query:"account" maxLength:"64" doc:"id of an account"`
			Role    string `query:"role" maxLength:"40"`
			Current bool   `query:"current" doc:"not revoked"`
		}) (*rolesOut, error) {
			by, err := caller(ctx)
			if err != nil {
				return nil, err
			}
			page, err := h.room.ListRoles(ctx, by, identity.RoleFilter{Account: in.Account,
				Role: authz.Role(in.Role), Current: in.Current}, in.Req())
			return &rolesOut{api.PageOf(page)}, err
		})
	grant := operation("GrantRole", http.MethodPost, "/roles", "授予角色", tag)
	grant.Status = http.StatusCreated
	api.Add(a, grant, func(ctx context.Context, in *struct {
		api.Once
		Body identity.GrantInput
	}) (*heldOut, error) {
		in.Body.Key = in.Key
		g, err := h.room.GrantRole(ctx, api.By(ctx), in.Body)
		return &heldOut{api.ETag(g.Version), g}, err
	})
	api.Add(a, operation("RevokeRole", http.MethodPost, "/roles/{id}/revoke", "撤销角色", tag),
		func(ctx context.Context, in *struct {
			ByID
			api.Match
			Body RevokeIn
		}) (*struct{}, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return &struct{}{}, h.room.RevokeRole(ctx, api.By(ctx),
				identity.RevokeInput{ID: in.ID, Reason: in.Body.Reason, Version: version})
		})
}
