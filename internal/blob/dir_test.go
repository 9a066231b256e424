package blob

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var never = time.Unix(0, 0)

func mustOpenDir(t testing.TB, at string) *dir {
	t.Helper()
	d, err := openDir(at, never)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.root.Close() })
	return d
}

func mustWrite(t testing.TB, d *dir, content string) temp {
	t.Helper()
	tmp, err := d.write(t.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return tmp
}

func hashOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// files lists everything below at, without directories.
func files(t testing.TB, at string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(at, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(at, p)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPublishPutsContentUnderItsHash(t *testing.T) {
	t.Parallel()
	at := t.TempDir()
	d := mustOpenDir(t, at)
	tmp := mustWrite(t, d, "合同正文")
	h := hashOf("合同正文")
	if tmp.hash != h || tmp.size != int64(len("合同正文")) {
		t.Fatalf("write = %+v, want hash %s", tmp, h)
	}
	for range 2 { // the second time a retried transaction asks again
		if err := d.publish(tmp); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"blobs/" + h[:2] + "/" + h[2:4] + "/" + h}
	if diff := cmp.Diff(want, files(t, at)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	r, err := d.open(h)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "合同正文" {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestWriteRefusesAndLeavesNothing(t *testing.T) {
	t.Parallel()
	at := t.TempDir()
	d := mustOpenDir(t, at)
	if tmp, err := d.write(t.Context(), strings.NewReader("12345"), 5); err != nil {
		t.Errorf("exactly the limit: %v", err)
	} else {
		d.discard(tmp)
	}
	if _, err := d.write(t.Context(), strings.NewReader("123456"), 5); !errors.Is(err, errTooBig) {
		t.Errorf("one byte more: %v, want errTooBig", err)
	}
	broken := errors.New("connection lost")
	r := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
	if _, err := d.write(t.Context(), r, 100); !errors.Is(err, broken) {
		t.Errorf("broken upload: %v", err)
	}
	if left := files(t, at); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOpenSweepsTemporaryFilesOfACrash(t *testing.T) {
	t.Parallel()
	at := t.TempDir()
	d := mustOpenDir(t, at)
	old, young := mustWrite(t, d, "before the crash"), mustWrite(t, d, "under way elsewhere")
	yesterday := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(filepath.Join(at, old.name), yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	d2, err := openDir(at, time.Now().Add(-tempLife))
	if err != nil {
		t.Fatal(err)
	}
	defer d2.root.Close()
	if diff := cmp.Diff([]string{young.name}, files(t, at)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestReadFindsEveryChangedByte(t *testing.T) {
	t.Parallel()
	at := t.TempDir()
	d := mustOpenDir(t, at)
	tmp := mustWrite(t, d, "0123456789")
	if err := d.publish(tmp); err != nil {
		t.Fatal(err)
	}
	p, _ := hashPath(tmp.hash)
	for name, damage := range map[string]string{
		"flipped": "0123456799", "cut": "012345678", "longer": "01234567890", "empty": "",
	} {
		if err := os.WriteFile(filepath.Join(at, p), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := d.open(tmp.hash)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(r); !errors.Is(err, errDamaged) {
			t.Errorf("%s: %v, want errDamaged", name, err)
		}
		r.Close()
	}
	// Handing in the content again heals the file.
	if err := d.publish(mustWrite(t, d, "0123456789")); err != nil {
		t.Fatal(err)
	}
	r, err := d.open(tmp.hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.Copy(io.Discard, r); err != nil {
		t.Errorf("after healing: %v", err)
	}
}

// A symbolic link planted in the directory must not lead out of it.
func TestRootConfinesLinks(t *testing.T) {
	t.Parallel()
	at, outside := t.TempDir(), t.TempDir()
	d := mustOpenDir(t, at)
	tmp := mustWrite(t, d, "secret")
	if err := os.Symlink(outside, filepath.Join(at, "blobs", tmp.hash[:2])); err != nil {
		t.Skip(err)
	}
	if err := d.publish(tmp); err == nil {
		t.Error("published through a link that leads outside")
	}
	if got := files(t, outside); len(got) > 0 {
		t.Errorf("written outside: %v", got)
	}
}

// FuzzOpen asks for files by any string. Only a hash may ever reach the file system.
func FuzzOpen(f *testing.F) {
	at := f.TempDir()
	if err := os.WriteFile(filepath.Join(at, "secret"), []byte("x"), 0o600); err != nil {
		f.Fatal(err)
	}
	d := mustOpenDir(f, filepath.Join(at, "data"))
	tmp := mustWrite(f, d, "inside")
	if err := d.publish(tmp); err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "..", "../secret", "../../secret", "/etc/passwd", tmp.hash,
		strings.ToUpper(tmp.hash), "../" + tmp.hash[3:], tmp.hash + "\x00",
		strings.Repeat("../", 20) + "etc", strings.Repeat("0", 64)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, h string) {
		p, err := hashPath(h)
		if (err == nil) != validHash(h) {
			t.Fatalf("hashPath(%q) = %q, %v", h, p, err)
		}
		if err == nil && (filepath.Base(p) != h || !filepath.IsLocal(p) || len(p) != 6+3+3+64) {
			t.Fatalf("hashPath(%q) = %q", h, p)
		}
		r, err := d.open(h)
		if err != nil {
			if removeErr := d.remove(h); validHash(h) != (removeErr == nil) {
				t.Fatalf("remove(%q) = %v", h, removeErr)
			}
			return
		}
		defer r.Close()
		got, err := io.ReadAll(r)
		if err != nil || h != tmp.hash || !bytes.Equal(got, []byte("inside")) {
			t.Fatalf("open(%q) gave %q, %v", h, got, err)
		}
	})
}
