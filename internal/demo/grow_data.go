package demo

// body is a sort of organisation that is no company: about has a city and a district put in.
type body struct {
	kind, industry, code string
	about                string
	many                 int
	names                []string
}

// The offices of districts for science and technology.
const (
	bureauEnding = "科技局"
	aboutBureau  = "%s%s承担本辖区科技与产业工作的单位。本条为虚构的演示数据。"
)

var districtBodies = []body{
	{"government", "S9221", "11", aboutBureau, 0,
		[]string{bureauEnding, "工信局"}},
	{"service", "M7512", "12", "为%s%s企业提供技术转移和政策服务。本条为虚构的演示数据。", 0,
		[]string{"技术转移服务站", "中小企业服务中心", "知识产权工作站"}},
	{"park", "L7221", "52", "位于%s%s，为初创企业提供场地与孵化服务。本条为虚构的演示数据。", 0,
		[]string{"科技企业孵化器", "众创空间", "中小企业创业园", "成果中试基地"}},
	{"hospital", "Q8411", "12", "面向%s%s居民，参与新技术临床验证。本条为虚构的演示数据。", 0,
		[]string{"康复诊疗中心", "社区医养中心"}},
	{"other", "S9521", "51", "%s%s企业与科研人员自愿组成的社会团体。本条为虚构的演示数据。", 0,
		[]string{"科技企业联合会"}},
}

var topicBodies = []body{
	{"institute", "M7320", "12", "位于%s%s，开展应用研究、中试和检测服务。本条为虚构的演示数据。", 0,
		[]string{"重点实验室", "技术创新中心", "工程研究中心", "中试基地", "新型研发机构"}},
}

var brandBodies = []body{
	{"university", "P8341", "12", "位于%s%s，设有工科与应用学科。本条为虚构的演示数据。", 14,
		[]string{"能源学院", "信息工程学院", "材料学院", "交通职业学院", "生物医药学院"}},
	{"service", "M7520", "91", "位于%s%s，从事技术转移、评估与检测服务。本条为虚构的演示数据。", 240,
		[]string{"技术转移有限公司", "知识产权代理有限公司", "科技咨询有限公司", "检验检测有限公司", "科技评估有限公司"}},
	{"finance", "J6760", "91", "位于%s%s，面向科技型企业开展投资与担保。本条为虚构的演示数据。", 90,
		[]string{"创业投资有限公司", "融资担保有限公司", "股权投资管理有限公司", "融资租赁有限公司"}},
}

var brokerSummaries = []string{
	"熟悉%s领域的成果评价与定价，常驻企业一线。",
	"做过%s方向的工程师，能看懂图纸和试验报告。",
	"擅长%s项目的合同谈判和登记，服务中小企业为主。",
	"长期对接高校院所，在%s领域有稳定的专家资源。",
	"关注%s成果的中试放大，能协调检测与场地。",
}
