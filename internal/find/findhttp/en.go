package findhttp

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"%s的索引正在建立，请稍后再试":            "The index of %s is being made, please try again shortly",
	"换一个说法，或少写几个字；编号和信用代码可以直接查。": "Try other words or fewer; numbers and credit codes can be searched as they are.",
	"搜索“%s”":   "Search for “%s”",
	"搜索全部内容":   "Search everything",
	"更多%s":     "More: %s",
	"没有找到“%s”": "Nothing was found for “%s”",
	"检索词里有不能识别的字符，请重新输入": "The words hold characters that cannot be read, please enter them again",
	"没有这个类别":          "There is no such kind",
	"组织、成果、需求、任务、文件…": "Organisations, achievements, needs, tasks, documents …",
	"输入名称、编号或几个词，在您可以查看的全部内容中查找。": "Enter a name, a number or some words to search everything that you may see.",
	"在列表中查看": "Show in the list",
})
