package studio

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// kindPanel is the kind of object of panels.
const kindPanel = "studio.panel"

// Actions on panels.
const (
	ActPanelRead  authz.Action = "studio.panel.read"
	ActPanelMake  authz.Action = "studio.panel.make"
	ActPanelJudge authz.Action = "studio.panel.judge" // 比较
)

// Invited is the relation of an expert to the panels that asked for the expert.
const Invited authz.Relation = "invited"

// Limits of a panel.
const (
	MaxSeats     = composite.MaxExperts
	maxQuestions = 50
)

// Where judgements come from.
const (
	FromForm = "form" // 在线填写
	FromFile = "file" // 表格导入
)

// PanelData is what people write about a panel.
type PanelData struct {
	Title string `json:"title"`
	Note  string `json:"note,omitempty"` // what the experts should know
}

// Panel (专家组) is a group of experts who compare in pairs (层次分析法) what the groups of a scheme are
// made of. It asks about the tree as it was when it was made.
type Panel struct {
	ID     string `json:"id"`
	Scheme string `json:"scheme"`
	PanelData
	Questions []Question `json:"questions"`
	Edition   int64      `json:"edition"` // of its results, 0 before the first
	Seats     int64      `json:"seats"`
	Handed    int64      `json:"handed"` // experts who handed in
	CreatedUs int64      `json:"createdUs"`
	CreatedBy string     `json:"-"`
	UpdatedUs int64      `json:"updatedUs"`
	Version   int64      `json:"version"`

	invited []string // accounts
}

// Question is a group whose parts are compared.
type Question struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Parts []Part `json:"parts"`
}

// Part is one of the things that are compared.
type Part struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Seat (席位) is an expert of a panel with what the expert judged last.
type Seat struct {
	ID       string            `json:"id"`
	Account  string            `json:"-"`
	Name     string            `json:"name"`
	Pairs    map[string]string `json:"pairs,omitempty"` // by group: "3,1/5,…", the upper triangle by rows
	Source   string            `json:"source,omitempty"`
	HandedUs int64             `json:"handedUs,omitempty"`
	Version  int64             `json:"version"`

	// What the voice counts on the day that is looked at, "" for 1; see VoiceWeight.
	Weight       string     `json:"weight,omitempty"`
	WeightFrom   clock.Date `json:"weightFrom,omitempty"`
	WeightReason string     `json:"weightReason,omitempty"`
}

// PanelResult is one edition of what a panel came to.
type PanelResult struct {
	N      int64                          `json:"n"`
	Pool   composite.Pooling              `json:"pool"`
	Voices []Seat                         `json:"voices"`
	Groups map[string]composite.Consensus `json:"groups"`
	Note   string                         `json:"note,omitempty"`
	AtUs   int64                          `json:"atUs"`
	Login  string                         `json:"login"`
}

// Pools are the ways to make one result of several.
func Pools() []Choice {
	return []Choice{{string(composite.PoolJudgements), "合成判断（几何平均）"},
		{string(composite.PoolPriorities), "合成权重（几何平均）"}}
}

// PanelPolicy says who may do what with panels: the bureau makes them, an invited expert reads the
// questions and judges. Nobody sees what another expert judged but the bureau.
var PanelPolicy = authz.NewPolicy(kindPanel, authz.Rules[Panel]{
	Title: "专家组",
	Blind: true,
	Verbs: []authz.Verb{{Action: ActPanelRead, Title: "查看"}, {Action: ActPanelMake, Title: "组织"},
		{Action: ActPanelJudge, Title: "判断重要程度"}},
	Ties: []authz.Tie[Panel]{
		authz.TieAny[Panel](),
		{Name: Invited, Title: "受邀的",
			Holds: func(by authz.Actor, p Panel) bool { return by.Account != "" && contains(p.invited, by.Account) },
			Where: func(by authz.Actor) db.Where {
				if by.Account == "" {
					return db.Nothing()
				}
				return db.Where{}.And(`EXISTS (SELECT 1 FROM studio_seat AS t WHERE t.panel = p.id
					AND t.account = $1)`, by.Account)
			}},
	},
	Grants: append(authz.Allow(authz.Any, makers, ActPanelRead, ActPanelMake),
		authz.Allow(Invited, judges, ActPanelRead, ActPanelJudge)...),
})

// judges are the roles whose people may be invited.
var judges = []authz.Role{authz.Officer, authz.Leader, authz.Department, authz.District, authz.ChainOffice,
	authz.Enterprise, authz.University, authz.Expert}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// questionsOf are the groups of a content with two parts or more; the fault names a group with too many.
func questionsOf(c Content, f *faults) []Question {
	var out []Question
	for _, n := range c.Nodes {
		kids := c.Children(n.Code)
		if len(kids) > MaxPaired {
			f.add("title", "“%s”下有 %d 项，两两比较最多 %d 项", c.NameOf(n.Code), len(kids), MaxPaired)
		}
		if len(kids) < 2 {
			continue
		}
		q := Question{Code: n.Code, Name: c.NameOf(n.Code)}
		for _, k := range kids {
			q.Parts = append(q.Parts, Part{k.Code, c.NameOf(k.Code)})
		}
		out = append(out, q)
	}
	if len(out) == 0 || len(out) > maxQuestions {
		f.add("title", "应有 1 到 %d 个要比较的分组", maxQuestions)
	}
	return out
}

// count is how many judgements a question asks for.
func (q Question) count() int { return len(q.Parts) * (len(q.Parts) - 1) / 2 }

// matrix is what somebody judged of a question; false where something is missing.
func (q Question) matrix(pairs map[string]string) ([][]float64, bool) {
	if len(strings.Split(pairs[q.Code], ",")) != q.count() || pairs[q.Code] == "" {
		return nil, false
	}
	return Choices{Pairs: pairs}.Matrix(q.Code, len(q.Parts))
}

// check says what is wrong with judgements; the fields are those of the form.
func (p Panel) check(pairs map[string]string, f *faults) map[string]string {
	out := map[string]string{}
	for _, q := range p.Questions {
		list := strings.Split(pairs[q.Code], ",")
		for i := range q.count() {
			if i >= len(list) {
				f.add(pairField(q.Code, i), "请选择一项")
			} else if _, ok := judgement(list[i]); !ok {
				f.add(pairField(q.Code, i), "判断值应为 1 到 9 的整数或其倒数，如 3 或 1/3")
			}
		}
		out[q.Code] = pairs[q.Code]
	}
	return out
}

// pool makes results of the experts who handed in.
func (p Panel) pool(seats []Seat, how composite.Pooling) (map[string]composite.Consensus, error) {
	out := map[string]composite.Consensus{}
	for _, q := range p.Questions {
		experts := expertsOf(q, seats)
		if len(experts) == 0 {
			continue
		}
		j, err := composite.GroupAHP(experts, how)
		if err != nil {
			return nil, err
		}
		out[q.Code] = j
	}
	return out, nil
}

// expertsOf are the judgements of a question as the engine takes them.
func expertsOf(q Question, seats []Seat) []composite.Expert {
	var out []composite.Expert
	for _, x := range seats {
		if m, ok := q.matrix(x.Pairs); ok {
			out = append(out, composite.Expert{Name: x.Name, Weight: x.Counts(), Pairs: m})
		}
	}
	return out
}
