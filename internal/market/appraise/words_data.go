package appraise

// rankLabels are ranks that no score proves; a conclusion must not say them.
var rankLabels = []string{"国内领先", "国际领先", "国际先进", "国内先进", "世界领先", "世界先进", "填补空白", "国内首创",
	"国际首创"}
