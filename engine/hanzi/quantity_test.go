package hanzi

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// quantities writes all quantities of a text as OP VALUE UNIT [WORDS], with VALUE..HIGH for a
// range, # before an ordinal, and "name" for what counts nothing.
func quantities(s string) []string {
	r := Fold(s).Runes
	var out []string
	for i := 0; i < len(r); {
		q, ok := ScanQuantity(r, i)
		if !ok {
			i++
			continue
		}
		v := q.Value.String()
		if q.Range {
			v += ".." + q.High.String()
		}
		line := fmt.Sprintf("%s %s %s", q.Op, v, q.Unit)
		if q.Number.Ordinal {
			line = "#" + line
		}
		if q.Name {
			line = "name"
		}
		out = append(out, line+" ["+string(r[q.Start:q.End])+"]")
		i = q.End
	}
	return out
}

// quantityTests are texts with what quantities says of them.
var quantityTests = []struct {
	in   string
	want []string
}{
	{"约8.7万人", []string{"~ 8.7 万人 [约8.7万人]"}},
	{"不少于5—8家", []string{">= 5..8 家 [不少于5—8家]"}},
	{"三千二百余亩", []string{">= 3200 亩 [三千二百余亩]"}},
	{"30亿元以上", []string{">= 30 亿元 [30亿元以上]"}},
	{"三到五个", []string{"= 3..5 个 [三到五个]"}},
	{"200~500万元", []string{"= 200..500 万元 [200~500万元]"}},
	{"10亿元至50亿元项目", []string{"= 10..50 亿元 [10亿元至50亿元]"}},
	{"GDP突破1.1万亿元", []string{">= 1.1 万亿元 [突破1.1万亿元]"}},
	{"增长6%—7%", []string{"= 6..7 % [6%—7%]"}},
	{"近五成", []string{"~ 5 成 [近五成]"}},
	{"两千余家", []string{">= 2000 家 [两千余家]"}},
	{"翻了一番多", []string{">= 1 番 [一番多]"}},
	{"三分之二在本地", []string{"= 2/3  [三分之二]"}},
	{"上百个参赛项目", []string{">= 100 个 [上百个]"}},
	{"城乡收入比缩小到2.08∶1", []string{"= 2.08  [2.08∶1]"}},
	{"十大行动", []string{"= 10 大 [十大]"}},
	{"两条链", []string{"= 2 条 [两条]"}},
	{"33微克/立方米", []string{"= 33 微克/立方米 [33微克/立方米]"}},
	{"提高26个百分点", []string{"= 26 个百分点 [26个百分点]"}},
	{"60亿千瓦时", []string{"= 60 亿千瓦时 [60亿千瓦时]"}},
	{"8万吨模锻压机", []string{"= 8 万吨 [8万吨]"}},
	{"PM2.5平均浓度", []string{"name [2.5]"}},
	{"12345热线受理诉求1.36万件", []string{"name [12345]", "= 1.36 万件 [1.36万件]"}},
	{"5G基站3.2万个", []string{"name [5]", "= 3.2 万个 [3.2万个]"}},
	{"360/60t龙门架", []string{"name [360]", "name [60t]"}},
	{"1号线", []string{"name [1]"}},
	{"国道108", []string{"name [108]"}},
	{"A4纸", []string{"name [4]"}},
	{"GB/T 2260", []string{"name [2260]"}},
	{"完成投资一百二十亿元", []string{"= 120 亿元 [一百二十亿元]"}},
	{"超过6个月", []string{">= 6 个月 [超过6个月]"}},
	{"前移两位", []string{"= 2 位 [两位]"}},
	{"居第三位", []string{"#= 3 位 [第三位]"}},
	{"不足一半", []string{"< 0.5  [不足一半]"}},
	{"三年行动", []string{"= 3 年 [三年]"}},
	{"近三年累计", []string{"= 3 年 [三年]"}},
	{"近百家", []string{"~ 100 家 [近百家]"}},
	{"十四五期间", []string{"name [十四五]"}},
	{"2024年5月", []string{"name [2024年]", "= 5  [5]"}},
	{"2021—2025年", []string{"name [2021—2025年]"}},
	{"3小时20分钟", []string{"= 200 分钟 [3小时20分钟]"}},
	{"50元6角三分", []string{"= 50.63 元 [50元6角三分]"}},
	{"三块五毛", []string{"= 3.5 元 [三块五毛]"}},
	{"两米半", []string{"= 2.5 米 [两米半]"}},
	{"一个半月", []string{"= 1.5 个月 [一个半月]"}},
	{"三个半小时", []string{"= 3.5 小时 [三个半小时]"}},
	{"十五斤半", []string{"= 15.5 斤 [十五斤半]"}},
	{"3年多", []string{">= 3 年 [3年多]"}},
	{"十几家", []string{">= 10..19 家 [十几家]"}},
	{"数百家", []string{">= 100..900 家 [数百家]"}},
	{"几十个", []string{">= 10..90 个 [几十个]"}},
	{"二三十个百分点", []string{"~ 20..30 个百分点 [二三十个百分点]"}},
	{"三五个", []string{"~ 3..5 个 [三五个]"}},
	{"热值550大卡", []string{"= 550 大卡 [550大卡]"}},
	{"8英寸芯片", []string{"= 8 英寸 [8英寸]"}},
	{"转换效率突破23%", []string{">= 23 % [突破23%]"}},
	{"0.7mm的突破", []string{"= 0.7 mm [0.7mm]"}},
	{"¥300", []string{"= 300 元 [¥300]"}},
	{"US$1.2亿", []string{"= 1.2 亿美元 [US$1.2亿]"}},
	{"人民币50元", []string{"= 50 元 [人民币50元]"}},
	{"5元/平方米", []string{"= 5 元/平方米 [5元/平方米]"}},
	{"300元/吨", []string{"= 300 元/吨 [300元/吨]"}},
	{"120人/平方公里", []string{"= 120 人/平方公里 [120人/平方公里]"}},
	{"100(含)以上", []string{">= 100  [100(含)以上]"}},
	{"签约12亿元", []string{"= 12 亿元 [12亿元]"}},
	{"节约180万吨", []string{"= 180 万吨 [180万吨]"}},
	{"百项技改工程", []string{"= 100 项 [百项]"}},
	{"亿元以上项目94个", []string{"name [亿元以上]", "= 94 个 [94个]"}},
	{"超亿元项目", []string{">= 1 亿元 [超亿元]"}},
	{"百分之二十六", []string{"= 26 % [百分之二十六]"}},
	{"千分之五", []string{"= 5 ‰ [千分之五]"}},
	{"8000万—1亿元", []string{"= 0.8..1 亿元 [8000万—1亿元]"}},
	{"1.5亿—2亿元", []string{"= 1.5..2 亿元 [1.5亿—2亿元]"}},
	{"5.5万余户", []string{">= 5.5 万户 [5.5万余户]"}},
	{"统一领导", nil},
	{"一些问题", nil},
	{"万一发生", nil},
	{"四川", nil},
	{"5-20%", []string{"= 5..20 % [5-20%]"}},
	{"0351-1234567", []string{"name [0351]", "name [1234567]"}},
	{"零下5℃", []string{"= -5 °C [零下5°C]"}},
	{"下降-3.6%", []string{"= -3.6 % [-3.6%]"}},
	{"1,234.5万元", []string{"= 1234.5 万元 [1,234.5万元]"}},
	{"3D打印", []string{"name [3]"}},
	{"C919大型客机", []string{"name [919]"}},
	{"5A级景区", []string{"name [5]"}},
	{"千亿级产业集群", []string{"name [千亿]"}},
	{"R&D投入21.9亿元", []string{"= 21.9 亿元 [21.9亿元]"}},
	{"GDP2486.3亿元", []string{"= 2486.3 亿元 [2486.3亿元]"}},
	{"20 万元", []string{"= 20 万元 [20 万元]"}},
	{"500 强", []string{"= 500  [500]"}},
	{"1/3以上", []string{">= 1/3  [1/3以上]"}},
	{"6部门", []string{"= 6  [6]"}},
	{"100MW/200MWh", []string{"= 100 MW [100MW]", "= 200 MWh [200MWh]"}},
	{"24项目标", []string{"= 24 项 [24项]"}},
	{"8亿元人民币", []string{"= 8 亿元 [8亿元人民币]"}},
	{"服务企业50家次", []string{"= 50 家次 [50家次]"}},
	{"5个工作日", []string{"= 5 个工作日 [5个工作日]"}},
	{"一次性补助30万元", []string{"= 30 万元 [30万元]"}},
	{"半导体产业", nil},
	{"半年", []string{"= 0.5 年 [半年]"}},
	{"最高500万元", []string{"<= 500 万元 [最高500万元]"}},
	{"至少设立1个", []string{"= 1 个 [1个]"}},
	{"未满18周岁", []string{"< 18 周岁 [未满18周岁]"}},
	{"20－30万元", []string{"= 20..30 万元 [20-30万元]"}},
	{"第一批", []string{"#= 1 批 [第一批]"}},
	{"二期工程", []string{"= 2 期 [二期]"}},
	{"12345", []string{"= 12345  [12345]"}},
	{"8项以上", []string{">= 8 项 [8项以上]"}},
	{"2%以内", []string{"<= 2 % [2%以内]"}},
	{"6.5%左右", []string{"~ 6.5 % [6.5%左右]"}},
	{"不超过3%", []string{"<= 3 % [不超过3%]"}},
	{"全国唯一一家企业", []string{"= 1 家 [一家]"}},
	{"“十二五”末的380家", []string{"name [十二五]", "= 380 家 [380家]"}},
	{"PM2.5年均浓度", []string{"name [2.5]"}},
	{"上半年", nil},
	{"零星疫情", nil},
	{"长三角", nil},
	{"3586.7千公顷", []string{"= 3586.7 千公顷 [3586.7千公顷]"}},
	{"每百户拥有汽车52.3辆", []string{"name [百户]", "= 52.3 辆 [52.3辆]"}},
	{"T2航站楼、K1234次列车", []string{"name [2]", "name [1234次]"}},
	{"上市IPO3家", []string{"= 3 家 [3家]"}},
	{"六安市三伏天", nil},
	{"八一路、二三产业、三四线城市、亿万群众", []string{"name [八一路]"}},
	{"百分之十到十五", []string{"= 10..15 % [百分之十到十五]"}},
	{"增长两成多", []string{">= 2 成 [两成多]"}},
	{"百余项", []string{">= 100 项 [百余项]"}},
	{"超百亿", []string{">= 100 亿 [超百亿]"}},
	{"日处理50t/d", []string{"= 50 t/d [50t/d]"}},
	{"出生率5.82‰，自然增长率-1.93‰", []string{"= 5.82 ‰ [5.82‰]", "= -1.93 ‰ [-1.93‰]"}},
	{"30万-50万元", []string{"= 30..50 万元 [30万-50万元]"}},
	{"18-35岁", []string{"= 18..35 岁 [18-35岁]"}},
	{"IPv6、Web3.0、COVID-19", []string{"name [6]", "name [3.0]", "name [19]"}},
	{"成千上万", nil},
	{"一方面", nil},
	{"两方面工作", nil},
	{"几个", []string{">= 1..9 个 [几个]"}},
	{"半个世纪", []string{"= 0.5 个世纪 [半个世纪]"}},
	{"500人(含)以下", []string{"<= 500 人 [500人(含)以下]"}},
	{"14.5件/万人", []string{"= 14.5 件/万人 [14.5件/万人]"}},
	{"-10~-5℃", []string{"= -10..-5 °C [-10~-5°C]"}},
	{"人民币50万元—100万元", []string{"= 50..100 万元 [人民币50万元—100万元]"}},
	{"进一步", nil},
	{"四车间", nil},
	{"建成1座110kV变电站", []string{"= 1 座 [1座]", "= 110 kV [110kV]"}},
	{"增长0.5个百分点以上", []string{">= 0.5 个百分点 [0.5个百分点以上]"}},
	{"大於或等於10", []string{">= 10  [大於或等於10]"}},
}

func TestScanQuantity(t *testing.T) {
	for _, c := range quantityTests {
		if diff := cmp.Diff(c.want, quantities(c.in)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.in, diff)
		}
	}
}

// checkQuantity holds what is true of every quantity.
func checkQuantity(t *testing.T, r []rune, i int) {
	t.Helper()
	q, ok := ScanQuantity(r, i)
	if !ok {
		return
	}
	s := string(r)
	if q.Start != i || q.End <= i || q.End > len(r) || q.End-i > 16*maxNumber {
		t.Fatalf("ScanQuantity(%q, %d) = [%d,%d)", s, i, q.Start, q.End)
	}
	if q.UnitStart > q.UnitEnd || q.UnitEnd > q.End || q.Number.Start < i {
		t.Fatalf("ScanQuantity(%q, %d) has its unit at [%d,%d)", s, i, q.UnitStart, q.UnitEnd)
	}
	if q.Low.Cmp(q.High) > 0 || !q.Low.Equal(q.Value) || !q.Range && !q.High.Equal(q.Value) {
		t.Fatalf("ScanQuantity(%q, %d) is %v, %v to %v", s, i, q.Value, q.Low, q.High)
	}
	if u, ok := ParseUnit(q.Unit); !ok || u.Dim != q.Dim {
		t.Fatalf("ScanQuantity(%q, %d) has unit %q of %q, parsed as %+v", s, i, q.Unit, q.Dim, u)
	}
}

// checkNumber holds what is true of every number.
func checkNumber(t *testing.T, r []rune, i int) {
	t.Helper()
	n, ok := ScanNumber(r, i)
	if !ok {
		return
	}
	s := string(r)
	if n.Start != i || n.End <= i || n.End > len(r) || n.End-i > 4*maxNumber {
		t.Fatalf("ScanNumber(%q, %d) = [%d,%d)", s, i, n.Start, n.End)
	}
	if n.Range && n.High.Cmp(n.Value) < 0 {
		t.Fatalf("ScanNumber(%q, %d) spans %v to %v", s, i, n.Value, n.High)
	}
	if n.Scale != "" && !n.Coef.Mul(scaleSize(n.Scale)).Equal(n.Value) {
		t.Fatalf("ScanNumber(%q, %d): %v %s is not %v", s, i, n.Coef, n.Scale, n.Value)
	}
	_ = n.Value.String()
}

// TestScanAnything scans rows of the characters that numbers and quantities are made of.
func TestScanAnything(t *testing.T) {
	parts := strings.Fields(`零 一 二 两 三 五 六 七 八 九 十 百 千 万 亿 兆 余 多 来 几 数 半 点 分之 分 之 又
		第 负 - — ~ 至 到 . , / ： : ∶ 1 0 12 345 .5 1e3 % ‰ 成 折 倍 番 个 家 人 年 个月 月 米 公里 平方米 元
		角 块 亿元 kW km 吨 小时 分钟 百分点 约 近 超 不少于 以上 左右 上 过 ¥ US$ 人民币 G A 号 (含)以上`)
	parts = append(parts, " ")
	rng := rand.New(rand.NewPCG(3, 4))
	for range 60_000 {
		var b strings.Builder
		for range 1 + rng.IntN(9) {
			b.WriteString(parts[rng.IntN(len(parts))])
		}
		r := Fold(b.String()).Runes
		for i := range r {
			checkNumber(t, r, i)
			checkQuantity(t, r, i)
		}
	}
}

func FuzzScanQuantity(f *testing.F) {
	for _, s := range []string{"约8.7万人", "不少于5—8家以上", "50元6角三分", "US$1.2亿", "两个半月多", "1~2~3~4个",
		"元/元/元", "一百二十余亿元/平方米", "GB/T 2260"} {
		f.Add(s, 0)
	}
	f.Fuzz(func(t *testing.T, s string, i int) { checkQuantity(t, Fold(s).Runes, i) })
}

// TestScanHostileText scans rows of what takes the longest to read and to reject. The bound is far above
// what is measured (some microseconds a rune), so that only a scan that grows with the text fails.
func TestScanHostileText(t *testing.T) {
	const runes, limit = 20_000, 2 * time.Second
	for part := range strings.FieldsSeq(`亿 万 千 一 几 负 9 1, 1e9 1~ 一到 一万 一万亿 一分之 一又 百分之 约 1元2角
		1- 一千零 三四 1亿元至 US$ 人民币 一点 1:1 三十万多亿 元/ 1个半 一亿一万一 1-1万亿 不超过1`) {
		r := []rune(strings.Repeat(part, runes/len([]rune(part))))
		start := time.Now()
		for i := range r {
			ScanQuantity(r, i)
		}
		if took := time.Since(start); took > limit {
			t.Errorf("%d runes of %q took %v", runes, part, took)
		}
	}
}
