package retrieval

import "strings"

// weakWords are units of money and words of applications for projects. They count for a score as any other
// word does, but to a reader none is a reason why two texts belong together.
var weakWords = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`元 千元 万元 百万元 千万元 亿元 人民币 美元 费用 经费 资金 金额 预算 价格 报价 单价 总价 万 亿
		项目 课题 立项 申报 申请 验收 结题 任务 项目组 课题组 本项目 项目负责人 承担单位
		project projects budget cost costs price yuan rmb`) {
		out[w] = true
	}
	return out
}()

// weak says whether a word consists of weak words.
func weak(word string) bool {
	word = strings.ToLower(word)
	if weakWords[word] {
		return true
	}
	for i := range word {
		if i > 0 && weakWords[word[:i]] && weak(word[i:]) {
			return true
		}
	}
	return false
}
