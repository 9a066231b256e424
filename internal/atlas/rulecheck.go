package atlas

import (
	"slices"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/party"
)

// check says what is wrong with what people wrote, each in words at its field.
func (r RuleData) check(p *places) error {
	var f occasion.Faults
	f.Line("name", r.Name, maxName, true)
	f.Line("source", r.Source, maxLine, true)
	if !slices.ContainsFunc(r.Six, func(x SixRule) bool { return len(x.Words) > 0 }) {
		f.Add("six", "请至少给一个类别填写词")
	}
	if len(r.Six) > len(SixNews()) || len(r.Fields) > len(Fields()) {
		f.Add("six", "每个类别最多一行")
	}
	for _, x := range r.Six {
		if !known(SixNews(), x.Class) {
			f.Add("six", "没有“%s”这个选项", x.Class)
		}
		checkWords(&f, "six."+x.Class, x.Words)
		p.checkIndustries(&f, "industries."+x.Class, x.Industries)
		for _, v := range x.Fields {
			if !known(Fields(), v) {
				f.Add("sixFields."+x.Class, "没有“%s”这个技术领域", v)
			}
		}
	}
	for _, x := range r.Fields {
		if !known(Fields(), x.Field) {
			f.Add("fields", "没有“%s”这个选项", x.Field)
		}
		checkWords(&f, "fields."+x.Field, x.Words)
		p.checkIndustries(&f, "fieldIndustries."+x.Field, x.Industries)
	}
	checkWords(&f, "platforms", r.Platforms)
	if r.Kinds != nil && len(r.Kinds) == 0 {
		f.Add("kinds", "请至少选择一类组织")
	}
	for _, k := range r.Kinds {
		if !slices.ContainsFunc(party.OrgKinds(), func(c party.Choice) bool { return c.Value == k }) {
			f.Add("kinds", "没有“%s”这类组织", k)
		}
	}
	return f.Err()
}

func checkWords(f *occasion.Faults, field string, list []string) {
	if len(list) > maxRuleWords {
		f.Add(field, "最多 %d 个词", maxRuleWords)
	}
	for _, w := range list {
		if n := utf8.RuneCountInString(w); n == 0 || n > maxRuleWord || !utf8.ValidString(w) {
			f.Add(field, "每个词 1 到 %d 个字", maxRuleWord)
			return
		}
	}
}

// checkIndustries asks that each is a code of GB/T 4754 as the dictionary has it.
func (p *places) checkIndustries(f *occasion.Faults, field string, list []string) {
	if len(list) > maxRuleWords {
		f.Add(field, "最多 %d 个行业代码", maxRuleWords)
	}
	for _, code := range list {
		if !p.knowsIndustry(code) {
			f.Add(field, "没有“%s”这个行业代码，应为国民经济行业分类的门类到小类，如 C、C26、C3922", firstRunes(code, maxRuleWord))
			return
		}
	}
}

// once asks that no industry and no field leads to two classes.
func (p RuleParams) once() error {
	var f occasion.Faults
	industries, fields := map[string]string{}, map[string]string{}
	for _, x := range p.Six {
		for _, code := range x.Industries {
			if other, there := industries[code]; there {
				f.Add("industries."+x.Class, "行业 %s 已归入“%s”，一个行业只能归入一类", code, titleOfSix(other))
			}
			industries[code] = x.Class
		}
		for _, v := range x.Fields {
			if other, there := fields[v]; there {
				f.Add("sixFields."+x.Class, "领域“%s”已归入“%s”，一个领域只能归入一类", titleOf(Fields(), v), titleOfSix(other))
			}
			fields[v] = x.Class
		}
	}
	return f.Err()
}

func titleOfSix(class string) string { return titleOf(SixNews(), class) }

func titleOf(list []Choice, value string) string {
	for _, c := range list {
		if c.Value == value {
			return c.Title
		}
	}
	return value
}
