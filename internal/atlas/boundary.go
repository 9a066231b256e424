package atlas

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/geojson"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const kindBoundary = "atlas.boundary"

// BoundaryData is what people write about outlines that they bring in.
type BoundaryData struct {
	Name     string     `json:"name"`
	Approval string     `json:"approval"` // 审图号
	Source   string     `json:"source"`
	Day      clock.Date `json:"day"` // as of
}

// Boundary is a set of outlines of the districts of a city.
type Boundary struct {
	ID    string      `json:"id"`
	Place region.Code `json:"place"` // the city
	BoundaryData
	Frame     geojson.Frame `json:"-"`
	Points    int64         `json:"points"` // vertices that came in
	Kept      int64         `json:"kept"`   // and those that are drawn
	Current   bool          `json:"current"`
	Missing   []region.Code `json:"missing,omitempty"` // districts of the city that it has no outline of
	CreatedUs int64         `json:"createdUs"`
	Login     string        `json:"login"`
	Version   int64         `json:"version"`
}

// Shape is the outline of one district.
type Shape struct {
	Code region.Code `json:"code"`
	Path string      `json:"path"`
	X    int64       `json:"x"` // where its name stands
	Y    int64       `json:"y"`
}

// Of a drawing.
const (
	drawingSide = 1000 // units of its longer side
	// tolerance is what the eye does not see at that size: a third of a unit.
	tolerance = 1.0 / 3
	maxPath   = 400_000 // bytes of all outlines together
)

const boundaryColumns = `b.id, b.place, b.name, b.approval, b.source, b.day, b.frame, b.points, b.kept,
	b.current, b.created_us, b.login, b.version`

var (
	qBoundaryOf = db.Stmt(`SELECT ` + boundaryColumns + ` FROM atlas_boundary AS b WHERE b.place = $1
		AND b.current`)
	qBoundary    = db.Stmt(`SELECT ` + boundaryColumns + ` FROM atlas_boundary AS b WHERE b.id = $1`)
	qBoundaryEnd = db.Stmt(`UPDATE atlas_boundary SET current = FALSE, version = version + 1
		WHERE place = $1 AND current`)
	qBoundaryUse = db.Stmt(`UPDATE atlas_boundary SET current = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qBoundaryAdd = db.Stmt(`INSERT INTO atlas_boundary (id, place, name, approval, source, day, frame, points,
			kept, current, created_us, created_by, login, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)`)
	qShapeAdd = db.Stmt(`INSERT INTO atlas_shape (boundary, code, path, x, y) VALUES ($1, $2, $3, $4, $5)`)
	qShapes   = db.Stmt(`SELECT s.code, s.path, s.x, s.y FROM atlas_shape AS s WHERE s.boundary = $1
		ORDER BY s.code`)
	qShapeCodes = db.Stmt(`SELECT s.code FROM atlas_shape AS s WHERE s.boundary = $1`)
	boundaries  = db.Select(boundaryColumns, `atlas_boundary AS b`, db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("b.created_us"), db.TextCol("b.id")}})
)

func scanBoundary(r db.Row) (Boundary, error) {
	var b Boundary
	var frame string
	err := r.Scan(&b.ID, &b.Place, &b.Name, &b.Approval, &b.Source, &b.Day, &frame, &b.Points, &b.Kept,
		&b.Current, &b.CreatedUs, &b.Login, &b.Version)
	if err != nil {
		return b, err
	}
	return b, occasion.Decode(frame, &b.Frame)
}

func scanShape(r db.Row) (Shape, error) {
	var s Shape
	err := r.Scan(&s.Code, &s.Path, &s.X, &s.Y)
	return s, err
}

func scanShapeCode(r db.Row) (Shape, error) {
	var s Shape
	err := r.Scan(&s.Code)
	return s, err
}

// Ground is the drawing of a city's districts: outlines, or none where nobody brought any in.
type Ground struct {
	Boundary
	Shapes []Shape `json:"shapes"`
}

// GroundOf returns the outlines with which a city is drawn; without any, Shapes is empty.
func (s *Service) GroundOf(ctx context.Context, city region.Code) (Ground, error) {
	b, found, err := db.Find(ctx, s.unit.DB(), qBoundaryOf, scanBoundary, string(city))
	if err != nil || !found {
		return Ground{}, err
	}
	shapes, err := db.All(ctx, s.unit.DB(), qShapes, scanShape, b.ID)
	if err != nil || len(s.missing(city, shapes)) > 0 {
		return Ground{}, err // a district was founded since: better squares of all than outlines of some
	}
	return Ground{b, shapes}, nil
}

// NewBoundary is the input of ImportBoundary.
type NewBoundary struct {
	BoundaryData
	File io.Reader
	Key  string
}

// ImportBoundary brings in the outlines of the districts of one city from GeoJSON. From then on maps of
// the city are drawn with them and print the approval number. Outlines that lack a district are kept and
// change no map: a district without one would vanish from it. Points must be in CGCS2000 or WGS-84.
func (s *Service) ImportBoundary(
	ctx context.Context, by authz.Actor, in NewBoundary,
) (Boundary, error) {
	if err := BoundaryPolicy.May(by, ActBoundaryImport, Boundary{}); err != nil {
		return Boundary{}, err
	}
	d := &in.BoundaryData
	d.Name, d.Approval, d.Source = occasion.Tidy(d.Name), occasion.Tidy(d.Approval), occasion.Tidy(d.Source)
	var f occasion.Faults
	f.Line("name", d.Name, maxName, true)
	f.Line("source", d.Source, maxLine, true)
	if !approvalPattern.MatchString(d.Approval) {
		f.Add("approval", "审图号应写作 GS(2024)0650号 或 晋S(2023)005号")
	}
	if !d.Day.Valid() || d.Day > s.day() {
		f.Add("day", "日期应写作 2026-11-20，不晚于今天")
	}
	var features []geojson.Feature
	var city region.Code
	if in.File == nil {
		f.Add("file", "请选择文件")
	} else if list, err := geojson.Read(in.File, boundaryLimits()); err != nil {
		if err := badFile(&f, err); err != nil {
			return Boundary{}, err
		}
	} else {
		features, city = list, s.checkCodes(&f, list)
	}
	if err := f.Err(); err != nil {
		return Boundary{}, err
	}
	b := Boundary{ID: id.New(), Place: city, BoundaryData: in.BoundaryData,
		Points: int64(geojson.Points(features))}
	shapes, err := b.draw(features)
	if err != nil {
		return Boundary{}, err
	}
	missing := s.missing(city, shapes)
	sum := []any{in.BoundaryData, shapes}
	out, _, err := unit.Once(ctx, s.unit, by, "atlas.ImportBoundary", in.Key, sum, func(tx *unit.Tx) (Boundary, error) {
		if len(missing) == 0 {
			if _, err := db.Exec(ctx, tx.Tx, qBoundaryEnd, string(city)); err != nil {
				return b, err
			}
		}
		err := db.ExecOne(ctx, tx.Tx, qBoundaryAdd, b.ID, string(city), d.Name, d.Approval, d.Source, string(d.Day),
			occasion.Encode(b.Frame), b.Points, b.Kept, len(missing) == 0, tx.NowUs(), by.Account, by.Login)
		if err != nil {
			return b, err
		}
		tx.Audit(audit.Entry{Kind: kindBoundary, Object: b.ID, What: "import", Detail: b})
		rows := make([][]any, len(shapes))
		for i, x := range shapes {
			rows[i] = []any{b.ID, string(x.Code), x.Path, x.X, x.Y}
		}
		if _, err := db.InsertMany(ctx, tx.Tx, qShapeAdd, rows); err != nil {
			return b, err
		}
		made, err := db.Get(ctx, tx, qBoundary, scanBoundary, b.ID)
		made.Missing = missing
		return made, err
	})
	return out, err
}

// missing are the districts of a city that outlines lack. Places that only exist for statistics are none.
func (s *Service) missing(city region.Code, shapes []Shape) []region.Code {
	return slices.DeleteFunc(s.Districts(city), func(c region.Code) bool {
		return slices.ContainsFunc(shapes, func(x Shape) bool { return x.Code == c })
	})
}

// lacking is missing of outlines that are stored.
func (s *Service) lacking(ctx context.Context, q db.Q, b Boundary) ([]region.Code, error) {
	shapes, err := db.All(ctx, q, qShapeCodes, scanShapeCode, b.ID)
	if err != nil {
		return nil, err
	}
	return s.missing(b.Place, shapes), nil
}

// draw simplifies outlines once and makes paths of them.
func (b *Boundary) draw(features []geojson.Feature) ([]Shape, error) {
	b.Frame = geojson.FrameOf(features, drawingSide)
	thin := geojson.Simplify(features, tolerance/b.Frame.ScaleY)
	b.Kept = int64(geojson.Points(thin))
	var out []Shape
	bytes := 0
	for _, f := range thin {
		x, y := b.Frame.Center(f)
		s := Shape{Code: region.Code(f.Code), Path: b.Frame.Path(f), X: int64(x), Y: int64(y)}
		if bytes += len(s.Path); bytes > maxPath {
			return nil, fault.Fields(fault.At("file", "边界过于细碎，简化后仍超过可绘制的上限"))
		}
		out = append(out, s)
	}
	return out, nil
}

// checkCodes proves that the outlines are those of districts of one city, by the codes in force.
func (s *Service) checkCodes(f *occasion.Faults, list []geojson.Feature) region.Code {
	var city region.Code
	for _, x := range list {
		c, err := region.Parse(x.Code)
		name := s.places.plainName(c)
		switch {
		case err != nil || string(c) != x.Code || c.Level() != region.LevelCounty:
			f.Add("file", "要素 %s 的代码不是县级行政区划代码", clip(x.Code))
		case s.places.dict != nil && !s.places.knows(c):
			f.Add("file", "要素 %s 的代码不在现行代码表中", clip(x.Code))
		case x.Name != "" && name != "" && x.Name != name:
			f.Add("file", "要素 %s 在代码表中是“%s”，文件中是“%s”", string(c), name, clip(x.Name))
		case city != "" && c.City() != city:
			f.Add("file", "文件里有不止一个市的区县")
		default:
			city = c.City()
			continue
		}
		return ""
	}
	return city
}

func clip(s string) string {
	const most = 20
	if utf8.RuneCountInString(s) > most {
		return string([]rune(s)[:most]) + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// BoundaryBytes is the largest file of outlines.
const BoundaryBytes = 40 << 20

func boundaryLimits() geojson.Limits {
	l := geojson.China()
	l.Bytes = BoundaryBytes
	return l
}

// badFile says in words what is wrong with a file; a failure of the machine is returned.
func badFile(f *occasion.Faults, err error) error {
	var p *geojson.Problem
	if !errors.As(err, &p) {
		return err
	}
	switch p.What {
	case geojson.TooLarge:
		f.Add("file", "文件超过 40 MB")
	case geojson.NotJSON:
		f.Add("file", "文件不是 GeoJSON 要素集合（FeatureCollection）")
	case geojson.NoFeatures:
		f.Add("file", "文件里没有要素")
	case geojson.TooMany:
		f.Add("file", "文件里的要素超过 500 个")
	case geojson.TooFine:
		f.Add("file", "文件里的点超过 200 万个")
	case geojson.NoCode:
		f.Add("file", "第 %d 个要素没有行政区划代码（adcode 或 code）", p.Feature)
	case geojson.Twice:
		f.Add("file", "第 %d 个要素的代码 %s 重复", p.Feature, clip(p.Detail))
	case geojson.OpenRing:
		f.Add("file", "第 %d 个要素的边界没有闭合", p.Feature)
	case geojson.FlatRing:
		f.Add("file", "第 %d 个要素的边界没有面积", p.Feature)
	case geojson.Outside:
		f.Add("file", "第 %d 个要素有点在中国范围以外：%s；坐标应为经度、纬度", p.Feature, p.Detail)
	default:
		f.Add("file", "第 %d 个要素不是多边形", p.Feature)
	}
	return nil
}

// UseBoundary draws the maps of a city with these outlines, or no more.
func (s *Service) UseBoundary(
	ctx context.Context, by authz.Actor, boundaryID string, use bool, version int64,
) (Boundary, error) {
	if err := BoundaryPolicy.May(by, ActBoundaryImport, Boundary{}); err != nil {
		return Boundary{}, err
	}
	var out Boundary
	err := s.unit.Write(ctx, by, "atlas.UseBoundary", func(tx *unit.Tx) error {
		b, err := db.Get(ctx, tx, qBoundary, scanBoundary, boundaryID)
		if err != nil {
			return err
		}
		if b.Version != version {
			return occasion.Stale()
		}
		if use {
			missing, err := s.lacking(ctx, tx, b)
			if err != nil {
				return err
			}
			if len(missing) > 0 {
				return fault.Fields(fault.At("use", "还缺 %d 个区县的边界：%s；补齐后重新导入，才能用于地图", len(missing),
					s.listed(missing)))
			}
		}
		if use && !b.Current {
			if _, err := db.Exec(ctx, tx.Tx, qBoundaryEnd, string(b.Place)); err != nil {
				return err
			}
		}
		if err := db.ExecOne(ctx, tx.Tx, qBoundaryUse, b.ID, version, use); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindBoundary, Object: b.ID, What: "use", Detail: map[string]bool{"use": use}})
		out, err = db.Get(ctx, tx, qBoundary, scanBoundary, b.ID)
		return err
	})
	return out, err
}

// ListBoundaries returns a page of the outlines that were brought in, the newest first.
func (s *Service) ListBoundaries(
	ctx context.Context, by authz.Actor, p db.PageReq,
) (db.Page[Boundary], error) {
	page, err := db.List(ctx, s.unit.DB(), boundaries, BoundaryPolicy.Scope(by, ActBoundaryRead),
		boundaries.Order(""), p, scanBoundary)
	for i := range page.Items {
		if err == nil {
			page.Items[i].Missing, err = s.lacking(ctx, s.unit.DB(), page.Items[i])
		}
	}
	return page, err
}

// listed names places with their codes.
func (s *Service) listed(codes []region.Code) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = s.places.plainName(c) + " " + string(c)
	}
	return strings.Join(names, "、")
}
