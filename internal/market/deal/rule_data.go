package deal

// usualVerifyDays is what an edition means that was written before it could say how long checking a broker
// takes: our own promise, as for other intake of the bureau.
const usualVerifyDays = 5

// usualObjectDays is what an edition means that was written before it could say how long the bureau takes to decide
// about an objection to a contract that was recorded.
const usualObjectDays = 10

// shippedRules come with the program and are used until a city sets its own. All figures are design:
// no published rule says how long an answer may take or how a broker is rated; the three grades are
// those of the outline of training for technology brokers.
var shippedRules = []Rule{{
	ID: "default-2026", RuleData: RuleData{
		Name: "默认规则", Source: "云图设计，参照各地技术转移服务规范", Mark: "design", ValidFrom: "2000-01-01",
		RuleBody: RuleBody{
			Days: map[string]int64{AwaitingNDA: 5, HalfNDA: 5, Requested: 5, Half: 5, Talking: 20,
				Intention: 20, Drafting: 20, Signed: 30, Disputed: usualObjectDays},
			ChaseDays: 5, RemindDays: 2, VerifyDays: usualVerifyDays,
			Classes: []string{"immature", "price", "parameters", "other", "rights", "funds", "timing",
				"silent"},
			Grades: []string{"junior", "middle", "senior"},
			Credit: CreditRule{Base: 60, Signed: 6, Registered: 2, Refused: 1, Overdue: -3,
				Complaint: -10, Expired: -5, Least: 0, Most: 100},
		},
	},
}}
