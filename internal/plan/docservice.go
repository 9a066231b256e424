package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qDocumentAdd = db.Stmt(`INSERT INTO plan_document (id, title, kind, number, issuer, region, day,
			source, file, series, edition, superseded_by, chars, reading, reading_note, job, state,
			created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12, $13, $14, $15, 'pending',
			$16, $17, $16, 1)`)
	qDocumentSet = db.Stmt(`UPDATE plan_document SET title = $3, kind = $4, number = $5, issuer = $6,
			region = $7, day = $8, source = $9, updated_us = $10, version = version + 1
		WHERE id = $1 AND version = $2`)
	qDocumentNext = db.Stmt(`UPDATE plan_document SET superseded_by = $3, updated_us = $4,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qTextAdd  = db.Stmt(`INSERT INTO plan_text (document, text) VALUES ($1, $2)`)
	qText     = db.Stmt(`SELECT text FROM plan_text WHERE document = $1`)
	qEditions = db.Stmt(`SELECT ` + documentColumns + ` FROM plan_document AS d
		WHERE d.series = $1 ORDER BY d.edition DESC LIMIT 100`)
)

// arrived is a document on its way in: its file and what was read in it.
type arrived struct {
	in     NewDocument
	staged *blob.Staged // nil for pasted text
	text   string
	found  []Statement
	later  bool // a job reads it
}

// CreateDocument files a document and reads it: at once when it is short, by a job otherwise, see
// Document.Reading. What is left empty is completed from the text, its place too. With Replaces it
// becomes the next edition of that document. Faults: Invalid at the fields, "file" and "text" among
// them.
func (s *Service) CreateDocument(
	ctx context.Context, by authz.Actor, in NewDocument,
) (Document, error) {
	in.Normalise()
	d := Document{DocumentData: in.DocumentData, State: DocumentPending, CreatedBy: by.Account}
	if err := DocumentPolicy.May(by, ActDocumentCreate, d); err != nil {
		return Document{}, err
	}
	a, err := s.receive(ctx, in)
	if err != nil {
		return Document{}, err
	}
	d.DocumentData = a.in.DocumentData
	if a.staged != nil {
		defer a.staged.Discard()
	}
	const useCase = "plan.CreateDocument"
	sum := []any{in}
	if a.staged != nil {
		sum = append(sum, a.staged.Hash)
	}
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, sum,
		func(tx *unit.Tx) (Document, error) { return s.file(ctx, tx, d, a) })
	if db.Violates(err, "plan_document", "series", "edition") {
		return Document{}, fault.New(fault.Conflict, "这份文件刚刚已有新版")
	}
	if err == nil && a.later {
		s.poke()
	}
	return out, err
}

// receive takes in the file, reads what can be read at once, and checks the input.
func (s *Service) receive(ctx context.Context, in NewDocument) (arrived, error) {
	var f faults
	n := utf8.RuneCountInString(in.Text)
	switch {
	case in.File == nil && strings.TrimSpace(in.Text) == "":
		f.add("text", "请上传文件或粘贴正文")
		in.check(&f)
	case in.File != nil && in.Text != "":
		f.add("text", "上传文件和粘贴正文只能选一种")
	case n > MaxTextChars:
		f.add("text", "最多 %d 个字，现有 %d 个", MaxTextChars, n)
	}
	if err := f.err(); err != nil {
		return arrived{}, err
	}
	a := arrived{in: in, text: plainText(in.Text)}
	var file original
	if in.File != nil {
		var err error
		if file, err = s.open(ctx, *in.File); err != nil {
			return arrived{}, err
		}
		a.text = file.text
		a.in.Day = cmp.Or(a.in.Day, file.day)
		a.in.Source = cmp.Or(a.in.Source, file.source)
	}
	s.locate(a.text, &a.in.DocumentData)
	a.later = a.text == "" || utf8.RuneCountInString(a.text) > readAtOnceChars
	if !a.later {
		var err error
		if a.found, err = s.read(a.text, &a.in.DocumentData); err != nil {
			return arrived{}, err
		}
	}
	if err := a.in.Validate(); err != nil || in.File == nil {
		return a, err
	}
	var err error
	a.staged, err = s.stageOriginal(ctx, file)
	return a, err
}

// locate completes the place of a document, where nobody chose one, from its text.
func (s *Service) locate(text string, d *DocumentData) {
	if d.Region != "" || s.opt.Home == nil {
		return
	}
	d.Region = s.opt.Home()
	if s.opt.Dict != nil {
		d.Region = placeAbout(text, s.opt.Dict.Cities(), d.Region)
	}
}

// file stores a document that arrived.
func (s *Service) file(
	ctx context.Context, tx *unit.Tx, d Document, a arrived,
) (Document, error) {
	d.ID = id.New()
	d.Series, d.Edition = d.ID, 1
	d.Chars, d.Reading = int64(utf8.RuneCountInString(a.text)), ReadingDone
	if a.in.Replaces != "" {
		old, err := s.supersede(ctx, tx, a.in.Replaces, d.ID)
		if err != nil {
			return Document{}, err
		}
		d.Series, d.Edition = old.Series, old.Edition+1
	}
	if a.staged != nil {
		ref, err := s.opt.Blobs.Attach(ctx, tx, a.staged, blob.Object{Kind: kindDocument, ID: d.ID})
		if err != nil {
			return Document{}, err
		}
		d.File = ref.ID
	}
	if a.later {
		var err error
		d.Reading = ReadingWaiting
		if d.Job, err = enqueueRead(ctx, tx, d.ID); err != nil {
			return Document{}, err
		}
	}
	err := db.ExecOne(ctx, tx.Tx, qDocumentAdd, d.ID, d.Title, d.Kind, d.Number, d.Issuer,
		string(d.Region), string(d.Day), d.Source, d.File, d.Series, d.Edition, d.Chars, d.Reading,
		encode(d.ReadingNote), d.Job, tx.NowUs(), d.CreatedBy)
	if err != nil {
		return Document{}, err
	}
	if err := db.ExecOne(ctx, tx.Tx, qTextAdd, d.ID, a.text); err != nil {
		return Document{}, err
	}
	if err := setGrams(ctx, tx, gramDocument, d.ID, d.Title, d.Number); err != nil {
		return Document{}, err
	}
	if err := s.addFound(ctx, tx, d, a); err != nil {
		return Document{}, err
	}
	if err := s.documents.Start(ctx, tx, d.ID); err != nil {
		return Document{}, err
	}
	tx.Audit(audit.Entry{Kind: kindDocument, Object: d.ID, What: "create", Detail: map[string]any{
		"data": d.DocumentData, "edition": d.Edition, "statements": len(a.found)}})
	tx.Emit(outbox.Event{Kind: EventDocumentCreated, Object: d.ID})
	return documentByID(ctx, tx, d.ID)
}

// addFound stores what was read in a document and compares it with the others: an edition in place
// of the one before it.
func (s *Service) addFound(ctx context.Context, tx *unit.Tx, d Document, a arrived) error {
	if err := addStatements(ctx, tx, d.ID, d.Day, a.found); err != nil {
		return err
	}
	var keys []string
	for _, documentID := range []string{a.in.Replaces, d.ID} {
		shared, err := sharedFacts(ctx, tx, documentID)
		if err != nil {
			return err
		}
		keys = append(keys, shared...)
	}
	return s.compare(ctx, tx, keys...)
}

// supersede ends the latest edition of a document in favour of a new one.
func (s *Service) supersede(
	ctx context.Context, tx *unit.Tx, oldID, newID string,
) (Document, error) {
	old, err := documentByID(ctx, tx, oldID)
	if err != nil {
		return old, err
	}
	if err := DocumentPolicy.May(tx.By(), ActDocumentUpdate, old); err != nil {
		return old, err
	}
	if old.SupersededBy != "" {
		return old, fault.Fields(fault.At("replaces", "这份文件已有新版，请在最新版上修订"))
	}
	moved, err := s.documents.Fire(ctx, tx, oldID, old.Version, stepSupersede, process.Input{})
	if err != nil {
		return old, err
	}
	return old, db.ExecOne(ctx, tx.Tx, qDocumentNext, oldID, moved.Version, newID, tx.NowUs())
}

// UpdateDocument replaces what is written about a document; its text stays.
func (s *Service) UpdateDocument(
	ctx context.Context, by authz.Actor, in DocumentUpdate,
) (Document, error) {
	in.Normalise()
	const useCase = "plan.UpdateDocument"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Document, error) {
			old, err := s.readDocument(ctx, tx, by, in.ID)
			if err != nil {
				return Document{}, err
			}
			if err := DocumentPolicy.May(by, ActDocumentUpdate, old); err != nil {
				return Document{}, err
			}
			if err := in.Validate(); err != nil {
				return Document{}, err
			}
			err = db.ExecOne(ctx, tx.Tx, qDocumentSet, in.ID, in.Version, in.Title, in.Kind, in.Number,
				in.Issuer, string(in.Region), string(in.Day), in.Source, tx.NowUs())
			if err != nil {
				return Document{}, err
			}
			if err := setGrams(ctx, tx, gramDocument, in.ID, in.Title, in.Number); err != nil {
				return Document{}, err
			}
			tx.Audit(audit.Entry{Kind: kindDocument, Object: in.ID, What: "update",
				Detail: map[string]any{"old": old.DocumentData, "new": in.DocumentData}})
			tx.Emit(outbox.Event{Kind: EventDocumentUpdated, Object: in.ID})
			out, err := documentByID(ctx, tx, in.ID)
			if err != nil || out.Day == old.Day {
				return out, err
			}
			return out, s.rekey(ctx, tx, out)
		})
	return out, err
}

// readDocument reads a document that the actor may read; to all others it does not exist.
func (s *Service) readDocument(
	ctx context.Context, q db.Q, by authz.Actor, documentID string,
) (Document, error) {
	d, err := documentByID(ctx, q, documentID)
	if err != nil {
		return Document{}, err
	}
	return d, DocumentPolicy.May(by, ActDocumentRead, d)
}

func (s *Service) mayReadDocument(ctx context.Context, by authz.Actor, documentID string) error {
	_, err := s.readDocument(ctx, s.unit.DB(), by, documentID)
	return err
}

// DocumentDetail is a document with everything its page shows but its statements, which have their
// own list.
type DocumentDetail struct {
	Document
	Text     string           `json:"text"`
	Counts   map[string]int64 `json:"counts"` // statements by state
	Editions []Document       `json:"editions"`
	Offers   []process.Offer  `json:"-"`
	History  []process.Entry  `json:"-"`
	Files    []blob.Ref       `json:"-"`
}

// GetDocument returns a document with its text, its editions, and the steps the actor may take.
func (s *Service) GetDocument(
	ctx context.Context, by authz.Actor, documentID string,
) (DocumentDetail, error) {
	q := s.unit.DB()
	d, err := s.readDocument(ctx, q, by, documentID)
	if err != nil {
		return DocumentDetail{}, err
	}
	x := DocumentDetail{Document: d}
	x.Text, err = db.Get(ctx, q, qText, db.One[string], d.ID)
	if err != nil {
		return x, err
	}
	if x.Counts, err = countStatements(ctx, q, d.ID); err != nil {
		return x, err
	}
	editions, err := db.All(ctx, q, qEditions, scanDocument, d.Series)
	if err != nil {
		return x, err
	}
	x.Editions = slices.DeleteFunc(editions, func(e Document) bool {
		return DocumentPolicy.May(by, ActDocumentRead, e) != nil
	})
	if x.Offers, err = s.documents.Available(ctx, q, by, d); err != nil {
		return x, err
	}
	x.Offers = slices.DeleteFunc(x.Offers, func(o process.Offer) bool {
		return o.Step == stepSupersede
	})
	if x.History, err = process.History(ctx, q, s.documents.Name(), d.ID, 0); err != nil {
		return x, err
	}
	x.Files, err = blob.Refs(ctx, q, blob.Object{Kind: kindDocument, ID: d.ID})
	return x, err
}

// Step is the input of FireDocument and FireTask.
type Step struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// FireDocument takes a step with a document.
func (s *Service) FireDocument(ctx context.Context, by authz.Actor, in Step) (Document, error) {
	if in.Step == stepSupersede {
		return Document{}, fault.New(fault.Conflict, "登记新版时，原版会自动标为被替代")
	}
	out, _, err := unit.Once(ctx, s.unit, by, "plan.FireDocument", in.Key, in,
		func(tx *unit.Tx) (Document, error) {
			if _, err := s.readDocument(ctx, tx, by, in.ID); err != nil {
				return Document{}, err
			}
			out, err := s.documents.Fire(ctx, tx, in.ID, in.Version, in.Step, process.Input{Reason: in.Reason})
			tx.Emit(outbox.Event{Kind: EventDocumentMoved, Object: in.ID, Data: in.Step})
			return out, err
		})
	return out, err
}
