package market

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Kind of a post.
type Kind string

// The kinds.
const (
	Need        Kind = "need"        // 技术需求
	Achievement Kind = "achievement" // 科技成果
)

// Limits of a post.
const (
	MaxTitle      = 80     // characters
	MaxText       = 20_000 // of its description
	MaxLine       = 60
	MaxKeywords   = 12
	MaxParameters = 40
	MaxRights     = 50
	MaxNamed      = 30
	MaxProofs     = 13
)

// PostData is what people write about a post. What belongs to the other kind is empty.
type PostData struct {
	Kind     Kind        `json:"kind"`
	Title    string      `json:"title"`
	Text     string      `json:"text"` // 需求描述 or 成果介绍
	Org      string      `json:"org"`  // id of the organisation it belongs to
	Region   region.Code `json:"region"`
	Field    string      `json:"field"`           // 技术领域, one of Fields
	Chain    string      `json:"chain,omitempty"` // 产业链环节
	SixNew   string      `json:"sixNew,omitempty"`
	Keywords []string    `json:"keywords,omitempty"`
	Modes    []string    `json:"modes,omitempty"` // 合作方式, of Modes
	Service  string      `json:"service,omitempty"`

	// The price asked for or the budget, from and to; both zero is 面议.
	PriceLoFen money.Fen `json:"priceLoFen,omitempty"`
	PriceHiFen money.Fen `json:"priceHiFen,omitempty"`

	// TRL is the readiness (技术成熟度) that a need wants at least, or an achievement has reached: 1 to
	// 9, in the extension for business to 13; 0 says nothing.
	TRL        int         `json:"trl,omitempty"`
	Parameters []Parameter `json:"parameters,omitempty"` // wanted by a need, stated by an achievement
	Deadline   clock.Date  `json:"deadline,omitempty"`   // of a need

	Visibility Visibility `json:"visibility"`
	Named      []string   `json:"named,omitempty"` // organisations that may read it, of Named level

	Contact      string `json:"contact,omitempty"`
	ContactPhone string `json:"contactPhone,omitempty"`
	ContactMail  string `json:"contactMail,omitempty"`
	// Broker is the person (技术经理人) who looks after the post, "" for none.
	Broker string `json:"broker,omitempty"`

	NeedData
	AchievementData
}

// NeedData is what only a need has.
type NeedData struct {
	NeedKind string `json:"needKind,omitempty"` // 需求类型, one of NeedKinds
	Current  string `json:"current,omitempty"`  // 现有基础
}

// AchievementData is what only an achievement has.
type AchievementData struct {
	ResultKind  string  `json:"resultKind,omitempty"`  // 成果类别, one of ResultKinds
	Standard    string  `json:"standard,omitempty"`    // of its readiness, one of Standards
	Proofs      []Proof `json:"proofs,omitempty"`      // why it has that readiness
	Rights      []Right `json:"rights,omitempty"`      // 知识产权
	Values      Values  `json:"values,omitzero"`       // 五元价值, as its owner describes them
	Pricing     string  `json:"pricing,omitempty"`     // 定价方式, one of Pricings
	Entitlement string  `json:"entitlement,omitempty"` // 职务科技成果赋权, one of Entitlements
	// NoticeFrom and NoticeTo are the internal publication of name and price (协议定价公示).
	NoticeFrom clock.Date `json:"noticeFrom,omitempty"`
	NoticeTo   clock.Date `json:"noticeTo,omitempty"`
	PayLater   bool       `json:"payLater,omitempty"` // 先使用后付费
	Ready      bool       `json:"ready,omitempty"`    // a contract can be signed at once
}

// Parameter is an indicator (指标) with its value, wanted or stated.
type Parameter struct {
	Name  string `json:"name"`
	Op    string `json:"op"`    // one of Operators
	Value string `json:"value"` // exact decimal
	Top   string `json:"top,omitempty"`
	Unit  string `json:"unit,omitempty"`
}

// Proof is the evidence of one readiness level.
type Proof struct {
	Level int    `json:"level"`
	Text  string `json:"text"`
	File  string `json:"file,omitempty"` // blob reference
}

// Right is one intellectual property right.
type Right struct {
	Kind   string `json:"kind"` // one of RightKinds
	Number string `json:"number,omitempty"`
	Title  string `json:"title"`
	State  string `json:"state"` // one of RightStates
	Holder string `json:"holder,omitempty"`
}

// Values are the five values of an achievement (国办发〔2021〕26号).
type Values struct {
	Science    string `json:"science,omitempty"`    // 科学价值
	Technology string `json:"technology,omitempty"` // 技术价值
	Economy    string `json:"economy,omitempty"`    // 经济价值
	Society    string `json:"society,omitempty"`    // 社会价值
	Culture    string `json:"culture,omitempty"`    // 文化价值
}

// Visibility says who may know of a post once it is published (公开级别).
type Visibility string

// The levels.
const (
	Open    Visibility = "open"    // 公开: everybody reads all of it but the contact
	Request Visibility = "request" // 依申请公开: title, field and place for all, the rest after consent
	Named   Visibility = "named"   // 定向: only the organisations named know of it
)

// Post is a need or an achievement.
type Post struct {
	ID string `json:"id"`
	PostData
	Code        string `json:"code"` // XQ-2026-00012, CG-2026-00034
	OrgNow      string `json:"-"`    // the record the owner lives on as
	OrgName     string `json:"orgName"`
	State       string `json:"state"`
	PublishedUs int64  `json:"publishedUs,omitempty"` // first shown
	ConfirmedUs int64  `json:"confirmedUs,omitempty"` // last said to be still so by its owner
	FreshUntil  int64  `json:"freshUntilUs,omitempty"`
	Source      string `json:"source"` // form, paste, sheet, demo
	CreatedUs   int64  `json:"createdUs"`
	CreatedBy   string `json:"-"` // account
	UpdatedUs   int64  `json:"updatedUs"`
	Version     int64  `json:"version"`

	// Limited says that the reader sees no more of it than kind, title, field and place: its owner
	// has to consent first.
	Limited bool `json:"limited,omitempty"`

	kept     sealedContact
	namedNow []string     // the records that the organisations of Named live on as
	readers  []string     // those that were let in
	today    clock.Date   // the day on which it was loaded, where a guard asks for it
	terms    Terms        // the limits that hold for it then
	held     *fault.Error // why it cannot leave the market, where a guard asks for it
}

// Invented says whether a post is demonstration data (示范数据): everybody who sees it is told.
func (p Post) Invented() bool { return p.Source == FromDemo }

// Live says whether a post is in the market: published and not at its end.
func (p Post) Live() bool {
	switch p.State {
	case Published, Talking:
		return true
	}
	return false
}

// States of posts. Needs and achievements share the names of those that mean the same.
const (
	Draft      = "draft"      // 草稿
	Review     = "review"     // 审核中
	Returned   = "returned"   // 退回修改
	Noticed    = "noticed"    // 公示中: achievements priced by agreement
	Published  = "published"  // 已发布
	Talking    = "talking"    // 对接中
	Signed     = "signed"     // 已签约
	Registered = "registered" // 合同已登记: achievements
	Solved     = "solved"     // 已解决: needs
	Challenged = "challenged" // 转揭榜: needs
	Stale      = "stale"      // 待确认失效: nobody confirmed it, out of the market
	Withdrawn  = "withdrawn"  // 撤回
	Closed     = "closed"     // 关闭
)
