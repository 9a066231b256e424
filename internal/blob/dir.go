package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/yuntu-city/yuntu/internal/id"
)

// tempLife is how old a temporary file must be before Open and Sweep remove it. No upload takes
// that long, so another process sharing the directory never loses one that is under way.
const tempLife = 6 * time.Hour

// copyBuffer is the piece in which files are read and written.
const copyBuffer = 128 << 10

// dir is the file layer: content under its hash, nothing else. All paths are relative to root.
type dir struct{ root *os.Root }

// openDir makes the directory if needed and removes temporary files last changed before cutoff,
// which a crash may have left.
func openDir(at string, cutoff time.Time) (*dir, error) {
	if err := os.MkdirAll(at, 0o700); err != nil {
		return nil, fmt.Errorf("make directory for files: %w", err)
	}
	root, err := os.OpenRoot(at)
	if err != nil {
		return nil, fmt.Errorf("open directory for files: %w", err)
	}
	d := &dir{root: root}
	for _, name := range []string{"blobs", "tmp"} {
		if err := root.MkdirAll(name, 0o700); err != nil {
			return nil, errors.Join(fmt.Errorf("make %s: %w", name, err), root.Close())
		}
	}
	if _, err := d.sweepTemps(cutoff); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return d, nil
}

// validHash reports whether s is a SHA-256 in lower-case hex. Only such strings become paths.
func validHash(s string) bool {
	if len(s) != hex.EncodedLen(sha256.Size) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// hashPath returns the place of a content. The two levels keep directories small: a million files
// are about fifteen in each.
func hashPath(h string) (string, error) {
	if !validHash(h) {
		return "", fmt.Errorf("not a SHA-256 in hex: %.80q", h)
	}
	return path.Join("blobs", h[:2], h[2:4], h), nil
}

// temp is a file on its way in: written, synced and hashed, but not yet in its place.
type temp struct {
	name string
	hash string
	size int64
}

// errTooBig is returned by write for more than limit bytes.
var errTooBig = errors.New("more bytes than allowed")

// write copies r into a temporary file and syncs it. The file lies in tmp/ of the same file system,
// because its final directory is known only after the last byte; the later rename is as atomic.
func (d *dir) write(ctx context.Context, r io.Reader, limit int64) (temp, error) {
	t := temp{name: path.Join("tmp", id.New())}
	f, err := d.root.OpenFile(t.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return temp{}, fmt.Errorf("create temporary file: %w", err)
	}
	sum := sha256.New()
	in := io.LimitReader(&ctxReader{ctx, r}, limit+1)
	t.size, err = io.CopyBuffer(io.MultiWriter(f, sum), in, make([]byte, copyBuffer))
	if err == nil && t.size > limit {
		err = errTooBig
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		d.discard(t)
		return temp{}, fmt.Errorf("write temporary file: %w", err)
	}
	t.hash = hex.EncodeToString(sum.Sum(nil))
	return t, nil
}

// discard removes a temporary file that is not wanted. A failure leaves it for the next sweep.
func (d *dir) discard(t temp) { _ = d.root.Remove(t.name) }

// publish moves a temporary file to the place of its hash and syncs the directories, so that the
// file is there after a cut power cord. It replaces an equal file, which heals a damaged one, and
// may be called again after it succeeded.
func (d *dir) publish(t temp) error {
	final, err := hashPath(t.hash)
	if err != nil {
		return err
	}
	if err := d.makeDirs(final); err != nil {
		return err
	}
	if err := d.root.Rename(t.name, final); err != nil {
		if info, statErr := d.root.Stat(final); statErr == nil && info.Size() == t.size {
			return nil
		}
		return fmt.Errorf("publish file %s: %w", t.hash, err)
	}
	return d.syncDir(path.Dir(final))
}

// makeDirs makes the two levels above final and syncs the parent of each new one.
func (d *dir) makeDirs(final string) error {
	low := path.Dir(final)
	for _, p := range []string{path.Dir(low), low} {
		err := d.root.Mkdir(p, 0o700)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("make directory %s: %w", p, err)
		}
		if err := d.syncDir(path.Dir(p)); err != nil {
			return err
		}
	}
	return nil
}

func (d *dir) syncDir(p string) error {
	f, err := d.root.Open(p)
	if err != nil {
		return fmt.Errorf("open directory %s: %w", p, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync directory %s: %w", p, err)
	}
	return nil
}

// open returns the content of h. The last read fails with errDamaged instead of io.EOF when the
// bytes are not those that were stored.
func (d *dir) open(h string) (*verified, error) {
	p, err := hashPath(h)
	if err != nil {
		return nil, err
	}
	f, err := d.root.Open(p)
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", h, err)
	}
	return &verified{f: f, want: h, sum: sha256.New()}, nil
}

func (d *dir) remove(h string) error {
	p, err := hashPath(h)
	if err != nil {
		return err
	}
	if err := d.root.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove file %s: %w", h, err)
	}
	return nil
}

// file is a content found in the directory.
type file struct {
	hash    string
	size    int64
	changed time.Time
}

// each calls fn with every content in the directory in the order of hashes. Files whose name is no
// hash are not ours and are passed over.
func (d *dir) each(ctx context.Context, fn func(file) error) error {
	return fs.WalkDir(d.root.FS(), "blobs", func(p string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || e.IsDir() || !validHash(e.Name()) {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed while we walk
		}
		if err != nil {
			return err
		}
		return fn(file{e.Name(), info.Size(), info.ModTime()})
	})
}

// sweepTemps removes temporary files last changed before cutoff and returns how many.
func (d *dir) sweepTemps(cutoff time.Time) (int, error) {
	entries, err := fs.ReadDir(d.root.FS(), "tmp")
	if err != nil {
		return 0, fmt.Errorf("list temporary files: %w", err)
	}
	removed := 0
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.IsDir() || !info.ModTime().Before(cutoff) {
			continue
		}
		if err := d.root.Remove(path.Join("tmp", e.Name())); err != nil {
			return removed, fmt.Errorf("remove temporary file: %w", err)
		}
		removed++
	}
	return removed, nil
}

// errDamaged means that a file does not have the content it was stored under.
var errDamaged = errors.New("content does not match its hash")

// verified reads a file and checks its hash on the way.
type verified struct {
	f    *os.File
	want string
	sum  hash.Hash
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.f.Read(p)
	v.sum.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(v.sum.Sum(nil)) != v.want {
		err = fmt.Errorf("read file %s: %w", v.want, errDamaged)
	}
	return n, err
}

func (v *verified) Close() error { return v.f.Close() }

// ctxReader ends a long copy when the context does.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
