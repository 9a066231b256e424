package market

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// kindPost is the kind of object of posts, for policies and the trail.
const kindPost = "market.post"

// Actions on posts.
const (
	// ActPostRead is to know of a post: its kind, title, field and place.
	ActPostRead authz.Action = "market.post.read"
	// ActPostWhole is to read all of it but the contact.
	ActPostWhole   authz.Action = "market.post.whole"
	ActPostContact authz.Action = "market.post.contact"
	// ActPostNamed is to see which organisations a post is for. Each of those sees only itself.
	ActPostNamed    authz.Action = "market.post.named"
	ActPostCreate   authz.Action = "market.post.create"
	ActPostUpdate   authz.Action = "market.post.update"
	ActPostConfirm  authz.Action = "market.post.confirm" // 确认仍有效
	ActPostWithdraw authz.Action = "market.post.withdraw"
	ActPostReview   authz.Action = "market.post.review"
	// ActPostAdvance is what dealing does to a post. Only Advance uses it: the rooms that call it
	// have asked their own policies whether the actor may do what moves the post.
	ActPostAdvance authz.Action = "market.post.advance"
	ActPostImport  authz.Action = "market.post.import"
	ActPostExport  authz.Action = "market.post.export"
)

// Relations of people to posts.
const (
	Shown     authz.Relation = "shown"       // it is in the market and not for named eyes only
	OpenPost  authz.Relation = "open"        // and everybody may read all of it
	NamedOrg  authz.Relation = "named-org"   // the actor's organisation is named in it
	Consented authz.Relation = "consented"   // the owner let the actor's organisation read it
	BrokerOf  authz.Relation = "broker"      // the actor looks after it
	HandedIn  authz.Relation = "handed-in"   // it has been handed in to the bureau
	Creator   authz.Relation = authz.Owner   // the actor's account wrote it
	OwnOrg    authz.Relation = authz.SameOrg // it belongs to the actor's organisation
)

// shownStates are those in which a post may be seen by others than its owner and the bureau.
var shownStates = []string{Published, Talking, Signed, Registered, Solved, Challenged}

func (p Post) shown() bool { return slices.Contains(shownStates, p.State) }

var (
	citizens = []authz.Role{authz.Public, authz.Enterprise, authz.University, authz.Expert,
		authz.Broker, authz.Department, authz.District}
	owners = []authz.Role{authz.Enterprise, authz.University, authz.Department, authz.District}
	bureau = []authz.Role{authz.Officer, authz.Leader, authz.ChainOffice}
	staff  = []authz.Role{authz.Department, authz.District}
	// dealers are all whose dealing may move a post.
	dealers = []authz.Role{authz.Enterprise, authz.University, authz.Expert, authz.Broker,
		authz.Officer, authz.Leader, authz.Department, authz.District, authz.ChainOffice}
)

// PostPolicy says who may do what with posts. The public knows of what the bureau let through; how
// much of it is read depends on its level. An owner looks after its own posts, the bureau sees what
// was handed in, and a draft is its owner's alone. Staff of a place read what is from there, but not
// what is for named eyes only.
var PostPolicy = authz.NewPolicy(kindPost, authz.Rules[Post]{
	Title: "技术供需",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActPostRead, Title: "查看"},
		{Action: ActPostWhole, Title: "查看全文"},
		{Action: ActPostContact, Title: "查看联系方式"},
		{Action: ActPostNamed, Title: "查看定向公开的单位"},
		{Action: ActPostCreate, Title: "登记"},
		{Action: ActPostUpdate, Title: "修改"},
		{Action: ActPostConfirm, Title: "确认仍有效"},
		{Action: ActPostWithdraw, Title: "撤回与关闭"},
		{Action: ActPostReview, Title: "编辑审核"},
		{Action: ActPostAdvance, Title: "随对接推进"},
		{Action: ActPostImport, Title: "批量导入"},
		{Action: ActPostExport, Title: "导出"},
	},
	Ties: []authz.Tie[Post]{
		authz.TieAny[Post](),
		tieShown(), tieOpen(),
		tieOrgs(NamedOrg, "定向公开的单位", Named, func(p Post) []string { return p.namedNow }),
		tieOrgs(Consented, "经同意的单位", Request, func(p Post) []string { return p.readers }),
		authz.TieSame(OwnOrg, "本单位",
			func(by authz.Actor) string { return by.Org },
			func(p Post) string { return p.OrgNow },
			func(key string) db.Where { return db.Where{}.And("p.org_now = $1", key) }),
		authz.TieSame(Creator, "本人登记",
			func(by authz.Actor) string { return by.Account },
			func(p Post) string { return p.CreatedBy },
			func(key string) db.Where { return db.Where{}.And("p.created_by = $1", key) }),
		authz.TieSame(BrokerOf, "经办的技术经理人",
			func(by authz.Actor) string { return by.Person },
			func(p Post) string { return p.Broker },
			func(key string) db.Where { return db.Where{}.And("p.broker = $1", key) }),
		tieHandedIn(), tieRegion(),
	},
	Grants: postGrants(),
})

func postGrants() []authz.Grant {
	var g []authz.Grant
	add := func(rel authz.Relation, roles []authz.Role, acts ...authz.Action) {
		g = append(g, authz.Allow(rel, roles, acts...)...)
	}
	officers := []authz.Role{authz.Officer}
	add(Shown, citizens, ActPostRead)
	add(OpenPost, citizens, ActPostWhole)
	add(Shown, citizens, ActPostExport) // what a list shows, a file may hold
	invited := append(slices.Clone(owners), authz.Broker)
	add(NamedOrg, invited, ActPostRead, ActPostWhole)
	add(Consented, invited, ActPostWhole)
	add(OwnOrg, owners, ActPostRead, ActPostWhole, ActPostContact, ActPostNamed, ActPostCreate, ActPostUpdate,
		ActPostConfirm, ActPostWithdraw, ActPostImport, ActPostExport)
	add(BrokerOf, []authz.Role{authz.Broker}, ActPostRead, ActPostWhole, ActPostConfirm, ActPostExport)
	add(authz.RegionStaff, staff, ActPostRead, ActPostWhole, ActPostExport)
	add(HandedIn, bureau, ActPostRead, ActPostWhole, ActPostNamed, ActPostExport)
	add(HandedIn, []authz.Role{authz.Officer, authz.Leader}, ActPostContact)
	add(HandedIn, officers, ActPostUpdate, ActPostConfirm, ActPostWithdraw, ActPostReview)
	add(Creator, officers, ActPostRead, ActPostWhole, ActPostContact, ActPostNamed, ActPostUpdate,
		ActPostWithdraw, ActPostExport)
	add(authz.Any, officers, ActPostCreate, ActPostImport)
	add(authz.Any, dealers, ActPostAdvance)
	return g
}

func tieShown() authz.Tie[Post] {
	return authz.Tie[Post]{
		Name: Shown, Title: "已发布且非定向公开",
		Holds: func(_ authz.Actor, p Post) bool { return p.shown() && p.Visibility != Named },
		Where: func(authz.Actor) db.Where {
			return whereShown().And("p.visibility <> 'named'")
		},
	}
}

func tieOpen() authz.Tie[Post] {
	return authz.Tie[Post]{
		Name: OpenPost, Title: "已发布且公开",
		Holds: func(_ authz.Actor, p Post) bool { return p.shown() && p.Visibility == Open },
		Where: func(authz.Actor) db.Where { return whereShown().And("p.visibility = 'open'") },
	}
}

func whereShown() db.Where {
	return db.Where{}.And(`p.state IN ('published', 'talking', 'signed', 'registered', 'solved',
		'challenged')`)
}

// tieOrgs is the relation of those who act for one of the organisations that a shown post of a level
// keeps.
func tieOrgs(
	name authz.Relation, title string, level Visibility, orgs func(Post) []string,
) authz.Tie[Post] {
	return authz.Tie[Post]{
		Name: name, Title: title,
		Holds: func(by authz.Actor, p Post) bool {
			return by.Org != "" && p.shown() && p.Visibility == level && slices.Contains(orgs(p), by.Org)
		},
		Where: func(by authz.Actor) db.Where {
			if by.Org == "" {
				return db.Nothing()
			}
			w := whereShown().And("p.visibility = $1", string(level))
			if level == Named {
				return w.And(`EXISTS (SELECT 1 FROM market_named AS n WHERE n.org_now = $1
					AND n.post = p.id)`, by.Org)
			}
			return w.And(`EXISTS (SELECT 1 FROM market_reader AS n WHERE n.org_now = $1
				AND n.post = p.id)`, by.Org)
		},
	}
}

func tieHandedIn() authz.Tie[Post] {
	return authz.Tie[Post]{
		Name: HandedIn, Title: "已提交",
		Holds: func(_ authz.Actor, p Post) bool { return p.State != Draft },
		Where: func(authz.Actor) db.Where { return db.Where{}.And("p.state <> 'draft'") },
	}
}

// tieRegion is the relation of staff to what was handed in from their region and is not for named
// eyes only.
func tieRegion() authz.Tie[Post] {
	t := authz.TieRegion(
		func(p Post) string { return string(p.Region) },
		func(from, before string) db.Where {
			return db.Where{}.And("p.region >= $1 AND p.region < $2", from, before).
				And("p.state <> 'draft' AND p.visibility <> 'named'")
		})
	inside := t.Holds
	t.Holds = func(by authz.Actor, p Post) bool {
		return p.State != Draft && p.Visibility != Named && inside(by, p)
	}
	return t
}
