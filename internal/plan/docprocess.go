package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
)

// States of a document.
const (
	DocumentPending    = "pending"    // 待审读
	DocumentReviewed   = "reviewed"   // 已审读
	DocumentArchived   = "archived"   // 已归档
	DocumentSuperseded = "superseded" // 已被新版替代
)

// stepSupersede is taken by the program when a new edition is filed.
const stepSupersede = "supersede"

var (
	qDocument = db.Stmt(`SELECT ` + documentColumns + ` FROM plan_document AS d WHERE d.id = $1`)
	qPending  = db.Stmt(`SELECT COUNT(*) FROM plan_statement
		WHERE document = $1 AND state = 'pending'`)
	qDocumentMove = db.Stmt(`UPDATE plan_document SET state = $1, version = version + 1,
		updated_us = $2 WHERE id = $3 AND state = $4 AND version = $5`)
)

func documentByID(ctx context.Context, q db.Q, id string) (Document, error) {
	d, err := db.Get(ctx, q, qDocument, scanDocument, id)
	if err != nil {
		return d, err
	}
	d.pending, err = db.Get(ctx, q, qPending, db.One[int64], id)
	return d, err
}

// DocumentProcess is the life cycle of a document.
var DocumentProcess = process.MustNew(process.Def[Document]{
	Name:   "plan_document",
	Title:  "文件审读",
	Policy: DocumentPolicy,
	Store: process.Store[Document]{
		Load: documentByID,
		At: func(d Document) process.Position {
			return process.Position{ID: d.ID, State: d.State, Version: d.Version}
		},
		Move: qDocumentMove,
	},
	States: []process.State{
		{Name: DocumentPending, Title: "待审读", Initial: true},
		{Name: DocumentReviewed, Title: "已审读"},
		{Name: DocumentArchived, Title: "已归档"},
		{Name: DocumentSuperseded, Title: "已被新版替代", Final: true},
	},
	Steps: []process.Step[Document]{
		{Name: "finish", Title: "完成审读", From: []string{DocumentPending}, To: DocumentReviewed,
			May: ActDocumentReview, Rule: "每条条目都已采纳、更正或不采纳", Guard: allDecided},
		{Name: "reopen", Title: "重新审读", From: []string{DocumentReviewed, DocumentArchived},
			To: DocumentPending, May: ActDocumentReview, Needs: process.Reason},
		{Name: "archive", Title: "归档", From: []string{DocumentReviewed}, To: DocumentArchived,
			May: ActDocumentReview},
		{Name: stepSupersede, Title: "由新版替代",
			From: []string{DocumentPending, DocumentReviewed, DocumentArchived},
			To:   DocumentSuperseded, May: ActDocumentUpdate},
	},
})

// allDecided says why the review of a document is not finished.
func allDecided(d Document) error {
	switch {
	case d.Reading == ReadingWaiting:
		return fault.New(fault.Conflict, "文件还在解读中")
	case d.pending > 0:
		return fault.New(fault.Conflict, "还有 %d 条条目待审读", d.pending)
	default:
		return nil
	}
}
