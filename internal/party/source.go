package party

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// FieldSource says where the value of a field came from.
type FieldSource struct {
	Field   string `json:"field"`
	Source  string `json:"source"`         // "工商登记", "企业填报"; "" = typed in by the account
	AsOf    string `json:"asOf,omitempty"` // day the value is of
	AtUs    int64  `json:"atUs"`           // when it was written
	Account string `json:"-"`
}

const maxSource = 60 // characters

var (
	qSourceSet = db.Stmt(`INSERT INTO org_source (org, field, source, as_of, at_us, account)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (org, field) DO UPDATE SET source = excluded.source, as_of = excluded.as_of,
			at_us = excluded.at_us, account = excluded.account`)
	qSources = db.Stmt(`SELECT field, source, as_of, at_us, account FROM org_source
		WHERE org = $1 ORDER BY field`)
)

func setSources(
	ctx context.Context, tx *unit.Tx, org string, fields []string, source, asOf string,
) error {
	var f faults
	f.text("source", source, maxSource, false)
	if asOf != "" && !clock.Date(asOf).Valid() {
		f.add("asOf", "日期应写作 2026-11-20")
	}
	if err := f.err(); err != nil {
		return err
	}
	var rows [][]any
	for _, name := range fields {
		rows = append(rows, []any{org, name, source, asOf, tx.NowUs(), tx.By().Account})
	}
	_, err := db.InsertMany(ctx, tx.Tx, qSourceSet, rows)
	return err
}

// OrganisationSources returns where each field of a record came from.
func (s *Service) OrganisationSources(
	ctx context.Context, by authz.Actor, orgID string,
) ([]FieldSource, error) {
	o, err := orgByID(ctx, s.unit.DB(), orgID)
	if err != nil {
		return nil, err
	}
	if err := seen(by, o); err != nil {
		return nil, err
	}
	return db.All(ctx, s.unit.DB(), qSources, scanSource, orgID)
}

func scanSource(r db.Row) (FieldSource, error) {
	var x FieldSource
	err := r.Scan(&x.Field, &x.Source, &x.AsOf, &x.AtUs, &x.Account)
	return x, err
}

// field is one field of an organisation for comparing, showing and auditing.
type field struct {
	name  string
	title string // Chinese key
	text  func(OrgData) string
	plain bool // its values may stand in the audit trail
	// words is text for people where text is not, nil otherwise.
	words func(OrgData) string
}

func (f field) shown(o OrgData) string {
	if f.words != nil {
		return f.words(o)
	}
	return f.text(o)
}

func addressWords(o OrgData) string {
	lines := make([]string, len(o.Addresses))
	for i, a := range o.Addresses {
		lines[i] = a.Line
	}
	return strings.Join(lines, "; ")
}

var orgFields = []field{
	{"name", "名称", func(o OrgData) string { return o.Name }, true, nil},
	{"nameEn", "英文名称", func(o OrgData) string { return o.NameEn }, true, nil},
	{"uscc", "统一社会信用代码", func(o OrgData) string { return o.USCC }, true, nil},
	{"kind", "类型", func(o OrgData) string { return o.Kind }, true, nil},
	{"region", "所在地区", func(o OrgData) string { return string(o.Region) }, true, nil},
	{"industry", "行业", func(o OrgData) string { return o.Industry }, true, nil},
	{"standing", "登记状态", func(o OrgData) string { return o.Standing }, true, nil},
	{"founded", "成立日期", func(o OrgData) string { return string(o.Founded) }, true, nil},
	{"legalPerson", "法定代表人", func(o OrgData) string { return o.LegalPerson }, false, nil},
	{"capitalFen", "注册资本", func(o OrgData) string { return encode(o.CapitalFen) }, true, nil},
	{"website", "网址", func(o OrgData) string { return o.Website }, true, nil},
	{"summary", "简介", func(o OrgData) string { return o.Summary }, true, nil},
	{"addresses", "地址", func(o OrgData) string { return encode(o.Addresses) }, true, addressWords},
	{"contacts", "联系人", func(o OrgData) string { return encode(o.Contacts) }, false, nil},
}

// FieldTitle returns the Chinese title of a field, a key of package i18n; "" for an unknown one.
func FieldTitle(name string) string {
	if name == "aliases" {
		return "其他名称"
	}
	name, _, _ = strings.Cut(name, ".") // contacts.0.phone: which of them is no field of its own
	for _, f := range orgFields {
		if f.name == name {
			return f.title
		}
	}
	return ""
}

// changedFields names the fields in which a and b differ.
func changedFields(a, b OrgData) []string {
	var out []string
	for _, f := range orgFields {
		if f.text(a) != f.text(b) {
			out = append(out, f.name)
		}
	}
	return out
}

// FieldChange is a field before and after, for the audit trail and the timeline. Personal data is
// named but not repeated there.
type FieldChange struct {
	Field string `json:"field"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
}

func changes(a, b OrgData, names []string) []FieldChange {
	var out []FieldChange
	for _, f := range orgFields {
		for _, name := range names {
			if f.name != name {
				continue
			}
			c := FieldChange{Field: name}
			if f.plain {
				c.Old, c.New = brief(f.shown(a)), brief(f.shown(b))
			}
			out = append(out, c)
		}
	}
	return out
}

// brief keeps the audit trail small: long texts are cut.
func brief(s string) string {
	if runes := []rune(s); len(runes) > 300 {
		return string(runes[:300]) + "…"
	}
	return s
}

// forAudit is what the trail says about a new record.
func (o Org) forAudit() any {
	return changes(OrgData{}, o.OrgData, changedFields(OrgData{}, o.OrgData))
}

// applyField returns data with one field taken from other.
func applyField(data, other OrgData, name string) (OrgData, error) {
	switch name {
	case "name":
		data.Name = other.Name
	case "nameEn":
		data.NameEn = other.NameEn
	case "uscc":
		data.USCC = other.USCC
	case "kind":
		data.Kind = other.Kind
	case "region":
		data.Region = other.Region
	case "industry":
		data.Industry = other.Industry
	case "standing":
		data.Standing = other.Standing
	case "founded":
		data.Founded = other.Founded
	case "legalPerson":
		data.LegalPerson = other.LegalPerson
	case "capitalFen":
		data.CapitalFen = other.CapitalFen
	case "website":
		data.Website = other.Website
	case "summary":
		data.Summary = other.Summary
	case "addresses":
		data.Addresses = other.Addresses
	case "contacts":
		data.Contacts = other.Contacts
	default:
		return data, fault.Fields(fault.At(name, "没有“%s”这个字段", name))
	}
	return data, nil
}
