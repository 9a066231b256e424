package docx

// The fonts that GB/T 9704-2012 and its practice name, by the names that offices have them under.
const (
	fontBody    = "仿宋_GB2312"
	fontTitle   = "方正小标宋简体"
	fontHeading = "黑体"
	fontSecond  = "楷体_GB2312"
)
