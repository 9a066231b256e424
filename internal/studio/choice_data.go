package studio

import "github.com/yuntu-city/yuntu/engine/composite"

// Imputes are the ways to fill missing values.
func Imputes() []Choice {
	return []Choice{{none, "不补缺"}, {string(composite.ImputeMedian), "指标中位数"},
		{string(composite.ImputeMean), "指标平均数"}, {string(composite.ImputeGroupMed), "同组中位数"},
		{string(composite.ImputeGroupMean), "同组平均数"}, {string(composite.ImputeZero), "按零计"}}
}

// Treats are the ways to treat outliers.
func Treats() []Choice {
	return []Choice{{none, "不处理"}, {"winsor", "缩尾（最多 5 个）"}, {"winsor.log", "缩尾，仍偏则取对数"},
		{"winsor.sqrt", "缩尾，仍偏则开方"}, {"winsor.boxcox", "缩尾，仍偏则 Box–Cox 变换"}}
}

// Norms are the ways to make values comparable.
func Norms() []Choice {
	return []Choice{{string(composite.MinMax), "极差法"}, {string(composite.Benchmark), "标杆法"},
		{string(composite.Efficacy), "功效系数法"}, {string(composite.ZScore), "标准分（50＋10z）"},
		{string(composite.RankScore), "名次分"}, {string(composite.Percentile), "百分位"},
		{string(composite.Borda), "博尔达计分"}, {string(composite.ToTarget), "目标距离法"},
		{string(composite.ToFrontier), "前沿距离法"}, {string(composite.OfMaximum), "与最大值之比"},
		{string(composite.Goalposts), "上下限阈值法"}, {string(composite.ToBest), "与标杆差距法"}}
}

// Scales are the ends of a scale.
func Scales() []Choice {
	return []Choice{{"0-100", "0—100"}, {"1-100", "1—100"}, {"0-1", "0—1"}}
}

// Weighs are the ways to find weights.
func Weighs() []Choice {
	return []Choice{{weighTree, "数据集给定"}, {string(composite.EqualWeights), "等权"}, {weighOwn, "自定权重"},
		{weighAHP, "层次分析法（AHP）"}, {weighPool, "专家组（群体 AHP）"}, {string(composite.EntropyWeights), "熵权法"},
		{string(composite.CRITICWeights), "CRITIC 法"}, {string(composite.PCAWeights), "主成分法"}}
}

// Means are the ways to put a level together.
func Means() []Choice {
	return []Choice{{string(composite.Arithmetic), "算术平均"}, {string(composite.Geometric), "几何平均"},
		{string(composite.Harmonic), "调和平均"}, {string(composite.Copeland), "科普兰法"},
		{string(composite.Outranking), "优势关系法"}}
}

// Varies are what the variants vary.
func Varies() []Choice {
	return []Choice{{"impute", "补缺方法"}, {"treat", "离群值处理"}, {"norm", "标准化方法"}, {"weights", "权重"},
		{"means", "合成方法"}, {"leave", "逐一去掉一个分组"}}
}

// Judgements are what can be said about two things.
func Judgements() []Choice {
	return []Choice{{"9", "9 绝对重要"}, {"8", "8"}, {"7", "7 强烈重要"}, {"6", "6"}, {"5", "5 明显重要"}, {"4", "4"},
		{"3", "3 稍微重要"}, {"2", "2"}, {"1", "1 同等重要"}, {"1/2", "1/2"}, {"1/3", "1/3 稍微次要"},
		{"1/4", "1/4"}, {"1/5", "1/5 明显次要"}, {"1/6", "1/6"}, {"1/7", "1/7 强烈次要"}, {"1/8", "1/8"},
		{"1/9", "1/9 绝对次要"}}
}
