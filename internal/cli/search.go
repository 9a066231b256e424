package cli

import (
	"bufio"
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// search finds documents for queries.
func (c *call) search(args []string) error {
	f := c.retrievalFlags(10)
	docsFile := c.flags.String("docs", "", c.t("文档 `FILE`：JSONL、CSV 或 XLSX"))
	queriesFile := c.flags.String("queries", "", c.t("查询 `FILE`：JSONL、CSV 或 XLSX"))
	if err := c.none(args); err != nil {
		return err
	}
	if *docsFile == "" || *queriesFile == "" {
		return misused("请给出 --docs 与 --queries")
	}
	if err := f.check(); err != nil {
		return err
	}
	queries, err := c.posts(*queriesFile)
	if err != nil {
		return err
	}
	s, err := c.searcher(*docsFile, f)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(c.out)
	bar := c.progress(c.t("查找"))
	done := 0
	err = s.all(c.ctx, queries, *f.top, func(q *retrieval.Post, a answer) error {
		done++
		bar.at(done, len(queries))
		if *f.json {
			return writeHits(out, s.ix, q, a, *f.explain)
		}
		return c.tellHits(out, s.ix, q, a, *f.explain)
	})
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return err
}

// searching is an index with what makes queries for it.
type searching struct {
	ix      *retrieval.Index
	a       *retrieval.Analyzer
	options retrieval.QueryOptions
}

// searcher reads documents and makes an index of them.
func (c *call) searcher(file string, f retrievalFlags) (*searching, error) {
	posts, err := c.posts(file)
	if err != nil {
		return nil, err
	}
	docs, queries, expand, err := c.analyzers(f)
	if err != nil {
		return nil, err
	}
	bar := c.progress(c.t("建立索引"))
	list := make([]retrieval.Document, len(posts))
	for i := range posts {
		list[i] = posts[i].Document()
	}
	w := retrieval.NewWriter(docs, retrieval.SearchSettings())
	if err := w.Add(c.ctx, list, func(n int) { bar.at(n, len(list)) }); err != nil {
		return nil, err
	}
	w.Learn()
	return &searching{w.Index(), queries,
		retrieval.QueryOptions{Fields: retrieval.SearchFields, Expand: expand}}, nil
}

// answer is what was found for a query.
type answer struct {
	query *retrieval.Query
	hits  []retrieval.Hit
}

func (s *searching) one(p *retrieval.Post, top int) answer {
	q := s.ix.Query(s.a, p.Document().Fields, s.options)
	return answer{q, s.ix.Search(q, retrieval.Options{Top: top, Weights: retrieval.SearchWeights})}
}

// queryBatch is how many queries are asked before their answers are written.
const queryBatch = 512

// all asks queries on every processor and hands out the answers in their order.
func (s *searching) all(ctx context.Context, queries []retrieval.Post, top int,
	take func(*retrieval.Post, answer) error,
) error {
	for from := 0; from < len(queries); from += queryBatch {
		part := queries[from:min(from+queryBatch, len(queries))]
		found := make([]answer, len(part))
		workers := runtime.GOMAXPROCS(0)
		var group sync.WaitGroup
		for w := range workers {
			group.Go(func() {
				for i := w; i < len(part) && ctx.Err() == nil; i += workers {
					found[i] = s.one(&part[i], top)
				}
			})
		}
		group.Wait()
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range part {
			if err := take(&part[i], found[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// hitJSON is a document found as other programs read it.
type hitJSON struct {
	ID      string             `json:"id"`
	Score   float64            `json:"score"`
	Reasons []retrieval.Reason `json:"reasons,omitempty"`
}

func writeHits(w *bufio.Writer, ix *retrieval.Index, q *retrieval.Post, a answer, explain bool) error {
	line := struct {
		Query string    `json:"query"`
		Hits  []hitJSON `json:"hits"`
	}{q.ID, make([]hitJSON, len(a.hits))}
	for i, h := range a.hits {
		line.Hits[i] = hitJSON{ID: h.ID, Score: rounded(h.Score)}
		if explain {
			line.Hits[i].Reasons = ix.Reasons(a.query, &h)
		}
	}
	return writeLine(w, line)
}

func (c *call) tellHits(
	w *bufio.Writer, ix *retrieval.Index, q *retrieval.Post, a answer, explain bool,
) error {
	fmt.Fprintf(w, "%s %s\n", q.ID, cut(q.Title+" "+q.Text, maxIndicatorWidth))
	for i, h := range a.hits {
		fmt.Fprintf(w, "  %2d. %.3f %s\n", i+1, h.Score, h.ID)
		if explain {
			zh, en := retrieval.Sentence(ix.Reasons(a.query, &h))
			if c.english() {
				zh = en
			}
			fmt.Fprintf(w, "      %s\n", zh)
		}
	}
	return nil
}
