package indicator

import (
	"context"
	"io"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// RankingMarks say how sure a ranking is.
func RankingMarks() []plan.Choice {
	return []plan.Choice{{Value: Verified, Title: "已核实"}, {Value: Shaky, Title: "待核实"}}
}

// RankingData is what people write about a place in a ranking.
type RankingData struct {
	Name      string       `json:"name"`
	Publisher string       `json:"publisher,omitempty"` // "" when it is not known
	Year      int64        `json:"year"`                // of the edition
	DataYear  int64        `json:"dataYear,omitempty"`  // of the data, 0 when not said
	Region    region.Code  `json:"region"`
	Place     int64        `json:"place,omitempty"` // 0 when only a band is known
	Of        int64        `json:"of,omitempty"`    // how many are ranked, 0 when not said
	Band      string       `json:"band,omitempty"`  // as published, when there is no place
	Score     plan.Decimal `json:"score,omitempty"`
	Source    string       `json:"source"` // where it was read
	URL       string       `json:"url,omitempty"`
	Day       clock.Date   `json:"day,omitempty"`  // published on
	Mark      string       `json:"mark,omitempty"` // Verified or Shaky, "" = Shaky
	Note      string       `json:"note,omitempty"`
}

// Ranking (外部排名) is a place that somebody else gave. It is stored and never computed.
type Ranking struct {
	ID string `json:"id"`
	RankingData
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
}

// maxPlace bounds a place and the number of those that are ranked.
const maxPlace = 100_000

func (d *RankingData) normalise() {
	d.Name, d.Publisher, d.Band = tidy(d.Name), tidy(d.Publisher), tidy(d.Band)
	d.Source, d.URL, d.Note = tidy(d.Source), strings.TrimSpace(d.URL), lines(d.Note)
	d.Score = plainDecimal(d.Score)
	if d.Mark == "" {
		d.Mark = Shaky
	}
}

func (d RankingData) check(f *faults) {
	f.line("name", d.Name, maxText, true)
	f.line("publisher", d.Publisher, maxText, false)
	f.between("year", d.Year, firstYear, lastYear)
	if d.DataYear != 0 {
		f.between("dataYear", d.DataYear, firstYear, lastYear)
	}
	f.place("region", d.Region)
	f.between("place", d.Place, 0, maxPlace)
	f.between("of", d.Of, 0, maxPlace)
	f.line("band", d.Band, maxUnit, false)
	switch {
	case d.Place == 0 && d.Band == "":
		f.add("place", "位次和档次至少填一项")
	case d.Of > 0 && d.Place > d.Of:
		f.add("place", "位次不能大于参评数")
	}
	f.number("score", d.Score, false)
	f.line("source", d.Source, 3*maxText, true)
	f.line("url", d.URL, 5*maxText, false)
	if u, err := url.Parse(d.URL); d.URL != "" && (err != nil || u.Host == "" ||
		u.Scheme != "http" && u.Scheme != "https") {
		f.add("url", "网址应以 http:// 或 https:// 开头")
	}
	f.day("day", d.Day, false)
	f.choice("mark", d.Mark, RankingMarks())
	f.prose("note", d.Note, false)
}

const rankingColumns = `k.id, k.name, k.publisher, k.year, k.data_year, k.region, k.place, k.of_total,
	k.band, k.score, k.source, k.url, k.day, k.mark, k.note, k.created_us, k.created_by, k.updated_us,
	k.version`

func scanRanking(r db.Row) (Ranking, error) {
	var x Ranking
	err := r.Scan(&x.ID, &x.Name, &x.Publisher, &x.Year, &x.DataYear, &x.Region, &x.Place, &x.Of, &x.Band,
		&x.Score, &x.Source, &x.URL, &x.Day, &x.Mark, &x.Note, &x.CreatedUs, &x.CreatedBy, &x.UpdatedUs,
		&x.Version)
	return x, err
}

var rankings = db.Select(rankingColumns, `indicator_ranking AS k`,
	db.Order{Name: "year", Desc: true, Cols: []db.Col{db.IntCol("k.year"), db.TextCol("k.name"),
		db.TextCol("k.id")}})

var (
	qRanking    = db.Stmt(`SELECT ` + rankingColumns + ` FROM indicator_ranking AS k WHERE k.id = $1`)
	qRankingAdd = db.Stmt(`INSERT INTO indicator_ranking (id, name, publisher, year, data_year, region, place,
			of_total, band, score, source, url, day, mark, note, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $16, 1)`)
	qRankingSet = db.Stmt(`UPDATE indicator_ranking SET name = $3, publisher = $4, year = $5, data_year = $6,
			region = $7, place = $8, of_total = $9, band = $10, score = $11, source = $12, url = $13,
			day = $14, mark = $15, note = $16, updated_us = $17, version = version + 1
		WHERE id = $1 AND version = $2`)
	qRankingDrop = db.Stmt(`DELETE FROM indicator_ranking WHERE id = $1 AND version = $2`)
	qRankingOf   = db.Stmt(`SELECT ` + rankingColumns + ` FROM indicator_ranking AS k
		WHERE k.name = $1 AND k.year = $2 AND k.region = $3`)
)

func (d RankingData) row() []any {
	return []any{d.Name, d.Publisher, d.Year, d.DataYear, string(d.Region), d.Place, d.Of, d.Band,
		string(d.Score), d.Source, d.URL, string(d.Day), d.Mark, d.Note}
}

// NewRanking is the input of CreateRanking.
type NewRanking struct {
	RankingData
	Key string `json:"-"`
}

// CreateRanking registers a place in a ranking.
func (s *Service) CreateRanking(ctx context.Context, by authz.Actor, in NewRanking) (Ranking, error) {
	if err := RankingPolicy.May(by, ActRankingWrite, Ranking{}); err != nil {
		return Ranking{}, err
	}
	in.normalise()
	var f faults
	in.check(&f)
	if err := f.err(); err != nil {
		return Ranking{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "indicator.CreateRanking", in.Key, in,
		func(tx *unit.Tx) (Ranking, error) { return s.addRanking(ctx, tx, in.RankingData) })
	return out, err
}

func (s *Service) addRanking(ctx context.Context, tx *unit.Tx, d RankingData) (Ranking, error) {
	newID := id.New()
	args := append([]any{newID}, d.row()...)
	err := db.ExecOne(ctx, tx.Tx, qRankingAdd, append(args, tx.NowUs(), tx.By().Account)...)
	if err := rankingTaken(err); err != nil {
		return Ranking{}, err
	}
	tx.Audit(audit.Entry{Kind: kindRanking, Object: newID, What: "create", Detail: d})
	tx.Emit(outbox.Event{Kind: EventRanking, Object: newID})
	return db.Get(ctx, tx, qRanking, scanRanking, newID)
}

func rankingTaken(err error) error {
	if db.Violates(err, "indicator_ranking", "name", "year", "region") {
		return fault.Fields(fault.At("name", "这个榜单、年度和地区已经登记"))
	}
	return err
}

// RankingUpdate is the input of UpdateRanking.
type RankingUpdate struct {
	ID string `json:"-"`
	RankingData
	Version int64 `json:"version"`
}

// UpdateRanking corrects a place in a ranking.
func (s *Service) UpdateRanking(ctx context.Context, by authz.Actor, in RankingUpdate) (Ranking, error) {
	var out Ranking
	in.normalise()
	err := s.unit.Write(ctx, by, "indicator.UpdateRanking", func(tx *unit.Tx) error {
		old, err := db.Get(ctx, tx, qRanking, scanRanking, in.ID)
		if err != nil {
			return err
		}
		if err := RankingPolicy.May(by, ActRankingWrite, old); err != nil {
			return err
		}
		var f faults
		in.check(&f)
		if err := f.err(); err != nil {
			return err
		}
		args := append([]any{in.ID, in.Version}, in.row()...)
		err = db.ExecOne(ctx, tx.Tx, qRankingSet, append(args, tx.NowUs())...)
		if err := rankingTaken(err); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindRanking, Object: in.ID, What: "update",
			Detail: map[string]any{"old": old.RankingData, "new": in.RankingData}})
		tx.Emit(outbox.Event{Kind: EventRanking, Object: in.ID})
		out, err = db.Get(ctx, tx, qRanking, scanRanking, in.ID)
		return err
	})
	return out, err
}

// RemoveRanking takes out a place that was registered by mistake.
func (s *Service) RemoveRanking(ctx context.Context, by authz.Actor, rankingID string, version int64) error {
	return s.unit.Write(ctx, by, "indicator.RemoveRanking", func(tx *unit.Tx) error {
		old, err := db.Get(ctx, tx, qRanking, scanRanking, rankingID)
		if err != nil {
			return err
		}
		if err := RankingPolicy.May(by, ActRankingWrite, old); err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qRankingDrop, rankingID, version); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindRanking, Object: rankingID, What: "remove", Detail: old.RankingData})
		tx.Emit(outbox.Event{Kind: EventRanking, Object: rankingID})
		return nil
	})
}

// GetRanking returns one place in a ranking.
func (s *Service) GetRanking(ctx context.Context, by authz.Actor, rankingID string) (Ranking, error) {
	x, err := db.Get(ctx, s.unit.DB(), qRanking, scanRanking, rankingID)
	if err != nil {
		return Ranking{}, err
	}
	return x, RankingPolicy.May(by, ActRankingRead, x)
}

// RankingFilter narrows a list of rankings. Zero fields do not narrow.
type RankingFilter struct {
	Region region.Code `json:"region,omitempty"`
	Year   int64       `json:"year,omitempty"`
	Name   string      `json:"name,omitempty"`
}

func (f RankingFilter) where() db.Where {
	w := db.Where{}
	if f.Region != "" {
		w = w.And("k.region = $1", string(f.Region))
	}
	if f.Year != 0 {
		w = w.And("k.year = $1", f.Year)
	}
	if f.Name != "" {
		w = w.And("k.name = $1", f.Name)
	}
	return w
}

// ListRankings returns a page of the places in rankings, the latest year first.
func (s *Service) ListRankings(
	ctx context.Context, by authz.Actor, f RankingFilter, p db.PageReq,
) (db.Page[Ranking], error) {
	if !RankingPolicy.Could(by, ActRankingRead) {
		return db.Page[Ranking]{}, RankingPolicy.May(by, ActRankingRead, Ranking{})
	}
	w := RankingPolicy.Scope(by, ActRankingRead).AndAll(f.where())
	return db.List(ctx, s.unit.DB(), rankings, w, rankings.Order(""), p, scanRanking)
}

// WriteRankings writes the rankings of a list in the form of RankingSheet.
func (s *Service) WriteRankings(
	ctx context.Context, by authz.Actor, f RankingFilter, e Export, w io.Writer,
) (int, error) {
	if !RankingPolicy.Could(by, ActRankingRead) {
		return 0, RankingPolicy.May(by, ActRankingRead, Ranking{})
	}
	where := RankingPolicy.Scope(by, ActRankingRead).AndAll(f.where())
	blank := func(n int64) any {
		if n == 0 {
			return nil
		}
		return n
	}
	rows := func(yield func([]any, error) bool) {
		stopped := false
		err := db.Stream(ctx, s.unit.DB(), rankings, where, rankings.Order(""), maxValues, scanRanking,
			func(x Ranking) error {
				if !stopped && !yield([]any{x.Name, x.Publisher, x.Year, blank(x.DataYear), s.placeName(x.Region),
					blank(x.Place), blank(x.Of), x.Band, number(x.Score), string(x.Day), x.Source, x.URL,
					plan.TitleOf(RankingMarks(), x.Mark), x.Note}, nil) {
					stopped = true
				}
				return nil
			})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
	return s.write(ctx, by, "indicator.WriteRankings", kindRanking, "外部排名", f, e, RankingSheet(), w, rows)
}
