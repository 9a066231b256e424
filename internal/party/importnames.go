package party

import (
	"regexp"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/region"
)

// gazetteer reads places and industries as people write them: by code or by name.
type gazetteer struct {
	regions    map[string][]string // name, or end of a full name, to codes
	industries map[string][]string
	digits     map[string]string // an industry's digits to its code with the section's letter
	parents    map[string]string // of industries
	codes      Codes
}

func newGazetteer(c Codes) *gazetteer {
	g := &gazetteer{regions: map[string][]string{}, industries: map[string][]string{},
		digits: map[string]string{}, parents: map[string]string{}, codes: c}
	regions := c.Regions()
	byCode := make(map[string]Code, len(regions))
	for _, r := range regions {
		byCode[r.Code] = r
	}
	for _, r := range regions {
		if r.Silent {
			continue
		}
		for _, name := range placeNames(byCode, r) {
			if !slices.Contains(g.regions[name], r.Code) {
				g.regions[name] = append(g.regions[name], r.Code)
			}
		}
	}
	for _, i := range c.Industries() {
		name := squeeze(i.Name)
		g.industries[name] = append(g.industries[name], i.Code)
		g.parents[i.Code] = i.Parent
		if len(i.Code) > 1 {
			g.digits[i.Code[1:]] = i.Code
		}
	}
	return g
}

// placeNames returns the ways to write a place: its name alone, behind its city, behind its
// province, and behind both.
func placeNames(byCode map[string]Code, r Code) []string {
	names := []string{squeeze(r.Name)}
	for up, known := byCode[r.Parent]; known; up, known = byCode[up.Parent] {
		if up.Silent {
			continue
		}
		for _, n := range names[:len(names):len(names)] {
			names = append(names, squeeze(up.Name)+n)
		}
	}
	return names
}

// squeeze takes out what does not matter in a name of a code.
func squeeze(s string) string { return strings.ReplaceAll(fold(s), " ", "") }

var (
	sixDigits     = regexp.MustCompile(`^[0-9０-９]{6}$`)
	industryCode  = regexp.MustCompile(`^[A-Ta-t]?[0-9]{0,4}$`)
	maxCandidate  = 3 // ambiguous places that a message names
	wordSeparator = "、"
)

// region returns the code that a text stands for, or what is wrong with it: a key and arguments.
func (g *gazetteer) region(text string) (code, key string, args []any) {
	text = strings.TrimSpace(text)
	if sixDigits.MatchString(text) {
		c, err := region.Parse(text)
		if err != nil || !g.codes.KnowsRegion(string(c)) {
			return "", "行政区划代码 %s 不在现行代码表中", []any{text}
		}
		return string(c), "", nil
	}
	list := g.regions[squeeze(text)]
	switch len(list) {
	case 0:
		return "", "没有名为“%s”的地区，请填 6 位代码或全称", []any{firstRunes(text, maxShown)}
	case 1:
		return list[0], "", nil
	}
	return "", "“%s”有 %d 处：%s，请写全称或填代码", []any{text, len(list), g.places(list)}
}

// maxShown bounds what a message repeats of a cell, in characters.
const maxShown = 40

func (g *gazetteer) places(codes []string) string {
	var names []string
	for _, c := range codes[:min(len(codes), maxCandidate)] {
		names = append(names, g.codes.RegionName(c)+" "+c)
	}
	if len(codes) > maxCandidate {
		names = append(names, "…")
	}
	return strings.Join(names, wordSeparator)
}

// industry returns the code that a text stands for, or what is wrong with it.
func (g *gazetteer) industry(text string) (code, key string, args []any) {
	text = strings.TrimSpace(text)
	if industryCode.MatchString(text) {
		code = strings.ToUpper(text)
		if full := g.digits[code]; full != "" {
			code = full
		}
		if !g.codes.KnowsIndustry(code) {
			return "", "行业代码 %s 不在国民经济行业分类中", []any{text}
		}
		return code, "", nil
	}
	// An export writes the code and the name.
	if first, _, two := strings.Cut(text, " "); two && g.codes.KnowsIndustry(first) {
		return first, "", nil
	}
	list := g.industries[squeeze(text)]
	if len(list) == 0 {
		return "", "没有名为“%s”的行业，请填国民经济行业代码或名称", []any{firstRunes(text, maxShown)}
	}
	// An industry that alone makes up the one above has its name too: both say the same.
	top := list[0]
	for _, c := range list[1:] {
		if !g.below(c, top) {
			return "", "“%s”对应多个行业：%s，请填代码", []any{text, strings.Join(list, wordSeparator)}
		}
	}
	return top, "", nil
}

func (g *gazetteer) below(code, top string) bool {
	for up := g.parents[code]; up != ""; up = g.parents[up] {
		if up == top {
			return true
		}
	}
	return false
}
