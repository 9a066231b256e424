package party

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
)

// States of an organisation's record.
const (
	Pending  = "pending"  // 待核验: written, not yet checked by the bureau
	Returned = "returned" // 退回: sent back to be corrected
	Verified = "verified" // 已核验: public
	Ceased   = "ceased"   // 已注销: the organisation has ended, the record stays
	Merged   = "merged"   // 已合并: leads to another record
)

var qOrgMove = db.Stmt(`UPDATE org SET state = $1, version = version + 1, updated_us = $2
	WHERE id = $3 AND state = $4 AND version = $5`)

// OrgProcess is the life cycle of an organisation's record. Merging and splitting move a record
// too; they change two records at once and are stated in merge.go.
var OrgProcess = process.MustNew(process.Def[Org]{
	Name:   "party_org",
	Title:  "组织档案",
	Policy: OrgPolicy,
	Store: process.Store[Org]{
		Load: orgByID,
		At:   func(o Org) process.Position { return process.Position{ID: o.ID, State: o.State, Version: o.Version} },
		Move: qOrgMove,
	},
	States: []process.State{
		{Name: Pending, Title: "待核验", Initial: true},
		{Name: Returned, Title: "已退回"},
		{Name: Verified, Title: "已核验", Initial: true},
		{Name: Ceased, Title: "已注销"},
		{Name: Merged, Title: "已合并"},
	},
	Steps: []process.Step[Org]{
		{Name: "verify", Title: "核验通过", From: []string{Pending, Returned}, To: Verified,
			May: ActOrgVerify, Rule: "须有所在地区、类型和登记状态", Guard: complete},
		{Name: "return", Title: "退回补正", From: []string{Pending, Verified}, To: Returned,
			May: ActOrgVerify, Needs: process.Reason},
		{Name: "cease", Title: "记为注销", From: []string{Verified}, To: Ceased,
			May: ActOrgVerify, Needs: process.Reason},
		{Name: "revive", Title: "恢复存续", From: []string{Ceased}, To: Verified,
			May: ActOrgVerify, Needs: process.Reason},
		{Name: stepMerge, Title: "并入其他档案", From: []string{Pending, Returned, Verified, Ceased},
			To: Merged, May: ActOrgMerge, Needs: process.Reason},
		splitTo(Pending), splitTo(Returned), splitTo(Verified), splitTo(Ceased),
	},
	Clocks: []process.Clock[Org]{{
		Name: "verify", Title: "核验", In: []string{Pending},
		Limit:      process.WorkingDays(5), // [design] no published rule: shown as our own promise
		Owner:      func(o Org) process.Owner { return process.Owner{Role: authz.District, Region: string(o.Region)} },
		Escalate:   func(Org) process.Owner { return process.Owner{Role: authz.Officer} },
		LastResort: process.Owner{Role: authz.Officer},
	}},
	Endless: true,
})

// complete says what a record lacks before it may be public.
func complete(o Org) error {
	if o.Region == "" || o.Kind == "" || o.Standing == "" {
		return fault.New(fault.Conflict, "请先补全所在地区、类型和登记状态")
	}
	return nil
}

// The steps of merging. A split leads back to the state before the merge, so there is one step for
// each.
const (
	stepMerge = "merge"
	stepSplit = "split_"
)

func splitTo(state string) process.Step[Org] {
	return process.Step[Org]{
		Name: stepSplit + state, Title: "恢复为独立档案", From: []string{Merged}, To: state,
		May: ActOrgMerge, Needs: process.Reason, Rule: "回到合并前的状态",
		Guard: func(o Org) error {
			if o.StateBefore != state {
				return fault.New(fault.Conflict, "该档案合并前不是这个状态")
			}
			return nil
		},
	}
}
