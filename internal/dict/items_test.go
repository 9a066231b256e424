package dict_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
)

func codesOf(items []dict.Item) []string {
	var out []string
	for _, it := range items {
		out = append(out, it.Code)
	}
	return out
}

func items(t *testing.T, s *dict.Service) {
	for _, c := range []struct {
		name string
		q    dict.Query
		want []string
	}{
		{"top", dict.Query{List: dict.Regions, Tree: true}, []string{"110000", "120000", "130000"}},
		{"children", dict.Query{List: dict.Regions, Tree: true, Parent: "140100"},
			[]string{"140105", "140106", "140107"}},
		{"no children", dict.Query{List: dict.Regions, Tree: true, Parent: "140105"}, nil},
		{"whole list", dict.Query{List: dict.Regions}, []string{"110000", "110100", "110101"}},
		{"under", dict.Query{List: dict.Regions, Under: "141100"},
			[]string{"141100", "141102", "141121"}},
		{"name", dict.Query{List: dict.Regions, Text: " 小店 "}, []string{"140105"}},
		{"name under", dict.Query{List: dict.Regions, Under: "130000", Text: "桥西"},
			[]string{"130104", "130703"}},
		{"name among children", dict.Query{List: dict.Regions, Tree: true, Parent: "140000", Text: "太"},
			[]string{"140100"}},
		{"code", dict.Query{List: dict.Industries, Text: "c392"}, []string{"C392", "C3921", "C3922"}},
		{"named edition", dict.Query{List: dict.Industries, Edition: "2017", Tree: true, Parent: "A"},
			[]string{"A01", "A02", "A03"}},
		{"nothing", dict.Query{List: dict.Regions, Text: "亚特兰蒂斯"}, nil},
	} {
		page, err := s.Items(authz.Actor{}, c.q, db.PageReq{Limit: 3})
		if diff := cmp.Diff(c.want, codesOf(page.Items)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, diff)
		}
	}
	page, err := s.Items(authz.Actor{}, dict.Query{List: dict.Regions, Text: "太原市"}, db.PageReq{})
	want := dict.Item{Code: "140100", Parent: "140000", Name: "太原市", Children: 11}
	if err != nil || page.Items[0] != want {
		t.Errorf("%+v, %v", page.Items, err)
	}
}

// pages walks every page forwards and backwards, with pages of every kind of fit.
func pages(t *testing.T, s *dict.Service) {
	for _, q := range []dict.Query{
		{List: dict.Regions, Under: "140000"},
		{List: dict.Regions, Tree: true, Parent: "140000"}, // 11 cities
		{List: dict.Regions, Text: "140105"},
		{List: dict.Regions, Text: "亚特兰蒂斯"},
	} {
		all := codesOf(everything(t, s, q))
		for _, limit := range []int{1, 2, 5, 11, 12, 500} {
			var forward, backward []string
			req := db.PageReq{Limit: limit}
			for first := true; first || req.After != ""; first = false {
				page, err := s.Items(authz.Actor{}, q, req)
				if err != nil {
					t.Fatal(err)
				}
				if (page.Prev == "") != first {
					t.Fatalf("%+v: previous page %q of page after %q", q, page.Prev, req.After)
				}
				forward = append(forward, codesOf(page.Items)...)
				req.After = page.Next
			}
			req = db.PageReq{Limit: limit, Last: true}
			for req.Last || req.Before != "" {
				page, err := s.Items(authz.Actor{}, q, req)
				if err != nil {
					t.Fatal(err)
				}
				if (page.Next == "") != req.Last {
					t.Fatalf("%+v: next page %q of page before %q", q, page.Next, req.Before)
				}
				backward = append(codesOf(page.Items), backward...)
				req = db.PageReq{Limit: limit, Before: page.Prev}
			}
			if !slices.Equal(all, forward) || !slices.Equal(all, backward) {
				t.Errorf("%+v by %d: %d items, %d forwards, %d backwards", q, limit, len(all), len(forward),
					len(backward))
			}
		}
	}
}

func itemsRefused(t *testing.T, s *dict.Service) {
	long := string(slices.Repeat([]rune{'长'}, 51))
	for _, c := range []struct {
		name string
		by   authz.Actor
		q    dict.Query
		p    db.PageReq
		want fault.Kind
	}{
		{"unknown list", authz.Actor{}, dict.Query{List: "nothing"}, db.PageReq{}, fault.NotFound},
		{"unknown edition", authz.Actor{}, dict.Query{List: dict.Regions, Edition: "1999"}, db.PageReq{},
			fault.NotFound},
		{"unknown parent", authz.Actor{}, dict.Query{List: dict.Regions, Tree: true, Parent: "x"},
			db.PageReq{}, fault.NotFound},
		{"unknown top", authz.Actor{}, dict.Query{List: dict.Regions, Under: "' OR 1=1 --"}, db.PageReq{},
			fault.NotFound},
		{"long search", authz.Actor{}, dict.Query{List: dict.Regions, Text: long}, db.PageReq{},
			fault.Invalid},
		{"bad page", authz.Actor{}, dict.Query{List: dict.Regions}, db.PageReq{After: "x"},
			fault.Invalid},
		{"bad page back", authz.Actor{}, dict.Query{List: dict.Regions}, db.PageReq{Before: "x"},
			fault.Invalid},
		{"security administrator", authz.Actor{Role: authz.SecAdmin}, dict.Query{List: dict.Regions},
			db.PageReq{}, fault.Forbidden},
	} {
		if _, err := s.Items(c.by, c.q, c.p); fault.KindOf(err) != c.want || err == nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := s.Lists(authz.Actor{Role: authz.Auditor}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("auditor: %v", err)
	}
	if _, err := s.Years(authz.Actor{Role: authz.Auditor}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("auditor: %v", err)
	}
}
