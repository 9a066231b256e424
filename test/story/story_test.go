package story_test

import (
	"encoding/json"
	"fmt"
	"github.com/yuntu-city/yuntu/test/score"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// The contract of the story: 1,200 万元.
const (
	contractFen  = 1_200_0000_00
	contractText = "1200" // in 万元
)

var china = time.FixedZone("CST", 8*3600)

// What other programs know of a thing.
type thing struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Version int64  `json:"version"`
}

type statement struct {
	thing
	Kind      string `json:"kind"`
	Indicator string `json:"indicator"`
	Measure   string `json:"measure"`
	Op        string `json:"op"`
	Value     string `json:"value"`
	Unit      string `json:"unit"`
	Quote     string `json:"quote"`
}

// told records at the end of a test whether the story held on both databases.
func told(t *testing.T, name, how, run string) {
	t.Cleanup(func() {
		failed := 0.0
		if t.Failed() {
			failed = 1
		}
		score.Record(t, score.Result{Name: "story-" + name, Subject: "The loop, told as a story", AtMost: true, Value: failed,
			What:    "tellings that failed, from a document to the press paragraph on SQLite and PostgreSQL, " + how,
			Command: "go test ./test/story -run " + run})
	})
}

// TestLoop tells the story on both databases through a server that lives.
func TestLoop(t *testing.T) {
	t.Parallel()
	told(t, "api", "through the API", "Loop$")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		a := open(t, d.URL(), t.TempDir())
		c := settle(t, a)
		tell(t, run(t, a), c)
		whole(t, d)
	})
}

// TestLoopWithKills tells it with a server that is killed in the middle of every step.
func TestLoopWithKills(t *testing.T) {
	t.Parallel()
	told(t, "kills", "through the API, the server killed in the middle of every step", "LoopWithKills")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		dir := t.TempDir()
		a := open(t, d.URL(), dir)
		c := settle(t, a)
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		m := &mortal{args: []string{"serve", "--lang", "en", "--dir", dir, "--database", d.URL(),
			"--set", "server.addr=127.0.0.1:0", "--set", "backup.at=",
			"--set", "limit.requests_per_second=100000", "--set", "limit.burst=100000"}}
		m.start(t)
		t.Cleanup(m.kill)
		tell(t, m, c)
		if m.kills < 20 {
			t.Errorf("the server was killed %d times only", m.kills)
		}
		whole(t, d)
	})
}

// whole wants a chain of audit entries without gap or change.
func whole(t *testing.T, d *db.DB) {
	t.Helper()
	if proof, err := audit.VerifyDB(t.Context(), d); err != nil {
		t.Errorf("after entry %d: %v", proof.Last, err)
	}
}

// tell plays the story from the document to the closed task.
func tell(t *testing.T, s server, c cast) {
	p := &player{t: t, s: s, tokens: c.tokens, sessions: c.sessions, client: &http.Client{Timeout: 30 * time.Second}}
	target, indicator := p.document(c)
	task := p.redLight(target)
	p.finish(task, true)
	meeting := p.meeting(c, target, task)
	need, first, second := p.posts(c)
	before := p.figure(district)
	p.introductions(need, first, second)
	p.figures(indicator, before)
	p.close(target, task)
	p.pack(meeting)
	p.press(target)
}

// document files a plan, confirms its target, and says from which rows its indicator is counted.
func (p *player) document(c cast) (target, indicator string) {
	now := time.Now()
	year := now.Year()
	var doc thing
	p.form("officer", "/documents", map[string]string{"title": "科技工作要点", "kind": "scheme",
		"region": city, "day": fmt.Sprintf("%d-01-05", year),
		"text": fmt.Sprintf("太原市%d年科技工作要点\n到%d年底，全市技术合同成交额达到1000万元以上。", year, year)}, "", "", &doc)
	var said []statement
	p.get("officer", "/documents/"+doc.ID+"/statements/all", &said)
	if len(said) != 1 || said[0].Kind != "target" || said[0].Value != "1000" || said[0].Unit != "万元" {
		p.t.Fatalf("the plan says %+v", said)
	}
	st := said[0]
	p.do("officer", http.MethodPost, "/statements/"+st.ID+"/decision", map[string]any{"accept": true,
		"version": st.Version}, st.Version, &st)
	var set struct {
		thing
		Indicator string `json:"indicator"`
	}
	p.do("officer", http.MethodPost, "/statements/"+st.ID+"/target", map[string]any{
		"new":       map[string]any{"name": st.Indicator, "unit": "万元", "direction": "up", "additive": true},
		"indicator": "", "region": city, "measure": "level", "op": ">=", "value": st.Value,
		"unit": st.Unit, "from": fmt.Sprintf("%d-01-01", year), "to": fmt.Sprintf("%d-12-31", year),
		"version": st.Version}, st.Version, &set)
	p.counted(c, set.Indicator)
	return set.ID, set.Indicator
}

// counted says from which rows an indicator is counted.
func (p *player) counted(c cast, indicator string) {
	p.post("officer", "/indicators/"+indicator+"/definitions", map[string]any{"kind": "measure",
		"measure": "deal.contracts", "factor": "1/1000000", "unit": "万元", "places": 2, "frequency": "month", "cumulative": true,
		"dueDays": 5, "org": c.bureau, "from": fmt.Sprintf("%d-01-01", time.Now().Year()), "text": "对接签订的合同成交额"}, nil)
	p.post("officer", "/monitor/indicators/"+indicator+"/recompute", nil, nil)
}

// light is the light of a target with the tasks it opened.
type light struct {
	Light struct {
		Colour string `json:"colour"`
	} `json:"light"`
	Value  string `json:"value"`
	Alerts []struct {
		Task string `json:"task"`
		Live bool   `json:"live"`
	} `json:"alerts"`
}

// redLight wants the number to be red and returns the task that it opened, signed for and begun.
func (p *player) redLight(target string) string {
	var l light
	p.soon("the light is red and has opened a task", func() bool {
		code, text := p.call("leader", http.MethodGet, "/monitor/lights/"+target, "", nil, 0)
		p.last = string(text)
		return code == 200 && json.Unmarshal(text, &l) == nil && l.Light.Colour == "red" && len(l.Alerts) == 1
	})
	task := l.Alerts[0].Task
	var x thing
	p.get("department", "/tasks/"+task, &x)
	if x.State == "draft" {
		p.step("officer", "/tasks/"+task, x.Version, map[string]any{"step": "establish"}, &x)
	}
	for _, step := range []string{"sign", "start"} {
		p.step("department", "/tasks/"+task, x.Version, map[string]any{"step": step}, &x)
	}
	return task
}

// publish sends a post and publishes it.
func (p *player) publish(who string, data map[string]any) string {
	for k, v := range map[string]any{"field": "05", "modes": []string{"licence"}, "visibility": "open",
		"submit": true} {
		data[k] = v
	}
	var x thing
	p.post(who, "/market/posts", data, &x)
	p.step("officer", "/market/posts/"+x.ID, x.Version, map[string]any{"step": "publish"}, &x)
	return x.ID
}

// offers publishes the achievements of the institute.
func (p *player) offers(c cast) (first, second string) {
	first = p.publish("institute", map[string]any{"kind": "achievement", "org": c.institute, "region": "140106",
		"title": "石墨烯改性导热膜制备技术", "text": "面内导热系数不低于 1500 W/(m·K)，厚度 25 微米，已完成中试。",
		"trl": 6, "resultKind": "applied", "pricing": "listing"})
	second = p.publish("institute", map[string]any{"kind": "achievement", "org": c.institute, "region": "140106",
		"title": "高导热石墨膜连续卷绕生产线", "text": "石墨膜面内导热系数 1300 W/(m·K)，卷绕宽度 500 毫米。",
		"trl": 8, "resultKind": "applied", "pricing": "listing"})
	return first, second
}

// posts publishes a need and two achievements, and wants the need to find them, with reasons.
func (p *player) posts(c cast) (need, first, second string) {
	first, second = p.offers(c)
	need = p.publish("firm", map[string]any{"kind": "need", "org": c.firm, "region": district,
		"title": "寻求高导热石墨膜", "text": "石墨膜面内导热系数不低于 1200 W/(m·K)。", "needKind": "result",
		"deadline": "2099-12-31", "contact": "王小明", "contactPhone": "13800001234"})
	type match struct {
		Offer   string `json:"offer"`
		Reasons []struct {
			For  bool   `json:"for"`
			Text string `json:"text"`
		} `json:"reasons"`
	}
	p.soon("the need finds both achievements, with reasons", func() bool {
		var found []match
		code, text := p.call("firm", http.MethodGet, "/market/posts/"+need+"/matches", "", nil, 0)
		p.last = string(text)
		if code != 200 || json.Unmarshal(text, &found) != nil {
			return false
		}
		why := map[string]bool{}
		for _, m := range found {
			for _, r := range m.Reasons {
				why[m.Offer] = why[m.Offer] || r.For && r.Text != ""
			}
		}
		return why[first] && why[second]
	})
	return need, first, second
}

// introductions ends one without success, with a class and a next step, and signs the other.
func (p *player) introductions(need, first, second string) {
	contact := map[string]any{"name": "王小明", "phone": "13800001234"}
	ask := func(with string) (x thing) {
		p.post("firm", "/deals", map[string]any{"post": need, "with": with, "message": "希望了解样品与报价。",
			"contact": contact}, &x)
		return x
	}
	x := ask(first)
	if why := p.refused("institute", "/deals/"+x.ID+"/steps", x.Version, map[string]any{"step": "refuse"}); why.Status != 422 {
		p.t.Errorf("refused without a class: %+v", why)
	}
	p.step("institute", "/deals/"+x.ID, x.Version, map[string]any{"step": "refuse", "class": "immature",
		"next": "中试完成后再联系"}, &x)
	if x.State != "refused" {
		p.t.Errorf("the first introduction is %s", x.State)
	}
	x = ask(second)
	if x.State == "requested" {
		p.step("firm", "/deals/"+x.ID, x.Version, map[string]any{"step": "consent", "contact": contact}, &x)
	}
	today := time.Now().In(china).Format("2006-01-02")
	for _, s := range []struct {
		who string
		in  map[string]any
	}{
		{"institute", map[string]any{"step": "agree", "contact": map[string]any{"name": "李工", "phone": "13900001234"}}},
		{"firm", map[string]any{"step": "record", "day": today, "place": "研究院", "people": "双方技术负责人", "text": "看了样品。"}},
		{"firm", map[string]any{"step": "intend", "amountFen": contractFen, "mode": "licence"}},
		{"firm", map[string]any{"step": "sign", "day": today, "amountFen": contractFen, "mode": "licence"}},
	} {
		p.step(s.who, "/deals/"+x.ID, x.Version, s.in, &x)
	}
	if x.State != "signed" {
		p.t.Errorf("the second introduction is %s", x.State)
	}
}

// figure is the sum of contracts in a place.
func (p *player) figure(place string) int64 {
	var f struct {
		Value int64 `json:"value"`
	}
	p.get("leader", "/measures/deal.contracts?dim="+url.QueryEscape("region:"+place), &f)
	return f.Value
}

// figures wants the sums of district and city to have moved by exactly the contract, and to open to it.
func (p *player) figures(indicator string, before int64) {
	for _, place := range []string{district, city} {
		if got := p.figure(place) - before; got != contractFen {
			p.t.Errorf("%s moved by %d fen, want %d", place, got, contractFen)
		}
		var rows struct {
			Items []struct {
				Title string `json:"title"`
				Href  string `json:"href"`
				Value int64  `json:"value"`
			} `json:"items"`
		}
		p.get("leader", "/measures/deal.contracts/rows?dim="+url.QueryEscape("region:"+place), &rows)
		if len(rows.Items) != 1 || rows.Items[0].Value != contractFen || !strings.HasPrefix(rows.Items[0].Href, "/deals/") {
			p.t.Errorf("behind the figure of %s: %+v", place, rows.Items)
		}
	}
	p.post("officer", "/monitor/indicators/"+indicator+"/recompute", nil, nil)
	point := fmt.Sprintf("/monitor/points/%s/%s/%s", indicator, city, time.Now().In(china).Format("2006-01"))
	var x struct {
		Value string `json:"value"`
		Unit  string `json:"unit"`
	}
	p.get("leader", point, &x)
	if x.Value != contractText || x.Unit != "万元" {
		p.t.Errorf("the point is %s %s", x.Value, x.Unit)
	}
	var rows struct {
		Items []struct {
			Href string `json:"href"`
		} `json:"items"`
	}
	p.get("leader", point+"/rows", &rows)
	if len(rows.Items) != 1 || !strings.HasPrefix(rows.Items[0].Href, "/deals/") {
		p.t.Errorf("behind the point: %+v", rows.Items)
	}
}

// close wants the light to have turned and closes the task.
func (p *player) close(target, task string) {
	var l light
	p.soon("the light is not red any more", func() bool {
		p.get("leader", "/monitor/lights/"+target, &l)
		return l.Light.Colour != "red"
	})
	p.finish(task, false)
}

// finish applies for the end of a task and verifies it; held says that it must not be closed yet.
func (p *player) finish(task string, held bool) {
	var x struct {
		thing
		Files []thing `json:"files"`
	}
	p.get("department", "/tasks/"+task, &x)
	if x.State == "active" {
		var files []thing
		p.form("department", "/tasks/"+task+"/files", nil, "证明.txt", "合同已签订。", &files)
		p.get("department", "/tasks/"+task, &x)
		p.step("department", "/tasks/"+task, x.Version, map[string]any{"step": "apply", "reason": "数据已达标",
			"files": []string{files[0].ID}}, &x)
		p.step("officer", "/tasks/"+task, x.Version, map[string]any{"step": "accept"}, &x)
	}
	if held {
		why := p.refused("officer", "/tasks/"+task+"/steps", x.Version, map[string]any{"step": "pass"})
		if why.Status != http.StatusConflict || !strings.Contains(why.Detail, "红灯") {
			p.t.Errorf("a task with a red number: %+v", why)
		}
		return
	}
	p.step("officer", "/tasks/"+task, x.Version, map[string]any{"step": "pass"}, &x)
	if x.State != "done" {
		p.t.Errorf("the task is %s", x.State)
	}
}
