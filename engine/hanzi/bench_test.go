package hanzi

import (
	"strings"
	"testing"
)

// benchText is prose of an office, about 10 numbers a hundred runes.
var benchText = strings.Repeat(`全市地区生产总值达到2486.3亿元，同比增长6.1%，总量居全省第四位，增速高于全国1.1个百分点；规模以上工业增加值
增长8.3%，固定资产投资增长7.2%，占比重提高到41.5%。创新动能加快集聚，全社会研发经费投入突破70亿元，净增高新技术企业１２６家，
入库科技型中小企业两千余家，其中三分之二在本地转化。一年来，我们坚持一张蓝图绘到底，统一思想、凝聚共识，千方百计稳增长，
持续优化营商环境，不断增强人民群众获得感、幸福感、安全感，推动高质量发展迈出坚实步伐。`, 200)

// BenchmarkScan reads all quantities of a text, as a caller does; decoding alone is its baseline.
func BenchmarkScan(b *testing.B) {
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(benchText)))
		for b.Loop() {
			_ = []rune(benchText)
		}
	})
	b.Run("fold", func(b *testing.B) {
		b.SetBytes(int64(len(benchText)))
		for b.Loop() {
			Fold(benchText)
		}
	})
	b.Run("numbers", func(b *testing.B) {
		b.SetBytes(int64(len(benchText)))
		b.ReportAllocs()
		for b.Loop() {
			r := Fold(benchText).Runes
			for i := 0; i < len(r); {
				if n, ok := ScanNumber(r, i); ok {
					i = n.End
				} else {
					i++
				}
			}
		}
	})
	b.Run("quantities", func(b *testing.B) {
		b.SetBytes(int64(len(benchText)))
		b.ReportAllocs()
		for b.Loop() {
			r := Fold(benchText).Runes
			for i := 0; i < len(r); {
				if q, ok := ScanQuantity(r, i); ok {
					i = q.End
				} else {
					i++
				}
			}
		}
	})
}
