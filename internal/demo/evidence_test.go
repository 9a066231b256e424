package demo_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/demo"
	"github.com/yuntu-city/yuntu/internal/identity"
)

// Where the walk of one role begins. What is linked from there is found by walking.
var evidenceDoors = []string{"/workspace", "/", "/monitor", "/monitor/brief", "/monitor/lights", "/monitor/findings",
	"/market", "/market/figures", "/deals", "/auctions", "/ledger", "/targets", "/studio", "/assessments", "/atlas",
	"/atlas/list", "/screen", "/reports", "/open", "/observations", "/reporting", "/reporting/rates", "/reporting/review",
	"/indicator-sets", "/rankings", "/indicators", "/orgs", "/dispatch", "/letters", "/brokers", "/shows", "/appraisals"}

// perKind is how many pages of one kind a role opens, and how many proofs of one kind it follows: pages of one kind
// are made by the same code.
const perKind = 1

var (
	evMain   = regexp.MustCompile(`(?s)<main.*</main>`)
	evHref   = regexp.MustCompile(`<a[^>]*\shref="(/[^"#]*)`)
	evID     = regexp.MustCompile(`/[0-9A-Za-z]{20,32}\b`)
	evDigits = regexp.MustCompile(`/[0-9]+\b`)
	evCode   = regexp.MustCompile(`/[A-Z]{2,}-?[0-9][0-9A-Za-z-]*`)
	evDigit  = regexp.MustCompile(`\d`)
	evTags   = regexp.MustCompile(`(?s)<[^>]*>`)
	evTable  = regexp.MustCompile(`(?s)<table[^>]*>.*?</table>`)
	evRow    = regexp.MustCompile(`(?s)<tr[^>]*>.*?</tr>`)
	evZero   = regexp.MustCompile(`^[0.,]+( ?\S{1,4})?$`)
	evCap    = regexp.MustCompile(`(?s)<caption[^>]*>(.*?)</caption>`)
	// What a page shows as a number: cells of numbers, tints, bars, key figures and counts.
	evNumbers = []*regexp.Regexp{
		regexp.MustCompile(`(?s)<td[^>]*class="[^"]*\bnum\b[^"]*"[^>]*>(.*?)</td>`),
		regexp.MustCompile(`(?s)<td class="q[0-5]">(.*?)</td>`),
		regexp.MustCompile(`(?s)<span class="num">(.*?)</span>\s*</td>`),
	}
	evKeyFigure = regexp.MustCompile(`(?s)<li>\s*<span class="k">(.*?)</span>\s*<span class="v">(.*?)</span>`)
	evTotal     = regexp.MustCompile(`共 ([0-9,]+) `)
)

// kindOf is what kind of page an address is of: its path without ids, and the names of its query.
func kindOf(address string) string {
	path, query, _ := strings.Cut(address, "?")
	path = evID.ReplaceAllString(path, "/*")
	path = evDigits.ReplaceAllString(path, "/*")
	path = evCode.ReplaceAllString(path, "/*")
	var names []string
	for _, one := range strings.Split(query, "&") {
		name, _, _ := strings.Cut(one, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	return path + "?" + strings.Join(slices.Compact(names), "&")
}

// walker is a role that walks through the site.
type walker struct {
	t       *testing.T
	handler http.Handler
	token   string
	role    authz.Role
	seen    map[string]bool
	kinds   map[string]int
	pages   int
	numbers int
	bare    map[string]string // kind of page and caption → a number without a proof
}

func (w *walker) get(path string) *httptest.ResponseRecorder {
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, path, nil)
	if err != nil {
		w.t.Errorf("%s: %v", w.role, err)
		return httptest.NewRecorder()
	}
	if w.token != "" {
		r.AddCookie(&http.Cookie{Name: "yuntu_session", Value: w.token})
	}
	a := httptest.NewRecorder()
	w.handler.ServeHTTP(a, r)
	return a
}

// skipped are addresses that are no pages to look at.
func skipped(path string) bool {
	for _, part := range []string{"/lang", "/logout", "/api/", "format=", "/assets/", "/static/", "/feed", "view=print",
		"/export", "/template", "/ics", ".ics", "/files/", "/download", "/blobs/", "/open/data/", "theme=", "lang=",
		"/edit", "/new", "/import", "/admin/", "after=", "before=", "/zip"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// walk opens pages of every kind that are reachable, looks at their numbers, and follows each proof.
func (w *walker) walk(doors []string) {
	queue := slices.Clone(doors)
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		kind := kindOf(path)
		if w.seen[path] || skipped(path) || w.kinds[kind] >= perKind {
			continue
		}
		w.seen[path], w.kinds[kind] = true, w.kinds[kind]+1
		a := w.get(path)
		if slices.Contains(doors, path) && (a.Code == http.StatusForbidden || a.Code == http.StatusNotFound ||
			a.Code == http.StatusSeeOther) {
			continue // not a door of this role
		}
		if a.Code >= 300 && a.Code < 400 {
			queue = append(queue, a.Header().Get("Location"))
			continue
		}
		if a.Code == http.StatusForbidden && slices.ContainsFunc(closedDoors, func(door string) bool {
			return strings.HasPrefix(path, door)
		}) {
			continue
		}
		if a.Code != http.StatusOK {
			w.t.Errorf("%s follows %s: %d", w.role, path, a.Code)
			continue
		}
		if !strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") {
			continue
		}
		w.pages++
		body := evMain.FindString(a.Body.String())
		w.look(path, body)
		for _, m := range evHref.FindAllStringSubmatch(body, -1) {
			queue = append(queue, html.UnescapeString(m[1]))
		}
	}
}

// closedDoors are pages that others than those who may enter find a link to: the page itself says which role may.
var closedDoors = []string{"/claim", "/matches", "/observations/from/"}

// look finds the numbers of a page. Each leads to its proof, or its kind stands on the list of those that need none.
func (w *walker) look(path, body string) {
	for _, table := range evTable.FindAllString(body, -1) {
		caption := ""
		if m := evCap.FindStringSubmatch(table); m != nil {
			caption = strings.TrimSpace(evTags.ReplaceAllString(m[1], ""))
		}
		for _, row := range evRow.FindAllString(table, -1) {
			record := evHref.FindStringSubmatch(row)
			for _, re := range evNumbers {
				for _, m := range re.FindAllStringSubmatch(row, -1) {
					w.number(path, caption, m[1], record)
				}
			}
		}
	}
	for _, m := range evKeyFigure.FindAllStringSubmatch(body, -1) {
		name := strings.TrimSpace(evTags.ReplaceAllString(m[1], ""))
		if !strings.Contains(m[1], "<a ") { // the name or the number is the link
			w.number(path, name, m[2], nil)
		} else {
			w.numbers++
			if link := evHref.FindStringSubmatch(m[1] + m[2]); link != nil { // else it leads down the page itself
				w.prove(path, html.UnescapeString(link[1]), evTags.ReplaceAllString(m[2], ""))
			}
		}
	}
}

// number looks at one number. Without a link of its own it is proved by the record that its row is of.
func (w *walker) number(path, what, cell string, record []string) {
	text := strings.Join(strings.Fields(evTags.ReplaceAllString(cell, " ")), " ")
	if !evDigit.MatchString(text) {
		return
	}
	w.numbers++
	link := evHref.FindStringSubmatch(cell)
	switch {
	case link != nil:
		w.prove(path, html.UnescapeString(link[1]), text)
	case strings.Contains(cell, "<a "), evZero.MatchString(text): // it leads down its page; nothing is behind a zero
	case record != nil:
		w.prove(path, html.UnescapeString(record[1]), "")
	default:
		w.unproved(path, what, text)
	}
}

func (w *walker) unproved(path, what, text string) {
	kind, _, _ := strings.Cut(kindOf(path), "?")
	for _, x := range unprovedNumbers {
		if strings.HasPrefix(kind, x.page) && (x.what == "" || strings.Contains(what, x.what)) {
			return
		}
	}
	w.bare[kind+" · "+what] = text
}

// prove follows a link once for each kind of page and proof. Where the number is a count of a list, the list says
// the same.
func (w *walker) prove(path, link, text string) {
	page, _, _ := strings.Cut(kindOf(path), "?")
	key := "proof " + page + " " + kindOf(link)
	if w.kinds[key] >= perKind || skipped(link) {
		return
	}
	w.kinds[key]++
	a := w.get(link)
	if a.Code != http.StatusOK && a.Code != http.StatusSeeOther {
		w.t.Errorf("%s: the proof of %q on %s, %s, answers %d", w.role, text, path, link, a.Code)
		return
	}
	n := strings.ReplaceAll(strings.TrimSpace(text), ",", "")
	if !wholeNumber.MatchString(n) || !strings.Contains(link, "?") {
		return
	}
	if m := evTotal.FindStringSubmatch(evTags.ReplaceAllString(evMain.FindString(a.Body.String()), "")); m != nil &&
		countedLists[kindOf(link)] && strings.ReplaceAll(m[1], ",", "") != n {
		w.t.Errorf("%s: %s on %s, but %s lists %s", w.role, n, path, link, m[1])
	}
}

var wholeNumber = regexp.MustCompile(`^[0-9]+$`)

// countedLists are the lists that a number counts: what they say of their length is what the number says.
var countedLists = map[string]bool{
	"/monitor/lights?colour&on&region": true, "/monitor/findings?code": true, "/orgs?region": true,
}

// unprovedNumber is a kind of number that leads nowhere, with why.
type unprovedNumber struct {
	page, what string // beginning of the kind of page, and a part of the table's or figure's name; "" = all of the page
	why        string
}

// evidence asserts that every number of every page of the site that the roles can reach leads to its proof: each
// link is followed, and a number without one stands on the list with its reason.
func evidence(t *testing.T, a *app.App) {
	if _, err := a.Jobs.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	handler := a.Web.Handler()
	bare := map[string]string{}
	for _, l := range append(demo.Logins(demo.Taiyuan), demo.Login{Role: authz.Public, Login: ""}) {
		switch l.Role {
		case authz.Officer, authz.Leader, authz.Department, authz.Enterprise, authz.Public:
		default:
			continue // they see no other pages than these, or no numbers of the city
		}
		w := &walker{t: t, handler: handler, role: l.Role, seen: map[string]bool{}, kinds: map[string]int{}, bare: bare}
		if l.Login != "" {
			in, err := a.Identity.Login(t.Context(), authz.Actor{Via: authz.ViaSession},
				identity.LoginInput{Login: l.Login, Password: demo.Password})
			if err != nil {
				t.Fatal(err)
			}
			w.token = in.Token
		}
		start := time.Now()
		w.walk(evidenceDoors)
		t.Logf("%s: %d pages, %d numbers, %s", l.Role, w.pages, w.numbers, time.Since(start).Round(time.Millisecond))
		if w.pages < 10 || l.Role == authz.Officer && w.numbers < 500 {
			t.Errorf("%s saw %d pages with %d numbers only", l.Role, w.pages, w.numbers)
		}
	}
	var list []string
	for where, text := range bare {
		list = append(list, fmt.Sprintf("%s: %.60s", where, text))
	}
	slices.Sort(list)
	for _, x := range list {
		t.Errorf("no proof: %s", x)
	}
}

// unprovedNumbers are the numbers that need no proof elsewhere.
var unprovedNumbers = []unprovedNumber{
	{"/appraisals/", "", "a worksheet and an evaluation are the calculation: their data and steps stand on the page"},
	{"/assessments/entries/", "", "an entry is the record: what people wrote, and how each point was made of it"},
	{"/assessments/schemes/", "", "a scheme is the rule itself"},
	{"/atlas/rules", "历次规则", "a rule is its own record: the day it begins stands beside its words"},
	{"/auctions/", "", "what an auction asks for and what was bid is its own record, and the log below it"},
	{"/brokers/", "对接", "for those who may not read every introduction: the directory does not name its two sides"},
	{"/brokers/", "促成签约", "the same"},
	{"/brokers/", "合同成交额", "the same"},
	{"/brokers/", "信用分", "the rows that the credit is the sum of stand on the page"},
	{"/dispatch/*", "议程", "the minutes that an item of the agenda may take: the meeting's own record"},
	{"/indicator-sets", "随系统提供的体系", "a file of the program that is not in use; installing it opens its indicators"},
	{"/market/review", "指标", "what is said in the post that is being reviewed"},
	{"/shows/", "约谈", "rounds and tables of the show's own plan"},
	{"/studio/datasets/", "", "a table of data and what was changed in it: the numbers are the record"},
	{"/studio/panels/", "", "the voices and weights of a panel are the record"},
	{"/tasks/*", "节点", "the steps of a task are its own record"},
}
