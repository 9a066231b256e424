package market

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var updateDrafts = flag.Bool("update-drafts", false, "write the golden drafts anew")

// told writes a draft line by line: each field, the words it came from, and the doubt.
func told(d PostDraft) string {
	var b strings.Builder
	value := func(field string) string {
		name, at, _ := strings.Cut(field, ".")
		var n int
		_, _ = fmt.Sscan(at, &n)
		switch name {
		case "kind":
			return string(d.Kind)
		case "title":
			return d.Title
		case "text":
			return d.Text
		case "current":
			return d.Current
		case "field":
			return TitleOf(Fields(), d.Field)
		case "modes":
			return d.Modes[n]
		case "keywords":
			return d.Keywords[n]
		case "parameters":
			p := d.Parameters[n]
			return strings.Join([]string{p.Name, p.Op, p.Value, p.Top, p.Unit}, " ")
		case "rights":
			r := d.Rights[n]
			return strings.Join([]string{r.Kind, r.Number, r.State, r.Title}, " ")
		case "priceLoFen":
			return fmt.Sprint(int64(d.PriceLoFen))
		case "priceHiFen":
			return fmt.Sprint(int64(d.PriceHiFen))
		case "trl":
			return fmt.Sprint(d.TRL)
		case "deadline":
			return string(d.Deadline)
		case "needKind":
			return d.NeedKind
		case "resultKind":
			return d.ResultKind
		case "pricing":
			return d.Pricing
		case "entitlement":
			return d.Entitlement
		case "payLater":
			return fmt.Sprint(d.PayLater)
		case "contact":
			return d.Contact
		case "contactPhone":
			return d.ContactPhone
		default:
			return d.ContactMail
		}
	}
	for _, s := range d.Spans {
		quote := s.Quote
		if s.Field == "text" || s.Field == "current" {
			quote = fmt.Sprintf("%d–%d", s.Start, s.End)
		}
		fmt.Fprintf(&b, "%s = %s  «%s» %s\n", s.Field, value(s.Field), quote, s.Doubt)
	}
	return b.String()
}

// TestStructure reads twelve texts as people paste them. The kind is the first word of a file's name;
// golden files say what is read and which words said it.
func TestStructure(t *testing.T) {
	files, err := filepath.Glob("testdata/paste/*.txt")
	if err != nil || len(files) != 12 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			kind := Kind("")
			switch {
			case strings.Contains(file, "_need"):
				kind = Need
			case strings.Contains(file, "_result"):
				kind = Achievement
			}
			d := structure(kind, lines(string(text)), "2026-11-22")
			sound(t, lines(string(text)), d)
			golden := strings.TrimSuffix(file, ".txt") + ".golden"
			if *updateDrafts {
				if err := os.WriteFile(golden, []byte(told(d)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), told(d)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// sound asserts what holds for every text: the draft is input that CreatePost takes, every span is
// words of the text, and no contact is left where others read.
func sound(t *testing.T, text string, d PostDraft) {
	t.Helper()
	var f faults
	d.Region = "140105"
	if d.Title == "" {
		d.Title = "x"
	}
	d.check(&f)
	classified(&f, d.PostData)
	for _, x := range f {
		switch { // what reading cannot help: a text of secrets, or one that is too long
		case strings.Contains(x.Key, "涉密"), strings.Contains(x.Key, "无法识别"), strings.Contains(x.Key, "控制字符"):
		default:
			t.Errorf("the draft is refused at %s: %s %v", x.Name, x.Key, x.Args)
		}
	}
	given := []rune(text)
	for _, s := range d.Spans {
		if s.Start < 0 || s.Start >= s.End || s.End > len(given) || string(given[s.Start:s.End]) != s.Quote {
			t.Errorf("span %+v is not of the text", s)
		}
	}
}

func FuzzStructure(f *testing.F) {
	files, _ := filepath.Glob("testdata/paste/*.txt")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), true)
	}
	f.Add("预算：-5万元 ZL209999999999.X TRL9 联系人：1", false)
	f.Add("\u200b标题：\n预算：９９９９９９９９９９９９亿元\n", true)
	f.Fuzz(func(t *testing.T, text string, need bool) {
		if text = lines(text); !utf8.ValidString(text) || utf8.RuneCountInString(text) > 2000 {
			return
		}
		kind := Achievement
		if need {
			kind = Need
		}
		d := structure(kind, text, "2026-11-22")
		sound(t, text, d)
		if again := structure(kind, text, "2026-11-22"); told(again) != told(d) {
			t.Error("read otherwise the second time")
		}
	})
}

// The present state of a need is no indicator that is wanted, and units in brackets stay whole.
func TestStructureNow(t *testing.T) {
	d := structure(Need, "求高导热石墨膜\n现有石墨膜导热系数仅1200W/(m·K)，希望≥1500W/(m·K)，厚度≤50微米。", "2026-11-22")
	want := []Parameter{{Name: "石墨膜导热系数", Op: ">=", Value: "1500", Unit: "W/(m·K)"},
		{Name: "厚度", Op: "<=", Value: "50", Unit: "微米"}}
	if diff := cmp.Diff(want, d.Parameters); diff != "" {
		t.Error(diff)
	}
}

// A change wants what it ends with, and units are read to their end.
func TestStructureChange(t *testing.T) {
	d := structure(Need, "钕铁硼工艺\n成品率由85%提高到95%以上，接触电阻≤7mΩ·cm²，线速度≥7m/min，使用寿命达到500小时。", "2026-11-22")
	want := []Parameter{{Name: "成品率", Op: ">=", Value: "95", Unit: "%"},
		{Name: "接触电阻", Op: "<=", Value: "7", Unit: "mΩ·cm²"}, {Name: "线速度", Op: ">=", Value: "7", Unit: "m/min"},
		{Name: "使用寿命", Op: "=", Value: "500", Unit: "小时"}}
	if diff := cmp.Diff(want, d.Parameters); diff != "" {
		t.Error(diff)
	}
}

// TestSecrets: marks are refused with the words that say where; words of the trade are not marks.
func TestSecrets(t *testing.T) {
	for _, text := range []string{
		"机密★10年\n某型装备技术方案", "绝密★长期", "秘密 ★ 五年", "密级：机密", "密 级：秘密级", "本资料属于机密，请勿扩散",
		"机密\n\n项目方案", "（秘密）\n正文", "内部资料，注意保存", "内部资料 请勿外传", "内部文件（严禁外传）",
		"【内部使用】\n说明", "仅供内部参考\n正文", "该方案仅供本单位内部使用。", "核心商密▲3年", "本课题为机密级科研，参数如下",
		"机密☆5年", "涉密项目编号：X-12", "定为秘密级国家秘密事项", "内部※长期",
	} {
		var f faults
		secretIn(&f, "text", text)
		if len(f) != 1 || f[0].Name != "text" || len(f[0].Args) != 2 || f[0].Args[1] == "" {
			t.Errorf("%q: %v", text, f)
		}
	}
	for _, text := range []string{
		"技术秘密许可", "商业秘密保护平台", "数据机密性与完整性", "机密计算平台研发", "基于秘密共享的多方安全计算",
		"保守国家秘密是公民的义务，本项目不涉及国家秘密", "密级：公开", "密级：非密", "保密协议签订后提供内部结构图",
		"内部缺陷检测", "管道内部资料采集装置", "秘密武器式的爆款单品", "绝密航线的无人机测绘", "内部散热结构优化",
		"机密级防护等级的密码模块检测服务", "文件密级标识自动识别软件", "涉密信息系统集成资质的单位优先", "秘密分享", "内部应力消除",
	} {
		var f faults
		if secretIn(&f, "text", text); len(f) != 0 {
			t.Errorf("%q is refused: %v", text, f)
		}
	}
}

// TestReachable: phones and mails have no place where others read; numbers of the trade have.
func TestReachable(t *testing.T) {
	for text, refused := range map[string]bool{
		"请致电13835150001": true, "０３５１－７６５４３２１": true, "联系 li@x.example.cn": true, "86-13835150001": true,
		"ZL201721099528.4": false, "统一编号202110123456": false, "产能12000000吨": false, "GB/T 22900—2022": false,
		"型号138-3515": false, "电压0.351kV": false, "20211012345678": false,
	} {
		var f faults
		if reachable(&f, "text", text); (len(f) > 0) != refused {
			t.Errorf("%q: %v", text, f)
		}
	}
}

// TestStructureHolds reads texts that were cut and mixed at random: what holds for every text holds for
// them.
func TestStructureHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	files, _ := filepath.Glob("testdata/paste/*.txt")
	var all []rune
	var texts [][]rune
	for _, f := range files {
		b, _ := os.ReadFile(f)
		texts = append(texts, []rune(string(b)))
		all = append(all, []rune(string(b))...)
	}
	all = append(all, []rune("\u200b\ufeff\t★[]【】ＺＬ９９.\x00é①½㎡℃-—~≤≥％￥$0000000000000000009999.Xx@")...)
	for range 300 {
		x := append([]rune{}, texts[r.IntN(len(texts))]...)
		for range 1 + r.IntN(12) {
			p := r.IntN(len(x))
			switch r.IntN(3) {
			case 0:
				x[p] = all[r.IntN(len(all))]
			case 1:
				x = append(x[:p], x[min(len(x), p+1+r.IntN(6)):]...)
			default:
				q := r.IntN(len(all) - 8)
				x = append(x[:p:p], append(append([]rune{}, all[q:q+r.IntN(8)]...), x[p:]...)...)
			}
			if len(x) == 0 {
				x = []rune("x")
			}
		}
		s := lines(string(x))
		if s == "" || !utf8.ValidString(s) {
			continue
		}
		sound(t, s, structure([]Kind{Need, Achievement, ""}[r.IntN(3)], s, "2026-11-22"))
		if t.Failed() {
			t.Fatalf("text %q", s)
		}
	}
}

// TestStructureLong reads texts of the greatest length that are as bad as they can be.
func TestStructureLong(t *testing.T) {
	for i, unit := range []string{"12元", "2027年6月前完成", "预算：", "1", "专利号：ZL201721099528.4", "漏检率≤0.5%", "转让", "长"} {
		text := strings.Repeat(unit, MaxPaste/utf8.RuneCountInString(unit))
		sound(t, text, structure([]Kind{Need, Achievement}[i%2], text, "2026-11-22"))
	}
}
