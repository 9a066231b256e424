package plan

// Words by which a text speaks of its own province or city.
var (
	provinceWords = []string{"我省", "全省", "省委", "省政府"}
	cityWords     = []string{"我市", "全市", "市委", "市政府"}
)

// placeSuffixes are what the names of provinces and prefectures end in, the longer ones first.
var placeSuffixes = []string{"特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "地区", "省", "市", "盟"}
