package wordpiece

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of a vocabulary.
const (
	maxPieces     = 2_000_000
	maxPieceBytes = 4096
)

// inWord marks the pieces that do not begin a word.
const inWord = "##"

// The special pieces that a vocabulary must have.
const (
	pieceUnknown = "[UNK]"
	pieceStart   = "[CLS]"
	pieceEnd     = "[SEP]"
	piecePad     = "[PAD]"
)

// Vocabulary numbers the pieces of a model.
type Vocabulary struct {
	first, rest              table // pieces that begin a word, and those within one, without ##
	unknown, start, end, pad int64
	pieces                   int
}

// table finds the numbers of pieces.
type table struct {
	ids     map[string]int64
	longest int // bytes of the longest piece
}

func (t *table) add(piece string, id int64) {
	t.ids[piece] = id
	t.longest = max(t.longest, len(piece))
}

// ReadVocabulary reads a vocab.txt: a piece on each line, numbered from 0. Of a piece that stands there
// twice the last number counts.
func ReadVocabulary(r io.Reader) (*Vocabulary, error) {
	v := &Vocabulary{first: table{ids: map[string]int64{}}, rest: table{ids: map[string]int64{}}}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, maxPieceBytes), maxPieceBytes)
	for lines.Scan() {
		if v.pieces == maxPieces {
			return nil, fmt.Errorf("wordpiece: more than %d pieces", maxPieces)
		}
		piece := lines.Text()
		if v.pieces == 0 {
			piece = strings.TrimPrefix(piece, "\ufeff")
		}
		if tail, ok := strings.CutPrefix(piece, inWord); ok && tail != "" {
			v.rest.add(tail, int64(v.pieces))
		} else {
			v.first.add(piece, int64(v.pieces))
		}
		v.pieces++
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("wordpiece: line %d is longer than %d bytes", v.pieces+1, maxPieceBytes)
	} else if err != nil {
		return nil, fmt.Errorf("wordpiece: %w", err)
	}
	return v, v.special()
}

// special finds the special pieces.
func (v *Vocabulary) special() error {
	for _, s := range []struct {
		piece string
		id    *int64
	}{{pieceUnknown, &v.unknown}, {pieceStart, &v.start}, {pieceEnd, &v.end}, {piecePad, &v.pad}} {
		id, ok := v.first.ids[s.piece]
		if !ok {
			return fmt.Errorf("wordpiece: the vocabulary has no %s", s.piece)
		}
		*s.id = id
	}
	return nil
}
