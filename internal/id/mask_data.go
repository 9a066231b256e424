package id

// placeWords are the endings of place names of one level of an address.
type placeWords struct{ suffixes []string }

// placeLevels are the levels that a masked address keeps, in the order they are written.
var placeLevels = []placeWords{
	{suffixes: []string{"省", "自治区", "特别行政区"}},
	{suffixes: []string{"市", "自治州", "地区", "盟"}},
	{suffixes: []string{"区", "县", "旗", "市"}},
}

// estates end like a district and name where people live, study or work.
var estates = []string{
	"小区", "社区", "校区", "院区", "厂区", "生活区", "家属区", "宿舍区", "住宅区", "别墅区", "服务区",
}

// streetRunes are the characters by which streets, villages and houses are told. 里 and 胡同 are not
// among them: too many districts are called so (七里河区, 香格里拉市).
const streetRunes = "路街道巷弄号村镇乡楼室幢栋座厦"
