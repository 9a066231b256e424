package atlas

import (
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Kinds of edges.
const (
	EdgeContract = "contract" // 签约合作
	EdgeTalk     = "talk"     // 对接中
	EdgeJoint    = "joint"    // 共有成果
	EdgeMember   = "member"   // 任职
)

// EdgeKinds are the kinds of edges, the firmest first.
func EdgeKinds() []Choice {
	return []Choice{{Value: EdgeContract, Title: "签约合作"}, {Value: EdgeJoint, Title: "共有成果"},
		{Value: EdgeTalk, Title: "对接中"}, {Value: EdgeMember, Title: "任职"}}
}

// ruleSummary is how much of what an organisation says of itself counts for its class, in characters.
const ruleSummary = 200

func drawOrgs(ctx context.Context, tx *db.Tx, ids []string, rule RuleParams) ([]drawn, error) {
	list, err := party.OrgsByID(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []drawn
	for _, o := range list {
		if o.MergedInto != "" {
			continue // it lives on as another
		}
		x := drawn{Node: Node{ID: o.ID, Class: Org, Kind: rule.kindOf(o.Kind, o.Name), Title: o.Name, Region: o.Region,
			State: o.State, SinceUs: o.CreatedUs, AsOfUs: o.UpdatedUs, UpdatedUs: o.UpdatedUs}, words: o.Name}
		x.lonE7, x.latE7 = pointOf(o)
		text := fold(o.Name + " " + firstRunes(o.Summary, ruleSummary))
		x.sort(rule, o.Industry, text, "")
		if x.Six = rule.sixOfOrg(o.Kind, o.Industry, x.Field, text); x.Six != "" {
			x.SixBy = ByRule
		}
		out = append(out, x)
	}
	return out, nil
}

// sort gives a node the classes that nobody said.
func (x *drawn) sort(rule RuleParams, industry, fieldText, sixText string) {
	if x.Field == "" {
		if x.Field = rule.fieldOf(industry, fieldText); x.Field != "" {
			x.FieldBy = ByRule
		}
	}
	if x.Six == "" {
		if x.Six = rule.sixOf(sixText); x.Six != "" {
			x.SixBy = ByRule
		}
	}
}

// pointOf is where an organisation is found: its office before its registered address and others.
func pointOf(o party.Org) (lonE7, latE7 int64) {
	for _, kind := range []string{"office", "registered", "plant", "laboratory"} {
		for _, a := range o.Addresses {
			if a.Kind == kind && a.Point.System != "" {
				p := a.Point.WGS84()
				return p.LonE7, p.LatE7
			}
		}
	}
	return 0, 0
}

func drawPosts(ctx context.Context, tx *db.Tx, ids []string, rule RuleParams) ([]drawn, error) {
	list, err := market.PostsByID(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []drawn
	for _, p := range list {
		if !slices.Contains(shownPosts, p.State) {
			continue
		}
		x := drawn{Node: Node{ID: p.ID, Class: Post, Kind: string(p.Kind), Code: p.Code, Title: p.Title,
			Region: p.Region, Field: p.Field, Six: p.SixNew, State: p.State, SinceUs: p.PublishedUs,
			AsOfUs: p.ConfirmedUs, UpdatedUs: p.UpdatedUs}, words: p.Title + " " + p.Code}
		if x.SinceUs == 0 {
			x.SinceUs = p.CreatedUs
		}
		if x.AsOfUs == 0 {
			x.AsOfUs = p.UpdatedUs
		}
		if x.Field != "" {
			x.FieldBy = ByOwner
		}
		if x.Six != "" {
			x.SixBy = ByOwner
		}
		// The field is shown to everybody, so only what everybody reads counts for it.
		x.sort(rule, "", fold(p.Title), fold(p.Title+" "+strings.Join(p.Keywords, " ")))
		if x.edges, err = jointOf(ctx, tx, p); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// maxHolders is how many names of holders of a post are looked at.
const maxHolders = 50

// jointOf are the organisations that hold rights of an achievement together with its owner.
func jointOf(ctx context.Context, tx *db.Tx, p market.Post) ([]edge, error) {
	var names []string
	for _, r := range p.Rights {
		for _, name := range strings.FieldsFunc(r.Holder, isHolderMark) {
			if name = strings.TrimSpace(name); name != "" && name != p.OrgName && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	owner, err := party.OrgNow(ctx, tx, p.Org)
	if err != nil || owner == "" {
		return nil, err
	}
	var out []edge
	for _, name := range names[:min(len(names), maxHolders)] {
		other, err := party.OrgNamed(ctx, tx, name)
		if err != nil {
			return nil, err
		}
		if other == owner {
			continue
		}
		out = append(out, edge{kind: EdgeJoint, a: owner, b: other, aWas: p.Org, bName: name,
			sinceUs: p.CreatedUs})
	}
	return out, nil
}

func isHolderMark(r rune) bool { return strings.ContainsRune(separators+";；/", r) }

func drawDeals(ctx context.Context, tx *db.Tx, ids []string, rule RuleParams) ([]drawn, error) {
	list, err := deal.DealsByID(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []drawn
	for _, d := range list {
		x := drawn{Node: Node{ID: d.ID, Class: Deal, Kind: KindDeal, Code: d.Code, Title: d.Title,
			Region: d.Region, Field: d.Field, State: d.State, SinceUs: d.CreatedUs, AsOfUs: d.UpdatedUs,
			UpdatedUs: d.UpdatedUs}, words: d.Title + " " + d.Code}
		e := edge{kind: EdgeTalk, aWas: d.Demand.Org, bWas: d.Supply.Org, sinceUs: d.CreatedUs}
		switch {
		case slices.Contains(contracts, d.State):
			x.Kind, e.kind = KindContract, EdgeContract
			if d.SignedOn.Valid() {
				e.sinceUs = clock.Us(d.SignedOn.Start())
			}
		case !slices.Contains(open, d.State):
			continue // it came to nothing
		}
		if x.Field != "" {
			x.FieldBy = ByOwner
		}
		x.sort(rule, "", fold(d.Title), fold(d.Title))
		if e.a, err = party.OrgNow(ctx, tx, d.Demand.Org); err != nil {
			return nil, err
		}
		if e.b, err = party.OrgNow(ctx, tx, d.Supply.Org); err != nil {
			return nil, err
		}
		if e.a != "" && e.b != "" && e.a != e.b {
			x.edges = []edge{e}
		}
		out = append(out, x)
	}
	return out, nil
}

// placeOf is the place of a person: that of the organisation of the main membership.
func placeOf(p party.Person) region.Code { return region.Code(p.RegionOfMain()) }

func drawPeople(ctx context.Context, tx *db.Tx, ids []string, rule RuleParams) ([]drawn, error) {
	list, err := party.PeopleByID(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []drawn
	for _, p := range list {
		if p.Archived {
			continue
		}
		x := drawn{Node: Node{ID: p.ID, Class: Person, Kind: KindPerson, Title: p.Name,
			Region: placeOf(p), SinceUs: p.CreatedUs, AsOfUs: p.UpdatedUs, UpdatedUs: p.UpdatedUs}, words: p.Name}
		text := fold(strings.Join(p.Fields, " "))
		x.sort(rule, "", text, text)
		for _, m := range p.Memberships {
			if m.To != "" {
				continue
			}
			e := edge{kind: EdgeMember, a: p.ID, b: m.Org, aWas: p.ID, bWas: m.Org, sinceUs: p.CreatedUs}
			if m.From.Valid() {
				e.sinceUs = clock.Us(m.From.Start())
			}
			if !slices.ContainsFunc(x.edges, func(o edge) bool { return o.b == e.b }) {
				x.edges = append(x.edges, e)
			}
		}
		out = append(out, x)
	}
	return out, nil
}
