package hanzi

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"sync"
)

// dictionary is the word list of github.com/go-ego/gse (Apache-2.0; data/dict/zh/s_1.txt),
// which goes back to that of jieba (MIT), with the words that a block can hold and their
// counts alone. TestDictionary makes it anew. See NOTICE.
//
//go:embed dictionary.txt.gz
var dictionary []byte

// DefaultSegmenter is the segmenter of the embedded dictionary. It is built at the first
// call, in some tenths of a second, and takes about ten megabytes from then on.
var DefaultSegmenter = sync.OnceValue(openDictionary)

func openDictionary() *Segmenter {
	r, err := gzip.NewReader(bytes.NewReader(dictionary))
	if err != nil {
		panic("hanzi: embedded dictionary: " + err.Error())
	}
	g, err := NewSegmenter(r)
	if err != nil {
		panic("hanzi: embedded dictionary: " + err.Error())
	}
	return g
}
