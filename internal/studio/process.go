package studio

import (
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
)

// States of a scheme.
const (
	Draft    = "draft"    // 草稿
	Final    = "final"    // 已定稿
	Archived = "archived" // 已归档
)

// SchemeProcess is the life cycle of a scheme.
var SchemeProcess = process.MustNew(process.Def[Scheme]{
	Name:   "studio_scheme",
	Title:  "指数方案",
	Policy: SchemePolicy,
	Store: process.Store[Scheme]{
		Load: schemeByID,
		At: func(s Scheme) process.Position {
			return process.Position{ID: s.ID, State: s.State, Version: s.Version}
		},
		Move: qSchemeMove,
	},
	States: []process.State{
		{Name: Draft, Title: "草稿", Initial: true},
		{Name: Final, Title: "已定稿"},
		{Name: Archived, Title: "已归档"},
	},
	Endless: true,
	Steps: []process.Step[Scheme]{
		{Name: "finish", Title: "定稿", From: []string{Draft}, To: Final, May: ActSchemeMake,
			Rule: "至少保存过一版", Guard: schemeSaved},
		{Name: "reopen", Title: "退回草稿", From: []string{Final}, To: Draft, May: ActSchemeMake,
			Needs: process.Reason},
		{Name: "archive", Title: "归档", From: []string{Final}, To: Archived, May: ActSchemeMake},
		{Name: "restore", Title: "恢复", From: []string{Archived}, To: Final, May: ActSchemeMake,
			Needs: process.Reason},
	},
})

func schemeSaved(s Scheme) error {
	if s.Edition == 0 {
		return fault.New(fault.Conflict, "还没有保存过任何一版")
	}
	return nil
}
