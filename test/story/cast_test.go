package story_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

const password = "Lan-Tian 37 bai yun"

// cast are the organisations of the story and the tokens of its people.
type cast struct {
	firm, institute, bureau string // ids of organisations
	tokens                  map[string]string
	sessions                map[string]string // of browsers
}

// The places of the story.
const (
	city     = "140100"
	district = "140105" // 小店区, where the firm is
)

// settle registers organisations and people and gives each a token.
func settle(t *testing.T, a *app.App) cast {
	t.Helper()
	officer := authz.Actor{Login: "test", Role: authz.Officer, Via: authz.ViaSystem}
	chief := authz.Actor{Login: "test", Role: authz.SysAdmin, Via: authz.ViaSystem}
	settings, err := a.Site.GetSettings(t.Context(), chief)
	if err != nil {
		t.Fatal(err)
	}
	settings.Region = city
	if _, err := a.Site.UpdateSettings(t.Context(), chief, settings); err != nil {
		t.Fatal(err)
	}
	org := func(name, kind string, at region.Code) string {
		o, err := a.Party.CreateOrganisation(t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
			Name: name, Kind: kind, Region: at, Standing: "active"}})
		if err != nil {
			t.Fatal(err)
		}
		return o.ID
	}
	c := cast{tokens: map[string]string{}, sessions: map[string]string{},
		firm:      org("太原云帆新材料有限公司", "enterprise", district),
		institute: org("太原汾河材料研究院", "institute", "140106"),
		bureau:    org("太原市工业和信息化局", "government", city)}
	for _, x := range []struct {
		login string
		role  authz.Role
		org   string
	}{
		{"officer", authz.Officer, ""}, {"leader", authz.Leader, ""},
		{"department", authz.Department, c.bureau},
		{"firm", authz.Enterprise, c.firm}, {"institute", authz.University, c.institute},
	} {
		c.tokens[x.login], c.sessions[x.login] = token(t, a, x.login, x.role, x.org)
	}
	return c
}

// rooms are where the story plays.
var rooms = []string{"party", "plan", "market", "deal", "matching", "indicator", "monitor", "dispatch", "report"}

// unused are rights that the story has no need of: a token takes a hundred at most.
var unused = regexp.MustCompile(`import|export|\.rule\.|^dispatch\.letter|^indicator\.(ranking|lock)|broker`)

// token makes an account in a role and returns a token with all that the role may do, and a session.
func token(t *testing.T, a *app.App, login string, role authz.Role, org string) (secret, browser string) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", login, err)
		}
	}
	by := func(r authz.Role) authz.Actor { return authz.Actor{Login: "test", Role: r, Via: authz.ViaSystem} }
	made, err := a.Identity.CreateAccount(ctx, by(authz.SysAdmin),
		identity.NewAccount{Login: login, Name: login, Password: password})
	must(err)
	_, err = a.Identity.GrantRole(ctx, by(authz.SecAdmin), identity.GrantInput{Account: made.ID, Role: role,
		Org: org, Basis: "测试"})
	must(err)
	in, err := a.Identity.Login(ctx, authz.Actor{Via: authz.ViaSession},
		identity.LoginInput{Login: login, Password: password})
	must(err)
	session, err := a.Identity.Resume(ctx, in.Token)
	must(err)
	var scopes []authz.Action
	for _, r := range authz.Rights(app.Policies(), role) {
		room, _, _ := strings.Cut(string(r.Action), ".")
		if slices.Contains(rooms, room) && !slices.Contains(scopes, r.Action) && !unused.MatchString(string(r.Action)) {
			scopes = append(scopes, r.Action)
		}
	}
	made2, err := a.Identity.CreateToken(ctx, session.Actor, identity.NewToken{Name: "story", Days: 1,
		Scopes: scopes, Token: in.Token})
	must(err)
	return made2.Secret, in.Token
}
