package demo

import (
	"strconv"
	"strings"
)

// wording puts texts about one thing together.
type wording struct {
	c     *city
	t     *topic
	words *strings.Replacer
}

// wording prepares to write about a thing, a task and the means to it, somewhere it is used.
func (c *city) wording(t *topic, task, means string) wording {
	return wording{c, t, strings.NewReplacer("{thing}", t.thing, "{task}", task, "{means}", means,
		"{trouble}", t.trouble, "{scene}", pick(&c.dice, scenes))}
}

// fact is a sentence about an indicator of the thing: how it is now, and how it is to be or has become.
func (w wording) fact(list []string) []string {
	x := pick(&w.c.dice, w.t.indicators)
	now, then := x.value(w.c.dice.below(25)), x.value(60+w.c.dice.below(40))
	return []string{strings.NewReplacer("{name}", x.name, "{now}", now+x.unit, "{then}", then+x.unit).
		Replace(pick(&w.c.dice, list))}
}

// title is a heading that no other post has, as long as there is one among a few tries.
func (w wording) title(heads []string) string {
	const tries = 6
	out := ""
	for range tries {
		out = w.words.Replace(pick(&w.c.dice, heads))
		if w.c.titles[out] == 0 {
			break
		}
	}
	w.c.titles[out]++
	return out
}

// say writes one sentence of each list.
func (w wording) say(lists ...[]string) string {
	var b strings.Builder
	for _, list := range lists {
		b.WriteString(w.c.numbers(w.words.Replace(pick(&w.c.dice, list))))
	}
	return b.String()
}

// numbers puts a number in the place of each {low-high}. Large ones are round.
func (c *city) numbers(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		span, after, _ := strings.Cut(rest, "}")
		from, to, _ := strings.Cut(span, "-")
		low, err := strconv.Atoi(from)
		high, err2 := strconv.Atoi(to)
		if err != nil || err2 != nil {
			panic("a text of the demonstration holds {" + span + "}")
		}
		n := low + c.dice.below(high-low+1)
		for round := 10; n >= 20*round; round *= 10 {
			n -= n % round
		}
		b.WriteString(strconv.Itoa(n))
		text = after
	}
}

// brand is a made-up name of a company.
func (c *city) brand() string { return pick(&c.dice, brandFirst) + pick(&c.dice, brandSecond) }
