package studio

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// DatasetData is what people write about a dataset.
type DatasetData struct {
	Title      string `json:"title"`
	Standing   string `json:"standing"` // reference, own, official
	Kind       string `json:"kind"`     // of the units: city, district, park, other
	Source     string `json:"source"`
	DataYear   int64  `json:"dataYear"`   // 数据年份
	ReportYear int64  `json:"reportYear"` // 报告年份
	Note       string `json:"note,omitempty"`
}

// Dataset is a dataset as stored.
type Dataset struct {
	ID string `json:"id"`
	DatasetData
	Code      string `json:"code"`
	Edition   int64  `json:"edition"` // the latest
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
	Finished  int64  `json:"finished"` // finished schemes that stand on it
}

// Edition is one edition of a dataset without its content.
type Edition struct {
	N          int64  `json:"n"`
	Hash       string `json:"hash"`
	Units      int64  `json:"units"`
	Indicators int64  `json:"indicators"`
	Missing    int64  `json:"missing"` // cells
	Origin     string `json:"origin"`  // file, typed, live
	Reason     string `json:"reason,omitempty"`
	AtUs       int64  `json:"atUs"`
	Login      string `json:"login"`
}

func (d *DatasetData) check(f *faults) {
	d.Title, d.Source, d.Note = tidy(d.Title), tidy(d.Source), lines(d.Note)
	f.line("title", d.Title, MaxTitle, true)
	f.choice("standing", d.Standing, Standings())
	f.choice("kind", d.Kind, UnitKinds())
	f.line("source", d.Source, MaxLine, true)
	f.between("dataYear", d.DataYear, 1990, 2100)
	f.between("reportYear", d.ReportYear, 1990, 2100)
	if d.ReportYear < d.DataYear {
		f.add("reportYear", "报告年份不能早于数据年份")
	}
	f.prose("note", d.Note, MaxProse, false)
}

// NewDataset is the input of CreateDataset.
type NewDataset struct {
	DatasetData
	Content Content `json:"content"`
	// Taking says how what the content lacks is taken from Years.
	Taking
	Years  []OtherYear `json:"years,omitempty"`
	Origin string      `json:"-"` // file, live; "" is typed
	Key    string      `json:"-"`
	year   int64       // of the content, 0 = DataYear
}

// CreateDataset keeps a dataset with its first edition.
func (s *Service) CreateDataset(ctx context.Context, by authz.Actor, in NewDataset) (Dataset, error) {
	if err := DatasetPolicy.May(by, ActDatasetMake, Dataset{}); err != nil {
		return Dataset{}, err
	}
	var f faults
	in.check(&f)
	in.checkTaking(&f)
	in.Content.complete(in.Title, &f, func(f *faults) {
		in.Content.take(cmp.Or(in.year, in.DataYear), in.Years, in.Taking, f)
	})
	if err := f.err(); err != nil {
		return Dataset{}, err
	}
	sum := []any{in.DatasetData, in.Content.hash()}
	out, _, err := unit.Once(ctx, s.unit, by, "studio.CreateDataset", in.Key, sum,
		func(tx *unit.Tx) (Dataset, error) {
			code, err := next(ctx, tx, "ZS")
			if err != nil {
				return Dataset{}, err
			}
			datasetID := id.New()
			err = db.ExecOne(ctx, tx.Tx, qDatasetAdd, datasetID, code, in.Title, in.Standing, in.Kind, in.Source,
				in.DataYear, in.ReportYear, in.Note, tx.NowUs(), by.Account)
			if err != nil {
				return Dataset{}, err
			}
			if err := addEdition(ctx, tx, by, datasetID, 1, in.Content, in.Origin, ""); err != nil {
				return Dataset{}, err
			}
			tx.Audit(audit.Entry{Kind: kindDataset, Object: datasetID, What: "create",
				Detail: map[string]any{"data": in.DatasetData, "hash": in.Content.hash()}})
			tx.Emit(outbox.Event{Kind: EventDatasetCreated, Object: datasetID})
			return datasetByID(ctx, tx, datasetID)
		})
	return out, err
}

func addEdition(
	ctx context.Context, tx *unit.Tx, by authz.Actor, dataset string, n int64, c Content, origin, reason string,
) error {
	return db.ExecOne(ctx, tx.Tx, qEditionAdd, dataset, n, encode(c), c.hash(), int64(len(c.Units)),
		int64(len(c.Codes)), c.missing(), cmp.Or(origin, "typed"), reason, tx.NowUs(), by.Account, by.Login)
}

// changing loads a dataset as it was seen and changes it.
func (s *Service) changing(
	ctx context.Context, by authz.Actor, useCase, datasetID string, version int64,
	do func(*unit.Tx, Dataset) error,
) (Dataset, error) {
	var out Dataset
	err := s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		d, err := s.readDataset(ctx, tx, by, datasetID)
		if err != nil {
			return err
		}
		if err := DatasetPolicy.May(by, ActDatasetMake, d); err != nil {
			return err
		}
		if d.Version != version {
			return errStale()
		}
		if err := do(tx, d); err != nil {
			return err
		}
		out, err = datasetByID(ctx, tx, datasetID)
		return err
	})
	return out, err
}

// DatasetUpdate is the input of UpdateDataset.
type DatasetUpdate struct {
	ID string `json:"-"`
	DatasetData
	Version int64 `json:"version"`
}

// UpdateDataset changes what is written about a dataset; its numbers change by new editions only.
func (s *Service) UpdateDataset(ctx context.Context, by authz.Actor, in DatasetUpdate) (Dataset, error) {
	return s.changing(ctx, by, "studio.UpdateDataset", in.ID, in.Version, func(tx *unit.Tx, d Dataset) error {
		var f faults
		in.check(&f)
		if err := f.err(); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindDataset, Object: d.ID, What: "update",
			Detail: map[string]any{"old": d.DatasetData, "new": in.DatasetData}})
		return db.ExecOne(ctx, tx.Tx, qDatasetSet, d.ID, d.Version, in.Title, in.Standing, in.Kind, in.Source,
			in.DataYear, in.ReportYear, in.Note, tx.NowUs())
	})
}

// Revision is the input of ReviseDataset.
type Revision struct {
	ID      string  `json:"-"`
	Content Content `json:"content"`
	// Taking says how what the content lacks is taken from Years.
	Taking
	Years   []OtherYear `json:"years,omitempty"`
	Reason  string      `json:"reason"`
	Origin  string      `json:"-"`
	Version int64       `json:"version"`
}

// ReviseDataset keeps a corrected content as the next edition.
func (s *Service) ReviseDataset(ctx context.Context, by authz.Actor, in Revision) (Dataset, error) {
	in.Reason = lines(in.Reason)
	return s.changing(ctx, by, "studio.ReviseDataset", in.ID, in.Version, func(tx *unit.Tx, d Dataset) error {
		var f faults
		f.prose("reason", in.Reason, MaxProse, true)
		in.checkTaking(&f)
		in.Content.complete(d.Title, &f, func(f *faults) {
			in.Content.take(d.DataYear, in.Years, in.Taking, f)
		})
		if err := f.err(); err != nil {
			return err
		}
		now, err := s.content(ctx, tx, d.ID, d.Edition)
		if err != nil {
			return err
		}
		if now.hash() == in.Content.hash() {
			return fault.Fields(fault.At(FieldData, "与现在的一版完全相同，没有需要更正的数据"))
		}
		if err := addEdition(ctx, tx, by, d.ID, d.Edition+1, in.Content, in.Origin, in.Reason); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindDataset, Object: d.ID, What: "revise",
			Detail: map[string]any{"edition": d.Edition + 1, "reason": in.Reason, "hash": in.Content.hash()}})
		tx.Emit(outbox.Event{Kind: EventDatasetRevised, Object: d.ID, Data: d.Edition + 1})
		return db.ExecOne(ctx, tx.Tx, qDatasetEdition, d.ID, d.Version, d.Edition+1, tx.NowUs())
	})
}

func (s *Service) readDataset(ctx context.Context, q db.Q, by authz.Actor, datasetID string) (Dataset, error) {
	d, err := datasetByID(ctx, q, datasetID)
	if err != nil {
		return Dataset{}, err
	}
	return d, DatasetPolicy.May(by, ActDatasetRead, d)
}

// ColumnFacts is what stands in one column of a dataset.
type ColumnFacts struct {
	Code    string   `json:"code"`
	Name    string   `json:"name"`
	Unit    string   `json:"unit,omitempty"`
	Group   string   `json:"group,omitempty"`
	Level   int      `json:"level"`
	Down    bool     `json:"down"` // less is better
	Weight  float64  `json:"weight"`
	Missing int64    `json:"missing"`
	Least   *float64 `json:"least"`
	Mean    *float64 `json:"mean"`
	Most    *float64 `json:"most"`
}

// DatasetDetail is a dataset with one of its editions.
type DatasetDetail struct {
	Dataset
	Shown    Edition       `json:"shown"`
	Editions []Edition     `json:"editions"`
	Columns  []ColumnFacts `json:"columns"`
	Content  Content       `json:"content"`
}

// GetDataset returns a dataset with its edition n, the latest for 0.
func (s *Service) GetDataset(
	ctx context.Context, by authz.Actor, datasetID string, n int64,
) (DatasetDetail, error) {
	q := s.unit.DB()
	d, err := s.readDataset(ctx, q, by, datasetID)
	if err != nil {
		return DatasetDetail{}, err
	}
	out := DatasetDetail{Dataset: d}
	if out.Editions, err = db.All(ctx, q, qEditions, scanEdition, d.ID); err != nil {
		return out, err
	}
	n = cmp.Or(n, d.Edition)
	at := slices.IndexFunc(out.Editions, func(e Edition) bool { return e.N == n })
	if at < 0 {
		return out, errAbsent()
	}
	out.Shown = out.Editions[at]
	if out.Content, err = s.content(ctx, q, d.ID, n); err != nil {
		return out, err
	}
	out.Columns = columnFacts(out.Content)
	return out, nil
}

func columnFacts(c Content) []ColumnFacts {
	var out []ColumnFacts
	for _, n := range c.Nodes {
		f := ColumnFacts{Code: n.Code, Name: n.Name, Unit: n.Unit, Group: n.Parent, Level: n.Level,
			Down: n.Level == 1 && n.Direction < 0, Weight: n.Weight}
		if k := slices.Index(c.Codes, n.Code); k >= 0 && n.Level == 1 {
			f.sum(c, k)
		}
		out = append(out, f)
	}
	return out
}

func (f *ColumnFacts) sum(c Content, k int) {
	var sum, n float64
	least, most := math.Inf(1), math.Inf(-1)
	for _, row := range c.Values {
		if row[k] == "" {
			f.Missing++
			continue
		}
		v := number(row[k])
		least, most, sum, n = min(least, v), max(most, v), sum+v, n+1
	}
	f.Least, f.Mean, f.Most = known(least), known(sum/n), known(most)
}

// known is a number for people and programs, nil when there is none.
func known(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// ListDatasets returns a page of the datasets that the actor may read, the newest first.
func (s *Service) ListDatasets(ctx context.Context, by authz.Actor, p db.PageReq) (db.Page[Dataset], error) {
	return db.List(ctx, s.unit.DB(), datasets, DatasetPolicy.Scope(by, ActDatasetRead), datasets.Order(""), p,
		scanDataset)
}
