package party

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	// Names of values.
	"高等学校": "University", "科研院所": "Research institute", "医疗机构": "Hospital",
	"服务机构": "Service agency", "金融机构": "Financial institution", "政府部门": "Government office",
	"园区": "Park", "其他": "Other",
	"存续（在业）": "Active", "停业": "Suspended", "吊销": "Licence revoked", "注销": "Deregistered",
	"迁出":  "Moved away",
	"曾用名": "Former name", "简称": "Short name", "英文名": "English name", "品牌名": "Brand",
	"其他名称": "Other names",
	"注册地址": "Registered address", "办公地址": "Office", "生产地址": "Plant", "研发地址": "Laboratory",
	"男": "Male", "女": "Female", "博士": "Doctorate", "硕士": "Master", "学士": "Bachelor",
	"无学位": "No degree",

	// Names of fields.
	"统一社会信用代码": "Credit code", "类型": "Kind", "所在地区": "Region", "行业": "Industry",
	"登记状态": "Registration", "成立日期": "Founded", "登记入库日期": "Entered on", "法定代表人": "Legal representative",
	"注册资本": "Registered capital", "网址": "Website", "简介": "Summary", "地址": "Addresses",
	"联系人": "Contact", "联系邮箱": "Contact mail",
	"姓名": "Name", "英文姓名": "English name", "性别": "Gender", "身份证号码": "Identity number",
	"职称": "Title", "学位": "Degree", "研究领域": "Fields", "电话": "Phone", "邮箱": "Email",
	"公开": "Public", "任职": "Membership", "职务": "Duty", "任职开始日期": "Member since",
	"单位": "Organisation",

	// Rights.
	"自其他系统转入": "Taken over from another system",
	"登记":      "Register", "核验": "Verify", "合并与拆分": "Merge and split", "批量导入": "Import",
	"查看变更历史": "See the history", "本人登记": "Registered by oneself",
	"已公开的记录": "Records open to the public", "公开的专家": "Public experts",
	"查看完整信息": "See in full", "查看完整联系方式": "See contacts in full",
	"没有这位联系人": "There is no such contact.", "执行与取消": "Run and cancel",
	"“%s”隐去了一部分，不能写入；请填写完整，或留空": "“%s” is shown in part and cannot be stored. Write it in full, or leave it empty.",
	"后台任务已停止，没有写入任何内容；请重新上传":    "The background job was stopped and nothing was stored. Upload the file again.",
	"您不能登记这个单位的人员":              "You may not register people of this organisation.",

	// Life cycle and history.
	"组织档案": "Organisation record", "待核验": "To be verified", "已退回": "Sent back",
	"已核验": "Verified", "已合并": "Merged", "核验通过": "Verify", "退回补正": "Send back",
	"记为注销": "Mark as deregistered", "恢复存续": "Mark as active again",
	"并入其他档案": "Merge into another record", "恢复为独立档案": "Make a record of its own again",
	"须有所在地区、类型和登记状态": "Region, kind and registration must be known",
	"回到合并前的状态":       "Back to the state before the merge",
	"合并":             "Merged", "拆分": "Split", "添加其他名称": "Other name added",
	"删除其他名称": "Other name removed", "批量导入更新": "Changed by an import", "办理超期": "Overdue",
	"添加任职": "Membership added", "结束任职": "Membership ended", "归档": "Archived",
	"请先补全所在地区、类型和登记状态": "Please complete region, kind and registration first.",
	"该档案合并前不是这个状态":     "The record was not in this state before the merge.",

	// What is wrong with input.
	"请选择所在地区": "Please choose a region.", "请选择一项": "Please choose one.",
	"注册资本不能为负数":                  "The registered capital cannot be negative.",
	"网址应以 http:// 或 https:// 开头": "A website begins with http:// or https://.",
	"格式不正确":                      "The format is not right.", "含有无法识别的字符": "It holds characters that cannot be read.",
	"没有“%s”这个选项": "There is no choice “%s”", "没有“%s”这个字段": "There is no field “%s”.",
	"最多 %d 个地址": "At most %d addresses.", "最多 %d 位联系人": "At most %d contacts.",
	"最多 %d 个其他名称": "At most %d other names.", "最多 %d 个领域": "At most %d fields.",
	"最多 %d 条任职": "At most %d memberships.",
	"ORCID 应写作 0000-0002-1825-0097，请核对校验位": "An ORCID looks like 0000-0002-1825-0097; please " +
		"check the last character.",
	"行政区划代码 %s 不在现行代码表中":  "Region code %s is not in the present list.",
	"行业代码 %s 不在国民经济行业分类中": "Industry code %s is not in the classification.",
	"该统一社会信用代码已属于“%s”":    "This credit code belongs to “%s” already.",
	"该统一社会信用代码已被登记":       "This credit code is registered already.",
	"该身份证号码已属于“%s”":       "This identity number belongs to “%s” already.",
	"该身份证号码已被登记":          "This identity number is registered already.",
	"本系统没有配置加密密钥，不能保存这项信息，请联系系统管理员": "This system has no encryption key, so this cannot be " +
		"stored. Please ask the system administrator.",
	"现用密钥不能解开这项信息，请联系系统管理员": "The present key does not open this value. Please ask the " +
		"system administrator.",
	"电话相同":        "Same phone",
	"没有找到这个单位":    "This organisation was not found",
	"结束日期早于开始日期":  "The end is before the beginning.",
	"结束日期不能晚于今天":  "The end cannot be after today.",
	"这条任职已经结束":    "This membership has ended already.",
	"已有这个名称":      "There is this name already.",
	"不能把档案并入它自己":  "A record cannot be merged into itself.",
	"“%s”已并入其他档案": "“%s” has been merged into another record already.",
	"两个档案的统一社会信用代码不同，登记机关视为两个主体；确认合并请勾选此项": "The credit codes differ, so the registering " +
		"authority sees two legal persons. Tick this to merge all the same.",
	"该档案没有并入其他档案":         "The record has not been merged into another.",
	"该档案已并入其他档案，不能修改":     "The record has been merged into another and cannot be changed.",
	"合并与拆分请在档案的合并页面进行":    "Merge and split on the merge page of the record.",
	"该名称属于已并入的档案，拆分后才能修改": "This name belongs to a record that was merged in. Split it first.",
	"恢复后将有两个档案使用同一统一社会信用代码，请先更正其中一个": "Two records would have the same credit code then. Please " +
		"correct one of them first.",

	// Likeness.
	"统一社会信用代码相同": "Same credit code", "名称仅写法不同": "Same name in another spelling",
	"与其他名称相同": "Same as another of its names", "名称相近": "Similar name",
	"身份证号码相同": "Same identity number", "同一单位的同名人员": "Same name in the same organisation",
	"姓名相同": "Same name",

	// Measures.
	"组织数": "Organisations", "家": "organisations", "人员数": "People", "人": "people",
	"核验状态": "Verification",
	"主体库中未并入其他档案的组织数，不论核验状态和登记状态": "Organisations in the registry whose record is not merged into " +
		"another, whatever their verification and registration",
	"主体库中未归档的人员数": "People in the registry who are not archived",

	// Imports.
	"组织名录": "Organisations", "人员名录": "People", "没有这种导入": "There is no such import.",
	"没有的可以不填": "May be left empty",
	"填 6 位行政区划代码或名称，如 140105、太原市小店区": "A code of 6 digits or a name, such as 140105 or 太原市小店区",
	"填国民经济行业代码或名称":                   "Code or name of GB/T 4754",
	"不填视为存续":                         "Empty means active",
	"多个领域用分号隔开":                      "Separate several by semicolons",
	"填统一社会信用代码或单位全称":                 "Credit code or full name",
	"没有名为“%s”的地区，请填 6 位代码或全称":        "No region is called “%s”. Give its code or full name.",
	"“%s”有 %d 处：%s，请写全称或填代码":         "“%s” may be %d places: %s. Give the full name or the code.",
	"没有名为“%s”的行业，请填国民经济行业代码或名称":      "No industry is called “%s”. Give a code or name of GB/T 4754.",
	"“%s”对应多个行业：%s，请填代码":             "“%s” may be several industries: %s. Give the code.",
	"与第 %d 行名称相近":                    "Its name is similar to that of row %d.",
	"与第 %d 行是同一个人：%s":                "The same person as in row %d: %s",
	"与第 %d 行是同一个单位：%s":               "The same organisation as in row %d: %s",
	"与已有的“%s”名称相近，将作为新单位登记": "Its name is similar to “%s”; it will be registered as a new " +
		"organisation.",
	"与已有单位的其他名称相近，将作为新单位登记": "Its name is similar to another name of an organisation; it will " +
		"be registered as a new one.",
	"已有同名人员，将作为另一人登记":            "There is a person of this name; another one will be registered.",
	"您不能登记这个地区的组织":               "You may not register organisations of this region.",
	"您不能修改已有的“%s”":               "You may not change “%s”.",
	"没有找到单位“%s”，请先登记该单位":         "Organisation “%s” was not found. Register it first.",
	"名为“%s”的单位有 %d 个，请填统一社会信用代码": "“%s” may be %d organisations. Give the credit code.",
	"请选择文件":            "Please choose a file.",
	"文件里没有数据行":         "The file has no rows.",
	"本系统没有配置文件存储，不能导入": "This system has no store of files, so nothing can be imported.",
	"只有检查通过的导入才能执行":    "Only an import that passed its check can be run.",
	"导入已经结束，不能取消":      "The import has ended and cannot be cancelled.",
	"检查还没有完成":          "The check is not finished yet.",
	"检查之后数据有了变化，导入结果会不同，请重新检查": "The data has changed since the check, and the import would come " +
		"out differently. Please check again.",
	"已检查 %d 行，共 %d 行": "%d of %d rows checked",
	"已写入 %d 行，共 %d 行": "%d of %d rows stored",
	"提示：%s":           "Note: %s",
	"导入问题清单":          "Problems of an import",
})
