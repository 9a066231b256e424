package blob

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Upload is a file as it comes in.
type Upload struct {
	Kind    Kind
	Field   string // form field that messages point at
	Name    string // as the person's machine calls it; only cleaned and shown
	Content io.Reader
}

// Staged is a checked file that belongs to nothing yet.
type Staged struct {
	Hash string
	Size int64
	Type Type
	Name string

	kind  string
	field string
	dir   *dir
	temp  temp
}

// Discard removes the file unless it was attached. Call it with defer after Stage.
func (st *Staged) Discard() { st.dir.discard(st.temp) }

// Stage reads an upload to its end and checks size, type and viruses, before and outside of any
// transaction. What is wrong with the file is an Invalid fault at the field; a scanner that does
// not answer is Unavailable. Then Attach it, in the write of the use case.
func (s *Store) Stage(ctx context.Context, in Upload) (*Staged, error) {
	if err := s.checkTotal(ctx, in.Field); err != nil {
		return nil, err
	}
	t, err := s.dir.write(ctx, in.Content, in.Kind.limit())
	if errors.Is(err, errTooBig) {
		return nil, at(in.Field, fault.New(fault.Invalid, "文件太大，最多 %s", i18n.Bytes(in.Kind.limit())))
	}
	if err != nil {
		return nil, err
	}
	st := &Staged{
		Hash: t.hash, Size: t.size, kind: in.Kind.Name, field: in.Field, dir: s.dir, temp: t,
	}
	if st.Type, err = s.check(ctx, t, in.Kind); err != nil {
		st.Discard()
		return nil, at(in.Field, err)
	}
	st.Name = displayName(in.Name, t.hash, st.Type)
	return st, nil
}

// check decides the type and lets the scanner read the file.
func (s *Store) check(ctx context.Context, t temp, k Kind) (Type, error) {
	f, err := s.dir.root.Open(t.name)
	if err != nil {
		return "", fmt.Errorf("open temporary file: %w", err)
	}
	defer f.Close()
	typ, err := Sniff(f, t.size)
	if err != nil {
		return "", err
	}
	if !k.accepts(typ) {
		return "", fault.New(fault.Invalid, "这里不接受 %s 文件，可以上传：%s", typ.Label(), k.labels())
	}
	if s.opt.Scanner == nil {
		return typ, nil
	}
	if err := s.opt.Scanner.Scan(ctx, io.NewSectionReader(f, 0, t.size)); err != nil {
		return "", scanFault(err)
	}
	return typ, nil
}

// at puts an Invalid fault at a field, so that a page shows it beside the input.
func at(field string, err error) error {
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid || field == "" {
		return err
	}
	whole, _ := fault.As(fault.Fields(fault.Field{Name: field, Key: e.Key, Args: e.Args}))
	return whole.Wrap(e)
}

// checkTotal refuses before anything is written. Uploads under way are not counted, so the limit
// can be passed by as many files as arrive at once.
func (s *Store) checkTotal(ctx context.Context, field string) error {
	if s.opt.TotalBytes <= 0 {
		return nil
	}
	u, err := s.Usage(ctx)
	if err == nil && u.Bytes >= s.opt.TotalBytes {
		err = at(field, fault.New(fault.Invalid, "文件空间已满，请联系系统管理员"))
	}
	return err
}
