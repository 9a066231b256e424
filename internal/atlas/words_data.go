package atlas

// The words of the query language. Titles of kinds, fields and classes are words too, in both
// languages; these are further ones.

// keyWords are the names of a query's fields, the first of each is the one that is written.
var keyWords = []struct {
	key   string
	words []string
}{
	{"kind", []string{"类型", "类别", "种类", "kind", "type"}},
	{"region", []string{"地区", "区县", "所在地", "地方", "region", "place"}},
	{"field", []string{"领域", "技术领域", "field"}},
	{"six", []string{"六新", "六新类别", "six", "sixnew"}},
	{"gap", []string{"缺", "缺少", "gap", "missing"}},
	{"from", []string{"自", "从", "起", "from"}},
	{"to", []string{"至", "到", "止", "to"}},
	{"since", []string{"变更", "变更自", "更新", "更新自", "since", "changed"}},
	{"asof", []string{"确认自", "确认", "asof"}},
	{"asofto", []string{"确认至", "asofto"}},
	{"box", []string{"范围", "box"}},
	{"outside", []string{"地区外", "不在", "outside"}},
	{"word", []string{"词", "任一词", "word", "any"}},
}

// kindWords are further names of kinds. A name may stand for several.
var kindWords = map[string][]string{
	"主体":     {"enterprise", "university", "institute", "hospital", "service", "finance", "government", "park", "other", KindPlatform},
	"组织":     {"enterprise", "university", "institute", "hospital", "service", "finance", "government", "park", "other", KindPlatform},
	"单位":     {"enterprise", "university", "institute", "hospital", "service", "finance", "government", "park", "other", KindPlatform},
	"公司":     {"enterprise"},
	"高校":     {"university"},
	"大学":     {"university"},
	"院所":     {"institute"},
	"研究院":    {"institute"},
	"医院":     {"hospital"},
	"银行":     {"finance"},
	"机关":     {"government"},
	"载体":     {"park"},
	"高校院所":   {"university", "institute"},
	"平台":     {KindPlatform},
	"实验室":    {KindPlatform},
	"供需":     {KindNeed, KindAchievement},
	"技术需求":   {KindNeed},
	"科技成果":   {KindAchievement},
	"交易":     {KindDeal, KindContract},
	"合同":     {KindContract},
	"专家":     {KindPerson},
	"人员":     {KindPerson},
	"people": {KindPerson},
}

// fieldWords are short names of fields.
var fieldWords = map[string]string{
	"信息": "01", "新一代信息技术": "01", "半导体": "01", "航天": "02", "装备制造": "03", "高端装备": "03",
	"医药": "04", "生物医药": "04", "材料": "05", "新材料": "05", "能源": "06", "新能源": "06", "节能": "06",
	"环保": "07", "节能环保": "07", "交通": "10", "城建": "11",
}

// gapWords are further names of what may be missing.
var gapWords = map[string]string{"地区": GapRegion, "所在地": GapPlace, "依申请公开": GapOpen, "领域": GapField, "类别": GapSix,
	"点位": GapPoint, "坐标": GapPoint}

// separators stand between the values of a field; colons behind its name; quotes around words.
const (
	separators = ",，、|"
	colons     = ":："
	quotesOpen = `"“「`
	// parensOpen and parensClose may stand around all values of a field: 词:(半导体|芯片).
	parensOpen  = "(（"
	parensClose = ")）"
)

// closing is the quote that ends what one began.
var closing = map[rune]rune{'"': '"', '“': '”', '「': '」'}

// quoted is what a word must not hold to stand without quotes, and quotes what it cannot hold at all.
const (
	needsQuotes = separators + colons + quotesOpen + " \t"
	quotes      = `"“”「」`
)
