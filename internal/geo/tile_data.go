package geo

import "github.com/yuntu-city/yuntu/internal/region"

// tile is the place of a district in the grid of its city, column and row from the north-west.
type tile struct{ col, row int }

// tiles are rough positions of districts towards each other: neighbours stand beside each other, north is
// up. Codes are those of GB/T 2260 (2023). They are no map: sizes and borders mean nothing.
var tiles = map[region.Code]map[region.Code]tile{
	// 太原市
	"140100": {
		"140122": {3, 0}, // 阳曲县
		"140123": {0, 1}, // 娄烦县
		"140108": {2, 1}, // 尖草坪区
		"140107": {3, 1}, // 杏花岭区
		"140181": {1, 2}, // 古交市
		"140109": {2, 2}, // 万柏林区
		"140106": {3, 2}, // 迎泽区
		"140110": {2, 3}, // 晋源区
		"140105": {3, 3}, // 小店区
		"140121": {2, 4}, // 清徐县
	},
	// 长治市
	"140400": {
		"140429": {2, 0}, // 武乡县
		"140430": {1, 1}, // 沁县
		"140423": {2, 1}, // 襄垣县
		"140426": {3, 1}, // 黎城县
		"140431": {0, 2}, // 沁源县
		"140405": {1, 2}, // 屯留区
		"140406": {2, 2}, // 潞城区
		"140425": {3, 2}, // 平顺县
		"140428": {1, 3}, // 长子县
		"140403": {2, 3}, // 潞州区
		"140427": {3, 3}, // 壶关县
		"140404": {2, 4}, // 上党区
	},
}
