package atlas

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Choice is one value of a closed list: what is stored and its Chinese title, a key of package i18n.
type Choice = market.Choice

// Classes of nodes: the room their record is kept in.
const (
	Org    = "org"
	Post   = "post"
	Deal   = "deal"
	Person = "person"
)

// Kinds of nodes beside those of organisations.
const (
	KindNeed        = string(market.Need)
	KindAchievement = string(market.Achievement)
	KindDeal        = "deal"     // 对接: goes on
	KindContract    = "contract" // 签约对接: led to a contract
	KindPerson      = "person"
	// KindPlatform is an organisation that is an innovation platform (创新平台) by its name: the registry has
	// no kind for it. What the words are is part of the rule in force.
	KindPlatform = "platform"
)

// OrgKinds are the kinds of organisations.
func OrgKinds() []Choice {
	var out []Choice
	for _, c := range party.OrgKinds() {
		out = append(out, Choice{Value: c.Value, Title: c.Title})
	}
	return out
}

// Kinds are all kinds of nodes.
func Kinds() []Choice {
	return append(OrgKinds(), Choice{Value: KindPlatform, Title: "创新平台"}, Choice{Value: KindNeed, Title: "需求"},
		Choice{Value: KindAchievement, Title: "成果"},
		Choice{Value: KindDeal, Title: "对接"}, Choice{Value: KindContract, Title: "签约对接"},
		Choice{Value: KindPerson, Title: "人才"})
}

// Fields are the technical fields.
func Fields() []Choice { return market.Fields() }

// SixNews are the classes of the six new.
func SixNews() []Choice { return market.SixNews() }

// Gaps are what records may lack.
const (
	GapRegion = "region"
	GapField  = "field"
	GapSix    = "six"
	GapPoint  = "point"
	GapPlace  = "place" // any place at all
	GapOpen   = "open"  // what a post that is to be asked for does not show
)

// Gaps are the choices of what may be missing.
func Gaps() []Choice {
	return []Choice{{Value: GapRegion, Title: "区县"}, {Value: GapField, Title: "领域"},
		{Value: GapSix, Title: "六新"}, {Value: GapPoint, Title: "坐标"}, {Value: GapPlace, Title: "地点"},
		{Value: GapOpen, Title: "公开内容"}}
}

// classOf is the class of a kind.
func classOf(kind string) string {
	switch kind {
	case KindNeed, KindAchievement:
		return Post
	case KindDeal, KindContract:
		return Deal
	case KindPerson:
		return Person
	}
	return Org
}

// shownPosts are the states of posts that are on the map: they are, or were, in the market.
var shownPosts = []string{market.Published, market.Talking, market.Signed, market.Registered,
	market.Solved, market.Challenged}

// contracts are the states of introductions that led to a contract, open those that go on.
var (
	contracts = deal.Contracted()
	open      = []string{deal.AwaitingNDA, deal.HalfNDA, deal.Requested, deal.Half, deal.Talking,
		deal.Intention, deal.Drafting, deal.Disputed}
)

// StateTitle returns the title of the state of a node, a key of package i18n, "" where it has none.
func StateTitle(n Node) string {
	switch n.Class {
	case Post:
		return market.StateTitle(market.Kind(n.Kind), n.State)
	case Deal:
		return deal.StateTitle(n.State)
	case Org:
		for _, s := range party.OrgProcess.Def().States {
			if s.Name == n.State {
				return s.Title
			}
		}
	}
	return ""
}

// Who says what class a record has.
const (
	ByOwner  = "owner"
	ByRule   = "rule"
	ByPerson = "person"
)

// Sayers are who may have said it.
func Sayers() []Choice {
	return []Choice{{Value: ByOwner, Title: "登记人填写"}, {Value: ByRule, Title: "按规则归类"},
		{Value: ByPerson, Title: "人工更正"}}
}

func known(list []Choice, value string) bool {
	return slices.ContainsFunc(list, func(c Choice) bool { return c.Value == value })
}
