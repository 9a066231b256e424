package atlas

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

// scatter registers organisations with points: some named themselves and nobody has checked them yet, some
// lie at the same place, at the edge of a cell, or far away.
func (x *world) scatter(seed uint64, n int) {
	x.Helper()
	r := rand.New(rand.NewPCG(seed, 2))
	for i := range n {
		lon, lat := int64(112_5000_000+r.IntN(900_000)), int64(37_8000_000+r.IntN(900_000))
		if lon -= lon % 7; i%5 == 0 {
			lon -= lon % (dotE4 * e3) // on an edge
		}
		switch i % 11 {
		case 3:
			lon, lat = 112_5512_345, 37_8612_345 // several in one house
		case 4:
			lon, lat = 116_4000_000, 39_9000_000
		}
		at := pick(r, testPlaces)
		o := party.OrgData{Name: fmt.Sprintf("太原碳纤维%d有限公司", i), Kind: pick(r, orgKinds), Region: at, Standing: "active",
			Addresses: []party.Address{{Kind: "registered", Region: at, Line: "某路 1 号",
				Point: region.Point{LonE7: lon, LatE7: lat, System: region.CGCS2000}}}}
		if i%7 == 6 {
			o.Addresses = nil
		}
		if i%4 == 1 {
			_, err := x.party.CreateClaimed(x.Context(), authz.Actor{Account: fmt.Sprint("acc", i), Role: authz.Enterprise}, o)
			x.ok(err)
			continue
		}
		made, err := x.party.CreateOrganisation(x.Context(), official, party.NewOrg{OrgData: o})
		x.ok(err)
		x.orgs = append(x.orgs, made)
	}
}

// boxes reads the cells of a list of points back.
func (p Points) boxes() map[Box]int64 {
	out := map[Box]int64{}
	var lon, lat int64
	for i := 0; i < len(p.Cells); i += 3 {
		lon, lat = lon+p.Cells[i], lat+p.Cells[i+1]
		out[Box{lon * p.CellE4, lat * p.CellE4, (lon + 1) * p.CellE4, (lat + 1) * p.CellE4}] = p.Cells[i+2]
	}
	return out
}

// Each cell of a list of points, and each dot of an overview, has as many nodes as the list of the same
// query in its box: for whoever may see them, and for those who may not.
func TestPointsLeadToTheirRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.scatter(7, 60)
		x.post(rand.New(rand.NewPCG(1, 1)), 6)
		x.follow()
		ctx := t.Context()
		counts := map[string]int64{}
		for name, by := range map[string]authz.Actor{"officer": official, "visitor": visitor} {
			for _, q := range []Query{{}, {Kinds: []string{"enterprise", KindNeed}}, {Regions: []region.Code{"140105"}},
				{Kinds: []string{KindNeed}}, {Words: []string{"碳纤维1"}}, {Since: "2026-01-01"}} {
				p, err := x.Points(ctx, by, q)
				x.ok(err)
				o, err := x.Overview(ctx, by, q)
				x.ok(err)
				if p.N != o.Points {
					t.Errorf("%s %+v: %d points, the overview has %d", name, q, p.N, o.Points)
				}
				counts[name] += p.N
				cells := p.boxes()
				for _, d := range append(o.Dots, Spread(o.Dots, 200, 5)...) {
					cells[d.Box] = d.N
				}
				for b, want := range cells {
					in := q
					in.Box = b
					if n, err := x.CountNodes(ctx, by, in); err != nil || n != want {
						t.Errorf("%s %+v: the list has %d, the point %d (%v)", name, in, n, want, err)
					}
				}
			}
		}
		if counts["visitor"] == 0 || counts["officer"] <= counts["visitor"] {
			t.Errorf("what nobody has checked is no secret: %v", counts)
		}
		house, err := x.Overview(ctx, official, Query{})
		x.ok(err)
		if e := house.Extent; !e.holds(112_5512_345, 37_8612_345) || e.EastE4 > 114_0000 && len(house.Dots) > 100 {
			t.Errorf("extent %+v", e)
		}
	})
}

// Putting points together loses nobody.
func TestCoarsen(t *testing.T) {
	t.Parallel()
	cells := map[[2]int64]int64{}
	var fine []Dots
	for i := range int64(500) {
		at := [2]int64{1_125_000 + i*37%700, 378_000 + i*91%500}
		cells[at]++
		box := Box{at[0] * dotE4, at[1] * dotE4, (at[0] + 1) * dotE4, (at[1] + 1) * dotE4}
		fine = append(fine, Dots{Box: box, N: 1, LonE4: box.WestE4, LatE4: box.SouthE4, Region: "140105"})
	}
	for _, most := range []int{1000, 100, 7} {
		var p Points
		p.pack(cells, most)
		var sum int64
		for _, n := range p.boxes() {
			sum += n
		}
		if sum != 500 || p.N != 500 || len(p.Cells) > 3*most {
			t.Errorf("%d nodes in %d cells of %d", sum, len(p.Cells)/3, p.CellE4)
		}
		sum = 0
		for _, d := range Spread(fine, dotE4, most) {
			sum += d.N
			if d.Region != "140105" || d.LonE4 < d.Box.WestE4 || d.LonE4 >= d.Box.EastE4 {
				t.Errorf("%+v", d)
			}
		}
		if sum != 500 {
			t.Errorf("%d nodes in dots", sum)
		}
	}
}

// A box is written as it is read, and nothing else is one.
func TestBox(t *testing.T) {
	t.Parallel()
	q, err := Parse("范围:112.5/37.8/112.55/37.8501 类型:企业", testNames)
	want := Box{112_5000, 37_8000, 112_5500, 37_8501}
	if err != nil || q.Box != want {
		t.Fatalf("%+v, %v", q, err)
	}
	again, err := FromAddress(q.Address(testNames), testNames)
	if err != nil || again.Box != want {
		t.Errorf("%+v, %v", again, err)
	}
	for _, bad := range []string{"1", "112.5/37.8/112.5/37.9", "112.55/37.8/112.5/37.9", "112.5/37.8/112.55", "0/0/1/1",
		"112.50001/37.8/112.55/37.9", "-112/37/113/38", "112.5/37.8/112.55/NaN", "1e2/37.8/112.55/38", "112.5/37.8/190/38"} {
		if q, err := Parse("范围:"+bad, testNames); err == nil {
			t.Errorf("%s is read as %+v", bad, q.Box)
		}
	}
	if q, err := Parse("范围:112/37/113/38 范围:112/37/113/39", testNames); err == nil {
		t.Errorf("two boxes: %+v", q)
	}
}
