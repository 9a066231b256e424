package atlas

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

var (
	qSpoilForm  = db.Stmt(`UPDATE outbox_cursor SET form = 'old' WHERE name = 'atlas.map'`)
	qSpoilNodes = db.Stmt(`UPDATE atlas_node SET six = '', six_by = '', kind = 'other' WHERE class = 'org'`)
	qSpoilDrop  = db.Stmt(`DELETE FROM atlas_node WHERE class IN ('post', 'person')`)
	qSpoilMore  = db.Stmt(`INSERT INTO atlas_node (id, class, kind, code, title, words, region, field, field_by, six,
		six_by, lon_e7, lat_e7, state, since_us, as_of_us, updated_us) VALUES ('zz-none', 'org', 'enterprise', '', 'x', 'x',
		'', '', '', '', '', 0, 0, '', 1, 1, 1)`)
	qRenewals = db.Stmt(`SELECT COUNT(*) FROM job WHERE kind = 'atlas.renew'`)
)

// age makes the map one that an older program drew: with other classes, without classes of records that it did
// not know, with a record that is no more.
func (x *world) age() {
	x.Helper()
	x.ok(x.db.Write(x.Context(), func(tx *db.Tx) error {
		for _, q := range []*db.Statement{qSpoilForm, qSpoilNodes, qSpoilDrop, qSpoilMore} {
			if _, err := db.Exec(x.Context(), tx, q); err != nil {
				return err
			}
		}
		return nil
	}))
}

// restart is a process of its own that follows the feed.
func (x *world) restart() *outbox.Dispatcher {
	return outbox.NewDispatcher(x.db, x.clock, outbox.Options{}, x.market.Follower(), x.deal.Follower(), x.Follower())
}

func (x *world) renewals() int64 {
	x.Helper()
	n, err := db.Get(x.Context(), x.db, qRenewals, db.One[int64])
	x.ok(err)
	return n
}

// A map that another form of the program made is made anew by the server itself, once, and shown as it was until
// then. A map of this form is not.
func TestOldMapIsRenewedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		ctx := t.Context()
		x.fill(3, 16, 24, 20)
		x.follow()
		x.ok(x.restart().CatchUp(ctx))
		if n := x.renewals(); n != 0 {
			t.Fatalf("%d renewals of a map that is as it should be", n)
		}
		want := x.snapshot()
		x.age()
		old := x.snapshot()
		for range 2 { // two processes start
			x.ok(x.restart().CatchUp(ctx))
		}
		if diff := len(x.snapshot()); diff != len(old) || x.renewals() != 1 {
			t.Errorf("before the job: %d rows, had %d; %d renewals", diff, len(old), x.renewals())
		}
		x.work()
		got := x.snapshot()
		for id, was := range want {
			if got[id] != was {
				t.Errorf("made anew %v, want %v", got[id], was)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d rows, want %d", len(got), len(want))
		}
		x.ok(x.restart().CatchUp(ctx))
		x.work()
		if n := x.renewals(); n != 1 {
			t.Errorf("%d renewals", n)
		}
		if now, err := outbox.FormOf(ctx, d, consumerName); err != nil || now != form {
			t.Errorf("the map is of form %q, want %q, %v", now, form, err)
		}
	})
}

// A renewal that was cancelled leaves the old map, of the old form, and the next start asks again.
func TestCancelledRenewal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		x.fill(3, 8, 4, 0)
		x.follow()
		x.age()
		x.ok(x.restart().CatchUp(t.Context()))
		stopped, stop := context.WithCancel(t.Context())
		stop()
		if err := x.renew(stopped, &job.Run{}); !errors.Is(err, context.Canceled) {
			t.Errorf("renewed although it was told to stop: %v", err)
		}
		list, err := x.desk.List(t.Context(), administrator, job.Filter{}, "", db.PageReq{})
		if err != nil || len(list.Items) != 1 {
			t.Fatalf("%+v, %v", list.Items, err)
		}
		x.ok(x.desk.Cancel(t.Context(), administrator, list.Items[0].ID, "稍后再做"))
		x.work()
		if now, err := outbox.FormOf(t.Context(), d, consumerName); err != nil || now != "old" {
			t.Errorf("the map is of form %q, %v", now, err)
		}
		x.ok(x.restart().CatchUp(t.Context()))
		x.work()
		if now, err := outbox.FormOf(t.Context(), d, consumerName); err != nil || now != form {
			t.Errorf("the map is of form %q, %v", now, err)
		}
	})
}

var administrator = authz.Actor{Account: "acc-sys", Login: "sys", Role: authz.SysAdmin, Via: authz.ViaSession}

// drawnForm is what a small city of every sort of record is drawn as, with the form in which that was so.
const drawnForm = "1 6ce0385840b90b0d"

// When records are drawn otherwise, the maps of those who upgrade have to be made anew: raise mapForm, and write
// down what this test prints.
func TestFormNamesHowRecordsAreDrawn(t *testing.T) {
	x := newWorld(t, dbtest.SQLite(t))
	x.fill(11, 20, 40, 20)
	for i, kind := range party.OrgKinds() {
		for j, industry := range []string{"", "C26", "C3922", "I651", "A011", "Q84"} {
			name := []string{"并州实验室", "汾河传感装备", "晋阳中心"}[(i+j)%3]
			_, err := x.party.CreateOrganisation(t.Context(), official, party.NewOrg{OrgData: party.OrgData{
				Name: fmt.Sprintf("%s%d-%d", name, i, j), Kind: kind.Value, Region: region.Code("140105"), Standing: "active",
				Industry: industry, Summary: []string{"", "研发碳纤维材料", "工业互联网服务"}[(i*j)%3]}})
			x.ok(err)
		}
	}
	x.follow()
	var lines []string
	x.ok(db.Stream(t.Context(), x.db, plainNodes, db.Where{}, plainNodes.Order(""), 0, scanNode, func(n Node) error {
		lines = append(lines, fmt.Sprint(n.Class, n.Kind, n.Title, n.Region, n.Field, n.FieldBy, n.Six, n.SixBy, n.State,
			n.HasPoint(), n.SinceUs == 0, n.AsOfUs == 0, n.UpdatedUs == 0))
		return nil
	}))
	x.ok(db.Each(t.Context(), x.db, qAllEdges, func(r db.Row) error {
		var id, text string
		err := r.Scan(&id, &text)
		lines = append(lines, strings.SplitN(text, ":", 2)[0])
		return err
	}))
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	if got := fmt.Sprint(mapForm, " ", hex.EncodeToString(sum[:8])); got != drawnForm {
		t.Errorf("%d lines are drawn as %q, written down is %q: see mapForm", len(lines), got, drawnForm)
	}
}

// A rule says which kinds of organisations have a class and which industries and fields lead to it. It is checked
// in words, kept as it was where nothing is said, and the map is made anew by it.
func TestRuleOfIndustriesFieldsAndKinds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		ctx := t.Context()
		firm, err := x.party.CreateOrganisation(ctx, official, party.NewOrg{OrgData: party.OrgData{Name: "并州某某厂",
			Kind: "enterprise", Region: "140105", Standing: "active", Industry: "C2611"}})
		x.ok(err)
		clinic, err := x.party.CreateOrganisation(ctx, official, party.NewOrg{OrgData: party.OrgData{Name: "并州某某院",
			Kind: "hospital", Region: "140105", Standing: "active", Industry: "Q8411"}})
		x.ok(err)
		six := func(id string) string {
			t.Helper()
			n, err := x.GetNode(ctx, official, id)
			x.ok(err)
			return n.Six
		}
		x.follow()
		if a, b := six(firm.ID), six(clinic.ID); a != "material" || b != "" {
			t.Errorf("by the shipped rule: %q and %q", a, b)
		}
		rule := func(p RuleParams) NewRule {
			return NewRule{RuleData: RuleData{Name: "本市规则", Source: "市局", RuleParams: p}}
		}
		words := []string{"新品"}
		for at, p := range map[string]RuleParams{
			"kinds":              {Six: []SixRule{{Class: "product", Words: words}}, Kinds: []string{}},
			"industries.product": {Six: []SixRule{{Class: "product", Words: words, Industries: []string{"Z99"}}}},
			"sixFields.product":  {Six: []SixRule{{Class: "product", Words: words, Fields: []string{"99"}}}},
			"industries.material": {Six: []SixRule{{Class: "product", Words: words, Industries: []string{"C26"}},
				{Class: "material", Industries: []string{"C28", "C26"}}}},
			"six": {Six: []SixRule{{Class: "product"}}},
			"fieldIndustries.01": {Six: []SixRule{{Class: "product", Words: words}},
				Fields: []FieldRule{{Field: "01", Industries: []string{"c39"}}}},
		} {
			_, err := x.AddRule(ctx, official, rule(p))
			e, ok := fault.As(err)
			if !ok || !slices.ContainsFunc(e.Fields, func(f fault.Field) bool { return f.Name == at && f.Key != "" }) {
				t.Errorf("wrong at %s: %v", at, err)
			}
		}
		_, err = x.AddRule(ctx, firmActor, rule(RuleParams{Six: []SixRule{{Class: "product", Words: words}}}))
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("a firm sets the rule: %v", err)
		}
		got, err := x.AddRule(ctx, official, rule(RuleParams{Kinds: []string{"enterprise", "hospital"},
			Six: []SixRule{{Class: "product", Words: words, Industries: []string{"C26", "C27"}},
				{Class: "material", Industries: []string{"C28"}}, {Class: "business", Fields: []string{"04"}}}}))
		x.ok(err)
		i := slices.IndexFunc(got.Six, func(r SixRule) bool { return r.Class == "equipment" })
		if i < 0 || len(got.Six[i].Words) != 0 || !slices.Contains(got.Six[i].Industries, "C34") ||
			len(got.Platforms) == 0 {
			t.Errorf("what nothing was said of: %+v", got.Six)
		}
		if a := six(firm.ID); a != "material" {
			t.Errorf("before the job: %q", a)
		}
		x.follow()
		if a, b := six(firm.ID), six(clinic.ID); a != "product" || b != "business" {
			t.Errorf("by the city's rule: %q and %q", a, b)
		}
	})
}

var firmActor = authz.Actor{Account: "acc-f", Login: "f", Role: authz.Enterprise, Via: authz.ViaSession}

// A rule that was written before it could say kinds, industries and fields means those that ship.
func TestOldRuleIsCompleted(t *testing.T) {
	old := RuleParams{Six: []SixRule{{Class: "product", Words: []string{"新品"}}}}.whole()
	for _, c := range []struct{ kind, industry, field, text, want string }{
		{"enterprise", "C26", "", "某某厂", "material"},
		{"enterprise", "C26", "", "新品厂", "product"},
		{"enterprise", "", "05", "某某厂", "material"},
		{"enterprise", "C39", "05", "某某厂", "technology"},
		{"enterprise", "I6450", "", "某某厂", "infrastructure"},
		{"enterprise", "", "", "碳纤维厂", ""},
		{"institute", "", "09", "某某站", "product"},
		{"hospital", "C26", "05", "新品院", ""},
	} {
		if got := old.sixOfOrg(c.kind, c.industry, c.field, c.text); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
