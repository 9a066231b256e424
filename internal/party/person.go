package party

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/id"
)

// Limits of a person's record.
const (
	MaxFields      = 10
	MaxField       = 40 // characters
	MaxMemberships = 100
)

// PersonData is what people write about a person.
type PersonData struct {
	Name     string   `json:"name"`
	NameEn   string   `json:"nameEn,omitempty"`
	Gender   string   `json:"gender,omitempty"`   // one of Genders, "" = not said
	IDNumber string   `json:"idNumber,omitempty"` // 公民身份号码; read back masked
	Title    string   `json:"title,omitempty"`    // 职称: 教授, 高级工程师
	Degree   string   `json:"degree,omitempty"`   // one of Degrees
	Fields   []string `json:"fields,omitempty"`   // 研究领域
	Phone    string   `json:"phone,omitempty"`    // read back masked
	Email    string   `json:"email,omitempty"`    // read back masked
	ORCID    string   `json:"orcid,omitempty"`
	Summary  string   `json:"summary,omitempty"`
	Public   bool     `json:"public,omitempty"` // in the public list of experts, with consent
}

// Person is a person as stored.
type Person struct {
	ID string `json:"id"`
	PersonData
	Archived  bool  `json:"archived,omitempty"`
	CreatedUs int64 `json:"createdUs"`
	UpdatedUs int64 `json:"updatedUs"`
	Version   int64 `json:"version"`
	// Org and OrgName are the organisation of the main membership, Duty what the person does there.
	Org     string `json:"org,omitempty"`
	OrgName string `json:"orgName,omitempty"`
	Duty    string `json:"duty,omitempty"`
	// Memberships are all of them, the present ones first; lists leave them out.
	Memberships []Membership `json:"memberships,omitempty"`

	createdBy string
	orgRegion string
	kept      kept
	locked    []string // fields that are there but do not open with the present key
	orgs      []string
}

// Membership says that a person works or worked for an organisation.
type Membership struct {
	ID      string     `json:"id"`
	Person  string     `json:"-"`
	Org     string     `json:"org"` // the record that lives now
	OrgName string     `json:"orgName"`
	Duty    string     `json:"duty,omitempty"`
	From    clock.Date `json:"from,omitempty"` // "" = not known
	To      clock.Date `json:"to,omitempty"`   // "" = goes on
	Main    bool       `json:"main,omitempty"`
	named   string     // the record that was named
	version int64
}

// Genders as GB/T 2261.1 names the two that an identity number knows.
func Genders() []Choice { return []Choice{{"male", "男"}, {"female", "女"}} }

// Degrees are academic degrees (学位), highest first.
func Degrees() []Choice {
	return []Choice{{"doctor", "博士"}, {"master", "硕士"}, {"bachelor", "学士"}, {"none", "无学位"}}
}

// farFuture lets a number be read whatever the day; Validate looks at the day.
const farFuture clock.Date = "9999-12-31"

// Normalise brings what people type into the form that is stored.
func (p *PersonData) Normalise() {
	p.Name, p.NameEn, p.Title = tidy(p.Name), tidy(p.NameEn), tidy(p.Title)
	p.Phone, p.Email = strings.TrimSpace(p.Phone), strings.TrimSpace(p.Email)
	p.ORCID = strings.ToUpper(strings.TrimSpace(p.ORCID))
	if i := strings.LastIndex(p.ORCID, "/"); i >= 0 { // as an address: https://orcid.org/0000-…
		p.ORCID = p.ORCID[i+1:]
	}
	p.Summary = strings.TrimSpace(strings.ReplaceAll(p.Summary, "\r\n", "\n"))
	p.IDNumber = strings.TrimSpace(p.IDNumber)
	if n, err := id.ParseResident(p.IDNumber, farFuture); err == nil {
		p.IDNumber = string(n)
	}
	var fields []string
	for _, f := range p.Fields {
		if f = tidy(f); f != "" && !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	p.Fields = fields
}

// Validate returns everything that is wrong with the form of the data. today is the day no birth
// may lie after.
func (p PersonData) Validate(today clock.Date) error {
	var f faults
	f.text("name", p.Name, MaxLine, true)
	f.text("nameEn", p.NameEn, MaxName, false)
	f.text("title", p.Title, MaxField, false)
	f.prose("summary", p.Summary, MaxSummary)
	if p.Gender != "" {
		f.choice("gender", p.Gender, Genders())
	}
	if p.Degree != "" {
		f.choice("degree", p.Degree, Degrees())
	}
	if p.IDNumber != "" {
		if _, err := id.ParseResident(p.IDNumber, today); err != nil {
			f.fault("idNumber", err)
		}
	}
	if p.Phone != "" && !phone(p.Phone) {
		f.add("phone", "电话应为 5 至 20 位数字，可含 + - 和空格")
	}
	if p.Email != "" && !email(p.Email) {
		f.add("email", "邮箱应写作 name@example.cn")
	}
	if p.ORCID != "" && !validORCID(p.ORCID) {
		f.add("orcid", "ORCID 应写作 0000-0002-1825-0097，请核对校验位")
	}
	if len(p.Fields) > MaxFields {
		f.add("fields", "最多 %d 个领域", MaxFields)
	}
	for i, x := range p.Fields {
		f.text("fields."+strconv.Itoa(i), x, MaxField, true)
	}
	return f.err()
}

var orcidPattern = regexp.MustCompile(`^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$`)

// validORCID checks form and check character (ISO/IEC 7064 MOD 11-2, as ORCID lays down).
func validORCID(s string) bool {
	if !orcidPattern.MatchString(s) {
		return false
	}
	total := 0
	digits := strings.ReplaceAll(s, "-", "")
	for _, r := range digits[:15] {
		total = (total + int(r-'0')) * 2
	}
	check := (12 - total%11) % 11
	want := "X"
	if check < 10 {
		want = strconv.Itoa(check)
	}
	return digits[15:] == want
}

// masked hides what only RevealPerson shows.
func (p Person) masked() Person {
	p.IDNumber, p.Phone = id.MaskResident(p.IDNumber), id.MaskPhone(p.Phone)
	p.Email = maskEmail(p.Email)
	return p
}

// shownTo is the record as the actor sees it. Who is here for the expert sees the expert, not the citizen.
func (p Person) shownTo(by authz.Actor) Person {
	out := p.masked()
	if !PersonPolicy.MaySee(by, ActPersonReveal, p) && !PersonPolicy.MaySee(by, ActPersonExport, p) {
		out.IDNumber, out.Gender = "", ""
	}
	return out
}

// personField is one field of a person for comparing, showing and auditing.
type personField struct {
	name, title string
	text        func(PersonData) string
	plain       bool // its values may stand in the audit trail
}

var personFields = []personField{
	{"name", "姓名", func(p PersonData) string { return p.Name }, true},
	{"nameEn", "英文姓名", func(p PersonData) string { return p.NameEn }, true},
	{"gender", "性别", func(p PersonData) string { return p.Gender }, false},
	{"idNumber", "身份证号码", func(p PersonData) string { return p.IDNumber }, false},
	{"title", "职称", func(p PersonData) string { return p.Title }, true},
	{"degree", "学位", func(p PersonData) string { return p.Degree }, true},
	{"fields", "研究领域", func(p PersonData) string { return strings.Join(p.Fields, "; ") }, true},
	{"phone", "电话", func(p PersonData) string { return p.Phone }, false},
	{"email", "邮箱", func(p PersonData) string { return p.Email }, false},
	{"orcid", "ORCID", func(p PersonData) string { return p.ORCID }, true},
	{"summary", "简介", func(p PersonData) string { return p.Summary }, true},
	{"public", "公开", func(p PersonData) string { return strconv.FormatBool(p.Public) }, true},
}

// PersonFieldTitle returns the Chinese title of a person's field, a key of package i18n; "" for an
// unknown one.
func PersonFieldTitle(name string) string {
	if name == "membership" {
		return "任职"
	}
	for _, f := range personFields {
		if f.name == name {
			return f.title
		}
	}
	return ""
}

// personChanges lists what differs between a and b, personal data without values.
func personChanges(a, b PersonData) []FieldChange {
	var out []FieldChange
	for _, f := range personFields {
		if f.text(a) == f.text(b) {
			continue
		}
		c := FieldChange{Field: f.name}
		if f.plain {
			c.Old, c.New = brief(f.text(a)), brief(f.text(b))
		}
		out = append(out, c)
	}
	return out
}

func fieldNames(changes []FieldChange) []string {
	out := make([]string, len(changes))
	for i, c := range changes {
		out[i] = c.Field
	}
	return out
}
