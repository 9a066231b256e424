package appraise

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"修正系数应为 0 到 1000 之间的百分数": "The adjustment should be a percentage from 0 to 1000",
	"利润率":         "Margin",
	"可比案例":        "Comparable",
	"合理利润率":       "Fair profit",
	"市场法":         "Market method",
	"成本法":         "Cost method",
	"成本项":         "Cost",
	"所得税率":        "Income tax",
	"折现率":         "Discount rate",
	"最多 %d 项":     "At most %d",
	"百分比不能超过 100": "A percentage cannot be above 100",
	"第 %s 年收入":    "Revenue of year %s",
	"第 %s 年现值":    "Present value of year %s",
	"许可费率":        "Royalty rate",
	"许可费节省法":      "Relief from royalty",
	"评估值":         "Value",
	"请写一个数，或由低到高的三个数，如 8 / 10 / 12": "Write one number, or three from low to high, such as 8 / 10 / 12",
	"贡献资产回报率":        "Charge of contributory assets",
	"贡献资产回报率不能高于利润率": "The charge cannot be above the margin",
	"贬值率":    "Obsolescence",
	"超额收益法":  "Excess earnings",
	"超额收益率":  "Excess return",
	"重置成本合计": "Cost of replacement",
})
