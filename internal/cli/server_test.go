package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a running program.
type process struct {
	cmd  *exec.Cmd
	url  string
	errw *syncBuffer
	done chan error
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// startLimit is how long a start may take on a busy machine before the test gives up.
const startLimit = 60 * time.Second

// start runs the program as a process of its own and waits until it listens.
func start(t testing.TB, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command("yuntu", args...), errw: &syncBuffer{}, done: make(chan error, 1)}
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + os.TempDir()}
	p.cmd.Stderr = p.errw
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), "serving on "); ok {
				found <- url
			}
		}
		p.done <- p.cmd.Wait()
	}()
	select {
	case p.url = <-found:
	case err := <-p.done:
		p.done <- err
		t.Fatalf("the program ended: %v\n%s", err, p.errw)
	case <-time.After(startLimit):
		t.Fatalf("the program did not start:\n%s", p.errw)
	}
	return p
}

func serve(t testing.TB, args ...string) *process {
	t.Helper()
	return start(t, append([]string{"serve", "--lang", "en", "--set", "server.addr=127.0.0.1:0"},
		args...)...)
}

// kill ends the process at once, as a power cut does. It may be called again.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	select {
	case err := <-p.done:
		p.done <- err
	case <-time.After(startLimit):
	}
}

// stop asks the process to end and returns how it did.
func (p *process) stop(t testing.TB) error {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	return p.wait(t)
}

func (p *process) wait(t testing.TB) error {
	t.Helper()
	select {
	case err := <-p.done:
		p.done <- err
		return err
	case <-time.After(startLimit):
		t.Fatalf("the program does not stop:\n%s", p.errw)
		return nil
	}
}

func get(t testing.TB, c *http.Client, url string) (int, string) {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// The probes answer, and a stop lets the request that is under way come to its end while new ones
// are turned away.
func TestGracefulStop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := openHouse(t, "", dir)
	token := apiToken(t, a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	p := serve(t, "--dir", dir)
	for _, path := range []string{"/livez", "/readyz"} {
		if code, body := get(t, http.DefaultClient, p.url+path); code != 200 || body != "ok\n" {
			t.Errorf("%s: %d %q", path, code, body)
		}
	}
	addr := strings.TrimPrefix(p.url, "http://")
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := `{"name":"云图样例厂","kind":"enterprise","region":"140105","standing":"active"}`
	fmt.Fprintf(conn, "POST /api/v1/orgs HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", addr, token, len(body), body[:20])
	time.Sleep(300 * time.Millisecond) // the handler waits for the rest
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(startLimit); ; time.Sleep(10 * time.Millisecond) {
		other, err := net.Dial("tcp", addr)
		if err != nil {
			break
		}
		other.Close()
		if time.Now().After(until) {
			t.Fatal("new connections are still taken")
		}
	}
	fmt.Fprint(conn, body[20:])
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("the request under way was cut off: %v", err)
	}
	defer r.Body.Close()
	if text, _ := io.ReadAll(r.Body); r.StatusCode != http.StatusCreated {
		t.Errorf("the request under way: %d %s", r.StatusCode, text)
	}
	if err := p.wait(t); err != nil {
		t.Errorf("exit: %v\n%s", err, p.errw)
	}
	out, err := output(t.Context(), "export", "orgs", "--format", "csv", "--dir", dir)
	if err != nil || !strings.Contains(out, "云图样例厂") {
		t.Errorf("what was acknowledged is not there: %v\n%s", err, out)
	}
}

// Metrics have an address of their own, and no input becomes a label.
func TestMetrics(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	p := serve(t, "--dir", t.TempDir(), "--set", "metrics.addr="+at,
		"--set", "limit.requests_per_second=1000", "--set", "limit.burst=1000")
	for i := range 50 {
		get(t, http.DefaultClient, fmt.Sprintf("%s/orgs/%d/x%d?q=%d", p.url, i, i, i))
		r, err := http.NewRequestWithContext(t.Context(), fmt.Sprintf("M%d", i), p.url+"/livez", nil)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := http.DefaultClient.Do(r); err == nil {
			a.Body.Close()
		}
	}
	if code, _ := get(t, http.DefaultClient, p.url+"/metrics"); code != 404 {
		t.Errorf("/metrics on the public address: %d", code)
	}
	code, body := get(t, http.DefaultClient, "http://"+at+"/metrics")
	for _, name := range []string{"yuntu_request_seconds_bucket", "yuntu_write_seconds_bucket",
		"go_goroutines", "process_resident_memory_bytes"} {
		if code != 200 || !strings.Contains(body, "\n"+name) {
			t.Errorf("no metric %s (status %d)", name, code)
		}
	}
	series := regexp.MustCompile(`(?m)^yuntu_request_seconds_count\{.*`).FindAllString(body, -1)
	if len(series) == 0 || len(series) > 10 {
		t.Errorf("%d series of requests:\n%s", len(series), strings.Join(series, "\n"))
	}
}

// certificate writes a self-signed certificate for 127.0.0.1.
func certificate(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	for file, block := range map[string]*pem.Block{
		cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	return cert, key, pool
}

// TLS by file: a current version of the protocol, and nothing older.
func TestTLS(t *testing.T) {
	t.Parallel()
	cert, key, pool := certificate(t)
	p := serve(t, "--dir", t.TempDir(), "--set", "server.tls_cert="+cert, "--set", "server.tls_key="+key)
	if !strings.HasPrefix(p.url, "https://") {
		t.Errorf("address %s", p.url)
	}
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	if code, body := get(t, c, p.url+"/livez"); code != 200 || body != "ok\n" {
		t.Errorf("%d %q", code, body)
	}
	old := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool,
		MaxVersion: tls.VersionTLS11}}}
	if r, err := old.Get(p.url + "/livez"); err == nil {
		r.Body.Close()
		t.Error("TLS 1.1 was accepted")
	}
}

// One command gives a running city: it prints where it is and who may log in, a second start uses
// the same data, and its trail is whole.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	var sizes [2]int
	for i := range sizes {
		p := start(t, "demo", "--size", "small", "--addr", "127.0.0.1:0", "--dir", dir, "--lang", "en", "--quiet")
		if code, _ := get(t, http.DefaultClient, p.url+"/readyz"); code != 200 {
			t.Errorf("not ready: %d", code)
		}
		if err := p.stop(t); err != nil {
			t.Errorf("exit: %v\n%s", err, p.errw)
		}
		out, err := output(t.Context(), "export", "orgs", "--format", "json", "--dir", dir)
		if err != nil {
			t.Fatal(err)
		}
		sizes[i] = strings.Count(out, "\n")
	}
	if sizes[0] < 380 || sizes[0] != sizes[1] {
		t.Errorf("%d organisations, then %d", sizes[0], sizes[1])
	}
	if out, err := output(t.Context(), "check", "--dir", dir); err != nil {
		t.Errorf("check: %v\n%s", err, out)
	}
}

// output runs the program to its end and returns what it wrote; the error has what it complained of.
func output(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "yuntu", args...)
	out, err := cmd.Output()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		err = fmt.Errorf("%w: %s", err, e.Stderr)
	}
	return string(out), err
}
