package party

import (
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Codes are the dictionaries that records refer to: GB/T 2260 for regions, GB/T 4754 for
// industries. FromDict answers from the dictionary room.
type Codes interface {
	KnowsRegion(code string) bool
	KnowsIndustry(code string) bool
	RegionName(code string) string   // full name; the code itself when unknown
	IndustryName(code string) string // the same
	Regions() []Code                 // those in force, for reading names in imports
	Industries() []Code
}

// Code is one entry of a dictionary.
type Code struct {
	Code   string
	Parent string // "" at the top
	Name   string
	Silent bool // not part of a full name: 市辖区
}

type dictCodes struct{ d *dict.Service }

// FromDict answers for codes from the dictionary room, by the editions in force today.
func FromDict(d *dict.Service) Codes { return dictCodes{d} }

func (c dictCodes) KnowsRegion(code string) bool { return c.d.Has(dict.Regions, code, "") }

func (c dictCodes) KnowsIndustry(code string) bool { return c.d.Has(dict.Industries, code, "") }

func (c dictCodes) RegionName(code string) string { return c.d.RegionName(region.Code(code), "") }

func (c dictCodes) IndustryName(code string) string {
	if name, ok := c.d.Name(dict.Industries, code, ""); ok {
		return name
	}
	return code
}

func (c dictCodes) Regions() []Code { return c.all(dict.Regions) }

func (c dictCodes) Industries() []Code { return c.all(dict.Industries) }

func (c dictCodes) all(list dict.ListID) []Code {
	var out []Code
	req := db.PageReq{Limit: db.MaxLimit}
	// An officer may read the dictionaries; the names go into a program, not to a person.
	by := authz.Actor{Role: authz.Officer, Via: authz.ViaSystem}
	for {
		page, err := c.d.Items(by, dict.Query{List: list}, req)
		if err != nil {
			return out
		}
		for _, it := range page.Items {
			out = append(out, Code{Code: it.Code, Parent: it.Parent, Name: it.Name,
				Silent: it.Kind == dict.Group})
		}
		if page.Next == "" {
			return out
		}
		req.After = page.Next
	}
}
