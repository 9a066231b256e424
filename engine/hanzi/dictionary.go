package hanzi

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed" // the dictionary
	"fmt"
	"io"
	"sync"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The word list of github.com/go-ego/gse (Apache-2.0; data/dict/zh/s_1.txt), which goes back to
// that of jieba (MIT), with the words that a block can hold and their counts alone. The words stand
// sorted in GB18030: each begins with a control character that says how many characters it shares with
// the one before it (U+0001 = none), and goes on with the others. The counts stand a line each in the same order.
// TestDictionary makes both anew. See NOTICE.
var (
	//go:embed dictionary.words.gz
	dictionaryWords []byte
	//go:embed dictionary.counts.gz
	dictionaryCounts []byte
)

// DefaultSegmenter is the segmenter of the embedded dictionary. It is built at the first
// call, in some tenths of a second, and takes about ten megabytes from then on.
var DefaultSegmenter = sync.OnceValue(openDictionary)

func openDictionary() *Segmenter {
	text, err := unpackDictionary(dictionaryWords, dictionaryCounts)
	if err != nil {
		panic("hanzi: embedded dictionary: " + err.Error())
	}
	g, err := NewSegmenter(bytes.NewReader(text))
	if err != nil {
		panic("hanzi: embedded dictionary: " + err.Error())
	}
	return g
}

// unpackDictionary returns the lines "word count" of a packed dictionary.
func unpackDictionary(words, counts []byte) ([]byte, error) {
	w, err := gzip.NewReader(bytes.NewReader(words))
	if err != nil {
		return nil, err
	}
	c, err := gzip.NewReader(bytes.NewReader(counts))
	if err != nil {
		return nil, err
	}
	packed, err := io.ReadAll(simplifiedchinese.GB18030.NewDecoder().Reader(w))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	var word []rune
	number := bufio.NewScanner(c)
	end := func() {
		if len(word) > 0 && number.Scan() {
			fmt.Fprintf(&out, "%s %s\n", string(word), number.Bytes())
		}
	}
	for _, r := range string(packed) {
		if r >= ' ' {
			word = append(word, r)
			continue
		}
		end()
		word = word[:r-1]
	}
	end()
	return out.Bytes(), number.Err()
}
