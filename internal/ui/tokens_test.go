package ui

import (
	"math"
	"strconv"
	"testing"
)

// pair is a foreground that stands on a background somewhere in the stylesheet.
type pair struct {
	fg, bg string
	least  float64 // contrast ratio of WCAG 2.2: 4.5 text (1.4.3), 3 marks and borders (1.4.11)
}

// pairs are all that meet. A new combination in the stylesheet belongs here.
func pairs() []pair {
	var ps []pair
	add := func(least float64, bgs []string, fgs ...string) {
		for _, bg := range bgs {
			for _, fg := range fgs {
				ps = append(ps, pair{fg, bg, least})
			}
		}
	}
	surfaces := []string{"bg", "surface", "sunken"}
	add(4.5, surfaces, "ink", "ink-2", "ink-3", "azure", "azure-strong")
	add(4.5, []string{"bg", "surface"}, "bad", "ok", "warn")
	add(4.5, []string{"azure"}, "on-azure")
	add(4.5, []string{"azure-strong"}, "on-azure")
	add(4.5, []string{"bad"}, "on-bad")
	add(4.5, []string{"azure-soft"}, "azure", "ink", "ink-2", "ink-3")
	for _, tone := range []string{"ok", "warn", "bad", "idle"} {
		add(4.5, []string{tone + "-soft"}, tone, "ink")
	}
	add(4.5, []string{"ok-soft"}, "ink")                  // inserted text
	add(4.5, []string{"idle-soft"}, "ink-2")              // counts in the side navigation
	add(4.5, []string{"ink"}, "bg")                       // toast, tip
	add(4.5, []string{"q0", "q1", "q2", "q3"}, "on-q-lo") // heat cells
	add(4.5, []string{"q4", "q5"}, "on-q-hi")
	add(3, []string{"bg", "surface"}, "edge", "azure")
	add(3, []string{"surface"}, "s0", "s1", "s2", "s3", "s4", "s5")
	add(3, []string{"surface"}, "bad", "warn", "ok")
	return ps
}

func TestContrast(t *testing.T) {
	for _, theme := range []struct {
		name  string
		value func(Token) string
	}{{"light", light}, {"dark", dark}} {
		value := map[string]string{}
		for _, c := range colours {
			value[c.Name] = theme.value(c)
		}
		for _, p := range pairs() {
			got := contrast(t, value[p.fg], value[p.bg])
			if got < p.least {
				t.Errorf("%s: %s on %s has contrast %.2f, needs %.1f", theme.name, p.fg, p.bg, got,
					p.least)
			}
		}
	}
}

// TestRingIsSeenOnEverySurface checks the focus ring, which lies outside the control: of its two
// colours at least one must stand out against whatever a control may stand on (WCAG 2.2, 2.4.13).
func TestRingIsSeenOnEverySurface(t *testing.T) {
	for _, value := range []func(Token) string{light, dark} {
		c := map[string]string{}
		for _, x := range colours {
			c[x.Name] = value(x)
		}
		for _, bg := range []string{"bg", "surface", "sunken", "azure-soft", "ok-soft",
			"warn-soft", "bad-soft", "idle-soft"} {
			best := max(contrast(t, c["ink"], c[bg]), contrast(t, c["ring"], c[bg]))
			if best < 3 {
				t.Errorf("neither ink nor gold of the ring is seen on %s (%.2f)", bg, best)
			}
		}
	}
}

func TestContrastOfKnownColours(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#777777", "#ffffff", 4.48}, {"#17558f", "#17558f", 1}} {
		if got := contrast(t, c.a, c.b); math.Abs(got-c.want) > .01 {
			t.Errorf("contrast(%s, %s) = %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

// contrast is the ratio of WCAG 2.2 between two #rrggbb colours, 1–21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + .05) / (min(la, lb) + .05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) != 7 || hex[0] != '#' {
		t.Fatalf("colour %q is not #rrggbb", hex)
	}
	var sum float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatalf("colour %q: %v", hex, err)
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
