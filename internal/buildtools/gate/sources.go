package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// files calls fn for each regular file below root, without hidden folders and build results.
func files(root string, fn func(path string) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || path == "build") {
			return filepath.SkipDir
		}
		if !d.Type().IsRegular() {
			return nil
		}
		return fn(path)
	})
}

// checkFormat fails on Go files that are not in standard form.
func (g *gate) checkFormat(context.Context) error {
	var wrong []string
	err := files(".", func(path string) error {
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		have, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want, err := format.Source(have)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if !bytes.Equal(have, want) {
			wrong = append(wrong, path)
		}
		return nil
	})
	if len(wrong) > 0 {
		err = errors.Join(err, fmt.Errorf("not formatted, run make fmt: %s", strings.Join(wrong, " ")))
	}
	return err
}

// format rewrites Go and templ files in standard form.
func (g *gate) format(ctx context.Context) error {
	if err := g.command(ctx, "go", "tool", "templ", "fmt", "internal"); err != nil {
		return err
	}
	return files(".", func(path string) error {
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		have, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want, err := format.Source(have)
		if err != nil || bytes.Equal(have, want) {
			return err
		}
		fmt.Fprintln(g.out, path)
		return os.WriteFile(path, want, 0o644)
	})
}

// generate rewrites every generated file: page code from templ, then the documents that the code
// describes itself in. cmd/dev knows the latter.
func (g *gate) generate(ctx context.Context) error {
	if err := g.command(ctx, "go", "tool", "templ", "generate"); err != nil {
		return err
	}
	if _, err := os.Stat("cmd/dev"); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return g.command(ctx, "go", "run", "./cmd/dev", "docs")
}

// isGenerated says whether generate may write a file.
func isGenerated(path string) bool {
	path = filepath.ToSlash(path)
	return strings.HasSuffix(path, "_templ.go") || strings.HasPrefix(path, "docs/")
}

// checkGenerated generates anew and fails when that changed anything. The files are left as they
// should be, ready to commit.
func (g *gate) checkGenerated(ctx context.Context) error {
	before, err := checksums()
	if err != nil {
		return err
	}
	if err := g.generate(ctx); err != nil {
		return err
	}
	after, err := checksums()
	if err != nil {
		return err
	}
	if stale := differences(before, after); len(stale) > 0 {
		return fmt.Errorf("were not current, commit what is there now: %s",
			strings.Join(stale, " "))
	}
	return nil
}

func checksums() (map[string][32]byte, error) {
	sums := map[string][32]byte{}
	err := files(".", func(path string) error {
		if !isGenerated(path) {
			return nil
		}
		b, err := os.ReadFile(path)
		sums[path] = sha256.Sum256(b)
		return err
	})
	return sums, err
}

// differences names files that were added, removed or changed.
func differences(before, after map[string][32]byte) []string {
	var out []string
	for path, sum := range after {
		if old, ok := before[path]; !ok || old != sum {
			out = append(out, path)
		}
	}
	for path := range before {
		if _, ok := after[path]; !ok {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}
