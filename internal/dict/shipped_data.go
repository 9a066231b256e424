package dict

// shipped are the editions that come with the program. data/README.md names their sources and what
// is known to be missing.
var shipped = []struct {
	edition Edition
	file    string
}{
	{Edition{List: Regions, Edition: "2023", Title: "行政区划代码", From: "2023-06-30",
		Source: "GB/T 2260，国家统计局 2023 年统计用区划代码（截止 2023-06-30）"}, "gbt2260-2023.csv"},
	{Edition{List: Industries, Edition: "2017", Title: "国民经济行业分类", From: "2017-10-01",
		Source: "GB/T 4754—2017"}, "gbt4754-2017.csv"},
}
