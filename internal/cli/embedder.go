package cli

import (
	"bufio"
	"context"
	"io"
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/embed"
	"github.com/yuntu-city/yuntu/internal/embed/onnx"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// embedderFlags name what makes vectors of texts: a service, or a model on this machine. Without an
// address there is none.
type embedderFlags struct{ url, model, keyFile, library *string }

func (c *call) embedderFlags() embedderFlags {
	return embedderFlags{
		url: c.flags.String("embedder", "", c.t("另用向量：服务的 `URL`（OpenAI 兼容，不含 /embeddings；文字会发往该处），"+
			"或 onnx:FOLDER，即本机的 ONNX 模型目录（文字不外发；须另行构建）")),
		model:   c.flags.String("embedder-model", "", c.t("向量服务的模型 `NAME`")),
		keyFile: c.flags.String("embedder-key-file", "", c.t("存放向量服务密钥的 `FILE`")),
		library: c.flags.String("embedder-library", "", c.t("ONNX Runtime 的库 `FILE`，不给则由系统查找")),
	}
}

// localModel begins the name of a model that runs on this machine; the folder follows.
const localModel = "onnx:"

// outsideWeight is how much vectors from outside count. It was chosen, not measured: there is no
// service to measure with.
const outsideWeight = 0.3

// maxKey bounds the file of a key.
const maxKey = 4096

// embedPosts gives posts vectors when an embedder is named, and says whether it did.
func (c *call) embedPosts(f embedderFlags, lists ...[]retrieval.Post) (bool, error) {
	e, end, err := c.embedder(f)
	if e == nil || err != nil {
		return false, err
	}
	defer end()
	bar, done, total := c.progress(c.t("计算向量")), 0, 0
	for _, list := range lists {
		total += len(list)
	}
	told := &telling{e, func(n int) {
		done += n
		bar.at(done, total)
	}}
	for _, list := range lists {
		if err := retrieval.EmbedPosts(c.ctx, told, list); err != nil {
			return false, err
		}
	}
	return true, nil
}

// telling tells how many texts have their vectors.
type telling struct {
	e    retrieval.Embedder
	done func(texts int)
}

// Embed asks the embedder.
func (t *telling) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out, err := t.e.Embed(ctx, texts)
	if err == nil {
		t.done(len(texts))
	}
	return out, err
}

// embedder returns what is named, nil when nothing is, and how to end it.
func (c *call) embedder(f embedderFlags) (retrieval.Embedder, func(), error) {
	folder, local := strings.CutPrefix(*f.url, localModel)
	switch {
	case *f.url == "":
		return nil, nil, nil
	case local && (*f.model != "" || *f.keyFile != ""):
		return nil, nil, misused("--embedder-model 与 --embedder-key-file 只用于向量服务")
	case !local && *f.library != "":
		return nil, nil, misused("--embedder-library 只用于 --embedder onnx:FOLDER")
	case local:
		m, err := onnx.Open(onnx.Options{Folder: folder, Library: *f.library})
		if e, ok := fault.As(err); ok {
			return nil, nil, misused(e.Key, e.Args...)
		}
		if err != nil {
			return nil, nil, err
		}
		return m, func() { m.Close() }, nil
	}
	e, err := c.service(f)
	return e, func() {}, err
}

// service returns a service that is asked over the network.
func (c *call) service(f embedderFlags) (retrieval.Embedder, error) {
	o := embed.Options{URL: *f.url, Model: *f.model}
	if *f.keyFile != "" {
		key, err := readBy(c, *f.keyFile, func(r *bufio.Reader) ([]byte, error) {
			return io.ReadAll(io.LimitReader(r, maxKey))
		})
		if err != nil {
			return nil, err
		}
		o.Key = strings.TrimSpace(string(key))
	}
	e, err := embed.New(o)
	if err != nil {
		return nil, misused("%s", err.Error())
	}
	return e, nil
}
