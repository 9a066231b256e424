package market

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	// Names of values.
	"需求": "Need", "成果": "Achievement",
	"电子信息": "Electronics and information", "航空航天": "Aerospace", "先进制造": "Advanced manufacturing",
	"生物、医药和医疗器械": "Biology, medicine and medical devices", "新材料及其应用": "New materials",
	"新能源与高效节能": "New energy and energy saving", "环境保护与资源综合利用": "Environment and use of resources",
	"核应用": "Nuclear applications", "农业": "Agriculture", "现代交通": "Modern transport",
	"城市建设与社会发展": "Cities and society",
	"新基建":       "New infrastructure", "新技术": "New technology", "新材料": "New material", "新装备": "New equipment",
	"新产品": "New product", "新业态": "New business",
	"技术攻关": "Research", "成果引进": "An achievement to take over", "人才引进": "People", "检验检测": "Testing",
	"科技融资": "Finance", "应用技术": "Applied technology", "基础理论": "Basic theory", "软科学": "Soft science",
	"合作开发": "Joint development", "委托开发": "Commissioned development", "许可": "Licence", "转让": "Transfer",
	"作价入股": "Contribution as equity", "技术服务": "Technical service", "协议定价": "Price by agreement",
	"挂牌交易": "Listing", "拍卖": "Auction", "未赋权": "No share given", "申请中": "Applied for",
	"单位公示": "Made public in the institution", "赋予所有权": "Share of ownership given",
	"赋予长期使用权": "Long right of use given",
	"发明专利":    "Invention patent", "实用新型": "Utility model", "外观设计": "Design patent", "技术秘密": "Trade secret",
	"计算机软件著作权": "Software copyright", "集成电路布图设计": "Layout of integrated circuits",
	"植物新品种": "New plant variety", "生物、医药新品种": "New biological or medical variety",
	"设计著作权": "Design copyright", "已授权": "Granted", "已失效": "Lapsed", "依申请公开": "By request",
	"定向公开": "To those named", "介于": "between",

	// Levels of readiness.
	"报告级": "Report", "发现并报告基本原理": "Basic principles observed and reported",
	"方案级": "Concept", "形成应用概念和技术方案": "Application concept and technical plan made",
	"功能级": "Function", "在实验室或分析中验证关键功能": "Key functions shown in the laboratory or by analysis",
	"仿真级": "Simulation", "关键部件在模拟或实验环境中可用": "Key components work in a simulated or laboratory environment",
	"初样级": "First prototype", "样机具备主要功能": "A prototype has the main functions",
	"正样级": "Full prototype", "样机达到指标，完成中试设计": "A prototype meets its indicators, the pilot is designed",
	"环境级": "Environment", "在真实环境中可用": "Works in its real environment",
	"产品级": "Product", "小批量生产，有产品证书或检测报告": "Small batches, with certificate or test report",
	"系统级": "System", "作为完整系统使用，批量生产": "Used as a whole system, produced in batches",
	"销售级": "Sales", "有销售合同与发票": "Sales contracts and invoices",
	"盈亏平衡级": "Break-even", "收入覆盖成本，有账目": "Income covers cost, with accounts",
	"利润级": "Profit", "有利润，有账目": "Profit, with accounts",
	"回报级": "Return", "收回投资，有账目": "The investment is earned back, with accounts",
	"概念验证": "Proof of concept", "中试": "Pilot", "产业化": "Industrialisation",

	// Rights.
	"技术供需": "Post", "查看全文": "View in full", "确认仍有效": "Confirm as current",
	"撤回与关闭": "Withdraw and close", "编辑审核": "Editorial review", "随对接推进": "Move on by dealing",
	"定向公开的单位": "Organisation named in it", "经同意的单位": "Organisation let in by the owner",
	"经办的技术经理人": "Broker of the post", "已发布且非定向公开": "Published, not to those named only",
	"已发布且公开": "Published and open", "已提交": "Handed in",

	// Life cycles.
	"技术需求": "Technology need", "科技成果": "Achievement of science and technology",
	"促进科技成果转化法（2015）：协议定价须在本单位公示，不少于 15 日": "Law on promoting the transformation of achievements " +
		"(2015): a price by agreement is made public in the institution for at least 15 days",
	"草稿": "Draft", "审核中": "In review", "退回修改": "Send back for changes", "已发布": "Published",
	"对接中": "In talks", "已签约": "Contract signed", "已解决": "Solved", "转揭榜": "Made a challenge",
	"待确认失效": "Stale", "公示中": "Made public", "合同已登记": "Contract registered", "签约": "Sign",
	"解决": "Solve", "开始公示": "Begin to make public", "公示期满发布": "Publish after the time is over",
	"合同登记": "Register the contract", "提交审核": "Hand in for review", "审核通过并发布": "Pass and publish",
	"修改后重新审核": "Review again after a change", "逾期未确认": "Not confirmed in time",
	"重新确认有效": "Confirm again", "开始对接": "Begin talks", "对接未成": "Talks failed",
	"重新起草": "Draft again", "补正": "Correct", "公示": "Publication", "必填项齐全": "Everything required is filled in",
	"协议定价且尚未公示满 15 日":      "Priced by agreement and not yet public for 15 days",
	"公示已满 15 日":            "Public for 15 days",
	"协议定价的成果已在本单位公示满 15 日": "A price by agreement was public in the institution for 15 days",
	"修改已发布的内容":             "What is published is changed",
	"必填项尚未填写齐全，请先补全":       "Something required is missing. Please complete it first.",
	"协议定价的成果须公示不少于 %d 日，请先“开始公示”": "A price by agreement must be made public for at least %d days: " +
		"please begin to make it public first.",
	"不需要公示，可以直接发布":       "It need not be made public and can be published at once.",
	"公示至 %s，期满后才能发布":     "It is made public until %s and can be published after that.",
	"请在修改页面修改":           "Please change it on the page for changes.",
	"这一步随供需对接办理":         "This step follows from dealing.",
	"当前状态下只能修改联系人和技术经理人": "In this state only contact and broker can be changed.",

	// Freshness and figures.
	"时效规则": "Rule of freshness", "最多提醒 %d 次": "At most %d reminders.",
	"一次可确认 1 到 %d 条": "Between 1 and %d can be confirmed at once.", "当前状态不需要确认": "In this state there is nothing to confirm.",
	"需求截止日期 %s 已过，请先修改截止日期": "The deadline %s of the need has passed. Please change it first.",
	"需求未过截止日期":              "The deadline of a need has not passed",
	"在架供需数":                 "Live posts", "已发布或对接中、按期确认仍有效的需求和成果数": "Needs and achievements that are published or in talks and were confirmed in time",
	"已引荐供需数": "Introduced posts", "至少开始过一次对接的需求和成果数": "Needs and achievements that were talked about at least once",
	"对接中供需数": "Posts in talks", "正在对接的需求和成果数": "Needs and achievements in talks now",
	"已签约供需数": "Signed posts", "已签约且未退回的需求和成果数": "Needs and achievements with a contract that was not given up",
	"合同已登记成果数": "Achievements with a registered contract", "技术合同已登记的成果数": "Achievements whose technology contract is registered",

	// Reading of texts.
	"原文没有标题，由内容概括": "The text has no title; this is taken from what it says", "按用词推断": "Taken from the words used",
	"号码的校验位不符，请核对":    "The check digit of the number is wrong: please check",
	"按用词推断的成熟度，请补充证明": "The readiness is taken from the words used: please add proof",
	"国家秘密标志":          "a mark of state secrets", "密级": "a level of secrecy", "内部资料标志": "a mark of inner use",
	"商业秘密标志": "a mark of trade secrets", "涉密标志": "a mark of classified work",
	"文中有%s“%s”：本系统不得存储、处理涉密或内部信息，请核实后删去": "The text has %s, “%s”: this system must not keep classified or " +
		"inner information. Please check and take it out.",
	"请不要在这里写电话（%s），联系方式填在联系人栏，双方同意后才会提供": "Please write no phone here (%s): contacts have fields of their own " +
		"and are given out once both sides agree.",
	"请不要在这里写邮箱（%s），联系方式填在联系人栏，双方同意后才会提供": "Please write no mail here (%s): contacts have fields of their own " +
		"and are given out once both sides agree.",

	// Tables.
	"“%s”不是指标，请写作 漏检率≤0.5%%": "“%s” is no indicator. Please write it like 漏检率≤0.5%%.",
	"“%s”里没有能识别的专利号或登记号":     "No number of a patent or registration was recognised in “%s”.",
	"需求类型": "Kind of need", "成果类别": "Kind of result", "描述": "Description", "所属单位": "Organisation",
	"不填即本单位；须在主体库中": "Empty: the own one. It must be in the registry", "6 位数字，不填即单位所在地": "6 digits; empty: where the organisation is",
	"用顿号隔开": "Put 、 between them", "合作方式": "Ways to work together", "金额下限（万元）": "From (10,000 yuan)",
	"金额上限（万元）": "To (10,000 yuan)", "不填即面议": "Empty: to be negotiated", "1 到 9": "1 to 9", "技术指标": "Indicators",
	"如 漏检率≤0.5%；几项各占一行": "Such as 漏检率≤0.5%; each on a line", "截止日期": "Deadline", "现有基础": "What is there",
	"定价方式": "Pricing", "知识产权": "Intellectual property",
	"如 ZL201721099528.4 一种供风装置；几项各占一行": "Such as ZL201721099528.4 and its title; each on a line",
	"先使用后付费": "Use first, pay later", "可立即签约": "Ready to sign", "公开级别": "Who may read it", "不填即公开": "Empty: open",

	// What follows from a post.
	"交易成本应在 0 与价款之间":             "The cost of the deal must be between 0 and the price.",
	"净收入 = 价款 %s − 交易成本 %s = %s": "Net income = price %s − cost of the deal %s = %s",
	"没有约定的，对完成和转化成果的人员奖励不低于净收入的 %s%%，即 %s": "Where nothing else is agreed, the people behind it get at least %s%% of " +
		"the net income: %s",
	"其中主要贡献人员不低于奖励总额的 %s%%，即 %s": "Of that the main contributors get at least %s%%: %s",
	"没有写技术指标，匹配只能看文字":            "No indicators: matching can only go by the words",
	"没有写预算，供给方难以判断":              "No budget: suppliers cannot judge",
	"没有写截止日期，到期按时效规则确认":          "No deadline: it is confirmed by the rule of freshness",
	"成熟度 %d 级请附证明：%s":            "Please prove readiness level %d: %s",
	"成熟度 %d 级，一般进入%s":            "Readiness level %d usually goes on to: %s",
	"协议定价：成果名称和拟交易价格在本单位公示不少于 %d 日，并事先公布异议处理程序": "Price by agreement: name and planned price are made public in the " +
		"institution for at least %d days; how objections are handled is made public before",
	"协议定价的公示须写明拟交易价格":                  "A price by agreement is made public with the planned price",
	"挂牌交易：按技术交易机构规定的期限公告":              "Listing: announced for as long as the exchange says",
	"拍卖：依照拍卖法进行":                       "Auction: by the law on auctions",
	"作价入股：可评估或协议作价，股份或出资比例的奖励不低于 %s%%": "Contribution as equity: valued or agreed; the reward is at least %s%% of the shares",
	"赋权：单位审核后在单位内公示不少于 %d 日":           "Share for inventors: reviewed, then made public in the institution for at least %d days",
	"赋权：公示无异议后签订协议，办理权利人变更登记": "Share for inventors: without objection an agreement is signed and the holder " +
		"registered anew",
	"赋权：单列管理，按协议分配转化收益": "Share for inventors: kept on a list of its own, income shared by the agreement",
	"先使用后付费：许可期内先免费使用，产生销售后按约定提成，请在合同中写明付费日期": "Use first, pay later: free at first, a share of sales later; write the " +
		"days of payment into the contract",

	// What is wrong with an input.
	"日期应为真实的日期，如 2026-11-22": "A date is a real day, such as 2026-11-22",
	"定向公开须选择至少一个单位":          "Please name at least one organisation that may read it.",
	"只有定向公开才指定单位":            "Organisations are named only when it is for those named.",
	"最多 %d 个单位":              "At most %d organisations.",
	"最多 %d 个关键词":             "At most %d keywords.",
	"金额应在 0 到 10 万亿元之间":      "The amount must be between 0 and 10 trillion yuan.",
	"上限不能低于下限":               "The upper bound must not be below the lower one.",
	"技术成熟度应在 1 到 %d 级之间":     "The readiness must be between level 1 and %d.",
	"电话应为数字，可含区号和分机号":        "A phone has digits, with area code and extension where needed.",
	"邮箱地址格式不正确":              "This is not a mail address.",
	"最多 %d 项指标":              "At most %d indicators.",
	"数值应为数字，如 35.6":          "The value must be a number, like 35.6.",
	"只有区间才有上限":               "Only a range has an upper bound.",
	"这一项只用于成果":               "Only achievements have this.",
	"这一项只用于需求":               "Only needs have this.",
	"公示的开始和结束日期须一起填写":        "First and last day of the publication belong together.",
	"最多 %d 项证明":              "At most %d proofs.",
	"最多 %d 项知识产权":            "At most %d rights.",
	"描述至少 %d 个字":             "The description has at least %d characters.",
	"只能登记本单位的供需":             "You can post only for your own organisation.",
	"请选择所属单位":                "Please choose the organisation it belongs to.",
	"没有找到这位技术经理人":            "This broker was not found.",
	"类型不能修改":                 "The kind cannot be changed.",
	"不能改到其他单位名下":             "It cannot be moved to another organisation.",
	"供需信息待确认":                "Post to be confirmed", "供需信息审核结果": "What became of a post",
	"请在 %d 天内确认仍然有效": "Confirm within %d days that it is still so", "审核通过，已发布": "Let through and published",
	"已退回，请修改后重新提交": "Returned: change it and hand it in again", "无人确认，已移出市场": "Nobody confirmed it: it left the market",
})
