package homehttp

// headlineWords are what the first figures of a city are about, the most telling first.
var headlineWords = []string{"技术合同成交额", "高新技术企业", "科技型中小企业", "创新平台", "晋创谷", "合作成果"}
