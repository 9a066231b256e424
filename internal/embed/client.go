package embed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Options say where the service is and how it is asked.
type Options struct {
	URL     string // up to and without /embeddings: http://127.0.0.1:8080/v1
	Model   string
	Key     string        // bearer token; "" for none
	Width   int           // numbers of a vector; 0 for what the first answer has
	Batch   int           // texts of one request; 0 for 32
	Timeout time.Duration // of one request; 0 for 30 s
	Retries int           // after the first try; below 0 for none, 0 for 3

	// Wait waits before another try; nil for a timer. Tests do not wait.
	Wait func(ctx context.Context, d time.Duration) error
	// Client sends the requests; nil for one of its own.
	Client *http.Client
}

// Limits and defaults of asking.
const (
	defaultBatch   = 32
	maxBatch       = 2048
	defaultTimeout = 30 * time.Second
	defaultRetries = 3
	firstWait      = 500 * time.Millisecond
	maxWait        = 30 * time.Second
	maxAnswer      = 256 << 20 // bytes
	maxComplaint   = 300       // bytes of an error that are passed on
)

// Client asks a service. It is safe for concurrent use.
type Client struct {
	o        Options
	endpoint string
}

// New returns a client. It asks nothing yet.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, errors.New("embed: the address of the service must be http(s)://HOST/…, without a user")
	}
	if o.Model == "" {
		return nil, errors.New("embed: the model has no name")
	}
	if o.Batch < 0 || o.Batch > maxBatch || o.Width < 0 || o.Timeout < 0 {
		return nil, errors.New("embed: batch, width or timeout out of bounds")
	}
	if o.Batch == 0 {
		o.Batch = defaultBatch
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Retries == 0 {
		o.Retries = defaultRetries
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Client == nil {
		o.Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("embed: the service redirects") // a key goes nowhere else
		}}
	}
	return &Client{o: o, endpoint: strings.TrimRight(o.URL, "/") + "/embeddings"}, nil
}

func wait(ctx context.Context, d time.Duration) error {
	pause, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-pause.Done()
	return ctx.Err()
}

// Embed returns the vectors of texts.
func (c *Client) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, 0, len(texts))
	width := c.o.Width
	for from := 0; from < len(texts); from += c.o.Batch {
		part := texts[from:min(from+c.o.Batch, len(texts))]
		vectors, err := c.insist(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, v := range vectors {
			if width == 0 {
				width = len(v)
			}
			if len(v) != width || width == 0 {
				return nil, fmt.Errorf("embed: a vector of %d numbers, expected %d", len(v), width)
			}
			out = append(out, v)
		}
	}
	return out, nil
}

// later is a failure that may pass.
type later struct {
	err   error
	after time.Duration // that the service asks to wait; 0 when it does not say
}

// Error says what failed.
func (l *later) Error() string { return l.err.Error() }

// Unwrap returns what failed.
func (l *later) Unwrap() error { return l.err }

// insist asks again, after longer and longer waits, as long as the failure may pass.
func (c *Client) insist(ctx context.Context, texts []string) ([][]float32, error) {
	pause := firstWait
	for try := 0; ; try++ {
		out, err := c.once(ctx, texts)
		var passing *later
		if err == nil || !errors.As(err, &passing) || try >= c.o.Retries || ctx.Err() != nil {
			return out, err
		}
		if err := c.o.Wait(ctx, min(maxWait, max(pause, passing.after))); err != nil {
			return nil, err
		}
		pause *= 2
	}
}

// once asks once.
func (c *Client) once(ctx context.Context, texts []string) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{
		"model": c.o.Model, "input": texts, "encoding_format": "float"})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if c.o.Key != "" {
		r.Header.Set("Authorization", "Bearer "+c.o.Key)
	}
	answer, err := c.o.Client.Do(r)
	if err != nil {
		return nil, &later{err: fmt.Errorf("embed: %w", err)}
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, refused(answer)
	}
	return vectors(io.LimitReader(answer.Body, maxAnswer), len(texts))
}

// refused makes an error of an answer that is none: too many requests and troubles of the service
// may pass.
func refused(answer *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(answer.Body, maxComplaint))
	err := fmt.Errorf("embed: the service answers %d: %s", answer.StatusCode, strings.TrimSpace(string(text)))
	if answer.StatusCode != http.StatusTooManyRequests && answer.StatusCode < http.StatusInternalServerError {
		return err
	}
	seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
	return &later{err, time.Duration(max(0, seconds)) * time.Second}
}

// vectors reads an answer: a vector for each of n texts, in any order.
func vectors(r io.Reader, n int) ([][]float32, error) {
	var answer struct {
		Data []struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		} `json:"data"`
	}
	if err := json.NewDecoder(r).Decode(&answer); err != nil {
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		if errors.As(err, &syntax) || errors.As(err, &kind) {
			return nil, fmt.Errorf("embed: the answer is not what was asked for: %w", err)
		}
		return nil, &later{err: fmt.Errorf("embed: %w", err)} // the answer broke off
	}
	out := make([][]float32, n)
	for _, d := range answer.Data {
		if d.Index < 0 || d.Index >= n || out[d.Index] != nil {
			return nil, fmt.Errorf("embed: the answer has a vector for text %d", d.Index)
		}
		out[d.Index] = d.Embedding
	}
	for i, v := range out {
		if len(v) == 0 {
			return nil, fmt.Errorf("embed: the answer has no vector for text %d", i)
		}
	}
	return out, nil
}
