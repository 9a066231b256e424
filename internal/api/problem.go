package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Problem is an error as RFC 9457 writes it, with the fields that are wrong.
type Problem struct {
	Type    string         `json:"type" doc:"about:blank: the status says it all"`
	Title   string         `json:"title" doc:"the words of the HTTP status"`
	Status  int            `json:"status" doc:"the HTTP status"`
	Detail  string         `json:"detail,omitempty" doc:"what went wrong, in the language of the request"`
	Kind    string         `json:"kind" doc:"invalid, not_found, forbidden, conflict, unavailable or internal"`
	Request string         `json:"request,omitempty" doc:"number of the request, to quote when asking for help"`
	Errors  []ProblemField `json:"errors,omitempty" nullable:"false" doc:"the fields that are wrong"`
}

// ProblemField is one wrong field.
type ProblemField struct {
	Field  string `json:"field" doc:"name of the field or parameter"`
	Detail string `json:"detail" doc:"what is wrong with it"`
}

// Error makes a Problem an error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problem turns an error of a use case into what a caller may read. What is not a fault is logged
// and shown without detail.
func (a *API) problem(ctx context.Context, err error) huma.StatusError {
	var done huma.StatusError
	if errors.As(err, &done) {
		return done
	}
	status := ui.StatusOf(err)
	if web.Unauthenticated(err) {
		status = http.StatusUnauthorized
	}
	if status >= http.StatusInternalServerError {
		a.log.LogAttrs(ctx, web.LevelOf(ctx), "operation failed",
			slog.String("request", web.RequestID(ctx)), slog.String("error", err.Error()))
	}
	return newProblem(ctx, status, err)
}

func newProblem(ctx context.Context, status int, err error) *Problem {
	l := i18n.From(ctx)
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Kind: kindOf(status), Request: web.RequestID(ctx),
	}
	e, ok := fault.As(err)
	if !ok || e.Kind == fault.Internal {
		if key := plain(status); key != "" {
			p.Detail = i18n.Text(l, key)
		}
		return p
	}
	p.Detail = i18n.Fault(l, e)
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField{f.Name, i18n.FieldText(l, f)})
	}
	return p
}

// plain says what to do about a status that comes without an error of its own.
func plain(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "请求无法读取，请检查内容是否为空"
	case http.StatusNotFound:
		return "没有这个接口"
	case http.StatusMethodNotAllowed:
		return "这个地址不支持该方法"
	case http.StatusRequestEntityTooLarge:
		return "请求的内容太大"
	case http.StatusUnsupportedMediaType:
		return "不支持这种内容类型，请用接口说明中的 Content-Type"
	case http.StatusTooManyRequests:
		return "请求太频繁，请等待 Retry-After 的秒数后重试"
	}
	if status >= http.StatusInternalServerError {
		return "系统内部错误，请稍后再试"
	}
	return ""
}

func kindOf(status int) string {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusUnsupportedMediaType,
		http.StatusRequestEntityTooLarge, http.StatusNotAcceptable:
		return fault.Invalid.String()
	case http.StatusUnauthorized, http.StatusForbidden:
		return fault.Forbidden.String()
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return fault.NotFound.String()
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired:
		return fault.Conflict.String()
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return fault.Unavailable.String()
	default:
		return fault.Internal.String()
	}
}

// problemOf turns what the framework finds wrong with a request into a Problem.
func problemOf(hctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
	ctx := context.Background()
	if hctx != nil {
		ctx = hctx.Context()
	}
	l := i18n.From(ctx)
	p := newProblem(ctx, status, nil)
	for _, err := range errs {
		if e, ok := fault.As(err); ok {
			for _, f := range e.Fields {
				p.Errors = append(p.Errors, ProblemField{f.Name, i18n.FieldText(l, f)})
			}
			continue
		}
		field, text := "body", err.Error()
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			field, text = d.Location, d.Message
		}
		if name, key, ok := strings.Cut(text, between); ok {
			field, text = name, i18n.Text(l, key)
		} else if place, name, ok := strings.Cut(field, "."); ok && place != "body" {
			field = name // "query.limit" and "path.id" name the parameter
		}
		p.Errors = append(p.Errors, ProblemField{field, fault.Clip(text)})
	}
	if len(p.Errors) > 0 {
		p.Detail = i18n.Text(l, "有 %d 处需要修改", len(p.Errors))
	}
	return p
}

// WriteProblem answers a request outside any operation: limits, unknown addresses.
func WriteProblem(w http.ResponseWriter, r *http.Request, status int, err error) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="yuntu"`)
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(newProblem(r.Context(), status, err))
}
