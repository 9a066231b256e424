package dispatch

// How meetings and their papers are called, as offices write them.
const (
	meetingTitle = "%s第%d次会议"
	minutesTitle = "%s纪要"
	letterTitle  = "关于“%s”的督办函"
)

// digits are the numerals of headings.
var digits = []rune("零一二三四五六七八九十")
