package planhttp

import (
	"context"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// ByID asks for one record.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// IfNone is embedded where an unchanged record need not be sent again.
type IfNone struct {
	IfNoneMatch string `header:"If-None-Match" doc:"the ETag that the caller has"`
}

// unchanged answers 304 when the caller has this version.
func (n IfNone) unchanged(version int64) error {
	for tag := range strings.SplitSeq(n.IfNoneMatch, ",") {
		tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
		if tag != "" && `"`+strings.TrimSuffix(tag, "-gz")+`"` == api.ETag(version) {
			return huma.Status304NotModified()
		}
	}
	return nil
}

// stream answers with a file, or with a problem when it fails before its first byte.
type stream struct {
	Body func(huma.Context)
}

func streamOf(send func(w http.ResponseWriter, r *http.Request) error) *stream {
	return &stream{func(c huma.Context) {
		r, w := humago.Unwrap(c)
		if err := send(w, r); err != nil {
			api.WriteProblem(w, r, ui.StatusOf(err), err)
		}
	}}
}

// FormatIn asks for a file.
type FormatIn struct {
	Format string `query:"format" doc:"xlsx or csv" default:"xlsx"`
}

// planStep is a step of a life cycle as the API shows it.
type planStep struct {
	Step    string `json:"step"`
	Title   string `json:"title"`
	To      string `json:"to"`
	Allowed bool   `json:"allowed"`
	WhyNot  string `json:"whyNot,omitempty"`
	Reason  bool   `json:"reason" doc:"a reason must be given"`
	Files   bool   `json:"files" doc:"evidence must be given"`
	DueUs   int64  `json:"dueUs,omitempty" doc:"by when it should be taken, 0 = no limit runs"`
}

func stepsOf(ctx context.Context, offers []process.Offer) []planStep {
	out := []planStep{}
	for _, s := range offers {
		x := planStep{Step: s.Step, Title: i18n.T(ctx, s.Title), To: s.To, Allowed: s.Allowed,
			Reason: s.Needs&process.Reason != 0, Files: s.Needs&process.Files != 0, DueUs: s.DueUs}
		if s.WhyNot != nil {
			x.WhyNot = i18n.Fault(i18n.From(ctx), s.WhyNot)
		}
		out = append(out, x)
	}
	return out
}

// planEvent is one entry of a history.
type planEvent struct {
	Seq    int64  `json:"seq"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	AtUs   int64  `json:"atUs"`
	Login  string `json:"login,omitempty"`
	Role   string `json:"role,omitempty"`
	Reason string `json:"reason,omitempty"`
}

func eventsOf(history []process.Entry) []planEvent {
	out := []planEvent{}
	for _, e := range history {
		out = append(out, planEvent{Seq: e.Seq, Kind: string(e.Kind), Name: e.Name, From: e.From,
			To: e.To, AtUs: e.AtUs, Login: e.Login, Role: string(e.Role), Reason: e.Reason})
	}
	return out
}

// planFile is a file of a document or a task.
type planFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size" doc:"bytes"`
	Hash string `json:"hash" doc:"SHA-256, hex"`
}

// Operations adds the operations of the room.
func (h *Handler) Operations(a *api.API) {
	h.docReads(a)
	h.docWrites(a)
	h.conflictOperations(a)
	h.deskReads(a)
	h.deskWrites(a)
	h.taskReads(a)
	h.taskWrites(a)
	h.importOperations(a)
	h.targetReads(a)
	h.targetWrites(a)
	h.ruleOperations(a)
}

// add adds an operation of this room.
func add[In, Out any](
	a *api.API, op api.Operation, handle func(context.Context, *In) (*Out, error),
) {
	op.Tag = "plan"
	api.Add(a, op, handle)
}

// FormIn is a form with a file.
type FormIn struct {
	RawBody multipart.Form
}

// values are the fields of the form.
func (in FormIn) values() url.Values { return url.Values(in.RawBody.Value) }

// file opens the file of the form called name, nil without one; free closes it.
func (in FormIn) file(name string) (f *plan.FileInput, free func(), err error) {
	free = func() {}
	heads := in.RawBody.File[name]
	if len(heads) == 0 {
		return nil, free, nil
	}
	content, err := heads[0].Open()
	if err != nil {
		return nil, free, badForm(err)
	}
	return &plan.FileInput{Name: heads[0].Filename, Content: content},
		func() { _ = content.Close() }, nil
}
