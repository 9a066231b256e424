package demo

// clusterViews are saved views of clusters. The four clusters of new materials are those that the
// province named in 2020 (半导体材料、碳基新材料、生物基新材料、特种金属材料); the queries are ours.
var clusterViews = []struct{ name, cluster, lead, query string }{
	{"特种金属材料创新生态", "特种金属材料", "合金与特钢的企业、成果、需求和对接", "领域:新材料及其应用 合金"},
	{"碳基新材料创新生态", "碳基新材料", "碳纤维、石墨烯等碳基材料的主体与供需", "领域:新材料及其应用 碳"},
	{"半导体材料创新生态", "半导体材料", "半导体材料与器件的主体与供需", "半导体"},
	{"生物基新材料创新生态", "生物基新材料", "合成生物与生物基材料的主体与供需", "领域:新材料及其应用,04 生物"},
}
