// Package opendata offers what is public as data sets (开放数据): lists that a visitor may see row by row,
// as files that programs read.
//
// Invariants. Rows come from the use cases of the rooms, asked as somebody who is not signed in, so that
// nothing is here that a visitor may not see on a page. A file is streamed and never held in memory. What
// a data set comes to (rows, the latest change, a tag over all of it) is computed at most once in Keep.
package opendata

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// Keep is how long what is known of a data set stays so, and how long others may keep a file.
const Keep = 5 * time.Minute

// Formats of files.
const (
	CSV  = "csv"
	JSON = "json"
)

// Column is a field of a data set. The title is a key of package i18n.
type Column struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// Each takes a row: a text or a whole number for each column, and when the row last changed, 0 when that
// is not known.
type Each func(row []any, updatedUs int64) error

// Set (数据集) is a data set. Title and About are keys of package i18n.
type Set struct {
	Name    string   `json:"name"` // stable, of addresses: organisations
	Title   string   `json:"title"`
	About   string   `json:"about"`
	Columns []Column `json:"columns"`
	// Rows streams the rows that a visitor may see.
	Rows func(ctx context.Context, each Each) error `json:"-"`
}

// Known is a data set with what it comes to.
type Known struct {
	Set
	Count     int64  `json:"rows"`
	UpdatedUs int64  `json:"updatedUs"` // the latest change of a row, 0 when none is known
	Tag       string `json:"tag"`       // the same rows have the same tag
	Licence   string `json:"licence"`
	atUs      int64
}

// Service offers data sets. It is safe for concurrent use.
type Service struct {
	clock   clock.Clock
	licence func() string
	sets    []Set
	mu      sync.Mutex // one data set is counted at a time
	kept    map[string]Known
}

// New returns the room. licence is the line that stands beside each data set.
func New(c clock.Clock, licence func() string, sets ...Set) *Service {
	return &Service{clock: c, licence: licence, sets: sets, kept: map[string]Known{}}
}

// ListSets returns the data sets with what they come to.
func (s *Service) ListSets(ctx context.Context) ([]Known, error) {
	var out []Known
	for _, x := range s.sets {
		k, err := s.GetSet(ctx, x.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

func (s *Service) find(name string) (Set, error) {
	for _, x := range s.sets {
		if x.Name == name {
			return x, nil
		}
	}
	return Set{}, fault.New(fault.NotFound, "没有这个数据集")
}

// GetSet returns a data set with what it comes to, as of at most Keep ago.
func (s *Service) GetSet(ctx context.Context, name string) (Known, error) {
	set, err := s.find(name)
	if err != nil {
		return Known{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := clock.Us(s.clock.Now())
	k, is := s.kept[name]
	if !is || now-k.atUs >= Keep.Microseconds() || now < k.atUs {
		k = Known{Set: set, atUs: now}
		sum := sha256.New()
		err := set.Rows(ctx, func(row []any, updatedUs int64) error {
			k.Count++
			k.UpdatedUs = max(k.UpdatedUs, updatedUs)
			return json.NewEncoder(sum).Encode(row)
		})
		if err != nil {
			return Known{}, err
		}
		k.Tag = hex.EncodeToString(sum.Sum(nil)[:12])
		s.kept[name] = k
	}
	k.Licence = s.licence()
	return k, nil
}

// Write writes a data set as a file. Faults before the first byte: NotFound for the name, Invalid at
// "format".
func (s *Service) Write(ctx context.Context, name, format string, w io.Writer) error {
	set, err := s.find(name)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 32<<10)
	switch format {
	case CSV:
		err = set.csv(ctx, b)
	case JSON:
		err = set.json(ctx, b)
	default:
		return fault.Fields(fault.At("format", "格式应为 csv 或 json"))
	}
	if err != nil {
		return err
	}
	return b.Flush()
}

// bom tells spreadsheets that the file is UTF-8.
const bom = "\ufeff"

func (x Set) csv(ctx context.Context, w io.Writer) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	head := make([]string, len(x.Columns))
	for i, col := range x.Columns {
		head[i] = col.Name
	}
	if err := c.Write(head); err != nil {
		return err
	}
	cells := make([]string, len(x.Columns))
	err := x.Rows(ctx, func(row []any, _ int64) error {
		for i, v := range row {
			cells[i] = cell(v)
		}
		return c.Write(cells)
	})
	c.Flush()
	if err == nil {
		err = c.Error()
	}
	return err
}

// cell writes a value for CSV. A text that a spreadsheet would run as a formula begins with an apostrophe.
func cell(v any) string {
	text := fmt.Sprint(v)
	if _, is := v.(string); is {
		return sheet.Guard(text)
	}
	return text
}

func (x Set) json(ctx context.Context, w io.Writer) error {
	between := "["
	err := x.Rows(ctx, func(row []any, _ int64) error {
		if _, err := io.WriteString(w, between); err != nil {
			return err
		}
		between = ","
		for i, v := range row {
			lead := ","
			if i == 0 {
				lead = "\n{"
			}
			text, err := json.Marshal(v)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s%q:%s", lead, x.Columns[i].Name, text); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, "}")
		return err
	})
	if err != nil {
		return err
	}
	if between == "[" {
		_, err = io.WriteString(w, between)
	}
	if err == nil {
		_, err = io.WriteString(w, "\n]\n")
	}
	return err
}
