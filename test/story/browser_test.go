package story_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// TestLoopInTheBrowser tells the story through the pages, on both databases. What is not part of it, such as
// the achievements that are there already, is set up through the API.
func TestLoopInTheBrowser(t *testing.T) {
	t.Parallel()
	told(t, "browser", "through the pages in a browser", "LoopInTheBrowser")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		a := open(t, d.URL(), t.TempDir())
		c := settle(t, a)
		s := run(t, a)
		p := &player{t: t, s: s, tokens: c.tokens, sessions: c.sessions, client: &http.Client{Timeout: 30 * time.Second}}
		show(visit(t, s.url(), c), p, c)
		whole(t, d)
	})
}

// show plays the story from the document to the closed task.
func show(v *visitor, p *player, c cast) {
	first, second := p.offers(c)
	p.post("officer", "/ledgers", map[string]any{"name": "科技工作台账", "region": city}, nil)
	target, indicator := v.desk()
	v.signFor()
	p.counted(c, indicator)
	v.recompute(indicator)
	task := v.redLight(target)
	v.applyFor(task)
	meeting := p.meeting(c, target, task)
	need := v.need(first, second)
	v.refused(need)
	deal := v.signed(need)
	v.moved(indicator, deal)
	v.turned(target, task)
	v.pack(p, meeting)
	v.press(p)
}

// desk files a plan, decides about its sentences at the review desk by keyboard, and ends the review.
func (v *visitor) desk() (target, indicator string) {
	year := time.Now().Year()
	v.as("officer", "/documents")
	v.follow("登记文件")
	v.Fill("#f-title", "科技工作要点")
	v.Select("#f-kind", "scheme")
	v.Select("#f-day", fmt.Sprintf("%d-01-05", year))
	v.Fill("#f-text", fmt.Sprintf("太原市%d年科技工作要点\n到%d年底，全市技术合同成交额达到1000万元以上。\n"+
		"建成科技大市场（市工业和信息化局牵头）。", year, year))
	v.follow("登记并审读")
	v.WaitText(".desk-row.open", "第 1 条，共 2 条")
	if got := v.Value("#f-indicator") + v.Value("#f-op") + v.Value("#f-value") + v.Value("#f-unit"); got != "技术合同成交额>=1000万元" {
		v.t.Errorf("the plan says %q", got)
	}
	v.Press("t")
	v.WaitText(".desk-outcome", "新指标")
	v.pick("org", "工业和信息化局")
	v.Press("Escape", "g")
	v.WaitText(".desk-said", "已立为目标")
	v.duty()
	v.ConsoleEmpty()
	v.follow("完成审读")
	v.Follow("#step .form-actions button")
	v.says("已审读")
	v.open("/targets")
	target = strings.TrimPrefix(v.Attr(`main a[href^="/targets/"]`, "href"), "/targets/")
	v.follow("技术合同成交额")
	v.says("≥1,000 万元", "太原市工业和信息化局")
	indicator = strings.TrimPrefix(v.Attr(`main a[href^="/indicators/"]`, "href"), "/indicators/")
	v.ConsoleEmpty()
	return target, indicator
}

// duty accepts the duty that the plan gives to the bureau as a task of its own.
func (v *visitor) duty() {
	v.Settle()
	v.WaitText(".desk-row.open", "科技大市场")
	v.Press("Escape", "t")
	v.WaitText(".desk-outcome", "牵头单位")
	v.pick("lead", "工业和信息化局")
	v.Press("Escape", "g")
	v.WaitText(".desk-said", "已立为任务")
	v.Settle()
}

// signFor establishes the task of the plan; the bureau signs for it.
func (v *visitor) signFor() {
	v.as("officer", "/ledger")
	v.follow("建成科技大市场")
	task := v.Path()
	v.step("立项", nil)
	v.says("已立项", "太原市工业和信息化局")
	v.as("department", task)
	v.step("签收", nil)
	v.says("已签收")
	v.ConsoleEmpty()
}

// figures wants the city and the district to show a value that opens to what proves it.
func (v *visitor) figures(indicator, want string) {
	for _, place := range []string{district, city} {
		v.open("/monitor/indicators/" + indicator + "?region=" + place)
		at := `main a[href^="/monitor/points/` + indicator + "/" + place + `/"]`
		if got := v.Texts(at); len(got) == 0 || !slices.Contains(got, want) {
			v.t.Errorf("%s shows %q, want %s", place, got, want)
		}
	}
}

// recompute counts the indicator: there are no contracts yet.
func (v *visitor) recompute(indicator string) {
	v.as("officer", "/monitor/indicators/"+indicator+"?region="+city)
	v.follow("重新计算")
	v.figures(indicator, "0 万元")
	v.ConsoleEmpty()
}

// redLight wants the number to be red, and its task to be established, signed for and begun.
func (v *visitor) redLight(target string) (task string) {
	v.as("leader", "/monitor/lights")
	v.until("/monitor/lights", "main", "红灯")
	v.follow("技术合同成交额")
	v.until("/monitor/lights/"+target, "main", "红灯未解除，不能办结")
	task = strings.TrimPrefix(v.Attr(`main a[href^="/tasks/"]`, "href"), "/tasks/")
	v.as("officer", "/tasks/"+task)
	v.says("太原市工业和信息化局")
	if !strings.Contains(v.Text(".page-head"), "已立项") {
		v.step("立项", nil)
	}
	v.as("department", "/tasks/mine")
	v.Follow(`main a[href="/tasks/` + task + `"]`)
	v.step("签收", nil)
	v.says("已签收")
	v.step("开始办理", nil)
	v.says("办理中")
	v.ConsoleEmpty()
	return task
}

// applyFor applies for the end of a task, which must not end while its number is red.
func (v *visitor) applyFor(task string) {
	file := filepath.Join(v.t.TempDir(), "证明.txt")
	if err := os.WriteFile(file, []byte("合同正在洽谈。"), 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.step("申请办结", func() {
		v.Fill("#f-reason", "合同正在洽谈")
		v.Upload(`[name="files"]`, file)
	})
	v.as("officer", "/tasks/"+task)
	v.step("受理核验", nil)
	v.ConsoleEmpty()
	v.says("仍为红灯，不能办结")
	if v.Count(`main a[href*="do=pass"]`) != 0 || v.Count(`main [aria-disabled]`) == 0 {
		v.t.Error("a task with a red number can be ended")
	}
	v.ConsoleEmpty()
}

// need posts what the firm looks for and wants it to find both achievements, with reasons.
func (v *visitor) need(first, second string) (need string) {
	v.as("firm", "/market/mine")
	v.follow("发布需求")
	v.Fill("#f-title", "寻求高导热石墨膜")
	v.Fill("#f-text", "石墨膜面内导热系数不低于 1200 W/(m·K)。")
	v.Select("#f-needKind", "result")
	v.Select("#f-field", "05")
	v.Fill("#f-contact", "王小明")
	v.Fill("#f-contactPhone", "13800001234")
	v.follow("提交审核")
	v.says("审核中")
	path := v.Path()
	need = strings.TrimPrefix(path, "/market/posts/")
	v.as("officer", path)
	v.step("审核通过并发布", nil)
	v.says("已发布")
	v.as("firm", path)
	v.turn("匹配的成果", ".matches")
	for _, offer := range []string{first, second} {
		v.until(path+"/matches", `.matches article:has(a[href="/market/posts/`+offer+`"]) .reasons`, "符合")
	}
	v.ConsoleEmpty()
	return need
}

// ask asks for an introduction to what a need has found and returns its path.
func (v *visitor) ask(need, title string) (path string) {
	v.as("firm", "/market/posts/"+need+"/matches")
	v.follow(title)
	v.follow("提出合作意向")
	v.Select("#f-with", need)
	v.Fill("#f-message", "希望了解样品与报价。")
	v.follow("提出合作意向")
	v.says("太原云帆新材料有限公司", "太原汾河材料研究院")
	path = v.Path()
	if !strings.HasPrefix(path, "/deals/") {
		v.t.Fatalf("asked for an introduction and came to %s", path)
	}
	return path
}

// refused asks for one introduction, which ends without success: with a class and a next step.
func (v *visitor) refused(need string) {
	path := v.ask(need, "石墨烯改性导热膜制备技术")
	v.as("institute", "/deals")
	v.Follow(`main a[href="` + path + `"]`)
	v.follow("谢绝")
	v.Follow("#step .form-actions button")
	if s := v.Status(); s != 422 || v.Count("#f-class[aria-invalid]") != 1 || v.Count("#f-next[aria-invalid]") != 1 {
		v.t.Errorf("refused without a class and a next step: status %d, %s", s, v.Text("main"))
	}
	v.Select("#f-class", "immature")
	v.Fill("#f-next", "中试完成后再联系")
	v.Follow("#step .form-actions button")
	v.says("已谢绝", "技术不成熟", "中试完成后再联系")
	v.ConsoleEmpty(422)
}

// signed asks for another introduction, which both agree to, and records the meeting, the price and the
// contract.
func (v *visitor) signed(need string) (path string) {
	path = v.ask(need, "高导热石墨膜连续卷绕生产线")
	v.as("institute", path)
	v.step("同意对接", func() {
		v.Fill(`[name="contact.name"]`, "李工")
		v.Fill(`[name="contact.phone"]`, "13900001234")
	})
	v.as("firm", path)
	v.says("洽谈中")
	v.step("记录洽谈", func() {
		v.Fill("#f-place", "研究院")
		v.Fill("#f-people", "双方技术负责人")
		v.Fill("#f-text", "看了样品。")
	})
	v.step("达成意向", func() {
		v.Fill("#f-amountFen", "1200")
		v.Select("#f-mode", "licence")
	})
	v.says("已有意向", "意向金额", "1,200 万元")
	v.step("签约", func() {
		v.Fill("#f-amountFen", "1200")
		v.Select("#f-mode", "licence")
		v.Fill("#f-number", "2026140100000001")
	})
	v.says("已签约", "合同成交额", "1,200 万元", "2026140100000001", "看了样品。")
	v.ConsoleEmpty()
	return path
}

// moved wants the figure of the city to have moved by exactly the contract, and to open to it.
func (v *visitor) moved(indicator, deal string) {
	v.as("officer", "/monitor/indicators/"+indicator+"?region="+city)
	v.follow("重新计算")
	v.as("leader", "/monitor")
	v.says("技术合同成交额", "1,200 万元")
	v.figures(indicator, "1,200 万元")
	v.follow("1,200 万元")
	v.says("1,200 万元")
	v.follow("看明细")
	v.says("1,200 万元")
	if got := v.Texts(`main tbody tr`); len(got) != 1 || v.Count(`main tbody a[href="`+deal+`"]`) == 0 {
		v.t.Errorf("behind the figure: %q", got)
	}
	v.Follow(`main a[href="` + deal + `"]`)
	v.says("合同成交额", "1,200 万元")
	v.ConsoleEmpty()
}

// turned wants the light to have turned, and ends the task.
func (v *visitor) turned(target, task string) {
	v.as("leader", "/targets/"+target)
	v.until("/targets/"+target, ".facts", "蓝灯")
	v.follow("1,200 万元")
	v.says("数据已转好，可以办结", "完成率", "120%")
	v.as("officer", "/tasks/"+task)
	v.step("核验通过", nil)
	v.says("办结")
	v.as("leader", "/monitor/lights/"+target)
	v.says("已办结")
	v.ConsoleEmpty()
}

// pack opens the pack of the meeting, whose every number is a link.
func (v *visitor) pack(p *player, meeting string) {
	v.as("leader", "/dispatch/"+meeting)
	v.follow("会议材料")
	v.says("蓝灯", "列入原因", "实际 100%")
	v.linked(p)
	v.ConsoleEmpty()
}

// linked wants every measured number of the text to be a link, each link to open, and presses the first.
func (v *visitor) linked(p *player) {
	text := browsertest.Eval[string](v.Page, `(() => { const e = document.querySelector(".prose").cloneNode(true);
		e.querySelectorAll("a").forEach(a => a.replaceWith(" ")); return e.textContent; })()`)
	if loose := measured.FindAllString(text, -1); len(loose) > 0 {
		v.t.Errorf("%s says %q without a link", v.Path(), loose)
	}
	links := browsertest.Eval[[]string](v.Page,
		`[...new Set([...document.querySelectorAll(".prose a")].map(a => a.getAttribute("href")))]`)
	if len(links) == 0 {
		v.t.Fatalf("%s has no links", v.Path())
	}
	for _, at := range links {
		p.page("leader", at)
	}
	v.Follow(".prose a")
	if s := v.Status(); s != http.StatusOK {
		v.t.Errorf("%s: status %d", v.Path(), s)
	}
}

// press writes the press paragraph, publishes it, and opens its numbers.
func (v *visitor) press(p *player) {
	v.as("officer", "/reports")
	v.follow("新建报告")
	v.Click(`[name="form"][value="press"]`)
	v.Click(`[name="public"]`)
	v.follow("生成草稿")
	path := v.Path()
	v.says("没有存疑", "技术合同成交额1200万元", "1000万元", "120%", "供需对接签约合同1项",
		"供需对接合同成交额1200万元", "红灯指标0个", "蓝灯指标1个", "督办事项2项")
	v.as("leader", path)
	v.step("审核通过", nil)
	v.step("发布", nil)
	v.says("已发布")
	v.linked(p)
	v.ConsoleEmpty()
}
