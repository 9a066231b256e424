package hanzi

// timeFirst are the runes that can begin a time expression, beside digits.
const timeFirst = "〇零○一二三四五六七八九十百两兩千廿元壹贰叁" +
	"今本这去上大前明来下后後翌次过当該该同年岁全月春夏秋冬首头第最近此连之以未往再还" +
	"昨即星周週礼禮截到至直自从公农農阴旧正腊臘初民宣光同咸道嘉乾雍康顺崇天万隆弘成景永建洪" +
	"贞神开武会庆熙政靖绍黄太至除端中重妇植五劳青儿教国情愚平圣双七八新改加进党“\"‘「'" +
	"目现眼如迄多长日母父感清马立刚凌清晨早午傍晚深半夜接當没"

// timeFirstBits has a bit for every rune of timeFirst and every digit.
var timeFirstBits = func() (bits [1 << 16 / 64]uint64) {
	for _, c := range timeFirst + "0123456789０１２３４５６７８９" {
		bits[c>>6] |= 1 << (c & 63)
	}
	return bits
}()

// beginsTime reports whether a time expression can begin with c.
func beginsTime(c rune) bool {
	return uint32(c) < 1<<16 && timeFirstBits[c>>6]>>(c&63)&1 == 1
}
