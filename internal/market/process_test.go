package market_test

import (
	"context"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var qRawPost = db.Stmt(`INSERT INTO market_post (id, kind, code, title, text, org, org_now, org_name,
		region, field, chain, six_new, sort, price_lo_fen, price_hi_fen, trl, deadline, visibility,
		broker, detail, state, published_us, confirmed_us, fresh_us, source, created_us, created_by,
		updated_us, version)
	VALUES ('v', $1, 'X', 'x', $2, 'org-own', 'org-own', 'own', '140105', '03', '', '', $3, 0, 0, 0, '',
		$4, 'per-broker', $5, $6, 0, 0, 0, 'form', 1, 'acc-own', 1, 1)`)

// rawPost stores a post that stands where a test wants it.
type rawPost struct {
	kind   market.Kind
	text   string
	level  market.Visibility
	detail string
}

func (r rawPost) create(ctx context.Context, tx *unit.Tx, state string) (string, error) {
	tx.Audit(audit.Entry{Kind: "test", What: "create"})
	sort := "research"
	if r.kind == market.Achievement {
		sort = "applied"
	}
	return "v", db.ExecOne(ctx, tx.Tx, qRawPost, string(r.kind), r.text, sort, string(r.level), r.detail,
		state)
}

var goodText = strings.Repeat("满足指标要求的技术方案。", 3)

func postActors() []processtest.Actor {
	acts := func(account, org string, role authz.Role) authz.Actor {
		return authz.Actor{Account: account, Org: org, Role: role, Via: authz.ViaSession}
	}
	return []processtest.Actor{
		{Name: "owner", By: acts("acc-own", "org-own", authz.Enterprise)},
		{Name: "other firm", By: acts("acc-other", "org-other", authz.Enterprise)},
		{Name: "its broker", By: authz.Actor{Account: "acc-broker", Person: "per-broker",
			Role: authz.Broker, Via: authz.ViaSession}},
		{Name: "its district", By: authz.Actor{Account: "d", Role: authz.District, Region: "140105",
			Via: authz.ViaSession}},
	}
}

func input(step string, p market.Post) process.Input {
	in := process.Input{Reason: "因故"}
	if step == market.StepRevise {
		in.Data = market.Revision(p)
	}
	return in
}

// TestNeedProcess tries every state × step × role of a need.
func TestNeedProcess(t *testing.T) {
	processtest.Exhaust(t, market.NeedProcess, processtest.Setup[market.Post]{
		Actors: postActors(), Input: input,
		Cases: []processtest.Case{
			{Name: "complete", Create: rawPost{market.Need, goodText, market.Open,
				`{"needKind":"research"}`}.create},
			{Name: "incomplete", Create: rawPost{market.Need, "短", market.Open, `{}`}.create},
			{Name: "named", Create: rawPost{market.Need, goodText, market.Named,
				`{"needKind":"research"}`}.create},
		},
	})
}

// TestAchievementProcess tries every state × step × role of an achievement.
func TestAchievementProcess(t *testing.T) {
	listed := rawPost{market.Achievement, goodText, market.Open,
		`{"resultKind":"applied","pricing":"listing"}`}
	agreed, held, running := listed, listed, listed
	agreed.detail = `{"resultKind":"applied","pricing":"agreement"}`
	held.detail = `{"resultKind":"applied","pricing":"agreement","noticeFrom":"2026-01-01",
		"noticeTo":"2026-01-16"}`
	running.detail = `{"resultKind":"applied","pricing":"agreement","noticeFrom":"2026-11-10",
		"noticeTo":"2099-11-25"}`
	processtest.Exhaust(t, market.AchievementsAt("2026-11-22"), processtest.Setup[market.Post]{
		Actors: postActors(), Input: input,
		Cases: []processtest.Case{
			{Name: "listed", Create: listed.create}, {Name: "by agreement", Create: agreed.create},
			{Name: "notice held", Create: held.create}, {Name: "notice runs", Create: running.create},
		},
	})
}
