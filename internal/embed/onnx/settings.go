package onnx

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/yuntu-city/yuntu/engine/wordpiece"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// The files of a folder. The first two must be there.
const (
	fileModel      = "model.onnx" // or below onnx/, where tools that export models put it
	fileVocabulary = "vocab.txt"
	fileSettings   = "embedder.json" // ours: what it says comes before what the model's own files say
	fileTokenizer  = "tokenizer_config.json"
	fileLength     = "sentence_bert_config.json"
	filePooling    = "1_Pooling/config.json"
)

// Limits of settings.
const (
	maxSettings       = 1 << 20 // bytes of a file
	maxVocabulary     = 64 << 20
	maxTokens         = 8192
	leastTokens       = 8
	usualTokens       = 512 // that models of the family have places for
	maxPrefix         = 1024
	poolMean, poolCLS = "mean", "cls"
)

// settings say how a model is used.
type settings struct {
	Model     string `json:"model"`     // its file in the folder
	Pooling   string `json:"pooling"`   // mean of the vectors of all pieces, or that of [CLS]
	MaxTokens int    `json:"maxTokens"` // pieces of a text; what is beyond is left out
	Output    string `json:"output"`    // of the model; "" for the one that is known by its name
	Prefix    string `json:"prefix"`    // put before each text, as some models were trained

	LowerCase    *bool `json:"lowerCase"`
	StripAccents *bool `json:"stripAccents"`
	SplitChinese *bool `json:"splitChinese"`
}

// words are the options of the tokenizer: accents go with the case where nothing is said of them.
func (s settings) words() wordpiece.Options {
	o := wordpiece.Uncased()
	if s.LowerCase != nil {
		o.LowerCase, o.StripAccents = *s.LowerCase, *s.LowerCase
	}
	if s.StripAccents != nil {
		o.StripAccents = *s.StripAccents
	}
	if s.SplitChinese != nil {
		o.SplitChinese = *s.SplitChinese
	}
	return o
}

// readSettings reads what the model's own files say, then ours.
func readSettings(folder string) (settings, error) {
	s := settings{MaxTokens: usualTokens}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return s, invalid("没有模型目录“%s”", folder)
	}
	if err := s.readModel(folder); err != nil {
		return s, err
	}
	if err := readJSON(folder, fileSettings, true, &s); err != nil {
		return s, err
	}
	return s, s.check(folder)
}

// readModel reads the files that come with models of sentences. They say much that is nothing to us.
func (s *settings) readModel(folder string) error {
	var k struct {
		LowerCase    *bool   `json:"do_lower_case"`
		StripAccents *bool   `json:"strip_accents"`
		SplitChinese *bool   `json:"tokenize_chinese_chars"`
		Most         float64 `json:"model_max_length"` // 1e30 for no limit
	}
	var l struct {
		Most float64 `json:"max_seq_length"`
	}
	var p struct {
		CLS  bool `json:"pooling_mode_cls_token"`
		Mean bool `json:"pooling_mode_mean_tokens"`
	}
	err := errors.Join(readJSON(folder, fileTokenizer, false, &k), readJSON(folder, fileLength, false, &l))
	if err != nil {
		return err
	}
	for _, most := range []float64{k.Most, l.Most} {
		if most >= leastTokens && most < float64(s.MaxTokens) {
			s.MaxTokens = int(most)
		}
	}
	s.LowerCase, s.StripAccents, s.SplitChinese = k.LowerCase, k.StripAccents, k.SplitChinese
	switch err := readJSON(folder, filePooling, false, &p); {
	case err != nil:
		return err
	case p.CLS && !p.Mean:
		s.Pooling = poolCLS
	case p.Mean && !p.CLS, !exists(folder, filePooling):
		s.Pooling = poolMean
	}
	return nil
}

// check refuses settings that cannot be, and finds the file of the model.
func (s *settings) check(folder string) error {
	switch {
	case s.Pooling == "":
		return invalid("模型的池化方式不是 mean 也不是 cls，请在 embedder.json 中写明 pooling")
	case s.Pooling != poolMean && s.Pooling != poolCLS:
		return invalid("embedder.json 的 pooling 只能是 mean 或 cls")
	case s.MaxTokens < leastTokens || s.MaxTokens > maxTokens:
		return invalid("embedder.json 的 maxTokens 应为 %d 至 %d", leastTokens, maxTokens)
	case len(s.Prefix) > maxPrefix:
		return invalid("embedder.json 的 prefix 过长，最多 %d 字节", maxPrefix)
	case s.Model != "":
		if !filepath.IsLocal(s.Model) {
			return invalid("embedder.json 的 model 应为目录内的文件名")
		}
		return nil
	}
	for _, name := range []string{fileModel, "onnx/" + fileModel} {
		if exists(folder, name) {
			s.Model = name
			return nil
		}
	}
	return invalid("模型目录中没有 model.onnx")
}

func invalid(key string, args ...any) error { return fault.New(fault.Invalid, key, args...) }

func exists(folder, name string) bool {
	_, err := os.Stat(filepath.Join(folder, filepath.FromSlash(name)))
	return err == nil
}

// readJSON reads a file of the folder into v, which stays as it is when there is none. A strict one says
// nothing that v does not know.
func readJSON(folder, name string, strict bool, v any) error {
	f, err := os.Open(filepath.Join(folder, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unread(name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSettings))
	if err != nil {
		return unread(name, err)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if strict {
		dec.DisallowUnknownFields()
	}
	err = dec.Decode(v)
	if err == nil && dec.More() {
		err = errors.New("more than one value")
	}
	if err != nil {
		return invalid("模型目录中的“%s”有误：%s", name, err.Error())
	}
	return nil
}

// unread says why a file cannot be read, without the folder, which is known.
func unread(name string, err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return invalid("模型目录中的“%s”无法读取：%s", name, err.Error())
}
