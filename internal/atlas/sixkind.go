package atlas

import (
	"slices"
	"strings"
)

// sixOfOrg is the class of an organisation by its rule, "" for none. Only some kinds have one: an office, a
// bank, a school or a hospital is nothing new because of a word in its name. Where no word speaks for a class,
// its industry does, the longest code that holds it, or else its field.
func (p RuleParams) sixOfOrg(kind, industry, field, text string) string {
	if !slices.Contains(p.Kinds, kind) {
		return ""
	}
	if class := p.sixOf(text); class != "" {
		return class
	}
	best, most := "", 0
	for _, r := range p.Six {
		if most == 0 && field != "" && slices.Contains(r.Fields, field) {
			best = r.Class
		}
		for _, code := range r.Industries {
			if strings.HasPrefix(industry, code) && len(code) > most {
				best, most = r.Class, len(code)
			}
		}
	}
	return best
}

// whole gives a rule that was written before it could say kinds, industries and fields those that ship with the
// program. A rule that says kinds says all of them.
func (p RuleParams) whole() RuleParams {
	if p.Platforms == nil {
		p.Platforms = shippedPlatforms
	}
	if p.Kinds != nil {
		return p
	}
	p.Kinds, p.Six = shippedKinds, completed(p.Six, shippedSix)
	return p
}

// completed gives rows the industries and fields of those before, where they say none of their own, and adds the
// classes that they leave out without their words. What the rows lead to one class is no other's any more.
func completed(rows, before []SixRule) []SixRule {
	out := slices.Clone(rows)
	for _, old := range before {
		i := slices.IndexFunc(out, func(r SixRule) bool { return r.Class == old.Class })
		if i < 0 {
			i = len(out)
			out = append(out, SixRule{Class: old.Class})
		}
		if out[i].Industries == nil {
			out[i].Industries = without(old.Industries, rows, func(r SixRule) []string { return r.Industries })
		}
		if out[i].Fields == nil {
			out[i].Fields = without(old.Fields, rows, func(r SixRule) []string { return r.Fields })
		}
	}
	return slices.DeleteFunc(out, func(r SixRule) bool { return len(r.Words)+len(r.Industries)+len(r.Fields) == 0 })
}

// without are values but those that a row names.
func without(values []string, rows []SixRule, named func(SixRule) []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool {
		return slices.ContainsFunc(rows, func(r SixRule) bool { return slices.Contains(named(r), v) })
	})
}
