package backup_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// entry is an entry of an archive.
type entry struct {
	name    string
	kind    byte
	content string
}

func unpack(t testing.TB, file []byte) []entry {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var out []entry
	for tr := tar.NewReader(z); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(tr)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, entry{h.Name, h.Typeflag, string(b)})
	}
}

func pack(t testing.TB, entries []entry, behind string) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	tw := tar.NewWriter(z)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o600, Size: int64(len(e.content)), Typeflag: e.kind}
		if e.kind == tar.TypeSymlink {
			h.Linkname, h.Size = "/etc/passwd", 0
		}
		if err := tw.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(tw, e.content[:h.Size]); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(z, behind); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// verify writes the bytes to a file and proves it, in a folder that must be empty again afterwards.
func verify(t testing.TB, file []byte) error {
	t.Helper()
	dir := folder(t)
	path := filepath.Join(dir, "b"+backup.Extension)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := backup.Verify(t.Context(), path, dir, nil)
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("the scratch was left: %v", left)
	}
	return err
}

// index finds the first entry whose name begins with a prefix.
func index(entries []entry, prefix string) int {
	return slices.IndexFunc(entries, func(e entry) bool { return strings.HasPrefix(e.name, prefix) })
}

// Every change of a good archive is refused, and an unchanged one is not.
func TestHostileArchives(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	h.attach(t, "first file content")
	h.attach(t, "second file content")
	path, _ := h.make(t)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	entries := unpack(t, good)
	jobs, file := index(entries, "tables/job/"), index(entries, "blobs/")
	manifest := index(entries, "manifest.json")
	if jobs < 0 || file < 0 || manifest != len(entries)-1 {
		t.Fatalf("entries %d %d %d", jobs, file, manifest)
	}
	insert := func(at int, e entry) func([]entry) []entry {
		return func(l []entry) []entry { return slices.Insert(l, at, e) }
	}
	replace := func(at int, old, new string) func([]entry) []entry {
		return func(l []entry) []entry {
			if !strings.Contains(l[at].content, old) {
				t.Errorf("%s holds no %q", l[at].name, old)
			}
			l[at].content = strings.Replace(l[at].content, old, new, 1)
			return l
		}
	}
	reg := func(name, content string) entry { return entry{name, tar.TypeReg, content} }
	for name, c := range map[string]struct {
		change func([]entry) []entry
		want   string
	}{
		"nothing changed":   {func(l []entry) []entry { return l }, ""},
		"no manifest":       {func(l []entry) []entry { return l[:manifest] }, "no manifest"},
		"nothing at all":    {func([]entry) []entry { return nil }, "no manifest"},
		"two manifests":     {insert(manifest, entries[manifest]), "behind its manifest"},
		"more behind":       {insert(len(entries), reg("x", "")), "behind its manifest"},
		"a table left out":  {func(l []entry) []entry { return slices.Delete(l, jobs, jobs+1) }, "table job"},
		"a part twice":      {insert(jobs, entries[jobs]), "not where it belongs"},
		"tables exchanged":  {func(l []entry) []entry { l[jobs], l[jobs-1] = l[jobs-1], l[jobs]; return l }, "not where"},
		"a part skipped":    {insert(jobs+1, reg("tables/job/000003.jsonl", "")), "not where it belongs"},
		"unknown table":     {insert(0, reg("tables/pg_authid/000001.jsonl", "")), "not where it belongs"},
		"record of schema":  {insert(0, reg("tables/schema_migration/000001.jsonl", "")), "not where"},
		"a file left out":   {func(l []entry) []entry { return slices.Delete(l, file, file+1) }, "1 files and 0"},
		"files exchanged":   {func(l []entry) []entry { l[file], l[file+1] = l[file+1], l[file]; return l }, "not where"},
		"content exchanged": {func(l []entry) []entry { l[file].content = l[file+1].content; return l }, "does not match"},
		"file of nobody": {insert(manifest, reg("blobs/"+strings.Repeat("f", 64), "x")),
			"does not match its hash"},
		"path upwards":          {insert(manifest, reg("blobs/../../../etc/cron.d/x", "x")), "where it belongs"},
		"path at start":         {insert(file, reg("blobs/../../../etc/cron.d/x", "x")), "not a SHA-256"},
		"absolute path":         {insert(0, reg("/etc/passwd", "x")), "no entry of a backup"},
		"symbolic link":         {insert(file, entry{"blobs/" + strings.Repeat("0", 64), tar.TypeSymlink, ""}), "no entry"},
		"a folder":              {insert(0, entry{"tables/job/", tar.TypeDir, ""}), "no entry of a backup"},
		"value changed":         {replace(jobs, "first file", "First file"), "table job"},
		"value of another type": {replace(jobs, `"first`, `7, "first`), ""},
		"row no JSON":           {replace(jobs, "[", "{"), "line 1"},
		"row too short":         {replace(jobs, "[", "[],["), "more than one value"},
		"a float":               {replace(jobs, "[", "[1.5,"), "no whole number"},
		"an object":             {replace(jobs, "[", "[{},"), "neither text nor number"},
		"unknown format":        {replace(manifest, "yuntu-backup-1", "yuntu-backup-2"), "not known"},
		"other schema":          {replace(manifest, "0001_kernel", "0001_kernal"), "of schema"},
		"other column":          {replace(manifest, `"lease_owner"`, `"lease_owned"`), "tables are not"},
		"unknown field":         {replace(manifest, `"rows"`, `"rowz"`), "unknown field"},
		"other head": {replace(manifest, `"auditSeq": 2`, `"auditSeq": 3`),
			"chain ends at entry 2, not 3"},
		"bomb of rows": {insert(0, reg(entries[0].name, strings.Repeat(" ", 70<<20))), "over the limit"},
	} {
		t.Run(name, func(t *testing.T) {
			err := verify(t, pack(t, c.change(slices.Clone(entries)), ""))
			if name == "nothing changed" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
		})
	}
	if err := verify(t, pack(t, entries, "x")); err == nil {
		t.Error("bytes behind the archive were accepted")
	}
	if err := verify(t, append(slices.Clone(good), "garbage"...)); err == nil {
		t.Error("bytes behind the compressed stream were accepted")
	}
	if err := verify(t, pack(t, entries, strings.Repeat("\x00", 200<<20))); err == nil ||
		!strings.Contains(err.Error(), "unpacks to far more") {
		t.Errorf("a bomb of zeros: %v", err)
	}
}

// A file that was cut short or in which a byte flipped is refused, wherever it happened.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	h.attach(t, "first file content")
	path, _ := h.make(t)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	step := len(good)/8 + 1
	for at := 0; at < len(good); at += step {
		if err := verify(t, good[:at]); err == nil {
			t.Errorf("cut at %d of %d: accepted", at, len(good))
		}
		bad := slices.Clone(good)
		bad[at] ^= 0x40
		if err := verify(t, bad); err == nil {
			t.Errorf("byte %d of %d flipped: accepted", at, len(good))
		}
	}
}

// FuzzRestore gives arbitrary entries to the reader: it answers with an error and harms nothing.
func FuzzRestore(f *testing.F) {
	h := newHouse(f, dbtest.SQLite(f))
	path, _ := h.make(f)
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range unpack(f, good) {
		f.Add(e.name, e.content, byte(tar.TypeReg))
	}
	f.Add("tables/audit_head/000001.jsonl", `["main",9223372036854775807,"x"]`, byte(tar.TypeReg))
	f.Fuzz(func(t *testing.T, name, content string, kind byte) {
		var out bytes.Buffer
		z, _ := zstd.NewWriter(&out)
		tw := tar.NewWriter(z)
		if tw.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Typeflag: kind}) != nil {
			return
		}
		if _, err := io.WriteString(tw, content); err != nil {
			return
		}
		tw.Close()
		z.Close()
		dir := folder(t)
		file := filepath.Join(dir, "b")
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + filepath.Join(dir, "d.db")})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		_, err = backup.Restore(t.Context(), file, backup.Target{DB: d, BlobDir: filepath.Join(dir, "f")})
		if err == nil {
			t.Errorf("%q was restored", name)
		}
	})
}
