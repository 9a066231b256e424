package plan

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Bounds of the guess of a place, our own choice: another city than ours is named this often, and
// this many times as often as ours.
const (
	leastMentions = 3
	oftenerThan   = 2
)

// placeAbout is the place that a text is about, where nobody said: the city of the site, unless the
// text speaks of another one far more often, or of a province as 我省 and 全省.
func placeAbout(text string, cities []dict.Item, home region.Code) region.Code {
	homeMentions, best, most := 0, region.Code(""), 0
	province, provinceMost := region.Code(""), 0
	for _, it := range cities {
		code := region.Code(it.Code)
		n := strings.Count(text, shortPlace(it.Name))
		switch {
		case code == home:
			homeMentions = n
		case code.Province() == code:
			if n > provinceMost {
				province, provinceMost = code, n
			}
		case n > most:
			best, most = code, n
		}
	}
	if provinceMost >= leastMentions && provinceMost > max(most, homeMentions) &&
		countAny(text, provinceWords) > countAny(text, cityWords) {
		return province
	}
	if most >= leastMentions && most > oftenerThan*homeMentions {
		return best
	}
	return cmp.Or(home, best)
}

func countAny(text string, words []string) int {
	n := 0
	for _, w := range words {
		n += strings.Count(text, w)
	}
	return n
}

// shortPlace is a place as texts name it: 长治 for 长治市, 内蒙古 for 内蒙古自治区.
func shortPlace(name string) string {
	for _, suffix := range placeSuffixes {
		if short := strings.TrimSuffix(name, suffix); short != name && utf8.RuneCountInString(short) > 1 {
			return short
		}
	}
	return name
}
