package retrieval

// Alternative is a term that may stand for another one, and how surely, 0 to 1.
type Alternative struct {
	Term   string
	Weight float64
}

// Expander knows other terms for a term: synonyms, translations. It must be safe for concurrent
// use.
type Expander interface {
	// Expand appends the alternatives of a term to dst.
	Expand(dst []Alternative, term string) []Alternative
}

// Expanders ask several for alternatives.
type Expanders []Expander

// Expand appends what each of them knows.
func (e Expanders) Expand(dst []Alternative, term string) []Alternative {
	for _, x := range e {
		dst = x.Expand(dst, term)
	}
	return dst
}
