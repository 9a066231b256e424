package kit

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// Fields of forms with a table.
var (
	TableField  = api.FormField{Name: sheet.FieldFile, File: true, Needed: true, Doc: "the table, .xlsx or .csv"}
	DryRunField = api.FormField{Name: "dryRun", OneOf: []string{"1"}, Doc: "1 checks only, and stores nothing"}
)

// Body is an answer without a version.
type Body[T any] struct{ Body T }

// BodyOf makes an answer, or passes on why there is none.
func BodyOf[T any](v T, err error) (*Body[T], error) {
	if err != nil {
		return nil, err
	}
	return &Body[T]{v}, nil
}

// Record is an answer with the version of what it shows.
type Record[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

// RecordOf makes an answer with a version, or passes on why there is none.
func RecordOf[T any](v T, version int64, err error) (*Record[T], error) {
	if err != nil {
		return nil, err
	}
	return &Record[T]{ETag: api.ETag(version), Body: v}, nil
}

// None is an answer without a body.
type None struct{}

// List is never null in an answer.
func List[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}

// ByID asks for one record.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

// StepIn is the body of a step.
type StepIn struct {
	Step   string `json:"step"`
	Reason string `json:"reason,omitempty"`
}

// StepReq asks for a step. Sent again with its key, it gets the answer of the first time.
type StepReq struct {
	ByID
	api.Match
	api.Once
	Body StepIn
}

// Read returns the version the caller saw, or what is wrong with the request.
func (s StepReq) Read() (int64, error) {
	version, err := s.Version()
	if err == nil && s.Body.Step == "" {
		err = fault.Fields(fault.At("step", "请选择一项"))
	}
	return version, err
}

// OfferView is a step of a life cycle as the API shows it.
type OfferView struct {
	Step    string `json:"step"`
	Title   string `json:"title"`
	To      string `json:"to"`
	Allowed bool   `json:"allowed"`
	WhyNot  string `json:"whyNot,omitempty"`
	Reason  bool   `json:"reason" doc:"a reason must be given"`
}

// Offers shows the steps that are offered.
func Offers(ctx context.Context, offers []process.Offer) []OfferView {
	out := []OfferView{}
	for _, s := range offers {
		x := OfferView{Step: s.Step, Title: i18n.T(ctx, s.Title), To: s.To, Allowed: s.Allowed,
			Reason: s.Needs&process.Reason != 0}
		if s.WhyNot != nil {
			x.WhyNot = i18n.Fault(i18n.From(ctx), s.WhyNot)
		}
		out = append(out, x)
	}
	return out
}

// EventView is one entry of a history as the API shows it.
type EventView struct {
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

// Events shows a history.
func Events(history []process.Entry) []EventView {
	out := []EventView{}
	for _, e := range history {
		out = append(out, EventView{Seq: e.Seq, Kind: string(e.Kind), Name: e.Name, From: e.From,
			To: e.To, AtUs: e.AtUs, Login: e.Login, Role: string(e.Role), Reason: e.Reason})
	}
	return out
}

// Stream answers with a file.
type Stream struct {
	Body func(huma.Context)
}

// StreamOf answers with a file, or with a problem when it fails before its first byte.
func StreamOf(send func(w http.ResponseWriter, r *http.Request) error) *Stream {
	return &Stream{func(c huma.Context) {
		r, w := humago.Unwrap(c)
		if err := send(w, r); err != nil {
			api.WriteProblem(w, r, ui.StatusOf(err), err)
		}
	}}
}

// SendFile sends a stored file. It is never shown in the browser: it is a stranger's.
func SendFile(w http.ResponseWriter, ref blob.Ref, content io.ReadCloser) {
	defer content.Close()
	head := w.Header()
	head.Set("Content-Type", string(ref.Type))
	head.Set("Content-Length", strconv.FormatInt(ref.Size, 10))
	head.Set("Content-Disposition",
		mime.FormatMediaType("attachment", map[string]string{"filename": ref.Name}))
	head.Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, content); err != nil {
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
}

// Join is the address of a record; tail is "" or what follows.
func Join(base, id, tail string) string {
	p := base + "/" + url.PathEscape(id)
	if tail != "" {
		p += "/" + tail
	}
	return p
}
