package region

import "github.com/yuntu-city/yuntu/internal/i18n"

var _ = i18n.English(map[string]string{
	"行政区划代码应为 6 位数字":                 "A division code has 6 digits",
	"行政区划代码的前两位不是省级代码：%s":            "The division code does not start with a province: %s",
	"行政区划代码缺少第 3、4 位的市级代码：%s":        "The division code lacks its city, digits 3 and 4: %s",
	"经度应为十进制度数，如 112.5489":           "Longitude is a number of degrees, such as 112.5489",
	"纬度应为十进制度数，如 37.8706":            "Latitude is a number of degrees, such as 37.8706",
	"坐标系应为 CGCS2000、WGS-84 或 GCJ-02": "The coordinate system is CGCS2000, WGS-84 or GCJ-02",
	"经度和纬度可能填反了":                     "Longitude and latitude seem to be swapped",
	"纬度应在 -90 到 90 之间":               "Latitude is between -90 and 90",
	"经度应在 -180 到 180 之间":             "Longitude is between -180 and 180",
})
