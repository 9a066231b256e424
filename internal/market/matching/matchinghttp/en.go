package matchinghttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"把一条信息的匹配标为不相关": "Say that a match of a post is not relevant", "撤销一条信息的不相关": "Take that back",
	"领域词库": "Words of the field", "还没有学到领域词": "No words were learned yet", "学习领域词": "Learn words",
	"从公开的供需中学习词典没有的领域词，每晚更新；检索、匹配和检索建议都使用它。": "Words that no dictionary has are learned every " +
		"night from what everybody may read; searching, matching and suggestions use them.",
	"供需达到 400 条后每晚自动学习。":        "They are learned every night once there are 400 posts.",
	"第 %s 版，%s 个词，学自 %s 条供需，%s": "Edition %s, %s words, learned from %s posts, %s",
	"开始学习领域词":                   "Learning has started", "同义词": "Synonym", "查询领域词库": "See the words of the field",
	"供需匹配": "Matches", "保存的检索": "Saved searches", "分数线": "Line", "新": "New", "匹配度": "Match",
	"每周把新发布和有改动的需求与成果互相比对，只列出与您有关、达到您的分数线的。": "Every week what is new or changed is compared with " +
		"all that stands. Here is what concerns you and is above your line.",
	"有新的匹配时会通知您；也可以降低下面的分数线，或保存一个检索。": "You are told of new matches. You can also lower the line " +
		"below, or save a search.",
	"对应您的": "Fits your", "不相关，因为…": "Not relevant, because …",
	"新的信息发布后会自动比对。": "New posts are compared by themselves.",
	"为什么匹配":         "Why it matches",
	"系统按您选的频率替您再查一遍，有新结果时通知您。": "The search is repeated as often as you choose, and you are told " +
		"of new results.",
	"还没有保存检索": "No saved searches yet",
	"在技术市场检索后可以保存，或直接在下面填写。": "Save one after searching the market, or fill in the form below.",
	"保存一个检索": "Save a search", "提醒": "Tell me", "保存": "Save", "删除": "Delete", "匹配工作台": "Matching desk",
	"每周一自动匹配一次。取消后再启动会从停下的地方继续。": "Matching runs every Monday. One that was cancelled goes on where it " +
		"stopped.",
	"匹配记录": "Runs", "还没有匹配过": "No run yet", "权重": "Weight",
	"由“不相关”反馈和对接结果训练。只有在未参与训练的数据上不差于现用的才能启用，随时可以退回。": "Trained by what people found not relevant and by " +
		"what came of introductions. Only weights that do no worse on data held out can be switched on, " +
		"and they can be rolled back at any time.",
	"现用内置权重":       "The built-in weights are in use",
	"有足够的判断后可以训练。": "They can be trained once there are enough judgements.",
	"只看新的":         "new only", "还没有匹配到": "Nothing has been matched yet", "筛选匹配": "Filter matches",
	"排序": "Sort", "最新": "Newest", "匹配度从高到低": "Best match first",
	"共 %s 条，新的 %s 条": "%s in all, %s new", "全部标为看过": "Mark all as seen",
	"撤销刚才的“不相关”": "Undo “not relevant”", "按全市规定": "as the city says",
	"低于多少分的不提醒我": "Do not tell me of matches below", "保存分数线": "Save the line",
	"补充说明": "Note", "符合": "For", "不利": "Against", "每天": "every day", "每周一": "every Monday",
	"不提醒": "do not tell me", "名称": "Name", "检索词": "Words", "上次查看": "Last looked", "全部": "all",
	"类型": "Kind", "领域": "Field", "保存检索": "Save the search", "立即匹配": "Match now",
	"训练权重": "Train weights", "退回上一组权重": "Roll the weights back", "开始时间": "Started", "状态": "State",
	"已匹配": "Matched", "新的匹配": "New matches", "通知的账号": "Accounts told", "完成": "Done",
	"未完成": "Not finished", "版本": "Edition", "词语 · 覆盖 · 语义 · 其他": "words · cover · meaning · others",
	"供需对": "Pairs", "现用 nDCG@10": "nDCG@10 in use", "这一组 nDCG@10": "nDCG@10 of these", "操作": "Action",
	"候选": "Candidate", "使用中": "In use", "不再使用": "No longer used", "启用": "Switch on",
	"启用第 %d 版权重": "Switch on weights %d", "已标为看过": "Marked as seen", "已保存": "Saved",
	"不再向您显示这条匹配": "This match is not shown to you again.", "已恢复这条匹配": "The match is back.",
	"其他条件：%s":         "Also filtered by: %s",
	"没有找到这条记录":        "This record was not found.",
	"这两条信息之间没有可说明的联系": "Nothing joins these two posts.",
	"匹配已开始":           "Matching has started", "已训练出一组候选权重": "A set of candidate weights was trained",
	"已切换到这组权重": "These weights are in use now", "已退回上一组权重": "The weights before are in use again",
	"表单内容不完整，请返回上一页重新提交": "The form is incomplete: go back and send it again",
	"检索技术市场": "Search the market", "检索词建议": "Suggestions while typing", "一条信息的匹配": "Matches of a post",
	"说明一对供需为什么匹配": "Say why a need and an achievement match", "与我有关的匹配": "Matches for the caller",
	"与我有关的匹配数": "Count matches for the caller", "标为不相关": "Mark as not relevant", "撤销不相关": "Undo “not relevant”",
	"标为看过": "Mark as seen", "查看分数线": "See the line", "设置分数线": "Set the line", "查询保存的检索": "List saved searches",
	"设置检索提醒": "Set how often a search is told", "删除保存的检索": "Delete a saved search", "查询匹配记录": "List runs",
	"启动匹配": "Start matching", "查询权重": "List weights", "启用权重": "Switch weights on",
	"匹配的成果": "Matching achievements", "匹配的需求": "Matching needs",
	"与下列信息内容相近，请核对是否重复登记：": "These posts say nearly the same. Is it posted twice?",
})
