package party

// Choice is one value of a closed list: what is stored and its Chinese title, a key of package
// i18n.
type Choice struct {
	Value string
	Title string
}

// OrgKinds are the sorts of organisations of an innovation ecosystem.
func OrgKinds() []Choice {
	return []Choice{
		{"enterprise", "企业"},
		{"university", "高等学校"},
		{"institute", "科研院所"},
		{"hospital", "医疗机构"},
		{"service", "服务机构"},
		{"finance", "金融机构"},
		{"government", "政府部门"},
		{"park", "园区"},
		{"other", "其他"},
	}
}

// Standings are the registration states of an organisation (登记状态) as the registering authority
// publishes them.
func Standings() []Choice {
	return []Choice{
		{"active", "存续（在业）"},
		{"suspended", "停业"},
		{"revoked", "吊销"},
		{"cancelled", "注销"},
		{"moved", "迁出"},
	}
}

// AliasKinds say what another name is.
func AliasKinds() []Choice {
	return []Choice{
		{"former", "曾用名"},
		{"short", "简称"},
		{"english", "英文名"},
		{"brand", "品牌名"},
		{"other", "其他名称"},
	}
}

// AddressKinds say what an address is for.
func AddressKinds() []Choice {
	return []Choice{
		{"registered", "注册地址"},
		{"office", "办公地址"},
		{"plant", "生产地址"},
		{"laboratory", "研发地址"},
	}
}

// titleOf returns the title of a value, "" when it is none of the choices.
func titleOf(choices []Choice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Title
		}
	}
	return ""
}

// OrgKindTitle returns the Chinese title of a kind.
func OrgKindTitle(value string) string { return titleOf(OrgKinds(), value) }

// StandingTitle returns the Chinese title of a registration state.
func StandingTitle(value string) string { return titleOf(Standings(), value) }
