package opendata

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"testing"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// TestFiles writes a data set in both formats and counts it once in a while.
func TestFiles(t *testing.T) {
	t.Parallel()
	now, asked := clock.NewFake(dbtest.Start), 0
	rows := [][]any{{"甲,\"一\"", int64(3)}, {"=1+1", int64(-4)}}
	s := New(now, func() string { return "注明来源" }, Set{Name: "list", Columns: []Column{{"name", "名称"}, {"n", "数值"}},
		Rows: func(_ context.Context, each Each) error {
			asked++
			for i, r := range rows {
				if err := each(r, int64(i+1)); err != nil {
					return err
				}
			}
			return nil
		}})
	k, err := s.GetSet(t.Context(), "list")
	if err != nil || k.Count != 2 || k.UpdatedUs != 2 || k.Licence != "注明来源" || k.Tag == "" {
		t.Fatalf("%+v, %v", k, err)
	}
	var b bytes.Buffer
	if err := s.Write(t.Context(), "list", CSV, &b); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b.Bytes(), []byte(bom)) {
		t.Error("no byte order mark")
	}
	got, err := csv.NewReader(bytes.NewReader(b.Bytes()[len(bom):])).ReadAll()
	if err != nil || len(got) != 3 || got[1][0] != "甲,\"一\"" || got[2][0] != "'=1+1" || got[2][1] != "-4" {
		t.Errorf("%q, %v", got, err)
	}
	b.Reset()
	if err := s.Write(t.Context(), "list", JSON, &b); err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(b.Bytes(), &list); err != nil || len(list) != 2 || list[1]["name"] != "=1+1" ||
		list[0]["n"] != 3.0 {
		t.Errorf("%s, %v", &b, err)
	}
	before := asked
	rows = nil
	same, _ := s.GetSet(t.Context(), "list")
	if same.Tag != k.Tag || asked != before {
		t.Error("counted again at once")
	}
	now.Advance(Keep)
	if fresh, _ := s.GetSet(t.Context(), "list"); fresh.Tag == k.Tag || fresh.Count != 0 {
		t.Error("not counted again")
	}
	b.Reset()
	if err := s.Write(t.Context(), "list", JSON, &b); err != nil || json.Unmarshal(b.Bytes(), &list) != nil || len(list) != 0 {
		t.Errorf("nothing is %q", &b)
	}
	if err := s.Write(t.Context(), "list", "xml", &b); !fault.Is(err, fault.Invalid) {
		t.Errorf("xml: %v", err)
	}
	if err := s.Write(t.Context(), "other", CSV, &b); !fault.Is(err, fault.NotFound) {
		t.Errorf("another: %v", err)
	}
}
