package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// Transfer is one request of a page and what its answer weighed.
type Transfer struct {
	URL    string
	Type   string // as the browser calls it: Document, Stylesheet, Script, Image, Fetch …
	Status int
	Bytes  int64 // received, compressed, with headers
}

// request is a transfer under way, and the document that asked for it.
type request struct {
	Transfer
	document cdp.LoaderID
}

// watch records what a tab does. The browser's events call see, one at a time.
type watch struct {
	mu        sync.Mutex
	messages  []message
	transfers map[network.RequestID]*request
	ended     []Transfer
	status    int    // of the last document
	document  string // its address
	dialogs   chan struct{}
	change    chan struct{} // closed and replaced whenever a request begins or ends
}

// message is something the page said or failed at. A failed answer keeps its status, so that a test
// of an error page can allow it.
type message struct {
	text   string
	status int
}

func newWatch() *watch {
	return &watch{
		transfers: map[network.RequestID]*request{},
		dialogs:   make(chan struct{}, 1), // a page shows one at a time
		change:    make(chan struct{}),
	}
}

func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		w.say("console.%s: %s", e.Type, arguments(e.Args))
	case *runtime.EventExceptionThrown:
		w.say("exception: %s", exception(e.ExceptionDetails))
	case *log.EventEntryAdded:
		w.seeLog(e.Entry)
	case *page.EventJavascriptDialogOpening:
		w.say("dialog: %s %q", e.Type, e.Message)
		select {
		case w.dialogs <- struct{}{}:
		default:
		}
	case *network.EventRequestWillBeSent:
		w.begin(e)
	case *network.EventResponseReceived:
		w.answer(e)
	case *network.EventLoadingFinished:
		w.end(e.RequestID, int64(e.EncodedDataLength))
	case *network.EventLoadingFailed:
		w.failed(e)
	case *page.EventFrameNavigated:
		w.leave(e.Frame)
	}
}

func (w *watch) say(format string, args ...any) {
	w.messages = append(w.messages, message{text: fmt.Sprintf(format, args...)})
}

// seeLog takes the browser's own messages: violations of the content security policy, deprecations,
// advice. Failed requests come as events of their own with more detail.
func (w *watch) seeLog(e *log.Entry) {
	if e.Source == log.EntrySourceNetwork && strings.HasPrefix(e.Text, "Failed to load resource") {
		return
	}
	w.say("%s %s: %s %s", e.Source, e.Level, e.Text, e.URL)
}

func (w *watch) begin(e *network.EventRequestWillBeSent) {
	if strings.HasPrefix(e.Request.URL, "data:") {
		return
	}
	if e.RedirectResponse != nil { // the same id goes on with the next address
		w.end(e.RequestID, int64(e.RedirectResponse.EncodedDataLength))
	}
	t := Transfer{URL: e.Request.URL, Type: e.Type.String()}
	w.transfers[e.RequestID] = &request{t, e.LoaderID}
	w.changed()
}

func (w *watch) answer(e *network.EventResponseReceived) {
	status := int(e.Response.Status)
	if e.Type == network.ResourceTypeDocument {
		w.status, w.document = status, e.Response.URL
	}
	if t := w.transfers[e.RequestID]; t != nil {
		t.Status = status
	}
	if status >= 400 {
		text := fmt.Sprintf("request failed: %d %s", status, e.Response.URL)
		w.messages = append(w.messages, message{text, status})
	}
}

func (w *watch) end(id network.RequestID, bytes int64) {
	t := w.transfers[id]
	if t == nil {
		return
	}
	t.Bytes = bytes
	w.ended = append(w.ended, t.Transfer)
	delete(w.transfers, id)
	w.changed()
}

// failed records requests that got no answer. A cancelled one was given up by the page itself, for
// instance because a person typed on or left.
func (w *watch) failed(e *network.EventLoadingFailed) {
	t := w.transfers[e.RequestID]
	if t == nil {
		return
	}
	if !e.Canceled {
		w.say("request failed: %s %s %s", t.URL, e.ErrorText, e.BlockedReason)
	}
	w.end(e.RequestID, 0)
}

// leave forgets the open requests of the document that was left: the browser gives them up and does
// not always say so.
func (w *watch) leave(f *cdp.Frame) {
	if f.ParentID != "" {
		return
	}
	for id, t := range w.transfers {
		if t.document != f.LoaderID {
			delete(w.transfers, id)
		}
	}
	w.changed()
}

func (w *watch) changed() {
	close(w.change)
	w.change = make(chan struct{})
}

// open returns how many requests have not ended.
func (w *watch) open() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.transfers)
}

// quiet waits until no request is open.
func (w *watch) quiet(ctx context.Context) error {
	for {
		w.mu.Lock()
		n, change := len(w.transfers), w.change
		w.mu.Unlock()
		if n == 0 {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (w *watch) documentStatus() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

func (w *watch) documentURL() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.document
}

// all returns every message so far.
func (w *watch) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, m := range w.messages {
		out = append(out, m.text)
	}
	return out
}

// take returns the messages so far, without answers whose status is allowed, and forgets them.
func (w *watch) take(allowed []int) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, m := range w.messages {
		if m.status == 0 || !slices.Contains(allowed, m.status) {
			out = append(out, m.text)
		}
	}
	w.messages = nil
	return out
}

// forgetTransfers starts a new count.
func (w *watch) forgetTransfers() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = nil
}

func (w *watch) endedTransfers() []Transfer {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.ended)
}

func arguments(args []*runtime.RemoteObject) string {
	var parts []string
	for _, a := range args {
		text := a.Description
		if text == "" && json.Unmarshal(a.Value, &text) != nil { // not a string
			text = string(a.Value)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

func exception(d *runtime.ExceptionDetails) string {
	if d == nil {
		return "unknown"
	}
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}
