package onnx

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/wordpiece"
	"github.com/yuntu-city/yuntu/internal/embed/onnx/onnxtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// What a model's own files say is heeded, and ours come before them.
func TestSettings(t *testing.T) {
	const pooledByCLS = `{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false,"include_prompt":true}`
	uncased := wordpiece.Uncased()
	cased := wordpiece.Options{SplitChinese: true}
	for what, c := range map[string]struct {
		files   []string
		pooling string
		most    int
		model   string
		words   wordpiece.Options
	}{
		"nothing said":   {[]string{"model.onnx", ""}, poolMean, 512, "model.onnx", uncased},
		"below a folder": {[]string{"onnx/model.onnx", ""}, poolMean, 512, "onnx/model.onnx", uncased},
		"a model's files": {[]string{"model.onnx", "", "1_Pooling/config.json", pooledByCLS, "tokenizer_config.json",
			`{"do_lower_case":false,"model_max_length":256,"cls_token":"[CLS]"}`}, poolCLS, 256, "model.onnx", cased},
		"no limit": {[]string{"model.onnx", "", "tokenizer_config.json",
			`{"model_max_length":1000000000000000019884624838656,"strip_accents":null}`,
			"sentence_bert_config.json", `{"max_seq_length":128}`}, poolMean, 128, "model.onnx", uncased},
		"accents by themselves": {[]string{"model.onnx", "", "tokenizer_config.json",
			`{"strip_accents":false,"tokenize_chinese_chars":false}`}, poolMean, 512, "model.onnx",
			wordpiece.Options{LowerCase: true}},
		"ours first": {[]string{"small.onnx", "", "1_Pooling/config.json", pooledByCLS,
			"tokenizer_config.json", `{"do_lower_case":false}`, "embedder.json",
			`{"model":"small.onnx","pooling":"mean","maxTokens":64,"lowerCase":true,"stripAccents":false}`},
			poolMean, 64, "small.onnx", wordpiece.Options{LowerCase: true, SplitChinese: true}},
		"ours in doubt": {[]string{"model.onnx", "", "1_Pooling/config.json", `{"pooling_mode_max_tokens":true}`,
			"embedder.json", `{"pooling":"mean"}`}, poolMean, 512, "model.onnx", uncased},
	} {
		s, err := readSettings(onnxtest.Files(t, c.files...))
		if err != nil || s.Pooling != c.pooling || s.MaxTokens != c.most || s.Model != c.model ||
			s.words() != c.words {
			t.Errorf("%s: %+v, %+v, %v", what, s, s.words(), err)
		}
	}
}

// What cannot be is refused in words.
func TestSettingsRefused(t *testing.T) {
	for want, files := range map[string][]string{
		"模型目录中没有 model.onnx":                          {"vocab.txt", ""},
		"模型目录中的“embedder.json”有误：json: unknown field": {"model.onnx", "", "embedder.json", `{"poling":"cls"}`},
		"模型目录中的“embedder.json”有误：":                    {"model.onnx", "", "embedder.json", `{"maxTokens":"many"}`},
		"模型目录中的“embedder.json”有误：more than one value": {"model.onnx", "", "embedder.json", `{} {"pooling":"cls"}`},
		"模型目录中的“tokenizer_config.json”有误：":            {"model.onnx", "", "tokenizer_config.json", `{`},
		"模型目录中的“1_Pooling/config.json”有误：":            {"model.onnx", "", "1_Pooling/config.json", `[]`},
		"模型目录中的“embedder.json”无法读取：":                  {"model.onnx", "", "embedder.json/x", ``},
		"pooling 只能是 mean 或 cls":                      {"model.onnx", "", "embedder.json", `{"pooling":"max"}`},
		"请在 embedder.json 中写明 pooling":                {"model.onnx", "", filePooling, `{"pooling_mode_lasttoken":true}`},
		"maxTokens 应为 8 至 8192":                       {"model.onnx", "", "embedder.json", `{"maxTokens":7}`},
		"model 应为目录内的文件名":                             {"model.onnx", "", "embedder.json", `{"model":"../model.onnx"}`},
		"prefix 过长，最多 1024 字节":                        {"model.onnx", "", fileSettings, `{"prefix":"` + strings.Repeat("x", 1025) + `"}`},
	} {
		_, err := readSettings(onnxtest.Files(t, files...))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	_, err := readSettings("/none")
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "没有模型目录“/none”") {
		t.Errorf("%v", err)
	}
	if _, err := readVocabulary(onnxtest.Files(t, "vocab.txt", "a\nb\n")); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
	if _, err := readVocabulary(t.TempDir()); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
}
