package app

import (
	"fmt"
	"os"
	"strings"

	"github.com/yuntu-city/yuntu/internal/identity/identityhttp"
	"github.com/yuntu-city/yuntu/internal/region"
)

// own is the door of log-in and of people's own accounts.
func (a *App) own() (*identityhttp.Handler, error) {
	p, err := a.provider()
	if err != nil {
		return nil, err
	}
	return identityhttp.New(a.Identity, a.Web, identityhttp.Deps{
		Clock: a.Clock, Provider: p,
		Region: func(code string) string { return a.Dict.RegionName(region.Code(code), "") },
	}), nil
}

// provider is the identity provider of the settings, nil when there is none.
func (a *App) provider() (*identityhttp.Provider, error) {
	c := a.Config.OIDC
	if c.Issuer == "" {
		return nil, nil
	}
	secret := ""
	if c.ClientSecretFile != "" {
		b, err := os.ReadFile(c.ClientSecretFile)
		if err != nil {
			return nil, fmt.Errorf("read oidc.client_secret_file: %w", err)
		}
		secret = strings.TrimSpace(string(b))
	}
	return identityhttp.NewProvider(identityhttp.ProviderConfig{
		Name: c.Name, Issuer: c.Issuer, ClientID: c.ClientID, Secret: secret,
		RedirectURL: strings.TrimSuffix(a.Config.Server.PublicURL, "/") + "/login/oidc/callback",
	}, a.Clock, nil)
}
