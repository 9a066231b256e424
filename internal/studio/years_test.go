package studio

import (
	"bytes"
	"context"
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
				Kind: "district", Source: "指标监测", DataYear: 2024, ReportYear: 2025}, Set: "s", Period: "2024",
				Taking: Taking{fill, far}})
		}
		for _, c := range []struct {
			fill string
			far  int64
			want [][]string
			from []TakenValue
		}{
			{"", 0, [][]string{{"", "1"}, {"", ""}, {"5", ""}}, nil},
			{"latest", 0, [][]string{{"10", "1"}, {"20", "7"}, {"5", ""}},
				[]TakenValue{{"1", "x", "2022"}, {"2", "x", "2022"}, {"2", "y", "2023"}}},
			{"latest", 1, [][]string{{"", "1"}, {"", "7"}, {"5", ""}}, []TakenValue{{"2", "y", "2023"}}},
			{"linear", 0, [][]string{{"30", "1"}, {"20", "7"}, {"5", ""}},
				[]TakenValue{{"1", "x", "2022–2025"}, {"2", "x", "2022"}, {"2", "y", "2023"}}},
		} {
			made, err := draw(c.fill, c.far)
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.GetDataset(t.Context(), officer, made.ID, 0)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Content.Values) + cmp.Diff(c.from, got.Content.Taken); diff != "" {
				t.Errorf("%q from %d years:\n%s", c.fill, c.far, diff)
			}
		}
		_, err := draw("nonsense", 0)
		wantKind(t, err, fault.Invalid)
		_, err = draw("latest", 9)
		wantKind(t, err, fault.Invalid)
	})
}

// A table with a column of years is read by them: the rows of the data year are the content, and what these lack is
// taken from the other years of the same unit as asked. Both layouts say the same.
func TestUploadWithYears(t *testing.T) {
	tree := "code,name\nx,甲指标\ny,乙指标\n"
	wide := "code,name,year,x,y\n1,区1,2024,,1\n2,区2,2024,,\n3,区3,2024,5,\n" +
		"1,区1,2022,10,\n2,区2,2022,20,\n2,区2,2023,,7\n1,区1,2025,40,1\n9,别处,2023,1,1\n"
	long := "code,year,indicator,value\n1,2024,y,1\n2,2024,x,\n3,2024,x,5\n" +
		"1,2022,x,10\n2,2022,x,20\n2,2023,y,7\n1,2025,x,40\n1,2025,y,1\n9,2023,x,1\n"
	read := func(layout, data string, year int64, taking Taking) (Reading, error) {
		return ReadFiles(t.Context(), Upload{Title: "示范", Tree: &File{"t.csv", bytes.NewReader([]byte(tree))},
			Data: &File{"d.csv", bytes.NewReader([]byte(data))}, Layout: layout, Year: year, Taking: taking})
	}
	for _, c := range []struct {
		taking Taking
		want   [][]string
		from   []TakenValue
	}{
		{Taking{}, [][]string{{"", "1"}, {"", ""}, {"5", ""}}, nil},
		{Taking{"latest", 0}, [][]string{{"10", "1"}, {"20", "7"}, {"5", ""}},
			[]TakenValue{{"1", "x", "2022"}, {"2", "x", "2022"}, {"2", "y", "2023"}}},
		{Taking{"latest", 1}, [][]string{{"", "1"}, {"", "7"}, {"5", ""}}, []TakenValue{{"2", "y", "2023"}}},
		{Taking{"linear", 0}, [][]string{{"30", "1"}, {"20", "7"}, {"5", ""}},
			[]TakenValue{{"1", "x", "2022–2025"}, {"2", "x", "2022"}, {"2", "y", "2023"}}},
	} {
		for layout, data := range map[string]string{Wide: wide, Long: long} {
			got, err := read(layout, data, 2024, c.taking)
			if err != nil || !got.Fine() || got.Years != 3 {
				t.Fatalf("%s %+v: %v %+v", layout, c.taking, err, got)
			}
			if diff := cmp.Diff(c.want, got.Content.Values) + cmp.Diff(c.from, got.Content.Taken); diff != "" {
				t.Errorf("%s %+v:\n%s", layout, c.taking, diff)
			}
		}
	}
	_, err := read(Wide, wide, 2030, Taking{})
	wantKind(t, err, fault.Invalid)
	_, err = read(Wide, wide, 2024, Taking{"nonsense", 0})
	wantKind(t, err, fault.Invalid)
	for _, row := range []string{"1,区1,2022,9,9\n", "1,区1,,9,9\n", "1,区1,x,9,9\n"} { // twice, no year, none
		if got, err := read(Wide, wide+row, 2024, Taking{}); err != nil || got.DataProblems.Total != 1 {
			t.Errorf("%q: %v %+v", row, err, got.DataProblems)
		}
	}
	// A column that the data year lacks as a whole is there when others have it.
	silent := "code,year,x,y\n1,2024,,1\n2,2024,,2\n1,2023,3,\n2,2023,4,\n"
	if _, err = read(Wide, silent, 2024, Taking{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a silent column: %v", err)
	}
	got, err := read(Wide, silent, 2024, Taking{Fill: "latest"})
	if diff := cmp.Diff([][]string{{"3", "1"}, {"4", "2"}}, got.Content.Values); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// Other programs send the years beside the content.
func TestCreateWithYears(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		now := yearOf([]string{"x", "y"}, []string{"1", "", "1"}, []string{"2", "6", ""})
		before := OtherYear{Year: 2023, Units: []string{"1", "8"}, Codes: []string{"q", "x"},
			Values: [][]string{{"0", "1,234.5"}, {"0", "9"}}}
		data := DatasetData{Title: "示范", Standing: "own", Kind: "district", Source: "年鉴", DataYear: 2024, ReportYear: 2025}
		made := must[Dataset](t)(r.CreateDataset(t.Context(), officer, NewDataset{DatasetData: data, Content: now,
			Taking: Taking{Fill: "latest"}, Years: []OtherYear{before}}))
		got := must[DatasetDetail](t)(r.GetDataset(t.Context(), officer, made.ID, 0))
		if diff := cmp.Diff([][]string{{"1234.5", "1"}, {"6", ""}}, got.Content.Values) +
			cmp.Diff([]TakenValue{{"1", "x", "2023"}}, got.Content.Taken); diff != "" {
			t.Error(diff)
		}
		// A correction takes in the same way.
		before.Units, before.Codes, before.Values = []string{"2"}, []string{"y"}, [][]string{{"4"}}
		_ = must[Dataset](t)(r.ReviseDataset(t.Context(), officer, Revision{ID: made.ID, Content: got.Content,
			Taking: Taking{Fill: "latest"}, Years: []OtherYear{before}, Reason: "补", Version: made.Version}))
		got = must[DatasetDetail](t)(r.GetDataset(t.Context(), officer, made.ID, 0))
		if diff := cmp.Diff([]TakenValue{{"1", "x", "2023"}, {"2", "y", "2023"}}, got.Content.Taken); diff != "" {
			t.Error(diff)
		}
		for field, bad := range map[string]NewDataset{
			"years.0.year":       {Content: now, Years: []OtherYear{{Year: 2024}}},
			"years.0.values":     {Content: now, Years: []OtherYear{{Year: 2023, Units: []string{"1"}}}},
			"years.0.values.0":   {Content: now, Years: []OtherYear{{2023, []string{"1"}, nil, [][]string{{"1"}}}}},
			"years.0.values.0.0": {Content: now, Years: []OtherYear{{2023, []string{"1"}, []string{"x"}, [][]string{{"a"}}}}},
			"taken.0.unit": {Content: Content{Nodes: now.Nodes, Units: now.Units, Codes: now.Codes, Values: now.Values,
				Taken: []TakenValue{{"7", "x", "2023"}}}},
		} {
			bad.DatasetData, bad.Taking = data, Taking{Fill: "latest"}
			_, err := r.CreateDataset(t.Context(), officer, bad)
			if e, ok := fault.As(err); !ok || len(e.Fields) == 0 || e.Fields[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}
