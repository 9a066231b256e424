package cli

import (
	"fmt"
	"math"
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// benchCorpus makes text that is the same for the same seed: words of two or three characters,
// a few very frequent and most rare (Zipf), half of them from the topic of the text. It is no
// language, but its words are as many and as unevenly spread as those of one.
type benchCorpus struct {
	seed  uint64
	chars []rune
}

// Sizes of the text that a benchmark makes.
const (
	benchDocSeed    = 1
	benchQuerySeed  = 2
	benchTitleRunes = 20
	benchTextRunes  = 180
	benchQueryRunes = 200
	benchWords      = 60_000
	benchTopics     = 2_000
	benchTopicWords = 120
)

// benchChars are the characters that the words are made of.
const benchChars = "新能源材料电池高分子陶瓷合金纤维薄膜涂层激光传感器光学晶体半导体芯片封装检测控制系统机器人" +
	"数据模型算法通信网络卫星导航雷达无线微波天线电机轴承齿轮液压润滑铸造锻焊接切削模具夹具装配" +
	"农业种植灌溉土壤肥料饲料兽药养殖水产果蔬加工冷链保鲜酶发酵菌蛋白多糖提取分离纯化合成催化" +
	"医疗诊断影像植入康复护理药物疫苗抗体基因细胞血管骨科口腔眼耳鼻喉心脑肝肾污水废气固体粉尘" +
	"噪声监测治理煤炭矿山钻探瓦斯石油天然管道储运建筑混凝砂浆钢结构桥梁隧道路面防火隔热节能风力"

func newBenchCorpus(seed uint64) *benchCorpus {
	return &benchCorpus{seed: seed, chars: []rune(benchChars)}
}

// mixed spreads the bits of x (splitmix64).
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// share is x as a number from 0 to 1.
func share(x uint64) float64 { return float64(x>>11) / (1 << 53) }

// word writes the word with a number; small numbers are frequent words. It is the same for every
// seed.
func (b *benchCorpus) word(out *strings.Builder, n int) {
	x := mixed(uint64(n) ^ 0xabcdef)
	for range 2 + int(x>>62)/3 {
		out.WriteRune(b.chars[x%uint64(len(b.chars))])
		x = mixed(x)
	}
}

// text makes the i-th text, of about size characters.
func (b *benchCorpus) text(i, size int) string {
	x := mixed(b.seed<<40 + uint64(i))
	topic := int(x % benchTopics)
	var out strings.Builder
	for out.Len() < size*3 {
		x = mixed(x)
		rank := int(math.Exp(share(x) * math.Log(benchWords)))
		if x = mixed(x); x&1 == 0 {
			rank = int(math.Exp(share(x) * math.Log(benchTopicWords)))
			rank = int(mixed(uint64(topic*benchTopicWords+rank)) % benchWords)
		}
		b.word(&out, rank)
		switch x >> 60 {
		case 0:
			out.WriteString("，")
		case 1:
			fmt.Fprintf(&out, "%d毫米", x>>40%200)
		}
	}
	return out.String()
}

// document makes the i-th document.
func (b *benchCorpus) document(i int) retrieval.Document {
	whole := []rune(b.text(i, benchTitleRunes+benchTextRunes))
	return retrieval.Document{ID: fmt.Sprint(i),
		Fields: []string{string(whole[:benchTitleRunes]), string(whole[benchTitleRunes:])}}
}
