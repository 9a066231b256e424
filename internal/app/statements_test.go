package app_test

import (
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"

	// Every package that holds statements, so that they are registered in this test.
	_ "github.com/yuntu-city/yuntu/internal/api"
	_ "github.com/yuntu-city/yuntu/internal/app"
	_ "github.com/yuntu-city/yuntu/internal/assess"
	_ "github.com/yuntu-city/yuntu/internal/assess/assesshttp"
	_ "github.com/yuntu-city/yuntu/internal/atlas"
	_ "github.com/yuntu-city/yuntu/internal/atlas/atlashttp"
	_ "github.com/yuntu-city/yuntu/internal/audit"
	_ "github.com/yuntu-city/yuntu/internal/authz"
	_ "github.com/yuntu-city/yuntu/internal/backup"
	_ "github.com/yuntu-city/yuntu/internal/blob"
	_ "github.com/yuntu-city/yuntu/internal/cli"
	_ "github.com/yuntu-city/yuntu/internal/demo"
	_ "github.com/yuntu-city/yuntu/internal/dict"
	_ "github.com/yuntu-city/yuntu/internal/dispatch"
	_ "github.com/yuntu-city/yuntu/internal/dispatch/dispatchhttp"
	_ "github.com/yuntu-city/yuntu/internal/draft"
	_ "github.com/yuntu-city/yuntu/internal/homehttp"
	_ "github.com/yuntu-city/yuntu/internal/identity"
	_ "github.com/yuntu-city/yuntu/internal/identity/adminhttp"
	_ "github.com/yuntu-city/yuntu/internal/identity/claimhttp"
	_ "github.com/yuntu-city/yuntu/internal/identity/identityhttp"
	_ "github.com/yuntu-city/yuntu/internal/indicator"
	_ "github.com/yuntu-city/yuntu/internal/indicator/indicatorhttp"
	_ "github.com/yuntu-city/yuntu/internal/job"
	_ "github.com/yuntu-city/yuntu/internal/job/jobhttp"
	_ "github.com/yuntu-city/yuntu/internal/kit"
	_ "github.com/yuntu-city/yuntu/internal/market"
	_ "github.com/yuntu-city/yuntu/internal/market/appraise"
	_ "github.com/yuntu-city/yuntu/internal/market/appraise/appraisehttp"
	_ "github.com/yuntu-city/yuntu/internal/market/auction"
	_ "github.com/yuntu-city/yuntu/internal/market/auction/auctionhttp"
	_ "github.com/yuntu-city/yuntu/internal/market/deal"
	_ "github.com/yuntu-city/yuntu/internal/market/deal/dealhttp"
	_ "github.com/yuntu-city/yuntu/internal/market/markethttp"
	_ "github.com/yuntu-city/yuntu/internal/market/matching"
	_ "github.com/yuntu-city/yuntu/internal/market/matching/matchinghttp"
	_ "github.com/yuntu-city/yuntu/internal/market/occasion"
	_ "github.com/yuntu-city/yuntu/internal/market/show"
	_ "github.com/yuntu-city/yuntu/internal/market/show/showhttp"
	_ "github.com/yuntu-city/yuntu/internal/measure"
	_ "github.com/yuntu-city/yuntu/internal/monitor"
	_ "github.com/yuntu-city/yuntu/internal/monitor/monitorhttp"
	_ "github.com/yuntu-city/yuntu/internal/notify"
	_ "github.com/yuntu-city/yuntu/internal/notify/notifyhttp"
	_ "github.com/yuntu-city/yuntu/internal/opendata"
	_ "github.com/yuntu-city/yuntu/internal/outbox"
	_ "github.com/yuntu-city/yuntu/internal/party"
	_ "github.com/yuntu-city/yuntu/internal/party/partyhttp"
	_ "github.com/yuntu-city/yuntu/internal/plan"
	_ "github.com/yuntu-city/yuntu/internal/plan/planhttp"
	_ "github.com/yuntu-city/yuntu/internal/process"
	_ "github.com/yuntu-city/yuntu/internal/report"
	_ "github.com/yuntu-city/yuntu/internal/report/reporthttp"
	_ "github.com/yuntu-city/yuntu/internal/site"
	_ "github.com/yuntu-city/yuntu/internal/studio"
	_ "github.com/yuntu-city/yuntu/internal/studio/studiohttp"
	_ "github.com/yuntu-city/yuntu/internal/trail"
	_ "github.com/yuntu-city/yuntu/internal/unit"
	_ "github.com/yuntu-city/yuntu/internal/web"
)

// maxDialectStatements is how many statements may have two texts. More is no reason to raise it but
// to look at the decision for one SQL again.
const maxDialectStatements = 10

// Every statement of the program, and every list in every order, compiles on both databases: a
// wrong column or type is found here and not by a person who opens a page.
func TestStatementsCompile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, err := range d.Check(t.Context()) {
			t.Error(err)
		}
	})
}

func TestFewDialectStatements(t *testing.T) {
	if places := db.DialectStatements(); len(places) > maxDialectStatements {
		t.Errorf("%d statements have a text for each database, at most %d should: %v",
			len(places), maxDialectStatements, places)
	}
}

// The import list above is complete: it names every package that uses db.
func TestStatementsOfAllPackages(t *testing.T) {
	all := listPackages(t)
	var named []string
	for _, p := range all {
		if p.ImportPath == module+"/internal/app" {
			named = p.XTestImports
		}
	}
	for _, p := range all {
		folder, _ := local(p.ImportPath)
		uses := slices.Contains(p.Imports, module+"/internal/db")
		if uses && !isTestOnly(folder) && !slices.Contains(named, p.ImportPath) {
			t.Errorf("%s uses db: import it in statements_test.go", p.ImportPath)
		}
	}
}
