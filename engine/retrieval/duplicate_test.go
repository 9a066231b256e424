package retrieval_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// formPosts are needs on one form, each with sentences of its own: what they share is the form.
func formPosts() []retrieval.Post {
	wants := []string{
		"高韧性立方氮化硼单晶的配方与触媒工艺，抗冲击韧性不低于百分之六十七", "钢包吹氩用透气砖的免清扫结构，寿命提高三成",
		"果园水肥一体化灌溉的土壤墒情传感器，露天工作五年", "锂离子电池负极石墨的二次造粒与包覆，首次效率达到九十四",
		"煤矿井下巡检机器人的防爆外壳与无线充电", "乳酸菌发酵床处理生猪养殖粪污的菌种筛选",
		"铝合金轮毂X射线缺陷自动识别的图像算法", "光伏组件回收中玻璃与硅片的热解分离",
		"胰岛素输注泵的数据加密与无线传输安全", "山楂叶黄酮的超临界提取与含量测定",
	}
	var out []retrieval.Post
	for i, want := range wants {
		out = append(out, retrieval.Post{ID: fmt.Sprint("n", i), Title: strings.Split(want, "的")[0],
			Text: "需求内容：" + want + "。希望寻找高校或科研院所合作开发。预期目标：形成样品并通过第三方检测，建成中试线。" +
				"现有基础：" + strings.Split(want, "的")[1] + "已做过小试。企业有厂房和检测设备，资金已落实，可提供中试条件。"})
	}
	return out
}

// edited changes one in twenty characters of a text, by a seed.
func edited(text string, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var out []rune
	for _, c := range text {
		switch r.IntN(60) {
		case 0:
		case 1:
			out = append(out, '新')
		case 2:
			out = append(out, c, '及')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// Posts posted twice are found, whatever was done to them; posts on the same form are not.
func TestNearDuplicates(t *testing.T) {
	posts := formPosts()
	plain, err := retrieval.NearDuplicates(t.Context(), posts, retrieval.DefaultLikeness)
	if err != nil || len(plain) > 0 {
		t.Errorf("posts on one form: %v, %v", plain, err)
	}
	n := len(posts)
	for i, p := range posts[:n] {
		p.ID += "'"
		switch i % 4 {
		case 0:
			parts := strings.SplitAfter(p.Text, "。")
			slices.Reverse(parts)
			p.Text = strings.Join(parts, "")
		case 1:
			p.Text = strings.NewReplacer("，", ", ", "X", "Ｘ", "：", " : ").Replace(p.Text)
		case 2:
			p.Text = edited(p.Text, uint64(i))
		case 3:
			p.Title, p.Text = "急！"+p.Title, p.Text+"联系电话见主页。"
		}
		posts = append(posts, p)
	}
	found, err := retrieval.NearDuplicates(t.Context(), posts, retrieval.DefaultLikeness)
	if err != nil || len(found) != n {
		t.Fatalf("%d of %d found: %v, %v", len(found), n, found, err)
	}
	for _, f := range found {
		if f.B != f.A+"'" || f.Likeness > 1 {
			t.Errorf("%v", f)
		}
	}
}

// Prints answer as posts come and go.
func TestPrints(t *testing.T) {
	posts := formPosts()
	p := retrieval.NewPrints()
	for i := range posts {
		if err := p.Put(&posts[i]); err != nil {
			t.Fatal(err)
		}
	}
	again := posts[3]
	if got := p.Similar(&again, 0.9, 3); len(got) != 0 {
		t.Errorf("a post is like itself: %v", got)
	}
	again.ID, again.Text = "new", edited(again.Text, 7)
	got := p.Similar(&again, retrieval.DefaultLikeness, 3)
	if len(got) != 1 || got[0].ID != "n3" {
		t.Errorf("like %v", got)
	}
	p.Delete("n3")
	p.Delete("nobody")
	if got := p.Similar(&again, retrieval.DefaultLikeness, 3); len(got) != 0 {
		t.Errorf("deleted: %v", got)
	}
	if err := p.Put(&posts[3]); err != nil {
		t.Fatal(err)
	}
	if err := p.Put(&retrieval.Post{ID: "empty"}); err != nil {
		t.Fatal(err)
	}
	if got := p.Similar(&again, 0.1, 1); len(got) != 1 {
		t.Errorf("put again: %v", got)
	}
	if got := p.Similar(&retrieval.Post{ID: "x"}, 0, 9); len(got) != 0 {
		t.Errorf("an empty post is like %v", got)
	}
}
