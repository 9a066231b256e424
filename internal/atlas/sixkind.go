package atlas

import (
	"slices"
	"strings"
)

// sixOfOrg is the class of an organisation by its rule, "" for none. Only sixKinds have
// one: an office, a bank, a school or a hospital is nothing new because of a word in its name. Where no
// word speaks for a class, its industry does, or else its field.
func (p RuleParams) sixOfOrg(kind, industry, field, text string) string {
	if !slices.Contains(sixKinds, kind) {
		return ""
	}
	if class := p.sixOf(text); class != "" {
		return class
	}
	best, most := sixFields[field], 0
	for code, class := range sixIndustries {
		if strings.HasPrefix(industry, code) && len(code) > most {
			best, most = class, len(code)
		}
	}
	return best
}
