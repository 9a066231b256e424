package demo

// goalsOf are the targets of the city, in percent of its last value: those above it are missed.
var goalsOf = []struct {
	title   string
	percent int64
}{
	{"全社会R&D经费与GDP之比", 115}, {"规上工业企业研发机构覆盖率", 97}, {"技术合同成交额与GDP之比", 108},
	{"居民人均可支配收入", 128}, {"空气质量优良天数比率", 99},
}
