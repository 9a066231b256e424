package reading

// ruleTexts say in words, Chinese and English, why a statement was found or what a check found.
// {0}, {1} … stand for the words of the reason, {*} for all of them.
var ruleTexts = map[string][2]string{
	"level":      {"数量：{*}", "an amount: {*}"},
	"growth":     {"增减幅度：{*}", "a relative change: {*}"},
	"rate":       {"以“{0}”结尾的变化率", "a rate of change, ending in {0}"},
	"change":     {"增减数量：{*}", "an absolute change: {*}"},
	"gain":       {"新增数量：{*}", "an addition: {*}"},
	"difference": {"与参照相比：{*}", "compared with a reference: {*}"},
	"share":      {"占比：{*}", "a share: {*}"},
	"part":       {"部分与整体：{*}", "a part of a whole: {*}"},
	"rank":       {"位次：{0}", "a place in an order: {0}"},
	"mechanism":  {"带数目的名称：{0}", "a name with a count: {0}"},
	"milestone":  {"时间节点：{0}，{1}", "a milestone: {0}, {1}"},
	"task":       {"任务动词：{0}", "a verb that obliges: {0}"},

	"check.growth": {"由{1}到{0}，变化{2}{3}", "from {1} to {0} is {2} {3}"},
	"check.times": {"由{1}到{0}增长{2}{3}，是原来的{4}{3}",
		"from {1} to {0} is {2} {3} more; {4} counts the whole"},
	"check.difference": {"{0}-{1}={2}{3}", "{0} − {1} = {2} {3}"},
	"check.sum":        {"{0}={1}{2}，写作{3}{2}", "{0} = {1} {2}, written {3}"},
	"check.ratio":      {"{0}/{1}={2}%", "{0} / {1} = {2} %"},
	"check.compound": {"{0}按年均{1}%增长{2}年为{3}{4}，写作{5}{4}",
		"{0} growing by {1} % a year for {2} years is {3} {4}, written {5}"},
	"check.reach":  {"{0}={1}{2}，目标{3}{2}", "{0} = {1} {2}, the target is {3}"},
	"check.same":   {"“{0}”前后两个数：{1}、{2}", "two values of {0}: {1} and {2}"},
	"check.across": {"“{0}”在{1}中为{2}，在{3}中为{4}", "{0} is {2} in {1} and {4} in {3}"},
}
