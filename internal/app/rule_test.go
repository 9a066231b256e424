package app_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/process"
)

// What an operator sets about accounts reaches the room that keeps to it.
func TestSettingsReachTheIdentityRoom(t *testing.T) {
	c := apptest.Config(t)
	c.Session.Idle, c.Session.Absolute, c.Session.AdminsByCode = time.Hour, 5*time.Hour, true
	c.Account.PasswordDays, c.Account.Registration = 90, false
	c.OIDC.CreatesAccounts = true
	c.Claim.Days, c.Claim.Chief = 5, "officer"
	want := identity.SecurityRule{Idle: time.Hour, Absolute: 5 * time.Hour, AdminsByCode: true,
		PasswordAge: 90 * 24 * time.Hour, NoRegistration: true, OIDCCreates: true, ClaimDays: 5,
		ClaimChief: process.Owner{Role: authz.Officer}}
	if diff := cmp.Diff(want, apptest.OpenConfig(t, c).Identity.Rule()); diff != "" {
		t.Error(diff)
	}
}
