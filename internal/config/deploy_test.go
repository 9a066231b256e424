package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var assignment = regexp.MustCompile(`YUNTU_[A-Z_]+=\S+`)

// The unit and the container set only what the program knows: anything else would stop the start.
func TestDeployedSettings(t *testing.T) {
	for _, name := range []string{"yuntu.service", "Containerfile"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		env := assignment.FindAllString(string(text), -1)
		if len(env) < 2 {
			t.Fatalf("%s sets only %q: the test reads it wrongly", name, env)
		}
		c, err := Load(Source{Environ: env})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c.Log.Format != "json" || !filepath.IsAbs(c.Data.Dir) {
			t.Errorf("%s: logs as %s, keeps data in %s", name, c.Log.Format, c.Data.Dir)
		}
	}
}

// A dictionary that is not there stops the start and does not fail the first search.
func TestDictionaryIsThere(t *testing.T) {
	c := Default()
	c.Search.Dictionary = filepath.Join(t.TempDir(), "words.txt")
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "search.dictionary") {
		t.Errorf("a missing dictionary: %v", err)
	}
	if err := os.WriteFile(c.Search.Dictionary, []byte("石墨 石墨 [shi2 mo4] /graphite/\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}

// systemd waits longer for the end than the program takes.
func TestUnitWaitsForTheEnd(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "yuntu.service"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "TimeoutStopSec=")
	value, _, _ := strings.Cut(rest, "\n")
	waits, err := time.ParseDuration(value)
	if err != nil || waits < 2*Default().Server.Grace {
		t.Errorf("TimeoutStopSec=%s with a grace of %v: %v", value, Default().Server.Grace, err)
	}
}
