package geo

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/chart"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Every district of the two cities has a square of its own.
func TestTiles(t *testing.T) {
	t.Parallel()
	for city, want := range map[region.Code]int{"140100": 10, "140400": 12} {
		seen := map[tile]region.Code{}
		for code, at := range tiles[city] {
			if code.City() != city || code.Level() != region.LevelCounty {
				t.Errorf("%s is no district of %s", code, city)
			}
			if seen[at] != "" {
				t.Errorf("%s and %s stand on one square", code, seen[at])
			}
			seen[at] = code
		}
		if len(seen) != want {
			t.Errorf("%s has %d squares, want %d", city, len(seen), want)
		}
	}
}

func places(values ...float64) []Place {
	var out []Place
	for i, v := range values {
		out = append(out, Place{Code: region.Code(fmt.Sprintf("1401%02d", 5+i)), Name: fmt.Sprint("区", i), Value: v,
			Text: chart.Number(v), Href: "/x"})
	}
	return out
}

// A cartogram says whether its squares mean a direction, draws what is missing hatched, and its legend
// holds every value.
func TestCartogram(t *testing.T) {
	t.Parallel()
	m := Tiles("图", "140100", places(10, 20, 30, 400, chart.Missing()))
	if !m.Placed || m.Width == 0 || m.Places[4].tone() != "none" || m.Places[3].tone() != "q4" && m.Places[3].tone() != "q5" {
		t.Errorf("%+v", m)
	}
	for _, p := range m.Places[:4] {
		in := 0
		for _, s := range m.Legend() {
			if p.Value >= s.From && p.Value <= s.To {
				in++
			}
		}
		if in != 1 {
			t.Errorf("%v is in %d classes of the legend", p.Value, in)
		}
	}
	if Tiles("图", "140200", places(1, 2)).Placed {
		t.Error("a city nobody placed says that it is")
	}
	var b bytes.Buffer
	if err := CityMap(m).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"方格示意", "无数据", `class="region none"`, `href="/x"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in the drawing", want)
		}
	}
	if strings.Contains(b.String(), "style=") {
		t.Error("the policy allows no styles in markup")
	}
}

// The same network is always drawn the same, no two nodes stand on one place, and none outside.
func TestAround(t *testing.T) {
	t.Parallel()
	spots := []Spot{{ID: "c", Label: "中心"}}
	var ties []Tie
	for i := range 20 {
		id := fmt.Sprint("a", i)
		spots = append(spots, Spot{ID: id, Label: id, Ring: 1})
		ties = append(ties, Tie{A: "c", B: id, Kind: "contract"}, Tie{A: id, B: "c", Kind: "talk"})
	}
	for i := range 30 {
		id := fmt.Sprint("b", i)
		spots = append(spots, Spot{ID: id, Label: id, Ring: 2})
		ties = append(ties, Tie{A: fmt.Sprint("a", i%20), B: id, Kind: "member"})
	}
	g, again := Around("网", spots, ties), Around("网", spots, ties)
	for i, s := range g.Spots {
		if s.x != again.Spots[i].x || s.y != again.Spots[i].y {
			t.Fatal("two layouts of one network")
		}
		if math.Hypot(s.x, s.y) > g.side {
			t.Errorf("%s stands outside", s.ID)
		}
		for _, o := range g.Spots[:i] {
			if math.Hypot(s.x-o.x, s.y-o.y) < 20 {
				t.Errorf("%s covers %s", s.ID, o.ID)
			}
		}
	}
	if g.line(0) == g.line(1) || g.line(0) == "" {
		t.Errorf("two ties are drawn as one: %s", g.line(0))
	}
}
