package matching

import (
	"bufio"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/indexfile"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// A snapshot is the common shelf as files in a folder of its own, written beside the last one and
// renamed when whole. It holds nothing that not everybody may read: closets are made of the posts
// when somebody asks. It names its place in the feed and the hash of the audit trail there, so that
// it is not taken for one of a database that was restored to an earlier day.

// snapshotForm is the version of the form, of the texts that are indexed and of their facts.
const snapshotForm = 2

// minKeep is how many posts must have changed for another snapshot.
const minKeep = 200

const (
	snapshotPrefix = "market-"
	headFile       = "head.json"
	factsFile      = "facts.gob"
)

var partFiles = [3]string{"all.index", "needs.index", "offers.index"}

type snapshotHead struct {
	Form     int          `json:"form"`
	Program  string       `json:"program"`
	Settings string       `json:"settings"`
	Lexicon  int64        `json:"lexicon"`
	Own      string       `json:"own,omitempty"` // the city's synonyms
	At       outbox.Place `json:"at"`
	Hash     string       `json:"hash"`
	Posts    int          `json:"posts"`
	Learned  int          `json:"learned"`
}

func (s *Service) head() snapshotHead {
	return snapshotHead{Form: snapshotForm, Program: s.opt.Program,
		Settings: fmt.Sprint(settings(partAll), settings(partNeeds))}
}

// Keep writes a snapshot, if there is a folder for it and enough has changed since the last.
func (s *Service) Keep(ctx context.Context) error {
	e := s.now.Load()
	if s.opt.Dir == "" || e.tail == nil {
		return nil
	}
	// No change between the place and the index.
	e.index.write.Lock()
	defer e.index.write.Unlock()
	if e.index.kept && e.index.changes < minKeep {
		return nil
	}
	h := s.head()
	h.Lexicon, h.Own = e.index.lexicon, e.index.own
	// The place may lag behind the index, never the other way round: posts are read anew after it.
	h.At = e.tail.Place()
	hash, err := audit.HashAt(ctx, s.db, h.At.Seq)
	if err != nil && h.At.Seq > 0 {
		return err
	}
	h.Hash, h.Posts, h.Learned = hash, e.index.common.len(), e.index.learned
	if err := s.writeSnapshot(h, e.index.common); err != nil {
		return err
	}
	e.index.kept, e.index.changes = true, 0
	return nil
}

func (s *Service) writeSnapshot(h snapshotHead, from *shelf) error {
	if err := os.MkdirAll(s.opt.Dir, 0o700); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(s.opt.Dir, "new-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }() // gone by then when it was renamed
	list := make([]*facts, 0, from.len())
	for _, f := range from.facts {
		list = append(list, f)
	}
	files := map[string]func(io.Writer) error{
		factsFile: func(w io.Writer) error { return gob.NewEncoder(w).Encode(list) },
		headFile:  func(w io.Writer) error { return json.NewEncoder(w).Encode(h) },
	}
	for i, w := range from.parts {
		files[partFiles[i]] = w.Index().WriteSnapshot
	}
	for name, write := range files {
		if err := writeFile(filepath.Join(temp, name), write); err != nil {
			return err
		}
	}
	name := fmt.Sprintf("%s%d-%d-%d", snapshotPrefix, h.At.Seq, h.At.N, s.unit.Clock().Now().UnixMicro())
	if err := os.Rename(temp, filepath.Join(s.opt.Dir, name)); err != nil {
		return err
	}
	return s.dropSnapshots(name)
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = errors.Join(write(w), w.Flush())
	return errors.Join(err, f.Sync(), f.Close())
}

// dropSnapshots removes all snapshots but one.
func (s *Service) dropSnapshots(but string) error {
	all, err := os.ReadDir(s.opt.Dir)
	for _, x := range all {
		if strings.HasPrefix(x.Name(), snapshotPrefix) && x.Name() != but {
			err = errors.Join(err, os.RemoveAll(filepath.Join(s.opt.Dir, x.Name())))
		}
	}
	return err
}

// restore takes the index from a snapshot; false when there is none that fits. One that is damaged,
// of another version or of another database is left alone: the next one replaces it.
func (s *Service) restore(ctx context.Context) (bool, error) {
	all, err := os.ReadDir(s.opt.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, dir := range all {
		if !strings.HasPrefix(dir.Name(), snapshotPrefix) {
			continue
		}
		x, at, err := s.readSnapshot(ctx, filepath.Join(s.opt.Dir, dir.Name()))
		if err != nil {
			s.opt.Log.Warn("snapshot of the index is not used", "snapshot", dir.Name(), "error", err)
			continue
		}
		if err := s.hidden(ctx, x); err != nil {
			return false, err
		}
		x.kept = true
		s.take(x, at)
		return true, s.CatchUp(ctx)
	}
	return false, nil
}

var errOther = errors.New("it is of another version or of another database")

func (s *Service) readSnapshot(ctx context.Context, dir string) (*index, outbox.Place, error) {
	var h snapshotHead
	err := readFile(filepath.Join(dir, headFile), func(r io.Reader) error {
		return json.NewDecoder(r).Decode(&h)
	})
	if err != nil {
		return nil, h.At, err
	}
	want := s.head()
	a, edition, err := s.analyzer(ctx)
	if err != nil {
		return nil, h.At, err
	}
	hash, err := audit.HashAt(ctx, s.db, h.At.Seq)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, h.At, err
	}
	if h.Form != want.Form || h.Program != want.Program || h.Settings != want.Settings ||
		h.Lexicon != edition || h.Own != s.language().own ||
		h.At.Seq == 0 || hash != h.Hash {
		return nil, h.At, errOther
	}
	x := newIndex(a, edition)
	x.own = h.Own
	x.learned = h.Learned
	var list []*facts
	err = readFile(filepath.Join(dir, factsFile), func(r io.Reader) error {
		return gob.NewDecoder(r).Decode(&list)
	})
	for _, f := range list {
		x.common.facts[f.ID] = f
	}
	var files []*indexfile.File
	for i := range x.common.parts {
		f, fail := indexfile.Open(filepath.Join(dir, partFiles[i]))
		if err = errors.Join(err, fail); fail == nil {
			files = append(files, f)
			x.common.parts[i] = retrieval.Open(x.a, f.Index)
		}
	}
	if err == nil && x.common.len() != h.Posts {
		err = errOther
	}
	if err != nil {
		for _, f := range files {
			err = errors.Join(err, f.Close())
		}
		return nil, h.At, err
	}
	// The files stay mapped until the process ends: whoever searches may still hold an index made of them.
	x.common.publish()
	return x, h.At, nil
}

func readFile(name string, read func(io.Reader) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return read(bufio.NewReaderSize(f, 1<<20))
}

// hidden reads the posts that not everybody may read whole: no snapshot holds them.
func (s *Service) hidden(ctx context.Context, x *index) error {
	for after := ""; ; {
		posts, err := market.HiddenAfter(ctx, s.db, after, readAtOnce)
		if err != nil || len(posts) == 0 {
			return err
		}
		after = posts[len(posts)-1].ID
		var private []*market.Post
		for i := range posts {
			if isPrivate(&posts[i]) {
				own := posts[i] // not the whole list with it
				private = append(private, &own)
			}
		}
		x.hide(posts, private, nil)
	}
}
