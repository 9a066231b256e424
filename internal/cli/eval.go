package cli

import (
	"bufio"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// eval measures searching or matching on judged data.
func (c *call) eval(args []string) error {
	f := c.retrievalFlags(evalDepth)
	docsFile := c.flags.String("docs", "", c.t("文档 `FILE`：JSONL、CSV 或 XLSX"))
	queriesFile := c.flags.String("queries", "", c.t("查询 `FILE`：JSONL、CSV 或 XLSX"))
	qrelsFile := c.flags.String("qrels", "", c.t("评判 `FILE`：每行为查询编号、文档编号与等级，以制表符分隔"))
	matching := c.flags.Bool("match", false, c.t("按供需匹配的方式打分，查询为需求，文档为成果"))
	pool := c.flags.Bool("pool", false, c.t("只在各查询评判过的文档中排序"))
	gain := c.flags.String("gain", "linear", c.t("等级的增益 `KIND`：linear 为等级，levels 为 2^(等级−1)−1"))
	if err := c.none(args); err != nil {
		return err
	}
	if *docsFile == "" || *queriesFile == "" || *qrelsFile == "" {
		return misused("请给出 --docs、--queries 与 --qrels")
	}
	gains := map[string]func(float64) float64{
		"linear": func(x float64) float64 { return x },
		"levels": func(x float64) float64 { return math.Pow(2, x-1) - 1 },
	}
	if gains[*gain] == nil {
		return misused("不认识的增益“%s”", *gain)
	}
	if err := f.check(); err != nil {
		return err
	}
	queries, err := c.posts(*queriesFile)
	if err != nil {
		return err
	}
	judged, err := c.qrels(*qrelsFile)
	if err != nil {
		return err
	}
	asked := make([]retrieval.Post, 0, len(queries))
	for _, p := range queries {
		if judged.best(p.ID, gains[*gain]) > 0 {
			asked = append(asked, p)
		}
	}
	if len(asked) == 0 {
		return c.badFile(*qrelsFile, 0, "没有一条查询有相关的文档")
	}
	rank := c.rankSearch
	if *matching { // the matcher learns from all needs, judged or not, as it does in use
		rank = func(docs string, asked []retrieval.Post, f retrievalFlags, pool bool,
			judged judgements, take func(string, []string)) error {
			return c.rankMatch(docs, queries, asked, f, pool, judged, take)
		}
	}
	total := measures{}
	bar := c.progress(c.t("评测"))
	err = rank(*docsFile, asked, f, *pool, judged, func(id string, ids []string) {
		total.add(ids, judged[id], gains[*gain])
		bar.at(total.n, len(asked))
	})
	if err != nil {
		return err
	}
	return c.tellMeasures(&total, *f.json)
}

// evalDepth is how deep recall looks.
const evalDepth = 100

// judgements are the levels of documents by query.
type judgements map[string]map[string]float64

// best is the largest gain of a query's documents.
func (j judgements) best(query string, gain func(float64) float64) float64 {
	most := 0.0
	for _, level := range j[query] {
		most = max(most, gain(level))
	}
	return most
}

// documents returns the judged documents of a query, in the order of their ids.
func (j judgements) documents(query string) []string {
	out := make([]string, 0, len(j[query]))
	for id := range j[query] {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// rankMatch ranks the offers of each need.
func (c *call) rankMatch(docs string, needs, asked []retrieval.Post, f retrievalFlags, pool bool,
	judged judgements, take func(string, []string),
) error {
	offers, err := c.posts(docs)
	if err != nil {
		return err
	}
	off := false
	f.explain, f.json = &off, &off
	m, err := c.matcher(offers, needs, retrieval.MatchWeights, f)
	if err != nil {
		return err
	}
	one := m.Match
	if pool {
		one = func(p *retrieval.Post) []retrieval.Match { return m.Score(p, judged.documents(p.ID)) }
	}
	return m.All(c.ctx, asked, one, func(p *retrieval.Post, found []retrieval.Match) error {
		ids := make([]string, len(found))
		for i := range found {
			ids[i] = found[i].ID
		}
		take(p.ID, ids)
		return nil
	})
}

// rankSearch ranks the documents of each query.
func (c *call) rankSearch(docs string, queries []retrieval.Post, f retrievalFlags, pool bool,
	judged judgements, take func(string, []string),
) error {
	s, err := c.searcher(docs, f)
	if err != nil {
		return err
	}
	top := *f.top
	if pool {
		top = maxTop
	}
	return s.all(c.ctx, queries, top, func(q *retrieval.Post, a answer) error {
		var ids []string
		for _, h := range a.hits {
			if _, known := judged[q.ID][h.ID]; known || !pool {
				ids = append(ids, h.ID)
			}
		}
		take(q.ID, ids)
		return nil
	})
}

// measures add up over queries.
type measures struct {
	n                 int
	ndcg, mrr, recall float64
}

// Depths of the measures, as everybody reports them.
const (
	ndcgDepth = 10
	mrrDepth  = 10
)

// add reckons with one ranking. A document is relevant when its gain is positive.
func (m *measures) add(ids []string, levels map[string]float64, gain func(float64) float64) {
	m.n++
	var ideal []float64
	relevant := 0
	for _, level := range levels {
		ideal = append(ideal, gain(level))
		if gain(level) > 0 {
			relevant++
		}
	}
	slices.Sort(ideal)
	slices.Reverse(ideal)
	got, best, found, first := 0.0, 0.0, 0, 0
	for i, id := range ids {
		g := 0.0
		if level, judged := levels[id]; judged {
			g = gain(level)
		}
		if i < ndcgDepth {
			got += g / math.Log2(float64(i+2))
		}
		if g > 0 {
			if first == 0 {
				first = i + 1
			}
			if i < evalDepth {
				found++
			}
		}
	}
	for i, g := range ideal[:min(ndcgDepth, len(ideal))] {
		best += g / math.Log2(float64(i+2))
	}
	m.ndcg += got / best
	if first > 0 && first <= mrrDepth {
		m.mrr += 1 / float64(first)
	}
	m.recall += float64(found) / float64(relevant)
}

func (c *call) tellMeasures(m *measures, asJSON bool) error {
	n := float64(m.n)
	if asJSON {
		return c.json(map[string]any{"queries": m.n, "ndcg@10": rounded(m.ndcg / n),
			"mrr@10": rounded(m.mrr / n), "recall@100": rounded(m.recall / n)})
	}
	return table(c.out, [][]string{
		{c.t("查询数"), "nDCG@10", "MRR@10", "recall@100"},
		{strconv.Itoa(m.n), fixed(m.ndcg / n), fixed(m.mrr / n), fixed(m.recall / n)},
	})
}

func fixed(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }

// qrels reads judgements: query, document and level in three columns, or with a column between
// query and document as TREC has it. A first line whose level is no number is a header.
func (c *call) qrels(name string) (judgements, error) {
	r, end, err := c.reader(name)
	if err != nil {
		return nil, err
	}
	defer end()
	out := judgements{}
	scan := bufio.NewScanner(r)
	for line := 1; scan.Scan(); line++ {
		if strings.TrimSpace(scan.Text()) == "" {
			continue
		}
		cells := strings.FieldsFunc(scan.Text(), func(r rune) bool { return r == '\t' || r == '\r' })
		if len(cells) < 3 {
			cells = strings.Fields(scan.Text())
		}
		if len(cells) == 4 {
			cells = []string{cells[0], cells[2], cells[3]}
		}
		if len(cells) != 3 {
			return nil, c.badFile(name, line, "应有查询、文档、等级三列")
		}
		level, err := strconv.ParseFloat(cells[2], 64)
		if err != nil || math.IsNaN(level) || math.IsInf(level, 0) {
			if line == 1 {
				continue
			}
			return nil, c.badFile(name, line, "等级“%s”不是数字", cells[2])
		}
		if out[cells[0]] == nil {
			out[cells[0]] = map[string]float64{}
		}
		out[cells[0]][cells[1]] = level
	}
	return out, scan.Err()
}
