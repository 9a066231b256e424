package party

import (
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/typed"
)

// Limits of an organisation's record.
const (
	MaxName      = 120 // characters
	MaxSummary   = 2000
	MaxLine      = 200
	MaxAddresses = 20
	MaxContacts  = 20
	MaxAliases   = 50
)

// OrgData is what people write about an organisation.
type OrgData struct {
	Name        string      `json:"name"`
	NameEn      string      `json:"nameEn,omitempty"`
	USCC        string      `json:"uscc,omitempty"`     // 统一社会信用代码, "" when it has none
	Kind        string      `json:"kind"`               // one of OrgKinds
	Region      region.Code `json:"region"`             // GB/T 2260, where it is registered
	Industry    string      `json:"industry,omitempty"` // GB/T 4754—2017, from section to class
	Standing    string      `json:"standing"`           // one of Standings
	Founded     clock.Date  `json:"founded,omitempty"`
	LegalPerson string      `json:"legalPerson,omitempty"` // 法定代表人
	CapitalFen  money.Fen   `json:"capitalFen,omitempty"`  // registered capital, 0 = not known
	Website     string      `json:"website,omitempty"`
	Summary     string      `json:"summary,omitempty"`
	Addresses   []Address   `json:"addresses,omitempty"`
	Contacts    []Contact   `json:"contacts,omitempty"`
}

// Org is an organisation as stored.
type Org struct {
	ID string `json:"id"`
	OrgData
	State      string `json:"state"` // of the process party.org
	MergedInto string `json:"mergedInto,omitempty"`
	// StateBefore is the state a merged record had before, "" for others.
	StateBefore string `json:"-"`
	// Aliases are other names, of merged records too. GetOrganisation fills them in, lists do not.
	Aliases   []Alias `json:"aliases,omitempty"`
	CreatedUs int64   `json:"createdUs"`
	CreatedBy string  `json:"-"`
	UpdatedUs int64   `json:"updatedUs"`
	Version   int64   `json:"version"`
}

// Address is a place of an organisation. A point is stored in CGCS2000, which equals WGS-84 for
// our purposes; the one that was given, and its system, are kept beside it.
type Address struct {
	Kind   string       `json:"kind"`
	Region region.Code  `json:"region,omitempty"`
	Line   string       `json:"line"`
	Point  region.Point `json:"point,omitzero"` // as given; zero = none
}

// Contact is a person to turn to.
type Contact struct {
	Name  string `json:"name"`
	Duty  string `json:"duty,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Normalise brings what people type into the form that is stored: no space around, no full-width
// letters in codes.
func (o *OrgData) Normalise() {
	o.Name, o.NameEn = tidy(o.Name), tidy(o.NameEn)
	o.LegalPerson, o.Website = tidy(o.LegalPerson), strings.TrimSpace(o.Website)
	o.Summary = strings.TrimSpace(strings.ReplaceAll(o.Summary, "\r\n", "\n"))
	o.Industry = strings.ToUpper(strings.TrimSpace(o.Industry))
	if o.USCC = strings.TrimSpace(o.USCC); o.USCC != "" {
		if code, err := id.ParseUSCC(o.USCC); err == nil {
			o.USCC = string(code)
		}
	}
	for i := range o.Addresses {
		o.Addresses[i].Line = tidy(o.Addresses[i].Line)
	}
	for i := range o.Contacts {
		c := &o.Contacts[i]
		c.Name, c.Duty = tidy(c.Name), tidy(c.Duty)
		c.Phone, c.Email = strings.TrimSpace(c.Phone), strings.TrimSpace(c.Email)
	}
}

// tidy trims a line and makes runs of space one.
func tidy(s string) string { return typed.Line(s) }

// Validate returns everything that is wrong with the form of the data. Whether codes exist in the
// dictionaries is for the service to say.
func (o OrgData) Validate() error {
	var f faults
	f.text("name", o.Name, MaxName, true)
	f.text("nameEn", o.NameEn, MaxName, false)
	f.text("legalPerson", o.LegalPerson, MaxLine, false)
	f.prose("summary", o.Summary, MaxSummary)
	f.choice("kind", o.Kind, OrgKinds())
	f.choice("standing", o.Standing, Standings())
	if o.USCC != "" {
		if _, err := id.ParseUSCC(o.USCC); err != nil {
			f.fault("uscc", err)
		}
	}
	if o.Region == "" {
		f.add("region", "请选择所在地区")
	} else if _, err := region.Parse(string(o.Region)); err != nil {
		f.fault("region", err)
	}
	if o.Founded != "" && !o.Founded.Valid() {
		f.add("founded", "日期应写作 2026-11-20")
	}
	if o.CapitalFen < 0 {
		f.add("capitalFen", "注册资本不能为负数")
	}
	if o.Website != "" && !webAddress(o.Website) {
		f.add("website", "网址应以 http:// 或 https:// 开头")
	}
	f.addresses(o.Addresses)
	f.contacts(o.Contacts)
	return f.err()
}

// faults collects what is wrong.
type faults []fault.Field

func (f *faults) add(field, key string, args ...any) { *f = append(*f, fault.At(field, key, args...)) }

func (f *faults) err() error { return fault.Fields(*f...) }

// fault takes over the message of a parser.
func (f *faults) fault(field string, err error) {
	if e, ok := fault.As(err); ok {
		f.add(field, e.Key, e.Args...)
		return
	}
	f.add(field, "格式不正确")
}

func (f *faults) text(field, v string, limit int, required bool) {
	switch n := utf8.RuneCountInString(v); {
	case !utf8.ValidString(v), strings.ContainsRune(v, utf8.RuneError): // some decoder has lost a character
		f.add(field, "含有无法识别的字符")
	case v == "" && required:
		f.add(field, "请填写这一项")
	case n > limit:
		f.add(field, "最多 %d 个字，现有 %d 个", limit, n)
	case strings.ContainsFunc(v, unicode.IsControl):
		f.add(field, "不能含有换行或控制字符")
	}
}

func (f *faults) prose(field, v string, limit int) {
	f.text(field, strings.NewReplacer("\n", " ", "\t", " ").Replace(v), limit, false)
}

func (f *faults) choice(field, v string, choices []Choice) {
	if v == "" {
		f.add(field, "请选择一项")
	} else if titleOf(choices, v) == "" {
		f.add(field, "没有“%s”这个选项", v)
	}
}

func (f *faults) addresses(list []Address) {
	if len(list) > MaxAddresses {
		f.add("addresses", "最多 %d 个地址", MaxAddresses)
		return
	}
	for i, a := range list {
		at := "addresses." + strconv.Itoa(i) + "."
		f.choice(at+"kind", a.Kind, AddressKinds())
		f.text(at+"line", a.Line, MaxLine, true)
		if a.Region != "" {
			if _, err := region.Parse(string(a.Region)); err != nil {
				f.fault(at+"region", err)
			}
		}
		if a.Point != (region.Point{}) {
			if err := a.Point.Validate(); err != nil {
				f.fault(at+"point", err)
			}
		}
	}
}

func (f *faults) contacts(list []Contact) {
	if len(list) > MaxContacts {
		f.add("contacts", "最多 %d 位联系人", MaxContacts)
		return
	}
	for i, c := range list {
		at := "contacts." + strconv.Itoa(i) + "."
		f.text(at+"name", c.Name, MaxLine, true)
		f.text(at+"duty", c.Duty, MaxLine, false)
		if c.Phone != "" && !phone(c.Phone) {
			f.add(at+"phone", "电话应为 5 至 20 位数字，可含 + - 和空格")
		}
		if c.Email != "" && !email(c.Email) {
			f.add(at+"email", "邮箱应写作 name@example.cn")
		}
	}
}

func phone(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(phoneMarks, r):
			return false
		}
	}
	return digits >= 5 && digits <= 20 && len(s) <= 40
}

// email refuses an address that is shown in part, too: with its asterisks it would be a valid one.
func email(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && !strings.Contains(s, maskedMail)
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		len(s) <= 300 && !strings.ContainsFunc(s, unicode.IsControl)
}
