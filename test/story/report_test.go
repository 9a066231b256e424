package story_test

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/reading"
)

// meeting prepares a dispatch meeting while the light is red: it is about the number and its task.
func (p *player) meeting(c cast, target, task string) string {
	var series, m thing
	p.post("officer", "/dispatch/series", map[string]any{"name": "科技工作月调度会", "cadence": "month", "region": city,
		"chair": "王局长", "host": c.bureau, "place": "三楼会议室", "members": []string{c.bureau}}, &series)
	start := time.Now().Add(48 * time.Hour)
	p.post("officer", "/dispatch/meetings", map[string]any{"series": series.ID, "chair": "王局长", "place": "三楼会议室",
		"startsUs": start.UnixMicro(), "endsUs": start.Add(time.Hour).UnixMicro(), "members": []string{c.bureau}}, &m)
	var d struct {
		Items []struct {
			Href    string `json:"href"`
			Reasons []any  `json:"reasons"`
		} `json:"items"`
	}
	p.get("leader", "/dispatch/meetings/"+m.ID, &d)
	about := map[string]bool{}
	for _, x := range d.Items {
		about[x.Href] = len(x.Reasons) > 0
	}
	if !about["/tasks/"+task] && !about["/monitor/lights/"+target] {
		p.t.Errorf("the meeting is about %+v", d.Items)
	}
	return m.ID
}

var (
	proseOf  = regexp.MustCompile(`(?s)<div class="prose">(.*?)</main>`)
	linksOf  = regexp.MustCompile(`(?s)<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>`)
	tagsOf   = regexp.MustCompile(`(?s)<[^>]*>`)
	measured = regexp.MustCompile(`[0-9][0-9.,]*\s*(%|‰|个百分点|亿元|万元|元|家|项|个|天)`)
)

// linked wants every measured number of the text of a page to be in a link, and returns the links.
func (p *player) linked(who, path string) []string {
	page := proseOf.FindString(p.page(who, path))
	if page == "" {
		p.t.Fatalf("%s has no text", path)
	}
	seen := map[string]bool{}
	for _, m := range linksOf.FindAllStringSubmatch(page, -1) {
		seen[html.UnescapeString(m[1])] = true
	}
	bare := tagsOf.ReplaceAllString(linksOf.ReplaceAllString(page, ""), " ")
	if loose := measured.FindAllString(bare, -1); len(loose) > 0 {
		p.t.Errorf("%s says %q without a link", path, loose)
	}
	return slices.Sorted(maps.Keys(seen))
}

// pack wants the pack of the meeting: a file, and a page whose every number opens.
func (p *player) pack(meeting string) {
	code, text := p.call("leader", http.MethodGet, "/dispatch/meetings/"+meeting+"/pack", "", nil, 0)
	if code != http.StatusOK || !strings.HasPrefix(string(text), "PK") {
		p.t.Errorf("the pack is %d with %d bytes", code, len(text))
	}
	links := p.linked("leader", "/dispatch/"+meeting+"/pack")
	for _, to := range []string{"/monitor/points/", "/targets/", "/monitor/lights/"} { // value, target and gap of the red light
		if !slices.ContainsFunc(links, func(at string) bool { return strings.HasPrefix(at, to) }) {
			p.t.Errorf("the pack has no link to %s: %q", to, links)
		}
	}
	for _, at := range links {
		p.page("leader", at)
	}
}

// figure is a number of a report.
type reported struct {
	N       int64  `json:"n"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Value   string `json:"value"`
	Unit    string `json:"unit"`
	Op      string `json:"op"`
	Written string `json:"written"`
	AsOf    string `json:"asOf"`
	Source  struct {
		Href string `json:"href"`
	} `json:"source"`
}

// press produces the press paragraph, opens what is behind its numbers, and reads it back.
func (p *player) press(target string) {
	var r struct {
		thing
		Whole   string     `json:"whole"`
		Day     string     `json:"day"`
		Clean   bool       `json:"clean"`
		Figures []reported `json:"figures"`
		Pieces  []struct {
			Text string `json:"text"`
			N    int64  `json:"n"`
		} `json:"pieces"`
		Check struct {
			Figures int `json:"figures"`
			Read    int `json:"read"`
		} `json:"check"`
	}
	p.post("officer", "/reports", map[string]any{"form": "press", "region": city, "public": true,
		"parts": []string{"indicators", "market", "deals", "tasks", "lights"}}, &r)
	p.get("officer", "/reports/"+r.ID, &r)
	says := map[string]string{}
	for _, f := range r.Figures {
		says[f.Kind+" "+f.Name] = f.Op + f.Written
	}
	for name, want := range map[string]string{"fact 技术合同成交额": "=1200万元", "fact 技术合同成交额完成率": "=120%",
		"target 技术合同成交额": ">=1000万元", "fact 供需对接签约合同": "=1项", "fact 供需对接合同成交额": "=1200万元",
		"fact 红灯指标": "=0个", "fact 蓝灯指标": "=1个", "fact 督办事项": "=1项", "fact 红灯事项": "=0项"} {
		if says[name] != want {
			p.t.Errorf("the press paragraph says %q of %s, want %q\n%s", says[name], name, want, r.Whole)
		}
	}
	if !r.Clean || r.Check.Read != r.Check.Figures || r.Check.Figures != len(r.Figures) {
		p.t.Errorf("reads back %+v", r.Check)
	}
	times := regexp.MustCompile(`[0-9]+(年|月|日|—)`)
	for _, x := range r.Pieces {
		if x.N == 0 && regexp.MustCompile(`[0-9]`).MatchString(times.ReplaceAllString(x.Text, "")) {
			p.t.Errorf("%q has a number without a link", x.Text)
		}
	}
	for _, step := range []string{"review", "publish"} {
		p.step("leader", "/reports/"+r.ID, r.Version, map[string]any{"step": step}, &r.thing)
	}
	links := p.linked("leader", "/reports/"+r.ID)
	for _, f := range r.Figures {
		at := fmt.Sprintf("/reports/%s/figures/%d", r.ID, f.N)
		if !slices.Contains(links, at) {
			p.t.Errorf("%s %s is not linked", f.Name, f.Written)
		}
		if !strings.Contains(p.page("leader", at), f.Written) {
			p.t.Errorf("%s does not show %s", at, f.Written)
		}
		if f.Source.Href != "" {
			p.page("leader", f.Source.Href)
		}
	}
	p.readBack(r.ID, r.Whole, r.Day, r.Figures)
}

// readBack reads the published text as yuntu read does, and once more as a document of the ledger.
func (p *player) readBack(id, whole, day string, figures []reported) {
	var want []string
	for _, f := range figures {
		want = append(want, f.Kind+" "+f.Op+f.Value+f.Unit)
	}
	slices.Sort(want)
	date, err := hanzi.ParseDate(day)
	if err != nil {
		p.t.Fatal(err)
	}
	var got []string
	for _, st := range reading.Read(whole, reading.Options{Date: date}).Statements {
		if st.Check.Rule != "" && !st.Check.OK {
			p.t.Errorf("a doubt: %s: %s", st.Quote, st.Check)
		}
		got = append(got, st.Kind+" "+st.Op+st.Value+st.Unit)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		p.t.Errorf("read back %q, want %q", got, want)
	}
	var filed struct {
		thing
		Document string `json:"document"`
	}
	p.get("officer", "/reports/"+id, &filed)
	p.do("officer", http.MethodPost, "/reports/"+id+"/file", nil, filed.Version, &filed)
	var said []statement
	p.get("officer", "/documents/"+filed.Document+"/statements/all", &said)
	got = nil
	for _, st := range said {
		got = append(got, st.Kind+" "+st.Op+st.Value+st.Unit)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		p.t.Errorf("the document says %q, want %q", got, want)
	}
}
