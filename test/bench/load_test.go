package bench

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/cli"
	"github.com/yuntu-city/yuntu/internal/demo"
	"github.com/yuntu-city/yuntu/test/score"
)

// What BenchmarkLoad takes from the environment.
const (
	serverEnv  = "BENCH_SERVER"  // makes this test program the server itself
	profileEnv = "BENCH_PROFILE" // file for a processor profile of the server
	forEnv     = "BENCH_FOR"     // how long: 2m; 10s without it
	usersEnv   = "BENCH_USERS"   // how many people, 50 without it
	rateEnv    = "BENCH_RATE"    // requests a second, 405 without it; 0: each asks again at once
)

// Bounds of a load test, and its seed.
const (
	maxFor    = 10 * time.Minute
	maxUsers  = 500
	loadSeed  = 20261129
	writeOnce = 10  // of so many requests one writes
	usualRate = 405 // a little above the figure to reach: the last answers come after the end
	maxBody   = 8 << 20
)

func TestMain(m *testing.M) {
	if os.Getenv(serverEnv) == "" {
		os.Exit(m.Run())
	}
	code := 2
	if path := os.Getenv(profileEnv); path != "" {
		f, err := os.Create(path)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(code)
		}
		defer f.Close()
	}
	code = cli.Main()
	pprof.StopCPUProfile()
	os.Exit(code)
}

// serve runs the server over a folder in a process of its own and returns where it is.
func serve(b *testing.B, dir string) (*exec.Cmd, string) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, "serve", "--lang", "en", "--dir", dir,
		"--set", "server.addr=127.0.0.1:0", "--set", "backup.at=", "--set", "log.level=error",
		"--set", "session.admins_by_code=false",
		"--set", "limit.requests_per_second=100000", "--set", "limit.burst=100000")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.TempDir(), serverEnv + "=1",
		profileEnv + "=" + os.Getenv(profileEnv)}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, at, ok := strings.Cut(lines.Text(), "serving on "); ok {
			return cmd, at
		}
	}
	b.Fatal("the server did not start")
	return nil, ""
}

// task is what a user does again and again: one kind of page, or one write.
type task struct {
	kind   string
	weight int
	roles  []authz.Role // who does it; nobody named: everybody
	run    func(*user) (*http.Request, error)
}

// user is one person at a browser.
type user struct {
	at     string
	role   authz.Role
	cookie string
	dice   *rand.Rand
	pool   *pool
	serial int
	line   line
}

// line is the connection of a browser. It asks and reads without the pool and the goroutines of a client of
// net/http: people are not what is measured, and they share the processors with the server.
type line struct {
	conn net.Conn
	in   *bufio.Reader
}

// patience is how long a person waits for an answer.
const patience = 30 * time.Second

// ask sends a request and reads the answer.
func (l *line) ask(r *http.Request) (status int, body []byte, err error) {
	again := false
	defer func() {
		if !again {
			l.hangUp()
		}
	}()
	if l.conn == nil {
		if l.conn, err = net.DialTimeout("tcp", r.URL.Host, patience); err != nil {
			return 0, nil, err
		}
		l.in = bufio.NewReader(l.conn)
	}
	if err := l.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, nil, err
	}
	var out bytes.Buffer
	if err := r.Write(&out); err != nil {
		return 0, nil, err
	}
	if _, err := l.conn.Write(out.Bytes()); err != nil {
		return 0, nil, err
	}
	a, err := http.ReadResponse(l.in, r)
	if err != nil {
		return 0, nil, err
	}
	defer a.Body.Close()
	body, err = io.ReadAll(io.LimitReader(a.Body, maxBody))
	again = err == nil && !a.Close && len(body) < maxBody
	return a.StatusCode, body, err
}

func (l *line) hangUp() {
	if l.conn != nil {
		l.conn.Close()
		l.conn = nil
	}
}

// pool is what there is to open.
type pool struct{ orgs, posts, deals, tasks []string }

// client prepares a load: it logs people in and finds what there is to open.
var client = &http.Client{
	Timeout:   patience,
	Transport: &http.Transport{DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	},
}

// send asks and returns status and body, as long as it came.
func send(r *http.Request) (int, []byte, *http.Response, error) {
	a, err := client.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(io.LimitReader(a.Body, maxBody))
	return a.StatusCode, body, a, err
}

func (u *user) get(path string) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodGet, u.at+path, nil)
	if err == nil {
		u.sign(r)
	}
	return r, err
}

func (u *user) sign(r *http.Request) {
	r.Header.Set("Accept-Encoding", "gzip") // as every browser does; nobody unpacks it here
	if u.cookie != "" {
		r.Header.Set("Cookie", "yuntu_session="+u.cookie)
	}
}

func (u *user) post(path, media, body string) (*http.Request, error) {
	return u.send(http.MethodPost, path, media, body)
}

func (u *user) send(method, path, media, body string) (*http.Request, error) {
	r, err := http.NewRequest(method, u.at+path, strings.NewReader(body))
	if err == nil {
		u.sign(r)
		r.Header.Set("Content-Type", media)
	}
	return r, err
}

const (
	mediaJSON = "application/json"
	mediaForm = "application/x-www-form-urlencoded"
)

func (u *user) one(list []string) string { return list[u.dice.IntN(len(list))] }

// words are what people look for.
var words = []string{"新材料", "煤层气", "传感器", "碳纤维", "机器人", "医疗器械", "焊接", "电池", "大数据", "检测"}

// page opens one of some addresses.
func page(paths ...string) func(*user) (*http.Request, error) {
	return func(u *user) (*http.Request, error) { return u.get(u.one(paths)) }
}

// shown opens one of the records that a list showed.
func shown(list func(*pool) []string) func(*user) (*http.Request, error) {
	return func(u *user) (*http.Request, error) { return u.get(u.one(list(u.pool))) }
}

var (
	bureau  = []authz.Role{authz.Officer, authz.Leader}
	members = []authz.Role{authz.Enterprise, authz.University, authz.Expert, authz.Broker, authz.Officer,
		authz.Leader, authz.Department, authz.District, authz.ChainOffice}
	firms = []authz.Role{authz.Enterprise, authz.University}
)

// reads are the pages that people open, with how often.
var reads = []task{
	{"home", 6, nil, page("/")},
	{"orgs", 10, nil, page("/orgs", "/orgs?kind=enterprise", "/orgs?region=140105", "/orgs?q=新材料&sort=updated")},
	{"org", 14, nil, shown(func(p *pool) []string { return p.orgs })},
	{"people", 4, nil, page("/people", "/people?q=材料")},
	{"market", 12, nil, page("/market", "/market?kind=need", "/market?kind=achievement", "/market?field=05")},
	{"post", 16, nil, shown(func(p *pool) []string { return p.posts })},
	{"search", 8, nil, func(u *user) (*http.Request, error) {
		return u.get("/market?q=" + url.QueryEscape(u.one(words)))
	}},
	{"find", 4, nil, func(u *user) (*http.Request, error) {
		return u.get("/find?q=" + url.QueryEscape(u.one(words)))
	}},
	{"figures", 3, nil, page("/market/figures")},
	{"map", 4, nil, page("/atlas", "/atlas/landscape", "/atlas/list")},
	{"brokers", 2, nil, page("/brokers", "/auctions", "/shows")},
	{"inbox", 5, members, page("/inbox")},
	{"workspace", 6, members, page("/workspace")},
	{"mine", 5, firms, page("/market/mine", "/matches")},
	{"deals", 8, bureau, page("/deals")},
	{"deal", 6, bureau, shown(func(p *pool) []string { return p.deals })},
	{"ledger", 8, bureau, page("/ledger", "/targets", "/tasks/mine")},
	{"task", 6, bureau, shown(func(p *pool) []string { return p.tasks })},
	{"lights", 6, bureau, page("/lights", "/monitor", "/indicators")},
}

// writes are use cases that change something.
var writes = []task{
	{"write: post", 4, firms, (*user).newPost},
	{"write: organisation", 3, []authz.Role{authz.Officer}, (*user).newOrg},
	{"write: view", 3, members, (*user).keepView},
	{"write: inbox", 3, members, func(u *user) (*http.Request, error) {
		return u.post("/inbox/read", mediaForm, "all=1")
	}},
}

// number is one that no other user has.
func (u *user) number() string {
	u.serial++
	return fmt.Sprintf("%d%08d", u.serial, u.dice.IntN(100_000_000))
}

func (u *user) newPost() (*http.Request, error) {
	return u.post("/api/v1/market/posts", mediaJSON, fmt.Sprintf(`{"kind":"need","title":"压力测试需求 %s",
		"text":"现有设备的密封件在高温下使用寿命不足三个月，希望找到耐温 450 ℃ 以上、寿命一年以上的材料与工艺。",
		"org":"","region":"140105","field":"05","needKind":"research","modes":["licence"],"visibility":"open"}`, u.number()))
}

func (u *user) newOrg() (*http.Request, error) {
	return u.post("/api/v1/orgs", mediaJSON, fmt.Sprintf(
		`{"name":"太原压力测试%s有限公司","kind":"enterprise","region":"140105","standing":"active"}`, u.number()))
}

// keepView keeps a filtered list under one of a few names.
func (u *user) keepView() (*http.Request, error) {
	return u.send(http.MethodPut, "/api/v1/views", mediaJSON, fmt.Sprintf(
		`{"page":"/orgs","name":"压力测试 %d","query":"q=%d"}`, u.dice.IntN(5), u.dice.IntN(1000)))
}

// cast is how many of fifty users are in which role; the others are visitors without an account.
var cast = []struct {
	role authz.Role
	many int
}{
	{authz.Enterprise, 14}, {authz.University, 6}, {authz.Expert, 4}, {authz.Broker, 4},
	{authz.Officer, 5}, {authz.Leader, 2}, {authz.Department, 2}, {authz.District, 1},
	{authz.ChainOffice, 1},
}

// login opens a session of an account and returns its cookie.
func login(at, name string) (string, error) {
	form := url.Values{"login": {name}, "password": {demo.Password}, "back": {"/"}}
	r, err := http.NewRequest(http.MethodPost, at+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", mediaForm)
	status, _, a, err := send(r)
	if err != nil {
		return "", err
	}
	for _, c := range a.Cookies() {
		if c.Name == "yuntu_session" {
			return c.Value, nil
		}
	}
	return "", fmt.Errorf("%s cannot log in: %d", name, status)
}

// crowd makes n users, each with a session of its own.
func crowd(b *testing.B, at string, n int) []*user {
	b.Helper()
	names := map[authz.Role]string{}
	for _, l := range demo.Logins(demo.Taiyuan) {
		names[l.Role] = l.Login
	}
	roles := make([]authz.Role, 50)
	next := 0
	for _, c := range cast {
		for range c.many {
			roles[next], next = c.role, next+1
		}
	}
	var out []*user
	for i := range n {
		u := &user{at: at, role: cmp.Or(roles[i%len(roles)], authz.Public), serial: i * 1_000_000,
			dice: rand.New(rand.NewPCG(loadSeed, uint64(i)))}
		if name := names[u.role]; u.role != authz.Public {
			var err error
			if u.cookie, err = login(at, name); err != nil {
				b.Fatal(err)
			}
		}
		out = append(out, u)
	}
	return out
}

// links finds addresses of records on some pages of a list.
func (u *user) links(b *testing.B, list, record string) []string {
	b.Helper()
	var out []string
	for at := list; at != "" && len(out) < 200; {
		r, err := u.get(at)
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Del("Accept-Encoding")
		status, body, _, err := send(r)
		if err != nil || status != http.StatusOK {
			b.Fatalf("%s: %d, %v", at, status, err)
		}
		found := regexp.MustCompile(`href="(`+record+`[0-9a-z]{26})["?#]`).FindAllSubmatch(body, -1)
		for _, m := range found {
			out = append(out, string(m[1]))
		}
		next := regexp.MustCompile(`href="(` + regexp.QuoteMeta(strings.Split(list, "?")[0]) +
			`\?[^"]*after=[^"]+)"`).FindSubmatch(body)
		if at = ""; next != nil {
			at = strings.ReplaceAll(string(next[1]), "&amp;", "&")
		}
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) == 0 {
		b.Fatalf("%s shows no records", list)
	}
	return out
}

// fill lets users know what there is to open: what everybody may see, and what the bureau may.
func fill(b *testing.B, users []*user) {
	b.Helper()
	i := slices.IndexFunc(users, func(u *user) bool { return u.role == authz.Officer })
	visitor := &user{at: users[0].at}
	p := &pool{orgs: visitor.links(b, "/orgs", "/orgs/"), posts: visitor.links(b, "/market", "/market/posts/")}
	if i >= 0 {
		p.deals = users[i].links(b, "/deals", "/deals/")
		p.tasks = users[i].links(b, "/ledger", "/tasks/")
	}
	for _, u := range users {
		u.pool = p
	}
}

// may lists what a user does.
func (u *user) may(list []task) (out []task, all int) {
	for _, t := range list {
		if t.roles == nil || slices.Contains(t.roles, u.role) {
			out = append(out, t)
			all += t.weight
		}
	}
	return out, all
}

// next is what the user does now.
func (u *user) next() task {
	list := reads
	if u.dice.IntN(writeOnce) == 0 && u.role != authz.Public {
		list = writes
	}
	mine, all := u.may(list)
	n := u.dice.IntN(all)
	for _, t := range mine {
		if n -= t.weight; n < 0 {
			return t
		}
	}
	return mine[0]
}

// answer is one request that was answered, or not.
type answer struct {
	kind string
	took time.Duration // from the moment at which it was due
	fail string        // "" when it was answered as it should be
}

// live lets a user work until the end. With a pace requests are due at fixed moments, and what waits
// for a slow answer counts as slow itself.
func (u *user) live(start time.Time, pace time.Duration, end time.Time, note func(answer)) {
	defer u.line.hangUp()
	due := start
	for {
		if pace > 0 {
			time.Sleep(time.Until(due))
		} else {
			due = time.Now()
		}
		if !due.Before(end) || time.Now().After(end.Add(5*time.Second)) {
			return
		}
		t := u.next()
		a := answer{kind: t.kind}
		r, err := t.run(u)
		if err == nil {
			var status int
			var body []byte
			if status, body, err = u.line.ask(r); err == nil && !good(r.Method, status) {
				a.fail = fmt.Sprintf("%s %s as %s: %d %.120q", r.Method, r.URL.Path, u.role, status, body)
			}
		}
		if err != nil {
			a.fail = err.Error()
		}
		a.took = time.Since(due)
		note(a)
		due = due.Add(pace)
	}
}

func good(method string, status int) bool {
	return status == http.StatusOK || method != http.MethodGet &&
		(status == http.StatusCreated || status == http.StatusNoContent || status == http.StatusSeeOther)
}

// setting reads a whole number from the environment.
func setting(b *testing.B, name string, usual, most int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		b.Fatalf("%s is %q and should be 0 to %d", name, text, most)
	}
	return n
}

func lasting(b *testing.B) time.Duration {
	b.Helper()
	text := cmp.Or(os.Getenv(forEnv), "10s")
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > maxFor {
		b.Fatalf("%s is %q and should be a time up to %v", forEnv, text, maxFor)
	}
	return d
}

// forgetPeak lets the most memory of a process be counted from now on, where the system can.
func forgetPeak(b *testing.B, cmd *exec.Cmd) {
	b.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", cmd.Process.Pid), []byte("5"), 0); err != nil {
		b.Log("the most memory is that since the start:", err)
	}
}

// usage is the processor time of a process and the most memory that it held, in MB, with the pages of the
// database's file that it looked at.
func usage(b *testing.B, cmd *exec.Cmd) (time.Duration, float64) {
	b.Helper()
	proc := fmt.Sprintf("/proc/%d/", cmd.Process.Pid)
	stat, err := os.ReadFile(proc + "stat")
	if err != nil {
		b.Skip("no /proc")
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var ticks time.Duration
	for _, f := range fields[11:13] { // time in the program and in the kernel, in hundredths of a second
		n, _ := strconv.Atoi(f)
		ticks += time.Duration(n) * 10 * time.Millisecond
	}
	status, err := os.ReadFile(proc + "status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kb float64
	fmt.Sscan(rest, &kb)
	return ticks, kb / 1024
}

// idle waits until the server has done what its jobs had to do.
func idle(b *testing.B, cmd *exec.Cmd) {
	b.Helper()
	const look, rounds = 2 * time.Second, 150
	last, _ := usage(b, cmd)
	for range rounds {
		time.Sleep(look)
		now, _ := usage(b, cmd)
		if now-last < look/20 {
			return
		}
		last = now
	}
	b.Fatal("the server does not come to rest")
}

// BenchmarkLoad lets 50 people work in the demonstration city on SQLite, one request in ten of a
// member a writing use case, at 405 requests a second. Figures to reach: 400 answers a second, a 99th percentile of
// 100 ms, no errors and 400 MB for 2 minutes on two processors. People and server share the machine; the
// processor time of the server for a request is its own.
func BenchmarkLoad(b *testing.B) {
	dir, last := city(b), lasting(b)
	if os.Getenv(cityEnv) != "" { // what the load writes is thrown away
		fresh := filepath.Join(b.TempDir(), "city")
		if err := os.CopyFS(fresh, os.DirFS(dir)); err != nil {
			b.Fatal(err)
		}
		dir = fresh
	}
	cmd, at := serve(b, dir)
	defer end(b, cmd)
	users := crowd(b, at, setting(b, usersEnv, 50, maxUsers))
	fill(b, users)
	rate := setting(b, rateEnv, usualRate, 100_000)
	b.ResetTimer()
	load(b, cmd, users, rate, 2*time.Second) // caches and indices
	idle(b, cmd)
	before, started := usage(b, cmd)
	forgetPeak(b, cmd)
	start := time.Now()
	answers := load(b, cmd, users, rate, last)
	took := time.Since(start)
	after, peak := usage(b, cmd)
	report(b, answers, took)
	n := float64(len(answers))
	keep(b, len(users), last, n/took.Seconds(), (after-before).Seconds()*1000/n, peak)
	b.ReportMetric(n/took.Seconds(), "pages/s")
	b.ReportMetric((after-before).Seconds()*1000/n, "server-cpu-ms/page")
	b.ReportMetric((after-before).Seconds()/took.Seconds(), "server-cpus")
	b.ReportMetric(peak, "MB-peak")
	b.ReportMetric(started, "MB-peak-before")
	b.ReportMetric(0, "ns/op")
}

// loadCommand is what reproduces the lines of the load on the scoreboard.
const loadCommand = "BENCH_FOR=2m go test -run '^$' -bench Load -benchtime 1x ./test/bench"

// keep writes what the load reached for the scoreboard.
func keep(b *testing.B, users int, last time.Duration, rate, cpu, peak float64) {
	b.Helper()
	what := fmt.Sprintf("%d people, %v, ", users, last)
	for _, r := range []score.Result{
		{Name: "load-rate", What: what + "answers a second", Value: rate, Wanted: 400},
		{Name: "load-cpu", What: what + "processor time of the server for one", Unit: "ms", Value: cpu, Wanted: 5, AtMost: true},
		{Name: "load-memory", What: what + "most memory of the server under it", Unit: "MB", Value: peak, Wanted: 400, AtMost: true},
	} {
		r.Subject, r.Command = "Load", loadCommand
		score.Record(b, r)
	}
}

// load lets all users work for a time.
func load(b *testing.B, cmd *exec.Cmd, users []*user, rate int, last time.Duration) []answer {
	b.Helper()
	var pace time.Duration
	if rate > 0 {
		pace = time.Second * time.Duration(len(users)) / time.Duration(rate)
	}
	start := time.Now()
	var mu sync.Mutex
	var out []answer
	var all sync.WaitGroup
	for i, u := range users {
		first := start.Add(pace * time.Duration(i) / time.Duration(len(users)))
		all.Go(func() {
			u.live(first, pace, start.Add(last), func(a answer) {
				mu.Lock()
				defer mu.Unlock()
				out = append(out, a)
			})
		})
	}
	all.Wait()
	return out
}

// report prints a line for each kind of request.
func report(b *testing.B, answers []answer, took time.Duration) {
	b.Helper()
	kinds := map[string][]time.Duration{}
	failed := map[string]int{}
	for _, a := range answers {
		kinds[a.kind] = append(kinds[a.kind], a.took)
		kinds["all"] = append(kinds["all"], a.took)
		if a.fail != "" {
			failed[a.kind]++
			failed["all"]++
			if failed["all"] <= 5 {
				b.Errorf("%s: %s", a.kind, a.fail)
			}
		}
	}
	ms := func(list []time.Duration, share float64) float64 {
		return list[min(len(list)-1, int(float64(len(list))*share))].Seconds() * 1000
	}
	fmt.Printf("%-22s %8s %8s %9s %9s %9s %7s\n", "kind", "answers", "a second", "p50 ms", "p99 ms", "max ms", "errors")
	names := make([]string, 0, len(kinds))
	for name := range kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		list := kinds[name]
		slices.Sort(list)
		fmt.Printf("%-22s %8d %8.1f %9.1f %9.1f %9.1f %7d\n", name, len(list), float64(len(list))/took.Seconds(),
			ms(list, 0.5), ms(list, 0.99), ms(list, 1), failed[name])
	}
	all := kinds["all"]
	b.ReportMetric(ms(all, 0.5), "p50-ms")
	b.ReportMetric(ms(all, 0.99), "p99-ms")
	b.ReportMetric(float64(failed["all"]), "errors")
	score.Record(b, score.Result{Name: "load-errors", Subject: "Load", What: "answers that failed", AtMost: true,
		Value: float64(failed["all"]), Command: loadCommand})
	score.Record(b, score.Result{Name: "load-p99", Subject: "Load", What: "99th percentile from the moment an answer was due",
		Unit: "ms", Value: ms(all, 0.99), Wanted: 100, AtMost: true, Command: loadCommand})
}
