package cli

import (
	"bufio"
	"io"
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/embed"
)

// embedderFlags name a service that makes vectors of texts. Without an address there is none.
type embedderFlags struct{ url, model, keyFile *string }

func (c *call) embedderFlags() embedderFlags {
	return embedderFlags{
		url:     c.flags.String("embedder", "", c.t("另用向量服务的 `URL`（OpenAI 兼容，不含 /embeddings）；文字会发往该处")),
		model:   c.flags.String("embedder-model", "", c.t("向量服务的模型 `NAME`")),
		keyFile: c.flags.String("embedder-key-file", "", c.t("存放向量服务密钥的 `FILE`")),
	}
}

// outsideWeight is how much vectors from outside count. It was chosen, not measured: there is no
// service to measure with.
const outsideWeight = 0.3

// maxKey bounds the file of a key.
const maxKey = 4096

// embedPosts gives posts vectors when a service is named, and says whether it did.
func (c *call) embedPosts(f embedderFlags, lists ...[]retrieval.Post) (bool, error) {
	if *f.url == "" {
		return false, nil
	}
	o := embed.Options{URL: *f.url, Model: *f.model}
	if *f.keyFile != "" {
		key, err := readBy(c, *f.keyFile, func(r *bufio.Reader) ([]byte, error) {
			return io.ReadAll(io.LimitReader(r, maxKey))
		})
		if err != nil {
			return false, err
		}
		o.Key = strings.TrimSpace(string(key))
	}
	e, err := embed.New(o)
	if err != nil {
		return false, misused("%s", err.Error())
	}
	for _, list := range lists {
		if err := retrieval.EmbedPosts(c.ctx, e, list); err != nil {
			return false, err
		}
	}
	return true, nil
}
