package hanzi

// eras are the reign names that texts of local history use, with the civil year in which
// their first year began.
var eras = []struct {
	name  string
	first int
}{
	{"民国", 1912}, {"宣统", 1909}, {"光绪", 1875}, {"同治", 1862}, {"咸丰", 1851}, {"道光", 1821},
	{"嘉庆", 1796}, {"乾隆", 1736}, {"雍正", 1723}, {"康熙", 1662}, {"顺治", 1644},
	{"崇祯", 1628}, {"天启", 1621}, {"万历", 1573}, {"隆庆", 1567}, {"嘉靖", 1522},
	{"正德", 1506}, {"弘治", 1488}, {"成化", 1465}, {"天顺", 1457}, {"景泰", 1450},
	{"正统", 1436}, {"宣德", 1426}, {"洪熙", 1425}, {"永乐", 1403}, {"建文", 1399},
	{"洪武", 1368}, {"贞观", 627}, {"永徽", 650}, {"神龙", 705}, {"开元", 713}, {"天宝", 742},
	{"武德", 618}, {"元和", 806}, {"会昌", 841}, {"建隆", 960}, {"庆历", 1041},
	{"嘉祐", 1056}, {"熙宁", 1068}, {"元丰", 1078}, {"元祐", 1086}, {"崇宁", 1102},
	{"政和", 1111}, {"宣和", 1119}, {"靖康", 1126}, {"建炎", 1127}, {"绍兴", 1131},
	{"至元", 1264}, {"至正", 1341}, {"建安", 196}, {"黄初", 220}, {"太和", 227},
	{"贞元", 785}, {"大历", 766}, {"景龙", 707}, {"景云", 710}, {"开皇", 581}, {"大业", 605},
}

// era reads a year by reign, 康熙三年, and what stands within it. Days of the Chinese
// calendar so long ago have no civil date here.
func (s *timeScanner) era(i int) (period, int, bool) {
	if c := s.at(i + 2); digitValue(c) < 0 && numeralValue(c) < 0 && numeralUnit(c) == 0 {
		return period{}, i, false
	}
	for _, w := range eras {
		j, ok := s.lit(i, w.name)
		if !ok {
			continue
		}
		n, j, ok := s.number(j)
		if !ok || n < 1 || n > 61 || s.at(j) != '年' {
			return period{}, i, false
		}
		y := w.first + n - 1
		var h hit
		h.take(wholeYear(y), j+1, true)
		h.take(s.within(j+1, y))
		return h.result(i)
	}
	return period{}, i, false
}
