package studio

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// years is a house with values of three years.
type years map[string]Content

func (years) Offers(context.Context, authz.Actor) ([]Offer, error) { return nil, nil }

func (y years) Draw(_ context.Context, _ authz.Actor, _, period string) (Content, []string, error) {
	return y[period], nil, nil
}

func yearOf(codes []string, rows ...[]string) Content {
	c := Content{Codes: codes}
	names := map[string]string{"x": "甲指标", "y": "乙指标", "z": "甲指标"}
	for _, code := range codes {
		c.Nodes = append(c.Nodes, composite.Node{Code: code, Name: names[code], Weight: 1, Direction: 1})
	}
	for _, row := range rows {
		c.Units = append(c.Units, Unit{Code: row[0], Name: "区" + row[0]})
		c.Values = append(c.Values, row[1:])
	}
	return c
}

// What a period lacks is taken from the same period of other years, by the names of indicators and the codes of
// places; the note says which. Without being asked nothing is filled.
func TestDrawWithYears(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		r.opt.Source = years{
			"2022": yearOf([]string{"z"}, []string{"1", "10"}, []string{"2", "20"}), // the code was another one
			"2023": yearOf([]string{"y", "x"}, []string{"2", "7", ""}),
			"2024": yearOf([]string{"x", "y"}, []string{"1", "", "1"}, []string{"2", "", ""}, []string{"3", "5", ""}),
			"2025": yearOf([]string{"x", "y"}, []string{"1", "40", "1"}),
		}
		draw := func(fill string, far int64) (Dataset, error) {
			return r.DrawDataset(t.Context(), officer, Live{DatasetData: DatasetData{Title: "示范", Standing: "own",
				Kind: "district", Source: "指标监测", DataYear: 2024, ReportYear: 2025}, Set: "s", Period: "2024", Fill: fill,
				FillYears: far})
		}
		for _, c := range []struct {
			fill string
			far  int64
			want [][]string
			note string
		}{
			{"", 0, [][]string{{"", "1"}, {"", ""}, {"5", ""}}, ""},
			{"latest", 0, [][]string{{"10", "1"}, {"20", "7"}, {"5", ""}}, "区1甲指标（2022）"},
			{"latest", 1, [][]string{{"", "1"}, {"", "7"}, {"5", ""}}, "区2乙指标（2023）"},
			{"linear", 0, [][]string{{"30", "1"}, {"20", "7"}, {"5", ""}}, "区1甲指标（2022–2025）"},
		} {
			made, err := draw(c.fill, c.far)
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.GetDataset(t.Context(), officer, made.ID, 0)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Content.Values); diff != "" || !strings.Contains(got.Note, c.note) {
				t.Errorf("%q from %d years: %s\n%s", c.fill, c.far, got.Note, diff)
			}
		}
		_, err := draw("nonsense", 0)
		wantKind(t, err, fault.Invalid)
		_, err = draw("latest", 9)
		wantKind(t, err, fault.Invalid)
	})
}
