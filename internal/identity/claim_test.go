package identity_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	xiaodian = authz.Actor{Account: "acc-xd", Role: authz.District, Region: "140105",
		Via: authz.ViaSession}
	yingze = authz.Actor{Account: "acc-yz", Role: authz.District, Region: "140106",
		Via: authz.ViaSession}
)

func (h *house) claim(by authz.Actor, in identity.ClaimInput) identity.Claim {
	h.Helper()
	c, err := h.Claim(h.ctx, by, in)
	if err != nil {
		h.Fatal(err)
	}
	return c
}

func (h *house) fire(
	by authz.Actor, c identity.Claim, step, reason string,
) (identity.Claim, error) {
	return h.FireClaim(h.ctx, by, identity.FireInput{ID: c.ID, Step: step, Reason: reason,
		Version: c.Version})
}

// person makes an account without roles and logs it in.
func (h *house) person(login string) authz.Actor {
	h.Helper()
	h.account(login)
	by, _ := h.as(login)
	return by
}

func TestClaimOfKnownOrganisation(t *testing.T) {
	each(t, func(h *house) {
		o := h.org(1, "university")
		wang := h.person("wangxm")
		c := h.claim(wang, identity.ClaimInput{USCC: " " + strings.ToLower(o.USCC) + " ", Duty: "科研处长",
			OrgName: "随便写的", Kind: "enterprise", Region: "110000"})
		if c.OrgName != o.Name || c.Kind != "university" || c.Region != "140105" || c.Org != o.ID ||
			c.State != identity.ClaimSubmitted || c.Days != 3 {
			t.Errorf("claim %+v", c)
		}
		_, err := h.Claim(h.ctx, wang, identity.ClaimInput{USCC: o.USCC})
		wantKind(t, "a second claim while one is open", err, conflict)
		_, err = h.fire(wang, c, identity.StepConfirm, "")
		wantKind(t, "confirmed by the claimant", err, forbidden)
		done := processtest.Again(t, h.db, func(key string) (identity.Claim, error) {
			return h.FireClaim(h.ctx, officer, identity.FireInput{ID: c.ID, Step: identity.StepConfirm,
				Version: c.Version, Key: key})
		})
		if done.State != identity.ClaimConfirmed {
			t.Fatalf("%+v", done)
		}
		by, _ := h.as("wangxm")
		if by.Role != authz.University || by.Org != o.ID {
			t.Errorf("after the confirmation %+v", by)
		}
		_, err = h.Claim(h.ctx, by, identity.ClaimInput{USCC: o.USCC})
		wantKind(t, "a claim by a member", err, conflict)
		if h.orgs.made != 0 {
			t.Errorf("%d organisations were registered", h.orgs.made)
		}
	})
}

func TestClaimOfUnknownOrganisation(t *testing.T) {
	each(t, func(h *house) {
		wang, li := h.person("wangxm"), h.person("lisi")
		in := identity.ClaimInput{USCC: h.uscc(7), OrgName: "太原新厂", Kind: "enterprise"}
		for name, c := range map[string]struct {
			change func(*identity.ClaimInput)
			field  string
		}{
			"no name":      {func(c *identity.ClaimInput) { c.OrgName = "" }, "orgName"},
			"no kind":      {func(c *identity.ClaimInput) { c.Kind = "" }, "kind"},
			"a government": {func(c *identity.ClaimInput) { c.Kind = "government" }, "kind"},
			"check digit":  {func(c *identity.ClaimInput) { c.USCC = "91350100M000100Y44" }, "uscc"},
			"no code":      {func(c *identity.ClaimInput) { c.USCC = "" }, "uscc"},
			"region":       {func(c *identity.ClaimInput) { c.Region = "14" }, "region"},
			"long duty":    {func(c *identity.ClaimInput) { c.Duty = strings.Repeat("长", 41) }, "duty"},
			"control":      {func(c *identity.ClaimInput) { c.Statement = "a\x00b" }, "statement"},
		} {
			bad := in
			c.change(&bad)
			_, err := h.Claim(h.ctx, wang, bad)
			if name == "a government" {
				wantKind(t, name, err, invalid)
				continue
			}
			wantField(t, name, err, c.field)
		}
		c := h.claim(wang, in)
		if c.Region != "140105" || c.Org != "" {
			t.Errorf("region of the registering authority: %+v", c)
		}
		second := h.claim(li, in)
		if _, err := h.fire(officer, c, identity.StepConfirm, ""); err != nil {
			t.Fatal(err)
		}
		if h.orgs.made != 1 {
			t.Errorf("%d organisations were registered", h.orgs.made)
		}
		// The first member now sees the other claim and decides it.
		member, _ := h.as("wangxm")
		d, err := h.GetClaim(h.ctx, member, second.ID)
		if err != nil || d.Org == "" || d.OrgName != "太原新厂" {
			t.Fatalf("%+v, %v", d.Claim, err)
		}
		if d.Phone != "138****1234" {
			t.Errorf("a member sees the phone %s", d.Phone)
		}
		if _, err := h.fire(member, d.Claim, identity.StepConfirm, ""); err != nil {
			t.Fatal(err)
		}
		if by, _ := h.as("lisi"); by.Org != d.Org || by.Role != authz.Enterprise {
			t.Errorf("the second member is %+v", by)
		}
		if h.orgs.made != 1 {
			t.Errorf("%d organisations were registered", h.orgs.made)
		}
	})
}

func TestWhoSeesClaims(t *testing.T) {
	each(t, func(h *house) {
		o := h.org(1, "enterprise")
		wang, li := h.person("wangxm"), h.person("lisi")
		c := h.claim(wang, identity.ClaimInput{USCC: o.USCC})
		stranger := authz.Actor{Account: "m", Role: authz.Enterprise, Org: "org-2", Via: authz.ViaSession}
		for name, by := range map[string]authz.Actor{
			"another person": li, "another district": yingze, "another organisation": stranger,
			"a visitor": visitor, "sysadmin": sysadmin, "secadmin": secadmin,
		} {
			authztest.HiddenLooksAbsent(t, func(id string) error {
				_, err := h.GetClaim(h.ctx, by, id)
				return err
			}, c.ID, "no-such-claim")
			_, err := h.fire(by, c, identity.StepRefuse, "x")
			wantKind(t, name+" refuses", err, notFound)
		}
		for by, phone := range map[*authz.Actor]string{&officer: "13800001234",
			&xiaodian: "13800001234", &wang: "13800001234"} {
			d, err := h.GetClaim(h.ctx, *by, c.ID)
			if err != nil || d.Phone != phone || len(d.Running) != 1 {
				t.Errorf("%s sees %+v, %v", by.Role, d.Claim, err)
			}
		}
		list := func(by authz.Actor, f identity.ClaimFilter) int64 {
			n, err := h.CountClaims(h.ctx, by, f)
			page, lerr := h.ListClaims(h.ctx, by, f, "oldest", db.PageReq{})
			if err != nil || lerr != nil || int64(len(page.Items)) != n {
				t.Fatalf("%+v: %d, %d, %v, %v", f, n, len(page.Items), err, lerr)
			}
			if n > 0 && page.Items[0].Phone != "138****1234" {
				t.Errorf("the list shows %s", page.Items[0].Phone)
			}
			return n
		}
		for name, x := range map[string]struct {
			by   authz.Actor
			f    identity.ClaimFilter
			want int64
		}{
			"officer":     {officer, identity.ClaimFilter{}, 1},
			"小店":          {xiaodian, identity.ClaimFilter{}, 1},
			"迎泽":          {yingze, identity.ClaimFilter{}, 0},
			"claimant":    {wang, identity.ClaimFilter{Mine: true}, 1},
			"nobody":      {visitor, identity.ClaimFilter{Mine: true}, 0},
			"state":       {officer, identity.ClaimFilter{State: identity.ClaimReturned}, 0},
			"code":        {officer, identity.ClaimFilter{Query: strings.ToLower(o.USCC)}, 1},
			"name":        {officer, identity.ClaimFilter{Query: "太原第1"}, 1},
			"other name":  {officer, identity.ClaimFilter{Query: "太原第2"}, 0},
			"city":        {officer, identity.ClaimFilter{Region: "140100"}, 1},
			"other city":  {officer, identity.ClaimFilter{Region: "140200"}, 0},
			"region text": {officer, identity.ClaimFilter{Region: "' OR 1=1 --"}, 0},
		} {
			if got := list(x.by, x.f); got != x.want {
				t.Errorf("%s: %d claims, want %d", name, got, x.want)
			}
		}
		authztest.FilterFindsNothing(t, func(v string) (int, error) {
			n, err := h.CountClaims(h.ctx, officer, identity.ClaimFilter{Query: v})
			return int(n), err
		})
	})
}

func TestClaimIsSentBackAndAmended(t *testing.T) {
	each(t, func(h *house) {
		wang := h.person("wangxm")
		c := h.claim(wang, identity.ClaimInput{USCC: h.uscc(3), OrgName: "旧名", Kind: "enterprise"})
		_, err := h.fire(officer, c, identity.StepReturn, "")
		wantField(t, "sent back without a reason", err, "reason")
		back, err := h.fire(officer, c, identity.StepReturn, "请写全称")
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.fire(wang, back, identity.StepResubmit, "")
		wantKind(t, "handed in again unchanged", err, conflict)
		amend := identity.AmendInput{ID: c.ID, Version: back.Version, ClaimInput: identity.ClaimInput{
			USCC: h.uscc(4), OrgName: "太原市新名机械厂", Kind: "service", Duty: "厂长"}}
		stale := amend
		stale.Version--
		_, err = h.AmendClaim(h.ctx, wang, stale)
		wantKind(t, "an old version", err, conflict)
		_, err = h.AmendClaim(h.ctx, officer, amend)
		wantKind(t, "amended by the officer", err, forbidden)
		got, err := h.AmendClaim(h.ctx, wang, amend)
		if err != nil || got.State != identity.ClaimSubmitted || got.OrgName != "太原市新名机械厂" ||
			got.USCC != h.uscc(3) || got.Kind != "service" {
			t.Fatalf("%+v, %v", got, err)
		}
		d, err := h.GetClaim(h.ctx, wang, c.ID)
		if err != nil || len(d.History) != 3 || d.History[1].Reason != "请写全称" {
			t.Errorf("history %+v, %v", d.History, err)
		}
		done, err := h.fire(wang, got, identity.StepWithdraw, "")
		if err != nil || done.State != identity.ClaimWithdrawn {
			t.Errorf("%+v, %v", done, err)
		}
		// What is over makes room for another.
		h.claim(wang, identity.ClaimInput{USCC: h.uscc(3), OrgName: "甲", Kind: "other"})
	})
}

func TestOpenClaimsAreBounded(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	wang := h.person("wangxm")
	var err error
	for n := range 6 {
		_, err = h.Claim(h.ctx, wang, identity.ClaimInput{USCC: h.uscc(n), OrgName: "甲", Kind: "other"})
	}
	wantKind(t, "the sixth open claim", err, conflict)
}

// A claim that cannot be confirmed registers no organisation.
func TestNothingIsRegisteredInVain(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	wang := h.person("wangxm")
	c := h.claim(wang, identity.ClaimInput{USCC: h.uscc(3), OrgName: "甲", Kind: "other"})
	old := c
	old.Version--
	_, err := h.fire(officer, old, identity.StepConfirm, "")
	wantKind(t, "an old version", err, conflict)
	_, err = h.fire(wang, c, identity.StepConfirm, "")
	wantKind(t, "the claimant", err, forbidden)
	now, err := h.GetAccount(h.ctx, machine, wang.Account)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.SetAccountStatus(h.ctx, sysadmin, identity.StatusInput{ID: wang.Account,
		Status: identity.Locked, Reason: "x", Version: now.Version})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.fire(officer, c, identity.StepConfirm, "")
	wantKind(t, "a locked account", err, conflict)
	if h.orgs.made != 0 {
		t.Errorf("%d organisations were registered", h.orgs.made)
	}
}

// A member decides about the own organisation only, even when the code has moved on.
func TestMemberDecidesForTheOwnOrganisation(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	a, b := h.org(1, "enterprise"), h.org(2, "enterprise")
	h.account("member", identity.GrantInput{Role: authz.Enterprise, Org: a.ID})
	member, _ := h.as("member")
	c := h.claim(h.person("wangxm"), identity.ClaimInput{USCC: a.USCC})
	code := a.USCC
	a.USCC = ""
	h.orgs.add(a)
	b.USCC = code
	h.orgs.add(b)
	_, err := h.fire(member, c, identity.StepConfirm, "")
	wantKind(t, "the code is another's by now", err, conflict)
	if _, err := h.fire(officer, c, identity.StepConfirm, ""); err != nil {
		t.Errorf("the officer: %v", err)
	}
}

// Nobody decides the own claim, whichever account and role they act in.
func TestNobodyDecidesTheOwnClaim(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	o := h.org(1, "enterprise")
	wang := h.person("wangxm")
	wang.Person = "per-1"
	c := h.claim(wang, identity.ClaimInput{USCC: o.USCC})
	for name, by := range map[string]authz.Actor{
		"the same account": {Account: wang.Account, Role: authz.Officer, Via: authz.ViaSession},
		"the same person": {Account: "another", Person: "per-1", Role: authz.Officer,
			Via: authz.ViaSession},
	} {
		for _, step := range []string{identity.StepConfirm, identity.StepReturn, identity.StepRefuse} {
			_, err := h.fire(by, c, step, "x")
			wantKind(t, name+" "+step, err, forbidden)
		}
	}
}

// Three working days after a Friday is Wednesday; then the chief answers for it.
func TestClaimIsHandedUp(t *testing.T) {
	each(t, func(h *house) {
		h = newHouse(t, h.db, func(c *identity.Config) {
			c.Rule.ClaimChief = process.Owner{Account: "acc-chief"}
		})
		c := h.claim(h.person("wangxm"),
			identity.ClaimInput{USCC: h.uscc(1), OrgName: "甲", Kind: "other"})
		due := clock.Date("2026-11-26").Start() // the end of Wednesday
		h.clock.Set(due.Add(-time.Microsecond))
		if n, err := h.EscalateClaims(h.ctx, machine); n != 0 || err != nil {
			t.Errorf("in time %d were handed up, %v", n, err)
		}
		h.clock.Set(due)
		if n, err := h.EscalateClaims(h.ctx, machine); n != 1 || err != nil {
			t.Errorf("late %d were handed up, %v", n, err)
		}
		d, err := h.GetClaim(h.ctx, officer, c.ID)
		if err != nil || d.Running[0].Owner.Account != "acc-chief" {
			t.Errorf("now %+v answers, %v", d.Running, err)
		}
	})
}

func TestClaimFiles(t *testing.T) {
	d := dbtest.SQLite(t)
	var store *blob.Store
	h := newHouse(t, d, func(c *identity.Config) {
		var err error
		if store, err = blob.Open(c.Unit, blob.Options{Dir: t.TempDir()}); err != nil {
			t.Fatal(err)
		}
		c.Blob = store
	})
	t.Cleanup(func() { store.Close() })
	wang, li := h.person("wangxm"), h.person("lisi")
	st, err := store.Stage(h.ctx, blob.Upload{Kind: identity.ClaimFile, Field: "files",
		Name: "执照.pdf", Content: strings.NewReader("%PDF-1.4\n1 0 obj\n%%EOF\n")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Discard()
	c := h.claim(wang, identity.ClaimInput{USCC: h.uscc(1), OrgName: "甲", Kind: "other",
		Files: []*blob.Staged{st}})
	got, err := h.GetClaim(h.ctx, officer, c.ID)
	if err != nil || len(got.Files) != 1 || got.Files[0].Name != "执照.pdf" {
		t.Fatalf("files %+v, %v", got.Files, err)
	}
	_, r, err := store.Read(h.ctx, officer, got.Files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	_, _, err = store.Read(h.ctx, li, got.Files[0].ID)
	wantKind(t, "somebody else reads the file", err, notFound)
}

func TestClaimScopeEqualsMay(t *testing.T) {
	each(t, func(h *house) {
		h.org(1, "enterprise")
		var claims []identity.Claim
		var accounts []string
		for n := range 6 {
			by := h.person(fmt.Sprintf("person%d", n))
			accounts = append(accounts, by.Account)
			by.Person = []string{"", "per-1", "per-2"}[n%3]
			in := identity.ClaimInput{USCC: h.uscc(1 + n/3), OrgName: "甲", Kind: "other",
				Region: []string{"140105", "140106", "110105"}[n%3]}
			claims = append(claims, h.claim(by, in))
		}
		proof(h, identity.ClaimPolicy, identity.ClaimList, "claim.id", claims,
			func(c identity.Claim) string { return c.ID },
			authztest.Pool{Accounts: append(accounts, "nobody"), Persons: []string{"per-1", "per-2"},
				Orgs: []string{"org-1", "org-2"}, Regions: []string{"140000", "140105", "140106", "110000"}})
	})
}

var qPutClaim = db.Stmt(`INSERT INTO claim (id, account, person, uscc, org, org_name, kind, region,
	duty, statement, limit_days, state, created_us, updated_us, version)
	VALUES ($1, $2, 'per-1', $1, $3, '甲', 'enterprise', '140105', '', '', 3, $4, $5, $5, 1)`)

// Every step × state × role, against testdata/identity_claim.matrix.
func TestClaimProcess(t *testing.T) {
	put := func(account, org string) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			claimID := id.New()
			return claimID, db.ExecOne(ctx, tx.Tx, qPutClaim, claimID, account, org, state, tx.NowUs())
		}
	}
	self := func(r authz.Role) authz.Actor {
		return authz.Actor{Account: "acc-1", Person: "per-1", Role: r, Via: authz.ViaSession}
	}
	member := authz.Actor{Account: "acc-m", Org: "org-1", Role: authz.Enterprise, Via: authz.ViaSession}
	processtest.Exhaust(t, identity.ClaimProcess, processtest.Setup[identity.Claim]{
		Prepare: func(t *testing.T, u *unit.Unit) {
			err := u.Write(t.Context(), machine, "prepare", func(tx *unit.Tx) error {
				return identity.PutClaimants(t.Context(), tx)
			})
			if err != nil {
				t.Fatal(err)
			}
		},
		Actors: []processtest.Actor{
			{Name: "claimant", By: self(authz.Public)},
			{Name: "claimant-as-officer", By: self(authz.Officer)},
			{Name: "same-person", By: authz.Actor{Account: "acc-9", Person: "per-1",
				Role: authz.Officer, Via: authz.ViaSession}},
			{Name: "officer", By: officer},
			{Name: "district", By: xiaodian},
			{Name: "other-district", By: yingze},
			{Name: "member", By: member},
			{Name: "other-member", By: authz.Actor{Account: "acc-o", Org: "org-2",
				Role: authz.University, Via: authz.ViaSession}},
		},
		Cases: []processtest.Case{
			{Name: "usual", Create: put("acc-1", "org-1")},
			{Name: "unknown organisation", Create: put("acc-1", "")},
			{Name: "member already", Create: put("acc-2", "org-1")},
			{Name: "locked account", Create: put("acc-3", "org-1")},
		},
		Input: func(step string, c identity.Claim) process.Input {
			in := process.Input{Reason: "理由"}
			if step == identity.StepConfirm {
				in.Data = identity.DecisionFor(identity.Org{ID: "org-1", Name: "甲", Kind: "enterprise"})
			}
			return in
		},
	})
}

// Roles follow their organisation through renames, merges and back.
func TestFollower(t *testing.T) {
	each(t, func(h *house) {
		const renamed, merged = "party.org.updated.v1", "party.org.merged.v1"
		a, b := h.org(1, "enterprise"), h.org(2, "enterprise")
		h.account("wangxm", identity.GrantInput{Role: authz.Enterprise, Org: a.ID})
		_, token := h.as("wangxm")
		follower := h.Follower(renamed, merged)
		tell := func(kind, object, data string) {
			t.Helper()
			err := h.db.Write(h.ctx, func(tx *db.Tx) error {
				return follower.Handle(h.ctx, tx, []outbox.Stored{{Kind: kind, Object: object,
					Data: []byte(data)}})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		want := func(what, org, name string) {
			t.Helper()
			if r := h.resume(token); r.Actor.Org != org || r.OrgName != name {
				t.Errorf("%s: acts for %s %s", what, r.Actor.Org, r.OrgName)
			}
		}
		want("at first", a.ID, a.Name)
		a.Name = "太原第一机械厂有限公司"
		h.orgs.add(a)
		tell(renamed, a.ID, `["name"]`)
		want("renamed", a.ID, a.Name)
		h.orgs.now[a.ID] = b.ID
		tell(merged, a.ID, `"`+b.ID+`"`)
		want("merged", b.ID, b.Name)
		h.orgs.now[b.ID] = "org-3"
		c := h.org(3, "enterprise")
		tell(merged, b.ID, `"org-3"`)
		want("merged again", c.ID, c.Name)
		delete(h.orgs.now, b.ID)
		tell(merged, b.ID, `"org-3"`)
		want("split", b.ID, b.Name)
		delete(h.orgs.now, a.ID)
		tell(merged, a.ID, `"`+b.ID+`"`)
		want("split again", a.ID, a.Name)
		if !slices.Equal(follower.Kinds, []string{renamed, merged}) {
			t.Errorf("follows %v", follower.Kinds)
		}
	})
}
