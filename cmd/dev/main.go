// Command dev is for people who work on Yuntu: it writes the files that are generated from the
// program.
//
//	go run ./cmd/dev docs     writes docs/processes, docs/permissions.md, docs/cli.md and
//	                          deploy/yuntu.toml
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/cli"
	"github.com/yuntu-city/yuntu/internal/process"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] != "docs" {
		fmt.Fprintln(os.Stderr, "usage: go run ./cmd/dev docs, in the folder of go.mod")
		os.Exit(2)
	}
	if err := docs("docs"); err != nil {
		fmt.Fprintln(os.Stderr, "dev:", err)
		os.Exit(1)
	}
}

// docs writes the generated documents into the folder dir, which must exist.
func docs(dir string) error {
	if _, err := os.Stat("go.mod"); err != nil {
		return fmt.Errorf("run it in the folder of go.mod: %w", err)
	}
	if err := rewrite(filepath.Join(dir, "processes"), process.Pages(app.Processes())); err != nil {
		return err
	}
	for path, text := range map[string]string{
		filepath.Join(dir, "permissions.md"):  authz.Markdown(app.Policies()),
		filepath.Join(dir, "cli.md"):          cli.Handbook(),
		filepath.Join("deploy", "yuntu.toml"): cli.SampleSettings(),
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// rewrite makes dir hold exactly the given files.
func rewrite(dir string, files map[string]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range old {
		if _, wanted := files[e.Name()]; !wanted && filepath.Ext(e.Name()) == ".md" {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
