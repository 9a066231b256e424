package dispatch

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Actions on series, meetings, letters and rules.
const (
	ActSeriesRead  authz.Action = "dispatch.series.read"
	ActSeriesWrite authz.Action = "dispatch.series.write"

	ActMeetingRead   authz.Action = "dispatch.meeting.read"
	ActMeetingCreate authz.Action = "dispatch.meeting.create"
	ActMeetingUpdate authz.Action = "dispatch.meeting.update" // 议程、决议、纪要
	ActMeetingRun    authz.Action = "dispatch.meeting.run"    // 通知、召开、取消
	ActMeetingSign   authz.Action = "dispatch.meeting.sign"   // 签发、退改纪要
	ActMeetingDraft  authz.Action = "dispatch.meeting.draft"  // 看未印发的决议与纪要
	ActMeetingExport authz.Action = "dispatch.meeting.export"

	ActLetterRead     authz.Action = "dispatch.letter.read"
	ActLetterCreate   authz.Action = "dispatch.letter.create"
	ActLetterUpdate   authz.Action = "dispatch.letter.update"
	ActLetterSign     authz.Action = "dispatch.letter.sign"     // 签发
	ActLetterDeliver  authz.Action = "dispatch.letter.deliver"  // 送达、办结、退回重报
	ActLetterWithdraw authz.Action = "dispatch.letter.withdraw" // 撤回
	ActLetterReply    authz.Action = "dispatch.letter.reply"
	ActLetterExport   authz.Action = "dispatch.letter.export"

	ActRuleRead  authz.Action = "dispatch.rule.read"
	ActRuleWrite authz.Action = "dispatch.rule.write"
)

// Relations of people to meetings and letters.
const (
	Invited        authz.Relation = "invited"         // acts for a member of an announced meeting
	InvitedPlace   authz.Relation = "invited-place"   // for a district that is one
	Addressee      authz.Relation = "addressee"       // acts for the unit a letter was delivered to
	AddresseePlace authz.Relation = "addressee-place" // for the district it was delivered to
)

var (
	officers = []authz.Role{authz.Officer}
	leaders  = []authz.Role{authz.Leader}
	bureau   = []authz.Role{authz.Officer, authz.Leader}
	units    = []authz.Role{authz.Department, authz.District, authz.Enterprise, authz.University}
	district = []authz.Role{authz.District}
)

// SeriesPolicy lets the bureau know its series, and officers set them up.
var SeriesPolicy = authz.NewPolicy(kindSeries, authz.Rules[Series]{
	Title: "调度会系列",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActSeriesRead, Title: "查看"},
		{Action: ActSeriesWrite, Title: "设立与修改"},
	},
	Ties: []authz.Tie[Series]{authz.TieAny[Series]()},
	Grants: slices.Concat(authz.Allow(authz.Any, bureau, ActSeriesRead),
		authz.Allow(authz.Any, officers, ActSeriesWrite)),
})

// MeetingPolicy says who may do what with meetings: officers prepare and run them, leaders chair them
// and sign their minutes, members read those that were announced to them.
var MeetingPolicy = authz.NewPolicy(kindMeeting, authz.Rules[Meeting]{
	Title: "调度会",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActMeetingRead, Title: "查看"},
		{Action: ActMeetingCreate, Title: "筹备"},
		{Action: ActMeetingUpdate, Title: "编排议程、记录决议"},
		{Action: ActMeetingRun, Title: "通知、召开与取消"},
		{Action: ActMeetingSign, Title: "签发纪要"},
		{Action: ActMeetingDraft, Title: "查看未印发的内容"},
		{Action: ActMeetingExport, Title: "导出"},
	},
	Ties: []authz.Tie[Meeting]{
		authz.TieAny[Meeting](),
		{Name: Invited, Title: "参会单位",
			Holds: func(by authz.Actor, m Meeting) bool {
				return by.Org != "" && m.NotifiedUs > 0 &&
					slices.ContainsFunc(m.Units, func(u Unit) bool { return u.Now == by.Org })
			},
			Where: func(by authz.Actor) db.Where {
				if by.Org == "" {
					return db.Nothing()
				}
				return db.Where{}.And(`m.notified_us > 0 AND EXISTS (SELECT 1 FROM dispatch_member AS u
					WHERE u.org_now = $1 AND u.holder = m.id)`, by.Org)
			}},
		{Name: InvitedPlace, Title: "参会的区县",
			Holds: func(by authz.Actor, m Meeting) bool {
				from, before, ok := authz.RegionRange(by.Region)
				return ok && m.NotifiedUs > 0 && slices.ContainsFunc(m.Units, func(u Unit) bool {
					return u.Role == authz.District && from <= string(u.Region) && string(u.Region) < before
				})
			},
			Where: func(by authz.Actor) db.Where {
				from, before, ok := authz.RegionRange(by.Region)
				if !ok {
					return db.Nothing()
				}
				return db.Where{}.And(`m.notified_us > 0 AND EXISTS (SELECT 1 FROM dispatch_member AS u
					WHERE u.role = 'district' AND u.region >= $1 AND u.region < $2 AND u.holder = m.id)`,
					from, before)
			}},
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, bureau, ActMeetingRead, ActMeetingDraft, ActMeetingExport),
		authz.Allow(authz.Any, officers, ActMeetingCreate, ActMeetingUpdate, ActMeetingRun),
		authz.Allow(authz.Any, leaders, ActMeetingSign),
		authz.Allow(Invited, units, ActMeetingRead, ActMeetingExport),
		authz.Allow(InvitedPlace, district, ActMeetingRead, ActMeetingExport)),
})

// LetterPolicy says who may do what with letters: officers draft and deliver them, leaders sign, the
// unit that got one reads and answers it.
var LetterPolicy = authz.NewPolicy(kindLetter, authz.Rules[Letter]{
	Title: "督办函",
	Blind: true,
	Verbs: []authz.Verb{
		{Action: ActLetterRead, Title: "查看"},
		{Action: ActLetterCreate, Title: "拟稿"},
		{Action: ActLetterUpdate, Title: "修改"},
		{Action: ActLetterSign, Title: "签发"},
		{Action: ActLetterDeliver, Title: "送达与办结"},
		{Action: ActLetterWithdraw, Title: "撤回"},
		{Action: ActLetterReply, Title: "回复"},
		{Action: ActLetterExport, Title: "导出"},
	},
	Ties: []authz.Tie[Letter]{
		authz.TieAny[Letter](),
		{Name: Addressee, Title: "收函单位",
			Holds: func(by authz.Actor, l Letter) bool {
				return by.Org != "" && l.DeliveredUs > 0 && l.To.Now == by.Org
			},
			Where: func(by authz.Actor) db.Where {
				if by.Org == "" {
					return db.Nothing()
				}
				return db.Where{}.And("l.delivered_us > 0 AND l.org_now = $1", by.Org)
			}},
		{Name: AddresseePlace, Title: "收函的区县",
			Holds: func(by authz.Actor, l Letter) bool {
				from, before, ok := authz.RegionRange(by.Region)
				at := string(l.To.Region)
				return ok && l.DeliveredUs > 0 && l.To.Role == authz.District && from <= at && at < before
			},
			Where: func(by authz.Actor) db.Where {
				from, before, ok := authz.RegionRange(by.Region)
				if !ok {
					return db.Nothing()
				}
				return db.Where{}.And(`l.delivered_us > 0 AND l.org_role = 'district'
					AND l.org_region >= $1 AND l.org_region < $2`, from, before)
			}},
	},
	Grants: slices.Concat(
		authz.Allow(authz.Any, bureau, ActLetterRead, ActLetterExport),
		authz.Allow(authz.Any, officers, ActLetterCreate, ActLetterUpdate, ActLetterDeliver,
			ActLetterWithdraw, ActLetterReply),
		authz.Allow(authz.Any, leaders, ActLetterSign, ActLetterWithdraw),
		authz.Allow(Addressee, units, ActLetterRead, ActLetterReply, ActLetterExport),
		authz.Allow(AddresseePlace, district, ActLetterRead, ActLetterReply, ActLetterExport)),
})

// RulePolicy lets everybody who may get a letter know when there is one, and officers set it.
var RulePolicy = authz.NewPolicy(kindRule, authz.Rules[Rule]{
	Title: "督办规则",
	Verbs: []authz.Verb{
		{Action: ActRuleRead, Title: "查看"},
		{Action: ActRuleWrite, Title: "制定"},
	},
	Ties: []authz.Tie[Rule]{authz.TieAny[Rule]()},
	Grants: slices.Concat(authz.Allow(authz.Any, slices.Concat(bureau, units), ActRuleRead),
		authz.Allow(authz.Any, officers, ActRuleWrite)),
})
