package authz_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
)

// paper is an object with every sort of relation: public state, owner, organisation, region, and
// two relations kept in a table of their own.
type paper struct {
	ID, Author, Org, Region string
	Published               bool
	Panel, Rivals           []string // persons
}

const (
	actRead   authz.Action = "lab.paper.read"
	actEdit   authz.Action = "lab.paper.edit"
	actJudge  authz.Action = "lab.paper.judge"
	actExport authz.Action = "lab.paper.export"
	actNotice authz.Action = "lab.paper.notice"
	actUnmask authz.Action = "lab.paper.unmask"

	published authz.Relation = "published"
	rival     authz.Relation = "rival"
)

var everyone = authz.Roles()[:10] // all but the administrators

var papers = authz.NewPolicy("lab.paper", paperRules())

func paperRules() authz.Rules[paper] {
	return authz.Rules[paper]{
		Title: "论文",
		Verbs: []authz.Verb{
			{Action: actRead, Title: "查看"}, {Action: actEdit, Title: "修改"},
			{Action: actJudge, Title: "评审"}, {Action: actExport, Title: "导出"},
			{Action: actNotice, Title: "通知"}, {Action: actUnmask, Title: "查看完整号码"},
		},
		Ties: []authz.Tie[paper]{
			authz.TieAny[paper](), publishedTie, ownerTie, orgTie, regionTie,
			personTie(authz.PanelMember, "评审组成员", "panel",
				func(p paper) []string { return p.Panel }),
			personTie(rival, "利益冲突", "rival", func(p paper) []string { return p.Rivals }),
		},
		Grants: slices.Concat(
			authz.Allow(published, everyone, actRead),
			authz.Allow(authz.Owner, everyone[1:], actRead, actEdit),
			authz.Allow(authz.SameOrg, []authz.Role{authz.Enterprise, authz.University},
				actRead, actExport),
			authz.Allow(authz.RegionStaff, []authz.Role{authz.Officer, authz.District},
				actRead, actExport, actNotice, actUnmask),
			authz.Allow(authz.RegionStaff, []authz.Role{authz.Officer}, actEdit),
			authz.Allow(authz.PanelMember, []authz.Role{authz.Expert}, actRead, actJudge),
			authz.Allow(authz.Any, []authz.Role{authz.Leader}, actRead, actExport),
		),
		Removals: []authz.Removal{
			{Relation: rival, Actions: []authz.Action{actJudge, actEdit, actExport}},
			{Relation: authz.Owner, Actions: []authz.Action{actJudge}},
		},
	}
}

var publishedTie = authz.Tie[paper]{
	Name: published, Title: "已公开",
	Holds: func(_ authz.Actor, p paper) bool { return p.Published },
	Where: func(authz.Actor) db.Where { return db.Where{}.And("p.published") },
}

var ownerTie = authz.TieSame(authz.Owner, "本人提交",
	func(by authz.Actor) string { return by.Account },
	func(p paper) string { return p.Author },
	func(key string) db.Where { return db.Where{}.And("p.author = $1", key) })

var orgTie = authz.TieSame(authz.SameOrg, "本单位",
	func(by authz.Actor) string { return by.Org },
	func(p paper) string { return p.Org },
	func(key string) db.Where { return db.Where{}.And("p.org = $1", key) })

var regionTie = authz.TieRegion(
	func(p paper) string { return p.Region },
	func(from, before string) db.Where {
		return db.Where{}.And("p.region >= $1 AND p.region < $2", from, before)
	})

func personTie(
	name authz.Relation, title, kind string, persons func(paper) []string,
) authz.Tie[paper] {
	return authz.Tie[paper]{
		Name: name, Title: title,
		Holds: func(by authz.Actor, p paper) bool { return slices.Contains(persons(p), by.Person) },
		Where: func(by authz.Actor) db.Where {
			return db.Where{}.And("EXISTS (SELECT 1 FROM lab_person l WHERE l.paper = p.id"+
				" AND l.kind = $1 AND l.person = $2)", kind, by.Person)
		},
	}
}

// Values objects and actors share, some malformed and some at the edges of a region.
var (
	accounts = []string{"acc-1", "acc-2", "acc-3"}
	persons  = []string{"per-1", "per-2", "per-3"}
	orgs     = []string{"org-1", "org-2", "org-3"}
	regions  = []string{
		"140000", "140100", "140105", "140106", "140199", "140200", "141000", "149900", "990000",
		"110000", "110105",
	}
	oddRegions = []string{
		"14", "1401", "1402", "140:", "15", "1401%%", "14_100", "000000", "１４０１００",
	}
)

func pool() authztest.Pool {
	return authztest.Pool{
		Accounts: accounts, Persons: persons, Orgs: orgs,
		Regions: append(slices.Clone(regions), oddRegions...), Actions: papers.Actions(),
	}
}

func somePapers(rng *rand.Rand, n int) []paper {
	some := func(values []string) []string {
		return slices.DeleteFunc(slices.Clone(values), func(string) bool { return rng.IntN(3) > 0 })
	}
	one := func(values []string) string {
		return append(values[:len(values):len(values)], "")[rng.IntN(len(values)+1)]
	}
	places := append(slices.Clone(regions), oddRegions...)
	out := make([]paper, n)
	for i := range out {
		out[i] = paper{
			ID: "paper-" + string(rune('A'+i/26)) + string(rune('a'+i%26)), Author: one(accounts),
			Org: one(orgs), Region: one(places), Published: rng.IntN(3) == 0,
			Panel: some(persons), Rivals: some(persons),
		}
	}
	return out
}

var (
	qPaperTable = db.Stmt("CREATE TABLE lab_paper (id TEXT NOT NULL PRIMARY KEY," +
		" author TEXT NOT NULL, org TEXT NOT NULL, region TEXT NOT NULL," +
		" published BOOLEAN NOT NULL)")
	qPaperRegion = db.Stmt("CREATE INDEX lab_paper_region ON lab_paper (region)")
	qPersonTable = db.Stmt("CREATE TABLE lab_person (paper TEXT NOT NULL, kind TEXT NOT NULL," +
		" person TEXT NOT NULL, PRIMARY KEY (paper, kind, person))")
	qAddPaper = db.Stmt("INSERT INTO lab_paper (id, author, org, region, published)" +
		" VALUES ($1, $2, $3, $4, $5)")
	qAddPerson = db.Stmt("INSERT INTO lab_person (paper, kind, person) VALUES ($1, $2, $3)")

	selPapers = db.Select("p.id", "lab_paper p",
		db.Order{Name: "id", Cols: []db.Col{db.TextCol("p.id")}},
		db.Order{Name: "region", Cols: []db.Col{db.TextCol("p.region"), db.TextCol("p.id")}})
)

func mustStore(t *testing.T, d *db.DB, all []paper) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, q := range []*db.Statement{qPaperTable, qPaperRegion, qPersonTable} {
			if _, err := db.Exec(t.Context(), tx, q); err != nil {
				return err
			}
		}
		for _, p := range all {
			if err := addPaper(t.Context(), tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func addPaper(ctx context.Context, tx *db.Tx, p paper) error {
	err := db.ExecOne(ctx, tx, qAddPaper, p.ID, p.Author, p.Org, p.Region, p.Published)
	for _, who := range p.Panel {
		if err == nil {
			err = db.ExecOne(ctx, tx, qAddPerson, p.ID, "panel", who)
		}
	}
	for _, who := range p.Rivals {
		if err == nil {
			err = db.ExecOne(ctx, tx, qAddPerson, p.ID, "rival", who)
		}
	}
	return err
}
