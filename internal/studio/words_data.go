package studio

// missingWord is what our own exports write where a value is missing.
const missingWord = "未报"

// Standings of a dataset's set of indicators.
func Standings() []Choice {
	return []Choice{{"reference", "参照体系（非官方）"}, {"own", "本地体系"}, {"official", "官方体系"}}
}

// UnitKinds are what is ranked.
func UnitKinds() []Choice {
	return []Choice{{"city", "城市"}, {"district", "县区"}, {"park", "园区"}, {"other", "其他"}}
}

// Origins say where an edition came from.
func Origins() []Choice {
	return []Choice{{"file", "表格导入"}, {"typed", "接口写入"}, {"live", "指标监测"}}
}

// directionWords are the values of the column 方向.
var directionWords = []string{"正向", "逆向"}
