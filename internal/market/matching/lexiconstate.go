package matching

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// What the words of the field were learned from last is kept in a file beside the snapshots of the index: the
// texts, to take those away that changed, and what the learner counted. So a night learns from what is new. The
// file holds nothing that not everybody may read, and any that does not fit is left alone: then all is learned
// anew.

const (
	wordsFile  = "words.state"
	wordsMagic = "YTWORDS\x01"
	// maxWordTexts bounds the texts that are kept, in bytes: a market with more learns anew every night.
	maxWordTexts = 96 << 20
	// maxWordState bounds what is read of a file, unpacked.
	maxWordState = 1 << 30
)

// wordText is what was learned of a post.
type wordText struct{ Title, Text string }

func (t wordText) size() int { return len(t.Title) + len(t.Text) }

// wordState is a learner with the texts that it holds, by post.
type wordState struct {
	learner *retrieval.WordLearner
	texts   map[string]wordText
	size    int    // bytes of texts
	list    string // the words that were found
}

func newWordState(a *retrieval.Analyzer) *wordState {
	return &wordState{learner: retrieval.NewWordLearner(a), texts: map[string]wordText{}}
}

// put learns the text of a post in the place of what was learned of it before. It returns false when that cannot
// be taken away.
func (s *wordState) put(id string, t wordText) bool {
	if !s.drop(id) {
		return false
	}
	s.learner.Add(t.Title)
	s.learner.Add(t.Text)
	s.texts[id] = t
	s.size += t.size()
	return true
}

// drop takes away what was learned of a post, if anything was.
func (s *wordState) drop(id string) bool {
	old, there := s.texts[id]
	if !there {
		return true
	}
	delete(s.texts, id)
	s.size -= old.size()
	return s.learner.Remove(old.Title) && s.learner.Remove(old.Text)
}

// storedWords is the form of the file.
type storedWords struct {
	Program string
	Texts   map[string]wordText
	List    string
	Learner []byte
}

// write writes the state as bytes: a head, a checksum, and the rest packed.
func (s *wordState) write(w io.Writer, program string) error {
	var learner, packed bytes.Buffer
	if err := s.learner.Write(&learner); err != nil {
		return err
	}
	z, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		return err
	}
	err = gob.NewEncoder(z).Encode(storedWords{Program: program, Texts: s.texts, List: s.list, Learner: learner.Bytes()})
	if err = errors.Join(err, z.Close()); err != nil {
		return err
	}
	head := binary.LittleEndian.AppendUint32([]byte(wordsMagic), crc32.ChecksumIEEE(packed.Bytes()))
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err = w.Write(packed.Bytes())
	return err
}

var errWords = errors.New("it is no whole state of the words of the field")

// readWordState reads what write wrote with the same program and the same dictionary; anything else is an error.
func readWordState(a *retrieval.Analyzer, program string, data []byte) (*wordState, error) {
	const head = len(wordsMagic) + 4
	if len(data) < head || string(data[:len(wordsMagic)]) != wordsMagic ||
		binary.LittleEndian.Uint32(data[len(wordsMagic):]) != crc32.ChecksumIEEE(data[head:]) {
		return nil, errWords
	}
	var in storedWords
	rest := io.LimitReader(flate.NewReader(bytes.NewReader(data[head:])), maxWordState)
	if err := gob.NewDecoder(rest).Decode(&in); err != nil {
		return nil, fmt.Errorf("%w: %w", errWords, err)
	}
	if in.Program != program {
		return nil, fmt.Errorf("%w: it is of another version", errWords)
	}
	l, err := retrieval.ReadWordLearner(a, in.Learner)
	if err != nil {
		return nil, err
	}
	s := &wordState{learner: l, texts: in.Texts, list: in.List}
	if s.texts == nil {
		s.texts = map[string]wordText{}
	}
	for _, t := range s.texts {
		s.size += t.size()
	}
	return s, nil
}

// loadWords reads the state of the last night, or begins with none.
func (s *Service) loadWords() *wordState {
	base := s.language().base
	if s.opt.Dir == "" {
		return newWordState(base)
	}
	data, err := os.ReadFile(filepath.Join(s.opt.Dir, wordsFile))
	if err == nil {
		var x *wordState
		if x, err = readWordState(base, s.opt.Program, data); err == nil {
			return x
		}
	}
	if !errors.Is(err, os.ErrNotExist) {
		s.opt.Log.Warn("words of the field are learned anew", "error", err)
	}
	return newWordState(base)
}

// keepWords keeps the state for the next night, as a whole or not at all. One that is too large, or not exact,
// is not kept.
func (s *Service) keepWords(x *wordState) error {
	if s.opt.Dir == "" {
		return nil
	}
	name := filepath.Join(s.opt.Dir, wordsFile)
	if x.size > maxWordTexts || !x.learner.Exact() {
		if err := os.Remove(name); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(s.opt.Dir, 0o700); err != nil {
		return err
	}
	temp := name + ".new"
	if err := os.Remove(temp); err != nil && !errors.Is(err, os.ErrNotExist) { // of a process that went away
		return err
	}
	if err := writeFile(temp, func(w io.Writer) error { return x.write(w, s.opt.Program) }); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return os.Rename(temp, name)
}
