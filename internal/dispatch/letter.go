package dispatch

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindLetter is the kind of object of letters, for policies, files and the trail.
const kindLetter = "dispatch.letter"

// ReplyFile is what a unit sends with its reply (回复附件).
var ReplyFile = blob.Kind{Name: "dispatch.reply", MaxBytes: 20 << 20, Types: []blob.Type{
	blob.PDF, blob.OFD, blob.DOCX, blob.XLSX, blob.JPEG, blob.PNG, blob.Text}}

// LetterData is what people write about a letter.
type LetterData struct {
	Title      string      `json:"title,omitempty"` // "" names it after its task
	Text       string      `json:"text"`            // what is wrong and what is asked for
	Org        string      `json:"org"`             // id of the unit it goes to
	Region     region.Code `json:"region"`
	Supervisor string      `json:"supervisor,omitempty"` // account that answers once the reply is late; "" = who drafts it
	ReplyDays  int64       `json:"replyDays,omitempty"`  // working days to answer; 0 = as the rule says
}

// Letter (督办函) asks a unit to say what it does about something that stands badly.
type Letter struct {
	ID string `json:"id"`
	LetterData
	Number      string      `json:"number,omitempty"` // 并督函〔2026〕3号
	Reasons     []plan.Note `json:"reasons,omitempty"`
	Rule        string      `json:"rule,omitempty"` // id of the rule that proposed it
	TaskID      string      `json:"task,omitempty"`
	DecisionID  string      `json:"decision,omitempty"`
	To          Unit        `json:"to"`
	ReplyUntil  int64       `json:"replyUntil"` // minute of the last day
	AnswerDays  int64       `json:"answerDays"`
	DueUs       int64       `json:"dueUs,omitempty"` // deadline of the reply, once it is signed
	SignedUs    int64       `json:"signedUs,omitempty"`
	Signer      string      `json:"signer,omitempty"`
	DeliveredUs int64       `json:"deliveredUs,omitempty"`
	Reply       string      `json:"reply,omitempty"`
	RepliedUs   int64       `json:"repliedUs,omitempty"`
	Replier     string      `json:"replier,omitempty"`
	ClosedUs    int64       `json:"closedUs,omitempty"`
	State       string      `json:"state"`
	CreatedUs   int64       `json:"createdUs"`
	CreatedBy   string      `json:"-"`
	UpdatedUs   int64       `json:"updatedUs"`
	Version     int64       `json:"version"`
}

func (d *LetterData) normalise() { d.Title, d.Text = tidy(d.Title), lines(d.Text) }

func (d LetterData) check(f *faults) {
	f.line("title", d.Title, MaxTitle, false)
	f.prose("text", d.Text, MaxProse, true)
	f.place("region", d.Region)
	if d.Org == "" {
		f.add("org", "请选择一项")
	}
	f.number("replyDays", d.ReplyDays, 0, maxRuleDays)
}

const letterColumns = `l.id, l.number, l.title, l.text, l.reasons, l.rule, l.task, l.decision, l.region,
	l.org, l.org_now, l.org_name, l.org_role, l.org_region, l.supervisor, l.reply_days, l.reply_until,
	l.answer_days, l.due_us, l.signed_us, l.signer, l.delivered_us, l.reply, l.replied_us, l.replier,
	l.closed_us, l.state, l.created_us, l.created_by, l.updated_us, l.version`

func scanLetter(r db.Row) (Letter, error) {
	var l Letter
	var reasons string
	err := r.Scan(&l.ID, &l.Number, &l.Title, &l.Text, &reasons, &l.Rule, &l.TaskID, &l.DecisionID,
		&l.Region, &l.Org, &l.To.Now, &l.To.Name, &l.To.Role, &l.To.Region, &l.Supervisor, &l.ReplyDays,
		&l.ReplyUntil, &l.AnswerDays, &l.DueUs, &l.SignedUs, &l.Signer, &l.DeliveredUs, &l.Reply,
		&l.RepliedUs, &l.Replier, &l.ClosedUs, &l.State, &l.CreatedUs, &l.CreatedBy, &l.UpdatedUs, &l.Version)
	if err != nil {
		return l, err
	}
	l.To.Org = l.Org
	return l, decode(reasons, &l.Reasons)
}

var (
	qLetter     = db.Stmt(`SELECT ` + letterColumns + ` FROM dispatch_letter AS l WHERE l.id = $1`)
	qLetterMove = db.Stmt(`UPDATE dispatch_letter SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qLetterAdd = db.Stmt(`INSERT INTO dispatch_letter (id, number, title, text, reasons, rule, task, decision,
			region, org, org_now, org_name, org_role, org_region, supervisor, reply_days, reply_until,
			answer_days, due_us, signed_us, signer, delivered_us, reply, replied_us, replier, closed_us,
			state, created_us, created_by, updated_us, version)
		VALUES ($1, '', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, '', 0,
			'', 0, '', 0, 'draft', $18, $19, $18, 1)`)
	qLetterSet = db.Stmt(`UPDATE dispatch_letter SET title = $3, text = $4, region = $5, org = $6,
			org_now = $7, org_name = $8, org_role = $9, org_region = $10, supervisor = $11, reply_days = $12,
			updated_us = $13, version = version + 1
		WHERE id = $1 AND version = $2`)
	qLetterSigned = db.Stmt(`UPDATE dispatch_letter SET number = $3, due_us = $4, signed_us = $5,
		signer = $6, version = version + 1 WHERE id = $1 AND version = $2`)
	qLetterDelivered = db.Stmt(`UPDATE dispatch_letter SET delivered_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qLetterReplied = db.Stmt(`UPDATE dispatch_letter SET reply = $3, replied_us = $4, replier = $5,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qLetterAgain = db.Stmt(`UPDATE dispatch_letter SET due_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qLetterClosed = db.Stmt(`UPDATE dispatch_letter SET closed_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qTaskLetters = db.Stmt(`SELECT l.task FROM dispatch_letter AS l WHERE l.task <> ''
		AND l.state IN ('draft', 'signed', 'delivered', 'replied')`)
)

var letterList = db.Select(letterColumns, `dispatch_letter AS l`,
	db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("l.created_us"), db.TextCol("l.id")}},
	db.Order{Name: "due", Cols: []db.Col{db.IntCol("l.due_us"), db.TextCol("l.id")}})

// LetterOrders returns the names of the orders people may choose.
func LetterOrders() []string { return letterList.OrderNames() }

func letterByID(ctx context.Context, q db.Q, letterID string) (Letter, error) {
	return db.Get(ctx, q, qLetter, scanLetter, letterID)
}

// readLetter reads a letter that the actor may read; to all others it does not exist.
func (s *Service) readLetter(
	ctx context.Context, q db.Q, by authz.Actor, letterID string,
) (Letter, error) {
	l, err := letterByID(ctx, q, letterID)
	if err != nil {
		return Letter{}, err
	}
	return l, LetterPolicy.May(by, ActLetterRead, l)
}

// checkReplyFiles refuses files that are not of the letter.
func checkReplyFiles(ctx context.Context, tx *unit.Tx, l Letter, ids []string) error {
	refs, err := blob.Refs(ctx, tx, blob.Object{Kind: kindLetter, ID: l.ID})
	if err != nil {
		return err
	}
	for _, fileID := range ids {
		if !slices.ContainsFunc(refs, func(r blob.Ref) bool { return r.ID == fileID }) {
			return fault.Fields(fault.At("files", "没有这份材料"))
		}
	}
	return nil
}
