package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/indexfile"
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
	words                  *benchWords
	figures                map[string]float64
	order                  []string
}

func (b *retrievalBench) note(name string, value float64) {
	if b.figures == nil {
		b.figures = map[string]float64{}
	}
	b.figures[name] = value
	b.order = append(b.order, name)
	if !b.c.common.quiet { // a long run tells what it knows
		fmt.Fprintf(b.c.err, "%s %.4g\n", name, value)
	}
}

// timed notes what work takes by the clock and in processor time.
func (b *retrievalBench) timed(name string, work func() error) error {
	start, used := time.Now(), processTime()
	err := work()
	b.note(name+"_s", time.Since(start).Seconds())
	b.note(name+"_cpu_s", (processTime() - used).Seconds())
	return err
}

// memory notes what is in use beyond base, and what the process holds.
func (b *retrievalBench) memory(name string, base int64) {
	b.note("heap_"+name+"_mb", float64(heapBytes()-base)/(1<<20))
	b.note("rss_"+name+"_mb", float64(residentBytes())/(1<<20))
}

func (b *retrievalBench) run() error {
	b.words = newBenchWords(hanzi.DefaultSegmenter())
	base := heapBytes()
	w, err := b.build()
	if err != nil {
		return err
	}
	b.memory("sparse", base)
	texts := make([]string, b.queries)
	corpus := &benchCorpus{benchQuerySeed, b.words}
	for i := range texts {
		texts[i] = corpus.text(i, benchQueryRunes)
	}
	sparse := retrieval.Options{Top: benchTop, Weights: retrieval.Weights{Share: 1}}
	b.measure("sparse", w.Index(), texts, sparse)
	b.scan("sparse", w.Index(), texts, sparse)
	learned := false
	if err := b.timed("learn", func() error { learned = w.Learn(); return nil }); err != nil || !learned {
		b.c.say("文档太少，没有学习向量")
		return err
	}
	b.memory("hybrid", base)
	b.note("rss_peak_mb", float64(peakBytes())/(1<<20))
	ix := w.Index()
	hybrid := retrieval.Options{Top: benchTop, Weights: retrieval.SearchWeights}
	b.measure("dense", ix, texts, retrieval.Options{Top: benchTop, Weights: retrieval.Weights{Near: 1}})
	b.measure("hybrid", ix, texts, hybrid)
	b.scan("hybrid", ix, texts, hybrid)
	scoped := hybrid
	scoped.Within = ix.Select(func(id string) bool { return id[len(id)-1]%3 != 0 })
	b.measure("hybrid_scope", ix, texts, scoped)
	b.all(ix, texts, hybrid)
	if err := b.file(ix); err != nil {
		return err
	}
	return b.pairs()
}

// file writes the index to a file and opens it.
func (b *retrievalBench) file(ix *retrieval.Index) error {
	dir, err := os.MkdirTemp("", "yuntu-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "index")
	if err := b.timed("save", func() error { return indexfile.Save(path, ix) }); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	b.note("file_mb", float64(info.Size())/(1<<20))
	return b.timed("open", func() error {
		f, err := indexfile.Open(path)
		if err != nil {
			return err
		}
		return f.Close()
	})
}

// build makes the documents and their index, and deletes some.
func (b *retrievalBench) build() (*retrieval.Writer, error) {
	w := retrieval.NewWriter(b.a, retrieval.SearchSettings())
	corpus := &benchCorpus{benchDocSeed, b.words}
	bar := b.c.progress(b.c.t("建立索引"))
	var spent, used time.Duration
	for from := 0; from < b.docs; from += benchChunk {
		part := make([]retrieval.Document, min(benchChunk, b.docs-from))
		for i := range part {
			part[i] = corpus.document(from + i)
		}
		start, before := time.Now(), processTime()
		if err := w.Add(b.c.ctx, part, nil); err != nil {
			return nil, err
		}
		spent += time.Since(start)
		used += processTime() - before
		bar.at(from+len(part), b.docs)
	}
	b.note("docs", float64(b.docs))
	b.note("threads", float64(b.threads))
	b.note("build_s", spent.Seconds())
	b.note("build_cpu_s", used.Seconds())
	b.note("build_docs_per_s", float64(b.docs)/spent.Seconds())
	ids := make([]string, 0, b.docs/gone+1)
	for i := 0; i < b.docs; i += gone {
		ids = append(ids, fmt.Sprint(i))
	}
	w.Delete(ids...)
	return w, nil
}

// ask makes a query of a text and asks it.
func (b *retrievalBench) ask(ix *retrieval.Index, text string, o retrieval.Options) []retrieval.Hit {
	return ix.Search(b.query(ix, text), o)
}

func (b *retrievalBench) query(ix *retrieval.Index, text string) *retrieval.Query {
	return ix.Query(b.a, []string{text}, retrieval.QueryOptions{Fields: []float64{1}})
}

// measure asks all queries, first one after another and then on all threads.
func (b *retrievalBench) measure(
	name string, ix *retrieval.Index, texts []string, o retrieval.Options,
) {
	for _, text := range texts[:min(warm, len(texts))] {
		b.ask(ix, text, o)
	}
	took := make([]float64, len(texts))
	runtime.LockOSThread()
	before := threadTime() // of all together: it is counted in steps of some milliseconds
	for i, text := range texts {
		start := time.Now()
		b.ask(ix, text, o)
		took[i] = time.Since(start).Seconds() * 1000
	}
	used := threadTime() - before
	runtime.UnlockOSThread()
	slices.Sort(took)
	b.note(name+"_p50_ms", took[len(took)/2])
	b.note(name+"_p99_ms", took[len(took)*99/100])
	b.note(name+"_mean_cpu_ms", used.Seconds()*1000/float64(len(texts)))
	start := time.Now()
	var group sync.WaitGroup
	for t := range b.threads {
		group.Go(func() {
			for i := t; i < len(texts) && b.c.ctx.Err() == nil; i += b.threads {
				b.ask(ix, texts[i], o)
			}
		})
	}
	group.Wait()
	b.note(name+"_queries_per_s", float64(len(texts))/time.Since(start).Seconds())
}

// warm is how many queries are asked before time is taken.
const warm = 20

// scan is the baseline: the exact score of every document, for a few queries. It also tells how
// many of the best ten the index finds.
func (b *retrievalBench) scan(name string, ix *retrieval.Index, texts []string, o retrieval.Options) {
	all := make([]int, 0, ix.Max())
	for doc := range ix.Max() {
		if ix.Has(doc) {
			all = append(all, doc)
		}
	}
	few := min(len(texts), max(3, scanned/len(all)))
	found, wanted := 0, 0
	var used time.Duration
	for _, text := range texts[:few] {
		q := b.query(ix, text)
		before := processTime()
		best := ix.Score(q, all, o.Weights)
		slices.SortFunc(best, func(x, y retrieval.Hit) int {
			return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.Doc, y.Doc))
		})
		used += processTime() - before
		for _, h := range ix.Search(q, o) {
			best := best[:min(o.Top, len(best))]
			if slices.ContainsFunc(best, func(x retrieval.Hit) bool { return x.Doc == h.Doc }) {
				found++
			}
		}
		wanted += min(o.Top, len(best))
	}
	b.note(name+"_scan_cpu_ms", used.Seconds()*1000/float64(few))
	b.note(name+"_recall", float64(found)/float64(wanted))
}

// scanned is about how many documents a baseline looks at.
const scanned = 2_000_000

// all asks all queries at once, as matching does, and reckons how long a million would take.
func (b *retrievalBench) all(ix *retrieval.Index, texts []string, o retrieval.Options) {
	start, used := time.Now(), processTime()
	for part := range slices.Chunk(texts, benchBatch) {
		queries := make([]*retrieval.Query, len(part))
		for i, text := range part {
			queries[i] = b.query(ix, text)
		}
		ix.SearchAll(queries, o)
		if b.c.ctx.Err() != nil {
			return
		}
	}
	n := float64(len(texts))
	b.note("all_pairs_queries_per_s", n/time.Since(start).Seconds())
	cpu := (processTime() - used).Seconds()
	b.note("all_pairs_cpu_ms", cpu*1000/n)
	b.note("all_pairs_million_h", time.Since(start).Hours()*million/n)
	b.note("all_pairs_million_cpu_h", cpu/3600*million/n/float64(b.threads))
}

const (
	benchBatch = 1000 // queries that are asked at once
	million    = 1e6
)

// pairs matches needs, as many as there are queries, with offers, as many as there are documents
// but 10,000 at most, with reasons.
func (b *retrievalBench) pairs() error {
	needs, offers := make([]retrieval.Post, b.queries), make([]retrieval.Post, min(b.docs, maxOffers))
	for i := range needs {
		needs[i] = b.post(benchQuerySeed, i)
	}
	for i := range offers {
		offers[i] = b.post(benchDocSeed, i)
	}
	b.note("pairs_needs", float64(len(needs)))
	b.note("pairs_offers", float64(len(offers)))
	var m *retrieval.Matcher
	err := b.timed("pairs_prepare", func() (err error) {
		m, err = retrieval.NewMatcher(b.c.ctx, b.a, offers, needs, retrieval.MatchOptions{
			Settings: retrieval.MatchSettings(), Weights: retrieval.MatchWeights, Top: benchTop,
			Reasons: true, Query: retrieval.QueryOptions{Fields: retrieval.MatchFields},
		}, nil)
		return err
	})
	if err != nil {
		return err
	}
	bar := b.c.progress(b.c.t("匹配"))
	done := 0
	return b.timed("pairs_match", func() error {
		return m.All(b.c.ctx, needs, nil, func(*retrieval.Post, []retrieval.Match) error {
			done++
			bar.at(done, len(needs))
			return nil
		})
	})
}

// maxOffers bounds the offers that needs are matched with.
const maxOffers = 10_000

func (b *retrievalBench) post(seed uint64, i int) retrieval.Post {
	d := (&benchCorpus{seed, b.words}).document(i)
	return retrieval.Post{ID: d.ID, Title: d.Fields[0], Text: d.Fields[1]}
}

// heapBytes is the memory that is in use after a collection.
func heapBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
