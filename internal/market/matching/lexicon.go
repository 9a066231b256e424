package matching

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Lexicon is an edition of the words of the field (领域词库): what the posts of the market say again
// and again and no dictionary knows, 固态电池. They are learned from what everybody may read alone, so
// that no word of a hidden post shows in what anybody finds.
type Lexicon struct {
	Number int64    `json:"number"` // 0: none was learned yet
	Words  int64    `json:"words"`
	Posts  int64    `json:"posts"`
	MadeUs int64    `json:"madeUs"`
	Some   []string `json:"some"` // the most frequent
}

// Limits of learning words.
const (
	// mostLearned is from about how many posts words are learned at most; of more, the same part every night.
	mostLearned  = 20_000
	keptLexicons = 5 // editions
	someWords    = 60
)

var (
	qLexicon = db.Stmt(`SELECT l.number, l.list, l.words, l.posts, l.made_us FROM matching_lexicon AS l
		ORDER BY l.number DESC LIMIT 1`)
	qLexiconAdd = db.Stmt(`INSERT INTO matching_lexicon (number, list, words, posts, made_us)
		VALUES ($1, $2, $3, $4, $5)`)
	qLexiconDrop = db.Stmt(`DELETE FROM matching_lexicon WHERE number <= $1`)
)

type storedLexicon struct {
	Lexicon
	list string
}

// lexicon returns the latest edition, that of number 0 without a word when there is none.
func lexicon(ctx context.Context, q db.Q) (storedLexicon, error) {
	x, _, err := db.Find(ctx, q, qLexicon, func(r db.Row) (storedLexicon, error) {
		var x storedLexicon
		return x, r.Scan(&x.Number, &x.list, &x.Words, &x.Posts, &x.MadeUs)
	})
	return x, err
}

// WordsOf returns the edition of the lexicon that is in use.
func (s *Service) WordsOf(ctx context.Context, by authz.Actor) (Lexicon, error) {
	if err := DeskPolicy.May(by, ActDeskRead, struct{}{}); err != nil {
		return Lexicon{}, err
	}
	x, err := lexicon(ctx, s.db)
	if err != nil {
		return Lexicon{}, err
	}
	words, err := retrieval.ReadDomain(strings.NewReader(x.list))
	if err != nil {
		return Lexicon{}, err
	}
	for _, w := range words.Words()[:min(someWords, len(words.Words()))] {
		x.Some = append(x.Some, w.Word)
	}
	return x.Lexicon, nil
}

// StartLearning learns words and makes the index anew now instead of at night, and returns the job.
func (s *Service) StartLearning(ctx context.Context, by authz.Actor) (string, error) {
	if err := DeskPolicy.May(by, ActDeskTrain, struct{}{}); err != nil {
		return "", err
	}
	var jobID string
	err := s.unit.Write(ctx, by, "matching.StartLearning", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "matching.lexicon", What: "learn"})
		var err error
		jobID, _, err = job.Enqueue(ctx, tx, job.Spec{Kind: jobIndex, UniqueKey: jobIndex})
		return err
	})
	return jobID, err
}

// learnWords learns the words of the market as it is now: what is new, changed or gone since the last time, or all
// where nothing is kept of that. A new edition is stored when they differ from the last one's.
// It returns how many posts that were.
func (s *Service) learnWords(ctx context.Context, run *job.Run) (int, error) {
	posts, err := market.CountStanding(ctx, s.db, 1<<30)
	if err != nil || posts < minLearn {
		return 0, err
	}
	x := s.loadWords()
	changed, err := s.learnPosts(ctx, run, x, posts)
	if errors.Is(err, errUnlearnable) { // what was kept is not what was learned
		x = newWordState(s.language().base)
		changed, err = s.learnPosts(ctx, run, x, posts)
	}
	if err != nil {
		return 0, err
	}
	if last, err := lexicon(ctx, s.db); err != nil || changed == 0 && last.list == x.list {
		return 0, err
	}
	var b strings.Builder
	domain := x.learner.Domain(retrieval.DefaultDomainRule())
	if err := domain.Write(&b); err != nil {
		return 0, err
	}
	x.list = b.String()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Hold(ctx, tx); err != nil {
			return err
		}
		last, err := lexicon(ctx, tx)
		if err != nil || last.list == x.list {
			return err
		}
		if _, err := db.Exec(ctx, tx, qLexiconDrop, last.Number+1-keptLexicons); err != nil {
			return err
		}
		return db.ExecOne(ctx, tx, qLexiconAdd, last.Number+1, x.list, int64(len(domain.Words())),
			int64(len(x.texts)), s.nowUs())
	})
	if err != nil {
		return 0, err
	}
	if err := s.keepWords(x); err != nil { // the next night learns anew
		s.opt.Log.Warn("keep what the words of the field were learned from", "error", err)
	}
	return changed, nil
}

// errUnlearnable says that a text cannot be taken away.
var errUnlearnable = errors.New("what was learned of a post cannot be taken away")

// learnPosts brings a state up to the posts that everybody may read now, and returns how many of it changed.
func (s *Service) learnPosts(ctx context.Context, run *job.Run, x *wordState, posts int64) (changed int, err error) {
	every := uint32(posts+mostLearned-1) / mostLearned
	there := make(map[string]bool, min(posts, mostLearned))
	read := 0
	for after := ""; ; {
		list, err := market.PostsAfter(ctx, s.db, after, readAtOnce)
		if err != nil {
			return 0, err
		}
		if len(list) == 0 {
			break
		}
		after = list[len(list)-1].ID
		read += len(list)
		for i := range list {
			p := &list[i]
			if crc32.ChecksumIEEE([]byte(p.ID))%every != 0 || !standing(p.State) || !shown(p) {
				continue
			}
			whole := public(*p)
			t := wordText{whole.Title, clip(whole.Text, maxIndexed)}
			there[p.ID] = true
			if was, known := x.texts[p.ID]; known && was == t {
				continue
			}
			if changed++; !x.put(p.ID, t) {
				return 0, errUnlearnable
			}
		}
		run.Progress(read, int(max(posts, int64(read))), "已学习 %d / %d 条", read, max(posts, int64(read)))
	}
	for _, id := range slices.Sorted(maps.Keys(x.texts)) {
		if there[id] {
			continue
		}
		if changed++; !x.drop(id) {
			return 0, errUnlearnable
		}
	}
	return changed, nil
}

// analyzer returns what cuts words with the latest lexicon, and the number of its edition.
func (s *Service) analyzer(ctx context.Context) (*retrieval.Analyzer, int64, error) {
	if err := s.speak(ctx); err != nil {
		return nil, 0, err
	}
	x, err := lexicon(ctx, s.db)
	if err != nil || x.Number == 0 {
		return s.language().base, 0, err
	}
	words, err := retrieval.ReadDomain(strings.NewReader(x.list))
	if err != nil {
		return nil, 0, fmt.Errorf("lexicon %d: %w", x.Number, err)
	}
	return s.language().base.With(words), x.Number, nil
}

// language is what the program itself knows of words, without those learned from the market.
type language struct {
	base     *retrieval.Analyzer // cuts words, and those of synonyms as one
	synonyms retrieval.Expander
	own      string     // the city's synonyms that it knows …
	day      clock.Date // … and those of the program as of this day
	// dictionary knows the words of a search in the other language; nil without one.
	dictionary *retrieval.Bilingual
	expand     retrieval.Expander // synonyms and dictionary
}

// language returns what words mean, as speak found it last.
func (s *Service) language() language {
	if s.lang.Load() == nil {
		l := newLanguage(s.day(), "", s.opt, nil)
		s.lang.CompareAndSwap(nil, &l)
	}
	return *s.lang.Load()
}

// speak takes up the synonyms that hold today: an index that is made or read knows them.
func (s *Service) speak(ctx context.Context) error {
	rule, err := market.RuleOn(ctx, s.db, s.day())
	if err != nil {
		return err
	}
	old := s.lang.Load()
	if own := rule.SynonymText(); old == nil || old.own != own || old.day != s.day() {
		l := newLanguage(s.day(), own, s.opt, old)
		s.lang.Store(&l)
	}
	return nil
}

// newLanguage reads the dictionary and the words with one meaning as they hold on a day. A dictionary
// between languages that cannot be read is left out: searching goes on in each language by itself.
func newLanguage(day clock.Date, own string, o Options, old *language) language {
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	list, err := retrieval.DefaultSynonyms(a, string(day))
	if err != nil {
		panic(err) // the list is part of the program, and a test reads it
	}
	l := language{base: a.With(list), own: own, day: day}
	known := retrieval.Expanders{list}
	if city, err := retrieval.ReadSynonyms(l.base, strings.NewReader(own), string(day)); err == nil {
		l.base, known = l.base.With(city), append(known, city)
	} else { // it was checked when it was written
		o.Log.Error("read the synonyms of the city", "error", err)
	}
	l.synonyms, l.expand = known, known
	if o.Dictionary == "" {
		return l
	}
	if old != nil && old.dictionary != nil {
		l.dictionary = old.dictionary
	} else if l.dictionary, err = readDictionary(l.base, o.Dictionary); err != nil {
		o.Log.Error("read the dictionary of searches", "error", err)
		l.dictionary = nil
		return l
	}
	l.expand = retrieval.Expanders{known, l.dictionary}
	return l
}

func readDictionary(a *retrieval.Analyzer, path string) (*retrieval.Bilingual, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return retrieval.ReadBilingual(a, bufio.NewReader(f))
}
