package cli

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// Limits of a benchmark.
const (
	maxBenchDocs    = 10_000_000
	maxBenchThreads = 256
	benchTop        = 10
	benchChunk      = 1 << 16 // documents that are made and added at a time
	gone            = 50      // of so many documents one is deleted
)

// bench measures an engine on made-up data that is the same everywhere.
func (c *call) bench(args []string) error {
	docs := c.flags.Int("docs", 100_000, c.t("文档数 `N`"))
	queries := c.flags.Int("queries", 1000, c.t("查询数 `M`"))
	threads := c.flags.Int("threads", runtime.GOMAXPROCS(0), c.t("线程数 `T`"))
	asJSON := c.flags.Bool("json", false, c.t("以 JSON 输出"))
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] != "retrieval" {
		return misused("请给出要测的引擎：retrieval")
	}
	if *docs < 1 || *docs > maxBenchDocs || *queries < 1 || *queries > maxBenchDocs ||
		*threads < 1 || *threads > maxBenchThreads {
		return misused("--docs、--queries 或 --threads 超出范围")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(*threads))
	b := &retrievalBench{c: c, docs: *docs, queries: *queries, threads: *threads,
		a: retrieval.NewAnalyzer(hanzi.DefaultSegmenter())}
	if err := b.run(); err != nil {
		return err
	}
	if *asJSON {
		return c.json(b.figures)
	}
	rows := [][]string{{c.t("项目"), c.t("结果")}}
	for _, f := range b.order {
		rows = append(rows, []string{f, fmt.Sprintf("%.4g", b.figures[f])})
	}
	return table(c.out, rows)
}

// retrievalBench is one benchmark of retrieval.
type retrievalBench struct {
	c                      *call
	docs, queries, threads int
	a                      *retrieval.Analyzer
	figures                map[string]float64
	order                  []string
}

func (b *retrievalBench) note(name string, value float64) {
	if b.figures == nil {
		b.figures = map[string]float64{}
	}
	b.figures[name] = value
	b.order = append(b.order, name)
}

func (b *retrievalBench) run() error {
	base := heapBytes()
	w, err := b.build()
	if err != nil {
		return err
	}
	b.note("memory_sparse_mb", float64(heapBytes()-base)/(1<<20))
	texts := make([]string, b.queries)
	corpus := newBenchCorpus(benchQuerySeed)
	for i := range texts {
		texts[i] = corpus.text(i, benchQueryRunes)
	}
	sparse := retrieval.Weights{Share: 1}
	b.measure("sparse", w.Index(), texts, retrieval.Options{Top: benchTop, Weights: sparse})
	start := time.Now()
	if !w.Learn() {
		b.c.say("文档太少，没有学习向量")
		return nil
	}
	b.note("learn_s", time.Since(start).Seconds())
	b.note("memory_hybrid_mb", float64(heapBytes()-base)/(1<<20))
	b.measure("dense", w.Index(), texts, retrieval.Options{Top: benchTop,
		Weights: retrieval.Weights{Near: 1}})
	b.measure("hybrid", w.Index(), texts, retrieval.Options{Top: benchTop,
		Weights: retrieval.SearchWeights})
	scope := func(doc int) bool { return doc%3 != 0 }
	b.measure("hybrid_scope", w.Index(), texts, retrieval.Options{Top: benchTop, Scope: scope,
		Weights: retrieval.SearchWeights})
	return b.pairs()
}

// build makes the documents and their index, and deletes some.
func (b *retrievalBench) build() (*retrieval.Writer, error) {
	w := retrieval.NewWriter(b.a, retrieval.SearchSettings())
	corpus := newBenchCorpus(benchDocSeed)
	bar := b.c.progress(b.c.t("建立索引"))
	var spent time.Duration
	for from := 0; from < b.docs; from += benchChunk {
		part := make([]retrieval.Document, min(benchChunk, b.docs-from))
		for i := range part {
			part[i] = corpus.document(from + i)
		}
		start := time.Now()
		if err := w.Add(b.c.ctx, part, nil); err != nil {
			return nil, err
		}
		spent += time.Since(start)
		bar.at(from+len(part), b.docs)
	}
	b.note("docs", float64(b.docs))
	b.note("build_s", spent.Seconds())
	b.note("build_docs_per_s", float64(b.docs)/spent.Seconds())
	ids := make([]string, 0, b.docs/gone+1)
	for i := 0; i < b.docs; i += gone {
		ids = append(ids, fmt.Sprint(i))
	}
	w.Delete(ids...)
	return w, nil
}

// measure asks all queries, first one after another and then on all threads.
func (b *retrievalBench) measure(
	name string, ix *retrieval.Index, texts []string, o retrieval.Options,
) {
	ask := func(text string) {
		q := ix.Query(b.a, []string{text}, retrieval.QueryOptions{Fields: []float64{1}})
		ix.Search(q, o)
	}
	ask(texts[0])
	took := make([]float64, len(texts))
	for i, text := range texts {
		start := time.Now()
		ask(text)
		took[i] = float64(time.Since(start).Microseconds()) / 1000
	}
	slices.Sort(took)
	b.note(name+"_p50_ms", took[len(took)/2])
	b.note(name+"_p99_ms", took[len(took)*99/100])
	start := time.Now()
	var group sync.WaitGroup
	for t := range b.threads {
		group.Go(func() {
			for i := t; i < len(texts) && b.c.ctx.Err() == nil; i += b.threads {
				ask(texts[i])
			}
		})
	}
	group.Wait()
	b.note(name+"_queries_per_s", float64(len(texts))/time.Since(start).Seconds())
}

// pairs matches needs with offers, each as many as there are queries, with reasons.
func (b *retrievalBench) pairs() error {
	needs, offers := make([]retrieval.Post, b.queries), make([]retrieval.Post, b.queries)
	asked, offered := newBenchCorpus(benchQuerySeed), newBenchCorpus(benchDocSeed)
	for i := range needs {
		d, e := asked.document(i), offered.document(i)
		needs[i] = retrieval.Post{ID: d.ID, Title: d.Fields[0], Text: d.Fields[1]}
		offers[i] = retrieval.Post{ID: e.ID, Title: e.Fields[0], Text: e.Fields[1]}
	}
	start := time.Now()
	m, err := retrieval.NewMatcher(b.c.ctx, b.a, offers, needs, retrieval.MatchOptions{
		Settings: retrieval.MatchSettings(), Weights: retrieval.MatchWeights, Top: benchTop,
		Reasons: true, Query: retrieval.QueryOptions{Fields: retrieval.MatchFields},
	}, nil)
	if err != nil {
		return err
	}
	b.note("pairs_prepare_s", time.Since(start).Seconds())
	start = time.Now()
	bar := b.c.progress(b.c.t("匹配"))
	done := 0
	err = m.All(b.c.ctx, needs, m.Match, func(*retrieval.Post, []retrieval.Match) error {
		done++
		bar.at(done, len(needs))
		return nil
	})
	b.note("pairs_needs", float64(len(needs)))
	b.note("pairs_offers", float64(len(offers)))
	b.note("pairs_match_s", time.Since(start).Seconds())
	return err
}

// heapBytes is the memory that is in use after a collection.
func heapBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
