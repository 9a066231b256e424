package app_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/apptest"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

// TestOpenData: a visitor downloads what is public, by page and by API, and nothing else.
func TestOpenData(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		a := apptest.OpenOn(t, d)
		officer := authz.Actor{Account: "test", Login: "test", Role: authz.Officer, Via: authz.ViaSystem}
		o, err := a.Party.CreateOrganisation(t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
			Name: "太原云帆新材料有限公司", Kind: "enterprise", Region: "140105", Standing: "active"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			title   string
			publish bool
		}{{"寻求高导热石墨膜", true}, {"还没有审核的需求", false}} {
			p, err := a.Market.CreatePost(t.Context(), officer, market.NewPost{PostData: market.PostData{
				Kind: market.Need, Title: x.title, Text: "面内导热系数不低于 1200 W/(m·K)。", Org: o.ID, Region: "140105",
				Field: "05", Modes: []string{"licence"}, Visibility: market.Open, Deadline: "2099-12-31",
				Contact: "王小明", ContactPhone: "13800001234", NeedData: market.NeedData{NeedKind: "result"}}, Submit: true})
			if err != nil {
				t.Fatal(err)
			}
			if x.publish {
				if _, err := a.Market.FirePost(t.Context(), officer, market.PostStep{ID: p.ID, Step: "publish",
					Version: p.Version}); err != nil {
					t.Fatal(err)
				}
			}
		}
		base := apptest.Serve(t, a)
		get := func(path, tag string) (*http.Response, string) {
			t.Helper()
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
			r.Header.Set("If-None-Match", tag)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			text, _ := io.ReadAll(res.Body)
			return res, string(text)
		}
		if res, text := get("/open", ""); res.StatusCode != 200 || !strings.Contains(text, "使用许可") {
			t.Errorf("the page: %d", res.StatusCode)
		}
		for _, path := range []string{"/open/needs.csv", "/open/needs.json", "/api/v1/open/needs/file?format=json"} {
			res, text := get(path, "")
			if res.StatusCode != 200 || !strings.Contains(text, "寻求高导热石墨膜") || strings.Contains(text, "还没有审核") ||
				strings.Contains(text, "王小明") || !strings.Contains(res.Header.Get("Cache-Control"), "max-age") {
				t.Errorf("%s: %d %v %s", path, res.StatusCode, res.Header, text)
			}
			if again, _ := get(path, res.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
				t.Errorf("%s again: %d with %q", path, again.StatusCode, res.Header.Get("ETag"))
			}
		}
		a.Showcase.Open("")
		if _, text := get("/open/organisations.csv", ""); !strings.Contains(text, "示范站点数据") {
			t.Errorf("what leaves a showcase bears no mark: %.200s", text)
		}
		for path, code := range map[string]int{"/open/needs.xml": 422, "/open/secrets.csv": 404, "/open/organisations.csv": 200,
			"/open/achievements.json": 200, "/open/market-figures.csv": 200, "/open/report-figures.json": 200,
			"/api/v1/open": 200, "/api/v1/open/needs": 200} {
			if res, text := get(path, ""); res.StatusCode != code {
				t.Errorf("%s: %d, want %d: %.300s", path, res.StatusCode, code, text)
			}
		}
	})
}

// TestOpenDataInEnglish: the page of open data names its sets and their fields in English.
func TestOpenDataInEnglish(t *testing.T) {
	t.Parallel()
	a := apptest.Open(t)
	base := apptest.Serve(t, a)
	get := func(lang string) string {
		t.Helper()
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/open", nil)
		r.AddCookie(&http.Cookie{Name: "yuntu_lang", Value: lang})
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%d %v", res.StatusCode, err)
		}
		return string(text)
	}
	page := get("en")
	site := a.Site.Current()
	for _, found := range webtest.Chinese(page, site.Name, site.Organiser) {
		t.Errorf("not English: %q", found)
	}
	for _, want := range []string{"Open data", "Licence", "Meaning", "/open/needs.csv", "/open/report-figures.json"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if len(webtest.Chinese(get("zh-CN"))) == 0 {
		t.Error("the Chinese page has no Chinese: the test would find nothing")
	}
}
