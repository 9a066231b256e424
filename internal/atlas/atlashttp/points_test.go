package atlashttp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/test/score"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// scatter registers organisations with points all over the city.
func (h *house) scatter(n int) {
	h.t.Helper()
	ctx := context.Background()
	places := []region.Code{"140105", "140106", "140107", "140108", "140109", "140110"}
	var list []party.AdoptedOrg
	for i := range n {
		at := places[i%len(places)]
		list = append(list, party.AdoptedOrg{OrgData: party.OrgData{Name: fmt.Sprintf("太原第%d家材料有限公司", i),
			Kind: "enterprise", Region: at, Standing: "active", Addresses: []party.Address{{Kind: "registered", Region: at,
				Line: "某路 1 号", Point: region.Point{LonE7: int64(112_4000_000 + i*7_919_131%3_000_000),
					LatE7: int64(37_7000_000 + i*104_729_003%2_500_000), System: region.CGCS2000}}}}})
	}
	if _, err := h.party.AdoptOrganisations(ctx, officer, list, "test"); err != nil {
		h.t.Fatal(err)
	}
	if err := h.feed.CatchUp(ctx); err != nil {
		h.t.Fatal(err)
	}
}

var (
	dotLink = regexp.MustCompile(`<a href="([^"]+)" aria-label="([^"]* )?([\d,]+) 家有坐标的组织"><circle`)
	rowLink = regexp.MustCompile(`<td[^>]*><a href="([^"]+)">([\d,]+)</a>\s*</td>`)
	all     = regexp.MustCompile(`<a href="([^"]+)" data-in-view>图内 ([\d,]+) 家`)
)

// Each dot of a map, each row of its table and the number below it lead to as many records.
func TestDotsLeadToTheirRows(t *testing.T) {
	h := newHouse(t)
	if body := h.want(visitor, "/atlas", 200); strings.Contains(body, "有坐标的组织在哪里") {
		t.Error("a drawing of no points")
	}
	h.scatter(200)
	body := h.want(visitor, "/atlas", 200, "有坐标的组织在哪里", "没有边界，不是地图", "点位表")
	if strings.Contains(body, "data-points=") {
		t.Error("a canvas for 200 points")
	}
	dots := dotLink.FindAllStringSubmatch(body, -1)
	if len(dots) < 10 {
		t.Fatalf("%d dots", len(dots))
	}
	var links [][2]string
	for _, m := range dots {
		links = append(links, [2]string{m[1], m[3]})
	}
	_, table, _ := strings.Cut(body, "点位表")
	table, _, _ = strings.Cut(table, "</table>")
	rows := rowLink.FindAllStringSubmatch(table, -1)
	if len(rows) != len(dots) {
		t.Errorf("%d dots, %d rows", len(dots), len(rows))
	}
	for _, m := range append(rows, all.FindAllStringSubmatch(body, -1)...) {
		links = append(links, [2]string{m[1], m[2]})
	}
	for _, x := range links {
		h.want(visitor, html.UnescapeString(x[0]), 200, "共 "+x[1]+" 条记录")
	}
	h.want(visitor, html.UnescapeString(dots[0][1]), 200, "图上选中的一处", "chosen-box", "范围：")
	h.want(visitor, "/atlas?box=1", 422, "范围应写作")
	h.want(visitor, "/atlas/points?box=1", 422)
	h.want(officer, "/atlas?lang=en", 200, "Where organisations with a point are", "this is no map")
}

// Where outlines were brought in, the points stand in them, and those elsewhere are counted.
func TestDotsInOutlines(t *testing.T) {
	h := newHouse(t)
	h.scatter(100)
	var squares []string // one for each district, all in the same place
	for _, c := range h.atlas.Districts("140100") {
		squares = append(squares, fmt.Sprintf(`{"type":"Feature","properties":{"adcode":"%s"},"geometry":{"type":"Polygon",
			"coordinates":[[[112.4,37.7],[112.6,37.7],[112.6,37.9],[112.4,37.9],[112.4,37.7]]]}}`, c))
	}
	file := `{"type":"FeatureCollection","features":[` + strings.Join(squares, ",") + `]}`
	_, err := h.atlas.ImportBoundary(t.Context(), officer, atlas.NewBoundary{BoundaryData: atlas.BoundaryData{
		Name: "边界", Approval: "GS(2024)0650号", Source: "测绘院", Day: "2026-01-01"}, File: strings.NewReader(file)})
	if err != nil {
		t.Fatal(err)
	}
	body := h.want(visitor, "/atlas", 200, "审图号：GS(2024)0650号", "点位表", "家在全图以外")
	if strings.Contains(body, "有坐标的组织在哪里") {
		t.Error("two drawings of the points")
	}
	links := append(dotLink.FindAllStringSubmatch(body, -1), all.FindAllStringSubmatch(body, -1)...)
	if len(links) < 5 {
		t.Fatalf("%d links", len(links))
	}
	for _, m := range links {
		h.want(visitor, html.UnescapeString(m[1]), 200, "共 "+m[len(m)-1]+" 条记录")
	}
	h.want(visitor, "/atlas/poster", 200, "<circle")
}

// The room sends its points to whoever may see them, by the filters of the address, and the API the same.
func TestPoints(t *testing.T) {
	h := newHouse(t)
	h.scatter(30)
	for path, want := range map[string]int64{"/atlas/points": 30, "/atlas/points?region=140105": 5,
		"/atlas/points?kind=need": 0, "/atlas/points?box=112.4/37.7/112.7/37.95&region=140106": 5} {
		var page, call atlas.Points
		if err := json.Unmarshal([]byte(h.want(visitor, path, 200)), &page); err != nil {
			t.Fatal(err)
		}
		a := h.Call(visitor, "GET", path, nil)
		if err := json.Unmarshal([]byte(a.Body), &call); err != nil || a.Code != 200 {
			t.Fatalf("%d %v", a.Code, err)
		}
		if page.N != want || call.N != want || len(page.Cells) != len(call.Cells) {
			t.Errorf("%s: %d on the page, %d by the API, want %d", path, page.N, call.N, want)
		}
	}
}

// many is what a map draws on a canvas; with RECORD_RESULTS as many as a city has.
func many() int {
	if os.Getenv("RECORD_RESULTS") != "" {
		return 12_000
	}
	return atlas.CanvasAbove + 100
}

type measured struct {
	Ms     float64 `json:"ms"`
	N      int     `json:"n"`
	Drawn  int     `json:"drawn"`
	Canvas int     `json:"canvas"`
}

const lastDraw = `(() => { const m = performance.getEntriesByName("points").at(-1); return {
	ms: m.duration, n: m.detail.n, drawn: m.detail.drawn, canvas: document.querySelectorAll("canvas").length}; })()`

// A map of many points draws itself when somebody comes near: by mouse, by keyboard, on a phone, in the
// dark. What it counts is what its list has, and a place opens the panel of that place.
func TestCanvasInBrowser(t *testing.T) {
	h := newHouse(t)
	h.scatter(many())
	site := httptest.NewServer(h.Handler())
	t.Cleanup(site.Close)
	p := browsertest.New(t, site.URL)
	p.WithinBudget("/atlas")
	for _, look := range []struct {
		width int
		theme string
	}{{browsertest.Wide, "light"}, {browsertest.Narrow, "dark"}} {
		p.SetSize(look.width)
		p.SetCookie("yuntu_theme", look.theme)
		p.Goto("/atlas")
		if p.Count("canvas") != 0 {
			t.Error("drawn before anybody looks")
		}
		browsertest.Eval[any](p, `document.querySelector(".points-stage").focus()`)
		p.WaitFor(".drawn canvas")
		full := browsertest.Eval[measured](p, lastDraw)
		if full.N < many()-20 || full.Drawn < full.N*9/10 {
			t.Errorf("%+v of %d points", full, many())
		}
		t.Logf("%d px: %d points in %.1f ms", look.width, full.Drawn, full.Ms)
		if look.width == browsertest.Wide && os.Getenv("RECORD_RESULTS") != "" {
			record(t, p)
		}
		p.Axe()
		p.NoHorizontalScroll()
		inView := strings.Fields(p.Text("[data-in-view]"))[1]
		p.Press("j", "j")
		p.WaitText("[data-at]", "第 2 处")
		p.Press("=")
		p.Settle()
		p.Press("j")
		p.WaitText("[data-at]", "第 1 处")
		if now := strings.Fields(p.Text("[data-in-view]"))[1]; now == inView {
			t.Errorf("%s in view before and after zooming", now)
		}
		_, n, _ := strings.Cut(p.Text("[data-at]"), "：")
		n = strings.TrimSuffix(n, " 家")
		list := p.Attr("[data-in-view]", "href")
		inView = strings.Fields(p.Text("[data-in-view]"))[1]
		h.want(visitor, strings.ReplaceAll(list, "%2F", "/"), 200, "共 "+inView+" 条记录")
		p.Press("Enter")
		p.WaitText(".facts", "图上选中的一处")
		p.WaitFor(".drawn canvas") // the part that was looked at
		if got := p.Text(".facts dd"); strings.ReplaceAll(got, ",", "") != n {
			t.Errorf("a place of %s opens a panel of %s", n, got)
		}
		p.ConsoleEmpty()
	}
	p.Media("print", "")
	if browsertest.Eval[bool](p, `document.querySelector(".points-stage canvas").checkVisibility()`) ||
		!browsertest.Eval[bool](p, `document.querySelector(".dots circle").checkVisibility()`) {
		t.Error("the canvas is printed in place of the dots")
	}
	p.Media("", "")
	p.SetScript(false)
	p.Goto("/atlas")
	if p.Count(".dots a") < 10 || browsertest.Eval[bool](p, `document.querySelector(".points-bar button").checkVisibility()`) {
		t.Error("without a script the dots stand and no button that does nothing")
	}
	p.SetScript(true)
}

// record draws the whole map twenty times and writes the median.
func record(t *testing.T, p *browsertest.Page) {
	t.Helper()
	const script = `(async () => { const all = [], box = document.querySelector("[data-do=all]");
		for (let i = 0; i < 20; i++) { box.click(); await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
			all.push(performance.getEntriesByName("points").at(-1).duration); }
		return all.sort((a, b) => a - b)[10]; })()`
	ms := browsertest.Eval[float64](p, script)
	score.Record(t, score.Result{Name: "map-points", Subject: "Map", What: fmt.Sprintf("%d points on the canvas, time of the script, median of 20 drawings", many()),
		Value: ms, Unit: "ms", Wanted: 50, AtMost: true, Command: "go test ./internal/atlas/atlashttp -run CanvasInBrowser"})
}
