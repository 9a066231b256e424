package assess

// RoundData is what people write about a round.
type RoundData struct {
	Title  string `json:"title"`
	Year   int64  `json:"year"`
	Region string `json:"region"`
	Scheme string `json:"scheme"` // id; its numbers are copied
	Note   string `json:"note,omitempty"`
}

// Round (考核) is one assessment of a year as stored.
type Round struct {
	ID string `json:"id"`
	RoundData
	Code       string `json:"code"`
	SchemeName string `json:"schemeName"`
	Edition    int64  `json:"edition"`
	Params     Params `json:"params"`
	ComputedUs int64  `json:"computedUs,omitempty"`
	MarkedUs   int64  `json:"-"`
	State      string `json:"state"`
	CreatedUs  int64  `json:"createdUs"`
	CreatedBy  string `json:"-"`
	UpdatedUs  int64  `json:"updatedUs"`
	Version    int64  `json:"version"`

	Units       int64 `json:"-"`
	OpenAppeals int64 `json:"-"`
}

// announced reports whether the rules of a round are public.
func (x Round) announced() bool { return x.State != Draft && x.State != Cancelled }

// Entry (被考核单位) is a unit of a round with its figures and its result.
type Entry struct {
	ID      string            `json:"id"`
	Round   string            `json:"round"`
	Org     string            `json:"org"`
	OrgNow  string            `json:"-"`
	OrgName string            `json:"orgName"`
	Region  string            `json:"region"`
	Group   string            `json:"group"`
	Facts   map[string][]Fact `json:"-"`
	FoundUs int64             `json:"foundUs,omitempty"`
	Result  *Result           `json:"result,omitempty"`
	State   string            `json:"state"` // of the round

	holder string // account that made the round
	rank   int64
	grade  string
}

// open reports whether the unit itself may see the result.
func (e Entry) open() bool {
	return e.State == Shown || e.State == Deciding || e.State == Published
}

// Appeal (申诉) is what a unit says against a part of its score.
type Appeal struct {
	ID         string `json:"id"`
	Entry      string `json:"entry"`
	OrgName    string `json:"orgName"`
	Key        string `json:"key"`
	Text       string `json:"text"`
	AnswerDays int64  `json:"answerDays"`
	State      string `json:"state"`
	CreatedUs  int64  `json:"createdUs"`
	CreatedBy  string `json:"-"`
	Login      string `json:"login"`
	UpdatedUs  int64  `json:"updatedUs"`
	Version    int64  `json:"version"`

	Answer string `json:"answer,omitempty"` // the reason of the decision, from its history

	entry  Entry
	holder string
}

// Step is the input of FireRound and FireAppeal.
type Step struct {
	ID      string `json:"-"`
	Step    string `json:"step"`
	Reason  string `json:"reason,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}
