package onnx

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/yuntu-city/yuntu/engine/wordpiece"
)

// Options say which model is run by which library.
type Options struct {
	Folder  string // with model.onnx and vocab.txt
	Library string // file of ONNX Runtime; "" for the one that the system finds
}

// session runs a model. It is safe for concurrent use.
type session interface {
	run(ctx context.Context, b *batch) (answer, error)
	close() error
}

// Model makes vectors of texts. It is safe for concurrent use.
type Model struct {
	s       settings
	words   *wordpiece.Tokenizer
	session session
}

// Open reads a model. What is wrong with its folder, and that this program cannot run any, is a
// fault.Invalid. Close it after use.
func Open(o Options) (*Model, error) {
	if err := load(o.Library); err != nil {
		return nil, err
	}
	s, err := readSettings(o.Folder)
	if err != nil {
		return nil, err
	}
	v, err := readVocabulary(o.Folder)
	if err != nil {
		return nil, err
	}
	run, err := newSession(filepath.Join(o.Folder, filepath.FromSlash(s.Model)), s)
	if err != nil {
		return nil, err
	}
	return &Model{s, wordpiece.New(v, s.words()), run}, nil
}

// Close gives back what the model needed.
func (m *Model) Close() error { return m.session.close() }

func readVocabulary(folder string) (*wordpiece.Vocabulary, error) {
	f, err := os.Open(filepath.Join(folder, fileVocabulary))
	if err != nil {
		return nil, unread(fileVocabulary, err)
	}
	defer f.Close()
	v, err := wordpiece.ReadVocabulary(io.LimitReader(f, maxVocabulary))
	if err != nil {
		return nil, invalid("模型目录中的“%s”有误：%s", fileVocabulary, err.Error())
	}
	return v, nil
}

// Embed returns the vectors of texts, each of length 1.
func (m *Model) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	pieces := make([][]int64, len(texts))
	for i, text := range texts {
		pieces[i] = m.words.Encode(m.s.Prefix+text, m.s.MaxTokens)
	}
	out, dim := make([][]float32, len(texts)), 0
	for _, b := range batches(pieces, m.words.Pad()) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a, err := m.session.run(ctx, &b)
		if err != nil {
			return nil, err
		}
		vectors, err := a.vectors(&b, m.s.Pooling)
		if err != nil {
			return nil, err
		}
		for row, v := range vectors {
			if dim == 0 {
				dim = len(v)
			}
			if len(v) != dim {
				return nil, fmt.Errorf("embed: a vector of %d numbers, expected %d", len(v), dim)
			}
			out[b.texts[row]] = v
		}
	}
	return out, nil
}
