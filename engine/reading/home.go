package reading

import "strings"

// speaksFor says that a document is one of a place: its name, or what it is called for short, stands
// in one of the headings at its beginning, where title and issuer are.
func speaksFor(place string, r []rune, paras []para) bool {
	short := shortPlace(place)
	if short == "" {
		return false
	}
	lines := 0
	for _, p := range paras {
		if p.role != roleHeading {
			continue
		}
		if strings.Contains(string(r[p.Start:p.End]), short) {
			return true
		}
		if lines++; lines == headHeadings {
			return false
		}
	}
	return false
}

// headHeadings are the first headings of a document, its title among them.
const headHeadings = 4
