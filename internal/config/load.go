package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

const envPrefix = "YUNTU_"

// reserved are environment variables of our tests and tools, which are no settings.
var reserved = []string{"YUNTU_TEST_", "YUNTU_SPECS", "YUNTU_CONFIG"}

// Source says where settings come from besides the defaults.
type Source struct {
	File    string            // TOML file, "" for none
	Environ []string          // as os.Environ returns it
	Flags   map[string]string // key → text, from the command line
}

// Load reads the settings and validates them.
func Load(s Source) (Config, error) {
	c := Default()
	if s.File != "" {
		if err := loadFile(s.File, &c); err != nil {
			return Config{}, err
		}
	}
	fields := fieldsOf(&c)
	if err := loadEnviron(s.Environ, fields); err != nil {
		return Config{}, err
	}
	for key, text := range s.Flags {
		f, ok := fields[key]
		if !ok {
			return Config{}, unknown("--set", key, fields)
		}
		if err := set(f, text); err != nil {
			return Config{}, fmt.Errorf("%s: %w", key, err)
		}
	}
	if err := c.Validate(); err != nil {
		return Config{}, err
	}
	return c, nil
}

func loadFile(path string, c *Config) error {
	meta, err := toml.DecodeFile(path, c)
	if err != nil {
		var at toml.ParseError
		if errors.As(err, &at) {
			return fmt.Errorf("%s: %s", path, at.ErrorWithPosition())
		}
		return fmt.Errorf("read settings: %w", err)
	}
	if left := meta.Undecoded(); len(left) > 0 {
		return unknown(path, left[0].String(), fieldsOf(c))
	}
	return nil
}

func loadEnviron(environ []string, fields map[string]reflect.Value) error {
	names := map[string]string{}
	for key := range fields {
		names[envName(key)] = key
	}
	for _, e := range environ {
		name, text, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(name, envPrefix) || slices.ContainsFunc(reserved, func(r string) bool {
			return strings.HasPrefix(name, r)
		}) {
			continue
		}
		key, ok := names[name]
		if !ok {
			return fmt.Errorf("environment variable %s is no setting", name)
		}
		if err := set(fields[key], text); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func envName(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// Keys returns every key, sorted.
func Keys() []string {
	var c Config
	var keys []string
	for k := range fieldsOf(&c) {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// FromEnv loads with the environment of the process.
func FromEnv(file string, flags map[string]string) (Config, error) {
	if file == "" {
		file = os.Getenv("YUNTU_CONFIG")
	}
	return Load(Source{File: file, Environ: os.Environ(), Flags: flags})
}

// fieldsOf returns the settable leaves of c under their keys ("server.addr").
func fieldsOf(c *Config) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	groups := reflect.ValueOf(c).Elem()
	for i := range groups.NumField() {
		group, name := groups.Field(i), groups.Type().Field(i).Tag.Get("toml")
		for j := range group.NumField() {
			out[name+"."+group.Type().Field(j).Tag.Get("toml")] = group.Field(j)
		}
	}
	return out
}

// set reads text into a field. The types are those that Config uses.
func set(f reflect.Value, text string) error {
	switch f.Interface().(type) {
	case string:
		f.SetString(text)
	case int, int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no whole number", text)
		}
		f.SetInt(n)
	case bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		f.SetBool(b)
	case time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%q is no duration such as 30s or 12h", text)
		}
		f.SetInt(int64(d))
	case []string:
		f.Set(reflect.ValueOf(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })))
	default:
		return fmt.Errorf("settings of type %s are not read", f.Type())
	}
	return nil
}

// unknown says that a key is not known, and the nearest one that is.
func unknown(where, key string, fields map[string]reflect.Value) error {
	best, distance := "", 4
	for k := range fields {
		if d := edits(key, k); d < distance || d == distance && k < best {
			best, distance = k, d
		}
	}
	if best == "" {
		return fmt.Errorf("%s: unknown setting %q", where, key)
	}
	return fmt.Errorf("%s: unknown setting %q, did you mean %q?", where, key, best)
}

// edits is the number of letters to change, add or remove to get from a to b.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost = 1 + min(diagonal, row[j], row[j-1])
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}

// Line describes one setting.
type Line struct {
	Key     string `json:"key"`
	Env     string `json:"env"`
	Default string `json:"default"`
	TOML    string `json:"toml"` // the default as it stands in a file
	Text    string `json:"text"` // what it is for
}

// Describe lists every setting with its environment variable and default, sorted by key.
func Describe() []Line {
	d := Default()
	fields := fieldsOf(&d)
	var out []Line
	for _, key := range Keys() {
		v := fields[key].Interface()
		out = append(out, Line{key, envName(key), fmt.Sprint(v), inTOML(v), texts[key]})
	}
	return out
}
