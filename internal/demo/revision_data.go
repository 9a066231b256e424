package demo

import "github.com/yuntu-city/yuntu/internal/indicator"

// Why the set of the demonstration is revised; invented.
var revisions = [2]string{"试改权重（演示）", "按2027年监测方案修订（演示）"}

const discardReason = "方案没有通过，权重不改（演示）"

// newCounting is how indicators of the draft are counted from now on.
var newCounting = map[string]string{
	"规上工业企业研发机构覆盖率": "设有研发机构且当年有研发支出的规模以上工业企业数除以规模以上工业企业数",
}

// newItem is an indicator that the draft adds; its formula speaks of one that is not there, for the check to say.
func newItem() indicator.FileItem {
	return indicator.FileItem{Name: "每家高新技术企业研发人员（演示）", Unit: "人/家", Kind: indicator.Computed,
		Formula: "研发人员总数 / 高新技术企业数", Mark: indicator.Design, Text: "研发人员总数除以高新技术企业数"}
}
