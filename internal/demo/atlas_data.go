package demo

// clusterViews are saved views of clusters. The four clusters of new materials are those that the
// province named in 2020 (半导体材料、碳基新材料、生物基新材料、特种金属材料); the queries are ours.
var clusterViews = []struct{ name, cluster, lead, query string }{
	{"特种金属材料创新生态", "特种金属材料", "合金与特钢的企业、成果、需求和对接", "词:(合金|特钢|不锈钢|特种金属|钛|镁|铝|铜|钢)"},
	{"碳基新材料创新生态", "碳基新材料", "碳纤维、石墨烯等碳基材料的主体与供需", "词:(碳基|碳纤维|石墨|煤基|碳材料|活性炭|碳化)"},
	{"半导体材料创新生态", "半导体材料", "半导体材料与器件的主体与供需", "词:(半导体|芯片|砷化镓|碳化硅|晶圆|光电|传感)"},
	{"生物基新材料创新生态", "生物基新材料", "合成生物与生物基材料的主体与供需", "词:(生物基|合成生物|生物|发酵|酶|可降解|尼龙)"},
}
