package retrieval

import (
	_ "embed"
	"strings"
	"sync"
)

// stopText lists the words that are not indexed.
//
//go:embed stopwords.txt
var stopText string

// defaultStops is the set of stopText. It is built once and then only read.
var defaultStops = sync.OnceValue(func() map[string]bool {
	stops := map[string]bool{}
	for line := range strings.Lines(stopText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for word := range strings.FieldsSeq(line) {
			stops[word] = true
		}
	}
	return stops
})
