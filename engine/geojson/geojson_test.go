package geojson

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

// square is a feature whose border is wiggly, from (x, y) one tenth of a degree wide.
func square(code string, x, y float64) string {
	var points []string
	at := func(px, py float64) { points = append(points, fmt.Sprintf("[%.6f,%.6f]", px, py)) }
	const steps = 40
	wiggle := func(t float64) float64 { return 0.0004 * math.Sin(t*90) }
	for i := range steps {
		t := float64(i) / steps * 0.1
		at(x+t, y+wiggle(x+t))
	}
	for i := range steps {
		t := float64(i) / steps * 0.1
		at(x+0.1+wiggle(y+t), y+t)
	}
	for i := range steps {
		t := float64(i) / steps * 0.1
		at(x+0.1-t, y+0.1+wiggle(x+0.1-t))
	}
	for i := range steps {
		t := float64(i) / steps * 0.1
		at(x+wiggle(y+0.1-t), y+0.1-t)
	}
	points = append(points, points[0])
	return `{"type":"Feature","properties":{"adcode":` + code + `},"geometry":{"type":"Polygon","coordinates":[[` +
		strings.Join(points, ",") + `]]}}`
}

func file(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func read(t *testing.T, text string) []Feature {
	t.Helper()
	list, err := Read(strings.NewReader(text), China())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Neighbours stay neighbours: every point that two outlines share before simplifying, and that one of
// them keeps, the other keeps too.
func TestSimplifyKeepsNeighbours(t *testing.T) {
	t.Parallel()
	list := read(t, file(square("140105", 112.5, 37.7), square("140106", 112.6, 37.7), square("140107", 112.5, 37.8)))
	frame := FrameOf(list, 1000)
	thin := Simplify(list, 1/frame.ScaleY)
	if before, after := Points(list), Points(thin); after >= before/2 || after < 12 {
		t.Errorf("%d points of %d are left", after, before)
	}
	has := func(f Feature) map[Point]bool {
		out := map[Point]bool{}
		for _, ring := range f.Rings {
			for _, p := range ring {
				out[p] = true
			}
		}
		return out
	}
	shared := 0
	for i := range list {
		for j := range list {
			if i == j {
				continue
			}
			mine, theirs := has(list[i]), has(list[j])
			kept, also := has(thin[i]), has(thin[j])
			for p := range mine {
				if theirs[p] && kept[p] {
					shared++
					if !also[p] {
						t.Errorf("%s keeps %v, %s does not", list[i].Code, p, list[j].Code)
					}
				}
			}
		}
	}
	if shared < 10 {
		t.Errorf("only %d shared points", shared)
	}
	again := Simplify(thin, 1/frame.ScaleY)
	if Points(again) != Points(thin) {
		t.Errorf("a second time leaves %d of %d points", Points(again), Points(thin))
	}
}

// A drawing holds all of its outlines, and names stand inside of them.
func TestFrame(t *testing.T) {
	t.Parallel()
	list := read(t, file(square("140105", 112.5, 37.7), square("140106", 112.6, 37.7)))
	f := FrameOf(list, 1000)
	if f.Width < 900 || f.Width > 1001 || f.Height < 500 || f.Height > 800 {
		t.Errorf("%d × %d", f.Width, f.Height)
	}
	for _, x := range list {
		cx, cy := f.Center(x)
		if cx < 0 || cy < 0 || cx > f.Width || cy > f.Height {
			t.Errorf("the name of %s stands at %d, %d", x.Code, cx, cy)
		}
		if p := f.Path(x); !strings.HasPrefix(p, "M") || !strings.HasSuffix(p, "z") || strings.ContainsAny(p, ".eN<\"") {
			t.Errorf("path %.60s", p)
		}
	}
	if !f.Inside(1125500000, 377500000) || f.Inside(1140000000, 377500000) {
		t.Error("a point inside is outside, or the other way")
	}
}

// A file from anywhere is read or refused with what is wrong; it is never half read.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	ring := func(points string) string {
		return `{"type":"Feature","properties":{"adcode":140105},"geometry":{"type":"Polygon","coordinates":[[` + points + `]]}}`
	}
	good := square("140105", 112.5, 37.7)
	for text, want := range map[string]string{
		``: NotJSON, `[]`: NotJSON, `{"type":"Feature"}`: NotJSON, `{"type":"FeatureCollection"}`: NoFeatures,
		`{"type":"FeatureCollection","features":"x"}`:                                                             NotJSON,
		strings.Repeat(`{"a":`, 20_000):                                                                           NotJSON,
		strings.Repeat("[", 200_000):                                                                              NotJSON,
		file(`{"type":"Feature","properties":{},"geometry":null}`):                                                NoCode,
		file(`{"type":"Feature","properties":{"adcode":140105},"geometry":null}`):                                 BadShape,
		file(`{"type":"Feature","properties":{"adcode":140105},"geometry":{"type":"Point","coordinates":[1,2]}}`): BadShape,
		file(`{"type":"Feature","properties":{"adcode":140105},"geometry":{"type":"Polygon","coordinates":"x"}}`): BadShape,
		file(`{"type":"Feature","properties":{"adcode":140105},"geometry":{"type":"Polygon","coordinates":[]}}`):  BadShape,
		file(ring(`[112.5,37.7],[112.6],[112.6,37.8],[112.5,37.7]`)):                                              BadShape,
		file(ring(`[112.5,37.7],[112.6,37.7],[112.6,37.8],[112.5,37.8]`)):                                         OpenRing,
		file(ring(`[112.5,37.7],[112.6,37.7],[112.5,37.7]`)):                                                      FlatRing,
		file(ring(`[112.5,37.7],[112.6,37.7],[112.7,37.7],[112.5,37.7]`)):                                         FlatRing,
		file(ring(`[37.7,112.5],[37.8,112.5],[37.8,112.6],[37.7,112.5]`)):                                         Outside,
		file(ring(`[1e400,37.7],[112.6,37.7],[112.6,37.8],[112.5,37.7]`)):                                         BadShape,
		file(ring(`[-112.5,-37.7],[-112.6,-37.7],[-112.6,-37.8],[-112.5,-37.7]`)):                                 Outside,
		file(good, good): Twice,
		file(strings.Split(strings.Repeat(good+"\n", 501), "\n")[:501]...): TooMany,
	} {
		list, err := Read(strings.NewReader(text), China())
		var p *Problem
		if !errors.As(err, &p) || p.What != want || list != nil {
			t.Errorf("%.90s: %v, want %s", text, err, want)
		}
	}
	small := China()
	small.Bytes = 100
	if _, err := Read(strings.NewReader(file(good)), small); err == nil || err.Error() != TooLarge {
		t.Errorf("a large file: %v", err)
	}
	small = China()
	small.Points = 100
	if _, err := Read(strings.NewReader(file(good)), small); err == nil || err.Error() != TooFine {
		t.Errorf("a fine file: %v", err)
	}
}

// Nothing that is read makes the rest fail.
func FuzzRead(f *testing.F) {
	f.Add(file(square("140105", 112.5, 37.7)))
	f.Add(`{"type":"FeatureCollection","features":[{"id":"1","geometry":{"type":"MultiPolygon","coordinates":[[[[112,37],[113,37],[113,38],[112,37]]]]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Read(strings.NewReader(text), China())
		if err != nil {
			return
		}
		frame := FrameOf(list, 1000)
		for _, x := range Simplify(list, 1/frame.ScaleY) {
			if len(x.Rings) == 0 || frame.Path(x) == "" {
				t.Fatalf("%q has no path", x.Code)
			}
			frame.Center(x)
		}
	})
}
