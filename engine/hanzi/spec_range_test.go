package hanzi

func specPercents(input string, _ map[string]any) []specResult     { return nil }
func specNumberRanges(input string, _ map[string]any) []specResult { return nil }
