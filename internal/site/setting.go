package site

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Settings is everything an operator says about the site. Empty lines are not shown.
type Settings struct {
	Name          string `json:"name"`          // 站点名称
	NameEn        string `json:"nameEn"`        // English name
	Region        string `json:"region"`        // GB/T 2260 code of the city or district
	Organiser     string `json:"organiser"`     // 主办单位
	Operator      string `json:"operator"`      // 承办单位
	Phone         string `json:"phone"`         // 联系电话
	ICP           string `json:"icp"`           // ICP 备案号
	Police        string `json:"police"`        // 公安备案号
	SiteCode      string `json:"siteCode"`      // 网站标识码
	PartyGovURL   string `json:"partyGovUrl"`   // 党政机关网站标识
	CorrectionURL string `json:"correctionUrl"` // 我为政府网站找错
	AccessURL     string `json:"accessUrl"`     // 适老化与无障碍说明
	MapApproval   string `json:"mapApproval"`   // 审图号
	Quiet         string `json:"quiet"`         // 免打扰时段 of mails: 22:00-07:30, "" for none
	MailDays      string `json:"mailDays"`      // 邮件发送日: "" for every day, "working"
	Version       int64  `json:"version"`
}

// Field describes one setting for forms and documents.
type Field struct {
	Name  string // JSON and form name
	Title string // Chinese key
	Hint  string // Chinese key, may be ""
	Max   int    // characters
	value func(*Settings) *string
	check func(string) string // returns a message key, "" when fine

	Choices []Choice // nil: any text
}

// Choice is one value of a setting with its Chinese title, a key of package i18n.
type Choice struct{ Value, Title string }

// Working are the days of mails when they come on working days only.
const Working = "working"

// Fields returns the settings in the order of the form.
func Fields() []Field { return fields }

var fields = []Field{
	{"name", "站点名称", "显示在每一页的左上角", 40, func(s *Settings) *string { return &s.Name }, required, nil},
	{"nameEn", "英文名称", "", 80, func(s *Settings) *string { return &s.NameEn }, nil, nil},
	{"region", "所在城市的行政区划代码", "六位数字，如 140100", 6,
		func(s *Settings) *string { return &s.Region }, regionCode, nil},
	{"organiser", "主办单位", "", 60, func(s *Settings) *string { return &s.Organiser }, nil, nil},
	{"operator", "承办单位", "", 60, func(s *Settings) *string { return &s.Operator }, nil, nil},
	{"phone", "联系电话", "", 40, func(s *Settings) *string { return &s.Phone }, nil, nil},
	{"icp", "ICP 备案号", "如 晋ICP备00000000号", 40, func(s *Settings) *string { return &s.ICP }, nil, nil},
	{"police", "公安备案号", "", 40, func(s *Settings) *string { return &s.Police }, nil, nil},
	{"siteCode", "网站标识码", "十位数字", 10, func(s *Settings) *string { return &s.SiteCode }, siteCode, nil},
	{"partyGovUrl", "党政机关网站标识链接", "", 300,
		func(s *Settings) *string { return &s.PartyGovURL }, address, nil},
	{"correctionUrl", "网站纠错链接", "", 300,
		func(s *Settings) *string { return &s.CorrectionURL }, address, nil},
	{"accessUrl", "适老化与无障碍说明链接", "", 300,
		func(s *Settings) *string { return &s.AccessURL }, address, nil},
	{"mapApproval", "审图号", "导入地图边界后填写", 60,
		func(s *Settings) *string { return &s.MapApproval }, nil, nil},
	{"quiet", "汇总邮件的免打扰时段", "如 22:00-07:30，不填则不设；个人可另行设置", 11,
		func(s *Settings) *string { return &s.Quiet }, quietHours, nil},
	{"mailDays", "汇总邮件的发送日", "个人可另行设置", 10, func(s *Settings) *string { return &s.MailDays },
		mailDays, []Choice{{"", "每天都可以"}, {Working, "只在工作日"}}},
}

// Value returns the setting called name.
func (s Settings) Value(name string) string {
	for _, f := range fields {
		if f.Name == name {
			return *f.value(&s)
		}
	}
	return ""
}

// With returns s with the setting called name changed. An unknown name changes nothing.
func (s Settings) With(name, value string) Settings {
	for _, f := range fields {
		if f.Name == name {
			*f.value(&s) = value
		}
	}
	return s
}

// Validate trims every value and returns all that is wrong.
func (s *Settings) Validate() error {
	var wrong []fault.Field
	for _, f := range fields {
		v := f.value(s)
		*v = strings.TrimSpace(*v)
		if n := utf8.RuneCountInString(*v); n > f.Max {
			wrong = append(wrong, fault.At(f.Name, "最多 %d 个字，现有 %d 个", f.Max, n))
			continue
		}
		if strings.ContainsFunc(*v, func(r rune) bool { return r < ' ' }) {
			wrong = append(wrong, fault.At(f.Name, "不能含有换行或控制字符"))
			continue
		}
		if f.check == nil {
			continue
		}
		if key := f.check(*v); key != "" {
			wrong = append(wrong, fault.At(f.Name, key))
		}
	}
	return fault.Fields(wrong...)
}

func required(v string) string {
	if v == "" {
		return "请填写这一项"
	}
	return ""
}

var (
	sixDigits = regexp.MustCompile(`^[1-9][0-9]{5}$`)
	tenDigits = regexp.MustCompile(`^[0-9]{10}$`)
)

func regionCode(v string) string {
	if v != "" && !sixDigits.MatchString(v) {
		return "行政区划代码应为六位数字"
	}
	return ""
}

var hours = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$`)

// quietHours checks the form; the room of notices says how long they may be.
func quietHours(v string) string {
	if v != "" && !hours.MatchString(v) {
		return "免打扰时段应写作 22:00-07:30，且每天至少留出 2 小时"
	}
	return ""
}

func mailDays(v string) string {
	if v != "" && v != Working {
		return "请从列表中选择"
	}
	return ""
}

func siteCode(v string) string {
	if v != "" && !tenDigits.MatchString(v) {
		return "网站标识码应为十位数字"
	}
	return ""
}

// address allows paths of this site and web addresses; anything else could run code.
func address(v string) string {
	if v == "" || strings.HasPrefix(v, "/") && !strings.HasPrefix(v, "//") {
		return ""
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "请填写以 https:// 或 / 开头的地址"
	}
	return ""
}
